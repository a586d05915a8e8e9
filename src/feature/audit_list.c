/* The audit trail as people read it: who did what and when, what it was given, what it changed. */
#include "feature/features.h"

#include "base/json.h"
#include "op/audit.h"
#include "op/dossier.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

typedef struct AuditListIn {
    const char *by;
    const char *what;
    Ref account;
    const char *record;
    Date from;
    Date until;
    OptInt limit;
    const char *cursor;
} AuditListIn;

SCHEMA(AuditListIn,
    F_TEXT(AuditListIn, by, .max_len = 64, .doc = "The user's name; `system`: the program."),
    F_TEXT(AuditListIn, what, .max_len = 64, .doc = "The operation."),
    F_REF(AuditListIn, account, "account", .doc = "What its chain holds."),
    F_TEXT(AuditListIn, record, .max_len = 64, .doc = "The id of what it was done to."),
    F_DATE(AuditListIn, from, .doc = "The first day, by `on`."),
    F_DATE(AuditListIn, until, .doc = "The last day, by `on`."),
    F_OPT_INT(AuditListIn, limit, .min = 1, .max = 500, .doc = "Rows of a page, 50 when absent."),
    F_TEXT(AuditListIn, cursor, .doc = "`next` of the page before."));

typedef struct AuditItem {
    const char *id;
    Instant at;
    Date on;
    const char *by;
    const char *what;
    const char *account;
    const char *input;
    List changes;
} AuditItem;

SCHEMA(AuditItem,
    F_TEXT(AuditItem, id, .doc = "Of the operation that was done."),
    F_INSTANT(AuditItem, at, .doc = "When it was done."),
    F_DATE(AuditItem, on, .doc = "The business day."),
    F_TEXT(AuditItem, by, .doc = "The user's name."),
    F_TEXT(AuditItem, what, .doc = "The operation."),
    F_TEXT(AuditItem, account, .doc = "Whose chain it is in; null: the organisation's."),
    F_JSON(AuditItem, input, .doc = "As it was given, without secrets."),
    F_LIST(AuditItem, changes, AuditChange));

typedef struct AuditListOut {
    List items;
    const char *next;
} AuditListOut;

SCHEMA(AuditListOut,
    F_LIST(AuditListOut, items, AuditItem),
    F_TEXT(AuditListOut,
        next,
        .doc = "Cursor of the next page; a page may be short, even empty, before the last."));

/* So many rows of the whole trail are looked through for a page, whatever is asked for. */
enum { DEPTH = 20000 };

/* Whoever does not see all partners sees nothing of the organisation's own chain, which tells of
 * them all ($5). $1 and $2 say from where on and how many rows are looked through. */
#define AUDIT_COLUMNS                                                                              \
    "u.id, u.account_id, u.done_at, u.business_on, u.actor_name, u.operation, u.input, u.changes"
#define AUDIT_SHOWN                                                                                \
    "SELECT r.id, r.done_at, r.business_on, r.actor_name, r.operation, a.code, r.input,"           \
    " r.changes FROM ("
#define AUDIT_WANTED                                                                               \
    ") r LEFT JOIN account a ON a.id = r.account_id LEFT JOIN partner p ON p.id = a.partner_id"    \
    " WHERE ($3 = '' OR r.actor_name = $3) AND ($4 = '' OR r.operation = $4)"                      \
    " AND ($5 = TRUE OR a.id IS NOT NULL) AND r.business_on >= $6 AND r.business_on <= $7"
#define AUDIT_PAGE " ORDER BY r.id DESC LIMIT $8"
#define AUDIT_OUT "kidttttt"

static const Sql sql_audit_all_list = {
    AUDIT_SHOWN "SELECT " AUDIT_COLUMNS
                " FROM audit u WHERE u.id < $1 ORDER BY u.id DESC LIMIT $2" AUDIT_WANTED
                " AND {visible:p}" AUDIT_PAGE,
    .in = "kittbddi",
    .out = AUDIT_OUT,
};

/* What a dossier has of it, below $1. */
#define AUDIT_ABOUT " AND " DOSSIER_AUDITS("u") " AND " DOSSIER_BELOW("u", "$1")

static const Sql sql_audit_account_list = {
    AUDIT_SHOWN "SELECT " AUDIT_COLUMNS
                " FROM dossier k CROSS JOIN audit u {by_id} WHERE k.account_id = $9" AUDIT_ABOUT
                " ORDER BY k.from_id DESC, u.id DESC LIMIT $2" AUDIT_WANTED
                " AND {visible:p}" AUDIT_PAGE,
    .in = "kittbddik",
    .out = AUDIT_OUT,
};

static const Sql sql_audit_record_list = {
    AUDIT_SHOWN "SELECT " AUDIT_COLUMNS " FROM audit_subject s JOIN audit u ON u.account_id = "
                "s.account_id AND u.id = s.audit_id"
                " WHERE s.subject_id = $9 AND s.audit_id < $1 ORDER BY s.audit_id DESC"
                " LIMIT $2" AUDIT_WANTED
                " AND ($10 = 0 OR r.account_id = $10) AND {visible:p}" AUDIT_PAGE,
    .in = "kittbddiki",
    .out = AUDIT_OUT,
};

/* Where the rows end that were looked through; absent: the trail ends before. */
static const Sql sql_depth_end = {
    "SELECT id FROM audit WHERE id < $1 ORDER BY id DESC LIMIT 1 OFFSET $2",
    .in = "ki",
    .out = "k",
};

static Err item_read(Ctx *cx, const Rows *rows, AuditItem *item)
{
    CLEANUP(json_value_free) json_t *stored = NULL;
    const char *input = db_text(rows, 6);
    TRY(json_read(cx, input, strlen(input), &stored));
    *item = (AuditItem){
        .id = id_text(cx->arena, 'Q', db_id(rows, 0)),
        .at = db_i64(rows, 1),
        .on = db_date(rows, 2),
        .by = db_text(rows, 3),
        .what = db_text(rows, 4),
        .account = db_text(rows, 5),
    };
    const json_t *given = json_object_get(stored, "in");
    item->input = given == NULL ? NULL : json_text(cx->arena, given);
    return audit_changes(cx, db_text(rows, 7), 0, &item->changes);
}

/* What the page is of: everything, an account, or a record, also one's part in an account. */
static Err page_ask(Ctx *cx, const AuditListIn *in, Id before, int64_t limit, Rows *ret_rows)
{
    const Sql *sql = &sql_audit_all_list;
    size_t unused = 2; /* arguments that the statement has not */
    Id of = 0;
    char letter = 0;
    if (in->record != NULL && !id_parse(in->record, &letter, &of)) {
        return err_set(cx, ERR_FIELD_INVALID, "record", "Give the id of a record.");
    }
    if (in->record != NULL) {
        sql = &sql_audit_record_list;
        unused = 0;
    } else if (in->account.id != 0) {
        sql = &sql_audit_account_list;
        unused = 1;
        of = in->account.id;
    }
    const Actor *actor = cx->actor;
    bool sees_all = actor->partner_id == 0 && !actor->has_territories;
    const Arg args[] = {arg_id(before), arg_i64(of == 0 ? DEPTH : INT64_MAX),
        arg_text(in->by == NULL ? "" : in->by), arg_text(in->what == NULL ? "" : in->what),
        arg_bool(sees_all), arg_date(in->from == DATE_NONE ? DATE_MIN : in->from),
        arg_date(in->until == DATE_NONE ? DATE_MAX : in->until), arg_i64(limit), arg_id(of),
        arg_i64(in->account.id)};
    return db_ask(cx, sql, args, COUNT(args) - unused, ret_rows);
}

OP(audit_list,
    AuditListIn,
    AuditListOut,
    GET("/audit"),
    .effect = EFFECT_READ,
    .needs = PERM_AUDIT_READ,
    .summary = "What was done, latest first.")
{
    Id before = INT64_MAX;
    char letter = 0;
    if (in->cursor != NULL && !id_parse(in->cursor, &letter, &before)) {
        return err_set(cx, ERR_FIELD_INVALID, "cursor", "Give `next` of the page before.");
    }
    int64_t limit = in->limit.is_set ? in->limit.value : 50;
    Rows rows;
    TRY(page_ask(cx, in, before, limit, &rows));
    AuditItem *items = arena_array(cx->arena, rows.count, sizeof *items);
    for (size_t i = 0; db_next(&rows); i++) {
        TRY(item_read(cx, &rows, &items[i]));
    }
    out->items = (List){items, rows.count};
    if (rows.count == (size_t)limit) {
        out->next = items[rows.count - 1].id;
        return ERR_OK;
    }
    if (in->record != NULL || in->account.id != 0) {
        return ERR_OK;
    }
    TRY(db_ask(cx, &sql_depth_end, ARGS(arg_id(before), arg_i64(DEPTH - 1)), &rows));
    out->next = db_next(&rows) ? id_text(cx->arena, 'Q', db_id(&rows, 0)) : NULL;
    return ERR_OK;
}

const Feature audit_list_feature = {
    .name = "audit_list",
    .ops = (const Op *const[]){&op_audit_list, NULL},
};
