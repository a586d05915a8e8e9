/* The threads of bulk commands, and the pipe between each and its request. */
#include "edge/local.h"

#include "base/limits.h"
#include "base/os.h"
#include "edge/lines.h"
#include "op/run.h"

#include <pthread.h>
#include <string.h>

enum {
    LOCALS_MAX = 5,
    PLACES_OWN = 1, /* the first of them: not for those that come over HTTP */
    INPUT_SIZE = 256 * 1024,
    LINE_ROOM = LIMIT_JOURNAL_LINE_BYTES + 1, /* one more shows that it is too long */
    ANSWER_MAX = 64 * 1024 * 1024,
    /* A command's own memory; it rewinds it line by line. */
    THREAD_ARENA_BYTES = 64 * 1024 * 1024,
};

struct LocalHall {
    Queue *queue;
    const char *url;
    pthread_mutex_t mutex; /* guards what follows and every Local of the hall */
    pthread_cond_t changes;
    Local *running[LOCALS_MAX]; /* NULL: free place */
    bool is_stopping;
};

struct Local {
    Arena *arena;
    LocalHall *hall;
    const LocalCommand *command;
    json_t *options;
    HttpRequest *request;
    Ctx cx;      /* of the thread */
    Db *read_db; /* opened by the first local_read */
    char *line;  /* the one given out */
    size_t line_length;
    Buf answer;
    int exit;
    int status;  /* of a refusal that is answered as a problem; 0: none */
    bool is_cut; /* more was said than fits */
    /* Under the hall's mutex: */
    char *input; /* what came and was not taken yet */
    size_t input_start;
    size_t input_end;
    bool is_input_ended;
    bool is_broken;    /* the input will not come to its end */
    bool is_suspended; /* the connection waits for us */
    bool is_finished;  /* the command has ended */
    bool is_gone;      /* so has the request */
};

LocalHall *local_hall_start(Arena *arena, Queue *queue, const char *url)
{
    LocalHall *hall = arena_alloc(arena, sizeof *hall);
    hall->queue = queue;
    hall->url = url;
    pthread_mutex_init(&hall->mutex, NULL);
    pthread_cond_init(&hall->changes, NULL);
    return hall;
}

static int hall_count(const LocalHall *hall)
{
    int count = 0;
    for (int i = 0; i < LOCALS_MAX; i++) {
        count += hall->running[i] != NULL;
    }
    return count;
}

void local_hall_stop(LocalHall *hall)
{
    pthread_mutex_lock(&hall->mutex);
    hall->is_stopping = true;
    for (int i = 0; i < LOCALS_MAX; i++) {
        if (hall->running[i] != NULL) {
            hall->running[i]->is_broken = true;
        }
    }
    pthread_cond_broadcast(&hall->changes);
    while (hall_count(hall) > 0) {
        pthread_cond_wait(&hall->changes, &hall->mutex);
    }
    pthread_mutex_unlock(&hall->mutex);
}

/* ---- the event thread's side ---- */

/* The caller holds the mutex. */
static void local_wake(Local *local)
{
    if (local->is_suspended && !local->is_gone) {
        local->is_suspended = false;
        http_resume(local->request);
    }
}

static size_t input_add(Local *local, const char *data, size_t size)
{
    size_t held = local->input_end - local->input_start;
    if (local->input_start > 0 && local->input_end + size > INPUT_SIZE) {
        memmove(local->input, local->input + local->input_start, held);
        local->input_start = 0;
        local->input_end = held;
    }
    size_t room = INPUT_SIZE - local->input_end;
    size_t taken = size < room ? size : room;
    memcpy(local->input + local->input_end, data, taken);
    local->input_end += taken;
    return taken;
}

size_t local_chunk(Local *local, const char *data, size_t size)
{
    pthread_mutex_lock(&local->hall->mutex);
    size_t taken = local->is_finished ? size : input_add(local, data, size);
    if (local->is_finished) {
        http_unheard(local->request);
    }
    if (taken < size) {
        local->is_suspended = true;
        http_suspend(local->request);
    }
    pthread_cond_broadcast(&local->hall->changes);
    pthread_mutex_unlock(&local->hall->mutex);
    return taken;
}

HttpNext local_whole(Local *local)
{
    pthread_mutex_lock(&local->hall->mutex);
    local->is_input_ended = true;
    bool is_finished = local->is_finished;
    if (!is_finished) {
        local->is_suspended = true;
        http_suspend(local->request);
    }
    pthread_cond_broadcast(&local->hall->changes);
    pthread_mutex_unlock(&local->hall->mutex);
    if (is_finished) {
        local_answer(local);
    }
    return is_finished ? HTTP_ANSWER : HTTP_WAIT;
}

void local_answer(Local *local)
{
    HttpRequest *request = local->request;
    request->reply.status = local->status == 0 ? 200 : local->status;
    request->reply.body = buf_text(&local->answer);
    request->reply.size = local->answer.length;
    http_reply_header(request, "Content-Type",
        local->status == 0 ? "text/plain; charset=utf-8" : "application/problem+json");
    http_reply_header(request, "Cache-Control", "no-store");
    http_reply_header(request, "Guanxi-Exit", arena_printf(request->arena, "%d", local->exit));
}

static void local_free(Local *local)
{
    db_close(local->read_db);
    json_decref(local->options);
    arena_free(local->cx.arena);
    arena_free(local->arena);
}

void local_end(Local *local)
{
    pthread_mutex_lock(&local->hall->mutex);
    local->is_gone = true;
    local->is_broken = true;
    bool is_finished = local->is_finished;
    pthread_cond_broadcast(&local->hall->changes);
    pthread_mutex_unlock(&local->hall->mutex);
    if (is_finished) {
        local_free(local);
    }
}

/* ---- the thread of the command ---- */

/* The caller holds the mutex. */
static void hall_leave(LocalHall *hall, const Local *local)
{
    for (int i = 0; i < LOCALS_MAX; i++) {
        hall->running[i] = hall->running[i] == local ? NULL : hall->running[i];
    }
    pthread_cond_broadcast(&hall->changes);
}

static void *local_main(void *argument)
{
    Local *local = argument;
    LocalHall *hall = local->hall;
    Ctx *cx = &local->cx;
    Err refusal = local->command->run(cx, local, &local->exit);
    if (refusal != ERR_OK && local->command->is_public && local->answer.length == 0) {
        Reply problem;
        run_problem(cx, &problem);
        local->status = problem.status;
        buf_str(&local->answer, problem.body);
    } else if (refusal != ERR_OK) {
        local->exit = err_exit_code(refusal);
        const char *field = cx->err.field;
        buf_printf(&local->answer, "%s%s%s: %s\n", err_name(refusal), field == NULL ? "" : " ",
            field == NULL ? "" : field, cx->err.detail);
    }
    if (local->is_cut) {
        /* Who reads the end must not take what came for all. */
        local->exit =
            err_exit_code(ERR_TOO_LARGE) > local->exit ? err_exit_code(ERR_TOO_LARGE) : local->exit;
        buf_printf(&local->answer,
            "%s: There is more to say than one answer holds; the rest was left out.\n",
            err_name(ERR_TOO_LARGE));
    }
    pthread_mutex_lock(&hall->mutex);
    local->is_finished = true;
    bool is_gone = local->is_gone;
    local_wake(local);
    hall_leave(hall, local);
    pthread_mutex_unlock(&hall->mutex);
    if (is_gone) {
        local_free(local);
    }
    return NULL;
}

/* However many imports come over HTTP and do not end, there is a place for who runs the server. */
static bool hall_enter(LocalHall *hall, Local *local)
{
    bool is_in = false;
    int first = local->command->is_public ? PLACES_OWN : 0;
    pthread_mutex_lock(&hall->mutex);
    for (int i = first; i < LOCALS_MAX && !is_in && !hall->is_stopping; i++) {
        if (hall->running[i] == NULL) {
            hall->running[i] = local;
            is_in = true;
        }
    }
    pthread_mutex_unlock(&hall->mutex);
    return is_in;
}

static Local *local_new(const Ctx *cx, LocalHall *hall)
{
    Arena *arena = arena_new(ANSWER_MAX);
    Local *local = arena_alloc(arena, sizeof *local);
    local->arena = arena;
    local->hall = hall;
    local->input = arena_alloc(arena, INPUT_SIZE);
    local->line = arena_alloc(arena, LINE_ROOM + 1);
    local->answer = buf_in(arena);
    local->cx = *cx;
    local->cx.arena = arena_new(THREAD_ARENA_BYTES);
    if (local->cx.today == DATE_NONE) {
        local->cx.today = queue_today(hall->queue, cx->now_ms);
    }
    local->cx.request_id = arena_str(local->cx.arena, cx->request_id);
    return local;
}

Err local_start(Ctx *cx,
    LocalHall *hall,
    const LocalCommand *command,
    const json_t *options,
    HttpRequest *request,
    Local **ret_local)
{
    Local *local = local_new(cx, hall);
    local->command = command;
    local->options = json_deep_copy(options); /* counts of references are no thread's but one */
    local->request = request;
    pthread_t thread;
    if (!hall_enter(hall, local)) {
        local_free(local);
        return err_set(
            cx, ERR_BUSY, NULL, "Other commands of this kind run already; try again later.");
    }
    if (pthread_create(&thread, NULL, local_main, local) != 0) {
        pthread_mutex_lock(&hall->mutex);
        hall_leave(hall, local);
        pthread_mutex_unlock(&hall->mutex);
        local_free(local);
        return err_set(cx, ERR_INTERNAL, NULL, "The system gave no thread.");
    }
    pthread_detach(thread);
    *ret_local = local;
    return ERR_OK;
}

/* ---- what commands call ---- */

/* Moves what is there of the line into local->line; true when it is whole. The caller holds the
 * mutex. */
static bool line_take(Local *local)
{
    const char *from = local->input + local->input_start;
    size_t held = local->input_end - local->input_start;
    const char *stop = memchr(from, '\n', held);
    size_t length = stop == NULL ? held : (size_t)(stop - from);
    size_t room = LINE_ROOM - local->line_length;
    size_t kept = length < room ? length : room;
    memcpy(local->line + local->line_length, from, kept);
    local->line_length += kept;
    local->input_start += kept + (kept == length && stop != NULL ? 1 : 0);
    if (!local->is_input_ended) {
        local_wake(local); /* there is room again */
    }
    return stop != NULL || kept < length || (local->is_input_ended && local->line_length > 0);
}

Err local_line(Ctx *cx, Local *local, const char **ret_line, size_t *ret_length)
{
    LocalHall *hall = local->hall;
    local->line_length = 0;
    pthread_mutex_lock(&hall->mutex);
    bool is_whole = line_take(local);
    while (!is_whole && !local->is_input_ended && !local->is_broken) {
        pthread_cond_wait(&hall->changes, &hall->mutex);
        is_whole = line_take(local);
    }
    bool is_broken = local->is_broken;
    pthread_mutex_unlock(&hall->mutex);
    if (!is_whole && is_broken) {
        return err_set(cx, ERR_BUSY, NULL, "The connection broke off, or the server stops.");
    }
    if (local->line_length > LIMIT_JOURNAL_LINE_BYTES) {
        return line_too_long(cx);
    }
    local->line_length = line_end(local->line, local->line_length);
    *ret_line = is_whole ? local->line : NULL;
    *ret_length = local->line_length;
    return ERR_OK;
}

bool local_has_line(Local *local)
{
    pthread_mutex_lock(&local->hall->mutex);
    const char *from = local->input + local->input_start;
    size_t held = local->input_end - local->input_start;
    bool has = local->is_input_ended || local->is_broken || memchr(from, '\n', held) != NULL;
    pthread_mutex_unlock(&local->hall->mutex);
    return has;
}

void local_say(Local *local, const char *text, size_t length)
{
    if (local->answer.length + length < ANSWER_MAX / 4) {
        buf_add(&local->answer, text, length);
    } else {
        local->is_cut = true;
    }
}

const char *local_option(const Local *local, const char *name)
{
    return json_string_value(json_object_get(local->options, name));
}

const char *local_url(const Local *local)
{
    return local->hall->url;
}

/* A slice waits for the writer here. */
typedef struct Slice {
    Job job;
    Err (*work)(Ctx *cx, void *user);
    void *user;
    pthread_mutex_t mutex;
    pthread_cond_t ends;
    Err refusal;
    bool is_done;
} Slice;

static Err slice_work(Job *job)
{
    Slice *slice = job->user;
    slice->refusal = slice->work(job->cx, slice->user);
    return slice->refusal;
}

static void slice_done(Job *job)
{
    Slice *slice = job->user;
    pthread_mutex_lock(&slice->mutex);
    slice->is_done = true;
    pthread_cond_signal(&slice->ends);
    pthread_mutex_unlock(&slice->mutex);
}

static Err hall_check(Ctx *cx, LocalHall *hall)
{
    pthread_mutex_lock(&hall->mutex);
    bool is_stopping = hall->is_stopping;
    pthread_mutex_unlock(&hall->mutex);
    if (is_stopping) {
        return err_set(cx, ERR_BUSY, NULL, "The server stops; what is committed stays.");
    }
    return ERR_OK;
}

Err local_write(Ctx *cx, Local *local, Err (*work)(Ctx *cx, void *user), void *user)
{
    TRY(hall_check(cx, local->hall));
    Slice slice = {.work = work, .user = user};
    slice.job = (Job){.cx = cx, .work = slice_work, .done = slice_done, .user = &slice};
    pthread_mutex_init(&slice.mutex, NULL);
    pthread_cond_init(&slice.ends, NULL);
    Err refusal = queue_put(local->hall->queue, &slice.job);
    if (refusal == ERR_OK) {
        pthread_mutex_lock(&slice.mutex);
        while (!slice.is_done) {
            pthread_cond_wait(&slice.ends, &slice.mutex);
        }
        pthread_mutex_unlock(&slice.mutex);
        refusal = cx->err.code;
    }
    pthread_mutex_destroy(&slice.mutex);
    pthread_cond_destroy(&slice.ends);
    return refusal;
}

Err local_read(Ctx *cx, Local *local, Err (*work)(Ctx *cx, void *user), void *user)
{
    if (local->read_db != NULL && db_is_gone(local->read_db)) {
        db_close(local->read_db);
        local->read_db = NULL;
    }
    if (local->read_db == NULL) {
        DbOptions how = {.mode = DB_READ, .grace = queue_grace(local->hall->queue)};
        TRY(db_open(cx, local->hall->url, &how, &local->read_db));
    }
    cx->db = local->read_db;
    Err refusal = work(cx, user);
    cx->db = NULL;
    return refusal;
}
