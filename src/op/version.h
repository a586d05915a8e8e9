/* Versions of records: what an action is compared with (If-Match) and what an answer tells (ETag).
 * Private to op/. */
#ifndef GUANXI_OP_VERSION_H
#define GUANXI_OP_VERSION_H

#include "op/run_state.h"

/* Whether the operation acts on a record that its path names, so that it takes If-Match. */
bool version_is_compared(const Op *op);
/* The version that an answer shows; 0: none. */
int64_t version_shown(const Schema *schema, const void *out);
/* Whether what it answers tells the version of a record. */
bool version_is_told(const Op *op);
/* ERR_VERSION_STALE when the caller named another version of what the path names. */
Err version_compare(Ctx *cx, const Run *run) MUST_CHECK;
/* The version of what was made or acted on, now that it is audited. */
Err version_tell(Ctx *cx, const Run *run, Reply *reply) MUST_CHECK;
/* What was told then, of a stored reply. */
Err version_told(Ctx *cx, Id audit_id, const char *body, int64_t *ret_version) MUST_CHECK;

#endif
