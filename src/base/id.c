/* Ids: made from time, node and counter; written in Crockford's base 32. */
#include "base/id.h"

#include <string.h>

enum { NODE_BITS = 10, COUNTER_BITS = 12, MS_SHIFT = NODE_BITS + COUNTER_BITS, DIGITS = 13 };

static const int64_t counter_max = (INT64_C(1) << COUNTER_BITS) - 1;
static const Instant epoch_ms = INT64_C(1577836800000); /* 2020-01-01 */

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

Id id_next(IdSource *source, Instant now_ms)
{
    ASSERT(source->node >= 0);
    ASSERT(source->node <= ID_NODE_MAX);
    ASSERT(source->last >= 0);
    int64_t node = source->node;
    int64_t ms = now_ms > epoch_ms ? now_ms - epoch_ms : 0;
    ASSERT(ms >> (63 - MS_SHIFT) == 0);
    Id id = ms << MS_SHIFT | node << COUNTER_BITS;
    if (id <= source->last) {
        bool is_ours = (source->last >> COUNTER_BITS & ID_NODE_MAX) == node;
        bool has_room = (source->last & counter_max) < counter_max;
        id = is_ours && has_room
                 ? source->last + 1
                 : ((source->last >> MS_SHIFT) + 1) << MS_SHIFT | node << COUNTER_BITS;
    }
    ASSERT(id > source->last);
    source->last = id;
    return id;
}

void id_raise(IdSource *source, Id id)
{
    if (id > source->last && id_block(id) != id_block(source->last)) {
        source->last = id;
    }
}

void id_block_end(IdSource *source)
{
    source->last |= ID_BLOCK - 1;
}

void id_format(char letter, Id id, char text[ID_TEXT_SIZE])
{
    ASSERT(letter >= 'A' && letter <= 'Z');
    ASSERT(id > 0);
    text[0] = letter;
    for (int i = DIGITS; i >= 1; i--) {
        text[i] = alphabet[id & 31];
        id >>= 5;
    }
    text[DIGITS + 1] = '\0';
}

const char *id_text(Arena *arena, char letter, Id id)
{
    char *text = arena_alloc(arena, ID_TEXT_SIZE);
    id_format(letter, id, text);
    return text;
}

static char upper(char c)
{
    bool is_lower = c >= 'a' && c <= 'z';
    return (char)(is_lower ? c - 'a' + 'A' : c);
}

/* Its value, or -1. */
static int digit_value(char c)
{
    c = upper(c);
    if (c == 'I' || c == 'L') {
        return 1;
    }
    if (c == 'O') {
        return 0;
    }
    const char *at = c == '\0' ? NULL : strchr(alphabet, c);
    return at == NULL ? -1 : (int)(at - alphabet);
}

bool id_looks_like(const char *text)
{
    char letter = upper(text[0]);
    if (letter < 'A' || letter > 'Z') {
        return false;
    }
    for (int i = 1; i <= DIGITS; i++) {
        if (digit_value(text[i]) < 0) {
            return false;
        }
    }
    return text[DIGITS + 1] == '\0';
}

bool id_parse(const char *text, char *ret_letter, Id *ret_id)
{
    if (!id_looks_like(text) || digit_value(text[1]) > 7) { /* 13 digits are 65 bits */
        return false;
    }
    Id id = 0;
    for (int i = 1; i <= DIGITS; i++) {
        id = id << 5 | digit_value(text[i]);
    }
    if (id == 0) {
        return false;
    }
    *ret_letter = upper(text[0]);
    *ret_id = id;
    return true;
}
