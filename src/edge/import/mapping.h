/* How the columns of a file become members of operations: the mapping file, the header, and the
 * operation they are for. */
#ifndef GUANXI_EDGE_IMPORT_MAPPING_H
#define GUANXI_EDGE_IMPORT_MAPPING_H

#include "base/buf.h"
#include "base/csv.h"
#include "op/custom.h"
#include "op/op.h"

#include <jansson.h>

typedef enum Encoding { ENCODING_UTF8, ENCODING_GB18030 } Encoding;

/* What a field belongs to. */
typedef enum Target {
    TARGET_ROW,     /* the operation of the row */
    TARGET_LINE,    /* one of its `lines` */
    TARGET_PARTNER, /* of what is created when it is missing */
    TARGET_ACCOUNT,
    TARGET_PRODUCT,
    TARGET_SETTLED, /* settled_on: the payment of an invoice */
    TARGET_COUNT
} Target;

/* One field with the column it is taken from. */
typedef struct Slot {
    const char *name; /* as the mapping has it */
    const Field *field;
    bool is_custom; /* it belongs into the member `fields` */
    Target target;
    size_t column;         /* COLUMN_NONE: only the default */
    const json_t *missing; /* the default; NULL: none */
} Slot;

#define COLUMN_NONE ((size_t)-1)
enum { SLOTS_MAX = 64, HEADER_MAX = 512 };

typedef struct Mapping {
    json_t *document; /* of the mapping file; an empty object without one */
    const char *date_format;
    char decimal;
    char delimiter;
    Encoding encoding;
    bool creates[TARGET_COUNT];
    const Op *op;                    /* of TARGET_ROW */
    const Op *makers[TARGET_COUNT];  /* partner_create … */
    CustomSet customs[TARGET_COUNT]; /* what each of these takes besides */
    Slot slots[SLOTS_MAX];
    size_t slot_count;
    CsvRow header;
} Mapping;

/* The operation that books one of `what` ("invoices", "partners").
 * ERR_USAGE naming what there is. */
Err mapping_op(Ctx *cx, const char *what, const Op **ret_op) MUST_CHECK;
/* What can be imported, with the fields of each, as a JSON object. */
void mapping_describe(Buf *out);
/* Reads a mapping document; ERR_USAGE naming its member. */
Err mapping_read(Ctx *cx, json_t *document, const Op *op, Mapping *ret_mapping) MUST_CHECK;
/* Reads which fields the organisation has added; needs cx->db. Before mapping_bind. */
Err mapping_customs(Ctx *cx, Mapping *mapping) MUST_CHECK;
/* Ties it to the file's header, whose cells it keeps.
 * Without a mapping file each column is a field. */
Err mapping_bind(Ctx *cx, Mapping *mapping, const CsvRow *header) MUST_CHECK;
void mapping_free(Mapping *mapping); /* for CLEANUP */

#endif
