/* How files were mapped when they were imported: remembered by kind and header, so that the next
 * file of the same kind needs no mapping. */
#include "feature/features.h"

#include "base/json.h"
#include "base/limits.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

typedef struct ImportMapping {
    const char *what;
    const char *header;
    const char *document;
} ImportMapping;

SCHEMA(ImportMapping,
    F_TEXT(ImportMapping, what, REQUIRED, .max_len = 64, .doc = "`invoices`, `partners` …"),
    F_TEXT(ImportMapping,
        header,
        REQUIRED,
        .max_len = 16384,
        .doc = "The names of the columns, one a line."),
    F_TEXT(ImportMapping,
        document,
        REQUIRED,
        .max_len = 32768,
        .doc = "The mapping as JSON, as `guanxi import --map` takes it."));

#define MAPPING_FACTS "id, what, header, document, set_by_id, set_on"
#define MAPPING_LETTERS "ktttkd"
static const Fact fact_mapping = FACT("import_mapping", 1, MAPPING_FACTS, MAPPING_LETTERS);

static const Sql sql_mapping_find = {
    "SELECT id FROM import_mapping WHERE what = $1 AND header = $2", .in = "tt", .out = "k"};

static const Sql sql_mapping_insert = {
    "INSERT INTO import_mapping (id, what, header, document, set_by_id, set_on)"
    " VALUES ($1, $2, $3, $4, $5, $6) RETURNING " MAPPING_FACTS,
    .in = MAPPING_LETTERS,
    .out = MAPPING_LETTERS,
};

static const Sql sql_mapping_update = {
    "UPDATE import_mapping SET document = $2, set_by_id = $3, set_on = $4 WHERE id = $1"
    " RETURNING " MAPPING_FACTS,
    .in = "ktkd",
    .out = MAPPING_LETTERS,
};

OP(import_mapping_set,
    ImportMapping,
    ImportMapping,
    PUT("/import-mappings"),
    .effect = EFFECT_ACT,
    .needs = PERM_IMPORT,
    .body_max = LIMIT_BULK_BODY_BYTES,
    .summary = "Remember how files of a kind with this header are mapped.",
    FAILS(ERR_FIELD_INVALID))
{
    CLEANUP(json_value_free) json_t *document = json_loads(in->document, 0, NULL);
    if (!json_is_object(document)) {
        return err_set(cx, ERR_FIELD_INVALID, "document", "A mapping is a JSON object.");
    }
    *out = *in;
    Rows rows;
    Id by = cx->actor->user_id;
    TRY(db_ask(cx, &sql_mapping_find, ARGS(arg_text(in->what), arg_text(in->header)), &rows));
    if (db_next(&rows)) {
        Id id = db_id(&rows, 0);
        return fact_change(cx, &fact_mapping, id, &sql_mapping_update,
            ARGS(arg_id(id), arg_text(in->document), arg_id(by), arg_date(cx->today)));
    }
    return fact_put(cx, &fact_mapping, &sql_mapping_insert,
        ARGS(arg_id(db_new_id(cx)), arg_text(in->what), arg_text(in->header),
            arg_text(in->document), arg_id(by), arg_date(cx->today)));
}

typedef struct ImportMappingListIn {
    const char *what;
    const char *header;
} ImportMappingListIn;

SCHEMA(ImportMappingListIn,
    F_TEXT(ImportMappingListIn, what, .max_len = 64),
    F_TEXT(ImportMappingListIn, header, .max_len = 16384, .doc = "Only what was set for this."));

typedef struct ImportMappingListOut {
    List items;
} ImportMappingListOut;

SCHEMA(ImportMappingListOut, F_LIST(ImportMappingListOut, items, ImportMapping));

/* Mappings are of no partner. */
static const Sql sql_mappings = {
    "SELECT what, header, document FROM import_mapping WHERE ($1 = '' OR what = $1)"
    " AND ($2 = '' OR header = $2) ORDER BY set_on DESC, id DESC LIMIT 100",
    .in = "tt",
    .out = "ttt",
};

OP(import_mapping_list,
    ImportMappingListIn,
    ImportMappingListOut,
    GET("/import-mappings"),
    .effect = EFFECT_READ,
    .needs = PERM_IMPORT,
    .summary = "Mappings that are remembered, newest first.")
{
    return row_list(cx, &sql_mappings,
        ARGS(arg_text(in->what == NULL ? "" : in->what),
            arg_text(in->header == NULL ? "" : in->header)),
        &ImportMapping_schema, &out->items);
}

const Feature import_mapping_feature = {
    .name = "import_mapping",
    .ops = (const Op *const[]){&op_import_mapping_set, &op_import_mapping_list, NULL},
    .facts = (const Fact *const[]){&fact_mapping, NULL},
};
