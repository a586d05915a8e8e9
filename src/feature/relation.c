/* What partners are to each other, and since when: who supplies, serves,
 * owns or stands surety for whom. */
#include "feature/features.h"

#include "feature/shown.h"
#include "op/op.h"
#include "op/run.h"

/* Read "partner KIND other". */
static const char *const relation_kind_names[] = {"", "supplies", "distributes_for", "serves",
    "consumes_from", "owns", "guarantees", "family_of", "competes_with", NULL};

typedef struct Relation {
    Id id;
    Ref partner;
    const char *partner_name;
    Ref other;
    const char *other_name;
    int kind;
    Date from;
    Date until;
    const char *note;
    int64_t version;
} Relation;

SCHEMA(Relation,
    F_ID(Relation, id, "relation"),
    F_REF(Relation, partner, "partner", .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER),
    F_PARTNER_NAME(Relation),
    F_REF(Relation, other, "partner", .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER),
    F_TEXT(Relation, other_name, .column = "q.name", .flags = FIELD_OUTPUT),
    F_ENUM(Relation,
        kind,
        relation_kind_names,
        .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
        .doc = "What partner does to or is of other."),
    F_DATE(Relation,
        from,
        .column = "from_on",
        .flags = FIELD_SORT,
        .doc = "First day; absent: since always."),
    F_DATE(Relation,
        until,
        .column = "until_on",
        .flags = FIELD_SORT,
        .doc = "Last day; absent: it goes on."),
    F_TEXT(Relation, note, .max_len = 4096),
    F_INT(Relation, version, .flags = FIELD_OUTPUT));

/* Rows of the same kind between the two that share a day with $5 to $6. */
static const Sql sql_relation_overlap = {
    "SELECT id FROM partner_relation WHERE partner_id = $1 AND other_id = $2 AND kind = $3"
    " AND id <> $4 AND COALESCE(from_on, $5) <= $6 AND COALESCE(until_on, $6) >= $5",
    .in = "kktkdd",
    .out = "k",
};

static Err relation_check(Ctx *cx, const void *before, void *after)
{
    const Relation *relation = after;
    (void)before;
    if (relation->partner.id == relation->other.id) {
        return err_set(cx, ERR_FIELD_INVALID, "other", "A relation is between two partners.");
    }
    Date from = relation->from != DATE_NONE ? relation->from : DATE_MIN;
    Date until = relation->until != DATE_NONE ? relation->until : DATE_MAX;
    if (until < from) {
        return err_set(
            cx, ERR_FIELD_INVALID, "until", "The last day may not lie before the first.");
    }
    Rows rows;
    TRY(db_ask(cx, &sql_relation_overlap,
        ARGS(arg_id(relation->partner.id), arg_id(relation->other.id),
            arg_text(relation_kind_names[relation->kind]), arg_id(relation->id), arg_date(from),
            arg_date(until)),
        &rows));
    if (rows.count > 0) {
        return err_set(cx, ERR_FIELD_INVALID, "from",
            "This relation is recorded for some of these days already; end that one first.");
    }
    return ERR_OK;
}

static const Record record_relation = {
    .name = "relation",
    .table = "partner_relation",
    .path = "/relations",
    .letter = 'E',
    .schema = &Relation_schema,
    .verbs = VERB_READS | VERB_CREATE | VERB_CHANGE | VERB_REMOVE,
    .reads = PERM_READ,
    .writes = PERM_PARTNER_WRITE,
    .date_field = "from",
    /* In sight when both partners are. */
    .partner_join = "JOIN partner p ON p.id = r.partner_id"
                    " JOIN partner q ON q.id = r.other_id AND {visible:q}",
    .check = relation_check,
    .fails = {ERR_FIELD_INVALID},
    .summary = "a relation between two partners",
};

static const Sql sql_relation_by_id = {
    "SELECT r.id, CAST(NULL AS BIGINT), r.partner_id, r.kind FROM partner_relation r"
    " JOIN partner q ON q.id = r.other_id AND {visible:q} WHERE r.id = $1",
    .in = "k",
    .out = "kkkt",
};
static const RefKind ref_relation = {
    .name = "relation", .table = "partner_relation", .letter = 'E', .by_id = &sql_relation_by_id};

const Feature relation_feature = {
    .name = "relation",
    .records = (const Record *const[]){&record_relation, NULL},
    .refs = (const RefKind *const[]){&ref_relation, NULL},
};
