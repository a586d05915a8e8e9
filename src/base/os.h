/* The operating system: clock, files, locks. The only place that knows errno. */
#ifndef GUANXI_BASE_OS_H
#define GUANXI_BASE_OS_H

#include "base/arena.h"
#include "base/date.h"

#include <stdio.h>

Instant os_now_ms(void);
int64_t os_monotonic_us(void);

/* Time of all processors together since the machine started, in the system's ticks. */
typedef struct OsLoad {
    int64_t idle; /* waiting for a disk included */
    int64_t all;
} OsLoad;
/* False: it is not told here. */
MUST_CHECK bool os_load(OsLoad *ret_load);
int os_processors(void);

/* Milliseconds that local time of the zone (IANA name, e.g. "Asia/Shanghai") is ahead of UTC at
 * `at`; false when the zone is not known here. */
MUST_CHECK bool os_zone_offset(const char *zone, Instant at, int64_t *ret_offset_ms);

typedef enum OsResult {
    OS_OK,
    OS_MISSING,
    OS_DENIED,
    OS_TOO_LARGE,
    OS_BUSY,
    OS_EXISTS,
    OS_NO_HANDLES, /* as many files are open as may be */
    OS_FAILED
} OsResult;
/* Of the last failed call of this thread. */
OsResult os_last_result(void);
/* What the system meant by a number of its own, as a library keeps it. */
OsResult os_result_of(int number);
const char *os_error_text(void);
/* Whole file into the arena, with a NUL after it. */
OsResult os_file_read(
    Arena *arena, const char *path, size_t size_max, char **ret_data, size_t *ret_size);
bool os_file_exists(const char *path);
/* A new folder that nobody else may look into, in TMPDIR or /var/tmp; NULL: it cannot be made. */
const char *os_folder_make(Arena *arena);

/* An exclusive flock on path (made with mode 0600), held until os_lock_free or process end. OS_BUSY
 * also when the file was taken away by the one who held it: the next attempt makes a new one. */
typedef struct OsLock {
    int fd; /* -1: not held */
} OsLock;
OsResult os_lock_take(const char *path, OsLock *ret_lock);
/* Replaces what the lock file says; read by who finds it locked. */
OsResult os_lock_write(const OsLock *lock, const char *text);
/* Overwrites a part of it. */
OsResult os_lock_put(const OsLock *lock, const char *text, size_t length, int64_t at);
void os_lock_free(OsLock *lock);
/* The same, and takes the file away. */
void os_lock_remove(OsLock *lock, const char *path);

/* Large pieces of memory go back to the system as soon as they are freed. GNU's C library keeps,
 * once a larger one was freed, as much of all that comes after. Without effect elsewhere. */
void os_memory_give_back(void);

#endif
