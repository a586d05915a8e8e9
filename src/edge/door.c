#include "edge/door.h"

#include "base/crypto.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/money.h"
#include "base/os.h"
#include "edge/caller.h"
#include "edge/local.h"
#include "edge/metrics.h"
#include "edge/route.h"
#include "edge/static.h"
#include "edge/target.h"
#include "edge/throttle.h"
#include "op/describe.h"

#include <string.h>
#include <strings.h>

enum { ATTEMPTS_NAME = 5, ATTEMPTS_ADDRESS = 30, KEY_MAX = 255 };

static const char api_prefix[] = "/api/v1";
static const char local_prefix[] = "/local/";

struct Door {
    DoorOptions options;
    const Route *routes;
    Static *files;
    Throttle *throttle;
    LocalHall *hall;
    Metrics metrics;
    Buf openapi;
    uint32_t id_prefix;
    _Atomic uint32_t id_next;
    _Atomic bool is_closed;
};

/* One request while it is at the door. */
typedef struct Visit {
    Ctx cx;
    Job job;
    Door *door;
    HttpRequest *request;
    const char *path;
    const char *query;
    bool is_head;
    RouteMatch match;
    Caller caller;
    json_t *members;
    const char *name_key; /* of the throttle; NULL: not counted */
    const char *address_key;
    Local *local;
} Visit;

/* ---- replies ---- */

static void reply_text(HttpRequest *request, int status, const char *type, const char *text)
{
    request->reply.status = status;
    request->reply.body = text;
    request->reply.size = strlen(text);
    http_reply_header(request, "Content-Type", type);
}

static void reply_headers(Visit *visit)
{
    HttpRequest *request = visit->request;
    http_reply_header(request, "Request-Id", visit->cx.request_id);
    http_reply_header(request, "X-Content-Type-Options", "nosniff");
    http_reply_header(request, "Referrer-Policy", "no-referrer");
    if (visit->caller.is_secure) {
        http_reply_header(request, "Strict-Transport-Security", "max-age=31536000");
    }
}

/* What operations answer, and every problem. */
static void reply_json(Visit *visit, const Reply *reply)
{
    HttpRequest *request = visit->request;
    bool is_problem = reply->status >= 400;
    reply_text(request, reply->status,
        is_problem ? "application/problem+json" : "application/json", reply->body);
    http_reply_header(request, "Cache-Control", "no-store");
    http_reply_header(
        request, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (reply->status == 401) {
        http_reply_header(request, "WWW-Authenticate", "Bearer");
    }
    if (reply->status == 503 && err_is_retryable(visit->cx.err.code)) {
        http_reply_header(request, "Retry-After", "1");
    }
    reply_headers(visit);
}

/* cx->err becomes the reply. */
static void reply_refusal(Visit *visit)
{
    Reply reply = {0};
    run_problem(&visit->cx, &reply);
    reply_json(visit, &reply);
}

static void reply_operation(Visit *visit)
{
    const Reply *reply = &visit->job.reply;
    HttpRequest *request = visit->request;
    reply_json(visit, reply);
    if (reply->version != 0) {
        http_reply_header(
            request, "ETag", arena_printf(request->arena, "\"%lld\"", (long long)reply->version));
    }
    if (reply->is_repeat) {
        http_reply_header(request, "Idempotent-Replayed", "true");
    }
    if (reply->session != NULL) {
        http_reply_header(request, "Set-Cookie",
            caller_cookie(
                request->arena, &visit->caller, reply->session, reply->session_max_age_s));
    }
    if (reply->status == 500) {
        log_line(LOG_ERROR, "%s %s %s: %s", visit->cx.request_id, request->method, visit->path,
            visit->cx.err.detail == NULL ? "" : visit->cx.err.detail);
    }
}

/* ---- an operation is asked for ---- */

static Err method_refuse(Visit *visit, unsigned methods)
{
    Buf allow = buf_in(visit->cx.arena);
    for (int m = 0; m < METHOD_COUNT; m++) {
        if ((methods & 1u << m) != 0) {
            buf_printf(&allow, "%s, %s", method_names[m], m == METHOD_GET ? "HEAD, " : "");
        }
    }
    buf_str(&allow, "OPTIONS");
    http_reply_header(visit->request, "Allow", buf_text(&allow));
    return err_set(&visit->cx, ERR_METHOD, NULL, "Here one can %s.", buf_text(&allow));
}

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

static Err media_check(Visit *visit)
{
    const HttpRequest *request = visit->request;
    const char *length = http_header(request, "Content-Length");
    bool has_body = http_header(request, "Transfer-Encoding") != NULL ||
        (length != NULL && strcmp(length, "0") != 0);
    const char *type = http_header(request, "Content-Type");
    static const char json[] = "application/json";
    if (!has_body) {
        return ERR_OK;
    }
    size_t size = type == NULL ? 0 : strcspn(type, "; ");
    if (size != sizeof json - 1 || strncasecmp(type, json, size) != 0) {
        return err_set(&visit->cx, ERR_MEDIA_TYPE, NULL, "Send Content-Type: application/json.");
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
        return method_refuse(visit, visit->match.methods);
    }
    visit->job.call.op = visit->match.op;
    return ERR_OK;
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

static Err operation_begin(Visit *visit, const char *path, HttpNext *ret_next)
{
    HttpRequest *request = visit->request;
    TRY(operation_find(visit, path));
    const Op *op = visit->job.call.op;
    bool is_unsafe = op->method != METHOD_GET;
    TRY(caller_read(
        &visit->cx, request, visit->door->options.local_token, is_unsafe, &visit->caller));
    TRY(credentials_check(visit));
    TRY(key_read(visit));
    TRY(if_match_read(visit));
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

/* Who signs in is counted by name and by address, before anything is looked up. */
static Err attempt_count(Visit *visit)
{
    const Op *op = visit->job.call.op;
    Ctx *cx = &visit->cx;
    const char *name = json_string_value(json_object_get(visit->members, "name"));
    if (!op->is_anonymous || op->effect == EFFECT_READ || name == NULL) {
        return ERR_OK;
    }
    int64_t wait_s = 0;
    visit->name_key = arena_printf(cx->arena, "name %s", name);
    Err refusal =
        throttle_attempt(cx, visit->door->throttle, visit->name_key, ATTEMPTS_NAME, &wait_s);
    if (refusal == ERR_OK && !visit->caller.is_direct) {
        visit->address_key = arena_printf(cx->arena, "address %s", visit->request->address);
        refusal = throttle_attempt(
            cx, visit->door->throttle, visit->address_key, ATTEMPTS_ADDRESS, &wait_s);
    }
    if (refusal != ERR_OK) {
        http_reply_header(visit->request, "Retry-After",
            arena_printf(cx->arena, "%lld", (long long)wait_s));
    }
    return refusal;
}

static void attempt_end(Visit *visit)
{
    if (visit->name_key == NULL || visit->job.reply.status >= 300) {
        return;
    }
    throttle_clear(visit->door->throttle, visit->name_key);
    if (visit->address_key != NULL) {
        throttle_clear(visit->door->throttle, visit->address_key);
    }
}

/* On the thread that ran the job; from here on the request is the event thread's again. */
static void job_done(Job *job)
{
    const Visit *visit = job->user;
    http_resume(visit->request);
}

static void job_fill(Visit *visit)
{
    Job *job = &visit->job;
    const Caller *caller = &visit->caller;
    visit->cx.today = caller->today;
    job->cx = &visit->cx;
    job->done = job_done;
    job->user = visit;
    if (job->call.op->is_anonymous) {
        return;
    }
    job->token = caller->token;
    job->session = caller->session;
    job->as = caller->as;
    visit->cx.actor = caller->is_local && caller->as == NULL ? &actor_system : NULL;
}

static Err operation_send(Visit *visit)
{
    TRY(members_read(visit));
    TRY(attempt_count(visit));
    job_fill(visit);
    http_suspend(visit->request);
    if (queue_put(visit->door->options.queue, &visit->job) != ERR_OK) {
        run_problem(&visit->cx, &visit->job.reply);
        http_resume(visit->request);
    }
    return ERR_OK;
}

/* ---- what is no operation ---- */

static Err local_begin(Visit *visit, HttpNext *ret_next)
{
    Ctx *cx = &visit->cx;
    Door *door = visit->door;
    HttpRequest *request = visit->request;
    const char *name = visit->path + sizeof local_prefix - 1;
    const LocalCommand *command = door->options.local;
    while (command != NULL && command->name != NULL && strcmp(command->name, name) != 0) {
        command++;
    }
    if (!caller_is_local(request, door->options.local_token) || command == NULL ||
        command->name == NULL) {
        return err_set(cx, ERR_NOT_FOUND, NULL, "There is nothing at %s.", visit->path);
    }
    if (strcmp(request->method, "POST") != 0) {
        return method_refuse(visit, 1u << METHOD_POST);
    }
    TRY(caller_read(cx, request, door->options.local_token, true, &visit->caller));
    visit->members = json_object();
    TRY(target_query(cx, visit->query, visit->members));
    cx->today = visit->caller.today;
    cx->actor = &actor_system;
    TRY(local_start(cx, door->hall, command, visit->members, request, &visit->local));
    *ret_next = HTTP_STREAM;
    return ERR_OK;
}

static void ready_answer(Visit *visit)
{
    QueueFigures figures = queue_figures(visit->door->options.queue);
    bool is_closed = visit->door->is_closed;
    const char *text = figures.is_read_only ? "{\"status\":\"read_only\"}\n"
        : is_closed                         ? "{\"status\":\"stopping\"}\n"
                                            : "{\"status\":\"ready\"}\n";
    bool is_ready = !figures.is_read_only && !is_closed;
    reply_text(visit->request, is_ready ? 200 : 503, "application/json", text);
}

static Err metrics_answer(Visit *visit)
{
    Door *door = visit->door;
    TRY(caller_read(
        &visit->cx, visit->request, door->options.local_token, false, &visit->caller));
    if (!visit->caller.is_direct && !visit->caller.is_local) {
        return err_set(&visit->cx, ERR_NOT_FOUND, NULL, "The figures are for this machine alone.");
    }
    const Httpd *httpd = *door->options.httpd;
    MetricsGauges gauges = {.queue = queue_figures(door->options.queue),
        .connections = httpd_connections(httpd),
        .active = httpd_active(httpd)};
    Buf out = buf_in(visit->cx.arena);
    metrics_write(&door->metrics, &gauges, &out);
    reply_text(visit->request, 200, "text/plain; version=0.0.4; charset=utf-8", buf_text(&out));
    return ERR_OK;
}

static Err page_answer(Visit *visit)
{
    const char *path;
    TRY(target_decode(&visit->cx, NULL, visit->path, false, &path));
    if (!static_answer(visit->door->files, visit->request, path)) {
        return err_set(&visit->cx, ERR_NOT_FOUND, NULL, "There is nothing at %s.", path);
    }
    reply_headers(visit);
    return ERR_OK;
}

/* GET of addresses outside of the base path. */
static Err other_answer(Visit *visit)
{
    bool is_get = strcmp(visit->request->method, "GET") == 0 ||
        strcmp(visit->request->method, "HEAD") == 0;
    if (!is_get) {
        return method_refuse(visit, 1u << METHOD_GET);
    }
    if (strcmp(visit->path, "/livez") == 0) {
        reply_text(visit->request, 200, "application/json", "{\"status\":\"live\"}\n");
    } else if (strcmp(visit->path, "/readyz") == 0) {
        ready_answer(visit);
    } else if (strcmp(visit->path, "/metrics") == 0) {
        TRY(metrics_answer(visit));
    } else {
        return page_answer(visit);
    }
    http_reply_header(visit->request, "Cache-Control", "no-store");
    reply_headers(visit);
    return ERR_OK;
}

static void options_answer(Visit *visit)
{
    visit->request->reply.status = 204;
    http_reply_header(visit->request, "Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    reply_headers(visit);
}

/* ---- the hooks ---- */

static Visit *visit_new(Door *door, HttpRequest *request)
{
    Visit *visit = arena_alloc(request->arena, sizeof *visit);
    visit->door = door;
    visit->request = request;
    visit->cx = (Ctx){.arena = request->arena, .now_ms = os_now_ms()};
    visit->cx.request_id =
        arena_printf(request->arena, "%08x%08x", door->id_prefix, door->id_next++);
    size_t path_length = strcspn(request->target, "?");
    const char *query = request->target + path_length;
    visit->path = arena_copy(request->arena, request->target, path_length);
    visit->query = *query == '?' ? query + 1 : query;
    request->visit = visit;
    return visit;
}

static Err visit_begin(Visit *visit, HttpNext *ret_next)
{
    const char *path = visit->path;
    *ret_next = HTTP_ANSWER;
    if (visit->door->is_closed && strcmp(path, "/livez") != 0 && strcmp(path, "/readyz") != 0) {
        http_reply_header(visit->request, "Connection", "close");
        return err_set(
            &visit->cx, ERR_BUSY, NULL, "The server is stopping; try again in a moment.");
    }
    if (strcmp(visit->request->method, "OPTIONS") == 0) {
        options_answer(visit);
        return ERR_OK;
    }
    if (strncmp(path, local_prefix, sizeof local_prefix - 1) == 0) {
        return local_begin(visit, ret_next);
    }
    size_t prefix = sizeof api_prefix - 1;
    if (strncmp(path, api_prefix, prefix) != 0 || (path[prefix] != '/' && path[prefix] != '\0')) {
        return other_answer(visit);
    }
    if (strcmp(path + prefix, "/openapi.json") == 0) {
        reply_text(visit->request, 200, "application/json", buf_text(&visit->door->openapi));
        reply_headers(visit);
        return ERR_OK;
    }
    return operation_begin(visit, path + prefix, ret_next);
}

static HttpNext on_headers(void *user, HttpRequest *request)
{
    Visit *visit = visit_new(user, request);
    HttpNext next;
    if (visit_begin(visit, &next) != ERR_OK) {
        reply_refusal(visit);
        return HTTP_ANSWER;
    }
    return next;
}

static HttpNext on_request(void *user UNUSED, HttpRequest *request)
{
    Visit *visit = request->visit;
    if (visit->local != NULL) {
        return local_whole(visit->local);
    }
    if (operation_send(visit) != ERR_OK) {
        reply_refusal(visit);
        return HTTP_ANSWER;
    }
    return HTTP_WAIT;
}

static void on_too_large(void *user UNUSED, HttpRequest *request)
{
    Visit *visit = request->visit;
    Err refusal = request->body_max == 0
        ? err_set(&visit->cx, ERR_BODY_TOO_LARGE, NULL, "%s takes no body.", request->method)
        : err_set(&visit->cx, ERR_BODY_TOO_LARGE, NULL, "A request may have %zu bytes.",
              request->body_max);
    ASSERT(refusal != ERR_OK);
    reply_refusal(visit);
}

static size_t on_chunk(void *user UNUSED, HttpRequest *request, const char *data, size_t size)
{
    const Visit *visit = request->visit;
    return local_chunk(visit->local, data, size);
}

static void on_answer(void *user UNUSED, HttpRequest *request)
{
    Visit *visit = request->visit;
    if (visit->local != NULL) {
        local_answer(visit->local);
        return;
    }
    attempt_end(visit);
    reply_operation(visit);
}

static void on_end(void *user, HttpRequest *request)
{
    Door *door = user;
    Visit *visit = request->visit;
    metrics_count(&door->metrics, request->reply.status, os_monotonic_us() - request->began_us);
    if (visit->local != NULL) {
        local_end(visit->local);
    }
    json_decref(visit->members);
}

/* ---- start and stop ---- */

Door *door_start(Arena *arena, const DoorOptions *options)
{
    Door *door = arena_alloc(arena, sizeof *door);
    door->options = *options;
    door->routes = route_start(arena);
    door->files = static_start(arena);
    door->throttle = throttle_start(arena);
    door->hall = local_hall_start(arena, options->queue, options->url);
    door->openapi = buf_in(arena);
    describe_openapi(&door->openapi);
    crypto_random(&door->id_prefix, sizeof door->id_prefix);
    json_object_seed(0); /* before there are threads */
    return door;
}

HttpDoor door_hooks(Door *door)
{
    return (HttpDoor){.user = door,
        .headers = on_headers,
        .request = on_request,
        .too_large = on_too_large,
        .chunk = on_chunk,
        .answer = on_answer,
        .end = on_end};
}

void door_close(Door *door)
{
    door->is_closed = true;
    local_hall_stop(door->hall);
}

void door_stop(Door *door)
{
    throttle_stop(door->throttle);
}
