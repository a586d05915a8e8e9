/* What the store alone would take: writes the rows that orders have left in one database into
 * another that was copied before they came, with prepared statements and the settings of the
 * program, so many orders to a transaction. For each order it first reads what a judgement has to
 * know, each thing once. It decodes, judges and answers nothing.
 *
 *     bare FROM TO ORDERS_A_TRANSACTION      prints the seconds that it took, and
 *                                            those of them that the processor was at it */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHECKPOINT_FRAMES = 30000 };

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

enum { DOSSIER, ORDERS, LINES };

static Table tables[] = {
    [DOSSIER] = {.insert = "dossier",
        .rows = "SELECT o.id, k.* FROM (SELECT id AS of, id FROM sales_order"
                " UNION ALL SELECT order_id, id FROM decision"
                " UNION ALL SELECT order_id, id FROM entry"
                " UNION ALL SELECT o.id, a.id FROM audit a" OF_ORDER ") x"
                " JOIN sales_order o ON o.id = x.of"
                " JOIN dossier k ON k.account_id = o.account_id AND k.from_id = x.id / 16 * 16"
                " GROUP BY o.id, k.from_id ORDER BY o.id, k.from_id"},
    [ORDERS] = {.insert = "sales_order", .rows = "SELECT id, * FROM sales_order ORDER BY id"},
    [LINES] = {.insert = "order_line",
        .rows = "SELECT order_id, * FROM order_line ORDER BY order_id, id"},
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

/* ?1 the account, ?2 the business date, ?3 the account's code, ?4 its partner, ?5 a product */
static const char *const reads[] = {
    "SELECT id, partner_id, code FROM account WHERE code = ?3 LIMIT 2",
    "SELECT a.id, a.code, a.partner_id, p.code, p.owner_id, p.tier, a.currency, a.terms_days,"
    " a.parent_id, a.state, a.state_since_on, a.state_since_id, a.version"
    " FROM account a JOIN partner p ON p.id = a.partner_id WHERE a.id = ?1",
    "SELECT currency, is_solo, prices_include_tax, closed_until, last_day_close, first_booked_on"
    " FROM org WHERE id = 1",
    "SELECT ordered, shipped, receivable, cheque, advance, settled, written_off, chain_seq,"
    " chain_head FROM position WHERE account_id = ?1",
    "SELECT (SELECT COUNT(*) FROM promise WHERE account_id = ?1 AND status = 'open'"
    " AND window_end_on < ?2), (SELECT COUNT(*) FROM credit_release WHERE account_id = ?1"
    " AND status = 'active' AND expires_on < ?2)",
    "SELECT version, document FROM policy WHERE status = 'in_force' ORDER BY version DESC LIMIT 1",
    "SELECT id, kind, amount_kind, amount, from_on, until_on FROM credit_limit"
    " WHERE account_id = ?1 AND status = 'in_force' ORDER BY id",
    "SELECT MIN(CASE WHEN open >= 0 THEN due_on END),"
    " CAST(COALESCE(SUM(CASE WHEN due_on < ?2 THEN open ELSE 0 END), 0) AS BIGINT)"
    " FROM invoice WHERE account_id = ?1 AND open > 0",
    "SELECT MIN(shipped_on) FROM shipment"
    " WHERE account_id = ?1 AND status = 'posted' AND amount > invoiced + returned",
    "SELECT id, status, window_end_on, received, lacks, ended_on FROM promise"
    " WHERE partner_id = ?4 ORDER BY id LIMIT 500",
};
enum { READS = sizeof reads / sizeof reads[0] };
static const char product_read[] = "SELECT id, code, unit_price, tax_rate FROM product"
                                   " WHERE code = (SELECT code FROM product WHERE id = ?5)";

/* What is read before an order is written. */
typedef struct Reader {
    sqlite3_stmt *statements[READS];
    sqlite3_stmt *product;
} Reader;

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

static void reader_prepare(sqlite3 *to, Reader *reader)
{
    for (size_t i = 0; i < READS; i++) {
        reader->statements[i] = prepare(to, reads[i]);
    }
    reader->product = prepare(to, product_read);
}

/* Every column is looked at, as a program would. */
static void rows_read(sqlite3 *to, sqlite3_stmt *statement)
{
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            (void)sqlite3_column_blob(statement, i);
        }
    }
    must(to, sqlite3_reset(statement));
}

/* `about`: account, date, code and partner of an order. */
static void order_read(sqlite3 *to, Reader *reader, sqlite3_value **about)
{
    for (size_t i = 0; i < READS; i++) {
        int parameters = sqlite3_bind_parameter_count(reader->statements[i]);
        for (int p = 1; p <= parameters; p++) {
            must(to, sqlite3_bind_value(reader->statements[i], p, about[p]));
        }
        rows_read(to, reader->statements[i]);
    }
}

static void products_read(sqlite3 *to, Reader *reader, const Table *lines, sqlite3_int64 order)
{
    enum { PRODUCT = 5 };
    for (size_t at = lines->at; at < lines->count; at++) {
        sqlite3_value **cells = lines->cells + at * lines->columns;
        if (sqlite3_value_int64(cells[0]) != order) {
            return;
        }
        must(to, sqlite3_bind_value(reader->product, PRODUCT, cells[PRODUCT]));
        rows_read(to, reader->product);
    }
}

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A function of its own, so that its instructions can be counted. */
__attribute__((noipa)) static void orders_write(
    sqlite3 *to, Reader *reader, const Table *about, size_t batch)
{
    const Table *orders = &tables[ORDERS];
    for (size_t i = 0; i < orders->count; i++) {
        if (i % batch == 0) {
            run(to, i == 0 ? "BEGIN IMMEDIATE" : "COMMIT; BEGIN IMMEDIATE");
        }
        sqlite3_int64 order = sqlite3_value_int64(orders->cells[i * orders->columns]);
        order_read(to, reader, about->cells + i * about->columns);
        products_read(to, reader, &tables[LINES], order);
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
    Reader reader;
    Table about = {.rows = "SELECT o.id, o.account_id, o.placed_on, a.code, a.partner_id"
                           " FROM sales_order o JOIN account a ON a.id = o.account_id"
                           " ORDER BY o.id"};
    if (count != 4) {
        fprintf(stderr, "usage: bare FROM TO ORDERS_A_TRANSACTION\n");
        return 2;
    }
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    must(from, sqlite3_open_v2(words[1], &from, SQLITE_OPEN_READONLY, NULL));
    must(to, sqlite3_open_v2(words[2], &to, SQLITE_OPEN_READWRITE, NULL));
    run(to, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
            "PRAGMA cache_size = -12288; PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON");
    must(to, sqlite3_wal_autocheckpoint(to, CHECKPOINT_FRAMES));
    for (size_t t = 0; t < TABLES; t++) {
        table_read(from, &tables[t]);
        table_prepare(to, &tables[t]);
    }
    table_read(from, &about);
    reader_prepare(to, &reader);
    double start = seconds(CLOCK_MONOTONIC);
    double start_cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    orders_write(to, &reader, &about, (size_t)strtoul(words[3], NULL, 10));
    printf("%.3f %.3f\n", seconds(CLOCK_MONOTONIC) - start,
        seconds(CLOCK_PROCESS_CPUTIME_ID) - start_cpu);
    for (size_t t = 0; t < TABLES; t++) {
        if (tables[t].at != tables[t].count) {
            fprintf(stderr, "bare: rows of %s were left over\n", tables[t].insert);
            return 1;
        }
        must(to, sqlite3_finalize(tables[t].put));
    }
    for (size_t i = 0; i < READS; i++) {
        must(to, sqlite3_finalize(reader.statements[i]));
    }
    must(to, sqlite3_finalize(reader.product));
    must(to, sqlite3_close(to));
    must(from, sqlite3_close(from));
    return 0;
}
