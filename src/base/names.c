/* Lists of names that stand for numbers. */
#include "base/names.h"

#include "base/buf.h"

#include <string.h>

int name_index(const char *const *names, const char *name)
{
    for (int i = 1; name != NULL && names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return 0;
}

const char *names_joined(Arena *arena, const char *const *names, const char *between)
{
    Buf out = buf_in(arena);
    for (size_t i = 1; names[i] != NULL; i++) {
        buf_str(&out, i == 1 ? "" : between);
        buf_str(&out, names[i]);
    }
    return buf_text(&out);
}
