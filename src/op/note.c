/* What a body notes while it runs: for the reply's status, for audit, for the door. */
#include "op/run_state.h"

#include "base/json.h"
#include "op/encode.h"
#include "op/fact_note.h"

#include <inttypes.h>
#include <string.h>

static Run *run_of(const Ctx *cx)
{
    ASSERT(cx->run != NULL);
    return cx->run;
}

const Op *run_op(const Ctx *cx)
{
    return run_of(cx)->call->op;
}

void run_is_pending(Ctx *cx)
{
    run_of(cx)->is_pending = true;
}

void run_is_held(Ctx *cx)
{
    ASSERT(run_op(cx)->may_hold);
    run_of(cx)->is_held = true;
}

void run_more(Ctx *cx, int64_t carried)
{
    Run *run = run_of(cx);
    ASSERT(carried != 0);
    ASSERT(!run->is_more);
    run->is_more = true;
    run->carried = carried;
}

void run_told(Ctx *cx, int64_t carried, bool is_idle)
{
    Run *run = run_of(cx);
    ASSERT(run_op(cx)->waits);
    run->is_idle = is_idle;
    run->carried = carried;
}

int64_t run_carried(const Ctx *cx)
{
    return run_of(cx)->call->carried;
}

bool run_is_import(const Ctx *cx)
{
    return run_of(cx)->call->is_import;
}

void touched_add(Ctx *cx, Touched *touched, Id subject)
{
    for (size_t i = 0; i < touched->count; i++) {
        if (touched->ids[i] == subject) {
            return;
        }
    }
    if (subject == 0) {
        return;
    }
    if (touched->count == touched->size) {
        size_t size = touched->size == 0 ? 8 : touched->size * 2;
        Id *ids = arena_array(facts_arena(cx->db), size, sizeof *ids); /* outlives a mark */
        if (touched->count > 0) {
            memcpy(ids, touched->ids, touched->count * sizeof *ids);
        }
        touched->ids = ids;
        touched->size = size;
    }
    touched->ids[touched->count++] = subject;
}

void run_touch(Ctx *cx, Id subject)
{
    touched_add(cx, &run_of(cx)->touched, subject);
}

void run_changed(Ctx *cx, Id subject, const char *field, const char *before, const char *after)
{
    Run *run = run_of(cx);
    Change *change = arena_alloc(cx->arena, sizeof *change);
    *change = (Change){.subject = subject,
        .field = arena_str(cx->arena, field),
        .before = arena_str(cx->arena, before),
        .after = arena_str(cx->arena, after)};
    *run->changes_end = change;
    run->changes_end = &change->next;
    touched_add(cx, &run->touched, subject);
}

const char *run_changes_text(Ctx *cx, const Run *run)
{
    if (run->changes == NULL) {
        return NULL;
    }
    Buf out = buf_in(cx->arena);
    JsonWriter w = json_writer(&out);
    json_open(&w, '[');
    for (const Change *change = run->changes; change != NULL; change = change->next) {
        json_open(&w, '{');
        json_key(&w, "id");
        json_put_int(&w, change->subject);
        json_key(&w, "field");
        json_put_string(&w, change->field);
        json_key(&w, "before");
        json_put_string(&w, change->before);
        json_key(&w, "after");
        json_put_string(&w, change->after);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    return buf_text(&out);
}

Err run_version_check(Ctx *cx, int64_t version)
{
    int64_t wanted = run_of(cx)->call->if_match;
    if (wanted != 0 && wanted != version) {
        return err_set(cx, ERR_VERSION_STALE, NULL,
            "You have version %" PRId64 ", it is at %" PRId64 " now; read it again.", wanted,
            version);
    }
    return ERR_OK;
}

const char *run_input(Ctx *cx)
{
    Run *run = run_of(cx);
    if (run->input == NULL) {
        Buf out = buf_in(cx->arena);
        JsonWriter w = json_writer(&out);
        encode_input(&w, run->call->op->in, run->call->members, run->in, REFS_AS_IDS);
        run->input = buf_text(&out);
    }
    return run->input;
}

bool run_has(Ctx *cx, const char *member)
{
    return json_object_get(run_of(cx)->call->members, member) != NULL;
}

Err run_decode(Ctx *cx, const Schema *schema, const char *json, void *ret_in)
{
    CLEANUP(json_value_free) json_t *members = NULL;
    RefUses refs = {0};
    if (json == NULL || json_read(cx, json, strlen(json), &members) != ERR_OK ||
        decode_members(cx, schema, members, false, ret_in, &refs) != ERR_OK) {
        err_clear(cx); /* what it tells is for who sends, and this was stored */
        return db_damaged(cx, "a stored %s cannot be read", schema->name);
    }
    return refs_resolve(cx, &refs, NULL, &actor_system);
}

const char *run_encode(Ctx *cx, const Schema *schema, const void *value)
{
    return encode_stored(cx->arena, schema, value);
}

const void *run_prepared(Ctx *cx)
{
    return run_of(cx)->prepared;
}

void run_session(Ctx *cx, const char *secret, int64_t max_age_s)
{
    Run *run = run_of(cx);
    run->session = arena_str(cx->arena, secret);
    run->session_max_age_s = max_age_s;
}
