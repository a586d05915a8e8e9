/* Lists of names that stand for numbers: names[0] is "" (absent), a NULL ends them. */
#ifndef GUANXI_BASE_NAMES_H
#define GUANXI_BASE_NAMES_H

#include "base/arena.h"

/* The place of a name; 0 when it is none of them, or NULL. */
int name_index(const char *const *names, const char *name);
/* All of them, with `between` between two: "order, shipment, both". */
const char *names_joined(Arena *arena, const char *const *names, const char *between);

#endif
