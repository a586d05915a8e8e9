/* Writers beside writers: where a server has the database, each write has a transaction of its own
 * on one of a few connections, and is done again when another one was in its way or its connection
 * ended. What is answered was stored, once: when the end of a COMMIT was not heard, the operation's
 * audit row is looked for before it is done again. */
#include "op/queue_thread.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/os.h"
#include "op/store.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum {
    CONNECT_PAUSE_MS = 500,
    WRITE_ANSWER_MS = 5 * 60 * 1000,
    READ_ANSWER_MS = 5000, /* beyond the limit of a read */
    PROBE_MS = 1000,
    ATTEMPTS = 4,
    SETTLE_TRIES = 20,
    SETTLE_MS = 300,
    CLOCK_PAUSE_MS = 60 * 1000,
    CLOCK_OFF_MS = 5 * 60 * 1000
};

static void sleep_ms(int64_t ms)
{
    (void)nanosleep(
        &(struct timespec){.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000L}, NULL);
}

/* ---- the connection ---- */

/* Of a writer's connection that cannot be had, and of one whose server takes no writes. */
static const char *standing_of(const Worker *worker, Err code)
{
    if (code == ERR_READ_ONLY && worker->is_behind) {
        return "answers_lost";
    }
    bool is_connected =
        worker->is_answered || (worker->cx.db != NULL && !db_is_gone(worker->cx.db));
    switch ((int)code) {
    case ERR_OK:
        return NULL;
    case ERR_STORE:
        return is_connected ? "database_refuses" : "database_unreachable";
    case ERR_READ_ONLY:
        return "read_only";
    case ERR_DB_OLDER:
        return "schema_older";
    case ERR_DB_NEWER:
        return "schema_newer";
    case ERR_DB_MISSING:
        return "database_missing";
    case ERR_DB_DAMAGED:
        return "database_damaged";
    case ERR_STATE:
        return "other_database";
    default:
        return "database_unreachable";
    }
}

static bool all_stand(const Queue *queue)
{
    bool is_all = queue->writer.standing == NULL && queue->slow_worker.standing == NULL;
    for (int i = 0; i < queue->more_count; i++) {
        is_all = is_all && queue->more_writers[i].standing == NULL;
    }
    for (int i = 0; i < queue->reader_count; i++) {
        is_all = is_all && queue->readers[i].standing == NULL;
    }
    return is_all;
}

static bool is_other(const char *standing, const char *before)
{
    return before == NULL || strcmp(before, standing) != 0;
}

void standing_set(Worker *worker, Err code)
{
    Queue *queue = worker->queue;
    const char *standing = standing_of(worker, code);
    pthread_mutex_lock(&queue->mutex);
    const char *own = worker->standing;
    worker->standing = standing;
    const char *before = queue->standing_told;
    bool is_news = standing != NULL ? is_other(standing, own) && is_other(standing, before)
                                    : before != NULL && all_stand(queue);
    queue->standing_told = is_news ? standing : before;
    pthread_mutex_unlock(&queue->mutex);
    if (is_news && standing == NULL) {
        log_line(LOG_INFO, "the database is there again");
    } else if (is_news) {
        log_line(LOG_ERROR, "%s: %s", standing, worker->cx.err.detail);
    }
}

/* One writer found that what was answered is missing: those that have a connection look for
 * themselves before they write again. */
static void doubt_raise(Worker *worker)
{
    pthread_mutex_lock(&worker->queue->mutex);
    worker->doubt = ++worker->queue->doubt;
    pthread_mutex_unlock(&worker->queue->mutex);
}

static int64_t doubt_of(Queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    int64_t doubt = queue->doubt;
    pthread_mutex_unlock(&queue->mutex);
    return doubt;
}

Err worker_open(Worker *worker)
{
    Ctx *cx = worker_begin(worker);
    bool is_writer = worker->lane == &worker->queue->writes;
    DbOptions how = {.mode = is_writer ? DB_WRITE : DB_READ,
        .grace = &worker->queue->grace,
        .answer_ms = is_writer ? WRITE_ANSWER_MS : LIMIT_READ_MS + READ_ANSWER_MS,
        .read_limit_ms = is_writer ? 0 : LIMIT_READ_MS,
        .common = is_writer ? NULL : worker->queue->common};
    bool was_behind = worker->is_behind;
    worker->tried_at_us = os_monotonic_us();
    worker->doubt = doubt_of(worker->queue);
    worker->is_behind = false;
    worker->is_answered = false;
    TRY(db_open(cx, worker->queue->url, &how, &cx->db));
    Err refusal = is_writer && worker->queue->is_shared
                      ? fence_check(cx, &worker->queue->fence)
                      : fence_check_uuid(cx, &worker->queue->fence);
    worker->is_behind = refusal == ERR_READ_ONLY;
    if (worker->is_behind && !was_behind) {
        doubt_raise(worker);
    }
    if (refusal != ERR_OK) {
        worker->is_answered = !db_is_gone(cx->db);
        db_close(cx->db);
        cx->db = NULL;
        return refusal;
    }
    pthread_mutex_lock(&worker->queue->mutex);
    worker->queue->is_beside = db_is_beside(cx->db);
    pthread_mutex_unlock(&worker->queue->mutex);
    return ERR_OK;
}

/* Whether the first writer has its connection: who has none is not kept waiting for one. */
static bool first_stands(Queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    bool stands = queue->writer.standing == NULL;
    pthread_mutex_unlock(&queue->mutex);
    return stands;
}

bool worker_connect(Worker *worker)
{
    Ctx *cx = &worker->cx;
    bool is_doubted =
        worker->lane == &worker->queue->writes && worker->doubt != doubt_of(worker->queue);
    if (cx->db != NULL && !db_is_gone(cx->db) && !is_doubted) {
        return true;
    }
    bool had_one = cx->db != NULL;
    db_close(cx->db);
    cx->db = NULL;
    bool is_soon = os_monotonic_us() - worker->tried_at_us < CONNECT_PAUSE_MS * INT64_C(1000);
    int64_t ends_us = atomic_load(&worker->queue->grace.ends_us);
    bool is_over = ends_us != 0 && os_monotonic_us() >= ends_us;
    if (is_over || (is_soon && !had_one && !first_stands(worker->queue))) {
        return false;
    }
    Err refusal = worker_open(worker);
    /* Whether writes are taken shows with the next one. */
    if (refusal != ERR_OK || worker->standing == NULL ||
        strcmp(worker->standing, "read_only") != 0) {
        standing_set(worker, refusal);
    }
    return refusal == ERR_OK;
}

static void unreachable(const Worker *worker, Ctx *cx)
{
    const char *standing = worker->standing == NULL ? "there is no connection" : worker->standing;
    bool is_behind = strcmp(standing, "answers_lost") == 0;
    Err refusal = err_set(cx, is_behind ? ERR_READ_ONLY : ERR_STORE, NULL, "%s: %s.",
        is_behind ? "Nothing is written to this state of the database"
                  : "The database cannot be used now",
        standing);
    ASSERT(refusal != ERR_OK);
}

void job_unreachable(Worker *worker, Job *job)
{
    job_rewind(job);
    unreachable(worker, job->cx);
    run_problem(job->cx, &job->reply);
}

/* ---- one write ---- */

/* False: nobody can tell; the reply says so. */
static bool settle(Worker *worker, const Reply *unsure, bool *ret_is_stored)
{
    for (int i = 0; i < SETTLE_TRIES; i++) {
        if (i > 0 && atomic_load(&worker->queue->grace.ends_us) != 0 && worker->cx.db == NULL) {
            break; /* who stops waits for no server to come back */
        }
        if (worker_connect(worker) &&
            run_settle(worker_begin(worker), unsure, ret_is_stored) == ERR_OK) {
            return true;
        }
        sleep_ms(SETTLE_MS);
    }
    return false;
}

/* Where the caller's token or session is noted; NULL: it has none. */
static Caller *caller_of(Worker *worker, const Job *job, Hash *ret_secret)
{
    const char *secret = job->token != NULL ? job->token : job->session;
    if (secret == NULL) {
        return NULL;
    }
    *ret_secret = crypto_digest(&(Bytes){.data = secret, .size = strlen(secret)}, 1);
    return &worker->callers[ret_secret->bytes[0] % CALLERS_MAX];
}

/* Who asks is the first question of the transaction. When it is somebody who asked before, what the
 * call begins with is asked in the same turn: for strangers nothing is asked. A transaction that
 * cannot begin is tried once more by the call, which tells why. */
static bool job_begin_once(Worker *worker, Job *job, bool asks_ahead)
{
    Ctx *cx = job->cx;
    Hash secret;
    Caller *caller = caller_of(worker, job, &secret);
    bool is_known =
        asks_ahead && caller != NULL && crypto_equal(caller->secret.bytes, secret.bytes, HASH_SIZE);
    job_connect(worker, job);
    /* Who may not see an account is not to hold it either. */
    job->call.guesses = is_known && caller->sees_all ? worker->queue->guesses : NULL;
    Err err = ERR_OK;
    if (db_begin(cx) != ERR_OK) {
        err_clear(cx);
    } else if (is_known) {
        err = actor_expect(cx, job->token, job->session);
        err = err == ERR_OK ? call_expect(cx, &job->call, caller->user_id) : err;
    }
    if (err != ERR_OK) {
        run_problem(cx, &job->reply);
    } else if (job_start(worker, job)) {
        if (caller != NULL && cx->actor != NULL) {
            *caller = (Caller){.secret = secret,
                .user_id = cx->actor->user_id,
                .sees_all = !cx->actor->has_territories && cx->actor->partner_id == 0};
        }
        return true;
    }
    db_rollback(cx);
    return false;
}

/* Somebody may be in the way of what is locked ahead, which shows when it is asked who calls: then
 * nothing is asked ahead, and the lock is the call's, which tries again by itself. */
static bool job_begin(Worker *worker, Job *job)
{
    if (job_begin_once(worker, job, true)) {
        return true;
    }
    const Db *db = worker->cx.db;
    if (!db_may_repeat(db) || db_is_gone(db)) {
        return false;
    }
    job_rewind(job);
    return job_begin_once(worker, job, false);
}

typedef enum Attempt {
    ANSWERED,
    IN_VAIN,
    IN_PART, /* some of it is stored; another attempt goes on behind that */
} Attempt;

/* Of an attempt whose COMMIT was not heard: what it made is the answer, unless more follows. */
static Attempt unheard_end(Worker *worker, Job *job)
{
    const Reply *unsure = job->reply.unsure;
    bool is_stored = false;
    if (!settle(worker, unsure, &is_stored)) {
        return ANSWERED;
    }
    if (!is_stored) {
        return IN_VAIN;
    }
    if (unsure->is_more) {
        job->call.carried = unsure->carried;
        return IN_PART;
    }
    err_clear(job->cx);
    job->reply = *unsure;
    return ANSWERED;
}

static Attempt attempt(Worker *worker, Job *job)
{
    Ctx *cx = job->cx;
    job_rewind(job);
    zone_refresh(worker, cx->now_ms);
    if (job_begin(worker, job)) {
        run_call_again(cx, &job->call, &job->reply);
    }
    if (cx->err.code == ERR_OK || !db_is_gone(worker->cx.db)) {
        return ANSWERED;
    }
    if (cx->err.code == ERR_READ_ONLY) {
        worker_begin(worker)->err = cx->err;
        standing_set(worker, ERR_READ_ONLY);
        return IN_VAIN;
    }
    return job->reply.unsure == NULL ? IN_VAIN : unheard_end(worker, job);
}

static void job_run(Worker *worker, Job *job)
{
    job->mark = arena_mark(job->cx->arena);
    Attempt end = IN_VAIN;
    for (int left = ATTEMPTS; left > 0 && end != ANSWERED;) {
        if (!worker_connect(worker)) {
            job_unreachable(worker, job);
            break;
        }
        end = attempt(worker, job);
        left = end == IN_PART ? ATTEMPTS : left - 1;
    }
    bool is_refused = job->reply.status >= 400;
    if (!is_refused && worker->standing != NULL) {
        standing_set(worker, ERR_OK);
    }
    Queue *queue = worker->queue;
    pthread_mutex_lock(&queue->mutex);
    queue->figures.batches++;
    queue->figures.writes++;
    queue->figures.refused += is_refused;
    pthread_mutex_unlock(&queue->mutex);
    if (!is_refused && job->reply.op_id != 0) {
        fence_note(&queue->fence, job->reply.op_id, job->reply.op_account);
    }
    jobs_answer(job);
}

static void work_run(Worker *worker, Job *job)
{
    Ctx *cx = job->cx;
    if (worker_connect(worker)) {
        cx->db = worker->cx.db;
        if (cx->today == DATE_NONE) {
            cx->today = queue_today(worker->queue, cx->now_ms);
        }
        if (job->work(job) == ERR_OK && cx->batch != NULL && cx->batch->op_id != 0) {
            fence_note(&worker->queue->fence, cx->batch->op_id, cx->batch->op_account);
        }
    } else {
        unreachable(worker, cx);
    }
    jobs_answer(job);
}

/* ---- the threads ---- */

static void sessions_write(Worker *worker, Used used)
{
    if (!worker_connect(worker)) {
        return;
    }
    Ctx *cx = worker_begin(worker);
    cx->now_ms = os_now_ms();
    if (used_write(cx, &used) != ERR_OK) {
        log_line(LOG_ERROR, "the use of sessions was not written: %s", cx->err.detail);
    }
}

/* Dates and times are this machine's, and leases of nodes the server's. Nothing breaks when they
 * differ, but one of the two is wrong, and so may be a business date. */
static void clock_look(Worker *worker)
{
    Queue *queue = worker->queue;
    int64_t now_us = os_monotonic_us();
    bool is_due = queue->clock_asked_us == 0 ||
                  now_us - queue->clock_asked_us > CLOCK_PAUSE_MS * INT64_C(1000);
    Ctx *cx = worker_begin(worker);
    int64_t ahead = 0;
    cx->now_ms = os_now_ms();
    if (!is_due || db_clock_ahead(cx, &ahead) != ERR_OK) {
        return;
    }
    queue->clock_asked_us = now_us;
    ahead = ahead > CLOCK_OFF_MS || ahead < -CLOCK_OFF_MS ? ahead : 0;
    pthread_mutex_lock(&queue->mutex);
    int64_t before = queue->figures.clock_ahead_ms;
    queue->figures.clock_ahead_ms = ahead;
    pthread_mutex_unlock(&queue->mutex);
    if (ahead != 0 && before == 0) {
        log_line(LOG_ERROR,
            "the clock of the database server is %lld s %s that of this machine: one of them is "
            "wrong, and business dates are this machine's; see to NTP on both",
            (long long)((ahead > 0 ? ahead : -ahead) / 1000), ahead > 0 ? "ahead of" : "behind");
    } else if (ahead == 0 && before != 0) {
        log_line(LOG_INFO, "the clock of the database server agrees with this machine's again");
    }
}

/* Nobody may send writes to a server that says it is not ready, so it looks by itself. */
static void worker_probe(Worker *worker)
{
    if (!worker_connect(worker)) {
        return;
    }
    Ctx *cx = worker_begin(worker);
    bool is_writer = worker->lane == &worker->queue->writes;
    bool tries_write =
        is_writer && worker->standing != NULL && strcmp(worker->standing, "read_only") == 0;
    Err refusal = ERR_OK;
    if (!tries_write) {
        refusal = is_writer ? fence_check_few(cx, &worker->queue->fence)
                            : fence_check_uuid(cx, &worker->queue->fence);
    } else {
        refusal = write_try(cx);
    }
    if (refusal == ERR_STATE || refusal == ERR_DB_DAMAGED ||
        (refusal == ERR_READ_ONLY && !tries_write)) {
        db_close(cx->db); /* the next one looks at everything */
        cx->db = NULL;
        worker->is_behind = refusal == ERR_READ_ONLY;
        doubt_raise(worker);
        standing_set(worker, refusal);
    } else if (refusal == ERR_OK || refusal == ERR_STORE || db_is_gone(cx->db)) {
        standing_set(worker, refusal);
    }
    if (worker == &worker->queue->writer && worker->standing == NULL) {
        clock_look(worker);
    }
}

static bool probe_is_due(Queue *queue);

/* The first writer looks each second, and another one when it does not come to that; all others
 * while they have no connection. The caller holds the mutex. */
void worker_wait(Worker *worker)
{
    Queue *queue = worker->queue;
    bool is_writer = worker->lane == &queue->writes;
    bool looks = queue->is_shared && (is_writer || worker->standing != NULL);
    if (!looks) {
        pthread_cond_wait(&worker->lane->wakes, &queue->mutex);
        return;
    }
    struct timespec until = time_in(PROBE_MS);
    bool is_idle = pthread_cond_timedwait(&worker->lane->wakes, &queue->mutex, &until) != 0;
    bool is_its_turn = is_idle && worker->lane->first == NULL && !queue->is_stopping;
    bool is_due = is_its_turn && is_writer && probe_is_due(queue);
    if (is_its_turn && (is_due || worker == &queue->writer || worker->standing != NULL)) {
        pthread_mutex_unlock(&queue->mutex);
        worker_probe(worker);
        pthread_mutex_lock(&queue->mutex);
    }
}

/* Under load too, by whoever is free: an older state may have been put under connections that go
 * on. The caller holds the mutex. */
static bool probe_is_due(Queue *queue)
{
    int64_t now_us = os_monotonic_us();
    bool is_due = now_us - queue->probed_at_us >= PROBE_MS * INT64_C(1000);
    queue->probed_at_us = is_due ? now_us : queue->probed_at_us;
    return is_due;
}

/* Of a writer that does something else first: another one takes what there is. */
static void others_wake(Queue *queue)
{
    if (queue->writes.first != NULL) {
        pthread_cond_signal(&queue->writes.wakes);
        pthread_cond_signal(&queue->held);
    }
}

/* There is enough at work, and takes what comes; when one of those is late, nobody says so. */
static void writer_hold(Queue *queue)
{
    struct timespec until = time_in(CREW_LATE_US / 1000);
    pthread_cond_timedwait(&queue->held, &queue->mutex, &until);
}

/* The mutex is held meanwhile: what Linux tells takes some 20 us on two processors, four times a
 * second, and with eight processors nothing is asked. */
static void crew_watch(Queue *queue, int64_t now_us)
{
    OsLoad load;
    bool is_told = queue->is_beside && os_load(&load);
    crew_look(&queue->crew, now_us, is_told ? &load : NULL);
}

/* The caller holds the mutex, and there is something to do. */
static void write_next(Worker *worker)
{
    Queue *queue = worker->queue;
    int place = worker == &queue->writer ? 0 : 1 + (int)(worker - queue->more_writers);
    int64_t now_us = os_monotonic_us();
    if (crew_is_look_due(&queue->crew, now_us)) {
        crew_watch(queue, now_us);
    }
    Job *job = lane_take(&queue->writes);
    crew_take(&queue->crew, place, now_us);
    pthread_mutex_unlock(&queue->mutex);
    if (job->work != NULL) {
        work_run(worker, job);
    } else {
        job_run(worker, job);
    }
    pthread_mutex_lock(&queue->mutex);
    crew_end(&queue->crew, place);
}

void *pool_main(void *argument)
{
    Worker *worker = argument;
    Queue *queue = worker->queue;
    pthread_mutex_lock(&queue->mutex);
    while (queue->writes.first != NULL || queue->used.count > 0 || !queue->is_slow_ended) {
        if (queue->used.count > 0) {
            Used used = used_take(&queue->used);
            others_wake(queue);
            pthread_mutex_unlock(&queue->mutex);
            sessions_write(worker, used);
            pthread_mutex_lock(&queue->mutex);
            continue;
        }
        if (queue->writes.first == NULL) {
            worker_wait(worker);
            continue;
        }
        if (probe_is_due(queue)) {
            others_wake(queue);
            pthread_mutex_unlock(&queue->mutex);
            worker_probe(worker);
            pthread_mutex_lock(&queue->mutex);
            continue;
        }
        if (!crew_has_room(&queue->crew, os_monotonic_us())) {
            writer_hold(queue);
            continue;
        }
        write_next(worker);
    }
    pthread_mutex_unlock(&queue->mutex);
    return NULL;
}
