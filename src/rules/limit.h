/* Credit limits: what is in force on a date, and whether a change raises it on any date. */
#ifndef GUANXI_RULES_LIMIT_H
#define GUANXI_RULES_LIMIT_H

#include "rules/policy.h"

typedef enum LimitRowKind {
    LIMIT_ROW_NONE,
    LIMIT_ROW_BASE,
    LIMIT_ROW_SEASONAL,   /* replaces the base limit between its dates */
    LIMIT_ROW_INSURED,    /* on top */
    LIMIT_ROW_GUARANTEED, /* on top */
    LIMIT_ROW_COUNT
} LimitRowKind;

extern const char *const limit_row_kind_names[]; /* "", "base", "seasonal", … NULL */

/* From this day the seasonal limit is lower. */
typedef struct LimitStep {
    Date from;
    Decimal amount;
} LimitStep;

SCHEMA(LimitStep,
    F_DATE(LimitStep, from, REQUIRED),
    F_DECIMAL(LimitStep, amount, REQUIRED, .min = 0, .max = 1000000000000));

/* One limit as it was set, approved ones only. In ascending order of setting: of several rows of
 * a kind (base, insured, guaranteed) that have begun, the one with the latest `from` counts, of
 * equal ones the one set last; when it is past its end the kind has no limit ("not set"),
 * earlier rows do not return. */
typedef struct LimitRow {
    int kind;         /* LimitRowKind */
    LimitValue value; /* amount, unlimited (base, seasonal) or not set (base: taken away) */
    Date from;        /* first day */
    Date until;       /* last day, inclusive; DATE_NONE: no end (never for seasonal) */
    List steps;       /* LimitStep, seasonal only, ascending dates and descending amounts */
} LimitRow;

/* An amount as a LimitValue, and back. limit_money asserts LIMIT_AMOUNT and a fitting number of
 * decimals. */
LimitValue limit_of(Money money);
LimitValue limit_not_set(void);
LimitValue limit_unlimited(void);
Money limit_money(LimitValue limit, Currency currency);
/* unlimited > any number > not set; -1, 0, 1. */
int limit_cmp(LimitValue a, LimitValue b, Currency currency);

/* Base or the seasonal one that replaces it, plus insured and guaranteed ones; not set only when
 * none of them is in force. */
LimitValue limit_in_force(const LimitRow *rows, size_t count, Date on, Currency currency);

/* What adding a row to the rows does from `today` on. */
typedef struct LimitChange {
    bool is_higher;     /* on any date from today on than without it: needs approval */
    LimitValue highest; /* highest total on the dates where it is higher; for the ladder */
    Date higher_on;     /* the first such date */
} LimitChange;

/* A limit from a day on, until the next one begins. */
typedef struct LimitFrom {
    Date from;
    LimitValue value;
} LimitFrom;

/* The days on which the total of the rows can change, in no order. */
size_t limit_days(Arena *arena, const LimitRow *rows, size_t count, Date **ret_days);

/* `rows` with the new one at their end. `above` (LimitFrom, ascending) is what the account uses
 * where nothing of its own is set any more, in its currency: the limit above it, which has days of
 * change of its own. Empty: there is none. */
LimitChange limit_compare(
    Arena *arena, const LimitRow *rows, size_t count, Date today, Currency currency, List above);
/* Is the new row well made? Seasonal needs from and until, no overlap with another seasonal one;
 * until not before from; steps only on seasonal ones, inside its dates, each later and lower
 * than the one before; unlimited and not set only where the kind takes them; decimals that fit
 * the currency. Field names are those of limit_set. */
MUST_CHECK bool limit_check(Arena *arena,
    const LimitRow *rows,
    size_t count,
    const LimitRow *row,
    Currency currency,
    Fault *ret_fault);

#endif
