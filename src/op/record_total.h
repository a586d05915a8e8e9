/* Counts and sums of what a list finds. */
#ifndef GUANXI_OP_RECORD_TOTAL_H
#define GUANXI_OP_RECORD_TOTAL_H

#include "op/op.h"

typedef struct ListSum {
    const char *field;
    Currency currency;
    Money sum;
} ListSum;

typedef struct ListGroup {
    const char *value; /* NULL: absent */
    int64_t count;
    List sums;
} ListGroup;

typedef struct ListTotals {
    int64_t count;
    List sums;
    List groups;
} ListTotals;

extern const Schema ListTotals_schema;

/* What lists take besides the fields of the row; lies behind the row in the input. */
typedef struct ListParams {
    int64_t limit;
    int64_t skip;
    const char *cursor;
    const char *sort;
    const char *filter;
    Date from;
    Date until;
} ListParams;

/* Of the rows of the record that the caller sees and the parameters find, `group` NULL or a field.
 * Limit, skip, cursor and sort mean nothing here. ERR_FIELD_INVALID filter, group. */
Err record_totals(Ctx *cx,
    const Record *record,
    const ListParams *params,
    const char *group,
    ListTotals *out) MUST_CHECK;

#endif
