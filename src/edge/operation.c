/* An operation that is asked for over HTTP: from address,
 * headers and body to a job for the queue. */
#include "edge/visit.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/money.h"
#include "base/os.h"
#include "edge/target.h"

#include <string.h>
#include <strings.h>

enum { ATTEMPTS_NAME = 5, ATTEMPTS_ADDRESS = 30, KEY_MAX = 255 };

/* The method of the request; false when it is none of ours. HEAD is GET whose body is not sent. */
static bool method_parse(const char *text, Method *ret_method)
{
    for (int m = 0; m < METHOD_COUNT; m++) {
        if (strcmp(text, method_names[m]) == 0) {
            *ret_method = (Method)m;
            return true;
        }
    }
    *ret_method = METHOD_GET;
    return strcmp(text, "HEAD") == 0;
}

static bool is_body_method(Method method)
{
    return method == METHOD_POST || method == METHOD_PUT || method == METHOD_PATCH;
}

/* "7" or W/"7", the version of an ETag. */
static Err if_match_read(Visit *visit)
{
    const char *text = http_header(visit->request, "If-Match");
    if (text == NULL || strcmp(text, "*") == 0) {
        return ERR_OK;
    }
    text += strncmp(text, "W/", 2) == 0 ? 2 : 0;
    int64_t version = 0;
    size_t length = strlen(text);
    bool is_quoted = length > 2 && text[0] == '"' && text[length - 1] == '"';
    const char *number = is_quoted ? arena_copy(visit->cx.arena, text + 1, length - 2) : "";
    if (!integer_parse(number, &version) || version <= 0) {
        return err_set(
            &visit->cx, ERR_USAGE, "If-Match", "Give the ETag as it was answered, e.g. \"3\".");
    }
    visit->job.call.if_match = version;
    return ERR_OK;
}

/* Asked for as server-sent events, and behind which of them. */
static Err events_read(Visit *visit)
{
    if (!visit->job.call.op->waits) {
        return ERR_OK;
    }
    const char *accept = http_header(visit->request, "Accept");
    const char *last = http_header(visit->request, "Last-Event-ID");
    visit->is_events = accept != NULL && strstr(accept, "text/event-stream") != NULL;
    int64_t carried = 0;
    if (last != NULL && (!integer_parse(last, &carried) || carried <= 0)) {
        return err_set(
            &visit->cx, ERR_USAGE, "Last-Event-ID", "Give the id of an event as it came.");
    }
    visit->job.call.carried = carried;
    return ERR_OK;
}

static Err key_read(Visit *visit)
{
    const char *text = http_header(visit->request, "Idempotency-Key");
    if (text == NULL || visit->job.call.op->effect == EFFECT_READ) {
        return ERR_OK;
    }
    size_t length = strlen(text);
    if (length == 0 || length > KEY_MAX || !utf8_is_valid(text, length)) {
        return err_set(&visit->cx, ERR_FIELD_INVALID, "Idempotency-Key",
            "Give 1 to %d bytes of text.", KEY_MAX);
    }
    visit->job.call.key = arena_str(visit->cx.arena, text);
    return ERR_OK;
}

/* Content-Type without a charset, or with ours. */
static bool charset_is_ours(const char *type)
{
    const char *given = strcasestr(type, "charset=");
    if (given == NULL) {
        return true;
    }
    given += strlen("charset=");
    given += *given == '"' ? 1 : 0;
    size_t length = strcspn(given, "\"; \t");
    return (length == 5 && strncasecmp(given, "utf-8", 5) == 0) ||
           (length == 4 && strncasecmp(given, "utf8", 4) == 0);
}

static bool has_body(const HttpRequest *request)
{
    const char *length = http_header(request, "Content-Length");
    return http_header(request, "Transfer-Encoding") != NULL ||
           (length != NULL && strcmp(length, "0") != 0);
}

static Err media_check(Visit *visit)
{
    const HttpRequest *request = visit->request;
    static const char json[] = "application/json";
    if (!has_body(request)) {
        return ERR_OK;
    }
    const char *type = http_header(request, "Content-Type");
    size_t size = type == NULL ? 0 : strcspn(type, "; \t");
    if (size != sizeof json - 1 || strncasecmp(type, json, size) != 0) {
        return err_set(&visit->cx, ERR_MEDIA_TYPE, NULL, "Send Content-Type: application/json.");
    }
    if (!charset_is_ours(type + size)) {
        return err_set(&visit->cx, ERR_MEDIA_TYPE, NULL, "Send the JSON in UTF-8.");
    }
    const char *coding = http_header(request, "Content-Encoding");
    if (coding != NULL && strcasecmp(coding, "identity") != 0) {
        return err_set(&visit->cx, ERR_MEDIA_TYPE, NULL,
            "Send the body as it is, without Content-Encoding: nothing is unpacked here.");
    }
    return ERR_OK;
}

static Err operation_find(Visit *visit, const char *path)
{
    HttpRequest *request = visit->request;
    Method method;
    bool is_known = method_parse(request->method, &method);
    visit->match = route_find(visit->door->routes, visit->cx.arena, path, method);
    if (visit->match.methods == 0) {
        return err_set(&visit->cx, ERR_NOT_FOUND, NULL,
            "There is nothing at %s; /api/v1/openapi.json lists what there is.", visit->path);
    }
    if (!is_known || visit->match.op == NULL) {
        return reply_method(visit, visit->match.methods);
    }
    visit->job.call.op = visit->match.op;
    visit->job.call.is_late = true; /* the writer does not wait for the text of a reply */
    return ERR_OK;
}

/* Token or secret of the session; NULL: neither. */
static const char *credential_of(const Caller *caller)
{
    return caller->token != NULL ? caller->token : caller->session;
}

/* Programs on this machine are its operator's own. */
static bool is_paced(const Visit *visit)
{
    return visit->door->pace != NULL && !visit->caller.is_direct;
}

static Err pace_check(Visit *visit)
{
    if (!is_paced(visit)) {
        return ERR_OK;
    }
    visit->wait_s = pace_wait_s(
        visit->door->pace, credential_of(&visit->caller), visit->caller.address, os_monotonic_us());
    return visit->wait_s == 0 ? ERR_OK
                              : err_set(&visit->cx, ERR_THROTTLED, NULL,
                                    "More than %d requests in a second; go on more slowly.",
                                    visit->door->options.requests_per_second);
}

/* Whoever was let in counts by what it was let in with. */
static void pace_end(Visit *visit)
{
    int status = visit->job.reply.status;
    bool is_let_in = status < 500 && status != 401 && status != 429;
    if (is_paced(visit) && is_let_in && credential_of(&visit->caller) != NULL) {
        pace_know(visit->door->pace, credential_of(&visit->caller), os_monotonic_us());
    }
}

/* Without any, nothing is asked of the writer. */
static Err credentials_check(Visit *visit)
{
    const Caller *caller = &visit->caller;
    bool has_some = caller->is_local || caller->token != NULL || caller->session != NULL;
    if (!has_some && !visit->job.call.op->is_anonymous) {
        return err_set(&visit->cx, ERR_UNAUTHENTICATED, NULL, "Sign in, or send a bearer token.");
    }
    return ERR_OK;
}

Err operation_caller(Visit *visit, bool is_unsafe)
{
    TRY(caller_read(
        &visit->cx, visit->request, visit->door->options.local_token, is_unsafe, &visit->caller));
    return pace_check(visit);
}

Err operation_begin(Visit *visit, const char *path, HttpNext *ret_next)
{
    HttpRequest *request = visit->request;
    TRY(operation_find(visit, path));
    const Op *op = visit->job.call.op;
    bool is_unsafe = op->method != METHOD_GET;
    TRY(operation_caller(visit, is_unsafe));
    TRY(credentials_check(visit));
    TRY(key_read(visit));
    TRY(if_match_read(visit));
    TRY(events_read(visit));
    if (is_body_method(op->method)) {
        TRY(media_check(visit));
        request->body_max = op->body_max == 0 ? LIMIT_BODY_BYTES : op->body_max;
    }
    *ret_next = HTTP_BODY;
    return ERR_OK;
}

static Err members_read(Visit *visit)
{
    Ctx *cx = &visit->cx;
    HttpRequest *request = visit->request;
    bool is_body = is_body_method(visit->job.call.op->method);
    if (request->body_size > 0) {
        TRY(json_read(cx, request->body, request->body_size, &visit->members));
    } else {
        visit->members = json_object();
    }
    if (!json_is_object(visit->members)) {
        return err_set(cx, ERR_MALFORMED, NULL, "Send an object: { \"name\": value, … }.");
    }
    if (is_body && *visit->query != '\0') {
        return err_set(cx, ERR_USAGE, NULL, "Send members in the body, not after a question mark.");
    }
    TRY(target_query(cx, visit->query, visit->members));
    TRY(target_path(cx, &visit->match, visit->members));
    visit->job.call.members = visit->members;
    visit->job.call.is_query = !is_body;
    return ERR_OK;
}

static Err attempt_by(Visit *visit, const char *key, int free)
{
    return throttle_attempt(&visit->cx, visit->door->throttle, key, free, &visit->wait_s);
}

static Err attempt_by_name(Visit *visit, const char *name)
{
    visit->name_key = arena_printf(visit->cx.arena, "name %s", name);
    return attempt_by(visit, visit->name_key, ATTEMPTS_NAME);
}

/* Who signs in is counted by name and by address, before anything is looked up. */
static Err attempt_count(Visit *visit)
{
    const Op *op = visit->job.call.op;
    const char *name = json_string_value(json_object_get(visit->members, "name"));
    if (!op->asks_password || !op->is_anonymous || name == NULL) {
        return ERR_OK;
    }
    TRY(attempt_by_name(visit, name));
    if (visit->caller.is_direct) {
        return ERR_OK;
    }
    visit->address_key = arena_printf(visit->cx.arena, "address %s", visit->caller.address);
    return attempt_by(visit, visit->address_key, ATTEMPTS_ADDRESS);
}

/* Who is signed in and gives a password again is counted by the same name: a stolen session or
 * token shall not be the way to guess at it. */
static Err attempt_admit(Job *job)
{
    const Actor *actor = job->cx->actor;
    return actor->user_id == 0 ? ERR_OK : attempt_by_name(job->user, actor->name);
}

static void attempt_end(Visit *visit)
{
    if (visit->name_key == NULL || visit->job.reply.status >= 300) {
        return;
    }
    throttle_clear(visit->door->throttle, visit->name_key);
    if (visit->address_key != NULL) {
        throttle_take_back(visit->door->throttle, visit->address_key);
    }
}

/* On the thread that ran the job; from here on the request is the event thread's again. */
static void job_done(Job *job)
{
    const Visit *visit = job->user;
    if (job->reply.is_idle && await_add(visit->door->await, job, visit->request->began_us)) {
        return;
    }
    http_resume(visit->request);
}

static void job_fill(Visit *visit)
{
    Job *job = &visit->job;
    const Caller *caller = &visit->caller;
    const Op *op = job->call.op;
    visit->cx.today = caller->today;
    job->cx = &visit->cx;
    job->done = job_done;
    job->user = visit;
    if (op->is_anonymous) {
        return;
    }
    job->admit = op->asks_password ? attempt_admit : NULL;
    job->token = caller->token;
    job->session = caller->session;
    job->as = caller->as;
    visit->cx.actor = caller->is_local && caller->as == NULL ? &actor_system : NULL;
}

static void job_put(Visit *visit)
{
    if (queue_put(visit->door->options.queue, &visit->job) != ERR_OK) {
        run_problem(&visit->cx, &visit->job.reply);
        http_resume(visit->request);
    }
}

Err operation_send(Visit *visit)
{
    TRY(members_read(visit));
    TRY(attempt_count(visit));
    job_fill(visit);
    if (visit->job.call.op->effect != EFFECT_READ) {
        run_decode_ahead(&visit->cx, &visit->job.call); /* there is one writer, but several of us */
    }
    visit->mark = arena_mark(visit->cx.arena);
    http_suspend(visit->request);
    job_put(visit);
    return ERR_OK;
}

void operation_again(Job *job)
{
    Visit *visit = job->user;
    job->call.carried = job->reply.carried;
    arena_rewind(visit->cx.arena, visit->mark);
    job_put(visit);
}

void operation_let_go(Job *job)
{
    const Visit *visit = job->user;
    http_resume(visit->request);
}

void operation_answer(Visit *visit)
{
    attempt_end(visit);
    pace_end(visit);
    reply_operation(visit);
}
