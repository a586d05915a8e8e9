/* Each caller has an instant up to which what it sent is paid for: a request moves it on by its
 * share of a second, and is refused when it would get further ahead of now than a second. */
#include "edge/pace.h"

#include "base/attr.h"
#include "base/crypto.h"

#include <pthread.h>
#include <string.h>

enum { SLOTS = 4096, PROBES = 8, SECOND_US = 1000 * 1000 };

typedef struct Slot {
    Hash key;
    int64_t paid_us; /* 0: unused */
} Slot;

struct Pace {
    pthread_mutex_t mutex;
    Hash secret; /* keys cannot be made to meet in one slot */
    int64_t share_us;
    Slot slots[SLOTS];
};

Pace *pace_start(Arena *arena, int per_second)
{
    ASSERT(per_second > 0);
    ASSERT(per_second <= SECOND_US);
    Pace *pace = arena_alloc(arena, sizeof *pace);
    pthread_mutex_init(&pace->mutex, NULL);
    crypto_random(&pace->secret, sizeof pace->secret);
    pace->share_us = SECOND_US / per_second;
    return pace;
}

void pace_stop(Pace *pace)
{
    pthread_mutex_destroy(&pace->mutex);
}

static Hash key_hash(const Pace *pace, const char *kind, const char *text)
{
    Bytes parts[] = {
        {&pace->secret, sizeof pace->secret}, {kind, strlen(kind)}, {text, strlen(text)}};
    return crypto_digest(parts, COUNT(parts));
}

static Slot *slot_at(Pace *pace, const Hash *key, uint32_t probe)
{
    uint32_t start;
    memcpy(&start, key->bytes, sizeof start);
    return &pace->slots[(start + probe) % SLOTS];
}

/* NULL when the key is not known. */
static Slot *slot_find(Pace *pace, const Hash *key)
{
    for (uint32_t i = 0; i < PROBES; i++) {
        Slot *slot = slot_at(pace, key, i);
        if (slot->paid_us != 0 && memcmp(&slot->key, key, sizeof *key) == 0) {
            return slot;
        }
    }
    return NULL;
}

/* The slot of the key, else the one of who has been quiet for the longest, taken for it. */
static Slot *slot_take(Pace *pace, const Hash *key, int64_t now_us)
{
    Slot *found = slot_find(pace, key);
    if (found != NULL) {
        return found;
    }
    Slot *quiet = slot_at(pace, key, 0);
    for (uint32_t i = 1; i < PROBES; i++) {
        Slot *slot = slot_at(pace, key, i);
        quiet = slot->paid_us < quiet->paid_us ? slot : quiet;
    }
    *quiet = (Slot){.key = *key, .paid_us = now_us};
    return quiet;
}

static int64_t slot_pay(const Pace *pace, Slot *slot, int64_t now_us)
{
    int64_t paid_us = (slot->paid_us > now_us ? slot->paid_us : now_us) + pace->share_us;
    int64_t ahead_us = paid_us - now_us - SECOND_US;
    if (ahead_us > 0) {
        return (ahead_us + SECOND_US - 1) / SECOND_US;
    }
    slot->paid_us = paid_us;
    return 0;
}

int64_t pace_wait_s(Pace *pace, const char *credential, const char *address, int64_t now_us)
{
    Hash by_address = key_hash(pace, "address ", address);
    Hash by_credential = key_hash(pace, "credential ", credential == NULL ? "" : credential);
    pthread_mutex_lock(&pace->mutex);
    Slot *slot = credential == NULL ? NULL : slot_find(pace, &by_credential);
    if (slot == NULL) {
        slot = slot_take(pace, &by_address, now_us);
    }
    int64_t wait_s = slot_pay(pace, slot, now_us);
    pthread_mutex_unlock(&pace->mutex);
    return wait_s;
}

void pace_know(Pace *pace, const char *credential, int64_t now_us)
{
    Hash key = key_hash(pace, "credential ", credential);
    pthread_mutex_lock(&pace->mutex);
    (void)slot_take(pace, &key, now_us);
    pthread_mutex_unlock(&pace->mutex);
}
