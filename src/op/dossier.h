/* The dossier of an account: where its entries, decisions, orders and audit rows are. Tables grow
 * at their end, so a batch of orders shares the pages it writes; by account each order changes a
 * page that no other does. So there is one list, and not an index for each table, and a row of it
 * stands for a block of ids, which is what an operation usually makes: the account has rows of some
 * of these tables among the ID_BLOCK ids from `from_id` on.
 *
 * Who writes a fact that says what it is in the dossier has its rows listed by op/fact.c. Who reads
 * such a table by account begins at the dossier:
 *
 *     FROM dossier k CROSS JOIN entry e {by_id} WHERE k.account_id = $1 AND DOSSIER_ENTRIES("e")
 *
 * orders by k.from_id, e.id, and bounds both: DOSSIER_ABOVE, DOSSIER_BELOW. CROSS JOIN keeps SQLite
 * from beginning with the table. */
#ifndef GUANXI_OP_DOSSIER_H
#define GUANXI_OP_DOSSIER_H

#include "base/id.h"
#include "db/db.h"

/* What a fact is in the dossier. Blocks tell whether they have orders and decisions: most have
 * none, and would be looked into for nothing. Entries and audit rows most of them have. */
typedef enum DossierKind {
    DOSSIER_NOT, /* not in it */
    DOSSIER_ENTRY,
    DOSSIER_AUDIT,
    DOSSIER_ORDER,
    DOSSIER_DECISION,
    DOSSIER_KIND_COUNT
} DossierKind;

/* The block of an id; ids are positive. */
#define DOSSIER_BLOCK(id) "(" id " / 16 * 16)"
/* The rows `r` of a table that the row k lists. The range is what finds them by their ids; that the
 * block is equal, which it says once more, is what a join of all with all can go by. */
#define DOSSIER_HAS(r)                                                                             \
    r ".account_id = k.account_id AND " r ".id >= k.from_id AND " r ".id < k.from_id + 16"         \
      " AND k.from_id = " DOSSIER_BLOCK(r ".id")
#define DOSSIER_ENTRIES(r) DOSSIER_HAS(r)
#define DOSSIER_AUDITS(r) DOSSIER_HAS(r)
#define DOSSIER_ORDERS(r) "k.has_order = TRUE AND " DOSSIER_HAS(r)
#define DOSSIER_DECISIONS(r) "k.has_decision = TRUE AND " DOSSIER_HAS(r)
/* Those of them above, or below, an id. */
#define DOSSIER_ABOVE(r, id) "k.from_id >= " DOSSIER_BLOCK(id) " AND " r ".id > " id
#define DOSSIER_BELOW(r, id) "k.from_id < " id " AND " r ".id < " id
_Static_assert(ID_BLOCK == 16, "the statements above say it too");

/* The same of the rows `r` of a kind that is in it. */
const char *dossier_rows(DossierKind kind);

/* Lists rows of an account that are written in this run. The arguments of each row follow those of
 * the one before, `columns` a row, and begin with its id and its account. An order comes with its
 * decision, so blocks with entries are written at once, and others wait for what else is in them:
 * until another block is listed, or dossier_write. */
Err dossier_add(Ctx *cx, DossierKind kind, const Arg *args, size_t columns, size_t rows) MUST_CHECK;
/* Writes what waits; with each audit row. */
Err dossier_write(Ctx *cx) MUST_CHECK;

#endif
