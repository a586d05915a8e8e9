/* Dated credit limits: setting one, what is in force, and the request for a higher one. The
 * arithmetic of dates and kinds is in rules/limit.h. */
#include "feature/limit.h"

#include "feature/account.h"
#include "feature/approval.h"
#include "feature/approval/kinds.h"
#include "feature/org.h"
#include "feature/shown.h"
#include "op/op.h"
#include "feature/features.h"
#include "op/run.h"
#include "rules/credit.h"
#include "rules/limit.h"

#include <string.h>

/* ---- Rows ---- */

static const Sql sql_limit_rows = {
    "SELECT l.id, l.kind, l.amount_kind, l.amount, l.from_on, l.until_on FROM credit_limit l"
    " WHERE l.account_id = $1 AND l.status = 'in_force' ORDER BY l.id",
    .in = "k",
    .out = "kttidd",
};

static const Sql sql_limit_steps = {
    "SELECT s.limit_id, s.from_on, s.amount FROM limit_step s WHERE s.account_id = $1 ORDER BY "
    "s.limit_id, s.from_on",
    .in = "k",
    .out = "kdi",
};

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
    " AND (kind <> 'seasonal' OR (from_on <= $4 AND until_on >= $3))",
    .in = "ktdd",
    .out = "k",
};

static const Sql sql_limit_one = {
    "SELECT l.id, l.kind, l.amount_kind, l.amount, l.from_on, l.until_on FROM credit_limit l"
    " WHERE l.account_id = $1 AND l.id = $2",
    .in = "kk",
    .out = "kttidd",
};

static int limit_row_kind(const char *name)
{
    for (int kind = 1; kind < LIMIT_ROW_COUNT; kind++) {
        if (strcmp(limit_row_kind_names[kind], name) == 0) {
            return kind;
        }
    }
    UNREACHABLE("a known kind of limit");
    return LIMIT_ROW_NONE;
}

static const char *const limit_kind_names[] = {"", "not_set", "amount", "unlimited", NULL};

static LimitValue limit_value(const char *kind, int64_t minor, Currency currency)
{
    if (strcmp(kind, "amount") == 0) {
        return limit_of(money_of(currency, minor));
    }
    return strcmp(kind, "unlimited") == 0 ? limit_unlimited() : limit_not_set();
}

static LimitRow limit_row(const Rows *rows, Currency currency)
{
    return (LimitRow){
        .kind = limit_row_kind(db_text(rows, 1)),
        .value = limit_value(db_text(rows, 2), db_i64(rows, 3), currency),
        .from = db_date(rows, 4),
        .until = db_date(rows, 5),
    };
}

/* Gives each row its steps, which come in the order of the rows' ids. */
static void limit_steps_take(Ctx *cx, Rows *steps, Id limit_id, Currency currency, LimitRow *row)
{
    LimitStep *items = arena_array(cx->arena, steps->count, sizeof *items);
    size_t count = 0;
    steps->at = 0;
    while (db_next(steps)) {
        if (db_id(steps, 0) == limit_id) {
            items[count++] = (LimitStep){
                db_date(steps, 1), money_to_decimal(money_of(currency, db_i64(steps, 2)))};
        }
    }
    row->steps = (List){items, count};
}

/* The rows in force, with room for one more behind them. */
static Err limit_rows_load(
    Ctx *cx, Id account_id, Currency currency, LimitRow **ret_rows, size_t *ret_count)
{
    Rows rows;
    Rows steps;
    TRY(db_ask(cx, &sql_limit_rows, ARGS(arg_id(account_id)), &rows));
    LimitRow *list = arena_array(cx->arena, rows.count + 1, sizeof *list);
    size_t count = 0;
    bool has_seasonal = false;
    while (db_next(&rows)) {
        list[count] = limit_row(&rows, currency);
        has_seasonal = has_seasonal || list[count].kind == LIMIT_ROW_SEASONAL;
        count++;
    }
    if (has_seasonal) {
        TRY(db_ask(cx, &sql_limit_steps, ARGS(arg_id(account_id)), &steps));
        rows.at = 0;
        for (size_t i = 0; db_next(&rows); i++) {
            limit_steps_take(cx, &steps, db_id(&rows, 0), currency, &list[i]);
        }
    }
    *ret_rows = list;
    *ret_count = count;
    return ERR_OK;
}

Err limit_in_force_on(Ctx *cx, Id account_id, Currency currency, Date on, LimitValue *ret_limit)
{
    LimitRow *rows = NULL;
    size_t count = 0;
    TRY(limit_rows_load(cx, account_id, currency, &rows, &count));
    *ret_limit = limit_in_force(rows, count, on, currency);
    return ERR_OK;
}

/* What the account uses where it has none of its own: the nearest limit above it,
 * in its currency. */
static Err limit_above(Ctx *cx, const Account *account, LimitValue *ret_limit)
{
    *ret_limit = limit_not_set();
    Account chain[CREDIT_CHAIN_MAX];
    size_t count = 0;
    TRY(account_chain(cx, account->id, chain, &count));
    for (size_t i = 1; i < count && ret_limit->kind == LIMIT_NOT_SET; i++) {
        TRY(limit_in_force_on(cx, chain[i].id, chain[i].currency, cx->today, ret_limit));
        if (ret_limit->kind == LIMIT_AMOUNT && chain[i].currency != account->currency) {
            Money limit = limit_money(*ret_limit, chain[i].currency);
            TRY(org_to_home(cx, limit, cx->today, &limit));
            TRY(org_from_home(cx, money_to_decimal(limit), account->currency, cx->today, &limit));
            *ret_limit = limit_of(limit);
        }
    }
    return ERR_OK;
}

/* What the last of the rows changes. */
static Err limit_change_of(
    Ctx *cx, const Account *account, const LimitRow *rows, size_t count, LimitChange *ret_change)
{
    LimitValue above;
    TRY(limit_above(cx, account, &above));
    *ret_change = limit_compare(rows, count, cx->today, account->currency, above);
    return ERR_OK;
}

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
        if (!money_from_decimal(account->currency, step->amount, &amount)) {
            return err_set(cx, ERR_FIELD_INVALID, "steps",
                "Amounts have at most %d decimals in this currency.",
                currency_decimals(account->currency));
        }
        TRY(fact_put(cx, &fact_step, &sql_step_insert,
            ARGS(arg_id(db_new_id(cx)), arg_id(account->id), arg_id(id), arg_date(step->from),
                arg_i64(amount.minor))));
    }
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

static Err limit_request(
    Ctx *cx, const Account *account, const LimitAsk *ask, Id *ret_approval, bool *ret_is_done)
{
    LadderAmount amount;
    TRY(limit_ladder(cx, ask->change, account->currency, &amount));
    return approval_ask(cx,
        &(ApprovalAsk){.operation = "limit_set",
            .account_id = account->id,
            .subject_id = ask->limit_id,
            .reason = ask->reason,
            .amount = amount},
        ret_approval, ret_is_done);
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
    bool is_done = !change.is_higher && caller_may_tighten(cx);
    if (is_done) {
        TRY(limit_grant(cx, &account, out->id, row, 0));
    } else {
        TRY(limit_request(
            cx, &account, &(LimitAsk){out->id, &change, in->reason}, &out->approval, &is_done));
    }
    out->status = is_done ? "in_force" : "pending";
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
    LimitChange change = limit_compare(&row, 1, cx->today, currency, limit_not_set());
    if (!change.is_higher) {
        return limit_grant(cx, &account, limit_id, &row, 0);
    }
    bool is_done = false;
    TRY(limit_request(
        cx, &account, &(LimitAsk){limit_id, &change, first_reason}, ret_approval, &is_done));
    *ret_approval = is_done ? 0 : *ret_approval;
    return ERR_OK;
}

/* ---- Carrying out ---- */

/* A request beside the rows in force, as last of *ret_rows. */
static Err limit_asked_load(
    Ctx *cx, const Approval *approval, Account *account, LimitRow **ret_rows, size_t *ret_in_force)
{
    TRY(account_load(cx, approval->account_id, account));
    TRY(limit_rows_load(cx, account->id, account->currency, ret_rows, ret_in_force));
    Rows one;
    Rows steps;
    TRY(db_ask(cx, &sql_limit_one, ARGS(arg_id(account->id), arg_id(approval->subject_id)), &one));
    ASSERT(db_next(&one));
    LimitRow *row = &(*ret_rows)[*ret_in_force];
    *row = limit_row(&one, account->currency);
    TRY(db_ask(cx, &sql_limit_steps, ARGS(arg_id(account->id)), &steps));
    limit_steps_take(cx, &steps, approval->subject_id, account->currency, row);
    return ERR_OK;
}

static Err limit_carry_out(Ctx *cx, const Approval *approval)
{
    Account account;
    LimitRow *rows = NULL;
    size_t count = 0;
    TRY(limit_asked_load(cx, approval, &account, &rows, &count));
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
    TRY(limit_asked_load(cx, approval, &account, &rows, &count));
    rows[count] = limit_row_given(cx, &rows[count]);
    LimitChange change;
    TRY(limit_change_of(cx, &account, rows, count + 1, &change));
    return limit_ladder(cx, &change, account.currency, ret_amount);
}

static Err limit_end(Ctx *cx, const Approval *approval)
{
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

/* ---- Reading ---- */

typedef struct Limit {
    Id id;
    Ref account;
    int kind;
    Currency currency;
    LimitValue amount;
    Date from;
    Date until;
    const char *reason;
    const char *status;
    Id approval;
    const char *set_by;
    Date set_on;
} Limit;

SCHEMA(Limit,
    F_ID(Limit, id, "limit"),
    F_REF(Limit, account, "account", .flags = FIELD_FILTER),
    F_ENUM(Limit, kind, limit_row_kind_names, .flags = FIELD_FILTER),
    F_ACCOUNT_CURRENCY(Limit),
    F_LIMIT(Limit, amount),
    F_DATE(Limit, from, .column = "from_on", .flags = FIELD_SORT),
    F_DATE(Limit, until, .column = "until_on"),
    F_TEXT(Limit, reason),
    F_TEXT(Limit, status, .flags = FIELD_FILTER),
    F_ID(Limit, approval, "approval", .column = "approval_id"),
    F_USER_NAME(Limit, set_by),
    F_DATE(Limit, set_on));

static const Record record_limit = {
    .name = "limit",
    .table = "credit_limit",
    .path = "/limits",
    .letter = 'K',
    .schema = &Limit_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ,
    .date_field = "from",
    .partner_join = ACCOUNT_JOIN,
    .summary = "a dated credit limit",
};

static const Sql sql_limit_by_id = {
    "SELECT l.id, l.account_id, a.partner_id, l.kind FROM credit_limit l JOIN account a ON a.id = "
    "l.account_id"
    " WHERE l.id = $1",
    .in = "k",
    .out = "kkkt",
};
static const RefKind ref_limit = {
    .name = "limit", .table = "credit_limit", .letter = 'K', .by_id = &sql_limit_by_id};

const Feature limit_feature = {
    .name = "limit",
    .ops = (const Op *const[]){&op_limit_set, NULL},
    .records = (const Record *const[]){&record_limit, NULL},
    .refs = (const RefKind *const[]){&ref_limit, NULL},
    .facts = (const Fact *const[]){&fact_limit, &fact_step, NULL},
};
