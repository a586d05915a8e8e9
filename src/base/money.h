/* Money, decimals and percents as exact integers. Never a double, never without a currency, never
 * unchecked: whoever adds two currencies has a bug, whoever exceeds 64 bits gets false.
 *
 * It stands in base/ because the field types of base/schema.h need it; the arithmetic of the trade
 * over it is in rules/. */
#ifndef GUANXI_BASE_MONEY_H
#define GUANXI_BASE_MONEY_H

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ISO 4217 letters packed into a number ('C' << 16 | 'N' << 8 | 'Y'); 0 is none. */
typedef uint32_t Currency;

/* units * 10^-scale, scale 0 to 9. As written by a person: "1250.00" is {125000, 2}. */
typedef struct Decimal {
    int64_t units;
    int8_t scale;
    bool is_set;
} Decimal;

/* Minor units of the currency. currency 0: absent. */
typedef struct Money {
    int64_t minor;
    Currency currency;
} Money;

/* Per mille with a flag: 12.3 % is {123, true}; comparisons use the unrounded figures, never this.
 * */
typedef struct Percent {
    int64_t per_mille;
    bool is_set;
} Percent;

typedef enum LimitKind {
    LIMIT_ABSENT,    /* not in the input at all */
    LIMIT_NOT_SET,   /* null: nobody has set one; protects like zero, is shown as null */
    LIMIT_AMOUNT,    /* a number, zero included */
    LIMIT_UNLIMITED, /* somebody decided that there is none */
} LimitKind;

typedef struct LimitValue {
    LimitKind kind;
    Decimal amount; /* LIMIT_AMOUNT, as given */
    Money money;    /* LIMIT_AMOUNT, once the currency is known */
} LimitValue;

/* Largest amount taken anywhere, and largest that a conversion gives: 9 * 10^14 minor units. */
#define MONEY_MINOR_MAX INT64_C(900000000000000)
/* Sums end here: ten thousand of the largest amounts. */
#define MONEY_SUM_MAX INT64_C(9000000000000000000)
enum { CURRENCY_TEXT_SIZE = 4, DECIMAL_TEXT_SIZE = 32 };

/* Only currencies of ISO 4217 are known. */
MUST_CHECK bool currency_parse(const char *text, Currency *ret_currency);
void currency_format(Currency currency, char text[CURRENCY_TEXT_SIZE]);
int currency_decimals(Currency currency); /* 0, 2 or 3 */
/* All of them one after another: false after the last. */
MUST_CHECK bool currency_at(size_t index, Currency *ret_currency);

/* Optional minus, digits, optional point and digits: no exponent, plus, blanks, leading point. At
 * most 15 digits before and 9 after the point. */
MUST_CHECK bool decimal_parse(const char *text, Decimal *ret_decimal);
/* Optional minus and digits; false beyond 64 bits. */
MUST_CHECK bool integer_parse(const char *text, int64_t *ret_number);
/* Plain, e.g. "0.130" as "0.13" when trim is set. */
void decimal_format(Decimal decimal, bool trim, char text[DECIMAL_TEXT_SIZE]);
/* decimal at exactly `scale`, false when digits would be lost or 64 bits exceeded. */
MUST_CHECK bool decimal_at_scale(Decimal decimal, int scale, int64_t *ret_units);
Decimal decimal_of(int64_t units, int scale);

Money money_of(Currency currency, int64_t minor);
Money money_zero(Currency currency);
/* False when decimal has more decimals than the currency, or is beyond MONEY_MINOR_MAX. */
MUST_CHECK bool money_from_decimal(Currency currency, Decimal decimal, Money *ret_money);
Decimal money_to_decimal(Money money);
void money_format(Money money, char text[DECIMAL_TEXT_SIZE]);

/* Both assert equal currencies. Beyond MONEY_SUM_MAX, which honest trade never reaches, the sum
 * stays there: it is above every limit all the same, and figures that somebody made absurd on
 * purpose end no process. */
Money money_add(Money a, Money b);
Money money_sub(Money a, Money b);
Money money_neg(Money a);
/* The same within MONEY_MINOR_MAX: a sum of many that is to be converted or shown as an amount. */
Money money_capped(Money a);
Money money_min(Money a, Money b);
Money money_max(Money a, Money b);
int money_cmp(Money a, Money b); /* -1, 0, 1 */
bool money_is_zero(Money a);
bool money_is_positive(Money a);

/* value * numerator / denominator, rounded half away from zero; false when the result leaves 64
 * bits. denominator > 0. Computed in 128 bits. */
MUST_CHECK bool scale_half_up(
    int64_t value, int64_t numerator, int64_t denominator, int64_t *ret_result);
/* Rounded up (toward plus infinity). */
MUST_CHECK bool scale_up(
    int64_t value, int64_t numerator, int64_t denominator, int64_t *ret_result);
/* part in percent of whole, one decimal, half up; unset when whole is not positive. */
Percent percent_of(Money part, Money whole);

#endif
