/* Which sessions were used, until the writer writes it down. The queue's mutex guards it. */
#ifndef GUANXI_OP_USED_H
#define GUANXI_OP_USED_H

#include "base/ctx.h"

enum { USED_MAX = 64 };

typedef struct Used {
    Id sessions[USED_MAX];
    size_t count;
} Used;

/* False when it is there already, or too many wait: a later call of the session brings it again. */
bool used_add(Used *used, Id session_id);
/* Takes all that wait out. */
Used used_take(Used *used);
/* Writes them down in a transaction of its own, on the writing connection. */
Err used_write(Ctx *cx, const Used *used) MUST_CHECK;

#endif
