/* Memory of one request. Everything made while serving it lives here and goes with it; nothing is
 * freed singly. Allocation never fails to its caller: past the cap the arena is marked over, which
 * the database port and op/run turn into ERR_TOO_LARGE, so the request rolls back. */
#ifndef GUANXI_BASE_ARENA_H
#define GUANXI_BASE_ARENA_H

#include "base/attr.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Arena Arena;

/* A place to go back to; valid until a rewind to an earlier one. */
typedef struct ArenaMark {
    void *block;
    size_t used;
    size_t total;
} ArenaMark;

/* cap_bytes: total size after which arena_is_over() holds. Ends the process when the system has no
 * memory. */
Arena *arena_new(size_t cap_bytes);
void arena_free(Arena *arena);     /* takes NULL */
void arena_free_at(Arena **arena); /* for CLEANUP */

/* Zeroed, aligned for any type, never NULL; size 0 gives a valid pointer too. */
void *arena_alloc(Arena *arena, size_t size);
/* count * size with overflow check. */
void *arena_array(Arena *arena, size_t count, size_t size);
char *arena_copy(Arena *arena, const char *text, size_t length); /* adds a NUL */
char *arena_str(Arena *arena, const char *text);                 /* NULL gives NULL */
char *arena_printf(Arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(Arena *arena, const char *format, va_list args) PRINTF_LIKE(2, 0);

ArenaMark arena_mark(const Arena *arena);
void arena_rewind(Arena *arena, ArenaMark mark);
void arena_reset(Arena *arena); /* back to empty, keeps its first block */
bool arena_is_over(const Arena *arena);
size_t arena_used(const Arena *arena);

#endif
