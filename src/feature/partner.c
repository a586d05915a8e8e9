/* Partners: whoever we deal with, in whatever roles. Who owns the relation, and who did, is kept
 * here; a new owner needs a second person, because owning decides who may not approve, and so does
 * a new tier, because rules of the policy may hold for a tier alone. */
#include "feature/features.h"

#include "feature/approval/kinds.h"
#include "feature/search.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

static const char *const partner_role_names[] = {
    "", "distributor", "supplier", "service_provider", "consumer", NULL};

typedef struct Partner {
    Id id;
    const char *code;
    const char *name;
    uint32_t roles;
    Ref territory;
    Ref owner;
    const char *tier;
    Date created_on;
    Id approval;
    const char *fields;
    int64_t version;
} Partner;

SCHEMA(Partner,
    F_ID(Partner, id, "partner"),
    F_TEXT(Partner, code, .flags = FIELD_REQUIRED | FIELD_UNIQUE | FIELD_SORT, .max_len = 64),
    F_TEXT(Partner, name, .flags = FIELD_REQUIRED | FIELD_SORT),
    F_FLAGS(Partner, roles, partner_role_names, .flags = FIELD_REQUIRED | FIELD_FILTER),
    F_REF(Partner, territory, "territory", .flags = FIELD_FILTER),
    F_REF(Partner, owner, "user", .flags = FIELD_FILTER, .doc = "Who of us owns the relation."),
    F_TEXT(Partner,
        tier,
        .flags = FIELD_FILTER | FIELD_SORT,
        .max_len = 64,
        .doc = "For scopes of policy rules."),
    F_DATE(Partner, created_on, .flags = FIELD_OUTPUT | FIELD_SORT),
    F_ID(Partner,
        approval,
        "approval",
        .column = "(SELECT MAX(y.id) FROM approval y WHERE y.subject_id = r.id"
                  " AND y.status = 'pending' AND y.operation = 'partner_change')",
        .flags = FIELD_OUTPUT,
        .doc = "A change of owner or tier that waits."),
    F_CUSTOM(Partner, "partner"),
    F_INT(Partner, version, .flags = FIELD_OUTPUT));

/* ---- Owners ---- */

#define OWNER_FACTS "id, partner_id, user_id, from_on, until_on"
#define OWNER_LETTERS "kkkdd"
static const Fact fact_owner = FACT("partner_owner", 1, OWNER_FACTS, OWNER_LETTERS);

static const Record record_partner;

static const Sql sql_owner_present = {
    "SELECT " OWNER_FACTS " FROM partner_owner WHERE partner_id = $1 AND until_on IS NULL",
    .in = "k",
    .out = OWNER_LETTERS,
};

static const Sql sql_owner_end = {
    "UPDATE partner_owner SET until_on = $2 WHERE partner_id = $1 AND until_on IS NULL "
    "RETURNING " OWNER_FACTS,
    .in = "kd",
    .out = OWNER_LETTERS,
};

static const Sql sql_owner_begin = {
    "INSERT INTO partner_owner (id, partner_id, user_id, from_on) VALUES ($1, $2, $3, $4) "
    "RETURNING " OWNER_FACTS,
    .in = "kkkd",
    .out = OWNER_LETTERS,
};

static const Sql sql_owners_remove = {
    "DELETE FROM partner_owner WHERE partner_id = $1 RETURNING " OWNER_FACTS,
    .in = "k",
    .out = OWNER_LETTERS,
};

static Err partner_leaves(Ctx *cx, const void *before)
{
    Id id = *(const Id *)before; /* the first member of a record */
    return fact_remove(cx, &fact_owner, &sql_owners_remove, ARGS(arg_id(id)));
}

static Err owner_record(Ctx *cx, Id partner_id, Id owner_id)
{
    TRY(fact_see(cx, &fact_owner, &sql_owner_present, ARGS(arg_id(partner_id))));
    TRY(fact_change_seen(
        cx, &fact_owner, &sql_owner_end, ARGS(arg_id(partner_id), arg_date(cx->today))));
    if (owner_id == 0) {
        return ERR_OK;
    }
    return fact_put(cx, &fact_owner, &sql_owner_begin,
        ARGS(arg_id(db_new_id(cx)), arg_id(partner_id), arg_id(owner_id), arg_date(cx->today)));
}

/* ---- What a second person consents to ---- */

/* The owner decides who may not approve, the tier which rules judge: an approval binds both. */
typedef struct Standing {
    Ref partner;
    Ref owner;
    const char *tier;
} Standing;

SCHEMA(Standing,
    F_REF(Standing, partner, "partner", REQUIRED),
    F_REF(Standing, owner, "user"),
    F_TEXT(Standing, tier, .max_len = 64));

static const Sql sql_standing = {
    "SELECT p.owner_id, u.name, p.tier FROM partner p LEFT JOIN app_user u ON u.id = p.owner_id"
    " WHERE p.id = $1",
    .in = "k",
    .out = "ktt",
};

/* The columns of the record, in its order. */
#define PARTNER_FACTS "id, code, name, roles, territory_id, owner_id, tier, created_on, version"
#define PARTNER_LETTERS "kttikktdi"

static const Sql sql_standing_put = {
    "UPDATE partner SET owner_id = $2, tier = $3, version = version + 1 WHERE id = $1"
    " RETURNING " PARTNER_FACTS,
    .in = "kkt",
    .out = PARTNER_LETTERS,
};

static const Sql sql_tier_clear = {
    "UPDATE partner SET tier = NULL WHERE id = $1 RETURNING " PARTNER_FACTS,
    .in = "k",
    .out = PARTNER_LETTERS,
};

static bool text_is_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static Err standing_carry_out(Ctx *cx, const Approval *approval)
{
    Standing standing = {0};
    Id id = approval->partner_id;
    Rows rows;
    TRY(run_decode(cx, &Standing_schema, approval->input, &standing));
    TRY(db_one(cx, &sql_standing, ARGS(arg_id(id)), "a partner", &rows));
    TRY(fact_change(cx, record_fact(&record_partner), id, &sql_standing_put,
        ARGS(arg_id(id), arg_id(standing.owner.id), arg_text(standing.tier))));
    bool is_noted = strcmp(run_op(cx)->name, "partner_change") == 0; /* by the record */
    if (!is_noted && !text_is_same(db_text(&rows, 2), standing.tier)) {
        run_changed(cx, id, "tier", db_text(&rows, 2), standing.tier);
    }
    if (db_id(&rows, 0) == standing.owner.id) {
        return ERR_OK;
    }
    if (!is_noted) {
        run_changed(cx, id, "owner", db_text(&rows, 1), standing.owner.text);
    }
    return owner_record(cx, id, standing.owner.id);
}

const ApprovalKind partner_approval_kind = {
    .operation = "partner_change",
    .carry_out = standing_carry_out,
};

static Err standing_ask(Ctx *cx, const Partner *partner)
{
    Standing standing = {
        .partner = {.id = partner->id}, .owner = partner->owner, .tier = partner->tier};
    Id approval = 0;
    TRY(approval_void(cx, partner->id, "partner_change"));
    return approval_ask(cx,
        &(ApprovalAsk){.operation = "partner_change",
            .partner_id = partner->id,
            .subject_id = partner->id,
            .input = run_encode(cx, &Standing_schema, &standing)},
        &approval);
}

static const Sql sql_owner_role = {
    "SELECT role, is_active FROM app_user WHERE id = $1",
    .in = "k",
    .out = "tb",
};

/* Whoever answers for a relation is one of us and still there. */
static Err owner_fits(Ctx *cx, const Ref *owner)
{
    if (owner->id == 0) {
        return ERR_OK;
    }
    Rows rows;
    TRY(db_ask(cx, &sql_owner_role, ARGS(arg_id(owner->id)), &rows));
    if (db_next(&rows) && db_bool(&rows, 1) && role_by_name(db_text(&rows, 0)) != ROLE_PARTNER) {
        return ERR_OK;
    }
    return err_set(cx, ERR_FIELD_INVALID, "owner",
        "%s is not active staff; only such users own relations.", owner->text);
}

static Err partner_check(Ctx *cx, const void *before, void *after)
{
    Partner *partner = after;
    const Partner *old = before;
    if (old == NULL || partner->owner.id != old->owner.id) {
        TRY(owner_fits(cx, &partner->owner));
    }
    if (old == NULL) {
        partner->created_on = cx->today;
        return ERR_OK;
    }
    if (partner->owner.id == old->owner.id && text_is_same(partner->tier, old->tier)) {
        return ERR_OK;
    }
    TRY(standing_ask(cx, partner));
    partner->owner = old->owner;
    partner->tier = old->tier;
    return ERR_OK;
}

/* A tier may make the rules lighter, so those who ask for limits ask for it too. */
static Err tier_first(Ctx *cx, const Partner *partner)
{
    Role role = cx->actor->role;
    if (partner->tier == NULL || role == ROLE_SYSTEM || role == ROLE_ADMIN) {
        return ERR_OK;
    }
    TRY(fact_change(
        cx, record_fact(&record_partner), partner->id, &sql_tier_clear, ARGS(arg_id(partner->id))));
    return standing_ask(cx, partner);
}

static Err partner_wrote(Ctx *cx, const void *before, const void *after)
{
    const Partner *partner = after != NULL ? after : before;
    TRY(search_refresh(cx, "partner", partner->id));
    if (before != NULL) {
        return ERR_OK;
    }
    if (partner->owner.id != 0) {
        TRY(owner_record(cx, partner->id, partner->owner.id));
    }
    return tier_first(cx, partner);
}

/* ---- The record ---- */

static const Record record_partner = {
    .name = "partner",
    .path = "/partners",
    .date_field = "created_on",
    .letter = 'P',
    .schema = &Partner_schema,
    .verbs = VERB_READS | VERB_CREATE | VERB_CHANGE | VERB_REMOVE,
    .reads = PERM_READ_OWN,
    .writes = PERM_PARTNER_WRITE,
    .partner_join = "JOIN partner p ON p.id = r.id",
    .check = partner_check,
    .wrote = partner_wrote,
    .leaves = partner_leaves,
    .fails = {ERR_FIELD_INVALID},
    .summary = "a partner: whoever we deal with",
};

static const RefKind ref_partner = {
    .name = "partner", .letter = 'P', .code = "code", .partner = "id", .shows = "code"};

static const Sql sql_check_owners = {
    "SELECT 'partner ' || p.code || ': its owner is not the one in the record of owners' FROM "
    "partner p"
    " WHERE COALESCE(p.owner_id, 0) <> COALESCE((SELECT MAX(w.user_id) FROM partner_owner w"
    " WHERE w.partner_id = p.id AND w.until_on IS NULL), 0)"
    " OR (SELECT COUNT(*) FROM partner_owner w WHERE w.partner_id = p.id AND w.until_on IS NULL) > "
    "1"
    " UNION ALL SELECT 'partner ' || p.code || ': two of its owners overlap' FROM partner_owner w"
    " JOIN partner p ON p.id = w.partner_id WHERE EXISTS (SELECT 1 FROM partner_owner x"
    "   WHERE x.partner_id = w.partner_id AND x.id < w.id"
    "   AND (x.until_on IS NULL OR x.until_on > w.from_on))",
    .in = "",
    .out = "t",
};
static const Check check_owners = {.name = "owners are on record", .sql = &sql_check_owners};

const Feature partner_feature = {
    .name = "partner",
    .checks = (const Check *const[]){&check_owners, NULL},
    .records = (const Record *const[]){&record_partner, NULL},
    .refs = (const RefKind *const[]){&ref_partner, NULL},
    .facts = (const Fact *const[]){&fact_owner, NULL},
};
