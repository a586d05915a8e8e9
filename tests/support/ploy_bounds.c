/* What every step of a sequence is held to. */
#include "support/ploy_bounds.h"

#include "support/ploy_scenes.h"

static const Sql sql_positions = {
    "SELECT a.id, a.parent_id, p.ordered + p.shipped + p.receivable + p.cheque - p.advance,"
    " p.shipped + p.receivable + p.cheque - p.advance, a.code FROM position p"
    " JOIN account a ON a.id = p.account_id ORDER BY a.id",
    "", "kkiit"};

static Bound *bound_of(Ploy *ploy, Id id)
{
    for (size_t i = 0; i < ploy->bound_count; i++) {
        if (ploy->bounds[i].id == id) {
            return &ploy->bounds[i];
        }
    }
    ASSERT(ploy->bound_count < PLOY_ACCOUNTS_MAX);
    Bound *bound = &ploy->bounds[ploy->bound_count++];
    *bound = (Bound){.id = id, .rate = 1000, .is_borrowed = true};
    return bound;
}

static int64_t limit_now(const Ploy *ploy, const Bound *bound)
{
    bool has_ended = bound->until != DATE_NONE && ploy->world.place.cx.today > bound->until;
    return has_ended ? bound->later : bound->limit;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

typedef struct Figures {
    Id parent;
    int64_t exposure;
    int64_t out;
    const char *code;
} Figures;

static const char *figure_fault(Ploy *ploy, const Bound *bound, const Figures *now)
{
    int64_t limit = limit_now(ploy, bound);
    const char *what = NULL;
    if (now->exposure > larger(limit, bound->exposure)) {
        what = "exposure";
    } else if (now->out > larger(limit + bound->released, bound->out)) {
        what = "out of the house";
    }
    if (what == NULL || bound->is_free || bound->is_borrowed) {
        return NULL;
    }
    return arena_printf(ploy->world.place.arena,
        "%s: %s above the limit of %lld: exposure %lld, was %lld; out %lld, was %lld", now->code,
        what, (long long)limit, (long long)now->exposure, (long long)bound->exposure,
        (long long)now->out, (long long)bound->out);
}

/* The sum over a group: what its members owe, none with less than nothing. */
typedef struct Group {
    Id head;
    int64_t before;
    int64_t now;
} Group;

static const char *group_fault(Ploy *ploy, const Group *group)
{
    const Bound *head = bound_of(ploy, group->head);
    int64_t limit = limit_now(ploy, head);
    if (head->is_free || group->now <= larger(limit, group->before)) {
        return NULL;
    }
    return arena_printf(ploy->world.place.arena, "group above its limit of %lld: %lld, was %lld",
        (long long)limit, (long long)group->now, (long long)group->before);
}

/* A limit that somebody independent has set, or a new parent, ends what is known of the bound. */
static void approver_frees(Ploy *ploy, Bound *bound, const Figures *now)
{
    if (now->exposure > limit_now(ploy, bound)) {
        bound->released = larger(bound->released, now->exposure - limit_now(ploy, bound));
    }
}

static void group_count(Group *group, const Bound *bound, const Figures *now)
{
    bool is_head = bound->id == group->head;
    if (is_head || bound->parent == group->head) {
        group->before += larger(bound->exposure, 0) * bound->rate / 1000;
    }
    if (is_head || now->parent == group->head) {
        group->now += larger(now->exposure, 0) * bound->rate / 1000;
    }
}

const char *ploy_bounds_check(Ploy *ploy)
{
    Rows rows = world_ask(&ploy->world, &sql_positions, NO_ARGS);
    Group group = {.head = ploy->bounds[ploy_scenes_group_head].id};
    const char *fault = NULL;
    while (db_next(&rows)) {
        Bound *bound = bound_of(ploy, db_id(&rows, 0));
        Figures now = {db_id(&rows, 1), db_i64(&rows, 2), db_i64(&rows, 3), db_text(&rows, 4)};
        group_count(&group, bound, &now);
        if (ploy->is_approver_in) {
            approver_frees(ploy, bound, &now);
        } else if (fault == NULL) {
            fault = figure_fault(ploy, bound, &now);
        }
        bound->parent = now.parent;
        bound->exposure = now.exposure;
        bound->out = now.out;
    }
    if (fault == NULL && !ploy->is_approver_in) {
        fault = group_fault(ploy, &group);
    }
    return fault;
}

static const Sql sql_limits_granted = {"SELECT account_id FROM approval WHERE operation IN "
                                       "('limit_set', 'account_create') AND status = 'approved'",
    "", "k"};
static const Sql sql_alone = {
    "SELECT a.operation || ' of ' || COALESCE(u.name, 'the system') FROM approval a"
    " LEFT JOIN app_user u ON u.id = a.requested_by_id WHERE a.status = 'approved'"
    " AND a.operation <> 'order_release' AND NOT EXISTS (SELECT 1 FROM approval_consent c"
    " JOIN app_user b ON b.id = c.user_id WHERE c.approval_id = a.id"
    " AND b.name NOT IN ('sam', 'sue', 'lou'))",
    "", "t"};

const char *ploy_approvals_check(Ploy *ploy)
{
    Rows rows = world_ask(&ploy->world, &sql_limits_granted, NO_ARGS);
    while (db_next(&rows)) {
        bound_of(ploy, db_id(&rows, 0))->is_free = true;
    }
    rows = world_ask(&ploy->world, &sql_alone, NO_ARGS);
    if (db_next(&rows)) {
        return arena_printf(
            ploy->world.place.arena, "approved among themselves: %s", db_text(&rows, 0));
    }
    return NULL;
}
