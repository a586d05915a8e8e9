/* What an engine provides. db.c talks to one through these pointers and to nothing else of it; a
 * driver knows no operation, no token and no migration. One Link is one connection, used by one
 * thread at a time.
 *
 * A driver translates its engine's errors to a Fault and writes their text to the log. Functions
 * with a Ctx record the refusal themselves, because its sentence names a path or a server. */
#ifndef GUANXI_DB_DRIVER_H
#define GUANXI_DB_DRIVER_H

#include "db/db.h"

typedef struct Driver Driver;

/* What went wrong, as far as the caller's way on differs. */
typedef enum Fault {
    FAULT_NONE,
    FAULT_BUSY,      /* somebody else holds it; again later */
    FAULT_FULL,      /* no room; what was begun is undone */
    FAULT_IO,        /* the disk or the connection failed */
    FAULT_DAMAGED,   /* what is stored is not sound */
    FAULT_CORRUPT,   /* so is the file as a whole: nothing that is written to it is safe */
    FAULT_TIMEOUT,   /* stopped by the time limit */
    FAULT_GONE,      /* the connection to the server ended, or there is none to be had */
    FAULT_READ_ONLY, /* the server takes no writes now */
    FAULT_DENIED,    /* the role lacks a right */
    FAULT_BUG,       /* a statement that does not fit the schema, a broken constraint */
} Fault;

typedef enum Engine { ENGINE_SQLITE, ENGINE_POSTGRES } Engine;

/* A driver's own connection and statement begin with these. */
typedef struct Link {
    const Driver *driver;
} Link;

typedef struct Statement {
    Link *link;
    size_t columns;
} Statement;

typedef struct LinkOptions {
    DbMode mode;
    bool is_new; /* url is what reserve gave: there is nothing in it yet */
    int64_t read_limit_ms;
    DbGrace *grace; /* as in DbOptions */
    int64_t answer_ms;
} LinkOptions;

/* One table, index, view or trigger, and the text it was made by. */
typedef void (*SchemaPart)(void *user, const char *kind, const char *name, const char *text);

struct Driver {
    Engine engine;
    bool is_shared;      /* a server's: others write beside us */
    const char *scratch; /* url of an empty database that is gone when it is closed; NULL: */
    const char *(*scratch_of)(Arena *arena, const char *url); /* … of the same server as this one */
    /* The url without what is secret in it; NULL: there is nothing secret. */
    const char *(*shown)(Arena *arena, const char *url);
    const char *begin_write; /* takes the write lock at once */
    const char *begin_read;
    /* Around one migration: outside of its transaction before and after, and inside as its first
     * statement. */
    const char *migration_before;
    const char *migration_lock;
    const char *migration_after;

    bool (*takes)(const char *url);
    /* Refusals as db_open, but for the schema. The link lives in `arena`; so does a copy of url. */
    Err (*open)(
        Ctx *cx, Arena *arena, const char *url, const LinkOptions *options, Link **ret_link);
    void (*close)(Link *link);

    /* Statements without parameters and rows, separated by semicolons. */
    Fault (*execute)(Link *link, const char *script);
    /* Waits for what was sent; its fault. NULL: nothing is ever under way. */
    Fault (*settle)(Link *link);
    /* Whether the engine is inside a transaction: a failed statement may have ended it. */
    bool (*is_in_transaction)(Link *link);

    /* `in` and `out` as in Sql, `in` with the parameters that tokens added. The statement lives in
     * `arena` until finish. */
    Fault (*prepare)(Link *link, Arena *arena, const Sql *sql, Statement **ret_statement);
    /* The same for a statement that is run once and finished; NULL: as any other. */
    Fault (*prepare_once)(Link *link, Arena *arena, const Sql *sql, Statement **ret_statement);
    /* number: 1 for $1. The argument's memory lives until reset. */
    Fault (*bind)(Statement *statement, size_t number, const Arg *arg);
    /* The next row into cells[0..columns-1], whose memory lives until the next call; *ret_has_row
     * false after the last. */
    Fault (*step)(Statement *statement, Cell *cells, bool *ret_has_row);
    /* Runs a statement without rows; may only send it, so that its fault comes later. */
    Fault (*send)(Statement *statement);
    void (*reset)(Statement *statement);
    /* Asks ahead: sends a statement whose rows are taken later, if ever, by the ticket, -1: not
     * sent, there are too many already. NULL: asking is no turn over a socket. */
    Fault (*expect)(Statement *statement, int *ret_ticket);
    /* As step, of what was asked ahead. */
    Fault (*expected_step)(Statement *statement, int ticket, Cell *cells, bool *ret_has_row);
    /* Nothing that was asked ahead is wanted any more; its tickets are void. */
    void (*expected_drop)(Link *link);
    void (*finish)(Statement *statement);

    /* Fails with FAULT_DAMAGED when a row refers to one that is not there; runs inside a
     * transaction. */
    Fault (*references_check)(Link *link);
    /* Within the transaction: rows may come before those that they refer to, until it is said
     * again that they may not, when all must be there. */
    Fault (*references_defer)(Link *link, bool is_deferred);
    /* All parts of the schema that are not the engine's own, by kind and name. */
    Fault (*schema_parts)(Link *link, SchemaPart each, void *user);
    /* A number that is another one after any change of a part, had for less than the parts. NULL:
     * the parts are as quickly had. */
    Fault (*schema_print)(Link *link, int64_t *ret_print);
    /* A number below 2^31 that the database carries, 0 at first. */
    Fault (*mark_read)(Link *link, int64_t *ret_mark);
    Fault (*mark_write)(Link *link, int64_t mark);
    /* The highest `id` of all tables. */
    Fault (*id_highest)(Link *link, Id *ret_id);
    /* What the server's clock shows. NULL: it is this machine's. */
    Fault (*clock)(Link *link, Instant *ret_now);
    /* As db_is_beside; NULL: never. */
    bool (*is_beside)(const Link *link);
    /* The node that this connection makes ids for, when it is another than before; asked before
     * each writing transaction, and given back with the last id made. *last is raised above all
     * that stand in the database when the node is a new one. NULL: always 0. */
    Fault (*node)(Link *link, int *ret_node, Id *last);
    void (*node_free)(Link *link, Id last_id);
    /* As db_checkpoint. */
    Fault (*checkpoint)(Link *link, bool is_idle);
    /* As db_is_moving; NULL: never. */
    bool (*is_moving)(const Link *link);
    /* A name beside `path` for a database in the making, nothing in it yet. Refuses what publish
     * would. */
    Err (*reserve)(Ctx *cx, const char *path, const char **ret_made);
    /* A consistent copy of everything into what reserve gave. NULL: the engine's own tools do
     * that. */
    Err (*copy)(Ctx *cx, Link *link, const char *made);
    /* Gives it its name; no link to it is open. ERR_STATE when there is anything of that name. */
    Err (*publish)(Ctx *cx, const char *made, const char *path);
    void (*discard)(Ctx *cx, const char *made);
    /* Spreads all accounts over the nodes of the server; what is refused leaves it as it was. NULL:
     * there are none. */
    Err (*spread)(Ctx *cx, Link *link);
    /* As db_verify. */
    Fault (*verify)(Link *link, DbSay say, void *user, int64_t *ret_findings);
};

extern const Driver driver_sqlite;
extern const Driver driver_postgres;

#endif
