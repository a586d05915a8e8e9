/* Writes all rows of one database into another one that has the same schema and is new, whatever
 * the engines, and proves by a digest of every table that both hold the same. */
#include "base/buf.h"
#include "base/crypto.h"
#include "base/log.h"
#include "db/port.h"

#include <string.h>

enum { TABLES_MAX = 128, SETTLE_ROWS = 500 };

typedef struct CopyTable {
    const char *name;
    const char *letters; /* of its columns */
    Sql scan;
    Sql put;
    int64_t rows;
    uint64_t digest; /* the sum over its rows, so in any order */
} CopyTable;

typedef struct CopySide {
    Db *db;
    CopyTable tables[TABLES_MAX];
    size_t count;
} CopySide;

/* By engine. The history is made with the schema; nodes belong to who writes now. */
static const Sql tables_sql[] = {
    [ENGINE_SQLITE] = {"SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE "
                       "'sqlite!_%' ESCAPE '!' AND name <> 'migration' AND name <> 'node' "
                       "ORDER BY name",
        "", "t"},
    [ENGINE_POSTGRES] = {"SELECT relname FROM pg_class WHERE relnamespace = "
                         "current_schema()::regnamespace AND relkind IN ('r', 'p') AND relname <> "
                         "'migration' AND relname <> 'node' ORDER BY relname",
        "", "t"},
};
static const Sql columns_sql[] = {
    [ENGINE_SQLITE] = {"SELECT name, type FROM pragma_table_info($1) ORDER BY name", "t", "tt"},
    [ENGINE_POSTGRES] = {"SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE "
                         "attnum > 0 AND NOT attisdropped AND attrelid = CAST($1 AS regclass) "
                         "ORDER BY attname",
        "t", "tt"},
};

static Err damaged(Ctx *cx, const char *name, const char *type)
{
    return db_damaged(cx, "column %s is of type %s", name, type);
}

static char letter_of(const char *type)
{
    static const struct {
        const char *type;
        char letter;
    } letters[] = {{"INTEGER", 'i'}, {"TEXT", 't'}, {"BLOB", 'x'}, {"bigint", 'i'}, {"text", 't'},
        {"bytea", 'x'}, {"boolean", 'b'}, {"date", 'd'}};
    for (size_t i = 0; i < COUNT(letters); i++) {
        if (strcmp(type, letters[i].type) == 0) {
            return letters[i].letter;
        }
    }
    return '\0';
}

/* ---- The tables ---- */

static Err table_read(Ctx *cx, CopyTable *table, const Sql *columns)
{
    Rows rows;
    Buf names = buf_in(cx->arena);
    Buf places = buf_in(cx->arena);
    Buf letters = buf_in(cx->arena);
    TRY(db_ask(cx, columns, ARGS(arg_text(table->name)), &rows));
    for (size_t i = 0; db_next(&rows); i++) {
        char letter = letter_of(db_text(&rows, 1));
        if (letter == '\0') {
            return damaged(cx, db_text(&rows, 0), db_text(&rows, 1));
        }
        buf_printf(&names, "%s\"%s\"", i == 0 ? "" : ", ", db_text(&rows, 0));
        buf_printf(&places, "%s$%zu", i == 0 ? "" : ", ", i + 1);
        buf_char(&letters, letter);
    }
    table->letters = buf_text(&letters);
    table->scan =
        (Sql){arena_printf(cx->arena, "SELECT %s FROM \"%s\"", buf_text(&names), table->name), "",
            table->letters};
    table->put = (Sql){arena_printf(cx->arena, "INSERT INTO \"%s\" (%s) VALUES (%s)", table->name,
                           buf_text(&names), buf_text(&places)),
        table->letters, NULL};
    return ERR_OK;
}

static Err tables_read(Ctx *cx, CopySide *side)
{
    Rows rows;
    cx->db = side->db;
    Engine engine = side->db->link->driver->engine;
    TRY(db_ask(cx, &tables_sql[engine], NO_ARGS, &rows));
    while (db_next(&rows)) {
        if (side->count == TABLES_MAX) {
            return db_damaged(cx, "it has more than %d tables", TABLES_MAX);
        }
        CopyTable *table = &side->tables[side->count++];
        table->name = db_text(&rows, 0);
        TRY(table_read(cx, table, &columns_sql[engine]));
    }
    return ERR_OK;
}

/* ---- Rows ---- */

/* The same for the same row on both engines. */
static uint64_t row_digest(Arena *arena, const Rows *row, const char *letters)
{
    ArenaMark mark = arena_mark(arena);
    Buf text = buf_in(arena);
    char day[DATE_TEXT_SIZE];
    for (size_t column = 0; column < row->columns; column++) {
        const Cell *cell = db_cell(row, column);
        if (cell->is_null) {
            buf_str(&text, "-;");
        } else if (letters[column] == 'd') {
            date_format((Date)cell->i, day);
            buf_printf(&text, "%zu:%s;", strlen(day), day);
        } else if (cell->p != NULL) {
            buf_printf(&text, "%zu:", cell->n);
            buf_add(&text, cell->p, cell->n);
            buf_char(&text, ';');
        } else {
            buf_printf(&text, "%lld;", (long long)cell->i);
        }
    }
    Hash hash = crypto_digest(&(Bytes){text.data, text.length}, 1);
    uint64_t digest;
    memcpy(&digest, hash.bytes, sizeof digest);
    arena_rewind(arena, mark);
    return digest;
}

/* A cell of one engine as an argument for the other. */
static Err arg_of(Ctx *cx, const Cell *cell, char from, char to, Arg *ret_arg)
{
    Date date = DATE_NONE;
    if (cell->is_null) {
        *ret_arg = arg_null();
    } else if (to == 'd' && from == 't') {
        if (!date_parse_stored(cell->p, &date)) {
            return db_damaged(cx, "\"%s\" stands where a date is meant", cell->p);
        }
        *ret_arg = arg_date(date);
    } else if (to == 't' && from == 'd') {
        char *day = arena_alloc(cx->arena, DATE_TEXT_SIZE);
        date_format((Date)cell->i, day);
        *ret_arg = arg_text(day);
    } else if (to == 't' || to == 'x') {
        *ret_arg = (Arg){.type = to, .p = cell->p, .n = cell->n};
    } else {
        *ret_arg = (Arg){.type = to, .i = cell->i};
    }
    return ERR_OK;
}

typedef struct Copying {
    CopyTable *from;
    const CopyTable *to;
    Db *to_db;
} Copying;

static Err row_put(Ctx *cx, const Rows *row, void *user)
{
    Copying *copying = user;
    Arg args[COLUMNS_MAX];
    ArenaMark mark = arena_mark(cx->arena);
    Db *from_db = cx->db;
    for (size_t column = 0; column < row->columns; column++) {
        TRY(arg_of(cx, db_cell(row, column), copying->from->letters[column],
            copying->to->letters[column], &args[column]));
    }
    copying->from->rows++;
    copying->from->digest += row_digest(cx->arena, row, copying->from->letters);
    cx->db = copying->to_db;
    Err err = db_put(cx, &copying->to->put, args, row->columns);
    if (err == ERR_OK && copying->from->rows % SETTLE_ROWS == 0) {
        err = db_settle(cx);
    }
    cx->db = from_db;
    if (err == ERR_OK) {
        arena_rewind(cx->arena, mark);
    }
    return err;
}

static Err row_count(Ctx *cx, const Rows *row, void *user)
{
    CopyTable *table = user;
    table->rows++;
    table->digest += row_digest(cx->arena, row, table->letters);
    return ERR_OK;
}

/* ---- All ---- */

/* What the migrations put there goes first: the statuses. */
static Err table_empty(Ctx *cx, const CopySide *to, const CopyTable *table)
{
    cx->db = to->db;
    Link *link = to->db->link;
    Fault fault =
        link->driver->execute(link, arena_printf(cx->arena, "DELETE FROM \"%s\"", table->name));
    return fault == FAULT_NONE ? ERR_OK : db_fault(cx, fault);
}

static Err tables_match(Ctx *cx, const CopySide *from, const CopySide *to)
{
    bool is_same = from->count == to->count;
    for (size_t i = 0; is_same && i < from->count; i++) {
        is_same = strcmp(from->tables[i].name, to->tables[i].name) == 0 &&
                  strlen(from->tables[i].letters) == strlen(to->tables[i].letters);
    }
    return is_same ? ERR_OK : db_damaged(cx, "the two have other tables");
}

static Err rows_copy(Ctx *cx, CopySide *from, CopySide *to)
{
    for (size_t i = 0; i < to->count; i++) {
        TRY(table_empty(cx, to, &to->tables[i]));
    }
    for (size_t i = 0; i < from->count; i++) {
        Copying copying = {&from->tables[i], &to->tables[i], to->db};
        cx->db = from->db;
        TRY(db_scan(cx, &from->tables[i].scan, NO_ARGS, row_put, &copying));
    }
    cx->db = to->db;
    return db_settle(cx);
}

static Err rows_compare(Ctx *cx, const CopySide *from, CopySide *to)
{
    cx->db = to->db;
    for (size_t i = 0; i < to->count; i++) {
        CopyTable *table = &to->tables[i];
        TRY(db_scan(cx, &table->scan, NO_ARGS, row_count, table));
        if (table->rows != from->tables[i].rows || table->digest != from->tables[i].digest) {
            return err_set(cx, ERR_STORE, NULL,
                "The copy does not hold what was copied: table %s, %lld rows of %lld. It was "
                "thrown "
                "away.",
                table->name, (long long)table->rows, (long long)from->tables[i].rows);
        }
    }
    return ERR_OK;
}

static Err all_copy(Ctx *cx, CopySide *from, CopySide *to, DbCopied *ret_copied)
{
    Link *link = to->db->link;
    TRY(tables_read(cx, from));
    TRY(tables_read(cx, to));
    TRY(tables_match(cx, from, to));
    cx->db = to->db;
    Fault fault = link->driver->references_defer(link, true);
    TRY(fault == FAULT_NONE ? ERR_OK : db_fault(cx, fault));
    TRY(rows_copy(cx, from, to));
    TRY(rows_compare(cx, from, to));
    fault = link->driver->references_defer(link, false);
    TRY(fault == FAULT_NONE ? ERR_OK : db_fault(cx, fault));
    ret_copied->tables = (int64_t)from->count;
    for (size_t i = 0; i < from->count; i++) {
        ret_copied->rows += from->tables[i].rows;
    }
    return ERR_OK;
}

/* One moment of the source, one transaction in the copy. */
Err db_copy(Ctx *cx, Db *from, Db *to, DbCopied *ret_copied)
{
    Db *before = cx->db;
    CopySide *sides = arena_array(cx->arena, 2, sizeof *sides);
    sides[0].db = from;
    sides[1].db = to;
    *ret_copied = (DbCopied){0};
    cx->db = from;
    Err err = db_begin(cx);
    cx->db = to;
    err = err == ERR_OK ? db_begin(cx) : err;
    err = err == ERR_OK ? all_copy(cx, &sides[0], &sides[1], ret_copied) : err;
    cx->db = to;
    err = err == ERR_OK ? db_commit(cx) : err;
    db_rollback(cx);
    if (err == ERR_OK) {
        History own = history_own();
        err = shape_mark(cx, &own);
    }
    cx->db = from;
    db_rollback(cx);
    /* Their statements lie in the arena of this call. */
    kept_drop_all(from);
    kept_drop_all(to);
    cx->db = before;
    return err;
}
