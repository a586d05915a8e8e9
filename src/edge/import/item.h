/* What a row asks for, or several rows of one order: the members of its operations. */
#ifndef GUANXI_EDGE_IMPORT_ITEM_H
#define GUANXI_EDGE_IMPORT_ITEM_H

#include "edge/import/mapping.h"
#include "edge/import/table.h"

typedef enum Outcome { OUTCOME_NONE, OUTCOME_DONE, OUTCOME_SKIPPED, OUTCOME_REFUSED } Outcome;

typedef struct ItemRow {
    TableRow row;
    struct ItemRow *next;
} ItemRow;

typedef struct Item {
    ItemRow *rows;
    ItemRow **rows_end;
    int64_t row_count;
    json_t *members; /* of the operation of the row */
    json_t *makers
        [TARGET_COUNT]; /* of what is created when it is missing: an object; products: a list */
    const char *settled_on;
    const char *key;     /* idempotency key; NULL until item_seal */
    const char *account; /* where rows are put together: whose it is; NULL: nobody's */
    bool is_faulty;      /* the row itself cannot be read */
    /* Set while it runs. */
    Outcome outcome;
    const char *field; /* OUTCOME_REFUSED: "" when it is about the row */
    const char *reason;
    bool has_written;
} Item;

/* Rows are counted by content, so that two equal payments of one day are two,
 * and a second run of the same file is none. */
typedef struct Tally Tally;
Tally *tally_new(void);
void tally_free(Tally *tally);

/* Begins an item with a row. */
void item_start(Arena *arena, const TableRow *row, Item *ret_item);
/* The same with a row whose cells live as long as it does. */
void item_of(Arena *arena, const TableRow *row, Item *ret_item);
/* What a row says in a column, without reading the others; NULL: nothing. */
const char *row_text(Arena *arena, const Mapping *mapping, const Slot *slot, const TableRow *row);
/* Makes the members of its operations. What is wrong with the row is its outcome. */
void item_open(Arena *arena, const Mapping *mapping, Item *item);
/* Takes the row in as a further line of the same order; false when it is none. */
bool item_join(Arena *arena, const Mapping *mapping, const TableRow *row, Item *item);
/* No row comes any more. Items without a number or code are counted: in the order of the file. */
void item_seal(Arena *arena, const Mapping *mapping, Tally *tally, Item *item);
void item_refuse(Arena *arena, Item *item, const char *field, const char *reason);
/* Gives the members back; it may be opened again. */
void item_close(Item *item);

#endif
