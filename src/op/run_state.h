/* What a running operation has noted: shared by the files of op/ that run operations, hidden
 * from features. */
#ifndef GUANXI_OP_RUN_STATE_H
#define GUANXI_OP_RUN_STATE_H

#include "base/crypto.h"
#include "op/decode.h"
#include "op/run.h"

/* The end of an audit chain: that of an account, or with account_id 0 the organisation's. */
typedef struct Chain {
    Id account_id;
    int64_t seq; /* of the last row; 0: none yet */
    Hash head;   /* its hash, when seq is above 0 */
    bool is_known;
} Chain;

typedef struct Change {
    Id subject;
    const char *field;
    const char *before;
    const char *after;
    struct Change *next;
} Change;

typedef struct Touched {
    Id *ids;
    size_t count;
    size_t size;
} Touched;

/* Fingerprints of the facts that were written, see fact_note.h. */
typedef struct Facts {
    struct FactNote *notes;
    size_t count;
    size_t size;
    bool has_hashes; /* some are of rows that no single number names */
} Facts;

/* The row of a dossier that was listed last; account_id 0: none was. */
typedef struct Listed {
    Id account_id;
    Id block_id;
    bool has_order;
    bool has_decision;
    bool is_waiting; /* not written yet, or not all that it says; see dossier_write */
} Listed;

/* What was read of a fact, until it is written. */
typedef struct FactRead {
    const struct Fact *fact;
    const void *value;
    struct FactRead *next;
} FactRead;

/* The input of a call as a struct. */
typedef struct Decoded {
    void *in;
    RefUses refs;
    const char *given; /* canonical input; NULL when fields were refused */
    Error refused;     /* code ERR_OK: nothing was */
    bool is_taken;     /* a run has it */
    bool is_expected;  /* its references were asked for ahead, see call_expect */
} Decoded;

typedef struct Run {
    const Call *call;
    void *in;
    void *out;
    RefUses refs;
    bool is_expected;  /* the database was told of them */
    const char *given; /* canonical input, references as given, without secrets */
    const char *input; /* the same with ids; made when it is asked for */
    Id audit_id;       /* 0: nothing is audited */
    Chain chain;
    bool is_pending;
    bool is_held;
    bool is_more; /* this was one part of the call, and another follows */
    bool is_idle;
    int64_t carried;
    Touched touched;
    Facts facts;
    Listed listed;
    bool has_slices; /* it writes no more facts itself: theirs are noted */
    FactRead *known;
    Change *changes;
    Change **changes_end;
    const void *prepared;
    const char *session;
    int64_t session_max_age_s;
} Run;

/* From now on {visible:} is what the actor may see. */
void sight_take(Ctx *cx, const Actor *actor);

/* Finds every reference with the sight of `sight`, each distinct text once, and puts in place of
 * its text what replies show. Numbers are first looked for within the account that `account` names
 * beside them, else the member `lock` (may be NULL). ERR_NOT_FOUND, ERR_AMBIGUOUS. */
Err refs_resolve(Ctx *cx, const RefUses *refs, const char *lock, const Actor *sight) MUST_CHECK;

/* Tells the database what is about to be asked, see db_expect: the references, and with everything
 * locked what calls of the operation ask. */
Err refs_expect(Ctx *cx, const RefUses *refs) MUST_CHECK;
Err run_expect(Ctx *cx, const Chain *chain) MUST_CHECK;
/* The reference by which a call of an operation that locks says what. */
const Ref *run_locked_ref(const Op *op, const void *in);

/* Locks the account with its ancestors, root first, or with 0 the organisation, and reads the
 * end of its chain; ret_last_close may be NULL. */
Err chain_lock(Ctx *cx, Id account_id, Chain *ret_chain, Date *ret_last_close) MUST_CHECK;
/* Where the database is shared: this account, which need not be the one, is locked ahead. */
Err chain_expect(Ctx *cx, Id account_id) MUST_CHECK;

/* The changes noted as JSON; NULL when there are none. */
const char *run_changes_text(Ctx *cx, const Run *run);

/* Appends a subject unless it is 0 or there already. */
void touched_add(Ctx *cx, Touched *touched, Id subject);

#endif
