/* The judgement: facts in, verdict out. One function for every path that raises exposure.
 *
 * Who prepares what (the caller, in its transaction, on figures after the change and with full
 * sight):
 * - figures of the account itself are in the account's currency;
 * - each ancestor's row is in the home currency: its limit converted, its exposures the group's
 *   sums of max(0, member) (exposure_group() in rules/move.h);
 * - the partner's track record is in the home currency;
 * - `rate` is the account's currency in home units; unset when it is the home currency, or when
 *   credit_needs_rate() says that nothing has to be converted. Whoever has no rate where one is
 *   needed answers ERR_RATE_MISSING before judging. The judge converts thresholds' counterparts
 *   itself. Facts are stored with the decision as JSON and are all that a replay needs besides
 *   the policy. */
#ifndef GUANXI_RULES_CREDIT_H
#define GUANXI_RULES_CREDIT_H

#include "rules/move.h"
#include "rules/policy.h"

enum { CREDIT_CHAIN_MAX = 16 }; /* the account and its ancestors */

/* Exposure after the change when orders wanted more than `days` after the business date are left
 * out (of each member before the max(0, …), for a group). One for each horizon of the policy's
 * limit rules; a horizon without one is judged on all orders. Not used at shipment. */
typedef struct CreditHorizon {
    int64_t days;
    Currency currency;
    Money exposure_after;
} CreditHorizon;

SCHEMA(CreditHorizon,
    F_INT(CreditHorizon, days, .min = 0, .max = 3650),
    F_CURRENCY(CreditHorizon, currency, REQUIRED),
    F_MONEY(CreditHorizon, exposure_after));

/* One ancestor, in the home currency. */
typedef struct CreditAncestor {
    const char *account;   /* code */
    Currency currency;     /* home */
    int state;             /* AccountState; its `stop` binds the children */
    LimitValue limit;      /* its own, in force on the business date */
    Money raised;          /* shipment: excess over THIS limit of the group's valid releases */
    Money exposure_before; /* the group's; at shipment what is out of the house */
    Money exposure_after;
    List horizons; /* CreditHorizon */
} CreditAncestor;

SCHEMA(CreditAncestor,
    F_TEXT(CreditAncestor, account, REQUIRED),
    F_CURRENCY(CreditAncestor, currency, REQUIRED),
    F_ENUM(CreditAncestor, state, account_state_names),
    F_LIMIT(CreditAncestor, limit),
    F_MONEY(CreditAncestor, raised),
    F_MONEY(CreditAncestor, exposure_before),
    F_MONEY(CreditAncestor, exposure_after),
    F_LIST(CreditAncestor, horizons, CreditHorizon));

/* The partner's record over all its accounts, in the home currency, which is known from here.
 * NULL in the facts stands for an empty record, the account's currency being the home currency. */
typedef struct CreditTrack {
    Currency currency;         /* home */
    int64_t broken_promises;   /* ended broken in the last 365 days */
    Money promise_broken_open; /* what broken and partly kept ones of 365 days still lack */
    int64_t promise_level;     /* level that a new promise would have: 1 and up */
    int64_t releases_365d;     /* given in the last 365 days, the one judged not among them */
    Money released_excess;     /* excess of the valid releases, the one judged not among them */
} CreditTrack;

SCHEMA(CreditTrack,
    F_CURRENCY(CreditTrack, currency, REQUIRED),
    F_INT(CreditTrack, broken_promises, .flags = FIELD_ZERO),
    F_MONEY(CreditTrack, promise_broken_open, .flags = FIELD_ZERO),
    F_INT(CreditTrack, promise_level),
    F_INT(CreditTrack, releases_365d, .flags = FIELD_ZERO),
    F_MONEY(CreditTrack, released_excess, .flags = FIELD_ZERO));

/* Of an order that a rule of the shipment gate stopped: what that gate looks at beside the facts of
 * the order gate, as if all that is open of the order shipped. Its own release does not count. */
typedef struct CreditGoods {
    Currency currency; /* the account's */
    Position *before;
    Position *after;
    Money group_before;
    Money group_after;
    List ancestors; /* CreditAncestor */
    Money raised;
} CreditGoods;

SCHEMA(CreditGoods,
    F_CURRENCY(CreditGoods, currency, REQUIRED),
    F_OBJECT(CreditGoods, before, Position),
    F_OBJECT(CreditGoods, after, Position),
    F_MONEY(CreditGoods, group_before),
    F_MONEY(CreditGoods, group_after),
    F_LIST(CreditGoods, ancestors, CreditAncestor),
    F_MONEY(CreditGoods, raised));

/* All that a judgement looks at. Absent money counts as zero. */
typedef struct CreditFacts {
    const char *account; /* code */
    const char *tier;    /* the partner's; NULL: none */
    Date on;             /* business date */
    Currency currency;
    Decimal rate;       /* home units for one unit */
    int state;          /* AccountState of the account itself; 0 counts as normal */
    LimitValue limit;   /* its OWN limit in force on the business date; not the inherited one */
    Position *before;   /* components before and after the change, side by side */
    Position *after;    /* at shipment: this shipment moved from ordered to shipped */
    Money group_before; /* when accounts stand below it: its limit is the group's; absent: none */
    Money group_after;
    List horizons;  /* CreditHorizon; the group's when accounts stand below it */
    List ancestors; /* CreditAncestor, the nearest first; the root last */
    Money raised;   /* shipment: excess of the valid releases (release_raise()), the group's too */
    Money order_amount; /* the order's total */
    Money moving;       /* pay_down: order gate: the order's open amount; shipment: this shipment */
    int64_t overdue_days;       /* past due of the oldest invoice with overdue_min open; 0: none */
    Money overdue;              /* all that is past due */
    int64_t unbilled_days;      /* since the oldest shipment not invoiced; 0: none */
    Money received_since_state; /* money received since the state was set */
    Money shipped_since_state;  /* shipments since, the one judged not among them */
    Money amount_max; /* release: what is to be released; absent: `moving`, the open amount */
    CreditTrack *track;
    CreditGoods *goods; /* release; NULL: no rule of the shipment gate holds the order */
} CreditFacts;

SCHEMA(CreditFacts,
    F_TEXT(CreditFacts, account, REQUIRED),
    F_TEXT(CreditFacts, tier),
    F_DATE(CreditFacts, on, REQUIRED),
    F_CURRENCY(CreditFacts, currency, REQUIRED),
    F_DECIMAL(CreditFacts, rate, .scale_max = 9),
    F_ENUM(CreditFacts, state, account_state_names),
    F_LIMIT(CreditFacts, limit),
    F_OBJECT(CreditFacts, before, Position),
    F_OBJECT(CreditFacts, after, Position),
    F_MONEY(CreditFacts, group_before),
    F_MONEY(CreditFacts, group_after),
    F_LIST(CreditFacts, horizons, CreditHorizon),
    F_LIST(CreditFacts, ancestors, CreditAncestor),
    F_MONEY(CreditFacts, raised),
    F_MONEY(CreditFacts, order_amount),
    F_MONEY(CreditFacts, moving),
    F_INT(CreditFacts, overdue_days, .flags = FIELD_ZERO),
    F_MONEY(CreditFacts, overdue, .flags = FIELD_ZERO),
    F_INT(CreditFacts, unbilled_days, .flags = FIELD_ZERO),
    F_MONEY(CreditFacts, received_since_state),
    F_MONEY(CreditFacts, shipped_since_state),
    F_MONEY(CreditFacts, amount_max),
    F_OBJECT(CreditFacts, track, CreditTrack),
    F_OBJECT(CreditFacts, goods, CreditGoods));

/* One rule of a verdict, typed. Stored with the decision (and with a release: the rules it was
 * given for); shown through credit_rules_view(). Which members count is told by rule_unit(kind);
 * a member that is absent is shown as null. */
typedef struct CreditRule {
    int kind;            /* RuleKind */
    int gate;            /* Gate it was judged for; stored where it is not that of the verdict */
    int outcome;         /* Outcome: pass when it does not apply */
    const char *account; /* limit: the account of the chain; else NULL */
    Currency currency;   /* of value and limit; home for amounts held against a policy amount */
    Money value;         /* limit, amounts; account_state: what has yet to come in */
    LimitValue limit;    /* limit: what the value is held against (at shipment: the raised one) */
    Money excess;        /* limit: value above the limit, at least 0; not set counts as 0 */
    OptInt number;       /* days, counts, level */
    Percent percent;
    int state;         /* account_state */
    Decimal threshold; /* percent, days, counts, amounts */
    int state_threshold;
    OptInt horizon_days; /* limit */
} CreditRule;

SCHEMA(CreditRule,
    F_ENUM(CreditRule, kind, rule_kind_names, REQUIRED),
    F_ENUM(CreditRule, gate, gate_names),
    F_ENUM(CreditRule, outcome, outcome_names, .usual = OUTCOME_PASS),
    F_TEXT(CreditRule, account),
    F_CURRENCY(CreditRule, currency),
    F_MONEY(CreditRule, value),
    F_LIMIT(CreditRule, limit),
    F_MONEY(CreditRule, excess),
    F_OPT_INT(CreditRule, number),
    F_PERCENT(CreditRule, percent),
    F_ENUM(CreditRule, state, account_state_names),
    F_DECIMAL(CreditRule, threshold),
    F_ENUM(CreditRule, state_threshold, account_state_names),
    F_OPT_INT(CreditRule, horizon_days));

/* What an account of the chain may owe, and what is left of it. Of an ancestor in the home
 * currency, of the account itself in its own; not stored, since the rules say it already. */
typedef struct CreditLink {
    const char *account;
    Currency currency;
    LimitValue limit;       /* its own, else the nearest ancestor's; raised at shipment */
    const char *limit_from; /* whose it is; NULL when no limit is set from here on up */
    Money exposure;         /* after the change; the group's where accounts stand below it */
    Money available;        /* left under that limit for whoever may use it, below 0 when over;
                               absent when not set or unlimited */
} CreditLink;

/* Whose exposure the tightest limit is held against, where that is not the account's own alone: of
 * the account above that has the limit, or of the group that the account is the head of. */
typedef struct CreditGroup {
    const char *account; /* NULL: it is held against the account's own */
    Currency currency;
    Money exposure_before; /* at shipment what is out of the house */
    Money exposure_after;
} CreditGroup;

SCHEMA(CreditGroup,
    F_TEXT(CreditGroup, account),
    F_CURRENCY(CreditGroup, currency),
    F_MONEY(CreditGroup, exposure_before),
    F_MONEY(CreditGroup, exposure_after));

typedef struct CreditVerdict {
    int gate;              /* Gate judged */
    int outcome;           /* of the heaviest rule */
    int order_outcome;     /* without release-gate rules; pass, warn: nothing to release */
    Money exposure_before; /* the account's own; at shipment what is out of the house */
    Money exposure_after;
    LimitValue limit;       /* of the tightest account of the chain; raised at shipment */
    const char *limit_from; /* whose it is; NULL when no limit is set anywhere */
    CreditGroup group;
    Money available_after; /* left under that limit, in its currency, below 0 when over;
                               absent when not set or unlimited */
    Money excess;          /* the largest of the chain, in the account's currency: what a promise
                               must be worth; a limit that is not set has none */
    Money excess_home;     /* the same in the home currency, for the ladder; absent without rate */
    bool open_counts;      /* ladder: another rule holds or no limit is set */
    List chain;            /* CreditLink; the account itself, then its ancestors */
    List rules;            /* CreditRule; every rule of the gate, pass included */
} CreditVerdict;

/* What has to come in before the account's own state lets the change pass: in advance (prepay), or
 * since the state was set (pay_down). Zero: it passes, or money does not help. */
Money credit_state_lacks(const Policy *policy, const CreditFacts *facts);
/* Must facts.rate be given? True when the account is in another currency than home and something
 * has to be converted: ancestors, or a money threshold that meets an amount other than zero. */
bool credit_needs_rate(const Policy *policy, Gate gate, const CreditFacts *facts, Currency home);

/* The currency that ancestors and the track are in. */
Currency credit_home(const CreditFacts *facts);
/* Can they be judged? For stored facts, which somebody may have edited: what credit_judge()
 * asserts. */
bool credit_facts_hold(const Policy *policy, Gate gate, const CreditFacts *facts);

/* Judges at GATE_ORDER, GATE_SHIPMENT, or GATE_RELEASE (lists order-gate rules, with goods those
 * that the shipment gate alone judges, then release-gate ones). The policy has passed
 * policy_check(). Pure: the same facts give the same verdict. */
void credit_judge(Arena *arena,
    const Policy *policy,
    Gate gate,
    const CreditFacts *facts,
    CreditVerdict *ret_verdict);

/* A rule as replies show it. */
typedef struct CreditRuleView {
    const char *kind;
    const char *value;     /* JSON: decimal string, number, state or null */
    const char *threshold; /* JSON, the same */
    const char *outcome;
    const char *text;    /* an English sentence */
    const char *account; /* limit */
    const char *lacks;   /* JSON: decimal string or null */
} CreditRuleView;

SCHEMA(CreditRuleView,
    F_TEXT(CreditRuleView, kind),
    F_JSON(CreditRuleView, value),
    F_JSON(CreditRuleView, threshold),
    F_TEXT(CreditRuleView, outcome),
    F_TEXT(CreditRuleView, text),
    F_TEXT(CreditRuleView, account),
    F_JSON(CreditRuleView,
        lacks,
        .doc = "Of account_state: what has yet to come in, in the account's currency."));

/* CreditRule list -> CreditRuleView list, for decisions just made and for stored ones. */
List credit_rules_view(Arena *arena, List rules);
/* The sentence of one rule, from its codes and figures. */
const char *credit_rule_text(Arena *arena, const CreditRule *rule);
/* True when both verdicts have the same outcome and the same rules, figure by figure: for
 * replay. */
bool credit_verdict_equals(const CreditVerdict *a, const CreditVerdict *b);

#endif
