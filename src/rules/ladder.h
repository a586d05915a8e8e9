/* Approvals: who may not consent, which step of the ladder an amount needs, and what a consent
 * does. */
#ifndef GUANXI_RULES_LADDER_H
#define GUANXI_RULES_LADDER_H

#include "base/date.h"
#include "rules/policy.h"

/* In the order in which they are told. */
typedef enum Conflict {
    CONFLICT_NONE,
    CONFLICT_IS_REQUESTER,  /* ERR_APPROVER_IS_REQUESTER */
    CONFLICT_OWNS_RELATION, /* ERR_APPROVER_OWNS_RELATION */
    CONFLICT_ENTERTAINED,   /* ERR_APPROVER_ENTERTAINED */
    CONFLICT_VOUCHED,       /* ERR_APPROVER_VOUCHED */
    CONFLICT_SYSTEM,        /* ERR_FORBIDDEN: the system cannot approve */
} Conflict;

/* One possible approver against one request about one partner. Days are the last ones on which
 * it was so; DATE_NONE: never. */
typedef struct ConflictFacts {
    Date today;
    int64_t conflict_days; /* policy; "the last N days" includes today - N */
    bool is_system;
    bool is_solo;           /* the firm of one person: only CONFLICT_SYSTEM remains */
    bool requested;         /* asked for it, placed it or last changed it */
    bool partner_has_owner; /* today */
    bool owns;              /* is its owner today */
    Date owned_on;          /* last day as its owner */
    Date handled_on;        /* last order placed or contact logged; counts without an owner */
    Date entertained_on;    /* last hospitality either way, reversed entries included */
    bool vouched;           /* for the promise the request rests on */
    bool vouches_in_it;     /* the promise is made with this release by this approver */
} ConflictFacts;

Conflict ladder_conflict(const ConflictFacts *facts);

/* What is to be approved, in the home currency. */
typedef struct LadderAmount {
    bool is_last_step; /* policy, an unlimited limit */
    bool has_amount;   /* without one: the first step */
    Money amount;
} LadderAmount;

/* The roles that step asks for, consent_of bits. */
uint32_t ladder_roles(const Policy *policy, LadderAmount amount);

typedef enum Consent {
    CONSENT_NOT_NEEDED, /* ERR_APPROVAL_LEVEL: the step does not ask for this role */
    CONSENT_PENDING,    /* taken; other roles are missing */
    CONSENT_COMPLETE,   /* taken; it was the last one */
} Consent;

/* `given`: roles that other persons have consented with; `role`: consent_of the caller's, 0 for
 * none. Who has consented already does not come here again (once a person: the caller of this
 * function checks). The step may have changed since earlier consents; roles that it no longer
 * asks for are ignored. */
Consent ladder_consent(uint32_t needed, uint32_t given, uint32_t role);
/* The roles still missing, "credit and manager", for sentences. */
const char *ladder_roles_text(Arena *arena, uint32_t roles);

#endif
