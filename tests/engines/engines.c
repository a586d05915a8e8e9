/* Random histories of trade on both engines at once: the same calls, compared answer by answer and,
 * at the end of each history, table by table.
 *
 * ENGINES_COUNT histories from ENGINES_SEED on, beside the server of GUANXI_TEST_PG, which
 * tests/pg/with starts. */
#include "support/unit.h"

#include "support/trade.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_MIN = 10, STEPS_MORE = 31 };

static Trade ours[2]; /* a file's, a server's */
static uint64_t first_seed;
static uint64_t histories;

static int setup(void **state)
{
    (void)state;
    first_seed = world_setting("ENGINES_SEED", 1);
    histories = world_setting("ENGINES_COUNT", 300);
    const char *server = getenv("GUANXI_TEST_PG");
    assert_non_null(server);
    char kept[200];
    assert_true(snprintf(kept, sizeof kept, "%s", server) < (int)sizeof kept);
    (void)unsetenv("GUANXI_TEST_PG");
    trade_open(&ours[0]);
    (void)setenv("GUANXI_TEST_PG", kept, 1);
    trade_open(&ours[1]);
    assert_true(db_is_file(ours[0].world.place.path));
    assert_false(db_is_file(ours[1].world.place.path));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&ours[0].world);
    world_close(&ours[1].world);
    return 0;
}

static const char *told(const Trade *trade)
{
    return trade->answer == NULL ? "nothing" : json_dumps(trade->answer, JSON_SORT_KEYS);
}

/* NULL when both did the same and answered the same. */
static const char *answers_differ(void)
{
    const Trade *a = &ours[0];
    const Trade *b = &ours[1];
    bool is_same_call = (a->operation == NULL) == (b->operation == NULL) &&
                        (a->operation == NULL || strcmp(a->operation, b->operation) == 0);
    if (!is_same_call) {
        return "they did not come to the same operation";
    }
    if (a->operation == NULL) {
        return NULL;
    }
    bool is_same = a->world.status == b->world.status && json_equal(a->answer, b->answer) == 1;
    if (!is_same) {
        printf("# %s\n#   %d %s\n#   %d %s\n", a->operation, a->world.status, told(a),
            b->world.status, told(b));
        return "they answered differently";
    }
    return NULL;
}

/* Keys are kept in one table or the other, by who else may write; the audit rows prove what they
 * hold. Takes their rows out, and counts them. */
static char *without_keys(const char *dump, size_t *ret_keys)
{
    char *kept = malloc(strlen(dump) + 1);
    assert_non_null(kept);
    size_t used = 0;
    *ret_keys = 0;
    for (const char *line = dump; *line != '\0';) {
        size_t length = strcspn(line, "\n") + 1;
        bool is_key = strncmp(line, "idempotency", 11) == 0;
        *ret_keys += is_key;
        memcpy(kept + used, line, is_key ? 0 : length);
        used += is_key ? 0 : length;
        line += length;
    }
    kept[used] = '\0';
    return kept;
}

static const char *tables_differ(void)
{
    size_t keys[2];
    char *file = without_keys(world_dump(&ours[0].world), &keys[0]);
    char *server = without_keys(world_dump(&ours[1].world), &keys[1]);
    bool is_same = strcmp(file, server) == 0 && keys[0] == keys[1];
    if (!is_same) {
        printf("# %zu and %zu keys; %s\n", keys[0], keys[1],
            world_difference(&ours[0].world, file, server));
    }
    free(file);
    free(server);
    return is_same ? NULL : "they stored something else";
}

static const char *history_fault(uint64_t seed)
{
    for (size_t i = 0; i < COUNT(ours); i++) {
        world_begin(&ours[i].world, seed);
        trade_begin(&ours[i]);
    }
    uint32_t steps = STEPS_MIN + world_below(&ours[0].world, STEPS_MORE);
    (void)world_below(&ours[1].world, STEPS_MORE);
    const char *fault = NULL;
    for (uint32_t step = 0; step < steps && fault == NULL; step++) {
        for (size_t i = 0; i < COUNT(ours); i++) {
            trade_step(&ours[i]);
            if (ours[i].operation != NULL) {
                books_follow(&ours[i].books);
            }
        }
        fault = answers_differ();
    }
    const char *stored = tables_differ(); /* shows where, if the answers tell that only by a hash */
    return fault != NULL ? fault : stored;
}

static void history_try(uint64_t seed)
{
    const char *fault = history_fault(seed);
    if (fault != NULL) {
        fail_msg(
            "%s; again with ENGINES_SEED=%llu ENGINES_COUNT=1", fault, (unsigned long long)seed);
    }
    world_end(&ours[0].world);
    world_end(&ours[1].world);
}

/* Those that once told the engines apart, as long as they are what they were then: requests of one
 * account that lapse in one close. */
static const uint64_t found[] = {UINT64_C(1795791562009079)};

static void both_do_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(found); i++) {
        history_try(found[i]);
    }
    for (uint64_t i = 0; i < histories; i++) {
        history_try(first_seed + i);
    }
    printf("# %llu histories from ENGINES_SEED=%llu\n", (unsigned long long)histories,
        (unsigned long long)first_seed);
    for (size_t i = 0; i < ours[0].count_count; i++) {
        const TradeCount *count = &ours[0].counts[i];
        printf("# %-24s %8lld done %8lld refused\n", count->name, (long long)count->done,
            (long long)count->refused);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_do_the_same),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
