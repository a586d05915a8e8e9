/* Reads a file or pipe line by line. */
#include "edge/lines.h"

#include "base/limits.h"
#include "base/os.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Room for the longest line, its end, and the NUL after a last line without one. */
enum { LINES_SIZE = LIMIT_JOURNAL_LINE_BYTES + 2 };

static bool is_folder(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISDIR(about.st_mode);
}

Err lines_open(Ctx *cx, const char *path, Lines *ret_lines)
{
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return err_set(cx, ERR_USAGE, NULL, "%s cannot be read: %s.", path, os_error_text());
    }
    if (is_folder(fd)) {
        (void)close(fd);
        return err_set(cx, ERR_USAGE, NULL, "%s is a folder; name a file.", path);
    }
    *ret_lines = (Lines){.fd = fd, .data = arena_alloc(cx->arena, LINES_SIZE)};
    return ERR_OK;
}

void lines_close(Lines *lines)
{
    if (lines->data != NULL && lines->fd != STDIN_FILENO) {
        (void)close(lines->fd);
    }
    lines->data = NULL;
}

size_t line_end(char *line, size_t length)
{
    length -= length > 0 && line[length - 1] == '\r' ? 1 : 0;
    line[length] = '\0';
    return length;
}

Err line_too_long(Ctx *cx)
{
    return err_set(cx, ERR_TOO_LARGE, NULL, "The line is longer than %d bytes.",
        (int)LIMIT_JOURNAL_LINE_BYTES);
}

static bool is_full(const Lines *lines)
{
    return lines->length - lines->at == LINES_SIZE - 1;
}

/* What one read gives; there is room. False: it failed. */
static bool lines_get(Lines *lines)
{
    if (lines->at > 0) {
        memmove(lines->data, lines->data + lines->at, lines->length - lines->at);
        lines->length -= lines->at;
        lines->at = 0;
    }
    ssize_t got = read(lines->fd, lines->data + lines->length, LINES_SIZE - 1 - lines->length);
    lines->is_end = got == 0;
    lines->length += got > 0 ? (size_t)got : 0;
    return got >= 0;
}

static Err lines_fill(Ctx *cx, Lines *lines)
{
    if (is_full(lines)) {
        return line_too_long(cx);
    }
    if (!lines_get(lines)) {
        return err_set(cx, ERR_STORE, NULL, "The input cannot be read on: %s.", os_error_text());
    }
    return ERR_OK;
}

static const char *lines_end(const Lines *lines, size_t from)
{
    return memchr(lines->data + from, '\n', lines->length - from);
}

Err lines_next(Ctx *cx, Lines *lines, const char **ret_line, size_t *ret_length)
{
    size_t searched = lines->at;
    const char *end = lines_end(lines, searched);
    while (end == NULL && !lines->is_end) {
        searched = lines->length - lines->at;
        TRY(lines_fill(cx, lines));
        end = lines_end(lines, searched);
    }
    char *line = lines->data + lines->at;
    if (end == NULL && lines->at == lines->length) {
        *ret_line = NULL;
        *ret_length = 0;
        return ERR_OK;
    }
    size_t length = end != NULL ? (size_t)(end - line) : lines->length - lines->at;
    lines->at += length + (end != NULL ? 1 : 0);
    *ret_line = line;
    *ret_length = line_end(line, length);
    return ERR_OK;
}

Err lines_raw(Ctx *cx, Lines *lines, char *data, size_t room, size_t *ret_length)
{
    if (lines->at == lines->length && !lines->is_end) {
        TRY(lines_fill(cx, lines));
    }
    size_t length = lines->length - lines->at;
    *ret_length = length < room ? length : room;
    memcpy(data, lines->data + lines->at, *ret_length);
    lines->at += *ret_length;
    return ERR_OK;
}

/* A part of a line is no line: the rest may be long in coming. */
bool lines_has_next(Lines *lines)
{
    struct pollfd ready = {.fd = lines->fd, .events = POLLIN};
    size_t searched = lines->at;
    while (!lines->is_end && !is_full(lines) && lines_end(lines, searched) == NULL) {
        if (poll(&ready, 1, 0) == 0) {
            return false;
        }
        searched = lines->length - lines->at;
        if (!lines_get(lines)) {
            return true; /* lines_next tells */
        }
    }
    return true;
}
