/* What the files of the filler share. */
#ifndef GUANXI_BENCH_FILL_FILL_H
#define GUANXI_BENCH_FILL_FILL_H

#include "base/crypto.h"
#include "base/date.h"
#include "op/fact_note.h"
#include "rules/lateness.h"

#include <sqlite3.h>
#include <string.h>

enum { FILL_DAYS = 1826, INDEXES_MAX = 128, MONTHS = 4 };

typedef enum TableName {
    ENTRY,
    SALES_ORDER,
    ORDER_LINE,
    DECISION,
    SHIPMENT,
    SHIPMENT_LINE,
    INVOICE,
    INVOICE_LINE,
    PAYMENT,
    ALLOCATION,
    AUDIT_SUBJECT,
    LOOKUP,
    TABLES
} TableName;

/* An invoice that somebody will pay. */
typedef struct Due {
    Id id;
    Id order_id;
    int64_t amount;
    int day; /* from which on it is paid */
} Due;

/* What becomes a row of account_month. */
typedef struct Month {
    Date on; /* its first day */
    int64_t invoiced;
    int64_t receivable;
    int64_t settled[LATENESS_COUNT];
} Month;

typedef struct Account {
    Id id;
    const char *code;
    int64_t seq;
    Hash head;
    int64_t ordered;
    int64_t receivable;
    int64_t settled;
    int64_t moves; /* of its receivables and advances */
    Date moved_on;
    Month months[MONTHS]; /* this one, and those in which invoices of it fall due */
    Due *due;
    size_t due_first;
    size_t due_count;
    size_t due_room;
    FactNote *notes; /* of this month */
    size_t note_count;
    size_t note_room;
    size_t keys; /* of this month */
} Account;

typedef struct Product {
    Id id;
    int64_t price; /* millionths */
} Product;

typedef struct Gate {
    char *facts;
    char *rules;
} Gate;

typedef struct Line {
    Id id;
    int64_t quantity;
    int64_t amount;
} Line;

typedef struct Fill {
    sqlite3 *db;
    sqlite3_stmt *audit;
    sqlite3_stmt *dossier; /* NULL: it is not there yet, like the indexes */
    sqlite3_stmt *month;
    Account *accounts;
    size_t account_count;
    Product *products;
    size_t product_count;
    Gate order_gate;
    Gate shipment_gate;
    int64_t policy_version;
    Id last;
    uint64_t random;
    Date first_day;
    int day; /* from 0 */
    int64_t invoices;
    int64_t invoices_first; /* of the first account */
    int64_t made;
    char *indexes[INDEXES_MAX];
    size_t index_count;
} Fill;

_Noreturn void fill_stop(const char *format, ...);
void *fill_grown(void *items, size_t *room, size_t count, size_t size);
/* xorshift */
int64_t fill_draw(Fill *fill, size_t below);
Id fill_id(Fill *fill);
Date fill_today(const Fill *fill);
Instant fill_now(const Fill *fill);

/* ---- store.c */

void store_open(Fill *fill, const char *path, const char *last_day);
/* The indexes of what is filled, from all rows at once; later rows go into them as they come. */
void store_index(Fill *fill);
void store_close(Fill *fill);
void store_run(Fill *fill, const char *text);
sqlite3_stmt *store_prepare(Fill *fill, const char *text);
void store_done(Fill *fill, sqlite3_stmt *statement);

/* ---- rows.c */

const char *table_name(TableName name);
void rows_start(Fill *fill);
void rows_end(Fill *fill);
/* Cells are the columns of the table's fact and, behind them, those that are derived. */
void row_put(Fill *fill, Account *account, TableName name, const Cell *cells, size_t count);
#define ROW(fill, account, name, ...)                                                              \
    row_put((fill), (account), (name), (const Cell[]){__VA_ARGS__},                                \
        sizeof((const Cell[]){__VA_ARGS__}) / sizeof(Cell))

typedef struct Move {
    const char *event;
    const char *from;
    const char *to;
    int64_t amount;
    const char *kind;
    Id document_id;
    Id order_id;
} Move;

void move_put(Fill *fill, Account *account, const Move *move);
Month *month_of(Account *account, Date day);
/* The figures of the month that ends today; with is_last, of all that are left. */
void months_put(Fill *fill, Account *account, bool is_last);
/* What was written of the account since the last. */
void audit_put(Fill *fill, Account *account);

static inline Cell number(int64_t value)
{
    return (Cell){.i = value};
}

static inline Cell text(const char *value)
{
    return (Cell){.p = value, .n = strlen(value)};
}

static inline Cell none(void)
{
    return (Cell){.is_null = true};
}

static inline Cell reference(Id id)
{
    return id == 0 ? none() : number(id);
}

#endif
