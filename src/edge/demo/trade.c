/* From an order to its payment. */
#include "edge/demo/cast.h"

#include <string.h>

static Err trade_recheck(Play *play, Outlet *outlet, Deal *deal);

static const char *deal_number(Play *play, const Deal *deal)
{
    return arena_printf(play->cx->arena, "SO-%05zu", deal->index + 1);
}

/* Money makes room for the whole family of its account, so the order may be of any. Only held ones
 * are looked for, and those are young. */
static Deal *deal_by_order(Play *play, const char *order)
{
    for (size_t i = play->deal_count; i > 0; i--) {
        Deal *deal = play->deals[i - 1];
        if (strcmp(deal->order, order) == 0) {
            return deal;
        }
    }
    return NULL;
}

static json_t *order_in(Play *play, const Deal *deal)
{
    return json_pack("{s:s}", "order", deal_number(play, deal));
}

/* ---- What is owed, as the distributor's own books have it ---- */

int64_t trade_overdue(const Play *play, const Outlet *outlet, int64_t days)
{
    int64_t sum = 0;
    for (const Deal *deal = outlet->unpaid; deal != NULL; deal = deal->next_unpaid) {
        sum += deal->due_on + days < play->today ? deal->open : 0;
    }
    return sum;
}

static void unpaid_add(Outlet *outlet, Deal *deal)
{
    Deal **end = &outlet->unpaid;
    while (*end != NULL && *end != deal) {
        end = &(*end)->next_unpaid;
    }
    *end = deal;
}

/* Money settles what fell due first. */
static void unpaid_settle(Outlet *outlet, int64_t amount)
{
    while (outlet->unpaid != NULL && amount > 0) {
        Deal *deal = outlet->unpaid;
        int64_t part = deal->open < amount ? deal->open : amount;
        deal->open -= part;
        amount -= part;
        if (deal->open > 0) {
            return;
        }
        outlet->unpaid = deal->next_unpaid;
        deal->next_unpaid = NULL;
        deal->stage = deal->stage == DEAL_INVOICED ? DEAL_OVER : deal->stage;
    }
}

/* ---- Paying ---- */

static Err pay(Play *play, Outlet *outlet, int64_t amount, const Deal *earmark)
{
    if (amount <= 0) {
        return ERR_OK;
    }
    json_t *in = json_pack("{s:s,s:s,s:s,s:s}", "account", outlet->code, "amount",
        play_money(play, amount), "received_on", play_date(play, play->today), "reference",
        arena_printf(play->cx->arena, "BANK-%06lld", (long long)play->calls));
    if (earmark != NULL) {
        (void)json_object_set_new(in, "order", json_string(deal_number(play, earmark)));
    }
    CLEANUP(json_value_free) json_t *reply = NULL;
    TRY(play_do(play, "payment_post", CAST_FINANCE, in, &reply));
    unpaid_settle(outlet, play_minor(reply, "allocated"));
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(reply, "unblocked"), i, item)
    {
        Deal *deal = deal_by_order(play, json_string_value(item));
        if (deal != NULL) {
            play_plan_on(play, play->today, trade_recheck, deal->outlet, deal);
        }
    }
    return ERR_OK;
}

static Err deal_pay(Play *play, Outlet *outlet, Deal *deal)
{
    enum { IN_TWO_PERCENT = 8, SECOND_PART_DAYS = 14 };
    if (deal->open > 0 && random_chance(&play->random, IN_TWO_PERCENT)) {
        play_plan(play, SECOND_PART_DAYS, deal_pay, outlet, deal);
        return pay(play, outlet, deal->open / 2, NULL);
    }
    return pay(play, outlet, deal->open, NULL);
}

Err trade_settle(Play *play, Outlet *outlet, Deal *deal)
{
    (void)deal;
    return pay(play, outlet, trade_overdue(play, outlet, -DATE_MAX), NULL);
}

/* Days from the due date to the money; below -1000: it does not come. */
static int64_t delay_draw(Play *play, const Outlet *outlet)
{
    enum { NEVER = -100000, FAILS_AFTER = 480, LOST_AFTER = 950 };
    Random *random = &play->random;
    int64_t age = play->today - play->first;
    switch (outlet->habit) {
    case HABIT_PROMPT:
        return random_in(random, -6, 0);
    case HABIT_USUAL:
        return random_in(random, -2, 8);
    case HABIT_SLOW:
        return random_in(random, 4, 32);
    case HABIT_BAD:
        return random_in(random, 20, 95);
    case HABIT_FAILING:
        break;
    }
    if (age > LOST_AFTER && random_chance(random, 50)) {
        return NEVER;
    }
    return age < FAILS_AFTER ? random_in(random, -3, 4)
                             : random_in(random, 0, 10 + (age - FAILS_AFTER) / 5);
}

/* ---- Invoicing ---- */

static Err credit_note(Play *play, const Outlet *outlet, Deal *deal, const char *invoice)
{
    CLEANUP(json_value_free) json_t *reply = NULL;
    int64_t amount = deal->open * random_in(&play->random, 1, 4) / 100;
    TRY(play_do(play, "credit_note_post", CAST_FINANCE,
        json_pack("{s:s,s:s,s:s,s:s}", "account", outlet->code, "invoice", invoice, "amount",
            play_money(play, amount), "reason",
            random_chance(&play->random, 50) ? "Damaged in transit" : "Promotion allowance"),
        &reply));
    bool is_given = true;
    if (strcmp(play_text(reply, "status"), "pending") == 0) {
        CLEANUP(json_value_free) json_t *consent = NULL;
        TRY(play_try(play, "approval_approve", CAST_CREDIT,
            json_pack("{s:s,s:s}", "approval", play_text(reply, "approval"), "reason",
                "Delivery note seen"),
            &consent));
        is_given = consent != NULL;
    }
    deal->open -= is_given ? amount : 0;
    return ERR_OK;
}

static Err deal_invoice(Play *play, Outlet *outlet, Deal *deal)
{
    enum { CREDIT_NOTE_PERCENT = 2, LATEST = -1000 };
    CLEANUP(json_value_free) json_t *reply = NULL;
    TRY(play_do(play, "invoice_post", CAST_FINANCE,
        json_pack("{s:s,s:s,s:s,s:s}", "account", outlet->code, "order", deal_number(play, deal),
            "amount", play_money(play, deal->to_invoice), "invoiced_on",
            play_date(play, play->today)),
        &reply));
    deal->to_invoice = 0;
    deal->stage = deal->shipped_lines == deal->line_count ? DEAL_INVOICED : deal->stage;
    int64_t open = play_minor(reply, "open");
    if (open == 0) {
        return ERR_OK;
    }
    bool is_parsed = date_parse(play_text(reply, "due_on"), &deal->due_on);
    ASSERT(is_parsed);
    deal->open += open;
    unpaid_add(outlet, deal);
    if (random_chance(&play->random, CREDIT_NOTE_PERCENT)) {
        TRY(credit_note(play, outlet, deal, play_text(reply, "id")));
    }
    int64_t delay = delay_draw(play, outlet);
    if (delay > LATEST) {
        int64_t days = deal->due_on + delay - play->today;
        play_plan(play, days > 0 ? days : 0, deal_pay, outlet, deal);
    }
    return ERR_OK;
}

/* ---- Shipping ---- */

static Err deal_drop(Play *play, Outlet *outlet, Deal *deal)
{
    if (deal->stage != DEAL_HELD) {
        return ERR_OK;
    }
    deal->stage = deal->open > 0 || deal->to_invoice > 0 ? DEAL_INVOICED : DEAL_OVER;
    json_t *in = order_in(play, deal);
    (void)json_object_set_new(in, "reason", json_string("No longer wanted"));
    return play_do(play, "order_cancel", outlet->region->desk, in, NULL);
}

static Err goods_return(Play *play, const Outlet *outlet, Deal *deal, const char *shipment)
{
    CLEANUP(json_value_free) json_t *reply = NULL;
    TRY(play_do(play, "return_post", outlet->region->desk,
        json_pack("{s:s,s:[{s:i,s:i}],s:s}", "shipment", shipment, "lines", "line", 1, "quantity",
            1, "reason", "One case broken on arrival"),
        &reply));
    deal->to_invoice -= play_minor(reply, "amount");
    return ERR_OK;
}

static Err deal_ship(Play *play, Outlet *outlet, Deal *deal)
{
    enum { RETURN_PERCENT = 1, FORGOTTEN_PERCENT = 1, FORGOTTEN_DAYS = 75, AGAIN_DAYS = 5 };
    if (deal->stage != DEAL_APPROVED) {
        return ERR_OK;
    }
    Random *random = &play->random;
    CLEANUP(json_value_free) json_t *reply = NULL;
    TRY(play_do(play, "shipment_post", outlet->region->desk, order_in(play, deal), &reply));
    if (strcmp(play_text(reply, "status"), "held") == 0) {
        deal->stage = DEAL_HELD;
        play_plan(play, AGAIN_DAYS, trade_recheck, outlet, deal);
        return ERR_OK;
    }
    deal->shipped_lines = deal->line_count;
    deal->to_invoice += play_minor(reply, "amount");
    if (random_chance(random, RETURN_PERCENT)) {
        TRY(goods_return(play, outlet, deal, play_text(reply, "id")));
    }
    play_plan(play,
        random_chance(random, FORGOTTEN_PERCENT) ? FORGOTTEN_DAYS : random_in(random, 0, 3),
        deal_invoice, outlet, deal);
    return ERR_OK;
}

/* ---- Held orders ---- */

/* What the order would put above the limit. */
static int64_t excess_of(const json_t *reply)
{
    if (play_text(reply, "decision.limit")[0] == '\0') {
        return 0;
    }
    int64_t excess =
        play_minor(reply, "decision.exposure_after") - play_minor(reply, "decision.limit");
    return excess > 0 ? excess : 0;
}

static void deal_approved(Play *play, Outlet *outlet, Deal *deal)
{
    deal->stage = DEAL_APPROVED;
    play_plan(play, random_in(&play->random, 1, 4), deal_ship, outlet, deal);
}

static Err trade_recheck(Play *play, Outlet *outlet, Deal *deal)
{
    enum { AGAIN_DAYS = 7, TRIES = 3 };
    if (deal->stage != DEAL_HELD) {
        return ERR_OK;
    }
    CLEANUP(json_value_free) json_t *reply = NULL;
    TRY(play_do(play, "order_recheck", outlet->region->desk, order_in(play, deal), &reply));
    if (strcmp(play_text(reply, "status"), "approved") == 0) {
        deal_approved(play, outlet, deal);
        return ERR_OK;
    }
    deal->tries++;
    play_plan(play, AGAIN_DAYS, deal->tries < TRIES ? trade_recheck : deal_drop, outlet, deal);
    return ERR_OK;
}

static bool keeps_word(Play *play, const Outlet *outlet)
{
    static const int percent[] = {[HABIT_PROMPT] = 97,
        [HABIT_USUAL] = 90,
        [HABIT_SLOW] = 65,
        [HABIT_BAD] = 20,
        [HABIT_FAILING] = 45};
    return random_chance(&play->random, percent[outlet->habit]);
}

enum { PROMISE_DAYS = 21 };

static Err release_consent(Play *play, const char *who, const Deal *deal, const char **ret_status)
{
    CLEANUP(json_value_free) json_t *reply = NULL;
    TRY(play_try(play, "approval_approve", who,
        json_pack("{s:s,s:s}", "approval", deal->approval, "reason",
            "Sell-out seen; paid as agreed so far"),
        &reply));
    *ret_status = arena_str(play->cx->arena, play_text(reply, "status"));
    return ERR_OK;
}

/* Credit first; where the ladder wants more, the manager or the administrator as well. */
static Err release_rule(Play *play, Outlet *outlet, Deal *deal)
{
    enum { REJECTED_PERCENT = 25, AGAIN_DAYS = 7, BEFORE_DUE = 2 };
    const char *credit = random_chance(&play->random, 50) ? CAST_CREDIT : CAST_CREDIT_TOO;
    const char *status = "";
    bool is_wanted = !random_chance(&play->random, REJECTED_PERCENT);
    if (is_wanted) {
        TRY(release_consent(play, credit, deal, &status));
    }
    if (strcmp(status, "pending") == 0) {
        TRY(release_consent(play, cast_manager(outlet->region), deal, &status));
    }
    if (strcmp(status, "approved") == 0) {
        deal_approved(play, outlet, deal);
        if (keeps_word(play, outlet)) {
            play_plan(play, PROMISE_DAYS - BEFORE_DUE, trade_settle, outlet, NULL);
        }
        return ERR_OK;
    }
    play_plan(play, AGAIN_DAYS, trade_recheck, outlet, deal);
    return play_try(play, "approval_reject", credit,
        json_pack(
            "{s:s,s:s}", "approval", deal->approval, "reason", "Let the old invoices come in"),
        NULL);
}

static Err release_ask(Play *play, Outlet *outlet, Deal *deal)
{
    enum { ROUND = 10000 };
    static const char *const codes[] = {"cash_short", "season", "strategic", "bank_delay"};
    if (deal->stage != DEAL_HELD) {
        return ERR_OK;
    }
    Random *random = &play->random;
    json_t *in = order_in(play, deal);
    (void)json_object_set_new(in, "reason", json_string("Shops are waiting; money follows"));
    (void)json_object_set_new(
        in, "reason_code", json_string(codes[random_in(random, 0, COUNT(codes) - 1)]));
    if (deal->excess > 0) {
        (void)json_object_set_new(in, "promise",
            json_pack("{s:s,s:s}", "due_on", play_date(play, play->today + PROMISE_DAYS), "amount",
                play_money(play, (deal->excess / ROUND + 1) * ROUND)));
    }
    bool by_owner = outlet->has_owner && random_chance(random, 60);
    CLEANUP(json_value_free) json_t *reply = NULL;
    TRY(play_try(play, "order_release_request",
        by_owner ? outlet->region->owner : outlet->region->desk, in, &reply));
    deal->approval = arena_str(play->arena, play_text(reply, "approval"));
    play_plan(play, 1, reply != NULL ? release_rule : deal_drop, outlet, deal);
    return ERR_OK;
}

/* Pays what is old, and ahead what a graver state wants paid ahead. */
static Err pay_ahead(Play *play, Outlet *outlet, Deal *deal)
{
    if (deal->stage != DEAL_HELD) {
        return ERR_OK;
    }
    TRY(trade_settle(play, outlet, deal));
    return pay(play, outlet, deal->total, deal);
}

/* So many promises were broken that no money ahead would make the order pass. */
static bool is_distrusted(const json_t *reply)
{
    size_t i;
    json_t *rule;
    json_array_foreach(json_object_get(json_object_get(reply, "decision"), "rules"), i, rule)
    {
        if (strcmp(play_text(rule, "kind"), "broken_promises") == 0) {
            return strcmp(play_text(rule, "outcome"), "hold") == 0;
        }
    }
    return false;
}

static void deal_held(Play *play, Outlet *outlet, Deal *deal, const json_t *reply)
{
    /* What was held last waits for whoever tries the program. */
    enum { LEFT_DAYS = 10 };
    int64_t of_hundred = random_in(&play->random, 0, 99);
    bool is_ahead = strcmp(outlet->state, "prepay") == 0 || strcmp(outlet->state, "pay_down") == 0;
    bool is_refused = strcmp(play_text(reply, "decision.outcome"), "refuse") == 0;
    deal->stage = DEAL_HELD;
    if (is_refused || is_distrusted(reply) || of_hundred >= 85) {
        play_plan(play, 4, deal_drop, outlet, deal);
    } else if (!is_ahead && play->today > play->last - LEFT_DAYS) {
        return;
    } else if (is_ahead && of_hundred < 60) {
        play_plan(play, 2, pay_ahead, outlet, deal);
        play_plan(play, 10, deal_drop, outlet, deal);
    } else if (of_hundred < 40 && !is_ahead) {
        play_plan(play, 1, release_ask, outlet, deal);
    } else {
        play_plan(play, 6, trade_recheck, outlet, deal);
    }
}

/* ---- Ordering ---- */

/* Drinks sell in summer and before the Spring Festival; every year a little more. */
static int64_t wanted_amount(Play *play, const Outlet *outlet)
{
    static const int season[] = {125, 70, 80, 90, 110, 130, 140, 130, 105, 80, 80, 110};
    enum { GROWTH_PERCENT_A_YEAR = 7, YEAR_DAYS = 365 };
    int64_t grown = 100 + GROWTH_PERCENT_A_YEAR * (play->today - play->first) / YEAR_DAYS;
    return random_around(&play->random, outlet->order_size) *
           season[date_parts(play->today).month - 1] / 100 * grown / 100;
}

static json_t *lines_draw(Play *play, const Outlet *outlet, size_t count)
{
    json_t *lines = json_array();
    int64_t part = wanted_amount(play, outlet) / (int64_t)count;
    bool is_abroad = strcmp(outlet->region->territory, "EX") == 0;
    int64_t first = random_in(&play->random, 0, (int64_t)goods_count - 1);
    for (size_t i = 0; i < count; i++) {
        /* 5 and 12 have no common divisor, so that no product comes twice. */
        const Good *good = &goods[((size_t)first + i * 5) % goods_count];
        int64_t price = is_abroad ? good->price_abroad : good->price;
        json_t *line = json_pack(
            "{s:s,s:I}", "product", good->code, "quantity", (json_int_t)part / price + 1);
        if (is_abroad) {
            (void)json_object_set_new(line, "unit_price", json_string(play_money(play, price)));
        }
        (void)json_array_append_new(lines, line);
    }
    return lines;
}

static Deal *deal_new(Play *play, Outlet *outlet)
{
    ASSERT(play->deal_count < DEALS_MAX);
    Deal *deal = arena_alloc(play->arena, sizeof *deal);
    *deal = (Deal){
        .outlet = outlet,
        .index = play->deal_count,
        .line_count = (size_t)random_in(&play->random, 1, 4),
    };
    play->deals[play->deal_count++] = deal;
    return deal;
}

Err trade_order(Play *play, Outlet *outlet, Deal *last)
{
    (void)last;
    if (outlet->ends_on != DATE_NONE && play->today > outlet->ends_on) {
        return ERR_OK;
    }
    play_plan(play, random_around(&play->random, outlet->interval), trade_order, outlet, NULL);
    if (strcmp(outlet->state, "stop") == 0) {
        return ERR_OK;
    }
    Deal *deal = deal_new(play, outlet);
    CLEANUP(json_value_free) json_t *reply = NULL;
    TRY(play_do(play, "order_place", outlet->region->desk,
        json_pack("{s:s,s:s,s:o}", "account", outlet->code, "number", deal_number(play, deal),
            "lines", lines_draw(play, outlet, deal->line_count)),
        &reply));
    deal->order = arena_str(play->arena, play_text(reply, "id"));
    deal->total = play_minor(reply, "total");
    deal->excess = excess_of(reply);
    if (strcmp(play_text(reply, "status"), "approved") == 0) {
        deal_approved(play, outlet, deal);
    } else {
        deal_held(play, outlet, deal, reply);
    }
    return ERR_OK;
}
