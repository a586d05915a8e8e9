/* Books items: a slice of them in one transaction; where one of them cannot be taken whole, each in
 * its own, so that nothing of a refused row stays. */
#ifndef GUANXI_EDGE_IMPORT_BOOK_H
#define GUANXI_EDGE_IMPORT_BOOK_H

#include "edge/import/item.h"
#include "op/run.h"

typedef struct Books {
    const Mapping *mapping;
    const char *as;
    const char *currency;        /* of the organisation; NULL: none yet */
    json_t *known[TARGET_COUNT]; /* codes that need no creating: an object as a set */
    Err (*work)(Ctx *cx, void *user, Err (*steps)(Ctx *cx, void *steps_user), void *steps_user);
    void *user;
    Item *items;
    size_t count;
    Item *alone;   /* of the transaction under way; NULL: all of them */
    bool is_begun; /* that transaction was tried before */
} Books;

void books_start(Books *books);
void books_end(Books *books);
/* Every item has an outcome then. What it refuses ends the import:
 * nothing of these items is kept. */
Err books_run(Ctx *cx, Books *books) MUST_CHECK;

#endif
