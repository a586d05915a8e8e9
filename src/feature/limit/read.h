/* Reading limits. */
#ifndef GUANXI_FEATURE_LIMIT_READ_H
#define GUANXI_FEATURE_LIMIT_READ_H

#include "op/op.h"

extern const Record record_limit;
extern const RefKind ref_limit;

#endif
