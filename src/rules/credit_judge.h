/* A judgement while it is made: what its files share. */
#ifndef GUANXI_RULES_CREDIT_JUDGE_H
#define GUANXI_RULES_CREDIT_JUDGE_H

#include "rules/credit.h"

/* One account of the chain with the limit that binds it. */
typedef struct Link {
    const char *account;
    Currency currency;
    LimitValue limit;       /* own, else the nearest ancestor's; raised at shipment */
    const char *limit_from; /* NULL: not set anywhere above */
    Money before;
    Money after;
    const List *horizons;
} Link;

typedef struct Judge {
    const Policy *policy;
    const CreditFacts *facts;
    CreditTrack track;
    Currency home;
    bool at_shipment;
    Position before;
    Position after;
    Link chain[CREDIT_CHAIN_MAX];
    size_t chain_count;
    const Link *tightest;
    Money excess;
    Money excess_home; /* absent without a rate */
    CreditRule *rules;
    size_t rule_count;
} Judge;

/* Absent money counts as zero. */
Money judge_money_in(Money money, Currency currency);
/* Of the account, in its currency. */
Money judge_own(const Judge *judge, Money money);
/* In the home currency; the caller of the judgement has asked credit_needs_rate(). */
Money judge_to_home(const Judge *judge, Money money);
/* Can exposure be above its limit? */
bool judge_link_binds(const Judge *judge, const Link *link);
/* Judges one rule: adds its row, or one for each account of the chain. */
void judge_rule(Judge *judge, const PolicyRule *rule, Gate gate);

#endif
