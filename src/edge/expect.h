/* What a journal line expects of its reply, and the names it keeps from it. */
#ifndef GUANXI_EDGE_EXPECT_H
#define GUANXI_EDGE_EXPECT_H

#include "base/ctx.h"

#include <jansson.h>

/* NULL when `document` contains what `expect` names, else a sentence about the first difference.
 * Members of expect are members or paths ("decision.outcome", "items.0.status"); objects are
 * compared by the members expected, lists as a whole, null stands for an absent member too. */
const char *expect_compare(Arena *arena, const json_t *expect, const json_t *document);
/* True for an expected refusal: {"code": "ERR_…"}. */
bool expect_is_refusal(const json_t *expect);
/* Keeps members of the reply under the names that `save` gives. NULL, or why it cannot. */
const char *names_keep(Arena *arena, json_t *saved, const json_t *save, const json_t *reply);
/* Replaces each text "$name" inside root by what was kept under it; "$$…" stands for "$…".
 * ERR_FIELD_INVALID when nothing was kept under a name. */
Err names_put_in(Ctx *cx, const json_t *saved, json_t *root) MUST_CHECK;

#endif
