/* Struct to JSON by schema. Members flagged FIELD_SECRET never come out. */
#ifndef GUANXI_OP_ENCODE_H
#define GUANXI_OP_ENCODE_H

#include "base/json.h"
#include "base/schema.h"

/* As replies show it: every member in the order of the schema, absent ones null, lists at least
 * []. A member `id` that is absent is left out. */
const char *encode_text(Arena *arena, const Schema *schema, const void *value);

/* The same as audit keeps it: ids in place of the objects that are made `again` for a repeat. */
const char *encode_kept(Arena *arena, const Schema *schema, const void *value);
/* Whether that differs from the reply. */
bool encode_is_cut(const Schema *schema);

/* As it is kept in a column: absent members left out. run_decode() reads it back to the same. */
const char *encode_stored(Arena *arena, const Schema *schema, const void *value);

typedef enum RefStyle { REFS_AS_GIVEN, REFS_AS_IDS } RefStyle;

/* The canonical text of an input: the members that `given` has, in the order of the schema,
 * values as decoded, explicit nulls kept. Two inputs that say the same have the same text. */
void encode_input(
    JsonWriter *w, const Schema *schema, const json_t *given, const void *value, RefStyle style);

#endif
