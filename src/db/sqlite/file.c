/* SQLite: the file as a whole: copies, checks. */
#include "db/sqlite/sqlite.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/log.h"
#include "db/sqlite/fault.h"

/* ---- Checks ---- */

typedef struct Findings {
    DbSay say;
    void *user;
    int64_t count;
} Findings;

/* One row may hold many lines. */
static void page_found(void *user, const char *const *columns)
{
    Findings *findings = user;
    const char *line = columns[0] == NULL ? "" : columns[0];
    while (*line != '\0' && strcmp(line, "ok") != 0) {
        size_t length = strcspn(line, "\n");
        bool is_heading = strncmp(line, "***", 3) == 0;
        char text[200];
        (void)snprintf(text, sizeof(text), "%.*s", (int)(length < 190 ? length : 190), line);
        findings->count += is_heading ? 0 : 1;
        if (findings->say != NULL && !is_heading) {
            findings->say(findings->user, text);
        }
        line += length + (line[length] == '\n' ? 1 : 0);
    }
}

static void reference_found(void *user, const char *const *columns)
{
    Findings *findings = user;
    findings->count++;
    char line[512];
    (void)snprintf(line, sizeof(line), "row %s of %s refers to a row of %s that is not there",
        columns[1] == NULL ? "?" : columns[1], columns[0], columns[2]);
    if (findings->say != NULL) {
        findings->say(findings->user, line);
    }
}

static void log_say(void *user, const char *line)
{
    (void)user;
    log_line(LOG_ERROR, "database: %s", line);
}

Fault sqlite_references_check(Link *link)
{
    Findings findings = {.say = log_say};
    Fault fault =
        sqlite_each(sqlite_link(link), "PRAGMA foreign_key_check", reference_found, &findings);
    return fault == FAULT_NONE && findings.count > 0 ? FAULT_DAMAGED : fault;
}

Fault sqlite_references_defer(Link *link, bool is_deferred)
{
    return is_deferred ? sqlite_execute(link, "PRAGMA defer_foreign_keys = ON")
                       : sqlite_references_check(link);
}

Fault sqlite_verify(Link *link, DbSay say, void *user, int64_t *ret_findings)
{
    Findings findings = {.say = say, .user = user};
    Fault fault = sqlite_each(sqlite_link(link), "PRAGMA integrity_check", page_found, &findings);
    if (fault == FAULT_NONE) {
        fault =
            sqlite_each(sqlite_link(link), "PRAGMA foreign_key_check", reference_found, &findings);
    }
    *ret_findings = findings.count;
    return fault;
}

/* ---- The schema ---- */

typedef struct Parts {
    SchemaPart each;
    void *user;
} Parts;

static void part_found(void *user, const char *const *columns)
{
    const Parts *parts = user;
    parts->each(parts->user, columns[0], columns[1], columns[2]);
}

Fault sqlite_schema_parts(Link *link, SchemaPart each, void *user)
{
    /* What analysing leaves is SQLite's own, as are the indexes of keys. */
    static const char parts[] = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema"
                                " WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY type, name";
    return sqlite_each(sqlite_link(link), parts, part_found, &(Parts){each, user});
}

static void mark_take(void *user, const char *const *columns)
{
    *(int64_t *)user = columns[0] == NULL ? 0 : strtoll(columns[0], NULL, 10);
}

Fault sqlite_mark_read(Link *link, int64_t *ret_mark)
{
    return sqlite_each(sqlite_link(link), "PRAGMA user_version", mark_take, ret_mark);
}

Fault sqlite_mark_write(Link *link, int64_t mark)
{
    char script[48];
    (void)snprintf(script, sizeof(script), "PRAGMA user_version = %lld", (long long)mark);
    return sqlite_execute(link, script);
}

/* ---- The highest id ---- */

typedef struct Highest {
    SqliteLink *link;
    int64_t id;
    Fault fault;
} Highest;

static void highest_take(void *user, const char *const *columns)
{
    Highest *highest = user;
    int64_t id = columns[0] == NULL ? 0 : strtoll(columns[0], NULL, 10);
    highest->id = id > highest->id ? id : highest->id;
}

/* max() of the primary key is one step down the right edge of the table's tree. */
static void highest_of_table(void *user, const char *const *columns)
{
    Highest *highest = user;
    char *text = sqlite3_mprintf("SELECT max(id) FROM \"%w\"", columns[0]);
    if (text != NULL && highest->fault == FAULT_NONE) {
        highest->fault = sqlite_each(highest->link, text, highest_take, highest);
    }
    sqlite3_free(text);
}

Fault sqlite_id_highest(Link *link, Id *ret_id)
{
    static const char tables[] =
        "SELECT t.name FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c"
        " WHERE t.type = 'table' AND c.name = 'id' AND c.pk = 1 AND c.type = 'INTEGER'";
    Highest highest = {.link = sqlite_link(link)};
    Fault fault = sqlite_each(highest.link, tables, highest_of_table, &highest);
    *ret_id = highest.id;
    return fault != FAULT_NONE ? fault : highest.fault;
}

/* ---- Copies ---- */

/* A log that an earlier file of this name left behind would be played into the new one. */
static Err name_check(Ctx *cx, const char *path)
{
    if (file_kind(path) != FILE_MISSING) {
        return err_set(
            cx, ERR_STATE, NULL, "There is already something called %s. Give another name.", path);
    }
    static const char *const endings[] = {"-wal", "-journal"};
    for (size_t i = 0; i < COUNT(endings); i++) {
        const char *rest = arena_printf(cx->arena, "%s%s", path, endings[i]);
        if (file_kind(rest) != FILE_MISSING) {
            return err_set(cx, ERR_STATE, NULL,
                "%s is left over from a database that was here, and may hold what it last wrote. "
                "Move it away, or"
                " give another name.",
                rest);
        }
    }
    return ERR_OK;
}

Err sqlite_reserve(Ctx *cx, const char *path, const char **ret_made)
{
    TRY(name_check(cx, path));
    unsigned char random[8];
    char text[2 * sizeof(random) + 1];
    crypto_random(random, sizeof(random));
    crypto_hex(random, sizeof(random), text);
    const char *made = arena_printf(cx->arena, "%s.making-%s", path, text);
    OsResult result = file_reserve(made);
    if (result == OS_MISSING) {
        return err_set(
            cx, ERR_STORE, NULL, "The folder of %s does not exist. Make it first.", path);
    }
    if (result == OS_DENIED) {
        return err_set(cx, ERR_STORE, NULL,
            "The folder of %s is read-only for this user. Give the user of guanxi the right to "
            "write it, or name"
            " another.",
            path);
    }
    if (result != OS_OK) {
        return err_set(cx, ERR_STORE, NULL, "%s cannot be made: the disk failed or is full.", path);
    }
    *ret_made = made;
    return ERR_OK;
}

static int copy_all(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == NULL) {
        return sqlite3_errcode(to);
    }
    (void)sqlite3_backup_step(backup, -1); /* finish tells how it went */
    return sqlite3_backup_finish(backup);
}

Err sqlite_copy(Ctx *cx, Link *link, const char *made)
{
    sqlite3 *to = NULL;
    int code =
        sqlite3_open_v2(made, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, fault_layer_name());
    if (code == SQLITE_OK) {
        code = copy_all(sqlite_link(link)->db, to);
    }
    if (code == SQLITE_OK) {
        /* one plain file, which opens from a read-only medium too */
        code = sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    }
    Fault fault = sqlite_fault(to, code, "copy");
    (void)sqlite3_close(to);
    if (fault == FAULT_NONE) {
        return ERR_OK;
    }
    if (fault == FAULT_CORRUPT) {
        return err_set(cx, ERR_DB_DAMAGED, NULL,
            "The database is damaged, so no copy was made. Keep the file, and restore the last "
            "backup.");
    }
    return err_set(cx, fault == FAULT_BUSY ? ERR_BUSY : ERR_STORE, NULL, "No copy was made: %s.",
        fault == FAULT_BUSY   ? "another program holds the database"
        : fault == FAULT_FULL ? "the disk of the copy is full"
                              : "a disk failed; the log tells more");
}

/* Closing moves the log into the file, and tells nobody when that fails: the log is still there
 * then. */
static bool is_complete(Ctx *cx, const char *made)
{
    return file_kind(arena_printf(cx->arena, "%s-wal", made)) == FILE_MISSING;
}

Err sqlite_publish(Ctx *cx, const char *made, const char *path)
{
    TRY(name_check(cx, path));
    OsResult result = is_complete(cx, made) ? file_publish(made, path) : OS_FAILED;
    if (result == OS_EXISTS) {
        return err_set(
            cx, ERR_STATE, NULL, "There is already something called %s. Give another name.", path);
    }
    if (result != OS_OK) {
        return err_set(
            cx, ERR_STORE, NULL, "%s cannot be stored: the disk failed or is full.", path);
    }
    return ERR_OK;
}

void sqlite_discard(Ctx *cx, const char *made)
{
    file_remove(made);
    static const char *const endings[] = {"-wal", "-shm", "-journal"};
    for (size_t i = 0; i < COUNT(endings); i++) {
        file_remove(arena_printf(cx->arena, "%s%s", made, endings[i]));
    }
}
