/* What callers did lately, by key, in memory, in a table of fixed size under one lock: who makes
 * keys up pushes out other quiet keys and never fills the memory. A restart forgets. */
#ifndef GUANXI_EDGE_SLOTS_H
#define GUANXI_EDGE_SLOTS_H

#include "base/arena.h"
#include "base/crypto.h"

#include <stdint.h>

typedef struct Slot {
    Hash key;
    int64_t used_at; /* 0: unused. In the unit of who uses the table, as all its times */
    int64_t until;   /* what the caller has to wait for, or has paid up to */
    int attempts;
} Slot;

typedef struct Slots Slots;

Slots *slots_start(Arena *arena);
void slots_stop(Slots *slots);
/* Keys of two kinds never meet. */
Hash slots_key(const Slots *slots, const char *kind, const char *text);
/* Between these two: the other calls, and the use of what they return. */
void slots_lock(Slots *slots);
void slots_unlock(Slots *slots);
/* NULL when nothing is known of the key. */
Slot *slots_find(Slots *slots, const Hash *key);
/* The slot of the key, else the longest unused one, emptied for it and used now. */
Slot *slots_take(Slots *slots, const Hash *key, int64_t now);
void slots_forget(Slot *slot);

#endif
