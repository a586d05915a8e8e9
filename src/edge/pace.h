/* How many requests a second each caller may send. In memory, of fixed size; a restart forgets. */
#ifndef GUANXI_EDGE_PACE_H
#define GUANXI_EDGE_PACE_H

#include "base/arena.h"

#include <stdint.h>

typedef struct Pace Pace;

/* So many at once are served too, when there were none for a second. */
Pace *pace_start(Arena *arena, int per_second);
void pace_stop(Pace *pace);
/* Counts a request. 0: it is served; else it is not, and may come again after so many seconds.
 * `credential` is a token or the secret of a session, NULL when there is none. It counts by itself
 * once pace_know() was told of it, and by the address before: who makes credentials up does not get
 * a count of its own with each. */
int64_t pace_wait_s(Pace *pace, const char *credential, const char *address, int64_t now_us);
/* The credential was let in. */
void pace_know(Pace *pace, const char *credential, int64_t now_us);

#endif
