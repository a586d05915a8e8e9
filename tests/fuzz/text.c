/* Any text: what the small parsers take, they print so that it reads back as the same. */
#include "base/date.h"
#include "base/id.h"
#include "base/json.h"
#include "base/money.h"
#include "base/os.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void date_try(const char *text)
{
    Date date;
    if (date_parse(text, &date)) {
        char shown[DATE_TEXT_SIZE];
        date_format(date, shown);
        ASSERT(strcmp(shown, text) == 0);
        ASSERT(date >= DATE_MIN);
        ASSERT(date <= DATE_MAX);
    }
}

static void instant_try(const char *text)
{
    Instant at;
    if (instant_parse(text, &at)) {
        char shown[INSTANT_TEXT_SIZE];
        Instant again = 0;
        instant_format(at, shown);
        /* An offset may carry the first or the last day over the edge. */
        ASSERT(instant_parse(shown, &again)
                   ? again == at
                   : date_of_instant(at, 0) < DATE_MIN || date_of_instant(at, 0) > DATE_MAX);
    }
}

static void decimal_try(const char *text)
{
    Decimal decimal;
    if (!decimal_parse(text, &decimal)) {
        return;
    }
    char shown[DECIMAL_TEXT_SIZE];
    Decimal again = {0};
    decimal_format(decimal, false, shown);
    bool is_taken = decimal_parse(shown, &again);
    ASSERT(is_taken);
    ASSERT(again.units == decimal.units);
    ASSERT(again.scale == decimal.scale);
    decimal_format(decimal, true, shown);
    is_taken = decimal_parse(shown, &again);
    ASSERT(is_taken);
    int64_t units = 0;
    bool is_same = decimal_at_scale(again, decimal.scale, &units);
    ASSERT(is_same);
    ASSERT(units == decimal.units);
}

static void integer_try(const char *text)
{
    int64_t number;
    if (integer_parse(text, &number)) {
        char shown[DECIMAL_TEXT_SIZE];
        int64_t again = 0;
        decimal_format(decimal_of(number, 0), false, shown);
        bool is_taken = integer_parse(shown, &again);
        ASSERT(is_taken);
        ASSERT(again == number);
    }
}

static void id_try(const char *text)
{
    char letter;
    Id id;
    if (id_parse(text, &letter, &id)) {
        char shown[ID_TEXT_SIZE];
        char letter_again = 0;
        Id again = 0;
        ASSERT(id_looks_like(text));
        id_format(letter, id, shown);
        bool is_taken = id_parse(shown, &letter_again, &again);
        ASSERT(is_taken);
        ASSERT(letter == letter_again);
        ASSERT(id == again);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    /* A copy of its own size, so that a read beyond the NUL shows. */
    const char *text = arena_copy(arena, (const char *)data, size);
    text = arena_str(arena, text);
    date_try(text);
    instant_try(text);
    decimal_try(text);
    integer_try(text);
    id_try(text);
    Currency currency;
    if (currency_parse(text, &currency)) {
        ASSERT(currency_decimals(currency) <= 3);
    }
    if (strchr(text, '/') == NULL) {
        int64_t offset_ms;
        bool is_known = os_zone_offset(text, 0, &offset_ms);
        ASSERT(!is_known || (offset_ms > -86400000 && offset_ms < 86400000));
    }
    return 0;
}
