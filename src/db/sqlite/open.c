/* SQLite: opening a file, looking first at what it is. */
#include "db/sqlite/sqlite.h"

#include "base/file.h"
#include "base/log.h"
#include "base/os.h"
#include "db/sqlite/fault.h"
#include "db/sqlite/layer.h"

#include <string.h>

enum {
    APPLICATION_ID = 0x4755414e, /* "GUAN", in the header of every file that guanxi made */
    PROGRESS_STEPS = 10000,      /* about a tenth of a millisecond */
};

/* Trusted schema off: a file from elsewhere may not run functions by being read. */
static const char connection_script[] = "PRAGMA foreign_keys = ON;"
                                        "PRAGMA trusted_schema = OFF;"
                                        "PRAGMA cell_size_check = ON;"
                                        "PRAGMA mmap_size = 0;"
                                        "PRAGMA synchronous = FULL;";
/* A server has one writer, two or three readers and a slow lane: their caches leave room in the
 * 40 MiB that it may take. What is not in them is in the page cache of the system: a journal of
 * orders runs a few percent longer than with four times as much. */
static const char reader_script[] = "PRAGMA cache_size = -3072; PRAGMA query_only = ON;";
/* The writer's grows with the file: an order among very many accounts changes half a dozen pages
 * that no other order of the batch does, and what does not fit is written and read again. */
enum { CACHE_KIB_MIN = 12 * 1024, CACHE_KIB_MAX = 48 * 1024, CACHE_PART = 32 };

static bool sqlite_takes(const char *url)
{
    return strstr(url, "://") == NULL;
}

/* ---- What is at the path ---- */

static Err path_check(Ctx *cx, const char *path)
{
    switch (file_kind(path)) {
    case FILE_PLAIN:
        return ERR_OK;
    case FILE_MISSING:
        return err_set(cx, ERR_DB_MISSING, NULL,
            "There is no database %s. `guanxi init` makes a new one; a wrong folder is the usual "
            "cause.",
            path);
    case FILE_FOLDER:
        return err_set(cx, ERR_DB_MISSING, NULL,
            "%s is a folder. Name the database file, such as %s/guanxi.db.", path, path);
    case FILE_EMPTY:
        return err_set(cx, ERR_DB_DAMAGED, NULL,
            "%s is an empty file, not a database. Remove it and make one with `guanxi init`, or "
            "restore a"
            " backup.",
            path);
    case FILE_HIDDEN:
        return err_set(cx, ERR_STORE, NULL,
            "%s cannot be looked at by this user. Give the user of guanxi rights to the file and "
            "its folder.",
            path);
    case FILE_OTHER:
        break;
    }
    return err_set(cx, ERR_DB_DAMAGED, NULL, "%s is not a file. Name a database file.", path);
}

/* ---- What is in the file ---- */

static void first_number(void *user, const char *const *columns)
{
    *(int64_t *)user = columns[0] == NULL ? 0 : strtoll(columns[0], NULL, 10);
}

static Err read_only(Ctx *cx, const SqliteLink *link)
{
    return err_set(cx, ERR_STORE, NULL,
        "%s, or its folder, is read-only for this user. Run it as the user who owns the folder, or "
        "give the user of guanxi the right to write both.",
        link->path);
}

static Err cannot_use(Ctx *cx, const SqliteLink *link, Fault fault)
{
    if (fault == FAULT_CORRUPT) {
        return err_set(cx, ERR_DB_DAMAGED, NULL,
            "%s is not a database, or its beginning is damaged. Check the name; if it is the right "
            "file, restore"
            " the last backup.",
            link->path);
    }
    if (fault == FAULT_BUSY) {
        return err_set(
            cx, ERR_BUSY, NULL, "Another program holds %s. Stop it, or try again.", link->path);
    }
    if (fault == FAULT_FULL) {
        return err_set(cx, ERR_STORE, NULL,
            "There is no room on the disk of %s. Make room, then try again.", link->path);
    }
    if (link->mode == DB_WRITE && (sqlite3_errcode(link->db) & 0xff) == SQLITE_READONLY) {
        return read_only(cx, link);
    }
    if (os_result_of(sqlite3_system_errno(link->db)) == OS_NO_HANDLES) {
        return err_set(cx, ERR_STORE, NULL,
            "%s cannot be opened: too many files are open. Raise the limit of open files for the "
            "user of guanxi (ulimit -n).",
            link->path);
    }
    return err_set(cx, ERR_STORE, NULL,
        "%s cannot be read. The user of guanxi needs rights to the file and its folder, in which "
        "SQLite keeps"
        " its log; the log of guanxi tells more.",
        link->path);
}

static Err content_check(Ctx *cx, SqliteLink *link)
{
    int64_t application = 0;
    Fault fault = sqlite_each(link, "PRAGMA application_id", first_number, &application);
    if (fault != FAULT_NONE) {
        return cannot_use(cx, link, fault);
    }
    if (application != APPLICATION_ID) {
        return err_set(cx, ERR_DB_DAMAGED, NULL,
            "%s is a SQLite database of another program. Name a database that guanxi made.",
            link->path);
    }
    return ERR_OK;
}

/* SQLite opens what it may not write for reading, without a word; and a log that cannot be made
 * shows only at the first transaction. */
static Err write_check(Ctx *cx, SqliteLink *link)
{
    if (sqlite3_db_readonly(link->db, "main") != 0) {
        return read_only(cx, link);
    }
    Fault fault = sqlite_execute(&link->link, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; COMMIT");
    if (fault == FAULT_NONE) {
        return ERR_OK;
    }
    return fault == FAULT_IO ? read_only(cx, link) : cannot_use(cx, link, fault);
}

static Err begin_new(Ctx *cx, SqliteLink *link)
{
    char script[96];
    (void)snprintf(script, sizeof(script), "PRAGMA application_id = %d; PRAGMA journal_mode = WAL;",
        APPLICATION_ID);
    Fault fault = sqlite_execute(&link->link, script);
    return fault == FAULT_NONE ? ERR_OK : cannot_use(cx, link, fault);
}

/* ---- The connection ---- */

static int is_late(void *user)
{
    const SqliteLink *link = user;
    return link->deadline_us != 0 && os_monotonic_us() > link->deadline_us;
}

static Fault cache_set(SqliteLink *link)
{
    char script[48];
    if (link->mode != DB_WRITE) {
        return sqlite_execute(&link->link, reader_script);
    }
    size_t kib = file_bytes(link->path) / 1024 / CACHE_PART;
    kib = kib < CACHE_KIB_MIN ? CACHE_KIB_MIN : kib > CACHE_KIB_MAX ? CACHE_KIB_MAX : kib;
    (void)snprintf(script, sizeof(script), "PRAGMA cache_size = -%zu;", kib);
    return sqlite_execute(&link->link, script);
}

static Fault configure(SqliteLink *link)
{
    static const struct {
        int setting;
        int value;
    } settings[] = {
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
    };
    for (size_t i = 0; i < COUNT(settings); i++) {
        int code = sqlite3_db_config(link->db, settings[i].setting, settings[i].value, NULL);
        if (code != SQLITE_OK) {
            return sqlite_fault(link->db, code, "sqlite3_db_config");
        }
    }
    (void)sqlite3_extended_result_codes(link->db, 1);
    (void)sqlite3_busy_timeout(link->db, BUSY_WAIT_MS);
    (void)sqlite3_limit(link->db, SQLITE_LIMIT_ATTACHED, 0);
    (void)sqlite3_wal_autocheckpoint(link->db, 0);
    (void)sqlite3_wal_hook(link->db, sqlite_log_grew, link);
    if (link->read_limit_us != 0) {
        sqlite3_progress_handler(link->db, PROGRESS_STEPS, is_late, link);
    }
    Fault fault = sqlite_execute(&link->link, connection_script);
    if (fault != FAULT_NONE) {
        return fault;
    }
    return cache_set(link);
}

/* Before the first connection; later calls change nothing. Counting every piece of memory takes a
 * lock each. */
static void library_configure(void)
{
    os_memory_give_back();
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    memory_register();
    layer_register();
}

static Err connect_and_check(Ctx *cx, SqliteLink *link, bool is_new)
{
    library_configure();
    int flags = SQLITE_OPEN_NOMUTEX |
                (link->mode == DB_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    int code = sqlite3_open_v2(link->path, &link->db, flags, fault_layer_name());
    if (code != SQLITE_OK) {
        return cannot_use(cx, link, sqlite_fault(link->db, code, link->path));
    }
    Fault fault = configure(link);
    if (fault != FAULT_NONE) {
        return cannot_use(cx, link, fault);
    }
    if (is_new) {
        return begin_new(cx, link);
    }
    TRY(content_check(cx, link));
    return link->mode == DB_WRITE ? write_check(cx, link) : ERR_OK;
}

static void sqlite_close(Link *link)
{
    SqliteLink *closed = sqlite_link(link);
    sqlite_mover_stop(closed);
    int code = sqlite3_close(closed->db);
    ASSERT(code == SQLITE_OK); /* else a statement is still open */
    closed->db = NULL;
}

static Err sqlite_open(
    Ctx *cx, Arena *arena, const char *url, const LinkOptions *options, Link **ret_link)
{
    ASSERT(!options->is_new || options->mode == DB_WRITE);
    if (!options->is_new) {
        TRY(path_check(cx, url));
    }
    SqliteLink *link = arena_alloc(arena, sizeof(*link));
    *link = (SqliteLink){
        .link.driver = &driver_sqlite,
        .path = arena_str(arena, url),
        .mode = options->mode,
        .read_limit_us = options->read_limit_ms * 1000,
        .log_frames_next = FRAMES_LONG,
    };
    Err err = connect_and_check(cx, link, options->is_new);
    if (err != ERR_OK) {
        sqlite_close(&link->link);
        return err;
    }
    *ret_link = &link->link;
    return ERR_OK;
}

const Driver driver_sqlite = {
    .engine = ENGINE_SQLITE,
    .scratch = ":memory:",
    .begin_write = "BEGIN IMMEDIATE",
    .begin_read = "BEGIN",
    .migration_before = "PRAGMA foreign_keys = OFF",
    .migration_lock = "",
    .migration_after = "PRAGMA foreign_keys = ON",
    .takes = sqlite_takes,
    .open = sqlite_open,
    .close = sqlite_close,
    .execute = sqlite_execute,
    .is_in_transaction = sqlite_is_in_transaction,
    .prepare = sqlite_prepare,
    .bind = sqlite_bind,
    .step = sqlite_step,
    .send = sqlite_send,
    .reset = sqlite_reset,
    .finish = sqlite_finish,
    .references_check = sqlite_references_check,
    .references_defer = sqlite_references_defer,
    .schema_parts = sqlite_schema_parts,
    .mark_read = sqlite_mark_read,
    .mark_write = sqlite_mark_write,
    .id_highest = sqlite_id_highest,
    .checkpoint = sqlite_checkpoint,
    .is_moving = sqlite_is_moving,
    .reserve = sqlite_reserve,
    .copy = sqlite_copy,
    .publish = sqlite_publish,
    .discard = sqlite_discard,
    .verify = sqlite_verify,
};
