/* The gate that every path passes which raises exposure: gathers the facts with full sight, has
 * them judged, stores the decision. */
#ifndef GUANXI_FEATURE_CREDIT_H
#define GUANXI_FEATURE_CREDIT_H

#include "base/ctx.h"
#include "feature/account.h"
#include "rules/credit.h"

/* An order that is to count as approved although it is not. */
typedef struct GateBeside {
    Id account_id;
    Money amount;
    Date wanted_on; /* DATE_NONE: now */
} GateBeside;

/* What is about to happen. Positions are the whole account's;
 * the caller prepares them with position_apply(). */
typedef struct GateCall {
    Gate gate; /* GATE_ORDER, GATE_SHIPMENT, GATE_RELEASE */
    const Account *account;
    Position before; /* at the order gate of a change: with the old order taken out */
    Position after;
    Id order_id;        /* the order concerned; 0: none, or one that has no id yet (preview) */
    Money order_amount; /* the order's total */
    Money moving;       /* order gate: its open amount; shipment gate: this shipment */
    Date wanted_on;     /* of the order; DATE_NONE: now */
    Money amount_max;   /* release gate */
    List besides;       /* GateBeside; the positions contain those of the account itself already */
    bool with_goods;    /* release gate: a rule of the shipment gate stopped the order's goods */
    bool is_anew;       /* shipment gate: the order's own release does not count */
    const char *document_kind; /* "sales_order", "shipment", "refund", "invoice" */
    Id document_id;
} GateCall;

/* A decision as replies show it. */
typedef struct DecisionView {
    Id id; /* 0: of a preview */
    int gate;
    int outcome;
    Money exposure_before;
    Money exposure_after;
    LimitValue limit;
    Money available_after;   /* in the currency of the tightest account */
    Currency limit_currency; /* 0: the account's own */
    CreditGroup *group;      /* NULL: the limit is held against the account's own exposure */
    List rules;              /* CreditRule, shown as CreditRuleView */
} DecisionView;

#define DECISION_LIMIT_CURRENCY_DOC                                                                \
    "Of limit and available_after, where it is not the account's: the limit of its group is the "  \
    "tightest."

#define DECISION_GROUP_DOC                                                                         \
    "What limit and available_after are held against where that is a group's exposure, in the "    \
    "currency of the limit; null: the account's own."

SCHEMA(DecisionView,
    F_ID(DecisionView, id, "decision"),
    F_ENUM(DecisionView, gate, gate_names),
    F_ENUM(DecisionView, outcome, outcome_names),
    F_MONEY(DecisionView, exposure_before),
    F_MONEY(DecisionView, exposure_after),
    F_LIMIT(DecisionView, limit),
    F_MONEY(DecisionView, available_after),
    F_CURRENCY(DecisionView, limit_currency, .doc = DECISION_LIMIT_CURRENCY_DOC),
    F_OBJECT(DecisionView, group, CreditGroup, .doc = DECISION_GROUP_DOC),
    F_LIST(DecisionView, rules, CreditRuleView, .view = credit_rules_view));

/* The decision of a reply: its row is kept, so audit need not. */
#define F_DECISION(T, m) F_OBJECT(T, m, DecisionView, .again = credit_decision_again)
/* Of any decision that a reply has shown. ERR_DB_DAMAGED when it is gone. */
Err credit_decision_again(Ctx *cx, Id decision_id, const void **ret_view) MUST_CHECK;

typedef struct Decision {
    Id id; /* 0: not stored */
    CreditFacts facts;
    CreditVerdict verdict;
    int64_t policy_version;
} Decision;

/* Judges; stores nothing. ERR_RATE_MISSING where a rate is needed. */
Err credit_judge_call(Ctx *cx, const GateCall *call, Decision *ret_decision) MUST_CHECK;
/* Stores the decision for the documents of the call, and gives it an id. */
Err credit_decision_store(Ctx *cx, const GateCall *call, Decision *decision) MUST_CHECK;
/* As replies show it, from the decision at hand or from the stored one; NULL id gives NULL. */
DecisionView *credit_decision_view(Ctx *cx, const Decision *decision);
Err credit_decision_load(Ctx *cx, Id decision_id, DecisionView **ret_view) MUST_CHECK;

/* How much an account's exposure has risen since the end of an earlier business date. */
Err credit_exposure_later(
    Ctx *cx, Id account_id, Currency currency, Date on, Money *ret_change) MUST_CHECK;
/* What a group owed at the end of the business date, its head included, in the head's currency.
 * Amounts in a currency without a rate are left out: it is for signs, not for judgements. */
Err credit_group_exposure(Ctx *cx, Id group_id, Currency currency, Money *ret_exposure) MUST_CHECK;
/* Exposure figures of an account as of the business date; `is_past`: of one that has been booked on
 * since, as they stood at its end. */
typedef struct Overdue {
    Money overdue;
    int64_t oldest_days;
} Overdue;
Err credit_overdue(Ctx *cx, const Account *account, bool is_past, Overdue *ret_overdue) MUST_CHECK;

#endif
