/* Quantity times price, rounded once; parts that add up to the whole. */
#include "rules/amount.h"

#include "rules/wide.h"

bool quantity_of(Decimal decimal, int64_t *ret_milli)
{
    return decimal_at_scale(decimal, QUANTITY_SCALE, ret_milli);
}

bool price_of(Decimal decimal, int64_t *ret_micro)
{
    return decimal_at_scale(decimal, PRICE_SCALE, ret_micro);
}

bool tax_rate_of(Decimal decimal, int64_t *ret_micro)
{
    return decimal_at_scale(decimal, TAX_RATE_SCALE, ret_micro);
}

bool tax_rate_is_sound(int64_t micro)
{
    return micro >= 0 && micro <= wide_power10(TAX_RATE_SCALE);
}

Decimal quantity_to_decimal(int64_t milli)
{
    return decimal_of(milli, QUANTITY_SCALE);
}

static bool is_in_bounds(int64_t minor)
{
    return minor <= MONEY_MINOR_MAX && minor >= -MONEY_MINOR_MAX;
}

bool line_amount(const LinePrice *price, int64_t quantity_milli, LineAmount *ret_amount)
{
    ASSERT(tax_rate_is_sound(price->tax_micro));
    int decimals = currency_decimals(price->currency);
    int64_t one = wide_power10(TAX_RATE_SCALE);
    int64_t priced;
    if (!scale_half_up(quantity_milli, price->price_micro,
            wide_power10(QUANTITY_SCALE + PRICE_SCALE - decimals), &priced) ||
        !is_in_bounds(priced)) {
        return false;
    }
    int64_t net = priced;
    int64_t gross = priced;
    if (price->includes_tax) {
        if (!scale_half_up(gross, one, one + price->tax_micro, &net)) {
            return false;
        }
    } else {
        int64_t tax;
        if (!scale_half_up(net, price->tax_micro, one, &tax) || !is_in_bounds(tax)) {
            return false;
        }
        gross = net + tax;
    }
    if (!is_in_bounds(gross)) {
        return false;
    }
    *ret_amount = (LineAmount){.net = money_of(price->currency, net),
        .tax = money_of(price->currency, gross - net),
        .gross = money_of(price->currency, gross)};
    return true;
}

LineAmount amount_taxed(Money gross, Money tax)
{
    return (LineAmount){money_sub(gross, tax), tax, gross};
}

LineAmount amount_at_rate(Money gross, int64_t tax_micro)
{
    int64_t one = wide_power10(TAX_RATE_SCALE);
    int64_t net = 0;
    bool is_exact = scale_half_up(gross.minor, one, one + tax_micro, &net);
    ASSERT(is_exact);
    return amount_taxed(gross, money_of(gross.currency, gross.minor - net));
}

bool line_amount_after(
    const LinePrice *price, int64_t quantity_milli, Money gone, bool is_all, LineAmount *ret_amount)
{
    if (!line_amount(price, quantity_milli, ret_amount)) {
        return false;
    }
    Money gross = is_all ? gone : money_max(gone, ret_amount->gross);
    if (money_cmp(gross, ret_amount->gross) != 0) {
        *ret_amount = amount_at_rate(gross, price->tax_micro);
    }
    return true;
}

static LineAmount line_amount_sub(LineAmount a, LineAmount b)
{
    return (LineAmount){
        money_sub(a.net, b.net), money_sub(a.tax, b.tax), money_sub(a.gross, b.gross)};
}

/* Net and tax at most what is left of each, so that the last takes the rest; neither below zero. */
static LineAmount amount_fit(LineAmount left, Money gross, Money net)
{
    if (money_cmp(gross, left.gross) <= 0) {
        net = money_min(money_max(net, money_sub(gross, left.tax)), left.net);
    }
    net = money_min(money_max(net, money_zero(gross.currency)), gross);
    return amount_taxed(gross, money_sub(gross, net));
}

LineAmount line_part_split(const LinePart *part, int64_t tax_micro, Money gross)
{
    LineAmount left = line_amount_sub(part->whole, part->done);
    return amount_fit(left, gross, amount_at_rate(gross, tax_micro).net);
}

LineAmount amount_share(LineAmount whole, LineAmount done, Money gross)
{
    int64_t net = 0;
    bool is_exact = money_is_zero(whole.gross) ||
                    scale_half_up(gross.minor, whole.net.minor, whole.gross.minor, &net);
    ASSERT(is_exact);
    return amount_fit(line_amount_sub(whole, done), gross, money_of(gross.currency, net));
}

LineAmount amount_over(LineAmount amount, LineAmount gone)
{
    Money net = money_max(amount.net, gone.net);
    net = money_min(net, money_sub(amount.gross, gone.tax));
    return amount_taxed(amount.gross, money_sub(amount.gross, net));
}

/* The share of `whole` that stands for so much of the line, in minor units; rounded down and up. */
static int64_t share_down(const LinePart *part, int64_t milli)
{
    int64_t share = 0;
    bool is_exact = scale_up(-part->whole.gross.minor, milli, part->quantity_milli, &share);
    ASSERT(is_exact);
    return -share;
}

static int64_t share_up(const LinePart *part, int64_t milli)
{
    int64_t share = 0;
    bool is_exact = scale_up(part->whole.gross.minor, milli, part->quantity_milli, &share);
    ASSERT(is_exact);
    return share;
}

bool line_part_amount(
    const LinePrice *price, const LinePart *part, int64_t part_milli, LineAmount *ret_amount)
{
    int64_t left_milli = part->quantity_milli - part->done_milli;
    ASSERT(part_milli > 0);
    ASSERT(part_milli <= left_milli);
    LineAmount left = line_amount_sub(part->whole, part->done);
    Money gross = left.gross;
    if (part_milli < left_milli) {
        LineAmount own;
        if (!line_amount(price, part_milli, &own)) {
            return false;
        }
        int64_t done_milli = part->done_milli + part_milli;
        Money floor = money_of(left.gross.currency, share_down(part, done_milli));
        gross = money_max(own.gross, money_sub(floor, part->done.gross));
        gross = money_min(gross, left.gross);
    }
    *ret_amount = line_part_split(part, price->tax_micro, gross);
    return true;
}

bool line_back_amount(
    const LinePrice *price, const LinePart *part, int64_t part_milli, LineAmount *ret_amount)
{
    if (!line_part_amount(price, part, part_milli, ret_amount)) {
        return false;
    }
    int64_t done_milli = part->done_milli + part_milli;
    Money ceiling = money_of(ret_amount->gross.currency, share_up(part, done_milli));
    Money most = money_max(money_sub(ceiling, part->done.gross), money_zero(ceiling.currency));
    if (money_cmp(ret_amount->gross, most) > 0) {
        *ret_amount = line_part_split(part, price->tax_micro, most);
    }
    return true;
}
