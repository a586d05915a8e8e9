/* The port to the database. Two drivers can stand behind it; nothing above knows which one.
 *
 * A statement is a constant that declares the types of its parameters and results, because one of
 * the engines cannot infer them and the other does not check them. Parameters are $1..$n on both.
 *
 * Letters of `in` and `out`, one a parameter or column: i 64-bit integer, k id, t text, d date, b
 * bool, x bytes.
 *
 * Tokens that expand per engine inside the text:
 *   {lock}       at the end of a SELECT of one row by key: locks it where the engine has row locks
 *   {by_id}      behind a table in FROM: SQLite finds its rows by their ids, and makes no index for
 *                it
 *   {steady}     at the end of a SELECT of rows that belong to no account: see db_steady_begin
 *   {day_after x.on}  the day after that of a column; {30_days_after x.on} the thirtieth,
 *                {month_of x.on} the first of its month
 *   {visible:p}  a condition on the alias of `partner`: what the actor of the request may see.
 *                Every list statement contains it. It takes no parameter of the caller's.
 * and in migrations those of db/sql.h.
 *
 * ask brings rows now, all of them, into the arena (lists are bounded by a page; what is not
 * bounded goes through db_scan). put brings none and may be sent later: its error surfaces at the
 * next ask or at the commit, so no caller reacts to it. Uniqueness is therefore asked first. */
#ifndef GUANXI_DB_DB_H
#define GUANXI_DB_DB_H

#include "base/ctx.h"
#include "base/id.h"
#include "base/money.h"

#include <stddef.h>
#include <stdint.h>

typedef struct Db Db;

typedef struct Sql {
    const char *text;
    const char *in;
    const char *out; /* NULL: no rows */
} Sql;

typedef struct Arg {
    char type; /* letter as above; '0': NULL */
    int64_t i;
    const void *p;
    size_t n;
} Arg;

static inline Arg arg_i64(int64_t value)
{
    return (Arg){.type = 'i', .i = value};
}
/* 0 is stored as NULL: an absent reference. */
static inline Arg arg_id(Id value)
{
    return (Arg){.type = value == 0 ? '0' : 'k', .i = value};
}
static inline Arg arg_bool(bool value)
{
    return (Arg){.type = 'b', .i = value ? 1 : 0};
}
/* DATE_NONE is stored as NULL. */
static inline Arg arg_date(Date value)
{
    return (Arg){.type = value == DATE_NONE ? '0' : 'd', .i = value};
}
/* 0 is stored as NULL. */
static inline Arg arg_instant(Instant value)
{
    return (Arg){.type = value == 0 ? '0' : 'i', .i = value};
}
Arg arg_text(const char *text); /* NULL is stored as NULL */
static inline Arg arg_bytes(const void *data, size_t size)
{
    return (Arg){.type = data ? 'x' : '0', .p = data, .n = size};
}
static inline Arg arg_null(void)
{
    return (Arg){.type = '0'};
}

/* The arguments of one statement: db_put(cx, &sql, ARGS(arg_id(x), arg_text(t))) */
#define ARGS(...) ((const Arg[]){__VA_ARGS__}), (sizeof((const Arg[]){__VA_ARGS__}) / sizeof(Arg))
#define NO_ARGS ((const Arg *)0), ((size_t)0)

typedef struct Cell {
    bool is_null;
    int64_t i;     /* i k d b */
    const char *p; /* t with a NUL after it, x */
    size_t n;
} Cell;

/* Rows in the arena. db_next() moves to the next one, its first call to the first. */
typedef struct Rows {
    const Cell *cells;
    size_t columns;
    size_t count;
    size_t at; /* 1-based row of the last db_next */
} Rows;

Err db_ask(Ctx *cx, const Sql *sql, const Arg *args, size_t count, Rows *ret_rows) MUST_CHECK;
/* The same for a statement composed for this call: prepared, run and forgotten. All others are kept
 * prepared by their address. */
Err db_ask_once(Ctx *cx, const Sql *sql, const Arg *args, size_t count, Rows *ret_rows) MUST_CHECK;
Err db_put(Ctx *cx, const Sql *sql, const Arg *args, size_t count) MUST_CHECK;
/* An INSERT of VALUES once for each of so many rows, whose arguments follow each other: for less
 * than one by one. */
Err db_put_rows(Ctx *cx, const Sql *sql, const Arg *args, size_t columns, size_t rows) MUST_CHECK;
/* A put that may wait: for db_put_with of the same row, which then does both by the statement
 * `both`, with the arguments of this one and, behind them, those of the other but for the first,
 * which names the row. Nothing but rows that are added comes before it meanwhile. Its arguments are
 * no texts and no bytes. */
Err db_put_late(Ctx *cx, const Sql *sql, const Sql *both, const Arg *args, size_t count) MUST_CHECK;
Err db_put_with(Ctx *cx, const Sql *sql, const Arg *args, size_t count) MUST_CHECK;

/* Tells that this will be asked soon in this transaction. Where asking is a turn over a socket it
 * is asked at once, with all else that is told so, and db_ask takes its rows from there, unless
 * something was put or locked meanwhile. Without effect on what is answered. One with {lock} locks
 * now: what is told after it is asked behind it, and what was told before it is taken until db_ask
 * asks for the lock. */
Err db_expect(Ctx *cx, const Sql *sql, const Arg *args, size_t count) MUST_CHECK;
/* The same of all that earlier calls of one kind asked from here up to their first put or lock.
 * `what` is the kind's address; `known` are ids and dates from which this call's arguments can be
 * told, in an order that is the kind's own. What is asked now is noted for the next call. */
Err db_expect_usual(Ctx *cx, const void *what, const Arg *known, size_t count) MUST_CHECK;

/* Tells, in a transaction, how far the audit chain of the organisation is, from the first statement
 * of the transaction: as long as that stays, answers to {steady} statements are kept with the
 * connection and given again. Once the organisation is locked nothing is: what is changed behind
 * the lock may be undone. */
void db_steady_begin(Db *db, int64_t state);
void db_steady_end(Db *db);

bool db_next(Rows *rows);
const Cell *db_cell(const Rows *rows, size_t column); /* asserts that there is such a column */
bool db_is_null(const Rows *rows, size_t column);
int64_t db_i64(const Rows *rows, size_t column); /* 0 when null */
Id db_id(const Rows *rows, size_t column);
bool db_bool(const Rows *rows, size_t column);
Date db_date(const Rows *rows, size_t column);
const char *db_text(const Rows *rows, size_t column); /* NULL when null */
/* Copies bytes of a fixed size, a hash; false when the cell does not hold as many. */
bool db_bytes(const Rows *rows, size_t column, void *ret_bytes, size_t size);

/* Data is refused, never asserted: a row that is missing, or says what nothing can mean, ends the
 * operation with ERR_DB_DAMAGED and a sentence that names it ("account P…: its position is
 * missing"), not the server. */
Err db_damaged(Ctx *cx, const char *format, ...) PRINTF_LIKE(2, 3) MUST_CHECK;
#ifdef __clang_analyzer__ /* as with err_set() */
#define db_damaged(...) ((void)db_damaged(__VA_ARGS__), ERR_DB_DAMAGED)
#endif
/* Asks for the one row that has to be there, and moves to it. `what` names it when it is not. */
Err db_one(Ctx *cx, const Sql *sql, const Arg *args, size_t count, const char *what, Rows *ret_row)
    MUST_CHECK;
/* What a count or a sum comes to: one row of one column, whatever is stored. 0 when null. */
Err db_number(
    Ctx *cx, const Sql *sql, const Arg *args, size_t count, int64_t *ret_number) MUST_CHECK;
/* 0 when null. */
Err db_currency(Ctx *cx, const Rows *rows, size_t column, Currency *ret_currency) MUST_CHECK;
/* The place of a text in a list of names (base/names.h); 0 when null. */
Err db_name(
    Ctx *cx, const Rows *rows, size_t column, const char *const *names, int *ret_index) MUST_CHECK;

/* Row after row without keeping them: `each` gets a Rows at its one row, whose cells live until it
 * returns. `each` may not ask. */
typedef Err (*DbEach)(Ctx *cx, const Rows *row, void *user);
Err db_scan(
    Ctx *cx, const Sql *sql, const Arg *args, size_t count, DbEach each, void *user) MUST_CHECK;

/* Ids are made inside the writing transaction, above the highest one stored. */
Id db_new_id(Ctx *cx);
/* From now on they are above this one too: what another process made of the same thing; see
 * base/id.h. */
void db_id_raise(Ctx *cx, Id id);
/* An operation begins: its ids share a block with none before, see base/id.h. */
void db_id_block_end(Ctx *cx);

/* ---- What only op/ and main.c call ---- */

typedef enum DbMode { DB_READ, DB_WRITE } DbMode;

/* What the connections of one server keep together, besides the database: one thing. */
typedef struct DbCommon DbCommon;
DbCommon *db_common_new(Arena *arena);
void db_common_end(DbCommon *common); /* after the connections were closed */

/* For connections of a process that stops while others may not answer: from that time on, by
 * os_monotonic_us(), nothing is waited for and nothing is done again. */
typedef struct DbGrace {
    _Atomic int64_t ends_us;  /* 0: it does not stop */
    _Atomic int64_t heard_us; /* when a connection that writes last had an answer it waited for */
} DbGrace;

typedef struct DbOptions {
    DbMode mode;
    DbGrace *grace; /* NULL: it waits for its server as long as it takes */
    int64_t
        answer_ms; /* with grace: a server that answers nothing for so long is given up; 0: never */
    DbCommon *common;      /* NULL: it keeps nothing together with others */
    bool migrate;          /* bring an older schema up to this program's; else ERR_DB_OLDER */
    int64_t read_limit_ms; /* a read statement stops after this time with ERR_TIMEOUT; 0: never */
} DbOptions;

/* Opens url (a file path, or postgresql://… with an optional schema=NAME). Refusals:
 * ERR_DB_MISSING, ERR_DB_DAMAGED, ERR_DB_NEWER, ERR_DB_OLDER, ERR_BUSY, ERR_STORE (also: its
 * server cannot be reached now). */
Err db_open(Ctx *cx, const char *url, const DbOptions *options, Db **ret_db) MUST_CHECK;
void db_close(Db *db); /* takes NULL */

/* Makes a database with the present schema for whoever fills it, under a name of its own: url gets
 * it when it is whole, and a process that dies before leaves nothing there. Refusals as db_open;
 * ERR_STATE when there is anything at url. */
Err db_make(Ctx *cx, const char *url, Db **ret_db) MUST_CHECK;
/* Closes it and gives it the name that it was made for; when that is refused it is gone. */
Err db_publish(Ctx *cx, Db *made) MUST_CHECK;
/* Closes it and takes it away; whatever refusal is pending stays. */
void db_discard(Ctx *cx, Db *made);

/* Whether a url names a file, which one process writes at a time; else a server has the database,
 * and any number of processes may write. */
bool db_is_file(const char *url);
/* The same of an open one: others may write beside this connection. */
bool db_is_shared(const Db *db);
/* A url as it may be told to people: without what is secret in it. */
const char *db_shown(Arena *arena, const char *url);

Err db_begin(Ctx *cx) MUST_CHECK; /* on a read connection: a read-only transaction */
bool db_is_begun(const Db *db);
/* ERR_READ_ONLY: the disk of a file failed while it was being stored, so whether it is stored shows
 * after a restart; the connection takes no more writes (db_begin answers the same). All others:
 * nothing was changed. */
Err db_commit(Ctx *cx) MUST_CHECK;
void db_rollback(Ctx *cx);
/* A savepoint for one operation inside the batch. */
Err db_savepoint(Ctx *cx) MUST_CHECK;
Err db_release(Ctx *cx) MUST_CHECK;
/* Whether the transaction that failed last may succeed when it is done again: another one was in
 * its way, or the connection ended. */
bool db_may_repeat(const Db *db);
/* Whether the connection ended while it stored the last transaction, so that nobody knows whether
 * it is stored: an operation's audit row tells, once there is a connection again. */
bool db_is_unsure(const Db *db);
/* Whether its server runs on this machine, whose processors it shares. False for a file. */
bool db_is_beside(const Db *db);
/* Whether its grace is over. */
bool db_is_ending(const Db *db);
/* Whether the connection is of no more use: it ended, or its server no longer takes writes. It is
 * closed and opened again. */
bool db_is_gone(const Db *db);
/* False when the engine ended the whole transaction with the failed statement: nothing more may run
 * in it. */
bool db_rollback_to(Ctx *cx);

/* Whether the file was seen to be damaged: what another connection writes to it is lost. */
bool db_is_corrupt(const Db *db);
/* Whether a write failed for want of room since this was last asked. */
bool db_was_full(Db *db);

/* How far the clock of the database's server is ahead of cx->now_ms; 0 for a file. */
Err db_clock_ahead(Ctx *cx, int64_t *ret_ms) MUST_CHECK;

/* What {visible:} stands for from now on: user_id 0 sees all territories, else those assigned to
 * the user and partners without one; partner_id not 0 sees that partner alone. */
void db_sight_set(Db *db, Id user_id, Id partner_id);
/* Whether that is everything, so that nobody has to ask row by row. */
bool db_sight_is_whole(const Db *db);

/* Checkpoints the log when it is long, or shorter when the caller has nothing else to do; a long
 * one beside the caller. False: an I/O error, now or since the last call; the connection takes no
 * more writes. */
MUST_CHECK bool db_checkpoint(Db *db, bool is_idle);
/* Whether something goes on beside the caller, who calls db_checkpoint again even if nothing was
 * written. */
bool db_is_moving(const Db *db);
/* A consistent copy; it is opened and checked before it gets its name. On a read connection nobody
 * waits for it. ERR_STATE when there is a file of that name. */
Err db_backup(Ctx *cx, const char *path) MUST_CHECK;
/* All rows of one open database into another that was just made: one moment of the one, one
 * transaction in the other, compared row by row before it is stored. */
typedef struct DbCopied {
    int64_t tables;
    int64_t rows;
} DbCopied;
Err db_copy(Ctx *cx, Db *from, Db *to, DbCopied *ret_copied) MUST_CHECK;
/* Spreads the accounts of an open, new database over the nodes of its server, by the functions of
 * the extension citus. ERR_STATE: a file, or a server without it. */
Err db_spread(Ctx *cx) MUST_CHECK;
/* Checks the file itself (pages, foreign keys); each finding is one line to `say`. */
typedef void (*DbSay)(void *user, const char *line);
Err db_verify(Ctx *cx, DbSay say, void *user, int64_t *ret_findings) MUST_CHECK;
/* Places on the connection for what others keep with it (idempotency keys, notes of facts, the
 * policy as parsed); freed by `release` at close. */
typedef enum DbSlot { DB_SLOT_KEYS, DB_SLOT_FACTS, DB_SLOT_POLICY, DB_SLOT_COUNT } DbSlot;
void db_slot_set(Db *db, DbSlot slot, void *value, void (*release)(void *value));
void *db_slot(const Db *db, DbSlot slot);
/* What is kept in common, by `make` at first, for this connection alone until it is given back;
 * NULL, and then nothing to give back, when nothing is. It goes by `release`. */
void *db_common_take(const Db *db, void *(*make)(void), void (*release)(void *value));
void db_common_give(const Db *db);

#endif
