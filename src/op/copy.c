/* Moving an organisation from one database to another, and proving that it arrived. */
#include "op/store.h"

#include "op/idem.h"

#include <string.h>

enum { KEYS_SLICE = 10000 };

static const Sql sql_entries = {
    "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM entry", "", "i"};
static const Sql sql_receivable = {
    "SELECT CAST(COALESCE(SUM(receivable), 0) AS BIGINT) FROM position", "", "i"};
static const Sql sql_open = {"SELECT CAST(COALESCE(SUM(open), 0) AS BIGINT) FROM invoice", "", "i"};
static const Sql sql_audit = {"SELECT COUNT(*) FROM audit", "", "i"};
static const Sql sql_head = {"SELECT chain_head FROM org WHERE id = 1", "", "x"};
static const Sql sql_ends = {
    "SELECT account_id, chain_seq, chain_head FROM position WHERE chain_seq > 0 "
    "ORDER BY account_id",
    "", "kix"};

static Err end_add(Ctx *cx, const Rows *row, void *user)
{
    (void)cx;
    CopyTotals *totals = user;
    const Cell *head = db_cell(row, 2);
    const int64_t numbers[] = {db_id(row, 0), db_i64(row, 1)};
    const Bytes parts[] = {{totals->heads.bytes, HASH_SIZE}, {numbers, sizeof numbers},
        {head->is_null ? "" : head->p, head->n}};
    totals->heads = crypto_digest(parts, COUNT(parts));
    return ERR_OK;
}

static Err totals_read(Ctx *cx, Db *db, CopyTotals *ret_totals)
{
    Rows head;
    *ret_totals = (CopyTotals){0};
    cx->db = db;
    TRY(db_number(cx, &sql_entries, NO_ARGS, &ret_totals->entries));
    TRY(db_number(cx, &sql_receivable, NO_ARGS, &ret_totals->receivable));
    TRY(db_number(cx, &sql_open, NO_ARGS, &ret_totals->open));
    TRY(db_number(cx, &sql_audit, NO_ARGS, &ret_totals->audit_rows));
    TRY(db_one(cx, &sql_head, NO_ARGS, "the row of the organisation", &head));
    (void)db_bytes(&head, 0, ret_totals->heads.bytes, HASH_SIZE);
    return db_scan(cx, &sql_ends, NO_ARGS, end_add, ret_totals);
}

/* Where others write too, keys are looked for in one table alone. */
static Err keys_merge(Ctx *cx)
{
    bool is_done = false;
    while (!is_done) {
        TRY(db_begin(cx));
        Err err = idem_merge(cx, KEYS_SLICE, &is_done);
        err = err == ERR_OK ? db_commit(cx) : err;
        db_rollback(cx);
        run_batch_done(cx->db, err == ERR_OK);
        TRY(err);
    }
    return ERR_OK;
}

static Err copy_prove(Ctx *cx, Db *from, Db *to, CopyTotals *ret_totals)
{
    CopyTotals copied;
    TRY(totals_read(cx, from, ret_totals));
    TRY(totals_read(cx, to, &copied));
    if (memcmp(&copied, ret_totals, sizeof copied) != 0) {
        return err_set(cx, ERR_STORE, NULL,
            "The sums or the ends of the audit chains of the copy are not those of the source, "
            "which was written to meanwhile. The copy was thrown away; stop what writes, and copy "
            "again.");
    }
    return ERR_OK;
}

static Err copy_between(Ctx *cx, Db *from, Db *to, CopyTotals *ret_totals)
{
    DbCopied copied;
    TRY(db_copy(cx, from, to, &copied));
    TRY(copy_prove(cx, from, to, ret_totals));
    ret_totals->tables = copied.tables;
    ret_totals->rows = copied.rows;
    cx->db = to;
    return db_is_shared(to) ? keys_merge(cx) : ERR_OK;
}

/* It gets its name if all went well. */
static Err made_end(Ctx *cx, Db *made, Err err)
{
    if (err == ERR_OK) {
        return db_publish(cx, made);
    }
    db_discard(cx, made);
    return err;
}

Err store_copy(
    Ctx *cx, const char *from_url, const char *to_url, bool is_spread, CopyTotals *ret_totals)
{
    ASSERT(cx->db == NULL);
    Db *from = NULL;
    Db *to = NULL;
    TRY(db_open(cx, from_url, &(DbOptions){.mode = DB_READ}, &from));
    Err err = db_make(cx, to_url, &to);
    if (err == ERR_OK) {
        err = copy_between(cx, from, to, ret_totals);
        err = err == ERR_OK && is_spread ? db_spread(cx) : err;
        cx->db = NULL;
        err = made_end(cx, to, err);
    }
    db_close(from);
    return err;
}

Err store_scratch(Ctx *cx, const char *path)
{
    Db *to = NULL;
    DbCopied copied;
    if (!db_is_shared(cx->db)) {
        return db_backup(cx, path);
    }
    TRY(db_make(cx, path, &to));
    return made_end(cx, to, db_copy(cx, cx->db, to, &copied));
}
