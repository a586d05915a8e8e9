/* PostgreSQL: spreading a schema over the nodes of a distributed server.
 *
 * A table with account_id in its primary key is spread by it, so that all rows of an account lie on
 * one node; keys of idempotency are spread by themselves; every other table is on every node. Both
 * are made by the functions of the extension `citus`, whose references can be made only when both
 * sides are in their place: all are taken away first and put back at the end. One transaction. */
#include "db/postgres/postgres.h"

#include "base/log.h"

#include <string.h>

/* Nodes of ids and the history of the schema are the coordinator's own: nothing is joined with
 * them, and they are written with the server's clock, which no spread table may be. */
#define TABLES                                                                                     \
    " FROM pg_class c WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) "   \
    "AND c.relkind = 'r' AND c.relname NOT IN ('node', 'migration')"
#define HAS_IN_KEY(column)                                                                         \
    " EXISTS (SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND "        \
    "a.attnum = ANY (i.indkey) WHERE i.indrelid = c.oid AND i.indisprimary AND "                   \
    "a.attname = '" column "')"
#define IS_OF_ACCOUNTS HAS_IN_KEY("account_id")
#define IS_OF_KEYS HAS_IN_KEY("key_hash")
#define REFERENCES                                                                                 \
    " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype = 'f' AND "       \
    "c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)"

/* Each answers statements, one a row: the extension takes several at once for one. */
static const char *const steps[] = {
    "SELECT format('ALTER TABLE %I DROP CONSTRAINT %I', c.relname, k.conname)" REFERENCES,
    "SELECT format('SELECT create_reference_table(%L)', c.relname)" TABLES " AND NOT" IS_OF_ACCOUNTS
    " AND NOT" IS_OF_KEYS " ORDER BY c.relname",
    "SELECT format('SELECT create_distributed_table(%L, ''key_hash'', colocate_with => ''none'')', "
    "c.relname)" TABLES " AND" IS_OF_KEYS " ORDER BY c.relname",
    /* The position, which every write of an account locks, makes the group that the others join. */
    "SELECT format('SELECT create_distributed_table(%L, ''account_id'', colocate_with => %L)', "
    "c.relname, CASE WHEN c.relname = 'position' THEN 'none' ELSE 'position' END)" TABLES
    " AND" IS_OF_ACCOUNTS " ORDER BY c.relname <> 'position', c.relname",
    "SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', c.relname, k.conname, "
    "pg_get_constraintdef(k.oid))" REFERENCES " ORDER BY c.relname, k.conname",
};

/* All are read before the first is run. */
static Fault steps_read(PgLink *link, PGresult *results[])
{
    Fault fault = FAULT_NONE;
    for (size_t i = 0; i < COUNT(steps) && fault == FAULT_NONE; i++) {
        fault = pg_query(link, steps[i], &link->schema, 1, &results[i]);
    }
    return fault;
}

static Fault steps_run(PgLink *link, PGresult *results[])
{
    Fault fault = FAULT_NONE;
    for (size_t i = 0; i < COUNT(steps); i++) {
        for (int row = 0; row < PQntuples(results[i]) && fault == FAULT_NONE; row++) {
            fault = pg_execute(&link->link, PQgetvalue(results[i], row, 0));
        }
    }
    return fault;
}

static Err extension_check(Ctx *cx, PgLink *link)
{
    PGresult *result = NULL;
    Fault fault =
        pg_query(link, "SELECT 1 FROM pg_extension WHERE extname = 'citus'", NULL, 0, &result);
    bool is_there = fault == FAULT_NONE && PQntuples(result) == 1;
    PQclear(result);
    if (fault == FAULT_NONE && !is_there) {
        return err_set(cx, ERR_STATE, "distribute",
            "The database server has no extension citus in this database. Install it on all nodes, "
            "CREATE EXTENSION citus, and add the nodes; or leave --distribute out.");
    }
    return fault == FAULT_NONE ? ERR_OK
                               : err_set(cx, ERR_STORE, NULL,
                                     "The database server does not tell whether it has the "
                                     "extension citus; the log tells "
                                     "more.");
}

Err pg_spread(Ctx *cx, Link *link)
{
    PgLink *spreading = pg_link(link);
    PGresult *results[COUNT(steps)] = {NULL};
    TRY(extension_check(cx, spreading));
    Fault fault = pg_execute(link, "BEGIN");
    fault = fault == FAULT_NONE ? steps_read(spreading, results) : fault;
    fault = fault == FAULT_NONE ? steps_run(spreading, results) : fault;
    fault = fault == FAULT_NONE ? pg_execute(link, "COMMIT") : fault;
    if (fault != FAULT_NONE) {
        Fault undone = pg_execute(link, "ROLLBACK");
        ASSERT(undone == FAULT_NONE);
    }
    for (size_t i = 0; i < COUNT(steps); i++) {
        PQclear(results[i]);
    }
    if (fault != FAULT_NONE) {
        return err_set(cx, ERR_STORE, "distribute",
            "The tables could not be spread over the nodes of the server; nothing was kept. The "
            "log tells what it said.");
    }
    return ERR_OK;
}
