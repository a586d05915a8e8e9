/* SplitMix64 (Steele, Lea, Flood 2014): short, and any seed is good. */
#include "edge/demo/random.h"

static uint64_t next(Random *random)
{
    random->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = random->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t random_in(Random *random, int64_t low, int64_t high)
{
    return low + (int64_t)(next(random) % (uint64_t)(high - low + 1));
}

bool random_chance(Random *random, int percent)
{
    return random_in(random, 0, 99) < percent;
}

int64_t random_around(Random *random, int64_t middle)
{
    int64_t half = middle / 4;
    return middle + random_in(random, -half, half) + random_in(random, -half, half);
}
