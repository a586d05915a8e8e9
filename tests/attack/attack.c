/* Sam owns the relation, a colleague helps him; neither is an approver. A seeded search over
 * sequences of up to six things they can do, on accounts in many states, never brings an account or
 * a group above its limit, nor goods out of the house beyond it, unless somebody independent has
 * approved that.
 *
 * ATTACK_COUNT sequences from ATTACK_SEED on; WORLD_TELL=1 prints every call of them,
 * 2 also how the books began. */
#include "support/unit.h"

#include "support/ploy.h"

static uint64_t first_seed;
static uint64_t sequences;
static Ploy ploy;

static int setup(void **state)
{
    (void)state;
    first_seed = world_setting("ATTACK_SEED", 1);
    sequences = world_setting("ATTACK_COUNT", 100000);
    ploy_open(&ploy);
    ploy.world.is_told = world_setting("WORLD_TELL", 0) != 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&ploy.world);
    return 0;
}

static void nobody_gets_above_the_limit_alone(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < sequences; i++) {
        const char *fault = ploy_run(&ploy, first_seed + i);
        if (fault != NULL) {
            fail_msg("%s; again with ATTACK_SEED=%llu ATTACK_COUNT=1 WORLD_TELL=1", fault,
                (unsigned long long)(first_seed + i));
        }
    }
    printf(
        "# %llu sequences from ATTACK_SEED=%llu: %lld calls, %lld done, %lld approved by others\n",
        (unsigned long long)sequences, (unsigned long long)first_seed, (long long)ploy.calls,
        (long long)ploy.done, (long long)ploy.approved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_gets_above_the_limit_alone),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
