/* Saved views: how somebody looks at a list, for themselves or for all of us. What a view says (the
 * filter, the columns, their order …) is the business of who shows lists, and kept as text. Beside
 * them what a list comes to, which every list of the program can be asked. */
#include "feature/features.h"

#include "op/op.h"
#include "op/record_total.h"
#include "op/run.h"

#include <string.h>

typedef struct View {
    Id id;
    const char *list;
    const char *name;
    const char *query;
    bool shared;
    bool pinned;
    Ref owner;
    int64_t version;
} View;

SCHEMA(View,
    F_ID(View, id, "view"),
    F_TEXT(View,
        list,
        .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
        .max_len = 64,
        .doc = "What is listed: the name of a record, such as partner."),
    F_TEXT(View, name, .flags = FIELD_REQUIRED | FIELD_SORT),
    F_TEXT(View, query, REQUIRED, .max_len = 4096, .doc = "Kept as it is given."),
    F_BOOL(View, shared, .column = "is_shared", .doc = "All of us see it."),
    F_BOOL(View, pinned, .column = "is_pinned", .doc = "Shown first."),
    F_REF(View, owner, "user", .flags = FIELD_OUTPUT | FIELD_FILTER),
    F_INT(View, version, .flags = FIELD_OUTPUT));

/* NULL: there is no such list. */
static const Op *list_op(Ctx *cx, const char *list)
{
    const Op *op = op_by_name(arena_printf(cx->arena, "%s_list", list));
    return op != NULL && op->record != NULL && op->record_verb == VERB_LIST ? op : NULL;
}

static Err unknown_list(Ctx *cx, const char *list)
{
    return err_set(cx, ERR_FIELD_INVALID, "list", "There is no list of \"%s\".", list);
}

static Err owner_only(Ctx *cx, const View *view)
{
    if (cx->actor->role == ROLE_SYSTEM || view->owner.id == cx->actor->user_id) {
        return ERR_OK;
    }
    return err_set(cx, ERR_FORBIDDEN, "view", "Only %s changes this view.",
        view->owner.text == NULL ? "the system" : view->owner.text);
}

static Err view_check(Ctx *cx, const void *before, void *after)
{
    View *view = after;
    if (before != NULL) {
        return owner_only(cx, before);
    }
    if (list_op(cx, view->list) == NULL) {
        return unknown_list(cx, view->list);
    }
    view->owner.id = cx->actor->user_id;
    return ERR_OK;
}

static Err view_wrote(Ctx *cx, const void *before, const void *after)
{
    return after == NULL ? owner_only(cx, before) : ERR_OK;
}

static Err view_args(Ctx *cx, Arg *ret_args)
{
    ret_args[0] = arg_i64(cx->actor->user_id);
    return ERR_OK;
}

static const Record record_view = {
    .name = "view",
    .table = "saved_view",
    .path = "/views",
    .letter = 'Q',
    .schema = &View_schema,
    .verbs = VERB_GET | VERB_LIST | VERB_CHANGE | VERB_CREATE | VERB_REMOVE,
    .reads = PERM_READ,
    .writes = PERM_READ,
    .sight = "(r.is_shared OR r.owner_id = $1)",
    .args_in = "i",
    .args = view_args,
    .check = view_check,
    .wrote = view_wrote,
    .fails = {ERR_FORBIDDEN, ERR_FIELD_INVALID},
    .summary = "a saved view of a list",
};

static const RefKind ref_view = {.name = "view", .table = "saved_view", .letter = 'Q'};

/* ---- list_totals ---- */

typedef struct ListTotalsIn {
    const char *list;
    ListParams params;
    const char *group;
} ListTotalsIn;

SCHEMA(ListTotalsIn,
    F_TEXT(ListTotalsIn, list, REQUIRED, .max_len = 64, .doc = "A record, such as partner."),
    {.name = "filter",
        .type = FIELD_TEXT,
        .max_len = 4096,
        .offset = offsetof(ListTotalsIn, params.filter),
        .doc = "As the list itself takes it."},
    {.name = "from", .type = FIELD_DATE, .offset = offsetof(ListTotalsIn, params.from)},
    {.name = "until", .type = FIELD_DATE, .offset = offsetof(ListTotalsIn, params.until)},
    F_TEXT(ListTotalsIn, group, .doc = "A field by whose values it is told, too."));

OP(list_totals,
    ListTotalsIn,
    ListTotals,
    GET("/lists/{list}/totals"),
    .effect = EFFECT_READ,
    .needs = PERM_READ,
    .summary = "How many rows a list finds, and the sums of their amounts.",
    FAILS(ERR_FIELD_INVALID, ERR_FORBIDDEN))
{
    const Op *op = list_op(cx, in->list);
    if (op == NULL) {
        return unknown_list(cx, in->list);
    }
    if (!actor_may(cx->actor, op->needs)) {
        return err_set(cx, ERR_FORBIDDEN, "list", "Your role does not read this list.");
    }
    return record_totals(cx, op->record, &in->params, in->group, out);
}

const Feature view_feature = {
    .name = "view",
    .ops = (const Op *const[]){&op_list_totals, NULL},
    .records = (const Record *const[]){&record_view, NULL},
    .refs = (const RefKind *const[]){&ref_view, NULL},
};
