/* Conflicts first, then the ladder. */
#include "rules/ladder.h"

#include "base/buf.h"
#include "rules/wide.h"

/* "The last N days" includes today - N. */
static bool is_recent(const ConflictFacts *facts, Date on)
{
    return on != DATE_NONE && on >= facts->today - facts->conflict_days;
}

Conflict ladder_conflict(const ConflictFacts *facts)
{
    if (facts->is_system) {
        return CONFLICT_SYSTEM;
    }
    if (facts->is_solo) {
        return CONFLICT_NONE;
    }
    if (facts->requested) {
        return CONFLICT_IS_REQUESTER;
    }
    if (facts->owns || is_recent(facts, facts->owned_on) ||
        (!facts->partner_has_owner && is_recent(facts, facts->handled_on))) {
        return CONFLICT_OWNS_RELATION;
    }
    if (is_recent(facts, facts->entertained_on)) {
        return CONFLICT_ENTERTAINED;
    }
    return facts->vouched && !facts->vouches_in_it ? CONFLICT_VOUCHED : CONFLICT_NONE;
}

/* Index of the step: the first whose up_to is at least the amount. The policy has passed
 * policy_check(). */
static size_t ladder_step(const Policy *policy, LadderAmount amount)
{
    const PolicyStep *steps = policy->approval.items;
    size_t last = policy->approval.count - 1;
    if (amount.is_last_step) {
        return last;
    }
    if (!amount.has_amount) {
        return 0;
    }
    Decimal needed = money_to_decimal(amount.amount);
    size_t i = 0;
    while (i < last && decimal_cmp(needed, steps[i].up_to) > 0) {
        i++;
    }
    return i;
}

uint32_t ladder_roles(const Policy *policy, LadderAmount amount)
{
    const PolicyStep *steps = policy->approval.items;
    return steps[ladder_step(policy, amount)].roles;
}

Consent ladder_consent(uint32_t needed, uint32_t given, uint32_t role)
{
    if ((needed & role) == 0) {
        return CONSENT_NOT_NEEDED;
    }
    return (needed & ~(given | role)) == 0 ? CONSENT_COMPLETE : CONSENT_PENDING;
}

const char *ladder_roles_text(Arena *arena, uint32_t roles)
{
    Buf text = buf_in(arena);
    for (int i = 1; consent_role_names[i] != NULL; i++) {
        uint32_t bit = consent_of(i);
        if ((roles & bit) == 0) {
            continue;
        }
        bool is_last = (roles & ~(bit * 2 - 1)) == 0;
        if (text.length > 0) {
            buf_str(&text, is_last ? " and " : ", ");
        }
        buf_str(&text, consent_role_names[i]);
    }
    return buf_text(&text);
}
