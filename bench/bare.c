/* What the store alone would take: writes the rows that a journal of orders has left in one
 * database into another that was copied before it ran, with prepared statements and the settings
 * of the program, so many orders to a transaction. It decodes, judges and answers nothing.
 *
 *     bare FROM TO ORDERS_A_TRANSACTION      prints the seconds that writing took */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COLUMNS_MAX = 40, CHECKPOINT_FRAMES = 30000 };

/* The rows of one table, in the order of the orders they belong to. */
typedef struct Table {
    const char *insert;
    const char *rows; /* first column: the order */
    sqlite3_value **cells;
    size_t columns;
    size_t count;
    size_t at;
    sqlite3_stmt *put;
} Table;

#define OF_ORDER                                                                                   \
    " JOIN audit_subject s ON s.audit_id = a.id JOIN sales_order o ON o.id = s.subject_id "

static Table tables[] = {
    {.insert = "sales_order", .rows = "SELECT id, * FROM sales_order ORDER BY id"},
    {.insert = "order_line", .rows = "SELECT order_id, * FROM order_line ORDER BY order_id, id"},
    {.insert = "decision",
        .rows = "SELECT order_id, * FROM decision WHERE order_id IS NOT NULL"
                " ORDER BY order_id, id"},
    {.insert = "entry",
        .rows = "SELECT order_id, * FROM entry WHERE order_id IS NOT NULL"
                " ORDER BY order_id, id"},
    {.insert = "audit", .rows = "SELECT o.id, a.* FROM audit a" OF_ORDER "ORDER BY o.id, a.id"},
    {.insert = "audit_subject",
        .rows = "SELECT o.id, x.* FROM audit a" OF_ORDER
                "JOIN audit_subject x ON x.audit_id = a.id ORDER BY o.id, a.id, x.subject_id"},
    {.insert = "idempotency",
        .rows = "SELECT o.id, k.* FROM idempotency k JOIN audit a ON a.id = k.audit_id" OF_ORDER
                "ORDER BY o.id"},
    {.insert = NULL, /* the account's position, which also ends its chain */
        .rows = "SELECT o.id, o.ordered, a.seq, a.hash, o.account_id FROM audit a" OF_ORDER
                "ORDER BY o.id"},
};
enum { TABLES = sizeof tables / sizeof tables[0] };

static void must(sqlite3 *db, int code)
{
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) {
        fprintf(stderr, "bare: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *text)
{
    sqlite3_stmt *statement = NULL;
    must(db, sqlite3_prepare_v2(db, text, -1, &statement, NULL));
    return statement;
}

static void run(sqlite3 *db, const char *text)
{
    must(db, sqlite3_exec(db, text, NULL, NULL, NULL));
}

/* All rows into memory, so that reading is no part of what is measured. */
static void table_read(sqlite3 *from, Table *table)
{
    sqlite3_stmt *rows = prepare(from, table->rows);
    size_t room = 0;
    table->columns = (size_t)sqlite3_column_count(rows);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        if (table->count == room) {
            room = room == 0 ? 1024 : room * 2;
            table->cells = realloc(table->cells, room * table->columns * sizeof *table->cells);
        }
        for (size_t i = 0; i < table->columns; i++) {
            table->cells[table->count * table->columns + i] =
                sqlite3_value_dup(sqlite3_column_value(rows, (int)i));
        }
        table->count++;
    }
    must(from, sqlite3_finalize(rows));
}

static void table_prepare(sqlite3 *to, Table *table)
{
    char text[256];
    if (table->insert == NULL) {
        table->put = prepare(to, "UPDATE position SET ordered = ordered + ?1, outside = outside - "
                                 "?1, chain_seq = ?2, chain_head = ?3 WHERE account_id = ?4");
        return;
    }
    int length = snprintf(text, sizeof text, "INSERT INTO %s VALUES (?", table->insert);
    for (size_t i = 2; i < table->columns; i++) {
        length += snprintf(text + length, sizeof text - (size_t)length, ",?");
    }
    (void)snprintf(text + length, sizeof text - (size_t)length, ")");
    table->put = prepare(to, text);
}

static void rows_write(sqlite3 *to, Table *table, sqlite3_int64 order)
{
    for (; table->at < table->count; table->at++) {
        sqlite3_value **cells = table->cells + table->at * table->columns;
        if (sqlite3_value_int64(cells[0]) != order) {
            return;
        }
        for (size_t i = 1; i < table->columns; i++) {
            must(to, sqlite3_bind_value(table->put, (int)i, cells[i]));
        }
        must(to, sqlite3_step(table->put));
        must(to, sqlite3_reset(table->put));
    }
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void orders_write(sqlite3 *to, size_t batch)
{
    const Table *orders = &tables[0];
    for (size_t i = 0; i < orders->count; i++) {
        if (i % batch == 0) {
            run(to, i == 0 ? "BEGIN IMMEDIATE" : "COMMIT; BEGIN IMMEDIATE");
        }
        sqlite3_int64 order = sqlite3_value_int64(orders->cells[i * orders->columns]);
        for (size_t t = 0; t < TABLES; t++) {
            rows_write(to, &tables[t], order);
        }
    }
    run(to, "COMMIT");
}

int main(int count, char **words)
{
    sqlite3 *from = NULL;
    sqlite3 *to = NULL;
    if (count != 4) {
        fprintf(stderr, "usage: bare FROM TO ORDERS_A_TRANSACTION\n");
        return 2;
    }
    must(from, sqlite3_open_v2(words[1], &from, SQLITE_OPEN_READONLY, NULL));
    must(to, sqlite3_open_v2(words[2], &to, SQLITE_OPEN_READWRITE, NULL));
    run(to, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
            "PRAGMA cache_size = -12288; PRAGMA mmap_size = 0");
    must(to, sqlite3_wal_autocheckpoint(to, CHECKPOINT_FRAMES));
    for (size_t t = 0; t < TABLES; t++) {
        table_read(from, &tables[t]);
        table_prepare(to, &tables[t]);
    }
    double start = seconds();
    orders_write(to, (size_t)strtoul(words[3], NULL, 10));
    printf("%.3f\n", seconds() - start);
    for (size_t t = 0; t < TABLES; t++) {
        if (tables[t].at != tables[t].count) {
            fprintf(stderr, "bare: rows of %s were left over\n", tables[t].insert);
            return 1;
        }
        must(to, sqlite3_finalize(tables[t].put));
    }
    must(to, sqlite3_close(to));
    must(from, sqlite3_close(from));
    return 0;
}
