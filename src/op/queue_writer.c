/* The writer: one thread, one connection. It takes what waits, runs each call in a savepoint,
 * commits once and answers all. */
#include "op/idem.h"
#include "op/queue_thread.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/os.h"

#include <time.h>

enum { IDLE_MS = 50, FULL_MS = 1000 };

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

static void job_refuse(Job *job, Err code, const char *advice)
{
    job_rewind(job);
    Err refusal = err_set(job->cx, code, NULL, "%s", advice);
    ASSERT(refusal == code);
    run_problem(job->cx, &job->reply);
}

typedef enum BatchEnd {
    BATCH_KEPT,
    BATCH_ENDED, /* rolled back as a whole: nothing of it holds */
    BATCH_LOST,  /* the disk failed: what holds is known after a restart */
    BATCH_BUSY,  /* another process has the file: nothing of it was begun */
} BatchEnd;

static void read_only_set(Queue *queue, const char *why)
{
    pthread_mutex_lock(&queue->mutex);
    bool is_news = !queue->figures.is_read_only;
    queue->figures.is_read_only = true;
    pthread_mutex_unlock(&queue->mutex);
    if (is_news) {
        log_line(LOG_ERROR, "no more writes until restart: %s", why);
    }
}

void damage_note(Worker *worker)
{
    const Db *db = worker->cx.db;
    if (db != NULL && db_is_corrupt(db)) {
        read_only_set(worker->queue, "the file is damaged");
    }
}

/* A full disk is known by the writes that fail, and that it is no longer by one that does not. */
static void room_note(Worker *worker, bool has_written)
{
    Queue *queue = worker->queue;
    bool was_full = db_was_full(worker->cx.db);
    pthread_mutex_lock(&queue->mutex);
    bool is_news = was_full ? !queue->figures.is_full : has_written && queue->figures.is_full;
    queue->figures.is_full = was_full || (queue->figures.is_full && !has_written);
    pthread_mutex_unlock(&queue->mutex);
    if (is_news) {
        log_line(was_full ? LOG_ERROR : LOG_INFO,
            was_full ? "the disk of the database is full" : "the disk has room again");
    }
}

/* Nobody may send writes to a server that says it is not ready, so it tries by itself. */
static void room_try(Worker *worker)
{
    Ctx *cx = worker_begin(worker);
    Err refusal = write_try(cx);
    if (refusal == ERR_READ_ONLY) {
        read_only_set(worker->queue, "the disk failed");
    }
    room_note(worker, refusal == ERR_OK);
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
    Ctx *cx = worker_begin(worker);
    if (db_begin(cx) != ERR_OK) {
        bool is_busy = cx->err.code == ERR_BUSY;
        BatchEnd end = batch_end(worker, cx->err.code == ERR_READ_ONLY);
        return is_busy ? BATCH_BUSY : end;
    }
    for (Job *job = first; job != NULL; job = job->next) {
        job->call.by_parts = true;
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
    "The disk failed, or the file is damaged, moved or deleted; the log tells which. The server "
    "takes no writes until its restart.";

static const char *ended_advice(Worker *worker)
{
    room_note(worker, false);
    return queue_figures(worker->queue).is_full
               ? "The disk of the database is full; nothing was changed. Make room, then try again."
               : "Nothing was changed; try again.";
}

/* For longer than a write waits for it. */
static void busy_refuse(Job *first)
{
    log_line(LOG_ERROR, "another process has the database: writes are refused until it lets go");
    batch_refuse(
        first, ERR_BUSY, "Another process has the database; nothing was changed. Try again.");
}

static const char stopping_advice[] =
    "The server stops; what was done of it stays. Call again to do the rest.";

/* Calls of which only a part was done go behind what waits; the others are given back, to be
 * answered. */
static Job *parts_take(Worker *worker, Job *first)
{
    Queue *queue = worker->queue;
    Job *whole = NULL;
    Job **end = &whole;
    for (Job *job = first, *next; job != NULL; job = next) {
        next = job->next;
        job->next = NULL;
        int64_t carried = job->reply.carried;
        bool is_more = job->reply.is_more;
        pthread_mutex_lock(&queue->mutex);
        bool is_stopping = queue->is_stopping;
        if (is_more && !is_stopping) {
            job_rewind(job);
            job->call.carried = carried;
            job->cx->now_ms = os_now_ms();
            lane_add(&queue->writes, job);
        }
        pthread_mutex_unlock(&queue->mutex);
        if (is_more && is_stopping) {
            job_refuse(job, ERR_BUSY, stopping_advice);
        }
        if (!is_more || is_stopping) {
            *end = job;
            end = &job->next;
        }
    }
    return whole;
}

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
            job_refuse(job, ERR_STORE, ended_advice(worker));
        } else if (end == BATCH_BUSY) {
            busy_refuse(job);
        } else if (end == BATCH_LOST) {
            is_lost = true;
            read_only_set(worker->queue, "the disk failed");
            job_refuse(job, ERR_READ_ONLY, lost_advice);
        }
        jobs_answer(parts_take(worker, job));
        pthread_mutex_lock(&worker->queue->mutex);
        worker->queue->figures.retried++;
        pthread_mutex_unlock(&worker->queue->mutex);
    }
}

static void batch_count(Worker *worker, const Job *first)
{
    Queue *queue = worker->queue;
    int64_t writes = 0;
    int64_t refused = 0;
    for (const Job *job = first; job != NULL; job = job->next) {
        writes++;
        refused += job->reply.status >= 400;
    }
    pthread_mutex_lock(&queue->mutex);
    queue->figures.batches++;
    queue->figures.writes += writes;
    queue->figures.refused += refused;
    pthread_mutex_unlock(&queue->mutex);
    room_note(worker, refused < writes);
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
        batch_count(worker, first);
        jobs_answer(parts_take(worker, first));
        break;
    case BATCH_ENDED:
        batch_singly(worker, first);
        break;
    case BATCH_BUSY:
        busy_refuse(first);
        jobs_answer(first);
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
    room_note(worker, false);
    jobs_answer(job);
}

static void checkpoint(Worker *worker, bool is_idle)
{
    if (!db_checkpoint(worker->cx.db, is_idle)) {
        read_only_set(
            worker->queue, "the disk failed at a checkpoint, or the file is not where it was");
    }
}

/* Waits for writes; when none come for a moment and the log has grown, tidies it first, and while
 * the disk is full tries now and then whether it still is. The caller holds the mutex. */
static void writer_wait(Worker *worker, bool *is_dirty)
{
    Queue *queue = worker->queue;
    bool is_full = queue->figures.is_full && !queue->figures.is_read_only;
    *is_dirty = *is_dirty && !queue->figures.is_read_only;
    if (!*is_dirty && !is_full) {
        pthread_cond_wait(&queue->writes.wakes, &queue->mutex);
        return;
    }
    struct timespec until = time_in(*is_dirty ? IDLE_MS : FULL_MS);
    pthread_cond_timedwait(&queue->writes.wakes, &queue->mutex, &until);
    if (queue->writes.first != NULL || queue->figures.is_read_only) {
        return;
    }
    pthread_mutex_unlock(&queue->mutex);
    if (*is_dirty) {
        checkpoint(worker, true);
    } else {
        room_try(worker);
    }
    *is_dirty = db_is_moving(worker->cx.db);
    pthread_mutex_lock(&queue->mutex);
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
    Ctx *cx = worker_begin(worker);
    cx->now_ms = os_now_ms();
    Err refusal = used_write(cx, &used);
    if (refusal != ERR_OK) {
        log_line(LOG_ERROR, "the use of sessions was not written: %s", cx->err.detail);
    }
    if (refusal == ERR_READ_ONLY) {
        read_only_set(queue, "the disk failed");
    }
    damage_note(worker);
    pthread_mutex_lock(&queue->mutex);
}

/* The keys of the day, which the first write would wait for. If they cannot be read, it says so. */
static void keys_read(Worker *worker)
{
    Ctx *cx = worker_begin(worker);
    if (idem_ready(cx) != ERR_OK) {
        log_line(LOG_ERROR, "the keys of the day were not read: %s", cx->err.detail);
    }
}

void *writer_main(void *argument)
{
    Worker *worker = argument;
    Queue *queue = worker->queue;
    bool is_dirty = false;
    keys_read(worker);
    pthread_mutex_lock(&queue->mutex);
    while (queue->writes.first != NULL || queue->used.count > 0 || !queue->is_slow_ended) {
        if (queue->used.count > 0) {
            sessions_write(worker);
            is_dirty = true;
            continue;
        }
        if (queue->writes.first == NULL) {
            writer_wait(worker, &is_dirty);
            continue;
        }
        /* Before a batch, not after it: so it is known whether the file is still at its name. */
        if (!queue->figures.is_read_only) {
            pthread_mutex_unlock(&queue->mutex);
            checkpoint(worker, false);
            pthread_mutex_lock(&queue->mutex);
        }
        Job *job = lane_take_batch(&queue->writes);
        bool is_read_only = queue->figures.is_read_only;
        pthread_mutex_unlock(&queue->mutex);
        if (job->work != NULL) {
            work_run(worker, job, is_read_only);
        } else {
            batch_run(worker, job, is_read_only);
        }
        damage_note(worker);
        is_dirty = is_dirty || !is_read_only;
        pthread_mutex_lock(&queue->mutex);
    }
    pthread_mutex_unlock(&queue->mutex);
    return NULL;
}
