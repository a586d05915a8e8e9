/* Replies: problem documents, and the headers that go with everything. */
#include "edge/visit.h"

#include "base/log.h"
#include "op/run.h"

#include <string.h>

void reply_text(HttpRequest *request, int status, const char *type, const char *text)
{
    request->reply.status = status;
    request->reply.body = text;
    request->reply.size = strlen(text);
    http_reply_header(request, "Content-Type", type);
}

void reply_headers(Visit *visit)
{
    HttpRequest *request = visit->request;
    http_reply_header(request, "Request-Id", visit->cx.request_id);
    http_reply_header(request, "X-Content-Type-Options", "nosniff");
    http_reply_header(request, "Referrer-Policy", "no-referrer");
    if (visit->caller.is_secure) {
        http_reply_header(request, "Strict-Transport-Security", "max-age=31536000");
    }
}

/* One event, and the browser asks for the next at once. */
static const char *event_text(Arena *arena, const Reply *reply)
{
    return arena_printf(
        arena, "retry: 100\nid: %lld\ndata: %s\n\n", (long long)reply->carried, reply->body);
}

/* What operations answer, and every problem. */
static void reply_json(Visit *visit, const Reply *reply)
{
    HttpRequest *request = visit->request;
    if (visit->is_events && reply->status == 200) {
        reply_text(request, 200, "text/event-stream", event_text(request->arena, reply));
    } else {
        bool is_problem = reply->status >= 400;
        reply_text(request, reply->status,
            is_problem ? "application/problem+json" : "application/json", reply->body);
    }
    http_reply_header(request, "Cache-Control", "no-store");
    http_reply_header(
        request, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (reply->status == 401) {
        http_reply_header(request, "WWW-Authenticate", "Bearer");
    }
    if (visit->wait_s > 0 || (reply->status == 503 && err_is_retryable(visit->cx.err.code))) {
        int64_t wait_s = visit->wait_s > 0 ? visit->wait_s : 1;
        http_reply_header(
            request, "Retry-After", arena_printf(request->arena, "%lld", (long long)wait_s));
    }
    reply_headers(visit);
}

/* cx->err becomes the reply. */
void reply_refusal(Visit *visit)
{
    Reply reply = {0};
    run_problem(&visit->cx, &reply);
    reply_json(visit, &reply);
}

void reply_operation(Visit *visit)
{
    Reply *reply = &visit->job.reply;
    HttpRequest *request = visit->request;
    reply_finish(request->arena, reply);
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

Err reply_method(Visit *visit, unsigned methods)
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
