/* Aging: what is open by days past due. Overdue begins the day after due_on. */
#ifndef GUANXI_RULES_AGING_H
#define GUANXI_RULES_AGING_H

#include "base/schema.h"

/* total = the five buckets + cheque - advance. */
typedef struct Aging {
    Money not_due; /* 0 days past due or less */
    Money d1_30;
    Money d31_60;
    Money d61_90;
    Money d91_plus;
    Money cheque;
    Money advance;
    Money total;
} Aging;

#define AGING_FIELDS(T)                                                                            \
    F_MONEY(T, not_due), F_MONEY(T, d1_30), F_MONEY(T, d31_60), F_MONEY(T, d61_90),                \
        F_MONEY(T, d91_plus), F_MONEY(T, cheque), F_MONEY(T, advance), F_MONEY(T, total)

Aging aging_empty(Currency currency);
/* Adds an open amount. */
void aging_add(Aging *aging, Date due_on, Date as_of, Money open);
/* Adds many, of which `open` has the minor units. */
void aging_add_all(Aging *aging, const Date *due_on, const int64_t *open, size_t count, Date as_of);
/* Adds cheques on hand and unallocated money. */
void aging_add_cheque(Aging *aging, Money cheque);
void aging_add_advance(Aging *aging, Money advance);
/* Adds another account's aging (same currency: converted by the caller), for totals. */
void aging_sum(Aging *aging, const Aging *other);
bool aging_is_zero(const Aging *aging); /* reports leave it out */
Money aging_overdue(const Aging *aging);

/* due_on of an invoice: its own, else invoiced_on + terms_days. */
Date aging_due_on(Date invoiced_on, Date due_on, int64_t terms_days);

#endif
