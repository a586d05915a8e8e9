/* The OpenAPI document and the help, as far as they can be judged without a schema of schemas. */
#include "support/unit.h"

#include "support/few.h"

#include "base/json.h"
#include "op/describe.h"

#include <string.h>

typedef struct Described {
    Arena *arena;
    json_t *doc;
} Described;

static int setup(void **state)
{
    static Described described;
    op_start(few_features);
    described.arena = arena_new(16 << 20);
    Buf text = buf_in(described.arena);
    describe_openapi(&text);
    described.doc = json_loads(buf_text(&text), JSON_REJECT_DUPLICATES, NULL);
    *state = &described;
    return described.doc == NULL;
}

static int teardown(void **state)
{
    Described *described = *state;
    json_decref(described->doc);
    arena_free(described->arena);
    return 0;
}

/* What "#/components/…" names; NULL: nothing. */
static json_t *resolve(const Described *described, const char *ref)
{
    json_t *at = described->doc;
    assert_int_equal(ref[0], '#');
    for (const char *name = ref + 2; at != NULL;) {
        size_t length = strcspn(name, "/");
        at = json_object_get(at, arena_copy(described->arena, name, length));
        if (name[length] == '\0') {
            return at;
        }
        name += length + 1;
    }
    return NULL;
}

static void refs_resolve_in(const Described *described, json_t *value)
{
    const char *key = NULL;
    json_t *member = NULL;
    size_t index = 0;
    json_array_foreach(value, index, member)
    {
        refs_resolve_in(described, member);
    }
    json_object_foreach(value, key, member)
    {
        if (strcmp(key, "$ref") == 0 && resolve(described, json_string_value(member)) == NULL) {
            fail_msg("%s leads nowhere", json_string_value(member));
        }
        refs_resolve_in(described, member);
    }
}

static void refs_lead_somewhere(void **state)
{
    const Described *described = *state;
    refs_resolve_in(described, described->doc);
}

static json_t *operation(const Described *described, const Op *op)
{
    static const char *const methods[] = {"get", "post", "put", "patch", "delete"};
    json_t *path = json_object_get(json_object_get(described->doc, "paths"), op->path);
    json_t *found = json_object_get(path, methods[op->method]);
    assert_non_null(found);
    return found;
}

static bool parameters_have(json_t *found, const char *name)
{
    json_t *parameter = NULL;
    size_t index = 0;
    json_array_foreach(json_object_get(found, "parameters"), index, parameter)
    {
        const char *given = json_string_value(json_object_get(parameter, "name"));
        if (given != NULL && strcmp(given, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool body_has(const Described *described, json_t *found, const char *name)
{
    json_t *content = json_object_get(json_object_get(found, "requestBody"), "content");
    json_t *json = json_object_get(json_object_get(content, "application/json"), "schema");
    const char *ref = json_string_value(json_object_get(json, "$ref"));
    json_t *schema = ref == NULL ? NULL : resolve(described, ref);
    return json_object_get(json_object_get(schema, "properties"), name) != NULL;
}

/* Once, as a parameter or in the body. */
static void members_are_reachable(void **state)
{
    const Described *described = *state;
    for (size_t i = 0; i < op_count(); i++) {
        const Op *op = op_at(i);
        json_t *found = operation(described, op);
        assert_string_equal(json_string_value(json_object_get(found, "operationId")), op->name);
        for (size_t k = 0; k < op->in->count; k++) {
            const char *name = op->in->fields[k].name;
            if (parameters_have(found, name) == body_has(described, found, name)) {
                fail_msg("%s of %s", name, op->name);
            }
        }
    }
}

static void directions_differ(void **state)
{
    const Described *described = *state;
    json_t *given = resolve(described, "#/components/schemas/ProductCreate");
    json_t *shown = resolve(described, "#/components/schemas/Product");
    assert_null(json_object_get(json_object_get(given, "properties"), "version"));
    assert_non_null(json_object_get(json_object_get(shown, "properties"), "version"));
    json_t *price = json_object_get(json_object_get(given, "properties"), "unit_price");
    assert_string_equal(
        json_text(described->arena, json_object_get(price, "type")), "[\"string\",\"integer\"]");
    price = json_object_get(json_object_get(shown, "properties"), "unit_price");
    assert_string_equal(json_text(described->arena, json_object_get(price, "type")), "\"string\"");
}

static bool has_response(const Described *described, const char *name, const char *status)
{
    json_t *responses = json_object_get(operation(described, op_by_name(name)), "responses");
    return json_object_get(responses, status) != NULL;
}

static void refusals_are_told(void **state)
{
    const Described *described = *state;
    json_t *create = operation(described, op_by_name("partner_create"));
    assert_string_equal(json_text(described->arena, json_object_get(create, "x-refusals")),
        "[\"ERR_STATE\",\"ERR_CODE_TAKEN\"]");
    assert_true(has_response(described, "partner_create", "201"));
    assert_true(has_response(described, "partner_create", "409"));
    assert_true(has_response(described, "partner_create", "422"));
    assert_false(has_response(described, "partner_create", "200"));
    assert_true(has_response(described, "partner_get", "200"));
    assert_true(has_response(described, "partner_get", "404"));
    assert_true(has_response(described, "partner_change", "412"));
}

static void help_tells_all(void **state)
{
    const Described *described = *state;
    Buf help = buf_in(described->arena);
    describe_op(op_by_name("product_create"), &help);
    assert_non_null(strstr(buf_text(&help), "POST /api/v1/products"));
    assert_non_null(strstr(buf_text(&help), "unit_price"));
    assert_non_null(strstr(buf_text(&help), "ERR_CODE_TAKEN"));
    assert_null(strstr(buf_text(&help), "  version"));
    Buf list = buf_in(described->arena);
    describe_list(&list);
    for (size_t i = 0; i < op_count(); i++) {
        assert_non_null(strstr(buf_text(&list), op_at(i)->name));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refs_lead_somewhere),
        cmocka_unit_test(members_are_reachable),
        cmocka_unit_test(directions_differ),
        cmocka_unit_test(refusals_are_told),
        cmocka_unit_test(help_tells_all),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
