/* Eight places a key, of which the one longest unused gives way. */
#include "edge/slots.h"

#include "base/attr.h"

#include <pthread.h>
#include <string.h>

enum { SLOTS = 4096, PROBES = 8 };

struct Slots {
    pthread_mutex_t mutex;
    Hash secret; /* keys cannot be made to meet in one slot */
    Slot slots[SLOTS];
};

Slots *slots_start(Arena *arena)
{
    Slots *slots = arena_alloc(arena, sizeof *slots);
    pthread_mutex_init(&slots->mutex, NULL);
    crypto_random(&slots->secret, sizeof slots->secret);
    return slots;
}

void slots_stop(Slots *slots)
{
    pthread_mutex_destroy(&slots->mutex);
}

Hash slots_key(const Slots *slots, const char *kind, const char *text)
{
    Bytes parts[] = {
        {&slots->secret, sizeof slots->secret}, {kind, strlen(kind)}, {text, strlen(text)}};
    return crypto_digest(parts, COUNT(parts));
}

void slots_lock(Slots *slots)
{
    pthread_mutex_lock(&slots->mutex);
}

void slots_unlock(Slots *slots)
{
    pthread_mutex_unlock(&slots->mutex);
}

static Slot *slot_at(Slots *slots, const Hash *key, uint32_t probe)
{
    uint32_t start;
    memcpy(&start, key->bytes, sizeof start);
    return &slots->slots[(start + probe) % SLOTS];
}

Slot *slots_find(Slots *slots, const Hash *key)
{
    for (uint32_t i = 0; i < PROBES; i++) {
        Slot *slot = slot_at(slots, key, i);
        if (slot->used_at != 0 && crypto_equal(&slot->key, key, sizeof *key)) {
            return slot;
        }
    }
    return NULL;
}

Slot *slots_take(Slots *slots, const Hash *key, int64_t now)
{
    ASSERT(now > 0);
    Slot *found = slots_find(slots, key);
    if (found != NULL) {
        return found;
    }
    Slot *oldest = slot_at(slots, key, 0);
    for (uint32_t i = 1; i < PROBES; i++) {
        Slot *slot = slot_at(slots, key, i);
        oldest = slot->used_at < oldest->used_at ? slot : oldest;
    }
    *oldest = (Slot){.key = *key, .used_at = now};
    return oldest;
}

void slots_forget(Slot *slot)
{
    *slot = (Slot){0};
}
