/* What an account owes and may still owe, side by side. */
#include "feature/credit.h"

#include "feature/ledger.h"
#include "feature/limit.h"
#include "op/op.h"
#include "feature/features.h"
#include "op/run.h"
#include "rules/limit.h"

typedef struct ExposureIn {
    Ref account;
} ExposureIn;

SCHEMA(ExposureIn, F_REF(ExposureIn, account, "account", REQUIRED));

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
    F_LIMIT(ExposureOut, limit, .doc = "In force today; null: not set."),
    F_TEXT(
        ExposureOut, limit_from, .doc = "The account whose limit it is; it may be an ancestor's."),
    F_MONEY(ExposureOut, available, .doc = "Limit less exposure; null when unlimited or not set."),
    F_MONEY(ExposureOut, overdue),
    F_INT(ExposureOut, oldest_overdue_days));

/* What is left under another partner's limit tells what that one owes: its users see what is their
 * own. */
static Err partner_hide(Ctx *cx, const Account *account, ExposureOut *out)
{
    bool is_shown = true;
    if (out->limit_from == NULL) {
        return ERR_OK;
    }
    TRY(account_is_shown(cx, out->limit_from, &is_shown));
    if (is_shown) {
        return ERR_OK;
    }
    TRY(limit_in_force_on(cx, account->id, account->currency, cx->today, &out->limit));
    bool has_own = out->limit.kind != LIMIT_NOT_SET;
    out->limit_from = has_own ? account->code : NULL;
    out->available = (Money){0};
    if (out->limit.kind == LIMIT_AMOUNT) {
        out->available = money_sub(limit_money(out->limit, account->currency), out->exposure);
    }
    return ERR_OK;
}

/* The judgement of no change at all tells which limit is the tightest and what is left under it. */
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
        .limit = decision.verdict.limit,
        .limit_from = decision.verdict.limit_from,
        .available = decision.verdict.available_after,
        .overdue = decision.facts.overdue,
        .oldest_overdue_days = decision.facts.overdue_days,
    };
    return partner_hide(cx, &account, out);
}

const Feature exposure_feature = {
    .name = "exposure",
    .ops = (const Op *const[]){&op_exposure_get, NULL},
};
