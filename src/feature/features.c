/* The list of features. */
#include "feature/features.h"

const Feature *const features[] = {
    &org_feature,
    &user_feature,
    &token_feature,
    &session_feature,
    &partner_feature,
    &contact_feature,
    &relation_feature,
    &product_feature,
    &territory_feature,
    &period_feature,
    &approval_feature,
    &rate_feature,
    &account_feature,
    &account_view_feature,
    &ledger_feature,
    &policy_feature,
    &limit_feature,
    &credit_feature,
    &exposure_feature,
    &order_entry_feature,
    &order_feature,
    &release_feature,
    &promise_feature,
    NULL,
};
