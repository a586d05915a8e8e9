/* The books that every sequence begins with. */
#include "support/ploy_scenes.h"

#include <string.h>

const size_t ploy_scenes_group_head = 0;

/* ---- short words for calls ---- */

static const json_t *must(Ploy *ploy, const char *as, const char *operation, json_t *members)
{
    return world_must(&ploy->world, as, operation, members);
}

static void partner(Ploy *ploy, Scene scene, const char *code, const char *owner)
{
    json_t *members =
        json_pack("{s:s,s:s,s:[s]}", "code", code, "name", code, "roles", "distributor");
    if (owner != NULL) {
        (void)json_object_set_new(members, "owner", json_string(owner));
    }
    (void)must(ploy, "boss", "partner_create", members);
    ploy_note(ploy, THING_PARTNER, scene, code, "");
}

/* limit NULL: not set. */
static Bound *account(
    Ploy *ploy, Scene scene, const char *code, const char *currency, const char *limit)
{
    char name[16];
    (void)snprintf(name, sizeof name, "P%u", (unsigned)scene);
    json_t *members = json_pack(
        "{s:s,s:s,s:s,s:i}", "code", code, "partner", name, "currency", currency, "terms_days", 30);
    if (limit != NULL) {
        (void)json_object_set_new(members, "limit", json_string(limit));
    }
    const json_t *answer = must(ploy, "cleo", "account_create", members);
    ploy_note(ploy, THING_ACCOUNT, scene, code, "");
    Decimal amount = {0};
    Bound *bound = &ploy->bounds[ploy->bound_count++];
    *bound = (Bound){.rate = strcmp(currency, "USD") == 0 ? 7000 : 1000};
    char letter = 0;
    ASSERT(id_parse(world_text(answer, "id"), &letter, &bound->id));
    ASSERT(limit == NULL || decimal_parse(limit, &amount));
    ASSERT(limit == NULL || decimal_at_scale(amount, 2, &bound->limit));
    return bound;
}

/* Its id; `status` is what must come out. */
static const char *order(
    Ploy *ploy, Scene scene, const char *account, const char *amount, const char *status)
{
    const json_t *answer = must(ploy, "sam", "order_place",
        json_pack("{s:s,s:[{s:s,s:s,s:s}]}", "account", account, "lines", "product", "G1",
            "quantity", "1", "unit_price", amount));
    ASSERT(strcmp(world_text(answer, "status"), status) == 0);
    ploy_note(ploy, THING_ORDER, scene, world_text(answer, "id"), "");
    return world_text(answer, "id");
}

static void act(Ploy *ploy, const char *operation, const char *order)
{
    (void)must(
        ploy, "sam", operation, json_pack("{s:s,s:s}", "order", order, "reason", "so it is"));
}

static const char *ship(Ploy *ploy, Scene scene, const char *order, const char *quantity)
{
    const json_t *answer = must(ploy, "sam", "shipment_post",
        json_pack("{s:s,s:[{s:i,s:s}]}", "order", order, "lines", "line", 1, "quantity", quantity));
    ASSERT(strcmp(world_text(answer, "status"), "posted") == 0);
    ploy_note(ploy, THING_SHIPMENT, scene, world_text(answer, "id"), "");
    return world_text(answer, "id");
}

static json_t *day_in(Ploy *ploy, int days)
{
    char text[DATE_TEXT_SIZE];
    return json_string(world_date(&ploy->world, ploy->world.place.cx.today + days, text));
}

/* ---- the scenes ---- */

static void scene_busy(Ploy *ploy)
{
    partner(ploy, SCENE_BUSY, "P1", "sam");
    (void)account(ploy, SCENE_BUSY, "BUSY", "CNY", "1000.00");
    (void)order(ploy, SCENE_BUSY, "BUSY", "400.00", "approved");
    (void)ship(ploy, SCENE_BUSY, order(ploy, SCENE_BUSY, "BUSY", "300.00", "approved"), "1");
    (void)must(ploy, "fin", "invoice_post",
        json_pack("{s:s,s:s,s:o}", "account", "BUSY", "amount", "200.00", "invoiced_on",
            day_in(ploy, -20)));
    const json_t *answer = must(ploy, "sam", "promise_make",
        json_pack(
            "{s:s,s:s,s:o}", "account", "BUSY", "amount", "200.00", "due_on", day_in(ploy, 9)));
    ploy_note(ploy, THING_PROMISE, SCENE_BUSY, world_text(answer, "id"), "");
}

static void scene_closed(Ploy *ploy)
{
    partner(ploy, SCENE_CLOSED, "P2", "sam");
    (void)account(ploy, SCENE_CLOSED, "CLOSED", "CNY", "1000.00");
    const char *closed = order(ploy, SCENE_CLOSED, "CLOSED", "600.00", "approved");
    (void)ship(ploy, SCENE_CLOSED, closed, "0.25");
    act(ploy, "order_close", closed);
    act(ploy, "order_cancel", order(ploy, SCENE_CLOSED, "CLOSED", "500.00", "approved"));
    (void)order(ploy, SCENE_CLOSED, "CLOSED", "700.00", "approved");
}

static void scene_held(Ploy *ploy)
{
    partner(ploy, SCENE_HELD, "P3", "sam");
    (void)account(ploy, SCENE_HELD, "HELD", "CNY", "1000.00");
    (void)order(ploy, SCENE_HELD, "HELD", "600.00", "approved");
    const char *held = order(ploy, SCENE_HELD, "HELD", "500.00", "held");
    const json_t *answer = must(ploy, "sam", "order_release_request",
        json_pack("{s:s,s:s,s:s}", "order", held, "reason", "season", "reason_code", "season"));
    ploy_note(ploy, THING_APPROVAL, SCENE_HELD, world_text(answer, "approval"), "order_release");
}

static void scene_released(Ploy *ploy)
{
    partner(ploy, SCENE_RELEASED, "P4", "sam");
    Bound *bound = account(ploy, SCENE_RELEASED, "RELEASED", "CNY", "1000.00");
    (void)order(ploy, SCENE_RELEASED, "RELEASED", "300.00", "approved");
    const char *held = order(ploy, SCENE_RELEASED, "RELEASED", "800.00", "held");
    const json_t *answer = must(ploy, "cleo", "order_release",
        json_pack("{s:s,s:s,s:{s:o,s:s}}", "order", held, "reason", "he pays after the season",
            "promise", "due_on", day_in(ploy, 20), "amount", "150.00"));
    ASSERT(strcmp(world_text(answer, "status"), "approved") == 0);
    ploy_note(ploy, THING_PROMISE, SCENE_RELEASED, world_text(answer, "promise"), "");
    (void)ship(ploy, SCENE_RELEASED, held, "0.5");
    bound->released = 10000;
}

static void parent_set(Ploy *ploy, const char *account, const char *parent)
{
    const json_t *answer = must(ploy, "boss", "account_change",
        json_pack("{s:s,s:s}", "account", account, "parent", parent));
    const json_t *waiting = world_do(&ploy->world, NULL, "approval_list",
        json_pack("{s:s,s:s}", "account", account, "status", "pending"));
    (void)answer;
    const json_t *item = json_array_get(json_object_get(waiting, "items"), 0);
    (void)must(ploy, "cleo", "approval_approve",
        json_pack("{s:s,s:s}", "approval", world_text(item, "id"), "reason", "one house"));
}

static void scene_group(Ploy *ploy)
{
    partner(ploy, SCENE_GROUP, "P5", "sam");
    (void)account(ploy, SCENE_GROUP, "HEAD", "CNY", "1000.00");
    (void)account(ploy, SCENE_GROUP, "CHILD", "CNY", "800.00");
    account(ploy, SCENE_GROUP, "BARE", "CNY", NULL)->is_borrowed = true;
    parent_set(ploy, "CHILD", "HEAD");
    parent_set(ploy, "BARE", "HEAD");
    (void)order(ploy, SCENE_GROUP, "CHILD", "300.00", "approved");
    (void)ship(ploy, SCENE_GROUP, order(ploy, SCENE_GROUP, "BARE", "300.00", "approved"), "1");
    (void)must(ploy, "fin", "payment_post",
        json_pack("{s:s,s:s,s:o}", "account", "HEAD", "amount", "500.00", "received_on",
            day_in(ploy, 0)));
}

static void scene_abroad(Ploy *ploy)
{
    partner(ploy, SCENE_ABROAD, "P6", "sam");
    (void)account(ploy, SCENE_ABROAD, "ABROAD", "USD", "100.00");
    parent_set(ploy, "ABROAD", "HEAD");
    (void)order(ploy, SCENE_ABROAD, "ABROAD", "20.00", "approved");
}

static void scene_expiring(Ploy *ploy)
{
    partner(ploy, SCENE_EXPIRING, "P8", "sam");
    Bound *bound = account(ploy, SCENE_EXPIRING, "EXPIRING", "CNY", "1500.00");
    (void)must(ploy, "cleo", "limit_set",
        json_pack("{s:s,s:s,s:s,s:o}", "account", "EXPIRING", "amount", "1000.00", "reason",
            "until the fair", "until", day_in(ploy, 10)));
    bound->limit = 100000;
    bound->until = ploy->world.place.cx.today + 10;
    (void)order(ploy, SCENE_EXPIRING, "EXPIRING", "500.00", "approved");
}

static void scene_season(Ploy *ploy)
{
    partner(ploy, SCENE_SEASON, "P9", "sam");
    Bound *bound = account(ploy, SCENE_SEASON, "SEASON", "CNY", "300.00");
    const json_t *answer = must(ploy, "cleo", "limit_set",
        json_pack("{s:s,s:s,s:s,s:s,s:o,s:o}", "account", "SEASON", "amount", "1000.00", "reason",
            "spring", "kind", "seasonal", "from", day_in(ploy, 0), "until", day_in(ploy, 10)));
    (void)must(ploy, "carl", "approval_approve",
        json_pack("{s:s,s:s}", "approval", world_text(answer, "approval"), "reason", "spring"));
    bound->limit = 100000;
    bound->until = ploy->world.place.cx.today + 10;
    bound->later = 30000;
    (void)order(ploy, SCENE_SEASON, "SEASON", "800.00", "approved");
}

static void scene_prepay(Ploy *ploy)
{
    partner(ploy, SCENE_PREPAY, "P10", "sam");
    (void)account(ploy, SCENE_PREPAY, "PREPAY", "CNY", "1000.00");
    (void)must(ploy, "fin", "payment_post",
        json_pack("{s:s,s:s,s:o}", "account", "PREPAY", "amount", "200.00", "received_on",
            day_in(ploy, 0)));
    (void)order(ploy, SCENE_PREPAY, "PREPAY", "150.00", "approved");
    (void)must(ploy, "cleo", "account_state_set",
        json_pack("{s:s,s:s,s:s}", "account", "PREPAY", "state", "prepay", "reason", "pays late"));
}

static void scene_returned(Ploy *ploy)
{
    partner(ploy, SCENE_RETURNED, "P11", NULL);
    (void)account(ploy, SCENE_RETURNED, "RETURNED", "CNY", "1000.00");
    const char *placed = order(ploy, SCENE_RETURNED, "RETURNED", "800.00", "approved");
    const char *shipment = ship(ploy, SCENE_RETURNED, placed, "0.75");
    (void)must(ploy, "sam", "return_post",
        json_pack("{s:s,s:s,s:[{s:i,s:s}]}", "shipment", shipment, "reason", "wet", "lines", "line",
            1, "quantity", "0.5"));
    (void)order(ploy, SCENE_RETURNED, "RETURNED", "400.00", "approved");
}

static void figures_read(Ploy *ploy)
{
    static const Sql sql = {"SELECT p.account_id, a.parent_id,"
                            " ordered + shipped + receivable + cheque - advance,"
                            " shipped + receivable + cheque - advance FROM position p"
                            " JOIN account a ON a.id = p.account_id",
        "", "kkii"};
    Rows rows = world_ask(&ploy->world, &sql, NO_ARGS);
    while (db_next(&rows)) {
        for (size_t i = 0; i < ploy->bound_count; i++) {
            Bound *bound = &ploy->bounds[i];
            if (bound->id == db_id(&rows, 0)) {
                bound->parent = db_id(&rows, 1);
                bound->exposure = db_i64(&rows, 2);
                bound->out = db_i64(&rows, 3);
            }
        }
    }
}

void ploy_open(Ploy *ploy)
{
    World *world = &ploy->world;
    *ploy = (Ploy){.mate = "sue"};
    world_open(world, "CNY", "2026-03-02");
    world_staff(world);
    (void)must(ploy, "fin", "product_create",
        json_pack("{s:s,s:s,s:s}", "code", "G1", "name", "Goods", "unit_price", "100"));
    (void)must(ploy, "fin", "rate_set",
        json_pack("{s:s,s:s,s:s}", "currency", "USD", "rate", "7", "on", "2026-01-01"));
    scene_group(ploy); /* its head is the first bound */
    partner(ploy, SCENE_PLAIN, "P0", "sam");
    (void)account(ploy, SCENE_PLAIN, "PLAIN", "CNY", "1000.00");
    scene_busy(ploy);
    scene_closed(ploy);
    scene_held(ploy);
    scene_released(ploy);
    scene_abroad(ploy);
    partner(ploy, SCENE_NOT_SET, "P7", "sam");
    (void)account(ploy, SCENE_NOT_SET, "NOTSET", "CNY", NULL);
    scene_expiring(ploy);
    scene_season(ploy);
    scene_prepay(ploy);
    scene_returned(ploy);
    figures_read(ploy);
    ploy->stock_bounds = ploy->bound_count;
    ploy->stock_things = ploy->thing_count;
    ploy->start = world->place.cx.today;
    ploy->start_ms = world->place.cx.now_ms;
    world_end_kept(world);
}
