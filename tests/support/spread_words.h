/* The words of a schema or a statement. */
#ifndef GUANXI_TESTS_SPREAD_WORDS_H
#define GUANXI_TESTS_SPREAD_WORDS_H

#include "base/arena.h"

enum { WORDS_MAX = 16384 };

typedef struct Words {
    const char *at[WORDS_MAX];
    size_t count;
} Words;

/* Names without their quotes, strings as one word, each other character by itself; comments and
 * tokens in braces are left out. */
void words_read(Arena *arena, const char *text, Words *words);
/* Behind the last one: "". */
const char *word(const Words *words, size_t i);
bool word_is(const Words *words, size_t i, const char *text);
bool word_is_name(const Words *words, size_t i);
bool word_is_any(const Words *words, size_t i, const char *const *list);
/* The place behind the parenthesis that closes the one at i. */
size_t words_behind(const Words *words, size_t i);
bool words_have(const Words *words, size_t from, size_t end, const char *text);

#endif
