/* Arenas and growing text. */
#include "support/unit.h"

#include "base/buf.h"

#include <string.h>

static void pieces_are_zeroed_and_aligned(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    static const size_t sizes[] = {0, 1, 7, 16, 17, 4096, 20000, 300000};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        unsigned char *piece = arena_alloc(arena, sizes[i]);
        assert_non_null(piece);
        assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
        for (size_t b = 0; b < sizes[i]; b++) {
            assert_int_equal(piece[b], 0);
            piece[b] = 0xff;
        }
    }
    arena_reset(arena);
    const unsigned char *again = arena_alloc(arena, 1000);
    for (size_t b = 0; b < 1000; b++) {
        assert_int_equal(again[b], 0);
    }
}

static void rewind_frees_what_came_after(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    ArenaMark empty = arena_mark(arena);
    char *kept = arena_str(arena, "kept");
    ArenaMark mark = arena_mark(arena);
    size_t used = arena_used(arena);
    for (int round = 0; round < 100; round++) {
        for (int i = 0; i < 100; i++) {
            memset(arena_alloc(arena, 997), 'x', 997);
        }
        assert_true(arena_used(arena) > used);
        arena_rewind(arena, mark);
        assert_int_equal(arena_used(arena), used);
    }
    assert_string_equal(kept, "kept");
    arena_rewind(arena, empty);
    assert_int_equal(arena_used(arena), 0);
    assert_string_equal(arena_str(arena, "new"), "new");
}

static void over_the_cap_is_told_not_refused(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(10000);
    ArenaMark mark = arena_mark(arena);
    assert_non_null(arena_alloc(arena, 9984));
    assert_false(arena_is_over(arena));
    assert_non_null(arena_alloc(arena, 17));
    assert_true(arena_is_over(arena));
    arena_rewind(arena, mark);
    assert_false(arena_is_over(arena));
    assert_non_null(arena_array(arena, 1000, 11));
    assert_true(arena_is_over(arena));
    arena_reset(arena);
    assert_false(arena_is_over(arena));
}

static void text_is_copied(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    assert_null(arena_str(arena, NULL));
    assert_string_equal(arena_str(arena, ""), "");
    assert_string_equal(arena_copy(arena, "abcdef", 3), "abc");
    assert_string_equal(arena_copy(arena, NULL, 0), "");
    assert_string_equal(arena_printf(arena, "%s-%d", "order", 7), "order-7");
    char *wide = arena_printf(arena, "%5000d", 1);
    assert_int_equal(strlen(wide), 5000);
}

static void buf_grows(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 24);
    Buf buf = buf_in(arena);
    assert_string_equal(buf_text(&buf), "");
    for (int i = 0; i < 10000; i++) {
        buf_printf(&buf, "%04d", i);
        buf_char(&buf, ',');
    }
    assert_int_equal(buf.length, 50000);
    assert_int_equal(strlen(buf_text(&buf)), 50000);
    assert_memory_equal(buf.data + 49995, "9999,", 5);
    buf_add(&buf, "a\0b", 3);
    assert_int_equal(buf.length, 50003);
    buf_str(&buf, "");
    assert_int_equal(buf.length, 50003);
    Buf one = buf_in(arena);
    buf_add(&one, "", 0);
    assert_string_equal(one.data, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_and_aligned),
        cmocka_unit_test(rewind_frees_what_came_after),
        cmocka_unit_test(over_the_cap_is_told_not_refused),
        cmocka_unit_test(text_is_copied),
        cmocka_unit_test(buf_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
