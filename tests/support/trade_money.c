/* Steps of random trade: invoices, payments, and what lowers or gives back. */
#include "support/trade_steps.h"

#include "support/trade_pick.h"

#include <string.h>

/* ---- invoices ---- */

void step_invoice(Trade *trade)
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

void step_invoice_back(Trade *trade)
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

void step_payment(Trade *trade)
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

void step_allocate(Trade *trade)
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

void step_payment_back(Trade *trade)
{
    const BookSource *payment = pick_source(trade, fit_is_payment);
    if (payment != NULL && payment->kind == SOURCE_PAYMENT) {
        trade_reasoned(
            trade, pick_clerk(trade), "payment_reverse", "payment", trade_id('M', payment->id));
    }
}

void step_allocation_back(Trade *trade)
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

void step_note(Trade *trade)
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

void step_write_off(Trade *trade)
{
    const BookAccount *account = NULL;
    (void)trade_act(trade, pick_clerk(trade), "write_off_post", lowering_any(trade, &account));
}

void step_note_back(Trade *trade)
{
    const BookSource *note = pick_source(trade, fit_is_note);
    if (note != NULL && note->kind == SOURCE_CREDIT_NOTE) {
        trade_reasoned(trade, pick_clerk(trade), "credit_note_reverse", "credit_note",
            trade_id('N', note->id));
    }
}

void step_write_off_back(Trade *trade)
{
    const BookSource *gone = pick_source(trade, fit_is_write_off);
    if (gone != NULL && gone->kind == SOURCE_WRITE_OFF) {
        trade_reasoned(
            trade, pick_clerk(trade), "write_off_reverse", "write_off", trade_id('W', gone->id));
    }
}

void step_refund(Trade *trade)
{
    const BookAccount *account = pick_account(trade);
    for (int i = 0; i < 3 && account->advance == 0; i++) {
        account = pick_account(trade);
    }
    (void)trade_act(trade, pick_clerk(trade), "refund_post",
        json_pack("{s:o,s:o,s:s}", "account", trade_id('A', account->id), "amount",
            trade_amount(account, pick_part(trade, account->advance)), "reason", "paid twice"));
}

void step_refund_back(Trade *trade)
{
    static const Sql sql = {"SELECT id FROM refund ORDER BY id", "", "k"};
    Id id = pick_row(trade, &sql);
    if (id != 0) {
        trade_reasoned(trade, pick_clerk(trade), "refund_reverse", "refund", trade_id('F', id));
    }
}
