/* Answers that wait for news. An operation that waits and has nothing to tell is kept here and
 * asked again: soon after something was written, now and then anyhow (another server may have), and
 * at last its answer goes out as it is.
 *
 * A stream of server-sent events is a row of such answers, each a whole one: the browser asks again
 * by itself, and says behind which event. So nothing is half sent, no proxy keeps events back, and
 * what came between two answers is in the next. */
#ifndef GUANXI_EDGE_AWAIT_H
#define GUANXI_EDGE_AWAIT_H

#include "base/arena.h"
#include "op/queue.h"

typedef struct Await Await;

/* `again` asks the job once more; `answer` lets it go. Both are called without a lock held. */
typedef struct AwaitHooks {
    void (*again)(Job *job);
    void (*answer)(Job *job);
} AwaitHooks;

Await *await_start(Arena *arena, Queue *queue, const AwaitHooks *hooks);
/* From any thread: keeps the job, which was idle. False when there is no waiting any more. */
bool await_add(Await *await, Job *job, int64_t began_us);
/* Once a second or so. */
void await_tick(Await *await);
/* All that wait are answered, and nobody waits from now on. */
void await_close(Await *await);
void await_stop(Await *await);

#endif
