/* Invoicing: what is billed moves into the receivable. It is judged and never blocked; a claim that
 * is not written does not go away. */
#include "feature/approval.h"
#include "feature/document.h"
#include "feature/features.h"
#include "feature/invoice.h"
#include "feature/invoice/model.h"
#include "feature/invoice/rows.h"
#include "feature/ledger.h"
#include "feature/lines.h"
#include "feature/org.h"
#include "feature/payment.h"
#include "feature/shipment.h"
#include "op/run.h"
#include "rules/aging.h"

#include "base/id.h"

#include <stdlib.h>
#include <string.h>

typedef struct InvoicePostIn {
    Ref account;
    Decimal amount;
    Date invoiced_on;
    const char *number;
    Date due_on;
    Ref order;
    List lines;
    bool final;
    Decimal tax;
} InvoicePostIn;

SCHEMA(InvoicePostIn,
    F_REF(InvoicePostIn, account, "account", REQUIRED),
    F_DECIMAL(InvoicePostIn, amount, REQUIRED, .doc = "Gross, in the account's currency."),
    F_DATE(InvoicePostIn, invoiced_on, REQUIRED),
    F_TEXT(InvoicePostIn, number, .max_len = 64, .doc = "The next of our series when absent."),
    F_DATE(InvoicePostIn,
        due_on,
        .doc = "By the account's terms when absent; a later one waits for approval."),
    F_REF(InvoicePostIn, order, "order"),
    F_LIST(InvoicePostIn,
        lines,
        LineAsk,
        .max_len = 500,
        .doc = "What of the order is billed; its lines in their order when absent."),
    F_BOOL(InvoicePostIn, final, .doc = "Nothing more of the order will be billed."),
    F_DECIMAL(InvoicePostIn,
        tax,
        .doc = "What of the amount is tax. When absent that of the lines, and not known when "
               "something is billed without one."));

typedef struct InvoicePostOut {
    Id id;
    const char *number;
    int status;
    Currency currency;
    Money amount;
    Money open;
    Date invoiced_on;
    Date due_on;
    Id approval;
    Id decision_id;
} InvoicePostOut;

SCHEMA(InvoicePostOut,
    F_ID(InvoicePostOut, id, "invoice"),
    F_TEXT(InvoicePostOut, number),
    F_ENUM(InvoicePostOut, status, invoice_status_names),
    F_CURRENCY(InvoicePostOut, currency),
    F_MONEY(InvoicePostOut, amount),
    F_MONEY(InvoicePostOut, open, .doc = "After advances."),
    F_DATE(InvoicePostOut, invoiced_on),
    F_DATE(InvoicePostOut, due_on),
    F_ID(InvoicePostOut, approval, "approval", .doc = "Of a longer due date."),
    F_ID(InvoicePostOut, decision_id, "decision", .doc = "It is judged, never blocked."));

/* What of a line is billed. */
typedef struct Piece {
    OrderLine *line;
    int64_t quantity_milli;
    Money amount;
    Money tax;
} Piece;

typedef struct Plan {
    Account account;
    Order order; /* id 0: none */
    Money amount;
    Money tax; /* of the pieces, then of the amount */
    bool has_tax;
    Money beyond; /* billed without a line */
    Date invoiced_on;
    Date due_on;   /* by the terms */
    Date asked_on; /* longer; DATE_NONE: none */
    List lines;    /* OrderLine */
    Piece *pieces;
    size_t count;
    Money from[3]; /* shipped, ordered, outside */
    Money dropped;
} Plan;

/* ---- Dates ---- */

static Err plan_dates(Ctx *cx, const InvoicePostIn *in, Plan *plan)
{
    plan->invoiced_on = in->invoiced_on;
    if (in->due_on != DATE_NONE && in->due_on < in->invoiced_on) {
        return err_set(cx, ERR_FIELD_INVALID, "due_on", "An invoice is not due before its date.");
    }
    Date by_terms = aging_due_on(in->invoiced_on, DATE_NONE, plan->account.terms_days);
    plan->due_on = aging_due_on(in->invoiced_on, in->due_on, plan->account.terms_days);
    if (plan->due_on > by_terms && !run_is_import(cx)) {
        plan->asked_on = plan->due_on;
        plan->due_on = by_terms;
    }
    return org_document_date(cx, "invoiced_on", &plan->invoiced_on);
}

/* ---- What is billed of the order's lines ---- */

/* What came back before it was invoiced is not billed. */
static LinePart line_billed(const OrderLine *line)
{
    LineAmount whole = {line->net, line->tax, line->gross};
    Money none = money_zero(line->currency);
    Money rest = money_sub(line->gross, line->returned_amount);
    return (LinePart){
        .quantity_milli = line->quantity.units - line->returned.units,
        .whole = amount_share(whole, (LineAmount){none, none, none}, rest),
        .done_milli = line->invoiced.units,
        .done = amount_taxed(line->invoiced_amount, line->invoiced_tax),
    };
}

static void piece_add(
    Plan *plan, OrderLine *line, const LinePart *billed, int64_t quantity_milli, Money amount)
{
    size_t at = 0;
    while (at < plan->count && plan->pieces[at].line != line) {
        at++;
    }
    Piece *piece = &plan->pieces[at];
    if (at == plan->count) {
        Money zero = money_zero(plan->account.currency);
        *piece = (Piece){.line = line, .amount = zero, .tax = zero};
        plan->count++;
    }
    LineAmount part = line_split(line, billed, amount);
    piece->quantity_milli += quantity_milli;
    piece->amount = money_add(piece->amount, part.gross);
    piece->tax = money_add(piece->tax, part.tax);
    line->invoiced.units += quantity_milli;
    line->invoiced_amount = money_add(line->invoiced_amount, part.gross);
    line->invoiced_tax = money_add(line->invoiced_tax, part.tax);
    plan->tax = money_add(plan->tax, part.tax);
    plan->beyond = money_sub(plan->beyond, part.gross);
}

/* Lines that were named take their worth as far as the amount reaches. */
static Err lines_asked(Ctx *cx, List asks, Plan *plan)
{
    for (size_t i = 0; i < asks.count; i++) {
        const LineAsk *ask = LIST_AT(asks, LineAsk, i);
        OrderLine *line = NULL;
        int64_t quantity = 0;
        TRY(line_named(cx, i, ask, plan->lines, &line));
        LinePart billed = line_billed(line);
        int64_t room = billed.quantity_milli - billed.done_milli;
        TRY(line_quantity(cx, i, ask, room, "invoiced", &quantity));
        Money part = money_min(line_part(line, &billed, quantity).gross, plan->beyond);
        piece_add(plan, line, &billed, quantity, part);
    }
    return ERR_OK;
}

/* The quantity that an amount stands for; the whole rest with the whole rest of the amount. */
static int64_t quantity_for(const LinePart *billed, Money part, Money room)
{
    int64_t rest = billed->quantity_milli - billed->done_milli;
    int64_t quantity = 0;
    if (money_cmp(part, room) == 0) {
        return rest;
    }
    bool is_exact = scale_half_up(rest, part.minor, room.minor, &quantity);
    ASSERT(is_exact);
    return quantity;
}

/* An amount alone fills the lines in their order; so does what the named lines leave of it. What is
 * beyond the order is billed without a line. */
static void lines_filled(Plan *plan)
{
    for (size_t i = 0; i < plan->lines.count && money_is_positive(plan->beyond); i++) {
        OrderLine *line = LIST_AT(plan->lines, OrderLine, i);
        LinePart billed = line_billed(line);
        Money room = money_sub(billed.whole.gross, billed.done.gross);
        Money part = money_min(room, plan->beyond);
        if (money_is_positive(part)) {
            piece_add(plan, line, &billed, quantity_for(&billed, part, room), part);
        }
    }
}

static Err plan_order(Ctx *cx, const InvoicePostIn *in, Plan *plan)
{
    if (in->order.id == 0) {
        if (in->lines.items != NULL || in->final) {
            return err_set(cx, ERR_FIELD_INVALID, in->final ? "final" : "lines",
                "Name the order that it is about.");
        }
        return ERR_OK;
    }
    TRY(order_load(cx, in->order.id, &plan->order));
    if (plan->order.account_id != plan->account.id) {
        return err_set(
            cx, ERR_FIELD_INVALID, "order", "Order %s is another account's.", plan->order.number);
    }
    TRY(order_lines_load(cx, plan->order.id, &plan->lines));
    plan->pieces = arena_array(cx->arena, plan->lines.count, sizeof *plan->pieces);
    TRY(lines_asked(cx, in->lines, plan));
    lines_filled(plan);
    return ERR_OK;
}

/* The tax of the lines is theirs; of what is billed without a line it is what somebody says. */
static Err plan_tax(Ctx *cx, Decimal given, Plan *plan)
{
    plan->has_tax = given.is_set || money_is_zero(plan->beyond);
    if (!given.is_set) {
        return ERR_OK;
    }
    Money tax;
    TRY(document_tax(cx, given, plan->amount, &tax));
    Money most = money_add(plan->tax, plan->beyond);
    if (money_cmp(tax, plan->tax) < 0 || money_cmp(tax, most) > 0) {
        char least_text[DECIMAL_TEXT_SIZE];
        char most_text[DECIMAL_TEXT_SIZE];
        money_format(plan->tax, least_text);
        money_format(most, most_text);
        return err_set(cx, ERR_FIELD_INVALID, "tax",
            "The lines make a tax of %s, and with what is billed without a line it is at most %s.",
            least_text, most_text);
    }
    plan->tax = tax;
    return ERR_OK;
}

/* ---- Writing ---- */

static const Sql sql_invoice_insert = {
    "INSERT INTO invoice (id, account_id, number, order_id, amount, open, tax, invoiced_on, due_on,"
    " booked_on, is_final, from_shipped, from_ordered, from_outside, dropped, status,"
    " posted_by_id)"
    " VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'open', $15) "
    "RETURNING " INVOICE_FACTS,
    .in = "kktkiidddbiiiik",
    .out = INVOICE_LETTERS,
};

#define LINE_FACTS "id, account_id, invoice_id, order_line_id, line, quantity, amount, tax"
#define LINE_LETTERS "kkkkiiii"
static const Fact fact_line = FACT("invoice_line", 1, LINE_FACTS, LINE_LETTERS);

static const Sql sql_line_insert = {
    "INSERT INTO invoice_line (id, account_id, invoice_id, order_line_id, line, quantity, amount,"
    " tax) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    .in = LINE_LETTERS,
};

static const Sql sql_invoice_papers = {
    "UPDATE invoice SET approval_id = $2, decision_id = $3 WHERE id = $1 RETURNING " INVOICE_FACTS,
    .in = "kkk",
    .out = INVOICE_LETTERS,
};

static Err lines_store(Ctx *cx, const Plan *plan, Id invoice_id)
{
    for (size_t i = 0; i < plan->count; i++) {
        const Piece *piece = &plan->pieces[i];
        TRY(fact_put(cx, &fact_line, &sql_line_insert,
            ARGS(arg_id(db_new_id(cx)), arg_id(plan->account.id), arg_id(invoice_id),
                arg_id(piece->line->id), arg_i64(piece->line->line), arg_i64(piece->quantity_milli),
                arg_i64(piece->amount.minor), arg_i64(piece->tax.minor))));
        TRY(order_line_move(cx, plan->order.account_id, plan->order.id,
            &(LineMove){.order_line_id = piece->line->id,
                .invoiced_milli = piece->quantity_milli,
                .invoiced_amount = piece->amount,
                .invoiced_tax = piece->tax}));
    }
    return ERR_OK;
}

static const MoveEvent from_events[] = {
    MOVE_INVOICED_SHIPPED, MOVE_INVOICED_ORDERED, MOVE_INVOICED_OUTSIDE};
static const Bucket from_buckets[] = {BUCKET_SHIPPED, BUCKET_ORDERED, BUCKET_OUTSIDE};

static void plan_split(Plan *plan, bool is_final)
{
    Money zero = money_zero(plan->account.currency);
    bool has_order = plan->order.id != 0;
    Money shipped = has_order ? plan->order.shipped : zero;
    Move moves[3];
    int count =
        move_invoice_split(plan->amount, shipped, has_order ? plan->order.ordered : zero, moves);
    for (size_t i = 0; i < COUNT(plan->from); i++) {
        plan->from[i] = zero;
        for (int k = 0; k < count; k++) {
            plan->from[i] = moves[k].from == from_buckets[i] ? moves[k].amount : plan->from[i];
        }
    }
    plan->dropped = is_final ? money_sub(shipped, plan->from[0]) : zero;
}

static Err plan_book(Ctx *cx, const Plan *plan, Id invoice_id, bool is_final)
{
    Booking booking = {
        .account_id = plan->account.id,
        .posted_on = plan->invoiced_on,
        .document_kind = "invoice",
        .document_id = invoice_id,
        .order_id = plan->order.id,
    };
    for (size_t i = 0; i < COUNT(plan->from); i++) {
        booking.event = from_events[i];
        booking.amount = plan->from[i];
        TRY(ledger_book(cx, &booking));
    }
    if (!is_final) {
        return ERR_OK;
    }
    booking.event = MOVE_SHIPPED_UNINVOICED;
    booking.amount = plan->dropped;
    TRY(ledger_book(cx, &booking));
    booking.event = MOVE_ORDER_ENDED;
    booking.amount = money_sub(plan->order.ordered, plan->from[1]);
    TRY(ledger_book(cx, &booking));
    TRY(approval_void(cx, plan->order.id, "order_release"));
    return order_final_set(cx, plan->order.id, true);
}

static Err plan_store(Ctx *cx, const InvoicePostIn *in, const Plan *plan, Id id)
{
    const char *number = in->number != NULL ? in->number : id_text(cx->arena, 'I', id);
    TRY(fact_put(cx, &fact_invoice, &sql_invoice_insert,
        ARGS(arg_id(id), arg_id(plan->account.id), arg_text(number), arg_id(plan->order.id),
            arg_i64(plan->amount.minor), plan->has_tax ? arg_i64(plan->tax.minor) : arg_null(),
            arg_date(plan->invoiced_on), arg_date(plan->due_on), arg_date(cx->today),
            arg_bool(in->final), arg_i64(plan->from[0].minor), arg_i64(plan->from[1].minor),
            arg_i64(plan->from[2].minor), arg_i64(plan->dropped.minor),
            arg_id(cx->actor->user_id))));
    TRY(plan_book(cx, plan, id, in->final));
    if (plan->order.id == 0) {
        return ERR_OK;
    }
    TRY(lines_store(cx, plan, id));
    TRY(order_billed_move(cx, plan->account.id, plan->order.id, plan->amount));
    run_touch(cx, plan->order.id);
    TRY(shipment_invoiced_refresh(cx, plan->order.id));
    return order_status_refresh(cx, plan->order.id);
}

/* ---- invoice_post ---- */

static Err plan_make(Ctx *cx, const InvoicePostIn *in, const Account *account, Plan *plan)
{
    *plan = (Plan){.account = *account};
    TRY(document_amount(cx, "amount", in->amount, plan->account.currency, &plan->amount));
    plan->tax = money_zero(plan->account.currency);
    plan->beyond = plan->amount;
    TRY(plan_order(cx, in, plan));
    TRY(plan_tax(cx, in->tax, plan));
    TRY(plan_dates(cx, in, plan));
    if (in->number != NULL) {
        TRY(invoice_number_check(cx, plan->account.id, in->number));
    }
    plan_split(plan, in->final);
    return ERR_OK;
}

OP(invoice_post,
    InvoicePostIn,
    InvoicePostOut,
    POST("/invoices"),
    .effect = EFFECT_CREATE,
    .needs = PERM_INVOICE_WRITE,
    .lock = "account",
    .is_watched = true,
    .many = "invoice_import",
    .inverse = "invoice_reverse",
    .summary = "Write an invoice; the account's advances pay it, oldest first.",
    FAILS(
        ERR_FIELD_REQUIRED, ERR_FIELD_INVALID, ERR_NUMBER_TAKEN, ERR_PERIOD_CLOSED, ERR_AMBIGUOUS))
{
    Account account;
    Plan plan;
    TRY(account_load(cx, in->account.id, &account));
    TRY(plan_make(cx, in, &account, &plan));
    DocumentFact fact;
    TRY(document_fact_start(cx, plan.account.id, &fact));
    Id id = db_new_id(cx);
    TRY(plan_store(cx, in, &plan, id));
    TRY(payment_advance_use(cx, id));
    if (plan.asked_on != DATE_NONE) {
        Invoice asked = {.id = id, .account_id = plan.account.id};
        TRY(invoice_due_ask(cx, &asked, plan.asked_on, plan.due_on, &out->approval));
    }
    fact.document_kind = "invoice";
    fact.document_id = id;
    fact.order_id = plan.order.id;
    TRY(document_judge(cx, &fact, &out->decision_id));
    TRY(fact_change(cx, &fact_invoice, id, &sql_invoice_papers,
        ARGS(arg_id(id), arg_id(out->approval), arg_id(out->decision_id))));
    Invoice invoice;
    TRY(invoice_load(cx, id, &invoice));
    out->id = id;
    out->number = invoice.number;
    out->status = invoice.status;
    out->currency = invoice.currency;
    out->amount = invoice.amount;
    out->open = invoice.open;
    out->invoiced_on = invoice.invoiced_on;
    out->due_on = invoice.due_on;
    return in->number != NULL ? ERR_OK : invoice_number_take(cx, id, &out->number);
}

/* ---- invoice_import ---- */

typedef struct InvoiceImportOut {
    List ids;
    Id decision_id;
} InvoiceImportOut;

SCHEMA(InvoiceImportOut,
    F_LIST_OF(InvoiceImportOut, ids, FIELD_ID, .to = "invoice", .doc = "In the order of the rows."),
    F_ID(InvoiceImportOut, decision_id, "decision", .doc = "On the account after the last."));

/* The row as it stands after all: no order, no advance to pay it, and judged with the others. */
static const Sql sql_invoice_import = {
    "INSERT INTO invoice (id, account_id, number, order_id, amount, open, tax, invoiced_on, due_on,"
    " booked_on, is_final, from_shipped, from_ordered, from_outside, dropped, status, decision_id,"
    " approval_id, posted_by_id, reversed_on)"
    " VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'open', $15, $16,"
    " $17, $18)",
    .in = INVOICE_LETTERS,
};

static Err row_refuse(Ctx *cx, size_t index)
{
    if (cx->err.field != NULL) {
        cx->err.field = arena_printf(cx->arena, "rows.%zu.%s", index, cx->err.field);
    }
    return cx->err.code;
}

static int by_number(const void *left, const void *right)
{
    const InvoiceRow *a = *(const InvoiceRow *const *)left;
    const InvoiceRow *b = *(const InvoiceRow *const *)right;
    int difference = strcmp(a->number, b->number);
    return difference != 0 ? difference : (a > b) - (a < b);
}

/* None is the account's already, and none stands there twice. */
static Err rows_numbers_check(Ctx *cx, List rows, Id account_id)
{
    const InvoiceRow **sorted = arena_array(cx->arena, rows.count, sizeof *sorted);
    const char **numbers = arena_array(cx->arena, rows.count, sizeof *numbers);
    for (size_t i = 0; i < rows.count; i++) {
        sorted[i] = LIST_AT(rows, InvoiceRow, i);
        numbers[i] = sorted[i]->number;
    }
    size_t taken = rows.count;
    Err err = invoice_numbers_check(cx, account_id, numbers, rows.count, &taken);
    if (err != ERR_OK && taken < rows.count) {
        return row_refuse(cx, taken);
    }
    TRY(err);
    qsort(sorted, rows.count, sizeof *sorted, by_number);
    for (size_t i = 1; i < rows.count; i++) {
        if (strcmp(sorted[i - 1]->number, sorted[i]->number) == 0 &&
            invoice_number_taken(cx, sorted[i]->number) != ERR_OK) {
            return row_refuse(cx, (size_t)(sorted[i] - LIST_AT(rows, InvoiceRow, 0)));
        }
    }
    return ERR_OK;
}

static Err row_plan(Ctx *cx, const InvoiceRow *row, const Account *account, Plan *plan)
{
    const InvoicePostIn one = {.invoiced_on = row->invoiced_on, /* its number was looked at */
        .due_on = row->due_on,
        .amount = row->amount,
        .tax = row->tax};
    TRY(plan_make(cx, &one, account, plan));
    if (plan->asked_on != DATE_NONE) {
        return err_set(cx, ERR_STATE, "due_on", "A date later than the terms is asked for alone.");
    }
    return ERR_OK;
}

enum { INVOICE_COLUMNS = sizeof INVOICE_LETTERS - 1 };

static void row_args(
    Ctx *cx, const char *number, const Plan *plan, Id id, Id decision_id, Arg *ret_args)
{
    const Arg args[] = {arg_id(id), arg_id(plan->account.id), arg_text(number), arg_null(),
        arg_i64(plan->amount.minor), plan->has_tax ? arg_i64(plan->tax.minor) : arg_null(),
        arg_date(plan->invoiced_on), arg_date(plan->due_on), arg_date(cx->today), arg_bool(false),
        arg_i64(0), arg_i64(0), arg_i64(plan->amount.minor), arg_i64(0), arg_id(decision_id),
        arg_null(), arg_id(cx->actor->user_id), arg_null()};
    _Static_assert(COUNT(args) == INVOICE_COLUMNS, "an argument for each column");
    memcpy(ret_args, args, sizeof args);
}

static Err rows_store(Ctx *cx, List rows, const Account *account, Id decision_id, Id *ids)
{
    Booking *bookings = arena_array(cx->arena, rows.count, sizeof *bookings);
    Arg *args = arena_array(cx->arena, rows.count, INVOICE_COLUMNS * sizeof *args);
    TRY(rows_numbers_check(cx, rows, account->id));
    for (size_t i = 0; i < rows.count; i++) {
        const InvoiceRow *row = LIST_AT(rows, InvoiceRow, i);
        Plan plan;
        if (row_plan(cx, row, account, &plan) != ERR_OK) {
            return row_refuse(cx, i);
        }
        ids[i] = db_new_id(cx);
        row_args(cx, row->number, &plan, ids[i], decision_id, args + i * INVOICE_COLUMNS);
        bookings[i] = (Booking){.account_id = account->id,
            .event = MOVE_INVOICED_OUTSIDE,
            .amount = plan.amount,
            .posted_on = plan.invoiced_on,
            .document_kind = "invoice",
            .document_id = ids[i]};
    }
    TRY(fact_put_rows(cx, &fact_invoice, &sql_invoice_import, args, INVOICE_COLUMNS, rows.count));
    return ledger_book_all(cx, bookings, rows.count);
}

OP(invoice_import,
    InvoiceImportIn,
    InvoiceImportOut,
    .method = METHOD_POST,
    .effect = EFFECT_CREATE,
    .needs = PERM_INVOICE_WRITE,
    .lock = "account",
    .is_watched = true,
    .there = "invoice_imported",
    .inverse = "invoice_reverse",
    .summary = "Write invoices that an account was sent elsewhere, all or none; they are judged "
               "together.",
    FAILS(ERR_STATE, ERR_FIELD_INVALID, ERR_NUMBER_TAKEN, ERR_PERIOD_CLOSED, ERR_RATE_MISSING))
{
    Account account;
    DocumentFact fact;
    bool has_advance = false;
    TRY(account_load(cx, in->account.id, &account));
    TRY(payment_has_advance(cx, account.id, &has_advance));
    if (has_advance) {
        return err_set(cx, ERR_STATE, "account", "Its advances pay invoices one by one.");
    }
    TRY(document_fact_start(cx, account.id, &fact));
    fact.decision_id = db_new_id(cx);
    Id *ids = arena_array(cx->arena, in->rows.count, sizeof *ids);
    TRY(rows_store(cx, in->rows, &account, fact.decision_id, ids));
    fact.document_kind = "invoice";
    fact.document_id = ids[in->rows.count - 1];
    TRY(document_judge(cx, &fact, &out->decision_id));
    out->ids = (List){ids, in->rows.count};
    return out->decision_id != 0
               ? ERR_OK
               : err_set(cx, ERR_RATE_MISSING, NULL, "Without a rate nothing is judged.");
}

const Feature invoice_entry_feature = {
    .name = "invoice_entry",
    .ops = (const Op *const[]){&op_invoice_post, &op_invoice_import, NULL},
    .facts = (const Fact *const[]){&fact_line, NULL},
};
