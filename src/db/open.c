/* Opening, making, copying and checking a database as a whole. */
#include "base/file.h"
#include "base/log.h"
#include "db/port.h"

#include <string.h>

static const Driver *const drivers[] = {&driver_postgres, &driver_sqlite};

static const Sql history_length = {"SELECT count(*) FROM migration", "", "i"};

/* ---- Connections ---- */

static Err driver_find(Ctx *cx, const char *url, const Driver **ret_driver)
{
    for (size_t i = 0; i < COUNT(drivers); i++) {
        if (drivers[i]->takes(url)) {
            *ret_driver = drivers[i];
            return ERR_OK;
        }
    }
    return err_set(cx, ERR_DB_MISSING, NULL,
        "This guanxi cannot open %.*s databases. Name a database file.", (int)strcspn(url, ":"),
        url);
}

/* A connection, whatever the schema. */
static Err connect_to(Ctx *cx, const char *url, const LinkOptions *options, Db **ret_db)
{
    const Driver *driver;
    TRY(driver_find(cx, url, &driver));
    Arena *arena = arena_new(CONNECTION_ARENA_BYTES);
    Db *db = arena_alloc(arena, sizeof(*db));
    db->arena = arena;
    db->url = arena_str(arena, url);
    db->shown = driver->shown == NULL ? db->url : driver->shown(arena, url);
    db->mode = options->mode;
    db->grace = options->grace;
    Err err = driver->open(cx, arena, url, options, &db->link);
    if (err != ERR_OK) {
        arena_free(arena);
        return err;
    }
    db->kept_arena = arena_new(CONNECTION_ARENA_BYTES);
    *ret_db = db;
    return ERR_OK;
}

Err db_scratch(Ctx *cx, const Db *like, Db **ret_db)
{
    const Driver *driver = like->link->driver;
    LinkOptions options = {.mode = DB_WRITE, .is_new = true};
    const char *url =
        driver->scratch != NULL ? driver->scratch : driver->scratch_of(cx->arena, like->url);
    return connect_to(cx, url, &options, ret_db);
}

void db_close(Db *db)
{
    if (db == NULL) {
        return;
    }
    for (size_t i = 0; i < DB_SLOT_COUNT; i++) {
        if (db->slot_releases[i] != NULL) {
            db->slot_releases[i](db->slots[i]);
        }
    }
    ahead_close(db);
    steady_close(db);
    kept_drop_all(db);
    if (db->makes_ids && db->link->driver->node_free != NULL) {
        db->link->driver->node_free(db->link, db->ids.last);
    }
    db->link->driver->close(db->link);
    arena_free(db->kept_arena);
    arena_free(db->arena);
}

/* ---- Making ---- */

static Err schema_make(Ctx *cx, const char *made, const History *history)
{
    Db *before = cx->db;
    LinkOptions options = {.mode = DB_WRITE, .is_new = true};
    Db *db;
    TRY(connect_to(cx, made, &options, &db));
    cx->db = db;
    Err err = migrate_run(cx, history, true);
    cx->db = before;
    db_close(db);
    return err;
}

Err db_make_with(Ctx *cx, const char *url, const History *history, Db **ret_db)
{
    const Driver *driver;
    const char *made;
    TRY(driver_find(cx, url, &driver));
    TRY(driver->reserve(cx, url, &made));
    Err err = schema_make(cx, made, history);
    err = err == ERR_OK ? db_open_with(cx, made, &(DbOptions){.mode = DB_WRITE}, history, ret_db)
                        : err;
    if (err != ERR_OK) {
        driver->discard(cx, made);
        return err;
    }
    Db *db = *ret_db;
    db->meant = arena_str(db->arena, url);
    db->shown = db_shown(db->arena, db->meant);
    return ERR_OK;
}

Err db_make(Ctx *cx, const char *url, Db **ret_db)
{
    History own = history_own();
    return db_make_with(cx, url, &own, ret_db);
}

Err db_publish(Ctx *cx, Db *made)
{
    ASSERT(made->meant != NULL);
    const Driver *driver = made->link->driver;
    const char *name = arena_str(cx->arena, made->url);
    const char *meant = arena_str(cx->arena, made->meant);
    db_close(made);
    Err err = driver->publish(cx, name, meant);
    if (err != ERR_OK) {
        driver->discard(cx, name);
    }
    return err;
}

void db_discard(Ctx *cx, Db *made)
{
    ASSERT(made->meant != NULL);
    const Driver *driver = made->link->driver;
    const char *name = arena_str(cx->arena, made->url);
    db_close(made);
    driver->discard(cx, name);
}

bool db_is_file(const char *url)
{
    return strstr(url, "://") == NULL;
}

const char *db_shown(Arena *arena, const char *url)
{
    for (size_t i = 0; i < COUNT(drivers); i++) {
        if (drivers[i]->takes(url)) {
            return drivers[i]->shown == NULL ? url : drivers[i]->shown(arena, url);
        }
    }
    return url;
}

/* ---- Copying ---- */

static void finding_log(void *user, const char *line)
{
    (void)user;
    log_line(LOG_ERROR, "copy: %s", line);
}

static Err history_count(Ctx *cx, Db *db, int64_t *ret_count)
{
    Db *before = cx->db;
    Rows rows;
    cx->db = db;
    Err err = db_ask(cx, &history_length, NO_ARGS, &rows);
    cx->db = before;
    if (err == ERR_OK && db_next(&rows)) {
        *ret_count = db_i64(&rows, 0);
    }
    return err;
}

static Err copy_verify(Ctx *cx, Db *copy)
{
    int64_t here = 0;
    int64_t there = 0;
    int64_t findings = 0;
    TRY(history_count(cx, cx->db, &here));
    TRY(history_count(cx, copy, &there));
    Fault fault = copy->link->driver->verify(copy->link, finding_log, NULL, &findings);
    if (fault != FAULT_NONE) {
        Db *source = cx->db;
        cx->db = copy; /* it is the copy that is damaged, if that is it */
        Err err = db_fault(cx, fault);
        cx->db = source;
        return err;
    }
    if (findings > 0 || here != there) {
        return err_set(cx, ERR_DB_DAMAGED, NULL,
            "The copy was thrown away because it is not sound; the log tells what was found. "
            "`guanxi doctor` tells"
            " whether the database itself is.");
    }
    return ERR_OK;
}

static Err copy_check(Ctx *cx, const char *made)
{
    LinkOptions options = {.mode = DB_READ};
    Db *copy;
    TRY(connect_to(cx, made, &options, &copy));
    Err err = copy_verify(cx, copy);
    db_close(copy);
    return err;
}

Err db_backup(Ctx *cx, const char *path)
{
    Db *db = cx->db;
    const Driver *driver = db->link->driver;
    ASSERT(!db->in_transaction);
    if (driver->copy == NULL) {
        return err_set(cx, ERR_STATE, NULL,
            "A database on a server is backed up there, with the server's own tools (pg_dump, "
            "base backups with archived logs), or written into a file by `guanxi copy`.");
    }
    const char *made;
    TRY(driver->reserve(cx, path, &made));
    Err err = driver->copy(cx, db->link, made);
    if (err == ERR_OK) {
        err = copy_check(cx, made);
    }
    if (err == ERR_OK) {
        err = driver->publish(cx, made, path);
    }
    if (err != ERR_OK) {
        driver->discard(cx, made);
    }
    return err;
}

/* ---- Spreading ---- */

Err db_spread(Ctx *cx)
{
    Db *db = cx->db;
    ASSERT(!db->in_transaction);
    if (db->link->driver->spread == NULL) {
        return err_set(cx, ERR_STATE, "distribute",
            "A file lies on one machine. Name a PostgreSQL server that has the extension citus.");
    }
    TRY(db->link->driver->spread(cx, db->link));
    kept_drop_all(db); /* prepared for tables that were elsewhere */
    return shape_mark(cx, &db->history);
}

/* ---- Opening ---- */

enum { BACKUPS_MAX = 100 };

/* A copy of the file as the older program left it, beside it. */
static Err backup_before_migration(Ctx *cx)
{
    const char *url = cx->db->url;
    int64_t count = 0;
    TRY(history_count(cx, cx->db, &count));
    const char *path = arena_printf(cx->arena, "%s.schema-%04d", url, (int)count);
    for (int n = 2; n < BACKUPS_MAX && file_kind(path) != FILE_MISSING; n++) {
        path = arena_printf(cx->arena, "%s.schema-%04d-%d", url, (int)count, n);
    }
    TRY(db_backup(cx, path));
    log_line(LOG_INFO, "the database as it was before the migration is kept as %s", path);
    return ERR_OK;
}

static Err schema_bring(Ctx *cx, const History *history, const DbOptions *options)
{
    bool is_older = false;
    TRY(migrate_check(cx, history, &is_older));
    if (!is_older) {
        return ERR_OK;
    }
    if (!options->migrate || options->mode == DB_READ) {
        return err_set(cx, ERR_DB_OLDER, NULL,
            "%s was made by an older guanxi. `guanxi migrate` brings it up to this program%s.",
            cx->db->shown,
            cx->db->link->driver->copy != NULL ? " and keeps a copy of it as it is" : "");
    }
    if (cx->db->link->driver->copy != NULL) {
        TRY(backup_before_migration(cx));
    }
    return migrate_run(cx, history, false);
}

static Err ids_load(Ctx *cx)
{
    Db *db = cx->db;
    if (db->mode == DB_READ) {
        return ERR_OK;
    }
    db->makes_ids = true;
    Fault fault = db->link->driver->id_highest(db->link, &db->ids.last);
    return fault == FAULT_NONE ? ERR_OK : db_fault(cx, fault);
}

Err db_open_with(
    Ctx *cx, const char *url, const DbOptions *options, const History *history, Db **ret_db)
{
    LinkOptions link_options = {.mode = options->mode,
        .read_limit_ms = options->read_limit_ms,
        .grace = options->grace,
        .answer_ms = options->answer_ms};
    Db *db;
    TRY(connect_to(cx, url, &link_options, &db));
    db->common = options->common;
    Db *before = cx->db;
    cx->db = db;
    Err err = schema_bring(cx, history, options);
    if (err == ERR_OK) {
        db->history = *history;
        err = ids_load(cx);
    }
    cx->db = before;
    if (err != ERR_OK) {
        db_close(db);
        return err;
    }
    *ret_db = db;
    return ERR_OK;
}

Err db_open(Ctx *cx, const char *url, const DbOptions *options, Db **ret_db)
{
    History own = history_own();
    return db_open_with(cx, url, options, &own, ret_db);
}

/* ---- The server ---- */

Err db_clock_ahead(Ctx *cx, int64_t *ret_ms)
{
    Link *link = cx->db->link;
    Instant now = cx->now_ms;
    Fault fault = link->driver->clock == NULL ? FAULT_NONE : link->driver->clock(link, &now);
    *ret_ms = now - cx->now_ms;
    return fault == FAULT_NONE ? ERR_OK : db_fault(cx, fault);
}

/* ---- The file ---- */

bool db_checkpoint(Db *db, bool is_idle)
{
    ASSERT(!db->in_transaction);
    if (db->is_broken || db->mode == DB_READ) {
        return !db->is_broken;
    }
    Fault fault = db->link->driver->checkpoint(db->link, is_idle);
    db->is_broken = fault != FAULT_NONE;
    return !db->is_broken;
}

bool db_is_moving(const Db *db)
{
    const Driver *driver = db->link->driver;
    return driver->is_moving != NULL && driver->is_moving(db->link);
}

Err db_verify(Ctx *cx, DbSay say, void *user, int64_t *ret_findings)
{
    Link *link = cx->db->link;
    Fault fault = link->driver->verify(link, say, user, ret_findings);
    return fault == FAULT_NONE ? ERR_OK : db_fault(cx, fault);
}

bool db_is_beside(const Db *db)
{
    const Driver *driver = db->link->driver;
    return driver->is_beside != NULL && driver->is_beside(db->link);
}
