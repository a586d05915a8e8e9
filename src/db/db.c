/* The port: statements and rows, transactions, ids. What an engine does is in its driver; opening
 * and copying are in open.c. */
#include "db/db.h"

#include "base/log.h"
#include "base/os.h"
#include "db/port.h"

#include <stdatomic.h>
#include <string.h>

static const Sql savepoint = {"SAVEPOINT operation", "", NULL};
static const Sql savepoint_release = {"RELEASE operation", "", NULL};
static const Sql savepoint_rollback = {"ROLLBACK TO operation", "", NULL};

/* ---- Faults ---- */

/* Statements fit the schema that the migrations make, so what does not fit is a bug, unless
 * somebody has changed the schema since the database was opened. */
static Err misfit(Ctx *cx)
{
    Db *db = cx->db;
    History history = db->history;
    if (db_is_shared(db)) {
        db->is_gone = true; /* a server answers nothing more in a transaction that failed; the next
                             * connection looks at the schema */
    } else if (history.count > 0) {
        db->history = (History){0};
        Err err = shape_check(cx, &history, "The database"); /* its path is nobody's business */
        db->history = history;
        TRY(err);
    }
    return err_set(cx, ERR_INTERNAL, NULL,
        "The program asked the database something impossible; the log tells more.");
}

Err db_fault(Ctx *cx, Fault fault)
{
    switch (fault) {
    case FAULT_BUSY:
        cx->db->may_repeat = true;
        return err_set(cx, ERR_BUSY, NULL, "Another program holds the database; try again.");
    case FAULT_FULL:
        cx->db->was_full = true;
        return err_set(cx, ERR_STORE, NULL,
            "The disk of the database is full; nothing was changed. Make room, then try again.");
    case FAULT_IO:
        return err_set(cx, ERR_STORE, NULL,
            "The disk of the database failed; nothing was changed. The log tells more.");
    case FAULT_CORRUPT:
        cx->db->is_corrupt = true;
        return err_set(cx, ERR_DB_DAMAGED, NULL,
            "The database is damaged. Stop the server, keep the file, and restore the last "
            "backup.");
    case FAULT_DAMAGED:
        return err_set(cx, ERR_DB_DAMAGED, NULL,
            "What is stored is not sound; the log tells what. Run `guanxi doctor`, and restore a "
            "backup where it finds faults.");
    case FAULT_TIMEOUT:
        return err_set(cx, ERR_TIMEOUT, NULL,
            "Reading took too long and was stopped. Ask for less: a shorter time, fewer rows.");
    case FAULT_GONE:
        cx->db->may_repeat = true;
        cx->db->is_gone = true;
        return err_set(cx, ERR_STORE, NULL,
            "The connection to the database server ended; nothing was changed. Try again.");
    case FAULT_READ_ONLY:
        cx->db->is_gone = true;
        return err_set(cx, ERR_READ_ONLY, NULL,
            "The database server takes no writes now: it is a standby, or was set read-only. "
            "Nothing was changed; try again when it takes them.");
    case FAULT_DENIED:
        return err_set(cx, ERR_STORE, NULL,
            "The role of guanxi has no right to do this in the database; nothing was changed. The "
            "log names what it lacks.");
    case FAULT_BUG:
    case FAULT_NONE:
        break;
    }
    ASSERT(fault == FAULT_BUG);
    return misfit(cx);
}

/* A failed statement may have taken the whole transaction with it. */
static Err statement_failed(Ctx *cx, Fault fault)
{
    Db *db = cx->db;
    if (db->in_transaction && !db->link->driver->is_in_transaction(db->link)) {
        db->is_lost = true;
    }
    return db_fault(cx, fault);
}

Err statement_fault(Ctx *cx, Fault fault)
{
    return fault == FAULT_NONE ? ERR_OK : statement_failed(cx, fault);
}

static Err lost(Ctx *cx)
{
    return err_set(cx, ERR_STORE, NULL,
        "The database gave up the writes that were under way; nothing was changed. Try again.");
}

/* ---- Arguments ---- */

Arg arg_text(const char *text)
{
    return (Arg){.type = text == NULL ? '0' : 't', .p = text, .n = text == NULL ? 0 : strlen(text)};
}

static bool is_integer(char type)
{
    return type == 'i' || type == 'k';
}

static bool arg_fits(char declared, const Arg *arg)
{
    return arg->type == declared || arg->type == '0' ||
           (is_integer(declared) && is_integer(arg->type));
}

static NORETURN void call_bug(const Sql *sql, const char *what)
{
    log_line(LOG_ERROR, "%s: %s", what, sql->text);
    assert_fail(what, __FILE__, __LINE__);
}

static void args_check(const Sql *sql, const Arg *args, size_t count)
{
    if (strlen(sql->in) != count) {
        call_bug(sql, "as many arguments as the statement declares");
    }
    for (size_t i = 0; i < count; i++) {
        if (!arg_fits(sql->in[i], &args[i])) {
            call_bug(sql, "arguments of the types that the statement declares");
        }
    }
}

static Fault each_bind(Statement *statement, const Arg *args, size_t count)
{
    Fault fault = FAULT_NONE;
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        fault = statement->link->driver->bind(statement, i + 1, &args[i]);
    }
    return fault;
}

static Fault args_bind(const Db *db, const Kept *kept, const Arg *args, size_t count)
{
    const Driver *driver = db->link->driver;
    Fault fault = each_bind(kept->statement, args, count);
    if (!kept->expanded.has_sight || fault != FAULT_NONE) {
        return fault;
    }
    Arg user = arg_i64(db->sight_user);
    Arg partner = arg_i64(db->sight_partner);
    fault = driver->bind(kept->statement, count + 1, &user);
    return fault != FAULT_NONE ? fault : driver->bind(kept->statement, count + 2, &partner);
}

/* ---- Statements ---- */

/* Everything before the first step. */
static Err statement_begin(Ctx *cx, const Kept *kept, const Arg *args, size_t count)
{
    args_check(kept->key, args, count);
    Fault fault = args_bind(cx->db, kept, args, count);
    if (fault != FAULT_NONE) {
        cx->db->link->driver->reset(kept->statement);
        return statement_failed(cx, fault);
    }
    return ERR_OK;
}

static Err statement_get(Ctx *cx, const Sql *sql, Kept **ret_kept)
{
    Db *db = cx->db;
    ASSERT(!db->is_scanning);
    if (db->is_lost) {
        return lost(cx);
    }
    TRY(late_before(cx, sql));
    Fault fault = kept_get(db, sql, ret_kept);
    if (fault != FAULT_NONE) {
        return statement_failed(cx, fault);
    }
    ASSERT(*ret_kept != NULL);
    return ERR_OK;
}

/* Before it runs, whatever runs it: rows come back from writes, too. */
static void answers_forget(Db *db, const Kept *kept)
{
    if (!kept->only_reads) {
        steady_change_check(db, kept);
        ahead_forget(db);
    }
}

/* The same to run it now. */
static Err statement_take(Ctx *cx, const Sql *sql, Kept **ret_kept)
{
    TRY(statement_get(cx, sql, ret_kept));
    answers_forget(cx->db, *ret_kept);
    return ERR_OK;
}

Err statement_ready(Ctx *cx, const Sql *sql, const Arg *args, size_t count, const Kept **ret_kept)
{
    Kept *kept = NULL;
    TRY(statement_get(cx, sql, &kept));
    *ret_kept = kept;
    return statement_begin(cx, kept, args, count);
}

static Err ask(Ctx *cx, const Kept *kept, const Arg *args, size_t count, Rows *ret_rows)
{
    *ret_rows = (Rows){0};
    if (kept->statement->columns == 0) {
        call_bug(kept->key, "rows to ask for");
    }
    TRY(statement_begin(cx, kept, args, count));
    Err err = rows_collect(cx, kept->statement, -1, ret_rows);
    cx->db->link->driver->reset(kept->statement);
    return err;
}

Err db_ask(Ctx *cx, const Sql *sql, const Arg *args, size_t count, Rows *ret_rows)
{
    Kept *kept = NULL;
    TRY(statement_get(cx, sql, &kept));
    int ticket = ahead_ticket(cx->db, kept, args, count);
    if (ticket < 0 && steady_find(cx, kept, args, count, ret_rows)) {
        return ERR_OK;
    }
    if (ticket >= 0) {
        TRY(rows_collect(cx, kept->statement, ticket, ret_rows));
    } else {
        answers_forget(cx->db, kept);
        TRY(ask(cx, kept, args, count, ret_rows));
    }
    steady_keep(cx->db, kept, args, count, ret_rows);
    return ERR_OK;
}

Err db_ask_once(Ctx *cx, const Sql *sql, const Arg *args, size_t count, Rows *ret_rows)
{
    Db *db = cx->db;
    ASSERT(!db->is_scanning);
    if (db->is_lost) {
        return lost(cx);
    }
    TRY(late_before(cx, sql));
    const Driver *driver = db->link->driver;
    Kept kept = {.key = sql, .text = sql->text};
    kept.expanded = sql_expand(cx->arena, sql, driver->engine, db_sight_is_whole(db));
    Fault fault =
        driver->prepare_once != NULL
            ? driver->prepare_once(db->link, cx->arena, &kept.expanded.sql, &kept.statement)
            : driver->prepare(db->link, cx->arena, &kept.expanded.sql, &kept.statement);
    if (fault != FAULT_NONE) {
        return statement_failed(cx, fault);
    }
    Err err = ask(cx, &kept, args, count, ret_rows);
    driver->finish(kept.statement);
    return err;
}

Err statement_run(Ctx *cx, const Sql *sql, const Arg *args, size_t count)
{
    Kept *kept = NULL;
    TRY(statement_take(cx, sql, &kept));
    TRY(statement_begin(cx, kept, args, count));
    Fault fault = cx->db->link->driver->send(kept->statement);
    return fault == FAULT_NONE ? ERR_OK : statement_failed(cx, fault);
}

static void put_check(const Ctx *cx, const Sql *sql)
{
    if (sql->out != NULL && sql->out[0] != '\0') {
        call_bug(sql, "a statement without rows");
    }
    if (!cx->db->in_transaction) {
        call_bug(sql, "a transaction around a write");
    }
}

Err db_put(Ctx *cx, const Sql *sql, const Arg *args, size_t count)
{
    put_check(cx, sql);
    return statement_run(cx, sql, args, count);
}

static Err run_together(Ctx *cx, const Sql *sql, const Arg *args, size_t columns, size_t rows)
{
    const Driver *driver = cx->db->link->driver;
    Kept *kept = NULL;
    TRY(statement_take(cx, sql, &kept));
    for (size_t row = 0; row < rows; row++) {
        args_check(sql, args + row * columns, columns);
    }
    Statement *together = NULL;
    Fault fault = kept_together(cx->db, kept, rows, &together);
    fault = fault == FAULT_NONE ? each_bind(together, args, rows * columns) : fault;
    fault = fault == FAULT_NONE ? driver->send(together) : fault;
    return fault == FAULT_NONE ? ERR_OK : statement_failed(cx, fault);
}

Err db_put_rows(Ctx *cx, const Sql *sql, const Arg *args, size_t columns, size_t rows)
{
    put_check(cx, sql);
    for (size_t some = 0; rows > 0; rows -= some, args += some * columns) {
        some = rows < ROWS_TOGETHER ? rows : ROWS_TOGETHER;
        TRY(some == 1 ? statement_run(cx, sql, args, columns)
                      : run_together(cx, sql, args, columns, some));
    }
    return ERR_OK;
}

static Err scan_rows(Ctx *cx, Statement *statement, DbEach each, void *user)
{
    Db *db = cx->db;
    for (;;) {
        Cell row[COLUMNS_MAX];
        bool has_row = false;
        Fault fault = db->link->driver->step(statement, row, &has_row);
        if (fault != FAULT_NONE) {
            return statement_failed(cx, fault);
        }
        if (!has_row) {
            return ERR_OK;
        }
        Rows one = {.cells = row, .columns = statement->columns, .count = 1, .at = 1};
        db->is_scanning = true;
        Err err = each(cx, &one, user);
        db->is_scanning = false;
        if (err != ERR_OK) {
            return err;
        }
        if (arena_is_over(cx->arena)) {
            return err_set(
                cx, ERR_TOO_LARGE, NULL, "This needs more memory than one request may take.");
        }
    }
}

Err db_scan(Ctx *cx, const Sql *sql, const Arg *args, size_t count, DbEach each, void *user)
{
    Kept *kept = NULL;
    TRY(statement_take(cx, sql, &kept));
    TRY(statement_begin(cx, kept, args, count));
    Err err = scan_rows(cx, kept->statement, each, user);
    cx->db->link->driver->reset(kept->statement);
    return err;
}

/* ---- Transactions ---- */

static void transaction_ended(Db *db)
{
    db->in_transaction = false;
    db->in_savepoint = false;
    db->is_lost = false;
    db->late.sql = NULL;
    ahead_forget(db);
    steady_transaction_ended(db);
}

Err db_begin(Ctx *cx)
{
    Db *db = cx->db;
    const Driver *driver = db->link->driver;
    ASSERT(!db->in_transaction);
    if (db->is_broken && db->mode == DB_WRITE) {
        return err_set(cx, ERR_READ_ONLY, NULL,
            "The disk failed while a write was being stored, or the file is damaged or not where "
            "it "
            "was, so no more are taken. See to that, then restart guanxi.");
    }
    db->may_repeat = false;
    db->is_unsure = false;
    const char *begin = db->mode == DB_WRITE ? driver->begin_write : driver->begin_read;
    Fault fault = FAULT_NONE;
    if (db->makes_ids && driver->node != NULL) {
        fault = driver->node(db->link, &db->ids.node, &db->ids.last);
    }
    if (fault == FAULT_NONE) {
        fault = driver->execute(db->link, begin);
    }
    if (fault != FAULT_NONE) {
        return db_fault(cx, fault);
    }
    db->in_transaction = true;
    return ERR_OK;
}

bool db_is_begun(const Db *db)
{
    return db->in_transaction;
}

void db_rollback(Ctx *cx)
{
    Db *db = cx->db;
    const Driver *driver = db->link->driver;
    if (!db->in_transaction) {
        return;
    }
    transaction_ended(db);
    if (driver->is_in_transaction(db->link)) {
        Fault fault = driver->execute(db->link, "ROLLBACK");
        /* The driver has logged it. A file that cannot even undo is not written to again; a server
         * undoes what its connection leaves. */
        bool is_failed = fault != FAULT_NONE;
        db->is_broken = db->is_broken || (is_failed && !driver->is_shared);
        db->is_gone = db->is_gone || (is_failed && driver->is_shared);
    }
}

Err db_commit(Ctx *cx)
{
    Db *db = cx->db;
    ASSERT(db->in_transaction);
    ASSERT(!db->in_savepoint);
    if (db->is_lost) {
        db_rollback(cx);
        return lost(cx);
    }
    Err last = late_run(cx);
    if (last != ERR_OK) {
        db_rollback(cx);
        return last;
    }
    Fault fault = db->link->driver->execute(db->link, "COMMIT");
    if (fault == FAULT_NONE) {
        transaction_ended(db);
        return ERR_OK;
    }
    db_rollback(cx);
    if (fault == FAULT_GONE && db->mode == DB_WRITE) {
        db->is_gone = true;
        db->may_repeat = true;
        db->is_unsure = true;
        return err_set(cx, ERR_STORE, NULL,
            "The connection to the database server ended while the write was being stored; whether "
            "it is stored is not known. Send it again, with the same idempotency key.");
    }
    if (fault == FAULT_IO && db->mode == DB_WRITE && !db_is_shared(db)) {
        db->is_broken = true;
        return err_set(cx, ERR_READ_ONLY, NULL,
            "The disk failed while the write was being stored; whether it is stored shows after a "
            "restart. Send"
            " it again then, with the same idempotency key.");
    }
    return db_fault(cx, fault);
}

bool db_is_corrupt(const Db *db)
{
    return db->is_corrupt;
}

bool db_was_full(Db *db)
{
    bool was_full = db->was_full;
    db->was_full = false;
    return was_full;
}

Err db_savepoint(Ctx *cx)
{
    Db *db = cx->db;
    ASSERT(db->in_transaction);
    ASSERT(!db->in_savepoint);
    TRY(statement_run(cx, &savepoint, NO_ARGS));
    db->in_savepoint = true;
    return ERR_OK;
}

static Fault settle(Db *db)
{
    const Driver *driver = db->link->driver;
    return driver->settle == NULL ? FAULT_NONE : driver->settle(db->link);
}

Err db_settle(Ctx *cx)
{
    Fault fault = settle(cx->db);
    return fault == FAULT_NONE ? ERR_OK : statement_failed(cx, fault);
}

Err db_release(Ctx *cx)
{
    Db *db = cx->db;
    ASSERT(db->in_savepoint);
    TRY(statement_run(cx, &savepoint_release, NO_ARGS));
    /* What fails later may not be taken for the next operation's. */
    TRY(db_settle(cx));
    db->in_savepoint = false;
    return ERR_OK;
}

/* Runs whatever refusal is pending, so it records none. */
static bool undo_step(Db *db, const Sql *sql)
{
    Kept *kept = NULL;
    return kept_get(db, sql, &kept) == FAULT_NONE &&
           db->link->driver->send(kept->statement) == FAULT_NONE;
}

bool db_rollback_to(Ctx *cx)
{
    Db *db = cx->db;
    ASSERT(db->in_savepoint);
    db->in_savepoint = false;
    db->late.sql = NULL;
    ahead_forget(db);
    (void)settle(db); /* what failed is undone */
    if (db->is_lost || !db->link->driver->is_in_transaction(db->link)) {
        db->is_lost = true;
        return false;
    }
    if (undo_step(db, &savepoint_rollback) && undo_step(db, &savepoint_release)) {
        return true;
    }
    db->is_lost = true;
    return false;
}

/* ---- What the connection keeps ---- */

void db_sight_set(Db *db, Id user_id, Id partner_id)
{
    db->sight_user = user_id;
    db->sight_partner = partner_id;
}

Id db_new_id(Ctx *cx)
{
    ASSERT(cx->db->mode == DB_WRITE);
    return id_next(&cx->db->ids, cx->now_ms);
}

void db_id_raise(Ctx *cx, Id id)
{
    id_raise(&cx->db->ids, id);
}

void db_id_block_end(Ctx *cx)
{
    id_block_end(&cx->db->ids);
}

bool db_is_shared(const Db *db)
{
    return db->link->driver->is_shared;
}

bool db_may_repeat(const Db *db)
{
    return db->may_repeat;
}

bool db_is_unsure(const Db *db)
{
    return db->is_unsure;
}

bool db_is_ending(const Db *db)
{
    int64_t ends_us = db->grace == NULL ? 0 : atomic_load(&db->grace->ends_us);
    return ends_us != 0 && os_monotonic_us() >= ends_us;
}

bool db_is_gone(const Db *db)
{
    return db->is_gone;
}

bool db_sight_is_whole(const Db *db)
{
    return db->sight_user == 0 && db->sight_partner == 0;
}

void db_slot_set(Db *db, DbSlot slot, void *value, void (*release)(void *value))
{
    ASSERT(db->slots[slot] == NULL);
    db->slots[slot] = value;
    db->slot_releases[slot] = release;
}

void *db_slot(const Db *db, DbSlot slot)
{
    return db->slots[slot];
}
