/* Hashes, random bytes and passwords. Nothing is invented here: all is libsodium's. */
#include "base/crypto.h"

#include <sodium.h>
#include <string.h>

enum { PASSWORD_PASSES = 2, PASSWORD_MEMORY = 19 * 1024 * 1024 };

_Static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "a password hash must fit");

void crypto_start(void)
{
    int result = sodium_init();
    ASSERT(result >= 0);
}

void crypto_random(void *bytes, size_t size)
{
    randombytes_buf(bytes, size);
}

enum { DIGEST_JOINED = 2048, LENGTH_SIZE = 8 };

static void length_write(size_t size, uint8_t *length)
{
    for (size_t b = 0; b < LENGTH_SIZE; b++) {
        length[b] = (uint8_t)((uint64_t)size >> 8 * b);
    }
}

static Hash digest_of_joined(const uint8_t *bytes, size_t size)
{
    Hash hash;
    (void)crypto_generichash(hash.bytes, sizeof(hash.bytes), bytes, size, NULL, 0);
    return hash;
}

static Hash digest_by_parts(const Bytes *parts, size_t count)
{
    Hash hash;
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, sizeof(hash.bytes));
    for (size_t i = 0; i < count; i++) {
        uint8_t length[LENGTH_SIZE];
        length_write(parts[i].size, length);
        (void)crypto_generichash_update(&state, length, sizeof(length));
        (void)crypto_generichash_update(&state, parts[i].data, parts[i].size);
    }
    (void)crypto_generichash_final(&state, hash.bytes, sizeof(hash.bytes));
    return hash;
}

/* What is short is joined first: a call for each part costs more than the copy. */
Hash crypto_digest(const Bytes *parts, size_t count)
{
    uint8_t joined[DIGEST_JOINED];
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size > sizeof(joined) || size + LENGTH_SIZE + parts[i].size > sizeof(joined)) {
            return digest_by_parts(parts, count);
        }
        length_write(parts[i].size, joined + size);
        size += LENGTH_SIZE;
        if (parts[i].size > 0) {
            memcpy(joined + size, parts[i].data, parts[i].size);
        }
        size += parts[i].size;
    }
    return digest_of_joined(joined, size);
}

bool crypto_equal(const void *a, const void *b, size_t size)
{
    return sodium_memcmp(a, b, size) == 0;
}

void crypto_hex(const void *bytes, size_t size, char *text)
{
    (void)sodium_bin2hex(text, 2 * size + 1, bytes, size);
}

void crypto_token(char text[TOKEN_TEXT_SIZE + 1])
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint8_t bytes[33] = {0}; /* 52 digits are 260 bits; the last four are zero */
    crypto_random(bytes, 32);
    for (size_t i = 0; i < TOKEN_TEXT_SIZE; i++) {
        size_t bit = i * 5;
        unsigned pair = (unsigned)bytes[bit / 8] << 8;
        pair |= bit / 8 + 1 < sizeof(bytes) ? bytes[bit / 8 + 1] : 0u;
        text[i] = alphabet[pair >> (11 - bit % 8) & 31];
    }
    text[TOKEN_TEXT_SIZE] = '\0';
    sodium_memzero(bytes, sizeof(bytes));
}

bool crypto_password_hash(const char *password, char hash[PASSWORD_HASH_SIZE])
{
    return crypto_pwhash_str_alg(hash, password, strlen(password), PASSWORD_PASSES, PASSWORD_MEMORY,
               crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool crypto_password_verify(const char *password, const char *hash)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}
