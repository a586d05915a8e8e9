/* Fields that the views of what belongs to an account show alike. Their rows are joined by
 * ACCOUNT_JOIN, so that `a` is the account, `p` its partner and `r` the row. */
#ifndef GUANXI_FEATURE_SHOWN_H
#define GUANXI_FEATURE_SHOWN_H

#include "base/schema.h"

#define ACCOUNT_JOIN "JOIN account a ON a.id = r.account_id JOIN partner p ON p.id = a.partner_id"

/* account, its partner by code and name, and owner: the user's name. */
#define F_ACCOUNT(T)                                                                               \
    F_REF(T, account, "account", .flags = FIELD_FILTER),                                           \
        F_REF(T, partner, "partner", .column = "a.partner_id",                                     \
            .flags = FIELD_FILTER | FIELD_OUTPUT),                                                 \
        F_PARTNER_NAME(T), F_OWNER(T)
#define F_OWNER(T)                                                                                 \
    F_TEXT(T, owner, .column = "(SELECT u.name FROM app_user u WHERE u.id = p.owner_id)",          \
        .flags = FIELD_FILTER | FIELD_OUTPUT, .doc = "Of the partner's relation.")
#define F_PARTNER_NAME(T)                                                                          \
    F_TEXT(T, partner_name, .column = "p.name", .flags = FIELD_OUTPUT | FIELD_SORT)
/* The currency that the row's amounts are in. */
#define F_ACCOUNT_CURRENCY(T) F_CURRENCY(T, currency, .column = "a.currency", .flags = FIELD_OUTPUT)
/* The name of the user whose id stands in the column that is named like the member. */
#define F_USER_NAME(T, m)                                                                          \
    F_TEXT(T, m, .column = "(SELECT u.name FROM app_user u WHERE u.id = r." #m "_id)",             \
        .flags = FIELD_FILTER | FIELD_OUTPUT)
/* net, tax and gross beside the amount, which is gross and stands in the column named. Those of a
 * document that its lines make up are summed over these; of others the tax is a column. */
#define F_GROSS(T, column_)                                                                        \
    F_MONEY(T, gross, .column = (column_), .doc = "net and tax: what the ledger has.")
#define F_TAXED_BY_LINES(T, column_)                                                               \
    F_MONEY(T, net, .flags = FIELD_OUTPUT | FIELD_NO_COLUMN),                                      \
        F_MONEY(T, tax, .flags = FIELD_OUTPUT | FIELD_NO_COLUMN), F_GROSS(T, column_)
#define F_TAXED(T)                                                                                 \
    F_MONEY(T, net, .column = "(r.amount - r.tax)", .flags = FIELD_OUTPUT,                         \
        .doc = "null: as the tax."),                                                               \
        F_MONEY(T, tax, .doc = "null: nobody said it, and no line tells it."),                     \
        F_GROSS(T, "amount")
#define F_ORDER_NUMBER(T)                                                                          \
    F_TEXT(T, order_number,                                                                        \
        .column = "(SELECT o.number FROM sales_order o WHERE o.account_id = r.account_id"          \
                  " AND o.id = r.order_id)",                                                       \
        .flags = FIELD_OUTPUT)
#define F_INVOICE_NUMBER(T)                                                                        \
    F_TEXT(T, invoice_number,                                                                      \
        .column = "(SELECT i.number FROM invoice i WHERE i.account_id = r.account_id"              \
                  " AND i.id = r.invoice_id)",                                                     \
        .flags = FIELD_OUTPUT)

#endif
