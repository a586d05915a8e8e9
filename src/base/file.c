/* Files that appear whole or not at all. */
#include "base/file.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

FileKind file_kind(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        return os_last_result() == OS_MISSING ? FILE_MISSING : FILE_HIDDEN;
    }
    if (S_ISDIR(info.st_mode)) {
        return FILE_FOLDER;
    }
    if (!S_ISREG(info.st_mode)) {
        return FILE_OTHER;
    }
    return info.st_size == 0 ? FILE_EMPTY : FILE_PLAIN;
}

size_t file_names(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) ? (size_t)info.st_nlink : 0;
}

size_t file_bytes(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (size_t)info.st_size : 0;
}

/* A link among the folders changes nothing: what stands beside the file is the same files. */
const char *file_behind(Arena *arena, const char *path)
{
    struct stat info;
    char real[PATH_MAX];
    bool is_link = lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
    return is_link && realpath(path, real) != NULL ? arena_str(arena, real) : path;
}

OsResult file_reserve(const char *path)
{
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) {
        return os_last_result();
    }
    return close(fd) == 0 ? OS_OK : OS_FAILED;
}

static OsResult sync_at(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0) {
        return os_last_result();
    }
    int failed = fsync(fd);
    return close(fd) == 0 && failed == 0 ? OS_OK : OS_FAILED;
}

static OsResult folder_sync(const char *path)
{
    char folder[4096] = ".";
    const char *slash = strrchr(path, '/');
    if (slash != NULL) {
        size_t length = slash == path ? 1 : (size_t)(slash - path);
        if (length >= sizeof(folder)) {
            return OS_FAILED;
        }
        memcpy(folder, path, length);
        folder[length] = '\0';
    }
    return sync_at(folder, O_RDONLY | O_DIRECTORY);
}

/* An existing name is refused in one step with the naming, which rename() would replace. Where the
 * file system cannot do that, link() can, but the file has two names for a moment; and without hard
 * links the rename comes after a look. */
static OsResult name_give(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
        return OS_OK;
    }
    OsResult result = os_last_result();
    if (result == OS_EXISTS || result == OS_MISSING) {
        return result;
    }
    if (link(from, to) == 0) {
        return unlink(from) == 0 ? OS_OK : OS_FAILED;
    }
    if (os_last_result() == OS_EXISTS) {
        return OS_EXISTS;
    }
    if (file_kind(to) != FILE_MISSING) {
        return OS_EXISTS;
    }
    return rename(from, to) == 0 ? OS_OK : os_last_result();
}

OsResult file_publish(const char *from, const char *to)
{
    OsResult result = sync_at(from, O_RDONLY);
    if (result != OS_OK) {
        return result;
    }
    result = name_give(from, to);
    return result == OS_OK ? folder_sync(to) : result;
}

void file_remove(const char *path)
{
    (void)unlink(path);
}
