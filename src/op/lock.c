/* Locks: the position row of an account and of its ancestors, root first; the organisation's row
 * for writes that belong to no account. The locked row also holds the end of its audit chain. */
#include "op/audit.h"

#include "base/id.h"

#include <string.h>

/* No family of accounts is deeper; a ring would be a damaged database. */
enum { FAMILY_MAX = 32 };

static const Sql sql_account = {
    "SELECT a.parent_id, o.last_day_close FROM account a, org o WHERE a.id = $1 AND o.id = 1", "k",
    "kd"};
static const Sql sql_parent = {"SELECT parent_id FROM account WHERE id = $1", "k", "k"};
static const Sql sql_position_lock = {
    "SELECT chain_seq, chain_head FROM position WHERE account_id = $1 {lock}", "k", "ix"};
/* No row, and no lock: it has a parent, which is to be locked first. */
static const Sql sql_lone_lock = {
    "SELECT chain_seq, chain_head FROM position WHERE account_id = $1 AND NOT EXISTS "
    "(SELECT 1 FROM account a WHERE a.id = $1 AND a.parent_id IS NOT NULL) {lock}",
    "k", "ix"};
static const Sql sql_org_lock = {
    "SELECT chain_seq, chain_head, last_day_close FROM org WHERE id = 1 {lock}", "", "ixd"};

/* Ids that others made for the chain, to the end of their block, and for what closes over it. */
static const Sql sql_account_ids = {
    "SELECT max(t.id) FROM (SELECT max(from_id) + 15 AS id FROM dossier WHERE account_id = $1 "
    "UNION ALL SELECT max(id) FROM seal) t",
    "k", "k"};
static const Sql sql_org_ids = {
    "SELECT max(t.id) FROM (SELECT max(id) AS id FROM audit WHERE account_id = 0 "
    "UNION ALL SELECT max(id) FROM seal) t",
    "", "k"};

/* Of an account that is locked: its parent, and all of the above. */
static const Sql sql_locked = {
    "SELECT a.parent_id, o.last_day_close, (SELECT max(k.from_id) + 15 FROM dossier k "
    "WHERE k.account_id = $1), "
    "(SELECT max(s.id) FROM seal s) FROM account a, org o WHERE a.id = $1 AND o.id = 1",
    "k", "kdkk"};

typedef struct Family {
    Id ids[FAMILY_MAX]; /* the account, its parent, … */
    size_t count;
} Family;

static Err family_broken(Ctx *cx, Id account_id)
{
    return err_set(cx, ERR_DB_DAMAGED, NULL,
        "Account %s has no sound row, position or line of parents; run `guanxi doctor`.",
        id_text(cx->arena, ref_kind("account")->letter, account_id));
}

/* The ancestors above family->ids[0]; parent_id: of the first. */
static Err family_climb(Ctx *cx, Id parent_id, Family *family)
{
    family->count = 1;
    while (parent_id != 0) {
        if (family->count == FAMILY_MAX) {
            return family_broken(cx, family->ids[0]);
        }
        family->ids[family->count++] = parent_id;
        Rows rows;
        TRY(db_ask(cx, &sql_parent, ARGS(arg_id(parent_id)), &rows));
        if (!db_next(&rows)) {
            return family_broken(cx, parent_id);
        }
        parent_id = db_id(&rows, 0);
    }
    return ERR_OK;
}

static Err family_read(Ctx *cx, Id account_id, Family *ret_family, Date *ret_last_close)
{
    Rows rows;
    TRY(db_ask(cx, &sql_account, ARGS(arg_id(account_id)), &rows));
    if (!db_next(&rows)) {
        return family_broken(cx, account_id);
    }
    if (ret_last_close != NULL) {
        *ret_last_close = db_date(&rows, 1);
    }
    ret_family->ids[0] = account_id;
    return family_climb(cx, db_id(&rows, 0), ret_family);
}

static Err family_moved(Ctx *cx)
{
    return err_set(cx, ERR_BUSY, NULL, "The account was just moved to another group; try again.");
}

/* A parent may have changed between reading it and the lock, where others write. */
static Err family_confirm(Ctx *cx, const Family *family)
{
    if (!db_is_shared(cx->db)) {
        return ERR_OK;
    }
    Family now = {.ids = {family->ids[0]}};
    Rows rows;
    TRY(db_ask(cx, &sql_parent, ARGS(arg_id(family->ids[0])), &rows));
    TRY(family_climb(cx, db_next(&rows) ? db_id(&rows, 0) : 0, &now));
    size_t size = family->count * sizeof family->ids[0];
    if (now.count != family->count || memcmp(now.ids, family->ids, size) != 0) {
        return family_moved(cx);
    }
    return ERR_OK;
}

static void chain_read(const Rows *rows, Chain *chain)
{
    chain->seq = db_i64(rows, 0);
    chain->is_known = true;
    chain->head = audit_hash_at(rows, 1); /* absent: nothing was audited yet */
}

/* Clocks of several machines differ; what follows in a chain has higher ids all the same. Under the
 * lock, so that nothing comes between. */
static Err ids_follow(Ctx *cx, Id account_id)
{
    if (!db_is_shared(cx->db)) {
        return ERR_OK;
    }
    int64_t highest = 0;
    TRY(account_id == 0 ? db_number(cx, &sql_org_ids, NO_ARGS, &highest)
                        : db_number(cx, &sql_account_ids, ARGS(arg_id(account_id)), &highest));
    db_id_raise(cx, highest);
    return ERR_OK;
}

/* Takes the last lock; what is usually asked behind it goes with it in one turn. */
static Err lock_ask(
    Ctx *cx, const Sql *sql, const Arg *args, size_t count, const Chain *chain, Rows *ret_rows)
{
    if (db_is_shared(cx->db)) {
        TRY(db_expect(cx, sql, args, count));
        TRY(run_expect(cx, chain));
    }
    return db_ask(cx, sql, args, count, ret_rows);
}

/* Most accounts have no parent. Beside others that is seen behind the lock, and needs to be seen
 * once. */
static Err lone_lock(
    Ctx *cx, Id account_id, Chain *ret_chain, Date *ret_last_close, bool *ret_is_locked)
{
    Rows rows;
    *ret_is_locked = false;
    TRY(lock_ask(cx, &sql_lone_lock, ARGS(arg_id(account_id)), ret_chain, &rows));
    if (!db_next(&rows)) {
        return ERR_OK;
    }
    chain_read(&rows, ret_chain);
    TRY(db_ask(cx, &sql_locked, ARGS(arg_id(account_id)), &rows));
    if (!db_next(&rows)) {
        return family_broken(cx, account_id);
    }
    if (db_id(&rows, 0) != 0) {
        return family_moved(cx);
    }
    if (ret_last_close != NULL) {
        *ret_last_close = db_date(&rows, 1);
    }
    db_id_raise(cx, db_id(&rows, 2));
    db_id_raise(cx, db_id(&rows, 3));
    *ret_is_locked = true;
    return ERR_OK;
}

static Err org_lock(Ctx *cx, Chain *ret_chain, Date *ret_last_close)
{
    Rows rows;
    db_steady_end(cx->db);
    *ret_chain = (Chain){0};
    TRY(lock_ask(cx, &sql_org_lock, NO_ARGS, ret_chain, &rows));
    if (!db_next(&rows)) {
        return err_set(cx, ERR_DB_DAMAGED, NULL, "The row of the organisation is missing.");
    }
    chain_read(&rows, ret_chain);
    if (ret_last_close != NULL) {
        *ret_last_close = db_date(&rows, 2);
    }
    return ids_follow(cx, 0);
}

/* The account and its ancestors, root first. */
static Err family_lock(Ctx *cx, Id account_id, Chain *ret_chain, Date *ret_last_close)
{
    Family family;
    Rows rows = {0};
    TRY(family_read(cx, account_id, &family, ret_last_close));
    for (size_t i = family.count; i > 0; i--) {
        const Arg id = arg_id(family.ids[i - 1]);
        TRY(i > 1 ? db_ask(cx, &sql_position_lock, &id, 1, &rows)
                  : lock_ask(cx, &sql_position_lock, &id, 1, ret_chain, &rows));
        if (!db_next(&rows)) {
            return family_broken(cx, family.ids[i - 1]);
        }
    }
    chain_read(&rows, ret_chain);
    TRY(ids_follow(cx, account_id));
    return family_confirm(cx, &family);
}

Err chain_expect(Ctx *cx, Id account_id)
{
    return db_expect(cx, &sql_lone_lock, ARGS(arg_id(account_id)));
}

Err chain_lock(Ctx *cx, Id account_id, Chain *ret_chain, Date *ret_last_close)
{
    if (account_id == 0) {
        return org_lock(cx, ret_chain, ret_last_close);
    }
    *ret_chain = (Chain){.account_id = account_id};
    bool is_locked = false;
    if (db_is_shared(cx->db)) {
        TRY(lone_lock(cx, account_id, ret_chain, ret_last_close, &is_locked));
    }
    return is_locked ? ERR_OK : family_lock(cx, account_id, ret_chain, ret_last_close);
}
