/* Random histories of trade. After each operation the position is what an independent, naive
 * set of books works out from the documents; after each history doctor finds nothing,
 * rebuilding changes nothing, every decision comes out the same when it is judged again, and
 * nothing on the way was a failure of the program.
 *
 * * PROPERTY_COUNT histories from PROPERTY_SEED on; WORLD_TELL=1 prints every call of them. */
#include "support/unit.h"

#include "support/trade.h"

#include <string.h>

enum { STEPS_MIN = 10, STEPS_MORE = 31 };

static uint64_t first_seed;
static uint64_t histories;
static Trade trade;
static int64_t decisions;

static int setup(void **state)
{
    (void)state;
    first_seed = world_setting("PROPERTY_SEED", 1);
    histories = world_setting("PROPERTY_COUNT", 20000);
    trade_open(&trade);
    trade.world.is_told = world_setting("WORLD_TELL", 0) != 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&trade.world);
    return 0;
}

/* ---- what must hold ---- */

static const char *step_fault(void)
{
    trade_step(&trade);
    if (trade.operation == NULL) {
        return NULL;
    }
    if (trade.fault != NULL) {
        return trade.fault;
    }
    books_follow(&trade.books);
    return books_difference(&trade.books);
}

static const char *replay_fault(void)
{
    static const Sql sql = {"SELECT id FROM decision ORDER BY id", "", "k"};
    Rows rows = world_ask(&trade.world, &sql, NO_ARGS);
    Id ids[512];
    size_t count = 0;
    while (db_next(&rows)) {
        assert_true(count < COUNT(ids));
        ids[count++] = db_id(&rows, 0);
    }
    for (size_t i = 0; i < count; i++) {
        char id[ID_TEXT_SIZE];
        id_format('D', ids[i], id);
        const json_t *answer =
            world_do(&trade.world, NULL, "decision_replay", json_pack("{s:s}", "decision", id));
        decisions++;
        if (!json_is_true(json_object_get(answer, "same"))) {
            return "a decision comes out differently when it is replayed";
        }
    }
    return NULL;
}

static const char *stored_fault(void)
{
    World *world = &trade.world;
    if (world_doctor(world) > 0) {
        return "doctor finds something";
    }
    const char *before = world_dump(world);
    world_rebuild(world);
    const char *after = world_dump(world);
    if (strcmp(before, after) != 0) {
        printf("# rebuilt: %s\n", world_difference(world, before, after));
        return "rebuilding changes something";
    }
    return NULL;
}

static const char *history_fault(uint64_t seed)
{
    world_begin(&trade.world, seed);
    trade_begin(&trade);
    uint32_t steps = STEPS_MIN + world_below(&trade.world, STEPS_MORE);
    const char *fault = NULL;
    for (uint32_t i = 0; i < steps && fault == NULL; i++) {
        fault = step_fault();
    }
    fault = fault != NULL ? fault : replay_fault();
    fault = fault != NULL ? fault : stored_fault();
    return fault;
}

/* What is stored, for whoever looks into a fault. */
static void stored_tell(void)
{
    const char *at = trade.world.is_told ? world_dump(&trade.world) : "";
    for (size_t length = 0; *at != '\0'; at += length + 1) {
        length = strcspn(at, "\n");
        if (strncmp(at, "audit", 5) != 0 && strncmp(at, "decision", 8) != 0) {
            printf("# %.*s\n", (int)length, at);
        }
    }
}

static void position_is_what_documents_say(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < histories; i++) {
        const char *fault = history_fault(first_seed + i);
        if (fault != NULL) {
            stored_tell();
            fail_msg("%s, after %s; again with PROPERTY_SEED=%llu PROPERTY_COUNT=1 WORLD_TELL=1",
                fault, trade.operation == NULL ? "nothing" : trade.operation,
                (unsigned long long)(first_seed + i));
        }
        world_end(&trade.world);
    }
    printf("# %llu histories from PROPERTY_SEED=%llu, %lld decisions replayed\n",
        (unsigned long long)histories, (unsigned long long)first_seed, (long long)decisions);
    for (size_t i = 0; i < trade.count_count; i++) {
        const TradeCount *count = &trade.counts[i];
        printf("# %-24s %8lld done %8lld refused\n", count->name, (long long)count->done,
            (long long)count->refused);
        /* A search in which an operation is never done proves nothing about it. */
        assert_true(histories < 10000 || count->done > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(position_is_what_documents_say),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
