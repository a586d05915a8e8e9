/* The HTTP door: `guanxi serve`. */
#ifndef GUANXI_EDGE_HTTP_H
#define GUANXI_EDGE_HTTP_H

#include "base/ctx.h"

#include <stddef.h>

/* ---- Bulk commands of the command line, run inside the server that holds the database ----
 *
 * POST /local/NAME?option=value with the token of FILE.lock. The body is any text (a journal, a
 * CSV), read line by line while it arrives; what the command says is the answer's body
 * (text/plain), complete when it ends. The trailer is the header Guanxi-Exit of the answer: what
 * the process that asked exits with. */
typedef struct Local Local;

typedef struct LocalCommand {
    const char *name; /* "journal" */
    /* Runs on a thread of its own. cx has arena, actor (the system), now and business date, but
     * no db: that comes with local_write and local_read. The refusal it returns is said by the
     * asking process (Guanxi-Exit and a last line `ERR_CODE field: sentence`). *ret_exit is 0 at
     * first. */
    Err (*run)(Ctx *cx, Local *local, int *ret_exit);
    /* Behind /api/v1 and for everybody: it finds out itself who asks and what that one may. What
     * it refuses before it says anything is answered as a problem document. */
    bool is_public;
} LocalCommand;

/* The next line of the body, without its end, NUL-terminated; NULL at the end. It lives until
 * the next call. Lines longer than LIMIT_JOURNAL_LINE_BYTES are ERR_TOO_LARGE. */
Err local_line(Ctx *cx, Local *local, const char **ret_line, size_t *ret_length) MUST_CHECK;
/* False when the next line has not come yet, so that local_line would wait for it. */
bool local_has_line(Local *local);
/* Adds to the answer. */
void local_say(Local *local, const char *text, size_t length);
/* A member of the query string; NULL when absent. */
const char *local_option(const Local *local, const char *name);
/* The database of the server. */
const char *local_url(const Local *local);
/* Runs `work` on the writer's connection (cx->db is set), between two batches, and waits for it.
 * It begins and commits itself, and takes at most about 20 ms: long work is a row of slices, so
 * that other callers get their turn. */
Err local_write(Ctx *cx, Local *local, Err (*work)(Ctx *cx, void *user), void *user) MUST_CHECK;
/* The same on a reader's connection, without the limit of 20 ms. */
Err local_read(Ctx *cx, Local *local, Err (*work)(Ctx *cx, void *user), void *user) MUST_CHECK;

/* The one that POST /api/v1/imports/WHAT runs. */
#define IMPORTS_COMMAND "imports"

/* ---- The server ---- */

typedef struct HttpOptions {
    const char *listen;     /* HOST:PORT, [V6]:PORT; port 0 picks a free one */
    const char *url;        /* of the database */
    Date today;             /* fixed business date; DATE_NONE: the organisation's local date */
    const char *tls_cert;   /* PEM files; NULL: plain HTTP */
    const char *local_file; /* as FILE.lock, where a server has the database; NULL: none */
    const char *tls_key;
    int per_address;           /* connections an address; 0: 64, and none on loopback */
    int requests_per_second;   /* of one caller from elsewhere; 0: any number */
    const LocalCommand *local; /* last one zeroed; NULL: none */
} HttpOptions;

/* Takes FILE.lock (mode 0600), writes into it two lines, `http://HOST:PORT` and a random token,
 * prints `listening on http://HOST:PORT` to stdout when ready, and serves until SIGTERM or
 * SIGINT. What was accepted is answered first. Requests with that token act as the system, or as
 * the user of the header Guanxi-As, at the business date of the header Guanxi-Today. Refusals:
 * ERR_USAGE (listen), ERR_BUSY (another process has the database), those of db_open, ERR_STORE
 * (address in use). */
Err http_serve(Ctx *cx, const HttpOptions *options) MUST_CHECK;

#endif
