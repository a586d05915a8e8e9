/* An operation is declared once, directly above its body. From the declaration come the route,
 * validation, permission, transaction, audit, OpenAPI, command line and journal.
 *
 *     SCHEMA(LimitSetIn, F_REF(LimitSetIn, account, "account", REQUIRED), …);
 *     SCHEMA(LimitSetOut, …);
 *     OP(limit_set, LimitSetIn, LimitSetOut, POST("/limits"), .effect = EFFECT_CREATE,
 *        .needs = PERM_LIMIT_WRITE, .lock = "account", .summary = "Set or ask for a credit limit.",
 *        FAILS(ERR_FORBIDDEN, ERR_STATE))
 *     {
 *         … in is valid, references are resolved and visible, the account is locked …
 *         return ERR_OK;
 *     }
 *
 * Names in braces of the path are members of the input. On GET the others are query parameters,
 * else the body. What validation itself refuses (NOT_FOUND of references, FORBIDDEN, FIELD_*) is
 * not listed; FAILS lists what the body refuses besides, in the order in which it checks. */
#ifndef GUANXI_OP_OP_H
#define GUANXI_OP_OP_H

#include "base/schema.h"
#include "db/db.h"
#include "op/actor.h"
#include "op/fact.h"

typedef enum Method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE } Method;

enum { METHOD_COUNT = METHOD_DELETE + 1 };
extern const char *const method_names[METHOD_COUNT]; /* "GET", … */

typedef enum Effect {
    EFFECT_READ,   /* read-only transaction */
    EFFECT_CREATE, /* writes; answers 201 */
    EFFECT_ACT,    /* writes; answers 200 */
    EFFECT_TRY,    /* runs like a write and is always rolled back: previews; 200 */
} Effect;

enum { OP_FAILS_MAX = 16 };

typedef struct Op Op;
typedef Err (*OpBody)(Ctx *cx, const void *in, void *out);

struct Op {
    const char *name;
    Method method;
    const char *path; /* below /api/v1; NULL: no route (command line and journal only) */
    Effect effect;
    Perm needs;
    /* input member (FIELD_REF) whose account is locked; NULL: the organisation's row */
    const char *lock;
    const Schema *in;
    const Schema *out;
    Err fails[OP_FAILS_MAX];
    OpBody run;
    /* Runs after references are resolved and the caller is authorised, before the first refused
     * field is reported: state refusals come before field refusals. Only references of `in` are
     * sure by then. */
    OpBody guard;
    /* Slow work that needs no lock (a password's hash): runs before the transaction, one at a time
     * on a thread of its own, on a read connection, after references are resolved and the caller is
     * authorised. What it leaves in ret_prepared, in the arena, the body gets from
     * run_prepared(). */
    Err (*prepare)(Ctx *cx, const void *in, const void **ret_prepared);
    const char *summary;
    size_t body_max;    /* 0: LIMIT_BODY_BYTES */
    bool is_anonymous;  /* needs no actor: sign-in */
    bool asks_password; /* answers whether a password is right: doors slow down who guesses */
    /* what it does may be a sign worth an alert: features look for it (Feature.watch) at its end */
    bool is_watched;
    /* a read that may have nothing to tell yet (run_told): a door may keep the answer back and ask
     * again until it has */
    bool waits;
    bool may_hold;        /* a create that may also make nothing and answer 200 (run_is_held) */
    bool is_secret_reply; /* the reply holds a secret: audit and idempotency keep it out */
    /* The operation that does in one go what this one does for each of several rows of one account,
     * for imports: it takes `lock` and a list `rows`, each with members of this one, and refuses
     * all of them where one could not be taken as it stands. NULL: there is none */
    const char *many;
    /* Of such an operation: the read that takes the same and tells, by a list `there` of their
     * places, which of the rows are there as they stand. */
    const char *there;
    /* Of what makes one record or several: the operation that takes one of them back, which the
     * last reference in its path names, and what that is given besides, as JSON. NULL: nothing
     * does. Generated creates have the remove of their record, or what retires one. */
    const char *inverse;
    const char *inverse_with;
    const struct Record *record; /* generated for this record */
    int record_verb;
};

#define GET(p) .method = METHOD_GET, .path = (p)
#define POST(p) .method = METHOD_POST, .path = (p)
#define PUT(p) .method = METHOD_PUT, .path = (p)
#define PATCH(p) .method = METHOD_PATCH, .path = (p)
#define DELETE(p) .method = METHOD_DELETE, .path = (p)
#define FAILS(...) .fails = {__VA_ARGS__}

#define OP(id, In, Out, ...)                                                                       \
    static Err id(Ctx *cx, const In *in, Out *out);                                                \
    static Err id##_thunk(Ctx *cx, const void *in, void *out)                                      \
    {                                                                                              \
        return id(cx, in, out);                                                                    \
    }                                                                                              \
    static const Op op_##id = {                                                                    \
        .name = #id, .in = &In##_schema, .out = &Out##_schema, .run = id##_thunk, __VA_ARGS__};    \
    static Err id(Ctx *cx, const In *in, Out *out)

/* An input without members. */
typedef struct Nothing {
    char unused;
} Nothing;
extern const Schema Nothing_schema;

/* How a reference of one kind is found: by the text in a column, or by its id. From table and
 * columns op/record_ref.c composes the statements at start. A text that two rows have is
 * ERR_AMBIGUOUS; a partner whom the caller may not see, ERR_NOT_FOUND. */
typedef struct RefKind {
    const char *name;    /* "account" */
    char letter;         /* see op/letters below */
    const char *table;   /* NULL: same as name */
    const char *code;    /* column of the text that finds it: "code", "number"; NULL: ids only */
    const char *account; /* column of the account it belongs to; NULL: to none */
    /* column of the partner whose sight it has; NULL: that of the account, and without one it is of
     * no partner, so that all staff may see it */
    const char *partner;
    const char *called; /* column that tells what was found; NULL: that of code */
    const char *shows;  /* column that names it: "code", "name"; NULL: its id (documents) */
    /* Status of rows whose text another row may have that stands: it is the one that is found.
     * NULL: there is no such status */
    const char *over;
    bool is_common; /* of no partner, and users of partners may see it too */
    bool is_steady; /* its table is, see db_steady_begin */
    /* Composed when NULL. All answer k k k t: id, account_id, partner_id, what it is called. */
    const Sql *by_id;   /* parameter k */
    const Sql *by_code; /* parameter t; stays NULL without a code */
    /* parameters t k, the account that has it; NULL without both columns */
    const Sql *by_code_of;
} RefKind;

typedef enum RecordVerb {
    VERB_CREATE = 1 << 0,
    VERB_GET = 1 << 1,
    VERB_LIST = 1 << 2,
    VERB_CHANGE = 1 << 3,
    VERB_REMOVE = 1 << 4,
    VERB_HISTORY = 1 << 5,
    VERB_READS = VERB_GET | VERB_LIST | VERB_HISTORY,
} RecordVerb;

/* A list member whose items stand in rows of their own. */
typedef struct RecordPart {
    const char *member;
    /* parameter k, the id of the record's row; columns as run.h says for the member's items */
    const Sql *sql;
} RecordPart;

/* What holds of all rows whose member has a value, as an index has it that is of these rows alone:
 * an engine cannot know it. */
typedef struct RecordMeans {
    const char *member;
    const char *value;
    const char *sql;
} RecordMeans;

/* A plain record, or the reading half of a document. The schema describes what `get` shows;
 * op/record.c composes the statements of create, get, list and change from it at start.
 *   Schema fields: first F_ID(T, id, name). A member `version` (F_INT, FIELD_OUTPUT) counts the
 *   changes; without one `get` counts the history. Actions whose path ends in it take If-Match.
 *   Columns: field.column or field.name; a FIELD_REF to kind x has column x-name_id unless .column
 *   says other (account -> account_id); FIELD_MONEY minor units; FIELD_DECIMAL integer at
 *   scale_max; FIELD_ENUM text; FIELD_FLAGS integer; FIELD_LIST/OBJECT and FIELD_NO_COLUMN are no
 *   columns; FIELD_LIMIT x: columns x_kind and x. A field may instead name an SQL expression over
 *   the aliases of the row (r) and of partner_join in .column when it contains a '(' or '.', e.g.
 *   "(SELECT …)", "a.partner_id"; such a field is FIELD_OUTPUT.
 *   Lists filter by fields flagged FIELD_FILTER; from/until on the field named by `date_field`. */
typedef struct Record {
    const char *name;  /* "territory": operations territory_create, territory_get, … */
    const char *table; /* NULL: same as name */
    const char *path;  /* "/territories"; one of it: "/territories/{territory}" */
    const char *one;   /* "/entries", when the list stands below another record; else NULL */
    char letter;
    const Schema *schema;
    unsigned verbs;
    Perm reads;
    Perm writes;
    const char *date_field;
    /* A list that is asked neither by this field nor by a filter shows rows of the condition alone:
     * "status" and "r.status = 'open'". NULL: all rows. */
    const char *usual_field;
    const char *usual;
    const RecordMeans
        *means; /* added where a list is asked for the value; ended by NULL. May be NULL */
    /* SQL that joins alias p (partner) to alias r (the row), e.g.
     * "JOIN account a ON a.id = r.account_id JOIN partner p ON p.id = a.partner_id";
     * NULL: rows seen by all. */
    const char *partner_join;
    /* What its join holds for each row, for the sentence of a row that a reference found and this
     * record's statement does not: the database is damaged. NULL: there is no such row. */
    const char *lacks;
    /* Which rows there are for the caller, instead of those of partners in sight: a condition,
     * which may name what args_in takes. NULL: those. */
    const char *sight;
    /* The lists that get and list show of each row, ended by a member NULL. May be NULL. */
    const RecordPart *parts;
    /* What expressions of the schema name as $1, $2 …, so that a list filters by what it shows: a
     * status that depends on the business date. Letters as in db.h, and what fills them for a
     * call; NULL: nothing. */
    const char *args_in;
    Err (*args)(Ctx *cx, Arg *ret_args);
    /* Fills what else of FIELD_NO_COLUMN, list and object members `count` rows show, at least one.
     * May be NULL. */
    Err (*fill)(Ctx *cx, void *items, size_t count);
    /* Before create (`before` NULL) and change are written; may refuse or complete `after`.
     * May be NULL. */
    Err (*check)(Ctx *cx, const void *before, void *after);
    /* After the row was written; after remove `after` is NULL. May be NULL. */
    Err (*wrote)(Ctx *cx, const void *before, const void *after);
    /* Before a remove is written, to which nothing refers: takes away what stands in other tables.
     * May be NULL. */
    Err (*leaves)(Ctx *cx, const void *before);
    /* Where nothing is removed: what a change is given that puts one out of use, as JSON; it takes
     * a create back. NULL: nothing does. */
    const char *retire;
    /* Asked before a remove besides the references of the records known: parameter k, a row (k)
     * when some other table holds one to it. May be NULL. */
    const Sql *uses;
    Err fails[8];        /* what check and wrote refuse besides fields, in their order */
    Err create_fails[2]; /* and what they refuse of a create alone */
    const char *summary; /* what it is, with article: "a sales territory" */
} Record;

/* A check of doctor: the statement answers one row of one text a fault:
 * a sentence that names the row. */
typedef struct Check {
    const char *name; /* "entries balance" */
    const Sql *sql;
    /* Instead of sql, for what needs arithmetic: calls db_scan and `say`s. */
    Err (*run)(Ctx *cx, DbSay say, void *user);
} Check;

/* A derived table: rebuild empties and fills it again from facts alone. */
typedef struct Derived {
    const char *table;
    Err (*rebuild)(Ctx *cx);
} Derived;

/* What a feature brings; each list is NULL-terminated or NULL. */
typedef struct Feature {
    const char *name;
    const Op *const *ops;
    const Record *const *records;
    const RefKind *const *refs;
    const Check *const *checks;
    const Derived *const *derived;
    const Fact *const *facts; /* those of generated records are known without */
    /* Runs after the body of an operation that is_watched, in its transaction: looks at the account
     * that it locked (0: none) and at the records that it touched. May be NULL. */
    Err (*watch)(Ctx *cx, Id account_id, const Id *touched, size_t count);
} Feature;

/* Set once by main.c before anything else: the features of this program, NULL-terminated. Builds
 * the table of all operations, generated ones included, and asserts that names, routes,
 * references and letters fit. */
void op_start(const Feature *const *features);
size_t op_count(void);
const Op *op_at(size_t index);
const Op *op_by_name(const char *name);         /* NULL when unknown */
const RefKind *ref_kind_find(const char *name); /* NULL when unknown */
const RefKind *ref_kind(const char *name);      /* asserts that it exists */
const RefKind *ref_kind_of_letter(char letter); /* NULL when unknown */
const Feature *const *op_features(void);
const Op *op_inverse(const Op *op); /* NULL: nothing takes back what it made */
/* The last reference in its path: what it acts on; NULL: none. */
const Field *op_subject(const Op *op);

/* Letters of ids: P partner, A account, C contact, T territory, G product, O order, S shipment, B
 * return, I invoice, N credit_note, W write_off, M payment, L allocation, F refund, V promise, Y
 * approval, R release, D decision, H activity, K limit, X rate, U user, E relation, Z alert, J
 * entry, Q audit row (an operation that was done). */

#endif
