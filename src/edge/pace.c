/* Each caller has an instant up to which what it sent is paid for: a request moves it on by its
 * share of a second, and is refused when it would get further ahead of now than a second. */
#include "edge/pace.h"

#include "edge/slots.h"

enum { SECOND_US = 1000 * 1000 };

struct Pace {
    Slots *slots; /* `until`: paid up to; in microseconds */
    int64_t share_us;
};

Pace *pace_start(Arena *arena, int per_second)
{
    ASSERT(per_second > 0);
    ASSERT(per_second <= SECOND_US);
    Pace *pace = arena_alloc(arena, sizeof *pace);
    pace->slots = slots_start(arena);
    pace->share_us = SECOND_US / per_second;
    return pace;
}

void pace_stop(Pace *pace)
{
    slots_stop(pace->slots);
}

static int64_t slot_pay(const Pace *pace, Slot *slot, int64_t now_us)
{
    slot->used_at = now_us;
    int64_t paid_us = (slot->until > now_us ? slot->until : now_us) + pace->share_us;
    int64_t ahead_us = paid_us - now_us - SECOND_US;
    if (ahead_us > 0) {
        return (ahead_us + SECOND_US - 1) / SECOND_US;
    }
    slot->until = paid_us;
    return 0;
}

int64_t pace_wait_s(Pace *pace, const char *credential, const char *address, int64_t now_us)
{
    Hash by_address = slots_key(pace->slots, "address", address);
    Hash by_credential = slots_key(pace->slots, "credential", credential == NULL ? "" : credential);
    slots_lock(pace->slots);
    Slot *slot = credential == NULL ? NULL : slots_find(pace->slots, &by_credential);
    if (slot == NULL) {
        slot = slots_take(pace->slots, &by_address, now_us);
    }
    int64_t wait_s = slot_pay(pace, slot, now_us);
    slots_unlock(pace->slots);
    return wait_s;
}

void pace_know(Pace *pace, const char *credential, int64_t now_us)
{
    Hash key = slots_key(pace->slots, "credential", credential);
    slots_lock(pace->slots);
    (void)slots_take(pace->slots, &key, now_us);
    slots_unlock(pace->slots);
}
