/* What a server that spreads accounts over nodes asks of the schema and of every statement. A table
 * belongs to accounts when account_id is in its primary key; the rest is the same on every node.
 *
 * Of the schema: every unique key of a table of accounts has account_id; its references stay within
 * the account or point to what is on every node; what is on every node refers to nothing that is
 * not; nothing is used that such a server lacks.
 *
 * Of a statement: tables of accounts that are joined, or looked at in a subquery that names a row
 * outside of it, are bound together by account_id; such a subquery stands with rows of accounts,
 * not with those of a cut (LIMIT) or of tables that are on every node alone; a recursion is done
 * whole before the rest; a row is inserted with it; nothing is used that such a server lacks. */
#ifndef GUANXI_TESTS_SPREAD_H
#define GUANXI_TESTS_SPREAD_H

#include "base/arena.h"

enum { SPREAD_TABLES_MAX = 128 };

typedef struct Spread {
    const char *names[SPREAD_TABLES_MAX];
    bool are_of_accounts[SPREAD_TABLES_MAX];
    size_t count;
} Spread;

/* Reads a migration as PostgreSQL gets it. NULL, or the sentence that tells the first fault. */
const char *spread_schema(Arena *arena, Spread *spread, const char *script);
bool spread_is_of_accounts(const Spread *spread, const char *table);
/* The same of a statement. *ret_is_everywhere: it writes rows of accounts and names no account, so
 * it goes to all nodes. */
const char *spread_statement(
    Arena *arena, const Spread *spread, const char *text, bool *ret_is_everywhere);

#endif
