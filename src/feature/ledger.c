/* The account ledger: writes entries, keeps positions, lists entries, proves and rebuilds both.
 * What moves and why is the documents' affair. */
#include "feature/ledger.h"

#include "feature/month.h"
#include "feature/shown.h"
#include "op/dossier.h"
#include "op/op.h"
#include "feature/features.h"
#include "op/run.h"

#include <string.h>

static const char *const event_names[MOVE_EVENT_COUNT] = {
    [MOVE_ORDER_APPROVED] = "order_approved",
    [MOVE_ORDER_ENDED] = "order_ended",
    [MOVE_SHIPPED] = "shipped",
    [MOVE_SHIPPED_AHEAD] = "shipped_ahead",
    [MOVE_SHIPPED_UNINVOICED] = "shipped_uninvoiced",
    [MOVE_INVOICED_SHIPPED] = "invoiced_shipped",
    [MOVE_INVOICED_ORDERED] = "invoiced_ordered",
    [MOVE_INVOICED_OUTSIDE] = "invoiced_outside",
    [MOVE_PAYMENT_RECEIVED] = "payment_received",
    [MOVE_ALLOCATED] = "allocated",
    [MOVE_ADVANCE_USED] = "advance_used",
    [MOVE_CHEQUE_TAKEN] = "cheque_taken",
    [MOVE_CHEQUE_CLEARED] = "cheque_cleared",
    [MOVE_CHEQUE_BOUNCED] = "cheque_bounced",
    [MOVE_RETURNED] = "returned",
    [MOVE_CREDITED] = "credited",
    [MOVE_CREDITED_BEYOND] = "credited_beyond",
    [MOVE_WRITTEN_OFF] = "written_off",
    [MOVE_RECOVERED] = "recovered",
    [MOVE_REFUNDED] = "refunded",
};

/* ---- Booking ---- */

static const Sql sql_position_open = {
    "INSERT INTO position (account_id, outside, ordered, shipped, receivable, cheque, advance, "
    "settled,"
    " written_off, moves, chain_seq)"
    " VALUES ($1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
    .in = "k",
};

#define ENTRY_FACTS                                                                                \
    "id, account_id, posted_on, booked_on, booked_at, event, from_bucket, to_bucket, "             \
    "amount, document_kind, document_id, order_id"
#define ENTRY_LETTERS "kkdditttitkk"
static const Fact fact_entry = FACT_IN_DOSSIER(DOSSIER_ENTRY, "entry", ENTRY_FACTS, ENTRY_LETTERS);

static const Sql sql_entry_insert = {
    "INSERT INTO entry (" ENTRY_FACTS ")"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    .in = ENTRY_LETTERS,
};

#define POSITION_MOVE                                                                              \
    "UPDATE position SET outside = outside + $2, ordered = ordered + $3, shipped = shipped + $4,"  \
    " receivable = receivable + $5, cheque = cheque + $6, advance = advance + $7, settled = "      \
    "settled + $8, written_off = written_off + $9"

/* Each once alone and once with the end of the chain, which the operation's audit row moves. */
static const Sql sql_position_move = {
    POSITION_MOVE " WHERE account_id = $1",
    .in = "kiiiiiiii",
};
static const Sql sql_position_move_end = {
    POSITION_MOVE ", chain_seq = $10, chain_head = $11 WHERE account_id = $1",
    .in = "kiiiiiiiiix",
};

/* Of what is reported of receivables, which no order and no shipment moves. The dates of the calls
 * need not ascend. */
#define POSITION_MOVE_TOLD                                                                         \
    POSITION_MOVE                                                                                  \
    ", moves = moves + $11, moved_on = CASE WHEN moved_on > $10 THEN moved_on ELSE $10 END"

static const Sql sql_position_move_told = {
    POSITION_MOVE_TOLD " WHERE account_id = $1",
    .in = "kiiiiiiiidi",
};
static const Sql sql_position_move_told_end = {
    POSITION_MOVE_TOLD ", chain_seq = $12, chain_head = $13 WHERE account_id = $1",
    .in = "kiiiiiiiidiix",
};

static const Sql sql_position_told = {
    "UPDATE position SET moves = moves + 1 WHERE account_id = $1",
    .in = "k",
};

static const Sql sql_order_figures_move = {
    "UPDATE sales_order SET ordered = ordered + $3, shipped = shipped + $4 WHERE account_id = $1 "
    "AND id = $2",
    .in = "kkii",
};

static const Sql sql_position_select = {
    "SELECT ordered - " LEDGER_LAPSED(
        "$1", "$2") ", shipped, receivable, cheque, advance,"
                    " settled, written_off FROM position WHERE account_id = $1",
    .in = "kd",
    .out = "iiiiiii",
};

Err ledger_open(Ctx *cx, Id account_id)
{
    return db_put(cx, &sql_position_open, ARGS(arg_id(account_id)));
}

static const Sql sql_position_close = {
    "DELETE FROM position WHERE account_id = $1 AND chain_seq = 0 RETURNING account_id",
    .in = "k",
    .out = "k",
};

Err ledger_close(Ctx *cx, Id account_id, bool *ret_is_closed)
{
    Rows rows;
    TRY(db_ask(cx, &sql_position_close, ARGS(arg_id(account_id)), &rows));
    *ret_is_closed = db_next(&rows);
    return ERR_OK;
}

Err ledger_moved(Ctx *cx, Id account_id)
{
    return db_put(cx, &sql_position_told, ARGS(arg_id(account_id)));
}

static Move booking_move(const Booking *booking)
{
    Move move = move_of(booking->event, booking->amount);
    return booking->is_reversal ? move_reversed(move) : move;
}

/* What entries do to the position of their account. */
typedef struct Moved {
    int64_t delta[BUCKET_COUNT];
    int64_t told; /* how many move what is reported of receivables */
} Moved;

static bool is_told(Bucket bucket)
{
    return bucket == BUCKET_RECEIVABLE || bucket == BUCKET_CHEQUE || bucket == BUCKET_ADVANCE;
}

enum { ENTRY_COLUMNS = sizeof ENTRY_LETTERS - 1 };

/* False: it moves nothing, and is none. */
static bool entry_args(Ctx *cx, const Booking *booking, Moved *moved, Arg *ret_args)
{
    ASSERT(booking->amount.minor >= 0);
    ASSERT(booking->posted_on != DATE_NONE);
    if (money_is_zero(booking->amount)) {
        return false;
    }
    Move move = booking_move(booking);
    moved->delta[move.from] -= move.amount.minor;
    moved->delta[move.to] += move.amount.minor;
    moved->told += is_told(move.from) || is_told(move.to);
    const Arg args[] = {arg_id(db_new_id(cx)), arg_id(booking->account_id),
        arg_date(booking->posted_on), arg_date(cx->today), arg_instant(cx->now_ms),
        arg_text(event_names[booking->event]), arg_text(bucket_names[move.from]),
        arg_text(bucket_names[move.to]), arg_i64(move.amount.minor),
        arg_text(booking->document_kind), arg_id(booking->document_id), arg_id(booking->order_id)};
    _Static_assert(COUNT(args) == ENTRY_COLUMNS, "an argument for each column");
    memcpy(ret_args, args, sizeof args);
    return true;
}

static Err entry_put(Ctx *cx, const Booking *booking, Moved *moved)
{
    Arg args[ENTRY_COLUMNS];
    return entry_args(cx, booking, moved, args)
               ? fact_put(cx, &fact_entry, &sql_entry_insert, args, COUNT(args))
               : ERR_OK;
}

static Err position_move(Ctx *cx, Id account_id, const Moved *moved)
{
    const int64_t *delta = moved->delta;
    const Arg args[] = {arg_id(account_id), arg_i64(delta[BUCKET_OUTSIDE]),
        arg_i64(delta[BUCKET_ORDERED]), arg_i64(delta[BUCKET_SHIPPED]),
        arg_i64(delta[BUCKET_RECEIVABLE]), arg_i64(delta[BUCKET_CHEQUE]),
        arg_i64(delta[BUCKET_ADVANCE]), arg_i64(delta[BUCKET_SETTLED]),
        arg_i64(delta[BUCKET_WRITTEN_OFF]), arg_date(cx->today), arg_i64(moved->told)};
    return moved->told > 0
               ? db_put_late(
                     cx, &sql_position_move_told, &sql_position_move_told_end, args, COUNT(args))
               : db_put_late(cx, &sql_position_move, &sql_position_move_end, args, COUNT(args) - 2);
}

static bool is_invoicing(MoveEvent event)
{
    return event == MOVE_INVOICED_SHIPPED || event == MOVE_INVOICED_ORDERED ||
           event == MOVE_INVOICED_OUTSIDE;
}

/* By how much a booking changes the receivable. */
static Money receivable_change(const Booking *booking)
{
    Money none = money_zero(booking->amount.currency);
    if (money_is_zero(booking->amount)) {
        return none;
    }
    Move move = booking_move(booking);
    Money taken = move.from == BUCKET_RECEIVABLE ? money_neg(move.amount) : none;
    return move.to == BUCKET_RECEIVABLE ? move.amount : taken;
}

/* Bookings of one account; those of one month that stand together move it once. */
static Err months_move(Ctx *cx, const Booking *bookings, size_t count)
{
    for (size_t i = 0; i < count;) {
        const Booking *first = &bookings[i];
        Money invoiced = money_zero(first->amount.currency);
        Money receivable = invoiced;
        for (; i < count &&
               date_month_first(bookings[i].posted_on) == date_month_first(first->posted_on);
             i++) {
            Money change = receivable_change(&bookings[i]);
            receivable = money_add(receivable, change);
            invoiced = is_invoicing(bookings[i].event) ? money_add(invoiced, change) : invoiced;
        }
        if (!money_is_zero(receivable) || !money_is_zero(invoiced)) {
            TRY(month_receivable_move(
                cx, first->account_id, first->posted_on, invoiced, receivable));
        }
    }
    return ERR_OK;
}

Err ledger_book(Ctx *cx, const Booking *booking)
{
    Moved moved = {0};
    TRY(entry_put(cx, booking, &moved));
    if (money_is_zero(booking->amount)) {
        return ERR_OK;
    }
    TRY(position_move(cx, booking->account_id, &moved));
    TRY(months_move(cx, booking, 1));
    if (booking->order_id == 0 || booking->is_in_order ||
        (moved.delta[BUCKET_ORDERED] == 0 && moved.delta[BUCKET_SHIPPED] == 0)) {
        return ERR_OK;
    }
    return db_put(cx, &sql_order_figures_move,
        ARGS(arg_id(booking->account_id), arg_id(booking->order_id),
            arg_i64(moved.delta[BUCKET_ORDERED]), arg_i64(moved.delta[BUCKET_SHIPPED])));
}

Err ledger_book_all(Ctx *cx, const Booking *bookings, size_t count)
{
    Moved moved = {0};
    Arg *args = arena_array(cx->arena, count, ENTRY_COLUMNS * sizeof *args);
    size_t entries = 0;
    for (size_t i = 0; i < count; i++) {
        ASSERT(bookings[i].account_id == bookings[0].account_id);
        ASSERT(bookings[i].order_id == 0);
        entries += entry_args(cx, &bookings[i], &moved, args + entries * ENTRY_COLUMNS);
    }
    if (count == 0) {
        return ERR_OK;
    }
    TRY(fact_put_rows(cx, &fact_entry, &sql_entry_insert, args, ENTRY_COLUMNS, entries));
    TRY(position_move(cx, bookings[0].account_id, &moved));
    return months_move(cx, bookings, count);
}

Err ledger_position(Ctx *cx, Id account_id, Currency currency, Position *ret_position)
{
    Rows rows;
    TRY(db_one(cx, &sql_position_select, ARGS(arg_id(account_id), arg_date(cx->today)),
        "the position of an account", &rows));
    *ret_position = (Position){
        .currency = currency,
        .ordered = money_of(currency, db_i64(&rows, 0)),
        .shipped = money_of(currency, db_i64(&rows, 1)),
        .receivable = money_of(currency, db_i64(&rows, 2)),
        .cheque = money_of(currency, db_i64(&rows, 3)),
        .advance = money_of(currency, db_i64(&rows, 4)),
        .settled = money_of(currency, db_i64(&rows, 5)),
        .written_off = money_of(currency, db_i64(&rows, 6)),
    };
    return ERR_OK;
}

/* ---- Reading ---- */

typedef struct Entry {
    Id id;
    Ref account;
    Date on;
    Date booked_on;
    const char *event;
    const char *from;
    const char *to;
    Currency currency;
    Money amount;
    const char *document_kind;
    const char *document;
    const char *number;
    Ref order;
    const char *order_number;
} Entry;

#define NUMBER_IN(kind, table)                                                                     \
    " WHEN '" kind "' THEN (SELECT d.number FROM " table " d"                                      \
    " WHERE d.account_id = r.account_id AND d.id = r.document_id)"

SCHEMA(Entry,
    F_ID(Entry, id, "entry"),
    F_REF(Entry, account, "account", .flags = FIELD_FILTER),
    F_DATE(Entry, on, .column = "posted_on", .flags = FIELD_SORT, .doc = "The document's date."),
    F_DATE(
        Entry, booked_on, .flags = FIELD_SORT, .doc = "The business date on which it was booked."),
    F_TEXT(Entry, event, .flags = FIELD_FILTER),
    F_TEXT(Entry, from, .column = "from_bucket", .doc = "Bucket the value left."),
    F_TEXT(Entry, to, .column = "to_bucket", .doc = "Bucket it went to."),
    F_ACCOUNT_CURRENCY(Entry),
    F_MONEY(Entry, amount),
    F_TEXT(Entry, document_kind, .flags = FIELD_FILTER),
    F_TEXT(Entry, document, .flags = FIELD_OUTPUT | FIELD_NO_COLUMN, .doc = "Its id."),
    F_TEXT(Entry,
        number,
        .column = "(CASE r.document_kind" NUMBER_IN("order", "sales_order")
            NUMBER_IN("shipment", "shipment") NUMBER_IN("return", "goods_return") NUMBER_IN(
                "invoice", "invoice") NUMBER_IN("credit_note",
                "credit_note") " WHEN 'payment' THEN (SELECT d.reference FROM payment d"
                               " WHERE d.account_id = r.account_id AND d.id = r.document_id) END)",
        .flags = FIELD_OUTPUT,
        .doc = "Of the document, the reference of a payment; null: it has none."),
    F_REF(Entry, order, "order", .flags = FIELD_FILTER, .doc = "Whose value moved."),
    F_ORDER_NUMBER(Entry));

/* Account by account, which keeps engines from sorting all that there are. */
#define ENTRIES_BY_ACCOUNT " FROM dossier k CROSS JOIN entry e {by_id} WHERE " DOSSIER_ENTRIES("e")

static const Sql sql_entry_documents = {
    "SELECT e.id, e.document_id" ENTRIES_BY_ACCOUNT
    " AND k.account_id = $1 AND e.id >= $2 AND e.id <= $3 AND k.from_id <= $3"
    " AND k.from_id >= " DOSSIER_BLOCK("$2"),
    .in = "kkk",
    .out = "kk",
};

/* The letter of a document's id is that of its kind. */
static Err document_put(Ctx *cx, Entry *entry, Id document_id)
{
    const RefKind *kind = ref_kind_find(entry->document_kind);
    if (kind == NULL) {
        return db_damaged(
            cx, "an entry is about \"%s\", which is no document", entry->document_kind);
    }
    entry->document = id_text(cx->arena, kind->letter, document_id);
    return ERR_OK;
}

/* All entries of a page are of one account. */
static Err entry_fill(Ctx *cx, void *items, size_t count)
{
    Entry *entries = items;
    Id first = entries[0].id;
    Id last = entries[0].id;
    for (size_t i = 1; i < count; i++) {
        first = entries[i].id < first ? entries[i].id : first;
        last = entries[i].id > last ? entries[i].id : last;
    }
    Rows rows;
    TRY(db_ask(cx, &sql_entry_documents,
        ARGS(arg_id(entries[0].account.id), arg_id(first), arg_id(last)), &rows));
    while (db_next(&rows)) {
        size_t i = 0;
        while (i < count && entries[i].id != db_id(&rows, 0)) {
            i++;
        }
        if (i < count) {
            TRY(document_put(cx, &entries[i], db_id(&rows, 1)));
        }
    }
    return ERR_OK;
}

static const Record record_entry = {
    .name = "entry",
    .path = "/accounts/{account}/entries",
    .one = "/entries",
    .letter = 'J',
    .schema = &Entry_schema,
    .verbs = VERB_LIST | VERB_GET,
    .reads = PERM_READ_OWN,
    .date_field = "on",
    .partner_join = ACCOUNT_JOIN,
    .fill = entry_fill,
    .summary = "an entry of an account's ledger",
};

/* ---- Proof and rebuild ---- */

static const Sql sql_check_positions = {
    "SELECT 'account ' || a.code || ': the position is not the sum of its entries'"
    " FROM position q JOIN account a ON a.id = q.account_id"
    " LEFT JOIN (SELECT k.account_id,"
    "   SUM(CASE WHEN to_bucket = 'outside' THEN amount WHEN from_bucket = 'outside' THEN -amount "
    "ELSE 0 END) AS outside,"
    "   SUM(CASE WHEN to_bucket = 'ordered' THEN amount WHEN from_bucket = 'ordered' THEN -amount "
    "ELSE 0 END) AS ordered,"
    "   SUM(CASE WHEN to_bucket = 'shipped' THEN amount WHEN from_bucket = 'shipped' THEN -amount "
    "ELSE 0 END) AS shipped,"
    "   SUM(CASE WHEN to_bucket = 'receivable' THEN amount WHEN from_bucket = 'receivable' THEN "
    "-amount ELSE 0 END)"
    "     AS receivable,"
    "   SUM(CASE WHEN to_bucket = 'cheque' THEN amount WHEN from_bucket = 'cheque' THEN -amount "
    "ELSE 0 END) AS cheque,"
    "   SUM(CASE WHEN to_bucket = 'advance' THEN amount WHEN from_bucket = 'advance' THEN -amount "
    "ELSE 0 END) AS advance,"
    "   SUM(CASE WHEN to_bucket = 'settled' THEN amount WHEN from_bucket = 'settled' THEN -amount "
    "ELSE 0 END) AS settled,"
    "   SUM(CASE WHEN to_bucket = 'written_off' THEN amount WHEN from_bucket = 'written_off' THEN "
    "-amount ELSE 0 END)"
    "     AS written_off"
    "  " ENTRIES_BY_ACCOUNT " GROUP BY k.account_id) s ON s.account_id = q.account_id"
    " WHERE q.outside <> COALESCE(s.outside, 0) OR q.ordered <> COALESCE(s.ordered, 0)"
    " OR q.shipped <> COALESCE(s.shipped, 0) OR q.receivable <> COALESCE(s.receivable, 0)"
    " OR q.cheque <> COALESCE(s.cheque, 0) OR q.advance <> COALESCE(s.advance, 0)"
    " OR q.settled <> COALESCE(s.settled, 0) OR q.written_off <> COALESCE(s.written_off, 0)",
    .in = "",
    .out = "t",
};
static const Check check_positions = {
    .name = "positions equal their entries", .sql = &sql_check_positions};

static const Sql sql_check_balance = {
    "SELECT 'account ' || a.code || ': the buckets do not add up to zero'"
    " FROM position q JOIN account a ON a.id = q.account_id"
    " WHERE q.outside + q.ordered + q.shipped + q.receivable + q.cheque + q.advance + q.settled + "
    "q.written_off <> 0",
    .in = "",
    .out = "t",
};
/* Value moves and never appears, so that all buckets, outside included, add up to nothing. */
static const Check check_balance = {.name = "entries balance", .sql = &sql_check_balance};

/* But the advance: of money that was refunded and then did not hold the account owes us. That
 * nothing else is below zero there the payments and credit notes prove. */
static const Sql sql_check_negative = {
    "SELECT 'account ' || a.code || ': a bucket is below zero'"
    " FROM position q JOIN account a ON a.id = q.account_id"
    " WHERE q.ordered < 0 OR q.shipped < 0 OR q.receivable < 0 OR q.cheque < 0 OR q.settled < 0"
    " OR q.written_off < 0",
    .in = "",
    .out = "t",
};
static const Check check_negative = {
    .name = "no bucket but the advance is below zero", .sql = &sql_check_negative};

static const Sql sql_check_missing = {
    "SELECT 'account ' || a.code || ': it has no position' FROM account a"
    " LEFT JOIN position q ON q.account_id = a.id WHERE q.account_id IS NULL",
    .in = "",
    .out = "t",
};
static const Check check_missing = {
    .name = "every account has a position", .sql = &sql_check_missing};

#define ENTRIES_OF_POSITION ENTRIES_BY_ACCOUNT " AND k.account_id = position.account_id"

/* The entries that move what is reported of receivables, and the due dates that were changed. */
#define MOVES_OF                                                                                   \
    "(SELECT COUNT(*)" ENTRIES_OF_POSITION " AND " IS_TOLD                                         \
    ") + (SELECT COUNT(*) FROM approval y WHERE y.account_id = position.account_id"                \
    " AND y.operation = 'invoice_post' AND y.status = 'approved')"
#define MOVED_ON_OF "(SELECT MAX(e.booked_on)" ENTRIES_OF_POSITION " AND " IS_TOLD ")"
#define IS_TOLD                                                                                    \
    "(e.to_bucket IN ('receivable', 'cheque', 'advance')"                                          \
    " OR e.from_bucket IN ('receivable', 'cheque', 'advance'))"

static const Sql sql_check_moves = {
    "SELECT 'account ' || a.code || ': how often its receivables moved, and when last, is not what"
    " its entries say' FROM account a JOIN position ON position.account_id = a.id"
    " WHERE position.moves <> " MOVES_OF " OR COALESCE(CAST(position.moved_on AS TEXT), '')"
    " <> COALESCE(CAST(" MOVED_ON_OF " AS TEXT), '')",
    .in = "",
    .out = "t",
};
static const Check check_moves = {
    .name = "moves of positions are counted", .sql = &sql_check_moves};

static const Sql sql_check_orders = {
    "SELECT 'order ' || o.number || ': its figures are not the sum of its entries' FROM "
    "sales_order o"
    " LEFT JOIN (SELECT k.account_id, e.order_id,"
    "   SUM(CASE WHEN to_bucket = 'ordered' THEN amount WHEN from_bucket = 'ordered' THEN -amount "
    "ELSE 0 END) AS ordered,"
    "   SUM(CASE WHEN to_bucket = 'shipped' THEN amount WHEN from_bucket = 'shipped' THEN -amount "
    "ELSE 0 END) AS shipped"
    "  " ENTRIES_BY_ACCOUNT " AND e.order_id IS NOT NULL GROUP BY k.account_id, e.order_id) s"
    " ON s.account_id = o.account_id AND s.order_id = o.id"
    " WHERE o.ordered <> COALESCE(s.ordered, 0) OR o.shipped <> COALESCE(s.shipped, 0)",
    .in = "",
    .out = "t",
};
static const Check check_orders = {.name = "orders equal their entries", .sql = &sql_check_orders};

static const Sql sql_check_documents = {
    "SELECT 'account ' || a.code || ': an entry ' || e.event || ' of ' || CAST(e.booked_on AS TEXT)"
    " || ' names a document that is not there' FROM entry e JOIN account a ON a.id = e.account_id"
    " WHERE NOT EXISTS (SELECT 1 FROM sales_order d WHERE e.document_kind = 'order'"
    "   AND d.id = e.document_id AND d.account_id = e.account_id)"
    " AND NOT EXISTS (SELECT 1 FROM shipment d WHERE e.document_kind = 'shipment'"
    "   AND d.id = e.document_id AND d.account_id = e.account_id)"
    " AND NOT EXISTS (SELECT 1 FROM goods_return d WHERE e.document_kind = 'return'"
    "   AND d.id = e.document_id AND d.account_id = e.account_id)"
    " AND NOT EXISTS (SELECT 1 FROM invoice d WHERE e.document_kind = 'invoice'"
    "   AND d.id = e.document_id AND d.account_id = e.account_id)"
    " AND NOT EXISTS (SELECT 1 FROM payment d WHERE e.document_kind = 'payment'"
    "   AND d.id = e.document_id AND d.account_id = e.account_id)"
    " AND NOT EXISTS (SELECT 1 FROM credit_note d WHERE e.document_kind = 'credit_note'"
    "   AND d.id = e.document_id AND d.account_id = e.account_id)"
    " AND NOT EXISTS (SELECT 1 FROM write_off d WHERE e.document_kind = 'write_off'"
    "   AND d.id = e.document_id AND d.account_id = e.account_id)"
    " AND NOT EXISTS (SELECT 1 FROM refund d WHERE e.document_kind = 'refund'"
    "   AND d.id = e.document_id AND d.account_id = e.account_id)",
    .in = "",
    .out = "t",
};
static const Check check_documents = {
    .name = "entries name their documents", .sql = &sql_check_documents};

static const Sql sql_position_rebuild = {
    "UPDATE position SET (outside, ordered, shipped, receivable, cheque, advance, settled, "
    "written_off) = (SELECT"
    " CAST(COALESCE(SUM(CASE WHEN to_bucket = 'outside' THEN amount WHEN from_bucket = 'outside' "
    "THEN -amount END), 0)"
    "   AS BIGINT),"
    " CAST(COALESCE(SUM(CASE WHEN to_bucket = 'ordered' THEN amount WHEN from_bucket = 'ordered' "
    "THEN -amount END), 0)"
    "   AS BIGINT),"
    " CAST(COALESCE(SUM(CASE WHEN to_bucket = 'shipped' THEN amount WHEN from_bucket = 'shipped' "
    "THEN -amount END), 0)"
    "   AS BIGINT),"
    " CAST(COALESCE(SUM(CASE WHEN to_bucket = 'receivable' THEN amount WHEN from_bucket = "
    "'receivable' THEN -amount END),"
    "   0) AS BIGINT),"
    " CAST(COALESCE(SUM(CASE WHEN to_bucket = 'cheque' THEN amount WHEN from_bucket = 'cheque' "
    "THEN -amount END), 0)"
    "   AS BIGINT),"
    " CAST(COALESCE(SUM(CASE WHEN to_bucket = 'advance' THEN amount WHEN from_bucket = 'advance' "
    "THEN -amount END), 0)"
    "   AS BIGINT),"
    " CAST(COALESCE(SUM(CASE WHEN to_bucket = 'settled' THEN amount WHEN from_bucket = 'settled' "
    "THEN -amount END), 0)"
    "   AS BIGINT),"
    " CAST(COALESCE(SUM(CASE WHEN to_bucket = 'written_off' THEN amount WHEN from_bucket = "
    "'written_off' THEN -amount"
    "   END), 0) AS BIGINT)" ENTRIES_OF_POSITION "), moves = " MOVES_OF ", moved_on = " MOVED_ON_OF,
    .in = "",
};

static const Sql sql_orders_empty = {"UPDATE sales_order SET ordered = 0, shipped = 0", .in = ""};

static const Sql sql_orders_rebuild = {
    "UPDATE sales_order SET ordered = s.ordered, shipped = s.shipped FROM (SELECT k.account_id,"
    " e.order_id,"
    " CAST(SUM(CASE WHEN to_bucket = 'ordered' THEN amount WHEN from_bucket = 'ordered' THEN "
    "-amount ELSE 0 END)"
    "   AS BIGINT) AS ordered,"
    " CAST(SUM(CASE WHEN to_bucket = 'shipped' THEN amount WHEN from_bucket = 'shipped' THEN "
    "-amount ELSE 0 END)"
    "   AS BIGINT) AS shipped" ENTRIES_BY_ACCOUNT
    " AND e.order_id IS NOT NULL GROUP BY k.account_id, e.order_id) s"
    " WHERE s.account_id = sales_order.account_id AND s.order_id = sales_order.id",
    .in = "",
};

static Err position_rebuild(Ctx *cx)
{
    TRY(db_put(cx, &sql_position_rebuild, NO_ARGS));
    TRY(db_put(cx, &sql_orders_empty, NO_ARGS));
    return db_put(cx, &sql_orders_rebuild, NO_ARGS);
}
static const Derived derived_position = {.table = "position", .rebuild = position_rebuild};

/* ---- What it brings ---- */

static const RefKind ref_entry = {
    .name = "entry", .letter = 'J', .account = "account_id", .called = "event"};

const Feature ledger_feature = {
    .name = "ledger",
    .records = (const Record *const[]){&record_entry, NULL},
    .refs = (const RefKind *const[]){&ref_entry, NULL},
    .checks = (const Check *const[]){&check_balance, &check_positions, &check_negative,
        &check_missing, &check_moves, &check_orders, &check_documents, NULL},
    .derived = (const Derived *const[]){&derived_position, NULL},
    .facts = (const Fact *const[]){&fact_entry, NULL},
};
