/* What an operation is about to ask is told to the database early, see db_expect. */
#include "op/run_state.h"

#include "base/id.h"
#include "op/idem.h"

/* The ids and dates that tell what calls of an operation ask: the account that is locked, today,
 * and what its references stand for. */
Err run_expect(Ctx *cx, const Chain *chain)
{
    const Run *run = cx->run;
    if (run == NULL || !db_is_shared(cx->db)) {
        return ERR_OK;
    }
    size_t count = 0;
    Arg *known = arena_array(cx->arena, 2 + 3 * run->refs.count, sizeof *known);
    known[count++] = arg_id(chain->account_id);
    known[count++] = arg_date(cx->today);
    for (size_t i = 0; i < run->refs.count; i++) {
        const Ref *ref = run->refs.items[i].ref;
        known[count++] = arg_id(ref->id);
        known[count++] = arg_id(ref->account_id);
        known[count++] = arg_id(ref->partner_id);
    }
    return db_expect_usual(cx, run->call->op, known, count);
}

/* Those that are looked for by their text alone; what stands for an id is tried as a code first. */
Err refs_expect(Ctx *cx, const RefUses *refs)
{
    if (!db_is_shared(cx->db)) {
        return ERR_OK;
    }
    for (size_t i = 0; i < refs->count; i++) {
        const RefKind *kind = ref_kind(refs->items[i].kind);
        const char *text = refs->items[i].ref->text;
        char letter = 0;
        Id id = 0;
        if (kind->by_code != NULL && kind->by_code_of == NULL) {
            TRY(db_expect(cx, kind->by_code, ARGS(arg_text(text))));
        }
        if (id_parse(text, &letter, &id) && letter == kind->letter) {
            TRY(db_expect(cx, kind->by_id, ARGS(arg_id(id))));
        }
    }
    return ERR_OK;
}

/* What was decoded ahead is as given until a run has taken it. */
Err call_expect(Ctx *cx, const Call *call, Id user_id)
{
    const Decoded *ahead = call->ahead;
    if (ahead == NULL || ahead->is_taken) {
        return ERR_OK;
    }
    TRY(refs_expect(cx, &ahead->refs));
    if (call->key == NULL) {
        return ERR_OK;
    }
    IdemHash key = idem_key_hash(user_id, call->op->name, call->key);
    return idem_expect(cx, &key);
}
