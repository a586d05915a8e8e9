/* Doing again what another transaction was in the way of, and finding out what became of a call
 * whose end was not heard. */
#include "op/store.h"

#include "base/crypto.h"
#include "op/run_state.h"

#include <time.h>

enum { REPEATS = 8, PAUSE_FIRST_MS = 2, PAUSE_MOST_MS = 200 };

static const Sql sql_is_stored = {"SELECT EXISTS (SELECT 1 FROM audit WHERE id = $1)", "k", "b"};

/* Between half of it and all of it, so that two which met do not meet again. */
static void pause_ms(int ms)
{
    uint32_t random = 0;
    crypto_random(&random, sizeof random);
    long us = ms * 500L + (long)(random % (uint32_t)(ms * 500));
    (void)nanosleep(&(struct timespec){.tv_nsec = us * 1000L}, NULL);
}

/* Whether what was refused is worth another attempt; waits before it, longer each time. */
static bool goes_again(Ctx *cx, int attempt, int *pause)
{
    if (cx->err.code == ERR_OK || attempt == REPEATS || !db_may_repeat(cx->db) ||
        db_is_gone(cx->db) || db_is_ending(cx->db)) {
        return false;
    }
    err_clear(cx);
    pause_ms(*pause);
    *pause = *pause * 2 < PAUSE_MOST_MS ? *pause * 2 : PAUSE_MOST_MS;
    return true;
}

void run_call_again(Ctx *cx, const Call *call, Reply *ret_reply)
{
    ArenaMark mark = arena_mark(cx->arena);
    int pause = PAUSE_FIRST_MS;
    run_call(cx, call, ret_reply);
    for (int i = 0; goes_again(cx, i, &pause); i++) {
        arena_rewind(cx->arena, mark);
        run_call(cx, call, ret_reply);
    }
}

Err store_batch_again(Ctx *cx, Err (*steps)(Ctx *cx, void *user), void *user)
{
    ArenaMark mark = arena_mark(cx->arena);
    int pause = PAUSE_FIRST_MS;
    Err err = store_batch(cx, steps, user);
    for (int i = 0; goes_again(cx, i, &pause); i++) {
        arena_rewind(cx->arena, mark);
        err = store_batch(cx, steps, user);
    }
    return err;
}

static Err stored_ask(Ctx *cx, const Reply *unsure, bool *ret_is_stored)
{
    Chain chain;
    Rows rows;
    TRY(chain_lock(cx, unsure->op_account, &chain, NULL));
    TRY(db_ask(cx, &sql_is_stored, ARGS(arg_id(unsure->op_id)), &rows));
    *ret_is_stored = db_next(&rows) && db_bool(&rows, 0);
    return ERR_OK;
}

/* Under the lock that the transaction held until its end. */
Err run_settle(Ctx *cx, const Reply *unsure, bool *ret_is_stored)
{
    *ret_is_stored = false;
    TRY(db_begin(cx));
    Err err = stored_ask(cx, unsure, ret_is_stored);
    db_rollback(cx);
    return err;
}

/* What wrote nothing that an audit row tells of may be done again. */
Err store_batch_attempt(Ctx *cx)
{
    Batch *batch = cx->batch;
    bool is_stored = false;
    Err err = ERR_OK;
    if (batch->is_unsure) {
        const Reply unsure = {.op_id = batch->op_id, .op_account = batch->op_account};
        err = run_settle(cx, &unsure, &is_stored);
        batch->is_unsure = err != ERR_OK;
    }
    if (err == ERR_OK && !is_stored) {
        err = store_batch_again(cx, batch->steps, batch->user);
        batch->is_unsure = err != ERR_OK && db_is_unsure(cx->db) && batch->op_id != 0;
    }
    batch->is_away = err != ERR_OK && db_is_gone(cx->db);
    return err;
}
