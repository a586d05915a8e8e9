/* Every connection makes progress: 64, 256 and 1,000 of them write at once for a while, and none
 * may wait for a second. (libmicrohttpd's EPOLL mode leaves hundreds without any: an average
 * would not show it.) */
#include "support/unit.h"

#include "base/os.h"
#include "edge/http.h"
#include "support/tiny.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 1000, RUN_MS = 3000, GAP_MAX_MS = 1000, ANSWER_MAX = 4096 };

typedef struct Client {
    int fd;
    int number;
    int sent;
    int64_t answered; /* requests */
    int64_t last_us;  /* of the last answer */
    int64_t gap_us;   /* the longest between two */
    size_t length;
    char answer[ANSWER_MAX];
} Client;

static Client clients[CONNECTIONS_MAX];
static struct pollfd polls[CONNECTIONS_MAX];
static pid_t server;
static int port;
static int round_count;

/* ---- the server, in a process of its own ---- */

static NORETURN void server_run(int out)
{
    Place place;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(out, STDOUT_FILENO);
    tiny_open(&place);
    db_close(place.cx.db);
    Ctx cx = {.arena = place.arena, .now_ms = place.cx.now_ms};
    HttpOptions options = {
        .listen = "127.0.0.1:0", .url = place.path, .today = place.cx.today};
    Err refusal = http_serve(&cx, &options);
    place.cx.db = NULL;
    place_drop(&place);
    _exit(refusal == ERR_OK ? 0 : 1);
}

static int server_start(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    server = fork();
    if (server == 0) {
        close(ends[0]);
        server_run(ends[1]);
    }
    close(ends[1]);
    char line[128] = "";
    FILE *from = fdopen(ends[0], "r");
    assert_non_null(fgets(line, sizeof line, from));
    const char *colon = strrchr(line, ':');
    assert_non_null(colon);
    port = (int)strtoll(colon + 1, NULL, 10);
    return 0;
}

static int server_end(void **state)
{
    (void)state;
    int status = 0;
    kill(server, SIGTERM);
    assert_int_equal(waitpid(server, &status, 0), server);
    return status;
}

/* ---- the clients ---- */

static void client_open(Client *client, int number)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    *client = (Client){.fd = socket(AF_INET, SOCK_STREAM, 0), .number = number};
    assert_true(client->fd >= 0);
    assert_int_equal(connect(client->fd, (struct sockaddr *)&at, sizeof at), 0);
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void client_ask(Client *client)
{
    char body[64];
    char request[512];
    int size = snprintf(body, sizeof body, "{\"text\":\"%d.%d.%d\"}", round_count,
        client->number, client->sent++);
    int length = snprintf(request, sizeof request,
        "POST /api/v1/accounts/D1/notes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token-wang\r\n"
        "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
        size, body);
    client->length = 0;
    assert_int_equal(send(client->fd, request, (size_t)length, MSG_NOSIGNAL), length);
}

static bool answer_is_whole(const Client *client)
{
    const char *end = strstr(client->answer, "\r\n\r\n");
    const char *told = strstr(client->answer, "Content-Length: ");
    if (end == NULL || told == NULL) {
        return false;
    }
    size_t size = (size_t)strtoll(told + sizeof "Content-Length: " - 1, NULL, 10);
    return client->length >= (size_t)(end + 4 - client->answer) + size;
}

static void client_read(Client *client, int64_t now_us)
{
    ssize_t got = recv(client->fd, client->answer + client->length,
        ANSWER_MAX - 1 - client->length, MSG_DONTWAIT);
    assert_true(got > 0);
    client->length += (size_t)got;
    client->answer[client->length] = '\0';
    if (!answer_is_whole(client)) {
        return;
    }
    assert_non_null(strstr(client->answer, "HTTP/1.1 201 "));
    int64_t gap_us = now_us - client->last_us;
    client->gap_us = gap_us > client->gap_us ? gap_us : client->gap_us;
    client->last_us = now_us;
    client->answered++;
    client_ask(client);
}

static void clients_run(int count)
{
    for (int64_t end_us = os_monotonic_us() + RUN_MS * 1000; os_monotonic_us() < end_us;) {
        assert_true(poll(polls, (nfds_t)count, 100) >= 0);
        int64_t now_us = os_monotonic_us();
        for (int i = 0; i < count; i++) {
            if (polls[i].revents != 0) {
                client_read(&clients[i], now_us);
            }
        }
    }
}

static void all_progress(int count)
{
    round_count++;
    for (int i = 0; i < count; i++) {
        client_open(&clients[i], i);
        polls[i] = (struct pollfd){.fd = clients[i].fd, .events = POLLIN};
    }
    int64_t start_us = os_monotonic_us();
    for (int i = 0; i < count; i++) {
        clients[i].last_us = start_us;
        client_ask(&clients[i]);
    }
    clients_run(count);
    int64_t end_us = os_monotonic_us();
    int64_t total = 0;
    int64_t gap_us = 0;
    for (int i = 0; i < count; i++) {
        int64_t last_us = end_us - clients[i].last_us;
        assert_true(clients[i].answered > 0);
        total += clients[i].answered;
        gap_us = clients[i].gap_us > gap_us ? clients[i].gap_us : gap_us;
        gap_us = last_us > gap_us ? last_us : gap_us;
        close(clients[i].fd);
    }
    printf("# %d connections: %lld answers a second, longest wait %lld ms\n", count,
        (long long)(total * 1000 / RUN_MS), (long long)(gap_us / 1000));
    /* A program under a sanitizer may need longer for a round of all. */
    assert_in_range(gap_us / 1000, 0, GAP_MAX_MS + 2 * count * RUN_MS / total);
}

static void all_of_64_progress(void **state)
{
    (void)state;
    all_progress(64);
}

static void all_of_256_progress(void **state)
{
    (void)state;
    all_progress(256);
}

static void all_of_1000_progress(void **state)
{
    (void)state;
    all_progress(CONNECTIONS_MAX);
}

int main(void)
{
    struct rlimit files = {.rlim_cur = 4096, .rlim_max = 4096};
    (void)setrlimit(RLIMIT_NOFILE, &files);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_64_progress),
        cmocka_unit_test(all_of_256_progress),
        cmocka_unit_test(all_of_1000_progress),
    };
    return cmocka_run_group_tests(tests, server_start, server_end);
}
