/* JSON to struct by schema. What is wrong with fields is collected in cx->err, all of it;
 * references are only noted, op/resolve.c finds them. */
#ifndef GUANXI_OP_DECODE_H
#define GUANXI_OP_DECODE_H

#include "base/json.h"
#include "base/schema.h"

/* Decimals that a FIELD_DECIMAL takes when its scale_max is 0. */
enum { FIELD_SCALE_MAX = 6 };

/* Where a value stands: "lines", 0, "product" from the inside out. */
typedef struct FieldPlace {
    const struct FieldPlace *up;
    const char *name; /* NULL: element `index` of a list */
    size_t index;
} FieldPlace;

/* A reference that was decoded and is still text. */
typedef struct RefUse {
    Ref *ref;
    const char *kind;
    const FieldPlace *place;
} RefUse;

typedef struct RefUses {
    RefUse *items;
    size_t count;
    size_t size;
} RefUses;

/* Fills ret_value, zeroed and of schema->size, from an object. Unknown members are refused; null
 * stands for absent. Text is copied, so `members` may go. is_query: every value is text, lists
 * are parted by commas, "" is absent. Even when fields are refused, the others and all
 * references are filled. */
Err decode_members(Ctx *cx,
    const Schema *schema,
    const json_t *members,
    bool is_query,
    void *ret_value,
    RefUses *ret_refs) MUST_CHECK;
/* The same of an object that is the member `name` of an input, and holds no references. */
Err decode_within(Ctx *cx,
    const Schema *schema,
    const json_t *members,
    const char *name,
    void *ret_value) MUST_CHECK;
/* "lines.0.product" */
const char *place_text(Arena *arena, const FieldPlace *place);
/* The size of one element of a list. */
size_t field_item_size(const Field *field);

#endif
