/* A key is throttled by the instant up to which it has to wait. */
#include "edge/throttle.h"

#include "edge/slots.h"

enum { FORGET_MS = 15 * 60 * 1000, WAIT_MAX_S = 64 };

struct Throttle {
    Slots *slots; /* in milliseconds */
};

Throttle *throttle_start(Arena *arena)
{
    Throttle *throttle = arena_alloc(arena, sizeof *throttle);
    throttle->slots = slots_start(arena);
    return throttle;
}

void throttle_stop(Throttle *throttle)
{
    slots_stop(throttle->slots);
}

static Hash key_hash(const Throttle *throttle, const char *key)
{
    return slots_key(throttle->slots, "attempt", key);
}

static int64_t attempt(Throttle *throttle, const Hash *key, int free, Instant now_ms)
{
    Slot *slot = slots_take(throttle->slots, key, now_ms);
    bool is_back = now_ms < slot->used_at; /* the clock was set back */
    if (is_back || now_ms - slot->used_at > FORGET_MS) {
        slot->attempts = 0;
        slot->until = 0;
    }
    if (now_ms < slot->until) {
        return (slot->until - now_ms + 999) / 1000;
    }
    slot->attempts++;
    slot->used_at = now_ms;
    if (slot->attempts >= free) {
        int doublings = slot->attempts - free;
        int64_t wait_s = doublings > 6 ? WAIT_MAX_S : INT64_C(1) << doublings;
        slot->until = now_ms + wait_s * 1000;
    }
    return 0;
}

Err throttle_attempt(Ctx *cx, Throttle *throttle, const char *key, int free, int64_t *ret_wait_s)
{
    Hash hash = key_hash(throttle, key);
    slots_lock(throttle->slots);
    int64_t wait_s = attempt(throttle, &hash, free, cx->now_ms);
    slots_unlock(throttle->slots);
    if (wait_s == 0) {
        return ERR_OK;
    }
    *ret_wait_s = wait_s;
    return err_set(
        cx, ERR_THROTTLED, NULL, "Too many attempts; try again in %lld s.", (long long)wait_s);
}

void throttle_clear(Throttle *throttle, const char *key)
{
    Hash hash = key_hash(throttle, key);
    slots_lock(throttle->slots);
    Slot *slot = slots_find(throttle->slots, &hash);
    if (slot != NULL) {
        slots_forget(slot);
    }
    slots_unlock(throttle->slots);
}

void throttle_take_back(Throttle *throttle, const char *key)
{
    Hash hash = key_hash(throttle, key);
    slots_lock(throttle->slots);
    Slot *slot = slots_find(throttle->slots, &hash);
    if (slot != NULL && --slot->attempts <= 0) {
        slots_forget(slot);
    }
    slots_unlock(throttle->slots);
}
