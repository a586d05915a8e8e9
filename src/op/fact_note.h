/* Fingerprints of facts as an audit row keeps them. Private to op/.
 *
 * An audit row holds its notes one after another, in the order in which the rows were written;
 * audit rows that wrote the same row follow each other in the order of their ids. */
#ifndef GUANXI_OP_FACT_NOTE_H
#define GUANXI_OP_FACT_NOTE_H

#include "op/fact.h"
#include "op/run_state.h"

enum { FACT_PRINT_SIZE = 10 };

/* All zero: there is no such row. */
typedef struct FactPrint {
    uint8_t bytes[FACT_PRINT_SIZE];
} FactPrint;

typedef struct FactNote {
    int64_t key;    /* the row's id, or a hash of what names it */
    uint32_t table; /* fact_table() */
    FactPrint was;
    FactPrint is;
} FactNote;
_Static_assert(sizeof(FactNote) == 32, "notes are stored as they lie in memory");

/* What stands for the table in notes. Never 0. */
uint32_t fact_table(const Fact *fact);
/* Of a row whose cells are the columns of the fact. */
int64_t fact_key(const Fact *fact, const Cell *cells);
FactPrint fact_print(const Fact *fact, const Cell *cells, size_t columns);
bool fact_print_is_same(const FactPrint *a, const FactPrint *b);

/* Notes a new row that another statement writes. */
void fact_add(Ctx *cx, Facts *facts, const Fact *fact, const Cell *cells, size_t columns);

/* Where the notes of the running operation lie: kept with the connection, emptied by each
 * operation. */
Arena *facts_arena(Db *db);
/* Leaves out notes of rows that are as they were. */
void facts_prune(Facts *facts);

/* Whether all that were written are of rows with ids that were made after `since`. */
bool facts_are_new(const Facts *facts, Id since);

/* The facts of op/ itself. */
extern const Fact fact_subject;
extern const Fact fact_seal;
extern const Fact fact_idem;
extern const Fact fact_idem_lookup;

/* Holds every row of every fact against the notes; each finding is one line to `say`. */
Err facts_verify(Ctx *cx, DbSay say, void *user) MUST_CHECK;
/* The same with so many places for rows at a time, a power of two. */
Err facts_verify_in(Ctx *cx, size_t places_max, DbSay say, void *user) MUST_CHECK;

/* registry.c: the facts of all features and records, and those of op/. */
size_t fact_count(void);
const Fact *fact_at(size_t index);
const RefKind *ref_kind_of(const char *table); /* whose rows stand in the table; NULL: unknown */

#endif
