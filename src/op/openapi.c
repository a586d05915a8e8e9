/* The OpenAPI 3.1 document of the operation table. What an input and an output of the same struct may say
 * differs (members that are only shown, integers taken for decimals, null), so each direction has components of
 * its own. */
#include "op/describe.h"

#include "base/json.h"
#include "base/limits.h"
#include "op/record_plan.h"

#include <string.h>

typedef enum Direction { GIVEN, SHOWN } Direction;

/* A schema of components.schemas. */
typedef struct Component {
    const char *name;
    const Schema *schema;
    Direction direction;
    const char *path; /* members named in it are left out: they are no part of the body */
} Component;

typedef struct Document {
    Arena *arena;
    JsonWriter w;
    Component *components;
    size_t component_count;
    size_t component_size;
} Document;

/* ---- members ---- */

static bool is_in_path(const char *path, const char *name)
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
        return (field->flags & FIELD_OUTPUT) == 0 && !is_in_path(path, field->name);
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
        return true;
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
        if (is_in_path(component->path, name) != is_in_path(path, name)) {
            return false;
        }
    }
    return true;
}

/* Schemas of one name with the same fields are one, wherever they were declared. */
static bool is_same_schema(const Schema *a, const Schema *b)
{
    return a == b ||
        (strcmp(a->name, b->name) == 0 && a->size == b->size && a->count == b->count);
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
    if (!is_name_free(doc, name)) {
        name = arena_printf(doc->arena, "%s_%s", schema->name, hint);
    }
    ASSERT(is_name_free(doc, name));
    component_push(doc,
        (Component){.name = name, .schema = schema, .direction = direction, .path = path});
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        if (field->item != NULL && is_member(field, direction, path)) {
            component_add(doc, field->item, direction, NULL, hint);
        }
    }
}

static bool has_body(const Op *op)
{
    return op->path != NULL && op->method != METHOD_GET && op->method != METHOD_DELETE &&
        op->in != &Nothing_schema && member_count(op->in, GIVEN, op->path) > 0;
}

static void components_collect(Document *doc)
{
    for (size_t i = 0; i < op_count(); i++) {
        const Op *op = op_at(i);
        if (op->path != NULL) {
            component_add(doc, op->out, SHOWN, NULL, "shown");
        }
    }
    for (size_t i = 0; i < op_count(); i++) {
        const Op *op = op_at(i);
        if (has_body(op)) {
            component_add(doc, op->in, GIVEN, op->path, op->name);
        }
    }
}

/* ---- writing schemas ---- */

static void put_member(JsonWriter *w, const char *key, const char *text)
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

static void put_ref(Document *doc, const Schema *schema, Direction direction, const char *path)
{
    const Component *component = component_find(doc, schema, direction, path);
    ASSERT(component != NULL);
    json_open(&doc->w, '{');
    put_member(&doc->w, "$ref",
        arena_printf(doc->arena, "#/components/schemas/%s", component->name));
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
    put_member(w, "format", "int64");
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
    put_member(&doc->w, "pattern",
        arena_printf(doc->arena, "^-?[0-9]{1,15}(\\.[0-9]{1,%d})?$", decimals));
}

static void put_limit(JsonWriter *w, Direction direction)
{
    put_type(w, "string", direction == GIVEN ? "integer" : NULL, true);
    put_member(w, "pattern", "^(unlimited|[0-9]{1,15}(\\.[0-9]{1,6})?)$");
}

static void put_text(JsonWriter *w, const Field *field, Direction direction, bool is_nullable)
{
    put_type(w, "string", NULL, is_nullable);
    if (direction == GIVEN) {
        put_number(w, "maxLength", field->max_len == 0 ? LIMIT_NAME_BYTES : (int64_t)field->max_len);
    }
    if (direction == GIVEN && (field->flags & FIELD_REQUIRED) != 0) {
        put_number(w, "minLength", 1);
    }
}

static void put_formatted(JsonWriter *w, const char *key, const char *value, bool is_nullable)
{
    put_type(w, "string", NULL, is_nullable);
    put_member(w, key, value);
}

static void put_flags(JsonWriter *w, const Field *field, bool is_nullable)
{
    put_type(w, "array", NULL, is_nullable);
    json_key(w, "items");
    json_open(w, '{');
    put_member(w, "type", "string");
    put_names(w, field->names, false);
    json_close(w, '}');
}

static void put_kind(JsonWriter *w, const Field *field, Direction direction, bool is_nullable)
{
    put_type(w, "string", NULL, is_nullable);
    if (field->type == FIELD_ID) {
        put_member(w, "pattern", "^[A-Z][0-9A-HJKMNP-TV-Z]{13}$");
    } else if (direction == GIVEN) {
        put_number(w, "minLength", 1);
    }
    if (field->to != NULL) {
        put_member(w, "x-refers-to", field->to);
    }
}

static void put_value(Document *doc, const Field *field, Direction direction);

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
    case FIELD_OBJECT:
    case FIELD_LIST:
    case FIELD_JSON:
        break;
    }
}

static void put_object(Document *doc, const Field *field, Direction direction)
{
    if (!is_nullable(field, direction)) {
        json_key(&doc->w, "allOf");
        json_open(&doc->w, '[');
        put_ref(doc, field->item, direction, NULL);
        json_close(&doc->w, ']');
        return;
    }
    json_key(&doc->w, "anyOf");
    json_open(&doc->w, '[');
    put_ref(doc, field->item, direction, NULL);
    json_open(&doc->w, '{');
    put_member(&doc->w, "type", "null");
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
        put_ref(doc, field->item, direction, NULL);
        return;
    }
    Field item = *field;
    item.type = field->item_type;
    item.flags = FIELD_REQUIRED;
    item.max_len = 0;
    item.doc = NULL;
    put_value(doc, &item, direction);
}

static void put_value(Document *doc, const Field *field, Direction direction)
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
        put_member(&doc->w, "description", field->doc);
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
    put_member(w, "type", "object");
    json_key(w, "properties");
    json_open(w, '{');
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        if (is_member(field, component->direction, component->path)) {
            json_key(w, field->name);
            put_value(doc, field, component->direction);
        }
    }
    json_close(w, '}');
    put_required(w, component);
    json_key(w, "additionalProperties");
    json_put_bool(w, false);
    json_close(w, '}');
}

/* ---- operations ---- */

static const char *const method_keys[] = {"get", "post", "put", "patch", "delete"};
static const char *const effect_names[] = {"read", "create", "act", "try"};

static bool can_fail(const Op *op, Err code)
{
    for (size_t i = 0; i < OP_FAILS_MAX && op->fails[i] != ERR_OK; i++) {
        if (op->fails[i] == code) {
            return true;
        }
    }
    return false;
}

static void put_parameter(Document *doc, const Field *field, const char *in)
{
    bool is_path = strcmp(in, "path") == 0;
    bool is_many = field->type == FIELD_LIST || field->type == FIELD_FLAGS;
    Field shown = *field;
    shown.flags |= FIELD_REQUIRED; /* a query has no null */
    shown.doc = NULL;
    json_open(&doc->w, '{');
    put_member(&doc->w, "name", field->name);
    put_member(&doc->w, "in", in);
    if (is_path || (field->flags & FIELD_REQUIRED) != 0) {
        json_key(&doc->w, "required");
        json_put_bool(&doc->w, true);
    }
    if (field->doc != NULL) {
        put_member(&doc->w, "description", field->doc);
    }
    if (is_many) {
        put_member(&doc->w, "style", "form");
        json_key(&doc->w, "explode");
        json_put_bool(&doc->w, false);
    }
    json_key(&doc->w, "schema");
    put_value(doc, &shown, GIVEN);
    json_close(&doc->w, '}');
}

static void put_header(Document *doc, const char *component)
{
    json_open(&doc->w, '{');
    put_member(&doc->w, "$ref", arena_printf(doc->arena, "#/components/parameters/%s", component));
    json_close(&doc->w, '}');
}

static void put_parameters(Document *doc, const Op *op)
{
    bool is_query = op->method == METHOD_GET || op->method == METHOD_DELETE;
    json_key(&doc->w, "parameters");
    json_open(&doc->w, '[');
    for (size_t i = 0; i < op->in->count; i++) {
        const Field *field = &op->in->fields[i];
        if (is_in_path(op->path, field->name)) {
            put_parameter(doc, field, "path");
        } else if (is_query && op->in != &Nothing_schema && (field->flags & FIELD_OUTPUT) == 0) {
            put_parameter(doc, field, "query");
        }
    }
    if (op->method == METHOD_POST) {
        put_header(doc, "IdempotencyKey");
    }
    if (can_fail(op, ERR_VERSION_STALE)) {
        put_header(doc, "IfMatch");
    }
    json_close(&doc->w, ']');
}

static void put_content(Document *doc, const Schema *schema, Direction direction, const char *path)
{
    json_key(&doc->w, "content");
    json_open(&doc->w, '{');
    json_key(&doc->w, "application/json");
    json_open(&doc->w, '{');
    json_key(&doc->w, "schema");
    put_ref(doc, schema, direction, path);
    json_close(&doc->w, '}');
    json_close(&doc->w, '}');
}

static bool body_is_required(const Op *op)
{
    for (size_t i = 0; i < op->in->count; i++) {
        const Field *field = &op->in->fields[i];
        if (is_member(field, GIVEN, op->path) && (field->flags & FIELD_REQUIRED) != 0) {
            return true;
        }
    }
    return false;
}

static void put_body(Document *doc, const Op *op)
{
    if (!has_body(op)) {
        return;
    }
    json_key(&doc->w, "requestBody");
    json_open(&doc->w, '{');
    json_key(&doc->w, "required");
    json_put_bool(&doc->w, body_is_required(op));
    put_content(doc, op->in, GIVEN, op->path);
    json_close(&doc->w, '}');
}

/* What waits for a second person answers 202. */
static bool may_wait(const Op *op)
{
    for (size_t i = 0; op->effect != EFFECT_READ && i < op->out->count; i++) {
        const Field *field = &op->out->fields[i];
        for (size_t k = 1; field->type == FIELD_ENUM && field->names[k] != NULL; k++) {
            if (strcmp(field->name, "status") == 0 && strcmp(field->names[k], "pending") == 0) {
                return true;
            }
        }
        if (strcmp(field->name, "approval") == 0) {
            return true;
        }
    }
    return false;
}

static void put_success(Document *doc, const Op *op, const char *status, const char *what)
{
    json_key(&doc->w, status);
    json_open(&doc->w, '{');
    put_member(&doc->w, "description", what);
    put_content(doc, op->out, SHOWN, NULL);
    json_close(&doc->w, '}');
}

static bool has_reference(const Schema *schema)
{
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        if ((field->flags & FIELD_OUTPUT) == 0 &&
            (field->type == FIELD_REF || field->item_type == FIELD_REF ||
                (field->item != NULL && field->item != schema && has_reference(field->item)))) {
            return true;
        }
    }
    return false;
}

/* What the runner refuses before the body runs. */
static bool runner_refuses(const Op *op, Err code)
{
    bool takes = op->in != &Nothing_schema && op->in->count > 0;
    if (code == ERR_MALFORMED) {
        return has_body(op);
    }
    if (code == ERR_UNAUTHENTICATED || code == ERR_FORBIDDEN) {
        return !op->is_anonymous;
    }
    if (code == ERR_NOT_FOUND || code == ERR_AMBIGUOUS) {
        return has_reference(op->in);
    }
    if (code == ERR_IDEMPOTENCY_MISMATCH) {
        return op->method == METHOD_POST;
    }
    return takes &&
        (code == ERR_FIELD_REQUIRED || code == ERR_FIELD_INVALID || code == ERR_FIELD_UNKNOWN);
}

/* The refusals of one status as "ERR_A, ERR_B"; NULL: it has none. */
static const char *refusals_of(Document *doc, const Op *op, int status)
{
    Buf names = buf_in(doc->arena);
    for (Err code = ERR_OK + 1; code < ERR_COUNT; code++) {
        if (err_http_status(code) == status && (can_fail(op, code) || runner_refuses(op, code))) {
            buf_printf(&names, "%s%s", names.length == 0 ? "" : ", ", err_name(code));
        }
    }
    return names.length == 0 ? NULL : buf_text(&names);
}

static void put_problem(Document *doc, const char *status, const char *what)
{
    json_key(&doc->w, status);
    json_open(&doc->w, '{');
    put_member(&doc->w, "description", what);
    json_key(&doc->w, "content");
    json_put_raw(&doc->w,
        "{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}");
    json_close(&doc->w, '}');
}

static void put_responses(Document *doc, const Op *op)
{
    static const int statuses[] = {400, 401, 403, 404, 409, 412, 422, 429};
    json_key(&doc->w, "responses");
    json_open(&doc->w, '{');
    if (op->effect == EFFECT_CREATE) {
        put_success(doc, op, "201", "Created.");
    } else {
        put_success(doc, op, "200", "Done.");
    }
    if (may_wait(op)) {
        put_success(doc, op, "202", "It waits for the consent of a second person.");
    }
    for (size_t i = 0; i < COUNT(statuses); i++) {
        const char *names = refusals_of(doc, op, statuses[i]);
        if (names != NULL) {
            put_problem(doc, arena_printf(doc->arena, "%d", statuses[i]), names);
        }
    }
    put_problem(doc, "default", "Refused, or the system failed; `code` tells which.");
    json_close(&doc->w, '}');
}

static void put_refusals(Document *doc, const Op *op)
{
    json_key(&doc->w, "x-refusals");
    json_open(&doc->w, '[');
    for (size_t i = 0; i < OP_FAILS_MAX && op->fails[i] != ERR_OK; i++) {
        json_put_string(&doc->w, err_name(op->fails[i]));
    }
    json_close(&doc->w, ']');
}

static void put_operation(Document *doc, const Op *op, const Feature *feature)
{
    JsonWriter *w = &doc->w;
    json_key(w, method_keys[op->method]);
    json_open(w, '{');
    put_member(w, "operationId", op->name);
    put_member(w, "summary", op->summary);
    json_key(w, "tags");
    json_open(w, '[');
    json_put_string(w, feature->name);
    json_close(w, ']');
    put_member(w, "x-effect", effect_names[op->effect]);
    put_member(w, "x-permission", perm_name(op->needs));
    put_refusals(doc, op);
    put_parameters(doc, op);
    put_body(doc, op);
    put_responses(doc, op);
    if (op->is_anonymous) {
        json_key(w, "security");
        json_put_raw(w, "[]");
    }
    json_close(w, '}');
}

/* ---- the document ---- */

static bool is_first_of_path(size_t index)
{
    for (size_t i = 0; i < index; i++) {
        const char *path = op_at(i)->path;
        if (path != NULL && strcmp(path, op_at(index)->path) == 0) {
            return false;
        }
    }
    return true;
}

static void put_paths(Document *doc)
{
    json_key(&doc->w, "paths");
    json_open(&doc->w, '{');
    for (size_t i = 0; i < op_count(); i++) {
        const char *path = op_at(i)->path;
        if (path == NULL || !is_first_of_path(i)) {
            continue;
        }
        json_key(&doc->w, path);
        json_open(&doc->w, '{');
        for (size_t k = i; k < op_count(); k++) {
            if (op_at(k)->path != NULL && strcmp(op_at(k)->path, path) == 0) {
                put_operation(doc, op_at(k), op_feature(k));
            }
        }
        json_close(&doc->w, '}');
    }
    json_close(&doc->w, '}');
}

static void put_tags(Document *doc)
{
    json_key(&doc->w, "tags");
    json_open(&doc->w, '[');
    for (const Feature *const *feature = op_features(); *feature != NULL; feature++) {
        json_open(&doc->w, '{');
        put_member(&doc->w, "name", (*feature)->name);
        json_close(&doc->w, '}');
    }
    json_close(&doc->w, ']');
}

static const char problem_schema[] =
    "{\"type\":\"object\",\"description\":\"RFC 9457. `field` is the name of the member that was refused, "
    "dotted; all of them are in `errors`.\",\"properties\":{\"type\":{\"type\":\"string\"},"
    "\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
    "\"instance\":{\"type\":\"string\"},\"field\":{\"type\":[\"string\",\"null\"]},"
    "\"request_id\":{\"type\":[\"string\",\"null\"]},\"errors\":{\"type\":\"array\",\"items\":"
    "{\"type\":\"object\",\"properties\":{\"pointer\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},"
    "\"detail\":{\"type\":\"string\"}},\"required\":[\"pointer\"]}},\"code\":{\"type\":\"string\",\"enum\":";

static void put_problem_schema(Document *doc)
{
    Buf text = buf_in(doc->arena);
    buf_str(&text, problem_schema);
    for (Err code = ERR_OK + 1; code < ERR_COUNT; code++) {
        buf_printf(&text, "%s\"%s\"", code == ERR_OK + 1 ? "[" : ",", err_name(code));
    }
    buf_str(&text, "]}},\"required\":[\"code\",\"detail\"]}");
    json_key(&doc->w, "Problem");
    json_put_raw(&doc->w, buf_text(&text));
}

static const char other_components[] =
    "{\"IdempotencyKey\":{\"name\":\"Idempotency-Key\",\"in\":\"header\",\"description\":"
    "\"A repeat with the same key answers the same and does nothing.\","
    "\"schema\":{\"type\":\"string\",\"maxLength\":255}},"
    "\"IfMatch\":{\"name\":\"If-Match\",\"in\":\"header\",\"description\":"
    "\"The ETag of what is changed; refused when it has changed since.\",\"schema\":{\"type\":\"string\"}}}";

static const char security_schemes[] =
    "{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
    "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-guanxi\"}}";

static void put_components(Document *doc)
{
    json_key(&doc->w, "components");
    json_open(&doc->w, '{');
    json_key(&doc->w, "schemas");
    json_open(&doc->w, '{');
    for (size_t i = 0; i < doc->component_count; i++) {
        put_component(doc, &doc->components[i]);
    }
    put_problem_schema(doc);
    json_close(&doc->w, '}');
    json_key(&doc->w, "parameters");
    json_put_raw(&doc->w, other_components);
    json_key(&doc->w, "securitySchemes");
    json_put_raw(&doc->w, security_schemes);
    json_close(&doc->w, '}');
}

void describe_openapi(Buf *out)
{
    Document doc = {.arena = out->arena, .w = json_writer(out)};
    JsonWriter *w = &doc.w;
    components_collect(&doc);
    json_open(w, '{');
    put_member(w, "openapi", "3.1.0");
    json_key(w, "info");
    json_put_raw(w,
        "{\"title\":\"guanxi\",\"version\":\"1\",\"description\":\"Channel relationship management: orders "
        "judged as they are booked. Money is a decimal string in the currency of its account, a reference takes a "
        "code, a number or an id, and lists end when `next` is null.\","
        "\"license\":{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}}");
    json_key(w, "servers");
    json_put_raw(w, "[{\"url\":\"/api/v1\"}]");
    json_key(w, "security");
    json_put_raw(w, "[{\"bearer\":[]},{\"session\":[]}]");
    put_tags(&doc);
    put_paths(&doc);
    put_components(&doc);
    json_close(w, '}');
}
