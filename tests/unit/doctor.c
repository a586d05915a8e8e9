/* What doctor says of books that somebody has tampered with: each of its checks finds what it is
 * there for, and rebuild makes everything derived again. */
#include "support/unit.h"

#include "support/world.h"

#include <string.h>

static const json_t *must(World *world, const char *as, const char *operation, const char *text)
{
    json_t *members = json_loads(text, 0, NULL);
    assert_non_null(members);
    return world_must(world, as, operation, members);
}

/* The same with one member more, the id of an earlier answer. */
static const json_t *must_of(World *world,
    const char *as,
    const char *operation,
    const char *text,
    const char *member,
    const char *id)
{
    json_t *members = json_loads(text, 0, NULL);
    assert_non_null(members);
    assert_int_equal(json_object_set_new(members, member, json_string(id)), 0);
    return world_must(world, as, operation, members);
}

static void firm_make(World *world)
{
    world_open(world, "CNY", "2025-06-02");
    world_user(world, "ann", "admin");
    world_user(world, "carla", "credit");
    (void)must(
        world, NULL, "product_create", "{\"code\":\"P\",\"name\":\"P\",\"unit_price\":\"10\"}");
    (void)must(world, NULL, "custom_field_create",
        "{\"record\":\"partner\",\"code\":\"way\",\"label_en\":\"Way\",\"kind\":\"choice\","
        "\"options\":[{\"code\":\"web\"}]}");
    (void)must(world, NULL, "partner_create",
        "{\"code\":\"D\",\"name\":\"D\",\"roles\":[\"distributor\"],\"fields\":{\"way\":\"web\"}}");
    (void)must(world, NULL, "account_create",
        "{\"code\":\"D\",\"partner\":\"D\",\"currency\":\"CNY\",\"terms_days\":30,"
        "\"limit\":\"10000\"}");
}

/* One document of each kind that holds figures. */
static void books_make(World *world)
{
    (void)must(world, NULL, "order_place",
        "{\"account\":\"D\",\"number\":\"A\",\"lines\":[{\"product\":\"P\",\"quantity\":100}]}");
    const json_t *shipment = must(
        world, NULL, "shipment_post", "{\"order\":\"A\",\"lines\":[{\"line\":1,\"quantity\":60}]}");
    (void)must_of(world, NULL, "return_post",
        "{\"lines\":[{\"line\":1,\"quantity\":5}],\"reason\":\"r\"}", "shipment",
        world_text(shipment, "id"));
    (void)must(world, NULL, "invoice_post",
        "{\"account\":\"D\",\"amount\":\"400\",\"invoiced_on\":\"2025-06-02\",\"order\":\"A\","
        "\"number\":\"I\"}");
    (void)must(world, NULL, "payment_post",
        "{\"account\":\"D\",\"amount\":\"500\",\"received_on\":\"2025-06-02\",\"allocations\":["
        "{\"invoice\":\"I\",\"amount\":\"100\"}]}");
    (void)must(world, NULL, "credit_note_post",
        "{\"account\":\"D\",\"amount\":\"50\",\"reason\":\"r\",\"invoice\":\"I\"}");
    (void)must(
        world, NULL, "write_off_post", "{\"account\":\"D\",\"amount\":\"20\",\"reason\":\"r\"}");
    const json_t *refund =
        must(world, "ann", "refund_post", "{\"account\":\"D\",\"amount\":\"30\",\"reason\":\"r\"}");
    (void)must_of(world, "carla", "approval_approve", "{\"reason\":\"r\"}", "approval",
        world_text(refund, "approval"));
}

static int setup(void **state)
{
    static World world;
    firm_make(&world);
    books_make(&world);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    return 0;
}

typedef struct Tamper {
    const char *name;
    Sql sql;
    bool is_derived; /* rebuild puts it right */
} Tamper;

static const Tamper tampers[] = {
    {"an entry is gone", {"DELETE FROM entry WHERE event = 'shipped'", "", NULL}, false},
    {"an entry has another amount",
        {"UPDATE entry SET amount = amount + 1 WHERE event = 'allocated'", "", NULL}, false},
    {"a position", {"UPDATE position SET receivable = receivable + 1", "", NULL}, true},
    {"a position on both sides",
        {"UPDATE position SET shipped = shipped + 1, outside = outside - 1", "", NULL}, true},
    {"where a dossier lists", {"UPDATE dossier SET from_id = from_id + 1", "", NULL}, true},
    {"what no dossier lists", {"DELETE FROM dossier", "", NULL}, true},
    {"that a block has an order", {"UPDATE dossier SET has_order = FALSE", "", NULL}, true},
    {"that a block has none", {"UPDATE dossier SET has_order = TRUE", "", NULL}, true},
    {"that a block has decisions", {"UPDATE dossier SET has_decision = NOT has_decision", "", NULL},
        true},
    {"an audit row of no account",
        {"INSERT INTO audit (id, account_id, seq, done_at, business_on, actor_name, operation,"
         " input, reply, status, hash) SELECT id + 1, 7, 1, 0, '2025-06-02', 'x', 'x',"
         " '{}', '{}', 201, hash FROM audit ORDER BY id DESC LIMIT 1",
            "", NULL},
        false},
    {"a dossier that lists what is not there",
        {"INSERT INTO dossier (account_id, from_id, has_order, has_decision)"
         " SELECT account_id, 16, FALSE, FALSE FROM position",
            "", NULL},
        true},
    {"a limit by day", {"UPDATE limit_day SET amount = amount + 1", "", NULL}, true},
    {"a day of a limit", {"DELETE FROM limit_day", "", NULL}, true},
    {"an order's ordered", {"UPDATE sales_order SET ordered = ordered + 1", "", NULL}, true},
    {"an order's shipped", {"UPDATE sales_order SET shipped = shipped - 1", "", NULL}, true},
    {"an order's invoiced", {"UPDATE sales_order SET invoiced = invoiced + 1", "", NULL}, true},
    {"a line's shipped", {"UPDATE order_line SET shipped_amount = 1", "", NULL}, true},
    {"a line's shipped quantity", {"UPDATE order_line SET shipped = shipped + 1", "", NULL}, true},
    {"a line's invoiced", {"UPDATE order_line SET invoiced_amount = 1", "", NULL}, true},
    {"a line's shipped tax", {"UPDATE order_line SET shipped_tax = 1", "", NULL}, true},
    {"a line's invoiced tax", {"UPDATE order_line SET invoiced_tax = 1", "", NULL}, true},
    {"a line's returned", {"UPDATE order_line SET returned_amount = 1", "", NULL}, true},
    {"a shipment's invoiced", {"UPDATE shipment SET invoiced = invoiced + 1", "", NULL}, true},
    {"a shipment's returned", {"UPDATE shipment SET returned = returned + 1", "", NULL}, true},
    {"a shipment's line", {"UPDATE shipment_line SET quantity = quantity + 1", "", NULL}, false},
    {"a return's line", {"UPDATE return_line SET moved = moved + 1", "", NULL}, false},
    {"an invoice's line", {"UPDATE invoice_line SET amount = amount + 1", "", NULL}, false},
    {"the tax of a shipment's line", {"UPDATE shipment_line SET tax = amount + 1", "", NULL},
        false},
    {"the tax of a return's line", {"UPDATE return_line SET tax = -1", "", NULL}, false},
    {"the tax of an invoice's line", {"UPDATE invoice_line SET tax = tax + 1", "", NULL}, false},
    {"an invoice's tax", {"UPDATE invoice SET tax = amount + 1", "", NULL}, false},
    {"a credit note's tax", {"UPDATE credit_note SET tax = -1", "", NULL}, false},
    {"an invoice's open amount", {"UPDATE invoice SET open = open + 1", "", NULL}, true},
    {"an invoice's amount", {"UPDATE invoice SET amount = amount + 1", "", NULL}, false},
    {"an invoice is made settled", {"UPDATE invoice SET open = 0, status = 'settled'", "", NULL},
        true},
    {"an allocation is gone", {"DELETE FROM allocation WHERE source_kind = 'payment'", "", NULL},
        false},
    {"an allocation beyond its invoice",
        {"UPDATE allocation SET amount = 40001 WHERE source_kind = 'payment'", "", NULL}, false},
    {"an allocation beyond its write-off",
        {"UPDATE allocation SET amount = amount + 1 WHERE source_kind = 'write_off'", "", NULL},
        false},
    {"a payment's advance", {"UPDATE payment SET advance = advance - 1", "", NULL}, true},
    {"a payment's amount", {"UPDATE payment SET amount = amount + 1", "", NULL}, false},
    {"a credit note's advance", {"UPDATE credit_note SET advance = 1", "", NULL}, true},
    {"a part of a refund", {"UPDATE refund_part SET amount = amount + 1", "", NULL}, false},
    {"a refund is made rejected", {"UPDATE refund SET status = 'rejected'", "", NULL}, false},
    {"a custom value of no record", {"UPDATE custom_value SET record_id = 7", "", NULL}, false},
    {"a custom value of another kind",
        {"UPDATE custom_value SET text_value = NULL, number_value = 1", "", NULL}, false},
    {"a custom value that is no option", {"UPDATE custom_value SET text_value = 'tv'", "", NULL},
        false},
};

static void sound_books_are_sound(void **state)
{
    World *world = *state;
    world_begin(world, 1);
    assert_int_equal(world_doctor(world), 0);
    world_end(world);
}

static void tampering_is_found(void **state)
{
    World *world = *state;
    for (size_t i = 0; i < COUNT(tampers); i++) {
        world_begin(world, i);
        CHECK_ROW(tampers[i].name, db_put(&world->place.cx, &tampers[i].sql, NO_ARGS) == ERR_OK);
        CHECK_ROW(tampers[i].name, world_doctor(world) > 0);
        if (tampers[i].is_derived) {
            world_rebuild(world);
            CHECK_ROW(tampers[i].name, world_doctor(world) == 0);
        }
        world_end(world);
    }
}

/* What counts as invoiced or returned of a shipment nobody else keeps:
 * rebuild brings it back row by row. */
static void rebuild_brings_all_back(void **state)
{
    static const Sql spoil[] = {
        {"UPDATE shipment SET invoiced = 7, returned = 7", "", NULL},
        {"UPDATE shipment_line SET returned = 7", "", NULL},
        {"UPDATE order_line SET shipped = 7, shipped_amount = 7, shipped_tax = 7, invoiced = 7,"
         " invoiced_amount = 7, invoiced_tax = 7, returned = 7, returned_amount = 7",
            "", NULL},
        {"UPDATE sales_order SET ordered = 7, shipped = 7, invoiced = 7", "", NULL},
        {"UPDATE dossier SET from_id = from_id + 16", "", NULL},
        {"UPDATE invoice SET open = 7", "", NULL},
        {"UPDATE payment SET advance = 7", "", NULL},
        {"UPDATE credit_note SET advance = 7", "", NULL},
        {"UPDATE position SET ordered = 7, shipped = 7, receivable = 7, advance = 7, settled = 7",
            "", NULL},
    };
    World *world = *state;
    world_begin(world, 99);
    const char *before = world_dump(world);
    for (size_t i = 0; i < COUNT(spoil); i++) {
        assert_int_equal(db_put(&world->place.cx, &spoil[i], NO_ARGS), ERR_OK);
    }
    world_rebuild(world);
    assert_string_equal(world_difference(world, before, world_dump(world)), "");
    world_end(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_books_are_sound),
        cmocka_unit_test(tampering_is_found),
        cmocka_unit_test(rebuild_brings_all_back),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
