/* Partners: whoever we deal with, in whatever roles. Who owns the relation, and who did, is kept here; a new
 * owner needs a second person, because owning decides who may not approve. */
#include "feature/features.h"

#include "feature/approval/kinds.h"
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
    int64_t version;
} Partner;

SCHEMA(Partner,
    F_ID(Partner, id, "partner"),
    F_TEXT(Partner, code, .flags = FIELD_REQUIRED | FIELD_UNIQUE | FIELD_SORT, .max_len = 64),
    F_TEXT(Partner, name, .flags = FIELD_REQUIRED | FIELD_SORT),
    F_FLAGS(Partner, roles, partner_role_names, REQUIRED),
    F_REF(Partner, territory, "territory", .flags = FIELD_FILTER),
    F_REF(Partner, owner, "user", .flags = FIELD_FILTER, .doc = "Who of us owns the relation."),
    F_TEXT(
        Partner, tier, .flags = FIELD_FILTER, .max_len = 64, .doc = "For scopes of policy rules."),
    F_DATE(Partner, created_on, .flags = FIELD_OUTPUT | FIELD_SORT),
    F_ID(Partner,
        approval,
        "approval",
        .column = "(SELECT MAX(y.id) FROM approval y WHERE y.subject_id = r.id"
                  " AND y.status = 'pending' AND y.operation = 'partner_change')",
        .flags = FIELD_OUTPUT,
        .doc = "A change of owner that waits for approval."),
    F_INT(Partner, version, .flags = FIELD_OUTPUT));

/* ---- Owners ---- */

static const Sql sql_owner_end = {
    "UPDATE partner_owner SET until_on = $2 WHERE partner_id = $1 AND until_on IS NULL",
    .in = "kd",
};

static const Sql sql_owner_begin = {
    "INSERT INTO partner_owner (id, partner_id, user_id, from_on) VALUES ($1, $2, $3, $4)",
    .in = "kkkd",
};

static const Sql sql_owner_put = {
    "UPDATE partner SET owner_id = $2, version = version + 1 WHERE id = $1",
    .in = "kk",
};

static const Sql sql_owner_name = {
    "SELECT u.name FROM partner p JOIN app_user u ON u.id = p.owner_id WHERE p.id = $1",
    .in = "k",
    .out = "t",
};

static Err owner_record(Ctx *cx, Id partner_id, Id owner_id)
{
    TRY(db_put(cx, &sql_owner_end, ARGS(arg_id(partner_id), arg_date(cx->today))));
    if (owner_id == 0) {
        return ERR_OK;
    }
    return db_put(cx, &sql_owner_begin,
        ARGS(arg_id(db_new_id(cx)), arg_id(partner_id), arg_id(owner_id), arg_date(cx->today)));
}

typedef struct OwnerChange {
    Ref partner;
    Ref owner;
} OwnerChange;

SCHEMA(OwnerChange,
    F_REF(OwnerChange, partner, "partner", REQUIRED),
    F_REF(OwnerChange, owner, "user"));

static Err owner_carry_out(Ctx *cx, const Approval *approval)
{
    OwnerChange change = {0};
    Rows rows;
    TRY(run_decode(cx, &OwnerChange_schema, approval->input, &change));
    TRY(db_ask(cx, &sql_owner_name, ARGS(arg_id(approval->partner_id)), &rows));
    const char *before = db_next(&rows) ? db_text(&rows, 0) : NULL;
    TRY(db_put(cx, &sql_owner_put, ARGS(arg_id(approval->partner_id), arg_id(change.owner.id))));
    if (strcmp(run_op(cx)->name, "partner_change") != 0) { /* else the record notes it */
        run_changed(cx, approval->partner_id, "owner", before, change.owner.text);
    }
    return owner_record(cx, approval->partner_id, change.owner.id);
}

const ApprovalKind partner_approval_kind = {
    .operation = "partner_change",
    .carry_out = owner_carry_out,
};

static Err owner_ask(Ctx *cx, const Partner *before, Partner *after)
{
    OwnerChange change = {.partner = {.id = after->id}, .owner = after->owner};
    Id approval = 0;
    bool is_done = false;
    TRY(approval_void(cx, after->id, "partner_change"));
    TRY(approval_ask(cx,
        &(ApprovalAsk){.operation = "partner_change",
            .partner_id = after->id,
            .subject_id = after->id,
            .input = run_encode(cx, &OwnerChange_schema, &change)},
        &approval, &is_done));
    if (!is_done) {
        after->owner = before->owner;
    }
    return ERR_OK;
}

static Err partner_check(Ctx *cx, const void *before, void *after)
{
    Partner *partner = after;
    const Partner *old = before;
    if (old == NULL) {
        partner->created_on = cx->today;
        return ERR_OK;
    }
    return partner->owner.id == old->owner.id ? ERR_OK : owner_ask(cx, old, partner);
}

static Err partner_wrote(Ctx *cx, const void *before, const void *after)
{
    const Partner *partner = after;
    if (before != NULL || partner->owner.id == 0) {
        return ERR_OK;
    }
    return owner_record(cx, partner->id, partner->owner.id);
}

/* ---- The record ---- */

static const Record record_partner = {
    .name = "partner",
    .path = "/partners",
    .letter = 'P',
    .schema = &Partner_schema,
    .verbs = VERB_READS | VERB_CREATE | VERB_CHANGE,
    .reads = PERM_READ_OWN,
    .writes = PERM_PARTNER_WRITE,
    .partner_join = "JOIN partner p ON p.id = r.id",
    .check = partner_check,
    .wrote = partner_wrote,
    .summary = "a partner: whoever we deal with",
};

static const Sql sql_partner_by_code = {
    "SELECT id, NULL, id, code FROM partner WHERE code = $1",
    .in = "t",
    .out = "kkkt",
};
static const Sql sql_partner_by_id = {
    "SELECT id, NULL, id, code FROM partner WHERE id = $1",
    .in = "k",
    .out = "kkkt",
};
static const RefKind ref_partner = {.name = "partner",
    .letter = 'P',
    .shows = "code",
    .by_code = &sql_partner_by_code,
    .by_id = &sql_partner_by_id};

const Feature partner_feature = {
    .name = "partner",
    .records = (const Record *const[]){&record_partner, NULL},
    .refs = (const RefKind *const[]){&ref_partner, NULL},
};
