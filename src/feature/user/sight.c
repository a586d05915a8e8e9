/* Why somebody sees a record, or does not: each rule that lets or denies, in the order in which
 * they are asked. The answer itself is that of the rules that calls go by. */
#include "feature/features.h"
#include "feature/user.h"

#include "op/op.h"
#include "op/run.h"

static const char *const sight_kind_names[] = {"", "account", "partner", "contact", "product",
    "order", "shipment", "return", "invoice", "credit_note", "payment", "promise", "activity",
    NULL};

static const char *const sight_rule_names[] = {"", "active", "inactive", "permission",
    "no_permission", "own_partner", "other_partner", "all_territories", "no_partner",
    "no_territory", "own_territory", "other_territory", NULL};

typedef enum SightRuleKind {
    SIGHT_NONE,
    SIGHT_ACTIVE,
    SIGHT_INACTIVE,
    SIGHT_PERMISSION,
    SIGHT_NO_PERMISSION,
    SIGHT_OWN_PARTNER,
    SIGHT_OTHER_PARTNER,
    SIGHT_ALL_TERRITORIES,
    SIGHT_NO_PARTNER,
    SIGHT_NO_TERRITORY,
    SIGHT_OWN_TERRITORY,
    SIGHT_OTHER_TERRITORY,
} SightRuleKind;

typedef struct SightIn {
    Ref user;
    int kind;
    const char *record;
} SightIn;

SCHEMA(SightIn,
    F_REF(SightIn, user, "user", REQUIRED),
    F_ENUM(SightIn, kind, sight_kind_names, REQUIRED),
    F_TEXT(SightIn, record, REQUIRED, .max_len = 64, .doc = "Its code, number or id."));

typedef struct SightRule {
    int rule;
    bool lets;
} SightRule;

SCHEMA(SightRule,
    F_ENUM(SightRule, rule, sight_rule_names),
    F_BOOL(SightRule, lets, .doc = "false: this alone denies it"));

typedef struct SightOut {
    bool may_see;
    const char *role;
    const char *permission;
    const char *partner;
    const char *partner_name;
    const char *territory;
    List territories;
    List rules;
} SightOut;

SCHEMA(SightOut,
    F_BOOL(SightOut, may_see),
    F_TEXT(SightOut, role, .doc = "The user's."),
    F_TEXT(SightOut, permission, .doc = "What reading such a record takes."),
    F_TEXT(SightOut, partner, .doc = "Whose sight the record has; null: it is of no partner."),
    F_TEXT(SightOut, partner_name),
    F_TEXT(SightOut, territory, .doc = "The partner's."),
    F_LIST_OF(SightOut, territories, FIELD_TEXT, .doc = "The user's; none: all."),
    F_LIST(SightOut, rules, SightRule));

static const Sql sql_sight_user = {
    "SELECT u.name, u.role, u.is_active, u.partner_id,"
    " EXISTS (SELECT 1 FROM user_territory t WHERE t.user_id = u.id)"
    " FROM app_user u WHERE u.id = $1",
    .in = "k",
    .out = "ttbkb",
};

static const Sql sql_sight_partner = {
    "SELECT p.code, p.name, t.code, EXISTS (SELECT 1 FROM user_territory s"
    " WHERE s.user_id = $2 AND s.territory_id = p.territory_id)"
    " FROM partner p LEFT JOIN territory t ON t.id = p.territory_id WHERE p.id = $1",
    .in = "kk",
    .out = "tttb",
};

static Err user_read(Ctx *cx, Id user_id, Actor *ret_actor, bool *ret_is_active, SightOut *out)
{
    Rows rows;
    TRY(db_one(cx, &sql_sight_user, ARGS(arg_id(user_id)), "a user", &rows));
    out->role = db_text(&rows, 1);
    *ret_is_active = db_bool(&rows, 2);
    *ret_actor = (Actor){.user_id = user_id,
        .name = db_text(&rows, 0),
        .role = role_by_name(out->role),
        .partner_id = db_id(&rows, 3),
        .has_territories = db_bool(&rows, 4)};
    return user_territories(cx, user_id, &out->territories);
}

/* What of the rows the user sees. */
static Err row_rule(Ctx *cx, const Actor *actor, const Ref *record, SightOut *out, int *ret_rule)
{
    bool is_assigned = false;
    if (record->partner_id != 0) {
        Rows rows;
        TRY(db_one(cx, &sql_sight_partner, ARGS(arg_id(record->partner_id), arg_id(actor->user_id)),
            "the partner of a record", &rows));
        out->partner = db_text(&rows, 0);
        out->partner_name = db_text(&rows, 1);
        out->territory = db_text(&rows, 2);
        is_assigned = db_bool(&rows, 3);
    }
    if (record->partner_id == 0) {
        *ret_rule = SIGHT_NO_PARTNER;
    } else if (actor->partner_id != 0) {
        *ret_rule =
            record->partner_id == actor->partner_id ? SIGHT_OWN_PARTNER : SIGHT_OTHER_PARTNER;
    } else if (!actor->has_territories) {
        *ret_rule = SIGHT_ALL_TERRITORIES;
    } else if (out->territory == NULL) {
        *ret_rule = SIGHT_NO_TERRITORY;
    } else {
        *ret_rule = is_assigned ? SIGHT_OWN_TERRITORY : SIGHT_OTHER_TERRITORY;
    }
    return ERR_OK;
}

OP(sight_explain,
    SightIn,
    SightOut,
    GET("/users/{user}/sight"),
    .effect = EFFECT_READ,
    .needs = PERM_USER_WRITE,
    .summary = "Why a user sees a record, or does not: each rule that lets or denies.")
{
    const char *kind = sight_kind_names[in->kind];
    Ref record = {.text = in->record};
    TRY(run_resolve(cx, kind, "record", &record));
    Actor actor = {0};
    bool is_active = false;
    TRY(user_read(cx, in->user.id, &actor, &is_active, out));
    const Op *read = op_by_name(arena_printf(cx->arena, "%s_get", kind));
    ASSERT(read != NULL);
    bool may = role_may(actor.role, read->needs);
    bool sees = false;
    int by_row = SIGHT_NONE;
    TRY(row_rule(cx, &actor, &record, out, &by_row));
    TRY(run_sees(cx, kind, &record, &actor, &sees));
    SightRule *rules = arena_array(cx->arena, 3, sizeof *rules);
    rules[0] = (SightRule){is_active ? SIGHT_ACTIVE : SIGHT_INACTIVE, is_active};
    rules[1] = (SightRule){may ? SIGHT_PERMISSION : SIGHT_NO_PERMISSION, may};
    rules[2] = (SightRule){by_row, sees};
    out->rules = (List){rules, 3};
    out->permission = perm_name(read->needs);
    out->may_see = is_active && may && sees;
    return ERR_OK;
}

const Feature sight_feature = {
    .name = "sight",
    .ops = (const Op *const[]){&op_sight_explain, NULL},
};
