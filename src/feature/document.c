/* Numbers, amounts, judgements and reversals of documents. */
#include "feature/document.h"

#include "feature/credit.h"
#include "feature/ledger.h"
#include "feature/org.h"
#include "feature/policy.h"
#include "feature/promise.h"
#include "op/run.h"

#include <string.h>

const char *const document_status_names[] = {"", "pending", "posted", "reversed", "rejected", NULL};

const char *const grant_status_names[] = {"", "in_force", "pending", "rejected", "replaced", NULL};

#define SERIES_FACTS "name, next"
#define SERIES_LETTERS "ti"
const Fact fact_series = FACT("series", 1, SERIES_FACTS, SERIES_LETTERS);

static const Sql sql_series_find = {
    "SELECT " SERIES_FACTS " FROM series WHERE name = $1 {lock}",
    .in = "t",
    .out = SERIES_LETTERS,
};

static const Sql sql_series_begin = {
    "INSERT INTO series (name, next) VALUES ($1, $2)",
    .in = SERIES_LETTERS,
};

static const Sql sql_series_move = {
    "UPDATE series SET next = next + 1 WHERE name = $1 RETURNING " SERIES_FACTS,
    .in = "t",
    .out = SERIES_LETTERS,
};

Err document_series_start(Ctx *cx)
{
    static const char *const series[] = {"invoice", "credit_note"};
    for (size_t i = 0; i < COUNT(series); i++) {
        TRY(fact_put(cx, &fact_series, &sql_series_begin, ARGS(arg_text(series[i]), arg_i64(1))));
    }
    return ERR_OK;
}

Err document_number_next(Ctx *cx, const char *series, const char *prefix, const char **ret_number)
{
    Rows rows;
    TRY(db_one(cx, &sql_series_find, ARGS(arg_text(series)), "a series of numbers", &rows));
    *ret_number = arena_printf(cx->arena, "%s%06lld", prefix, (long long)db_i64(&rows, 1));
    TRY(fact_see(cx, &fact_series, &sql_series_find, ARGS(arg_text(series))));
    return fact_change_seen(cx, &fact_series, &sql_series_move, ARGS(arg_text(series)));
}

Err document_amount(Ctx *cx, const char *field, Decimal given, Currency currency, Money *ret_amount)
{
    TRY(account_amount(cx, field, given, currency, ret_amount));
    if (!money_is_positive(*ret_amount)) {
        return err_set(cx, ERR_FIELD_INVALID, field, "The amount has to be above zero.");
    }
    return ERR_OK;
}

Err document_tax(Ctx *cx, Decimal given, Money amount, Money *ret_tax)
{
    TRY(account_amount(cx, "tax", given, amount.currency, ret_tax));
    if (ret_tax->minor >= 0 && money_cmp(*ret_tax, amount) <= 0) {
        return ERR_OK;
    }
    return err_set(cx, ERR_FIELD_INVALID, "tax", "The tax is a part of the amount.");
}

Err document_ladder(Ctx *cx, Money amount, bool *ret_is_small, LadderAmount *ret_ladder)
{
    Org org;
    const Policy *policy = NULL;
    TRY(org_load(cx, &org));
    TRY(policy_load(cx, &policy));
    Money home;
    TRY(org_to_home(cx, amount, cx->today, &home));
    Money small;
    TRY(org_from_home(cx, policy->small_amount, home.currency, cx->today, &small));
    *ret_is_small = money_cmp(home, small) <= 0;
    *ret_ladder = (LadderAmount){.has_amount = true, .amount = home};
    return ERR_OK;
}

Err document_fact_start(Ctx *cx, Id account_id, DocumentFact *ret_fact)
{
    Account account;
    TRY(account_load(cx, account_id, &account));
    *ret_fact = (DocumentFact){.account_id = account_id};
    return ledger_position(cx, account_id, account.currency, &ret_fact->before);
}

static GateCall fact_call(const DocumentFact *fact, const Account *account, const Position *after)
{
    Money zero = money_zero(account->currency);
    return (GateCall){
        .gate = GATE_ORDER,
        .account = account,
        .before = fact->before,
        .after = *after,
        .order_id = fact->order_id,
        .order_amount = zero,
        .moving = zero,
        .document_kind = fact->document_kind,
        .document_id = fact->document_id,
    };
}

Err document_judge(Ctx *cx, const DocumentFact *fact, Id *ret_decision)
{
    Account account;
    Position after;
    TRY(account_load(cx, fact->account_id, &account));
    TRY(ledger_position(cx, account.id, account.currency, &after));
    GateCall call = fact_call(fact, &account, &after);
    Decision decision;
    Err err = credit_judge_call(cx, &call, &decision);
    *ret_decision = 0;
    if (err == ERR_RATE_MISSING) {
        err_clear(cx);
        return ERR_OK;
    }
    TRY(err);
    decision.id = fact->decision_id;
    TRY(credit_decision_store(cx, &call, &decision));
    *ret_decision = decision.id;
    return ERR_OK;
}

static Err pass_refuse(Ctx *cx, const Decision *decision)
{
    const List rules = decision->verdict.rules;
    for (size_t i = 0; i < rules.count; i++) {
        const CreditRule *rule = LIST_AT(rules, CreditRule, i);
        if (rule->outcome == decision->verdict.outcome) {
            return err_set(cx, ERR_CREDIT_REFUSED, NULL, "The credit policy does not allow it: %s",
                credit_rule_text(cx->arena, rule));
        }
    }
    UNREACHABLE("a rule with the outcome of the decision");
}

Err document_pass(Ctx *cx, const DocumentFact *fact, const Position *after, Id *ret_decision)
{
    Account account;
    TRY(account_load(cx, fact->account_id, &account));
    GateCall call = fact_call(fact, &account, after);
    Decision decision;
    TRY(credit_judge_call(cx, &call, &decision));
    if (decision.verdict.outcome > OUTCOME_WARN) {
        return pass_refuse(cx, &decision);
    }
    if (ret_decision == NULL) {
        return ERR_OK;
    }
    TRY(credit_decision_store(cx, &call, &decision));
    *ret_decision = decision.id;
    return ERR_OK;
}

/* ---- Taking documents back ---- */

Err document_stands(Ctx *cx, const char *kind, const char *status)
{
    return strcmp(status, document_status_names[DOCUMENT_POSTED]) == 0
               ? ERR_OK
               : err_set(cx, ERR_STATE, kind, "The %s is %s.", kind, status);
}

Err document_mark_reversed(
    Ctx *cx, const Fact *fact, const Sql *reverse, Id document_id, const char *before)
{
    run_changed(cx, document_id, "status", before, document_status_names[DOCUMENT_REVERSED]);
    return fact_change(
        cx, fact, document_id, reverse, ARGS(arg_id(document_id), arg_date(cx->today)));
}

Err document_reverse_start(Ctx *cx, const char *kind, const Ref *document, DocumentFact *ret_fact)
{
    TRY(org_today_check(cx));
    TRY(document_fact_start(cx, document->account_id, ret_fact));
    ret_fact->document_kind = kind;
    ret_fact->document_id = document->id;
    return ERR_OK;
}

Err document_reverse_end(Ctx *cx, const DocumentFact *fact, Reversed *out)
{
    TRY(promise_rejudge(cx, fact->account_id));
    out->id = fact->document_id;
    out->status = document_status_names[DOCUMENT_REVERSED];
    return document_judge(cx, fact, &out->decision_id);
}
