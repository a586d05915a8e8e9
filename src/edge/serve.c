/* `guanxi serve`: takes the database, starts queue, door and HTTP server, and ends them in the
 * order in which nothing that was accepted is lost. */
#include "base/crypto.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/os.h"
#include "edge/door.h"
#include "edge/errand.h"
#include "edge/http.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>

enum { PEM_MAX = 256 * 1024, LAST_ANSWERS_MS = 2000, TICK_MS = 10 };

typedef struct Server {
    Arena *arena;
    OsLock lock;
    Queue *queue;
    Door *door;
    const Httpd *_Atomic httpd; /* as the door sees it */
    Httpd *running;
    char token[TOKEN_TEXT_SIZE + 1];
} Server;

static Err pem_read(Ctx *cx, const char *field, const char *path, const char **ret_text)
{
    char *text;
    size_t size;
    *ret_text = NULL;
    if (path == NULL) {
        return ERR_OK;
    }
    if (os_file_read(cx->arena, path, PEM_MAX, &text, &size) != OS_OK) {
        return err_set(cx, ERR_USAGE, field, "%s: %s.", path, os_error_text());
    }
    *ret_text = text;
    return ERR_OK;
}

/* The lock of a database file is such a file already. */
static Err local_file_take(Ctx *cx, const HttpOptions *options, Server *server)
{
    if (options->local_file == NULL) {
        return ERR_OK;
    }
    if (server->lock.fd >= 0) {
        return err_set(cx, ERR_USAGE, "local-file",
            "With a database file it is %s.lock; leave --local-file out.", options->url);
    }
    OsResult result = os_lock_take(options->local_file, &server->lock);
    if (result == OS_OK) {
        return ERR_OK;
    }
    server->lock.fd = -1;
    return err_set(cx, result == OS_BUSY ? ERR_BUSY : ERR_USAGE, "local-file", "%s: %s.",
        options->local_file, result == OS_BUSY ? "another server has it" : os_error_text());
}

static Err server_start(Ctx *cx, const HttpOptions *options, Server *server)
{
    HttpdOptions how = {.listen = options->listen, .per_address = options->per_address};
    TRY(pem_read(cx, "tls-cert", options->tls_cert, &how.tls_cert));
    TRY(pem_read(cx, "tls-key", options->tls_key, &how.tls_key));
    if ((how.tls_cert == NULL) != (how.tls_key == NULL)) {
        return err_set(cx, ERR_USAGE, "tls-key", "Give --tls-cert and --tls-key together.");
    }
    TRY(errand_database(cx, options->url));
    TRY(errand_lock(cx, options->url, &server->lock));
    TRY(local_file_take(cx, options, server));
    QueueOptions queue = {.url = options->url, .today = options->today};
    if (options->local_file != NULL) {
        queue.answered = arena_printf(server->arena, "%s.answered", options->local_file);
    }
    TRY(queue_start(cx, &queue, &server->queue));
    crypto_token(server->token);
    DoorOptions door = {.queue = server->queue,
        .url = options->url,
        .local_token = server->token,
        .local = options->local,
        .requests_per_second = options->requests_per_second,
        .httpd = &server->httpd};
    server->door = door_start(server->arena, &door);
    how.door = door_hooks(server->door);
    TRY(httpd_start(cx, &how, &server->running));
    server->httpd = server->running;
    if (server->lock.fd < 0) {
        return ERR_OK; /* nobody asked where it is */
    }
    const char *told = arena_printf(cx->arena, "%s\n%s\n", httpd_url(server->httpd), server->token);
    if (os_lock_write(&server->lock, told) != OS_OK) {
        return err_set(
            cx, ERR_STORE, NULL, "The lock file cannot be written: %s.", os_error_text());
    }
    return ERR_OK;
}

static void tick(void)
{
    struct timespec pause = {.tv_nsec = TICK_MS * 1000000L};
    nanosleep(&pause, NULL);
}

/* First nothing new, then all that was accepted, then its answers, then the sockets: the library
 * ends the process when it is stopped with a suspended request. */
static void server_stop(Server *server)
{
    if (server->queue != NULL) {
        queue_stop_begin(server->queue);
    }
    if (server->running != NULL) {
        httpd_quiesce(server->running);
    }
    if (server->door != NULL) {
        door_close(server->door);
    }
    if (server->queue != NULL) {
        queue_stop(server->queue);
    }
    if (server->running != NULL) {
        int64_t until_us = os_monotonic_us() + INT64_C(1000) * LAST_ANSWERS_MS;
        while (httpd_suspended(server->running) > 0 ||
               (httpd_active(server->running) > 0 && os_monotonic_us() < until_us)) {
            tick();
        }
        httpd_stop(server->running);
    }
    if (server->door != NULL) {
        door_stop(server->door);
    }
    queue_free(server->queue);
    if (server->lock.fd >= 0) {
        (void)os_lock_write(&server->lock, "");
        os_lock_free(&server->lock);
    }
    arena_free(server->arena);
}

static void signals_take(sigset_t *ret_set)
{
    sigemptyset(ret_set);
    sigaddset(ret_set, SIGTERM);
    sigaddset(ret_set, SIGINT);
    /* Before any thread is started, so that all inherit it. */
    pthread_sigmask(SIG_BLOCK, ret_set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

Err http_serve(Ctx *cx, const HttpOptions *options)
{
    sigset_t signals;
    signals_take(&signals);
    Server server = {.arena = arena_new(LIMIT_ARENA_BYTES), .lock = {.fd = -1}};
    Err refusal = server_start(cx, options, &server);
    if (refusal == ERR_OK) {
        printf("listening on %s\n", httpd_url(server.httpd));
        fflush(stdout);
        struct timespec second = {.tv_sec = 1};
        while (sigtimedwait(&signals, NULL, &second) < 0) {
            httpd_watch(server.running);
            door_tick(server.door);
        }
        log_line(LOG_INFO, "stopping");
    }
    server_stop(&server);
    return refusal;
}
