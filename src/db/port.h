/* The inside of a connection, shared by the files of db/ that are above the driver. */
#ifndef GUANXI_DB_PORT_H
#define GUANXI_DB_PORT_H

#include "db/driver.h"
#include "db/migrate.h"
#include "db/sql.h"

/* A statement kept prepared under the address of its Sql. */
typedef struct Kept {
    const Sql *key;
    const char *text; /* a copy, to notice an address that came to hold another statement */
    Expanded expanded;
    bool only_reads;     /* it neither writes nor locks */
    bool is_steady;      /* see db_steady_begin */
    bool changes_steady; /* what such statements read */
    Statement *statement;
    Statement **together; /* of so many such rows; NULL until it is needed */
} Kept;

enum {
    KEPT_SLOTS = 2048,
    KEPT_MAX = KEPT_SLOTS / 2,
    COLUMNS_MAX = 96,
    ROWS_TOGETHER = 8,
    CONNECTION_ARENA_BYTES = 64 * 1024 * 1024
};

typedef struct Ahead Ahead;
typedef struct Steady Steady;

enum { LATE_ARGS_MAX = 16 };

/* A put that waits for another one of its row. */
typedef struct Late {
    const Sql *sql; /* NULL: there is none */
    const Sql *both;
    size_t count;
    Arg args[LATE_ARGS_MAX];
} Late;

/* The history of a schema, ascending by number. */
typedef struct History {
    const Migration *first;
    int count;
} History;

/* This program's. */
static inline History history_own(void)
{
    return (History){.first = migrations, .count = migrations_count};
}

struct Db {
    Arena *arena; /* lives as long as the connection */
    Link *link;
    const char *url;
    const char *shown; /* the same for people */
    DbGrace *grace;    /* see DbOptions */
    const char *meant; /* in the making: the url that it is to get; else NULL */
    DbMode mode;
    History history; /* what its schema was found to be of; empty while it is looked at */
    IdSource ids;
    Id sight_user;
    Id sight_partner;
    bool in_transaction;
    bool in_savepoint;
    bool is_lost;   /* the engine ended the transaction by itself: nothing runs until db_rollback */
    bool is_broken; /* the disk failed at a commit or checkpoint: no more writes */
    bool is_scanning; /* inside db_scan */
    bool makes_ids;   /* it is opened for writing, and its schema is ours */
    bool may_repeat;  /* see db_may_repeat */
    bool is_unsure;   /* see db_is_unsure */
    bool is_gone;     /* see db_is_gone */
    bool is_unsteady; /* this transaction changes what is steady */
    bool was_full;    /* a write failed for want of room */
    bool is_corrupt;  /* see db_is_corrupt */
    DbCommon *common;
    void *slots[DB_SLOT_COUNT];
    void (*slot_releases[DB_SLOT_COUNT])(void *value);
    Arena *kept_arena;
    Ahead *ahead;   /* NULL: nothing was ever asked ahead */
    Steady *steady; /* NULL: no state was ever told */
    Late late;
    size_t kept_count;
    Kept *kept[KEPT_SLOTS];
};

/* db_open with a history of the caller's. */
Err db_open_with(Ctx *cx,
    const char *url,
    const DbOptions *options,
    const History *history,
    Db **ret_db) MUST_CHECK;

/* db_make with a history of the caller's. */
Err db_make_with(Ctx *cx, const char *url, const History *history, Db **ret_db) MUST_CHECK;

/* Looks whether cx->db is at the last migration, or brings it there. Refusals as db_open. */
Err migrate_check(Ctx *cx, const History *history, bool *ret_is_older) MUST_CHECK;
Err migrate_run(Ctx *cx, const History *history, bool is_new) MUST_CHECK;

/* Looks whether the schema of cx->db is the one that this history makes. ERR_DB_DAMAGED naming the
 * first table or index that lacks, was changed or is too much, of what is `called` so. */
Err shape_check(Ctx *cx, const History *history, const char *called) MUST_CHECK;
/* Notes with the database that its schema is the one of this history. Outside of transactions. */
Err shape_mark(Ctx *cx, const History *history) MUST_CHECK;

/* An empty database of the engine of `like`, gone when it is closed. */
Err db_scratch(Ctx *cx, const Db *like, Db **ret_db) MUST_CHECK;

/* Waits for what was put; its fault surfaces here. */
Err db_settle(Ctx *cx) MUST_CHECK;
/* Records what a fault means to the caller. */
Err db_fault(Ctx *cx, Fault fault) MUST_CHECK;

/* Everything before a statement runs: its arguments are bound. */
Err statement_ready(
    Ctx *cx, const Sql *sql, const Arg *args, size_t count, const Kept **ret_kept) MUST_CHECK;
/* Records what came of one. */
Err statement_fault(Ctx *cx, Fault fault) MUST_CHECK;

/* Its rows, until it has no more; ticket: of what was asked ahead; -1: it is asked now. */
Err rows_collect(Ctx *cx, Statement *statement, int ticket, Rows *ret_rows) MUST_CHECK;

/* Runs one without rows, now or soon. */
Err statement_run(Ctx *cx, const Sql *sql, const Arg *args, size_t count) MUST_CHECK;

/* The put that waits goes before what is no mere addition of rows. */
Err late_before(Ctx *cx, const Sql *sql) MUST_CHECK;
Err late_run(Ctx *cx) MUST_CHECK;

/* Looks at what is about to be asked; the ticket of its answer when it was asked ahead, else -1. */
int ahead_ticket(Db *db, const Kept *kept, const Arg *args, size_t count);
/* What was asked ahead and not for good is no answer any more. */
void ahead_forget(Db *db);
void ahead_close(Db *db);

bool args_are_equal(const Arg *some, const Arg *others, size_t count);
const Arg *args_copy(Arena *arena, const Arg *args, size_t count);
Rows rows_copied(Arena *arena, const Rows *rows);

/* Whether the text of a statement changes what {steady} statements read. */
bool steady_is_changed_by(const char *text);
/* It may be run now. */
void steady_change_check(const Db *db, const Kept *kept);
/* Whether there is an answer, as far as can be told before the state is. */
bool steady_has(Db *db, const Kept *kept, const Arg *args, size_t count);
bool steady_find(Ctx *cx, const Kept *kept, const Arg *args, size_t count, Rows *ret_rows);
void steady_keep(Db *db, const Kept *kept, const Arg *args, size_t count, const Rows *rows);
void steady_transaction_ended(Db *db);
void steady_close(Db *db);

/* The prepared statement of sql, kept from before or made. */
Fault kept_get(Db *db, const Sql *sql, Kept **ret_kept) MUST_CHECK;
/* Of an INSERT: the statement that puts so many rows at once, 2 to ROWS_TOGETHER. */
Fault kept_together(Db *db, Kept *kept, size_t rows, Statement **ret_statement) MUST_CHECK;
void kept_drop_all(Db *db);

#endif
