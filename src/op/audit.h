/* The audit trail: one row a write, chained by hash within its account, or within the
 * organisation for writes that belong to no account. A missing or altered row shows. */
#ifndef GUANXI_OP_AUDIT_H
#define GUANXI_OP_AUDIT_H

#include "op/run_state.h"

typedef struct AuditRow {
    Id id;
    Id account_id; /* 0: the organisation's chain */
    int64_t seq;   /* within its chain, from 1 */
    Instant done_at;
    Date business_on;
    Id actor_id;
    const char *actor_name;
    const char *operation;
    const char *input;   /* JSON {in, ids}: as given, and what its references stood for */
    const char *reply;   /* JSON; of what is stored elsewhere the id, see Field.again */
    int64_t status;      /* HTTP status */
    const char *changes; /* JSON list of {id, field, before, after}; NULL: none noted */
    Bytes facts;         /* fingerprints of the facts it wrote, see fact_note.h */
    Hash prev;           /* when seq is above 1 */
} AuditRow;

Hash audit_hash(const AuditRow *row);
/* A hash of the chains as it is stored. Absent, or not as long as one: all zeros, which no row
 * has, so that verifying tells. */
Hash audit_hash_at(const Rows *row, size_t column);

/* Appends to the chain, which is locked, moves its end and names the records that the row is about.
 * Account, seq, prev, actor and times are filled in from chain and cx; subjects and facts are what
 * cx->run noted. */
Err audit_append(Ctx *cx, Chain *chain, AuditRow *row) MUST_CHECK;
/* What was answered by this schema, for a repeat. ERR_DB_DAMAGED when the row is gone. */
Err audit_reply(Ctx *cx, Id audit_id, const Schema *schema, Reply *ret_reply) MUST_CHECK;
/* again.c: the reply of which audit has kept this. */
Err reply_again(Ctx *cx, const Schema *schema, const char *kept, const char **ret_body) MUST_CHECK;

/* The ends of many chains folded into one hash, in ascending order of their accounts. */
void audit_fold(Hash *hash, Id account_id, int64_t seq, const Hash *head);

typedef struct Seal {
    Id id;
    Date sealed_on;
    const char *document; /* JSON {org_seq, accounts, digest} */
    Hash prev;
    bool has_prev;
} Seal;

Hash audit_seal_hash(const Seal *seal);
/* Seals the ends of all chains together in one chained row; last in day close. ret_hash: 64 hex
 * digits for the log and for backups. */
Err audit_seal(Ctx *cx, Date on, const char **ret_hash) MUST_CHECK;

/* Walks every chain and the seals; each finding is one line to `say`. */
Err audit_verify(Ctx *cx, DbSay say, void *user, int64_t *ret_findings) MUST_CHECK;

/* What an operation changed, as its audit row keeps it: that of one record, or with 0 all. */
typedef struct AuditChange {
    const char *field;
    const char *before; /* NULL: absent */
    const char *after;
} AuditChange;
extern const Schema AuditChange_schema;
Err audit_changes(Ctx *cx, const char *text, Id subject, List *ret_changes) MUST_CHECK;

#endif
