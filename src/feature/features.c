/* The list of features. */
#include "feature/features.h"

const Feature *const features[] = {
    &org_feature,
    &product_feature,
    &rate_feature,
    NULL,
};
