/* Arenas: a chain of blocks, newest first, each filled from its start. With ARENA_SINGLY each piece
 * is a block of its own, so that a sanitizer sees where it ends and when it goes. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Block {
    struct Block *older;
    size_t size; /* of data */
    size_t used;
    max_align_t data[];
} Block;

struct Arena {
    Block *newest;
    size_t total; /* bytes given out, each rounded up to ALIGNMENT */
    size_t cap;
};

enum {
    ALIGNMENT = _Alignof(max_align_t),
    BLOCK_MIN = (size_t)16 * 1024 - sizeof(Block),
    BLOCK_MAX = 1024 * 1024
};

static NORETURN void out_of_memory(size_t size)
{
    (void)fprintf(stderr, "the system gave no %zu bytes of memory\n", size);
    abort();
}

static void *memory_of(size_t size)
{
    void *memory = malloc(size);
    if (memory == NULL) {
        out_of_memory(size);
    }
    return memory;
}

static void block_add(Arena *arena, size_t size)
{
    ASSERT(size <= SIZE_MAX - sizeof(Block));
    Block *block = memory_of(sizeof(Block) + size);
    block->older = arena->newest;
    block->size = size;
    block->used = 0;
    arena->newest = block;
}

static void block_drop(Arena *arena)
{
    Block *block = arena->newest;
    arena->newest = block->older;
    free(block);
}

#ifdef ARENA_SINGLY
/* Alignment is malloc's; not rounded up, so that the byte after the piece is out of bounds. */
static void *piece_of(Arena *arena, size_t size, size_t rounded)
{
    (void)rounded;
    block_add(arena, size);
    return arena->newest->data;
}

static bool keeps_first_block(void)
{
    return false;
}
#else
static void *piece_of(Arena *arena, size_t size, size_t rounded)
{
    (void)size;
    Block *block = arena->newest;
    if (block == NULL || block->size - block->used < rounded) {
        size_t next = block == NULL ? BLOCK_MIN : block->size * 2;
        next = next > BLOCK_MAX ? BLOCK_MAX : next;
        block_add(arena, next > rounded ? next : rounded);
        block = arena->newest;
    }
    void *piece = (unsigned char *)block->data + block->used;
    block->used += rounded;
    return piece;
}

static bool keeps_first_block(void)
{
    return true;
}
#endif

Arena *arena_new(size_t cap_bytes)
{
    Arena *arena = memory_of(sizeof(*arena));
    *arena = (Arena){.cap = cap_bytes};
    return arena;
}

void arena_free(Arena *arena)
{
    if (arena == NULL) {
        return;
    }
    while (arena->newest != NULL) {
        block_drop(arena);
    }
    free(arena);
}

void arena_free_at(Arena **arena)
{
    arena_free(*arena);
    *arena = NULL;
}

void *arena_alloc(Arena *arena, size_t size)
{
    ASSERT(size <= SIZE_MAX / 2);
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    rounded = rounded == 0 ? ALIGNMENT : rounded;
    void *piece = piece_of(arena, size == 0 ? 1 : size, rounded);
    arena->total += rounded;
    memset(piece, 0, size == 0 ? 1 : size);
    return piece;
}

void *arena_array(Arena *arena, size_t count, size_t size)
{
    ASSERT(size == 0 || count <= SIZE_MAX / 2 / size);
    return arena_alloc(arena, count * size);
}

char *arena_copy(Arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (length > 0) {
        memcpy(copy, text, length);
    }
    return copy;
}

char *arena_str(Arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_copy(arena, text, strlen(text));
}

char *arena_vprintf(Arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    ASSERT(length >= 0);
    char *text = arena_alloc(arena, (size_t)length + 1);
    (void)vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

char *arena_printf(Arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

ArenaMark arena_mark(const Arena *arena)
{
    return (ArenaMark){
        .block = arena->newest,
        .used = arena->newest == NULL ? 0 : arena->newest->used,
        .total = arena->total,
    };
}

void arena_rewind(Arena *arena, ArenaMark mark)
{
    ASSERT(mark.total <= arena->total);
    while (arena->newest != mark.block) {
        /* else the mark is of another arena, or of one rewound before */
        ASSERT(arena->newest != NULL);
        block_drop(arena);
    }
    if (arena->newest != NULL) {
        arena->newest->used = mark.used;
    }
    arena->total = mark.total;
}

void arena_reset(Arena *arena)
{
    while (arena->newest != NULL && (arena->newest->older != NULL || !keeps_first_block())) {
        block_drop(arena);
    }
    if (arena->newest != NULL) {
        arena->newest->used = 0;
    }
    arena->total = 0;
}

bool arena_is_over(const Arena *arena)
{
    return arena->total > arena->cap;
}

size_t arena_used(const Arena *arena)
{
    return arena->total;
}
