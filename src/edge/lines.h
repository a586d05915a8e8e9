/* Reads a file or pipe line by line, in memory that does not grow with it. */
#ifndef GUANXI_EDGE_LINES_H
#define GUANXI_EDGE_LINES_H

#include "base/ctx.h"

#include <stddef.h>

typedef struct Lines {
    int fd;
    char *data;
    size_t at;     /* start of the next line */
    size_t length; /* end of what was read */
    bool is_end;   /* of the file */
} Lines;

/* Opens path, "-" being the standard input. The buffer is in cx->arena. Refusal: ERR_USAGE. */
Err lines_open(Ctx *cx, const char *path, Lines *ret_lines) MUST_CHECK;
void lines_close(Lines *lines); /* for CLEANUP */
/* The next line without its end (a line feed, with a carriage return before it or not), with a NUL
 * after it; NULL at the end. It lives until the next call of these. A longer one than
 * LIMIT_JOURNAL_LINE_BYTES is ERR_TOO_LARGE. */
Err lines_next(Ctx *cx, Lines *lines, const char **ret_line, size_t *ret_length) MUST_CHECK;
/* For whoever finds lines in another way, and shall find the same ones: ends the line at `line`,
 * whose line feed is off already, and tells how long it is then. */
size_t line_end(char *line, size_t length);
Err line_too_long(Ctx *cx) MUST_CHECK;
/* The next bytes as they stand, at most `room`, 0 at the end: for who sends the file on. */
Err lines_raw(Ctx *cx, Lines *lines, char *data, size_t room, size_t *ret_length) MUST_CHECK;
/* False when lines_next would have to wait for more input. The line before is no longer there. */
bool lines_has_next(Lines *lines);

#endif
