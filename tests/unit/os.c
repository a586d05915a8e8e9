/* Files, locks, the clock and the log. */
#include "support/unit.h"

#include "base/log.h"
#include "base/os.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/guanxi-os-XXXXXX";

static int folder_make(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int folder_drop(void **state)
{
    (void)state;
    return rmdir(folder);
}

static const char *file_make(Arena *arena, const char *name, const char *data, size_t size)
{
    const char *path = arena_printf(arena, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void files_are_read_whole(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    const char *path = file_make(arena, "whole", "ab\0cd", 5);
    char *data = NULL;
    size_t size = 99;
    assert_int_equal(os_file_read(arena, path, 5, &data, &size), OS_OK);
    assert_int_equal(size, 5);
    assert_memory_equal(data, "ab\0cd\0", 6);
    data = NULL;
    assert_int_equal(os_file_read(arena, path, 4, &data, &size), OS_TOO_LARGE);
    assert_null(data);
    assert_true(os_file_exists(path));
    assert_int_equal(unlink(path), 0);
    assert_false(os_file_exists(path));
    assert_int_equal(os_file_read(arena, path, 4, &data, &size), OS_MISSING);
    assert_string_equal(os_error_text(), "No such file or directory");
    assert_int_equal(os_file_read(arena, folder, 4, &data, &size), OS_FAILED);
    assert_int_equal(os_file_read(arena, "/proc/self/status", 100000, &data, &size), OS_OK);
    assert_int_equal(strlen(data), size);
    assert_int_equal(os_file_read(arena, "/dev/zero", 100000, &data, &size), OS_TOO_LARGE);
    path = file_make(arena, "empty", "", 0);
    assert_int_equal(os_file_read(arena, path, 10, &data, &size), OS_OK);
    assert_int_equal(size, 0);
    assert_string_equal(data, "");
    assert_int_equal(unlink(path), 0);
    if (geteuid() != 0) {
        assert_int_equal(os_file_read(arena, "/etc/shadow", 100000, &data, &size), OS_DENIED);
    }
}

static void a_lock_is_held_by_one(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    const char *path = arena_printf(arena, "%s/x.lock", folder);
    OsLock lock = {.fd = -1};
    OsLock second = {.fd = -1};
    assert_int_equal(os_lock_take(path, &lock), OS_OK);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(os_lock_take(path, &second), OS_BUSY);
    assert_int_equal(second.fd, -1);
    assert_int_equal(os_lock_write(&lock, "http://127.0.0.1:8080 secret\n"), OS_OK);
    assert_int_equal(os_lock_write(&lock, "short\n"), OS_OK);
    char *data = NULL;
    size_t size = 0;
    assert_int_equal(os_file_read(arena, path, 100, &data, &size), OS_OK);
    assert_string_equal(data, "short\n");
    os_lock_free(&lock);
    assert_int_equal(lock.fd, -1);
    os_lock_free(&lock);
    assert_int_equal(os_lock_take(path, &second), OS_OK);
    os_lock_free(&second);
    assert_int_equal(unlink(path), 0);

    const char *target = file_make(arena, "target", "keep", 4);
    assert_int_equal(symlink(target, path), 0);
    /* a link planted there is not followed */
    assert_int_not_equal(os_lock_take(path, &second), OS_OK);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(target), 0);
    const char *nowhere = arena_printf(arena, "%s/none/x.lock", folder);
    assert_int_equal(os_lock_take(nowhere, &second), OS_MISSING);
}

static void the_clock_goes(void **state)
{
    (void)state;
    assert_true(os_now_ms() > INT64_C(1767225600000)); /* 2026 */
    int64_t before = os_monotonic_us();
    assert_true(os_monotonic_us() >= before);
}

/* What log_line writes to stderr, read back from a file put in its place. */
static const char *logged(Arena *arena, LogLevel level, const char *text)
{
    const char *path = arena_printf(arena, "%s/log", folder);
    (void)fflush(stderr);
    int kept = dup(STDERR_FILENO);
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(kept >= 0 && file >= 0);
    assert_true(dup2(file, STDERR_FILENO) >= 0);
    log_line(level, "%s", text);
    (void)fflush(stderr);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    (void)close(file);
    (void)close(kept);
    char *data = NULL;
    size_t size = 0;
    assert_int_equal(os_file_read(arena, path, 100000, &data, &size), OS_OK);
    assert_int_equal(unlink(path), 0);
    return data;
}

static void an_event_is_one_line(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    const char *line = logged(arena, LOG_WARN, "the disk\nis\tfull");
    Instant at = 0;
    assert_true(instant_parse(arena_copy(arena, line, INSTANT_TEXT_SIZE - 1), &at));
    assert_string_equal(line + INSTANT_TEXT_SIZE - 1, " warn  the disk is full\n");
    assert_string_equal(logged(arena, LOG_DEBUG, "not at this level"), "");
    log_level_set(LOG_ERROR);
    assert_string_equal(logged(arena, LOG_WARN, "not at this level"), "");
    log_level_set(LOG_DEBUG);
    assert_non_null(strstr(logged(arena, LOG_DEBUG, "now"), " debug now\n"));
    log_level_set(LOG_INFO);
    char *text = arena_alloc(arena, 10001);
    memset(text, 'x', 10000);
    line = logged(arena, LOG_ERROR, text);
    assert_int_equal(line[strlen(line) - 1], '\n');
    assert_true(strlen(line) < 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_whole),
        cmocka_unit_test(a_lock_is_held_by_one),
        cmocka_unit_test(the_clock_goes),
        cmocka_unit_test(an_event_is_one_line),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_drop);
}
