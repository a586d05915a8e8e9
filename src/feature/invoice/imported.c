/* Which rows of an import are there already: the same file again, or its rest after a kill. */
#include "feature/account.h"
#include "feature/features.h"
#include "feature/invoice/model.h"
#include "feature/invoice/rows.h"
#include "op/run.h"

typedef struct InvoiceImportedOut {
    List there;
} InvoiceImportedOut;

SCHEMA(InvoiceImportedOut,
    F_LIST_OF(InvoiceImportedOut,
        there,
        FIELD_INT,
        .doc = "Which rows the account has invoices of, as they stand, from 0 on."));

static const Sql sql_invoice_of = {
    "SELECT invoiced_on, due_on, amount, tax, id, status FROM invoice WHERE number = $2 AND "
    "account_id = $1",
    .in = "kt",
    .out = "ddiikt",
};

static bool is_amount(Decimal given, Currency currency, int64_t minor)
{
    Money amount;
    return money_from_decimal(currency, given, &amount) && amount.minor == minor;
}

/* What the row leaves open may be anything, and so may a tax that nobody has told. */
static bool is_same(const InvoiceRow *row, Currency currency, const Rows *rows)
{
    return db_date(rows, 0) == row->invoiced_on &&
           (row->due_on == DATE_NONE || db_date(rows, 1) == row->due_on) &&
           is_amount(row->amount, currency, db_i64(rows, 2)) &&
           (!row->tax.is_set || db_is_null(rows, 3) ||
               is_amount(row->tax, currency, db_i64(rows, 3)));
}

static Err is_there(Ctx *cx, const InvoiceRow *row, Currency currency, Rows *rows, bool *ret_there)
{
    *ret_there = false;
    while (db_next(rows) && !*ret_there) {
        bool is_undone = false;
        TRY(invoice_is_undone(cx, db_id(rows, 4), db_text(rows, 5), &is_undone));
        *ret_there = !is_undone && is_same(row, currency, rows);
    }
    return ERR_OK;
}

OP(invoice_imported,
    InvoiceImportIn,
    InvoiceImportedOut,
    .method = METHOD_GET,
    .effect = EFFECT_READ,
    .needs = PERM_INVOICE_WRITE,
    .lock = "account",
    .summary = "Tell which of an account's invoices are there already.")
{
    Account account;
    TRY(account_load(cx, in->account.id, &account));
    int64_t *there = arena_array(cx->arena, in->rows.count, sizeof *there);
    size_t count = 0;
    for (size_t i = 0; i < in->rows.count; i++) {
        const InvoiceRow *row = LIST_AT(in->rows, InvoiceRow, i);
        Rows rows;
        TRY(db_ask(cx, &sql_invoice_of, ARGS(arg_id(account.id), arg_text(row->number)), &rows));
        bool is_found = false;
        TRY(is_there(cx, row, account.currency, &rows, &is_found));
        if (is_found) {
            there[count++] = (int64_t)i;
        }
    }
    out->there = (List){there, count};
    return ERR_OK;
}

const Feature invoice_imported_feature = {
    .name = "invoice_imported",
    .ops = (const Op *const[]){&op_invoice_imported, NULL},
};
