/* Closing the books up to a day, and reopening them, which somebody else approves. Every closing
 * and reopening is a row; org.closed_until is what is in force. */
#include "feature/approval.h"

#include "feature/approval/kinds.h"
#include "feature/document.h"
#include "feature/features.h"
#include "feature/org.h"
#include "feature/shown.h"
#include "op/op.h"
#include "op/run.h"

static const char *const period_action_names[] = {"", "close", "reopen", NULL};

typedef struct PeriodOut {
    Date closed_until;
    const char *status;
    Id approval;
} PeriodOut;

SCHEMA(PeriodOut,
    F_DATE(PeriodOut, closed_until, .doc = "What is in force: the last day that is closed."),
    F_TEXT(PeriodOut, status, .doc = "in_force or pending"),
    F_ID(PeriodOut, approval, "approval"));

#define PERIOD_FACTS "id, action, until_on, reason, status, approval_id, done_by_id, done_on"
#define PERIOD_LETTERS "ktdttkkd"
static const Fact fact_period = FACT("period", 1, PERIOD_FACTS, PERIOD_LETTERS);

static const Sql sql_period_insert = {
    "INSERT INTO period (id, action, until_on, reason, status, done_by_id, done_on)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING " PERIOD_FACTS,
    .in = "ktdttkd",
    .out = PERIOD_LETTERS,
};

static const Sql sql_period_status = {
    "UPDATE period SET status = $2, approval_id = $3 WHERE id = $1 RETURNING " PERIOD_FACTS,
    .in = "ktk",
    .out = PERIOD_LETTERS,
};

static const Sql sql_period_pending = {
    "SELECT id FROM period WHERE status = 'pending' ORDER BY id",
    .in = "",
    .out = "k",
};

static const Sql sql_closed_until_put = {
    "UPDATE org SET closed_until = $1, version = version + 1 WHERE id = 1 RETURNING " ORG_FACTS,
    .in = "d",
    .out = ORG_LETTERS,
};

static const char *date_text(Arena *arena, Date date)
{
    char text[DATE_TEXT_SIZE];
    if (date == DATE_NONE) {
        return NULL;
    }
    date_format(date, text);
    return arena_str(arena, text);
}

static Err closed_until_put(Ctx *cx, Date until)
{
    Org org;
    TRY(org_load(cx, &org));
    run_changed(cx, ORG_ID, "closed_until", date_text(cx->arena, org.closed_until),
        date_text(cx->arena, until));
    return fact_change(cx, &fact_org, ORG_ID, &sql_closed_until_put, ARGS(arg_date(until)));
}

static Err period_store(Ctx *cx, Id id, const char *action, Date until, const char *reason)
{
    return fact_put(cx, &fact_period, &sql_period_insert,
        ARGS(arg_id(id), arg_text(action), arg_date(until), arg_text(reason), arg_text("in_force"),
            arg_id(cx->actor->user_id), arg_date(cx->today)));
}

/* Requests to reopen were made against another state of the books. */
static Err period_requests_void(Ctx *cx)
{
    Rows rows;
    TRY(db_ask(cx, &sql_period_pending, NO_ARGS, &rows));
    while (db_next(&rows)) {
        TRY(approval_void(cx, db_id(&rows, 0), "period_reopen"));
    }
    return ERR_OK;
}

/* ---- period_close ---- */

typedef struct PeriodCloseIn {
    Date until;
    const char *reason;
} PeriodCloseIn;

SCHEMA(PeriodCloseIn,
    F_DATE(PeriodCloseIn, until, REQUIRED, .doc = "The last day that is closed."),
    F_TEXT(PeriodCloseIn, reason, .max_len = 4096));

OP(period_close,
    PeriodCloseIn,
    PeriodOut,
    POST("/periods/close"),
    .effect = EFFECT_ACT,
    .needs = PERM_PERIOD_WRITE,
    .summary = "Close the books up to a day: no document bears that date or an earlier one.",
    FAILS(ERR_FIELD_INVALID, ERR_STATE))
{
    Org org;
    TRY(org_load(cx, &org));
    if (in->until > cx->today) {
        return err_set(
            cx, ERR_FIELD_INVALID, "until", "A period is closed when it is over, not before.");
    }
    if (org.closed_until != DATE_NONE && in->until <= org.closed_until) {
        return err_set(cx, ERR_STATE, "until", "The books are closed until %s already.",
            date_text(cx->arena, org.closed_until));
    }
    TRY(period_requests_void(cx));
    TRY(period_store(cx, db_new_id(cx), "close", in->until, in->reason));
    TRY(closed_until_put(cx, in->until));
    *out = (PeriodOut){.closed_until = in->until, .status = "in_force"};
    return ERR_OK;
}

/* ---- period_reopen ---- */

typedef struct PeriodReopenIn {
    const char *reason;
    Date until;
} PeriodReopenIn;

SCHEMA(PeriodReopenIn,
    F_TEXT(PeriodReopenIn, reason, REQUIRED, .max_len = 4096),
    F_DATE(PeriodReopenIn,
        until,
        .doc = "The last day that stays closed; absent: as it was before the last closing."));

/* What an approval binds. */
typedef struct PeriodReopening {
    Date until;
} PeriodReopening;

SCHEMA(PeriodReopening, F_DATE(PeriodReopening, until));

static const Sql sql_closed_before = {
    "SELECT MAX(until_on) FROM period WHERE action = 'close' AND status = 'in_force'"
    " AND until_on < $1",
    .in = "d",
    .out = "d",
};

/* The day up to which the books will be closed then; DATE_NONE: all is open. */
static Err reopen_until(Ctx *cx, const PeriodReopenIn *in, const Org *org, Date *ret_until)
{
    if (in->until != DATE_NONE) {
        *ret_until = in->until;
        return ERR_OK;
    }
    Rows rows;
    TRY(db_ask(cx, &sql_closed_before, ARGS(arg_date(org->closed_until)), &rows));
    *ret_until = db_next(&rows) ? db_date(&rows, 0) : DATE_NONE;
    return ERR_OK;
}

static Err reopen_guard(Ctx *cx, const void *input, void *output)
{
    Org org;
    (void)input;
    (void)output;
    TRY(org_load(cx, &org));
    if (org.closed_until == DATE_NONE) {
        return err_set(cx, ERR_STATE, NULL, "No period is closed.");
    }
    return ERR_OK;
}

OP(period_reopen,
    PeriodReopenIn,
    PeriodOut,
    POST("/periods/reopen"),
    .effect = EFFECT_ACT,
    .needs = PERM_PERIOD_WRITE,
    .guard = reopen_guard,
    .summary = "Ask to reopen the books after a day; somebody else approves.",
    FAILS(ERR_STATE, ERR_FIELD_INVALID))
{
    Org org;
    TRY(org_load(cx, &org));
    if (in->until != DATE_NONE && in->until >= org.closed_until) {
        return err_set(cx, ERR_FIELD_INVALID, "until",
            "Name the last day that stays closed, before %s.",
            date_text(cx->arena, org.closed_until));
    }
    PeriodReopening reopening = {0};
    TRY(reopen_until(cx, in, &org, &reopening.until));
    TRY(period_requests_void(cx));
    Id id = db_new_id(cx);
    TRY(period_store(cx, id, "reopen", reopening.until, in->reason));
    TRY(fact_change(cx, &fact_period, id, &sql_period_status,
        ARGS(arg_id(id), arg_text("pending"), arg_null())));
    TRY(approval_ask(cx,
        &(ApprovalAsk){.operation = "period_reopen",
            .subject_id = id,
            .input = run_encode(cx, &PeriodReopening_schema, &reopening),
            .reason = in->reason},
        &out->approval));
    out->closed_until = org.closed_until;
    out->status = "pending";
    return ERR_OK;
}

static Err reopen_carry_out(Ctx *cx, const Approval *approval)
{
    PeriodReopening reopening = {0};
    TRY(run_decode(cx, &PeriodReopening_schema, approval->input, &reopening));
    TRY(fact_change(cx, &fact_period, approval->subject_id, &sql_period_status,
        ARGS(arg_id(approval->subject_id), arg_text("in_force"), arg_id(approval->id))));
    return closed_until_put(cx, reopening.until);
}

static Err reopen_end(Ctx *cx, const Approval *approval)
{
    return fact_change(cx, &fact_period, approval->subject_id, &sql_period_status,
        ARGS(arg_id(approval->subject_id), arg_text("rejected"), arg_id(approval->id)));
}

const ApprovalKind period_approval_kind = {
    .operation = "period_reopen",
    .carry_out = reopen_carry_out,
    .end = reopen_end,
};

/* ---- Reading ---- */

/* The id is what pages go by and names nothing: a period is no record that one reads or changes,
 * but the story of one setting. */
typedef struct PeriodView {
    Id id;
    int action;
    Date until;
    const char *reason;
    int status;
    Id approval;
    const char *done_by;
    Date on;
} PeriodView;

SCHEMA(PeriodView,
    F_ID(PeriodView, id, "approval", .flags = FIELD_SECRET),
    F_ENUM(PeriodView, action, period_action_names, .flags = FIELD_FILTER),
    F_DATE(PeriodView,
        until,
        .column = "until_on",
        .flags = FIELD_SORT,
        .doc = "The last day that was closed then; null: none."),
    F_TEXT(PeriodView, reason),
    F_ENUM(PeriodView, status, grant_status_names, .flags = FIELD_FILTER),
    F_ID(PeriodView, approval, "approval", .column = "approval_id"),
    F_USER_NAME(PeriodView, done_by),
    F_DATE(PeriodView, on, .column = "done_on", .flags = FIELD_SORT));

static const Record record_period = {
    .name = "period",
    .path = "/periods",
    .schema = &PeriodView_schema,
    .verbs = VERB_LIST,
    .reads = PERM_READ,
    .date_field = "on",
    .summary = "a closing or reopening of the books",
};

static const Sql sql_check_closed = {
    "SELECT 'the books: closed_until is not what the last closing or reopening made it' FROM org o"
    " WHERE COALESCE(CAST(o.closed_until AS TEXT), '') <> COALESCE((SELECT CAST(r.until_on AS TEXT)"
    " FROM period r WHERE r.status = 'in_force' ORDER BY r.id DESC LIMIT 1), '')",
    .in = "",
    .out = "t",
};
static const Check check_closed = {.name = "closed books are on record", .sql = &sql_check_closed};

const Feature period_feature = {
    .name = "period",
    .checks = (const Check *const[]){&check_closed, NULL},
    .ops = (const Op *const[]){&op_period_close, &op_period_reopen, NULL},
    .records = (const Record *const[]){&record_period, NULL},
    .facts = (const Fact *const[]){&fact_period, NULL},
};
