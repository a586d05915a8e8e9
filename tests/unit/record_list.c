/* Lists of records: sorting, pages, filters, sight. */
#include "support/unit.h"

#include "support/few.h"

#include "op/record_plan.h"

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
        json_t *page = few_answer(place, 200, name, text);
        buf_printf(&out, "%s%s", out.length == 0 ? "" : " ", few_items(place, page, member));
        if (json_is_null(json_object_get(page, "next"))) {
            return buf_text(&out);
        }
        cursor = few_text(page, "next");
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

/* A jump, from the beginning and from the end of a page; what comes behind it is as ever. */
static void skips(Place *place)
{
    static const char *const sorts[] = {"id", "-code", "owner", "-owner"};
    for (size_t i = 0; i < COUNT(sorts); i++) {
        const char *sort = sorts[i];
        const char *all = all_pages(
            place, "territory_list", arena_printf(place->arena, "\"sort\":\"%s\"", sort), "code");
        for (int at = 0; at <= 6; at++) {
            const char *first = arena_printf(
                place->arena, "{\"sort\":\"%s\",\"limit\":1,\"skip\":%d}", sort, at / 2);
            json_t *page = few_answer(place, 200, "territory_list", first);
            const char *rest = all;
            for (int left = at; left > -1 && *rest != '\0'; rest++) {
                left -= *rest == ' ' ? 1 : 0;
            }
            if (json_is_null(json_object_get(page, "next"))) {
                continue;
            }
            const char *ask = arena_printf(place->arena,
                "\"sort\":\"%s\",\"limit\":7,\"skip\":%d,\"cursor\":\"%s\"", sort, at - at / 2,
                few_text(page, "next"));
            assert_string_equal(all_pages(place, "territory_list", ask, "code"), rest);
        }
    }
    few_lists(place, "territory_list", "{\"sort\":\"code\",\"skip\":3,\"limit\":1}", "code", "c");
    few_lists(place, "territory_list", "{\"owner\":\"wang\",\"skip\":1}", "code", "d|e");
    few_lists(place, "territory_list", "{\"skip\":5}", "code", "");
    few_refused(place, "ERR_FIELD_INVALID", "skip", "territory_list", "{\"skip\":-1}");
}

static void sorting_and_pages(void **state)
{
    Place *place = *state;
    few_territory_add(place, "c", "x", "\"wang\"");
    few_territory_add(place, "a", "y", "null");
    few_territory_add(place, "b", "x", "\"li\"");
    few_territory_add(place, "B", "x", "null");
    few_territory_add(place, "d|e", "z", "\"wang\"");
    pages_of(place, "id", "c a b B d|e");
    pages_of(place, "-id", "d|e B b a c");
    pages_of(place, "code", "B a b c d|e");
    pages_of(place, "-code", "d|e c b a B");
    pages_of(place, "name", "c b B a d|e");
    pages_of(place, "-name", "d|e a B b c");
    /* absent last, both ways */
    pages_of(place, "owner", "b c d|e a B");
    pages_of(place, "-owner", "d|e c b B a");
    few_refused(place, "ERR_FIELD_INVALID", "sort", "territory_list", "{\"sort\":\"version\"}");
    few_refused(place, "ERR_FIELD_INVALID", "sort", "territory_list", "{\"sort\":\"-\"}");
    skips(place);
    few_refused(place, "ERR_FIELD_INVALID", "limit", "territory_list", "{\"limit\":501}");
    few_refused(place, "ERR_FIELD_INVALID", "limit", "territory_list", "{\"limit\":0}");
    few_lists(place, "territory_list", "{\"owner\":\"wang\"}", "code", "c d|e");
    few_lists(place, "territory_list", "{\"owner\":\"wang\",\"sort\":\"-code\"}", "code", "d|e c");
    few_refused(place, "ERR_NOT_FOUND", "owner", "territory_list", "{\"owner\":\"nobody\"}");
    few_refused(place, "ERR_FIELD_UNKNOWN", "name", "territory_list", "{\"name\":\"x\"}");
}

/* Rows that come and go between two pages neither repeat nor hide any other. */
static void pages_stay(void **state)
{
    Place *place = *state;
    for (char code = 'a'; code <= 'f'; code++) {
        few_territory_add(place, arena_printf(place->arena, "%c5", code), "n", "null");
    }
    json_t *page = few_answer(place, 200, "territory_list", "{\"sort\":\"code\",\"limit\":3}");
    assert_string_equal(few_items(place, page, "code"), "a5 b5 c5");
    few_territory_add(place, "a1", "n", "null");
    few_territory_add(place, "c9", "n", "null");
    (void)few_answer(place, 200, "territory_remove", "{\"territory\":\"c5\"}");
    (void)few_answer(place, 200, "territory_remove", "{\"territory\":\"d5\"}");
    const char *next = few_text(page, "next");
    few_lists(place, "territory_list",
        arena_printf(place->arena, "{\"sort\":\"code\",\"limit\":3,\"cursor\":\"%s\"}", next),
        "code", "c9 e5 f5");
    /* a cursor of another order is refused, and so is a broken one */
    static const char *const broken[] = {"x", "AAAA", "!!!!", "", "YWJj", "fDF8aTE", NULL};
    few_refused(place, "ERR_FIELD_INVALID", "cursor", "territory_list",
        arena_printf(place->arena, "{\"cursor\":\"%s\"}", next));
    for (size_t i = 0; broken[i] != NULL; i++) {
        few_refused(place, "ERR_FIELD_INVALID", "cursor", "territory_list",
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
    few_territory_add(place, "E", "East", "null");
    few_territory_add(place, "W", "West", "null");
    for (size_t i = 0; i < COUNT(calls); i++) {
        (void)few_answer(place, 201, "partner_create", calls[i]);
    }
}

static const struct {
    const char *filter;
    const char *codes; /* NULL: refused */
} filter_rows[] = {
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

static void filters(void **state)
{
    Place *place = *state;
    partners_add(place);
    for (size_t i = 0; i < COUNT(filter_rows); i++) {
        const char *ask = arena_printf(place->arena, "{\"filter\":\"%s\"}", filter_rows[i].filter);
        if (filter_rows[i].codes == NULL) {
            few_refused(place, "ERR_FIELD_INVALID", "filter", "partner_list", ask);
        } else {
            few_lists(place, "partner_list", ask, "code", filter_rows[i].codes);
        }
    }
    few_refused(
        place, "ERR_NOT_FOUND", "filter", "partner_list", "{\"filter\":\"territory eq X\"}");
    Buf deep = buf_in(place->arena);
    for (int i = 0; i < 500; i++) {
        buf_char(&deep, '(');
    }
    few_refused(place, "ERR_FIELD_INVALID", "filter", "partner_list",
        arena_printf(place->arena, "{\"filter\":\"%s\"}", buf_text(&deep)));
    Buf wide = buf_in(place->arena);
    for (int i = 0; i < 100; i++) {
        buf_printf(&wide, "%scode eq D%d", i == 0 ? "" : " or ", i);
    }
    few_refused(place, "ERR_FIELD_INVALID", "filter", "partner_list",
        arena_printf(place->arena, "{\"filter\":\"%s\"}", buf_text(&wide)));
}

static const char *const filter_pieces[] = {"(", ")", "and", "or", "eq", "ne", "lt", "le", "gt",
    "ge", "has", "null", "code", "name", "roles", "territory", "owner", "tier", "created_on",
    "label", "D1", "consumer", "E", "wang", "2026-11-23", "\\\"a b\\\"", "\\\"", "''", "--",
    "\xe4\xb8\xad", "$1", "{visible:p}", "%", "\\\\"};

/* Whatever is written into a filter, it is refused or it makes a statement that
 * the engine takes. */
static void any_filter(void **state)
{
    Place *place = *state;
    partners_add(place);
    uint64_t seed = 20261123;
    ArenaMark mark = arena_mark(place->arena);
    for (int round = 0; round < 5000; round++) {
        Buf ask = buf_in(place->arena);
        buf_str(&ask, "{\"filter\":\"");
        for (int pieces = round % 9; pieces >= 0; pieces--) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            buf_printf(&ask, "%s ", filter_pieces[(seed >> 33) % COUNT(filter_pieces)]);
        }
        buf_str(&ask, "\"}");
        Reply reply = few_call(place, "partner_list", buf_text(&ask));
        if (reply.status != 200 && reply.status != 422 && reply.status != 404) {
            fail_msg("%s: %d %s", buf_text(&ask), reply.status, reply.body);
        }
        arena_rewind(place->arena, mark);
    }
}

static void accounts_add(Place *place)
{
    FEW_SQL(place,
        "INSERT INTO account (id, code, partner_id, currency, terms_days, state, state_since_on, "
        "state_since_id, opened_on, version) SELECT 21, 'A1', id, 'CNY', 30, 'normal', "
        "'2026-01-01', 1, "
        "'2026-01-01', 1 FROM partner WHERE code = 'D1'");
    FEW_SQL(place,
        "INSERT INTO account (id, code, partner_id, currency, terms_days, state, state_since_on, "
        "state_since_id, opened_on, version) SELECT 22, 'A2', id, 'JPY', 30, 'normal', "
        "'2026-01-01', 1, "
        "'2026-01-01', 1 FROM partner WHERE code = 'D2'");
    FEW_SQL(place,
        "INSERT INTO invoice (id, account_id, number, amount, open, invoiced_on, due_on, "
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
    few_lists(place, "invoice_list", "{}", "number", "R1 R2 R3");
    few_lists(place, "invoice_list", "{}", "amount", "100.50 99.99 100");
    few_lists(place, "invoice_list", "{}", "partner", "D1 D1 D2");
    few_lists(place, "invoice_list", "{\"account\":\"A1\"}", "number", "R1 R2");
    few_lists(place, "invoice_list", "{\"partner\":\"D2\"}", "number", "R3");
    few_lists(
        place, "invoice_list", "{\"status\":\"posted\",\"currency\":\"CNY\"}", "number", "R1");
    few_lists(place, "invoice_list", "{\"from\":\"2026-02-01\"}", "number", "R2 R3");
    few_lists(place, "invoice_list", "{\"from\":\"2026-02-01\",\"until\":\"2026-02-01\"}", "number",
        "R2");
    few_lists(place, "invoice_list", "{\"filter\":\"amount ge 100\"}", "number", "R1 R3");
    few_lists(place, "invoice_list", "{\"filter\":\"amount lt 100.50\"}", "number", "R2 R3");
    few_lists(place, "invoice_list", "{\"sort\":\"-invoiced_on\"}", "number", "R3 R2 R1");
    few_refused(
        place, "ERR_FIELD_INVALID", "filter", "invoice_list", "{\"filter\":\"status eq open\"}");
}

/* "CNY amount 200.49, …" */
static const char *sums_text(Place *place, const List *sums)
{
    Buf text = buf_in(place->arena);
    const ListSum *items = sums->items;
    for (size_t i = 0; i < sums->count; i++) {
        char currency[CURRENCY_TEXT_SIZE];
        char sum[DECIMAL_TEXT_SIZE];
        currency_format(items[i].currency, currency);
        money_format(items[i].sum, sum);
        buf_printf(&text, "%s%s %s %s", i == 0 ? "" : ", ", currency, items[i].field, sum);
    }
    return buf_text(&text);
}

static const char *totals_text(
    Place *place, const char *list, const char *filter, const char *group)
{
    ListTotals out = {0};
    const ListParams params = {.filter = filter};
    const Record *record = op_by_name(list)->record;
    Err err = record_totals(&place->cx, record, &params, group, &out);
    if (err != ERR_OK) {
        err_clear(&place->cx);
        return err_name(err);
    }
    Buf text = buf_in(place->arena);
    buf_printf(&text, "%d: %s", (int)out.count, sums_text(place, &out.sums));
    const ListGroup *groups = out.groups.items;
    for (size_t i = 0; i < out.groups.count; i++) {
        buf_printf(&text, "; %s %d: %s", groups[i].value == NULL ? "null" : groups[i].value,
            (int)groups[i].count, sums_text(place, &groups[i].sums));
    }
    return buf_text(&text);
}

static const struct {
    const char *list;
    const char *filter;
    const char *group;
    const char *expected;
} total_rows[] = {
    {"partner_list", NULL, NULL, "3: "},
    {"partner_list", "tier eq gold", NULL, "1: "},
    {"partner_list", NULL, "tier", "3: ; gold 1: ; iron 1: ; null 1: "},
    {"partner_list", NULL, "territory", "3: ; E 1: ; W 1: ; null 1: "},
    {"partner_list", NULL, "name", "ERR_FIELD_INVALID"},
    {"partner_list", NULL, "nothing", "ERR_FIELD_INVALID"},
    {"partner_list", "tier eq", NULL, "ERR_FIELD_INVALID"},
    {"invoice_list", NULL, NULL,
        "3: CNY amount 200.49, CNY open 2.00, JPY amount 100, JPY open 100"},
    {"invoice_list", "amount lt 100.50 and currency eq CNY", NULL,
        "1: CNY amount 99.99, CNY open 1.00"},
    {"invoice_list", NULL, "status",
        "3: CNY amount 200.49, CNY open 2.00, JPY amount 100, JPY open 100; posted 2: CNY amount "
        "100.50, CNY open 1.00, JPY amount 100, JPY open 100; reversed 1: CNY amount 99.99, CNY "
        "open 1.00"},
    {"invoice_list", "partner.code eq A9", "status", "0: "},
};

static void totals(void **state)
{
    Place *place = *state;
    partners_add(place);
    accounts_add(place);
    for (size_t i = 0; i < COUNT(total_rows); i++) {
        const char *found =
            totals_text(place, total_rows[i].list, total_rows[i].filter, total_rows[i].group);
        if (strcmp(found, total_rows[i].expected) != 0) {
            fail_msg("row %zu: %s", i, found);
        }
    }
    /* what leaves 64 bits ends where money ends, whatever the engine adds with */
    FEW_SQL(place, "UPDATE invoice SET amount = 9000000000000000000 WHERE account_id = 21");
    assert_string_equal(totals_text(place, "invoice_list", "currency eq CNY", NULL),
        "2: CNY amount 90000000000000000.00, CNY open 2.00");
}

/* Fields of what a reference names. */
static void linked_filters(void **state)
{
    static const struct {
        const char *filter;
        const char *numbers;
    } rows[] = {
        {"partner.tier eq gold", "R1 R2"},
        {"partner.tier ne gold", "R3"},
        {"partner.tier eq null", "R3"},
        {"partner.roles has supplier or amount eq 99.99", "R2 R3"},
        {"partner.territory eq W", "R3"},
        {"partner.name has O", "R1 R2"},
    };
    static const char *const refused[] = {"partner.label eq x", "partner.nothing eq x",
        "number.tier eq x", "partner. eq x", ".tier eq x", "partner.territory.code eq E",
        "\\\"partner.tier\\\" eq gold"};
    Place *place = *state;
    partners_add(place);
    accounts_add(place);
    for (size_t i = 0; i < COUNT(rows); i++) {
        few_lists(place, "invoice_list",
            arena_printf(place->arena, "{\"filter\":\"%s\"}", rows[i].filter), "number",
            rows[i].numbers);
    }
    for (size_t i = 0; i < COUNT(refused); i++) {
        few_refused(place, "ERR_FIELD_INVALID", "filter", "invoice_list",
            arena_printf(place->arena, "{\"filter\":\"%s\"}", refused[i]));
    }
    /* nobody has an owner but D3; what refers to nothing is another than wang */
    few_lists(place, "partner_list", "{\"filter\":\"territory.code ne E\"}", "code", "D2 D3");
    few_lists(place, "partner_list", "{\"filter\":\"territory.code ne null\"}", "code", "D1 D2");
}

/* ---- sight ---- */

static void sight(void **state)
{
    Place *place = *state;
    partners_add(place);
    accounts_add(place);
    FEW_SQL(place,
        "INSERT INTO user_territory (user_id, territory_id) SELECT 51, id FROM territory "
        "WHERE code = 'E'");
    Actor wang = {.user_id = 51, .name = "wang", .role = ROLE_SALES, .has_territories = true};
    place->cx.actor = &wang;
    few_lists(place, "partner_list", "{}", "code", "D1 D3"); /* D3 is in no territory */
    few_lists(place, "partner_list", "{\"filter\":\"code eq D2 or code eq D1\"}", "code", "D1");
    few_lists(place, "partner_list", "{\"sort\":\"-code\"}", "code", "D3 D1");
    few_lists(place, "invoice_list", "{}", "number", "R1 R2");
    assert_string_equal(
        totals_text(place, "invoice_list", NULL, NULL), "2: CNY amount 200.49, CNY open 2.00");
    few_refused(place, "ERR_NOT_FOUND", "partner", "partner_get", "{\"partner\":\"D2\"}");
    few_refused(place, "ERR_NOT_FOUND", "partner", "partner_history", "{\"partner\":\"D2\"}");
    few_refused(
        place, "ERR_NOT_FOUND", "partner", "partner_change", "{\"partner\":\"D2\",\"name\":\"x\"}");
    few_refused(place, "ERR_NOT_FOUND", "filter", "invoice_list", "{\"filter\":\"partner eq D2\"}");
    few_refused(place, "ERR_NOT_FOUND", "account", "invoice_list", "{\"account\":\"A2\"}");

    Actor portal = {.user_id = 52, .name = "li", .role = ROLE_PARTNER};
    Rows rows;
    static const Sql partner_two = {"SELECT id FROM partner WHERE code = 'D2'", "", "k"};
    assert_int_equal(db_ask(&place->cx, &partner_two, NO_ARGS, &rows), ERR_OK);
    assert_true(db_next(&rows));
    portal.partner_id = db_id(&rows, 0);
    place->cx.actor = &portal;
    few_lists(place, "partner_list", "{}", "code", "D2");
    few_lists(place, "invoice_list", "{}", "number", "R3");
    few_refused(place, "ERR_NOT_FOUND", "partner", "partner_get", "{\"partner\":\"D1\"}");
    few_refused(place, "ERR_FORBIDDEN", NULL, "territory_list", "{}");
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

#define ON_DATABASE(test) cmocka_unit_test_setup_teardown(test, few_setup, few_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DATABASE(sorting_and_pages),
        ON_DATABASE(pages_stay),
        ON_DATABASE(filters),
        ON_DATABASE(any_filter),
        ON_DATABASE(documents),
        ON_DATABASE(totals),
        ON_DATABASE(linked_filters),
        ON_DATABASE(sight),
        cmocka_unit_test(cursors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
