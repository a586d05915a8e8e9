/* Facts: what stands in the database because an operation wrote it there, and not because it can be
 * worked out from other rows. Whoever writes a fact has the statement answer the row as it then
 * stands; its fingerprint goes into the operation's audit row, beside that of the row before.
 * Doctor holds every row against the last fingerprint that was taken of it, and every fingerprint
 * against the one before. So a row that was altered, added or removed behind the program's back
 * shows, whatever the column, and also when an operation has changed the row since. */
#ifndef GUANXI_OP_FACT_H
#define GUANXI_OP_FACT_H

#include "op/dossier.h"

/* The facts of one table. Columns that a later version adds stand at the end; as long as they are
 * null they leave the fingerprints of older rows as they are. */
typedef struct Fact {
    const char *table;
    const char *noted_as; /* the table that the audit names; NULL: the same */
    size_t keys;          /* so many columns name the row; they stand first */
    /* What its rows are in the dossier of their account; if anything, their first columns are id
     * and account_id, and their INSERT answers nothing. */
    DossierKind dossier;
    Sql scan;  /* every row: all columns that are facts, and none that is derived */
    Sql by_id; /* the same of one row */
} Fact;

/* Defines a Fact; `columns` and `letters` are the string constants that its writers use too. */
#define FACT(table_name, key_count, columns, letters)                                              \
    {                                                                                              \
        .table = table_name, .keys = (key_count),                                                  \
        .scan = {"SELECT " columns " FROM " table_name, "", letters},                              \
        .by_id = {"SELECT " columns " FROM " table_name " WHERE id = $1", "k", letters},           \
    }

/* The same of what stands in the dossier of its account. */
#define FACT_IN_DOSSIER(kind, table_name, columns, letters)                                        \
    {                                                                                              \
        .table = table_name, .keys = 1, .dossier = (kind),                                         \
        .scan = {"SELECT " columns " FROM " table_name, "", letters},                              \
        .by_id = {"SELECT " columns " FROM " table_name " WHERE id = $1", "k", letters},           \
    }

/* These run a statement that answers the rows it wrote (RETURNING the columns of `fact`, in their
 * order) and note them. An INSERT; when its parameters are these columns it answers nothing: */
Err fact_put(Ctx *cx, const Fact *fact, const Sql *sql, const Arg *args, size_t count) MUST_CHECK;
/* The same of so many rows whose arguments follow each other, and are the columns. */
Err fact_put_rows(
    Ctx *cx, const Fact *fact, const Sql *sql, const Arg *args, size_t columns, size_t rows)
    MUST_CHECK;
/* An UPDATE of the row that has the id. */
Err fact_change(
    Ctx *cx, const Fact *fact, Id id, const Sql *sql, const Arg *args, size_t count) MUST_CHECK;
/* An UPDATE of rows that a SELECT by fact_see answered before, in an order of its own: engines
 * differ in that of an UPDATE, and the order is hashed. */
Err fact_see(Ctx *cx, const Fact *fact, const Sql *sql, const Arg *args, size_t count) MUST_CHECK;
Err fact_change_seen(
    Ctx *cx, const Fact *fact, const Sql *sql, const Arg *args, size_t count) MUST_CHECK;
/* A DELETE. */
Err fact_remove(
    Ctx *cx, const Fact *fact, const Sql *sql, const Arg *args, size_t count) MUST_CHECK;

/* For what a body asks again and again (the settings, the policy): the value that was read of a
 * fact, kept until the running operation ends or writes a row of that fact. NULL: nothing is kept;
 * outside of operations nothing ever is. It is copied; what it points to is to last as long. */
const void *fact_known(const Ctx *cx, const Fact *fact);
void fact_know(Ctx *cx, const Fact *fact, const void *value, size_t size);

#endif
