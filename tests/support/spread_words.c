#include "support/spread_words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_part(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$';
}

void words_read(Arena *arena, const char *text, Words *words)
{
    words->count = 0;
    for (const char *at = text; *at != '\0';) {
        size_t length = 1;
        if (at[0] == '-' && at[1] == '-') {
            at += strcspn(at, "\n");
            continue;
        }
        if (isspace((unsigned char)*at) || *at == '{') {
            at += *at == '{' ? strcspn(at, "}") + 1 : 1;
            continue;
        }
        const char *first = at;
        if (*at == '"' || *at == '\'') {
            size_t inside = strcspn(at + 1, *at == '"' ? "\"" : "'");
            first = *at == '"' ? at + 1 : at;
            length = *at == '"' ? inside : 1;
            at += inside + 2;
        } else {
            while (is_part(at[0]) && is_part(at[length])) {
                length++;
            }
            at += length;
        }
        ASSERT(words->count < WORDS_MAX);
        words->at[words->count++] = arena_copy(arena, first, length);
    }
}

const char *word(const Words *words, size_t i)
{
    return i < words->count ? words->at[i] : "";
}

bool word_is(const Words *words, size_t i, const char *text)
{
    return strcasecmp(word(words, i), text) == 0;
}

bool word_is_name(const Words *words, size_t i)
{
    const char *text = word(words, i);
    return isalpha((unsigned char)text[0]) || text[0] == '_';
}

bool word_is_any(const Words *words, size_t i, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (word_is(words, i, *list)) {
            return true;
        }
    }
    return false;
}

size_t words_behind(const Words *words, size_t i)
{
    int depth = 0;
    do {
        depth += word_is(words, i, "(") ? 1 : word_is(words, i, ")") ? -1 : 0;
        i++;
    } while (depth > 0 && i < words->count);
    return i;
}

bool words_have(const Words *words, size_t from, size_t end, const char *text)
{
    for (size_t i = from; i < end; i++) {
        if (word_is(words, i, text)) {
            return true;
        }
    }
    return false;
}
