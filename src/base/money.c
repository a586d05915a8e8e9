/* Exact integers for amounts: parsing, printing, adding, and scaling with a named rounding. */
#include "base/money.h"

#include <stddef.h>
#include <string.h>

__extension__ typedef __int128 Wide;

/* ISO 4217 without funds, metals and test codes: letters, then decimals. Ascending. */
static const char currencies[][5] = {"AED2", "AFN2", "ALL2", "AMD2", "AOA2", "ARS2", "AUD2", "AWG2",
    "AZN2", "BAM2", "BBD2", "BDT2", "BGN2", "BHD3", "BIF0", "BMD2", "BND2", "BOB2", "BRL2", "BSD2",
    "BTN2", "BWP2", "BYN2", "BZD2", "CAD2", "CDF2", "CHF2", "CLP0", "CNY2", "COP2", "CRC2", "CUP2",
    "CVE2", "CZK2", "DJF0", "DKK2", "DOP2", "DZD2", "EGP2", "ERN2", "ETB2", "EUR2", "FJD2", "FKP2",
    "GBP2", "GEL2", "GHS2", "GIP2", "GMD2", "GNF0", "GTQ2", "GYD2", "HKD2", "HNL2", "HTG2", "HUF2",
    "IDR2", "ILS2", "INR2", "IQD3", "IRR2", "ISK0", "JMD2", "JOD3", "JPY0", "KES2", "KGS2", "KHR2",
    "KMF0", "KPW2", "KRW0", "KWD3", "KYD2", "KZT2", "LAK2", "LBP2", "LKR2", "LRD2", "LSL2", "LYD3",
    "MAD2", "MDL2", "MGA2", "MKD2", "MMK2", "MNT2", "MOP2", "MRU2", "MUR2", "MVR2", "MWK2", "MXN2",
    "MYR2", "MZN2", "NAD2", "NGN2", "NIO2", "NOK2", "NPR2", "NZD2", "OMR3", "PAB2", "PEN2", "PGK2",
    "PHP2", "PKR2", "PLN2", "PYG0", "QAR2", "RON2", "RSD2", "RUB2", "RWF0", "SAR2", "SBD2", "SCR2",
    "SDG2", "SEK2", "SGD2", "SHP2", "SLE2", "SOS2", "SRD2", "SSP2", "STN2", "SVC2", "SYP2", "SZL2",
    "THB2", "TJS2", "TMT2", "TND3", "TOP2", "TRY2", "TTD2", "TWD2", "TZS2", "UAH2", "UGX0", "USD2",
    "UYU2", "UZS2", "VED2", "VES2", "VND0", "VUV0", "WST2", "XAF0", "XCD2", "XOF0", "XPF0", "YER2",
    "ZAR2", "ZMW2", "ZWG2"};

static const int64_t powers[] = {INT64_C(1), INT64_C(10), INT64_C(100), INT64_C(1000),
    INT64_C(10000), INT64_C(100000), INT64_C(1000000), INT64_C(10000000), INT64_C(100000000),
    INT64_C(1000000000)};

enum { SCALE_MAX = COUNT(powers) - 1, WHOLE_DIGITS_MAX = 15 };

static Currency currency_pack(const char *letters)
{
    return (Currency)(unsigned char)letters[0] << 16 | (Currency)(unsigned char)letters[1] << 8 |
           (Currency)(unsigned char)letters[2];
}

/* Its row of the table, NULL when there is none. */
static const char *currency_row(Currency currency)
{
    size_t low = 0;
    size_t high = COUNT(currencies);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        Currency at = currency_pack(currencies[middle]);
        if (at == currency) {
            return currencies[middle];
        }
        if (at < currency) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

bool currency_parse(const char *text, Currency *ret_currency)
{
    if (strlen(text) != 3 || currency_row(currency_pack(text)) == NULL) {
        return false;
    }
    *ret_currency = currency_pack(text);
    return true;
}

void currency_format(Currency currency, char text[CURRENCY_TEXT_SIZE])
{
    text[0] = (char)(currency >> 16 & 0xff);
    text[1] = (char)(currency >> 8 & 0xff);
    text[2] = (char)(currency & 0xff);
    text[3] = '\0';
}

int currency_decimals(Currency currency)
{
    const char *row = currency_row(currency);
    ASSERT(row != NULL);
    return row[3] - '0';
}

bool currency_at(size_t index, Currency *ret_currency)
{
    if (index >= COUNT(currencies)) {
        return false;
    }
    *ret_currency = currency_pack(currencies[index]);
    return true;
}

/* Whole or fractional digits at *text, appended to *units; false beyond 64 bits. */
static bool digits_read(const char **text, int *ret_count, int64_t *units)
{
    int count = 0;
    for (; **text >= '0' && **text <= '9'; (*text)++, count++) {
        if (__builtin_mul_overflow(*units, 10, units) ||
            __builtin_add_overflow(*units, **text - '0', units)) {
            return false;
        }
    }
    *ret_count = count;
    return true;
}

bool decimal_parse(const char *text, Decimal *ret_decimal)
{
    bool is_negative = *text == '-';
    text += is_negative ? 1 : 0;
    int64_t units = 0;
    int whole;
    int fraction = 0;
    if (!digits_read(&text, &whole, &units) || whole == 0 || whole > WHOLE_DIGITS_MAX) {
        return false;
    }
    if (*text == '.') {
        text++;
        if (!digits_read(&text, &fraction, &units) || fraction == 0 || fraction > SCALE_MAX) {
            return false;
        }
    }
    if (*text != '\0') {
        return false;
    }
    *ret_decimal = decimal_of(is_negative ? -units : units, fraction);
    return true;
}

bool integer_parse(const char *text, int64_t *ret_number)
{
    bool is_negative = *text == '-';
    text += is_negative ? 1 : 0;
    int64_t number = 0;
    int count;
    if (!digits_read(&text, &count, &number) || count == 0 || *text != '\0') {
        return false;
    }
    *ret_number = is_negative ? -number : number;
    return true;
}

/* Digits of value at the end of text, with a point before the last `scale`. Returns their start. */
static char *digits_write(uint64_t value, int scale, char *end)
{
    *--end = '\0';
    for (int digit = 0; value > 0 || digit <= scale; digit++) {
        if (digit == scale && scale > 0) {
            *--end = '.';
        }
        *--end = (char)('0' + value % 10);
        value /= 10;
    }
    return end;
}

void decimal_format(Decimal decimal, bool trim, char text[DECIMAL_TEXT_SIZE])
{
    ASSERT(decimal.scale >= 0);
    ASSERT(decimal.scale <= SCALE_MAX);
    while (trim && decimal.scale > 0 && decimal.units % 10 == 0) {
        decimal.units /= 10;
        decimal.scale--;
    }
    bool is_negative = decimal.units < 0;
    uint64_t value = is_negative ? -(uint64_t)decimal.units : (uint64_t)decimal.units;
    char digits[DECIMAL_TEXT_SIZE];
    char *start = digits_write(value, decimal.scale, digits + sizeof(digits));
    if (is_negative) {
        *--start = '-';
    }
    memcpy(text, start, (size_t)(digits + sizeof(digits) - start));
}

bool decimal_at_scale(Decimal decimal, int scale, int64_t *ret_units)
{
    ASSERT(scale >= 0);
    ASSERT(scale <= SCALE_MAX);
    if (decimal.scale <= scale) {
        int64_t units;
        if (__builtin_mul_overflow(decimal.units, powers[scale - decimal.scale], &units)) {
            return false;
        }
        *ret_units = units;
        return true;
    }
    int64_t by = powers[decimal.scale - scale];
    if (decimal.units % by != 0) {
        return false;
    }
    *ret_units = decimal.units / by;
    return true;
}

Decimal decimal_of(int64_t units, int scale)
{
    ASSERT(scale >= 0);
    ASSERT(scale <= SCALE_MAX);
    return (Decimal){.units = units, .scale = (int8_t)scale, .is_set = true};
}

Money money_of(Currency currency, int64_t minor)
{
    ASSERT(currency != 0);
    return (Money){.minor = minor, .currency = currency};
}

Money money_zero(Currency currency)
{
    return money_of(currency, 0);
}

bool money_from_decimal(Currency currency, Decimal decimal, Money *ret_money)
{
    int64_t minor;
    if (!decimal_at_scale(decimal, currency_decimals(currency), &minor) ||
        minor > MONEY_MINOR_MAX || minor < -MONEY_MINOR_MAX) {
        return false;
    }
    *ret_money = money_of(currency, minor);
    return true;
}

Decimal money_to_decimal(Money money)
{
    return decimal_of(money.minor, currency_decimals(money.currency));
}

void money_format(Money money, char text[DECIMAL_TEXT_SIZE])
{
    decimal_format(money_to_decimal(money), false, text);
}

static Money clamped(Wide sum, Currency currency)
{
    if (sum > MONEY_SUM_MAX) {
        sum = MONEY_SUM_MAX;
    }
    if (sum < -(Wide)MONEY_SUM_MAX) {
        sum = -(Wide)MONEY_SUM_MAX;
    }
    return (Money){.minor = (int64_t)sum, .currency = currency};
}

Money money_add(Money a, Money b)
{
    ASSERT(a.currency == b.currency);
    return clamped((Wide)a.minor + b.minor, a.currency);
}

Money money_sub(Money a, Money b)
{
    ASSERT(a.currency == b.currency);
    return clamped((Wide)a.minor - b.minor, a.currency);
}

Money money_capped(Money a)
{
    if (a.minor > MONEY_MINOR_MAX) {
        a.minor = MONEY_MINOR_MAX;
    }
    if (a.minor < -MONEY_MINOR_MAX) {
        a.minor = -MONEY_MINOR_MAX;
    }
    return a;
}

Money money_neg(Money a)
{
    ASSERT(a.minor != INT64_MIN);
    return (Money){.minor = -a.minor, .currency = a.currency};
}

Money money_min(Money a, Money b)
{
    return money_cmp(a, b) <= 0 ? a : b;
}

Money money_max(Money a, Money b)
{
    return money_cmp(a, b) >= 0 ? a : b;
}

int money_cmp(Money a, Money b)
{
    ASSERT(a.currency == b.currency);
    return (a.minor > b.minor) - (a.minor < b.minor);
}

bool money_is_zero(Money a)
{
    return a.minor == 0;
}

bool money_is_positive(Money a)
{
    return a.minor > 0;
}

static bool narrow(Wide value, int64_t *ret_result)
{
    if (value > INT64_MAX || value < INT64_MIN) {
        return false;
    }
    *ret_result = (int64_t)value;
    return true;
}

bool scale_half_up(int64_t value, int64_t numerator, int64_t denominator, int64_t *ret_result)
{
    ASSERT(denominator > 0);
    Wide product = (Wide)value * numerator;
    Wide quotient = product / denominator;
    Wide rest = product % denominator;
    if (rest * 2 >= denominator) {
        quotient++;
    } else if (rest * 2 <= -(Wide)denominator) {
        quotient--;
    }
    return narrow(quotient, ret_result);
}

bool scale_up(int64_t value, int64_t numerator, int64_t denominator, int64_t *ret_result)
{
    ASSERT(denominator > 0);
    Wide product = (Wide)value * numerator;
    Wide quotient = product / denominator;
    return narrow(product % denominator > 0 ? quotient + 1 : quotient, ret_result);
}

Percent percent_of(Money part, Money whole)
{
    ASSERT(part.currency == whole.currency);
    Percent percent = {0};
    percent.is_set =
        whole.minor > 0 && scale_half_up(part.minor, 1000, whole.minor, &percent.per_mille);
    return percent;
}
