/* The list of features. */
#include "feature/features.h"

const Feature *const features[] = {
    &org_feature,
    &territory_feature,
    &product_feature,
    &user_feature,
    NULL,
};
