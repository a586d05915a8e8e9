/* The operations on promises. */
#include "feature/account.h"
#include "feature/approval.h"
#include "feature/features.h"
#include "feature/org.h"
#include "feature/policy.h"
#include "feature/promise/model.h"
#include "op/run.h"

/* ---- promise_make ---- */

typedef struct PromiseMakeIn {
    Ref account;
    Decimal amount;
    Date due_on;
    List invoices;
    Ref replaces;
} PromiseMakeIn;

SCHEMA(PromiseMakeIn,
    F_REF(PromiseMakeIn, account, "account", REQUIRED),
    F_DECIMAL(PromiseMakeIn, amount, REQUIRED, .scale_max = 3, .min = 0, .max = 1000000000000),
    F_DATE(PromiseMakeIn, due_on, REQUIRED),
    F_LIST_OF(PromiseMakeIn,
        invoices,
        FIELD_REF,
        .to = "invoice",
        .doc = "Money allocated to these counts; without, any money that comes."),
    F_REF(PromiseMakeIn,
        replaces,
        "promise",
        .doc = "An open promise that this one takes the place of; later or smaller breaks it."));

typedef struct PromiseMakeOut {
    Id id;
    const char *status;
    int64_t level;
    Currency currency;
    Money amount;
    Date due_on;
} PromiseMakeOut;

SCHEMA(PromiseMakeOut,
    F_ID(PromiseMakeOut, id, "promise"),
    F_TEXT(PromiseMakeOut, status),
    F_INT(PromiseMakeOut, level, .doc = "1, and one more for each promise that came to nothing."),
    F_CURRENCY(PromiseMakeOut, currency),
    F_MONEY(PromiseMakeOut, amount),
    F_DATE(PromiseMakeOut, due_on));

static Err open_check(Ctx *cx, Id promise_id, const char *field)
{
    PromiseRow row;
    const Policy *policy = NULL;
    PromiseStatus status;
    TRY(promise_load(cx, promise_id, &row));
    TRY(policy_load(cx, &policy));
    TRY(promise_status_now(cx, policy, &row, &status));
    if (status == PROMISE_OPEN) {
        return ERR_OK;
    }
    return err_set(cx, ERR_STATE, field, "The promise is %s.", promise_status_names[status]);
}

static Err make_guard(Ctx *cx, const void *input, void *output)
{
    const PromiseMakeIn *in = input;
    (void)output;
    return in->replaces.id == 0 ? ERR_OK : open_check(cx, in->replaces.id, "replaces");
}

OP(promise_make,
    PromiseMakeIn,
    PromiseMakeOut,
    POST("/promises"),
    .effect = EFFECT_CREATE,
    .needs = PERM_PROMISE_WRITE,
    .lock = "account",
    .guard = make_guard,
    .is_watched = true,
    .inverse = "promise_withdraw",
    .summary = "Take a dated promise of payment; who takes it vouches for it.",
    FAILS(ERR_STATE, ERR_FIELD_INVALID))
{
    Account account;
    TRY(account_load(cx, in->account.id, &account));
    Money amount;
    TRY(account_amount(cx, "amount", in->amount, account.currency, &amount));
    PromiseMade made;
    TRY(promise_add(cx,
        &(PromiseAsk){.account_id = account.id,
            .amount = amount,
            .due_on = in->due_on,
            .invoices = in->invoices,
            .replaces_id = in->replaces.id,
            .vouched_by_id = cx->actor->user_id},
        &made));
    *out = (PromiseMakeOut){
        .id = made.id,
        .status = promise_status_names[made.status],
        .level = made.level,
        .currency = account.currency,
        .amount = amount,
        .due_on = in->due_on,
    };
    return ERR_OK;
}

/* ---- promise_withdraw ---- */

typedef struct PromiseWithdrawIn {
    Ref promise;
    const char *reason;
} PromiseWithdrawIn;

SCHEMA(PromiseWithdrawIn,
    F_REF(PromiseWithdrawIn, promise, "promise", REQUIRED),
    F_TEXT(PromiseWithdrawIn, reason, REQUIRED, .max_len = 4096));

typedef struct PromiseWithdrawOut {
    Id id;
    const char *status;
} PromiseWithdrawOut;

SCHEMA(PromiseWithdrawOut,
    F_ID(PromiseWithdrawOut, id, "promise"),
    F_TEXT(PromiseWithdrawOut, status));

/* Credit and collections, and the program itself; in a firm of one person that person. */
static Err withdraw_role_check(Ctx *cx)
{
    Role role = cx->actor->role;
    Org org;
    TRY(org_load(cx, &org));
    if (org.is_solo || role == ROLE_CREDIT || role == ROLE_COLLECTIONS || role == ROLE_SYSTEM) {
        return ERR_OK;
    }
    return err_set(
        cx, ERR_FORBIDDEN, NULL, "Only credit or collections withdraw a promise of payment.");
}

static Err withdraw_guard(Ctx *cx, const void *input, void *output)
{
    const PromiseWithdrawIn *in = input;
    (void)output;
    TRY(withdraw_role_check(cx));
    return open_check(cx, in->promise.id, "promise");
}

OP(promise_withdraw,
    PromiseWithdrawIn,
    PromiseWithdrawOut,
    POST("/promises/{promise}/withdraw"),
    .effect = EFFECT_ACT,
    .needs = PERM_PROMISE_WITHDRAW,
    .lock = "promise",
    .guard = withdraw_guard,
    .is_watched = true,
    .summary = "Withdraw a promise that will not be asked for; it counts for the level, and the "
               "release that rests on it ends.",
    FAILS(ERR_FORBIDDEN, ERR_STATE, ERR_APPROVER_OWNS_RELATION, ERR_APPROVER_VOUCHED))
{
    PromiseRow row;
    TRY(promise_load(cx, in->promise.id, &row));
    if (cx->actor->user_id != 0) {
        TRY(approval_bound_refuse(cx, row.partner_id, row.vouched_by_id));
    }
    TRY(promise_status_put(cx, &row, PROMISE_WITHDRAWN, cx->today, in->reason));
    TRY(promise_verdict_add(cx, &row, PROMISE_WITHDRAWN, row.received));
    *out = (PromiseWithdrawOut){row.id, promise_status_names[PROMISE_WITHDRAWN]};
    return ERR_OK;
}

/* ---- The features: taking promises speaks of invoices, reading and withdrawing does not ---- */

const Feature promise_entry_feature = {
    .name = "promise_entry",
    .ops = (const Op *const[]){&op_promise_make, NULL},
};

const Feature promise_feature = {
    .name = "promise",
    .ops = (const Op *const[]){&op_promise_withdraw, NULL},
    .records = (const Record *const[]){&record_promise, NULL},
    .refs = (const RefKind *const[]){&ref_promise, NULL},
    .facts = (const Fact *const[]){&fact_promise, &fact_promised, &fact_verdict, NULL},
};
