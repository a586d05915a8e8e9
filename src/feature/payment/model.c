/* Sources of money and their allocations in the database and the ledger. */
#include "feature/payment/model.h"

#include "feature/ledger.h"
#include "feature/note/note.h"
#include "op/run.h"
#include "rules/allocation.h"

#include <string.h>

const char *const source_names[] = {"", "payment", "credit_note", "write_off", NULL};

/* ---- Sources ---- */

SCHEMA(Source,
    F_ENUM(Source, kind, source_names),
    F_ID(Source, id, "payment"),
    F_ID(Source, account_id, "account"),
    F_CURRENCY(Source, currency),
    F_MONEY(Source, amount),
    F_MONEY(Source, advance),
    F_DATE(Source, on),
    F_ID(Source, order_id, "order"),
    F_TEXT(Source, status));
#define SOURCE_OUT "tkktiidkt"

const Fact fact_payment = FACT("payment", 1, PAYMENT_FACTS, PAYMENT_LETTERS);

static const Sql sql_sources[SOURCE_COUNT] = {
    [SOURCE_PAYMENT] =
        {
            "SELECT 'payment', s.id, s.account_id, a.currency, s.amount, s.advance, s.received_on,"
            " s.order_id, s.status FROM payment s JOIN account a ON a.id = s.account_id"
            " WHERE s.id = $1",
            .in = "k",
            .out = SOURCE_OUT,
        },
    [SOURCE_CREDIT_NOTE] =
        {
            "SELECT 'credit_note', s.id, s.account_id, a.currency, s.amount, s.advance,"
            " s.posted_on, CAST(NULL AS BIGINT), s.status"
            " FROM credit_note s JOIN account a ON a.id = s.account_id WHERE s.id = $1",
            .in = "k",
            .out = SOURCE_OUT,
        },
    [SOURCE_WRITE_OFF] =
        {
            "SELECT 'write_off', s.id, s.account_id, a.currency, s.amount, 0, s.posted_on,"
            " CAST(NULL AS BIGINT), s.status"
            " FROM write_off s JOIN account a ON a.id = s.account_id WHERE s.id = $1",
            .in = "k",
            .out = SOURCE_OUT,
        },
};

static const Sql sql_advances = {
    "SELECT 'payment', s.id, s.account_id, a.currency, s.amount, s.advance,"
    " s.received_on AS dated_on, s.order_id, s.status"
    " FROM payment s JOIN account a ON a.id = s.account_id"
    " WHERE s.account_id = $1 AND s.advance > 0"
    " UNION ALL SELECT 'credit_note', s.id, s.account_id, a.currency, s.amount, s.advance,"
    " s.posted_on, CAST(NULL AS BIGINT), s.status"
    " FROM credit_note s JOIN account a ON a.id = s.account_id"
    " WHERE s.account_id = $1 AND s.advance > 0"
    " ORDER BY 7, 2",
    .in = "k",
    .out = SOURCE_OUT,
};

static const Sql sql_allocated = {
    "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM allocation WHERE source_id = $1",
    .in = "k",
    .out = "i",
};

static const Sql sql_advance_moves[] = {
    [SOURCE_PAYMENT] = {"UPDATE payment SET advance = advance + $2 WHERE id = $1", .in = "ki"},
    [SOURCE_CREDIT_NOTE] = {"UPDATE credit_note SET advance = advance + $2 WHERE id = $1",
        .in = "ki"},
};

Err source_load(Ctx *cx, int kind, Id id, Source *ret_source)
{
    return row_load(cx, &sql_sources[kind], id, &Source_schema, source_names[kind], ret_source);
}

bool source_is_posted(const Source *source)
{
    return strcmp(source->status, "posted") == 0;
}

Err source_reverse_check(Ctx *cx, const Source *source)
{
    return source_is_posted(source)
               ? ERR_OK
               : err_set(cx, ERR_STATE, source_names[source->kind], "It is %s.", source->status);
}

static const Sql sql_refunded = {
    "SELECT CAST(COALESCE(SUM(p.amount), 0) AS BIGINT) FROM refund_part p"
    " JOIN refund f ON f.account_id = p.account_id AND f.id = p.refund_id"
    " WHERE p.source_id = $1 AND f.status = 'posted'",
    .in = "k",
    .out = "i",
};

Err source_advance_end(Ctx *cx, const Source *source, Money *ret_ended)
{
    int64_t refunded = 0;
    TRY(db_number(cx, &sql_refunded, ARGS(arg_id(source->id)), &refunded));
    *ret_ended = money_add(source->advance, money_of(source->currency, refunded));
    return source_advance_move(cx, source, money_neg(*ret_ended));
}

Err source_allocated(Ctx *cx, const Source *source, Money *ret_allocated)
{
    int64_t allocated = 0;
    TRY(db_number(cx, &sql_allocated, ARGS(arg_id(source->id)), &allocated));
    *ret_allocated = money_of(source->currency, allocated);
    return ERR_OK;
}

Err source_advances(Ctx *cx, Id account_id, List *ret_sources)
{
    return row_list(cx, &sql_advances, ARGS(arg_id(account_id)), &Source_schema, ret_sources);
}

Err source_advance_move(Ctx *cx, const Source *source, Money change)
{
    ASSERT(source->kind != SOURCE_WRITE_OFF);
    run_touch(cx, source->id);
    return db_put(
        cx, &sql_advance_moves[source->kind], ARGS(arg_id(source->id), arg_i64(change.minor)));
}

/* A credit note's advance is what it had beyond the open amount: using it takes that back. */
Err source_advance_book(Ctx *cx, const Source *source, Money used, Date posted_on, Id order_id)
{
    bool is_payment = source->kind == SOURCE_PAYMENT;
    bool is_back = used.minor < 0;
    return ledger_book(cx, &(Booking){.account_id = source->account_id,
                               .event = is_payment ? MOVE_ADVANCE_USED : MOVE_CREDITED_BEYOND,
                               .is_reversal = is_payment == is_back,
                               .amount = is_back ? money_neg(used) : used,
                               .posted_on = posted_on,
                               .document_kind = source_names[source->kind],
                               .document_id = source->id,
                               .order_id = order_id});
}

/* ---- Allocations ---- */

SCHEMA(Allocation,
    F_ID(Allocation, id, "allocation"),
    F_ID(Allocation, account_id, "account"),
    F_ENUM(Allocation, source_kind, source_names),
    F_ID(Allocation, source_id, "payment"),
    F_ID(Allocation, invoice_id, "invoice"),
    F_ID(Allocation, order_id, "order"),
    F_CURRENCY(Allocation, currency),
    F_MONEY(Allocation, amount),
    F_DATE(Allocation, effective_on),
    F_ID(Allocation, reverses_id, "allocation"),
    F_BOOL(Allocation, is_reversed),
    F_BOOL(Allocation, is_recovery));

#define ALLOCATION_COLUMNS                                                                         \
    "SELECT l.id, l.account_id, l.source_kind, l.source_id, l.invoice_id, i.order_id, a.currency," \
    " l.amount, l.effective_on, l.reverses_id, l.is_reversed, l.is_recovery"                       \
    " FROM allocation l JOIN invoice i ON i.account_id = l.account_id AND i.id = l.invoice_id"     \
    " JOIN account a ON a.id = l.account_id"
#define ALLOCATION_STANDS " AND l.reverses_id IS NULL AND l.is_reversed = FALSE ORDER BY l.id"
#define ALLOCATION_OUT "kktkkktidkbb"

static const Sql sql_allocation_load = {
    ALLOCATION_COLUMNS " WHERE l.id = $1",
    .in = "k",
    .out = ALLOCATION_OUT,
};
static const Sql sql_allocations_of_source = {
    ALLOCATION_COLUMNS " WHERE l.source_id = $1" ALLOCATION_STANDS,
    .in = "k",
    .out = ALLOCATION_OUT,
};
static const Sql sql_allocations_of_invoice = {
    ALLOCATION_COLUMNS " WHERE l.invoice_id = $1" ALLOCATION_STANDS,
    .in = "k",
    .out = ALLOCATION_OUT,
};

static const Sql sql_recoveries_of_invoice = {
    ALLOCATION_COLUMNS " WHERE l.invoice_id = $1 AND l.is_recovery = TRUE" ALLOCATION_STANDS,
    .in = "k",
    .out = ALLOCATION_OUT,
};

#define ALLOCATION_FACTS                                                                           \
    "id, account_id, source_kind, source_id, invoice_id, amount, effective_on, "                   \
    "booked_on, reverses_id, is_reversed, is_recovery"
#define ALLOCATION_LETTERS "kktkkiddkbb"
const Fact fact_allocation = FACT("allocation", 1, ALLOCATION_FACTS, ALLOCATION_LETTERS);

static const Sql sql_allocation_insert = {
    "INSERT INTO allocation (id, account_id, source_kind, source_id, invoice_id, amount,"
    " effective_on, booked_on, reverses_id, is_reversed, is_recovery)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, FALSE, $10) RETURNING " ALLOCATION_FACTS,
    .in = "kktkkiddkb",
    .out = ALLOCATION_LETTERS,
};

static const Sql sql_allocation_reversed = {
    "UPDATE allocation SET is_reversed = TRUE WHERE id = $1 RETURNING " ALLOCATION_FACTS,
    .in = "k",
    .out = ALLOCATION_LETTERS,
};

Err allocation_load(Ctx *cx, Id allocation_id, Allocation *ret_allocation)
{
    return row_load(
        cx, &sql_allocation_load, allocation_id, &Allocation_schema, "allocation", ret_allocation);
}

Err allocations_of_source(Ctx *cx, Id source_id, List *ret_allocations)
{
    return row_list(cx, &sql_allocations_of_source, ARGS(arg_id(source_id)), &Allocation_schema,
        ret_allocations);
}

/* Those on an invoice that stand: Allocation, oldest first. */
static Err allocations_of_invoice(Ctx *cx, Id invoice_id, List *ret_allocations)
{
    return row_list(cx, &sql_allocations_of_invoice, ARGS(arg_id(invoice_id)), &Allocation_schema,
        ret_allocations);
}

Err recoveries_of_invoice(Ctx *cx, Id invoice_id, List *ret_allocations)
{
    return row_list(cx, &sql_recoveries_of_invoice, ARGS(arg_id(invoice_id)), &Allocation_schema,
        ret_allocations);
}

Err allocation_row_write(Ctx *cx, const Allocation *row, Id *ret_allocation)
{
    *ret_allocation = db_new_id(cx);
    run_touch(cx, *ret_allocation);
    return fact_put(cx, &fact_allocation, &sql_allocation_insert,
        ARGS(arg_id(*ret_allocation), arg_id(row->account_id),
            arg_text(source_names[row->source_kind]), arg_id(row->source_id),
            arg_id(row->invoice_id), arg_i64(row->amount.minor), arg_date(row->effective_on),
            arg_date(cx->today), arg_id(row->reverses_id), arg_bool(row->is_recovery)));
}

Err allocation_row_reverse(Ctx *cx, const Allocation *allocation)
{
    Allocation row = *allocation;
    row.amount = money_neg(allocation->amount);
    row.effective_on = cx->today;
    row.reverses_id = allocation->id;
    Id id = 0;
    TRY(allocation_row_write(cx, &row, &id));
    run_changed(cx, allocation->id, "status", "posted", "reversed");
    return fact_change(cx, &fact_allocation, allocation->id, &sql_allocation_reversed,
        ARGS(arg_id(allocation->id)));
}

/* The invoice's side of it. */
static Err invoice_book(Ctx *cx, const Allocation *row, bool is_reversal, Date posted_on)
{
    static const MoveEvent events[SOURCE_COUNT] = {
        [SOURCE_PAYMENT] = MOVE_ALLOCATED,
        [SOURCE_CREDIT_NOTE] = MOVE_CREDITED,
        [SOURCE_WRITE_OFF] = MOVE_WRITTEN_OFF,
    };
    TRY(invoice_open_move(
        cx, row->account_id, row->invoice_id, is_reversal ? row->amount : money_neg(row->amount)));
    return ledger_book(cx, &(Booking){.account_id = row->account_id,
                               .event = events[row->source_kind],
                               .is_reversal = is_reversal,
                               .amount = row->amount,
                               .posted_on = posted_on,
                               .document_kind = source_names[row->source_kind],
                               .document_id = row->source_id,
                               .order_id = row->order_id});
}

Allocation allocation_row(const AllocationWrite *write)
{
    return (Allocation){
        .account_id = write->source->account_id,
        .source_kind = write->source->kind,
        .source_id = write->source->id,
        .invoice_id = write->invoice_id,
        .order_id = write->order_id,
        .amount = write->amount,
        .effective_on = write->effective_on,
    };
}

Err allocation_write(Ctx *cx, const AllocationWrite *write, Id *ret_allocation)
{
    Allocation row = allocation_row(write);
    TRY(allocation_row_write(cx, &row, ret_allocation));
    return invoice_book(cx, &row, false, write->effective_on);
}

Err allocation_from_advance(Ctx *cx, const AllocationWrite *write, Id *ret_allocation)
{
    TRY(allocation_write(cx, write, ret_allocation));
    return source_advance_book(
        cx, write->source, write->amount, write->effective_on, write->order_id);
}

Err allocation_take_off(Ctx *cx, const Allocation *allocation)
{
    TRY(allocation_row_reverse(cx, allocation));
    return invoice_book(cx, allocation, true, cx->today);
}

Err allocation_take_back(Ctx *cx, const Allocation *allocation)
{
    Source source;
    TRY(source_load(cx, allocation->source_kind, allocation->source_id, &source));
    TRY(allocation_take_off(cx, allocation));
    Money back = money_neg(allocation->amount);
    TRY(source_advance_book(cx, &source, back, cx->today, allocation->order_id));
    return source_advance_move(cx, &source, allocation->amount);
}

/* ---- What other features call ---- */

Err allocation_invoices(Ctx *cx, Id account_id, List *ret_invoices)
{
    List open;
    TRY(invoice_open_list(cx, account_id, &open));
    AllocationInvoice *invoices = arena_array(cx->arena, open.count, sizeof *invoices);
    for (size_t i = 0; i < open.count; i++) {
        const Invoice *invoice = LIST_AT(open, Invoice, i);
        invoices[i] = (AllocationInvoice){.id = invoice->id,
            .order_id = invoice->order_id,
            .invoiced_on = invoice->invoiced_on,
            .due_on = invoice->due_on,
            .open = invoice->open};
    }
    *ret_invoices = (List){invoices, open.count};
    return ERR_OK;
}

static Err advance_piece_use(Ctx *cx, const Invoice *invoice, const Source *source, Money amount)
{
    Id id = 0;
    TRY(allocation_from_advance(cx,
        &(AllocationWrite){.source = source,
            .invoice_id = invoice->id,
            .order_id = invoice->order_id,
            .amount = amount,
            .effective_on = allocation_effective_on(cx->today, invoice->invoiced_on)},
        &id));
    return source_advance_move(cx, source, money_neg(amount));
}

Err payment_has_advance(Ctx *cx, Id account_id, bool *ret_has)
{
    List sources;
    TRY(source_advances(cx, account_id, &sources));
    *ret_has = sources.count > 0;
    return ERR_OK;
}

Err payment_advance_use(Ctx *cx, Id invoice_id)
{
    Invoice invoice;
    List sources;
    TRY(invoice_load(cx, invoice_id, &invoice));
    TRY(source_advances(cx, invoice.account_id, &sources));
    if (sources.count == 0) {
        return ERR_OK;
    }
    AllocationInvoice target = {.id = invoice.id,
        .order_id = invoice.order_id,
        .invoiced_on = invoice.invoiced_on,
        .due_on = invoice.due_on,
        .open = invoice.open};
    AllocationAdvance *advances = arena_array(cx->arena, sources.count, sizeof *advances);
    AdvancePiece *pieces = arena_array(cx->arena, sources.count, sizeof *pieces);
    for (size_t i = 0; i < sources.count; i++) {
        const Source *source = LIST_AT(sources, Source, i);
        advances[i] =
            (AllocationAdvance){source->id, source->order_id, source->on, source->advance};
    }
    size_t count = allocation_advances(&target, advances, sources.count, pieces);
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        while (LIST_AT(sources, Source, at)->id != pieces[i].payment) {
            at++;
        }
        TRY(advance_piece_use(cx, &invoice, LIST_AT(sources, Source, at), pieces[i].amount));
    }
    return ERR_OK;
}

/* Nothing was ever given up of a claim that was none: a write-off with nothing left is reversed. */
static Err write_off_free(Ctx *cx, const Allocation *allocation)
{
    TRY(allocation_take_off(cx, allocation));
    return write_off_settle(cx, allocation->source_id);
}

Err payment_invoice_free(Ctx *cx, Id invoice_id)
{
    List allocations;
    TRY(recoveries_of_invoice(cx, invoice_id, &allocations));
    for (size_t i = 0; i < allocations.count; i++) {
        TRY(recovery_to_advance(cx, LIST_AT(allocations, Allocation, i)));
    }
    TRY(allocations_of_invoice(cx, invoice_id, &allocations));
    for (size_t i = 0; i < allocations.count; i++) {
        const Allocation *allocation = LIST_AT(allocations, Allocation, i);
        TRY(allocation->source_kind == SOURCE_WRITE_OFF ? write_off_free(cx, allocation)
                                                        : allocation_take_back(cx, allocation));
    }
    return ERR_OK;
}
