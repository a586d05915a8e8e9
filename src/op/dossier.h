/* The dossier of an account: the ids of its entries, decisions, orders and audit rows in one list,
 * in the order in which they were written, with what each is. Tables grow at their end, so a batch
 * of orders shares the pages it writes; by account each order changes a page that no other does. So
 * there is one list, and not an index for each table.
 *
 * Who writes a fact with `dossier` set has its rows listed by op/fact.c. Who reads such a table by
 * account begins at the dossier:
 *
 *     FROM dossier k CROSS JOIN entry e
 *     WHERE k.account_id = $1 AND k.kind = 'entry' AND e.account_id = k.account_id AND e.id = k.id
 *
 * and orders, bounds and cuts by k.id. CROSS JOIN keeps SQLite from beginning with the table. */
#ifndef GUANXI_OP_DOSSIER_H
#define GUANXI_OP_DOSSIER_H

#include "db/db.h"

/* Lists rows of an account that are written next; `kind` as in the table. The arguments of each row
 * follow those of the one before, `columns` a row, and begin with its id and its account. */
Err dossier_add(Ctx *cx, const char *kind, const Arg *args, size_t columns, size_t rows) MUST_CHECK;

#endif
