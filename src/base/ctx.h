/* What every fallible function gets first: the memory, the database, who asks, and what time it is.
 * Time and randomness come from here alone, so tests can fix them. */
#ifndef GUANXI_BASE_CTX_H
#define GUANXI_BASE_CTX_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"

typedef int64_t Id; /* 63 bits, time-ordered; 0 is none */

typedef struct Ctx {
    Arena *arena;
    /* the connection of this thread; NULL before the request reaches one */
    struct Db *db;
    const struct Actor *actor; /* op/actor.h */
    /* op/run.h: what the running operation has noted for audit and reply */
    struct Run *run;
    /* op/store.h: the transaction under way, where it must be known whether it was stored */
    struct Batch *batch;
    Instant now_ms;
    Date today; /* the business date of the call */
    const char *request_id;
    Error err;
} Ctx;

#endif
