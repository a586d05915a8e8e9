/* Attempts by key, in a table of fixed size. */
#include "edge/throttle.h"

#include "base/crypto.h"

#include <pthread.h>
#include <string.h>

enum { SLOTS = 4096, PROBES = 8, FORGET_MS = 15 * 60 * 1000, WAIT_MAX_S = 64 };

typedef struct Slot {
    Hash key;
    int attempts; /* 0: unused */
    Instant last_at;
    Instant until;
} Slot;

struct Throttle {
    pthread_mutex_t mutex;
    Hash secret; /* keys cannot be made to meet in one slot */
    Slot slots[SLOTS];
};

Throttle *throttle_start(Arena *arena)
{
    Throttle *throttle = arena_alloc(arena, sizeof *throttle);
    pthread_mutex_init(&throttle->mutex, NULL);
    crypto_random(&throttle->secret, sizeof throttle->secret);
    return throttle;
}

void throttle_stop(Throttle *throttle)
{
    pthread_mutex_destroy(&throttle->mutex);
}

static Hash key_hash(const Throttle *throttle, const char *key)
{
    Bytes parts[] = {{&throttle->secret, sizeof throttle->secret}, {key, strlen(key)}};
    return crypto_digest(parts, COUNT(parts));
}

static Slot *slot_at(Throttle *throttle, const Hash *key, uint32_t probe)
{
    uint32_t start;
    memcpy(&start, key->bytes, sizeof start);
    return &throttle->slots[(start + probe) % SLOTS];
}

/* NULL when nothing is known of the key. */
static Slot *slot_find(Throttle *throttle, const Hash *key)
{
    for (uint32_t i = 0; i < PROBES; i++) {
        Slot *slot = slot_at(throttle, key, i);
        if (slot->attempts > 0 && crypto_equal(&slot->key, key, sizeof *key)) {
            return slot;
        }
    }
    return NULL;
}

/* The slot of the key, else the one whose last attempt is the longest ago, taken for it. */
static Slot *slot_take(Throttle *throttle, const Hash *key)
{
    Slot *found = slot_find(throttle, key);
    if (found != NULL) {
        return found;
    }
    Slot *oldest = slot_at(throttle, key, 0);
    for (uint32_t i = 1; i < PROBES; i++) {
        Slot *slot = slot_at(throttle, key, i);
        oldest = slot->last_at < oldest->last_at ? slot : oldest;
    }
    *oldest = (Slot){.key = *key};
    return oldest;
}

static int64_t attempt(Throttle *throttle, const Hash *key, int free, Instant now_ms)
{
    Slot *slot = slot_take(throttle, key);
    bool is_back = now_ms < slot->last_at; /* the clock was set back */
    if (is_back || now_ms - slot->last_at > FORGET_MS) {
        slot->attempts = 0;
        slot->until = 0;
    }
    if (now_ms < slot->until) {
        return (slot->until - now_ms + 999) / 1000;
    }
    slot->attempts++;
    slot->last_at = now_ms;
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
    pthread_mutex_lock(&throttle->mutex);
    int64_t wait_s = attempt(throttle, &hash, free, cx->now_ms);
    pthread_mutex_unlock(&throttle->mutex);
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
    pthread_mutex_lock(&throttle->mutex);
    Slot *slot = slot_find(throttle, &hash);
    if (slot != NULL) {
        slot->attempts = 0;
    }
    pthread_mutex_unlock(&throttle->mutex);
}

void throttle_take_back(Throttle *throttle, const char *key)
{
    Hash hash = key_hash(throttle, key);
    pthread_mutex_lock(&throttle->mutex);
    Slot *slot = slot_find(throttle, &hash);
    if (slot != NULL) {
        slot->attempts--;
    }
    pthread_mutex_unlock(&throttle->mutex);
}
