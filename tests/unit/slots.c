/* The table that paces requests and throttles attempts. */
#include "support/unit.h"

#include "edge/slots.h"

enum { HELD = 4096, MANY = 5 * HELD };

static Hash numbered(const Slots *slots, int number)
{
    char text[32];
    (void)snprintf(text, sizeof text, "caller %d", number);
    return slots_key(slots, "test", text);
}

static void a_key_finds_what_it_left(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Slots *slots = slots_start(arena);
    Hash key = slots_key(slots, "test", "wang");
    Hash of_other_kind = slots_key(slots, "tes", "twang");
    Hash of_other_text = slots_key(slots, "test", "li");
    slots_lock(slots);
    assert_null(slots_find(slots, &key));
    Slot *slot = slots_take(slots, &key, 7);
    assert_int_equal(slot->used_at, 7);
    assert_int_equal(slot->until, 0);
    assert_int_equal(slot->attempts, 0);
    slot->until = 9;
    slot->attempts = 3;
    assert_ptr_equal(slots_find(slots, &key), slot);
    assert_ptr_equal(slots_take(slots, &key, 8), slot);
    assert_int_equal(slot->used_at, 7); /* whether that was a use, the caller says */
    assert_int_equal(slot->until, 9);
    assert_int_equal(slot->attempts, 3);
    assert_null(slots_find(slots, &of_other_kind));
    assert_null(slots_find(slots, &of_other_text));
    slots_forget(slot);
    assert_null(slots_find(slots, &key));
    assert_int_equal(slots_take(slots, &key, 8)->attempts, 0);
    slots_unlock(slots);
    slots_stop(slots);
}

static void keys_of_one_text_differ_from_table_to_table(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(2 << 20);
    Slots *one = slots_start(arena);
    Slots *other = slots_start(arena);
    Hash a = slots_key(one, "test", "wang");
    Hash b = slots_key(other, "test", "wang");
    assert_memory_not_equal(&a, &b, sizeof a);
    slots_stop(one);
    slots_stop(other);
}

/* More keys than places: the newest are known, the oldest gave way; one in use throughout stays. */
static void the_longest_unused_gives_way(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Slots *slots = slots_start(arena);
    Hash busy = slots_key(slots, "test", "busy");
    slots_lock(slots);
    slots_take(slots, &busy, 1)->attempts = 1;
    for (int i = 0; i < MANY; i++) {
        Hash key = numbered(slots, i);
        (void)slots_take(slots, &key, 2 + i);
        slots_take(slots, &busy, 2 + i)->used_at = 2 + i;
    }
    assert_int_equal(slots_find(slots, &busy)->attempts, 1);
    int known = 0;
    for (int i = 0; i < MANY; i++) {
        Hash key = numbered(slots, i);
        known += slots_find(slots, &key) != NULL;
        assert_true(i < MANY - 1 || slots_find(slots, &key) != NULL);
    }
    assert_in_range(known, HELD / 2, HELD - 1);
    Hash first = numbered(slots, 0);
    assert_null(slots_find(slots, &first));
    slots_unlock(slots);
    slots_stop(slots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_finds_what_it_left),
        cmocka_unit_test(keys_of_one_text_differ_from_table_to_table),
        cmocka_unit_test(the_longest_unused_gives_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
