/* Decimals, currencies, amounts and scaling. */
#include "support/unit.h"

#include "base/money.h"

#include <string.h>

static void decimals_are_parsed_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t units;
        int scale; /* -1: refused */
        const char *shown;
    } rows[] = {
        {"0", 0, 0, "0"}, {"0.00", 0, 2, "0.00"}, {"-0", 0, 0, "0"}, {"-0.00", 0, 2, "0.00"},
        {"1250.00", 125000, 2, "1250.00"}, {"-1250.5", -12505, 1, "-1250.5"},
        {"0.05", 5, 2, "0.05"}, {"-0.05", -5, 2, "-0.05"}, {"007", 7, 0, "7"},
        {"0.123456789", 123456789, 9, "0.123456789"},
        {"999999999999999", INT64_C(999999999999999), 0, "999999999999999"},
        {"999999999999999.99", INT64_C(99999999999999999), 2, "999999999999999.99"},
        {"999999999.999999999", INT64_C(999999999999999999), 9, "999999999.999999999"},
        {"1000000000000000", 0, -1, NULL},     /* 16 digits before the point */
        {"999999999999999.9999", 0, -1, NULL}, /* beyond 64 bits */
        {"99999999999999999999", 0, -1, NULL}, {"0.1234567890", 0, -1, NULL}, {"1.", 0, -1, NULL},
        {".5", 0, -1, NULL}, {"-.5", 0, -1, NULL}, {"-", 0, -1, NULL}, {"", 0, -1, NULL},
        {"+1", 0, -1, NULL}, {" 1", 0, -1, NULL}, {"1 ", 0, -1, NULL}, {"1e3", 0, -1, NULL},
        {"1,000", 0, -1, NULL}, {"1.0.0", 0, -1, NULL}, {"--1", 0, -1, NULL}, {"0x10", 0, -1, NULL},
        {"NaN", 0, -1, NULL}, {"inf", 0, -1, NULL},
        {"\xef\xbc\x91", 0, -1, NULL}, /* a full-width 1 */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Decimal decimal = {.units = 77};
        bool is_taken = decimal_parse(rows[i].text, &decimal);
        CHECK_ROW(rows[i].text, is_taken == (rows[i].scale >= 0));
        if (!is_taken) {
            CHECK_ROW(rows[i].text, decimal.units == 77);
            continue;
        }
        CHECK_ROW(rows[i].text, decimal.is_set);
        CHECK_ROW(rows[i].text, decimal.units == rows[i].units);
        CHECK_ROW(rows[i].text, decimal.scale == rows[i].scale);
        char text[DECIMAL_TEXT_SIZE];
        decimal_format(decimal, false, text);
        assert_string_equal(text, rows[i].shown);
    }
}

static void integers_are_parsed_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_taken;
        int64_t number;
    } rows[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"42", true, 42},
        {"-42", true, -42},
        {"007", true, 7},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775807", true, -INT64_MAX},
        {"9223372036854775808", false, 0},
        {"99999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"1e3", false, 0},
        {"0x10", false, 0},
        {"--1", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t number = 0;
        CHECK_ROW(rows[i].text, integer_parse(rows[i].text, &number) == rows[i].is_taken);
        CHECK_ROW(rows[i].text, number == rows[i].number);
    }
}

static void decimals_are_trimmed(void **state)
{
    (void)state;
    static const struct {
        int64_t units;
        int scale;
        const char *trimmed;
        const char *whole;
    } rows[] = {
        {130, 3, "0.13", "0.130"},
        {100, 2, "1", "1.00"},
        {0, 4, "0", "0.0000"},
        {-1500, 2, "-15", "-15.00"},
        {1000, 0, "1000", "1000"},
        {INT64_MAX, 9, "9223372036.854775807", "9223372036.854775807"},
        {INT64_MIN, 9, "-9223372036.854775808", "-9223372036.854775808"},
        {INT64_MIN, 0, "-9223372036854775808", "-9223372036854775808"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[DECIMAL_TEXT_SIZE];
        decimal_format(decimal_of(rows[i].units, rows[i].scale), true, text);
        assert_string_equal(text, rows[i].trimmed);
        decimal_format(decimal_of(rows[i].units, rows[i].scale), false, text);
        assert_string_equal(text, rows[i].whole);
    }
}

static void decimals_change_scale_without_loss(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        int64_t units;
        int from;
        int to;
        bool is_possible;
        int64_t result;
    } rows[] = {
        {"up", 125, 1, 3, true, 12500},
        {"same", -7, 2, 2, true, -7},
        {"down over zeros", 12500, 4, 2, true, 125},
        {"down would lose", 12501, 4, 2, false, 0},
        {"negative down", -12500, 4, 2, true, -125},
        {"negative would lose", -1, 1, 0, false, 0},
        {"overflow", INT64_C(9223372036854775), 0, 4, false, 0},
        {"just fits", INT64_C(922337203685477), 0, 4, true, INT64_C(9223372036854770000)},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t units = 42;
        bool is_possible =
            decimal_at_scale(decimal_of(rows[i].units, rows[i].from), rows[i].to, &units);
        CHECK_ROW(rows[i].row, is_possible == rows[i].is_possible);
        CHECK_ROW(rows[i].row, units == (is_possible ? rows[i].result : 42));
    }
}

static Currency cur(const char *text)
{
    Currency currency = 0;
    assert_true(currency_parse(text, &currency));
    return currency;
}

static void currencies_are_those_of_iso_4217(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int decimals; /* -1: unknown */
    } rows[] = {
        {"CNY", 2},
        {"EUR", 2},
        {"USD", 2},
        {"JPY", 0},
        {"KRW", 0},
        {"VND", 0},
        {"KWD", 3},
        {"BHD", 3},
        {"TND", 3},
        {"AED", 2},
        {"ZWG", 2},
        {"cny", -1},
        {"RMB", -1},
        {"XAU", -1},
        {"XXX", -1},
        {"", -1},
        {"EU", -1},
        {"EURO", -1},
        {"E R", -1},
        {"\xe4\xba\xba", -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Currency currency = 0;
        CHECK_ROW(rows[i].text, currency_parse(rows[i].text, &currency) == (rows[i].decimals >= 0));
        if (rows[i].decimals < 0) {
            CHECK_ROW(rows[i].text, currency == 0);
            continue;
        }
        CHECK_ROW(rows[i].text, currency_decimals(currency) == rows[i].decimals);
        char text[CURRENCY_TEXT_SIZE];
        currency_format(currency, text);
        assert_string_equal(text, rows[i].text);
    }
    assert_int_equal(cur("CNY"), 'C' << 16 | 'N' << 8 | 'Y');
}

/* The table is searched by halves, so a name out of order would be lost. */
static void every_currency_is_found(void **state)
{
    (void)state;
    int found = 0;
    for (int a = 'A'; a <= 'Z'; a++) {
        for (int b = 'A'; b <= 'Z'; b++) {
            for (int c = 'A'; c <= 'Z'; c++) {
                char text[] = {(char)a, (char)b, (char)c, '\0'};
                Currency currency;
                found += currency_parse(text, &currency) ? 1 : 0;
            }
        }
    }
    assert_int_equal(found, 155);
}

static void amounts_keep_to_their_currency(void **state)
{
    (void)state;
    static const struct {
        const char *currency;
        const char *text;
        bool is_taken;
        int64_t minor;
        const char *shown;
    } rows[] = {
        {"CNY", "1250", true, 125000, "1250.00"},
        {"CNY", "1250.5", true, 125050, "1250.50"},
        {"CNY", "-0.01", true, -1, "-0.01"},
        {"CNY", "1.000", true, 100, "1.00"}, /* more zeros lose nothing */
        {"CNY", "1.005", false, 0, NULL},
        {"JPY", "1250", true, 1250, "1250"},
        {"JPY", "1250.5", false, 0, NULL},
        {"JPY", "1250.0", true, 1250, "1250"},
        {"KWD", "1.234", true, 1234, "1.234"},
        {"KWD", "1.2345", false, 0, NULL},
        {"CNY", "9000000000000.00", true, MONEY_MINOR_MAX, "9000000000000.00"},
        {"CNY", "9000000000000.01", false, 0, NULL},
        {"CNY", "-9000000000000.00", true, -MONEY_MINOR_MAX, "-9000000000000.00"},
        {"CNY", "-9000000000000.01", false, 0, NULL},
        {"JPY", "900000000000000", true, MONEY_MINOR_MAX, "900000000000000"},
        {"JPY", "900000000000001", false, 0, NULL},
        {"KWD", "999999999999999", false, 0, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Decimal decimal;
        assert_true(decimal_parse(rows[i].text, &decimal));
        Money money = {0};
        bool is_taken = money_from_decimal(cur(rows[i].currency), decimal, &money);
        CHECK_ROW(rows[i].text, is_taken == rows[i].is_taken);
        CHECK_ROW(rows[i].text, money.minor == rows[i].minor);
        if (is_taken) {
            char text[DECIMAL_TEXT_SIZE];
            money_format(money, text);
            assert_string_equal(text, rows[i].shown);
        }
    }
}

static void amounts_add_up(void **state)
{
    (void)state;
    Currency cny = cur("CNY");
    Money a = money_of(cny, 500);
    Money b = money_of(cny, -700);
    assert_int_equal(money_add(a, b).minor, -200);
    assert_int_equal(money_sub(a, b).minor, 1200);
    assert_int_equal(money_neg(b).minor, 700);
    assert_int_equal(money_min(a, b).minor, -700);
    assert_int_equal(money_max(a, b).minor, 500);
    assert_int_equal(money_cmp(a, b), 1);
    assert_int_equal(money_cmp(b, a), -1);
    assert_int_equal(money_cmp(a, a), 0);
    assert_true(money_is_zero(money_zero(cny)));
    assert_false(money_is_zero(b));
    assert_true(money_is_positive(a));
    assert_false(money_is_positive(money_zero(cny)));
    assert_false(money_is_positive(b));
    Money sum = money_zero(cny);
    for (int i = 0; i < 10000; i++) {
        sum = money_add(sum, money_of(cny, MONEY_MINOR_MAX));
    }
    assert_true(sum.minor == MONEY_MINOR_MAX * 10000);
}

static void scaling_rounds_as_named(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        int64_t value;
        int64_t numerator;
        int64_t denominator;
        bool fits;
        int64_t half_up;
        int64_t up;
    } rows[] = {
        {"exact", 100, 3, 4, true, 75, 75},
        {"below half", 10, 1, 3, true, 3, 4},
        {"half", 5, 1, 2, true, 3, 3},
        {"above half", 20, 1, 3, true, 7, 7},
        {"minus half goes away from zero", -5, 1, 2, true, -3, -2},
        {"minus below half", -10, 1, 3, true, -3, -3},
        {"minus above half", -20, 1, 3, true, -7, -6},
        {"negative factor", 5, -1, 2, true, -3, -2},
        {"zero", 0, 7, 3, true, 0, 0},
        {"through 128 bits", INT64_MAX, INT64_MAX, INT64_MAX, true, INT64_MAX, INT64_MAX},
        {"lowest", INT64_MIN, 1, 1, true, INT64_MIN, INT64_MIN},
        {"lowest turned", INT64_MIN, -1, 1, false, 0, 0},
        {"too large", INT64_MAX, 2, 1, false, 0, 0},
        {"too small", INT64_MIN, 2, 1, false, 0, 0},
        {"just over by rounding", INT64_MAX, 3, 3, true, INT64_MAX, INT64_MAX},
        {"denominator largest", 1, 1, INT64_MAX, true, 0, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t half_up = 42;
        int64_t up = 42;
        CHECK_ROW(rows[i].row, scale_half_up(rows[i].value, rows[i].numerator, rows[i].denominator,
                                   &half_up) == rows[i].fits);
        CHECK_ROW(rows[i].row,
            scale_up(rows[i].value, rows[i].numerator, rows[i].denominator, &up) == rows[i].fits);
        CHECK_ROW(rows[i].row, half_up == (rows[i].fits ? rows[i].half_up : 42));
        CHECK_ROW(rows[i].row, up == (rows[i].fits ? rows[i].up : 42));
    }
}

static void percents_have_one_decimal(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        int64_t part;
        int64_t whole;
        bool is_set;
        int64_t per_mille;
    } rows[] = {
        {"a third", 1, 3, true, 333},
        {"two thirds", 2, 3, true, 667},
        {"half of a tenth", 5, 10000, true, 1},
        {"just below it", 4999, 10000000, true, 0},
        {"over a hundred", 300, 200, true, 1500},
        {"negative part", -1, 2, true, -500},
        {"nothing of nothing", 0, 0, false, 0},
        {"of nothing", 5, 0, false, 0},
        {"of a negative", 5, -5, false, 0},
        {"large", MONEY_MINOR_MAX, 1, true, MONEY_MINOR_MAX * 1000},
        {"too large", INT64_MAX, 1, false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Currency eur = cur("EUR");
        Percent percent = percent_of(money_of(eur, rows[i].part), money_of(eur, rows[i].whole));
        CHECK_ROW(rows[i].row, percent.is_set == rows[i].is_set);
        CHECK_ROW(rows[i].row, percent.per_mille == rows[i].per_mille);
    }
}

/* Nobody's figures end the process, however absurd they were made. */
static void sums_end_at_their_bound(void **state)
{
    (void)state;
    Currency cny;
    assert_true(currency_parse("CNY", &cny));
    Money most = money_of(cny, MONEY_SUM_MAX);
    Money least = money_neg(most);
    assert_int_equal(money_add(most, most).minor, MONEY_SUM_MAX);
    assert_int_equal(money_sub(least, most).minor, -MONEY_SUM_MAX);
    assert_int_equal(money_add(most, least).minor, 0);
    Money large = money_of(most.currency, MONEY_MINOR_MAX);
    Money sum = money_zero(most.currency);
    for (int i = 0; i < 4000; i++) {
        sum = money_add(sum, large);
    }
    assert_int_equal(sum.minor, 4000 * MONEY_MINOR_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_end_at_their_bound),
        cmocka_unit_test(decimals_are_parsed_exactly),
        cmocka_unit_test(integers_are_parsed_exactly),
        cmocka_unit_test(decimals_are_trimmed),
        cmocka_unit_test(decimals_change_scale_without_loss),
        cmocka_unit_test(currencies_are_those_of_iso_4217),
        cmocka_unit_test(every_currency_is_found),
        cmocka_unit_test(amounts_keep_to_their_currency),
        cmocka_unit_test(amounts_add_up),
        cmocka_unit_test(scaling_rounds_as_named),
        cmocka_unit_test(percents_have_one_decimal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
