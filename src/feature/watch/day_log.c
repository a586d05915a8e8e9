/* The log of day closes: which days were closed, when, what came of each, and the seal that covers
 * it. */
#include "feature/features.h"

#include "base/crypto.h"
#include "op/audit.h"
#include "op/op.h"
#include "op/run.h"

typedef struct DayLogIn {
    Date from;
    Date until;
    OptInt limit;
    const char *cursor;
} DayLogIn;

SCHEMA(DayLogIn,
    F_DATE(DayLogIn, from, .doc = "The first day, by `on`."),
    F_DATE(DayLogIn, until, .doc = "The last day, by `on`."),
    F_OPT_INT(DayLogIn, limit, .min = 1, .max = 500, .doc = "Rows of a page; 50 when absent."),
    F_TEXT(DayLogIn, cursor, .doc = "`next` of the page before."));

typedef struct DayLogItem {
    Date on;
    Date sealed_on;
    Instant at;
    const char *counts;
    const char *seal;
} DayLogItem;

SCHEMA(DayLogItem,
    F_DATE(DayLogItem, on),
    F_DATE(DayLogItem, sealed_on, .doc = "The last day that was closed with it."),
    F_INSTANT(DayLogItem, at, .doc = "When it was closed."),
    F_JSON(DayLogItem, counts, .doc = "What came of it, as day_close answers."),
    F_TEXT(DayLogItem, seal, .doc = "Hash over the ends of all audit chains then."));

typedef struct DayLogOut {
    List items;
    const char *next;
} DayLogOut;

SCHEMA(DayLogOut, F_LIST(DayLogOut, items, DayLogItem), F_TEXT(DayLogOut, next));

static const Sql sql_closed_days = {
    "SELECT d.closed_on, d.sealed_on, d.done_at, d.counts,"
    " (SELECT MAX(s.id) FROM seal s WHERE s.sealed_on = d.sealed_on) FROM day_close d"
    " WHERE d.closed_on >= $1 AND d.closed_on <= $2 AND d.closed_on < $3"
    " ORDER BY d.closed_on DESC LIMIT $4",
    .in = "dddi",
    .out = "dditi",
};

static const Sql sql_seal_hash = {"SELECT hash FROM seal WHERE id = $1", .in = "k", .out = "x"};

static Err seal_text(Ctx *cx, Id seal_id, const char **ret_text)
{
    Rows rows;
    TRY(db_ask(cx, &sql_seal_hash, ARGS(arg_id(seal_id)), &rows));
    if (!db_next(&rows)) {
        return ERR_OK;
    }
    Hash hash = audit_hash_at(&rows, 0);
    char *text = arena_alloc(cx->arena, 2 * HASH_SIZE + 1);
    crypto_hex(hash.bytes, HASH_SIZE, text);
    *ret_text = text;
    return ERR_OK;
}

OP(day_close_list,
    DayLogIn,
    DayLogOut,
    GET("/day-closes"),
    .effect = EFFECT_READ,
    .needs = PERM_PERIOD_WRITE,
    .summary = "The days that were closed, latest first, with what came of each.")
{
    Date before = DATE_MAX;
    if (in->cursor != NULL && !date_parse(in->cursor, &before)) {
        return err_set(cx, ERR_FIELD_INVALID, "cursor", "Give `next` of the page before.");
    }
    Date until = in->until == DATE_NONE ? DATE_MAX : in->until;
    size_t limit = in->limit.is_set ? (size_t)in->limit.value : 50;
    Rows rows;
    TRY(db_ask(cx, &sql_closed_days,
        ARGS(arg_date(in->from == DATE_NONE ? DATE_MIN : in->from), arg_date(until),
            arg_date(before), arg_i64((int64_t)limit + 1)),
        &rows));
    DayLogItem *items = arena_array(cx->arena, rows.count, sizeof *items);
    for (size_t i = 0; db_next(&rows); i++) {
        items[i] = (DayLogItem){
            .on = db_date(&rows, 0),
            .sealed_on = db_date(&rows, 1),
            .at = db_i64(&rows, 2),
            .counts = db_text(&rows, 3),
        };
        TRY(seal_text(cx, db_id(&rows, 4), &items[i].seal));
    }
    bool has_more = rows.count > limit;
    out->items = (List){items, has_more ? limit : rows.count};
    if (has_more) {
        char *next = arena_alloc(cx->arena, DATE_TEXT_SIZE);
        date_format(items[limit - 1].on, next);
        out->next = next;
    }
    return ERR_OK;
}

const Feature day_log_feature = {
    .name = "day_log",
    .ops = (const Op *const[]){&op_day_close_list, NULL},
};
