/* Idempotency keys of done writes: an append-only table with a set in memory over it on the
 * writing connection, and an ordered lookup table into which day close merges. Random keys in a
 * b-tree on the hot path would halve the rate of orders. Where others write beside this connection
 * memory proves nothing: keys go into the lookup table at once, where they are unique. */
#ifndef GUANXI_OP_IDEM_H
#define GUANXI_OP_IDEM_H

#include "base/crypto.h"
#include "db/db.h"

typedef struct IdemHash {
    uint8_t bytes[KEY_HASH_SIZE];
} IdemHash;

typedef struct IdemEntry {
    IdemHash key;
    IdemHash request;
    Id audit_id;
} IdemEntry;

IdemHash idem_key_hash(Id user_id, const char *operation, const char *key);
IdemHash idem_request_hash(const char *canonical);

/* Reads what idem_find would read the first time, while nobody waits. */
Err idem_ready(Ctx *cx) MUST_CHECK;
/* What was done under the key, this batch included. */
Err idem_find(Ctx *cx, const IdemHash *key, IdemEntry *ret_entry, bool *ret_found) MUST_CHECK;
/* Tells the database that it will be asked. */
Err idem_expect(Ctx *cx, const IdemHash *key) MUST_CHECK;
/* Takes the fingerprint of what idem_add will store, for the audit row that comes before it. */
void idem_note(Ctx *cx, const IdemEntry *entry);
/* Last in its savepoint: nothing after it may refuse. The entry is known at once and forgotten
 * when the batch fails. */
Err idem_add(Ctx *cx, const IdemEntry *entry) MUST_CHECK;
/* Forgets the last entry: its savepoint was rolled back after all. */
void idem_take_back(Db *db);
void idem_batch_done(Db *db, bool is_committed);

/* Moves up to rows_max of the oldest keys into the lookup table, within the transaction of the
 * caller; at day close, until *ret_is_done. */
Err idem_merge(Ctx *cx, int64_t rows_max, bool *ret_is_done) MUST_CHECK;

#endif
