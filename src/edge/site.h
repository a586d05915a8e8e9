/* Where a command runs: on a database that this process opened, or inside the server that holds it.
 * The same function serves both; it gets lines,
 * options and a connection from its site and says what it has to say. */
#ifndef GUANXI_EDGE_SITE_H
#define GUANXI_EDGE_SITE_H

#include "base/ctx.h"

#include <stddef.h>

typedef struct Site Site;
typedef Err (*SiteWork)(Ctx *cx, void *user);

/* Where a line that a command says goes. The digits are the first byte of each
 * line that a server answers. */
typedef enum SiteStream {
    SITE_OUT = '1',     /* standard output */
    SITE_ERR = '2',     /* standard error */
    SITE_REFUSED = '3', /* the file of refused rows */
} SiteStream;

typedef struct SiteKind {
    Err (*line)(Ctx *cx, Site *site, const char **ret_line, size_t *ret_length);
    bool (*has_line)(Site *site);
    void (*say)(Site *site, SiteStream stream, const char *text, size_t length);
    const char *(*option)(const Site *site, const char *name);
    Err (*work)(Ctx *cx, Site *site, bool is_write, SiteWork work, void *user);
    size_t slice_max; /* operations that one write should hold at most */
    bool is_ahead;    /* lines may be read by another thread while a write goes on */
    bool is_shared;   /* the database is on a server: the connection may end, and come again */
    bool is_alone;    /* nobody else waits for the writer */
} SiteKind;

/* slice_max there. The server has the savepoints of a transaction at hand up to this many; and a
 * row that a transaction writes again and again, an account's or the organisation's, it finds more
 * slowly each time. */
enum { SITE_SLICE_SHARED = 64 };

struct Site {
    const SiteKind *kind;
};

/* A command that runs at a site. *ret_exit is 0 at first;
 * a refusal it returns is said by the caller. */
typedef struct SiteCommand {
    const char *name;
    Err (*run)(Ctx *cx, Site *site, int *ret_exit);
} SiteCommand;

/* The next line of the input without its end, NUL-terminated; NULL at the end.
 * It lives until the next call, of site_has_line too. */
Err site_line(Ctx *cx, Site *site, const char **ret_line, size_t *ret_length) MUST_CHECK;
/* False when the next line has not come yet, so that site_line would wait for it. */
bool site_has_line(Site *site);
/* Says one or more lines; the last one's end is added. */
void site_say(Ctx *cx, Site *site, SiteStream stream, const char *format, ...) PRINTF_LIKE(4, 5);
void site_say_text(Site *site, SiteStream stream, const char *text, size_t length);
/* An option of the command by its name without dashes; NULL when absent. */
const char *site_option(const Site *site, const char *name);
/* Runs `work` with cx->db set. A write takes at most about 20 ms of the writer, so that other
 * callers get their turn; it begins and commits itself. */
Err site_write(Ctx *cx, Site *site, SiteWork work, void *user) MUST_CHECK;
Err site_read(Ctx *cx, Site *site, SiteWork work, void *user) MUST_CHECK;
/* A write of one transaction around `steps`, as store_batch_again. Where its connection ends it
 * is done on another one, waited for up to a minute, unless it was stored. When it is refused,
 * *ret_is_unsure tells that it may be stored all the same. */
Err site_batch(Ctx *cx, Site *site, SiteWork steps, void *user, bool *ret_is_unsure) MUST_CHECK;

#endif
