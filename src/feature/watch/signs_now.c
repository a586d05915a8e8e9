/* Signs of what is a fact as soon as it is done, whatever the calendar says: alerts about them do
 * not wait for the close of the day, which finds them raised. */
#include "feature/features.h"

#include "feature/policy.h"
#include "feature/watch/signs.h"

static Err signs_now(Ctx *cx, Id account_id, const Id *touched, size_t count)
{
    const Policy *policy = NULL;
    TRY(policy_load(cx, &policy));
    for (size_t i = 0; i < count; i++) {
        TRY(signs_self_approved(cx, touched[i]));
    }
    if (account_id == 0) {
        return ERR_OK;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(signs_beyond(cx, policy, account_id, touched[i]));
    }
    TRY(signs_limits(cx, policy, account_id));
    return signs_promises(cx, account_id);
}

const Feature signs_feature = {.name = "signs", .watch = signs_now};
