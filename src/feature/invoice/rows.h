/* The rows of an account that are imported together. */
#ifndef GUANXI_FEATURE_INVOICE_ROWS_H
#define GUANXI_FEATURE_INVOICE_ROWS_H

#include "base/schema.h"

typedef struct InvoiceRow {
    const char *number;
    Date invoiced_on;
    Date due_on;
    Decimal amount;
    Decimal tax;
} InvoiceRow;

SCHEMA(InvoiceRow,
    F_TEXT(InvoiceRow, number, REQUIRED, .max_len = 64),
    F_DATE(InvoiceRow, invoiced_on, REQUIRED),
    F_DATE(InvoiceRow, due_on, .doc = "By the account's terms when absent."),
    F_DECIMAL(InvoiceRow, amount, REQUIRED),
    F_DECIMAL(InvoiceRow, tax));

typedef struct InvoiceImportIn {
    Ref account;
    List rows;
} InvoiceImportIn;

SCHEMA(InvoiceImportIn,
    F_REF(InvoiceImportIn, account, "account", REQUIRED),
    F_LIST(InvoiceImportIn, rows, InvoiceRow, REQUIRED, .max_len = 500));

#endif
