/* The steps of a sequence. */
#include "support/ploy.h"

#include "support/ploy_bounds.h"
#include "support/ploy_scenes.h"

#include <string.h>

/* ---- what calls can name ---- */

static Thing *thing_add(Ploy *ploy, ThingKind kind, size_t scene, const char *id)
{
    if (ploy->thing_count == PLOY_THINGS_MAX || id[0] == '\0') {
        return NULL;
    }
    Thing *thing = &ploy->things[ploy->thing_count++];
    *thing = (Thing){.kind = kind, .scene = scene};
    (void)snprintf(thing->id, sizeof thing->id, "%s", id);
    return thing;
}

/* One of the scene; now and then of any. NULL when there is none. */
static const char *thing_of(Ploy *ploy, ThingKind kind)
{
    const Thing *found[PLOY_THINGS_MAX];
    size_t count = 0;
    bool is_any = world_chance(&ploy->world, 4);
    for (size_t i = 0; i < ploy->thing_count; i++) {
        const Thing *thing = &ploy->things[i];
        if (thing->kind == kind && (is_any || thing->scene == ploy->scene)) {
            found[count++] = thing;
        }
    }
    return count == 0 ? NULL : found[world_below(&ploy->world, (uint32_t)count)]->id;
}

void ploy_note(Ploy *ploy, ThingKind kind, size_t scene, const char *id, const char *about)
{
    Thing *thing = thing_add(ploy, kind, scene, id);
    if (thing != NULL) {
        (void)snprintf(thing->about, sizeof thing->about, "%s", about);
    }
}

/* ---- calling ---- */

static const char *caller(Ploy *ploy)
{
    return world_chance(&ploy->world, 65) ? "sam" : ploy->mate;
}

/* Runs it and keeps what it made. */
static const json_t *step_do(Ploy *ploy, const char *as, const char *operation, json_t *members)
{
    const json_t *answer = world_do(&ploy->world, as, operation, members);
    ploy->calls++;
    ploy->done += ploy->world.status < 400;
    if (ploy->world.status < 400) {
        ploy_note(ploy, THING_APPROVAL, ploy->scene, world_text(answer, "approval"), operation);
        ploy_note(ploy, THING_PROMISE, ploy->scene, world_text(answer, "promise"), "");
    }
    return answer;
}

static void step_make(
    Ploy *ploy, ThingKind kind, const char *as, const char *operation, json_t *members)
{
    const json_t *answer = step_do(ploy, as, operation, members);
    if (ploy->world.status < 400) {
        ploy_note(ploy, kind, ploy->scene, world_text(answer, "id"), operation);
    }
}

/* ---- what they choose from ---- */

static json_t *amount_any(Ploy *ploy)
{
    static const int64_t amounts[] = {1, 100, 5000, 10000, 20000, 30000, 40000, 50000, 60000, 80000,
        99999, 100000, 100001, 120000, 200000};
    char text[DECIMAL_TEXT_SIZE];
    uint32_t at = world_below(&ploy->world, COUNT(amounts) + 3);
    int64_t amount = at < COUNT(amounts) ? amounts[at] : 0;
    if (at >= COUNT(amounts)) {
        const Bound *bound = &ploy->bounds[world_below(&ploy->world, (uint32_t)ploy->bound_count)];
        amount = bound->limit - bound->exposure + (int64_t)(at - COUNT(amounts)) - 1;
    }
    return json_string(world_amount(amount > 0 ? amount : 1, 2, text));
}

static json_t *day_near(Ploy *ploy, int back, int ahead)
{
    char text[DATE_TEXT_SIZE];
    World *world = &ploy->world;
    int days = (int)world_below(world, (uint32_t)(back + ahead + 1)) - back;
    return json_string(world_date(world, world->place.cx.today + days, text));
}

static json_t *lines_any(Ploy *ploy)
{
    json_t *line = json_pack("{s:s,s:s}", "product", "G1", "quantity", "1");
    (void)json_object_set_new(line, "unit_price", amount_any(ploy));
    if (world_chance(&ploy->world, 25)) {
        (void)json_object_set_new(line, "quantity", json_string("2.5"));
    }
    return json_pack("[o]", line);
}

/* Numbers to tell apart what one sequence makes. */
static json_t *code_new(Ploy *ploy, const char *letter)
{
    return json_sprintf("%s-%d", letter, ++ploy->made);
}

static void maybe(Ploy *ploy, json_t *members, const char *name, json_t *value)
{
    if (world_chance(&ploy->world, 40)) {
        (void)json_object_set_new(members, name, value);
    } else {
        json_decref(value);
    }
}

static const char *user_any(Ploy *ploy)
{
    static const char *const users[] = {"sam", "sue", "lou", "cleo"};
    return users[world_below(&ploy->world, COUNT(users))];
}

/* ---- the steps ---- */

static void step_order_place(Ploy *ploy)
{
    const char *account = thing_of(ploy, THING_ACCOUNT);
    json_t *members = json_pack("{s:s,s:o}", "account", account, "lines", lines_any(ploy));
    maybe(ploy, members, "wanted_on", day_near(ploy, 5, 60));
    maybe(ploy, members, "ordered_on", day_near(ploy, 60, 0));
    step_make(ploy, THING_ORDER, caller(ploy), "order_place", members);
}

static void step_order_change(Ploy *ploy)
{
    const char *order = thing_of(ploy, THING_ORDER);
    if (order == NULL) {
        return;
    }
    json_t *members = json_pack("{s:s}", "order", order);
    if (world_chance(&ploy->world, 70)) {
        json_t *lines = lines_any(ploy);
        if (world_chance(&ploy->world, 60)) {
            (void)json_object_set_new(json_array_get(lines, 0), "line", json_integer(1));
        }
        (void)json_object_set_new(members, "lines", lines);
    } else {
        (void)json_object_set_new(members, "wanted_on", day_near(ploy, 5, 60));
    }
    (void)step_do(ploy, caller(ploy), "order_change", members);
}

static void order_act(Ploy *ploy, const char *operation)
{
    const char *order = thing_of(ploy, THING_ORDER);
    if (order != NULL) {
        (void)step_do(ploy, caller(ploy), operation,
            json_pack("{s:s,s:s}", "order", order, "reason", "so it is"));
    }
}

static void step_cancel(Ploy *ploy)
{
    order_act(ploy, "order_cancel");
}

static void step_close(Ploy *ploy)
{
    order_act(ploy, "order_close");
}

static void step_reopen(Ploy *ploy)
{
    order_act(ploy, "order_reopen");
}

static void step_refuse(Ploy *ploy)
{
    order_act(ploy, "order_refuse");
}

static void step_withdraw_release(Ploy *ploy)
{
    order_act(ploy, "release_withdraw");
}

static void step_recheck(Ploy *ploy)
{
    const char *order = thing_of(ploy, THING_ORDER);
    if (order != NULL) {
        (void)step_do(ploy, caller(ploy), "order_recheck", json_pack("{s:s}", "order", order));
    }
}

static json_t *promise_any(Ploy *ploy)
{
    return json_pack("{s:o,s:o}", "due_on", day_near(ploy, 1, 40), "amount", amount_any(ploy));
}

static void step_release_request(Ploy *ploy)
{
    const char *order = thing_of(ploy, THING_ORDER);
    if (order == NULL) {
        return;
    }
    json_t *members = json_pack(
        "{s:s,s:s,s:s}", "order", order, "reason", "he will pay", "reason_code", "season");
    maybe(ploy, members, "promise", promise_any(ploy));
    maybe(ploy, members, "amount_max", amount_any(ploy));
    (void)step_do(ploy, caller(ploy), "order_release_request", members);
}

static void step_release(Ploy *ploy)
{
    const char *order = thing_of(ploy, THING_ORDER);
    if (order == NULL) {
        return;
    }
    json_t *members = json_pack("{s:s,s:s}", "order", order, "reason", "he will pay");
    maybe(ploy, members, "promise", promise_any(ploy));
    maybe(ploy, members, "amount_max", amount_any(ploy));
    maybe(ploy, members, "expires_on", day_near(ploy, 1, 40));
    (void)step_do(ploy, caller(ploy), "order_release", members);
}

static void step_ship(Ploy *ploy)
{
    const char *order = thing_of(ploy, THING_ORDER);
    if (order == NULL) {
        return;
    }
    json_t *members = json_pack("{s:s}", "order", order);
    maybe(ploy, members, "shipped_on", day_near(ploy, 30, 0));
    if (world_chance(&ploy->world, 40)) {
        (void)json_object_set_new(members, "lines",
            json_pack("[{s:i,s:s}]", "line", 1, "quantity",
                world_chance(&ploy->world, 50) ? "0.5" : "1"));
    }
    step_make(ploy, THING_SHIPMENT, caller(ploy), "shipment_post", members);
}

static void step_return(Ploy *ploy)
{
    const char *shipment = thing_of(ploy, THING_SHIPMENT);
    if (shipment != NULL) {
        (void)step_do(ploy, caller(ploy), "return_post",
            json_pack("{s:s,s:s,s:[{s:i,s:s}]}", "shipment", shipment, "reason", "broken", "lines",
                "line", 1, "quantity", world_chance(&ploy->world, 50) ? "0.5" : "1"));
    }
}

static void step_ship_back(Ploy *ploy)
{
    const char *shipment = thing_of(ploy, THING_SHIPMENT);
    if (shipment != NULL) {
        (void)step_do(ploy, caller(ploy), "shipment_reverse",
            json_pack("{s:s,s:s}", "shipment", shipment, "reason", "it never left"));
    }
}

static void step_promise(Ploy *ploy)
{
    const char *replaced = thing_of(ploy, THING_PROMISE);
    json_t *members = promise_any(ploy);
    (void)json_object_set_new(members, "account", json_string(thing_of(ploy, THING_ACCOUNT)));
    if (replaced != NULL) {
        maybe(ploy, members, "replaces", json_string(replaced));
    }
    step_make(ploy, THING_PROMISE, caller(ploy), "promise_make", members);
}

static void step_promise_withdraw(Ploy *ploy)
{
    const char *promise = thing_of(ploy, THING_PROMISE);
    if (promise != NULL) {
        (void)step_do(ploy, caller(ploy), "promise_withdraw",
            json_pack("{s:s,s:s}", "promise", promise, "reason", "forget it"));
    }
}

static void step_activity(Ploy *ploy)
{
    static const char *const kinds[] = {"hospitality", "collection", "information"};
    json_t *members = json_pack("{s:s,s:s,s:o}", "partner", thing_of(ploy, THING_PARTNER), "kind",
        kinds[world_below(&ploy->world, COUNT(kinds))], "on", day_near(ploy, 90, 0));
    maybe(ploy, members, "direction", json_string("given"));
    maybe(ploy, members, "staff", json_pack("[s]", user_any(ploy)));
    step_make(ploy, THING_ACTIVITY, caller(ploy), "activity_log", members);
}

static void step_activity_reverse(Ploy *ploy)
{
    const char *activity = thing_of(ploy, THING_ACTIVITY);
    if (activity != NULL) {
        (void)step_do(ploy, caller(ploy), "activity_reverse",
            json_pack("{s:s,s:s}", "activity", activity, "reason", "it was another"));
    }
}

static void step_owner(Ploy *ploy)
{
    json_t *members = json_pack("{s:s}", "partner", thing_of(ploy, THING_PARTNER));
    if (world_chance(&ploy->world, 80)) {
        (void)json_object_set_new(members, "owner", json_string(user_any(ploy)));
    } else {
        (void)json_object_set_new(members, "owner", json_null());
    }
    (void)step_do(ploy, caller(ploy), "partner_change", members);
}

static void step_partner(Ploy *ploy)
{
    json_t *members = json_pack(
        "{s:o,s:s,s:[s]}", "code", code_new(ploy, "NP"), "name", "New", "roles", "distributor");
    maybe(ploy, members, "owner", json_string(user_any(ploy)));
    step_make(ploy, THING_PARTNER, caller(ploy), "partner_create", members);
}

/* A limit given by the owner of the relation, or on his behalf, waits for somebody else. */
static void step_account(Ploy *ploy)
{
    static const char *const limits[] = {"unlimited", "100000.00", "0"};
    json_t *members = json_pack("{s:o,s:s,s:s,s:i}", "code", code_new(ploy, "NA"), "partner",
        thing_of(ploy, THING_PARTNER), "currency", world_chance(&ploy->world, 80) ? "CNY" : "USD",
        "terms_days", world_chance(&ploy->world, 80) ? 30 : 365);
    maybe(ploy, members, "limit", json_string(limits[world_below(&ploy->world, COUNT(limits))]));
    maybe(ploy, members, "parent", json_string(thing_of(ploy, THING_ACCOUNT)));
    step_make(ploy, THING_ACCOUNT, caller(ploy), "account_create", members);
}

static void step_account_change(Ploy *ploy)
{
    json_t *members = json_pack("{s:s}", "account", thing_of(ploy, THING_ACCOUNT));
    if (world_chance(&ploy->world, 70)) {
        bool is_out = world_chance(&ploy->world, 40);
        (void)json_object_set_new(
            members, "parent", is_out ? json_null() : json_string(thing_of(ploy, THING_ACCOUNT)));
    } else {
        (void)json_object_set_new(members, "terms_days", json_integer(365));
    }
    (void)step_do(ploy, caller(ploy), "account_change", members);
}

static void step_limit(Ploy *ploy)
{
    static const char *const kinds[] = {"base", "seasonal", "insured", "guaranteed"};
    json_t *members = json_pack("{s:s,s:o,s:s,s:s}", "account", thing_of(ploy, THING_ACCOUNT),
        "amount", amount_any(ploy), "reason", "a good man", "kind",
        kinds[world_below(&ploy->world, COUNT(kinds))]);
    if (world_chance(&ploy->world, 15)) {
        (void)json_object_set_new(members, "amount", json_string("unlimited"));
    }
    maybe(ploy, members, "from", day_near(ploy, 10, 20));
    maybe(ploy, members, "until", day_near(ploy, 0, 60));
    (void)step_do(ploy, caller(ploy), "limit_set", members);
}

static void step_state(Ploy *ploy)
{
    static const char *const states[] = {"normal", "watch", "prepay", "pay_down", "stop"};
    (void)step_do(ploy, caller(ploy), "account_state_set",
        json_pack("{s:s,s:s,s:s}", "account", thing_of(ploy, THING_ACCOUNT), "state",
            states[world_below(&ploy->world, COUNT(states))], "reason", "all is well"));
}

static void step_approve(Ploy *ploy)
{
    const char *approval = thing_of(ploy, THING_APPROVAL);
    if (approval != NULL) {
        (void)step_do(ploy, caller(ploy), "approval_approve",
            json_pack("{s:s,s:s}", "approval", approval, "reason", "I trust him"));
    }
}

static void step_reject(Ploy *ploy)
{
    const char *approval = thing_of(ploy, THING_APPROVAL);
    if (approval != NULL) {
        (void)step_do(ploy, caller(ploy), "approval_reject",
            json_pack("{s:s,s:s}", "approval", approval, "reason", "never mind"));
    }
}

/* Time goes on; the day may be closed. */
static void step_wait(Ploy *ploy)
{
    World *world = &ploy->world;
    char text[DATE_TEXT_SIZE];
    world_days(world, 1 + (int)world_below(world, world_chance(world, 70) ? 5 : 45));
    if (world_chance(world, 30)) {
        (void)step_do(ploy, "fin", "day_close",
            json_pack("{s:s}", "on", world_date(world, world->place.cx.today, text)));
    }
}

/* Somebody independent consents; from then on his word bounds the account. */
static void step_independent(Ploy *ploy)
{
    const char *approval = thing_of(ploy, THING_APPROVAL);
    if (approval == NULL) {
        return;
    }
    ploy->is_approver_in = true;
    (void)step_do(ploy, world_chance(&ploy->world, 80) ? "cleo" : "boss", "approval_approve",
        json_pack("{s:s,s:s}", "approval", approval, "reason", "I have seen it"));
    ploy->approved += ploy->world.status == 200;
}

typedef struct Step {
    uint32_t weight;
    void (*run)(Ploy *ploy);
} Step;

static const Step steps[] = {
    {16, step_order_place},
    {8, step_order_change},
    {4, step_cancel},
    {4, step_close},
    {6, step_reopen},
    {1, step_refuse},
    {4, step_recheck},
    {5, step_release_request},
    {5, step_release},
    {2, step_withdraw_release},
    {10, step_ship},
    {4, step_return},
    {4, step_ship_back},
    {5, step_promise},
    {2, step_promise_withdraw},
    {4, step_activity},
    {2, step_activity_reverse},
    {4, step_owner},
    {2, step_partner},
    {4, step_account},
    {4, step_account_change},
    {6, step_limit},
    {3, step_state},
    {8, step_approve},
    {1, step_reject},
    {5, step_wait},
    {2, step_independent},
};

static void step_any(Ploy *ploy)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < COUNT(steps); i++) {
        sum += steps[i].weight;
    }
    uint32_t at = world_below(&ploy->world, sum);
    size_t i = 0;
    for (; at >= steps[i].weight; i++) {
        at -= steps[i].weight;
    }
    steps[i].run(ploy);
}

/* ---- a sequence ---- */

static void sequence_start(Ploy *ploy, uint64_t seed)
{
    World *world = &ploy->world;
    world->place.cx.today = ploy->start;
    world->place.cx.now_ms = ploy->start_ms;
    ploy->thing_count = ploy->stock_things;
    ploy->made = 0;
    world_begin(world, seed);
    ploy->scene = world_below(world, SCENE_COUNT);
    ploy->mate = world_chance(world, 70) ? "sue" : "lou";
}

/* A journal of the sequence expects every account's figures. */
static void figures_ask(Ploy *ploy)
{
    for (size_t i = 0; i < ploy->thing_count; i++) {
        if (ploy->things[i].kind == THING_ACCOUNT) {
            (void)world_do(&ploy->world, NULL, "exposure_get",
                json_pack("{s:s}", "account", ploy->things[i].id));
        }
    }
}

const char *ploy_run(Ploy *ploy, uint64_t seed)
{
    Bound stock[PLOY_ACCOUNTS_MAX];
    memcpy(stock, ploy->bounds, sizeof stock);
    sequence_start(ploy, seed);
    const char *fault = NULL;
    int64_t end = ploy->calls + PLOY_STEPS_MAX;
    for (int i = 0; i < PLOY_TRIES && ploy->calls < end && fault == NULL; i++) {
        ploy->is_approver_in = false;
        step_any(ploy);
        if (ploy->world.status >= 500) {
            fault = "the program failed";
        }
        fault = fault != NULL ? fault : ploy_approvals_check(ploy);
        fault = fault != NULL ? fault : ploy_bounds_check(ploy);
    }
    if (ploy->world.script != NULL) {
        figures_ask(ploy);
    }
    world_end(&ploy->world);
    memcpy(ploy->bounds, stock, sizeof stock);
    ploy->bound_count = ploy->stock_bounds;
    return fault;
}
