/* SQLite: statements, their parameters and rows, and what its errors mean. */
#include "db/sqlite/sqlite.h"

#include "base/log.h"
#include "base/os.h"

#include <string.h>

typedef struct SqliteStatement {
    Statement statement;
    sqlite3_stmt *handle;
    const Sql *sql;
    int *positions; /* of $1, $2 …: SQLite numbers them by first appearance */
    char (*dates)[DATE_TEXT_SIZE];
} SqliteStatement;

static SqliteStatement *of(Statement *statement)
{
    return (SqliteStatement *)statement;
}

/* ---- Errors ---- */

static Fault fault_of(int code)
{
    if (code == SQLITE_IOERR_SHORT_READ) {
        return FAULT_CORRUPT; /* it ends before what is known to be in it */
    }
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return FAULT_NONE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return FAULT_BUSY;
    case SQLITE_FULL:
    case SQLITE_NOMEM:
        return FAULT_FULL;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_NOLFS:
        return FAULT_IO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return FAULT_CORRUPT;
    case SQLITE_INTERRUPT:
        return FAULT_TIMEOUT;
    default:
        return FAULT_BUG;
    }
}

Fault sqlite_fault(sqlite3 *db, int code, const char *doing)
{
    Fault fault = fault_of(code);
    if (fault == FAULT_NONE || fault == FAULT_BUSY || fault == FAULT_TIMEOUT) {
        return fault;
    }
    bool is_told = db != NULL && sqlite3_errcode(db) != SQLITE_OK; /* not of a file by itself */
    int extended = is_told ? sqlite3_extended_errcode(db) : code;
    if (extended == SQLITE_READONLY_DIRECTORY) {
        return fault; /* found while opening, whose refusal says all there is to it */
    }
    const char *text = is_told ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    log_line(LOG_ERROR, "sqlite %d (%d): %s; in: %.400s", code, extended, text, doing);
    return fault;
}

/* ---- Scripts ---- */

bool sqlite_is_in_transaction(Link *link)
{
    return sqlite3_get_autocommit(sqlite_link(link)->db) == 0;
}

Fault sqlite_execute(Link *link, const char *script)
{
    sqlite3 *db = sqlite_link(link)->db;
    return sqlite_fault(db, sqlite3_exec(db, script, NULL, NULL, NULL), script);
}

typedef struct EachCall {
    SqliteEach each;
    void *user;
} EachCall;

static int each_row(void *user, int columns, char **values, char **names)
{
    (void)columns;
    (void)names;
    const EachCall *call = user;
    call->each(call->user, (const char *const *)values);
    return 0;
}

Fault sqlite_each(SqliteLink *link, const char *text, SqliteEach each, void *user)
{
    EachCall call = {.each = each, .user = user};
    return sqlite_fault(link->db, sqlite3_exec(link->db, text, each_row, &call, NULL), text);
}

/* ---- Statements ---- */

static NORETURN void statement_bug(const Sql *sql, const char *what)
{
    log_line(LOG_ERROR, "%s: %s", what, sql->text);
    assert_fail(what, __FILE__, __LINE__);
}

static void parameters_find(Arena *arena, SqliteStatement *made)
{
    size_t count = strlen(made->sql->in);
    made->positions = arena_array(arena, count, sizeof(int));
    for (size_t i = 0; i < count; i++) {
        char name[24];
        (void)snprintf(name, sizeof(name), "$%zu", i + 1);
        made->positions[i] = sqlite3_bind_parameter_index(made->handle, name);
        if (made->positions[i] == 0) {
            statement_bug(made->sql, "a parameter in the statement for each declared one");
        }
    }
    if ((size_t)sqlite3_bind_parameter_count(made->handle) != count) {
        statement_bug(made->sql, "a declaration for each parameter of the statement");
    }
    if (strchr(made->sql->in, 'd') != NULL) {
        made->dates = arena_array(arena, count, sizeof(*made->dates));
    }
}

Fault sqlite_prepare(Link *link, Arena *arena, const Sql *sql, Statement **ret_statement)
{
    sqlite3 *db = sqlite_link(link)->db;
    SqliteStatement *made = arena_alloc(arena, sizeof(*made));
    const char *tail = NULL;
    int code =
        sqlite3_prepare_v3(db, sql->text, -1, SQLITE_PREPARE_PERSISTENT, &made->handle, &tail);
    if (code != SQLITE_OK) {
        return sqlite_fault(db, code, sql->text);
    }
    if (sqlite_link(link)->mode == DB_READ && !sqlite3_stmt_readonly(made->handle)) {
        log_line(LOG_ERROR, "a write on a read connection: %s", sql->text);
        sqlite3_finalize(made->handle);
        return FAULT_BUG;
    }
    made->sql = sql;
    made->statement.link = link;
    made->statement.columns = (size_t)sqlite3_column_count(made->handle);
    if (tail[strspn(tail, " \n;")] != '\0') {
        statement_bug(sql, "one statement, not more");
    }
    if (made->statement.columns != strlen(sql->out)) {
        statement_bug(sql, "as many columns as the statement declares");
    }
    parameters_find(arena, made);
    *ret_statement = &made->statement;
    return FAULT_NONE;
}

Fault sqlite_bind(Statement *statement, size_t number, const Arg *arg)
{
    const SqliteStatement *s = of(statement);
    int position = s->positions[number - 1];
    int code = SQLITE_OK;
    switch (arg->type) {
    case '0':
        code = sqlite3_bind_null(s->handle, position);
        break;
    case 't':
        code = sqlite3_bind_text64(s->handle, position, arg->p, arg->n, SQLITE_STATIC, SQLITE_UTF8);
        break;
    case 'x':
        /* no pointer to no bytes would be NULL */
        code = arg->n == 0
                   ? sqlite3_bind_zeroblob(s->handle, position, 0)
                   : sqlite3_bind_blob64(s->handle, position, arg->p, arg->n, SQLITE_STATIC);
        break;
    case 'd':
        date_format((Date)arg->i, s->dates[number - 1]);
        code = sqlite3_bind_text(
            s->handle, position, s->dates[number - 1], DATE_TEXT_SIZE - 1, SQLITE_STATIC);
        break;
    default:
        code = sqlite3_bind_int64(s->handle, position, arg->i);
        break;
    }
    return code == SQLITE_OK ? FAULT_NONE
                             : sqlite_fault(sqlite_link(statement->link)->db, code, s->sql->text);
}

/* ---- Rows ---- */

static bool cell_is_declared(char declared, int stored)
{
    switch (declared) {
    case 't':
    case 'd':
        return stored == SQLITE_TEXT;
    case 'x':
        return stored == SQLITE_BLOB;
    default:
        return stored == SQLITE_INTEGER;
    }
}

static Fault cell_read(const SqliteStatement *s, int column, Cell *ret_cell)
{
    char declared = s->sql->out[column];
    int stored = sqlite3_column_type(s->handle, column);
    if (stored == SQLITE_NULL) {
        *ret_cell = (Cell){.is_null = true};
        return FAULT_NONE;
    }
    if (!cell_is_declared(declared, stored)) {
        log_line(LOG_ERROR, "column %d is declared '%c' but SQLite gives type %d; in: %s",
            column + 1, declared, stored, s->sql->text);
        return FAULT_DAMAGED;
    }
    *ret_cell = (Cell){0};
    if (declared == 't' || declared == 'x') {
        /* text is asked for as such, for its NUL */
        ret_cell->p = declared == 't' ? (const char *)sqlite3_column_text(s->handle, column)
                                      : sqlite3_column_blob(s->handle, column);
        ret_cell->p = ret_cell->p == NULL ? "" : ret_cell->p;
        ret_cell->n = (size_t)sqlite3_column_bytes(s->handle, column);
        return FAULT_NONE;
    }
    if (declared == 'd') {
        Date date = DATE_NONE;
        if (!date_parse_stored((const char *)sqlite3_column_text(s->handle, column), &date)) {
            log_line(LOG_ERROR, "column %d holds no date of the calendar; in: %s", column + 1,
                s->sql->text);
            return FAULT_DAMAGED;
        }
        ret_cell->i = date;
        return FAULT_NONE;
    }
    ret_cell->i = sqlite3_column_int64(s->handle, column);
    if (declared == 'k' && ret_cell->i < 0) {
        log_line(LOG_ERROR, "column %d holds no id; in: %s", column + 1, s->sql->text);
        return FAULT_DAMAGED;
    }
    return FAULT_NONE;
}

/* A write outside of a transaction would be stored on its own, whatever becomes of the rest. */
static void write_check(const SqliteStatement *s, const SqliteLink *link)
{
    if (!sqlite3_stmt_readonly(s->handle) && sqlite3_get_autocommit(link->db) != 0) {
        statement_bug(s->sql, "a transaction around a write");
    }
}

Fault sqlite_step(Statement *statement, Cell *cells, bool *ret_has_row)
{
    const SqliteStatement *s = of(statement);
    SqliteLink *link = sqlite_link(statement->link);
    if (!sqlite3_stmt_busy(s->handle)) {
        write_check(s, link);
        link->deadline_us = link->read_limit_us == 0 ? 0 : os_monotonic_us() + link->read_limit_us;
    }
    int code = sqlite3_step(s->handle);
    *ret_has_row = code == SQLITE_ROW;
    if (code != SQLITE_ROW) {
        link->deadline_us = 0;
        return sqlite_fault(link->db, code, s->sql->text);
    }
    Fault fault = FAULT_NONE;
    for (size_t column = 0; column < statement->columns && fault == FAULT_NONE; column++) {
        fault = cell_read(s, (int)column, &cells[column]);
    }
    return fault;
}

Fault sqlite_send(Statement *statement)
{
    const SqliteStatement *s = of(statement);
    const SqliteLink *link = sqlite_link(statement->link);
    int code = sqlite3_step(s->handle);
    Fault fault = sqlite_fault(link->db, code, s->sql->text);
    sqlite3_reset(s->handle);
    return fault;
}

void sqlite_reset(Statement *statement)
{
    sqlite_link(statement->link)->deadline_us = 0;
    sqlite3_reset(of(statement)->handle);
}

void sqlite_finish(Statement *statement)
{
    sqlite_link(statement->link)->deadline_us = 0;
    sqlite3_finalize(of(statement)->handle);
}
