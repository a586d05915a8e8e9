/* Buckets by days past due. */
#include "rules/aging.h"

Aging aging_empty(Currency currency)
{
    Money zero = money_zero(currency);
    return (Aging){zero, zero, zero, zero, zero, zero, zero, zero};
}

/* Days past due as of a date; 0 or less: not due. */
static int64_t aging_days_past_due(Date due_on, Date as_of)
{
    return (int64_t)as_of - due_on;
}

static Money *bucket_of(Aging *aging, int64_t days)
{
    if (days <= 0) {
        return &aging->not_due;
    }
    if (days <= 30) {
        return &aging->d1_30;
    }
    if (days <= 60) {
        return &aging->d31_60;
    }
    return days <= 90 ? &aging->d61_90 : &aging->d91_plus;
}

void aging_add(Aging *aging, Date due_on, Date as_of, Money open)
{
    Money *bucket = bucket_of(aging, aging_days_past_due(due_on, as_of));
    *bucket = money_add(*bucket, open);
    aging->total = money_add(aging->total, open);
}

/* So many of the largest amounts are still within 64 bits. */
enum { AT_ONCE = 4096 };
_Static_assert(AT_ONCE < MONEY_SUM_MAX / MONEY_MINOR_MAX, "sums of open amounts do not overflow");

static void some_add(
    Aging *aging, const Date *due_on, const int64_t *open, size_t count, Date as_of)
{
    Money *const buckets[] = {
        &aging->not_due, &aging->d1_30, &aging->d31_60, &aging->d61_90, &aging->d91_plus};
    int64_t sums[COUNT(buckets)] = {0};
    for (size_t i = 0; i < count; i++) {
        int64_t days = aging_days_past_due(due_on[i], as_of);
        sums[(days > 0) + (days > 30) + (days > 60) + (days > 90)] += open[i];
    }
    for (size_t i = 0; i < COUNT(buckets); i++) {
        Money sum = money_of(aging->total.currency, sums[i]);
        *buckets[i] = money_add(*buckets[i], sum);
        aging->total = money_add(aging->total, sum);
    }
}

void aging_add_all(Aging *aging, const Date *due_on, const int64_t *open, size_t count, Date as_of)
{
    for (size_t at = 0; at < count; at += AT_ONCE) {
        size_t left = count - at;
        some_add(aging, due_on + at, open + at, left < AT_ONCE ? left : AT_ONCE, as_of);
    }
}

void aging_add_cheque(Aging *aging, Money cheque)
{
    aging->cheque = money_add(aging->cheque, cheque);
    aging->total = money_add(aging->total, cheque);
}

void aging_add_advance(Aging *aging, Money advance)
{
    aging->advance = money_add(aging->advance, advance);
    aging->total = money_sub(aging->total, advance);
}

void aging_sum(Aging *aging, const Aging *other)
{
    aging->not_due = money_add(aging->not_due, other->not_due);
    aging->d1_30 = money_add(aging->d1_30, other->d1_30);
    aging->d31_60 = money_add(aging->d31_60, other->d31_60);
    aging->d61_90 = money_add(aging->d61_90, other->d61_90);
    aging->d91_plus = money_add(aging->d91_plus, other->d91_plus);
    aging->cheque = money_add(aging->cheque, other->cheque);
    aging->advance = money_add(aging->advance, other->advance);
    aging->total = money_add(aging->total, other->total);
}

bool aging_is_zero(const Aging *aging)
{
    return aging->not_due.minor == 0 && aging_overdue(aging).minor == 0 &&
           aging->d1_30.minor == 0 && aging->d31_60.minor == 0 && aging->d61_90.minor == 0 &&
           aging->cheque.minor == 0 && aging->advance.minor == 0;
}

Money aging_overdue(const Aging *aging)
{
    return money_add(
        money_add(aging->d1_30, aging->d31_60), money_add(aging->d61_90, aging->d91_plus));
}

Date aging_due_on(Date invoiced_on, Date due_on, int64_t terms_days)
{
    return due_on != DATE_NONE ? due_on : invoiced_on + (Date)terms_days;
}
