/* The OpenAPI 3.1 document of the operation table: operations,
 * their parameters and their replies. */
#include "op/openapi.h"

#include "op/describe.h"
#include "op/record_plan.h"
#include "op/version.h"

#include <string.h>

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
    openapi_member(&doc->w, "name", field->name);
    openapi_member(&doc->w, "in", in);
    if (is_path || (field->flags & FIELD_REQUIRED) != 0) {
        json_key(&doc->w, "required");
        json_put_bool(&doc->w, true);
    }
    if (field->doc != NULL) {
        openapi_member(&doc->w, "description", field->doc);
    }
    if (is_many) {
        openapi_member(&doc->w, "style", "form");
        json_key(&doc->w, "explode");
        json_put_bool(&doc->w, false);
    }
    json_key(&doc->w, "schema");
    openapi_value(doc, &shown, GIVEN);
    json_close(&doc->w, '}');
}

static void put_header(Document *doc, const char *component)
{
    json_open(&doc->w, '{');
    openapi_member(
        &doc->w, "$ref", arena_printf(doc->arena, "#/components/parameters/%s", component));
    json_close(&doc->w, '}');
}

static void put_parameters(Document *doc, const Op *op)
{
    bool is_query = op->method == METHOD_GET || op->method == METHOD_DELETE;
    json_key(&doc->w, "parameters");
    json_open(&doc->w, '[');
    for (size_t i = 0; i < op->in->count; i++) {
        const Field *field = &op->in->fields[i];
        if (openapi_is_in_path(op->path, field->name)) {
            put_parameter(doc, field, "path");
        } else if (is_query && op->in != &Nothing_schema && (field->flags & FIELD_OUTPUT) == 0) {
            put_parameter(doc, field, "query");
        }
    }
    if (op->method == METHOD_POST) {
        put_header(doc, "IdempotencyKey");
    }
    if (can_fail(op, ERR_VERSION_STALE) || version_is_compared(op)) {
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
    openapi_ref(doc, schema, direction, path);
    json_close(&doc->w, '}');
    json_close(&doc->w, '}');
}

static void put_body(Document *doc, const Op *op)
{
    if (!openapi_has_body(op)) {
        return;
    }
    json_key(&doc->w, "requestBody");
    json_open(&doc->w, '{');
    json_key(&doc->w, "required");
    json_put_bool(&doc->w, openapi_body_is_required(op));
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
    openapi_member(&doc->w, "description", what);
    if (version_is_told(op)) {
        json_key(&doc->w, "headers");
        json_put_raw(&doc->w, "{\"ETag\":{\"$ref\":\"#/components/headers/ETag\"}}");
    }
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
        return openapi_has_body(op);
    }
    if (code == ERR_UNAUTHENTICATED || code == ERR_FORBIDDEN) {
        return !op->is_anonymous;
    }
    if (code == ERR_NOT_FOUND || code == ERR_AMBIGUOUS) {
        return has_reference(op->in);
    }
    if (code == ERR_VERSION_STALE) {
        return version_is_compared(op);
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
    openapi_member(&doc->w, "description", what);
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
    }
    if (op->effect != EFFECT_CREATE || op->may_hold) {
        put_success(doc, op, "200", op->may_hold ? "Held: nothing was made." : "Done.");
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

/* Those that a cell of a list can show. */
static const char *const field_type_names[] = {
    [FIELD_TEXT] = "text",
    [FIELD_INT] = "int",
    [FIELD_OPT_INT] = "int",
    [FIELD_BOOL] = "bool",
    [FIELD_DATE] = "date",
    [FIELD_INSTANT] = "instant",
    [FIELD_DECIMAL] = "decimal",
    [FIELD_MONEY] = "money",
    [FIELD_LIMIT] = "limit",
    [FIELD_CURRENCY] = "currency",
    [FIELD_PERCENT] = "percent",
    [FIELD_ENUM] = "enum",
    [FIELD_FLAGS] = "flags",
    [FIELD_ID] = "id",
    [FIELD_REF] = "ref",
    [FIELD_OBJECT] = NULL,
    [FIELD_LIST] = NULL,
    [FIELD_JSON] = NULL,
};

static void put_refusals(Document *doc, const Op *op)
{
    json_key(&doc->w, "x-refusals");
    json_open(&doc->w, '[');
    for (size_t i = 0; i < OP_FAILS_MAX && op->fails[i] != ERR_OK; i++) {
        json_put_string(&doc->w, err_name(op->fails[i]));
    }
    json_close(&doc->w, ']');
}

/* What a page that shows the list has to know of a field. */
static void put_marks(Document *doc, const RecordPlan *plan, const Column *column)
{
    const Field *field = column->field;
    const Op *change = op_by_name(arena_printf(doc->arena, "%s_change", plan->record->name));
    const Field *given = change == NULL || change->method != METHOD_PATCH
                             ? NULL
                             : schema_member(change->in, field->name, strlen(field->name));
    const struct {
        const char *name;
        bool is_so;
    } marks[] = {
        {"sort", (field->flags & FIELD_SORT) != 0},
        {"filter", filter_takes(plan, field)},
        {"reach", filter_reaches(plan, column)},
        {"group", record_groups(plan, column)},
        {"sum", record_sums(plan, column)},
        {"change", given != NULL},
        {"required", given != NULL && (field->flags & FIELD_REQUIRED) != 0},
    };
    json_key(&doc->w, "marks");
    json_open(&doc->w, '[');
    for (size_t i = 0; i < COUNT(marks); i++) {
        if (marks[i].is_so) {
            json_put_string(&doc->w, marks[i].name);
        }
    }
    json_close(&doc->w, ']');
}

static void put_list_field(Document *doc, const RecordPlan *plan, const Field *field)
{
    const Column *column = record_column(plan, field->name);
    json_open(&doc->w, '{');
    openapi_member(&doc->w, "name", field->name);
    openapi_member(&doc->w, "type", field_type_names[field->type]);
    if (field->to != NULL) {
        openapi_member(&doc->w, "to", field->to);
    }
    if (field->names != NULL) {
        json_key(&doc->w, "names");
        json_open(&doc->w, '[');
        for (size_t i = 1; field->names[i] != NULL; i++) {
            json_put_string(&doc->w, field->names[i]);
        }
        json_close(&doc->w, ']');
    }
    if (column != NULL) {
        put_marks(doc, plan, column);
    }
    json_close(&doc->w, '}');
}

/* The fields of what is listed, so that a list is shown without knowing it. */
static void put_list_fields(Document *doc, const Op *op)
{
    if (op->record == NULL || op->record_verb != VERB_LIST) {
        return;
    }
    const RecordPlan *plan = record_plan(op->record);
    json_key(&doc->w, "x-list");
    json_open(&doc->w, '{');
    openapi_member(&doc->w, "record", op->record->name);
    json_key(&doc->w, "fields");
    json_open(&doc->w, '[');
    for (size_t i = 0; i < op->record->schema->count; i++) {
        const Field *field = &op->record->schema->fields[i];
        if (field_type_names[field->type] != NULL && (field->flags & FIELD_SECRET) == 0) {
            put_list_field(doc, plan, field);
        }
    }
    json_close(&doc->w, ']');
    json_close(&doc->w, '}');
}

static void put_operation(Document *doc, const Op *op, const Feature *feature)
{
    JsonWriter *w = &doc->w;
    json_key(w, method_keys[op->method]);
    json_open(w, '{');
    openapi_member(w, "operationId", op->name);
    openapi_member(w, "summary", op->summary);
    json_key(w, "tags");
    json_open(w, '[');
    json_put_string(w, feature->name);
    json_close(w, ']');
    openapi_member(w, "x-effect", effect_names[op->effect]);
    openapi_member(w, "x-permission", perm_name(op->needs));
    put_refusals(doc, op);
    put_list_fields(doc, op);
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

/* Some are for files alone, and some features have none. */
static bool has_routes(const Feature *feature)
{
    size_t i = 0;
    while (i < op_count() && (op_feature(i) != feature || op_at(i)->path == NULL)) {
        i++;
    }
    return i < op_count();
}

static void put_tags(Document *doc)
{
    json_key(&doc->w, "tags");
    json_open(&doc->w, '[');
    for (const Feature *const *feature = op_features(); *feature != NULL; feature++) {
        if (has_routes(*feature)) {
            json_open(&doc->w, '{');
            openapi_member(&doc->w, "name", (*feature)->name);
            json_close(&doc->w, '}');
        }
    }
    json_close(&doc->w, ']');
}

static const char problem_schema[] =
    "{\"type\":\"object\",\"description\":\"RFC 9457. `field` is the name of the member that was "
    "refused, "
    "dotted; all of them are in `errors`.\",\"properties\":{\"type\":{\"type\":\"string\"},"
    "\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":"
    "\"string\"},"
    "\"instance\":{\"type\":\"string\"},\"field\":{\"type\":[\"string\",\"null\"]},"
    "\"request_id\":{\"type\":[\"string\",\"null\"]},\"errors\":{\"type\":\"array\",\"items\":"
    "{\"type\":\"object\",\"properties\":{\"pointer\":{\"type\":\"string\"},\"code\":{\"type\":"
    "\"string\"},"
    "\"detail\":{\"type\":\"string\"}}}},\"code\":{\"type\":\"string\",\"enum\":";

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
    "\"A repeat with the same key answers the same and does nothing; not looked at where a "
    "password is given.\","
    "\"schema\":{\"type\":\"string\",\"maxLength\":255}},"
    "\"IfMatch\":{\"name\":\"If-Match\",\"in\":\"header\",\"description\":"
    "\"The ETag of what is changed or acted on; refused when something was done to it "
    "since.\",\"schema\":{\"type\":\"string\"}}}";

static const char headers[] =
    "{\"ETag\":{\"description\":\"The version of what was read, made or acted on, for If-Match.\","
    "\"schema\":{\"type\":\"string\"}}}";

static const char security_schemes[] =
    "{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
    "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-guanxi\"}}";

static void put_components(Document *doc)
{
    json_key(&doc->w, "components");
    json_open(&doc->w, '{');
    json_key(&doc->w, "schemas");
    json_open(&doc->w, '{');
    openapi_components(doc);
    put_problem_schema(doc);
    json_close(&doc->w, '}');
    json_key(&doc->w, "parameters");
    json_put_raw(&doc->w, other_components);
    json_key(&doc->w, "headers");
    json_put_raw(&doc->w, headers);
    json_key(&doc->w, "securitySchemes");
    json_put_raw(&doc->w, security_schemes);
    json_close(&doc->w, '}');
}

void describe_openapi(Buf *out)
{
    Document doc = {.arena = out->arena, .w = json_writer(out)};
    JsonWriter *w = &doc.w;
    openapi_collect(&doc);
    json_open(w, '{');
    openapi_member(w, "openapi", "3.1.0");
    json_key(w, "info");
    json_put_raw(w, "{\"title\":\"guanxi\",\"version\":\"1\",\"description\":\"Channel "
                    "relationship management: orders "
                    "judged as they are booked. Money is a decimal string in the currency of its "
                    "account, a reference takes a "
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
