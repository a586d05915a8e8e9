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
#include "op/queue_thread.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    READERS_DEFAULT = 2,
    WRITERS_DEFAULT = 16,
    ZONE_MS = 1000,
    STOP_US = 10 * 1000 * 1000,
    SILENT_US = 10 * 1000 * 1000,
};

static const Sql write_probe = {"UPDATE org SET version = version WHERE id = 1", "", NULL};
static const Sql zone_sql = {"SELECT timezone FROM org WHERE id = 1", "", "t"};

/* ---- lanes; the caller holds the mutex ---- */

void lane_add(Lane *lane, Job *job)
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

Job *lane_take(Lane *lane)
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

static void cond_start(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

struct timespec time_in(int64_t ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += (long)(ms % 1000) * 1000000;
    at.tv_sec += (time_t)(ms / 1000) + at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    return at;
}

/* ---- whether it can write again ---- */

Err write_try(Ctx *cx)
{
    TRY(db_begin(cx));
    Err refusal = db_put(cx, &write_probe, NO_ARGS);
    refusal = refusal == ERR_OK ? db_commit(cx) : refusal;
    db_rollback(cx);
    return refusal;
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

Ctx *worker_begin(Worker *worker)
{
    arena_reset(worker->cx.arena);
    err_clear(&worker->cx);
    return &worker->cx;
}

/* Between transactions. */
static bool zone_ask(Worker *worker)
{
    Queue *queue = worker->queue;
    Rows rows;
    if (db_ask(worker_begin(worker), &zone_sql, NO_ARGS, &rows) != ERR_OK) {
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
void zone_refresh(Worker *worker, Instant now_ms)
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
void job_connect(Worker *worker, Job *job)
{
    Ctx *cx = job->cx;
    cx->db = worker->cx.db;
    if (cx->today == DATE_NONE) {
        cx->today = queue_today(worker->queue, cx->now_ms);
    }
}

bool job_start(Worker *worker, Job *job)
{
    Ctx *cx = job->cx;
    job_connect(worker, job);
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
void job_rewind(Job *job)
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

void jobs_answer(Job *first)
{
    for (Job *job = first, *next; job != NULL; job = next) {
        next = job->next;
        job->cx->db = NULL;
        job->done(job);
    }
}

/* ---- readers and the slow lane ---- */

/* NULL when the queue stops and nothing waits. */
static Job *worker_next(Worker *worker)
{
    Queue *queue = worker->queue;
    pthread_mutex_lock(&queue->mutex);
    while (worker->lane->first == NULL && !queue->is_stopping) {
        worker_wait(worker);
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
        job->mark = arena_mark(job->cx->arena);
        /* A connection that ended since shows with the first statement; then once more. */
        for (int i = 0; i < 2; i++) {
            if (!worker_connect(worker)) {
                job_unreachable(worker, job);
                break;
            }
            job_rewind(job);
            zone_refresh(worker, job->cx->now_ms);
            if (job_start(worker, job)) {
                run_call(job->cx, &job->call, &job->reply);
            }
            if (!db_is_gone(worker->cx.db)) {
                break;
            }
        }
        damage_note(worker);
        jobs_answer(job);
    }
    return NULL;
}

static bool job_prepare(Worker *worker, Job *job)
{
    job->mark = arena_mark(job->cx->arena);
    if (!worker_connect(worker)) {
        job_unreachable(worker, job);
        return false;
    }
    if (!job_start(worker, job)) {
        return false;
    }
    if (job->admit != NULL && job->admit(job) != ERR_OK) {
        run_problem(job->cx, &job->reply);
        return false;
    }
    return run_prepare(job->cx, &job->call, &job->reply);
}

/* What is prepared goes on to the writer, also while the queue stops: it was accepted. */
static void *slow_main(void *argument)
{
    Worker *worker = argument;
    Queue *queue = worker->queue;
    for (Job *job; (job = worker_next(worker)) != NULL;) {
        bool is_prepared = job_prepare(worker, job);
        damage_note(worker);
        if (!is_prepared) {
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

/* A server that is not there yet may come; one that is there and holds something else is told at
 * once. */
static bool is_awaited(const Queue *queue, Err refusal)
{
    return queue->is_shared && (refusal == ERR_STORE || refusal == ERR_BUSY);
}

static Err worker_make(Ctx *cx, Queue *queue, Worker *worker, Lane *lane, const char *name)
{
    *worker = (Worker){.queue = queue, .lane = lane, .name = name};
    worker->cx.arena = arena_new(LIMIT_ARENA_BYTES);
    const char *first = worker == &queue->writer ? NULL : queue->writer.standing;
    if (first != NULL && strcmp(first, "database_unreachable") == 0) {
        worker->standing = first; /* each would wait as long to be told the same */
        return ERR_OK;
    }
    Err refusal = worker_open(worker);
    if (refusal != ERR_OK && (worker->is_behind || is_awaited(queue, refusal))) {
        standing_set(worker, refusal);
        return ERR_OK;
    }
    return refusal == ERR_OK ? ERR_OK : err_set(cx, refusal, NULL, "%s", worker->cx.err.detail);
}

static Err queue_open(Ctx *cx, Queue *queue)
{
    TRY(worker_make(cx, queue, &queue->writer, &queue->writes, "writer"));
    for (int i = 0; i < queue->more_count; i++) {
        TRY(worker_make(cx, queue, &queue->more_writers[i], &queue->writes, "writer"));
    }
    TRY(worker_make(cx, queue, &queue->slow_worker, &queue->slow, "slow"));
    for (int i = 0; i < queue->reader_count; i++) {
        TRY(worker_make(cx, queue, &queue->readers[i], &queue->reads, "reader"));
    }
    atomic_store(&queue->grace.heard_us, os_monotonic_us());
    if (queue->writer.standing == NULL && !zone_ask(&queue->writer)) {
        return err_set(cx, ERR_STORE, NULL, "The organisation's row cannot be read.");
    }
    return ERR_OK;
}

static Err worker_start(Ctx *cx, Worker *worker, void *(*body)(void *))
{
    if (pthread_create(&worker->thread, NULL, body, worker) != 0) {
        return err_set(cx, ERR_INTERNAL, NULL, "The system gave no thread.");
    }
    (void)pthread_setname_np(worker->thread, worker->name);
    worker->is_running = true;
    return ERR_OK;
}

static Err queue_run(Ctx *cx, Queue *queue)
{
    TRY(worker_start(cx, &queue->writer, queue->is_shared ? pool_main : writer_main));
    for (int i = 0; i < queue->more_count; i++) {
        TRY(worker_start(cx, &queue->more_writers[i], pool_main));
    }
    TRY(worker_start(cx, &queue->slow_worker, slow_main));
    for (int i = 0; i < queue->reader_count; i++) {
        TRY(worker_start(cx, &queue->readers[i], reader_main));
    }
    return ERR_OK;
}

Err queue_start(Ctx *cx, const QueueOptions *options, Queue **ret_queue)
{
    ASSERT(options->readers <= READERS_MAX);
    Arena *arena = arena_new(LIMIT_ARENA_BYTES);
    Queue *queue = arena_alloc(arena, sizeof *queue);
    queue->arena = arena;
    queue->common = db_common_new(arena);
    queue->today = options->today;
    queue->url = options->url;
    queue->is_shared = !db_is_file(options->url);
    ASSERT(options->writers <= WRITERS_MAX);
    if (queue->is_shared) {
        queue->guesses = guesses_start(arena);
        queue->more_count = (options->writers == 0 ? WRITERS_DEFAULT : options->writers) - 1;
        crew_start(&queue->crew, queue->more_count + 1, os_processors());
    }
    queue->reader_count = options->readers == 0 ? READERS_DEFAULT : options->readers;
    pthread_mutex_init(&queue->mutex, NULL);
    cond_start(&queue->writes.wakes);
    cond_start(&queue->slow.wakes);
    cond_start(&queue->reads.wakes);
    cond_start(&queue->held);
    Err refusal = fence_start(cx, options->answered, &queue->fence);
    refusal = refusal == ERR_OK ? queue_open(cx, queue) : refusal;
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
    /* A password's hash takes some 25 ms, one at a time: who comes behind 64 waits 1.6 s. */
    int64_t most = lane == &queue->slow ? LIMIT_QUEUE_SLOW : LIMIT_QUEUE_WRITES;
    pthread_mutex_lock(&queue->mutex);
    bool is_stopping = queue->is_stopping;
    bool is_taken = !is_stopping && lane->count < most;
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

DbGrace *queue_grace(Queue *queue)
{
    return &queue->grace;
}

void queue_stop_begin(Queue *queue)
{
    int64_t none = 0;
    (void)atomic_compare_exchange_strong(&queue->grace.ends_us, &none, os_monotonic_us() + STOP_US);
}

void queue_stop(Queue *queue)
{
    queue_stop_begin(queue);
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
    for (int i = 0; i < queue->more_count; i++) {
        worker_join(&queue->more_writers[i]);
        worker_close(&queue->more_writers[i]);
    }
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
    pthread_cond_destroy(&queue->held);
    pthread_mutex_destroy(&queue->mutex);
    fence_end(&queue->fence);
    db_common_end(queue->common);
    if (queue->guesses != NULL) {
        guesses_stop(queue->guesses);
    }
    arena_free(queue->arena);
}

QueueFigures queue_figures(Queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    QueueFigures figures = queue->figures;
    figures.waiting = queue->writes.count + queue->slow.count;
    figures.standing = queue->writer.standing;
    bool is_silent =
        queue->is_shared && os_monotonic_us() - atomic_load(&queue->grace.heard_us) > SILENT_US;
    if (figures.standing == NULL && is_silent) {
        figures.standing = "database_unreachable";
    }
    for (int i = 0; i < queue->more_count; i++) {
        const char *other = queue->more_writers[i].standing;
        bool is_told = other != NULL && strcmp(other, "read_only") == 0;
        figures.standing = figures.standing == NULL && is_told ? other : figures.standing;
    }
    pthread_mutex_unlock(&queue->mutex);
    return figures;
}
