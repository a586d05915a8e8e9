/* What the files of the SQLite driver share. They alone include sqlite3.h. */
#ifndef GUANXI_DB_SQLITE_SQLITE_H
#define GUANXI_DB_SQLITE_SQLITE_H

#include "db/driver.h"

#include <pthread.h>
#include <sqlite3.h>

enum {
    BUSY_WAIT_MS = 5000,
    FRAMES_LONG = 30000, /* of the log, at which it is moved into the file */
};

/* The database's file as the mover writes it: the methods are of the real one but for the write,
 * which leads here by them. */
typedef struct MoverFile {
    sqlite3_io_methods methods; /* first */
    const sqlite3_io_methods *real;
    struct Mover *mover;
} MoverFile;

/* A thread beside the writer, which moves the log into the file. */
typedef struct Mover {
    sqlite3 *db;        /* its own connection; NULL: there is no thread */
    sqlite3_file *file; /* the database's, of this connection */
    MoverFile methods;
    unsigned pages; /* written, in all */
    pthread_t thread;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t wakes;
    bool is_ending;
    bool is_moving;   /* asked to, and not done */
    bool is_hurried;  /* without a pause */
    int code;         /* how it went */
    int frames_moved; /* of the log, in all */
} Mover;

typedef struct SqliteLink {
    Link link;
    sqlite3 *db;
    const char *path;
    DbMode mode;
    int64_t read_limit_us; /* 0: none */
    int64_t deadline_us;   /* of the running read, 0: none */
    int log_frames;        /* in the write-ahead log after the last commit */
    int log_frames_moved;  /* of these already in the file */
    int log_frames_next;   /* checkpoint at so many */
    int log_frames_most;   /* since the log was last cut */
    bool log_is_new;       /* begun anew since the mover was asked */
    int64_t looked_at_us;  /* when it was last looked whether the file is at its name */
    bool is_moving;        /* the mover was asked, and what it did not yet looked at */
    Mover mover;
} SqliteLink;

static inline SqliteLink *sqlite_link(Link *link)
{
    return (SqliteLink *)link;
}

/* Translates a result code; writes a line to the log unless it is in the ordinary course. */
Fault sqlite_fault(sqlite3 *db, int code, const char *doing);

/* statement.c */
Fault sqlite_execute(Link *link, const char *script);
bool sqlite_is_in_transaction(Link *link);
Fault sqlite_prepare(Link *link, Arena *arena, const Sql *sql, Statement **ret_statement);
Fault sqlite_bind(Statement *statement, size_t number, const Arg *arg);
Fault sqlite_step(Statement *statement, Cell *cells, bool *ret_has_row);
Fault sqlite_send(Statement *statement);
void sqlite_reset(Statement *statement);
void sqlite_finish(Statement *statement);
/* Calls `each` with the first `columns` columns of every row as text; for statements about the file
 * itself. */
typedef void (*SqliteEach)(void *user, const char *const *columns);
Fault sqlite_each(SqliteLink *link, const char *text, SqliteEach each, void *user);

/* file.c */
Fault sqlite_references_check(Link *link);
Fault sqlite_references_defer(Link *link, bool is_deferred);
Fault sqlite_schema_parts(Link *link, SchemaPart each, void *user);
Fault sqlite_mark_read(Link *link, int64_t *ret_mark);
Fault sqlite_mark_write(Link *link, int64_t mark);
Fault sqlite_id_highest(Link *link, Id *ret_id);
Err sqlite_reserve(Ctx *cx, const char *path, const char **ret_made);
Err sqlite_copy(Ctx *cx, Link *link, const char *made);
Err sqlite_publish(Ctx *cx, const char *made, const char *path);
void sqlite_discard(Ctx *cx, const char *made);
Fault sqlite_verify(Link *link, DbSay say, void *user, int64_t *ret_findings);

/* checkpoint.c */
Fault sqlite_checkpoint(Link *link, bool is_idle);
bool sqlite_is_moving(const Link *link);
void sqlite_mover_stop(SqliteLink *link);
/* Counts the frames of the log after each commit. */
int sqlite_log_grew(void *link, sqlite3 *db, const char *name, int frames);

#endif
