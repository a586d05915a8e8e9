/* The request target: percent-decoding and the members of path and query. */
#ifndef GUANXI_EDGE_TARGET_H
#define GUANXI_EDGE_TARGET_H

#include "edge/route.h"

#include <jansson.h>

/* Decodes %XX, and '+' as a blank when is_query. Refuses (ERR_MALFORMED) broken escapes, NUL and
 * invalid UTF-8, naming `field`. */
Err target_decode(
    Ctx *cx, const char *field, const char *text, bool is_query, const char **ret_text) MUST_CHECK;
/* Adds the members of the query string as text. Refuses a name given twice. */
Err target_query(Ctx *cx, const char *query, json_t *members) MUST_CHECK;
/* Adds the members of the path. Refuses one that `members` has with another value. */
Err target_path(Ctx *cx, const RouteMatch *match, json_t *members) MUST_CHECK;

#endif
