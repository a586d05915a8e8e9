/* Ids: 63 bits, time-ordered (41 bits of milliseconds since 2020, 10 of node, 12 of counter), shown
 * as a letter that tells the kind and 13 Crockford base-32 characters. */
#ifndef GUANXI_BASE_ID_H
#define GUANXI_BASE_ID_H

#include "base/arena.h"
#include "base/ctx.h"

/* Ids are made in blocks of so many, whose first is a multiple of it; see id_block_end. */
enum { ID_TEXT_SIZE = 15, ID_NODE_MAX = 1023, ID_PER_MS = 1 << 22, ID_BLOCK = 16 };

typedef struct IdSource {
    int64_t last; /* the highest id given or found stored */
    int node;
} IdSource;

/* Greater than every earlier one of this source, even when the clock steps back. */
Id id_next(IdSource *source, Instant now_ms);
/* The next ids are above this one too, which is stored: others may have made it. What lies in the
 * block in use is our own, so the end of that block is told in vain. */
void id_raise(IdSource *source, Id id);
/* The next id begins a block, so that it and what follows it share one with nothing before. */
void id_block_end(IdSource *source);
/* The first of the block of an id, which is above 0. */
static inline Id id_block(Id id)
{
    return id - id % ID_BLOCK;
}
void id_format(char letter, Id id, char text[ID_TEXT_SIZE]);
const char *id_text(Arena *arena, char letter, Id id); /* the same in the arena */
/* A letter (any case) and 13 Crockford characters (any case; I, L read as 1, O as 0); the letter is
 * given back in upper case. */
MUST_CHECK bool id_parse(const char *text, char *ret_letter, Id *ret_id);
bool id_looks_like(const char *text); /* has the shape, so it may not be a code */

#endif
