/* What was answered last, in its file: what a server finds there that was killed, or had no room,
 * while it wrote. */
#include "support/unit.h"

#include "op/fence.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 56 };

typedef struct Kept {
    Arena *arena;
    char path[64];
} Kept;

static int setup(void **state)
{
    static Kept kept;
    kept = (Kept){.arena = arena_new(1024 * 1024)};
    (void)snprintf(kept.path, sizeof kept.path, "/tmp/guanxi-fence-%d", (int)getpid());
    (void)unlink(kept.path);
    *state = &kept;
    return 0;
}

static int teardown(void **state)
{
    const Kept *kept = *state;
    (void)unlink(kept->path);
    arena_free(kept->arena);
    return 0;
}

static Err start(const Kept *kept, Fence *fence)
{
    Ctx cx = {.arena = kept->arena};
    return fence_start(&cx, kept->path, fence);
}

static void file_is(const Kept *kept, const char *text, size_t size)
{
    FILE *file = fopen(kept->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void the_last_ones_are_found_again(void **state)
{
    const Kept *kept = *state;
    Fence fence;
    assert_int_equal(start(kept, &fence), ERR_OK);
    for (Id id = 1; id <= FENCE_IDS + 2; id++) {
        fence_note(&fence, id, 7);
    }
    fence_end(&fence);
    assert_int_equal(start(kept, &fence), ERR_OK);
    assert_int_equal(fence.next, 2);
    assert_int_equal(fence.ids[1].op_id, FENCE_IDS + 2);
    assert_int_equal(fence.ids[1].account, 7);
    assert_int_equal(fence.ids[2].op_id, 3);
    fence_end(&fence);
}

static void one_of_each_second_stays_when_many_come(void **state)
{
    const Kept *kept = *state;
    const Id second = 1000 * (Id)ID_PER_MS;
    Fence fence;
    assert_int_equal(start(kept, &fence), ERR_OK);
    for (Id id = second; id < 21 * second; id += second / 100) {
        if (id % second == 0) {
            fence.sampled_at_us = 0;
        }
        fence_note(&fence, id, 7);
    }
    fence_end(&fence);
    assert_int_equal(start(kept, &fence), ERR_OK);
    for (Id i = 0; i < FENCE_IDS; i++) {
        assert_true(fence.ids[i].op_id >= 20 * second);
    }
    assert_int_equal(fence.next_sample, 20 % FENCE_SAMPLES);
    for (Id i = 0; i < FENCE_SAMPLES; i++) { /* the seconds 5 to 20 */
        size_t at = (fence.next_sample + (size_t)i) % FENCE_SAMPLES;
        assert_true(fence.samples[at].op_id == (5 + i) * second);
        assert_int_equal(fence.samples[at].account, 7);
    }
    fence_end(&fence);
}

/* There was no room for the first line, and then there was for others. */
static void without_its_first_line_it_is_read(void **state)
{
    const Kept *kept = *state;
    Fence fence;
    char lines[3 * LINE];
    memset(lines, 0, LINE);
    (void)snprintf(lines + LINE, LINE + 1, "%-*s\n", LINE - 1, "5 7");
    (void)snprintf(lines + (size_t)2 * LINE, LINE, "%-*s", LINE - 1, "6 7");
    lines[sizeof lines - 1] = '\n';
    file_is(kept, lines, sizeof lines);
    assert_int_equal(start(kept, &fence), ERR_OK);
    assert_string_equal(fence.uuid, "");
    assert_int_equal(fence.ids[1].op_id, 6);
    fence_end(&fence);
}

static void what_no_server_left_there_is_refused(void **state)
{
    const Kept *kept = *state;
    static const char *const texts[] = {
        "x", "organisation", "a text of somebody else's, on a line"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        Fence fence;
        file_is(kept, texts[i], strlen(texts[i]));
        assert_int_equal(start(kept, &fence), ERR_DB_DAMAGED);
        fence_end(&fence);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_last_ones_are_found_again),
        TEST(one_of_each_second_stays_when_many_come),
        TEST(without_its_first_line_it_is_read),
        TEST(what_no_server_left_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
