/* The database: what is there before, and its indexes and positions afterwards. */
#include "fill/fill.h"

#include "op/op.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const start[] = {
    "PRAGMA foreign_keys = OFF",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -262144",
    "BEGIN",
};

static const char *const finish[] = {
    "COMMIT",
    "PRAGMA journal_mode = WAL",
};

void store_run(Fill *fill, const char *text)
{
    char *why = NULL;
    if (sqlite3_exec(fill->db, text, NULL, NULL, &why) != SQLITE_OK) {
        fill_stop("%s: %s", text, why);
    }
}

sqlite3_stmt *store_prepare(Fill *fill, const char *text)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(fill->db, text, -1, &statement, NULL) != SQLITE_OK) {
        fill_stop("%s: %s", text, sqlite3_errmsg(fill->db));
    }
    return statement;
}

void store_done(Fill *fill, sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE || sqlite3_reset(statement) != SQLITE_OK) {
        fill_stop("%s: %s", sqlite3_sql(statement), sqlite3_errmsg(fill->db));
    }
}

/* ---- before */

static int64_t number_ask(Fill *fill, const char *asked)
{
    sqlite3_stmt *statement = store_prepare(fill, asked);
    if (sqlite3_step(statement) != SQLITE_ROW) {
        fill_stop("%s: nothing", asked);
    }
    int64_t value = sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    return value;
}

static char *column_copy(sqlite3_stmt *row, int column)
{
    return strdup((const char *)sqlite3_column_text(row, column));
}

static void accounts_read(Fill *fill)
{
    size_t room = 0;
    sqlite3_stmt *rows =
        store_prepare(fill, "SELECT a.id, a.code, q.chain_seq, q.chain_head FROM account"
                            " a JOIN position q ON q.account_id = a.id ORDER BY a.id");
    while (sqlite3_step(rows) == SQLITE_ROW) {
        fill->accounts = fill_grown(fill->accounts, &room, fill->account_count, sizeof(Account));
        Account *account = &fill->accounts[fill->account_count++];
        *account = (Account){.id = sqlite3_column_int64(rows, 0),
            .code = column_copy(rows, 1),
            .seq = sqlite3_column_int64(rows, 2)};
        if (account->seq > 0) {
            memcpy(account->head.bytes, sqlite3_column_blob(rows, 3), HASH_SIZE);
        }
    }
    (void)sqlite3_finalize(rows);
}

static void products_read(Fill *fill)
{
    size_t room = 0;
    sqlite3_stmt *rows = store_prepare(fill, "SELECT id, unit_price FROM product ORDER BY id");
    while (sqlite3_step(rows) == SQLITE_ROW) {
        fill->products = fill_grown(fill->products, &room, fill->product_count, sizeof(Product));
        fill->products[fill->product_count++] =
            (Product){sqlite3_column_int64(rows, 0), sqlite3_column_int64(rows, 1)};
    }
    (void)sqlite3_finalize(rows);
}

/* The words of decisions are those of one that the program made. */
static Gate gate_read(Fill *fill, const char *name)
{
    sqlite3_stmt *rows =
        store_prepare(fill, "SELECT facts, rules, policy_version FROM decision"
                            " WHERE document_kind = ?1 AND outcome = 'pass' LIMIT 1");
    (void)sqlite3_bind_text(rows, 1, name, -1, SQLITE_STATIC);
    if (sqlite3_step(rows) != SQLITE_ROW) {
        fill_stop("place and ship an order first, so that there is a decision about each");
    }
    Gate gate = {column_copy(rows, 0), column_copy(rows, 1)};
    fill->policy_version = sqlite3_column_int64(rows, 2);
    (void)sqlite3_finalize(rows);
    return gate;
}

/* Those of the tables that are filled. */
static void indexes_drop(Fill *fill)
{
    char name[128];
    for (size_t i = 0; i <= TABLES; i++) {
        sqlite3_stmt *rows =
            store_prepare(fill, "SELECT sql, name FROM sqlite_schema"
                                " WHERE type = 'index' AND sql <> '' AND tbl_name = ?1");
        const char *table = i == TABLES ? "audit" : table_name((TableName)i);
        (void)sqlite3_bind_text(rows, 1, table, -1, SQLITE_STATIC);
        size_t first = fill->index_count;
        char *names[INDEXES_MAX];
        while (sqlite3_step(rows) == SQLITE_ROW) {
            names[fill->index_count] = column_copy(rows, 1);
            fill->indexes[fill->index_count++] = column_copy(rows, 0);
        }
        (void)sqlite3_finalize(rows);
        for (size_t k = first; k < fill->index_count; k++) {
            (void)snprintf(name, sizeof name, "DROP INDEX %s", names[k]);
            store_run(fill, name);
            free(names[k]);
        }
    }
}

/* Ids go on above all that are there. */
static void ids_start(Fill *fill)
{
    fill->last = number_ask(fill, "SELECT max((SELECT max(id) FROM audit), (SELECT max(id) FROM "
                                  "account), (SELECT max(id) FROM entry))");
}

static void positions_write(Fill *fill)
{
    sqlite3_stmt *put = store_prepare(fill,
        "UPDATE position SET ordered = ordered + ?2, receivable = receivable + ?3,"
        " settled = settled + ?4, outside = outside - ?2 - ?3 - ?4, chain_seq = ?5,"
        " chain_head = ?6, moves = moves + ?7, moved_on = COALESCE(?8, moved_on)"
        " WHERE account_id = ?1");
    char day[DATE_TEXT_SIZE];
    for (size_t i = 0; i < fill->account_count; i++) {
        const Account *account = &fill->accounts[i];
        if (account->seq > 0) {
            (void)sqlite3_bind_int64(put, 1, account->id);
            (void)sqlite3_bind_int64(put, 2, account->ordered);
            (void)sqlite3_bind_int64(put, 3, account->receivable);
            (void)sqlite3_bind_int64(put, 4, account->settled);
            (void)sqlite3_bind_int64(put, 5, account->seq);
            (void)sqlite3_bind_blob(put, 6, account->head.bytes, HASH_SIZE, SQLITE_STATIC);
            (void)sqlite3_bind_int64(put, 7, account->moves);
            date_format(account->moved_on, day);
            (void)sqlite3_bind_text(put, 8, account->moves > 0 ? day : NULL, -1, SQLITE_TRANSIENT);
            store_done(fill, put);
        }
    }
    (void)sqlite3_finalize(put);
}

void store_open(Fill *fill, const char *path, const char *last_day)
{
    Date last = DATE_NONE;
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sqlite3_open_v2(path, &fill->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        fill_stop("%s: %s", path, sqlite3_errmsg(fill->db));
    }
    if (!date_parse(last_day, &last)) {
        fill_stop("%s is no day", last_day);
    }
    fill->first_day = last - FILL_DAYS + 1;
    for (size_t i = 0; i < sizeof start / sizeof start[0]; i++) {
        store_run(fill, start[i]);
    }
    fill->order_gate = gate_read(fill, "order");
    fill->shipment_gate = gate_read(fill, "shipment");
    accounts_read(fill);
    products_read(fill);
    ids_start(fill);
    indexes_drop(fill);
}

/* An index over several tables, and made when these are. */
static const char dossier_fill[] =
    "DELETE FROM dossier;"
    "INSERT INTO dossier (account_id, from_id, has_order, has_decision)"
    " SELECT account_id, block, MAX(orders), MAX(decisions) FROM ("
    " SELECT account_id, id / 16 * 16 AS block, FALSE AS orders, FALSE AS decisions FROM entry"
    " UNION ALL SELECT account_id, id / 16 * 16, FALSE, TRUE FROM decision"
    " UNION ALL SELECT account_id, id / 16 * 16, TRUE, FALSE FROM sales_order"
    " UNION ALL SELECT account_id, id / 16 * 16, FALSE, FALSE FROM audit WHERE account_id <> 0)"
    " GROUP BY account_id, block";

void store_index(Fill *fill)
{
    store_run(fill, dossier_fill);
    fill->dossier = store_prepare(fill,
        "INSERT INTO dossier (account_id, from_id, has_order, has_decision) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET has_order = has_order OR excluded.has_order,"
        " has_decision = has_decision OR excluded.has_decision");
    for (size_t i = 0; i < fill->index_count; i++) {
        store_run(fill, fill->indexes[i]);
    }
}

void store_close(Fill *fill)
{
    positions_write(fill);
    for (size_t i = 0; i < sizeof finish / sizeof finish[0]; i++) {
        store_run(fill, finish[i]);
    }
    if (sqlite3_close(fill->db) != SQLITE_OK) {
        fill_stop("%s", sqlite3_errmsg(fill->db));
    }
}
