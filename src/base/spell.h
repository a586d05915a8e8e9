/* How names are spelt when people look for them: plainly, and Chinese ones by their sound. */
#ifndef GUANXI_BASE_SPELL_H
#define GUANXI_BASE_SPELL_H

#include "base/arena.h"

/* Small letters without accents, half as wide, traditional characters as simplified ones; what is
 * no letter and no digit becomes one blank, at the ends none. `text` is valid UTF-8. */
const char *spell_fold(Arena *arena, const char *text);

enum { SPELL_READINGS_MAX = 4 };

/* Whether the character at `text` is a Chinese one. */
bool spell_is_han(const char *text);
/* The readings in pinyin of the character at `text`, without tones, the usual one first; u with its
 * dots is `v`, and `u` as a further reading. 0: it has none. */
size_t spell_readings(const char *text, const char *ret_readings[SPELL_READINGS_MAX]);

#endif
