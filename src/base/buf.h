/* Text that grows, in an arena. Used for JSON replies, SQL composed at start, CSV rows. */
#ifndef GUANXI_BASE_BUF_H
#define GUANXI_BASE_BUF_H

#include "base/arena.h"

/* data is NUL-terminated at all times once anything was added; length is without the NUL. */
typedef struct Buf {
    Arena *arena;
    char *data;
    size_t length;
    size_t size;
} Buf;

Buf buf_in(Arena *arena);
void buf_add(Buf *buf, const char *text, size_t length);
void buf_str(Buf *buf, const char *text);
/* So that it has room for as many bytes more, and a NUL. */
void buf_grow(Buf *buf, size_t more);
void buf_printf(Buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
const char *buf_text(Buf *buf); /* "" when nothing was added */

/* Where `most` bytes can be written, for whoever then says how many of them it took. */
static inline char *buf_room(Buf *buf, size_t most)
{
    if (most >= buf->size - buf->length) { /* the NUL included; size 0: nothing is there yet */
        buf_grow(buf, most);
    }
    return buf->data + buf->length;
}

static inline void buf_took(Buf *buf, size_t length)
{
    buf->length += length;
    buf->data[buf->length] = '\0';
}

static inline void buf_char(Buf *buf, char c)
{
    *buf_room(buf, 1) = c;
    buf_took(buf, 1);
}

#endif
