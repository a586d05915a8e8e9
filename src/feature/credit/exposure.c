/* What an account owes and may still owe, side by side. */
#include "feature/credit.h"

#include "feature/ledger.h"
#include "feature/limit.h"
#include "op/op.h"
#include "feature/features.h"
#include "op/run.h"
#include "rules/limit.h"

#include <string.h>

typedef struct ExposureIn {
    Ref account;
} ExposureIn;

SCHEMA(ExposureIn, F_REF(ExposureIn, account, "account", REQUIRED));

/* An ancestor with a limit of its own: the account may use what is left there, too, and no more. */
typedef struct GroupLimit {
    const char *account;
    Currency currency;
    LimitValue limit;
    Money exposure;
    Money available;
} GroupLimit;

SCHEMA(GroupLimit,
    F_TEXT(GroupLimit, account),
    F_CURRENCY(GroupLimit, currency, .doc = "The home currency."),
    F_LIMIT(GroupLimit, limit),
    F_MONEY(GroupLimit, exposure, .doc = "Of the whole group; none counts less than nothing."),
    F_MONEY(GroupLimit, available, .doc = "null when unlimited."));

typedef struct ExposureOut {
    const char *account;
    Currency currency;
    Money ordered;
    Money shipped;
    Money receivable;
    Money cheque;
    Money advance;
    Money exposure;
    LimitValue limit;
    const char *limit_from;
    Money available;
    Money overdue;
    int64_t oldest_overdue_days;
    List groups;
} ExposureOut;

SCHEMA(ExposureOut,
    F_TEXT(ExposureOut, account),
    F_CURRENCY(ExposureOut, currency),
    F_MONEY(ExposureOut, ordered, .doc = "Approved orders, not shipped."),
    F_MONEY(ExposureOut, shipped, .doc = "Shipped, not invoiced."),
    F_MONEY(ExposureOut, receivable, .doc = "Invoiced and open."),
    F_MONEY(ExposureOut, cheque, .doc = "Post-dated cheques on hand."),
    F_MONEY(ExposureOut, advance, .doc = "Received and not allocated."),
    F_MONEY(ExposureOut, exposure, .doc = "ordered + shipped + receivable + cheque - advance"),
    F_LIMIT(ExposureOut,
        limit,
        .doc = "Its own in force today, else the nearest ancestor's; null: not set."),
    F_TEXT(ExposureOut, limit_from, .doc = "The account whose limit it is."),
    F_MONEY(ExposureOut,
        available,
        .doc = "Limit less exposure (of its whole group for the limit of a group); null when "
               "unlimited or not set."),
    F_MONEY(ExposureOut, overdue),
    F_INT(ExposureOut,
        oldest_overdue_days,
        .doc = "Of the oldest invoice past due, however little of it is open."),
    F_LIST(ExposureOut,
        groups,
        GroupLimit,
        .doc = "Limits that more than its own exposure is held against: its own where accounts "
               "below it count, and those of ancestors, the nearest first."));

/* What is left under another partner's limit tells what that one owes: its users see only what is
 * their own. */
static Err limits_show(Ctx *cx, const List *chain, ExposureOut *out)
{
    GroupLimit *groups = arena_array(cx->arena, chain->count, sizeof *groups);
    size_t count = 0;
    for (size_t i = 0; i < chain->count; i++) {
        const CreditLink *link = LIST_AT(*chain, CreditLink, i);
        bool is_shown = false;
        if (link->limit_from != NULL) {
            TRY(account_is_shown(cx, link->limit_from, &is_shown));
        }
        if (i == 0 && is_shown) {
            out->limit = link->limit;
            out->limit_from = link->limit_from;
            out->available = link->available;
        }
        bool is_own = is_shown && strcmp(link->account, link->limit_from) == 0;
        /* Its own is one of a group where accounts below it count. */
        if (is_own && (i > 0 || money_cmp(link->exposure, out->exposure) != 0)) {
            groups[count++] = (GroupLimit){.account = link->account,
                .currency = link->currency,
                .limit = link->limit,
                .exposure = link->exposure,
                .available = link->available};
        }
    }
    out->groups = (List){.items = groups, .count = count};
    return ERR_OK;
}

static const Sql sql_oldest_due = {
    "SELECT MIN(due_on) FROM invoice WHERE account_id = $1 AND open > 0 AND due_on < $2",
    .in = "kd",
    .out = "d",
};

/* As `overdue` beside it and the aging have it: the policy's overdue_min is for the rule alone,
 * whose own figure its decisions show. */
static Err oldest_days(Ctx *cx, Id account_id, int64_t *ret_days)
{
    Rows rows;
    TRY(db_one(cx, &sql_oldest_due, ARGS(arg_id(account_id), arg_date(cx->today)),
        "what is past due", &rows));
    *ret_days = db_is_null(&rows, 0) ? 0 : cx->today - db_date(&rows, 0);
    return ERR_OK;
}

/* The judgement of no change at all tells which limits bind and what is left under them. */
OP(exposure_get,
    ExposureIn,
    ExposureOut,
    GET("/accounts/{account}/exposure"),
    .effect = EFFECT_READ,
    .needs = PERM_READ_OWN,
    .summary = "What an account owes, has on order and may still order.",
    FAILS(ERR_RATE_MISSING))
{
    Account account;
    TRY(account_load(cx, in->account.id, &account));
    Position position;
    TRY(ledger_position(cx, account.id, account.currency, &position));
    Decision decision;
    TRY(credit_judge_call(cx,
        &(GateCall){.gate = GATE_ORDER,
            .account = &account,
            .before = position,
            .after = position,
            .order_amount = money_zero(account.currency),
            .moving = money_zero(account.currency)},
        &decision));
    *out = (ExposureOut){
        .account = account.code,
        .currency = account.currency,
        .ordered = position.ordered,
        .shipped = position.shipped,
        .receivable = position.receivable,
        .cheque = position.cheque,
        .advance = position.advance,
        .exposure = position_exposure(&position),
        .limit = limit_not_set(),
        .overdue = decision.facts.overdue,
    };
    TRY(oldest_days(cx, account.id, &out->oldest_overdue_days));
    return limits_show(cx, &decision.verdict.chain, out);
}

const Feature exposure_feature = {
    .name = "exposure",
    .ops = (const Op *const[]){&op_exposure_get, NULL},
};
