/* Answers that wait for news. */
#include "edge/await.h"

#include "base/os.h"

#include <pthread.h>

enum {
    WAIT_MOST_US = 25 * 1000000, /* below what proxies wait, and the library's idle end */
    ASK_ANYHOW_US = 4 * 1000000,
};

typedef struct Waiting {
    Job *job;
    int64_t began_us;
    int64_t asked_us;
    int64_t writes; /* of the queue, when it was asked */
    struct Waiting *next;
} Waiting;

struct Await {
    Queue *queue;
    AwaitHooks hooks;
    pthread_mutex_t mutex; /* guards what follows */
    Waiting *first;
    bool is_closed;
};

Await *await_start(Arena *arena, Queue *queue, const AwaitHooks *hooks)
{
    Await *await = arena_alloc(arena, sizeof *await);
    await->queue = queue;
    await->hooks = *hooks;
    pthread_mutex_init(&await->mutex, NULL);
    return await;
}

bool await_add(Await *await, Job *job, int64_t began_us)
{
    Waiting *waiting = arena_alloc(job->cx->arena, sizeof *waiting);
    *waiting = (Waiting){.job = job,
        .began_us = began_us,
        .asked_us = os_monotonic_us(),
        .writes = queue_figures(await->queue).writes};
    pthread_mutex_lock(&await->mutex);
    bool is_kept = !await->is_closed;
    if (is_kept) {
        waiting->next = await->first;
        await->first = waiting;
    }
    pthread_mutex_unlock(&await->mutex);
    return is_kept;
}

static Waiting *all_take(Await *await, bool is_last)
{
    pthread_mutex_lock(&await->mutex);
    Waiting *first = await->first;
    await->first = NULL;
    await->is_closed = await->is_closed || is_last;
    pthread_mutex_unlock(&await->mutex);
    return first;
}

void await_tick(Await *await)
{
    int64_t now_us = os_monotonic_us();
    int64_t writes = queue_figures(await->queue).writes;
    Waiting *stays = NULL;
    for (Waiting *waiting = all_take(await, false), *next; waiting != NULL; waiting = next) {
        next = waiting->next;
        if (now_us - waiting->began_us > WAIT_MOST_US) {
            await->hooks.answer(waiting->job);
        } else if (writes != waiting->writes || now_us - waiting->asked_us > ASK_ANYHOW_US) {
            await->hooks.again(waiting->job);
        } else {
            waiting->next = stays;
            stays = waiting;
        }
    }
    pthread_mutex_lock(&await->mutex);
    for (Waiting *waiting = stays, *next; waiting != NULL; waiting = next) {
        next = waiting->next;
        waiting->next = await->first;
        await->first = waiting;
    }
    pthread_mutex_unlock(&await->mutex);
}

void await_close(Await *await)
{
    for (Waiting *waiting = all_take(await, true), *next; waiting != NULL; waiting = next) {
        next = waiting->next;
        await->hooks.answer(waiting->job);
    }
}

void await_stop(Await *await)
{
    pthread_mutex_destroy(&await->mutex);
}
