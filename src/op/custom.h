/* Fields that an organisation adds to records while the program runs. What is defined becomes a
 * schema for the call, so that values are decoded, compared, shown, filtered and sorted by the same
 * code as those of the program's own fields. The values stand in one table, a row for each; they
 * belong to the record and are in sight where it is.
 *
 * A record takes them when its schema has F_CUSTOM, and so does the input of an operation. */
#ifndef GUANXI_OP_CUSTOM_H
#define GUANXI_OP_CUSTOM_H

#include "op/fact.h"

#include "base/schema.h"

typedef enum CustomKind {
    CUSTOM_TEXT = 1,
    CUSTOM_DECIMAL,
    CUSTOM_INTEGER,
    CUSTOM_DATE,
    CUSTOM_YES_NO,
    CUSTOM_CHOICE,
    CUSTOM_MONEY,
} CustomKind;
extern const char *const custom_kind_names[];   /* as FIELD_ENUM wants */
extern const char *const custom_record_names[]; /* the records that take them, likewise */

enum { CUSTOM_FIELDS_MAX = 100, CUSTOM_OPTIONS_MAX = 200, CUSTOM_CODE_BYTES = 40 };

extern const Fact fact_custom_value;

/* What the options in use of a choice are called; NULL where an option has no such word. */
typedef struct CustomLabels {
    const char *const *en; /* NULL: it is no choice */
    const char *const *zh;
} CustomLabels;

/* The fields in use of one record, in their order. */
typedef struct CustomSet {
    Schema schema;      /* what is shown; every member in a slot of its own */
    const Field *given; /* the same as an input takes them: options that are retired left out */
    const bool *needed; /* which ones a new record has to have */
    const CustomLabels *labels;
    const Id *ids; /* of the definitions */
} CustomSet;

Err custom_set(Ctx *cx, const char *record, CustomSet *ret_set) MUST_CHECK;

/* The option of a choice that people call so, in either language; NULL: none, or more than one. */
const char *custom_option_called(const CustomSet *set, const Field *given, const char *label);

/* The member that takes or shows custom fields; NULL: there is none. */
const Field *custom_member(const Schema *schema);

/* Writes what `fields` of an input says of a record: JSON, or NULL when the member was left out.
 * is_new: the record is being made and has to have what is needed; else what differs is noted for
 * audit. FIELD_* of fields.CODE. */
Err custom_give(
    Ctx *cx, const char *record, Id record_id, const char *json, bool is_new, bool *ret_differs)
    MUST_CHECK;
/* Takes all values of a record away. */
Err custom_remove(Ctx *cx, Id record_id) MUST_CHECK;

#endif
