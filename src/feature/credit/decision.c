/* Judges calls at the gates, stores decisions, shows and replays them. */
#include "feature/credit.h"

#include "feature/credit/facts.h"
#include "feature/policy.h"
#include "feature/shown.h"
#include "op/op.h"
#include "feature/features.h"
#include "op/run.h"

/* ---- Judging ---- */

Err credit_judge_call(Ctx *cx, const GateCall *call, Decision *ret_decision)
{
    const Policy *policy = NULL;
    TRY(policy_load(cx, &policy));
    *ret_decision = (Decision){.policy_version = policy->version.value};
    TRY(facts_gather(cx, policy, call, &ret_decision->facts));
    credit_judge(cx->arena, policy, call->gate, &ret_decision->facts, &ret_decision->verdict);
    return ERR_OK;
}

/* ---- Storing: kinds, values, thresholds, outcomes; sentences are made when they are shown ---- */

/* The limit of the tightest account, which can be an ancestor in another currency. */
typedef struct StoredLimit {
    Currency currency;
    LimitValue limit;
    Money available_after;
} StoredLimit;

SCHEMA(StoredLimit,
    F_CURRENCY(StoredLimit, currency),
    F_LIMIT(StoredLimit, limit),
    F_MONEY(StoredLimit, available_after));

typedef struct StoredVerdict {
    int gate;
    int outcome;
    Currency currency;
    Money exposure_before;
    Money exposure_after;
    StoredLimit *tightest;
    CreditGroup *group;
    List rules;
} StoredVerdict;

SCHEMA(StoredVerdict,
    F_ENUM(StoredVerdict, gate, gate_names),
    F_ENUM(StoredVerdict, outcome, outcome_names),
    F_CURRENCY(StoredVerdict, currency),
    F_MONEY(StoredVerdict, exposure_before),
    F_MONEY(StoredVerdict, exposure_after),
    F_OBJECT(StoredVerdict, tightest, StoredLimit, REQUIRED),
    F_OBJECT(StoredVerdict, group, CreditGroup),
    F_LIST(StoredVerdict, rules, CreditRule));

#define DECISION_FACTS                                                                             \
    "id, account_id, gate, document_kind, document_id, order_id, outcome, "                        \
    "policy_version, decided_on, decided_at, facts, rules"
#define DECISION_LETTERS "kkttkktiditt"
static const Fact fact_decision =
    FACT_IN_DOSSIER(DOSSIER_DECISION, "decision", DECISION_FACTS, DECISION_LETTERS);

static const Sql sql_decision_insert = {
    "INSERT INTO decision (id, account_id, gate, document_kind, document_id, order_id, outcome, "
    "policy_version,"
    " decided_on, decided_at, facts, rules) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
    "$12)",
    .in = DECISION_LETTERS,
};

/* Without the gate where it is that of the verdict. */
static List rules_stored(Ctx *cx, const CreditVerdict *verdict)
{
    size_t count = verdict->rules.count;
    CreditRule *rules = arena_array(cx->arena, count, sizeof *rules);
    for (size_t i = 0; i < count; i++) {
        rules[i] = *LIST_AT(verdict->rules, CreditRule, i);
        rules[i].gate = rules[i].gate == verdict->gate ? 0 : rules[i].gate;
    }
    return (List){rules, count};
}

static CreditGroup *group_of(Ctx *cx, const CreditVerdict *verdict)
{
    if (verdict->group.account == NULL) {
        return NULL;
    }
    CreditGroup *group = arena_alloc(cx->arena, sizeof *group);
    *group = verdict->group;
    return group;
}

Err credit_decision_store(Ctx *cx, const GateCall *call, Decision *decision)
{
    const CreditVerdict *verdict = &decision->verdict;
    StoredLimit tightest = {
        .currency = verdict->available_after.currency,
        .limit = verdict->limit,
        .available_after = verdict->available_after,
    };
    StoredVerdict stored = {
        .gate = verdict->gate,
        .outcome = verdict->outcome,
        .currency = call->account->currency,
        .exposure_before = verdict->exposure_before,
        .exposure_after = verdict->exposure_after,
        .tightest = &tightest,
        .group = group_of(cx, verdict),
        .rules = rules_stored(cx, verdict),
    };
    decision->id = decision->id != 0 ? decision->id : db_new_id(cx);
    return fact_put(cx, &fact_decision, &sql_decision_insert,
        ARGS(arg_id(decision->id), arg_id(call->account->id), arg_text(gate_names[verdict->gate]),
            arg_text(call->document_kind), arg_id(call->document_id), arg_id(call->order_id),
            arg_text(outcome_names[verdict->outcome]), arg_i64(decision->policy_version),
            arg_date(cx->today), arg_instant(cx->now_ms),
            arg_text(run_encode(cx, &CreditFacts_schema, &decision->facts)),
            arg_text(run_encode(cx, &StoredVerdict_schema, &stored))));
}

/* ---- Showing ---- */

/* Figures of one account are in its currency, which needs no name; only a limit above it can be in
 * another one. */
static Currency limit_currency(Money exposure, Money available)
{
    return available.currency == exposure.currency ? 0 : available.currency;
}

DecisionView *credit_decision_view(Ctx *cx, const Decision *decision)
{
    const CreditVerdict *verdict = &decision->verdict;
    DecisionView *view = arena_alloc(cx->arena, sizeof *view);
    *view = (DecisionView){
        .id = decision->id,
        .gate = verdict->gate,
        .outcome = verdict->outcome,
        .exposure_before = verdict->exposure_before,
        .exposure_after = verdict->exposure_after,
        .limit = verdict->limit,
        .available_after = verdict->available_after,
        .limit_currency = limit_currency(verdict->exposure_after, verdict->available_after),
        .group = group_of(cx, verdict),
        .rules = verdict->rules,
    };
    return view;
}

typedef struct DecisionRow {
    Id id;
    int64_t policy_version;
    const char *facts;
    const char *rules;
} DecisionRow;

SCHEMA(DecisionRow,
    F_ID(DecisionRow, id, "decision"),
    F_INT(DecisionRow, policy_version),
    F_TEXT(DecisionRow, facts),
    F_TEXT(DecisionRow, rules));

static const Sql sql_decision_one = {
    "SELECT id, policy_version, facts, rules FROM decision WHERE id = $1",
    .in = "k",
    .out = "kitt",
};

static Err verdict_read(Ctx *cx, const char *rules, StoredVerdict *ret_verdict)
{
    TRY(run_decode(cx, &StoredVerdict_schema, rules, ret_verdict));
    for (size_t i = 0; i < ret_verdict->rules.count; i++) {
        CreditRule *rule = LIST_AT(ret_verdict->rules, CreditRule, i);
        rule->gate = rule->gate == 0 ? ret_verdict->gate : rule->gate;
    }
    return ERR_OK;
}

static Err decision_row(Ctx *cx, Id decision_id, DecisionRow *ret_row, StoredVerdict *ret_verdict)
{
    TRY(row_load(cx, &sql_decision_one, decision_id, &DecisionRow_schema, "decision", ret_row));
    return verdict_read(cx, ret_row->rules, ret_verdict);
}

static Err decision_view(Ctx *cx, Id decision_id, DecisionView **ret_view)
{
    DecisionRow row = {0};
    StoredVerdict stored = {0};
    TRY(decision_row(cx, decision_id, &row, &stored));
    DecisionView *view = arena_alloc(cx->arena, sizeof *view);
    *view = (DecisionView){
        .id = row.id,
        .gate = stored.gate,
        .outcome = stored.outcome,
        .exposure_before = stored.exposure_before,
        .exposure_after = stored.exposure_after,
        .limit = stored.tightest->limit,
        .available_after = stored.tightest->available_after,
        .limit_currency = limit_currency(stored.exposure_after, stored.tightest->available_after),
        .group = stored.group,
        .rules = stored.rules,
    };
    *ret_view = view;
    return ERR_OK;
}

Err credit_decision_load(Ctx *cx, Id decision_id, DecisionView **ret_view)
{
    /* How we judge is ours: a partner who reads its own documents does not see it. */
    if (decision_id == 0 || cx->actor->role == ROLE_PARTNER) {
        *ret_view = NULL;
        return ERR_OK;
    }
    return decision_view(cx, decision_id, ret_view);
}

Err credit_decision_again(Ctx *cx, Id decision_id, const void **ret_view)
{
    DecisionView *view = NULL;
    TRY(decision_view(cx, decision_id, &view));
    *ret_view = view;
    return ERR_OK;
}

/* ---- decision_get, decision_replay ---- */

typedef struct DecisionIn {
    Ref decision;
} DecisionIn;

SCHEMA(DecisionIn, F_REF(DecisionIn, decision, "decision", REQUIRED));

typedef struct DecisionOut {
    Id id;
    const char *account;
    const char *partner;
    const char *partner_name;
    int gate;
    int outcome;
    int64_t policy_version;
    Date on;
    Instant at;
    Id order;
    const char *order_number;
    Money exposure_before;
    Money exposure_after;
    LimitValue limit;
    Money available_after;
    Currency limit_currency;
    CreditGroup *group;
    const char *inputs;
    List rules;
    int64_t version;
} DecisionOut;

SCHEMA(DecisionOut,
    F_ID(DecisionOut, id, "decision"),
    F_TEXT(DecisionOut, account),
    F_TEXT(DecisionOut, partner),
    F_TEXT(DecisionOut, partner_name),
    F_ENUM(DecisionOut, gate, gate_names),
    F_ENUM(DecisionOut, outcome, outcome_names),
    F_INT(DecisionOut, policy_version),
    F_DATE(DecisionOut, on),
    F_INSTANT(DecisionOut, at),
    F_ID(DecisionOut, order, "order"),
    F_TEXT(DecisionOut, order_number),
    F_MONEY(DecisionOut, exposure_before, .flags = FIELD_NO_COLUMN),
    F_MONEY(DecisionOut, exposure_after, .flags = FIELD_NO_COLUMN),
    F_LIMIT(DecisionOut, limit, .flags = FIELD_NO_COLUMN),
    F_MONEY(DecisionOut, available_after, .flags = FIELD_NO_COLUMN),
    F_CURRENCY(
        DecisionOut, limit_currency, .flags = FIELD_NO_COLUMN, .doc = DECISION_LIMIT_CURRENCY_DOC),
    F_OBJECT(DecisionOut, group, CreditGroup, .flags = FIELD_NO_COLUMN, .doc = DECISION_GROUP_DOC),
    F_JSON(DecisionOut,
        inputs,
        .flags = FIELD_NO_COLUMN,
        .doc = "Everything the judgement was given; figures that are zero are left out."),
    F_LIST(DecisionOut, rules, CreditRuleView, .view = credit_rules_view),
    F_INT(DecisionOut,
        version,
        .flags = FIELD_NO_COLUMN,
        .doc = "Always 1: a decision does not change."));

static const Sql sql_decision_head = {
    "SELECT d.id, a.code, p.code, p.name, d.gate, d.outcome, d.policy_version, d.decided_on,"
    " d.decided_at, d.order_id, o.number FROM decision d JOIN account a ON a.id = d.account_id"
    " JOIN partner p ON p.id = a.partner_id"
    " LEFT JOIN sales_order o ON o.account_id = d.account_id AND o.id = d.order_id WHERE d.id = $1",
    .in = "k",
    .out = "ktttttidikt",
};

OP(decision_get,
    DecisionIn,
    DecisionOut,
    GET("/decisions/{decision}"),
    .effect = EFFECT_READ,
    .needs = PERM_READ,
    .summary = "A credit decision with every rule, its value and threshold, and what it was given.")
{
    TRY(row_load(cx, &sql_decision_head, in->decision.id, &DecisionOut_schema, "decision", out));
    DecisionRow row = {0};
    StoredVerdict stored = {0};
    TRY(decision_row(cx, in->decision.id, &row, &stored));
    out->exposure_before = stored.exposure_before;
    out->exposure_after = stored.exposure_after;
    out->limit = stored.tightest->limit;
    out->available_after = stored.tightest->available_after;
    out->limit_currency = limit_currency(out->exposure_after, out->available_after);
    out->group = stored.group;
    out->inputs = row.facts;
    out->version = 1;
    out->rules = stored.rules;
    return ERR_OK;
}

typedef struct ReplayOut {
    bool same;
    const char *outcome;
    List rules;
} ReplayOut;

SCHEMA(ReplayOut,
    F_BOOL(ReplayOut, same, .doc = "The judgement of the stored facts comes out as it was stored."),
    F_TEXT(ReplayOut, outcome),
    F_LIST(ReplayOut, rules, CreditRuleView, .view = credit_rules_view));

/* Judges what was stored, by the policy it names. */
static Err decision_judge(Ctx *cx,
    const Policy *policy,
    const DecisionRow *row,
    const StoredVerdict *stored,
    CreditVerdict *ret_verdict)
{
    CreditFacts facts = {0};
    TRY(run_decode(cx, &CreditFacts_schema, row->facts, &facts));
    if (!credit_facts_hold(policy, (Gate)stored->gate, &facts)) {
        return db_damaged(cx, "the facts of a decision do not hold together");
    }
    credit_judge(cx->arena, policy, (Gate)stored->gate, &facts, ret_verdict);
    return ERR_OK;
}

static bool is_same_verdict(const StoredVerdict *stored, const CreditVerdict *verdict)
{
    CreditVerdict before = {
        .gate = stored->gate, .outcome = stored->outcome, .rules = stored->rules};
    return credit_verdict_equals(&before, verdict);
}

OP(decision_replay,
    DecisionIn,
    ReplayOut,
    POST("/decisions/{decision}/replay"),
    .effect = EFFECT_READ,
    .needs = PERM_READ,
    .summary = "Judge a stored decision again from what it stored.")
{
    DecisionRow row = {0};
    StoredVerdict stored = {0};
    CreditVerdict verdict = {0};
    const Policy *policy = NULL;
    TRY(decision_row(cx, in->decision.id, &row, &stored));
    TRY(policy_load_version(cx, row.policy_version, &policy));
    TRY(decision_judge(cx, policy, &row, &stored, &verdict));
    out->same = is_same_verdict(&stored, &verdict);
    out->outcome = outcome_names[verdict.outcome];
    out->rules = verdict.rules;
    return ERR_OK;
}

/* ---- Lists ---- */

typedef struct DecisionRecord {
    Id id;
    Ref account;
    Ref partner;
    const char *partner_name;
    const char *owner;
    int gate;
    int outcome;
    Ref order;
    const char *order_number;
    int64_t policy_version;
    Date on;
} DecisionRecord;

SCHEMA(DecisionRecord,
    F_ID(DecisionRecord, id, "decision"),
    F_ACCOUNT(DecisionRecord),
    F_ENUM(DecisionRecord, gate, gate_names, .flags = FIELD_FILTER),
    F_ENUM(DecisionRecord, outcome, outcome_names, .flags = FIELD_FILTER),
    F_REF(DecisionRecord, order, "order", .flags = FIELD_FILTER),
    F_ORDER_NUMBER(DecisionRecord),
    F_INT(DecisionRecord, policy_version),
    F_DATE(DecisionRecord, on, .column = "decided_on", .flags = FIELD_SORT));

static const Record record_decision = {
    .name = "decision",
    .path = "/decisions",
    .letter = 'D',
    .schema = &DecisionRecord_schema,
    .verbs = VERB_LIST | VERB_HISTORY,
    .reads = PERM_READ,
    .date_field = "on",
    .partner_join = ACCOUNT_JOIN,
    .summary = "a credit decision",
};

static const RefKind ref_decision = {
    .name = "decision", .letter = 'D', .account = "account_id", .called = "gate"};

/* ---- Proof: decisions come out again as they were stored ---- */

/* That none was altered its fingerprint tells; that this program still judges the same is asked of
 * all since the last day closed but one, and of every fourth before it. */
static const Sql sql_decisions_page = {
    "SELECT id, policy_version, facts, rules FROM decision WHERE id > $1"
    " AND (id % 4 = 0 OR id > COALESCE((SELECT MAX(s.id) FROM seal s"
    "   WHERE s.id < (SELECT MAX(x.id) FROM seal x)), 0)) ORDER BY id LIMIT $2",
    .in = "ki",
    .out = "kitt",
};

/* Whether it can be read and comes out the same. What is refused on the way is its own fault. */
static bool decision_holds(Ctx *cx, const Policy *policy, const DecisionRow *row)
{
    StoredVerdict stored = {0};
    CreditVerdict verdict = {0};
    bool is_read = policy != NULL && verdict_read(cx, row->rules, &stored) == ERR_OK &&
                   decision_judge(cx, policy, row, &stored, &verdict) == ERR_OK;
    err_clear(cx);
    return is_read && is_same_verdict(&stored, &verdict);
}

/* Versions follow each other, so the policy at hand is mostly the next one's too. */
static void decisions_page_check(Ctx *cx, const List *page, DbSay say, void *user)
{
    const Policy *policy = NULL;
    int64_t version = 0;
    for (size_t i = 0; i < page->count; i++) {
        const DecisionRow *row = LIST_AT(*page, DecisionRow, i);
        if (row->policy_version != version) {
            version = row->policy_version;
            policy = policy_load_version(cx, version, &policy) == ERR_OK ? policy : NULL;
        }
        ArenaMark mark = arena_mark(cx->arena);
        if (!decision_holds(cx, policy, row)) {
            char id[ID_TEXT_SIZE];
            id_format('D', row->id, id);
            say(user, arena_printf(
                          cx->arena, "decision %s cannot be read, or comes out differently", id));
        }
        arena_rewind(cx->arena, mark);
    }
}

static Err decisions_check(Ctx *cx, DbSay say, void *user)
{
    enum { PAGE = 100 };
    size_t count = PAGE;
    for (Id after = 0; count == PAGE;) {
        ArenaMark mark = arena_mark(cx->arena);
        List page;
        TRY(row_list(cx, &sql_decisions_page, ARGS(arg_i64(after), arg_i64(PAGE)),
            &DecisionRow_schema, &page));
        count = page.count;
        after = count == 0 ? 0 : LIST_AT(page, DecisionRow, count - 1)->id;
        decisions_page_check(cx, &page, say, user);
        arena_rewind(cx->arena, mark);
    }
    return ERR_OK;
}
static const Check check_decisions = {
    .name = "decisions come out again as they were stored", .run = decisions_check};

const Feature credit_feature = {
    .name = "credit",
    .ops = (const Op *const[]){&op_decision_get, &op_decision_replay, NULL},
    .records = (const Record *const[]){&record_decision, NULL},
    .refs = (const RefKind *const[]){&ref_decision, NULL},
    .checks = (const Check *const[]){&check_decisions, NULL},
    .facts = (const Fact *const[]){&fact_decision, NULL},
};
