/* What was taken back with the import that made it. */
#ifndef GUANXI_FEATURE_IMPORT_RUN_H
#define GUANXI_FEATURE_IMPORT_RUN_H

#include "base/ctx.h"

/* Whether the operation `inverse` was done to a record when its import was taken back: then another
 * import may bring it again. */
Err import_is_undone(Ctx *cx, Id id, const char *inverse, bool *ret_undone) MUST_CHECK;

#endif
