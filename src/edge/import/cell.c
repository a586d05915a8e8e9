#include "edge/import/cell.h"

#include "base/json.h"
#include "base/limits.h"
#include "edge/member.h"
#include "op/decode.h"

#include <string.h>

/* ---- Dates ---- */

static bool digits_read(const char **text, size_t least, size_t most, int *ret_number)
{
    size_t length = strspn(*text, "0123456789");
    if (length > most) {
        length = most;
    }
    *ret_number = 0;
    for (size_t i = 0; i < length; i++) {
        *ret_number = *ret_number * 10 + ((*text)[i] - '0');
    }
    *text += length;
    return length >= least;
}

static bool is_part(char letter)
{
    return letter != '\0' && strchr("YMD", letter) != NULL;
}

/* Months and days may have one digit, unless nothing parts them from what follows. */
static bool part_read(const char **format, const char **text, DateParts *parts)
{
    char letter = **format;
    *format += strspn(*format, (char[]){letter, '\0'});
    if (letter == 'Y') {
        return digits_read(text, 4, 4, &parts->year);
    }
    return digits_read(
        text, is_part(**format) ? 2 : 1, 2, letter == 'M' ? &parts->month : &parts->day);
}

static bool date_read(const char *format, const char *text, Date *ret_date)
{
    DateParts parts = {0};
    while (*format != '\0') {
        bool is_read = is_part(*format) ? part_read(&format, &text, &parts) : *text++ == *format++;
        if (!is_read) {
            return false;
        }
    }
    return *text == '\0' && date_from_parts(parts, ret_date);
}

static json_t *date_value(
    Arena *arena, const Mapping *mapping, const char *text, const char **ret_reason)
{
    Date date = DATE_NONE;
    if (!date_read(mapping->date_format, text, &date)) {
        *ret_reason = arena_printf(
            arena, "\"%s\" is no existing day written as %s", text, mapping->date_format);
        return NULL;
    }
    char plain[DATE_TEXT_SIZE];
    date_format(date, plain);
    return json_string(plain);
}

/* ---- Amounts ---- */

/* "1,234,567.50" or "1.234.567,50" without the signs of thousands; NULL when they stand wrong. */
static const char *plain_number(Arena *arena, const char *text, char decimal)
{
    char thousands = decimal == '.' ? ',' : '.';
    char *plain = arena_alloc(arena, strlen(text) + 1);
    size_t length = 0;
    const char *group = NULL; /* behind the last sign of thousands */
    bool is_fraction = false;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == thousands) {
            if (is_fraction || at == text || (group != NULL && at - group != 3)) {
                return NULL;
            }
            group = at + 1;
            continue;
        }
        if (*at == decimal) {
            if (is_fraction || (group != NULL && at - group != 3)) {
                return NULL;
            }
            is_fraction = true;
            group = NULL;
            plain[length++] = '.';
            continue;
        }
        plain[length++] = *at;
    }
    return group != NULL && strlen(group) != 3 ? NULL : plain;
}

static json_t *number_value(Arena *arena,
    const Mapping *mapping,
    const Field *field,
    const char *text,
    const char **ret_reason)
{
    if (field->type == FIELD_LIMIT && strcmp(text, "unlimited") == 0) {
        return json_string(text);
    }
    const char *plain = plain_number(arena, text, mapping->decimal);
    Decimal decimal;
    if (plain == NULL || !decimal_parse(plain, &decimal)) {
        *ret_reason = arena_printf(
            arena, "\"%s\" is no number with %c as its decimal sign", text, mapping->decimal);
        return NULL;
    }
    return json_string(plain);
}

/* ---- Any ---- */

json_t *cell_value(Arena *arena,
    const Mapping *mapping,
    const Field *field,
    const char *text,
    const char **ret_reason)
{
    if (!utf8_is_valid(text, strlen(text))) {
        *ret_reason = mapping->encoding == ENCODING_UTF8
                          ? "it is not UTF-8; is the file of another encoding, or of several?"
                          : "it is not GB18030; is the file of another encoding, or of several?";
        return NULL;
    }
    if (field->type == FIELD_DATE) {
        return date_value(arena, mapping, text, ret_reason);
    }
    if (field->type == FIELD_DECIMAL || field->type == FIELD_MONEY || field->type == FIELD_LIMIT) {
        return number_value(arena, mapping, field, text, ret_reason);
    }
    static const Field truth = {.type = FIELD_BOOL};
    json_t *value = member_value((field->flags & FIELD_TRUTH) != 0 ? &truth : field, text);
    *ret_reason = value == NULL ? "it needs JSON" : NULL;
    return value;
}

const char *cell_trimmed(Arena *arena, const char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    size_t whole = length;
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t')) {
        length--;
    }
    return length == whole ? text : arena_copy(arena, text, length);
}

/* ---- Into structs ---- */

/* What decoding would take as well; text of other alphabets in all but its control characters. */
bool text_take(const Field *field, const char *text, const char **ret_text)
{
    size_t length = strlen(text);
    size_t most = field->max_len == 0 ? LIMIT_NAME_BYTES : field->max_len;
    bool is_ascii = true;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < ' ' || c == 0x7f || c == 0xc2) {
            return false;
        }
        is_ascii = is_ascii && c < 0x80;
    }
    *ret_text = text;
    return length > 0 && length <= most && (is_ascii || utf8_is_valid(text, length));
}

static bool decimal_take(const Field *field, const char *text, Decimal *ret_decimal)
{
    int scale_max = field->scale_max == 0 ? FIELD_SCALE_MAX : field->scale_max;
    return text != NULL && field->min == 0 && field->max == 0 && decimal_parse(text, ret_decimal) &&
           ret_decimal->scale <= scale_max;
}

bool cell_take(
    Arena *arena, const Mapping *mapping, const Field *field, const char *text, void *ret_value)
{
    const char *found = NULL;
    if (!text_take(&(Field){.max_len = LIMIT_TEXT_BYTES}, text, &found)) {
        return false;
    }
    if (field->type == FIELD_TEXT) {
        return text_take(field, text, ret_value);
    }
    if (field->type == FIELD_DATE) {
        return date_read(mapping->date_format, text, ret_value);
    }
    return field->type == FIELD_DECIMAL &&
           decimal_take(field, plain_number(arena, text, mapping->decimal), ret_value);
}

bool default_take(const Field *field, const json_t *value, void *ret_value)
{
    const char *text = json_string_value(value);
    if (text == NULL) {
        return false;
    }
    if (field->type == FIELD_TEXT) {
        return text_take(field, text, ret_value);
    }
    return field->type == FIELD_DATE
               ? date_parse(text, ret_value)
               : field->type == FIELD_DECIMAL && decimal_take(field, text, ret_value);
}
