/* From method and path to the operation: a tree of path segments, built once from the operation
 * table. */
#ifndef GUANXI_EDGE_ROUTE_H
#define GUANXI_EDGE_ROUTE_H

#include "op/op.h"

enum { ROUTE_SEGMENTS_MAX = 8 };

typedef struct Route Route; /* a node of the tree */

typedef struct RouteMatch {
    const Op *op;                          /* NULL: no operation has this method and path */
    unsigned methods;                      /* bit m: the path takes METHOD m */
    const char *names[ROUTE_SEGMENTS_MAX]; /* of the path's members, in the arena */
    const char *texts[ROUTE_SEGMENTS_MAX]; /* as they came, percent-encoded */
    size_t count;
} RouteMatch;

/* Of all operations with a path; in the arena. */
const Route *route_start(Arena *arena);
/* `path` is below /api/v1 and begins with a slash. A literal segment goes before a member. */
RouteMatch route_find(const Route *root, Arena *arena, const char *path, Method method);

#endif
