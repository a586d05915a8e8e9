/* Amounts of lines and of their parts. */
#include "support/unit.h"

#include "rules/amount.h"
#include "support/rules.h"

#include <string.h>

static Currency cny(void)
{
    return currency_from_text("CNY");
}

static bool is_amount(Money money, const char *text)
{
    char got[DECIMAL_TEXT_SIZE];
    money_format(money, got);
    return strcmp(got, text) == 0;
}

static const struct {
    const char *currency, *quantity, *price, *tax;
    bool includes;
    const char *net, *tax_amount, *gross;
    const char *why;
} lines[] = {
    {"CNY", "10", "113", "0.13", true, "1000.00", "130.00", "1130.00", "prices include tax"},
    {"CNY", "10", "100", "0.13", false, "1000.00", "130.00", "1130.00", "tax on top"},
    {"CNY", "1", "10", "0", true, "10.00", "0.00", "10.00", "no tax"},
    {"CNY", "3", "0.335", "0", true, "1.01", "0.00", "1.01", "1.005 half up"},
    {"CNY", "1", "0.004999", "0", true, "0.00", "0.00", "0.00", "below half a cent"},
    {"CNY", "1", "0.005", "0", true, "0.01", "0.00", "0.01", "half a cent"},
    {"CNY", "0.001", "1000000", "0", true, "1000.00", "0.00", "1000.00", "three decimals"},
    {"CNY", "2.5", "3.333333", "0", true, "8.33", "0.00", "8.33", "six decimals"},
    {"JPY", "3", "33.5", "0.1", false, "101", "10", "111", "no decimals: 100.5, then 10.1"},
    {"KWD", "1", "1.0005", "0", true, "1.001", "0.000", "1.001", "three decimals"},
    {"CNY", "1", "9.99", "0.06", true, "9.42", "0.57", "9.99", "net of 9.4245"},
    {"CNY", "999999", "9000000", "0", true, "8999991000000.00", "0.00", "8999991000000.00", "big"},
    {"CNY", "9999999", "9000000", "0", true, NULL, NULL, NULL, "too big"},
    {"CNY", "999999", "9000000", "0.13", false, NULL, NULL, NULL, "too big with its tax"},
    {"CNY", "0.5", "0", "0.13", false, "0.00", "0.00", "0.00", "free of charge"},
};

static LinePrice price_from_text(const char *currency, const char *price, const char *tax, bool in)
{
    Decimal price_decimal;
    Decimal tax_decimal;
    LinePrice line = {.currency = currency_from_text(currency), .includes_tax = in};
    assert_true(decimal_parse(price, &price_decimal) && price_of(price_decimal, &line.price_micro));
    assert_true(decimal_parse(tax, &tax_decimal) && tax_rate_of(tax_decimal, &line.tax_micro));
    return line;
}

static int64_t milli(const char *text)
{
    Decimal decimal;
    int64_t quantity = 0;
    assert_true(decimal_parse(text, &decimal) && quantity_of(decimal, &quantity));
    return quantity;
}

static void lines_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        LinePrice price =
            price_from_text(lines[i].currency, lines[i].price, lines[i].tax, lines[i].includes);
        LineAmount amount;
        bool fits = line_amount(&price, milli(lines[i].quantity), &amount);
        CHECK_ROW(lines[i].why, fits == (lines[i].net != NULL));
        if (fits) {
            CHECK_ROW(lines[i].why, is_amount(amount.net, lines[i].net));
            CHECK_ROW(lines[i].why, is_amount(amount.tax, lines[i].tax_amount));
            CHECK_ROW(lines[i].why, is_amount(amount.gross, lines[i].gross));
        }
    }
    int64_t micro;
    assert_false(quantity_of(decimal_of(10001, 4), &micro));
    assert_true(quantity_of(decimal_of(10010, 4), &micro));
    assert_false(price_of(decimal_of(1, 7), &micro));
    assert_int_equal(quantity_to_decimal(1500).units, 1500);
}

static LineAmount line_amount_zero(void)
{
    Money zero = money_zero(cny());
    return (LineAmount){zero, zero, zero};
}

static LineAmount line_amount_add(LineAmount a, LineAmount b)
{
    return (LineAmount){
        money_add(a.net, b.net), money_add(a.tax, b.tax), money_add(a.gross, b.gross)};
}

/* Whatever the parts, they add up to the whole, and none is negative. */
static void parts_add_up(void **state)
{
    (void)state;
    static const struct {
        const char *price, *tax;
        bool includes;
        int64_t quantity, part;
        const char *first, *last;
        const char *why;
    } rows[] = {
        {"0.335", "0", true, 3000, 1000, "0.34", "0.33", "the last takes the rest: 0.34 0.34 0.33"},
        {"0.333333", "0", true, 3000, 1000, "0.33", "0.34", "the rest may be more"},
        {"0.005", "0", true, 5000, 1000, "0.01", "0.00", "never more than is left: 0.03 in five"},
        {"9.99", "0.13", true, 7000, 2000, "19.98", "9.99", "an uneven last part"},
        {"9.99", "0.13", false, 7000, 500, "5.65", "5.57", "tax on top, in halves: 79.02 in all"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        LinePrice price = price_from_text("CNY", rows[i].price, rows[i].tax, rows[i].includes);
        LinePart part = {.quantity_milli = rows[i].quantity, .done = line_amount_zero()};
        assert_true(line_amount(&price, part.quantity_milli, &part.whole));
        LineAmount amount = part.done;
        while (part.done_milli < part.quantity_milli) {
            int64_t left = part.quantity_milli - part.done_milli;
            int64_t now = left < rows[i].part ? left : rows[i].part;
            assert_true(line_part_amount(&price, &part, now, &amount));
            CHECK_ROW(rows[i].why, part.done_milli > 0 || is_amount(amount.gross, rows[i].first));
            CHECK_ROW(rows[i].why, amount.net.minor >= 0 && amount.tax.minor >= 0);
            CHECK_ROW(rows[i].why, amount.net.minor + amount.tax.minor == amount.gross.minor);
            part.done = line_amount_add(part.done, amount);
            part.done_milli += now;
        }
        CHECK_ROW(rows[i].why, is_amount(amount.gross, rows[i].last));
        CHECK_ROW(rows[i].why, part.done.gross.minor == part.whole.gross.minor);
        CHECK_ROW(rows[i].why, part.done.net.minor == part.whole.net.minor);
    }
}

/* Many prices, taxes and ways to part a line: parts add up, and no net or tax goes below zero. */
static void any_parts_add_up(void **state)
{
    (void)state;
    uint64_t seed = 20250630;
    for (int round = 0; round < 20000; round++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint64_t draw = seed >> 20;
        LinePrice price = {.currency = cny(),
            .price_micro = (int64_t)(draw % 400000),
            .tax_micro = (int64_t)(draw / 7 % 5) * 65000,
            .includes_tax = draw / 3 % 2 == 0};
        LinePart part = {
            .quantity_milli = (int64_t)(draw / 11 % 40000) + 1, .done = line_amount_zero()};
        assert_true(line_amount(&price, part.quantity_milli, &part.whole));
        int64_t step = part.quantity_milli / ((int64_t)(draw / 13 % 12) + 1) + 1;
        while (part.done_milli < part.quantity_milli) {
            int64_t left = part.quantity_milli - part.done_milli;
            LineAmount amount;
            assert_true(line_part_amount(&price, &part, left < step ? left : step, &amount));
            assert_true(amount.net.minor >= 0 && amount.tax.minor >= 0);
            assert_int_equal(amount.net.minor + amount.tax.minor, amount.gross.minor);
            part.done = line_amount_add(part.done, amount);
            part.done_milli += left < step ? left : step;
        }
        assert_int_equal(part.done.gross.minor, part.whole.gross.minor);
        assert_int_equal(part.done.net.minor, part.whole.net.minor);
    }
}

/* However a line is sliced, what has gone is worth its share, what came back no more than that. */
static void slices_are_worth_their_share(void **state)
{
    (void)state;
    static const struct {
        int64_t price, quantity, slice;
    } rows[] = {
        {499000000, 20000, 1}, /* half a minor unit each, and less */
        {4990000, 20000, 1},
        {500000000, 2000, 1}, /* each rounded up */
        {5000000, 2000, 1},
        {14990000, 5000, 1}, /* one and a half */
        {333333, 30000, 1000},
        {10000, 1500, 500},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        LinePrice price = {.currency = cny(), .price_micro = rows[i].price / 100};
        LinePart gone = {.quantity_milli = rows[i].quantity, .done = line_amount_zero()};
        assert_true(line_amount(&price, gone.quantity_milli, &gone.whole));
        LinePart back = gone;
        for (int64_t at = 0; at < rows[i].quantity; at += rows[i].slice) {
            LineAmount amount;
            assert_true(line_part_amount(&price, &gone, rows[i].slice, &amount));
            gone.done = line_amount_add(gone.done, amount);
            gone.done_milli += rows[i].slice;
            assert_true(line_back_amount(&price, &back, rows[i].slice, &amount));
            back.done = line_amount_add(back.done, amount);
            back.done_milli += rows[i].slice;
            int64_t share = gone.whole.gross.minor * gone.done_milli;
            assert_true((gone.done.gross.minor + 1) * gone.quantity_milli > share);
            assert_true((back.done.gross.minor - 1) * back.quantity_milli < share);
        }
        assert_int_equal(gone.done.gross.minor, gone.whole.gross.minor);
        assert_int_equal(back.done.gross.minor, back.whole.gross.minor);
    }
}

static LineAmount line_amount_less(LineAmount a, LineAmount b)
{
    return (LineAmount){
        money_sub(a.net, b.net), money_sub(a.tax, b.tax), money_sub(a.gross, b.gross)};
}

/* Amounts in place of quantities (invoices), a part that is taken back and goes anew, and a whole
 * that is cut down to what has gone: what has gone adds up in net and tax too. */
static void splits_add_up(void **state)
{
    (void)state;
    uint64_t seed = 20250701;
    for (int round = 0; round < 20000; round++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint64_t draw = seed >> 20;
        int64_t tax_micro = (int64_t)(draw / 7 % 5) * 65000;
        LinePart part = {.done = line_amount_zero()};
        part.whole = amount_at_rate(money_of(cny(), (int64_t)(draw % 90000) + 1), tax_micro);
        Money step = money_of(cny(), part.whole.gross.minor / (int64_t)(draw / 13 % 12 + 1) + 1);
        LineAmount last = part.done;
        for (int turn = 0; part.done.gross.minor < part.whole.gross.minor; turn++) {
            Money gross = money_min(step, money_sub(part.whole.gross, part.done.gross));
            last = line_part_split(&part, tax_micro, gross);
            assert_int_equal(last.net.minor + last.tax.minor, gross.minor);
            assert_true(last.net.minor >= 0 && last.tax.minor >= 0);
            assert_true(turn > 0 || last.net.minor == amount_at_rate(gross, tax_micro).net.minor);
            part.done = line_amount_add(part.done, last);
            if (turn == 3) {
                part.done = line_amount_less(part.done, last);
                part.whole = draw % 2 != 0 ? part.whole
                                           : amount_over(amount_at_rate(part.done.gross, tax_micro),
                                                 part.done);
            }
        }
        assert_int_equal(part.done.net.minor, part.whole.net.minor);
        assert_int_equal(part.done.tax.minor, part.whole.tax.minor);
    }
}

/* Of a note on a document with several rates. */
static void shares_add_up(void **state)
{
    (void)state;
    LineAmount whole = amount_taxed(money_of(cny(), 10007), money_of(cny(), 613));
    LineAmount done = line_amount_zero();
    static const int64_t parts[] = {1, 2500, 1, 1, 7000, 504};
    for (size_t i = 0; i < COUNT(parts); i++) {
        LineAmount share = amount_share(whole, done, money_of(cny(), parts[i]));
        assert_true(share.net.minor >= 0 && share.tax.minor >= 0);
        done = line_amount_add(done, share);
    }
    assert_int_equal(done.gross.minor, whole.gross.minor);
    assert_int_equal(done.tax.minor, whole.tax.minor);
    assert_int_equal(amount_share(whole, done, money_of(cny(), 10007)).tax.minor, 613);
}

/* What has gone keeps its worth. */
static void after_parts(void **state)
{
    (void)state;
    static const struct {
        int64_t price, tax, quantity, gone;
        bool is_all, includes_tax;
        int64_t net, gross;
    } rows[] = {
        {10000, 0, 1500, 0, false, true, 2, 2},    /* 1.5 at 0.01: 0.015, half up */
        {10000, 0, 1000, 2, true, true, 2, 2},     /* two halves went as 0.01 each */
        {10000, 0, 1200, 2, false, true, 2, 2},    /* and a little more to go */
        {10000, 0, 3000, 2, false, true, 3, 3},    /* enough to cover it */
        {500000, 0, 5, 0, true, true, 0, 0},       /* five times nothing */
        {333333, 0, 2000, 66, true, true, 66, 66}, /* pieces that were rounded down */
        {1000000, 130000, 2000, 226, true, false, 200, 226},
        {1000000, 130000, 1000, 226, false, false, 200, 226},
        {1130000, 130000, 1000, 226, false, true, 200, 226},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        LinePrice price = {.currency = currency_from_text("CNY"),
            .price_micro = rows[i].price,
            .tax_micro = rows[i].tax,
            .includes_tax = rows[i].includes_tax};
        LineAmount amount;
        assert_true(line_amount_after(&price, rows[i].quantity,
            money_of(price.currency, rows[i].gone), rows[i].is_all, &amount));
        CHECK_ROW("after", amount.gross.minor == rows[i].gross && amount.net.minor == rows[i].net &&
                               amount.tax.minor == rows[i].gross - rows[i].net);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_table),
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(any_parts_add_up),
        cmocka_unit_test(splits_add_up),
        cmocka_unit_test(shares_add_up),
        cmocka_unit_test(slices_are_worth_their_share),
        cmocka_unit_test(after_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
