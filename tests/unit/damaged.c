/* Rows and tables that somebody edited by hand, so that they lack or say what nothing can mean:
 * what looks at them is refused with a sentence that names them, and the program goes on. */
#include "support/unit.h"

#include "support/world.h"

#include <string.h>

/* What is edited, who then looks at it by what, and what the refusal has to say. */
typedef struct Row {
    Sql edit;
    const char *as;
    const char *operation;
    const char *members;
    const char *says;
} Row;

static const Row rows[] = {
    {{"DELETE FROM position", "", NULL}, "ann", "exposure_get", "{'account': 'D01'}",
        "the position of an account is missing"},
    {{"DELETE FROM position", "", NULL}, "ann", "account_get", "{'account': 'D01'}",
        "the position"},
    {{"UPDATE account SET currency = 'QQQ'", "", NULL}, "ann", "account_get", "{'account': 'D01'}",
        " has \"QQQ\" as its currency"},
    {{"UPDATE account SET currency = 'QQQ'", "", NULL}, "ann", "invoice_list", "{}", "invoice I"},
    {{"UPDATE account SET currency = 'QQQ'", "", NULL}, "ann", "aging_report", "{}",
        "\"QQQ\" stands"},
    {{"UPDATE account SET currency = 'QQQ'", "", NULL}, "ann", "payment_post",
        "{'account': 'D01', 'amount': '5.00', 'received_on': '2026-03-02'}",
        " has \"QQQ\" as its currency"},
    {{"UPDATE account SET currency = 'QQQ'", "", NULL}, "ann", "day_close", "{'on': '2026-03-02'}",
        "QQQ"},
    {{"UPDATE org SET currency = 'QQQ'", "", NULL}, "carla", "worklist_get", "{}", "QQQ"},
    {{"UPDATE account SET state = 'asleep'", "", NULL}, "ann", "order_place",
        "{'account': 'D01', 'lines': [{'product': 'P1', 'quantity': '1'}]}",
        " has \"asleep\" as its state"},
    {{"UPDATE sales_order SET status = 'lost'", "", NULL}, "ann", "order_get", "{'order': 'O1'}",
        " has \"lost\" as its status"},
    {{"UPDATE sales_order SET status = 'lost'", "", NULL}, "ann", "order_list", "{}", "order O"},
    {{"UPDATE sales_order SET status = 'lost'", "", NULL}, "ann", "shipment_post",
        "{'order': 'O1', 'lines': [{'product': 'P1', 'quantity': '1'}]}", "\"lost\""},
    {{"UPDATE invoice SET status = 'lost'", "", NULL}, "ann", "invoice_reverse",
        "{'invoice': 'I1', 'reason': 'r'}", "invoice I"},
    {{"UPDATE credit_limit SET kind = 'endless'", "", NULL}, "ann", "exposure_get",
        "{'account': 'D01'}", "\"endless\" stands where one of base, seasonal"},
    {{"UPDATE policy SET document = '{'", "", NULL}, "ann", "policy_get", "{}",
        "version 1 of the policy cannot be read"},
    {{"UPDATE policy SET document = '{}'", "", NULL}, "ann", "order_place",
        "{'account': 'D01', 'lines': [{'product': 'P1', 'quantity': '1'}]}",
        "version 1 of the policy cannot be read"},
    {{"UPDATE policy SET document = replace(document, '0.8', '8')", "", NULL}, "ann", "day_close",
        "{'on': '2026-03-02'}", "version 1 of the policy cannot be read"},
    {{"UPDATE approval SET operation = 'order_bless'", "", NULL}, "carla", "approval_approve",
        "{'approval': '', 'reason': 'r'}", "about \"order_bless\""},
    {{"UPDATE approval SET operation = 'order_bless'", "", NULL}, "carla", "approval_reject",
        "{'approval': '', 'reason': 'r'}", "about \"order_bless\""},
    {{"UPDATE entry SET document_kind = 'dream'", "", NULL}, "ann", "entry_list",
        "{'account': 'D01'}", "an entry is about \"dream\""},
    {{"UPDATE decision SET facts = '[]'", "", NULL}, "ann", "decision_replay", "{'decision': ''}",
        "a stored CreditFacts cannot be read"},
    {{"UPDATE decision SET rules = '{}'", "", NULL}, "ann", "decision_get", "{'decision': ''}",
        "a stored StoredVerdict cannot be read"},
    {{"UPDATE decision SET facts = replace(facts, '\"before\":{\"currency\":\"CNY\"',"
      " '\"before\":{\"currency\":\"USD\"')",
         "", NULL},
        "ann", "decision_replay", "{'decision': ''}", "do not hold together"},
    {{"DELETE FROM series", "", NULL}, "ann", "credit_note_post",
        "{'account': 'D01', 'amount': '5.00', 'reason': 'r'}", "a series of numbers is missing"},
    {{"UPDATE payment SET advance = 1", "", NULL}, "carla", "approval_approve",
        "{'approval': '', 'reason': 'r'}", "more in advance"},
    {{"DELETE FROM policy", "", NULL}, "ann", "order_place",
        "{'account': 'D01', 'lines': [{'product': 'P1', 'quantity': '1'}]}",
        "there is no policy in force"},
    {{"DELETE FROM policy", "", NULL}, "ann", "decision_replay", "{'decision': ''}", "version 1"},
    {{"UPDATE partner SET owner_id = -1", "", NULL}, "ann", "partner_get", "{'partner': 'D01'}",
        "What is stored is not sound"},
    {{"UPDATE sales_order SET decision_id = -9223372036854775807", "", NULL}, "ann", "order_list",
        "{}", "What is stored is not sound"},
    {{"UPDATE org SET currency = NULL", "", NULL}, "ann", "exposure_get", "{'account': 'D01'}",
        "no home currency"},
    {{"UPDATE org SET currency = NULL", "", NULL}, "ann", "order_preview",
        "{'account': 'D01', 'lines': [{'product': 'P1', 'quantity': '1'}]}", "no home currency"},
    {{"UPDATE account SET terms_days = 2147483648", "", NULL}, "ann", "invoice_post",
        "{'account': 'D01', 'amount': '1.00', 'invoiced_on': '2026-03-02'}",
        " has \"2147483648\" as its terms_days"},
    {{"UPDATE decision SET decided_at = 9223372036854775807", "", NULL}, "ann", "decision_get",
        "{'decision': ''}", " has \"9223372036854775807\" as its at"},
    {{"UPDATE sales_order SET ordered = -1", "", NULL}, "ann", "order_cancel",
        "{'order': 'O1', 'reason': 'r'}", "less than nothing"},
    {{"UPDATE product SET tax_rate = 9223372036854775807", "", NULL}, "ann", "order_place",
        "{'account': 'D01', 'lines': [{'product': 'P1', 'quantity': '1'}]}",
        "9223372036854775807 as its tax_rate"},
    {{"UPDATE order_line SET tax_rate = -1000000", "", NULL}, "ann", "shipment_post",
        "{'order': 'O1'}", "has a tax_rate beyond 0 to 1"},
    {{"DROP TABLE partner_relation", "", NULL}, "ann", "relation_list", "{}",
        "The database was changed from outside of guanxi: it lacks index "
        "partner_relation_by_other"},
    {{"DROP TABLE audit_subject", "", NULL}, "ann", "partner_change",
        "{'partner': 'D01', 'name': 'Second'}", "lacks table audit_subject"},
    {{"ALTER TABLE contact RENAME COLUMN name TO called", "", NULL}, "ann", "contact_list", "{}",
        "not as guanxi makes it is table contact"},
};

/* What the rows cannot name. */
typedef struct Made {
    const char *approval;
    const char *decision;
} Made;

/* An account that has an order, an invoice, money in advance and a refund of it asked for. */
static Made trade_make(World *world)
{
    (void)world_must(world, "ann", "product_create",
        json_pack("{s:s,s:s,s:s}", "code", "P1", "name", "Pipe", "unit_price", "10.00"));
    (void)world_must(world, "ann", "partner_create",
        json_pack("{s:s,s:s,s:[s]}", "code", "D01", "name", "First", "roles", "distributor"));
    (void)world_must(world, "ann", "account_create",
        json_pack("{s:s,s:s,s:s,s:i,s:s}", "code", "D01", "partner", "D01", "currency", "CNY",
            "terms_days", 30, "limit", "900.00"));
    const json_t *order = world_must(world, "ann", "order_place",
        json_pack("{s:s,s:s,s:[{s:s,s:s}]}", "account", "D01", "number", "O1", "lines", "product",
            "P1", "quantity", "2"));
    (void)world_must(world, "ann", "payment_post",
        json_pack(
            "{s:s,s:s,s:s}", "account", "D01", "amount", "130.00", "received_on", "2026-03-02"));
    const json_t *asked = world_must(world, "ann", "refund_post",
        json_pack("{s:s,s:s,s:s}", "account", "D01", "amount", "30.00", "reason", "r"));
    (void)world_must(world, "ann", "invoice_post",
        json_pack("{s:s,s:s,s:s,s:s}", "account", "D01", "amount", "50.00", "number", "I1",
            "invoiced_on", "2026-03-02"));
    return (Made){.approval = world_text(asked, "approval"),
        .decision = world_text(json_object_get(order, "decision"), "id")};
}

static void name_put(json_t *input, const char *member, const char *id)
{
    if (json_object_get(input, member) != NULL) {
        assert_int_equal(json_object_set_new(input, member, json_string(id)), 0);
    }
}

static json_t *input_of(const Row *row, const Made *made)
{
    char text[256];
    (void)snprintf(text, sizeof text, "%s", row->members);
    for (char *at = text; *at != '\0'; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    json_t *input = json_loads(text, 0, NULL);
    name_put(input, "approval", made->approval);
    name_put(input, "decision", made->decision);
    return input;
}

/* The shell of the engine, with which people edit, does not hold rows to what they refer to. */
static const Sql sql_like_the_shell = {"PRAGMA defer_foreign_keys = ON", "", NULL};

static bool row_holds(World *world, const Row *row)
{
    world_begin(world, 1);
    Made made = trade_make(world);
    assert_int_equal(db_put(&world->place.cx, &sql_like_the_shell, NO_ARGS), ERR_OK);
    assert_int_equal(db_put(&world->place.cx, &row->edit, NO_ARGS), ERR_OK);
    const json_t *answer = world_do(world, row->as, row->operation, input_of(row, &made));
    bool holds = strcmp(world->code, "ERR_DB_DAMAGED") == 0 &&
                 strstr(world_text(answer, "detail"), row->says) != NULL;
    if (!holds) {
        char *text = json_dumps(answer, 0);
        print_error("%s: %s answered %s\n", row->edit.text, row->operation, text);
        free(text);
    }
    world_end(world);
    return holds;
}

static void test_edited_rows_are_refused(void **state)
{
    size_t held = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        held += row_holds(*state, &rows[i]) ? 1 : 0;
    }
    assert_int_equal(held, COUNT(rows));
}

static int setup(void **state)
{
    static World world;
    world_open(&world, "CNY", "2026-03-02");
    world_user(&world, "ann", "admin");
    world_user(&world, "carla", "credit");
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edited_rows_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
