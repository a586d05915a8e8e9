/* Where a page ended: the value it was sorted by and the id,
 * written so that nobody is tempted to read it. */
#include "op/record_plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* sort, id, then one of: "n" null, "i" a number, "t" text. Text comes last,
 * so it may hold the separator. */
static const char *cursor_plain(Arena *arena, const Cursor *cursor)
{
    Buf plain = buf_in(arena);
    buf_printf(&plain, "%s|%" PRId64 "|", cursor->sort, cursor->id);
    if (cursor->is_null) {
        buf_char(&plain, 'n');
    } else if (cursor->text != NULL) {
        buf_printf(&plain, "t%s", cursor->text);
    } else {
        buf_printf(&plain, "i%" PRId64, cursor->i);
    }
    return buf_text(&plain);
}

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const char *cursor_write(Arena *arena, const Cursor *cursor)
{
    const char *plain = cursor_plain(arena, cursor);
    size_t length = strlen(plain);
    Buf text = buf_in(arena);
    unsigned held = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < length; i++) {
        held = (held << 8 | (unsigned char)plain[i]) & 0xffffu;
        for (bits += 8; bits >= 6; bits -= 6) {
            buf_char(&text, digits[held >> (bits - 6) & 63u]);
        }
    }
    if (bits > 0) {
        buf_char(&text, digits[held << (6 - bits) & 63u]);
    }
    return buf_text(&text);
}

/* NULL: not of these digits. */
static char *plain_of(Arena *arena, const char *text)
{
    size_t length = strlen(text);
    char *plain = arena_alloc(arena, length + 1);
    size_t at = 0;
    unsigned held = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < length; i++) {
        const char *digit = memchr(digits, text[i], sizeof(digits) - 1);
        if (digit == NULL) {
            return NULL;
        }
        held = (held << 6 | (unsigned)(digit - digits)) & 0xffffu;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            plain[at++] = (char)(held >> bits & 0xffu);
        }
    }
    plain[at] = '\0';
    return strlen(plain) == at ? plain : NULL;
}

static bool number_read(const char *text, char end, int64_t *ret_number, const char **ret_after)
{
    char *after = NULL;
    bool starts = *text == '-' || (*text >= '0' && *text <= '9');
    *ret_number = strtoll(text, &after, 10);
    *ret_after = after + 1;
    return starts && after != text && *after == end;
}

static bool value_read(const char *text, Cursor *cursor)
{
    const char *after = NULL;
    switch (text[0]) {
    case 'n':
        cursor->is_null = true;
        return text[1] == '\0';
    case 'i':
        return number_read(text + 1, '\0', &cursor->i, &after);
    case 't':
        cursor->text = text + 1;
        return true;
    default:
        return false;
    }
}

bool cursor_read(Arena *arena, const char *text, Cursor *ret_cursor)
{
    char *plain = plain_of(arena, text);
    char *bar = plain == NULL ? NULL : strchr(plain, '|');
    if (bar == NULL) {
        return false;
    }
    *bar = '\0';
    Cursor cursor = {.sort = plain};
    const char *value = NULL;
    if (!number_read(bar + 1, '|', &cursor.id, &value) || !value_read(value, &cursor)) {
        return false;
    }
    *ret_cursor = cursor;
    return true;
}
