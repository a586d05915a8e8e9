/* Conversion to and from the home currency, rounded once. */
#include "rules/rate.h"

#include "rules/wide.h"

/* Needs no rate: the same currency, or nothing to convert. */
static bool is_plain(Money money, Currency to, Money *ret_money)
{
    if (money.currency != to && money.minor != 0) {
        return false;
    }
    *ret_money = money_of(to, money.minor);
    return true;
}

static bool is_usable(Decimal rate)
{
    return rate.is_set && rate.units > 0;
}

/* value * numerator / denominator as an amount: at most the largest there is, which no limit and no
 * step of a ladder reaches. */
static Money converted(Currency currency, int64_t value, int64_t numerator, int64_t denominator)
{
    int64_t minor;
    if (!scale_half_up(value, numerator, denominator, &minor) || minor > MONEY_MINOR_MAX ||
        minor < -MONEY_MINOR_MAX) {
        minor = value < 0 ? -MONEY_MINOR_MAX : MONEY_MINOR_MAX;
    }
    return money_of(currency, minor);
}

bool rate_to_home(Money money, Decimal rate, Currency home, Money *ret_money)
{
    if (is_plain(money, home, ret_money)) {
        return true;
    }
    if (!is_usable(rate)) {
        return false;
    }
    int more = currency_decimals(home) - currency_decimals(money.currency);
    int64_t numerator;
    if (__builtin_mul_overflow(rate.units, wide_power10(more > 0 ? more : 0), &numerator)) {
        return false;
    }
    *ret_money = converted(
        home, money.minor, numerator, wide_power10(rate.scale + (more < 0 ? -more : 0)));
    return true;
}

bool rate_from_home(Money money, Decimal rate, Currency currency, Money *ret_money)
{
    if (is_plain(money, currency, ret_money)) {
        return true;
    }
    if (!is_usable(rate)) {
        return false;
    }
    int more = currency_decimals(currency) - currency_decimals(money.currency);
    int64_t denominator;
    if (__builtin_mul_overflow(rate.units, wide_power10(more < 0 ? -more : 0), &denominator)) {
        return false;
    }
    *ret_money = converted(
        currency, money.minor, wide_power10(rate.scale + (more > 0 ? more : 0)), denominator);
    return true;
}
