/* Taking an account away that was opened by mistake: one in which nothing was done yet. */
#include "feature/account.h"
#include "feature/features.h"
#include "feature/ledger.h"
#include "feature/limit.h"
#include "feature/search.h"
#include "op/custom.h"
#include "op/op.h"
#include "op/run.h"

typedef struct AccountRemoveIn {
    Ref account;
} AccountRemoveIn;

SCHEMA(AccountRemoveIn, F_REF(AccountRemoveIn, account, "account", REQUIRED));

typedef struct AccountRemoveOut {
    Id id;
    const char *code;
} AccountRemoveOut;

SCHEMA(AccountRemoveOut, F_ID(AccountRemoveOut, id, "account"), F_TEXT(AccountRemoveOut, code));

/* Whatever else refers to an account was done under its lock, and so stands in its chain. */
static const Sql sql_account_uses = {
    "SELECT a.id FROM account a WHERE a.id = $1 AND ("
    "EXISTS (SELECT 1 FROM account b WHERE b.parent_id = $1)"
    " OR EXISTS (SELECT 1 FROM alert t WHERE t.account_id = $1)"
    " OR EXISTS (SELECT 1 FROM approval y WHERE y.account_id = $1))",
    .in = "k",
    .out = "k",
};

static Err in_use(Ctx *cx)
{
    return err_set(cx, ERR_IN_USE, "account",
        "Something was done in this account, or other records refer to it; it stays.");
}

/* Its creation stands in the organisation's chain, and so does its end: its own is empty. */
OP(account_remove,
    AccountRemoveIn,
    AccountRemoveOut,
    DELETE("/accounts/{account}"),
    .effect = EFFECT_ACT,
    .needs = PERM_ACCOUNT_WRITE,
    .summary = "Remove an account in which nothing was done and to which nothing refers.",
    FAILS(ERR_IN_USE))
{
    Account account;
    Rows rows;
    bool is_closed = false;
    Id id = in->account.id;
    TRY(account_load(cx, id, &account));
    TRY(ledger_close(cx, id, &is_closed));
    if (!is_closed) {
        return in_use(cx);
    }
    TRY(db_ask(cx, &sql_account_uses, ARGS(arg_id(id)), &rows));
    if (rows.count > 0) {
        return in_use(cx);
    }
    TRY(limit_forget(cx, id, account.currency));
    TRY(custom_remove(cx, id));
    TRY(account_row_remove(cx, id));
    TRY(search_refresh(cx, "account", id));
    *out = (AccountRemoveOut){account.id, account.code};
    return ERR_OK;
}

const Feature account_remove_feature = {
    .name = "account_remove",
    .ops = (const Op *const[]){&op_account_remove, NULL},
};
