/* Invoices in the database, what is open of them, and gapless numbers. */
#include "feature/invoice/model.h"

#include "feature/document.h"
#include "feature/import_run.h"
#include "feature/invoice.h"
#include "feature/month.h"
#include "op/run.h"
#include "rules/state.h"

#include <string.h>

SCHEMA(Invoice,
    F_ID(Invoice, id, "invoice"),
    F_ID(Invoice, account_id, "account"),
    F_TEXT(Invoice, number),
    F_ID(Invoice, order_id, "order"),
    F_CURRENCY(Invoice, currency),
    F_MONEY(Invoice, amount),
    F_MONEY(Invoice, open),
    F_DATE(Invoice, invoiced_on),
    F_DATE(Invoice, due_on),
    F_DATE(Invoice, settled_on),
    F_ENUM(Invoice, status, invoice_status_names),
    F_BOOL(Invoice, is_final),
    F_MONEY(Invoice, from_shipped),
    F_MONEY(Invoice, from_ordered),
    F_MONEY(Invoice, from_outside),
    F_MONEY(Invoice, dropped));

#define INVOICE_COLUMNS                                                                            \
    "SELECT i.id, i.account_id, i.number, i.order_id, a.currency, i.amount, i.open, "              \
    "i.invoiced_on,"                                                                               \
    " i.due_on, i.settled_on, i.status, i.is_final, i.from_shipped, i.from_ordered,"               \
    " i.from_outside, i.dropped FROM invoice i JOIN account a ON a.id = i.account_id"
#define INVOICE_OUT "kktktiidddtbiiii"

const Fact fact_invoice = FACT("invoice", 1, INVOICE_FACTS, INVOICE_LETTERS);

static const Sql sql_invoice_load = {
    INVOICE_COLUMNS " WHERE i.id = $1",
    .in = "k",
    .out = INVOICE_OUT,
};

static const Sql sql_invoices_open = {
    INVOICE_COLUMNS " WHERE i.account_id = $1 AND i.open > 0 ORDER BY i.due_on, i.id",
    .in = "k",
    .out = INVOICE_OUT,
};

static const Sql sql_invoice_open_move = {
    "UPDATE invoice SET open = open + $2,"
    " status = CASE WHEN open + $2 = 0 THEN 'settled' ELSE 'open' END"
    " WHERE id = $1 AND account_id = $3 AND status <> 'reversed'"
    " RETURNING amount, open, due_on, settled_on",
    .in = "kik",
    .out = "iidd",
};

/* Money on what was given up settles nothing. */
static const Sql sql_invoice_settled = {
    "UPDATE invoice SET settled_on = (SELECT MAX(l.effective_on) FROM allocation l"
    " WHERE l.account_id = invoice.account_id AND l.invoice_id = invoice.id AND " ALLOCATION_SETTLES
    ") WHERE id = $1 AND account_id = $2 RETURNING settled_on",
    .in = "kk",
    .out = "d",
};

static const Sql sql_invoice_reopened = {
    "UPDATE invoice SET settled_on = NULL WHERE id = $1 AND account_id = $2",
    .in = "kk",
};

Err invoice_load(Ctx *cx, Id invoice_id, Invoice *ret_invoice)
{
    return row_load(cx, &sql_invoice_load, invoice_id, &Invoice_schema, "invoice", ret_invoice);
}

Err invoice_open_list(Ctx *cx, Id account_id, List *ret_invoices)
{
    return row_list(
        cx, &sql_invoices_open, ARGS(arg_id(account_id)), &Invoice_schema, ret_invoices);
}

Err invoice_open_move(Ctx *cx, Id account_id, Id invoice_id, Money change)
{
    run_touch(cx, invoice_id);
    Rows rows;
    TRY(db_ask(cx, &sql_invoice_open_move,
        ARGS(arg_id(invoice_id), arg_i64(change.minor), arg_id(account_id)), &rows));
    if (!db_next(&rows)) {
        return ERR_OK; /* reversed */
    }
    Money amount = money_of(change.currency, db_i64(&rows, 0));
    bool is_settled = db_i64(&rows, 1) == 0;
    Date due_on = db_date(&rows, 2);
    Date settled_on = db_date(&rows, 3);
    if (is_settled == (settled_on != DATE_NONE)) {
        return ERR_OK;
    }
    if (!is_settled) {
        TRY(db_put(cx, &sql_invoice_reopened, ARGS(arg_id(invoice_id), arg_id(account_id))));
        return month_settled_move(cx, account_id, due_on, settled_on, money_neg(amount));
    }
    TRY(db_one(cx, &sql_invoice_settled, ARGS(arg_id(invoice_id), arg_id(account_id)),
        "an invoice that was settled", &rows));
    return month_settled_move(cx, account_id, due_on, db_date(&rows, 0), amount);
}

/* ---- Numbers ---- */

static const Sql sql_number_used = {
    "SELECT id, status FROM invoice WHERE number = $2 AND account_id = $1",
    .in = "kt",
    .out = "kt",
};

static const Sql sql_number_anywhere = {
    "SELECT id FROM invoice WHERE number = $1 LIMIT 1",
    .in = "t",
    .out = "k",
};

static const Sql sql_invoice_number = {
    "UPDATE invoice SET number = $2 WHERE id = $1 RETURNING " INVOICE_FACTS,
    .in = "kt",
    .out = INVOICE_LETTERS,
};

Err invoice_is_undone(Ctx *cx, Id invoice_id, const char *status, bool *ret_undone)
{
    *ret_undone = false;
    return strcmp(status, invoice_status_names[INVOICE_REVERSED]) != 0
               ? ERR_OK
               : import_is_undone(cx, invoice_id, "invoice_reverse", ret_undone);
}

enum { NUMBERS_TOGETHER = 16 };

/* A list of numbers with IN would be looked for among all that the account has. */
static const Sql sql_numbers_used = {
    "WITH asked (number) AS (VALUES ($2), ($3), ($4), ($5), ($6), ($7), ($8), ($9), ($10), ($11),"
    " ($12), ($13), ($14), ($15), ($16), ($17)) SELECT i.number FROM asked a CROSS JOIN invoice i"
    " WHERE i.number = a.number AND i.account_id = $1 LIMIT 1",
    .in = "ktttttttttttttttt",
    .out = "t",
};

Err invoice_number_taken(Ctx *cx, const char *number)
{
    return err_set(
        cx, ERR_NUMBER_TAKEN, "number", "The account has an invoice %s already.", number);
}

Err invoice_number_check(Ctx *cx, Id account_id, const char *number)
{
    TRY(record_code_check(cx, "number", number));
    Rows rows;
    TRY(db_ask(cx, &sql_number_used, ARGS(arg_id(account_id), arg_text(number)), &rows));
    while (db_next(&rows)) {
        bool is_free = false;
        TRY(invoice_is_undone(cx, db_id(&rows, 0), db_text(&rows, 1), &is_free));
        if (!is_free || !run_is_import(cx)) {
            return invoice_number_taken(cx, number);
        }
    }
    return ERR_OK;
}

Err invoice_numbers_check(
    Ctx *cx, Id account_id, const char *const *numbers, size_t count, size_t *ret_taken)
{
    for (size_t i = 0; i < count; i++) {
        *ret_taken = i;
        TRY(record_code_check(cx, "number", numbers[i]));
    }
    for (size_t at = 0; at < count; at += NUMBERS_TOGETHER) {
        Arg args[1 + NUMBERS_TOGETHER] = {arg_id(account_id)};
        for (size_t i = 0; i < NUMBERS_TOGETHER; i++) {
            args[1 + i] = arg_text(numbers[at + i < count ? at + i : at]);
        }
        Rows rows;
        *ret_taken = count;
        TRY(db_ask(cx, &sql_numbers_used, args, COUNT(args), &rows));
        /* One that was taken back with its import may come again: each is looked at. */
        for (size_t i = at; rows.count > 0 && i < count && i < at + NUMBERS_TOGETHER; i++) {
            *ret_taken = i;
            TRY(invoice_number_check(cx, account_id, numbers[i]));
        }
    }
    return ERR_OK;
}

Err invoice_number_take(Ctx *cx, Id invoice_id, const char **ret_number)
{
    Rows rows;
    do {
        TRY(document_number_next(cx, "invoice", "INV-", ret_number));
        TRY(db_ask(cx, &sql_number_anywhere, ARGS(arg_text(*ret_number)), &rows));
    } while (rows.count > 0);
    return fact_change(cx, &fact_invoice, invoice_id, &sql_invoice_number,
        ARGS(arg_id(invoice_id), arg_text(*ret_number)));
}
