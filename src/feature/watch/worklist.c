/* The worklist: what needs the caller, dearest first.
 * It is read from the books each time; nothing is kept for it. */
#include "feature/features.h"

#include "feature/approval.h"
#include "feature/order.h"
#include "feature/policy.h"
#include "op/op.h"
#include "op/run.h"
#include "rules/ladder.h"

#include "base/limits.h"

#include <string.h>

typedef struct WorklistIn {
    OptInt limit;
    const char *cursor;
} WorklistIn;

SCHEMA(WorklistIn,
    F_OPT_INT(WorklistIn, limit, .min = 1, .max = 500, .doc = "Rows of a page; 50 when absent."),
    F_TEXT(WorklistIn, cursor, .doc = "`next` of the page before."));

typedef struct WorkItem {
    const char *what;
    const char *id;
    const char *number;
    const char *account;
    const char *partner;
    const char *partner_name;
    const char *for_whom;
    const char *why;
    Date due;
    Currency currency;
    Money amount;
    Money whole;
} WorkItem;

SCHEMA(WorkItem,
    F_TEXT(WorkItem,
        what,
        .doc = "approval, held_order, promise_due, step_due, overdue or hospitality_named"),
    F_TEXT(WorkItem, id),
    F_TEXT(WorkItem, number),
    F_TEXT(WorkItem, account),
    F_TEXT(WorkItem, partner),
    F_TEXT(WorkItem, partner_name),
    F_TEXT(WorkItem, for_whom, .doc = "The role or the person it waits for."),
    F_TEXT(WorkItem, why),
    F_DATE(WorkItem, due),
    F_CURRENCY(WorkItem, currency),
    F_MONEY(WorkItem, amount, .doc = "What of it waits; of an order what is held."),
    F_MONEY(WorkItem, whole, .doc = "All of a held order."));

typedef struct WorklistOut {
    List items;
    const char *next;
} WorklistOut;

SCHEMA(WorklistOut,
    F_LIST(WorklistOut, items, WorkItem),
    F_TEXT(WorklistOut, next, .doc = "Cursor of the next page; null after the last."));

#define WORK_HELD_ON ORDER_HELD_ON_NOW("o", "$1")
#define WORK_HELD_AGAIN ORDER_IS_HELD_AGAIN("o", "$1")

/* Each source answers: id, number, account, partner, for whom, why, due, currency,
 * amount, the partner's name, and of an order its total; oldest duty first. $2: whose partners, and
 * those nobody owns; 0: everybody's. $4: the last of the page before, whatever has become of it
 * since; 0: none. */
static const Sql sql_work_held_list = {
    "SELECT o.id, o.number, a.code, p.code, NULL, 'order held', " WORK_HELD_ON
    ", a.currency, " ORDER_TO_GO(
        "o") ", p.name, o.total"
             " FROM sales_order o JOIN account a ON a.id = o.account_id JOIN partner p ON p.id = "
             "a.partner_id"
             " WHERE ((o.status = 'held' AND o.held_on <= $1) OR " WORK_HELD_AGAIN ")"
             " AND ($4 = 0 OR o.total < (SELECT l.total FROM sales_order l WHERE l.id = $4)"
             "   OR (o.total = (SELECT l.total FROM sales_order l WHERE l.id = $4) AND o.id > $4))"
             " AND ($2 = 0 OR COALESCE(p.owner_id, $2) = $2) AND {visible:p}"
             " ORDER BY o.total DESC, o.id LIMIT $3",
    .in = "diii",
    .out = "ktttttdtiti",
};

static const Sql sql_work_promises_list = {
    "SELECT m.id, NULL, a.code, p.code, u.name, 'promise due', m.due_on, a.currency, m.lacks,"
    " p.name"
    " FROM promise m JOIN account a ON a.id = m.account_id JOIN partner p ON p.id = a.partner_id"
    " LEFT JOIN app_user u ON u.id = m.vouched_by_id"
    " WHERE m.status = 'open' AND m.due_on <= $1 AND m.window_end_on >= $1"
    " AND ($4 = 0 OR m.due_on > (SELECT l.due_on FROM promise l WHERE l.id = $4)"
    "   OR (m.due_on = (SELECT l.due_on FROM promise l WHERE l.id = $4) AND m.id > $4))"
    " AND ($2 = 0 OR COALESCE(p.owner_id, $2) = $2) AND {visible:p}"
    " ORDER BY m.due_on, m.id LIMIT $3",
    .in = "diii",
    .out = "ktttttdtit",
};

/* What was agreed to come next with a partner, until an activity follows that does it. Theirs who
 * noted it as well, whoever owns the relation. */
static const Sql sql_work_steps_list = {
    "SELECT v.id, NULL, NULL, p.code, u.name, COALESCE(v.next_step, 'step due'), v.next_on,"
    " g.currency, CAST(NULL AS BIGINT), p.name"
    " FROM activity v JOIN org g ON g.id = 1 JOIN partner p ON p.id = v.partner_id"
    " LEFT JOIN app_user u ON u.id = v.logged_by_id"
    " WHERE v.next_on <= $1 AND v.status = 'posted'"
    " AND NOT EXISTS (SELECT 1 FROM activity f WHERE f.follows_id = v.id AND f.status = 'posted')"
    " AND ($4 = 0 OR v.next_on > (SELECT l.next_on FROM activity l WHERE l.id = $4)"
    "   OR (v.next_on = (SELECT l.next_on FROM activity l WHERE l.id = $4) AND v.id > $4))"
    " AND ($2 = 0 OR v.logged_by_id = $2 OR COALESCE(p.owner_id, $2) = $2) AND {visible:p}"
    " ORDER BY v.next_on, v.id LIMIT $3",
    .in = "diii",
    .out = "ktttttdtit",
};

static const Sql sql_work_overdue_list = {
    "SELECT i.id, i.number, a.code, p.code, u.name, 'invoice overdue', i.due_on, a.currency,"
    " i.open, p.name"
    " FROM invoice i JOIN account a ON a.id = i.account_id JOIN partner p ON p.id = a.partner_id"
    " LEFT JOIN app_user u ON u.id = p.owner_id"
    " WHERE i.open > 0 AND i.due_on < $1"
    " AND ($4 = 0 OR i.due_on > (SELECT l.due_on FROM invoice l WHERE l.id = $4)"
    "   OR (i.due_on = (SELECT l.due_on FROM invoice l WHERE l.id = $4) AND i.id > $4))"
    " AND ($2 = 0 OR COALESCE(p.owner_id, $2) = $2) AND {visible:p}"
    " ORDER BY i.due_on, i.id LIMIT $3",
    .in = "diii",
    .out = "ktttttdtit",
};

typedef struct Source {
    const char *what;
    const char *kind; /* of the reference, for its letter */
    const Sql *sql;
    const char *for_roles; /* letters as in op/perm.def */
    const char *for_whom;  /* when the row names nobody */
    bool has_whole;
} Source;

static const Source sources[] = {
    {"held_order", "order", &sql_work_held_list, "amsc", "credit", true},
    {"promise_due", "promise", &sql_work_promises_list, "amslc", "collections", false},
    {"step_due", "activity", &sql_work_steps_list, "ams", "sales", false},
    {"overdue", "invoice", &sql_work_overdue_list, "amslcf", "collections", false},
};

static bool source_is_for(const Source *source, Role role)
{
    static const char letters[ROLE_COUNT + 1] = " amsclfvp ";
    if (role == ROLE_SYSTEM || role == ROLE_VIEWER) {
        return true;
    }
    for (const char *at = source->for_roles; *at != '\0'; at++) {
        if (*at == letters[role]) {
            return true;
        }
    }
    return false;
}

static Err item_read(Ctx *cx, const Source *source, const Rows *row, WorkItem *ret_item)
{
    Currency currency = 0;
    TRY(db_currency(cx, row, 7, &currency));
    *ret_item = (WorkItem){
        .what = source->what,
        .id = id_text(cx->arena, ref_kind(source->kind)->letter, db_id(row, 0)),
        .number = db_text(row, 1),
        .account = db_text(row, 2),
        .partner = db_text(row, 3),
        .partner_name = db_text(row, 9),
        .for_whom = db_is_null(row, 4) ? source->for_whom : db_text(row, 4),
        .why = db_text(row, 5),
        .due = db_date(row, 6),
        .currency = currency,
        .amount = db_is_null(row, 8) ? (Money){0} : money_of(currency, db_i64(row, 8)),
        .whole = source->has_whole ? money_of(currency, db_i64(row, 10)) : (Money){0},
    };
    return ERR_OK;
}

/* ---- Approvals ---- */

/* Those that the caller has no part in so far; $2 the caller, $5 its role, which somebody else may
 * have consented for. */
static const Sql sql_work_approvals_list = {
    "SELECT r.id, o.number, a.code, p.code, NULL, r.operation, r.lapses_on, g.currency, r.amount,"
    " p.name, r.is_last_step, EXISTS (SELECT 1 FROM approval_consent c"
    "   WHERE c.approval_id = r.id AND c.role = $5)"
    " FROM approval r JOIN org g ON g.id = 1 LEFT JOIN account a ON a.id = r.account_id"
    " LEFT JOIN partner p ON p.id = r.partner_id"
    " LEFT JOIN sales_order o ON o.account_id = r.account_id AND o.id = r.subject_id"
    " WHERE r.status = 'pending' AND r.id > $4 AND (r.lapses_on IS NULL OR r.lapses_on >= $1)"
    " AND COALESCE(r.requested_by_id, 0) <> $2 AND COALESCE(r.placed_by_id, 0) <> $2"
    " AND COALESCE(r.changed_by_id, 0) <> $2 AND COALESCE(p.owner_id, 0) <> $2"
    " AND NOT EXISTS (SELECT 1 FROM approval_consent c WHERE c.approval_id = r.id"
    "   AND c.user_id = $2)"
    " AND {visible:p} ORDER BY r.id LIMIT $3",
    .in = "diiit",
    .out = "ktttttdtitbb",
};

static const Source approvals = {
    "approval", "approval", &sql_work_approvals_list, "amsclf", "who may approve", false};

/* Who can never consent sees all that waits: it is worth knowing. */
static bool is_onlooker(Role role)
{
    return role == ROLE_SYSTEM || role == ROLE_VIEWER;
}

/* Whether a consent for the caller's role stands; one that has fallen is to be given anew. */
static Err role_has_consented(Ctx *cx, const Rows *row, bool *ret_has)
{
    *ret_has = db_bool(row, 11);
    if (!*ret_has) {
        return ERR_OK;
    }
    Approval approval = {0};
    uint32_t roles = 0;
    TRY(approval_load(cx, db_id(row, 0), &approval));
    TRY(approval_roles_given(cx, &approval, &roles));
    *ret_has = (roles & consent_of(cx->actor->role)) != 0;
    return ERR_OK;
}

/* `item`: the request as it stands on the list. */
static bool step_needs(
    Ctx *cx, const Policy *policy, const Rows *row, const WorkItem *item, const char **ret_roles)
{
    LadderAmount amount = {.is_last_step = db_bool(row, 10),
        .has_amount = !db_is_null(row, 8),
        .amount = money_of(item->currency, db_i64(row, 8))};
    uint32_t roles = ladder_roles(policy, amount);
    Role role = cx->actor->role;
    *ret_roles = ladder_roles_text(cx->arena, roles);
    return is_onlooker(role) || (roles & consent_of(role)) != 0;
}

/* The items of the list come from these places, in this order; each has a kind of its own. */
static const char *const place_kinds[] = {
    "approval", "order", "promise", "activity", "invoice", "activity"};
enum { PLACE_APPROVALS = 0, PLACE_SOURCES = 1, PLACE_NAMED = PLACE_SOURCES + COUNT(sources) };
_Static_assert(COUNT(place_kinds) == PLACE_NAMED + 1, "a kind for each place");

typedef struct Work {
    WorkItem *items;
    size_t count;
    size_t room;
    size_t from;            /* the place where the page before ended */
    Id after;               /* its last item there; 0: this is the first page */
    const char *after_name; /* of who was named in it */
} Work;

static bool place_is_due(const Work *work, size_t place)
{
    return place >= work->from && work->count < work->room;
}

static Id place_after(const Work *work, size_t place)
{
    return place == work->from ? work->after : 0;
}

/* The id of an item, and behind it the name of who was named: one activity may name several. */
static Err cursor_read(Ctx *cx, const char *cursor, Work *work)
{
    char id[ID_TEXT_SIZE];
    char letter = '\0';
    size_t length = strnlen(cursor, sizeof id - 1);
    memcpy(id, cursor, length);
    id[length] = '\0';
    work->after_name = cursor + length;
    if (id_parse(id, &letter, &work->after)) {
        bool is_named = work->after_name[0] != '\0';
        while (work->from < COUNT(place_kinds) &&
               (ref_kind(place_kinds[work->from])->letter != letter ||
                   (is_named && work->from != PLACE_NAMED))) {
            work->from++;
        }
    }
    return work->after != 0 && work->from < COUNT(place_kinds)
               ? ERR_OK
               : err_set(cx, ERR_FIELD_INVALID, "cursor", "Give `next` of the page before.");
}

static const char *cursor_text(Arena *arena, const WorkItem *last)
{
    bool is_named = strcmp(last->what, "hospitality_named") == 0;
    return arena_printf(arena, "%s%s", last->id, is_named ? last->for_whom : "");
}

static Err approvals_read(Ctx *cx, Work *work)
{
    enum { PAGE = 200 };
    Role role = cx->actor->role;
    const Policy *policy = NULL;
    TRY(policy_load(cx, &policy));
    Id after = place_after(work, PLACE_APPROVALS);
    Rows rows = {.count = PAGE};
    while (rows.count == PAGE && work->count < work->room) {
        TRY(db_ask(cx, &sql_work_approvals_list,
            ARGS(arg_date(cx->today), arg_i64(is_onlooker(role) ? -1 : cx->actor->user_id),
                arg_i64(PAGE), arg_i64(after),
                arg_text(role < ROLE_SYSTEM ? role_names[role] : "")),
            &rows));
        while (db_next(&rows) && work->count < work->room) {
            after = db_id(&rows, 0);
            WorkItem *item = &work->items[work->count];
            bool has_consented = false;
            TRY(item_read(cx, &approvals, &rows, item));
            TRY(role_has_consented(cx, &rows, &has_consented));
            bool is_needed = step_needs(cx, policy, &rows, item, &item->for_whom);
            work->count += is_needed && !has_consented ? 1 : 0;
        }
    }
    return ERR_OK;
}

/* ---- Named at hospitality ---- */

/* Whom somebody else has put down as there may not consent for that partner, whether they were
 * there or not; so it is shown to them and to credit while something waits that it bars them from.
 * Sales and viewers consent to nothing. $3: who was named; 0: anybody. */
static const Sql sql_work_named_list = {
    "SELECT DISTINCT v.id, NULL, NULL, p.code, n.name, 'named at hospitality by ' || u.name,"
    " v.held_on, g.currency, v.cost, p.name"
    " FROM approval r JOIN org g ON g.id = 1 JOIN partner p ON p.id = r.partner_id"
    " JOIN activity v ON v.partner_id = r.partner_id JOIN app_user u ON u.id = v.logged_by_id"
    " JOIN activity_staff s ON s.activity_id = v.id JOIN app_user n ON n.id = s.user_id"
    " WHERE r.status = 'pending' AND (r.lapses_on IS NULL OR r.lapses_on >= $1)"
    " AND v.kind = 'hospitality' AND v.held_on >= $2 AND n.id <> u.id AND n.is_active = TRUE"
    " AND n.role <> 'sales' AND n.role <> 'viewer' AND ($3 = 0 OR n.id = $3) AND {visible:p}"
    " AND ($5 = 0 OR EXISTS (SELECT 1 FROM activity l WHERE l.id = $5"
    "   AND (v.held_on > l.held_on OR (v.held_on = l.held_on AND v.id > l.id)"
    "   OR (v.id = l.id AND n.name > $6))))"
    " ORDER BY v.held_on, v.id, n.name LIMIT $4",
    .in = "ddiiit",
    .out = "ktttttdtit",
};

static const Source named = {
    "hospitality_named", "activity", &sql_work_named_list, "amclf", "who was named", false};

static Err named_read(Ctx *cx, Work *work)
{
    const Policy *policy = NULL;
    TRY(policy_load(cx, &policy));
    Role role = cx->actor->role;
    bool is_for_all = is_onlooker(role) || role == ROLE_CREDIT;
    Rows rows;
    TRY(db_ask(cx, named.sql,
        ARGS(arg_date(cx->today), arg_date(cx->today - (Date)policy->conflict_days),
            arg_i64(is_for_all ? 0 : cx->actor->user_id),
            arg_i64((int64_t)(work->room - work->count)), arg_i64(place_after(work, PLACE_NAMED)),
            arg_text(work->after_name)),
        &rows));
    while (db_next(&rows)) {
        TRY(item_read(cx, &named, &rows, &work->items[work->count++]));
    }
    return ERR_OK;
}

static Err source_read(Ctx *cx, size_t at, Work *work)
{
    const Source *source = &sources[at];
    size_t place = PLACE_SOURCES + at;
    if (!place_is_due(work, place) || !source_is_for(source, cx->actor->role)) {
        return ERR_OK;
    }
    Id owner_id = cx->actor->role == ROLE_SALES ? cx->actor->user_id : 0;
    Rows rows;
    TRY(db_ask(cx, source->sql,
        ARGS(arg_date(cx->today), arg_i64(owner_id), arg_i64((int64_t)(work->room - work->count)),
            arg_i64(place_after(work, place))),
        &rows));
    while (db_next(&rows)) {
        TRY(item_read(cx, source, &rows, &work->items[work->count++]));
    }
    return ERR_OK;
}

/* Sources stand in the order of what it costs to leave them; within one,
 * rows come in that order already. */
OP(worklist_get,
    WorklistIn,
    WorklistOut,
    GET("/worklist"),
    .effect = EFFECT_READ,
    .needs = PERM_READ,
    .summary =
        "What needs the caller: approvals, held orders, promises due, next steps agreed with "
        "partners, overdue invoices, who was named at hospitality by others.",
    FAILS(ERR_FIELD_INVALID))
{
    size_t limit = in->limit.is_set ? (size_t)in->limit.value : LIMIT_PAGE_DEFAULT;
    Work work = {.room = limit + 1, .after_name = ""};
    work.items = arena_array(cx->arena, work.room, sizeof *work.items);
    if (in->cursor != NULL) {
        TRY(cursor_read(cx, in->cursor, &work));
    }
    if (place_is_due(&work, PLACE_APPROVALS) && source_is_for(&approvals, cx->actor->role)) {
        TRY(approvals_read(cx, &work));
    }
    for (size_t at = 0; at < COUNT(sources); at++) {
        TRY(source_read(cx, at, &work));
    }
    if (place_is_due(&work, PLACE_NAMED) && source_is_for(&named, cx->actor->role)) {
        TRY(named_read(cx, &work));
    }
    out->items = (List){work.items, work.count < limit ? work.count : limit};
    out->next = work.count > limit ? cursor_text(cx->arena, &work.items[limit - 1]) : NULL;
    return ERR_OK;
}

const Feature worklist_feature = {
    .name = "worklist",
    .ops = (const Op *const[]){&op_worklist_get, NULL},
};
