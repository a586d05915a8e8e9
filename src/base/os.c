/* Clock, files and locks. Codes of the system become OsResult here and go no further. */
#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MEMORY_LARGE_BYTES = 512 * 1024 };

OsResult os_result_of(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return OS_MISSING;
    case EACCES:
    case EPERM:
    case EROFS:
        return OS_DENIED;
    case EFBIG:
    case ENOSPC:
    case EDQUOT:
        return OS_TOO_LARGE;
    case EWOULDBLOCK:
    case EBUSY:
        return OS_BUSY;
    case EEXIST:
        return OS_EXISTS;
    case EMFILE:
    case ENFILE:
        return OS_NO_HANDLES;
    default:
        return OS_FAILED;
    }
}

OsResult os_last_result(void)
{
    return os_result_of(errno);
}

Instant os_now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (Instant)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t os_monotonic_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void fd_close(const int *fd)
{
    if (*fd >= 0) {
        int kept = errno;
        (void)close(*fd);
        errno = kept;
    }
}

/* The first line of what Linux tells: "cpu", then user, nice, system, idle, iowait, irq, softirq,
 * steal. What the host took away was not idle. */
bool os_load(OsLoad *ret_load)
{
    enum { IDLE = 3, IOWAIT = 4, TIMES = 8 };
    char line[512];
    *ret_load = (OsLoad){0};
    int fd = open("/proc/stat", O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, line, sizeof line - 1);
    fd_close(&fd);
    if (length < 4 || memcmp(line, "cpu ", 4) != 0) {
        return false;
    }
    line[length] = '\0';
    char *at = line + 4;
    for (int i = 0; i < TIMES; i++) {
        int64_t ticks = strtoll(at, &at, 10);
        ret_load->all += ticks;
        ret_load->idle += i == IDLE || i == IOWAIT ? ticks : 0;
    }
    return ret_load->all > 0;
}

int os_processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : (int)count;
}

const char *os_error_text(void)
{
    const char *text = strerrordesc_np(errno);
    return text == NULL ? "unknown error" : text;
}

/* Reads to the end of fd; at most `room` bytes. */
static OsResult read_all(int fd, char *data, size_t room, size_t *ret_size)
{
    size_t size = 0;
    for (;;) {
        ssize_t got = read(fd, data + size, room - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return os_last_result();
        }
        if (got == 0) {
            *ret_size = size;
            return OS_OK;
        }
        size += (size_t)got;
        if (size == room) {
            return OS_TOO_LARGE;
        }
    }
}

OsResult os_file_read(
    Arena *arena, const char *path, size_t size_max, char **ret_data, size_t *ret_size)
{
    CLEANUP(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0) {
        return os_last_result();
    }
    if (S_ISDIR(about.st_mode)) {
        errno = EISDIR;
        return OS_FAILED;
    }
    /* What is no plain file tells no size. */
    bool is_plain = S_ISREG(about.st_mode) && about.st_size > 0;
    if (is_plain && (uintmax_t)about.st_size > size_max) {
        return OS_TOO_LARGE;
    }
    size_t room = (is_plain ? (size_t)about.st_size : size_max) + 1;
    ArenaMark mark = arena_mark(arena);
    char *data = arena_alloc(arena, room + 1);
    size_t size = 0;
    OsResult result = read_all(fd, data, room, &size);
    if (result != OS_OK) {
        arena_rewind(arena, mark);
        return result;
    }
    data[size] = '\0';
    *ret_data = data;
    *ret_size = size;
    return OS_OK;
}

bool os_file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

const char *os_folder_make(Arena *arena)
{
    const char *base = getenv("TMPDIR");
    char *path = arena_printf(
        arena, "%s/guanxi-XXXXXX", base == NULL || base[0] == '\0' ? "/var/tmp" : base);
    return mkdtemp(path);
}

/* Whether the file that is open is still the one of that name. */
static bool is_named(int fd, const char *path)
{
    struct stat open;
    struct stat named;
    return fstat(fd, &open) == 0 && lstat(path, &named) == 0 && open.st_ino == named.st_ino &&
           open.st_dev == named.st_dev;
}

OsResult os_lock_take(const char *path, OsLock *ret_lock)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return os_last_result();
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        OsResult result = os_last_result();
        fd_close(&fd);
        return result;
    }
    if (!is_named(fd, path)) {
        fd_close(&fd);
        return OS_BUSY;
    }
    *ret_lock = (OsLock){.fd = fd};
    return OS_OK;
}

OsResult os_lock_write(const OsLock *lock, const char *text)
{
    ASSERT(lock->fd >= 0);
    if (ftruncate(lock->fd, 0) != 0) {
        return os_last_result();
    }
    return os_lock_put(lock, text, strlen(text), 0);
}

OsResult os_lock_put(const OsLock *lock, const char *text, size_t length, int64_t at)
{
    ASSERT(lock->fd >= 0);
    for (size_t done = 0; done < length;) {
        ssize_t put = pwrite(lock->fd, text + done, length - done, (off_t)at + (off_t)done);
        if (put < 0 && errno != EINTR) {
            return os_last_result();
        }
        done += put > 0 ? (size_t)put : 0;
    }
    return OS_OK;
}

void os_lock_free(OsLock *lock)
{
    fd_close(&lock->fd);
    lock->fd = -1;
}

void os_lock_remove(OsLock *lock, const char *path)
{
    (void)unlink(path);
    os_lock_free(lock);
}

void os_memory_give_back(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, MEMORY_LARGE_BYTES);
    (void)mallopt(M_TRIM_THRESHOLD, 2 * MEMORY_LARGE_BYTES);
#endif
}
