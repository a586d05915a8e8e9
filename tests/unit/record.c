/* Generated operations on one record, and the table of operations. */
#include "support/unit.h"

#include "support/few.h"

#include "op/record_plan.h"

/* ---- one record ---- */

static void create_get_change(void **state)
{
    Place *place = *state;
    json_t *made = few_answer(
        place, 201, "territory_create", "{\"code\":\"E\",\"name\":\"East\",\"owner\":\"wang\"}");
    assert_string_equal(few_text(made, "owner"), "wang");
    assert_int_equal(json_integer_value(json_object_get(made, "version")), 1);
    const char *id = few_text(made, "id");
    assert_int_equal(id[0], 'T');

    json_t *got = few_answer(place, 200, "territory_get", "{\"territory\":\"E\"}");
    assert_true(json_equal(made, got));
    got = few_answer(
        place, 200, "territory_get", arena_printf(place->arena, "{\"territory\":\"%s\"}", id));
    assert_true(json_equal(made, got));

    json_t *changed =
        few_answer(place, 200, "territory_change", "{\"territory\":\"E\",\"name\":\"Far East\"}");
    assert_string_equal(few_text(changed, "name"), "Far East");
    assert_string_equal(few_text(changed, "owner"), "wang");
    assert_int_equal(json_integer_value(json_object_get(changed, "version")), 2);

    changed = few_answer(
        place, 200, "territory_change", "{\"territory\":\"E\",\"owner\":null,\"code\":\"EE\"}");
    assert_string_equal(few_text(changed, "owner"), "null");
    assert_string_equal(few_text(changed, "code"), "EE");
    few_refused(place, "ERR_NOT_FOUND", "territory", "territory_get", "{\"territory\":\"E\"}");

    /* what changes nothing is no new version */
    changed =
        few_answer(place, 200, "territory_change", "{\"territory\":\"EE\",\"name\":\"Far East\"}");
    assert_int_equal(json_integer_value(json_object_get(changed, "version")), 3);
    few_refused(place, "ERR_FIELD_REQUIRED", "name", "territory_change",
        "{\"territory\":\"EE\",\"name\":null}");
}

static void stale_version(void **state)
{
    Place *place = *state;
    few_territory_add(place, "E", "East", "null");
    const char *change = "{\"territory\":\"E\",\"name\":\"x\"}";
    assert_int_equal(few_call_with(place, "territory_change", change, 1).status, 200);
    assert_int_equal(few_call_with(place, "territory_change", change, 1).status, 412);
    Reply reply =
        few_call_with(place, "territory_change", "{\"territory\":\"E\",\"name\":\"y\"}", 2);
    assert_int_equal(reply.status, 200);
    assert_int_equal(reply.version, 3);
}

static void codes(void **state)
{
    Place *place = *state;
    static const struct {
        const char *code;
        const char *refusal;
    } rows[] = {
        {"A0123456789ABC", "ERR_FIELD_INVALID"},
        {"a0123456789abc", "ERR_FIELD_INVALID"},
        {" x", "ERR_FIELD_INVALID"},
        {"x ", "ERR_FIELD_INVALID"},
        {"x\\ny", "ERR_FIELD_INVALID"},
        {"\xe3\x80\x80x", "ERR_FIELD_INVALID"},
        {"x\xe3\x80\x80", "ERR_FIELD_INVALID"},
        {"1234567890123456789012345678901234567890123456789012345678901234x", "ERR_FIELD_INVALID"},
        {"", "ERR_FIELD_REQUIRED"},
        {" ", "ERR_FIELD_REQUIRED"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        few_refused(place, rows[i].refusal, "code", "territory_create",
            arena_printf(place->arena, "{\"code\":\"%s\",\"name\":\"n\"}", rows[i].code));
    }
    few_territory_add(place, "4006381333931", "an EAN", "null");
    few_territory_add(place, "\xe5\x8d\x8e\xe4\xb8\x9c", "East China", "null");
    few_refused(place, "ERR_CODE_TAKEN", "code", "territory_create",
        "{\"code\":\"4006381333931\",\"name\":\"again\"}");
    few_territory_add(place, "B", "b", "null");
    few_refused(place, "ERR_CODE_TAKEN", "code", "territory_change",
        "{\"territory\":\"B\",\"code\":\"4006381333931\"}");
    (void)few_answer(
        place, 200, "territory_change", "{\"territory\":\"B\",\"code\":\"B\",\"name\":\"bb\"}");
}

static void hooks_and_fixed(void **state)
{
    Place *place = *state;
    json_t *made = few_answer(place, 201, "partner_create",
        "{\"code\":\"D1\",\"name\":\"One\",\"roles\":[\"distributor\",\"consumer\"]}");
    assert_string_equal(few_text(made, "created_on"), "2026-11-23");
    assert_string_equal(few_text(made, "label"), "D1 One");
    assert_int_equal(json_array_size(json_object_get(made, "roles")), 2);
    few_refused(
        place, "ERR_STATE", NULL, "partner_change", "{\"partner\":\"D1\",\"name\":\"forbidden\"}");
    few_refused(place, "ERR_FIELD_UNKNOWN", "code", "partner_change",
        "{\"partner\":\"D1\",\"code\":\"D2\"}");
    few_refused(place, "ERR_FIELD_UNKNOWN", "version", "partner_change",
        "{\"partner\":\"D1\",\"version\":9}");
    few_refused(place, "ERR_FIELD_UNKNOWN", "created_on", "partner_create",
        "{\"code\":\"D2\",\"name\":\"Two\",\"roles\":[\"consumer\"],\"created_on\":\"2020-01-"
        "01\"}");
}

static void decimals(void **state)
{
    Place *place = *state;
    json_t *made = few_answer(place, 201, "product_create",
        "{\"code\":\"A\",\"name\":\"a\",\"unit_price\":\"12.5\",\"tax_rate\":\"0.13\"}");
    assert_string_equal(few_text(made, "tax_rate"), "0.13");
    assert_string_equal(few_text(made, "unit_cost"), "null");
    (void)few_answer(place, 201, "product_create",
        "{\"code\":\"B\",\"name\":\"b\",\"unit_price\":\"9.999999\",\"tax_rate\":0}");
    few_lists(place, "product_list", "{\"sort\":\"unit_price\"}", "code", "B A");
    few_lists(place, "product_list", "{\"filter\":\"unit_price gt 9.999999\"}", "code", "A");
    few_refused(place, "ERR_FIELD_INVALID", "filter", "product_list",
        "{\"filter\":\"unit_price gt 1.0000001\"}");
}

static void removing(void **state)
{
    Place *place = *state;
    few_territory_add(place, "E", "East", "null");
    few_territory_add(place, "W", "West", "null");
    (void)few_answer(place, 201, "partner_create",
        "{\"code\":\"D1\",\"name\":\"One\",\"roles\":[\"consumer\"],\"territory\":\"E\"}");
    few_refused(place, "ERR_IN_USE", "territory", "territory_remove", "{\"territory\":\"E\"}");
    (void)few_answer(place, 200, "territory_remove", "{\"territory\":\"W\"}");
    few_refused(place, "ERR_NOT_FOUND", "territory", "territory_get", "{\"territory\":\"W\"}");
    (void)few_answer(place, 200, "territory_get", "{\"territory\":\"E\"}");
}

static void history(void **state)
{
    Place *place = *state;
    few_territory_add(place, "E", "East", "\"wang\"");
    (void)few_answer(place, 200, "territory_change",
        "{\"territory\":\"E\",\"name\":\"Orient\",\"owner\":\"li\"}");
    json_t *page = few_answer(place, 200, "territory_history", "{\"territory\":\"E\"}");
    assert_string_equal(few_items(place, page, "what"), "territory_create territory_change");
    json_t *changes = json_object_get(json_array_get(json_object_get(page, "items"), 1), "changes");
    assert_int_equal(json_array_size(changes), 2);
    assert_string_equal(few_text(json_array_get(changes, 0), "before"), "East");
    assert_string_equal(few_text(json_array_get(changes, 0), "after"), "Orient");
    assert_string_equal(few_text(json_array_get(changes, 1), "before"), "wang");
    assert_string_equal(few_text(json_array_get(changes, 1), "after"), "li");

    page = few_answer(place, 200, "territory_history", "{\"territory\":\"E\",\"limit\":1}");
    assert_string_equal(few_items(place, page, "what"), "territory_create");
    page = few_answer(place, 200, "territory_history",
        arena_printf(
            place->arena, "{\"territory\":\"E\",\"cursor\":\"%s\"}", few_text(page, "next")));
    assert_string_equal(few_items(place, page, "what"), "territory_change");
    few_refused(place, "ERR_FIELD_INVALID", "cursor", "territory_history",
        "{\"territory\":\"E\",\"cursor\":\"x\"}");
}

/* ---- the table ---- */

static void table_holds_together(void **state)
{
    (void)state;
    assert_null(op_by_name("nothing"));
    assert_non_null(op_by_name("invoice_list"));
    assert_null(op_by_name("invoice_create"));
    assert_null(op_by_name("product_remove"));
    for (size_t i = 0; i < op_count(); i++) {
        assert_ptr_equal(op_by_name(op_at(i)->name), op_at(i));
        assert_string_equal(op_feature(i)->name, "few");
    }
    const Op *change = op_by_name("partner_change");
    assert_string_equal(change->path, "/partners/{partner}");
    assert_int_equal(change->fails[0], ERR_STATE);
    assert_int_equal(change->fails[1], ERR_OK);
}

#define ON_DATABASE(test) cmocka_unit_test_setup_teardown(test, few_setup, few_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DATABASE(create_get_change),
        ON_DATABASE(stale_version),
        ON_DATABASE(codes),
        ON_DATABASE(hooks_and_fixed),
        ON_DATABASE(decimals),
        ON_DATABASE(removing),
        ON_DATABASE(history),
        ON_DATABASE(table_holds_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
