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
/* The attempt succeeded: forgets all that failed for the key before. For what proves itself, a
 * name by its password. */
void throttle_clear(Throttle *throttle, const char *key);
/* The attempt succeeded: it alone no longer counts. For what many share, an address: who knows one
 * password may not guess at others without end. */
void throttle_take_back(Throttle *throttle, const char *key);

#endif
