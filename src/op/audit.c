/* Appending to the audit trail and sealing it. */
#include "op/audit.h"

#include "base/json.h"
#include "op/dossier.h"
#include "op/encode.h"
#include "op/fact_note.h"
#include "op/version.h"

#include <string.h>

static const Sql sql_add = {"INSERT INTO audit (id, account_id, seq, done_at, business_on, "
                            "actor_id, actor_name, operation, "
                            "input, reply, status, changes, facts, prev, hash) "
                            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
                            "$15)",
    "kiiidkttttitxxx", NULL};
static const Sql sql_account_end = {
    "UPDATE position SET chain_seq = $2, chain_head = $3 WHERE account_id = $1", "kix", NULL};
static const Sql sql_org_end = {
    "UPDATE org SET chain_seq = $1, chain_head = $2 WHERE id = 1", "ix", NULL};
static const Sql sql_subject = {
    "INSERT INTO audit_subject (subject_id, audit_id, account_id) VALUES ($1, $2, $3)", "kki",
    NULL};
static const Sql sql_reply = {"SELECT reply, status FROM audit WHERE id = $1", "k", "ti"};

static const Sql sql_ends = {
    "SELECT account_id, chain_seq, chain_head FROM position WHERE chain_seq > 0 "
    "ORDER BY account_id",
    "", "kix"};
/* Locks all of them, on whatever node they are; changes nothing. */
static const Sql sql_ends_lock = {
    "UPDATE position SET chain_seq = chain_seq WHERE chain_seq > 0", "", NULL};
static const Sql sql_id_last = {"SELECT max(id) FROM audit", "", "k"};
static const Sql sql_org_now = {"SELECT chain_seq, chain_head FROM org WHERE id = 1", "", "ix"};
static const Sql sql_seal_last = {"SELECT hash FROM seal ORDER BY id DESC LIMIT 1", "", "x"};
#define SEAL_FACTS "id, sealed_on, document, prev, hash"
#define SEAL_LETTERS "kdtxx"
const Fact fact_seal = FACT("seal", 1, SEAL_FACTS, SEAL_LETTERS);
static const Sql sql_seal_add = {
    "INSERT INTO seal (" SEAL_FACTS ") VALUES ($1, $2, $3, $4, $5)", SEAL_LETTERS, NULL};

static Bytes bytes_of(const char *text)
{
    return text == NULL ? (Bytes){"", 0} : (Bytes){text, strlen(text)};
}

static Arg arg_hash(const Hash *hash)
{
    return arg_bytes(hash->bytes, HASH_SIZE);
}

Hash audit_hash_at(const Rows *row, size_t column)
{
    Hash hash = {{0}};
    (void)db_bytes(row, column, hash.bytes, HASH_SIZE);
    return hash;
}

/* ---- one row */

Hash audit_hash(const AuditRow *row)
{
    const int64_t numbers[] = {row->id, row->account_id, row->seq, row->done_at, row->business_on,
        row->actor_id, row->status};
    const Bytes parts[] = {{numbers, sizeof numbers}, bytes_of(row->actor_name),
        bytes_of(row->operation), bytes_of(row->input), bytes_of(row->reply),
        bytes_of(row->changes), row->facts, {row->prev.bytes, row->seq > 1 ? HASH_SIZE : 0}};
    return crypto_digest(parts, COUNT(parts));
}

static Err end_move(Ctx *cx, const Chain *chain)
{
    if (chain->account_id == 0) {
        return db_put(cx, &sql_org_end, ARGS(arg_i64(chain->seq), arg_hash(&chain->head)));
    }
    return db_put_with(cx, &sql_account_end,
        ARGS(arg_id(chain->account_id), arg_i64(chain->seq), arg_hash(&chain->head)));
}

/* Names the records that the row is about; who they are is a fact itself. */
static Err subjects_put(Ctx *cx, Id audit_id, Id account_id, Run *run)
{
    enum { COLUMNS = 3 };
    size_t count = run->touched.count;
    Arg *args = arena_array(cx->arena, count, COLUMNS * sizeof *args);
    for (size_t i = 0; i < count; i++) {
        Arg *row = args + i * COLUMNS;
        row[0] = arg_id(run->touched.ids[i]);
        row[1] = arg_id(audit_id);
        row[2] = arg_i64(account_id);
    }
    return fact_put_rows(cx, &fact_subject, &sql_subject, args, COLUMNS, count);
}

Err audit_append(Ctx *cx, Chain *chain, AuditRow *row)
{
    Run *run = cx->run;
    ASSERT(chain->is_known);
    ASSERT(row->id != 0);
    TRY(subjects_put(cx, row->id, chain->account_id, run));
    facts_prune(&run->facts);
    row->facts = (Bytes){run->facts.notes, run->facts.count * sizeof(FactNote)};
    row->account_id = chain->account_id;
    row->seq = chain->seq + 1;
    row->done_at = cx->now_ms;
    row->business_on = cx->today;
    row->actor_id = cx->actor == NULL ? 0 : cx->actor->user_id;
    row->actor_name = cx->actor == NULL ? "" : cx->actor->name;
    row->prev = chain->head;
    Hash hash = audit_hash(row);
    if (row->account_id != 0) {
        TRY(dossier_add(cx, DOSSIER_AUDIT, ARGS(arg_id(row->id), arg_id(row->account_id)), 1));
    }
    TRY(dossier_write(cx));
    TRY(db_put(cx, &sql_add,
        ARGS(arg_id(row->id), arg_i64(row->account_id), arg_i64(row->seq), arg_i64(row->done_at),
            arg_date(row->business_on), arg_id(row->actor_id), arg_text(row->actor_name),
            arg_text(row->operation), arg_text(row->input), arg_text(row->reply),
            arg_i64(row->status), arg_text(row->changes),
            arg_bytes(row->facts.data, row->facts.size),
            row->seq > 1 ? arg_hash(&row->prev) : arg_null(), arg_hash(&hash))));
    chain->seq = row->seq;
    chain->head = hash;
    return end_move(cx, chain);
}

Err audit_reply(Ctx *cx, Id audit_id, const Schema *schema, Reply *ret_reply)
{
    Rows rows;
    TRY(db_ask(cx, &sql_reply, ARGS(arg_id(audit_id)), &rows));
    if (!db_next(&rows)) {
        return err_set(cx, ERR_DB_DAMAGED, NULL,
            "The audit row of this idempotency key is missing; run `guanxi doctor`.");
    }
    *ret_reply =
        (Reply){.status = (int)db_i64(&rows, 1), .body = db_text(&rows, 0), .is_repeat = true};
    if (encode_is_cut(schema)) {
        TRY(reply_again(cx, schema, ret_reply->body, &ret_reply->body));
    }
    return version_told(cx, audit_id, ret_reply->body, &ret_reply->version);
}

/* ---- slices */

struct RunSlice {
    ArenaMark mark;
    ArenaMark facts_mark;
    Chain chain;
    Run before; /* what was noted when it began */
};

Err run_slice_start(Ctx *cx, Id account_id, RunSlice **ret_slice)
{
    Run *run = cx->run;
    ArenaMark mark = arena_mark(cx->arena);
    RunSlice *slice = arena_alloc(cx->arena, sizeof *slice);
    slice->mark = mark;
    slice->facts_mark = arena_mark(facts_arena(cx->db));
    slice->before = *run;
    TRY(chain_lock(cx, account_id, &slice->chain, NULL));
    run->touched = (Touched){0};
    run->facts = (Facts){0};
    run->has_slices = false;
    run->changes = NULL;
    run->changes_end = &run->changes;
    *ret_slice = slice;
    return ERR_OK;
}

static Err slice_record(Ctx *cx, RunSlice *slice, const char *what)
{
    Run *run = cx->run;
    AuditRow row = {.id = db_new_id(cx),
        .operation = arena_printf(cx->arena, "%s.%s", run_op(cx)->name, what),
        .input = "{\"in\":{}}",
        .reply = "{}",
        .status = 200,
        .changes = run_changes_text(cx, run)};
    bool is_own = slice->before.chain.account_id == slice->chain.account_id;
    touched_add(cx, &run->touched, slice->chain.account_id);
    return audit_append(cx, is_own ? &slice->before.chain : &slice->chain, &row);
}

Err run_slice_end(Ctx *cx, RunSlice *slice, const char *what)
{
    if (cx->run->touched.count > 0 || cx->run->facts.count > 0) {
        TRY(slice_record(cx, slice, what));
    }
    ArenaMark mark = slice->mark;
    arena_rewind(facts_arena(cx->db), slice->facts_mark);
    *cx->run = slice->before;
    arena_rewind(cx->arena, mark);
    cx->run->has_slices = true;
    cx->run->known = NULL; /* the slice may have written what was read before it */
    return ERR_OK;
}

/* ---- seals */

void audit_fold(Hash *hash, Id account_id, int64_t seq, const Hash *head)
{
    const int64_t numbers[] = {account_id, seq};
    const Bytes parts[] = {
        {hash->bytes, HASH_SIZE}, {numbers, sizeof numbers}, {head->bytes, HASH_SIZE}};
    *hash = crypto_digest(parts, COUNT(parts));
}

Hash audit_seal_hash(const Seal *seal)
{
    const int64_t numbers[] = {seal->id, seal->sealed_on};
    const Bytes parts[] = {{numbers, sizeof numbers}, bytes_of(seal->document),
        {seal->prev.bytes, seal->has_prev ? HASH_SIZE : 0}};
    return crypto_digest(parts, COUNT(parts));
}

typedef struct Ends {
    Hash hash;
    int64_t count;
} Ends;

static Err end_fold(Ctx *cx, const Rows *row, void *user)
{
    (void)cx;
    Ends *ends = user;
    Hash head = audit_hash_at(row, 2);
    audit_fold(&ends->hash, db_id(row, 0), db_i64(row, 1), &head);
    ends->count++;
    return ERR_OK;
}

static Err document_make(Ctx *cx, const char **ret_document)
{
    Rows org;
    Ends ends = {0};
    TRY(db_ask(cx, &sql_org_now, NO_ARGS, &org));
    int64_t org_seq = db_next(&org) ? db_i64(&org, 0) : 0;
    Hash head = org_seq > 0 ? audit_hash_at(&org, 1) : (Hash){{0}};
    audit_fold(&ends.hash, 0, org_seq, &head);
    if (db_is_shared(cx->db)) {
        TRY(db_put(cx, &sql_ends_lock, NO_ARGS));
    }
    TRY(db_scan(cx, &sql_ends, NO_ARGS, end_fold, &ends));
    char digest[2 * HASH_SIZE + 1];
    crypto_hex(ends.hash.bytes, HASH_SIZE, digest);
    *ret_document =
        arena_printf(cx->arena, "{\"org_seq\":%lld,\"accounts\":%lld,\"digest\":\"%s\"}",
            (long long)org_seq, (long long)ends.count, digest);
    return ERR_OK;
}

Err audit_seal(Ctx *cx, Date on, const char **ret_hash)
{
    Seal seal = {.sealed_on = on};
    TRY(document_make(cx, &seal.document));
    Rows last;
    TRY(db_ask(cx, &sql_seal_last, NO_ARGS, &last));
    seal.has_prev = db_next(&last);
    seal.prev = seal.has_prev ? audit_hash_at(&last, 0) : (Hash){{0}};
    int64_t highest = 0;
    TRY(db_number(cx, &sql_id_last, NO_ARGS, &highest));
    db_id_raise(cx, highest); /* others may have made it */
    seal.id = db_new_id(cx);
    Hash hash = audit_seal_hash(&seal);
    char *text = arena_alloc(cx->arena, 2 * HASH_SIZE + 1);
    crypto_hex(hash.bytes, HASH_SIZE, text);
    *ret_hash = text;
    return fact_put(cx, &fact_seal, &sql_seal_add,
        ARGS(arg_id(seal.id), arg_date(on), arg_text(seal.document),
            seal.has_prev ? arg_hash(&seal.prev) : arg_null(), arg_hash(&hash)));
}
