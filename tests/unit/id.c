/* Ids: their order and their text. */
#include "support/unit.h"

#include "base/id.h"

#include <string.h>

#define EPOCH_MS INT64_C(1577836800000)

static void ids_rise_whatever_the_clock_does(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        Instant now_ms;
    } rows[] = {
        {"start", EPOCH_MS + 1000},
        {"same millisecond", EPOCH_MS + 1000},
        {"later", EPOCH_MS + 2000},
        {"a second back", EPOCH_MS + 1000},
        {"back to 1970", 0},
        {"before 1970", -1},
        {"later again", EPOCH_MS + 3000},
    };
    IdSource source = {.node = 7};
    Id last = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int n = 0; n < 10000; n++) { /* more than a millisecond's counter */
            Id id = id_next(&source, rows[i].now_ms);
            CHECK_ROW(rows[i].row, id > last);
            CHECK_ROW(rows[i].row, (id >> 12 & 1023) == 7);
            last = id;
        }
    }
    assert_int_equal(last >> 22, 3002); /* 4096 a millisecond: the third of them */
}

static void ids_rise_above_what_is_stored(void **state)
{
    (void)state;
    IdSource other = {.node = 1023};
    Id stored = id_next(&other, EPOCH_MS + 5000);
    IdSource source = {.node = 0, .last = stored};
    Id id = id_next(&source, EPOCH_MS + 4000);
    assert_true(id > stored);
    assert_int_equal(id >> 12 & 1023, 0);
    assert_true(id_next(&source, EPOCH_MS + 4000) == id + 1);
    IdSource fresh = {.node = 0};
    assert_true(id_next(&fresh, 0) > 0);
}

static void a_block_is_begun(void **state)
{
    (void)state;
    IdSource source = {.node = 5};
    Id first = id_next(&source, EPOCH_MS + 1000);
    assert_true(id_block(first) == first);
    assert_true(id_block(first + ID_BLOCK - 1) == first);
    id_block_end(&source);
    Id second = id_next(&source, EPOCH_MS + 1000);
    assert_true(second == first + ID_BLOCK);
    for (int i = 0; i < 2 * ID_PER_MS / ID_BLOCK; i++) { /* beyond what a millisecond has */
        id_block_end(&source);
        Id next = id_next(&source, EPOCH_MS + 1000);
        assert_true(next > second);
        assert_true(id_block(next) == next);
        assert_int_equal(next >> 12 & 1023, 5);
        second = next;
    }
}

static void ids_follow_those_of_others_and_stay_in_their_block(void **state)
{
    (void)state;
    IdSource source = {.node = 5};
    Id first = id_next(&source, EPOCH_MS + 1000);
    id_raise(&source, first + ID_BLOCK - 1); /* the end of our own block */
    assert_true(id_next(&source, EPOCH_MS + 1000) == first + 1);
    id_raise(&source, first); /* below */
    assert_true(id_next(&source, EPOCH_MS + 1000) == first + 2);
    Id other = first + 100 * ID_PER_MS;
    id_raise(&source, other);
    assert_true(id_next(&source, EPOCH_MS + 1000) > other);
    IdSource fresh = {.node = 5};
    id_raise(&fresh, first);
    assert_true(id_next(&fresh, EPOCH_MS) > first);
}

static void ids_have_a_text(void **state)
{
    (void)state;
    static const struct {
        char letter;
        Id id;
        const char *text;
    } rows[] = {
        {'A', 1, "A0000000000001"},
        {'Z', INT64_MAX, "Z7ZZZZZZZZZZZZ"},
        {'O', 32, "O0000000000010"},
        {'P', INT64_C(0x0123456789abcdef), "P028T5CY4TQKFF"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[ID_TEXT_SIZE];
        id_format(rows[i].letter, rows[i].id, text);
        assert_string_equal(text, rows[i].text);
        char letter = '?';
        Id id = 0;
        assert_true(id_parse(text, &letter, &id));
        assert_int_equal(letter, rows[i].letter);
        assert_true(id == rows[i].id);
    }
}

static void ids_are_parsed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool has_shape;
        char letter; /* 0: refused */
        Id id;
    } rows[] = {
        {"a0000000000001", true, 'A', 1},
        {"A000000000000l", true, 'A', 1},
        {"A000000000000I", true, 'A', 1},
        {"Aooooooooooooi", true, 'A', 1},
        {"a7zzzzzzzzzzzz", true, 'A', INT64_MAX},
        {"A0000000000000", true, 0, 0}, /* none */
        {"A8000000000000", true, 0, 0}, /* 64 bits */
        {"AZZZZZZZZZZZZZ", true, 0, 0},
        {"A000000000000U", false, 0, 0}, /* no digit of Crockford's */
        {"A000000000001", false, 0, 0},
        {"A00000000000011", false, 0, 0},
        {"10000000000001", false, 0, 0},
        {"6901234567892", false, 0, 0}, /* an EAN is a code */
        {"A00000-0000001", false, 0, 0},
        {"A 000000000001", false, 0, 0},
        {"", false, 0, 0},
        {"A", false, 0, 0},
        {"\xe5\x85\xb3\xe7\xb3\xbb\xe5\x85\xb3\xe7\xb3\xbb\xe5\x85", false, 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char letter = 0;
        Id id = 0;
        CHECK_ROW(rows[i].text, id_looks_like(rows[i].text) == rows[i].has_shape);
        CHECK_ROW(rows[i].text, id_parse(rows[i].text, &letter, &id) == (rows[i].letter != 0));
        CHECK_ROW(rows[i].text, letter == rows[i].letter);
        CHECK_ROW(rows[i].text, id == rows[i].id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_rise_whatever_the_clock_does),
        cmocka_unit_test(ids_rise_above_what_is_stored),
        cmocka_unit_test(a_block_is_begun),
        cmocka_unit_test(ids_follow_those_of_others_and_stay_in_their_block),
        cmocka_unit_test(ids_have_a_text),
        cmocka_unit_test(ids_are_parsed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
