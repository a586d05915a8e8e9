/* What an operation is about to ask is told to the database early, see db_expect. */
#include "op/run_state.h"

#include "base/id.h"
#include "op/guess.h"
#include "op/idem.h"

/* The ids and dates that tell what calls of an operation ask: the account that is locked, today,
 * and what its references stand for; `guessed`: in their place, NULL: they are resolved. */
static Err usual_expect(
    Ctx *cx, const Op *op, Id account_id, const RefUses *refs, const Ref *guessed)
{
    size_t count = 0;
    Arg *known = arena_array(cx->arena, 2 + 3 * refs->count, sizeof *known);
    known[count++] = arg_id(account_id);
    known[count++] = arg_date(cx->today);
    for (size_t i = 0; i < refs->count; i++) {
        const Ref *ref = guessed == NULL ? refs->items[i].ref : &guessed[i];
        known[count++] = arg_id(ref->id);
        known[count++] = arg_id(ref->account_id);
        known[count++] = arg_id(ref->partner_id);
    }
    return db_expect_usual(cx, op, known, count);
}

Err run_expect(Ctx *cx, const Chain *chain)
{
    const Run *run = cx->run;
    if (run == NULL || !db_is_shared(cx->db)) {
        return ERR_OK;
    }
    return usual_expect(cx, run->call->op, chain->account_id, &run->refs, NULL);
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

/* When all references were seen before, the account is locked and the usual asked in the turn that
 * resolves them. */
static Err guess_expect(Ctx *cx, const Call *call)
{
    const Op *op = call->op;
    const Decoded *ahead = call->ahead;
    if (call->guesses == NULL || op->lock == NULL || op->effect == EFFECT_TRY ||
        ahead->refs.count == 0) {
        return ERR_OK;
    }
    Ref *guessed = arena_array(cx->arena, ahead->refs.count, sizeof *guessed);
    if (!guesses_find(call->guesses, &ahead->refs, guessed)) {
        return ERR_OK;
    }
    const Ref *lock = run_locked_ref(op, ahead->in);
    Id account_id = 0;
    for (size_t i = 0; i < ahead->refs.count; i++) {
        account_id = ahead->refs.items[i].ref == lock ? guessed[i].account_id : account_id;
    }
    if (account_id == 0) {
        return ERR_OK;
    }
    TRY(chain_expect(cx, account_id));
    return usual_expect(cx, op, account_id, &ahead->refs, guessed);
}

/* What was decoded ahead is as given until a run has taken it. */
Err call_expect(Ctx *cx, const Call *call, Id user_id)
{
    Decoded *ahead = call->ahead;
    if (ahead == NULL || ahead->is_taken) {
        return ERR_OK;
    }
    TRY(refs_expect(cx, &ahead->refs));
    ahead->is_expected = true;
    if (call->key != NULL) {
        IdemHash key = idem_key_hash(user_id, call->op->name, call->key);
        TRY(idem_expect(cx, &key));
    }
    return guess_expect(cx, call);
}
