/* Releases of held orders: how much, for how long, for which rules, resting on which promise. */
#ifndef GUANXI_RULES_RELEASE_H
#define GUANXI_RULES_RELEASE_H

#include "base/date.h"
#include "rules/credit.h"

enum {
    RELEASE_DAYS_MAX = 30,      /* and default */
    RELEASE_REQUEST_DAYS = 7,   /* then a request lapses: the day after is too late */
    RELEASE_SUM_DAYS = 30,      /* the ladder adds releases of so many days */
    RELEASE_WORSE_PERCENT = 10, /* covered values may be so much worse */
};

/* ---- when it is given */

/* The promise a release is to rest on; has_promise false: none. */
typedef struct ReleaseAsk {
    Date today;
    Money open_amount; /* of the order */
    Money amount_max;  /* absent: the open amount */
    Date expires_on;   /* DATE_NONE: the default */
    bool has_promise;
    Money promise_amount;
    Date promise_due_on;
} ReleaseAsk;

typedef struct ReleaseTerms {
    Money amount_max; /* what is moved to `ordered` and covered, summed over shipments */
    Date expires_on;  /* last day of its validity */
} ReleaseTerms;

/* Checks the request against the excess of the whole order (account's currency) and fills the
 * terms. Faults: amount_max (not positive, above the open amount), promise.amount (below
 * release_excess()), promise.due_on (past, or beyond promise_max_days),
 * expires_on (before today, or too late). */
MUST_CHECK bool release_check(const Policy *policy,
    const ReleaseAsk *ask,
    Money excess,
    ReleaseTerms *ret_terms,
    Fault *ret_fault);

/* The excess a release stands for, in sums and rules: the smaller of the excess when given and
 * amount_max. */
Money release_excess(Money excess, Money amount_max);
/* By how much a valid release raises the limit at the shipment gate. For another order's
 * shipment: release_excess(). For a shipment of its own order also what was above the limit
 * before it was given: exposure when given + amount_max - limit when given, at least
 * release_excess(); else a release of an account that is over its limit already could never
 * ship. `limit` not set counts as 0. */
Money release_raise(
    bool is_own_order, Money excess, Money amount_max, Money exposure_before, LimitValue limit);

/* ---- the ladder */

/* An earlier release of the account, home currency. */
typedef struct ReleaseGiven {
    Date given_on;
    Money excess;  /* release_excess(), or the covered amount where that decided */
    Money settled; /* paid since on that order's invoices */
} ReleaseGiven;

/* Sum over the releases given in the last 30 days: max(0, excess - settled). */
Money release_recent_sum(Currency home, const ReleaseGiven *given, size_t count, Date today);
/* What the ladder looks at: the larger of the verdict's excess and, where open_counts, the open
 * amount (home), plus the recent sum. */
Money release_ladder_amount(const CreditVerdict *verdict, Money open_amount, Money recent_sum);
/* True when the open amount, not the excess, is what the ladder looked at; then that is summed
 * later. */
bool release_open_decides(const CreditVerdict *verdict, Money open_amount);

/* ---- while it stands */

/* Valid until the end of its last day, shipped or not, unless ended. A promise past its window
 * and unpaid counts as broken already. */
typedef struct ReleaseFacts {
    Date today;
    Date expires_on;
    bool is_ended;           /* withdrawn, void or broken */
    bool promise_is_kept;    /* or there is none, or as much has come as it asks for */
    Date promise_window_end; /* DATE_NONE: no promise */
} ReleaseFacts;

bool release_is_valid(const ReleaseFacts *facts);

/* May the shipment go? True when no rule of the shipment verdict is refuse, `limit` (against the
 * raised limit) does not hold, and every other rule that holds is covered by one of the
 * release's rules (CreditRule list; empty without a release). */
bool release_lets_ship(List given_rules, const CreditVerdict *shipment);
/* The rules a release is given for: those of the verdict that hold (not refuse). */
List release_rules(Arena *arena, const CreditVerdict *verdict);

#endif
