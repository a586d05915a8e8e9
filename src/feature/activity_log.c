/* Logging what people do with partners: each contact has a purpose, a cost and those who were
 * there. Hospitality decides who may approve (feature/activity.h); a reversed entry goes on
 * counting for that. */
#include "feature/document.h"
#include "feature/features.h"
#include "feature/org.h"
#include "feature/shown.h"
#include "op/custom.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

static const char *const activity_kind_names[] = {"", "information", "market", "planning", "review",
    "training", "hospitality", "collection", "service", NULL};
enum { ACTIVITY_HOSPITALITY = 6, ACTIVITY_COLLECTION = 7 };

static const char *const direction_names[] = {"", "given", "received", NULL};

/* ---- activity_log ---- */

typedef struct ActivityLogIn {
    Ref partner;
    int kind;
    Date on;
    int direction;
    Decimal cost;
    OptInt minutes;
    const char *outcome;
    const char *note;
    Date next_on;
    const char *next_step;
    Ref follows;
    List contacts;
    List staff;
    const char *fields;
} ActivityLogIn;

SCHEMA(ActivityLogIn,
    F_REF(ActivityLogIn, partner, "partner", REQUIRED),
    F_ENUM(ActivityLogIn, kind, activity_kind_names, REQUIRED),
    F_DATE(
        ActivityLogIn, on, REQUIRED, .doc = "The day it took place; not after the business date."),
    F_ENUM(ActivityLogIn,
        direction,
        direction_names,
        .doc = "Hospitality: given (when absent) or received."),
    F_DECIMAL(ActivityLogIn,
        cost,
        .scale_max = 3,
        .min = 0,
        .max = 1000000000,
        .doc = "In home currency."),
    F_OPT_INT(ActivityLogIn, minutes, .min = 0, .max = 100000),
    F_TEXT(ActivityLogIn,
        outcome,
        .max_len = 255,
        .doc = "collection: new_date when it ended in another date."),
    F_TEXT(ActivityLogIn, note, .max_len = 4096),
    F_DATE(ActivityLogIn,
        next_on,
        .doc = "Day of the next step that was agreed; on it the worklist tells of it."),
    F_TEXT(ActivityLogIn, next_step, .max_len = 255, .doc = "What is to be done then."),
    F_REF(ActivityLogIn,
        follows,
        "activity",
        .doc = "The activity whose next step this was, which is done by it."),
    F_LIST_OF(ActivityLogIn, contacts, FIELD_REF, .to = "contact", .max_len = 50),
    F_LIST_OF(ActivityLogIn,
        staff,
        FIELD_REF,
        .to = "user",
        .max_len = 50,
        .doc = "Who of us was there, exactly; the caller alone when absent."),
    F_CUSTOM(ActivityLogIn, "activity"));

typedef struct ActivityReply {
    Id id;
    const char *status;
} ActivityReply;

SCHEMA(ActivityReply, F_ID(ActivityReply, id, "activity"), F_TEXT(ActivityReply, status));

#define ACTIVITY_FACTS                                                                             \
    "id, partner_id, kind, held_on, direction, cost, minutes, outcome, note, status, "             \
    "logged_by_id, logged_on, next_on, next_step, follows_id"
#define ACTIVITY_LETTERS "kktdtiitttkddtk"
static const Fact fact_activity = FACT("activity", 1, ACTIVITY_FACTS, ACTIVITY_LETTERS);

static const Sql sql_activity_insert = {
    "INSERT INTO activity (id, partner_id, kind, held_on, direction, cost, minutes, outcome, note, "
    "status, logged_by_id,"
    " logged_on, next_on, next_step, follows_id)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'posted', $10, $11, $12, $13, $14) "
    "RETURNING " ACTIVITY_FACTS,
    .in = "kktdtiittkddtk",
    .out = ACTIVITY_LETTERS,
};

#define CONTACT_THERE_FACTS "activity_id, contact_id"
#define CONTACT_THERE_LETTERS "kk"
static const Fact fact_contact_there =
    FACT("activity_contact", 2, CONTACT_THERE_FACTS, CONTACT_THERE_LETTERS);

static const Sql sql_contact_insert = {
    "INSERT INTO activity_contact (activity_id, contact_id) VALUES ($1, $2) ON CONFLICT DO NOTHING "
    "RETURNING " CONTACT_THERE_FACTS,
    .in = "kk",
    .out = CONTACT_THERE_LETTERS,
};

#define STAFF_THERE_FACTS "activity_id, user_id"
#define STAFF_THERE_LETTERS "kk"
static const Fact fact_staff_there =
    FACT("activity_staff", 2, STAFF_THERE_FACTS, STAFF_THERE_LETTERS);

static const Sql sql_staff_insert = {
    "INSERT INTO activity_staff (activity_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING "
    "RETURNING " STAFF_THERE_FACTS,
    .in = "kk",
    .out = STAFF_THERE_LETTERS,
};

static const Sql sql_contact_partner = {
    "SELECT partner_id FROM contact WHERE id = $1",
    .in = "k",
    .out = "k",
};

/* Collections log their calls. Credit logs no visits either, but who dined must be able to say so:
 * it bars them from giving consent. */
static Err kind_check(Ctx *cx, const char *field, int kind)
{
    if (cx->actor->role == ROLE_COLLECTIONS && kind != ACTIVITY_COLLECTION) {
        return err_set(
            cx, ERR_FORBIDDEN, field, "Collections log and take back collection activities.");
    }
    if (cx->actor->role == ROLE_CREDIT && kind != ACTIVITY_HOSPITALITY) {
        return err_set(cx, ERR_FORBIDDEN, field,
            "Credit logs hospitality alone, so that it counts; visits are for sales to log.");
    }
    return ERR_OK;
}

static const Sql sql_activity_next = {
    "SELECT partner_id, next_on, status FROM activity WHERE id = $1", .in = "k", .out = "kdt"};

/* A step is done by an activity with the same partner; and again, when that one is taken back. */
static Err follows_check(Ctx *cx, const ActivityLogIn *in)
{
    if (in->follows.id == 0) {
        return ERR_OK;
    }
    Rows rows;
    TRY(db_one(cx, &sql_activity_next, ARGS(arg_id(in->follows.id)), "an activity", &rows));
    bool is_step = db_id(&rows, 0) == in->partner.id && !db_is_null(&rows, 1) &&
                   strcmp(db_text(&rows, 2), "posted") == 0;
    return is_step ? ERR_OK
                   : err_set(cx, ERR_FIELD_INVALID, "follows",
                         "Name an activity of this partner that stands and has a next step.");
}

static Err next_check(Ctx *cx, const ActivityLogIn *in)
{
    if (in->next_step != NULL && in->next_on == DATE_NONE) {
        return err_set(
            cx, ERR_FIELD_REQUIRED, "next_on", "Say on which day the next step is to be done.");
    }
    if (in->next_on != DATE_NONE && in->next_on < in->on) {
        return err_set(
            cx, ERR_FIELD_INVALID, "next_on", "The next step comes after what was done.");
    }
    return follows_check(cx, in);
}

/* A visit may be logged late; the business date bounds it above. */
static Err activity_check(Ctx *cx, const ActivityLogIn *in)
{
    TRY(kind_check(cx, "kind", in->kind));
    if (in->on > cx->today) {
        return err_set(
            cx, ERR_FIELD_INVALID, "on", "What has not taken place yet cannot be logged.");
    }
    if (in->direction != 0 && in->kind != ACTIVITY_HOSPITALITY) {
        return err_set(
            cx, ERR_FIELD_INVALID, "direction", "Only hospitality is given or received.");
    }
    return next_check(cx, in);
}

static Err activity_people(Ctx *cx, Id activity_id, const ActivityLogIn *in)
{
    for (size_t i = 0; i < in->contacts.count; i++) {
        Id contact = LIST_AT(in->contacts, Ref, i)->id;
        Rows rows;
        TRY(db_ask(cx, &sql_contact_partner, ARGS(arg_id(contact)), &rows));
        if (!db_next(&rows) || db_id(&rows, 0) != in->partner.id) {
            return err_set(cx, ERR_FIELD_INVALID, arena_printf(cx->arena, "contacts.%zu", i),
                "This contact is not one of the partner's.");
        }
        TRY(fact_put(cx, &fact_contact_there, &sql_contact_insert,
            ARGS(arg_id(activity_id), arg_id(contact))));
    }
    for (size_t i = 0; i < in->staff.count; i++) {
        TRY(fact_put(cx, &fact_staff_there, &sql_staff_insert,
            ARGS(arg_id(activity_id), arg_id(LIST_AT(in->staff, Ref, i)->id))));
    }
    if (in->staff.items == NULL && cx->actor->user_id != 0) {
        TRY(fact_put(cx, &fact_staff_there, &sql_staff_insert,
            ARGS(arg_id(activity_id), arg_id(cx->actor->user_id))));
    }
    return ERR_OK;
}

OP(activity_log,
    ActivityLogIn,
    ActivityReply,
    POST("/activities"),
    .effect = EFFECT_CREATE,
    .needs = PERM_ACTIVITY_WRITE,
    .inverse = "activity_reverse",
    .summary = "Log what was done with a partner: purpose, cost, who was there.",
    FAILS(ERR_FORBIDDEN, ERR_FIELD_INVALID, ERR_FIELD_REQUIRED))
{
    TRY(activity_check(cx, in));
    Org org;
    TRY(org_load(cx, &org));
    Money cost = {0};
    if (in->cost.is_set && org.currency == 0) {
        return err_set(cx, ERR_FIELD_INVALID, "cost",
            "There is no home currency yet; the first account brings it. Leave the cost out.");
    }
    if (in->cost.is_set && !money_from_decimal(org.currency, in->cost, &cost)) {
        return err_set(
            cx, ERR_FIELD_INVALID, "cost", "Give the cost in the decimals of the home currency.");
    }
    int direction = in->kind == ACTIVITY_HOSPITALITY && in->direction == 0 ? 1 : in->direction;
    *out = (ActivityReply){.id = db_new_id(cx), .status = "posted"};
    TRY(fact_put(cx, &fact_activity, &sql_activity_insert,
        ARGS(arg_id(out->id), arg_id(in->partner.id), arg_text(activity_kind_names[in->kind]),
            arg_date(in->on), arg_text(direction == 0 ? NULL : direction_names[direction]),
            in->cost.is_set ? arg_i64(cost.minor) : arg_null(),
            in->minutes.is_set ? arg_i64(in->minutes.value) : arg_null(), arg_text(in->outcome),
            arg_text(in->note), arg_id(cx->actor->user_id), arg_date(cx->today),
            arg_date(in->next_on), arg_text(in->next_step), arg_id(in->follows.id))));
    bool has_custom = false;
    TRY(custom_give(cx, "activity", out->id, in->fields, true, &has_custom));
    return activity_people(cx, out->id, in);
}

/* ---- activity_reverse ---- */

REVERSE_INPUT(ActivityReverseIn, "activity");

static const Sql sql_activity_standing = {
    "SELECT status, kind FROM activity WHERE id = $1", .in = "k", .out = "tt"};
static const Sql sql_activity_reverse = {
    "UPDATE activity SET status = 'reversed' WHERE id = $1 RETURNING " ACTIVITY_FACTS,
    .in = "k",
    .out = ACTIVITY_LETTERS,
};

static Err activity_reverse_guard(Ctx *cx, const void *input, void *output)
{
    const ActivityReverseIn *in = input;
    (void)output;
    Rows rows;
    TRY(db_one(cx, &sql_activity_standing, ARGS(arg_id(in->document.id)), "an activity", &rows));
    int kind;
    TRY(db_name(cx, &rows, 1, activity_kind_names, &kind));
    TRY(kind_check(cx, "activity", kind));
    if (db_text(&rows, 0)[0] == 'p') {
        return ERR_OK;
    }
    return err_set(cx, ERR_STATE, "activity", "The activity is reversed already.");
}

OP(activity_reverse,
    ActivityReverseIn,
    ActivityReply,
    POST("/activities/{activity}/reverse"),
    .effect = EFFECT_ACT,
    .needs = PERM_ACTIVITY_WRITE,
    .guard = activity_reverse_guard,
    .summary = "Take a wrong entry back; for conflicts of interest it goes on counting.",
    FAILS(ERR_FORBIDDEN, ERR_STATE))
{
    *out = (ActivityReply){.id = in->document.id, .status = "reversed"};
    run_changed(cx, in->document.id, "status", "posted", "reversed");
    return fact_change(
        cx, &fact_activity, in->document.id, &sql_activity_reverse, ARGS(arg_id(in->document.id)));
}

/* ---- Reading ---- */

static const char *const activity_status_names[] = {"", "posted", "reversed", NULL};

typedef struct ActivityView {
    Id id;
    Ref partner;
    const char *partner_name;
    int kind;
    Date on;
    int direction;
    Currency currency;
    Money cost;
    OptInt minutes;
    const char *outcome;
    const char *note;
    int status;
    const char *logged_by;
    Date logged_on;
    Date next_on;
    const char *next_step;
    Id follows;
    List staff;
    List contacts;
    const char *fields;
} ActivityView;

SCHEMA(ActivityView,
    F_ID(ActivityView, id, "activity"),
    F_REF(ActivityView, partner, "partner", .flags = FIELD_FILTER),
    F_PARTNER_NAME(ActivityView),
    F_ENUM(ActivityView, kind, activity_kind_names, .flags = FIELD_FILTER),
    F_DATE(ActivityView, on, .column = "held_on", .flags = FIELD_SORT),
    F_ENUM(ActivityView, direction, direction_names),
    F_CURRENCY(
        ActivityView, currency, .column = "(SELECT g.currency FROM org g)", .flags = FIELD_OUTPUT),
    F_MONEY(ActivityView, cost),
    F_OPT_INT(ActivityView, minutes),
    F_TEXT(ActivityView, outcome),
    F_TEXT(ActivityView, note),
    F_ENUM(ActivityView, status, activity_status_names, .flags = FIELD_FILTER),
    F_USER_NAME(ActivityView, logged_by),
    F_DATE(ActivityView, logged_on),
    F_DATE(ActivityView, next_on, .flags = FIELD_SORT),
    F_TEXT(ActivityView, next_step),
    F_ID(ActivityView, follows, "activity", .column = "follows_id"),
    F_LIST_OF(ActivityView, staff, FIELD_TEXT, .doc = "Names of our people."),
    F_LIST_OF(ActivityView, contacts, FIELD_TEXT, .doc = "Names of theirs."),
    F_CUSTOM(ActivityView, "activity"));

static const Sql sql_staff_names = {
    "SELECT u.name FROM activity_staff s JOIN app_user u ON u.id = s.user_id WHERE s.activity_id = "
    "$1 ORDER BY u.name",
    .in = "k",
    .out = "t",
};

static const Sql sql_contact_names = {
    "SELECT c.name FROM activity_contact s JOIN contact c ON c.id = s.contact_id WHERE "
    "s.activity_id = $1"
    " ORDER BY c.name",
    .in = "k",
    .out = "t",
};

static const Record record_activity = {
    .name = "activity",
    .path = "/activities",
    .letter = 'H',
    .schema = &ActivityView_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ,
    .date_field = "on",
    .partner_join = "JOIN partner p ON p.id = r.partner_id",
    .parts =
        (const RecordPart[]){{"staff", &sql_staff_names}, {"contacts", &sql_contact_names}, {0}},
    .summary = "an activity with a partner",
};

static const RefKind ref_activity = {
    .name = "activity", .letter = 'H', .partner = "partner_id", .called = "kind"};

const Feature activity_feature = {
    .name = "activity",
    .ops = (const Op *const[]){&op_activity_log, &op_activity_reverse, NULL},
    .records = (const Record *const[]){&record_activity, NULL},
    .refs = (const RefKind *const[]){&ref_activity, NULL},
    .facts = (const Fact *const[]){&fact_activity, &fact_contact_there, &fact_staff_there, NULL},
};
