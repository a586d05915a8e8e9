/* Random trade: promises and settings, which step comes next, and the world it begins in. */
#include "support/trade.h"

#include "support/trade_pick.h"
#include "support/trade_steps.h"

#include <string.h>

/* ---- promises, limits, states, activities ---- */

static void step_promise(Trade *trade)
{
    static const Sql sql = {"SELECT id FROM promise ORDER BY id", "", "k"};
    const BookAccount *account = pick_account(trade);
    json_t *members = json_pack("{s:o,s:o,s:o}", "account", trade_id('A', account->id), "amount",
        trade_amount(account, pick_part(trade, account->receivable)), "due_on",
        trade_day(trade, 1, 25));
    const BookInvoice *invoice =
        trade_chance(trade, 50) ? pick_invoice(trade, fit_invoice_is_open) : NULL;
    if (invoice != NULL) {
        trade_set(members, "invoices", json_pack("[o]", trade_id('I', invoice->id)));
    }
    Id replaced = trade_chance(trade, 20) ? pick_row(trade, &sql) : 0;
    if (replaced != 0) {
        trade_set(members, "replaces", trade_id('V', replaced));
    }
    (void)trade_act(
        trade, trade_chance(trade, 70) ? pick_seller(trade) : "lou", "promise_make", members);
}

static void step_promise_withdraw(Trade *trade)
{
    static const Sql sql = {"SELECT id FROM promise ORDER BY id", "", "k"};
    Id id = pick_row(trade, &sql);
    if (id != 0) {
        trade_reasoned(
            trade, pick_approver(trade), "promise_withdraw", "promise", trade_id('V', id));
    }
}

static void step_limit(Trade *trade)
{
    static const char *const kinds[] = {"base", "base", "seasonal", "insured", "guaranteed"};
    const BookAccount *account = pick_account(trade);
    const char *kind = kinds[trade_below(trade, COUNT(kinds))];
    json_t *members = json_pack("{s:o,s:o,s:s,s:s}", "account", trade_id('A', account->id),
        "amount", trade_amount(account, pick_amount(trade)), "reason", "as he pays", "kind", kind);
    if (trade_chance(trade, 50) || strcmp(kind, "seasonal") == 0) {
        trade_set(members, "from", trade_day(trade, 5, 10));
        trade_set(members, "until", trade_day(trade, -11, 60));
    }
    if (strcmp(kind, "base") == 0 && trade_chance(trade, 10)) {
        trade_set(
            members, "amount", trade_chance(trade, 50) ? json_null() : json_string("unlimited"));
    }
    (void)trade_act(
        trade, trade_chance(trade, 70) ? "cleo" : pick_seller(trade), "limit_set", members);
}

static void step_state(Trade *trade)
{
    static const char *const states[] = {"normal", "normal", "watch", "prepay", "pay_down", "stop"};
    (void)trade_act(trade, pick_approver(trade), "account_state_set",
        json_pack("{s:o,s:s,s:s}", "account", trade_id('A', pick_account(trade)->id), "state",
            states[trade_below(trade, COUNT(states))], "reason", "as he pays"));
}

static void step_parent(Trade *trade)
{
    json_t *members = json_pack("{s:o}", "account", trade_id('A', pick_account(trade)->id));
    trade_set(members, "parent",
        trade_chance(trade, 30) ? json_null() : trade_id('A', pick_account(trade)->id));
    (void)trade_act(trade, trade_chance(trade, 50) ? "mia" : "cleo", "account_change", members);
}

static void step_activity(Trade *trade)
{
    static const char *const kinds[] = {"hospitality", "information", "collection", "review"};
    json_t *members = json_pack("{s:s,s:s,s:o,s:s}", "partner",
        trade_chance(trade, 50) ? "P1" : "P2", "kind", kinds[trade_below(trade, COUNT(kinds))],
        "on", trade_day(trade, 20, 0), "direction", "given");
    if (trade_chance(trade, 20)) {
        trade_set(members, "staff", json_pack("[s]", pick_approver(trade)));
    }
    (void)trade_act(trade, "sam", "activity_log", members);
}

static void step_activity_back(Trade *trade)
{
    static const Sql sql = {"SELECT id FROM activity ORDER BY id", "", "k"};
    Id id = pick_row(trade, &sql);
    if (id != 0) {
        trade_reasoned(trade, "sam", "activity_reverse", "activity", trade_id('H', id));
    }
}

/* ---- the calendar and the policy ---- */

static void step_day_close(Trade *trade)
{
    (void)trade_act(trade, "fin", "day_close",
        json_pack("{s:o}", "on", trade_day(trade, 0, trade_chance(trade, 5))));
}

static void step_period(Trade *trade)
{
    static const Sql sql = {"SELECT id FROM period WHERE action = 'close'", "", "k"};
    if (pick_row(trade, &sql) == 0 || trade_chance(trade, 50)) {
        (void)trade_act(trade, "fin", "period_close",
            json_pack("{s:o,s:s}", "until", trade_day(trade, 40, -6), "reason", "month"));
    } else {
        (void)trade_act(
            trade, "fin", "period_reopen", json_pack("{s:s}", "reason", "an invoice was late"));
    }
}

static void step_policy(Trade *trade)
{
    const json_t *policy = trade_act(trade, "cleo", "policy_get", json_object());
    json_t *members = json_deep_copy(policy);
    json_t *rule = json_array_get(json_object_get(members, "rules"), 0);
    static const char *const gates[] = {"both", "both", "order", "shipment"};
    trade_set(rule, "gate", json_string(gates[trade_below(trade, COUNT(gates))]));
    if (trade_chance(trade, 30)) {
        trade_set(rule, "horizon_days", json_integer(20));
    }
    trade_set(members, "promise_tolerance_days", json_integer(trade_below(trade, 6)));
    trade_set(members, "small_amount", json_string(trade_chance(trade, 50) ? "20.00" : "100.00"));
    trade_set(members, "conflict_days", json_integer(30));
    (void)trade_act(trade, "cleo", "policy_set", members);
}

static void step_rate(Trade *trade)
{
    (void)trade_act(trade, "fin", "rate_set",
        json_pack("{s:s,s:s,s:o}", "currency", trade_chance(trade, 50) ? "JPY" : "KWD", "rate",
            trade_chance(trade, 50) ? "0.0481" : "21.9", "on", trade_day(trade, 5, 0)));
}

typedef struct Step {
    uint32_t weight;
    void (*run)(Trade *trade);
} Step;

static const Step steps[] = {
    {18, step_order_place},
    {2, step_order_preview},
    {6, step_order_change},
    {2, step_cancel},
    {2, step_close},
    {3, step_reopen},
    {1, step_refuse},
    {4, step_recheck},
    {3, step_release_request},
    {6, step_release},
    {2, step_release_withdraw},
    {9, step_approve},
    {16, step_ship},
    {4, step_ship_back},
    {5, step_return},
    {4, step_return_back},
    {14, step_invoice},
    {5, step_invoice_back},
    {12, step_payment},
    {6, step_allocate},
    {4, step_payment_back},
    {3, step_allocation_back},
    {5, step_note},
    {3, step_note_back},
    {4, step_write_off},
    {2, step_write_off_back},
    {4, step_refund},
    {4, step_refund_back},
    {3, step_recover},
    {3, step_refunded_back},
    {4, step_written_off_back},
    {4, step_dealt_shipment_back},
    {5, step_promise},
    {1, step_promise_withdraw},
    {4, step_limit},
    {2, step_state},
    {1, step_parent},
    {2, step_activity},
    {1, step_activity_back},
    {3, step_day_close},
    {2, step_period},
    {1, step_policy},
    {1, step_rate},
};

void trade_step(Trade *trade)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < COUNT(steps); i++) {
        sum += steps[i].weight;
    }
    if (trade_chance(trade, 25)) {
        world_days(&trade->world, 1 + (int)trade_below(trade, 12));
    }
    trade->fault = NULL;
    trade->answer = NULL;
    trade->operation = NULL;
    uint32_t at = trade_below(trade, sum);
    size_t i = 0;
    for (; at >= steps[i].weight; i++) {
        at -= steps[i].weight;
    }
    steps[i].run(trade);
}

/* ---- opening ---- */

static void partner_make(World *world, const char *code, const char *owner)
{
    (void)world_must(world, "boss", "partner_create",
        json_pack("{s:s,s:s,s:[s],s:s}", "code", code, "name", code, "roles", "distributor",
            "owner", owner));
}

static void product_make(World *world, const char *code, const char *tax)
{
    (void)world_must(world, "fin", "product_create",
        json_pack(
            "{s:s,s:s,s:s,s:s}", "code", code, "name", code, "unit_price", "100", "tax_rate", tax));
}

static void rate_make(World *world, const char *currency, const char *rate)
{
    (void)world_must(world, "fin", "rate_set",
        json_pack("{s:s,s:s,s:s}", "currency", currency, "rate", rate, "on", "2026-01-01"));
}

void trade_open(Trade *trade)
{
    World *world = &trade->world;
    *trade = (Trade){0};
    world_open(world, "CNY", "2026-03-02");
    world_staff(world);
    world_user(world, "vera", "viewer");
    partner_make(world, "P1", "sam");
    partner_make(world, "P2", "sue");
    product_make(world, "G1", "0");
    product_make(world, "G2", "0.13");
    product_make(world, "G3", "0.09");
    rate_make(world, "JPY", "0.05");
    rate_make(world, "KWD", "22.5");
    trade->start = world->place.cx.today;
    trade->start_ms = world->place.cx.now_ms;
    world_end_kept(world);
}

static const char *limit_any(Trade *trade, int decimals, char text[DECIMAL_TEXT_SIZE])
{
    static const int64_t limits[] = {0, 10000, 50000, 100000, 100000, 200000, 500000};
    if (trade_chance(trade, 7)) {
        return "unlimited";
    }
    return world_amount(limits[trade_below(trade, COUNT(limits))], decimals, text);
}

static void account_make(Trade *trade, size_t i)
{
    static const char *const currencies[] = {"CNY", "CNY", "JPY", "KWD"};
    static const int decimals[] = {2, 2, 0, 3};
    char text[DECIMAL_TEXT_SIZE];
    uint32_t at = trade_below(trade, COUNT(currencies));
    json_t *members = json_pack("{s:o,s:s,s:s,s:i}", "code", json_sprintf("A%u", (unsigned)i),
        "partner", trade_chance(trade, 70) ? "P1" : "P2", "currency", currencies[at], "terms_days",
        (int)(trade_below(trade, 3) * 15));
    if (trade_chance(trade, 90)) {
        trade_set(members, "limit", json_string(limit_any(trade, decimals[at], text)));
    }
    if (i > 0 && trade_chance(trade, 30)) {
        trade_set(members, "parent", trade_id('A', trade->accounts[trade_below(trade, i)]));
    }
    const json_t *answer = world_must(&trade->world, "cleo", "account_create", members);
    char letter = 0;
    bool is_id = id_parse(world_text(answer, "id"), &letter, &trade->accounts[i]);
    ASSERT(is_id);
    trade->account_count = i + 1;
    books_follow(&trade->books);
    books_account(&trade->books, trade->accounts[i])->decimals = decimals[at];
}

void trade_begin(Trade *trade)
{
    World *world = &trade->world;
    world->place.cx.today = trade->start;
    world->place.cx.now_ms = trade->start_ms;
    trade->numbered = 0;
    trade->account_count = 0;
    books_open(&trade->books, world);
    size_t count = 2 + trade_below(trade, TRADE_ACCOUNTS_MAX - 1);
    for (size_t i = 0; i < count; i++) {
        account_make(trade, i);
    }
    trade->is_keyed = trade_chance(trade, 10);
}
