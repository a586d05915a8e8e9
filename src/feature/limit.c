/* Dated credit limits: setting one, and the request for a higher one. Loading them is in
 * limit/rows.c, the arithmetic of dates and kinds in rules/limit.h. */
#include "feature/limit.h"

#include "feature/account.h"
#include "feature/approval.h"
#include "feature/approval/kinds.h"
#include "feature/features.h"
#include "feature/limit/kept.h"
#include "feature/limit/read.h"
#include "feature/limit/rows.h"
#include "feature/org.h"
#include "op/op.h"
#include "op/run.h"

/* ---- Statements ---- */

#define LIMIT_ROW_FACTS                                                                            \
    "id, account_id, kind, amount_kind, amount, from_on, until_on, reason, status, "               \
    "approval_id, set_by_id, set_on"
#define LIMIT_ROW_LETTERS "kkttiddttkkd"
static const Fact fact_limit = FACT("credit_limit", 1, LIMIT_ROW_FACTS, LIMIT_ROW_LETTERS);

static const Sql sql_limit_insert = {
    "INSERT INTO credit_limit (id, account_id, kind, amount_kind, amount, from_on, until_on, "
    "reason, status, set_by_id,"
    " set_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING " LIMIT_ROW_FACTS,
    .in = "kkttiddttkd",
    .out = LIMIT_ROW_LETTERS,
};

#define STEP_FACTS "id, account_id, limit_id, from_on, amount"
#define STEP_LETTERS "kkkdi"
static const Fact fact_step = FACT("limit_step", 1, STEP_FACTS, STEP_LETTERS);

static const Sql sql_step_insert = {
    "INSERT INTO limit_step (id, account_id, limit_id, from_on, amount) VALUES ($1, $2, $3, $4, "
    "$5) RETURNING " STEP_FACTS,
    .in = "kkkdi",
    .out = STEP_LETTERS,
};

static const Sql sql_limit_status = {
    "UPDATE credit_limit SET status = $3, approval_id = $4 WHERE account_id = $1 AND id = $2 "
    "RETURNING " LIMIT_ROW_FACTS,
    .in = "kktk",
    .out = LIMIT_ROW_LETTERS,
};

static const Sql sql_limit_grant = {
    "UPDATE credit_limit SET status = 'in_force', approval_id = $3, from_on = $4 WHERE account_id "
    "= $1 AND id = $2 RETURNING " LIMIT_ROW_FACTS,
    .in = "kkkd",
    .out = LIMIT_ROW_LETTERS,
};

/* Requests of a kind; of seasonal ones those that meet the days from $3 to $4. */
static const Sql sql_limit_pending = {
    "SELECT id FROM credit_limit WHERE account_id = $1 AND status = 'pending' AND kind = $2"
    " AND (kind <> 'seasonal' OR (from_on <= $4 AND until_on >= $3)) ORDER BY id",
    .in = "ktdd",
    .out = "k",
};

/* ---- Setting ---- */

typedef struct LimitSetIn {
    Ref account;
    LimitValue amount;
    const char *reason;
    int kind;
    Date from;
    Date until;
    List steps;
} LimitSetIn;

SCHEMA(LimitSetIn,
    F_REF(LimitSetIn, account, "account", REQUIRED),
    F_LIMIT(
        LimitSetIn, amount, REQUIRED, .doc = "Decimal, \"unlimited\", or null: no limit is set."),
    F_TEXT(LimitSetIn, reason, REQUIRED, .max_len = 4096),
    F_ENUM(LimitSetIn, kind, limit_row_kind_names, .doc = "base when absent"),
    F_DATE(
        LimitSetIn, from, .doc = "First day; the business date when absent (seasonal: required)."),
    F_DATE(LimitSetIn, until, .doc = "Last day, inclusive."),
    F_LIST(LimitSetIn,
        steps,
        LimitStep,
        .max_len = 60,
        .doc = "Seasonal: lower amounts from later days."));

typedef struct LimitSetOut {
    Id id;
    const char *status;
    Id approval;
} LimitSetOut;

SCHEMA(LimitSetOut,
    F_ID(LimitSetOut, id, "limit"),
    F_TEXT(LimitSetOut, status, .doc = "in_force or pending"),
    F_ID(LimitSetOut, approval, "approval"));

static Err limit_row_store(
    Ctx *cx, const Account *account, const LimitRow *row, const char *reason, Id *ret_id)
{
    Id id = db_new_id(cx);
    bool has_amount = row->value.kind == LIMIT_AMOUNT;
    TRY(fact_put(cx, &fact_limit, &sql_limit_insert,
        ARGS(arg_id(id), arg_id(account->id), arg_text(limit_row_kind_names[row->kind]),
            arg_text(limit_kind_names[row->value.kind]),
            has_amount ? arg_i64(limit_money(row->value, account->currency).minor) : arg_null(),
            arg_date(row->from), arg_date(row->until), arg_text(reason), arg_text("pending"),
            arg_id(cx->actor->user_id), arg_date(cx->today))));
    for (size_t i = 0; i < row->steps.count; i++) {
        const LimitStep *step = LIST_AT(row->steps, LimitStep, i);
        Money amount;
        TRY(account_amount(cx, "steps", step->amount, account->currency, &amount));
        TRY(fact_put(cx, &fact_step, &sql_step_insert,
            ARGS(arg_id(db_new_id(cx)), arg_id(account->id), arg_id(id), arg_date(step->from),
                arg_i64(amount.minor))));
    }
    run_touch(cx, id);
    *ret_id = id;
    return ERR_OK;
}

/* No limit is in force before it was given; what it changes is judged with this row. */
static LimitRow limit_row_given(const Ctx *cx, const LimitRow *row)
{
    LimitRow given = *row;
    given.from = row->from > cx->today ? row->from : cx->today;
    return given;
}

/* A limit that takes effect supersedes the requests for the same kind that still wait: they were
 * made against another state of things. */
static Err limit_grant(
    Ctx *cx, const Account *account, Id limit_id, const LimitRow *row, Id approval_id)
{
    LimitRow given = limit_row_given(cx, row);
    TRY(fact_change(cx, &fact_limit, limit_id, &sql_limit_grant,
        ARGS(arg_id(account->id), arg_id(limit_id), arg_id(approval_id), arg_date(given.from))));
    TRY(limit_keep(cx, account->id, account->currency));
    run_changed(cx, limit_id, "status", "pending", "in_force");
    run_touch(cx, account->id);
    Rows rows;
    TRY(db_ask(cx, &sql_limit_pending,
        ARGS(arg_id(account->id), arg_text(limit_row_kind_names[row->kind]), arg_date(given.from),
            arg_date(row->until)),
        &rows));
    while (db_next(&rows)) {
        TRY(approval_void(cx, db_id(&rows, 0), "limit_set"));
    }
    return ERR_OK;
}

/* What the ladder looks at: the highest total that results, in home currency. */
static Err limit_ladder(
    Ctx *cx, const LimitChange *change, Currency currency, LadderAmount *ret_amount)
{
    *ret_amount = (LadderAmount){.is_last_step = change->highest.kind == LIMIT_UNLIMITED};
    if (change->highest.kind == LIMIT_AMOUNT) {
        ret_amount->has_amount = true;
        TRY(org_to_home(
            cx, limit_money(change->highest, currency), cx->today, &ret_amount->amount));
    }
    return ERR_OK;
}

typedef struct LimitAsk {
    Id limit_id;
    const LimitChange *change;
    const char *reason;
} LimitAsk;

static Err limit_request(Ctx *cx, const Account *account, const LimitAsk *ask, Id *ret_approval)
{
    LadderAmount amount;
    TRY(limit_ladder(cx, ask->change, account->currency, &amount));
    TRY(approval_ask(cx,
        &(ApprovalAsk){.operation = "limit_set",
            .account_id = account->id,
            .subject_id = ask->limit_id,
            .reason = ask->reason,
            .amount = amount},
        ret_approval));
    return fact_change(cx, &fact_limit, ask->limit_id, &sql_limit_status,
        ARGS(arg_id(account->id), arg_id(ask->limit_id), arg_text("pending"),
            arg_id(*ret_approval)));
}

static bool caller_may_tighten(const Ctx *cx)
{
    return cx->actor->role != ROLE_SALES && cx->actor->role != ROLE_MANAGER;
}

OP(limit_set,
    LimitSetIn,
    LimitSetOut,
    POST("/limits"),
    .effect = EFFECT_CREATE,
    .needs = PERM_LIMIT_WRITE,
    .lock = "account",
    .is_watched = true,
    .summary = "Set a credit limit, or ask for a higher one.",
    FAILS(ERR_FIELD_INVALID, ERR_FIELD_REQUIRED, ERR_RATE_MISSING))
{
    Account account;
    TRY(account_load(cx, in->account.id, &account));
    LimitRow *rows = NULL;
    size_t count = 0;
    TRY(limit_rows_load(cx, account.id, account.currency, &rows, &count));
    LimitRow *row = &rows[count];
    *row = (LimitRow){
        .kind = in->kind == LIMIT_ROW_NONE ? LIMIT_ROW_BASE : in->kind,
        .value = in->amount,
        .from = in->from,
        .until = in->until,
        .steps = in->steps,
    };
    if (row->kind != LIMIT_ROW_SEASONAL && row->from == DATE_NONE) {
        row->from = cx->today;
    }
    Fault fault;
    if (!limit_check(cx->arena, rows, count, row, account.currency, &fault)) {
        return err_set(cx, fault.is_missing ? ERR_FIELD_REQUIRED : ERR_FIELD_INVALID, fault.field,
            "%s", fault.sentence);
    }
    TRY(limit_row_store(cx, &account, row, in->reason, &out->id));
    *row = limit_row_given(cx, row);
    LimitChange change;
    TRY(limit_change_of(cx, &account, rows, count + 1, &change));
    bool is_tighter = !change.is_higher && caller_may_tighten(cx);
    if (is_tighter) {
        TRY(limit_grant(cx, &account, out->id, row, 0));
    } else {
        TRY(limit_request(cx, &account, &(LimitAsk){out->id, &change, in->reason}, &out->approval));
    }
    out->status = is_tighter ? "in_force" : "pending";
    return ERR_OK;
}

Err limit_gives_alone(Ctx *cx, Id partner_id, bool *ret_is_free)
{
    Role role = cx->actor->role;
    *ret_is_free = role == ROLE_SYSTEM;
    if (role == ROLE_CREDIT || role == ROLE_ADMIN) {
        Conflict conflict = CONFLICT_NONE;
        TRY(approval_conflict(cx, &(Approval){.partner_id = partner_id}, false, &conflict));
        *ret_is_free = conflict == CONFLICT_NONE;
    }
    return ERR_OK;
}

static const char first_reason[] = "given when the account was opened";

Err limit_open(Ctx *cx, Id account_id, Currency currency, LimitValue limit, Id *ret_approval)
{
    Account account;
    TRY(account_load(cx, account_id, &account));
    LimitRow row = {.kind = LIMIT_ROW_BASE, .value = limit, .from = cx->today};
    Fault fault;
    if (!limit_check(cx->arena, NULL, 0, &row, currency, &fault)) {
        return err_set(cx, ERR_FIELD_INVALID, "limit", "%s", fault.sentence);
    }
    Id limit_id = 0;
    TRY(limit_row_store(cx, &account, &row, first_reason, &limit_id));
    bool is_free = false;
    TRY(limit_gives_alone(cx, account.partner_id, &is_free));
    *ret_approval = 0;
    if (is_free) {
        return limit_grant(cx, &account, limit_id, &row, 0);
    }
    LimitChange change = limit_compare(cx->arena, &row, 1, cx->today, currency, (List){0});
    return limit_request(cx, &account, &(LimitAsk){limit_id, &change, first_reason}, ret_approval);
}

static const Sql sql_steps_remove = {
    "DELETE FROM limit_step WHERE account_id = $1 RETURNING " STEP_FACTS,
    .in = "k",
    .out = STEP_LETTERS,
};

static const Sql sql_limits_remove = {
    "DELETE FROM credit_limit WHERE account_id = $1 RETURNING " LIMIT_ROW_FACTS,
    .in = "k",
    .out = LIMIT_ROW_LETTERS,
};

Err limit_forget(Ctx *cx, Id account_id, Currency currency)
{
    TRY(fact_remove(cx, &fact_step, &sql_steps_remove, ARGS(arg_id(account_id))));
    TRY(fact_remove(cx, &fact_limit, &sql_limits_remove, ARGS(arg_id(account_id))));
    return limit_keep(cx, account_id, currency);
}

/* ---- Carrying out ---- */

static Err limit_carry_out(Ctx *cx, const Approval *approval)
{
    Account account;
    LimitRow *rows = NULL;
    size_t count = 0;
    TRY(account_load(cx, approval->account_id, &account));
    TRY(limit_asked_load(cx, &account, approval->subject_id, &rows, &count));
    const LimitRow *row = &rows[count];
    if (row->until != DATE_NONE && row->until < cx->today) {
        return err_set(
            cx, ERR_STATE, NULL, "The limit asked for would have ended already; ask for another.");
    }
    Fault fault;
    if (!limit_check(cx->arena, rows, count, row, account.currency, &fault)) {
        return err_set(
            cx, ERR_STATE, NULL, "It no longer fits the limits in force: %s", fault.sentence);
    }
    return limit_grant(cx, &account, approval->subject_id, row, approval->id);
}

/* Limits of other kinds may have come since it was asked for: the total is that of today. */
static Err limit_amount(Ctx *cx, const Approval *approval, LadderAmount *ret_amount)
{
    Account account;
    LimitRow *rows = NULL;
    size_t count = 0;
    TRY(account_load(cx, approval->account_id, &account));
    TRY(limit_asked_load(cx, &account, approval->subject_id, &rows, &count));
    rows[count] = limit_row_given(cx, &rows[count]);
    LimitChange change;
    TRY(limit_change_of(cx, &account, rows, count + 1, &change));
    return limit_ladder(cx, &change, account.currency, ret_amount);
}

static Err limit_end(Ctx *cx, const Approval *approval)
{
    run_changed(cx, approval->subject_id, "status", "pending", "rejected");
    return fact_change(cx, &fact_limit, approval->subject_id, &sql_limit_status,
        ARGS(arg_id(approval->account_id), arg_id(approval->subject_id), arg_text("rejected"),
            arg_id(approval->id)));
}

const ApprovalKind limit_approval_kind = {
    .operation = "limit_set",
    .carry_out = limit_carry_out,
    .end = limit_end,
    .amount = limit_amount,
};

const Feature limit_feature = {
    .name = "limit",
    .ops = (const Op *const[]){&op_limit_set, NULL},
    .records = (const Record *const[]){&record_limit, NULL},
    .refs = (const RefKind *const[]){&ref_limit, NULL},
    .checks = (const Check *const[]){&check_limit_days, NULL},
    .derived = (const Derived *const[]){&derived_limit_days, NULL},
    .facts = (const Fact *const[]){&fact_limit, &fact_step, NULL},
};
