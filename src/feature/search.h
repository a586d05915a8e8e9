/* By what partners, accounts, contacts and products are found. Documents are found by the index of
 * their number; orders keep terms of the texts that the organisation added, where they have any. */
#ifndef GUANXI_FEATURE_SEARCH_H
#define GUANXI_FEATURE_SEARCH_H

#include "base/ctx.h"

/* Called by whoever wrote a record of the kind ("partner", "account", "contact", "product",
 * "order") or removed it: its search terms are made anew. */
Err search_refresh(Ctx *cx, const char *kind, Id record_id) MUST_CHECK;

#endif
