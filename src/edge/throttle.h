/* Sign-in attempts: after a few that failed, each further one for the same name, or from the
 * same address, waits twice as long as the one before. In memory; a restart forgets. */
#ifndef GUANXI_EDGE_THROTTLE_H
#define GUANXI_EDGE_THROTTLE_H

#include "base/ctx.h"

typedef struct Throttle Throttle;

Throttle *throttle_start(Arena *arena);
void throttle_stop(Throttle *throttle);
/* Counts an attempt as failed until throttle_clear says otherwise, so that many at once are
 * many. ERR_THROTTLED while `key` has to wait; *ret_wait_s is then how long. The first `free`
 * attempts never wait. */
Err throttle_attempt(
    Ctx *cx, Throttle *throttle, const char *key, int free, int64_t *ret_wait_s) MUST_CHECK;
void throttle_clear(Throttle *throttle, const char *key);

#endif
