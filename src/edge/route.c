/* The table of addresses: a tree of their segments, made once from the operations. */
#include "edge/route.h"

#include <string.h>

struct Route {
    const char *text; /* NULL: a member */
    Route *next;      /* sibling; the member comes last */
    Route *below;
    const Op *ops[METHOD_COUNT];
};

typedef struct Walk {
    const char *segments[ROUTE_SEGMENTS_MAX];
    bool is_member[ROUTE_SEGMENTS_MAX];
    size_t count;
    Method method;
    unsigned methods;
} Walk;

/* Splits at slashes; false when there are too many. "/" has none. */
static bool segments_split(Arena *arena, const char *path, Walk *walk)
{
    walk->count = 0;
    for (const char *at = path; *at == '/' && at[1] != '\0'; at += 1 + strcspn(at + 1, "/")) {
        if (walk->count == ROUTE_SEGMENTS_MAX) {
            return false;
        }
        walk->segments[walk->count++] = arena_copy(arena, at + 1, strcspn(at + 1, "/"));
    }
    return true;
}

static Route *route_below(Arena *arena, Route *node, const char *segment)
{
    bool is_member = segment[0] == '{';
    Route **place = &node->below;
    while (*place != NULL && (*place)->text != NULL) {
        if (!is_member && strcmp((*place)->text, segment) == 0) {
            return *place;
        }
        place = &(*place)->next;
    }
    if (is_member && *place != NULL) {
        return *place;
    }
    Route *route = arena_alloc(arena, sizeof *route);
    route->text = is_member ? NULL : segment;
    route->next = *place;
    *place = route;
    return route;
}

const Route *route_start(Arena *arena)
{
    Route *root = arena_alloc(arena, sizeof *root);
    for (size_t i = 0; i < op_count(); i++) {
        const Op *op = op_at(i);
        Walk walk = {0};
        if (op->path == NULL) {
            continue;
        }
        bool is_split = segments_split(arena, op->path, &walk);
        ASSERT(is_split);
        Route *node = root;
        for (size_t s = 0; s < walk.count; s++) {
            node = route_below(arena, node, walk.segments[s]);
        }
        ASSERT(node->ops[op->method] == NULL);
        node->ops[op->method] = op;
    }
    return root;
}

static const Op *walk_here(const Route *node, Walk *walk)
{
    for (int m = 0; m < METHOD_COUNT; m++) {
        if (node->ops[m] != NULL) {
            walk->methods |= 1u << m;
        }
    }
    return node->ops[walk->method];
}

/* As deep as ROUTE_SEGMENTS_MAX. A literal whose rest does not fit gives way to the member. */
static const Op *walk_from(const Route *node, Walk *walk, size_t depth)
{
    if (depth == walk->count) {
        return walk_here(node, walk);
    }
    for (const Route *at = node->below; at != NULL; at = at->next) {
        if (at->text != NULL && strcmp(at->text, walk->segments[depth]) != 0) {
            continue;
        }
        walk->is_member[depth] = at->text == NULL;
        const Op *op = walk_from(at, walk, depth + 1);
        if (op != NULL) {
            return op;
        }
    }
    return NULL;
}

RouteMatch route_find(const Route *root, Arena *arena, const char *path, Method method)
{
    RouteMatch match = {0};
    Walk walk = {.method = method};
    if (!segments_split(arena, path, &walk)) {
        return match;
    }
    match.op = walk_from(root, &walk, 0);
    match.methods = walk.methods;
    const char *brace = match.op == NULL ? NULL : match.op->path;
    for (size_t s = 0; match.op != NULL && s < walk.count; s++) {
        if (!walk.is_member[s]) {
            continue;
        }
        brace = strchr(brace, '{');
        ASSERT(brace != NULL);
        brace++;
        match.names[match.count] = arena_copy(arena, brace, strcspn(brace, "}"));
        match.texts[match.count++] = walk.segments[s];
    }
    return match;
}
