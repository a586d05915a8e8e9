/* The threads that run operations for a server: one writer, one slow lane, a few readers, each
 * with a connection of its own.
 *
 * Who owns a job: the door until queue_put, then the thread that runs it, and the door again
 * from the moment `done` is called. Every answer of the writer waits for the COMMIT of its
 * batch, refusals too. */
#include "op/queue.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/os.h"
#include "op/used.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

enum { READERS_DEFAULT = 2, READERS_MAX = 16, IDLE_MS = 50, ZONE_MAX = 64, ZONE_MS = 1000 };

typedef struct Lane {
    Job *first;
    Job *last;
    int64_t count;
    pthread_cond_t wakes;
} Lane;

/* A thread and its connection. cx is for what concerns no single request: begin, commit,
 * opening. */
typedef struct Worker {
    struct Queue *queue;
    Lane *lane;
    Ctx cx;
    pthread_t thread;
    bool is_running;
} Worker;

struct Queue {
    Arena *arena;
    pthread_mutex_t mutex; /* guards lanes, flags and figures */
    Lane writes;
    Lane slow;
    Lane reads;
    Used used;          /* sessions whose use the writer writes down */
    bool is_stopping;   /* nothing new is taken */
    bool is_slow_ended; /* nothing more comes to the writer from the slow lane */
    QueueFigures figures;
    Worker writer;
    Worker slow_worker;
    Worker readers[READERS_MAX];
    int reader_count;
    Date today; /* fixed, or DATE_NONE */
    char zone[ZONE_MAX];
    Instant zone_asked_at; /* of the database */
    Instant zone_read_at;  /* the offset below holds for the minute after this */
    int64_t zone_offset_ms;
};

static const Sql zone_sql = {"SELECT timezone FROM org WHERE id = 1", "", "t"};

/* ---- lanes; the caller holds the mutex ---- */

static void lane_add(Lane *lane, Job *job)
{
    job->next = NULL;
    if (lane->last == NULL) {
        lane->first = job;
    } else {
        lane->last->next = job;
    }
    lane->last = job;
    lane->count++;
}

static Job *lane_take(Lane *lane)
{
    Job *job = lane->first;
    lane->first = job->next;
    if (lane->first == NULL) {
        lane->last = NULL;
    }
    lane->count--;
    job->next = NULL;
    return job;
}

/* A batch of calls in the order they came, or one piece of work alone. */
static Job *lane_take_batch(Lane *lane)
{
    Job *first = lane_take(lane);
    if (first->work != NULL) {
        return first;
    }
    Job *last = first;
    for (int n = 1; n < LIMIT_BATCH_WRITES; n++) {
        if (lane->first == NULL || lane->first->work != NULL) {
            break;
        }
        last->next = lane_take(lane);
        last = last->next;
    }
    return first;
}

static void lane_start(Lane *lane)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&lane->wakes, &attr);
    pthread_condattr_destroy(&attr);
}

/* ---- what every job needs before it runs ---- */

Date queue_today(Queue *queue, Instant now_ms)
{
    if (queue->today != DATE_NONE) {
        return queue->today;
    }
    pthread_mutex_lock(&queue->mutex);
    if (now_ms - queue->zone_read_at >= 60000 || now_ms < queue->zone_read_at) {
        int64_t offset_ms;
        if (os_zone_offset(queue->zone, now_ms, &offset_ms)) {
            queue->zone_offset_ms = offset_ms;
        }
        queue->zone_read_at = now_ms;
    }
    Date today = date_of_instant(now_ms, queue->zone_offset_ms);
    pthread_mutex_unlock(&queue->mutex);
    return today;
}

/* Between transactions. */
static bool zone_ask(Worker *worker)
{
    Queue *queue = worker->queue;
    Rows rows;
    arena_reset(worker->cx.arena);
    if (db_ask(&worker->cx, &zone_sql, NO_ARGS, &rows) != ERR_OK) {
        err_clear(&worker->cx);
        return false;
    }
    const char *zone = db_next(&rows) ? db_text(&rows, 0) : "UTC";
    pthread_mutex_lock(&queue->mutex);
    if (strcmp(queue->zone, zone) != 0) {
        snprintf(queue->zone, sizeof queue->zone, "%s", zone);
        queue->zone_read_at = 0;
    }
    pthread_mutex_unlock(&queue->mutex);
    return true;
}

/* The zone may be changed while the server runs. */
static void zone_refresh(Worker *worker, Instant now_ms)
{
    Queue *queue = worker->queue;
    pthread_mutex_lock(&queue->mutex);
    bool is_due = queue->today == DATE_NONE && now_ms - queue->zone_asked_at >= ZONE_MS;
    queue->zone_asked_at = is_due ? now_ms : queue->zone_asked_at;
    pthread_mutex_unlock(&queue->mutex);
    if (is_due) {
        (void)zone_ask(worker); /* else the one known before holds */
    }
}

/* Who asks is looked up on the connection that runs the job, so that a token revoked by an
 * answered call is worth nothing to the next one. */
static Err actor_find(Job *job)
{
    Ctx *cx = job->cx;
    if (job->token != NULL) {
        return actor_by_token(cx, job->token, &cx->actor);
    }
    if (job->session != NULL) {
        return actor_by_session(cx, job->session, &cx->actor);
    }
    if (job->as != NULL) {
        return actor_by_name(cx, job->as, &cx->actor);
    }
    if (cx->actor == NULL && !job->call.op->is_anonymous) {
        return err_set(cx, ERR_UNAUTHENTICATED, NULL, "Sign in, or send a bearer token.");
    }
    return ERR_OK;
}

/* True when the job may run; false when the reply says why not. */
static bool job_start(Worker *worker, Job *job)
{
    Ctx *cx = job->cx;
    cx->db = worker->cx.db;
    if (cx->today == DATE_NONE) {
        cx->today = queue_today(worker->queue, cx->now_ms);
    }
    if (actor_find(job) != ERR_OK) {
        run_problem(cx, &job->reply);
        return false;
    }
    if (cx->actor != NULL && cx->actor->is_session_due) {
        pthread_mutex_lock(&worker->queue->mutex);
        if (used_add(&worker->queue->used, cx->actor->session_id)) {
            pthread_cond_signal(&worker->queue->writes.wakes);
        }
        pthread_mutex_unlock(&worker->queue->mutex);
    }
    return true;
}

/* As it was when it came to this thread, for another attempt. */
static void job_rewind(Job *job)
{
    Ctx *cx = job->cx;
    arena_rewind(cx->arena, job->mark);
    err_clear(cx);
    cx->run = NULL;
    if (job->token != NULL || job->session != NULL || job->as != NULL) {
        cx->actor = NULL;
    }
    job->reply = (Reply){0};
}

static void job_refuse(Job *job, Err code, const char *advice)
{
    job_rewind(job);
    Err refusal = err_set(job->cx, code, NULL, "%s", advice);
    ASSERT(refusal == code);
    run_problem(job->cx, &job->reply);
}

static void jobs_answer(Job *first)
{
    for (Job *job = first, *next; job != NULL; job = next) {
        next = job->next;
        job->cx->db = NULL;
        job->done(job);
    }
}

/* ---- the writer ---- */

typedef enum BatchEnd {
    BATCH_KEPT,
    BATCH_ENDED, /* rolled back as a whole: nothing of it holds */
    BATCH_LOST,  /* the disk failed: what holds is known after a restart */
} BatchEnd;

static void read_only_set(Queue *queue, const char *why)
{
    log_line(LOG_ERROR, "no more writes until restart: %s", why);
    pthread_mutex_lock(&queue->mutex);
    queue->figures.is_read_only = true;
    pthread_mutex_unlock(&queue->mutex);
}

static BatchEnd batch_end(Worker *worker, bool is_io)
{
    db_rollback(&worker->cx);
    run_batch_done(worker->cx.db, false);
    err_clear(&worker->cx);
    return is_io ? BATCH_LOST : BATCH_ENDED;
}

static BatchEnd batch_try(Worker *worker, Job *first)
{
    Ctx *cx = &worker->cx;
    arena_reset(cx->arena);
    err_clear(cx);
    if (db_begin(cx) != ERR_OK) {
        return batch_end(worker, cx->err.code == ERR_READ_ONLY);
    }
    for (Job *job = first; job != NULL; job = job->next) {
        if (job_start(worker, job) && !run_in_batch(job->cx, &job->call, &job->reply)) {
            return batch_end(worker, job->cx->err.code == ERR_READ_ONLY);
        }
    }
    if (db_commit(cx) != ERR_OK) {
        return batch_end(worker, cx->err.code == ERR_READ_ONLY);
    }
    run_batch_done(cx->db, true);
    return BATCH_KEPT;
}

static void batch_refuse(Job *first, Err code, const char *advice)
{
    for (Job *job = first; job != NULL; job = job->next) {
        job_refuse(job, code, advice);
    }
}

static const char lost_advice[] =
    "The disk failed while this was written. Ask again after the restart, with the same "
    "Idempotency-Key where there was one: whether it was kept is known only then.";
static const char failed_advice[] =
    "The disk failed; the server takes no writes until its restart.";

/* The engine ended the transaction of a batch, a full disk for instance: each once more by
 * itself, so that the ones that fit are kept. */
static void batch_singly(Worker *worker, Job *first)
{
    bool is_lost = false;
    for (Job *job = first, *next; job != NULL; job = next) {
        next = job->next;
        job->next = NULL;
        job_rewind(job);
        BatchEnd end = is_lost ? BATCH_LOST : batch_try(worker, job);
        if (end == BATCH_ENDED) {
            job_refuse(job, ERR_STORE, "Nothing was changed; try again.");
        } else if (end == BATCH_LOST) {
            is_lost = true;
            read_only_set(worker->queue, "the disk failed");
            job_refuse(job, ERR_READ_ONLY, lost_advice);
        }
        jobs_answer(job);
        pthread_mutex_lock(&worker->queue->mutex);
        worker->queue->figures.retried++;
        pthread_mutex_unlock(&worker->queue->mutex);
    }
}

static void batch_count(Queue *queue, const Job *first)
{
    pthread_mutex_lock(&queue->mutex);
    queue->figures.batches++;
    for (const Job *job = first; job != NULL; job = job->next) {
        queue->figures.writes++;
        queue->figures.refused += job->reply.status >= 400;
    }
    pthread_mutex_unlock(&queue->mutex);
}

static void batch_run(Worker *worker, Job *first, bool is_read_only)
{
    zone_refresh(worker, first->cx->now_ms);
    for (Job *job = first; job != NULL; job = job->next) {
        job->mark = arena_mark(job->cx->arena);
    }
    if (is_read_only) {
        batch_refuse(first, ERR_READ_ONLY, failed_advice);
        jobs_answer(first);
        return;
    }
    switch (batch_try(worker, first)) {
    case BATCH_KEPT:
        batch_count(worker->queue, first);
        jobs_answer(first);
        break;
    case BATCH_ENDED:
        batch_singly(worker, first);
        break;
    case BATCH_LOST:
        read_only_set(worker->queue, "the disk failed");
        batch_refuse(first, ERR_READ_ONLY, lost_advice);
        jobs_answer(first);
        break;
    }
}

static void work_run(Worker *worker, Job *job, bool is_read_only)
{
    Ctx *cx = job->cx;
    cx->db = worker->cx.db;
    if (cx->today == DATE_NONE) {
        cx->today = queue_today(worker->queue, cx->now_ms);
    }
    Err refusal =
        is_read_only ? err_set(cx, ERR_READ_ONLY, NULL, "%s", failed_advice) : job->work(job);
    if (refusal == ERR_READ_ONLY && !is_read_only) {
        read_only_set(worker->queue, "the disk failed");
    }
    jobs_answer(job);
}

static void checkpoint(Worker *worker, bool is_idle)
{
    if (!db_checkpoint(worker->cx.db, is_idle)) {
        read_only_set(worker->queue, "the disk failed at a checkpoint");
    }
}

static struct timespec in_ms(int64_t ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += (long)(ms * 1000000);
    at.tv_sec += at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    return at;
}

/* Waits for writes; when none come for a moment and the log has grown, tidies it first. The
 * caller holds the mutex. */
static void writer_wait(Worker *worker, bool *is_dirty)
{
    Queue *queue = worker->queue;
    if (!*is_dirty) {
        pthread_cond_wait(&queue->writes.wakes, &queue->mutex);
        return;
    }
    struct timespec until = in_ms(IDLE_MS);
    pthread_cond_timedwait(&queue->writes.wakes, &queue->mutex, &until);
    if (queue->writes.first == NULL && !queue->figures.is_read_only) {
        pthread_mutex_unlock(&queue->mutex);
        checkpoint(worker, true);
        pthread_mutex_lock(&queue->mutex);
        *is_dirty = false;
    }
}

/* Writes down which sessions were used. The caller holds the mutex; it is let go meanwhile. */
static void sessions_write(Worker *worker)
{
    Queue *queue = worker->queue;
    Used used = used_take(&queue->used);
    if (queue->figures.is_read_only) {
        return;
    }
    pthread_mutex_unlock(&queue->mutex);
    Ctx *cx = &worker->cx;
    arena_reset(cx->arena);
    err_clear(cx);
    cx->now_ms = os_now_ms();
    Err refusal = used_write(cx, &used);
    if (refusal != ERR_OK) {
        log_line(LOG_ERROR, "the use of sessions was not written: %s", cx->err.detail);
    }
    if (refusal == ERR_READ_ONLY) {
        read_only_set(queue, "the disk failed");
    }
    pthread_mutex_lock(&queue->mutex);
}

static void *writer_main(void *argument)
{
    Worker *worker = argument;
    Queue *queue = worker->queue;
    bool is_dirty = false;
    pthread_mutex_lock(&queue->mutex);
    while (queue->writes.first != NULL || !queue->is_slow_ended) {
        if (queue->used.count > 0) {
            sessions_write(worker);
            is_dirty = true;
            continue;
        }
        if (queue->writes.first == NULL) {
            writer_wait(worker, &is_dirty);
            continue;
        }
        Job *job = lane_take_batch(&queue->writes);
        bool is_read_only = queue->figures.is_read_only;
        pthread_mutex_unlock(&queue->mutex);
        if (job->work != NULL) {
            work_run(worker, job, is_read_only);
        } else {
            batch_run(worker, job, is_read_only);
        }
        if (!is_read_only) {
            checkpoint(worker, false);
            is_dirty = true;
        }
        pthread_mutex_lock(&queue->mutex);
    }
    pthread_mutex_unlock(&queue->mutex);
    return NULL;
}

/* ---- readers and the slow lane ---- */

/* NULL when the queue stops and nothing waits. */
static Job *worker_next(Worker *worker)
{
    Queue *queue = worker->queue;
    pthread_mutex_lock(&queue->mutex);
    while (worker->lane->first == NULL && !queue->is_stopping) {
        pthread_cond_wait(&worker->lane->wakes, &queue->mutex);
    }
    Job *job = worker->lane->first == NULL ? NULL : lane_take(worker->lane);
    if (job != NULL && worker->lane == &queue->reads) {
        queue->figures.reads++;
    }
    pthread_mutex_unlock(&queue->mutex);
    return job;
}

static void *reader_main(void *argument)
{
    Worker *worker = argument;
    for (Job *job; (job = worker_next(worker)) != NULL;) {
        zone_refresh(worker, job->cx->now_ms);
        if (job_start(worker, job)) {
            run_call(job->cx, &job->call, &job->reply);
        }
        jobs_answer(job);
    }
    return NULL;
}

/* What is prepared goes on to the writer, also while the queue stops: it was accepted. */
static void *slow_main(void *argument)
{
    Worker *worker = argument;
    Queue *queue = worker->queue;
    for (Job *job; (job = worker_next(worker)) != NULL;) {
        if (!job_start(worker, job) || !run_prepare(job->cx, &job->call, &job->reply)) {
            jobs_answer(job);
            continue;
        }
        job->cx->db = NULL;
        job->cx->run = NULL;
        pthread_mutex_lock(&queue->mutex);
        lane_add(&queue->writes, job);
        pthread_cond_signal(&queue->writes.wakes);
        pthread_mutex_unlock(&queue->mutex);
    }
    return NULL;
}

/* ---- start, put, stop ---- */

static Err worker_open(
    Ctx *cx, Queue *queue, Worker *worker, Lane *lane, const QueueOptions *options)
{
    bool is_writer = lane == &queue->writes;
    DbOptions how = {
        .mode = is_writer ? DB_WRITE : DB_READ, .read_limit_ms = is_writer ? 0 : LIMIT_READ_MS};
    TRY(db_open(cx, options->url, &how, &worker->cx.db));
    worker->cx.arena = arena_new(LIMIT_ARENA_BYTES);
    worker->queue = queue;
    worker->lane = lane;
    return ERR_OK;
}

static Err queue_open(Ctx *cx, Queue *queue, const QueueOptions *options)
{
    TRY(worker_open(cx, queue, &queue->writer, &queue->writes, options));
    TRY(worker_open(cx, queue, &queue->slow_worker, &queue->slow, options));
    for (int i = 0; i < queue->reader_count; i++) {
        TRY(worker_open(cx, queue, &queue->readers[i], &queue->reads, options));
    }
    if (!zone_ask(&queue->writer)) {
        return err_set(cx, ERR_STORE, NULL, "The organisation's row cannot be read.");
    }
    return ERR_OK;
}

static Err worker_start(Ctx *cx, Worker *worker, const char *name, void *(*body)(void *))
{
    if (pthread_create(&worker->thread, NULL, body, worker) != 0) {
        return err_set(cx, ERR_INTERNAL, NULL, "The system gave no thread.");
    }
    (void)pthread_setname_np(worker->thread, name);
    worker->is_running = true;
    return ERR_OK;
}

static Err queue_run(Ctx *cx, Queue *queue)
{
    TRY(worker_start(cx, &queue->writer, "writer", writer_main));
    TRY(worker_start(cx, &queue->slow_worker, "slow", slow_main));
    for (int i = 0; i < queue->reader_count; i++) {
        TRY(worker_start(cx, &queue->readers[i], "reader", reader_main));
    }
    return ERR_OK;
}

Err queue_start(Ctx *cx, const QueueOptions *options, Queue **ret_queue)
{
    ASSERT(options->readers <= READERS_MAX);
    Arena *arena = arena_new(LIMIT_ARENA_BYTES);
    Queue *queue = arena_alloc(arena, sizeof *queue);
    queue->arena = arena;
    queue->today = options->today;
    queue->reader_count = options->readers == 0 ? READERS_DEFAULT : options->readers;
    pthread_mutex_init(&queue->mutex, NULL);
    lane_start(&queue->writes);
    lane_start(&queue->slow);
    lane_start(&queue->reads);
    Err refusal = queue_open(cx, queue, options);
    if (refusal == ERR_OK) {
        refusal = queue_run(cx, queue);
    }
    if (refusal != ERR_OK) {
        queue_stop(queue);
        queue_free(queue);
        return refusal;
    }
    *ret_queue = queue;
    return ERR_OK;
}

static Lane *lane_of(Queue *queue, const Job *job)
{
    if (job->work != NULL) {
        return &queue->writes;
    }
    if (job->call.op->effect == EFFECT_READ) {
        return &queue->reads;
    }
    return job->call.op->prepare == NULL ? &queue->writes : &queue->slow;
}

Err queue_put(Queue *queue, Job *job)
{
    Lane *lane = lane_of(queue, job);
    pthread_mutex_lock(&queue->mutex);
    bool is_stopping = queue->is_stopping;
    bool is_taken = !is_stopping && lane->count < LIMIT_QUEUE_WRITES;
    if (is_taken) {
        lane_add(lane, job);
        pthread_cond_signal(&lane->wakes);
    }
    pthread_mutex_unlock(&queue->mutex);
    if (is_taken) {
        return ERR_OK;
    }
    return err_set(job->cx, ERR_BUSY, NULL, "%s",
        is_stopping ? "The server is stopping; try again in a moment."
                    : "Too much is waiting already; try again in a moment.");
}

static void worker_join(Worker *worker)
{
    if (worker->is_running) {
        pthread_join(worker->thread, NULL);
        worker->is_running = false;
    }
}

static void worker_close(Worker *worker)
{
    db_close(worker->cx.db);
    worker->cx.db = NULL;
    arena_free(worker->cx.arena);
    worker->cx.arena = NULL;
}

void queue_stop(Queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->is_stopping = true;
    pthread_cond_broadcast(&queue->slow.wakes);
    pthread_cond_broadcast(&queue->reads.wakes);
    pthread_mutex_unlock(&queue->mutex);
    worker_join(&queue->slow_worker);
    for (int i = 0; i < queue->reader_count; i++) {
        worker_join(&queue->readers[i]);
    }
    pthread_mutex_lock(&queue->mutex);
    queue->is_slow_ended = true;
    pthread_cond_broadcast(&queue->writes.wakes);
    pthread_mutex_unlock(&queue->mutex);
    worker_join(&queue->writer);
    /* The writer last: the last connection to close takes the log with it. */
    for (int i = 0; i < queue->reader_count; i++) {
        worker_close(&queue->readers[i]);
    }
    worker_close(&queue->slow_worker);
    worker_close(&queue->writer);
}

void queue_free(Queue *queue)
{
    if (queue == NULL) {
        return;
    }
    pthread_cond_destroy(&queue->writes.wakes);
    pthread_cond_destroy(&queue->slow.wakes);
    pthread_cond_destroy(&queue->reads.wakes);
    pthread_mutex_destroy(&queue->mutex);
    arena_free(queue->arena);
}

QueueFigures queue_figures(Queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    QueueFigures figures = queue->figures;
    figures.waiting = queue->writes.count + queue->slow.count;
    pthread_mutex_unlock(&queue->mutex);
    return figures;
}
