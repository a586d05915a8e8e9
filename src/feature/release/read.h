/* Reading releases. */
#ifndef GUANXI_FEATURE_RELEASE_READ_H
#define GUANXI_FEATURE_RELEASE_READ_H

#include "op/op.h"

extern const Record record_release;
extern const RefKind ref_release;

#endif
