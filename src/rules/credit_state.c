/* What an account that has to pay before it gets goods still has to pay. */
#include "rules/credit.h"
#include "rules/wide.h"

/* Everything ordered and shipped is to be covered by money that is here. */
static int64_t prepay_lacks(const Position *after)
{
    return after->ordered.minor + after->shipped.minor - after->advance.minor;
}

/* Money received since the state was set, against what ships since. */
static int64_t pay_down_lacks(const Policy *policy, const CreditFacts *facts)
{
    int64_t shipped = facts->shipped_since_state.minor + facts->moving.minor;
    int64_t needed = 0;
    if (shipped <= 0) {
        return 0;
    }
    if (!wide_quotient_up(
            policy->ratio.units, shipped, wide_power10(policy->ratio.scale), &needed)) {
        return MONEY_MINOR_MAX;
    }
    return needed - facts->received_since_state.minor;
}

Money credit_state_lacks(const Policy *policy, const CreditFacts *facts)
{
    int64_t lacks = 0;
    if (facts->state == STATE_PREPAY && facts->after != NULL) {
        lacks = prepay_lacks(facts->after);
    } else if (facts->state == STATE_PAY_DOWN) {
        lacks = pay_down_lacks(policy, facts);
    }
    return money_of(facts->currency, lacks > 0 ? lacks : 0);
}
