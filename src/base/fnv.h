/* FNV-1a, 64 bits (Fowler, Noll and Vo; their public reference values are in the test): finds a
 * place by what is written there. Two inputs may have one hash: whoever looks something up by it
 * compares what is found or can bear to be wrong, and proofs go by base/crypto.h. Hashes of keys
 * and of tables are stored, so this never changes. */
#ifndef GUANXI_BASE_FNV_H
#define GUANXI_BASE_FNV_H

#include <stddef.h>
#include <stdint.h>

#define FNV_START UINT64_C(0xcbf29ce484222325)

/* The hash of all that `hash` is of, followed by these bytes; `hash` is FNV_START at first. */
static inline uint64_t fnv_add(uint64_t hash, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

#endif
