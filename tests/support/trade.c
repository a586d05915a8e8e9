/* Random trade: the operations. */
#include "support/trade.h"

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

static void step_order_place(Trade *trade)
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

static void step_order_preview(Trade *trade)
{
    const BookAccount *account = pick_account(trade);
    int64_t worth = 0;
    json_t *members = json_pack("{s:o}", "account", trade_id('A', account->id));
    trade_set(members, "lines", lines_any(trade, account, &worth));
    (void)trade_act(trade, pick_seller(trade), "order_preview", members);
    total_check(trade, account, worth);
}

/* Keeps the first line, or replaces all. */
static void step_order_change(Trade *trade)
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

static void step_cancel(Trade *trade)
{
    order_reasoned(trade, pick_seller(trade), "order_cancel", fit_is_open_order);
}

static void step_close(Trade *trade)
{
    order_reasoned(trade, pick_seller(trade), "order_close", fit_is_open_order);
}

static void step_reopen(Trade *trade)
{
    order_reasoned(trade, pick_seller(trade), "order_reopen", fit_is_ended);
}

static void step_refuse(Trade *trade)
{
    order_reasoned(trade, "cleo", "order_refuse", fit_is_held);
}

static void step_recheck(Trade *trade)
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

static void step_release_request(Trade *trade)
{
    const BookOrder *order = pick_order(trade, fit_is_held);
    if (order == NULL) {
        return;
    }
    json_t *members = release_any(trade, order);
    trade_set(members, "reason_code", json_string("season"));
    (void)trade_act(trade, pick_seller(trade), "order_release_request", members);
}

static void step_release(Trade *trade)
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

static void step_release_withdraw(Trade *trade)
{
    order_reasoned(
        trade, trade_chance(trade, 80) ? "cleo" : "mia", "release_withdraw", fit_is_released);
}

static const Sql sql_pending = {
    "SELECT id FROM approval WHERE status = 'pending' ORDER BY id", "", "k"};

static void step_approve(Trade *trade)
{
    Id approval = pick_row(trade, &sql_pending);
    if (approval != 0) {
        bool is_for = trade_chance(trade, 85);
        trade_reasoned(trade, pick_approver(trade), is_for ? "approval_approve" : "approval_reject",
            "approval", trade_id('Y', approval));
    }
}

/* ---- goods ---- */

static void step_ship(Trade *trade)
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

static void step_ship_back(Trade *trade)
{
    const BookShipment *shipment = pick_shipment(trade);
    if (shipment != NULL) {
        trade_reasoned(
            trade, pick_seller(trade), "shipment_reverse", "shipment", trade_id('S', shipment->id));
    }
}

static void step_return(Trade *trade)
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

static void step_return_back(Trade *trade)
{
    static const Sql sql = {
        "SELECT id FROM goods_return WHERE status = 'posted' ORDER BY id", "", "k"};
    Id id = pick_row(trade, &sql);
    if (id != 0) {
        trade_reasoned(trade, pick_seller(trade), "return_reverse", "return", trade_id('B', id));
    }
}

/* ---- invoices ---- */

static void step_invoice(Trade *trade)
{
    const BookOrder *order = trade_chance(trade, 80) ? pick_order(trade, fit_is_open_order) : NULL;
    const BookAccount *account =
        order == NULL ? pick_account(trade) : books_account(&trade->books, order->account);
    json_t *members = json_pack("{s:o,s:o}", "account", trade_id('A', account->id), "invoiced_on",
        trade_day(trade, 5, trade_chance(trade, 5) ? 1 : 0));
    int64_t whole = order == NULL             ? 0
                    : trade_chance(trade, 50) ? order->went_out - order->billed
                                              : order->total - order->billed;
    trade_set(members, "amount", trade_amount(account, pick_part(trade, whole)));
    if (order != NULL) {
        trade_set(members, "order", trade_id('O', order->id));
        if (trade_chance(trade, 15)) {
            trade_set(members, "final", json_true());
        }
        if (trade_chance(trade, 15)) {
            trade_set(members, "lines",
                json_pack(
                    "[{s:i,s:s}]", "line", (int)(1 + trade_below(trade, 2)), "quantity", "1"));
        }
    }
    if (trade_chance(trade, 20)) {
        trade_set(members, "due_on", trade_day(trade, 2, 60));
    }
    (void)trade_act(trade, pick_clerk(trade), "invoice_post", members);
}

static void step_invoice_back(Trade *trade)
{
    const BookInvoice *invoice = pick_invoice(trade, fit_invoice_stands);
    if (invoice != NULL) {
        trade_reasoned(
            trade, pick_clerk(trade), "invoice_reverse", "invoice", trade_id('I', invoice->id));
    }
}

static json_t *allocations_any(Trade *trade, const BookAccount *account)
{
    json_t *list = json_array();
    size_t count = 1 + trade_below(trade, 2);
    for (size_t i = 0; i < count; i++) {
        const BookInvoice *invoice = pick_invoice(trade, fit_invoice_is_open);
        for (int k = 0; k < 4 && invoice != NULL && invoice->account != account->id; k++) {
            invoice = pick_invoice(trade, fit_invoice_is_open);
        }
        if (invoice == NULL || invoice->account != account->id) {
            continue;
        }
        int failed = json_array_append_new(
            list, json_pack("{s:o,s:o}", "invoice", trade_id('I', invoice->id), "amount",
                      trade_amount(account, pick_part(trade, invoice->open))));
        ASSERT(failed == 0);
    }
    if (json_array_size(list) == 0) {
        json_decref(list);
        return NULL;
    }
    return list;
}

/* Oldest due first, then invoiced first, then written first. */
static bool is_paid_before(const BookInvoice *a, const BookInvoice *b)
{
    if (a->due_on != b->due_on) {
        return a->due_on < b->due_on;
    }
    return a->invoiced_on != b->invoiced_on ? a->invoiced_on < b->invoiced_on : a->id < b->id;
}

static BookInvoice *oldest_open(Books *books, Id account, const bool *is_taken)
{
    BookInvoice *oldest = NULL;
    for (size_t i = 0; i < books->invoice_count; i++) {
        BookInvoice *invoice = &books->invoices[i];
        if (!is_taken[i] && invoice->account == account && invoice->open > 0 &&
            (oldest == NULL || is_paid_before(invoice, oldest))) {
            oldest = invoice;
        }
    }
    return oldest;
}

/* Where nothing was said, the money went to the oldest invoices, and to the last of them what
 * was left. */
static void oldest_check(Trade *trade, const BookAccount *account, int64_t amount)
{
    Books *books = &trade->books;
    bool is_taken[BOOKS_MAX] = {false};
    const json_t *pieces = json_object_get(trade->answer, "allocations");
    for (size_t i = 0; amount > 0 || i < json_array_size(pieces); i++) {
        BookInvoice *invoice = oldest_open(books, account->id, is_taken);
        const json_t *piece = json_array_get(pieces, i);
        if (invoice == NULL || amount == 0) {
            if (piece != NULL) {
                trade_fault(trade, "more was allocated than there was to allocate to");
            }
            return;
        }
        is_taken[invoice - books->invoices] = true;
        char id[ID_TEXT_SIZE];
        char text[DECIMAL_TEXT_SIZE];
        int64_t part = amount < invoice->open ? amount : invoice->open;
        amount -= part;
        id_format('I', invoice->id, id);
        if (strcmp(world_text(piece, "invoice"), id) != 0 ||
            strcmp(world_text(piece, "amount"), world_amount(part, account->decimals, text)) != 0) {
            trade_fault(trade, "a payment did not go to the oldest due first");
            return;
        }
    }
}

static void step_payment(Trade *trade)
{
    const BookAccount *account = pick_account(trade);
    int64_t amount = pick_part(trade, account->receivable);
    json_t *members = json_pack("{s:o,s:o,s:o}", "account", trade_id('A', account->id), "amount",
        trade_amount(account, amount), "received_on",
        trade_day(trade, 6, trade_chance(trade, 5) ? 1 : 0));
    const BookOrder *order = trade_chance(trade, 15) ? pick_order(trade, fit_is_open_order) : NULL;
    json_t *allocations = trade_chance(trade, 30) ? allocations_any(trade, account) : NULL;
    bool is_plain = order == NULL && allocations == NULL;
    if (order != NULL) {
        trade_set(members, "order", trade_id('O', order->id));
    }
    if (allocations != NULL) {
        trade_set(members, "allocations", allocations);
    }
    (void)trade_act(trade, pick_clerk(trade), "payment_post", members);
    if (is_plain && trade->world.status < 400) {
        oldest_check(trade, account, amount);
    }
}

static void step_allocate(Trade *trade)
{
    const BookSource *payment = pick_source(trade, fit_is_advance);
    if (payment == NULL) {
        return;
    }
    json_t *list = allocations_any(trade, books_account(&trade->books, payment->account));
    if (list != NULL) {
        (void)trade_act(trade, pick_clerk(trade), "allocation_post",
            json_pack("{s:o,s:o}", "payment", trade_id('M', payment->id), "allocations", list));
    }
}

static void step_payment_back(Trade *trade)
{
    const BookSource *payment = pick_source(trade, fit_is_payment);
    if (payment != NULL && payment->kind == SOURCE_PAYMENT) {
        trade_reasoned(
            trade, pick_clerk(trade), "payment_reverse", "payment", trade_id('M', payment->id));
    }
}

static void step_allocation_back(Trade *trade)
{
    static const Sql sql = {"SELECT id FROM allocation ORDER BY id", "", "k"};
    Id id = pick_row(trade, &sql);
    if (id != 0) {
        trade_reasoned(
            trade, pick_clerk(trade), "allocation_reverse", "allocation", trade_id('L', id));
    }
}

/* ---- credit notes, write-offs, refunds ---- */

static json_t *lowering_any(Trade *trade, const BookAccount **ret_account)
{
    const BookInvoice *invoice =
        trade_chance(trade, 70) ? pick_invoice(trade, fit_invoice_is_open) : NULL;
    const BookAccount *account =
        invoice == NULL ? pick_account(trade) : books_account(&trade->books, invoice->account);
    int64_t whole = invoice == NULL ? account->receivable : invoice->open;
    int64_t amount =
        trade_chance(trade, 50) ? pick_part(trade, whole) : 1 + trade_below(trade, 9999);
    json_t *members = json_pack("{s:o,s:o,s:s}", "account", trade_id('A', account->id), "amount",
        trade_amount(account, amount), "reason", "as agreed");
    if (invoice != NULL) {
        trade_set(members, "invoice", trade_id('I', invoice->id));
    }
    *ret_account = account;
    return members;
}

static void step_note(Trade *trade)
{
    static const Sql sql = {
        "SELECT id FROM goods_return WHERE status = 'posted' ORDER BY id", "", "k"};
    const BookAccount *account = NULL;
    json_t *members = lowering_any(trade, &account);
    Id back = trade_chance(trade, 30) ? pick_row(trade, &sql) : 0;
    if (back != 0) {
        trade_set(members, "return", trade_id('B', back));
    }
    (void)trade_act(trade, pick_clerk(trade), "credit_note_post", members);
}

static void step_write_off(Trade *trade)
{
    const BookAccount *account = NULL;
    (void)trade_act(trade, pick_clerk(trade), "write_off_post", lowering_any(trade, &account));
}

static void step_note_back(Trade *trade)
{
    const BookSource *note = pick_source(trade, fit_is_note);
    if (note != NULL && note->kind == SOURCE_CREDIT_NOTE) {
        trade_reasoned(trade, pick_clerk(trade), "credit_note_reverse", "credit_note",
            trade_id('N', note->id));
    }
}

static void step_write_off_back(Trade *trade)
{
    const BookSource *gone = pick_source(trade, fit_is_write_off);
    if (gone != NULL && gone->kind == SOURCE_WRITE_OFF) {
        trade_reasoned(
            trade, pick_clerk(trade), "write_off_reverse", "write_off", trade_id('W', gone->id));
    }
}

static void step_refund(Trade *trade)
{
    const BookAccount *account = pick_account(trade);
    for (int i = 0; i < 3 && account->advance == 0; i++) {
        account = pick_account(trade);
    }
    (void)trade_act(trade, pick_clerk(trade), "refund_post",
        json_pack("{s:o,s:o,s:s}", "account", trade_id('A', account->id), "amount",
            trade_amount(account, pick_part(trade, account->advance)), "reason", "paid twice"));
}

static void step_refund_back(Trade *trade)
{
    static const Sql sql = {"SELECT id FROM refund ORDER BY id", "", "k"};
    Id id = pick_row(trade, &sql);
    if (id != 0) {
        trade_reasoned(trade, pick_clerk(trade), "refund_reverse", "refund", trade_id('F', id));
    }
}

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
    (void)trade_act(trade, trade_chance(trade, 80) ? "sam" : pick_approver(trade), "activity_log",
        json_pack("{s:s,s:s,s:o,s:s}", "partner", trade_chance(trade, 50) ? "P1" : "P2", "kind",
            kinds[trade_below(trade, COUNT(kinds))], "on", trade_day(trade, 20, 0), "direction",
            "given"));
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
    trade_set(rule, "gate", json_string(trade_chance(trade, 50) ? "both" : "order"));
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

static void users_make(World *world)
{
    world_user(world, "boss", "admin");
    world_user(world, "mia", "manager");
    world_user(world, "sam", "sales");
    world_user(world, "sue", "sales");
    world_user(world, "lou", "collections");
    world_user(world, "cleo", "credit");
    world_user(world, "carl", "credit");
    world_user(world, "fin", "finance");
    world_user(world, "vera", "viewer");
}

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
    users_make(world);
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
