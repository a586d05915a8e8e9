/* The server is killed a hundred times while clients write to it: nothing that was answered is
 * lost, doctor finds nothing, and it is soon ready again. The seed is printed; KILL_SEED repeats
 * a run. */
#include "support/unit.h"

#include "base/crypto.h"
#include "base/os.h"
#include "op/store.h"
#include "support/served.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

enum { ROUNDS = 100, CLIENTS = 8, RUN_MIN_MS = 20, RUN_MORE_MS = 80 };

static Served served;
static ServedClient clients[CLIENTS];
static int asked[CLIENTS];

/* The last one of each client that was answered 201 in this round; all before it were, too. */
static int answered[CLIENTS];
static uint64_t seed;
static int64_t ready_most_us;
static int64_t answered_all;

static uint32_t random_below(uint32_t bound)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % bound;
}

static int setup(void **state)
{
    (void)state;
    const char *given = getenv("KILL_SEED");
    served_make(&served);
    crypto_random(&seed, sizeof seed);
    seed = given == NULL ? seed >> 32 : strtoull(given, NULL, 10);
    printf("# KILL_SEED=%llu\n", (unsigned long long)seed);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    served_drop(&served);
    return 0;
}

static void client_ask(int round, int i)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%d.%d.%d", round, i, ++asked[i]);
    (void)served_ask(&clients[i], text);
}

static void clients_run(int round, int64_t run_us)
{
    struct pollfd polls[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        asked[i] = 0;
        answered[i] = 0;
        served_connect(&served, &clients[i]);
        polls[i] = (struct pollfd){.fd = clients[i].fd, .events = POLLIN};
        client_ask(round, i);
    }
    for (int64_t end_us = os_monotonic_us() + run_us; os_monotonic_us() < end_us;) {
        assert_true(poll(polls, CLIENTS, 1) >= 0);
        for (int i = 0; i < CLIENTS; i++) {
            bool has_more = polls[i].revents != 0 && served_read(&clients[i], true);
            if (has_more && served_is_answered(&clients[i])) {
                assert_int_equal(served_status(&clients[i]), 201);
                answered[i] = asked[i];
                client_ask(round, i);
            }
        }
    }
}

/* What the kernel still holds was sent, so it was answered. */
static void clients_drain(void)
{
    for (int i = 0; i < CLIENTS; i++) {
        while (!served_is_answered(&clients[i]) && served_read(&clients[i], false)) {
        }
        if (served_is_answered(&clients[i]) && served_status(&clients[i]) == 201) {
            answered[i] = asked[i];
        }
        close(clients[i].fd);
    }
}

static void say_finding(void *user, const char *line)
{
    (void)user;
    printf("# doctor: %s\n", line);
}

static void round_check(int round)
{
    served_open(&served);
    for (int i = 0; i < CLIENTS; i++) {
        char text[128];
        (void)snprintf(text, sizeof text,
            "SELECT count(*) FROM series WHERE name LIKE '%d.%d.%%'", round, i);
        int64_t stored = tiny_number(&served.place, arena_str(served.place.arena, text));
        assert_in_range(stored, answered[i], asked[i]);
        answered_all += answered[i];
    }
    DoctorFigures figures;
    assert_int_equal(doctor_run(&served.place.cx, say_finding, NULL, &figures), ERR_OK);
    assert_int_equal(figures.findings, 0);
    served_close(&served);
}

static void killed_servers_lose_nothing_that_was_answered(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        served_start(&served);
        ready_most_us = served.ready_us > ready_most_us ? served.ready_us : ready_most_us;
        clients_run(round, (RUN_MIN_MS + random_below(RUN_MORE_MS)) * INT64_C(1000));
        (void)served_end(&served, SIGKILL);
        clients_drain();
        round_check(round);
    }
    assert_true(answered_all > ROUNDS);
    printf("# figure: killed %d times, %lld answered, ready after at most %lld ms\n", ROUNDS,
        (long long)answered_all, (long long)(ready_most_us / 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_servers_lose_nothing_that_was_answered),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
