/* How names are spelt when people look for them. */
#include "base/spell.h"

#include "base/buf.h"
#include "base/spell_tables.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* The character of up to three bytes at `text`; 0 for longer ones, which the tables do not know. */
static uint32_t character_at(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    switch (length) {
    case 1:
        return bytes[0];
    case 2:
        return (uint32_t)(bytes[0] & 0x1f) << 6 | (bytes[1] & 0x3f);
    case 3:
        return (uint32_t)(bytes[0] & 0x0f) << 12 | (uint32_t)(bytes[1] & 0x3f) << 6 |
               (bytes[2] & 0x3f);
    default:
        return 0;
    }
}

static int letter_compare(const void *key, const void *row)
{
    const uint32_t *character = key;
    const SpellLetter *letter = row;
    return *character < letter->character ? -1 : *character > letter->character ? 1 : 0;
}

/* Adds one character in its plain form; what is neither letter nor digit parts words. */
static void plain_add(Buf *out, const char *at, size_t length)
{
    if (length == 1) {
        char c = *at;
        bool is_capital = c >= 'A' && c <= 'Z';
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        char becomes = ' ';
        if (is_capital || is_plain) {
            becomes = is_capital ? (char)(c - 'A' + 'a') : c;
        }
        if (becomes != ' ' || (out->length > 0 && out->data[out->length - 1] != ' ')) {
            buf_char(out, becomes);
        }
        return;
    }
    uint32_t character = character_at(at, length);
    const SpellLetter *letter = bsearch(
        &character, spell_letter, spell_letter_count, sizeof spell_letter[0], letter_compare);
    if (letter == NULL) {
        buf_add(out, at, length);
        return;
    }
    /* What it becomes may be several characters, a blank among them. */
    const char *plain = (const char *)spell_plain + letter->plain;
    for (size_t left = strlen(plain); left > 0;) {
        size_t size = utf8_length(plain, left);
        if (size == 1) {
            plain_add(out, plain, 1);
        } else {
            buf_add(out, plain, size);
        }
        plain += size;
        left -= size;
    }
}

const char *spell_fold(Arena *arena, const char *text)
{
    Buf out = buf_in(arena);
    size_t left = strlen(text);
    while (left > 0) {
        size_t size = utf8_length(text, left);
        size = size == 0 ? 1 : size;
        plain_add(&out, text, size);
        text += size;
        left -= size;
    }
    if (out.length > 0 && out.data[out.length - 1] == ' ') {
        return arena_copy(arena, out.data, out.length - 1);
    }
    return buf_text(&out);
}

bool spell_is_han(const char *text)
{
    uint32_t character = character_at(text, utf8_length(text, strlen(text)));
    return character >= SPELL_HAN_FIRST && character < SPELL_HAN_END;
}

size_t spell_readings(const char *text, const char *ret_readings[SPELL_READINGS_MAX])
{
    uint32_t character = character_at(text, utf8_length(text, strlen(text)));
    if (character < SPELL_HAN_FIRST || character >= SPELL_HAN_END) {
        return 0;
    }
    uint16_t first = spell_reading[character - SPELL_HAN_FIRST];
    if (first == 0) {
        return 0;
    }
    size_t count = 0;
    ret_readings[count++] = spell_syllables[first];
    size_t low = 0;
    size_t high = spell_second_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (spell_second[middle].character < character) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < spell_second_count && spell_second[low].character == character &&
           count < SPELL_READINGS_MAX;
         low++) {
        ret_readings[count++] = spell_syllables[spell_second[low].syllable];
    }
    return count;
}
