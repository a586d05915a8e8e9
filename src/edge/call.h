/* `guanxi do`: one operation, also for the commands that are one operation under another name. */
#ifndef GUANXI_EDGE_CALL_H
#define GUANXI_EDGE_CALL_H

#include "edge/cli.h"
#include "op/op.h"

/* Runs op with these members. `shows`: prints this member of the reply bare instead of the whole
 * reply, unless JSON is asked for; NULL: the whole reply. */
Err call_run(
    Cli *cli, const Op *op, const json_t *members, const char *shows, int *ret_exit) MUST_CHECK;
/* The operation of this name, or a refusal that says where the names are. */
Err call_op(Ctx *cx, const char *name, const Op **ret_op) MUST_CHECK;

extern const SiteCommand call_site;

#endif
