/* The write queue on a real database: order, batches, actors, the slow lane, full queues,
 * stopping, and every n-th write or sync of the disk failing. */
#include "support/unit.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/os.h"
#include "op/queue.h"
#include "support/tiny.h"

#include <pthread.h>

enum { ASKS_MAX = LIMIT_QUEUE_WRITES + 8, ARENA_BYTES = 16 * 1024 * 1024 };

/* One call of the test's, as a door would make it. */
typedef struct Ask {
    Arena *arena;
    Ctx cx;
    Job job;
    json_t *members;
    int64_t place; /* in the order of answers, from 1 */
} Ask;

static Place place;
static Queue *queue;
static Ask asks[ASKS_MAX];
static size_t ask_count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static int64_t answers;

static void on_done(Job *job)
{
    Ask *ask = job->user;
    pthread_mutex_lock(&mutex);
    ask->place = ++answers;
    pthread_cond_broadcast(&answered);
    pthread_mutex_unlock(&mutex);
}

static void answers_wait(int64_t count)
{
    pthread_mutex_lock(&mutex);
    while (answers < count) {
        pthread_cond_wait(&answered, &mutex);
    }
    pthread_mutex_unlock(&mutex);
}

static Ask *ask_new(const char *token)
{
    assert_true(ask_count < ASKS_MAX);
    Ask *ask = &asks[ask_count++];
    *ask = (Ask){.arena = arena_new(ARENA_BYTES)};
    ask->cx = (Ctx){.arena = ask->arena, .now_ms = place.cx.now_ms, .request_id = "r"};
    ask->job = (Job){.cx = &ask->cx, .token = token, .done = on_done, .user = ask};
    return ask;
}

/* Builds the call without handing it over. */
static Ask *ask_call(const char *operation, const char *token, const char *json)
{
    Ask *ask = ask_new(token);
    assert_int_equal(json_read(&ask->cx, json, strlen(json), &ask->members), ERR_OK);
    ask->job.call = (Call){.op = op_by_name(operation), .members = ask->members};
    assert_non_null(ask->job.call.op);
    return ask;
}

static Ask *ask_note(const char *prefix, int number, const char *kind)
{
    Ask *ask = ask_new("token-wang");
    const char *json =
        arena_printf(ask->arena, "{\"account\":\"D1\",\"text\":\"%s-%d\"%s}", prefix, number, kind);
    assert_int_equal(json_read(&ask->cx, json, strlen(json), &ask->members), ERR_OK);
    ask->job.call = (Call){.op = op_by_name("tiny_note"), .members = ask->members};
    return ask;
}

static void ask_put(Ask *ask)
{
    assert_int_equal(queue_put(queue, &ask->job), ERR_OK);
}

static bool is_stored(const char *name)
{
    return tiny_number(&place, arena_printf(place.arena,
                                   "SELECT count(*) FROM series WHERE name = '%s'", name)) == 1;
}

static void asks_drop(void)
{
    for (size_t i = 0; i < ask_count; i++) {
        json_decref(asks[i].members);
        arena_free(asks[i].arena);
    }
    ask_count = 0;
    answers = 0;
}

static Err queue_begin(void)
{
    db_close(place.cx.db);
    place.cx.db = NULL;
    QueueOptions options = {.url = place.path, .today = place.cx.today};
    return queue_start(&place.cx, &options, &queue);
}

static void queue_end(void)
{
    queue_stop(queue);
    queue_free(queue);
    const DbOptions options = {.mode = DB_WRITE};
    assert_int_equal(db_open(&place.cx, place.path, &options, &place.cx.db), ERR_OK);
}

static int setup(void **state)
{
    (void)state;
    log_level_set((LogLevel)(LOG_ERROR + 1)); /* hundreds of disks fail here */
    tiny_open(&place);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    place_drop(&place);
    return 0;
}

/* ---- what is asked is answered ---- */

static void writes_share_a_batch_and_keep_their_order(void **state)
{
    (void)state;
    assert_int_equal(queue_begin(), ERR_OK);
    enum { COUNT_NOTES = 300 };
    for (int i = 0; i < COUNT_NOTES; i++) {
        ask_put(ask_note("order", i, i % 3 == 2 ? ",\"kind\":\"refuse\"" : ""));
    }
    answers_wait(COUNT_NOTES);
    QueueFigures figures = queue_figures(queue);
    queue_end();
    assert_true(figures.batches < COUNT_NOTES);
    assert_int_equal(figures.writes, COUNT_NOTES);
    assert_int_equal(figures.refused, COUNT_NOTES / 3);
    for (int i = 0; i < COUNT_NOTES; i++) {
        const char *name = arena_printf(place.arena, "order-%d", i);
        assert_int_equal(asks[i].place, i + 1);
        assert_int_equal(asks[i].job.reply.status, i % 3 == 2 ? 409 : 201);
        assert_int_equal(is_stored(name), i % 3 != 2);
    }
    asks_drop();
}

static void an_unknown_token_concerns_nobody_else(void **state)
{
    (void)state;
    assert_int_equal(queue_begin(), ERR_OK);
    Ask *good = ask_note("token", 1, "");
    Ask *bad = ask_call("tiny_note", "token-nobody", "{\"account\":\"D1\",\"text\":\"t\"}");
    Ask *none = ask_call("tiny_note", NULL, "{\"account\":\"D1\",\"text\":\"t\"}");
    Ask *forbidden = ask_call("tiny_note", "token-li", "{\"account\":\"D1\",\"text\":\"t\"}");
    ask_put(bad);
    ask_put(good);
    ask_put(none);
    ask_put(forbidden);
    answers_wait(4);
    queue_end();
    assert_int_equal(bad->job.reply.status, 401);
    assert_int_equal(good->job.reply.status, 201);
    assert_int_equal(none->job.reply.status, 401);
    assert_int_equal(forbidden->job.reply.status, 403);
    asks_drop();
}

static void reads_run_on_a_reader(void **state)
{
    (void)state;
    assert_int_equal(queue_begin(), ERR_OK);
    Ask *find = ask_call("tiny_find", "token-wang", "{\"account\":\"D1\",\"text\":\"order-0\"}");
    ask_put(find);
    answers_wait(1);
    QueueFigures figures = queue_figures(queue);
    queue_end();
    assert_int_equal(find->job.reply.status, 200);
    assert_int_equal(figures.reads, 1);
    assert_int_equal(figures.writes, 0);
    asks_drop();
}

/* A session that is used only to read does not end for want of use. */
static void the_use_of_a_session_is_written_down(void **state)
{
    (void)state;
    Instant now = os_now_ms();
    tiny_sql(&place, "INSERT INTO session (id, user_id, hash, created_at, idle_end_at, end_at) "
                     "SELECT 81, 51, hash, 1, 1, 9000000000000 FROM token WHERE id = 51");
    for (int minutes = 59; minutes >= 1; minutes -= 58) {
        Instant idle_end_at = now + (Instant)minutes * 60000;
        tiny_sql(&place, arena_printf(place.arena, "UPDATE session SET idle_end_at = %lld",
                             (long long)idle_end_at));
        assert_int_equal(queue_begin(), ERR_OK);
        Ask *find = ask_call("tiny_find", NULL, "{\"account\":\"D1\",\"text\":\"order-0\"}");
        find->job.session = "token-wang";
        find->cx.now_ms = now;
        ask_put(find);
        answers_wait(1);
        queue_end();
        assert_int_equal(find->job.reply.status, 200);
        Instant after = tiny_number(&place, "SELECT idle_end_at FROM session");
        assert_true(minutes == 59 ? after == idle_end_at : after >= now + SESSION_IDLE_MS);
        asks_drop();
    }
    tiny_sql(&place, "DELETE FROM session");
}

static void what_is_prepared_goes_on_to_the_writer(void **state)
{
    (void)state;
    assert_int_equal(queue_begin(), ERR_OK);
    Ask *right = ask_call("tiny_login", NULL, "{\"name\":\"wang\"}");
    Ask *wrong = ask_call("tiny_login", NULL, "{\"name\":\"wrong\"}");
    ask_put(right);
    ask_put(wrong);
    answers_wait(2);
    queue_end();
    assert_int_equal(right->job.reply.status, 201);
    assert_non_null(strstr(right->job.reply.body, "prepared wang"));
    assert_string_equal(right->job.reply.session, "secret");
    assert_int_equal(wrong->job.reply.status, 401);
    asks_drop();
}

/* ---- work, full queues, stopping ---- */

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static Err work_wait(Job *job)
{
    TRY(db_begin(job->cx));
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    return db_commit(job->cx);
}

static Err work_refuse(Job *job)
{
    return err_set(job->cx, ERR_STATE, NULL, "Not now.");
}

static void a_full_queue_refuses_at_once(void **state)
{
    (void)state;
    assert_int_equal(queue_begin(), ERR_OK);
    Ask *work = ask_new(NULL);
    work->job.work = work_wait;
    pthread_mutex_lock(&gate);
    ask_put(work);
    size_t taken = 0;
    Err refusal = ERR_OK;
    while (refusal == ERR_OK) {
        Ask *ask = ask_call("tiny_find", "token-wang", "{}");
        ask->job.work = work_refuse;
        refusal = queue_put(queue, &ask->job);
        taken += refusal == ERR_OK;
    }
    assert_int_equal(refusal, ERR_BUSY);
    assert_in_range(taken, LIMIT_QUEUE_WRITES - 1, LIMIT_QUEUE_WRITES);
    pthread_mutex_unlock(&gate);
    answers_wait((int64_t)taken + 1);
    queue_end();
    assert_int_equal(work->cx.err.code, ERR_OK);
    assert_int_equal(asks[1].cx.err.code, ERR_STATE);
    asks_drop();
}

static Err admit_when_open(Job *job)
{
    (void)job;
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    return ERR_OK;
}

static Err admit_nobody(Job *job)
{
    return err_set(job->cx, ERR_THROTTLED, NULL, "not now");
}

static void what_is_slow_to_prepare_waits_in_a_short_line(void **state)
{
    (void)state;
    assert_int_equal(queue_begin(), ERR_OK);
    pthread_mutex_lock(&gate);
    size_t taken = 0;
    Err refusal = ERR_OK;
    while (refusal == ERR_OK) {
        Ask *ask = ask_call("tiny_login", NULL, "{\"name\":\"wang\"}");
        ask->job.admit = admit_when_open;
        refusal = queue_put(queue, &ask->job);
        taken += refusal == ERR_OK;
    }
    assert_int_equal(refusal, ERR_BUSY);
    assert_in_range(taken, LIMIT_QUEUE_SLOW, LIMIT_QUEUE_SLOW + 1);
    Ask *other = ask_note("beside", 0, "");
    ask_put(other);
    answers_wait(1); /* other writes do not wait behind them */
    pthread_mutex_unlock(&gate);
    answers_wait((int64_t)taken + 1);
    Ask *barred = ask_call("tiny_login", NULL, "{\"name\":\"wang\"}");
    barred->job.admit = admit_nobody;
    ask_put(barred);
    answers_wait((int64_t)taken + 2);
    queue_end();
    assert_int_equal(other->place, 1);
    assert_int_equal(other->job.reply.status, 201);
    assert_int_equal(asks[0].job.reply.status, 201);
    assert_int_equal(barred->job.reply.status, 429);
    asks_drop();
}

static void stopping_answers_what_was_taken(void **state)
{
    (void)state;
    assert_int_equal(queue_begin(), ERR_OK);
    enum { COUNT_NOTES = 200 };
    for (int i = 0; i < COUNT_NOTES; i++) {
        ask_put(ask_note("stop", i, ""));
    }
    Ask *login = ask_call("tiny_login", NULL, "{\"name\":\"late\"}");
    ask_put(login);
    queue_stop(queue);
    assert_int_equal(answers, COUNT_NOTES + 1);
    Ask *after = ask_note("stop", COUNT_NOTES, "");
    assert_int_equal(queue_put(queue, &after->job), ERR_BUSY);
    queue_end();
    for (int i = 0; i < COUNT_NOTES; i++) {
        assert_int_equal(asks[i].job.reply.status, 201);
    }
    assert_int_equal(login->job.reply.status, 201);
    assert_true(is_stored("stop-199"));
    asks_drop();
}

/* ---- the disk fails ---- */

enum { FAULT_NOTES = 6, FAULT_ROUNDS = 16 };

typedef struct FaultCase {
    const char *spec; /* op and kind, with a place for n; with + all after it fail too */
} FaultCase;

static const FaultCase fault_cases[] = {
    {"write:%d:full"},
    {"write:%d:full+"},
    {"write:%d:io"},
    {"write:%d:short"},
    {"sync:%d:io"},
    {"sync:%d:io+"},
};

/* Answered is stored; refused as nothing changed is not; lost may be either. */
static void answers_check(const FaultCase *row, const char *prefix)
{
    for (int i = 0; i < FAULT_NOTES; i++) {
        const Reply *reply = &asks[i].job.reply;
        const char *name = arena_printf(place.arena, "%s-%d", prefix, i);
        bool is_lost = reply->status == 503 && strstr(reply->body, "ERR_READ_ONLY") != NULL;
        CHECK_ROW(row->spec, reply->status == 201 || reply->status == 503);
        CHECK_ROW(row->spec, is_lost || is_stored(name) == (reply->status == 201));
    }
}

/* What came about over all rounds, so that the test knows that it tested something. */
static int64_t rounds_retried;
static int64_t rounds_lost;

static void fault_round(const FaultCase *row, int n)
{
    const char *prefix = arena_printf(place.arena, "f%zd.%d", row - fault_cases, n);
    Buf spec = buf_in(place.arena);
    const char *number = strstr(row->spec, "%d");
    buf_add(&spec, row->spec, (size_t)(number - row->spec));
    buf_printf(&spec, "%d%s#%s", n, number + 2, prefix);
    setenv("GUANXI_FAULT", buf_text(&spec), 1);
    Err refusal = queue_begin();
    if (refusal == ERR_OK) {
        for (int i = 0; i < FAULT_NOTES; i++) {
            ask_put(ask_note(prefix, i, ""));
        }
        answers_wait(FAULT_NOTES);
        QueueFigures figures = queue_figures(queue);
        rounds_retried += figures.retried > 0;
        rounds_lost += figures.is_read_only;
        unsetenv("GUANXI_FAULT");
        queue_end();
        answers_check(row, prefix);
    } else {
        err_clear(&place.cx);
        unsetenv("GUANXI_FAULT");
        const DbOptions options = {.mode = DB_WRITE};
        CHECK_ROW(row->spec, db_open(&place.cx, place.path, &options, &place.cx.db) == ERR_OK);
    }
    asks_drop();
}

static void a_failing_disk_loses_nothing_that_was_answered(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(fault_cases); i++) {
        for (int n = 1; n <= FAULT_ROUNDS; n++) {
            fault_round(&fault_cases[i], n);
        }
    }
    assert_true(rounds_retried > 0);
    assert_true(rounds_lost > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_share_a_batch_and_keep_their_order),
        cmocka_unit_test(an_unknown_token_concerns_nobody_else),
        cmocka_unit_test(reads_run_on_a_reader),
        cmocka_unit_test(the_use_of_a_session_is_written_down),
        cmocka_unit_test(what_is_prepared_goes_on_to_the_writer),
        cmocka_unit_test(a_full_queue_refuses_at_once),
        cmocka_unit_test(what_is_slow_to_prepare_waits_in_a_short_line),
        cmocka_unit_test(stopping_answers_what_was_taken),
        cmocka_unit_test(a_failing_disk_loses_nothing_that_was_answered),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
