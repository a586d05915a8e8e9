/* The history of the schema: which migrations a database has, and bringing it to the last one. */
#include "db/migrate.h"

#include "base/crypto.h"
#include "base/log.h"
#include "db/port.h"

#include <string.h>

static const char book[] = "CREATE TABLE migration ("
                           "    number {key},"
                           "    name {text} NOT NULL,"
                           "    checksum {text} NOT NULL,"
                           "    at {i64} NOT NULL);";

static const Sql migration_list = {
    "SELECT number, name, checksum FROM migration ORDER BY number", "", "itt"};

static const Sql migration_add = {
    "INSERT INTO migration (number, name, checksum, at) VALUES ($1, $2, $3, $4)", "itti", NULL};

enum { CHECKSUM_SIZE = 2 * HASH_SIZE + 1, TRIES = 8 };

static void checksum_of(const Migration *migration, char checksum[CHECKSUM_SIZE])
{
    Bytes text = {.data = migration->text, .size = strlen(migration->text)};
    Hash hash = crypto_digest(&text, 1);
    crypto_hex(hash.bytes, sizeof(hash.bytes), checksum);
}

/* ---- What a database has ---- */

static Err history_missing(Ctx *cx)
{
    return err_set(cx, ERR_DB_DAMAGED, NULL,
        "%s has no history of its schema (table migration) that can be read, so it is not a "
        "complete guanxi database. %s",
        cx->db->shown,
        cx->db->link->driver->is_shared
            ? "If the role has its rights and no pooler stands before it (prepared=off), restore "
              "the last backup."
            : "Restore the last backup.");
}

static Err history_ask(Ctx *cx, Rows *ret_rows)
{
    Kept *kept = NULL;
    Fault fault = kept_get(cx->db, &migration_list, &kept);
    if (fault == FAULT_BUG) {
        return history_missing(cx);
    }
    return fault != FAULT_NONE ? db_fault(cx, fault)
                               : db_ask(cx, &migration_list, NO_ARGS, ret_rows);
}

static Err row_check(Ctx *cx, const Rows *row, const Migration *migration)
{
    char checksum[CHECKSUM_SIZE];
    checksum_of(migration, checksum);
    if (db_i64(row, 0) == migration->number && strcmp(db_text(row, 2), checksum) == 0) {
        return ERR_OK;
    }
    return err_set(cx, ERR_DB_DAMAGED, NULL,
        "Migration %s of %s is not the one of that name in this program: one of the two was "
        "edited. Use the"
        " guanxi that made the database.",
        db_text(row, 1), cx->db->shown);
}

/* How many migrations it has; all of them are this program's first ones. */
static Err history_check(Ctx *cx, const History *history, int *ret_count)
{
    Rows rows;
    TRY(history_ask(cx, &rows));
    int known = history->count;
    int count = 0;
    while (db_next(&rows)) {
        if (count == known) {
            return err_set(cx, ERR_DB_NEWER, NULL,
                "%s was made by a newer guanxi (it has %s, this program ends with %s). Use the "
                "newer program.",
                cx->db->shown, db_text(&rows, 1),
                known == 0 ? "none" : history->first[known - 1].name);
        }
        TRY(row_check(cx, &rows, &history->first[count]));
        count++;
    }
    *ret_count = count;
    return ERR_OK;
}

Err migrate_check(Ctx *cx, const History *history, bool *ret_is_older)
{
    int count;
    TRY(history_check(cx, history, &count));
    if (count == 0 && history->count > 0) {
        return history_missing(cx);
    }
    *ret_is_older = count < history->count;
    return shape_check(cx, &(History){.first = history->first, .count = count}, cx->db->shown);
}

/* ---- Bringing it there ---- */

static Err execute(Ctx *cx, const char *script)
{
    Link *link = cx->db->link;
    Fault fault = link->driver->execute(link, script);
    return fault == FAULT_NONE ? ERR_OK : db_fault(cx, fault);
}

/* Inside the transaction. */
static Err migration_steps(Ctx *cx, const Migration *migration, bool is_first)
{
    Link *link = cx->db->link;
    Engine engine = link->driver->engine;
    if (is_first) {
        TRY(execute(cx, sql_expand_migration(cx->arena, book, engine)));
    }
    TRY(execute(cx, sql_expand_migration(cx->arena, migration->text, engine)));
    Fault fault = link->driver->references_check(link);
    if (fault != FAULT_NONE) {
        return db_fault(cx, fault);
    }
    char checksum[CHECKSUM_SIZE];
    checksum_of(migration, checksum);
    return db_put(cx, &migration_add,
        ARGS(arg_i64(migration->number), arg_text(migration->name), arg_text(checksum),
            arg_i64(cx->now_ms)));
}

/* Another process may have done it since it was looked at: `expected` is how many there were then.
 */
static Err migration_transact(Ctx *cx, const History *history, int expected)
{
    TRY(db_begin(cx));
    Err err = expected > 0 ? execute(cx, cx->db->link->driver->migration_lock) : ERR_OK;
    int count = expected;
    if (err == ERR_OK && expected > 0) {
        err = history_check(cx, history, &count);
    }
    if (err == ERR_OK && count == expected) {
        err = migration_steps(cx, &history->first[expected], expected == 0);
    }
    if (err != ERR_OK) {
        db_rollback(cx);
        return err;
    }
    return db_commit(cx);
}

static Err migration_apply(Ctx *cx, const History *history, int index)
{
    Link *link = cx->db->link;
    TRY(execute(cx, link->driver->migration_before));
    Err err = migration_transact(cx, history, index);
    for (int i = 0; i < TRIES && err != ERR_OK && db_may_repeat(cx->db) && !db_is_gone(cx->db);
         i++) {
        err_clear(cx);
        err = migration_transact(cx, history, index);
    }
    Fault fault = link->driver->execute(link, link->driver->migration_after);
    if (err != ERR_OK) {
        log_line(LOG_ERROR, "migration %s was not made", history->first[index].name);
        return err;
    }
    return fault == FAULT_NONE ? ERR_OK : db_fault(cx, fault);
}

Err migrate_run(Ctx *cx, const History *history, bool is_new)
{
    int count = 0;
    if (!is_new) {
        TRY(history_check(cx, history, &count));
    }
    for (int index = count; index < history->count; index++) {
        TRY(migration_apply(cx, history, index));
    }
    /* prepared under the schema that was */
    kept_drop_all(cx->db);
    return shape_mark(cx, history);
}
