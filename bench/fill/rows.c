/* Rows as the program would have written them, and their audit. */
#include "fill/fill.h"

#include "op/audit.h"

#include <stdio.h>

enum { CELLS_MAX = 24 };

/* Rows are given as the columns of the fact and, behind them, those that are derived. */
typedef struct Table {
    const char *name;
    const char *facts; /* as the program has them, so that a change there is no surprise here */
    const char *derived;
    const char *derived_letters;
    const Fact *fact;
    sqlite3_stmt *put;
    char letters[CELLS_MAX + 1];
} Table;

static Table tables[TABLES] = {
    [ENTRY] = {"entry",
        "id, account_id, posted_on, booked_on, booked_at, event, from_bucket, to_bucket, amount, "
        "document_kind, document_id, order_id",
        "", ""},
    [SALES_ORDER] = {"sales_order",
        "id, account_id, number, status, ordered_on, wanted_on, total, is_final, decision_id, "
        "release_id, placed_by_id, placed_on, changed_by_id, held_on, reason",
        ", ordered, shipped, delivered, invoiced, billed", "iiiii"},
    [ORDER_LINE] = {"order_line",
        "id, account_id, order_id, line, product_id, quantity, unit_price, tax_rate, net, tax, "
        "gross, is_dropped",
        ", shipped, shipped_amount, shipped_tax, invoiced, invoiced_amount, invoiced_tax, returned,"
        " returned_amount",
        "iiiiiiii"},
    [DECISION] = {"decision",
        "id, account_id, gate, document_kind, document_id, order_id, outcome, policy_version, "
        "decided_on, decided_at, facts, rules",
        "", ""},
    [SHIPMENT] = {"shipment",
        "id, account_id, order_id, number, shipped_on, booked_on, booked_at, amount, moved, "
        "status, decision_id, release_id, covered, posted_by_id, reversed_on",
        ", invoiced, returned", "ii"},
    [SHIPMENT_LINE] = {"shipment_line",
        "id, account_id, shipment_id, order_line_id, line, quantity, amount, tax", ", returned",
        "i"},
    [INVOICE] = {"invoice",
        "id, account_id, number, order_id, amount, tax, invoiced_on, due_on, booked_on, is_final, "
        "from_shipped, from_ordered, from_outside, dropped, decision_id, approval_id, "
        "posted_by_id, reversed_on",
        ", open, settled_on, status", "idt"},
    [INVOICE_LINE] = {"invoice_line",
        "id, account_id, invoice_id, order_line_id, line, quantity, amount, tax", "", ""},
    [PAYMENT] = {"payment",
        "id, account_id, amount, received_on, booked_on, booked_at, reference, order_id, status, "
        "posted_by_id, reversed_on",
        ", advance", "i"},
    [ALLOCATION] = {"allocation",
        "id, account_id, source_kind, source_id, invoice_id, amount, effective_on, booked_on, "
        "reverses_id, is_reversed, is_recovery",
        "", ""},
    [AUDIT_SUBJECT] = {"audit_subject", "subject_id, audit_id, account_id", "", ""},
    [LOOKUP] = {"idempotency_lookup", "key_hash, request_hash, audit_id", "", ""},
};

const char *table_name(TableName name)
{
    return tables[name].name;
}

/* ---- rows */

static Cell bytes(const void *value, size_t size)
{
    return (Cell){.p = value, .n = size};
}

static void cell_bind(sqlite3_stmt *put, int at, char letter, const Cell *cell)
{
    char day[DATE_TEXT_SIZE];
    if (cell->is_null) {
        (void)sqlite3_bind_null(put, at);
    } else if (letter == 't') {
        (void)sqlite3_bind_text(put, at, cell->p, (int)cell->n, SQLITE_STATIC);
    } else if (letter == 'x') {
        (void)sqlite3_bind_blob(put, at, cell->p, (int)cell->n, SQLITE_STATIC);
    } else if (letter == 'd') {
        date_format((Date)cell->i, day);
        (void)sqlite3_bind_text(put, at, day, -1, SQLITE_TRANSIENT);
    } else {
        (void)sqlite3_bind_int64(put, at, cell->i);
    }
}

static void dossier_put(Fill *fill, DossierKind kind, const Cell *id, const Account *account)
{
    if (fill->dossier != NULL) {
        cell_bind(fill->dossier, 1, 'i', &(Cell){.i = account->id});
        cell_bind(fill->dossier, 2, 'i', &(Cell){.i = id_block(id->i)});
        cell_bind(fill->dossier, 3, 'i', &(Cell){.i = kind == DOSSIER_ORDER});
        cell_bind(fill->dossier, 4, 'i', &(Cell){.i = kind == DOSSIER_DECISION});
        store_done(fill, fill->dossier);
    }
}

void row_put(Fill *fill, Account *account, TableName name, const Cell *cells, size_t count)
{
    Table *table = &tables[name];
    size_t facts = strlen(table->fact->scan.out);
    if (count != strlen(table->letters)) {
        fill_stop("%s has %zu columns", table->name, strlen(table->letters));
    }
    for (size_t i = 0; i < count; i++) {
        cell_bind(table->put, (int)i + 1, table->letters[i], &cells[i]);
    }
    store_done(fill, table->put);
    if (table->fact->dossier != DOSSIER_NOT) {
        dossier_put(fill, table->fact->dossier, &cells[0], account);
    }
    account->notes =
        fill_grown(account->notes, &account->note_room, account->note_count, sizeof(FactNote));
    account->notes[account->note_count++] = (FactNote){.key = fact_key(table->fact, cells),
        .table = fact_table(table->fact),
        .is = fact_print(table->fact, cells, facts)};
}

static bool is_either(const Move *move, const char *bucket)
{
    return strcmp(move->from, bucket) == 0 || strcmp(move->to, bucket) == 0;
}

/* What positions and months tell of it besides. */
static void move_count(Fill *fill, Account *account, const Move *move)
{
    if (is_either(move, "receivable") || is_either(move, "advance")) {
        account->moves++;
        account->moved_on = fill_today(fill);
    }
    if (is_either(move, "receivable")) {
        bool is_more = strcmp(move->to, "receivable") == 0;
        Month *month = month_of(account, fill_today(fill));
        month->receivable += is_more ? move->amount : -move->amount;
        month->invoiced += is_more ? move->amount : 0;
    }
}

void move_put(Fill *fill, Account *account, const Move *move)
{
    move_count(fill, account, move);
    Cell day = number(fill_today(fill));
    ROW(fill, account, ENTRY, number(fill_id(fill)), number(account->id), day, day,
        number(fill_now(fill)), text(move->event), text(move->from), text(move->to),
        number(move->amount), text(move->kind), number(move->document_id),
        reference(move->order_id));
}

/* ---- months */

Month *month_of(Account *account, Date day)
{
    DateParts parts = date_parts(day);
    Month *month = &account->months[(parts.year * 12 + parts.month) % MONTHS];
    Date on = date_month_first(day);
    if (month->on != on) {
        *month = (Month){.on = on};
    }
    return month;
}

static void month_put(Fill *fill, const Account *account, Month *month)
{
    const Cell cells[] = {number(account->id), number(month->on), number(month->invoiced),
        number(month->receivable), number(month->settled[LATENESS_ON_TIME]),
        number(month->settled[LATENESS_LATE]), number(month->settled[LATENESS_VERY_LATE])};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        cell_bind(fill->month, (int)i + 1, "kdiiiii"[i], &cells[i]);
    }
    store_done(fill, fill->month);
    *month = (Month){0};
}

void months_put(Fill *fill, Account *account, bool is_last)
{
    for (size_t i = 0; i < MONTHS; i++) {
        Month *month = &account->months[i];
        if (month->on != 0 && (is_last || month->on == date_month_first(fill_today(fill)))) {
            month_put(fill, account, month);
        }
    }
}

/* ---- the audit of a month */

static void keys_put(Fill *fill, Account *account, Id audit_id)
{
    uint64_t key[2][2];
    for (; account->keys > 0; account->keys--) {
        for (size_t i = 0; i < 4; i++) {
            (void)fill_draw(fill, 2);
            key[i / 2][i % 2] = fill->random;
        }
        ROW(fill, account, LOOKUP, bytes(key[0], sizeof key[0]), bytes(key[1], sizeof key[1]),
            number(audit_id));
    }
}

void audit_put(Fill *fill, Account *account)
{
    if (account->note_count == 0) {
        return;
    }
    Id id = fill_id(fill);
    ROW(fill, account, AUDIT_SUBJECT, number(account->id), number(id), number(account->id));
    keys_put(fill, account, id);
    AuditRow row = {.id = id,
        .account_id = account->id,
        .seq = account->seq + 1,
        .done_at = fill_now(fill),
        .business_on = fill_today(fill),
        .actor_name = "system",
        .operation = "invoice_post",
        .input = "{\"in\":{}}",
        .reply = "{}",
        .status = 201,
        .facts = {account->notes, account->note_count * sizeof(FactNote)},
        .prev = account->head};
    Hash hash = audit_hash(&row);
    const Cell cells[] = {number(row.id), number(row.account_id), number(row.seq),
        number(row.done_at), number(row.business_on), none(), text(row.actor_name),
        text(row.operation), text(row.input), text(row.reply), number(row.status), none(),
        bytes(row.facts.data, row.facts.size),
        row.seq > 1 ? bytes(row.prev.bytes, HASH_SIZE) : none(), bytes(hash.bytes, HASH_SIZE)};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        cell_bind(fill->audit, (int)i + 1, "iiiidkttttitxxx"[i], &cells[i]);
    }
    store_done(fill, fill->audit);
    dossier_put(fill, DOSSIER_AUDIT, &cells[0], account);
    account->seq = row.seq;
    account->head = hash;
    account->note_count = 0;
}

static void table_prepare(Fill *fill, Table *table)
{
    char columns[1024];
    char put[1024];
    for (size_t i = 0; i < fact_count(); i++) {
        if (strcmp(fact_at(i)->table, table->name) == 0) {
            table->fact = fact_at(i);
        }
    }
    (void)snprintf(columns, sizeof columns, "SELECT %s FROM %s", table->facts, table->name);
    if (table->fact == NULL || strcmp(columns, table->fact->scan.text) != 0) {
        fill_stop("the program has other facts of %s than this: %s", table->name, table->facts);
    }
    (void)snprintf(table->letters, sizeof table->letters, "%s%s", table->fact->scan.out,
        table->derived_letters);
    size_t length = (size_t)snprintf(put, sizeof put, "INSERT INTO %s (%s%s) VALUES (?",
        table->name, table->facts, table->derived);
    for (size_t i = 1; i < strlen(table->letters); i++) {
        length += (size_t)snprintf(put + length, sizeof put - length, ",?");
    }
    (void)snprintf(put + length, sizeof put - length, ")");
    table->put = store_prepare(fill, put);
}

void rows_start(Fill *fill)
{
    for (size_t i = 0; i < TABLES; i++) {
        table_prepare(fill, &tables[i]);
    }
    fill->month = store_prepare(fill,
        "INSERT INTO account_month (account_id, month_on, invoiced, receivable, on_time, late,"
        " very_late) VALUES (?, ?, ?, ?, ?, ?, ?)");
    fill->audit = store_prepare(fill,
        "INSERT INTO audit (id, account_id, seq, done_at, business_on, actor_id, actor_name,"
        " operation, input, reply, status, changes, facts, prev, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
}

void rows_end(Fill *fill)
{
    for (size_t i = 0; i < TABLES; i++) {
        (void)sqlite3_finalize(tables[i].put);
    }
    (void)sqlite3_finalize(fill->audit);
    (void)sqlite3_finalize(fill->dossier);
    (void)sqlite3_finalize(fill->month);
}
