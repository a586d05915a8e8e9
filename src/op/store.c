/* A database that one process has to itself. */
#include "op/store.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "base/os.h"

#include <string.h>
#include <unistd.h>

/* The row that every write without an account locks, so it stands before the first operation. */
static const Sql org_insert = {
    "INSERT INTO org (id, uuid, timezone, is_solo, prices_include_tax, chain_seq, version) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)",
    "kttbbii",
    NULL,
};

static const Sql org_timezone_select = {
    "SELECT timezone FROM org WHERE id = 1",
    "",
    "t",
};

Err store_open(Ctx *cx, const char *url, const DbOptions *options)
{
    ASSERT(cx->db == NULL);
    Db *db = NULL;
    TRY(db_open(cx, url, options, &db));
    cx->db = db;
    return ERR_OK;
}

void store_close(Ctx *cx)
{
    db_close(cx->db);
    cx->db = NULL;
}

/* ---- Founding ---- */

enum { UUID_BYTES = 16, UUID_TEXT_SIZE = 37 };

/* A random one (version 4), in its usual form. */
static void uuid_make(char text[UUID_TEXT_SIZE])
{
    unsigned char bytes[UUID_BYTES];
    crypto_random(bytes, sizeof bytes);
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    char hex[2 * UUID_BYTES + 1];
    crypto_hex(bytes, sizeof bytes, hex);
    (void)snprintf(text, UUID_TEXT_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
        hex + 16, hex + 20);
}

static Err org_row_put(Ctx *cx, void *user)
{
    return db_put(cx, &org_insert,
        ARGS(arg_id(1), arg_text(user), arg_text("UTC"), arg_bool(false), arg_bool(true),
            arg_i64(0), arg_i64(0)));
}

static Err org_row_write(Ctx *cx)
{
    char uuid[UUID_TEXT_SIZE];
    uuid_make(uuid);
    return store_batch_again(cx, org_row_put, uuid);
}

Err store_found(Ctx *cx, const char *url)
{
    ASSERT(cx->db == NULL);
    Db *db = NULL;
    TRY(db_make(cx, url, &db));
    cx->db = db;
    Err code = org_row_write(cx);
    if (code != ERR_OK) {
        store_discard(cx);
    }
    return code;
}

Err store_publish(Ctx *cx)
{
    Db *made = cx->db;
    cx->db = NULL;
    return db_publish(cx, made);
}

void store_discard(Ctx *cx)
{
    Db *made = cx->db;
    cx->db = NULL;
    db_discard(cx, made);
}

/* ---- Use ---- */

Err store_today(Ctx *cx, Date *ret_today)
{
    TRY(db_begin(cx));
    Rows rows;
    Err code = db_ask(cx, &org_timezone_select, NO_ARGS, &rows);
    const char *zone = code == ERR_OK && db_next(&rows) ? db_text(&rows, 0) : "UTC";
    db_rollback(cx);
    TRY(code);
    int64_t offset_ms = 0;
    if (!os_zone_offset(zone, cx->now_ms, &offset_ms)) {
        return err_set(cx, ERR_STORE, "timezone",
            "The organisation's time zone %s is not known on this machine; install tzdata or give "
            "--today.",
            zone);
    }
    *ret_today = date_of_instant(cx->now_ms, offset_ms);
    return ERR_OK;
}

Err store_batch(Ctx *cx, Err (*steps)(Ctx *cx, void *user), void *user)
{
    TRY(db_begin(cx));
    if (cx->batch != NULL) {
        cx->batch->op_id = 0;
    }
    Err code = steps(cx, user);
    if (code == ERR_OK) {
        code = db_commit(cx);
    } else {
        db_rollback(cx);
    }
    run_batch_done(cx->db, code == ERR_OK);
    return code;
}
