/* Steps of random trade: orders, what holds and releases them, shipments and returns. */
#include "support/trade_steps.h"

#include "support/trade_pick.h"

#include <string.h>

/* ---- orders ---- */

typedef struct Price {
    const char *product;
    const char *quantity;
    int64_t milli;
    const char *price;
    int64_t micro;
} Price;

/* Half up, of the currency's smallest unit. */
static int64_t line_worth(const Price *price, int decimals)
{
    static const int64_t powers[] = {1, 10, 100, 1000};
    __extension__ typedef __int128 Wide;
    Wide product = (Wide)price->milli * price->micro * powers[decimals];
    return (int64_t)((product + 500000000) / 1000000000);
}

/* A line, and what it is worth. */
static json_t *line_any(Trade *trade, const BookAccount *account, int64_t *ret_worth)
{
    static const Price prices[] = {
        {"G1", "1", 1000, "100", 100000000},
        {"G1", "3", 3000, "33.333333", 33333333},
        {"G2", "7", 7000, "0.005", 5000},
        {"G2", "4", 4000, "0.125", 125000},
        {"G1", "2.5", 2500, "80.5", 80500000},
        {"G3", "0.333", 333, "1000", 1000000000},
        {"G3", "10", 10000, "19.99", 19990000},
        {"G2", "1000", 1000000, "0.0335", 33500},
        {"G3", "1", 1000, "700", 700000000},
        {"G1", "12", 12000, "55.5555", 55555500},
    };
    const Price *price = &prices[trade_below(trade, COUNT(prices))];
    *ret_worth = line_worth(price, account->decimals);
    return json_pack("{s:s,s:s,s:s}", "product", price->product, "quantity", price->quantity,
        "unit_price", price->price);
}

static json_t *lines_any(Trade *trade, const BookAccount *account, int64_t *ret_worth)
{
    json_t *lines = json_array();
    size_t count = 1 + trade_below(trade, 3);
    *ret_worth = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t worth = 0;
        int failed = json_array_append_new(lines, line_any(trade, account, &worth));
        ASSERT(failed == 0);
        *ret_worth += worth;
    }
    return lines;
}

static void total_check(Trade *trade, const BookAccount *account, int64_t worth)
{
    char text[DECIMAL_TEXT_SIZE];
    if (trade->world.status < 400 && strcmp(world_text(trade->answer, "total"),
                                         world_amount(worth, account->decimals, text)) != 0) {
        trade_fault(trade, "the total is not the sum of its lines");
    }
}

void step_order_place(Trade *trade)
{
    const BookAccount *account = pick_account(trade);
    int64_t worth = 0;
    json_t *members = json_pack("{s:o}", "account", trade_id('A', account->id));
    trade_set(members, "lines", lines_any(trade, account, &worth));
    if (trade_chance(trade, 30)) {
        trade_set(members, "wanted_on", trade_day(trade, 3, 50));
    }
    if (trade_chance(trade, 20)) {
        trade_set(members, "ordered_on", trade_day(trade, 10, 1));
    }
    if (trade_chance(trade, 10)) {
        trade_set(members, "number", json_sprintf("N%d", ++trade->numbered));
    }
    (void)trade_act(trade, pick_seller(trade), "order_place", members);
    total_check(trade, account, worth);
}

void step_order_preview(Trade *trade)
{
    const BookAccount *account = pick_account(trade);
    int64_t worth = 0;
    json_t *members = json_pack("{s:o}", "account", trade_id('A', account->id));
    trade_set(members, "lines", lines_any(trade, account, &worth));
    (void)trade_act(trade, pick_seller(trade), "order_preview", members);
    total_check(trade, account, worth);
}

/* Keeps the first line, or replaces all. */
void step_order_change(Trade *trade)
{
    const BookOrder *order = pick_order(trade, fit_is_open_order);
    if (order == NULL) {
        return;
    }
    int64_t worth = 0;
    json_t *members = json_pack("{s:o}", "order", trade_id('O', order->id));
    if (trade_chance(trade, 75)) {
        json_t *lines = lines_any(trade, books_account(&trade->books, order->account), &worth);
        if (trade_chance(trade, 80)) {
            trade_set(json_array_get(lines, 0), "line", json_integer(1));
        }
        trade_set(members, "lines", lines);
    } else {
        trade_set(members, "wanted_on", trade_day(trade, 9, -9));
    }
    (void)trade_act(trade, pick_seller(trade), "order_change", members);
}

static void order_reasoned(Trade *trade, const char *as, const char *operation, Fits fits)
{
    const BookOrder *order = pick_order(trade, fits);
    if (order != NULL) {
        trade_reasoned(trade, as, operation, "order", trade_id('O', order->id));
    }
}

void step_cancel(Trade *trade)
{
    order_reasoned(trade, pick_seller(trade), "order_cancel", fit_is_open_order);
}

void step_close(Trade *trade)
{
    order_reasoned(trade, pick_seller(trade), "order_close", fit_is_open_order);
}

void step_reopen(Trade *trade)
{
    order_reasoned(trade, pick_seller(trade), "order_reopen", fit_is_ended);
}

void step_refuse(Trade *trade)
{
    order_reasoned(trade, "cleo", "order_refuse", fit_is_held);
}

void step_recheck(Trade *trade)
{
    const BookOrder *order = pick_order(trade, fit_is_held);
    if (order != NULL) {
        (void)trade_act(trade, pick_seller(trade), "order_recheck",
            json_pack("{s:o}", "order", trade_id('O', order->id)));
    }
}

/* ---- releases and approvals ---- */

static json_t *release_any(Trade *trade, const BookOrder *order)
{
    const BookAccount *account = books_account(&trade->books, order->account);
    json_t *members = json_pack(
        "{s:o,s:s}", "order", trade_id('O', order->id), "reason", "he pays after the season");
    if (trade_chance(trade, 50)) {
        trade_set(members, "promise",
            json_pack("{s:o,s:o}", "due_on", trade_day(trade, -5, 20), "amount",
                trade_amount(account, order->total)));
    }
    if (trade_chance(trade, 40)) {
        trade_set(members, "amount_max", trade_amount(account, pick_part(trade, order->total)));
    }
    return members;
}

void step_release_request(Trade *trade)
{
    const BookOrder *order = pick_order(trade, fit_is_held);
    if (order == NULL) {
        return;
    }
    json_t *members = release_any(trade, order);
    trade_set(members, "reason_code", json_string("season"));
    (void)trade_act(trade, pick_seller(trade), "order_release_request", members);
}

void step_release(Trade *trade)
{
    const BookOrder *order = pick_order(trade, fit_is_held);
    if (order == NULL) {
        return;
    }
    json_t *members = release_any(trade, order);
    if (trade_chance(trade, 30)) {
        trade_set(members, "expires_on", trade_day(trade, 0, 31));
    }
    (void)trade_act(trade, pick_approver(trade), "order_release", members);
}

void step_release_withdraw(Trade *trade)
{
    order_reasoned(
        trade, trade_chance(trade, 80) ? "cleo" : "mia", "release_withdraw", fit_is_released);
}

static const Sql sql_pending = {
    "SELECT id FROM approval WHERE status = 'pending' ORDER BY id", "", "k"};

void step_approve(Trade *trade)
{
    Id approval = pick_row(trade, &sql_pending);
    if (approval != 0) {
        bool is_for = trade_chance(trade, 85);
        trade_reasoned(trade, pick_approver(trade), is_for ? "approval_approve" : "approval_reject",
            "approval", trade_id('Y', approval));
    }
}

/* ---- goods ---- */

void step_ship(Trade *trade)
{
    const BookOrder *order = pick_order(trade, fit_is_approved);
    if (order == NULL) {
        return;
    }
    json_t *members = json_pack("{s:o}", "order", trade_id('O', order->id));
    if (trade_chance(trade, 50)) {
        static const char *const quantities[] = {"0.1", "0.333", "1", "1", "2", "3"};
        trade_set(members, "lines",
            json_pack("[{s:i,s:s}]", "line", (int)(1 + trade_below(trade, 2)), "quantity",
                quantities[trade_below(trade, COUNT(quantities))]));
    }
    if (trade_chance(trade, 20)) {
        trade_set(members, "shipped_on", trade_day(trade, 8, 1));
    }
    (void)trade_act(trade, pick_seller(trade), "shipment_post", members);
}

void step_ship_back(Trade *trade)
{
    const BookShipment *shipment = pick_shipment(trade);
    if (shipment != NULL) {
        trade_reasoned(
            trade, pick_seller(trade), "shipment_reverse", "shipment", trade_id('S', shipment->id));
    }
}

void step_return(Trade *trade)
{
    static const char *const quantities[] = {"0.1", "0.333", "0.5", "1", "1", "2", "7"};
    const BookShipment *shipment = pick_shipment(trade);
    if (shipment != NULL) {
        (void)trade_act(trade, pick_seller(trade), "return_post",
            json_pack("{s:o,s:s,s:[{s:i,s:s}]}", "shipment", trade_id('S', shipment->id), "reason",
                "wet", "lines", "line", (int)(1 + trade_below(trade, 2)), "quantity",
                quantities[trade_below(trade, COUNT(quantities))]));
    }
}

void step_return_back(Trade *trade)
{
    static const Sql sql = {
        "SELECT id FROM goods_return WHERE status = 'posted' ORDER BY id", "", "k"};
    Id id = pick_row(trade, &sql);
    if (id != 0) {
        trade_reasoned(trade, pick_seller(trade), "return_reverse", "return", trade_id('B', id));
    }
}
