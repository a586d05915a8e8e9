#include "support/served.h"

#include "base/os.h"
#include "edge/http.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

void served_make(Served *served)
{
    *served = (Served){.pid = -1};
    tiny_open(&served->place);
    served_close(served);
}

void served_open(Served *served)
{
    const DbOptions options = {.mode = DB_WRITE};
    Place *place = &served->place;
    ASSERT(db_open(&place->cx, place->path, &options, &place->cx.db) == ERR_OK);
}

void served_close(Served *served)
{
    db_close(served->place.cx.db);
    served->place.cx.db = NULL;
}

void served_drop(Served *served)
{
    place_drop(&served->place);
}

static NORETURN void server_run(const Place *place, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(out, STDOUT_FILENO);
    Ctx cx = {.arena = place->arena, .now_ms = place->cx.now_ms};
    HttpOptions options = {.listen = "127.0.0.1:0", .url = place->path, .today = place->cx.today};
    Err refusal = http_serve(&cx, &options);
    _exit(refusal == ERR_OK ? 0 : 1);
}

void served_start(Served *served)
{
    int ends[2];
    char line[128] = "";
    int64_t began_us = os_monotonic_us();
    ASSERT(pipe(ends) == 0);
    served->pid = fork();
    if (served->pid == 0) {
        close(ends[0]);
        server_run(&served->place, ends[1]);
    }
    close(ends[1]);
    FILE *from = fdopen(ends[0], "r");
    ASSERT(fgets(line, sizeof line, from) != NULL);
    fclose(from);
    const char *colon = strrchr(line, ':');
    ASSERT(colon != NULL);
    served->port = (int)strtoll(colon + 1, NULL, 10);
    served->ready_us = os_monotonic_us() - began_us;
}

int served_end(Served *served, int signal)
{
    int status = 0;
    kill(served->pid, signal);
    ASSERT(waitpid(served->pid, &status, 0) == served->pid);
    served->pid = -1;
    return status;
}

void served_connect(const Served *served, ServedClient *client)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)served->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    *client = (ServedClient){.fd = socket(AF_INET, SOCK_STREAM, 0)};
    ASSERT(client->fd >= 0);
    ASSERT(connect(client->fd, (struct sockaddr *)&at, sizeof at) == 0);
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

bool served_ask(ServedClient *client, const char *text)
{
    char body[64];
    char request[512];
    int size = snprintf(body, sizeof body, "{\"text\":\"%s\"}", text);
    int length = snprintf(request, sizeof request,
        "POST /api/v1/accounts/D1/notes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token-wang\r\n"
        "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
        size, body);
    client->length = 0;
    client->answer[0] = '\0';
    return send(client->fd, request, (size_t)length, MSG_NOSIGNAL) == length;
}

bool served_read(ServedClient *client, bool is_nowait)
{
    ssize_t got = recv(client->fd, client->answer + client->length,
        SERVED_ANSWER_MAX - 1 - client->length, is_nowait ? MSG_DONTWAIT : 0);
    if (got <= 0) {
        return false;
    }
    client->length += (size_t)got;
    client->answer[client->length] = '\0';
    return true;
}

bool served_is_answered(const ServedClient *client)
{
    static const char name[] = "Content-Length: ";
    const char *end = strstr(client->answer, "\r\n\r\n");
    const char *told = strstr(client->answer, name);
    if (end == NULL || told == NULL) {
        return false;
    }
    size_t size = (size_t)strtoll(told + sizeof name - 1, NULL, 10);
    return client->length >= (size_t)(end + 4 - client->answer) + size;
}

int served_status(const ServedClient *client)
{
    return (int)strtoll(client->answer + sizeof "HTTP/1.1", NULL, 10);
}
