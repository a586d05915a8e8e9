/* What the files of the PostgreSQL driver share. They alone include libpq-fe.h. */
#ifndef GUANXI_DB_POSTGRES_POSTGRES_H
#define GUANXI_DB_POSTGRES_POSTGRES_H

#include "db/driver.h"

#include <libpq-fe.h>

enum { SCHEMA_NAME_MAX = 63 };

/* A question that was sent ahead. */
typedef struct PgAhead {
    uint64_t number;  /* of its command on this connection */
    PGresult *result; /* NULL: not read yet */
    int row;          /* the next one */
    bool is_dropped;
} PgAhead;

enum { AHEAD_MAX = 96 };

typedef struct PgLink {
    Link link;
    PGconn *connection;
    const char *schema;
    const char *quoted; /* the schema as a name in SQL */
    DbMode mode;
    unsigned statements; /* counts their names */
    int sent;            /* commands whose results are not read yet */
    uint64_t read;       /* commands that were sent like this and read */
    PgAhead ahead[AHEAD_MAX];
    int ahead_count;
    bool is_pipelined; /* libpq is in pipeline mode */
    bool knows_words;  /* the server has prepared those that begin and end a transaction */
    bool is_asking;    /* rows of a statement are being read */
    /* A pooler stands between, which gives each transaction to any of its own connections: nothing
     * may be left on one. Statements are not prepared, each transaction begins with the settings,
     * and what is asked outside of one gets one of its own. */
    bool is_pooled;
    DbGrace *grace;       /* NULL: its server is waited for without end */
    int64_t answer_us;    /* else for so long; 0: for ever */
    const char *settings; /* as a SELECT, for one transaction */
    bool has_committed;   /* the last answer read was a COMMIT's */
    bool in_transaction;
    bool is_gone;  /* the connection ended */
    PGresult *row; /* of the statement being read */
    /* The node whose ids this connection makes; -1: none. */
    int node;
    Instant node_claimed_at; /* by the server's clock */
    bool is_node_new; /* what stands in the database was not looked at since it was claimed */
    int64_t node_renewed_us; /* by this machine's */
} PgLink;

static inline PgLink *pg_link(Link *link)
{
    return (PgLink *)link;
}

/* talk.c */
/* The fault of a result, logged unless it is in the ordinary course. */
Fault pg_result_fault(PgLink *link, const PGresult *result, const char *doing);
/* The connection ended while doing this. */
Fault pg_gone(PgLink *link, const char *doing);
/* The fault of two steps: the first one's, but that the connection ended counts most. */
Fault pg_both(Fault first, Fault second);
Fault pg_pipeline_enter(PgLink *link);
/* PQgetResult, but that a server which does not answer is given up: the connection ends. */
PGresult *pg_result_next(PgLink *link);
/* Reads what one command answered; its rows, when it has some, are not wanted. */
Fault pg_command_read(PgLink *link, const char *doing);
/* The same of all that were sent. */
Fault pg_sent_read(PgLink *link);
Fault pg_sync_read(PgLink *link);
/* Nothing that was asked ahead is wanted any more. */
void pg_expected_drop(Link *link);
/* Sends a command without parameters, to be read later. */
Fault pg_word_send(PgLink *link, const char *word);
Fault pg_execute(Link *link, const char *script);
bool pg_is_in_transaction(Link *link);
Fault pg_settle(Link *link);
/* Asks about the database itself, outside of the pipeline; values are texts. The caller clears the
 * result. */
Fault pg_query(
    PgLink *link, const char *text, const char *const *values, int count, PGresult **ret_result);

/* statement.c */
Fault pg_prepare(Link *link, Arena *arena, const Sql *sql, Statement **ret_statement);
Fault pg_prepare_once(Link *link, Arena *arena, const Sql *sql, Statement **ret_statement);
Fault pg_bind(Statement *statement, size_t number, const Arg *arg);
Fault pg_step(Statement *statement, Cell *cells, bool *ret_has_row);
Fault pg_send(Statement *statement);
void pg_reset(Statement *statement);
Fault pg_expect(Statement *statement, int *ret_ticket);
Fault pg_expected_step(Statement *statement, int ticket, Cell *cells, bool *ret_has_row);
void pg_finish(Statement *statement);

/* fault.c */
/* Whether this COMMIT is to be answered 40001 instead of being done. */
bool pg_fault_commit(void);
/* How far the server's clock is to seem ahead. */
int64_t pg_fault_clock(void);

/* spread.c */
Err pg_spread(Ctx *cx, Link *link);

/* catalog.c */
Fault pg_references_check(Link *link);
Fault pg_references_defer(Link *link, bool is_deferred);
Fault pg_schema_parts(Link *link, SchemaPart each, void *user);
Fault pg_schema_print(Link *link, int64_t *ret_print);
Fault pg_mark_read(Link *link, int64_t *ret_mark);
Fault pg_mark_write(Link *link, int64_t mark);
Fault pg_id_highest(Link *link, Id *ret_id);
Fault pg_verify(Link *link, DbSay say, void *user, int64_t *ret_findings);
Fault pg_clock(Link *link, Instant *ret_now);
Fault pg_node(Link *link, int *ret_node, Id *last);
void pg_node_free(Link *link, Id last_id);

#endif
