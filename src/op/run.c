/* Runs operations: decode, resolve, authorise, lock, compare versions, guard, body, audit, encode,
 * in this order for every door. What is refused leaves nothing behind. */
#include "op/run.h"

#include "base/json.h"
#include "op/audit.h"
#include "op/encode.h"
#include "op/fact_note.h"
#include "op/idem.h"
#include "op/run_state.h"
#include "op/store.h"
#include "op/trace.h"
#include "op/version.h"

#include <string.h>

static const Sql sql_audit_last = {"SELECT max(id) FROM audit", "", "k"};
static const Sql sql_last_close = {"SELECT last_day_close FROM org WHERE id = 1", "", "d"};

static bool is_write(const Op *op)
{
    return op->effect == EFFECT_CREATE || op->effect == EFFECT_ACT;
}

/* ---- before the body */

static const Ref *ref_at(const Field *field, const void *in)
{
    ASSERT(field->type == FIELD_REF);
    return (const Ref *)(const void *)((const char *)in + field->offset);
}

/* The account whose ledger the operation writes to; 0: none. */
const Ref *run_locked_ref(const Op *op, const void *in)
{
    const Field *field = schema_member(op->in, op->lock, strlen(op->lock));
    ASSERT(field != NULL);
    return ref_at(field, in);
}

static Id lock_account(const Op *op, const void *in)
{
    return op->lock == NULL ? 0 : run_locked_ref(op, in)->account_id;
}

/* Are all references there that the body counts on? */
static bool refs_are_complete(const Schema *schema, const void *in)
{
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        bool is_needed = field->type == FIELD_REF && (field->flags & FIELD_REQUIRED) != 0;
        if (is_needed && ref_at(field, in)->id == 0) {
            return false;
        }
    }
    return true;
}

static Err caller_check(Ctx *cx, const Op *op)
{
    if (cx->actor == NULL && !op->is_anonymous) {
        return err_set(cx, ERR_UNAUTHENTICATED, NULL, "Sign in, or send a valid token.");
    }
    return ERR_OK;
}

static bool caller_may(const Ctx *cx, const Op *op)
{
    return op->is_anonymous || actor_may(cx->actor, op->needs);
}

static Err permission_check(Ctx *cx, const Op *op)
{
    if (caller_may(cx, op)) {
        return ERR_OK;
    }
    return err_set(cx, ERR_FORBIDDEN, NULL, "%s needs the right \"%s\", which your role has not.",
        op->name, perm_name(op->needs));
}

/* The given input as canonical text, while references still are what the caller wrote. */
static const char *given_text(Ctx *cx, const Call *call, const void *in)
{
    Buf out = buf_in(cx->arena);
    JsonWriter w = json_writer(&out);
    encode_input(&w, call->op->in, call->members, in, REFS_AS_GIVEN);
    return buf_text(&out);
}

/* Refused fields are put aside: other refusals come first. */
static Decoded call_decode(Ctx *cx, const Call *call)
{
    Decoded decoded = {.in = arena_alloc(cx->arena, call->op->in->size)};
    Err err =
        decode_members(cx, call->op->in, call->members, call->is_query, decoded.in, &decoded.refs);
    decoded.refused = cx->err;
    err_clear(cx);
    if (err == ERR_OK && is_write(call->op)) {
        decoded.given = given_text(cx, call, decoded.in);
    }
    return decoded;
}

void run_decode_ahead(Ctx *cx, Call *call)
{
    Decoded *ahead = arena_alloc(cx->arena, sizeof *ahead);
    *ahead = call_decode(cx, call);
    call->ahead = ahead;
}

static Err fields_refuse(Ctx *cx, const Error *fields)
{
    if (fields->code != ERR_OK) {
        cx->err = *fields;
    }
    return fields->code;
}

/* What was decoded ahead is good for one attempt, in which its references become what they stand
 * for. */
static Err input_decode(Ctx *cx, Run *run, Error *ret_fields)
{
    const Call *call = run->call;
    Decoded *ahead = call->ahead;
    bool is_ahead = ahead != NULL && !ahead->is_taken;
    Decoded decoded = is_ahead ? *ahead : call_decode(cx, call);
    if (is_ahead) {
        ahead->is_taken = true;
    }
    run->in = decoded.in;
    run->refs = decoded.refs;
    run->given = decoded.given;
    run->is_expected = decoded.is_expected;
    run->out = arena_alloc(cx->arena, call->op->out->size);
    *ret_fields = decoded.refused;
    return decoded.refused.code == ERR_MALFORMED ? fields_refuse(cx, ret_fields) : ERR_OK;
}

static Err last_close_read(Ctx *cx, Date *ret_date)
{
    Rows rows;
    TRY(db_ask(cx, &sql_last_close, NO_ARGS, &rows));
    *ret_date = db_next(&rows) ? db_date(&rows, 0) : DATE_NONE;
    return ERR_OK;
}

/* Writes lock; what is tried only reads the date. */
static Err run_lock(Ctx *cx, Run *run, Date *ret_last_close)
{
    const Op *op = run->call->op;
    *ret_last_close = DATE_NONE;
    if (is_write(op)) {
        return chain_lock(cx, lock_account(op, run->in), &run->chain, ret_last_close);
    }
    return op->effect == EFFECT_TRY ? last_close_read(cx, ret_last_close) : ERR_OK;
}

/* No write has a business date before the last closed day, at any door. Signing in is no
 * business. */
static Err business_date_check(Ctx *cx, const Op *op, Date last_close)
{
    if (op->effect == EFFECT_READ || op->is_anonymous) {
        return ERR_OK;
    }
    ASSERT(cx->today != DATE_NONE);
    if (last_close == DATE_NONE || cx->today >= last_close) {
        return ERR_OK;
    }
    char today[DATE_TEXT_SIZE];
    char closed[DATE_TEXT_SIZE];
    date_format(cx->today, today);
    date_format(last_close, closed);
    return err_set(cx, ERR_PERIOD_CLOSED, NULL,
        "The business date %s lies before %s, the last day that was closed.", today, closed);
}

static Err guard_run(Ctx *cx, const Run *run)
{
    const Op *op = run->call->op;
    if (op->guard == NULL || !refs_are_complete(op->in, run->in)) {
        return ERR_OK;
    }
    return op->guard(cx, run->in, arena_alloc(cx->arena, op->out->size));
}

/* Everything that can refuse before the body, in the order of the contract. */
static Err run_admit(Ctx *cx, Run *run, const Error *fields)
{
    const Op *op = run->call->op;
    Date last_close = DATE_NONE;
    TRY(refs_resolve(cx, &run->refs, op->lock, cx->actor));
    TRY(permission_check(cx, op));
    if (fields->code == ERR_OK || refs_are_complete(op->in, run->in)) {
        TRY(run_lock(cx, run, &last_close));
    }
    TRY(version_compare(cx, run));
    TRY(guard_run(cx, run));
    TRY(fields_refuse(cx, fields));
    return business_date_check(cx, op, last_close);
}

/* ---- the body and after */

static Err run_body(Ctx *cx, Run *run)
{
    const Op *op = run->call->op;
    run->prepared = run->call->prepared;
    if (op->prepare != NULL && !run->call->is_prepared) {
        TRY(op->prepare(cx, run->in, &run->prepared));
    }
    Err err = op->run(cx, run->in, run->out);
    ASSERT(err == cx->err.code);
    TRY(err);
    if (arena_is_over(cx->arena)) {
        return err_set(cx, ERR_TOO_LARGE, NULL,
            "The operation needs more memory than one request may take; send less at once.");
    }
    return ERR_OK;
}

void reply_finish(Arena *arena, Reply *reply)
{
    if (reply->body == NULL) {
        reply->body = encode_text(arena, reply->late.schema, reply->late.out);
    }
}

static void run_answer(const Run *run, Reply *ret_reply)
{
    const Op *op = run->call->op;
    int done = op->effect == EFFECT_CREATE && !run->is_held ? 201 : 200;
    *ret_reply = (Reply){.status = run->is_pending ? 202 : done,
        .late = {op->out, run->out},
        .version = version_shown(op->out, run->out),
        .session = run->session,
        .session_max_age_s = run->session_max_age_s,
        .op_id = run->audit_id,
        .op_account = run->chain.account_id,
        .is_more = run->is_more,
        .is_idle = run->is_idle,
        .carried = run->carried};
}

static Id answered_id(const Op *op, const void *out)
{
    const Field *field = schema_member(op->out, "id", strlen("id"));
    if (field == NULL || field->type != FIELD_ID) {
        return 0;
    }
    return *(const Id *)(const void *)((const char *)out + field->offset);
}

/* What it answers by its id, or several by their `ids`, is what it was about. */
static void answer_touch(Ctx *cx, Run *run)
{
    const Schema *out = run->call->op->out;
    touched_add(cx, &run->touched, answered_id(run->call->op, run->out));
    const Field *field = schema_member(out, "ids", strlen("ids"));
    if (field == NULL || field->type != FIELD_LIST || field->item_type != FIELD_ID) {
        return;
    }
    const List *ids = (const List *)(const void *)((const char *)run->out + field->offset);
    for (size_t i = 0; i < ids->count; i++) {
        touched_add(cx, &run->touched, *LIST_AT(*ids, Id, i));
    }
}

/* The records named in the path are what the operation is about. */
static void path_touch(Ctx *cx, Run *run)
{
    const Op *op = run->call->op;
    const char *at = op->path == NULL ? NULL : strchr(op->path, '{');
    for (; at != NULL; at = strchr(at, '{')) {
        at++;
        const Field *field = schema_member(op->in, at, strcspn(at, "}"));
        if (field != NULL && field->type == FIELD_REF) {
            touched_add(cx, &run->touched, ref_at(field, run->in)->id);
        }
    }
}

/* {"in": the input as given, "ids": what its references stood for, in the order of the schema} */
static const char *input_text(Ctx *cx, const Run *run)
{
    Buf out = buf_in(cx->arena);
    JsonWriter w = json_writer(&out);
    json_open(&w, '{');
    json_key(&w, "in");
    json_put_raw(&w, run->given);
    if (run->refs.count > 0) {
        json_key(&w, "ids");
        json_open(&w, '[');
        for (size_t i = 0; i < run->refs.count; i++) {
            json_put_int(&w, run->refs.items[i].ref->id);
        }
        json_close(&w, ']');
    }
    json_close(&w, '}');
    return buf_text(&out);
}

static Err run_watch(Ctx *cx, Run *run)
{
    if (!run->call->op->is_watched) {
        return ERR_OK;
    }
    path_touch(cx, run);
    const Touched touched = run->touched;
    for (const Feature *const *feature = op_features(); *feature != NULL; feature++) {
        if ((*feature)->watch != NULL) {
            TRY((*feature)->watch(cx, run->chain.account_id, touched.ids, touched.count));
        }
    }
    return ERR_OK;
}

static Err run_record(Ctx *cx, Run *run, Reply *reply)
{
    const Op *op = run->call->op;
    const char *kept = op->is_secret_reply ? "{}" : encode_kept(cx->arena, op->out, run->out);
    if (!op->is_secret_reply && !encode_is_cut(op->out)) {
        reply->body = kept;
    } else if (!run->call->is_late) {
        reply_finish(cx->arena, reply);
    }
    AuditRow row = {.id = run->audit_id,
        .operation = op->name,
        .input = input_text(cx, run),
        .reply = kept,
        .status = reply->status,
        .changes = run_changes_text(cx, run)};
    path_touch(cx, run);
    answer_touch(cx, run);
    touched_add(cx, &run->touched, run->call->import_run);
    return audit_append(cx, &run->chain, &row);
}

/* ---- the three ways to run */

static Err key_find(Ctx *cx, const Run *run, IdemEntry *entry, Reply *ret_reply)
{
    const Op *op = run->call->op;
    Id user_id = cx->actor == NULL ? 0 : cx->actor->user_id;
    entry->key = idem_key_hash(user_id, op->name, run->call->key);
    entry->request = idem_request_hash(run->given);
    IdemEntry done;
    bool is_found = false;
    TRY(idem_find(cx, &entry->key, &done, &is_found));
    if (!is_found) {
        return ERR_OK;
    }
    if (!crypto_equal(done.request.bytes, entry->request.bytes, KEY_HASH_SIZE)) {
        return err_set(cx, ERR_IDEMPOTENCY_MISMATCH, NULL,
            "This idempotency key was used for another request; take a new one.");
    }
    return audit_reply(cx, done.audit_id, op->out, ret_reply);
}

/* A secret is not kept, so whether a repeat has the same one cannot be told; such calls are done
 * again. */
static bool holds_secret(const Run *run)
{
    const Schema *in = run->call->op->in;
    for (size_t i = 0; i < in->count; i++) {
        const Field *field = &in->fields[i];
        if ((field->flags & FIELD_SECRET) != 0 &&
            json_object_get(run->call->members, field->name) != NULL) {
            return true;
        }
    }
    return false;
}

/* Rows that belong to no account (the counter of a series) are written under their own locks, and
 * whoever reads the audit rows by their ids shall find each such row's writes in their order. So
 * the id is made when all is written, above those of everybody who was waited for; nobody was for
 * rows that the operation has made itself. Slices have their own rows, behind which what comes
 * before them may not fall. */
static Err audit_id_follow(Ctx *cx, Run *run)
{
    int64_t highest = 0;
    if (run->has_slices) {
        return ERR_OK;
    }
    if (db_is_shared(cx->db) && !facts_are_new(&run->facts, run->audit_id)) {
        TRY(db_number(cx, &sql_audit_last, NO_ARGS, &highest));
        db_id_raise(cx, highest);
    }
    run->audit_id = db_new_id(cx);
    return ERR_OK;
}

static Err run_write(Ctx *cx, Run *run, Reply *ret_reply)
{
    const Op *op = run->call->op;
    Error fields = {0};
    IdemEntry entry = {0};
    db_id_block_end(cx);
    TRY(caller_check(cx, op));
    TRY(input_decode(cx, run, &fields));
    TRY(run->is_expected ? ERR_OK : refs_expect(cx, &run->refs));
    bool has_key =
        run->call->key != NULL && fields.code == ERR_OK && caller_may(cx, op) && !holds_secret(run);
    if (has_key) {
        TRY(key_find(cx, run, &entry, ret_reply));
        if (ret_reply->is_repeat) {
            return ERR_OK;
        }
    }
    TRY(run_admit(cx, run, &fields));
    run->audit_id = db_new_id(cx);
    TRY(run_body(cx, run));
    TRY(run_watch(cx, run));
    TRY(audit_id_follow(cx, run));
    run_answer(run, ret_reply);
    entry.audit_id = run->audit_id;
    has_key = has_key && !run->is_more;
    if (has_key) {
        idem_note(cx, &entry);
    }
    TRY(run_record(cx, run, ret_reply));
    TRY(version_tell(cx, run, ret_reply));
    return has_key ? idem_add(cx, &entry) : ERR_OK;
}

static Err run_read(Ctx *cx, Run *run, Reply *ret_reply)
{
    Error fields = {0};
    TRY(caller_check(cx, run->call->op));
    TRY(input_decode(cx, run, &fields));
    TRY(run_admit(cx, run, &fields));
    TRY(run_body(cx, run));
    run_answer(run, ret_reply);
    reply_finish(cx->arena, ret_reply);
    return ERR_OK;
}

static Err run_any(Ctx *cx, Run *run, Reply *ret_reply)
{
    arena_reset(facts_arena(cx->db));
    return is_write(run->call->op) ? run_write(cx, run, ret_reply) : run_read(cx, run, ret_reply);
}

static void run_start(Ctx *cx, Run *run, const Call *call)
{
    ASSERT(cx->run == NULL);
    ASSERT(cx->err.code == ERR_OK);
    *run = (Run){.call = call};
    run->changes_end = &run->changes;
    cx->run = run;
    sight_take(cx, cx->actor);
}

static void call_part(Ctx *cx, const Call *call, Reply *ret_reply)
{
    Run run;
    *ret_reply = (Reply){0};
    run_start(cx, &run, call);
    Err err = db_is_begun(cx->db) ? ERR_OK : db_begin(cx);
    if (err == ERR_OK) {
        err = run_any(cx, &run, ret_reply);
        if (err != ERR_OK || call->op->effect == EFFECT_TRY) {
            db_rollback(cx);
        } else {
            err = db_commit(cx);
        }
    }
    run_batch_done(cx->db, err == ERR_OK && call->op->effect != EFFECT_TRY);
    cx->run = NULL;
    trace_answer(call->op, err);
    if (err != ERR_OK && db_is_unsure(cx->db)) {
        Reply *done = arena_alloc(cx->arena, sizeof *done);
        *done = *ret_reply;
        run_problem(cx, ret_reply);
        ret_reply->unsure = done;
    } else if (err != ERR_OK) {
        run_problem(cx, ret_reply);
    }
}

void run_call(Ctx *cx, const Call *call, Reply *ret_reply)
{
    Call part = *call;
    for (bool is_more = true; is_more; part.carried = ret_reply->carried) {
        ArenaMark mark = arena_mark(cx->arena);
        call_part(cx, &part, ret_reply);
        is_more = ret_reply->is_more && !call->by_parts;
        if (is_more) {
            arena_rewind(cx->arena, mark);
        }
    }
}

/* A batch of one in its savepoint; *ret_is_whole false: the engine ended the transaction. */
static Err run_saved(Ctx *cx, Run *run, Reply *ret_reply, bool *ret_is_whole)
{
    const Op *op = run->call->op;
    Err err = db_savepoint(cx);
    if (err != ERR_OK) {
        *ret_is_whole = false;
        return err;
    }
    err = run_any(cx, run, ret_reply);
    bool has_added = err == ERR_OK && is_write(op) && run->call->key != NULL &&
                     !ret_reply->is_repeat && !run->is_more;
    if (err == ERR_OK && op->effect != EFFECT_TRY) {
        err = db_release(cx);
        if (err == ERR_OK) {
            return ERR_OK;
        }
        if (has_added) {
            idem_take_back(cx->db);
        }
    }
    *ret_is_whole = db_rollback_to(cx);
    return err;
}

static bool batch_part(Ctx *cx, const Call *call, Reply *ret_reply)
{
    Run run;
    bool is_whole = true;
    *ret_reply = (Reply){0};
    run_start(cx, &run, call);
    Err err = run_saved(cx, &run, ret_reply, &is_whole);
    cx->run = NULL;
    trace_answer(call->op, err);
    if (err != ERR_OK) {
        run_problem(cx, ret_reply);
    } else if (cx->batch != NULL && cx->batch->op_id == 0 && !ret_reply->is_repeat) {
        cx->batch->op_id = ret_reply->op_id;
        cx->batch->op_account = ret_reply->op_account;
    }
    return is_whole;
}

bool run_in_batch(Ctx *cx, const Call *call, Reply *ret_reply)
{
    Call part = *call;
    bool is_whole = true;
    for (bool is_more = true; is_more; part.carried = ret_reply->carried) {
        ArenaMark mark = arena_mark(cx->arena);
        is_whole = batch_part(cx, &part, ret_reply);
        is_more = is_whole && ret_reply->is_more && !call->by_parts;
        if (is_more) {
            arena_rewind(cx->arena, mark);
        }
    }
    return is_whole;
}

static Err run_prepare_in(Ctx *cx, Run *run, Call *call)
{
    Error fields = {0};
    TRY(caller_check(cx, call->op));
    TRY(input_decode(cx, run, &fields));
    TRY(refs_resolve(cx, &run->refs, call->op->lock, cx->actor));
    TRY(permission_check(cx, call->op));
    TRY(version_compare(cx, run));
    TRY(guard_run(cx, run));
    TRY(fields_refuse(cx, &fields));
    TRY(call->op->prepare(cx, run->in, &call->prepared));
    call->is_prepared = true;
    return ERR_OK;
}

bool run_prepare(Ctx *cx, Call *call, Reply *ret_reply)
{
    ASSERT(call->op->prepare != NULL);
    Run run;
    run_start(cx, &run, call);
    Err err = db_begin(cx);
    if (err == ERR_OK) {
        err = run_prepare_in(cx, &run, call);
        db_rollback(cx);
    }
    cx->run = NULL;
    if (err != ERR_OK) {
        trace_answer(call->op, err);
        run_problem(cx, ret_reply);
    }
    return err == ERR_OK;
}

void run_batch_done(Db *db, bool is_committed)
{
    idem_batch_done(db, is_committed);
}
