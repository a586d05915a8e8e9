/* Users: what their passwords, tokens and sessions need of each other. */
#ifndef GUANXI_FEATURE_USER_H
#define GUANXI_FEATURE_USER_H

#include "base/schema.h"
#include "op/fact.h"

/* What waits for a password of a user named `name`: its hash, for run_prepared. ERR_FIELD_INVALID
 * `password`: too short or long, known to everybody, or little more than the name. */
Err user_password_prepare(
    Ctx *cx, const char *password, const char *name, const void **ret_hash) MUST_CHECK;

/* Who signs in or proves himself again: the user and the hash the password was found right for. */
typedef struct Proof {
    Id user_id;
    const char *hash;
} Proof;
/* Finds the proof; *ret_is_right false: no such active user, none with a password, or a wrong one;
 * all take the same time. Slow: for `prepare`. */
Err user_prove(Ctx *cx,
    const char *name,
    const char *password,
    Proof *ret_proof,
    bool *ret_is_right) MUST_CHECK;
/* Is the proof still good within the writing transaction? */
Err user_proof_holds(Ctx *cx, const Proof *proof, bool *ret_holds) MUST_CHECK;

/* Stores the hash and ends the user's sessions but the caller's own. */
Err user_password_put(Ctx *cx, Id user_id, const char *hash) MUST_CHECK;
/* Ends the user's sessions but `kept_id` (0: none is kept). */
Err user_sessions_end(Ctx *cx, Id user_id, Id kept_id) MUST_CHECK;
Err user_tokens_revoke(Ctx *cx, Id user_id) MUST_CHECK;

/* The codes of the territories that limit a user's sight, as texts; none: it is not limited. */
Err user_territories(Ctx *cx, Id user_id, List *ret_codes) MUST_CHECK;

/* What a user may prefer. */
extern const char *const language_names[];
extern const char *const number_format_names[];
extern const char *const day_format_names[];

/* What is fact in app_user; see op/fact.h. */
#define USER_FACTS                                                                                 \
    "id, name, role, password_hash, partner_id, reports_to_id, is_active, created_on, language, "  \
    "numbers, days, version"
#define USER_LETTERS "ktttkkbdttti"
extern const Fact fact_user;

#endif
