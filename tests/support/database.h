/* A database in a folder of its own, for C tests. */
#ifndef GUANXI_TESTS_DATABASE_H
#define GUANXI_TESTS_DATABASE_H

#include "db/port.h"

typedef struct Place {
    char folder[64];
    char path[256]; /* of the database in it; with GUANXI_TEST_PG a schema of that server */
    Arena *arena;
    Ctx cx;
} Place;

/* A fresh folder and a context without a database. */
void place_make(Place *place);
/* A path in the folder, in the arena. */
const char *place_path(Place *place, const char *name);
/* Closes cx.db when it is not NULL, removes the folder and all in it, or the schema. */
void place_drop(Place *place);
/* As the teardown of a test whose state is the place. */
int place_teardown(void **state);
/* Fails with what the context says. */
void place_ok(Ctx *cx, Err err);
/* The names in the folder, sorted, separated by blanks. */
const char *place_names(Place *place);
/* Makes a database at place->path, and opens it into cx.db for writing. history NULL: the
 * program's own. */
Err place_found(Place *place, const History *history);
/* Opens place->path into cx.db, or another one with the same history. */
Err place_open(Place *place, const History *history, DbOptions options);

#endif
