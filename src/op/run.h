/* Runs operations: the only path from any door to a feature. */
#ifndef GUANXI_OP_RUN_H
#define GUANXI_OP_RUN_H

#include "base/buf.h"
#include "op/op.h"

#include "base/json.h"

/* ---- For features ---- */

/* The running operation. */
const Op *run_op(const Ctx *cx);
/* Tells the reply's status: 202 instead of 200 or 201. */
void run_is_pending(Ctx *cx);
/* The same for a create that was judged and made nothing: 200 instead of 201.
 * Its operation is declared may_hold. */
void run_is_held(Ctx *cx);
/* Whether the call comes from an import of what was agreed elsewhere:
 * terms and due dates need no second person. */
bool run_is_import(const Ctx *cx);
/* Names a record this operation concerned (for its history) besides the one whose id it answers. */
void run_touch(Ctx *cx, Id subject);
/* Notes for audit that a column changed; values as text, NULL for none.
 * Touches the subject as well. */
void run_changed(Ctx *cx, Id subject, const char *field, const char *before, const char *after);
/* What was done to a subject that is no record, oldest first, page by page, as the histories of
 * records answer it. */
typedef struct HistoryPage {
    List items;
    const char *next;
} HistoryPage;
extern const Schema HistoryPage_schema; /* named History outside */
Err history_read(
    Ctx *cx, Id subject, OptInt limit, const char *cursor, HistoryPage *ret_page) MUST_CHECK;
/* ERR_VERSION_STALE when the caller named a version (If-Match) and it is not this one. */
Err run_version_check(Ctx *cx, int64_t version) MUST_CHECK;
/* The input of the running operation as canonical JSON, references as ids:
 * what an approval binds. */
const char *run_input(Ctx *cx);
/* True when the input had this member, even as null (PATCH). */
bool run_has(Ctx *cx, const char *member);
/* Decodes stored JSON against a schema again, references resolved with the sight of the system (an
 * approval that carries its request out; a decision that is replayed). ERR_DB_DAMAGED when the text
 * is not what was stored; ERR_NOT_FOUND when what it refers to is gone. */
Err run_decode(Ctx *cx, const Schema *schema, const char *json, void *ret_in) MUST_CHECK;
/* Encodes a struct as JSON by its schema, to be kept: absent members are left out. */
const char *run_encode(Ctx *cx, const Schema *schema, const void *value);
/* A stored input as people read it: ids of what has a code or a name give way to that. */
Err run_shown(Ctx *cx, const char *json, const char **ret_json) MUST_CHECK;
/* Resolves ref->text by hand; not found or not visible: ERR_NOT_FOUND with the field's name. */
Err run_resolve(Ctx *cx, const char *kind, const char *field, Ref *ref) MUST_CHECK;
/* Whether somebody else may see what a reference was resolved to, by the rules that calls go by.
 * Needs nothing but cx->actor's own sight to resolve it. */
Err run_sees(
    Ctx *cx, const char *kind, const Ref *ref, const Actor *who, bool *ret_sees) MUST_CHECK;
/* What the operation's `prepare` left; NULL when it left nothing. */
const void *run_prepared(Ctx *cx);
/* Gives the caller a session that lasts max_age_s; the door hands the secret over in its own way
 * (HTTP: a cookie). "" ends the one it has. */
void run_session(Ctx *cx, const char *secret, int64_t max_age_s);
/* For operations that would hold the writer for long (day close): the body does one part and says
 * that there is more. What was done is kept, with an audit row of its own, other writes get their
 * turn, and the body runs again with the same input and what it hands on. It has to go by what
 * stands in the books: a call that ended half way is made again from the beginning. The last part
 * answers. */
void run_more(Ctx *cx, int64_t carried);
/* For reads that wait: what the next time goes by, and whether there is nothing to tell yet; then
 * the body may be asked again before anything is answered. */
void run_told(Ctx *cx, int64_t carried, bool is_idle);
/* What the part before handed on; 0: this is the first. */
int64_t run_carried(const Ctx *cx);
/* For operations over many accounts (day close): what is done for one of them is a slice. The
 * account is locked (0: the organisation), what the slice notes is audited as a row of that chain,
 * named operation.what (nothing noted: no row), and its memory is given back. */
typedef struct RunSlice RunSlice;
Err run_slice_start(Ctx *cx, Id account_id, RunSlice **ret_slice) MUST_CHECK;
Err run_slice_end(Ctx *cx, RunSlice *slice, const char *what) MUST_CHECK;

/* Reads rows by a schema: columns in the order of its fields, FIELD_NO_COLUMN, FIELD_LIST and
 * FIELD_OBJECT left out. Columns a field takes: FIELD_REF two (id k, text to show t); FIELD_LIMIT
 * two (limit_kind t: null or "not_set", "amount", "unlimited"; minor i); FIELD_MONEY one (minor i;
 * null: absent), with the currency of the row's FIELD_CURRENCY; FIELD_DECIMAL i (at scale_max
 * decimals); FIELD_ENUM t; FIELD_PERCENT i (per mille); FIELD_FLAGS i; others as named.
 * ERR_DB_DAMAGED: a text that is no such name, or no currency. */
Err row_read(Ctx *cx, const Rows *rows, const Schema *schema, void *ret_value) MUST_CHECK;
/* Asks, and reads the first row into ret_value; *ret_found false when there is none. */
Err row_one(Ctx *cx,
    const Sql *sql,
    const Arg *args,
    size_t count,
    const Schema *schema,
    void *ret_value,
    bool *ret_found) MUST_CHECK;
/* The same for the one row that has the id; ERR_NOT_FOUND naming the kind when there is none. */
Err row_load(
    Ctx *cx, const Sql *by_id, Id id, const Schema *schema, const char *kind, void *ret_value)
    MUST_CHECK;
/* Asks, and reads all rows into a list in the arena. */
Err row_list(
    Ctx *cx, const Sql *sql, const Arg *args, size_t count, const Schema *schema, List *ret_list)
    MUST_CHECK;
/* The same for a list member: structs of its item, or texts or references without one. */
Err row_items(
    Ctx *cx, const Sql *sql, const Arg *args, size_t count, const Field *member, List *ret_list)
    MUST_CHECK;
#define LIST_AT(list, T, index) (&((T *)(list).items)[index])

/* A record as its `get` answers it, for bodies that answer a whole record.
 * ERR_NOT_FOUND when it is not there. */
Err record_load(Ctx *cx, const Record *record, Id id, void *ret_row) MUST_CHECK;

/* The facts of a record whose operations are generated, for other statements that write it: its
 * columns in the order of the schema. */
const Fact *record_fact(const Record *record);

/* What every code keeps to: 1 to 64 bytes, no blank at its ends, no control characters, not the
 * shape of an id, no step of a path. For creates that are written by hand;
 * generated ones check a member `code` themselves. */
Err record_code_check(Ctx *cx, const char *field, const char *code) MUST_CHECK;

/* ---- For doors ---- */

/* One call as a door hands it over. */
typedef struct Call {
    const Op *op;
    const json_t *members; /* an object: path, query and body members together; borrowed */
    bool is_query;         /* query string: numbers and bools come as text */
    const char *key;       /* idempotency key, or NULL */
    int64_t if_match;      /* version, or 0 */
    const void *prepared;  /* set by run_prepare */
    bool is_prepared;
    bool is_import;  /* a row of an import */
    Id import_run;   /* the import that it is part of, or takes back; 0: none */
    bool by_parts;   /* the caller makes the call again while Reply.is_more; else run_* do */
    int64_t carried; /* Reply.carried of the part before, or of the time before; 0: the first */
    /* The caller finishes the reply itself, when and where it needs its text. */
    bool is_late;
    struct Decoded *ahead;   /* by run_decode_ahead; NULL: it is decoded when it runs */
    struct Guesses *guesses; /* NULL: what its references stand for is not guessed */
} Call;

typedef struct Reply {
    int status;       /* HTTP status */
    const char *body; /* JSON in the arena: the output, or the problem document */
    struct {
        const Schema *schema;
        const void *out; /* in the request's arena, like all that it points to */
    } late;              /* of what the body is made while it is NULL */
    int64_t version;     /* of the record answered, 0: none (ETag) */
    bool is_repeat;      /* an idempotent repeat: nothing was done now */
    const char *session; /* what run_session was given; NULL: nothing */
    int64_t session_max_age_s;
    Id op_id;      /* of the write, in its audit row; 0: nothing was written */
    Id op_account; /* whose chain it is in; 0: the organisation's */
    /* The connection ended while this was stored (db_is_unsure): the answer, in case it was. */
    const struct Reply *unsure;
    bool is_more; /* only a part was done: see Call.by_parts; nothing to answer yet */
    bool is_idle; /* run_told: worth asking again later, with `carried` */
    int64_t carried;
} Reply;

/* For whoever hands calls to another thread: does here what needs no database. What it makes, and
 * what it refuses when the call runs, is in cx->arena. */
void run_decode_ahead(Ctx *cx, Call *call);
/* Tells the database what a call that was decoded ahead asks first, see db_expect; in a
 * transaction. Right when this user makes it, and harmless when not. */
Err call_expect(Ctx *cx, const Call *call, Id user_id) MUST_CHECK;

/* The same for who makes the input itself: zeroed and of the schema, every member as decoding would
 * have it, references as text. Good for one attempt. */
void run_input_ahead(Ctx *cx, Call *call, void *in);

/* Makes the text of a reply to a call that `is_late`; others have it. */
void reply_finish(Arena *arena, Reply *reply);

/* The whole way: decode, resolve, authorise, begin, idempotency, body, audit, encode, commit. Fills
 * the reply in every case; cx->err tells why it was refused. */
void run_call(Ctx *cx, const Call *call, Reply *ret_reply);
/* The same, and again while another transaction is in its way: a few times, after pauses of
 * random length. */
void run_call_again(Ctx *cx, const Call *call, Reply *ret_reply);
/* Whether a write whose storing was not heard of is stored after all; on a new connection. It waits
 * until the end of that transaction is known. */
Err run_settle(Ctx *cx, const Reply *unsure, bool *ret_is_stored) MUST_CHECK;
/* The same for the write queue: in an open transaction, in a savepoint of its own. False when the
 * engine has ended the transaction: nothing of the batch holds, the reply is not to be sent. */
bool run_in_batch(Ctx *cx, const Call *call, Reply *ret_reply);
/* For operations with `prepare`, on a read connection, before run_in_batch: decodes, authorises,
 * prepares. False: it was refused and the reply is complete. run_call does this itself. */
bool run_prepare(Ctx *cx, Call *call, Reply *ret_reply);
/* A refusal that a journal expected, under the key of its line: kept in the transaction of the
 * line, and found when the journal runs again (is_repeat; the stored problem). `as`: who the line
 * names. Calls without a key, reads, and calls with secrets have none. */
Err run_refusal_keep(Ctx *cx, const Call *call, const char *as, const Reply *refusal) MUST_CHECK;
Err run_refusal_find(Ctx *cx, const Call *call, const char *as, Reply *ret_reply) MUST_CHECK;
/* After COMMIT of a batch, or its failure: its idempotency keys become known, or are forgotten. */
void run_batch_done(Db *db, bool is_committed);
/* The problem document of cx->err. */
void run_problem(Ctx *cx, Reply *ret_reply);

/* Who a token, session secret or user name stands for. ERR_UNAUTHENTICATED. Needs cx->db;
 * the Actor is in the arena. */
Err actor_by_token(Ctx *cx, const char *token, const Actor **ret_actor) MUST_CHECK;
Err actor_by_session(Ctx *cx, const char *secret, const Actor **ret_actor) MUST_CHECK;
Err actor_by_name(Ctx *cx, const char *name, const Actor **ret_actor) MUST_CHECK;
/* Tells the database that who a token or, when that is NULL, a session stands for is about to be
 * asked, see db_expect. First in a transaction: the answer tells, too, whether what is steady is
 * what it was. */
Err actor_expect(Ctx *cx, const char *token, const char *session) MUST_CHECK;
/* The session was used now: its idle end moves. In a writing transaction. */
Err session_touch(Ctx *cx, Id session_id) MUST_CHECK;

#endif
