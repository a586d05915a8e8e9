/* A database that one process has to itself: opening and founding it, several calls in one
 * transaction, and the checks and rebuilds over all features. The server shares its database
 * through op/queue.h instead. */
#ifndef GUANXI_OP_STORE_H
#define GUANXI_OP_STORE_H

#include "base/crypto.h"
#include "op/run.h"

/* Opens url into cx->db; refusals of db_open. */
Err store_open(Ctx *cx, const char *url, const DbOptions *options) MUST_CHECK;
/* Closes cx->db; takes none. */
void store_close(Ctx *cx);
/* Makes the database and the organisation's row, under a name of its own (db_make). The caller goes
 * on with `org_init`, and then gives it its name, or takes it away again when that is refused. Both
 * close cx->db. */
Err store_found(Ctx *cx, const char *url) MUST_CHECK;
Err store_publish(Ctx *cx) MUST_CHECK;
void store_discard(Ctx *cx);
/* The organisation's local date at cx->now_ms. */
Err store_today(Ctx *cx, Date *ret_today) MUST_CHECK;
/* One transaction around `steps`, which makes its calls with run_in_batch.
 * What `steps` refuses rolls back. */
Err store_batch(Ctx *cx, Err (*steps)(Ctx *cx, void *user), void *user) MUST_CHECK;
/* The same, and again while the transaction of somebody else is in its way: `steps` begins anew
 * then, and takes back first what it left in memory. */
Err store_batch_again(Ctx *cx, Err (*steps)(Ctx *cx, void *user), void *user) MUST_CHECK;

/* A transaction that has to be stored once, whatever becomes of the connection. */
typedef struct Batch {
    Err (*steps)(Ctx *cx, void *user);
    void *user;
    /* Of its first write that holds, whose audit row tells whether all of it is stored; the account
     * of a later one may have been made in it. 0: none. */
    Id op_id;
    Id op_account;
    bool is_unsure; /* the end of its COMMIT was not heard, and nobody could be asked yet */
    bool is_away;   /* the last attempt ended for want of a connection */
} Batch;
/* One attempt at it (store_batch_again), with cx->batch set, which also may find that the one
 * before was stored. While is_away, the caller makes another one on another connection. */
Err store_batch_attempt(Ctx *cx) MUST_CHECK;

/* What was copied, and what both sides come to; amounts are minor units of all currencies added. */
typedef struct CopyTotals {
    int64_t tables;
    int64_t rows;
    int64_t entries;
    int64_t receivable;
    int64_t open;
    int64_t audit_rows;
    Hash heads; /* of all audit chains, folded */
} CopyTotals;
/* All of one database into a new one, in the state of one moment; ERR_STATE when there is anything
 * at to_url. What does not prove equal is taken away again. is_spread: over the nodes of the new
 * one's server, see db_spread. cx->db is absent. */
Err store_copy(Ctx *cx,
    const char *from_url,
    const char *to_url,
    bool is_spread,
    CopyTotals *ret_totals) MUST_CHECK;

/* All of cx->db, which is on a read connection, in a new file to try things in. */
Err store_scratch(Ctx *cx, const char *path) MUST_CHECK;

typedef struct DoctorFigures {
    int64_t checks;
    int64_t findings;
} DoctorFigures;

/* Every check of the file, of the audit chains and of the features;
 * each finding is a line to `say`. */
Err doctor_run(Ctx *cx, DbSay say, void *user, DoctorFigures *ret_figures) MUST_CHECK;
/* The same but for the file itself, within the transaction of the caller. */
Err doctor_within(Ctx *cx, DbSay say, void *user) MUST_CHECK;
/* Makes every derived table again, in one transaction. */
Err rebuild_run(Ctx *cx, int64_t *ret_tables) MUST_CHECK;

#endif
