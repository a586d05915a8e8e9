/* From a request to who serves it: operations, bulk commands, pages,
 * and the addresses for machines. */
#include "edge/door.h"

#include "base/crypto.h"
#include "base/os.h"
#include "base/json.h"
#include "edge/import/mapping.h"
#include "edge/target.h"
#include "edge/visit.h"
#include "op/describe.h"

#include <string.h>

static const char api_prefix[] = "/api/v1";
static const char imports_prefix[] = "/imports/";
static const char local_prefix[] = "/local/";

static const LocalCommand *local_find(const Door *door, const char *name)
{
    const LocalCommand *command = door->options.local;
    while (command != NULL && command->name != NULL && strcmp(command->name, name) != 0) {
        command++;
    }
    return command == NULL || command->name == NULL ? NULL : command;
}

static Err local_begin(Visit *visit, HttpNext *ret_next)
{
    Ctx *cx = &visit->cx;
    Door *door = visit->door;
    HttpRequest *request = visit->request;
    const char *name = visit->path + sizeof local_prefix - 1;
    const LocalCommand *command = local_find(door, name);
    if (!caller_is_local(request, door->options.local_token) || command == NULL ||
        command->is_public) {
        return err_set(cx, ERR_NOT_FOUND, NULL, "There is nothing at %s.", visit->path);
    }
    if (strcmp(request->method, "POST") != 0) {
        return reply_method(visit, 1u << METHOD_POST);
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

static bool is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* The members that the address says behind its question mark, which no operation decodes: others
 * than these names are refused, as operations refuse them. */
static Err query_members(Visit *visit, const char *const *names, size_t count)
{
    Ctx *cx = &visit->cx;
    visit->members = json_object();
    TRY(target_query(cx, visit->query, visit->members));
    for (void *at = json_object_iter(visit->members); at != NULL;
         at = json_object_iter_next(visit->members, at)) {
        const char *name = json_object_iter_key(at);
        if (!is_among(name, names, count)) {
            return err_set(
                cx, ERR_FIELD_UNKNOWN, name, "There is no such member here; leave it out.");
        }
    }
    return ERR_OK;
}

/* What the command is given: the kind of the file, or with `/undo` behind it an import, and what
 * the address says besides. */
static Err imports_members(Visit *visit, const char *what)
{
    static const char undo[] = "/undo";
    static const char *const of_import[] = {"dry_run", "file"};
    static const char *const of_undo[] = {"limit", "cursor", "reason"};
    size_t length = strlen(what);
    size_t tail = sizeof undo - 1;
    bool is_undo = length > tail && strcmp(what + length - tail, undo) == 0;
    const char *const *names = is_undo ? of_undo : of_import;
    size_t count = is_undo ? COUNT(of_undo) : COUNT(of_import);
    TRY(query_members(visit, names, count));
    (void)json_object_set_new(visit->members, is_undo ? "undo" : "what",
        json_stringn(what, is_undo ? length - tail : length));
    return ERR_OK;
}

/* A file of CSV behind a line with its mapping; by `dry_run` into a copy that is thrown away. */
static Err imports_begin(Visit *visit, const char *what, HttpNext *ret_next)
{
    Ctx *cx = &visit->cx;
    Door *door = visit->door;
    const LocalCommand *command = local_find(door, IMPORTS_COMMAND);
    if (command == NULL) {
        return err_set(cx, ERR_NOT_FOUND, NULL, "There is nothing at %s.", visit->path);
    }
    if (strcmp(visit->request->method, "POST") != 0) {
        return reply_method(visit, 1u << METHOD_POST);
    }
    TRY(operation_caller(visit, true));
    const Caller *caller = &visit->caller;
    if (caller->token == NULL && caller->session == NULL) {
        return err_set(cx, ERR_UNAUTHENTICATED, NULL, "Sign in, or send a bearer token.");
    }
    TRY(imports_members(visit, what));
    const char *credential = caller->token != NULL ? "token" : "session";
    (void)json_object_set_new(visit->members, credential,
        json_string(caller->token != NULL ? caller->token : caller->session));
    cx->actor = &actor_system;
    TRY(local_start(cx, door->hall, command, visit->members, visit->request, &visit->local));
    *ret_next = HTTP_STREAM;
    return ERR_OK;
}

static void ready_answer(Visit *visit)
{
    QueueFigures figures = queue_figures(visit->door->options.queue);
    bool is_closed = visit->door->is_closed;
    const char *text = figures.standing != NULL ? arena_printf(visit->cx.arena,
                                                      "{\"status\":\"%s\"}\n", figures.standing)
                       : figures.is_read_only   ? "{\"status\":\"read_only\"}\n"
                       : figures.is_full        ? "{\"status\":\"disk_full\"}\n"
                       : is_closed              ? "{\"status\":\"stopping\"}\n"
                                                : "{\"status\":\"ready\"}\n";
    if (figures.standing == NULL && figures.clock_ahead_ms != 0 && !is_closed) {
        text = arena_printf(visit->cx.arena,
            "{\"status\":\"ready\",\"database_clock_ahead_s\":%lld}\n",
            (long long)(figures.clock_ahead_ms / 1000));
    }
    bool is_ready =
        figures.standing == NULL && !figures.is_read_only && !figures.is_full && !is_closed;
    reply_text(visit->request, is_ready ? 200 : 503, "application/json", text);
}

static Err metrics_answer(Visit *visit)
{
    Door *door = visit->door;
    TRY(caller_read(&visit->cx, visit->request, door->options.local_token, false, &visit->caller));
    if (!visit->caller.is_direct && !visit->caller.is_local) {
        return err_set(&visit->cx, ERR_NOT_FOUND, NULL, "The figures are for this machine alone.");
    }
    const Httpd *httpd = *door->options.httpd;
    MetricsGauges gauges = {.queue = queue_figures(door->options.queue),
        .connections = httpd == NULL ? 0 : httpd_connections(httpd),
        .active = httpd == NULL ? 0 : httpd_active(httpd)};
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

static Err get_check(Visit *visit)
{
    const char *method = visit->request->method;
    bool is_get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    return is_get ? ERR_OK : reply_method(visit, 1u << METHOD_GET);
}

/* Addresses outside of the base path. */
static Err other_answer(Visit *visit)
{
    TRY(get_check(visit));
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
    const char *framing = http_framing_fault(visit->request);
    if (framing != NULL) {
        http_reply_header(visit->request, "Connection", "close");
        return err_set(&visit->cx, ERR_MALFORMED, NULL, "%s", framing);
    }
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
        TRY(get_check(visit));
        reply_text(visit->request, 200, "application/json", buf_text(&visit->door->openapi));
        reply_headers(visit);
        return ERR_OK;
    }
    if (strcmp(path + prefix, "/imports") == 0) {
        TRY(get_check(visit));
        TRY(query_members(visit, NULL, 0));
        reply_text(visit->request, 200, "application/json", buf_text(&visit->door->imports));
        reply_headers(visit);
        return ERR_OK;
    }
    if (strncmp(path + prefix, imports_prefix, sizeof imports_prefix - 1) == 0) {
        return imports_begin(visit, path + prefix + sizeof imports_prefix - 1, ret_next);
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
    Err refusal;
    if (request->body_max == 0) {
        refusal =
            err_set(&visit->cx, ERR_BODY_TOO_LARGE, NULL, "%s takes no body.", request->method);
    } else {
        refusal = err_set(&visit->cx, ERR_BODY_TOO_LARGE, NULL, "A request may have %zu bytes.",
            request->body_max);
    }
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
        reply_headers(visit);
        return;
    }
    operation_answer(visit);
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
    int most = options->requests_per_second;
    door->pace = most == 0 ? NULL : pace_start(arena, most);
    door->await = await_start(
        arena, options->queue, &(AwaitHooks){.again = operation_again, .answer = operation_let_go});
    door->hall = local_hall_start(arena, options->queue, options->url);
    door->openapi = buf_in(arena);
    describe_openapi(&door->openapi);
    door->imports = buf_in(arena);
    mapping_describe(&door->imports);
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
    await_close(door->await);
    local_hall_stop(door->hall);
}

void door_tick(Door *door)
{
    await_tick(door->await);
}

void door_stop(Door *door)
{
    await_stop(door->await);
    throttle_stop(door->throttle);
    if (door->pace != NULL) {
        pace_stop(door->pace);
    }
}
