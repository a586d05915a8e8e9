/* Books items: a slice of them in one transaction; where one of them cannot be taken whole, each in
 * its own, so that nothing of a refused row stays. */
#ifndef GUANXI_EDGE_IMPORT_BOOK_H
#define GUANXI_EDGE_IMPORT_BOOK_H

#include "edge/import/group.h"

typedef struct Books {
    const Mapping *mapping;
    const Grouping *grouping;
    Tally *tally;
    Arena *arena; /* of items */
    const char *as;
    const char *currency;        /* of the organisation; NULL: none yet */
    json_t *known[TARGET_COUNT]; /* codes that need no creating: an object as a set */
    Err (*work)(Ctx *cx, void *user, Err (*steps)(Ctx *cx, void *steps_user), void *steps_user);
    void *user;
    Item *const *items;
    size_t count;
    Group *groups; /* of items that are booked together, in their order */
    size_t group_count;
    bool has_undone;  /* some import was taken back, so that rows may come a second time */
    const char *file; /* its name; NULL: none */
    Id run;           /* the import's record; 0: nothing is stored yet */
    bool is_run_new;  /* made in the transaction under way */
    bool is_nothing;  /* nothing was to be stored in it, so that it was given up */
    Item *alone;      /* of the transaction under way; NULL: all of them */
    bool is_begun;    /* that transaction was tried before */
} Books;

void books_start(Books *books);
void books_end(Books *books);
/* Calls an operation about the import as a whole, as whoever brings it; in a transaction. */
Err books_call(Ctx *cx, const Books *books, const char *name, const json_t *members) MUST_CHECK;
/* What needs no database: puts the items together that can be, in the arena. */
void books_prepare(Books *books, Arena *arena);
/* Every item has an outcome then. What it refuses ends the import:
 * nothing of these items is kept. */
Err books_run(Ctx *cx, Books *books) MUST_CHECK;

#endif
