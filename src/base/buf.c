/* Text that grows by doubling; the old piece stays in the arena until that goes. */
#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BUF_MIN = 512 };

Buf buf_in(Arena *arena)
{
    return (Buf){.arena = arena};
}

void buf_grow(Buf *buf, size_t more)
{
    ASSERT(more < SIZE_MAX / 4 && buf->length < SIZE_MAX / 4);
    size_t needed = buf->length + more + 1;
    size_t size = buf->size == 0 ? BUF_MIN : buf->size * 2;
    size = size < needed ? needed : size;
    char *data = arena_alloc(buf->arena, size);
    if (buf->length > 0) {
        memcpy(data, buf->data, buf->length);
    }
    buf->data = data;
    buf->size = size;
}

void buf_add(Buf *buf, const char *text, size_t length)
{
    char *to = buf_room(buf, length);
    if (length > 0) {
        memcpy(to, text, length);
    }
    buf_took(buf, length);
}

void buf_str(Buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_printf(Buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    ASSERT(length >= 0);
    char *to = buf_room(buf, (size_t)length);
    va_start(args, format);
    (void)vsnprintf(to, (size_t)length + 1, format, args);
    va_end(args);
    buf_took(buf, (size_t)length);
}

const char *buf_text(Buf *buf)
{
    return buf->data == NULL ? "" : buf->data;
}
