/* Sales territories: rows of partners are shown by them to users who have some assigned. */
#include "feature/features.h"

#include "op/op.h"
#include "op/run.h"

typedef struct Territory {
    Id id;
    const char *code;
    const char *name;
    Ref owner;
    int64_t version;
} Territory;

SCHEMA(Territory,
    F_ID(Territory, id, "territory"),
    F_TEXT(Territory, code, .flags = FIELD_REQUIRED | FIELD_UNIQUE | FIELD_SORT, .max_len = 64),
    F_TEXT(Territory, name, .flags = FIELD_REQUIRED | FIELD_SORT),
    F_REF(Territory, owner, "user", .flags = FIELD_FILTER),
    F_INT(Territory, version, .flags = FIELD_OUTPUT));

static const Sql sql_territory_uses = {
    "SELECT s.territory_id FROM user_territory s WHERE s.territory_id = $1 LIMIT 1",
    .in = "k",
    .out = "k",
};

static const Record record_territory = {
    .name = "territory",
    .path = "/territories",
    .letter = 'T',
    .schema = &Territory_schema,
    .verbs = VERB_READS | VERB_CREATE | VERB_CHANGE | VERB_REMOVE,
    .reads = PERM_READ,
    .writes = PERM_TERRITORY_WRITE,
    .uses = &sql_territory_uses,
    .summary = "a sales territory",
};

static const RefKind ref_territory = {
    .name = "territory", .letter = 'T', .code = "code", .shows = "code"};

const Feature territory_feature = {
    .name = "territory",
    .records = (const Record *const[]){&record_territory, NULL},
    .refs = (const RefKind *const[]){&ref_territory, NULL},
};
