/* A day of trade in the demonstration. */
#include "edge/demo/demo.h"

#include "base/json.h"

#include <string.h>

static const char *text_in(const json_t *reply, const char *name)
{
    return json_string_value(json_object_get(reply, name));
}

static const char *kept(Demo *demo, const json_t *reply, const char *name)
{
    return arena_str(demo->arena, text_in(reply, name));
}

/* ---- Orders ---- */

/* In percent: twice as much before the spring festival as in summer. */
static int season(Date on)
{
    static const int by_month[] = {165, 60, 90, 95, 95, 85, 80, 85, 95, 105, 140, 170};
    return by_month[date_parts(on).month - 1];
}

static json_t *order_lines(Demo *demo, const DemoAccount *account, int64_t worth)
{
    json_t *lines = json_array();
    int count = 1 + demo_dice(demo, 4);
    for (int i = 0; i < count; i++) {
        int product = (demo_dice(demo, DEMO_PRODUCTS) + i) % DEMO_PRODUCTS;
        int64_t quantity = worth / count / (18 + 7 * product) + 1;
        const char *price = arena_printf(demo->arena, "%d.50", (18 + 7 * product) / 7);
        json_t *line =
            json_pack("{s:s,s:I}", "product", arena_printf(demo->arena, "G%03d", product + 1),
                "quantity", (json_int_t)(account->is_foreign ? quantity * 7 : quantity));
        if (account->is_foreign) {
            (void)json_object_set_new(line, "unit_price", json_string(price));
        }
        (void)json_array_append_new(lines, line);
    }
    return lines;
}

static void order_follow(Demo *demo, int account, const char *order, const char *status)
{
    if (strcmp(status, "approved") == 0) {
        demo_event(demo, demo->day + 2 + demo_dice(demo, 5),
            (Event){.kind = EVENT_SHIP, .account = account, .document = order});
    } else if (strcmp(status, "held") == 0) {
        demo->figures.held++;
        demo_event(demo, demo->day + 1 + demo_dice(demo, 2),
            (Event){.kind = EVENT_HELD, .account = account, .document = order});
    }
}

static Err order_new(Ctx *cx, Demo *demo, int index)
{
    const DemoAccount *account = &demo->accounts[index];
    int64_t worth = account->monthly / 2 * season(cx->today) / 100;
    worth = worth * (70 + demo_dice(demo, 60)) / 100;
    json_t *reply = NULL;
    TRY(demo_call(cx, demo, "order_place", account->owner,
        json_pack(
            "{s:s,s:o}", "account", account->code, "lines", order_lines(demo, account, worth)),
        &reply));
    if (reply != NULL) {
        demo->figures.orders++;
        order_follow(demo, index, kept(demo, reply, "id"), text_in(reply, "status"));
    }
    json_value_free(&reply);
    return ERR_OK;
}

/* ---- Held orders ---- */

static bool minor_of(const char *text, int64_t *ret_minor)
{
    Decimal decimal;
    return text != NULL && decimal_parse(text, &decimal) && decimal_at_scale(decimal, 2, ret_minor);
}

/* What the release's promise must bring: the amount above the limit. */
static const char *excess_of(Demo *demo, const json_t *order)
{
    const json_t *decision = json_object_get(order, "decision");
    int64_t after = 0;
    int64_t limit = 0;
    if (!minor_of(text_in(decision, "exposure_after"), &after) ||
        !minor_of(text_in(decision, "limit"), &limit) || after <= limit) {
        return NULL;
    }
    int64_t units = (after - limit + 99) / 100;
    return arena_printf(demo->arena, "%lld", (long long)units);
}

/* The credit controller gives it on a dated promise; where the ladder wants more,
 * the manager or the director agrees too. */
static Err release_try(Ctx *cx, Demo *demo, const char *order, json_t **ret_reply)
{
    json_t *shown = NULL;
    TRY(demo_call(cx, demo, "order_get", NULL, json_pack("{s:s}", "order", order), &shown));
    const char *excess = excess_of(demo, shown);
    json_t *members =
        json_pack("{s:s,s:s}", "order", order, "reason", "season stock, money agreed");
    if (excess != NULL) {
        (void)json_object_set_new(members, "promise",
            json_pack("{s:s,s:s}", "due_on", demo_date(demo, demo->day + 20), "amount", excess));
    }
    json_value_free(&shown);
    TRY(demo_call(cx, demo, "order_release", "han.credit", members, ret_reply));
    const char *approval =
        *ret_reply == NULL || strcmp(text_in(*ret_reply, "status"), "pending") != 0
            ? NULL
            : kept(demo, *ret_reply, "approval");
    if (approval == NULL) {
        return ERR_OK;
    }
    static const char *const others[] = {"liu.sales", "gao.director"};
    for (size_t i = 0; i < COUNT(others); i++) {
        json_t *consent = NULL;
        TRY(demo_call(cx, demo, "approval_approve", others[i],
            json_pack("{s:s,s:s}", "approval", approval, "reason", "as agreed with the partner"),
            &consent));
        json_value_free(&consent);
    }
    json_value_free(ret_reply);
    return demo_call(cx, demo, "order_get", NULL, json_pack("{s:s}", "order", order), ret_reply);
}

static Err held_see_to(Ctx *cx, Demo *demo, const Event *event)
{
    json_t *reply = NULL;
    const DemoAccount *account = &demo->accounts[event->account];
    if (event->tries == 0 && demo_chance(demo, account->temper == TEMPER_BAD ? 30 : 70)) {
        TRY(release_try(cx, demo, event->document, &reply));
    } else {
        TRY(demo_call(cx, demo, "order_recheck", "han.credit",
            json_pack("{s:s}", "order", event->document), &reply));
    }
    const char *status = reply == NULL ? "held" : text_in(reply, "status");
    bool is_approved = status != NULL && strcmp(status, "approved") == 0;
    json_value_free(&reply);
    if (is_approved) {
        demo->figures.released++;
        order_follow(demo, event->account, event->document, "approved");
        return ERR_OK;
    }
    if (event->tries < 4) {
        Event again = *event;
        again.tries++;
        demo_event(demo, demo->day + 6, again);
        return ERR_OK;
    }
    TRY(demo_call(cx, demo, "order_cancel", account->owner,
        json_pack("{s:s,s:s}", "order", event->document, "reason", "not cleared in time"), &reply));
    json_value_free(&reply);
    return ERR_OK;
}

/* ---- Shipments and invoices ---- */

static Err ship(Ctx *cx, Demo *demo, const Event *event)
{
    json_t *reply = NULL;
    TRY(demo_call(cx, demo, "shipment_post", demo->accounts[event->account].owner,
        json_pack("{s:s}", "order", event->document), &reply));
    Event next = *event;
    next.tries = 0;
    if (reply != NULL && strcmp(text_in(reply, "status"), "posted") == 0) {
        next.kind = EVENT_BILL;
        next.amount = kept(demo, reply, "amount");
        demo_event(demo, demo->day + 1, next);
    } else if (reply != NULL) {
        next.kind = EVENT_HELD;
        demo_event(demo, demo->day + 3, next);
    }
    json_value_free(&reply);
    return ERR_OK;
}

/* How many days after it is due. It gets worse in the third year. */
static int lateness(Demo *demo, Temper temper)
{
    int third_year = demo->day > 2 * 365 ? 2 : 1;
    if (temper == TEMPER_PROMPT) {
        return demo_dice(demo, 6) - 4;
    }
    return temper == TEMPER_SLOW ? demo_dice(demo, 14) : 8 + demo_dice(demo, 25) * third_year;
}

static Err bill(Ctx *cx, Demo *demo, const Event *event)
{
    const DemoAccount *account = &demo->accounts[event->account];
    json_t *reply = NULL;
    TRY(demo_call(cx, demo, "invoice_post", "song.finance",
        json_pack("{s:s,s:s,s:s,s:s}", "account", account->code, "amount", event->amount,
            "invoiced_on", demo_date(demo, demo->day), "order", event->document),
        &reply));
    if (reply != NULL) {
        Event next = {.kind = EVENT_PAY, .account = event->account, .amount = event->amount};
        int late = lateness(demo, account->temper);
        next.document = kept(demo, reply, "id");
        if (late > 10) {
            next.kind = EVENT_LATE;
            next.tries = late - 10;
            late = 10;
        }
        demo_event(demo, demo->day + account->terms_days + late, next);
    }
    json_value_free(&reply);
    return ERR_OK;
}

/* ---- Money ---- */

static Err pay(Ctx *cx, Demo *demo, const Event *event)
{
    json_t *reply = NULL;
    TRY(demo_call(cx, demo, "payment_post", "song.finance",
        json_pack("{s:s,s:s,s:s}", "account", demo->accounts[event->account].code, "amount",
            event->amount, "received_on", demo_date(demo, demo->day)),
        &reply));
    json_value_free(&reply);
    return ERR_OK;
}

/* The collector calls, and gets a date. It is kept when `tries`,
 * the days the money still takes, are no more. */
static Err dun(Ctx *cx, Demo *demo, const Event *event)
{
    const DemoAccount *account = &demo->accounts[event->account];
    const char *amount = event->amount;
    json_t *reply = NULL;
    TRY(demo_call(cx, demo, "promise_make", "tang.collect",
        json_pack("{s:s,s:s,s:s,s:[s]}", "account", account->code, "amount", amount, "due_on",
            demo_date(demo, demo->day + 10), "invoices", event->document),
        &reply));
    json_value_free(&reply);
    TRY(demo_call(cx, demo, "activity_log", "tang.collect",
        json_pack("{s:s,s:s,s:s,s:s}", "partner", account->code, "kind", "collection", "on",
            demo_date(demo, demo->day), "outcome", "promised to pay"),
        &reply));
    json_value_free(&reply);
    Event next = *event;
    next.kind = EVENT_PAY;
    demo_event(demo, demo->day + event->tries, next);
    return ERR_OK;
}

/* ---- Contacts ---- */

static Err contact(Ctx *cx, Demo *demo, int index)
{
    static const char *const kinds[] = {
        "information", "market", "planning", "review", "training", "service", "information"};
    const DemoAccount *account = &demo->accounts[index];
    bool is_meal = demo_chance(demo, index % DEMO_SELLERS == 3 ? 45 : 10);
    const char *kind = is_meal ? "hospitality" : kinds[demo_dice(demo, COUNT(kinds))];
    json_t *members = json_pack("{s:s,s:s,s:s,s:i}", "partner", account->code, "kind", kind, "on",
        demo_date(demo, demo->day), "minutes", 20 + 10 * demo_dice(demo, 12));
    if (is_meal) {
        (void)json_object_set_new(members, "direction", json_string("given"));
        (void)json_object_set_new(members, "cost",
            json_string(arena_printf(demo->arena, "%d.00", 200 + 50 * demo_dice(demo, 20))));
    }
    json_t *reply = NULL;
    TRY(demo_call(cx, demo, "activity_log", account->owner, members, &reply));
    json_value_free(&reply);
    return ERR_OK;
}

/* ---- The day ---- */

static Err event_run(Ctx *cx, Demo *demo, const Event *event)
{
    switch (event->kind) {
    case EVENT_SHIP:
        return ship(cx, demo, event);
    case EVENT_BILL:
        return bill(cx, demo, event);
    case EVENT_HELD:
        return held_see_to(cx, demo, event);
    case EVENT_LATE:
        return dun(cx, demo, event);
    case EVENT_PAY:
        return pay(cx, demo, event);
    }
    return ERR_OK;
}

Err demo_day(Ctx *cx, Demo *demo)
{
    for (const Event *event = demo->events[demo->day]; event != NULL; event = event->next) {
        TRY(event_run(cx, demo, event));
    }
    bool is_weekend = date_weekday(cx->today) >= 5;
    for (int i = 0; i < DEMO_ACCOUNTS && !is_weekend; i++) {
        if (demo_dice(demo, 22) < 2) {
            TRY(order_new(cx, demo, i));
        }
        if (demo_dice(demo, 22) == 0) {
            TRY(contact(cx, demo, i));
        }
    }
    return ERR_OK;
}
