/* Numbers that look random and are the same in every run: the demonstration has one seed. */
#ifndef GUANXI_EDGE_DEMO_RANDOM_H
#define GUANXI_EDGE_DEMO_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Random {
    uint64_t state;
} Random;

/* From low to high, both included. */
int64_t random_in(Random *random, int64_t low, int64_t high);
bool random_chance(Random *random, int percent);
/* Around `middle`: half to one and a half of it, the middle more often than the ends. */
int64_t random_around(Random *random, int64_t middle);

#endif
