/* Requests for a second person: writing, loading and ending them. Who may consent: consent.c. */
#include "feature/approval.h"

#include "feature/approval/kinds.h"
#include "feature/org.h"
#include "op/op.h"
#include "op/run.h"
#include "rules/state.h"

#include <string.h>

/* ---- Asking ---- */

const Fact fact_approval = FACT("approval", 1, APPROVAL_FACTS, APPROVAL_LETTERS);

static const Sql sql_approval_insert = {
    "INSERT INTO approval (id, account_id, partner_id, operation, subject_id, input, amount, "
    "is_last_step, reason,"
    " reason_code, promise_id, vouched_by_id, status, requested_by_id, placed_by_id, "
    "changed_by_id, requested_on,"
    " lapses_on, is_self_approved, version)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'pending', $13, $14, $15, $16, "
    "$17, $18, 1) RETURNING " APPROVAL_FACTS,
    .in = "kkktktibttkkkkkddb",
    .out = APPROVAL_LETTERS,
};

static const Sql sql_account_partner = {
    "SELECT partner_id FROM account WHERE id = $1",
    .in = "k",
    .out = "k",
};

static const Sql sql_approval_end = {
    "UPDATE approval SET status = $2, ended_on = $3, version = version + 1 WHERE id = $1 "
    "RETURNING " APPROVAL_FACTS,
    .in = "ktd",
    .out = APPROVAL_LETTERS,
};

static Err partner_of(Ctx *cx, const ApprovalAsk *ask, Id *ret_partner)
{
    *ret_partner = ask->partner_id;
    if (ask->partner_id != 0 || ask->account_id == 0) {
        return ERR_OK;
    }
    Rows rows;
    TRY(db_one(cx, &sql_account_partner, ARGS(arg_id(ask->account_id)), "the account of a request",
        &rows));
    *ret_partner = db_id(&rows, 0);
    return ERR_OK;
}

static Err approval_status_put(Ctx *cx, const Approval *approval, ApprovalStatus status)
{
    run_changed(cx, approval->id, "status", approval_status_names[approval->status],
        approval_status_names[status]);
    return fact_change(cx, &fact_approval, approval->id, &sql_approval_end,
        ARGS(arg_id(approval->id), arg_text(approval_status_names[status]), arg_date(cx->today)));
}

Err approval_complete(Ctx *cx, const Approval *approval)
{
    const ApprovalKind *kind = NULL;
    TRY(approval_kind(cx, approval, &kind));
    TRY(approval_status_put(cx, approval, APPROVAL_APPROVED));
    return kind->carry_out(cx, approval);
}

Err approval_grant(Ctx *cx, Id approval_id)
{
    Approval approval = {0};
    TRY(approval_load(cx, approval_id, &approval));
    return approval_status_put(cx, &approval, APPROVAL_APPROVED);
}

static Id requester_of(const Ctx *cx, const ApprovalAsk *ask)
{
    Id caller_id = ask->by_approver ? 0 : cx->actor->user_id;
    return ask->requested_by_id != 0 ? ask->requested_by_id : caller_id;
}

Err approval_ask(Ctx *cx, const ApprovalAsk *ask, Id *ret_approval)
{
    Id partner_id = 0;
    TRY(partner_of(cx, ask, &partner_id));
    Id id = db_new_id(cx);
    const LadderAmount *amount = &ask->amount;
    TRY(fact_put(cx, &fact_approval, &sql_approval_insert,
        ARGS(arg_id(id), arg_id(ask->account_id), arg_id(partner_id), arg_text(ask->operation),
            arg_id(ask->subject_id), arg_text(ask->input != NULL ? ask->input : run_input(cx)),
            amount->has_amount ? arg_i64(amount->amount.minor) : arg_null(),
            arg_bool(amount->is_last_step), arg_text(ask->reason), arg_text(ask->reason_code),
            arg_null(), arg_id(ask->vouched_by_id), arg_id(requester_of(cx, ask)),
            arg_id(ask->placed_by_id), arg_id(ask->changed_by_id), arg_date(cx->today),
            arg_date(ask->lapses_on), arg_bool(ask->is_self_approved))));
    run_touch(cx, id);
    *ret_approval = id;
    if (!ask->by_approver && !ask->is_self_approved) {
        run_is_pending(cx);
    }
    return ERR_OK;
}

/* ---- Loading and ending ---- */

typedef struct ApprovalRow {
    Approval approval; /* but for amount.amount and plan */
    OptInt amount;
} ApprovalRow;

SCHEMA(ApprovalRow,
    F_ID(ApprovalRow, approval.id, "approval"),
    F_ID(ApprovalRow, approval.account_id, "account"),
    F_ID(ApprovalRow, approval.partner_id, "partner"),
    F_TEXT(ApprovalRow, approval.operation),
    F_ID(ApprovalRow, approval.subject_id, "approval"),
    F_TEXT(ApprovalRow, approval.input),
    F_BOOL(ApprovalRow, approval.amount.is_last_step),
    F_TEXT(ApprovalRow, approval.reason),
    F_ID(ApprovalRow, approval.vouched_by_id, "user"),
    F_ID(ApprovalRow, approval.requested_by_id, "user"),
    F_ID(ApprovalRow, approval.placed_by_id, "user"),
    F_ID(ApprovalRow, approval.changed_by_id, "user"),
    F_DATE(ApprovalRow, approval.requested_on),
    F_DATE(ApprovalRow, approval.lapses_on),
    F_ENUM(ApprovalRow, approval.status, approval_status_names),
    F_INT(ApprovalRow, approval.version),
    F_OPT_INT(ApprovalRow, amount));

static const Sql sql_approval_load = {
    "SELECT id, account_id, partner_id, operation, subject_id, input, is_last_step, reason,"
    " vouched_by_id, requested_by_id, placed_by_id, changed_by_id, requested_on,"
    " lapses_on, status, version, amount FROM approval WHERE id = $1",
    .in = "k",
    .out = "kkktktbtkkkkddtii",
};

static const Sql sql_approval_pending = {
    "SELECT id FROM approval WHERE subject_id = $1 AND status = 'pending' ORDER BY id",
    .in = "k",
    .out = "k",
};

Err approval_load(Ctx *cx, Id approval_id, Approval *ret_approval)
{
    ApprovalRow row = {0};
    TRY(row_load(cx, &sql_approval_load, approval_id, &ApprovalRow_schema, "approval", &row));
    Org org;
    TRY(row.amount.is_set ? org_load_home(cx, &org) : org_load(cx, &org));
    Approval approval = row.approval;
    approval.amount.has_amount = row.amount.is_set;
    if (row.amount.is_set) {
        approval.amount.amount = money_of(org.currency, row.amount.value);
    }
    approval.plan = arena_alloc(cx->arena, sizeof(void *));
    bool is_over = approval.lapses_on != DATE_NONE && approval.lapses_on < cx->today;
    if (approval.status == APPROVAL_PENDING && is_over) {
        approval.status = APPROVAL_LAPSED;
    }
    *ret_approval = approval;
    return ERR_OK;
}

Err approval_pending(
    Ctx *cx, Id subject_id, const char *operation, Approval *ret_approval, bool *ret_found)
{
    Rows rows;
    TRY(db_ask(cx, &sql_approval_pending, ARGS(arg_id(subject_id)), &rows));
    *ret_found = false;
    while (db_next(&rows)) {
        Approval approval = {0};
        TRY(approval_load(cx, db_id(&rows, 0), &approval));
        if (approval.status == APPROVAL_PENDING && strcmp(operation, approval.operation) == 0) {
            *ret_approval = approval;
            *ret_found = true;
        }
    }
    return ERR_OK;
}

Err approval_close(Ctx *cx, const Approval *approval, ApprovalStatus status)
{
    const ApprovalKind *kind = NULL;
    TRY(approval_kind(cx, approval, &kind));
    TRY(approval_status_put(cx, approval, status));
    return kind->end == NULL ? ERR_OK : kind->end(cx, approval);
}

Err approval_void(Ctx *cx, Id subject_id, const char *operation)
{
    Rows rows;
    TRY(db_ask(cx, &sql_approval_pending, ARGS(arg_id(subject_id)), &rows));
    while (db_next(&rows)) {
        Approval approval = {0};
        TRY(approval_load(cx, db_id(&rows, 0), &approval));
        if (operation == NULL || strcmp(operation, approval.operation) == 0) {
            bool is_lapsed = approval.status == APPROVAL_LAPSED;
            approval.status = APPROVAL_PENDING;
            TRY(approval_close(cx, &approval, is_lapsed ? APPROVAL_LAPSED : APPROVAL_VOID));
        }
    }
    return ERR_OK;
}
