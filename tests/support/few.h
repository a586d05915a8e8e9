/* A few records over the program's own tables, so that op/ is tested without features. */
#ifndef GUANXI_TESTS_FEW_H
#define GUANXI_TESTS_FEW_H

#include "op/op.h"

/* territory and partner: everything; product: all but remove; invoice: reading. */
extern const Feature *const few_features[];

#endif
