/* Generated operations of plain records, on a real database. */
#include "support/unit.h"

#include "support/database.h"
#include "support/few.h"

#include "base/json.h"
#include "op/record_plan.h"
#include "op/run.h"

#include <inttypes.h>

/* ---- calling ---- */

#define SQL_DO(place, text)                                                                        \
    do {                                                                                           \
        static const Sql sql_ = {text, "", NULL};                                                  \
        assert_int_equal(db_begin(&(place)->cx), ERR_OK);                                          \
        assert_int_equal(db_put(&(place)->cx, &sql_, NO_ARGS), ERR_OK);                            \
        assert_int_equal(db_commit(&(place)->cx), ERR_OK);                                         \
    } while (0)

/* The replies of the test that runs, freed after it. */
static json_t *answers;

static int setup(void **state)
{
    answers = json_array();
    static Place place;
    static const DbOptions options = {.mode = DB_WRITE, .create = true};
    op_start(few_features);
    place_make(&place);
    *state = &place;
    if (db_open(&place.cx, place.path, &options, &place.cx.db) != ERR_OK) {
        return 1;
    }
    place.cx.actor = &actor_system;
    place.cx.now_ms = INT64_C(1795000000000);
    ASSERT(date_parse("2026-11-23", &place.cx.today));
    SQL_DO(&place,
        "INSERT INTO org (id, uuid, timezone, is_solo, prices_include_tax, chain_seq, version) "
        "VALUES (1, 'u', 'UTC', 0, 1, 0, 1)");
    SQL_DO(&place, "INSERT INTO app_user (id, name, role, is_active, created_on, version) "
                   "VALUES (51, 'wang', 'sales', 1, '2026-01-01', 1), (52, 'li', 'sales', 1, "
                   "'2026-01-01', 1)");
    return 0;
}

static int teardown(void **state)
{
    place_drop(*state);
    json_decref(answers);
    return 0;
}

/* One call; the arena keeps everything, the refusal is cleared. */
static Reply call_with(Place *place, const char *name, const char *text, int64_t if_match)
{
    Ctx *cx = &place->cx;
    json_t *members = json_loads(text, 0, NULL);
    Reply reply;
    Call call = {.op = op_by_name(name), .members = members, .if_match = if_match};
    assert_non_null(members);
    assert_non_null(call.op);
    cx->now_ms += 1000;
    run_call(cx, &call, &reply);
    err_clear(cx);
    json_decref(members);
    return reply;
}

static Reply call(Place *place, const char *name, const char *text)
{
    return call_with(place, name, text, 0);
}

/* The reply as JSON when it has this status; else fails. Borrowed. */
static json_t *answer(Place *place, int status, const char *name, const char *text)
{
    Reply reply = call(place, name, text);
    if (reply.status != status) {
        fail_msg("%s %s: %d %s", name, text, reply.status, reply.body);
    }
    json_t *json = json_loads(reply.body, 0, NULL);
    assert_int_equal(json_array_append_new(answers, json), 0);
    return json;
}

static void refused(
    Place *place, const char *code, const char *field, const char *name, const char *text)
{
    Reply reply = call(place, name, text);
    json_t *problem = json_loads(reply.body, 0, NULL);
    const char *found = json_string_value(json_object_get(problem, "code"));
    const char *at = json_string_value(json_object_get(problem, "field"));
    if (found == NULL || strcmp(found, code) != 0 ||
        (field != NULL && (at == NULL || strcmp(at, field) != 0))) {
        fail_msg(
            "%s %s: not %s %s but %s", name, text, code, field == NULL ? "" : field, reply.body);
    }
    json_decref(problem);
}

static const char *text_of(json_t *value, const char *name)
{
    const char *text = json_string_value(json_object_get(value, name));
    return text == NULL ? "null" : text;
}

/* "a b c": one member of each item. */
static const char *items_of(Place *place, json_t *page, const char *member)
{
    Buf out = buf_in(place->arena);
    json_t *items = json_object_get(page, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        buf_printf(&out, "%s%s", i == 0 ? "" : " ", text_of(json_array_get(items, i), member));
    }
    return buf_text(&out);
}

static void lists(
    Place *place, const char *name, const char *text, const char *member, const char *expected)
{
    json_t *page = answer(place, 200, name, text);
    const char *found = items_of(place, page, member);
    if (strcmp(found, expected) != 0) {
        fail_msg("%s %s: not \"%s\" but \"%s\"", name, text, expected, found);
    }
}

static void territory_add(Place *place, const char *code, const char *name, const char *owner)
{
    (void)answer(place, 201, "territory_create",
        arena_printf(
            place->arena, "{\"code\":\"%s\",\"name\":\"%s\",\"owner\":%s}", code, name, owner));
}

/* ---- one record ---- */

static void create_get_change(void **state)
{
    Place *place = *state;
    json_t *made = answer(
        place, 201, "territory_create", "{\"code\":\"E\",\"name\":\"East\",\"owner\":\"wang\"}");
    assert_string_equal(text_of(made, "owner"), "wang");
    assert_int_equal(json_integer_value(json_object_get(made, "version")), 1);
    const char *id = text_of(made, "id");
    assert_int_equal(id[0], 'T');

    json_t *got = answer(place, 200, "territory_get", "{\"territory\":\"E\"}");
    assert_true(json_equal(made, got));
    got = answer(
        place, 200, "territory_get", arena_printf(place->arena, "{\"territory\":\"%s\"}", id));
    assert_true(json_equal(made, got));

    json_t *changed =
        answer(place, 200, "territory_change", "{\"territory\":\"E\",\"name\":\"Far East\"}");
    assert_string_equal(text_of(changed, "name"), "Far East");
    assert_string_equal(text_of(changed, "owner"), "wang");
    assert_int_equal(json_integer_value(json_object_get(changed, "version")), 2);

    changed = answer(
        place, 200, "territory_change", "{\"territory\":\"E\",\"owner\":null,\"code\":\"EE\"}");
    assert_string_equal(text_of(changed, "owner"), "null");
    assert_string_equal(text_of(changed, "code"), "EE");
    refused(place, "ERR_NOT_FOUND", "territory", "territory_get", "{\"territory\":\"E\"}");

    /* what changes nothing is no new version */
    changed =
        answer(place, 200, "territory_change", "{\"territory\":\"EE\",\"name\":\"Far East\"}");
    assert_int_equal(json_integer_value(json_object_get(changed, "version")), 3);
    refused(place, "ERR_FIELD_REQUIRED", "name", "territory_change",
        "{\"territory\":\"EE\",\"name\":null}");
}

static void stale_version(void **state)
{
    Place *place = *state;
    territory_add(place, "E", "East", "null");
    const char *change = "{\"territory\":\"E\",\"name\":\"x\"}";
    assert_int_equal(call_with(place, "territory_change", change, 1).status, 200);
    assert_int_equal(call_with(place, "territory_change", change, 1).status, 412);
    Reply reply = call_with(place, "territory_change", "{\"territory\":\"E\",\"name\":\"y\"}", 2);
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
        refused(place, rows[i].refusal, "code", "territory_create",
            arena_printf(place->arena, "{\"code\":\"%s\",\"name\":\"n\"}", rows[i].code));
    }
    territory_add(place, "4006381333931", "an EAN", "null");
    territory_add(place, "\xe5\x8d\x8e\xe4\xb8\x9c", "East China", "null");
    refused(place, "ERR_CODE_TAKEN", "code", "territory_create",
        "{\"code\":\"4006381333931\",\"name\":\"again\"}");
    territory_add(place, "B", "b", "null");
    refused(place, "ERR_CODE_TAKEN", "code", "territory_change",
        "{\"territory\":\"B\",\"code\":\"4006381333931\"}");
    (void)answer(
        place, 200, "territory_change", "{\"territory\":\"B\",\"code\":\"B\",\"name\":\"bb\"}");
}

static void hooks_and_fixed(void **state)
{
    Place *place = *state;
    json_t *made = answer(place, 201, "partner_create",
        "{\"code\":\"D1\",\"name\":\"One\",\"roles\":[\"distributor\",\"consumer\"]}");
    assert_string_equal(text_of(made, "created_on"), "2026-11-23");
    assert_string_equal(text_of(made, "label"), "D1 One");
    assert_int_equal(json_array_size(json_object_get(made, "roles")), 2);
    refused(
        place, "ERR_STATE", NULL, "partner_change", "{\"partner\":\"D1\",\"name\":\"forbidden\"}");
    refused(place, "ERR_FIELD_UNKNOWN", "code", "partner_change",
        "{\"partner\":\"D1\",\"code\":\"D2\"}");
    refused(place, "ERR_FIELD_UNKNOWN", "version", "partner_change",
        "{\"partner\":\"D1\",\"version\":9}");
    refused(place, "ERR_FIELD_UNKNOWN", "created_on", "partner_create",
        "{\"code\":\"D2\",\"name\":\"Two\",\"roles\":[\"consumer\"],\"created_on\":\"2020-01-"
        "01\"}");
}

static void decimals(void **state)
{
    Place *place = *state;
    json_t *made = answer(place, 201, "product_create",
        "{\"code\":\"A\",\"name\":\"a\",\"unit_price\":\"12.5\",\"tax_rate\":\"0.13\"}");
    assert_string_equal(text_of(made, "tax_rate"), "0.13");
    assert_string_equal(text_of(made, "unit_cost"), "null");
    (void)answer(place, 201, "product_create",
        "{\"code\":\"B\",\"name\":\"b\",\"unit_price\":\"9.999999\",\"tax_rate\":0}");
    lists(place, "product_list", "{\"sort\":\"unit_price\"}", "code", "B A");
    lists(place, "product_list", "{\"filter\":\"unit_price gt 9.999999\"}", "code", "A");
    refused(place, "ERR_FIELD_INVALID", "filter", "product_list",
        "{\"filter\":\"unit_price gt 1.0000001\"}");
}

static void removing(void **state)
{
    Place *place = *state;
    territory_add(place, "E", "East", "null");
    territory_add(place, "W", "West", "null");
    (void)answer(place, 201, "partner_create",
        "{\"code\":\"D1\",\"name\":\"One\",\"roles\":[\"consumer\"],\"territory\":\"E\"}");
    refused(place, "ERR_IN_USE", "territory", "territory_remove", "{\"territory\":\"E\"}");
    (void)answer(place, 200, "territory_remove", "{\"territory\":\"W\"}");
    refused(place, "ERR_NOT_FOUND", "territory", "territory_get", "{\"territory\":\"W\"}");
    (void)answer(place, 200, "territory_get", "{\"territory\":\"E\"}");
}

static void history(void **state)
{
    Place *place = *state;
    territory_add(place, "E", "East", "\"wang\"");
    (void)answer(place, 200, "territory_change",
        "{\"territory\":\"E\",\"name\":\"Orient\",\"owner\":\"li\"}");
    json_t *page = answer(place, 200, "territory_history", "{\"territory\":\"E\"}");
    assert_string_equal(items_of(place, page, "what"), "territory_create territory_change");
    json_t *changes = json_object_get(json_array_get(json_object_get(page, "items"), 1), "changes");
    assert_int_equal(json_array_size(changes), 2);
    assert_string_equal(text_of(json_array_get(changes, 0), "before"), "East");
    assert_string_equal(text_of(json_array_get(changes, 0), "after"), "Orient");
    assert_string_equal(text_of(json_array_get(changes, 1), "before"), "wang");
    assert_string_equal(text_of(json_array_get(changes, 1), "after"), "li");

    page = answer(place, 200, "territory_history", "{\"territory\":\"E\",\"limit\":1}");
    assert_string_equal(items_of(place, page, "what"), "territory_create");
    page = answer(place, 200, "territory_history",
        arena_printf(
            place->arena, "{\"territory\":\"E\",\"cursor\":\"%s\"}", text_of(page, "next")));
    assert_string_equal(items_of(place, page, "what"), "territory_change");
    refused(place, "ERR_FIELD_INVALID", "cursor", "territory_history",
        "{\"territory\":\"E\",\"cursor\":\"x\"}");
}

/* ---- lists ---- */

/* All pages of a list, a member of each row. */
static const char *all_pages(Place *place, const char *name, const char *ask, const char *member)
{
    Buf out = buf_in(place->arena);
    const char *cursor = NULL;
    for (int pages = 0; pages < 50; pages++) {
        const char *text = cursor == NULL
                               ? arena_printf(place->arena, "{%s}", ask)
                               : arena_printf(place->arena, "{%s,\"cursor\":\"%s\"}", ask, cursor);
        json_t *page = answer(place, 200, name, text);
        buf_printf(&out, "%s%s", out.length == 0 ? "" : " ", items_of(place, page, member));
        if (json_is_null(json_object_get(page, "next"))) {
            return buf_text(&out);
        }
        cursor = text_of(page, "next");
    }
    fail_msg("%s %s: the pages do not end", name, ask);
    return NULL;
}

static void pages_of(Place *place, const char *sort, const char *expected)
{
    for (int limit = 1; limit <= 7; limit++) {
        const char *ask = arena_printf(place->arena, "\"sort\":\"%s\",\"limit\":%d", sort, limit);
        assert_string_equal(all_pages(place, "territory_list", ask, "code"), expected);
    }
}

static void sorting_and_pages(void **state)
{
    Place *place = *state;
    territory_add(place, "c", "x", "\"wang\"");
    territory_add(place, "a", "y", "null");
    territory_add(place, "b", "x", "\"li\"");
    territory_add(place, "B", "x", "null");
    territory_add(place, "d|e", "z", "\"wang\"");
    pages_of(place, "id", "c a b B d|e");
    pages_of(place, "-id", "d|e B b a c");
    pages_of(place, "code", "B a b c d|e");
    pages_of(place, "-code", "d|e c b a B");
    pages_of(place, "name", "c b B a d|e");
    pages_of(place, "-name", "d|e a B b c");
    /* absent last, both ways */
    pages_of(place, "owner", "b c d|e a B");
    pages_of(place, "-owner", "d|e c b B a");
    refused(place, "ERR_FIELD_INVALID", "sort", "territory_list", "{\"sort\":\"version\"}");
    refused(place, "ERR_FIELD_INVALID", "sort", "territory_list", "{\"sort\":\"-\"}");
    refused(place, "ERR_FIELD_INVALID", "limit", "territory_list", "{\"limit\":501}");
    refused(place, "ERR_FIELD_INVALID", "limit", "territory_list", "{\"limit\":0}");
    lists(place, "territory_list", "{\"owner\":\"wang\"}", "code", "c d|e");
    lists(place, "territory_list", "{\"owner\":\"wang\",\"sort\":\"-code\"}", "code", "d|e c");
    refused(place, "ERR_NOT_FOUND", "owner", "territory_list", "{\"owner\":\"nobody\"}");
    refused(place, "ERR_FIELD_UNKNOWN", "name", "territory_list", "{\"name\":\"x\"}");
}

/* Rows that come and go between two pages neither repeat nor hide any other. */
static void pages_stay(void **state)
{
    Place *place = *state;
    for (char code = 'a'; code <= 'f'; code++) {
        territory_add(place, arena_printf(place->arena, "%c5", code), "n", "null");
    }
    json_t *page = answer(place, 200, "territory_list", "{\"sort\":\"code\",\"limit\":3}");
    assert_string_equal(items_of(place, page, "code"), "a5 b5 c5");
    territory_add(place, "a1", "n", "null");
    territory_add(place, "c9", "n", "null");
    (void)answer(place, 200, "territory_remove", "{\"territory\":\"c5\"}");
    (void)answer(place, 200, "territory_remove", "{\"territory\":\"d5\"}");
    const char *next = text_of(page, "next");
    lists(place, "territory_list",
        arena_printf(place->arena, "{\"sort\":\"code\",\"limit\":3,\"cursor\":\"%s\"}", next),
        "code", "c9 e5 f5");
    /* a cursor of another order is refused, and so is a broken one */
    static const char *const broken[] = {"x", "AAAA", "!!!!", "", "YWJj", "fDF8aTE", NULL};
    refused(place, "ERR_FIELD_INVALID", "cursor", "territory_list",
        arena_printf(place->arena, "{\"cursor\":\"%s\"}", next));
    for (size_t i = 0; broken[i] != NULL; i++) {
        refused(place, "ERR_FIELD_INVALID", "cursor", "territory_list",
            arena_printf(place->arena, "{\"sort\":\"code\",\"cursor\":\"%s\"}", broken[i]));
    }
}

static void partners_add(Place *place)
{
    static const char *const calls[] = {
        "{\"code\":\"D1\",\"name\":\"One\",\"roles\":[\"distributor\"],\"territory\":\"E\","
        "\"tier\":\"gold\"}",
        "{\"code\":\"D2\",\"name\":\"Two\",\"roles\":[\"supplier\",\"consumer\"],\"territory\":"
        "\"W\"}",
        "{\"code\":\"D3\",\"name\":\"Th\\\"ree\",\"roles\":[\"consumer\"],\"owner\":\"wang\","
        "\"tier\":\"iron\"}",
    };
    territory_add(place, "E", "East", "null");
    territory_add(place, "W", "West", "null");
    for (size_t i = 0; i < COUNT(calls); i++) {
        (void)answer(place, 201, "partner_create", calls[i]);
    }
}

static void filters(void **state)
{
    Place *place = *state;
    partners_add(place);
    static const struct {
        const char *filter;
        const char *codes; /* NULL: refused */
    } rows[] = {
        {"tier eq gold", "D1"},
        {"tier ne gold", "D2 D3"},
        {"tier eq null", "D2"},
        {"tier ne null", "D1 D3"},
        {"tier eq \\\"gold\\\" or tier eq iron", "D1 D3"},
        {"tier gt gold", "D3"},
        {"tier le gold", "D1"},
        {"name has e", "D1 D3"},
        {"name has E", ""},
        {"name eq \\\"Th\\\\\\\"ree\\\"", "D3"},
        {"roles has consumer", "D2 D3"},
        {"roles has consumer and not x", NULL},
        {"roles has consumer and code gt D2", "D3"},
        {"territory eq E or owner eq wang", "D1 D3"},
        {"territory ne E", "D2 D3"},
        {"(code eq D1 or code eq D2) and tier eq gold", "D1"},
        {"code eq D1 or code eq D2 and tier eq gold", "D1"},
        {"created_on eq 2026-11-23", "D1 D2 D3"},
        {"created_on lt 2026-11-23", ""},
        {"tier eq \\\"' OR 1=1 --\\\"", ""},
        {"tier eq \\\"\\\"", ""},
        {"name has \\\"%\\\"", ""},
        {"((((code eq D1))))", "D1"},
        {"  code   eq\\tD1  ", "D1"},
        {"", NULL},
        {"code", NULL},
        {"code eq", NULL},
        {"code eq )", NULL},
        {"code eq D1 D2", NULL},
        {"code eq D1 or", NULL},
        {"(code eq D1", NULL},
        {"code eq D1)", NULL},
        {"code is D1", NULL},
        {"label eq x", NULL},
        {"version eq 1", NULL},
        {"nothing eq 1", NULL},
        {"\\\"code\\\" eq D1", NULL},
        {"roles eq consumer", NULL},
        {"roles has king", NULL},
        {"territory lt E", NULL},
        {"created_on eq 2026-02-30", NULL},
        {"tier gt null", NULL},
        {"name has \\\"\\\"", NULL},
        {"code eq \\\"D1", NULL},
        {"created_on has 2", NULL},
        {"code eq D1 and and code eq D2", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *ask = arena_printf(place->arena, "{\"filter\":\"%s\"}", rows[i].filter);
        if (rows[i].codes == NULL) {
            refused(place, "ERR_FIELD_INVALID", "filter", "partner_list", ask);
        } else {
            lists(place, "partner_list", ask, "code", rows[i].codes);
        }
    }
    refused(place, "ERR_NOT_FOUND", "filter", "partner_list", "{\"filter\":\"territory eq X\"}");
    Buf deep = buf_in(place->arena);
    for (int i = 0; i < 500; i++) {
        buf_char(&deep, '(');
    }
    refused(place, "ERR_FIELD_INVALID", "filter", "partner_list",
        arena_printf(place->arena, "{\"filter\":\"%s\"}", buf_text(&deep)));
    Buf wide = buf_in(place->arena);
    for (int i = 0; i < 100; i++) {
        buf_printf(&wide, "%scode eq D%d", i == 0 ? "" : " or ", i);
    }
    refused(place, "ERR_FIELD_INVALID", "filter", "partner_list",
        arena_printf(place->arena, "{\"filter\":\"%s\"}", buf_text(&wide)));
}

static void accounts_add(Place *place)
{
    SQL_DO(place,
        "INSERT INTO account (id, code, partner_id, currency, terms_days, state, state_since_on, "
        "state_since_id, opened_on, version) SELECT 21, 'A1', id, 'CNY', 30, 'normal', "
        "'2026-01-01', 1, "
        "'2026-01-01', 1 FROM partner WHERE code = 'D1'");
    SQL_DO(place,
        "INSERT INTO account (id, code, partner_id, currency, terms_days, state, state_since_on, "
        "state_since_id, opened_on, version) SELECT 22, 'A2', id, 'JPY', 30, 'normal', "
        "'2026-01-01', 1, "
        "'2026-01-01', 1 FROM partner WHERE code = 'D2'");
    SQL_DO(place, "INSERT INTO invoice (id, account_id, number, amount, open, invoiced_on, due_on, "
                  "booked_on, "
                  "is_final, from_shipped, from_ordered, from_outside, dropped, status) VALUES "
                  "(41, 21, 'R1', 10050, 100, '2026-01-01', '2026-01-31', '2026-01-01', 0, 0, 0, "
                  "100, 0, 'posted'),"
                  "(42, 21, 'R2', 9999, 100, '2026-02-01', '2026-01-31', '2026-01-01', 0, 0, 0, "
                  "100, 0, 'reversed'),"
                  "(43, 22, 'R3', 100, 100, '2026-03-01', '2026-01-31', '2026-01-01', 0, 0, 0, "
                  "100, 0, 'posted')");
}

static void documents(void **state)
{
    Place *place = *state;
    partners_add(place);
    accounts_add(place);
    lists(place, "invoice_list", "{}", "number", "R1 R2 R3");
    lists(place, "invoice_list", "{}", "amount", "100.50 99.99 100");
    lists(place, "invoice_list", "{}", "partner", "D1 D1 D2");
    lists(place, "invoice_list", "{\"account\":\"A1\"}", "number", "R1 R2");
    lists(place, "invoice_list", "{\"partner\":\"D2\"}", "number", "R3");
    lists(place, "invoice_list", "{\"status\":\"posted\",\"currency\":\"CNY\"}", "number", "R1");
    lists(place, "invoice_list", "{\"from\":\"2026-02-01\"}", "number", "R2 R3");
    lists(place, "invoice_list", "{\"from\":\"2026-02-01\",\"until\":\"2026-02-01\"}", "number",
        "R2");
    lists(place, "invoice_list", "{\"filter\":\"amount ge 100\"}", "number", "R1 R3");
    lists(place, "invoice_list", "{\"filter\":\"amount lt 100.50\"}", "number", "R2 R3");
    lists(place, "invoice_list", "{\"sort\":\"-invoiced_on\"}", "number", "R3 R2 R1");
    refused(
        place, "ERR_FIELD_INVALID", "filter", "invoice_list", "{\"filter\":\"status eq open\"}");
}

/* ---- sight ---- */

static void sight(void **state)
{
    Place *place = *state;
    partners_add(place);
    accounts_add(place);
    SQL_DO(place, "INSERT INTO user_territory (user_id, territory_id) SELECT 51, id FROM territory "
                  "WHERE code = 'E'");
    Actor wang = {.user_id = 51, .name = "wang", .role = ROLE_SALES, .has_territories = true};
    place->cx.actor = &wang;
    lists(place, "partner_list", "{}", "code", "D1 D3"); /* D3 is in no territory */
    lists(place, "partner_list", "{\"filter\":\"code eq D2 or code eq D1\"}", "code", "D1");
    lists(place, "partner_list", "{\"sort\":\"-code\"}", "code", "D3 D1");
    lists(place, "invoice_list", "{}", "number", "R1 R2");
    refused(place, "ERR_NOT_FOUND", "partner", "partner_get", "{\"partner\":\"D2\"}");
    refused(place, "ERR_NOT_FOUND", "partner", "partner_history", "{\"partner\":\"D2\"}");
    refused(
        place, "ERR_NOT_FOUND", "partner", "partner_change", "{\"partner\":\"D2\",\"name\":\"x\"}");
    refused(place, "ERR_NOT_FOUND", "filter", "invoice_list", "{\"filter\":\"partner eq D2\"}");
    refused(place, "ERR_NOT_FOUND", "account", "invoice_list", "{\"account\":\"A2\"}");

    Actor portal = {.user_id = 52, .name = "li", .role = ROLE_PARTNER};
    Rows rows;
    static const Sql partner_two = {"SELECT id FROM partner WHERE code = 'D2'", "", "k"};
    assert_int_equal(db_ask(&place->cx, &partner_two, NO_ARGS, &rows), ERR_OK);
    assert_true(db_next(&rows));
    portal.partner_id = db_id(&rows, 0);
    place->cx.actor = &portal;
    lists(place, "partner_list", "{}", "code", "D2");
    lists(place, "invoice_list", "{}", "number", "R3");
    refused(place, "ERR_NOT_FOUND", "partner", "partner_get", "{\"partner\":\"D1\"}");
    refused(place, "ERR_FORBIDDEN", NULL, "territory_list", "{}");
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
    assert_int_equal(change->fails[0], ERR_VERSION_STALE);
    assert_int_equal(change->fails[1], ERR_STATE);
    assert_int_equal(change->fails[2], ERR_OK);
}

static void cursors(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    static const Cursor rows[] = {
        {.sort = "", .id = 1, .is_null = true},
        {.sort = "-name", .id = INT64_MAX, .text = ""},
        {.sort = "name", .id = 7, .text = "a|b|\xe4\xb8\xad"},
        {.sort = "due_on", .id = 7, .i = -5},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Cursor read;
        assert_true(cursor_read(arena, cursor_write(arena, &rows[i]), &read));
        assert_string_equal(read.sort, rows[i].sort);
        assert_int_equal(read.id, rows[i].id);
        assert_int_equal(read.is_null, rows[i].is_null);
        assert_int_equal(read.i, rows[i].i);
        assert_int_equal(read.text == NULL, rows[i].text == NULL);
        if (read.text != NULL) {
            assert_string_equal(read.text, rows[i].text);
        }
    }
}

#define ON_DATABASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

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
        ON_DATABASE(sorting_and_pages),
        ON_DATABASE(pages_stay),
        ON_DATABASE(filters),
        ON_DATABASE(documents),
        ON_DATABASE(sight),
        ON_DATABASE(table_holds_together),
        cmocka_unit_test(cursors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
