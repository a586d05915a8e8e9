/* The list of features. */
#include "feature/features.h"

const Feature *const features[] = {
    &org_feature,
    &user_feature,
    &partner_feature,
    &product_feature,
    &territory_feature,
    &approval_feature,
    &rate_feature,
    &account_feature,
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
