/* Files that appear whole or not at all. What a file holds is the business of others. */
#ifndef GUANXI_BASE_FILE_H
#define GUANXI_BASE_FILE_H

#include "base/os.h"

typedef enum FileKind {
    FILE_MISSING,
    FILE_EMPTY, /* a file of no bytes */
    FILE_PLAIN,
    FILE_FOLDER,
    FILE_OTHER,
    FILE_HIDDEN, /* cannot be looked at by this user */
} FileKind;

FileKind file_kind(const char *path);
/* How many hard links lead to the file; 0 when there is none, or it is no plain file. */
size_t file_names(const char *path);
/* Its size; 0 when it cannot be looked at. */
size_t file_bytes(const char *path);
/* The file that a symbolic link leads to in the end; path itself when it is no link, or one that
 * leads nowhere. */
const char *file_behind(Arena *arena, const char *path);
/* Makes an empty file with mode 0600. OS_EXISTS when there is anything at path, OS_MISSING when its
 * folder is not there. */
OsResult file_reserve(const char *path);
/* Syncs `from`, gives it the name `to`, syncs the folder. OS_EXISTS when there is anything at `to`.
 */
OsResult file_publish(const char *from, const char *to);
/* Also when there is none. */
void file_remove(const char *path);

#endif
