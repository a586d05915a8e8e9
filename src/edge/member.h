/* Text of a cell or an option as the JSON value that a field takes. */
#ifndef GUANXI_EDGE_MEMBER_H
#define GUANXI_EDGE_MEMBER_H

#include "base/schema.h"

#include <jansson.h>

/* The field of this name, with dashes or underscores; NULL when there is none. */
const Field *member_field(const Schema *schema, const char *name, size_t length);
/* A new value: numbers and truth values where the field is one and the text fits, lists parted by
 * ';', JSON where the field is a structure, else the text itself, which the operation then judges.
 * NULL: not JSON, where JSON is needed, or not UTF-8. */
json_t *member_value(const Field *field, const char *text);

#endif
