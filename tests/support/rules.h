/* Policies, facts and verdicts as words, for tables of cases. */
#ifndef GUANXI_TESTS_RULES_H
#define GUANXI_TESTS_RULES_H

#include "rules/credit.h"

/* The default policy with its rules replaced: "kind gate outcome [threshold] [horizon=N]
 * [account=CODE|tier=NAME]", several with ";". Checked; fails the test when it is not sound. */
Policy *policy_from_text(Arena *arena, const char *text);
/* "name=value" words, see the table in rules.c. The account is "A", the date 2025-06-30. */
CreditFacts *facts_from_text(Arena *arena, const char *text);
/* "outcome value threshold" for each rule, several with "; "; with_accounts: limit rows begin with
 * theirs. */
const char *verdict_text(Arena *arena, const CreditVerdict *verdict, bool with_accounts);
/* "1250.00", "unlimited" or "none". */
const char *limit_text(Arena *arena, LimitValue limit);
LimitValue limit_from_text(const char *text, Currency currency);
Money money_from_text(const char *text, Currency currency);
Currency currency_from_text(const char *text);
Date day(const char *text);
int index_of_name(const char *const *names, const char *name);

/* Rules that many rows are about. */
#define LIMIT_O "limit order hold"
#define LIMIT_S "limit shipment hold"
#define USE "limit_use order warn 90"
#define PREPAY "account_state order hold prepay"
#define STOP "account_state order refuse stop"

#endif
