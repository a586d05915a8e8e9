/* The ids of the last writes that were answered, kept outside of the database: one that is missing
 * there when the database is opened again tells that an older state of it came back (an old copy, a
 * failover to a server that had not heard the last ones). */
#ifndef GUANXI_OP_FENCE_H
#define GUANXI_OP_FENCE_H

#include "base/ctx.h"
#include "base/id.h"
#include "base/os.h"

#include <pthread.h>

enum { FENCE_UUID_MAX = 40, FENCE_IDS = 64, FENCE_SAMPLES = 16 };

typedef struct FenceId {
    Id op_id;   /* of its audit row; 0: none yet */
    Id account; /* whose chain that is in; 0: the organisation's */
} FenceId;

typedef struct Fence {
    pthread_mutex_t mutex;
    OsLock file; /* fd -1: they are in memory alone, and a restart forgets them */
    const char *path;
    char uuid[FENCE_UUID_MAX]; /* of the organisation; "": not known yet */
    FenceId ids[FENCE_IDS];    /* a ring */
    size_t next;
    /* One of each second: under load the last ones are all of a moment. A ring. */
    FenceId samples[FENCE_SAMPLES];
    size_t next_sample;
    int64_t sampled_at_us; /* of the monotonic clock */
} Fence;

/* path NULL: in memory. Reads what the server before this one has left there. ERR_USAGE when it
 * cannot be had, ERR_DB_DAMAGED when it holds something else. */
Err fence_start(Ctx *cx, const char *path, Fence *fence) MUST_CHECK;
void fence_end(Fence *fence);
/* Before the write is answered; from any thread. */
void fence_note(Fence *fence, Id op_id, Id account);
/* Looks for what was answered: ERR_STATE when the database is another organisation's,
 * ERR_READ_ONLY when one of the last writes is not in it. */
Err fence_check(Ctx *cx, Fence *fence) MUST_CHECK;
/* Only whether it is the organisation's. */
Err fence_check_uuid(Ctx *cx, Fence *fence) MUST_CHECK;
/* The same as fence_check for the last one and the samples. */
Err fence_check_few(Ctx *cx, Fence *fence) MUST_CHECK;

#endif
