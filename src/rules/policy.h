/* The credit policy: a document that people edit as sentences. Its schema, its default, its
 * validation, and which of its rules apply to an account. Amounts are in the home currency. */
#ifndef GUANXI_RULES_POLICY_H
#define GUANXI_RULES_POLICY_H

#include "base/schema.h"
#include "rules/fault.h"

/* What a rule looks at. The last four are judged at release only. */
typedef enum RuleKind {
    RULE_NONE,
    RULE_LIMIT,
    RULE_LIMIT_USE,
    RULE_OVERDUE_DAYS,
    RULE_OVERDUE_AMOUNT,
    RULE_OVERDUE_SHARE,
    RULE_UNBILLED_DAYS,
    RULE_BROKEN_PROMISES,
    RULE_ORDER_AMOUNT,
    RULE_ACCOUNT_STATE,
    RULE_PROMISE_BROKEN_OPEN,
    RULE_PROMISE_LEVEL,
    RULE_RELEASES_365D,
    RULE_RELEASE_EXCESS_PERCENT,
    RULE_RELEASED_EXCESS_OPEN,
    RULE_KIND_COUNT
} RuleKind;

typedef enum Gate {
    GATE_NONE,
    GATE_ORDER,
    GATE_SHIPMENT,
    GATE_BOTH, /* of a rule: order and shipment; never the gate that is judged */
    GATE_RELEASE,
    GATE_COUNT
} Gate;

/* Ascending in weight. A policy's rule is warn, hold or refuse; pass is what a rule answers that
 * does not apply. */
typedef enum Outcome {
    OUTCOME_NONE,
    OUTCOME_PASS,
    OUTCOME_WARN,
    OUTCOME_HOLD,
    OUTCOME_REFUSE,
    OUTCOME_COUNT
} Outcome;

/* Ascending in gravity. */
typedef enum AccountState {
    STATE_NONE,
    STATE_NORMAL,
    STATE_WATCH,
    STATE_PREPAY,
    STATE_PAY_DOWN,
    STATE_STOP,
    STATE_COUNT
} AccountState;

/* FIELD_ENUM tables: [0] is "", NULL at the end. */
extern const char *const rule_kind_names[];
extern const char *const gate_names[];
extern const char *const outcome_names[];
extern const char *const account_state_names[];
/* Roles that can stand in a ladder, in the order of op/actor.h's role_names, so that role r
 * consents with consent_of(r). */
extern const char *const consent_role_names[];
static inline uint32_t consent_of(int64_t role)
{
    return role > 0 ? (uint32_t)1 << (role - 1) : 0;
}

/* What the threshold and the value of a kind are. */
typedef enum RuleUnit {
    UNIT_NONE,    /* limit: the threshold is the limit itself */
    UNIT_PERCENT, /* numbers, compared unrounded */
    UNIT_DAYS,
    UNIT_COUNT,
    UNIT_AMOUNT, /* decimal strings, home currency */
    UNIT_STATE,
} RuleUnit;

RuleUnit rule_unit(RuleKind kind);

/* Whom a rule is for: exactly one of the two. */
typedef struct PolicyScope {
    const char *account; /* code */
    const char *tier;
} PolicyScope;

SCHEMA(PolicyScope,
    F_TEXT(PolicyScope, account, .doc = "Code of the one account the rule is for."),
    F_TEXT(PolicyScope, tier, .doc = "Tier of partners the rule is for."));

typedef struct PolicyRule {
    int kind;              /* RuleKind */
    const char *threshold; /* JSON: number, decimal string or state; absent for limit */
    int gate;              /* Gate */
    int outcome;           /* Outcome: warn, hold or refuse */
    OptInt horizon_days;   /* limit: orders wanted later than this many days ahead do not count */
    PolicyScope *scope;    /* NULL: everybody */
    /* Not in the document; policy_check() fills them from `threshold`. */
    Decimal number; /* percent, days, count, amount */
    int state;      /* AccountState */
} PolicyRule;

SCHEMA(PolicyRule,
    F_ENUM(PolicyRule, kind, rule_kind_names, REQUIRED),
    F_JSON(PolicyRule,
        threshold,
        .doc = "A value above it makes the rule apply; states: this or graver."),
    F_ENUM(PolicyRule, gate, gate_names, REQUIRED),
    F_ENUM(PolicyRule, outcome, outcome_names, REQUIRED),
    F_OPT_INT(PolicyRule, horizon_days, .min = 0, .max = 3650),
    F_OBJECT(PolicyRule, scope, PolicyScope));

/* One step of the approval ladder. */
typedef struct PolicyStep {
    List all_of;   /* int: places in consent_role_names, in the order of the document */
    Decimal up_to; /* largest amount of this step; unset (null): no end, the last step */
    /* Not in the document; policy_check() fills it. */
    uint32_t roles; /* consent_of bits; all of them consent, each by another person */
} PolicyStep;

SCHEMA(PolicyStep,
    F_LIST_OF(PolicyStep, all_of, FIELD_ENUM, .names = consent_role_names, REQUIRED),
    F_DECIMAL(PolicyStep,
        up_to,
        .scale_min = 2,
        .doc = "Largest amount of this step; null in the last one."));

enum { POLICY_RULES_MAX = 200, POLICY_STEPS_MAX = 20 };

typedef struct Policy {
    OptInt version; /* of the document; given back by policy_set so that a stale one shows */
    List rules;     /* PolicyRule */
    int64_t promise_tolerance_days;
    Decimal promise_tolerance_amount;
    int64_t promise_max_days;
    const char *partly_share; /* JSON number above 0, at most 1 */
    int64_t conflict_days;
    Decimal small_amount;
    Decimal overdue_min;
    const char *pay_down_ratio; /* JSON number above 0, at most 100 */
    List approval;              /* PolicyStep, ascending */
    /* Not in the document; policy_check() fills them. */
    Decimal partly;
    Decimal ratio;
} Policy;

SCHEMA(Policy,
    F_OPT_INT(Policy, version),
    F_LIST(Policy,
        rules,
        PolicyRule,
        .flags = FIELD_REQUIRED | FIELD_MAY_BE_EMPTY,
        .max_len = POLICY_RULES_MAX),
    F_INT(Policy, promise_tolerance_days, REQUIRED, .min = 0, .max = 365),
    F_DECIMAL(
        Policy, promise_tolerance_amount, REQUIRED, .scale_min = 2, .min = 0, .max = 1000000000),
    F_INT(Policy, promise_max_days, REQUIRED, .min = 0, .max = 365),
    F_JSON(Policy, partly_share, REQUIRED),
    F_INT(Policy, conflict_days, REQUIRED, .min = 0, .max = 3650),
    F_DECIMAL(Policy, small_amount, REQUIRED, .scale_min = 2, .min = 0, .max = 1000000000),
    F_DECIMAL(Policy, overdue_min, REQUIRED, .scale_min = 2, .min = 0, .max = 1000000000),
    F_JSON(Policy, pay_down_ratio, REQUIRED),
    F_LIST(Policy, approval, PolicyStep, REQUIRED, .max_len = POLICY_STEPS_MAX));

/* What a new database has, checked already. */
void policy_default(Arena *arena, Policy *ret_policy);
/* Validates a decoded document and fills the members that are not in it; also puts numbers into
 * their plain form ("0.8"). Call it after every decode, of stored policies too. False: ret_fault
 * says why. */
MUST_CHECK bool policy_check(Arena *arena, Policy *policy, Fault *ret_fault);

/* True when rules[i] is judged for this account at this gate (order, shipment or release;
 * GATE_BOTH is order and shipment): the most specific scope that has any rule of its kind
 * decides that kind, account before tier before everybody. tier may be NULL. */
bool policy_applies(
    const Policy *policy, size_t i, Gate gate, const char *account, const char *tier);
/* The lowest threshold of the warn rules of a kind that apply to everybody, for alerts; unset
 * when there is none. */
Decimal policy_watch_level(const Policy *policy, RuleKind kind);

#endif
