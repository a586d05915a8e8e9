/* Refusals that a journal expected: each leaves a mark under the key of its line, so that a second
 * run does not do what was refused in the first. */
#include "op/audit.h"
#include "op/fact_note.h"
#include "op/idem.h"

#include "base/json.h"

#include <string.h>

/* A secret is not kept, so nothing is that would tell whether a repeat has the same one. */
static bool is_marked(const Call *call)
{
    const Op *op = call->op;
    bool is_write = op->effect == EFFECT_CREATE || op->effect == EFFECT_ACT;
    for (size_t i = 0; i < op->in->count; i++) {
        const Field *field = &op->in->fields[i];
        bool is_secret = (field->flags & FIELD_SECRET) != 0;
        if (is_secret && json_object_get(call->members, field->name) != NULL) {
            return false;
        }
    }
    return is_write && call->key != NULL;
}

/* Apart from the keys of what was done: a call with the key at another door is not a repeat of a
 * refusal. The caller goes in by name, because it may be unknown yet. */
static IdemEntry entry_of(Ctx *cx, const Call *call, const char *as)
{
    const size_t how = JSON_COMPACT | JSON_SORT_KEYS;
    size_t size = json_dumpb(call->members, NULL, 0, how);
    char *members = arena_alloc(cx->arena, size + 1);
    (void)json_dumpb(call->members, members, size, how);
    const char *what =
        arena_printf(cx->arena, "refused %s %s", call->op->name, as == NULL ? "" : as);
    return (IdemEntry){
        .key = idem_key_hash(0, what, call->key), .request = idem_request_hash(members)};
}

Err run_refusal_find(Ctx *cx, const Call *call, const char *as, Reply *ret_reply)
{
    *ret_reply = (Reply){0};
    if (!is_marked(call)) {
        return ERR_OK;
    }
    IdemEntry entry = entry_of(cx, call, as);
    IdemEntry done;
    bool is_found = false;
    TRY(idem_find(cx, &entry.key, &done, &is_found));
    bool is_same = is_found && crypto_equal(done.request.bytes, entry.request.bytes, KEY_HASH_SIZE);
    return is_same ? audit_reply(cx, done.audit_id, call->op->out, ret_reply) : ERR_OK;
}

static Err mark_write(Ctx *cx, Run *run, const char *as, const Reply *refusal)
{
    TRY(chain_lock(cx, 0, &run->chain, NULL));
    IdemEntry entry = entry_of(cx, run->call, as);
    IdemEntry before;
    bool is_found = false;
    TRY(idem_find(cx, &entry.key, &before, &is_found));
    if (is_found) {
        return ERR_OK; /* of another input; the first one stays */
    }
    entry.audit_id = db_new_id(cx);
    idem_note(cx, &entry);
    AuditRow row = {.id = entry.audit_id,
        .operation = arena_printf(cx->arena, "%s.refused", run->call->op->name),
        .input = "{\"in\":{}}",
        .reply = refusal->body,
        .status = refusal->status};
    TRY(audit_append(cx, &run->chain, &row));
    return idem_add(cx, &entry);
}

Err run_refusal_keep(Ctx *cx, const Call *call, const char *as, const Reply *refusal)
{
    ASSERT(cx->run == NULL);
    ASSERT(cx->err.code == ERR_OK);
    if (!is_marked(call)) {
        return ERR_OK;
    }
    Run run = {.call = call};
    run.changes_end = &run.changes;
    arena_reset(facts_arena(cx->db));
    cx->run = &run;
    Err code = mark_write(cx, &run, as, refusal);
    cx->run = NULL;
    return code;
}
