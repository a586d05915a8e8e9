/* Hashes, random bytes and passwords, over libsodium. crypto_start() comes first, once. */
#ifndef GUANXI_BASE_CRYPTO_H
#define GUANXI_BASE_CRYPTO_H

#include "base/ctx.h"

#include <stdint.h>

enum { HASH_SIZE = 32, KEY_HASH_SIZE = 16, PASSWORD_HASH_SIZE = 128, TOKEN_TEXT_SIZE = 52 };

typedef struct Hash {
    uint8_t bytes[HASH_SIZE];
} Hash;

void crypto_start(void);
void crypto_random(void *bytes, size_t size);
/* BLAKE2b-256 over the parts one after another, each preceded by its length in 8 bytes. */
typedef struct Bytes {
    const void *data;
    size_t size;
} Bytes;
Hash crypto_digest(const Bytes *parts, size_t count);
bool crypto_equal(const void *a, const void *b, size_t size); /* constant time */
void crypto_hex(const void *bytes, size_t size, char *text);  /* text: 2 * size + 1 */
/* 256 random bits as base-32 text, e.g. for tokens; with its NUL TOKEN_TEXT_SIZE + 1 at most. */
void crypto_token(char text[TOKEN_TEXT_SIZE + 1]);
/* Argon2id, 19 MiB, two passes. Takes about 30 ms; false when memory lacks. */
MUST_CHECK bool crypto_password_hash(const char *password, char hash[PASSWORD_HASH_SIZE]);
bool crypto_password_verify(const char *password, const char *hash);

#endif
