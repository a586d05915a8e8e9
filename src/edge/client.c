/* Hands a command to the server that holds the database: POST /local/NAME?option=value, the input
 * as its body, lines that begin with the digit of their stream as its answer,
 * the exit code in Guanxi-Exit. */
#include "edge/client.h"

#include "base/buf.h"
#include "base/json.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

enum { CONNECT_MS = 5000, ANSWER_LINE_MAX = 4 * 1024 * 1024 };

typedef struct Exchange {
    Ctx *cx;
    const Errand *errand;
    Lines *lines;
    Sink *sink;
    size_t line_sent; /* bytes of errand->line */
    bool is_line_sent;
    CURL *curl;
    Buf answer; /* the line under way, or the whole problem document */
    int exit;   /* -1: not told yet */
    Err code;   /* what the server refused, or the input */
} Exchange;

/* ---- Sending ---- */

/* The line and its end. */
static size_t line_send(Exchange *exchange, char *data, size_t room)
{
    const char *rest = exchange->errand->line + exchange->line_sent;
    size_t length = strlen(rest);
    if (length == 0) {
        exchange->is_line_sent = true;
        data[0] = '\n';
        return 1;
    }
    length = length < room ? length : room;
    memcpy(data, rest, length);
    exchange->line_sent += length;
    return length;
}

static size_t body_send(char *data, size_t size, size_t count, void *user)
{
    Exchange *exchange = user;
    if (exchange->errand->line != NULL && !exchange->is_line_sent) {
        return line_send(exchange, data, size * count);
    }
    if (exchange->errand->input == NULL) {
        return 0;
    }
    size_t got = 0;
    exchange->code = lines_raw(exchange->cx, exchange->lines, data, size * count, &got);
    return exchange->code == ERR_OK ? got : CURL_READFUNC_ABORT;
}

/* ---- What comes back ---- */

/* "ERR_CODE field: sentence" becomes that refusal here. */
static Err refusal_take(Ctx *cx, char *line)
{
    char *colon = strstr(line, ": ");
    if (colon == NULL) {
        return err_set(cx, ERR_INTERNAL, NULL, "The server answered: %s", line);
    }
    *colon = '\0';
    char *field = strchr(line, ' ');
    if (field != NULL) {
        *field++ = '\0';
    }
    Err code = err_by_name(line);
    return err_set(cx, code == ERR_COUNT ? ERR_INTERNAL : code, field, "%s", colon + 2);
}

static void line_take(Exchange *exchange, char *line, size_t length)
{
    char stream = line[0];
    if (stream == SITE_OUT || stream == SITE_ERR || stream == SITE_REFUSED) {
        sink_say(exchange->sink, (SiteStream)stream, line + 1, length - 1);
    } else if (length > 0 && exchange->code == ERR_OK) {
        exchange->code = refusal_take(exchange->cx, line);
    }
}

static void lines_take(Exchange *exchange)
{
    char *at = exchange->answer.data;
    char *end = at + exchange->answer.length;
    for (char *stop = memchr(at, '\n', (size_t)(end - at)); stop != NULL;
         stop = memchr(at, '\n', (size_t)(end - at))) {
        *stop = '\0';
        line_take(exchange, at, (size_t)(stop - at));
        at = stop + 1;
    }
    exchange->answer.length = (size_t)(end - at);
    memmove(exchange->answer.data, at, exchange->answer.length + 1);
}

static size_t body_take(char *data, size_t size, size_t count, void *user)
{
    Exchange *exchange = user;
    if (exchange->answer.length + size * count > ANSWER_LINE_MAX) {
        return 0;
    }
    buf_add(&exchange->answer, data, size * count);
    long status = 0;
    (void)curl_easy_getinfo(exchange->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200 && exchange->answer.length > 0) {
        lines_take(exchange);
    }
    return size * count;
}

/* Headers, and trailers after a body in chunks. */
static size_t header_take(char *data, size_t size, size_t count, void *user)
{
    Exchange *exchange = user;
    static const char name[] = "Guanxi-Exit:";
    size_t length = size * count;
    if (length > sizeof name && strncasecmp(data, name, sizeof name - 1) == 0) {
        exchange->exit = (int)strtoll(data + sizeof name - 1, NULL, 10);
    }
    return length;
}

static Err problem_take(Ctx *cx, const Exchange *exchange, long status)
{
    json_t *problem = json_loadb(exchange->answer.data, exchange->answer.length, 0, NULL);
    const char *name = json_string_value(json_object_get(problem, "code"));
    const char *detail = json_string_value(json_object_get(problem, "detail"));
    Err code = name == NULL ? ERR_COUNT : err_by_name(name);
    if (code == ERR_COUNT && name != NULL) {
        code = err_by_name(arena_printf(cx->arena, "ERR_%s", name));
    }
    Err result = err_set(cx, code == ERR_COUNT ? ERR_INTERNAL : code,
        json_string_value(json_object_get(problem, "field")), "%s",
        detail != NULL ? detail
                       : arena_printf(cx->arena, "The server answered with status %ld.", status));
    json_decref(problem);
    return result;
}

/* ---- The request ---- */

static void query_add(CURL *curl, Buf *url, const char *name, const char *value)
{
    char *escaped = curl_easy_escape(curl, value, 0);
    ASSERT(escaped != NULL);
    buf_printf(url, "%c%s=%s", strchr(url->data, '?') == NULL ? '?' : '&', name, escaped);
    curl_free(escaped);
}

static const char *request_url(Ctx *cx, CURL *curl, const Server *server, const Errand *errand)
{
    Buf url = buf_in(cx->arena);
    buf_printf(&url, "%s/local/%s", server->address, errand->command->name);
    for (size_t i = 0; i < errand->option_count; i++) {
        query_add(curl, &url, errand->options[i].name, errand->options[i].value);
    }
    return buf_text(&url);
}

static struct curl_slist *request_headers(Ctx *cx, const Server *server, const Errand *errand)
{
    struct curl_slist *headers = NULL;
    headers = curl_slist_append(
        headers, arena_printf(cx->arena, "Authorization: Bearer %s", server->token));
    headers = curl_slist_append(headers, "Content-Type: text/plain");
    headers = curl_slist_append(headers, "Transfer-Encoding: chunked");
    headers = curl_slist_append(headers, "Expect:");
    if (errand->today != DATE_NONE) {
        char today[DATE_TEXT_SIZE];
        date_format(errand->today, today);
        headers = curl_slist_append(headers, arena_printf(cx->arena, "Guanxi-Today: %s", today));
    }
    ASSERT(headers != NULL);
    return headers;
}

static void request_set(CURL *curl, const char *url, struct curl_slist *headers, Exchange *exchange)
{
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_POST, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    /* The certificate is for the server's name in the world; here the lock file vouches for the
     * address, and it is held by the process that listens there. */
    (void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    (void)curl_easy_setopt(curl, CURLOPT_READFUNCTION, body_send);
    (void)curl_easy_setopt(curl, CURLOPT_READDATA, exchange);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_take);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, header_take);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, exchange);
}

static Err outcome(Ctx *cx, const Exchange *exchange, CURLcode result)
{
    if (exchange->code != ERR_OK) {
        return exchange->code;
    }
    long status = 0;
    (void)curl_easy_getinfo(exchange->curl, CURLINFO_RESPONSE_CODE, &status);
    if (result == CURLE_OK && status != 200) {
        return problem_take(cx, exchange, status);
    }
    if (result != CURLE_OK || exchange->exit < 0) {
        return err_set(cx, ERR_STORE, NULL,
            "The server that holds the database did not finish: %s. What it had committed stays.",
            result == CURLE_OK ? "its answer broke off" : curl_easy_strerror(result));
    }
    return ERR_OK;
}

Err client_run(
    Ctx *cx, const Server *server, const Errand *errand, Lines *lines, Sink *sink, int *ret_exit)
{
    CURL *curl = curl_easy_init();
    ASSERT(curl != NULL);
    Exchange exchange = {.cx = cx,
        .errand = errand,
        .lines = lines,
        .sink = sink,
        .curl = curl,
        .answer = buf_in(cx->arena),
        .exit = -1};
    struct curl_slist *headers = request_headers(cx, server, errand);
    request_set(curl, request_url(cx, curl, server, errand), headers, &exchange);
    CURLcode result = curl_easy_perform(curl);
    bool is_reached = result != CURLE_COULDNT_CONNECT && result != CURLE_COULDNT_RESOLVE_HOST;
    Err code = is_reached ? outcome(cx, &exchange, result) : ERR_OK;
    int told = exchange.exit < 0 ? 0 : exchange.exit;
    *ret_exit = is_reached ? told : CLIENT_NOBODY;
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return code;
}
