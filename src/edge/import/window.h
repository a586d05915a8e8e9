/* Rows that wait to be booked by account: hundreds of thousands, so that little is kept of each. */
#ifndef GUANXI_EDGE_IMPORT_WINDOW_H
#define GUANXI_EDGE_IMPORT_WINDOW_H

#include "edge/import/group.h"

typedef struct Waiting {
    int64_t number;
    const char *cells; /* one behind the other, each with its NUL */
    const char *fault; /* as of a TableRow */
    const char *account;
    const Item *refused; /* OUTCOME_REFUSED: with its row */
    uint32_t cell_count;
    Outcome outcome;
} Waiting;

typedef struct Window {
    Waiting **rows; /* as they stand in the file */
    size_t count;
    size_t size;
} Window;

/* Takes a row in. False: rows like it can be booked in their order alone. */
bool window_add(
    Window *window, Arena *arena, const Mapping *mapping, const Grouping *grouping, TableRow *row);
/* All of them by account, and those of one as they stand in the file. */
Waiting **window_sorted(Arena *arena, const Window *window);
bool waiting_is_beside(const Waiting *one, const Waiting *other);
/* The item to be booked. */
Item *waiting_item(Arena *arena, const Waiting *row);
/* Notes what became of it; what is kept of one that was refused is in the arena. */
void waiting_end(Arena *arena, Waiting *row, const Item *item);

#endif
