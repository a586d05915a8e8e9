/* Rows of one account that one operation can take in one go. They go into its input as they are
 * read, without JSON between. */
#ifndef GUANXI_EDGE_IMPORT_GROUP_H
#define GUANXI_EDGE_IMPORT_GROUP_H

#include "edge/import/item.h"
#include "op/run.h"

/* How the rows of a mapping are put together; many NULL: not at all. */
typedef struct Grouping {
    const Op *many;
    const Field *lock; /* the member that names the account */
    const Field *rows;
    const Slot *account;            /* its column */
    const Slot *named;              /* what a row has to have besides; NULL: nothing */
    const Field *fields[SLOTS_MAX]; /* of a row, by the mapping's slots; NULL: the account's */
} Grouping;

/* Items of one account that follow each other. */
typedef struct Group {
    size_t first;
    size_t count;
    const char *account;
    const char *rows; /* as the operation takes them */
} Group;

void grouping_find(const Mapping *mapping, Grouping *ret_grouping);
/* Whose the row of a file is, NULL: nobody's; false: rows like it can be booked in their order
 * alone. */
bool grouping_take(Arena *arena,
    const Mapping *mapping,
    const Grouping *grouping,
    const TableRow *row,
    const char **ret_account);
/* The group that begins with the first item; count 0: it is for itself. What it makes is in
 * the arena. */
Group group_make(Arena *arena,
    const Mapping *mapping,
    const Grouping *grouping,
    Item *const *items,
    size_t count);
/* A call about its rows, but for those that are marked; for one attempt. */
Call group_call(
    Ctx *cx, const Grouping *grouping, const Group *group, const Op *op, const bool *without);

#endif
