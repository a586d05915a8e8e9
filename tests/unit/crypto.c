/* Hashes, tokens and passwords. */
#include "support/unit.h"

#include "base/crypto.h"

#include <string.h>

static int start(void **state)
{
    (void)state;
    crypto_start();
    crypto_start(); /* again does no harm */
    return 0;
}

static Hash digest_of(const char *a, const char *b)
{
    Bytes parts[] = {{a, strlen(a)}, {b, strlen(b)}};
    return crypto_digest(parts, b[0] == '\0' ? 1 : 2);
}

/* The length before each part keeps ("ab","c") and ("a","bc") apart. */
static void parts_do_not_run_together(void **state)
{
    (void)state;
    Hash one = digest_of("ab", "c");
    Hash two = digest_of("a", "bc");
    Hash three = digest_of("abc", "");
    Hash again = digest_of("ab", "c");
    assert_true(crypto_equal(&one, &again, sizeof(one)));
    assert_false(crypto_equal(&one, &two, sizeof(one)));
    assert_false(crypto_equal(&one, &three, sizeof(one)));
    assert_false(crypto_equal(&two, &three, sizeof(one)));
}

/* Reckoned with another implementation: blake2b(digest_size=32) over the length and "abc". */
static void digests_are_blake2b(void **state)
{
    (void)state;
    Hash hash = digest_of("abc", "");
    char text[2 * HASH_SIZE + 1];
    crypto_hex(hash.bytes, sizeof(hash.bytes), text);
    assert_string_equal(text, "3bdc62cfd65e3b78e3d90e32e0a91ebfbc229c30abe54e6abd16c5d4def0db7b");
    Hash empty = crypto_digest(NULL, 0);
    crypto_hex(empty.bytes, sizeof(empty.bytes), text);
    assert_string_equal(text, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
}

static void tokens_are_random_text(void **state)
{
    (void)state;
    char one[TOKEN_TEXT_SIZE + 1];
    char two[TOKEN_TEXT_SIZE + 1];
    bool seen[256] = {false};
    for (int i = 0; i < 100; i++) {
        crypto_token(one);
        crypto_token(two);
        assert_int_equal(strlen(one), TOKEN_TEXT_SIZE);
        assert_string_not_equal(one, two);
        assert_int_equal(strspn(one, "0123456789abcdefghjkmnpqrstvwxyz"), TOKEN_TEXT_SIZE);
        for (const char *c = one; *c != '\0'; c++) {
            seen[(unsigned char)*c] = true;
        }
        /* 256 = 51 * 5 + 1 */
        assert_true(one[TOKEN_TEXT_SIZE - 1] == '0' || one[TOKEN_TEXT_SIZE - 1] == 'g');
    }
    int count = 0;
    for (size_t i = 0; i < COUNT(seen); i++) {
        count += seen[i] ? 1 : 0;
    }
    assert_int_equal(count, 32);
}

static void passwords_are_verified(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_SIZE];
    char other[PASSWORD_HASH_SIZE];
    assert_true(crypto_password_hash("correct horse battery", hash));
    assert_true(crypto_password_hash("correct horse battery", other));
    assert_string_not_equal(hash, other);
    assert_non_null(strstr(hash, "$argon2id$"));
    assert_non_null(strstr(hash, "m=19456,t=2,p=1"));
    assert_true(crypto_password_verify("correct horse battery", hash));
    assert_false(crypto_password_verify("correct horse batterz", hash));
    assert_false(crypto_password_verify("", hash));
    assert_false(crypto_password_verify("correct horse battery", "no hash"));
    assert_false(crypto_password_verify("correct horse battery", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_do_not_run_together),
        cmocka_unit_test(digests_are_blake2b),
        cmocka_unit_test(tokens_are_random_text),
        cmocka_unit_test(passwords_are_verified),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
