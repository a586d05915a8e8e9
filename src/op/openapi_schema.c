/* The schemas of the OpenAPI document. */
#include "op/openapi.h"

#include "base/limits.h"

#include <string.h>

/* ---- members ---- */

bool openapi_is_in_path(const char *path, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = path; at != NULL && (at = strchr(at, '{')) != NULL; at++) {
        if (strncmp(at + 1, name, length) == 0 && at[1 + length] == '}') {
            return true;
        }
    }
    return false;
}

static bool is_member(const Field *field, Direction direction, const char *path)
{
    if (direction == GIVEN) {
        return (field->flags & FIELD_OUTPUT) == 0 && !openapi_is_in_path(path, field->name);
    }
    return (field->flags & FIELD_SECRET) == 0;
}

static size_t member_count(const Schema *schema, Direction direction, const char *path)
{
    size_t count = 0;
    for (size_t i = 0; i < schema->count; i++) {
        count += is_member(&schema->fields[i], direction, path) ? 1 : 0;
    }
    return count;
}

/* Whether null may stand for it. */
static bool is_nullable(const Field *field, Direction direction)
{
    if ((field->flags & FIELD_REQUIRED) != 0) {
        return false;
    }
    if (direction == GIVEN) {
        return field->type != FIELD_BOOL;
    }
    if (field->type == FIELD_ID && strcmp(field->name, "id") == 0) {
        return false;
    }
    return field->type != FIELD_INT && field->type != FIELD_BOOL && field->type != FIELD_FLAGS &&
           field->type != FIELD_LIST && field->type != FIELD_JSON;
}

/* A reply holds every member, but for the id of what is not stored. */
static bool is_required(const Field *field, Direction direction)
{
    if (direction == GIVEN) {
        return (field->flags & FIELD_REQUIRED) != 0;
    }
    return field->type != FIELD_ID || strcmp(field->name, "id") != 0;
}

/* ---- components ---- */

static bool is_same_body(const Component *component, const Schema *schema, const char *path)
{
    for (size_t i = 0; i < schema->count; i++) {
        const char *name = schema->fields[i].name;
        if (openapi_is_in_path(component->path, name) != openapi_is_in_path(path, name)) {
            return false;
        }
    }
    return true;
}

/* Schemas of one name with the same fields are one, wherever they were declared. */
static bool is_same_schema(const Schema *a, const Schema *b)
{
    return a == b || (strcmp(a->name, b->name) == 0 && a->size == b->size && a->count == b->count);
}

static const Component *component_find(
    const Document *doc, const Schema *schema, Direction direction, const char *path)
{
    for (size_t i = 0; i < doc->component_count; i++) {
        const Component *component = &doc->components[i];
        if (component->direction == direction && is_same_schema(component->schema, schema) &&
            (direction == SHOWN || is_same_body(component, schema, path))) {
            return component;
        }
    }
    return NULL;
}

static bool is_name_free(const Document *doc, const char *name)
{
    for (size_t i = 0; i < doc->component_count; i++) {
        if (strcmp(doc->components[i].name, name) == 0) {
            return false;
        }
    }
    return true;
}

static void component_push(Document *doc, Component component)
{
    if (doc->component_count == doc->component_size) {
        size_t size = doc->component_size * 2 + 64;
        Component *grown = arena_array(doc->arena, size, sizeof(*grown));
        if (doc->component_count > 0) {
            memcpy(grown, doc->components, doc->component_count * sizeof(*grown));
        }
        doc->components = grown;
        doc->component_size = size;
    }
    doc->components[doc->component_count++] = component;
}

/* Adds the schema and those inside it; `hint` tells two of one name apart. */
static void component_add(
    Document *doc, const Schema *schema, Direction direction, const char *path, const char *hint)
{
    if (component_find(doc, schema, direction, path) != NULL) {
        return;
    }
    const char *name = schema->name;
    if (!is_name_free(doc, name) && direction == GIVEN) {
        name = arena_printf(doc->arena, "%sGiven", schema->name);
    }
    if (!is_name_free(doc, name)) {
        name = arena_printf(doc->arena, "%s_%s", schema->name, hint);
    }
    ASSERT(is_name_free(doc, name));
    component_push(
        doc, (Component){.name = name, .schema = schema, .direction = direction, .path = path});
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        if (field->item != NULL && is_member(field, direction, path)) {
            component_add(doc, field->item, direction, NULL, hint);
        }
    }
}

bool openapi_has_body(const Op *op)
{
    return op->path != NULL && op->method != METHOD_GET && op->method != METHOD_DELETE &&
           op->in != &Nothing_schema && member_count(op->in, GIVEN, op->path) > 0;
}

void openapi_collect(Document *doc)
{
    for (size_t i = 0; i < op_count(); i++) {
        const Op *op = op_at(i);
        if (op->path != NULL) {
            component_add(doc, op->out, SHOWN, NULL, "shown");
        }
    }
    for (size_t i = 0; i < op_count(); i++) {
        const Op *op = op_at(i);
        if (openapi_has_body(op)) {
            component_add(doc, op->in, GIVEN, op->path, op->name);
        }
    }
}

bool openapi_body_is_required(const Op *op)
{
    for (size_t i = 0; i < op->in->count; i++) {
        const Field *field = &op->in->fields[i];
        if (is_member(field, GIVEN, op->path) && (field->flags & FIELD_REQUIRED) != 0) {
            return true;
        }
    }
    return false;
}

/* ---- writing schemas ---- */

void openapi_member(JsonWriter *w, const char *key, const char *text)
{
    json_key(w, key);
    json_put_string(w, text);
}

static void put_number(JsonWriter *w, const char *key, int64_t number)
{
    json_key(w, key);
    json_put_int(w, number);
}

static void put_type(JsonWriter *w, const char *type, const char *other, bool is_nullable)
{
    json_key(w, "type");
    if (other == NULL && !is_nullable) {
        json_put_string(w, type);
        return;
    }
    json_open(w, '[');
    json_put_string(w, type);
    if (other != NULL) {
        json_put_string(w, other);
    }
    if (is_nullable) {
        json_put_string(w, "null");
    }
    json_close(w, ']');
}

void openapi_ref(Document *doc, const Schema *schema, Direction direction, const char *path)
{
    const Component *component = component_find(doc, schema, direction, path);
    ASSERT(component != NULL);
    json_open(&doc->w, '{');
    openapi_member(
        &doc->w, "$ref", arena_printf(doc->arena, "#/components/schemas/%s", component->name));
    json_close(&doc->w, '}');
}

static void put_names(JsonWriter *w, const char *const *names, bool is_nullable)
{
    json_key(w, "enum");
    json_open(w, '[');
    for (size_t i = 1; names[i] != NULL; i++) {
        json_put_string(w, names[i]);
    }
    if (is_nullable) {
        json_put_null(w);
    }
    json_close(w, ']');
}

static void put_range(JsonWriter *w, const Field *field)
{
    bool is_bounded = field->min != 0 || field->max != 0;
    openapi_member(w, "format", "int64");
    if (is_bounded) {
        put_number(w, "minimum", field->min);
    }
    if (is_bounded && field->max >= field->min) {
        put_number(w, "maximum", field->max);
    }
}

static void put_decimal(Document *doc, const Field *field, Direction direction, bool is_nullable)
{
    int decimals = field->scale_max == 0 ? 6 : field->scale_max;
    put_type(&doc->w, "string", direction == GIVEN ? "integer" : NULL, is_nullable);
    openapi_member(
        &doc->w, "pattern", arena_printf(doc->arena, "^-?[0-9]{1,15}(\\.[0-9]{1,%d})?$", decimals));
}

static void put_limit(JsonWriter *w, Direction direction)
{
    put_type(w, "string", direction == GIVEN ? "integer" : NULL, true);
    openapi_member(w, "pattern", "^(unlimited|[0-9]{1,15}(\\.[0-9]{1,6})?)$");
}

static void put_text(JsonWriter *w, const Field *field, Direction direction, bool is_nullable)
{
    put_type(w, "string", NULL, is_nullable);
    if (direction == GIVEN) {
        put_number(
            w, "maxLength", field->max_len == 0 ? LIMIT_NAME_BYTES : (int64_t)field->max_len);
    }
    if (direction == GIVEN && (field->flags & FIELD_REQUIRED) != 0) {
        put_number(w, "minLength", 1);
    }
}

static void put_formatted(JsonWriter *w, const char *key, const char *value, bool is_nullable)
{
    put_type(w, "string", NULL, is_nullable);
    openapi_member(w, key, value);
}

static void put_flags(JsonWriter *w, const Field *field, bool is_nullable)
{
    put_type(w, "array", NULL, is_nullable);
    json_key(w, "items");
    json_open(w, '{');
    openapi_member(w, "type", "string");
    put_names(w, field->names, false);
    json_close(w, '}');
}

static void put_kind(JsonWriter *w, const Field *field, Direction direction, bool is_nullable)
{
    put_type(w, "string", NULL, is_nullable);
    if (field->type == FIELD_ID) {
        openapi_member(w, "pattern", "^[A-Z][0-9A-HJKMNP-TV-Z]{13}$");
    } else if (direction == GIVEN) {
        put_number(w, "minLength", 1);
    }
    if (field->to != NULL) {
        openapi_member(w, "x-refers-to", field->to);
    }
}

/* Which members there are, nobody knows before the program runs. */
static void put_custom(JsonWriter *w, bool is_nullable)
{
    put_type(w, "object", NULL, is_nullable);
    json_key(w, "additionalProperties");
    json_put_raw(w, "{\"type\":[\"string\",\"integer\",\"boolean\",\"null\"]}");
    openapi_member(w, "x-defined-by", "custom_field_list");
}

/* The keywords of a scalar, inside its braces. */
static void put_scalar(Document *doc, const Field *field, Direction direction)
{
    JsonWriter *w = &doc->w;
    bool is_null = is_nullable(field, direction);
    switch (field->type) {
    case FIELD_TEXT:
        put_text(w, field, direction, is_null);
        break;
    case FIELD_INT:
    case FIELD_OPT_INT:
        put_type(w, "integer", NULL, is_null);
        put_range(w, field);
        break;
    case FIELD_BOOL:
        put_type(w, "boolean", NULL, is_null);
        break;
    case FIELD_DATE:
        put_formatted(w, "format", "date", is_null);
        break;
    case FIELD_INSTANT:
        put_formatted(w, "format", "date-time", is_null);
        break;
    case FIELD_DECIMAL:
    case FIELD_MONEY:
        put_decimal(doc, field, direction, is_null);
        break;
    case FIELD_LIMIT:
        put_limit(w, direction);
        break;
    case FIELD_CURRENCY:
        put_formatted(w, "pattern", "^[A-Z]{3}$", is_null);
        break;
    case FIELD_PERCENT:
        put_type(w, "number", direction == GIVEN ? "string" : NULL, is_null);
        break;
    case FIELD_ENUM:
        put_type(w, "string", NULL, is_null);
        put_names(w, field->names, is_null);
        break;
    case FIELD_FLAGS:
        put_flags(w, field, is_null);
        break;
    case FIELD_ID:
    case FIELD_REF:
        put_kind(w, field, direction, is_null);
        break;
    case FIELD_JSON:
        if ((field->flags & FIELD_CUSTOM) != 0) {
            put_custom(w, is_null);
        }
        break;
    case FIELD_OBJECT:
    case FIELD_LIST:
        break;
    }
}

static void put_object(Document *doc, const Field *field, Direction direction)
{
    if (!is_nullable(field, direction)) {
        json_key(&doc->w, "allOf");
        json_open(&doc->w, '[');
        openapi_ref(doc, field->item, direction, NULL);
        json_close(&doc->w, ']');
        return;
    }
    json_key(&doc->w, "anyOf");
    json_open(&doc->w, '[');
    openapi_ref(doc, field->item, direction, NULL);
    json_open(&doc->w, '{');
    openapi_member(&doc->w, "type", "null");
    json_close(&doc->w, '}');
    json_close(&doc->w, ']');
}

static void put_list(Document *doc, const Field *field, Direction direction)
{
    put_type(&doc->w, "array", NULL, is_nullable(field, direction));
    if (direction == GIVEN) {
        put_number(&doc->w, "maxItems", field->max_len == 0 ? 500 : (int64_t)field->max_len);
    }
    json_key(&doc->w, "items");
    if (field->item != NULL) {
        openapi_ref(doc, field->item, direction, NULL);
        return;
    }
    Field item = *field;
    item.type = field->item_type;
    item.flags = FIELD_REQUIRED;
    item.max_len = 0;
    item.doc = NULL;
    openapi_value(doc, &item, direction);
}

void openapi_value(Document *doc, const Field *field, Direction direction)
{
    json_open(&doc->w, '{');
    if (field->type == FIELD_OBJECT) {
        put_object(doc, field, direction);
    } else if (field->type == FIELD_LIST) {
        put_list(doc, field, direction);
    } else {
        put_scalar(doc, field, direction);
    }
    if (field->doc != NULL) {
        openapi_member(&doc->w, "description", field->doc);
    }
    json_close(&doc->w, '}');
}

static void put_required(JsonWriter *w, const Component *component)
{
    const Schema *schema = component->schema;
    bool has_any = false;
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        if (!is_member(field, component->direction, component->path) ||
            !is_required(field, component->direction)) {
            continue;
        }
        if (!has_any) {
            json_key(w, "required");
            json_open(w, '[');
            has_any = true;
        }
        json_put_string(w, field->name);
    }
    if (has_any) {
        json_close(w, ']');
    }
}

static void put_component(Document *doc, const Component *component)
{
    JsonWriter *w = &doc->w;
    const Schema *schema = component->schema;
    json_key(w, component->name);
    json_open(w, '{');
    openapi_member(w, "type", "object");
    json_key(w, "properties");
    json_open(w, '{');
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        if (is_member(field, component->direction, component->path)) {
            json_key(w, field->name);
            openapi_value(doc, field, component->direction);
        }
    }
    json_close(w, '}');
    put_required(w, component);
    json_key(w, "additionalProperties");
    json_put_bool(w, false);
    json_close(w, '}');
}

void openapi_components(Document *doc)
{
    for (size_t i = 0; i < doc->component_count; i++) {
        put_component(doc, &doc->components[i]);
    }
}
