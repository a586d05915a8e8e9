/* Every connection makes progress: 64, 256 and 1,000 of them write at once for a while, and none
 * may wait for a second. (libmicrohttpd's EPOLL mode leaves hundreds without any: an average
 * would not show it.) */
#include "support/unit.h"

#include "base/os.h"
#include "support/served.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 1000, RUN_MS = 3000, RUN_MAX_MS = 60000, GAP_MAX_MS = 1000 };

typedef struct Client {
    ServedClient client;
    int sent;
    int64_t answered; /* requests */
    int64_t last_us;  /* of the last answer */
    int64_t gap_us;   /* the longest between two */
} Client;

static Served served;
static Client clients[CONNECTIONS_MAX];
static struct pollfd polls[CONNECTIONS_MAX];
static int round_count;

static int setup(void **state)
{
    (void)state;
    served_make(&served);
    served_start(&served);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    int status = served_end(&served, SIGTERM);
    served_drop(&served);
    return status;
}

static void client_ask(Client *client)
{
    char text[32];
    (void)snprintf(
        text, sizeof text, "%d.%d.%d", round_count, (int)(client - clients), client->sent++);
    assert_true(served_ask(&client->client, text));
}

static void client_read(Client *client, int64_t now_us)
{
    assert_true(served_read(&client->client, true));
    if (!served_is_answered(&client->client)) {
        return;
    }
    assert_int_equal(served_status(&client->client), 201);
    int64_t gap_us = now_us - client->last_us;
    client->gap_us = gap_us > client->gap_us ? gap_us : client->gap_us;
    client->last_us = now_us;
    client->answered++;
    client_ask(client);
}

static bool all_are_answered(int count)
{
    for (int i = 0; i < count; i++) {
        if (clients[i].answered == 0) {
            return false;
        }
    }
    return true;
}

/* A program under a sanitizer may need longer to come round once. Returns how long it ran. */
static int64_t clients_run(int count)
{
    int64_t start_us = os_monotonic_us();
    int64_t ran_ms = 0;
    while (ran_ms < RUN_MS || (ran_ms < RUN_MAX_MS && !all_are_answered(count))) {
        assert_true(poll(polls, (nfds_t)count, 100) >= 0);
        int64_t now_us = os_monotonic_us();
        for (int i = 0; i < count; i++) {
            if (polls[i].revents != 0) {
                client_read(&clients[i], now_us);
            }
        }
        ran_ms = (now_us - start_us) / 1000;
    }
    return ran_ms;
}

static void clients_start(int count)
{
    round_count++;
    for (int i = 0; i < count; i++) {
        clients[i] = (Client){0};
        served_connect(&served, &clients[i].client);
        polls[i] = (struct pollfd){.fd = clients[i].client.fd, .events = POLLIN};
    }
    int64_t start_us = os_monotonic_us();
    for (int i = 0; i < count; i++) {
        clients[i].last_us = start_us;
        client_ask(&clients[i]);
    }
}

static void all_progress(int count)
{
    clients_start(count);
    int64_t ran_ms = clients_run(count);
    int64_t end_us = os_monotonic_us();
    int64_t total = 0;
    int64_t gap_us = 0;
    for (int i = 0; i < count; i++) {
        int64_t last_us = end_us - clients[i].last_us;
        assert_true(clients[i].answered > 0);
        total += clients[i].answered;
        gap_us = clients[i].gap_us > gap_us ? clients[i].gap_us : gap_us;
        gap_us = last_us > gap_us ? last_us : gap_us;
        close(clients[i].client.fd);
    }
    printf("# figure: %d connections: %lld answers a second, longest wait %lld ms\n", count,
        (long long)(total * 1000 / ran_ms), (long long)(gap_us / 1000));
    /* Besides, twice what a round of all takes at that rate: much under a sanitizer alone. */
    assert_in_range(gap_us / 1000, 0, GAP_MAX_MS + 2 * count * ran_ms / total);
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
    return cmocka_run_group_tests(tests, setup, teardown);
}
