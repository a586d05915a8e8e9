/* Prepared statements of a connection, found by the address of their Sql. */
#include "db/port.h"

#include "base/buf.h"

#include <string.h>

static size_t slot_of(const Sql *sql)
{
    /* the multiplier is 2^64 divided by the golden ratio; the upper bits are the mixed ones */
    return (size_t)(((uint64_t)(uintptr_t)sql * UINT64_C(11400714819323198485)) >> 32) % KEPT_SLOTS;
}

/* The slot that holds sql, or the free one where it goes. */
static Kept **kept_find(Db *db, const Sql *sql)
{
    size_t slot = slot_of(sql);
    while (db->kept[slot] != NULL && db->kept[slot]->key != sql) {
        slot = (slot + 1) % KEPT_SLOTS;
    }
    return &db->kept[slot];
}

static bool only_reads(const char *text)
{
    bool is_question = strncmp(text, "SELECT", 6) == 0 || strncmp(text, "WITH", 4) == 0;
    return is_question && strstr(text, "{lock}") == NULL;
}

static void kept_finish(const Db *db, Kept *kept)
{
    db->link->driver->finish(kept->statement);
    for (size_t rows = 2; kept->together != NULL && rows <= ROWS_TOGETHER; rows++) {
        if (kept->together[rows] != NULL) {
            db->link->driver->finish(kept->together[rows]);
        }
    }
}

void kept_drop_all(Db *db)
{
    for (size_t slot = 0; slot < KEPT_SLOTS; slot++) {
        if (db->kept[slot] != NULL) {
            kept_finish(db, db->kept[slot]);
            db->kept[slot] = NULL;
        }
    }
    db->kept_count = 0;
    arena_reset(db->kept_arena);
}

Fault kept_get(Db *db, const Sql *sql, Kept **ret_kept)
{
    Kept **place = kept_find(db, sql);
    if (*place != NULL) {
        /* a statement composed for one call and not run by db_ask_once would run as another one */
        ASSERT(strcmp((*place)->text, sql->text) == 0);
        *ret_kept = *place;
        return FAULT_NONE;
    }
    /* More statements than the program has: all go, which costs a preparation each and no
     * bookkeeping. */
    if (db->kept_count == KEPT_MAX) {
        kept_drop_all(db);
        place = kept_find(db, sql);
    }
    const Driver *driver = db->link->driver;
    Kept *kept = arena_alloc(db->kept_arena, sizeof(*kept));
    kept->key = sql;
    kept->text = arena_str(db->kept_arena, sql->text);
    kept->expanded = sql_expand(db->kept_arena, sql, driver->engine, false);
    kept->only_reads = only_reads(sql->text);
    kept->is_steady = strstr(sql->text, "{steady}") != NULL;
    kept->changes_steady = steady_is_changed_by(sql->text);
    Fault fault = driver->prepare(db->link, db->kept_arena, &kept->expanded.sql, &kept->statement);
    if (fault != FAULT_NONE) {
        return fault;
    }
    *place = kept;
    db->kept_count++;
    *ret_kept = kept;
    return FAULT_NONE;
}

/* ---- Several rows at once ---- */

/* "($1, $2, 'open')" with its parameters counted on from those of the rows before it. */
static void values_write(Buf *out, const char *values, size_t before)
{
    bool is_text = false;
    for (const char *at = values; *at != '\0';) {
        is_text = is_text != (*at == '\'');
        if (*at != '$' || is_text) {
            buf_char(out, *at++);
            continue;
        }
        size_t number = 0;
        for (at++; *at >= '0' && *at <= '9'; at++) {
            number = 10 * number + (size_t)(*at - '0');
        }
        buf_printf(out, "$%zu", before + number);
    }
}

static const Sql *together_sql(const Db *db, const Kept *kept, size_t rows)
{
    static const char intro[] = " VALUES ";
    const Sql *one = &kept->expanded.sql;
    const char *values = strstr(one->text, intro);
    ASSERT(values != NULL);
    ASSERT(one->out[0] == '\0');
    values += sizeof(intro) - 1;
    Buf text = buf_in(db->kept_arena);
    Buf in = buf_in(db->kept_arena);
    buf_add(&text, one->text, (size_t)(values - one->text));
    for (size_t row = 0; row < rows; row++) {
        buf_str(&text, row > 0 ? ", " : "");
        values_write(&text, values, row * strlen(one->in));
        buf_str(&in, one->in);
    }
    Sql *sql = arena_alloc(db->kept_arena, sizeof(*sql));
    *sql = (Sql){.text = buf_text(&text), .in = buf_text(&in), .out = one->out};
    return sql;
}

Fault kept_together(Db *db, Kept *kept, size_t rows, Statement **ret_statement)
{
    ASSERT(rows >= 2 && rows <= ROWS_TOGETHER);
    if (kept->together == NULL) {
        kept->together = arena_array(db->kept_arena, ROWS_TOGETHER + 1, sizeof(*kept->together));
    }
    Fault fault = FAULT_NONE;
    if (kept->together[rows] == NULL) {
        const Sql *sql = together_sql(db, kept, rows);
        Statement *made = NULL;
        fault = db->link->driver->prepare(db->link, db->kept_arena, sql, &made);
        kept->together[rows] = fault == FAULT_NONE ? made : NULL;
    }
    *ret_statement = kept->together[rows];
    return fault;
}
