/* Trading accounts: opening, terms, parents, state. What is shown of them is in account/view.c;
 * limits, ledger and credit stand beside in files of their own. */
#include "feature/account.h"

#include "feature/approval.h"
#include "feature/approval/kinds.h"
#include "feature/features.h"
#include "feature/ledger.h"
#include "feature/limit.h"
#include "feature/org.h"
#include "feature/search.h"
#include "op/custom.h"
#include "op/op.h"
#include "op/run.h"
#include "rules/credit.h"

enum { TERMS_DAYS_MAX = 365 };

/* ---- Loading ---- */

SCHEMA(Account,
    F_ID(Account, id, "account"),
    F_TEXT(Account, code),
    F_ID(Account, partner_id, "partner"),
    F_TEXT(Account, partner_code),
    F_ID(Account, owner_id, "user"),
    F_TEXT(Account, tier),
    F_CURRENCY(Account, currency),
    F_INT(Account, terms_days, .max = TERMS_DAYS_MAX),
    F_ID(Account, parent_id, "account"),
    F_BOOL(Account, is_head),
    F_BOOL(Account, is_only),
    F_ENUM(Account, state, account_state_names),
    F_DATE(Account, state_since_on),
    F_ID(Account, state_since_id, "account"),
    F_INT(Account, version));

static const Sql sql_account_load = {
    "SELECT a.id, a.code, a.partner_id, p.code, p.owner_id, p.tier, a.currency, a.terms_days, "
    "a.parent_id, EXISTS (SELECT 1 FROM account b WHERE b.parent_id = a.id), NOT EXISTS (SELECT 1 "
    "FROM account b WHERE b.partner_id = a.partner_id AND b.id <> a.id), a.state,"
    " a.state_since_on, a.state_since_id, a.version"
    " FROM account a JOIN partner p ON p.id = a.partner_id WHERE a.id = $1",
    .in = "k",
    .out = "ktktkttikbbtdki",
};

static const Sql sql_account_by_code = {
    "SELECT id, partner_id FROM account WHERE code = $1",
    .in = "t",
    .out = "kk",
};

Err account_load(Ctx *cx, Id account_id, Account *ret_account)
{
    return row_load(cx, &sql_account_load, account_id, &Account_schema, "account", ret_account);
}

Err account_is_shown(Ctx *cx, const char *code, bool *ret_is_shown)
{
    *ret_is_shown = true;
    if (cx->actor->role != ROLE_PARTNER) {
        return ERR_OK;
    }
    Rows rows;
    TRY(db_ask(cx, &sql_account_by_code, ARGS(arg_text(code)), &rows));
    *ret_is_shown = db_next(&rows) && db_id(&rows, 1) == cx->actor->partner_id;
    return ERR_OK;
}

Err account_amount(Ctx *cx, const char *field, Decimal given, Currency currency, Money *ret_amount)
{
    if (money_from_decimal(currency, given, ret_amount)) {
        return ERR_OK;
    }
    return err_set(cx, ERR_FIELD_INVALID, field,
        "Amounts have at most %d decimals in this currency and 12 digits before them.",
        currency_decimals(currency));
}

Err account_chain(Ctx *cx, Id account_id, Account *ret_chain, size_t *ret_count)
{
    size_t count = 0;
    for (Id id = account_id; id != 0 && count < CREDIT_CHAIN_MAX;
         id = ret_chain[count - 1].parent_id) {
        TRY(account_load(cx, id, &ret_chain[count]));
        count++;
    }
    *ret_count = count;
    return ERR_OK;
}

/* ---- account_create ---- */

typedef struct AccountCreateIn {
    const char *code;
    Ref partner;
    Currency currency;
    int64_t terms_days;
    LimitValue limit;
    Ref parent;
    const char *fields;
} AccountCreateIn;

SCHEMA(AccountCreateIn,
    F_TEXT(AccountCreateIn, code, REQUIRED, .max_len = 64),
    F_REF(AccountCreateIn, partner, "partner", REQUIRED),
    F_CURRENCY(AccountCreateIn, currency, REQUIRED),
    F_INT(AccountCreateIn,
        terms_days,
        REQUIRED,
        .min = 0,
        .max = TERMS_DAYS_MAX,
        .doc = "Days from invoice to due date."),
    F_LIMIT(AccountCreateIn, limit, .doc = "Decimal, \"unlimited\", or null: no limit is set."),
    F_REF(AccountCreateIn, parent, "account", .doc = "Whose group limit binds this account too."),
    F_CUSTOM(AccountCreateIn, "account"));

typedef struct AccountReply {
    Id id;
    const char *code;
    LimitValue limit;
    int state;
    const char *status;
    Id approval;
    Id parent_approval;
    int64_t version;
} AccountReply;

SCHEMA(AccountReply,
    F_ID(AccountReply, id, "account"),
    F_TEXT(AccountReply, code),
    F_LIMIT(AccountReply, limit, .doc = "What is in force."),
    F_ENUM(AccountReply, state, account_state_names),
    F_TEXT(AccountReply, status, .doc = "in_force, or pending when something waits for approval"),
    F_ID(AccountReply, approval, "approval", .doc = "The limit's, when both wait."),
    F_ID(
        AccountReply, parent_approval, "approval", .doc = "A new account's parent, when it waits."),
    F_INT(AccountReply, version));

#define ACCOUNT_FACTS                                                                              \
    "id, code, partner_id, currency, terms_days, parent_id, state, state_since_on, "               \
    "state_since_id, state_reason, opened_on, opened_by_id, version"
#define ACCOUNT_LETTERS "ktktiktdktdki"
static const Fact fact_account = FACT("account", 1, ACCOUNT_FACTS, ACCOUNT_LETTERS);

static const Sql sql_account_remove = {
    "DELETE FROM account WHERE id = $1 RETURNING " ACCOUNT_FACTS,
    .in = "k",
    .out = ACCOUNT_LETTERS,
};

Err account_row_remove(Ctx *cx, Id account_id)
{
    return fact_remove(cx, &fact_account, &sql_account_remove, ARGS(arg_id(account_id)));
}

static const Sql sql_account_insert = {
    "INSERT INTO account (id, code, partner_id, currency, terms_days, parent_id, state, "
    "state_since_on, state_since_id,"
    " opened_on, opened_by_id, version) VALUES ($1, $2, $3, $4, $5, $6, 'normal', $7, $1, $7, $8, "
    "1) RETURNING " ACCOUNT_FACTS,
    .in = "ktktikdk",
    .out = ACCOUNT_LETTERS,
};

static Err account_reply(Ctx *cx, Id account_id, Id approval, AccountReply *out)
{
    Account account;
    TRY(account_load(cx, account_id, &account));
    *out = (AccountReply){
        .id = account.id,
        .code = account.code,
        .state = account.state,
        .status = approval == 0 ? "in_force" : "pending",
        .approval = approval,
        .version = account.version,
    };
    return limit_in_force_on(cx, account.id, account.currency, cx->today, &out->limit);
}

static Err code_is_free(Ctx *cx, const char *code)
{
    Rows rows;
    TRY(db_ask(cx, &sql_account_by_code, ARGS(arg_text(code)), &rows));
    return rows.count == 0
               ? ERR_OK
               : err_set(cx, ERR_CODE_TAKEN, "code", "There is an account %s already.", code);
}

/* Accounts on the longest way down from one, itself included. */
static const Sql sql_depth_below = {
    "WITH RECURSIVE family (id, depth) AS (SELECT a.id, 1 FROM account a WHERE a.id = $1"
    " UNION ALL SELECT a.id, f.depth + 1 FROM account a JOIN family f ON a.parent_id = f.id)"
    " SELECT COALESCE(MAX(depth), 1) FROM family",
    .in = "k",
    .out = "i",
};

/* The new parent's chain may not lead back to the account, nor may any chain through it become
 * longer than a judgement takes: what it does not reach would bind nobody. account_id 0:
 * a new one. */
static Err parent_check(Ctx *cx, Id account_id, Id parent_id)
{
    Account chain[CREDIT_CHAIN_MAX];
    size_t count = 0;
    int64_t below = 0;
    TRY(db_number(cx, &sql_depth_below, ARGS(arg_i64(account_id)), &below));
    TRY(account_chain(cx, parent_id, chain, &count));
    for (size_t i = 0; i < count; i++) {
        if (chain[i].id == account_id) {
            return err_set(cx, ERR_FIELD_INVALID, "parent", "%s stands below this account itself.",
                chain[0].code);
        }
    }
    if (count + (size_t)below > CREDIT_CHAIN_MAX) {
        return err_set(cx, ERR_FIELD_INVALID, "parent", "Groups are at most %d accounts deep.",
            CREDIT_CHAIN_MAX);
    }
    return ERR_OK;
}

static const Sql sql_account_update = {
    "UPDATE account SET terms_days = $2, parent_id = $3, version = version + 1 WHERE id = $1 "
    "RETURNING " ACCOUNT_FACTS,
    .in = "kik",
    .out = ACCOUNT_LETTERS,
};

/* What an approval of a change binds. */
typedef struct AccountTerms {
    Ref account;
    int64_t terms_days;
    Ref parent;
} AccountTerms;

SCHEMA(AccountTerms,
    F_REF(AccountTerms, account, "account", REQUIRED),
    F_INT(AccountTerms, terms_days),
    F_REF(AccountTerms, parent, "account"));

static const Sql sql_account_raise = {
    "UPDATE account SET version = version + 1 WHERE id = $1 RETURNING " ACCOUNT_FACTS,
    .in = "k",
    .out = ACCOUNT_LETTERS,
};

/* What stands beside the row makes a new version, too: the fields that the organisation added, and
 * a request, though nothing is in force by it: whoever asks next voids it, and should have seen
 * it. */
static Err account_raise(Ctx *cx, Id account_id)
{
    return fact_change(cx, &fact_account, account_id, &sql_account_raise, ARGS(arg_id(account_id)));
}

static Err terms_ask(Ctx *cx, Id account_id, const AccountTerms *terms, Id *ret_approval)
{
    return approval_ask(cx,
        &(ApprovalAsk){.operation = "account_change",
            .account_id = account_id,
            .subject_id = account_id,
            .input = run_encode(cx, &AccountTerms_schema, terms)},
        ret_approval);
}

/* A parent lends its limit to an account that has none,
 * so whoever may not give a limit alone asks for it. */
static Err parent_ask(Ctx *cx, Id account_id, const AccountCreateIn *in, Id *ret_approval)
{
    const AccountTerms terms = {
        .account = {.id = account_id, .text = in->code},
        .terms_days = in->terms_days,
        .parent = in->parent,
    };
    return terms_ask(cx, account_id, &terms, ret_approval);
}

OP(account_create,
    AccountCreateIn,
    AccountReply,
    POST("/accounts"),
    .effect = EFFECT_CREATE,
    .needs = PERM_ACCOUNT_WRITE,
    .is_watched = true,
    .inverse = "account_remove",
    .summary = "Open a trading account of a partner.",
    FAILS(ERR_FIELD_INVALID, ERR_CODE_TAKEN, ERR_RATE_MISSING))
{
    TRY(record_code_check(cx, "code", in->code));
    if (in->parent.id != 0) {
        TRY(parent_check(cx, 0, in->parent.id));
    }
    Id id = db_new_id(cx);
    bool has_custom = false;
    TRY(custom_give(cx, "account", id, in->fields, true, &has_custom));
    TRY(code_is_free(cx, in->code));
    TRY(org_currency_claim(cx, in->currency));
    char currency[CURRENCY_TEXT_SIZE];
    currency_format(in->currency, currency);
    bool is_free = false;
    TRY(limit_gives_alone(cx, in->partner.id, &is_free));
    TRY(fact_put(cx, &fact_account, &sql_account_insert,
        ARGS(arg_id(id), arg_text(in->code), arg_id(in->partner.id), arg_text(currency),
            arg_i64(in->terms_days), arg_id(is_free ? in->parent.id : 0), arg_date(cx->today),
            arg_id(cx->actor->user_id))));
    TRY(ledger_open(cx, id));
    TRY(search_refresh(cx, "account", id));
    Id parent_approval = 0;
    Id limit_approval = 0;
    if (in->parent.id != 0 && !is_free) {
        TRY(parent_ask(cx, id, in, &parent_approval));
    }
    if (in->limit.kind == LIMIT_AMOUNT || in->limit.kind == LIMIT_UNLIMITED) {
        TRY(limit_open(cx, id, in->currency, in->limit, &limit_approval));
    }
    TRY(account_reply(cx, id, limit_approval != 0 ? limit_approval : parent_approval, out));
    out->parent_approval = parent_approval;
    return ERR_OK;
}

/* ---- account_change ---- */

typedef struct AccountChangeIn {
    Ref account;
    OptInt terms_days;
    Ref parent;
    const char *fields;
} AccountChangeIn;

SCHEMA(AccountChangeIn,
    F_REF(AccountChangeIn, account, "account", REQUIRED),
    F_OPT_INT(AccountChangeIn,
        terms_days,
        .min = 0,
        .max = TERMS_DAYS_MAX,
        .doc = "Longer terms wait for approval."),
    F_REF(AccountChangeIn,
        parent,
        "account",
        .doc = "A change of parent waits for approval; null: none."),
    F_CUSTOM(AccountChangeIn, "account"));

/* NULL when there is none. */
static Err account_code(Ctx *cx, Id account_id, const char **ret_code)
{
    Account account = {0};
    if (account_id != 0) {
        TRY(account_load(cx, account_id, &account));
    }
    *ret_code = account.code;
    return ERR_OK;
}

static Err account_terms_put(Ctx *cx, const Account *account, int64_t terms_days, Id parent_id)
{
    if (terms_days != account->terms_days) {
        run_changed(cx, account->id, "terms_days",
            arena_printf(cx->arena, "%lld", (long long)account->terms_days),
            arena_printf(cx->arena, "%lld", (long long)terms_days));
    }
    if (parent_id != account->parent_id) {
        const char *before = NULL;
        const char *after = NULL;
        TRY(account_code(cx, account->parent_id, &before));
        TRY(account_code(cx, parent_id, &after));
        run_changed(cx, account->id, "parent", before, after);
    }
    return fact_change(cx, &fact_account, account->id, &sql_account_update,
        ARGS(arg_id(account->id), arg_i64(terms_days), arg_id(parent_id)));
}

/* Then terms and parent stay, and so does what was asked about them. */
static bool is_fields_alone(Ctx *cx, const AccountChangeIn *in)
{
    return in->fields != NULL && !in->terms_days.is_set && !run_has(cx, "parent");
}

OP(account_change,
    AccountChangeIn,
    AccountReply,
    PATCH("/accounts/{account}"),
    .effect = EFFECT_ACT,
    .needs = PERM_ACCOUNT_WRITE,
    .lock = "account",
    .summary = "Change an account's terms or parent; what loosens waits for approval.",
    FAILS(ERR_FIELD_INVALID))
{
    Account account;
    TRY(account_load(cx, in->account.id, &account));
    AccountTerms terms = {
        .account = in->account,
        .terms_days = in->terms_days.is_set ? in->terms_days.value : account.terms_days,
        .parent = {.id = run_has(cx, "parent") ? in->parent.id : account.parent_id},
    };
    bool is_new_parent = terms.parent.id != account.parent_id;
    if (is_new_parent && terms.parent.id != 0) {
        TRY(parent_check(cx, account.id, terms.parent.id));
    }
    bool has_custom = false;
    TRY(custom_give(cx, "account", account.id, in->fields, false, &has_custom));
    TRY(has_custom ? search_refresh(cx, "account", account.id) : ERR_OK);
    if (is_fields_alone(cx, in)) {
        TRY(has_custom ? account_raise(cx, account.id) : ERR_OK);
        return account_reply(cx, account.id, 0, out);
    }
    TRY(approval_void(cx, account.id, "account_change"));
    Id approval = 0;
    bool is_tighter = !is_new_parent && terms.terms_days <= account.terms_days;
    if (is_tighter) {
        TRY(account_terms_put(cx, &account, terms.terms_days, terms.parent.id));
    } else {
        TRY(account_raise(cx, account.id));
        TRY(terms_ask(cx, account.id, &terms, &approval));
    }
    return account_reply(cx, account.id, approval, out);
}

static Err account_change_carry_out(Ctx *cx, const Approval *approval)
{
    AccountTerms terms = {0};
    TRY(run_decode(cx, &AccountTerms_schema, approval->input, &terms));
    Account account;
    TRY(account_load(cx, approval->account_id, &account));
    if (terms.parent.id != 0 && terms.parent.id != account.parent_id) {
        TRY(parent_check(cx, account.id, terms.parent.id));
    }
    return account_terms_put(cx, &account, terms.terms_days, terms.parent.id);
}

const ApprovalKind account_change_approval_kind = {
    .operation = "account_change",
    .carry_out = account_change_carry_out,
};

/* ---- account_state_set ---- */

typedef struct AccountStateIn {
    Ref account;
    int state;
    const char *reason;
} AccountStateIn;

SCHEMA(AccountStateIn,
    F_REF(AccountStateIn, account, "account", REQUIRED),
    F_ENUM(AccountStateIn, state, account_state_names, REQUIRED),
    F_TEXT(AccountStateIn, reason, REQUIRED, .max_len = 4096));

/* What an approval binds; why is told beside it. */
typedef struct AccountStateTo {
    Ref account;
    int state;
} AccountStateTo;

SCHEMA(AccountStateTo,
    F_REF(AccountStateTo, account, "account", REQUIRED),
    F_ENUM(AccountStateTo, state, account_state_names, REQUIRED));

typedef struct AccountStateOut {
    int state;
    const char *status;
    Id approval;
} AccountStateOut;

SCHEMA(AccountStateOut,
    F_ENUM(AccountStateOut, state, account_state_names, .doc = "The state in force."),
    F_TEXT(AccountStateOut, status, .doc = "in_force or pending"),
    F_ID(AccountStateOut, approval, "approval"));

static const Sql sql_account_state = {
    "UPDATE account SET state = $2, state_since_on = $3, state_since_id = $4, state_reason = $5, "
    "version = version + 1"
    " WHERE id = $1 RETURNING " ACCOUNT_FACTS,
    .in = "ktdkt",
    .out = ACCOUNT_LETTERS,
};

Err account_state_put(Ctx *cx, Id account_id, int state, const char *reason)
{
    Account account;
    TRY(account_load(cx, account_id, &account));
    if (account.state == state) {
        return ERR_OK;
    }
    run_changed(
        cx, account_id, "state", account_state_names[account.state], account_state_names[state]);
    return fact_change(cx, &fact_account, account_id, &sql_account_state,
        ARGS(arg_id(account_id), arg_text(account_state_names[state]), arg_date(cx->today),
            arg_id(db_new_id(cx)), arg_text(reason)));
}

static Err state_set_guard(Ctx *cx, const void *input, void *output)
{
    const AccountStateIn *in = input;
    (void)output;
    Account account;
    if (cx->actor->role == ROLE_COLLECTIONS && in->state > STATE_PREPAY) {
        return err_set(cx, ERR_FORBIDDEN, "state",
            "Collections set states up to prepay; ask credit for %s.",
            account_state_names[in->state]);
    }
    TRY(account_load(cx, in->account.id, &account));
    if (account.state == in->state) {
        return err_set(cx, ERR_STATE, "state", "The account is in this state already.");
    }
    return ERR_OK;
}

OP(account_state_set,
    AccountStateIn,
    AccountStateOut,
    POST("/accounts/{account}/state"),
    .effect = EFFECT_ACT,
    .needs = PERM_ACCOUNT_STATE,
    .lock = "account",
    .guard = state_set_guard,
    .is_watched = true,
    .summary = "Set an account's state; a graver one is in force at once, a lighter one waits for "
               "approval.",
    FAILS(ERR_FORBIDDEN, ERR_STATE))
{
    Account account;
    TRY(account_load(cx, in->account.id, &account));
    TRY(approval_void(cx, account.id, "account_state_set"));
    bool is_graver = in->state > account.state;
    if (is_graver) {
        TRY(account_state_put(cx, account.id, in->state, in->reason));
    } else {
        TRY(account_raise(cx, account.id));
        TRY(approval_ask(cx,
            &(ApprovalAsk){.operation = "account_state_set",
                .account_id = account.id,
                .subject_id = account.id,
                .input = run_encode(
                    cx, &AccountStateTo_schema, &(AccountStateTo){in->account, in->state}),
                .reason = in->reason},
            &out->approval));
    }
    out->state = is_graver ? in->state : account.state;
    out->status = is_graver ? "in_force" : "pending";
    return ERR_OK;
}

static Err account_state_carry_out(Ctx *cx, const Approval *approval)
{
    AccountStateTo to = {0};
    TRY(run_decode(cx, &AccountStateTo_schema, approval->input, &to));
    return account_state_put(cx, approval->account_id, to.state, approval->reason);
}

const ApprovalKind account_state_approval_kind = {
    .operation = "account_state_set",
    .carry_out = account_state_carry_out,
};

static const RefKind ref_account = {.name = "account",
    .letter = 'A',
    .code = "code",
    .account = "id",
    .partner = "partner_id",
    .shows = "code"};

const Feature account_feature = {
    .name = "account",
    .ops = (const Op *const[]){&op_account_create, &op_account_change, &op_account_state_set, NULL},
    .refs = (const RefKind *const[]){&ref_account, NULL},
    .facts = (const Fact *const[]){&fact_account, NULL},
};
