/* Amounts of lines: quantity times price, tax, and the parts of a line that ship or are
 * invoiced. */
#ifndef GUANXI_RULES_AMOUNT_H
#define GUANXI_RULES_AMOUNT_H

#include "base/money.h"

enum { QUANTITY_SCALE = 3, PRICE_SCALE = 6, TAX_RATE_SCALE = 6 };

/* Quantities are held as thousandths, unit prices as millionths of the currency's unit, tax
 * rates as millionths (0.13 is 130000). False: more decimals than that. */
MUST_CHECK bool quantity_of(Decimal decimal, int64_t *ret_milli);
MUST_CHECK bool price_of(Decimal decimal, int64_t *ret_micro);
MUST_CHECK bool tax_rate_of(Decimal decimal, int64_t *ret_micro);
/* Whether amounts can be made with it: from 0 to 100 %. */
bool tax_rate_is_sound(int64_t micro);
Decimal quantity_to_decimal(int64_t milli);

typedef struct LinePrice {
    Currency currency;
    int64_t price_micro;
    int64_t tax_micro;
    bool includes_tax; /* the setting: prices are gross (default) or net */
} LinePrice;

/* net + tax = gross; the ledger takes the gross. */
typedef struct LineAmount {
    Money net;
    Money tax;
    Money gross;
} LineAmount;

/* A gross amount of which the tax is known. */
LineAmount amount_taxed(Money gross, Money tax);
/* A gross amount with the tax that is in it at a rate, the net half up. That of a line is this one
 * of its gross, whether its price came with tax or without. */
LineAmount amount_at_rate(Money gross, int64_t tax_micro);

/* A line's amount: quantity * price rounded half up once (gross, or net when prices come without
 * tax); the tax of that, half up. False: beyond MONEY_MINOR_MAX. quantity_milli > 0, price and
 * tax not negative. */
MUST_CHECK bool line_amount(const LinePrice *price, int64_t quantity_milli, LineAmount *ret_amount);

/* The same for a line of which parts have gone (shipped or invoiced) for `gone` together: they
 * keep what they were worth, whatever rounding made of them. is_all: nothing is left to go. */
MUST_CHECK bool line_amount_after(const LinePrice *price,
    int64_t quantity_milli,
    Money gone,
    bool is_all,
    LineAmount *ret_amount);

/* Of a line that is dealt with in parts (shipments, or invoices). */
typedef struct LinePart {
    int64_t quantity_milli; /* of the whole line */
    int64_t done_milli;     /* in earlier parts */
    LineAmount whole;
    LineAmount done; /* amounts of earlier parts */
} LinePart;

/* How a further part of so much falls into net and tax: by its own gross, at most what is left of
 * each, so that the last takes the rest and parts add up to the whole. Neither is below zero. */
LineAmount line_part_split(const LinePart *part, int64_t tax_micro, Money gross);
/* The same of what has more than one rate (a note on a document): by its share in the whole, also
 * beyond it. */
LineAmount amount_share(LineAmount whole, LineAmount done, Money gross);
/* The amount with no less net and tax than have gone of it. */
LineAmount amount_over(LineAmount amount, LineAmount gone);

/* The amount of a further part: its own quantity at the line's price, never more than is left;
 * the part that completes the line takes the rest, so that parts always add up to the whole.
 * However small the parts are cut, all that have gone are worth at least their share of the whole,
 * less than one minor unit apart: else a line that goes in slices, each too small for a price,
 * would leave for nothing. part_milli is above 0 and at most what is left. False: overflow. */
MUST_CHECK bool line_part_amount(
    const LinePrice *price, const LinePart *part, int64_t part_milli, LineAmount *ret_amount);
/* The same of what comes back: all that has come back is worth at most its share, too, or slices
 * that were each rounded up would take more out of what is owed than has come. */
MUST_CHECK bool line_back_amount(
    const LinePrice *price, const LinePart *part, int64_t part_milli, LineAmount *ret_amount);

#endif
