/* Steps of random trade: documents are taken back on which others rest by now. Reversals are facts:
 * one of a document that stands is refused for closed books or a wrong role alone. */
#include "support/trade_steps.h"

#include "support/trade_pick.h"

#include <string.h>

static void back(Trade *trade, const char *as, const char *operation, char letter, Id id)
{
    if (id == 0) {
        return;
    }
    char name[32];
    (void)snprintf(
        name, sizeof name, "%.*s", (int)(strlen(operation) - strlen("_reverse")), operation);
    trade_reasoned(trade, as, operation, name, trade_id(letter, id));
    const char *code = trade->world.code;
    if (trade->world.status >= 400 && strcmp(code, "ERR_PERIOD_CLOSED") != 0 &&
        strcmp(code, "ERR_FORBIDDEN") != 0) {
        trade_fault(trade, "what stands was not taken back");
    }
}

/* Money comes in on what was given up. */
void step_recover(Trade *trade)
{
    static const Sql sql = {
        "SELECT i.id FROM invoice i WHERE i.open = 0 AND EXISTS (SELECT 1 FROM allocation l"
        " WHERE l.invoice_id = i.id AND l.source_kind = 'write_off' AND l.reverses_id IS NULL"
        " AND l.is_reversed = FALSE) ORDER BY i.id",
        "", "k"};
    Id id = pick_row(trade, &sql);
    if (id == 0) {
        step_write_off(trade);
        return;
    }
    const BookInvoice *invoice = NULL;
    for (size_t i = 0; i < trade->books.invoice_count; i++) {
        invoice = trade->books.invoices[i].id == id ? &trade->books.invoices[i] : invoice;
    }
    ASSERT(invoice != NULL);
    const BookAccount *account = books_account(&trade->books, invoice->account);
    int64_t amount = 1 + trade_below(trade, 5000);
    (void)trade_act(trade, pick_clerk(trade), "payment_post",
        json_pack("{s:o,s:o,s:o,s:[{s:o,s:o}]}", "account", trade_id('A', account->id), "amount",
            trade_amount(account, amount + trade_below(trade, 500)), "received_on",
            trade_day(trade, 3, 0), "allocations", "invoice", trade_id('I', id), "amount",
            trade_amount(account, amount)));
}

/* A payment or credit note of which a part was refunded. */
void step_refunded_back(Trade *trade)
{
    static const Sql payments = {
        "SELECT m.id FROM payment m WHERE m.status = 'posted' AND EXISTS (SELECT 1"
        " FROM refund_part p JOIN refund f ON f.id = p.refund_id WHERE p.source_id = m.id"
        " AND f.status = 'posted') ORDER BY m.id",
        "", "k"};
    static const Sql notes = {
        "SELECT n.id FROM credit_note n WHERE n.status = 'posted' AND EXISTS (SELECT 1"
        " FROM refund_part p JOIN refund f ON f.id = p.refund_id WHERE p.source_id = n.id"
        " AND f.status = 'posted') ORDER BY n.id",
        "", "k"};
    Id note = pick_row(trade, &notes);
    if (note != 0 && trade_chance(trade, 50)) {
        back(trade, pick_clerk(trade), "credit_note_reverse", 'N', note);
        return;
    }
    Id payment = pick_row(trade, &payments);
    if (payment == 0) {
        step_refund(trade);
        return;
    }
    back(trade, pick_clerk(trade), "payment_reverse", 'M', payment);
}

/* An invoice of which something is written off, or the write-off, or its part of one invoice. */
void step_written_off_back(Trade *trade)
{
    static const Sql invoices = {
        "SELECT i.id FROM invoice i WHERE i.status <> 'reversed' AND EXISTS (SELECT 1"
        " FROM allocation l WHERE l.invoice_id = i.id AND l.source_kind = 'write_off'"
        " AND l.reverses_id IS NULL AND l.is_reversed = FALSE) ORDER BY i.id",
        "", "k"};
    static const Sql write_offs = {
        "SELECT w.id FROM write_off w WHERE w.status = 'posted' ORDER BY w.id", "", "k"};
    static const Sql allocations = {
        "SELECT l.id FROM allocation l WHERE (l.source_kind = 'write_off' OR l.is_recovery = TRUE)"
        " AND l.reverses_id IS NULL AND l.is_reversed = FALSE ORDER BY l.id",
        "", "k"};
    uint32_t how = trade_below(trade, 3);
    if (how == 0) {
        back(trade, pick_clerk(trade), "invoice_reverse", 'I', pick_row(trade, &invoices));
    } else if (how == 1) {
        back(trade, pick_clerk(trade), "write_off_reverse", 'W', pick_row(trade, &write_offs));
    } else {
        back(trade, pick_clerk(trade), "allocation_reverse", 'L', pick_row(trade, &allocations));
    }
}

/* A shipment that was billed, or of which goods came back. */
void step_dealt_shipment_back(Trade *trade)
{
    static const Sql sql = {
        "SELECT s.id FROM shipment s WHERE s.status = 'posted' AND (s.invoiced > 0"
        " OR EXISTS (SELECT 1 FROM goods_return g WHERE g.shipment_id = s.id"
        " AND g.status = 'posted')) ORDER BY s.id",
        "", "k"};
    back(trade, pick_seller(trade), "shipment_reverse", 'S', pick_row(trade, &sql));
}
