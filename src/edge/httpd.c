/* libmicrohttpd, in POLL mode: its EPOLL mode leaves suspended connections without progress. */
#include "edge/httpd.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/os.h"
#include "edge/listen.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    EVENT_THREADS = 2,
    CONNECTION_MEMORY = 16 * 1024,
    PER_ADDRESS_DEFAULT = 64,
    IDLE_S = 30,
    IDLE_END_MS = 40 * 1000,    /* past idle: a kept one that sends a request byte by byte */
    UNHEARD_END_MS = 40 * 1000, /* of a body that nobody reads any more */
    SENDING_MS = 60 * 1000,
    /* Of a body too large, so that its sender comes to read the answer:
     * when its length was told, and when it was not. */
    DISCARD_TOLD_MAX = 1024 * 1024,
    DISCARD_MAX = 16 * 1024 * 1024,
    SPARE_ARENAS = 256,
    FILES_BESIDE = 256,
};

/* A connection, for the watchdog. */
typedef struct Conn {
    int fd;                      /* -1: unused */
    _Atomic int64_t deadline_us; /* 0: none */
    bool is_here;
    char address[ADDRESS_TEXT_SIZE];
    struct Conn *next_unused;
} Conn;

struct Httpd {
    Arena *arena;
    struct MHD_Daemon *daemon;
    HttpDoor door;
    const char *url;
    bool is_tls;
    int listen_fd;
    pthread_mutex_t mutex; /* guards what follows */
    Conn *conns;
    Conn *unused;
    Arena *spare[SPARE_ARENAS];
    int spare_count;
    _Atomic int64_t active;
    _Atomic int64_t connections;
    _Atomic int64_t suspended;
};

enum { CONNS_COUNT = LIMIT_CONNECTIONS + EVENT_THREADS };

typedef enum Stage {
    STAGE_LINE,    /* the request line is there, headers are not */
    STAGE_BODY,    /* the body is collected */
    STAGE_STREAM,  /* the body goes to the door */
    STAGE_DISCARD, /* the reply is complete, the body is dropped */
    STAGE_WAIT,    /* handed over */
    STAGE_SENDING,
} Stage;

typedef struct Exchange {
    HttpRequest request; /* first: the two are cast into each other */
    Httpd *httpd;
    Conn *conn;
    struct MHD_Connection *mhd;
    Stage stage;
    bool is_at_door;   /* `headers` was called */
    bool is_suspended; /* counted as such until the event thread is back */
    size_t body_room;
    size_t discarded;
    bool is_unheard; /* http_unheard was called */
} Exchange;

static Exchange *exchange_of(HttpRequest *request)
{
    return (Exchange *)request;
}

/* ---- arenas ---- */

static Arena *arena_get(Httpd *httpd)
{
    pthread_mutex_lock(&httpd->mutex);
    Arena *arena = httpd->spare_count == 0 ? NULL : httpd->spare[--httpd->spare_count];
    pthread_mutex_unlock(&httpd->mutex);
    return arena == NULL ? arena_new(LIMIT_ARENA_BYTES) : arena;
}

static void arena_give(Httpd *httpd, Arena *arena)
{
    arena_reset(arena);
    pthread_mutex_lock(&httpd->mutex);
    bool is_kept = httpd->spare_count < SPARE_ARENAS;
    if (is_kept) {
        httpd->spare[httpd->spare_count++] = arena;
    }
    pthread_mutex_unlock(&httpd->mutex);
    if (!is_kept) {
        arena_free(arena);
    }
}

/* ---- connections and their deadlines ---- */

static void conn_deadline(Conn *conn, int64_t ms)
{
    atomic_store(&conn->deadline_us, ms == 0 ? 0 : os_monotonic_us() + ms * 1000);
}

static Conn *conn_take(Httpd *httpd, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *from =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    pthread_mutex_lock(&httpd->mutex);
    Conn *conn = httpd->unused;
    ASSERT(conn != NULL);
    httpd->unused = conn->next_unused;
    conn->is_here = address_is_here(fd->connect_fd, from->client_addr);
    address_format(from->client_addr, conn->address);
    conn_deadline(conn, LIMIT_REQUEST_MS);
    conn->fd = fd->connect_fd;
    pthread_mutex_unlock(&httpd->mutex);
    atomic_fetch_add(&httpd->connections, 1);
    return conn;
}

/* Before the library closes the descriptor, so that the watchdog never shuts down another's. */
static void conn_give(Httpd *httpd, Conn *conn)
{
    pthread_mutex_lock(&httpd->mutex);
    conn->fd = -1;
    conn->next_unused = httpd->unused;
    httpd->unused = conn;
    pthread_mutex_unlock(&httpd->mutex);
    atomic_fetch_sub(&httpd->connections, 1);
}

static void on_connection(void *user,
    struct MHD_Connection *mhd,
    void **context,
    enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = conn_take(user, mhd);
    } else {
        conn_give(user, *context);
    }
}

void httpd_watch(Httpd *httpd)
{
    int64_t now_us = os_monotonic_us();
    pthread_mutex_lock(&httpd->mutex);
    for (size_t i = 0; i < CONNS_COUNT; i++) {
        Conn *conn = &httpd->conns[i];
        int64_t deadline_us = conn->fd < 0 ? 0 : atomic_load(&conn->deadline_us);
        if (deadline_us != 0 && deadline_us < now_us) {
            shutdown(conn->fd, SHUT_RDWR);
        }
    }
    pthread_mutex_unlock(&httpd->mutex);
}

/* ---- a request on its way ---- */

/* As soon as the request line is there; the only place where the library shows it unparsed. */
static void *on_line(void *user, const char *target, struct MHD_Connection *mhd)
{
    Httpd *httpd = user;
    const union MHD_ConnectionInfo *context =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    Arena *arena = arena_get(httpd);
    Exchange *exchange = arena_alloc(arena, sizeof *exchange);
    exchange->httpd = httpd;
    exchange->conn = context->socket_context;
    exchange->mhd = mhd;
    exchange->request = (HttpRequest){.arena = arena,
        .target = arena_str(arena, target),
        .address = exchange->conn->address,
        .is_here = exchange->conn->is_here,
        .is_tls = httpd->is_tls,
        .began_us = os_monotonic_us()};
    conn_deadline(exchange->conn, LIMIT_REQUEST_MS);
    atomic_fetch_add(&httpd->active, 1);
    return exchange;
}

/* The event thread has it again; also when the other end has gone meanwhile. */
static void exchange_is_back(Exchange *exchange)
{
    if (exchange->is_suspended) {
        exchange->is_suspended = false;
        atomic_fetch_sub(&exchange->httpd->suspended, 1);
    }
}

static void on_completed(void *user,
    struct MHD_Connection *mhd UNUSED,
    void **context,
    enum MHD_RequestTerminationCode code UNUSED)
{
    Httpd *httpd = user;
    Exchange *exchange = *context;
    if (exchange == NULL) {
        return;
    }
    *context = NULL;
    exchange_is_back(exchange);
    conn_deadline(exchange->conn, IDLE_END_MS);
    if (exchange->is_at_door) {
        httpd->door.end(httpd->door.user, &exchange->request);
    }
    arena_give(httpd, exchange->request.arena);
    atomic_fetch_sub(&httpd->active, 1);
}

static enum MHD_Result exchange_send(Exchange *exchange)
{
    const HttpReply *reply = &exchange->request.reply;
    ASSERT(reply->status != 0);
    /* The library takes the body without const and only reads it. */
    void *body = reply->size == 0 ? NULL : (void *)(uintptr_t)reply->body;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(reply->size, body, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        return MHD_NO;
    }
    enum MHD_Result result = MHD_YES;
    for (size_t i = 0; i < reply->header_count && result == MHD_YES; i++) {
        result = MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
    }
    if (result == MHD_YES) {
        exchange->stage = STAGE_SENDING;
        conn_deadline(exchange->conn, SENDING_MS);
        result = MHD_queue_response(exchange->mhd, (unsigned)reply->status, response);
    }
    MHD_destroy_response(response);
    return result;
}

/* The length the headers announce; 0 when they do not. */
static uint64_t body_announced(const Exchange *exchange)
{
    const char *text = http_header(&exchange->request, "Content-Length");
    return text == NULL ? 0 : strtoull(text, NULL, 10);
}

/* The library would read the body until the connection ends. */
static bool is_endless(const Exchange *exchange)
{
    const char *coding = http_header(&exchange->request, "Transfer-Encoding");
    return coding != NULL && strcasecmp(coding, "chunked") != 0;
}

static void exchange_too_large(Exchange *exchange)
{
    HttpDoor *door = &exchange->httpd->door;
    door->too_large(door->user, &exchange->request);
    http_reply_header(&exchange->request, "Connection", "close");
    exchange->stage = STAGE_DISCARD;
}

static enum MHD_Result exchange_headers(Exchange *exchange, const char *method)
{
    HttpDoor *door = &exchange->httpd->door;
    HttpRequest *request = &exchange->request;
    uint64_t announced = body_announced(exchange);
    request->method = arena_str(request->arena, method);
    exchange->is_at_door = true;
    HttpNext next = door->headers(door->user, request);
    ASSERT(next != HTTP_WAIT);
    if (next == HTTP_STREAM) {
        exchange->stage = STAGE_STREAM;
        conn_deadline(exchange->conn, 0);
        return MHD_YES;
    }
    exchange->stage = next == HTTP_BODY ? STAGE_BODY : STAGE_DISCARD;
    if (next == HTTP_BODY && announced > request->body_max) {
        exchange_too_large(exchange);
    }
    if (exchange->stage == STAGE_DISCARD &&
        (announced > DISCARD_TOLD_MAX || is_endless(exchange))) {
        return exchange_send(exchange);
    }
    if (exchange->stage == STAGE_BODY) {
        exchange->body_room = (size_t)announced;
        request->body = arena_alloc(request->arena, exchange->body_room + 1);
    }
    return MHD_YES;
}

static void body_add(Exchange *exchange, const char *data, size_t size)
{
    HttpRequest *request = &exchange->request;
    size_t needed = request->body_size + size;
    if (needed > request->body_max) {
        exchange_too_large(exchange);
        return;
    }
    if (needed > exchange->body_room) {
        exchange->body_room = needed * 2 < request->body_max ? needed * 2 : request->body_max;
        char *body = arena_alloc(request->arena, exchange->body_room + 1);
        memcpy(body, request->body, request->body_size);
        request->body = body;
    }
    memcpy(request->body + request->body_size, data, size);
    request->body_size = needed;
}

static enum MHD_Result exchange_piece(Exchange *exchange, const char *data, size_t *size)
{
    HttpDoor *door = &exchange->httpd->door;
    if (exchange->stage == STAGE_STREAM) {
        *size -= door->chunk(door->user, &exchange->request, data, *size);
        return MHD_YES;
    }
    if (exchange->stage == STAGE_BODY) {
        body_add(exchange, data, *size);
    } else {
        exchange->discarded += *size;
    }
    *size = 0;
    return exchange->discarded > DISCARD_MAX ? MHD_NO : MHD_YES;
}

static enum MHD_Result exchange_whole(Exchange *exchange)
{
    HttpDoor *door = &exchange->httpd->door;
    if (exchange->stage == STAGE_DISCARD) {
        return exchange_send(exchange);
    }
    /* Before the door may hand it over. */
    exchange->stage = STAGE_WAIT;
    conn_deadline(exchange->conn, 0);
    if (door->request(door->user, &exchange->request) == HTTP_WAIT) {
        return MHD_YES;
    }
    return exchange_send(exchange);
}

static enum MHD_Result on_request(void *user,
    struct MHD_Connection *mhd UNUSED,
    const char *path UNUSED,
    const char *method,
    const char *version UNUSED,
    const char *data,
    size_t *size,
    void **context)
{
    Httpd *httpd = user;
    Exchange *exchange = *context;
    exchange_is_back(exchange);
    switch (exchange->stage) {
    case STAGE_LINE:
        return exchange_headers(exchange, method);
    case STAGE_BODY:
    case STAGE_STREAM:
    case STAGE_DISCARD:
        return *size == 0 ? exchange_whole(exchange) : exchange_piece(exchange, data, size);
    case STAGE_WAIT:
        httpd->door.answer(httpd->door.user, &exchange->request);
        return exchange_send(exchange);
    case STAGE_SENDING:
        break;
    }
    return MHD_NO;
}

const char *http_header(const HttpRequest *request, const char *name)
{
    const Exchange *exchange = (const Exchange *)request;
    return MHD_lookup_connection_value(exchange->mhd, MHD_HEADER_KIND, name);
}

typedef struct HeaderWalk {
    const char *name;
    const char *value; /* of the last one */
    int count;
} HeaderWalk;

static enum MHD_Result on_header(
    void *user, enum MHD_ValueKind kind UNUSED, const char *name, const char *value)
{
    HeaderWalk *walk = user;
    if (strcasecmp(name, walk->name) == 0) {
        walk->value = value;
        walk->count++;
    }
    return MHD_YES;
}

static HeaderWalk header_walk(const Exchange *exchange, const char *name)
{
    HeaderWalk walk = {.name = name};
    (void)MHD_get_connection_values(exchange->mhd, MHD_HEADER_KIND, on_header, &walk);
    return walk;
}

const char *http_header_last(const HttpRequest *request, const char *name)
{
    return header_walk((const Exchange *)request, name).value;
}

const char *http_framing_fault(const HttpRequest *request)
{
    const Exchange *exchange = (const Exchange *)request;
    if (header_walk(exchange, "Content-Length").count +
            header_walk(exchange, "Transfer-Encoding").count >
        1) {
        return "Send one Content-Length or one Transfer-Encoding, not more of them.";
    }
    return is_endless(exchange) ? "The only Transfer-Encoding taken here is chunked." : NULL;
}

void http_reply_header(HttpRequest *request, const char *name, const char *value)
{
    HttpReply *reply = &request->reply;
    ASSERT(reply->header_count < HTTP_HEADERS_MAX);
    reply->headers[reply->header_count++] = (HttpHeader){name, value};
}

void http_unheard(HttpRequest *request)
{
    Exchange *exchange = exchange_of(request);
    if (!exchange->is_unheard) {
        exchange->is_unheard = true;
        conn_deadline(exchange->conn, UNHEARD_END_MS);
    }
}

void http_suspend(HttpRequest *request)
{
    Exchange *exchange = exchange_of(request);
    exchange->is_suspended = true;
    atomic_fetch_add(&exchange->httpd->suspended, 1);
    MHD_suspend_connection(exchange->mhd);
}

void http_resume(HttpRequest *request)
{
    MHD_resume_connection(exchange_of(request)->mhd);
}

/* ---- start and stop ---- */

static Err httpd_listen(Ctx *cx, Httpd *httpd, const char *text, int *per_address)
{
    Listening at;
    TRY(listen_open(cx, text, &at));
    httpd->listen_fd = at.fd;
    if (*per_address == 0 && !at.is_loopback) {
        *per_address = PER_ADDRESS_DEFAULT;
    }
    bool is_v6 = strchr(at.host, ':') != NULL;
    httpd->url = arena_printf(httpd->arena, "%s://%s%s%s:%d", httpd->is_tls ? "https" : "http",
        is_v6 ? "[" : "", at.host, is_v6 ? "]" : "", at.port);
    return ERR_OK;
}

static void files_raise(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) {
        return;
    }
    rlim_t wanted = LIMIT_CONNECTIONS + FILES_BESIDE;
    if (files.rlim_cur < wanted) {
        files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
}

/* What callers do wrong is no event of ours. */
PRINTF_LIKE(2, 0)
static void on_log(void *user UNUSED, const char *format, va_list args)
{
    char text[256];
    vsnprintf(text, sizeof text, format, args);
    text[strcspn(text, "\n")] = '\0';
    log_line(LOG_DEBUG, "http: %s", text);
}

static size_t on_unescape(void *user UNUSED, struct MHD_Connection *mhd UNUSED, char *text)
{
    return strlen(text);
}

static struct MHD_Daemon *daemon_start(Httpd *httpd, const HttpdOptions *options, int per_address)
{
    unsigned flags = MHD_USE_POLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                     MHD_USE_ITC | MHD_USE_ERROR_LOG | (httpd->is_tls ? MHD_USE_TLS : 0);
    struct MHD_OptionItem figures[] = {
        {MHD_OPTION_LISTEN_SOCKET, httpd->listen_fd, NULL},
        {MHD_OPTION_THREAD_POOL_SIZE, EVENT_THREADS, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, LIMIT_CONNECTIONS, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S, NULL},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_address, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)options->tls_cert},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)options->tls_key},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, httpd, MHD_OPTION_EXTERNAL_LOGGER,
        on_log, NULL, MHD_OPTION_URI_LOG_CALLBACK, on_line, httpd, MHD_OPTION_UNESCAPE_CALLBACK,
        on_unescape, NULL, MHD_OPTION_NOTIFY_CONNECTION, on_connection, httpd,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, httpd, MHD_OPTION_ARRAY, figures,
        MHD_OPTION_ARRAY, httpd->is_tls ? tls : &tls[2], MHD_OPTION_END);
}

Err httpd_start(Ctx *cx, const HttpdOptions *options, Httpd **ret_httpd)
{
    Arena *arena = arena_new(LIMIT_ARENA_BYTES);
    Httpd *httpd = arena_alloc(arena, sizeof *httpd);
    httpd->arena = arena;
    httpd->door = options->door;
    httpd->is_tls = options->tls_cert != NULL;
    httpd->conns = arena_array(arena, CONNS_COUNT, sizeof(Conn));
    for (size_t i = 0; i < CONNS_COUNT; i++) {
        httpd->conns[i].fd = -1;
        httpd->conns[i].next_unused = httpd->unused;
        httpd->unused = &httpd->conns[i];
    }
    int per_address = options->per_address;
    Err refusal = httpd_listen(cx, httpd, options->listen, &per_address);
    if (refusal != ERR_OK) {
        arena_free(arena);
        return refusal;
    }
    pthread_mutex_init(&httpd->mutex, NULL);
    files_raise();
    httpd->daemon = daemon_start(httpd, options, per_address);
    if (httpd->daemon == NULL) {
        close(httpd->listen_fd);
        pthread_mutex_destroy(&httpd->mutex);
        arena_free(arena);
        return err_set(
            cx, ERR_INTERNAL, NULL, "The HTTP server did not start; check certificate and key.");
    }
    *ret_httpd = httpd;
    return ERR_OK;
}

const char *httpd_url(const Httpd *httpd)
{
    return httpd->url;
}

void httpd_quiesce(Httpd *httpd)
{
    if (MHD_quiesce_daemon(httpd->daemon) != MHD_INVALID_SOCKET) {
        close(httpd->listen_fd);
    }
}

int64_t httpd_active(const Httpd *httpd)
{
    return atomic_load(&httpd->active);
}

int64_t httpd_connections(const Httpd *httpd)
{
    return atomic_load(&httpd->connections);
}

int64_t httpd_suspended(const Httpd *httpd)
{
    return atomic_load(&httpd->suspended);
}

void httpd_stop(Httpd *httpd)
{
    MHD_stop_daemon(httpd->daemon);
    for (int i = 0; i < httpd->spare_count; i++) {
        arena_free(httpd->spare[i]);
    }
    pthread_mutex_destroy(&httpd->mutex);
    arena_free(httpd->arena);
}
