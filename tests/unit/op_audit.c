/* What is remembered of writes: idempotency keys, and the chains of audit rows with what is
 * found in them. */
#include "support/tiny.h"
#include "support/unit.h"

#include "op/audit.h"
#include "op/idem.h"

#include <string.h>

static int64_t audits(Place *place)
{
    return tiny_number(place, "SELECT COUNT(*) FROM audit");
}

static const char *note(Place *place, const char *text)
{
    return arena_printf(place->arena, "{\"account\":\"D1\",\"text\":\"%s\"}", text);
}

/* ---- idempotency */

static void a_repeat_answers_the_same(void **state)
{
    Place *place = *state;
    Reply first = tiny_call(place, "tiny_note", note(place, "a"), "k1");
    assert_int_equal(first.status, 201);
    assert_false(first.is_repeat);
    int64_t before = audits(place);
    Reply again = tiny_call(place, "tiny_note", "{\"text\":\"a\",\"account\":\"D1\"}", "k1");
    assert_true(again.is_repeat);
    assert_int_equal(again.status, 201);
    assert_int_equal(again.version, first.version);
    assert_string_equal(again.body, first.body);
    assert_int_equal(audits(place), before);
    (void)tiny_call(place, "tiny_note", note(place, "b"), "k1");
    assert_int_equal(place->cx.err.code, ERR_IDEMPOTENCY_MISMATCH);
    (void)tiny_call(place, "tiny_note", "{\"account\":\"D1\",\"text\":\"a\",\"zzz\":1}", "k1");
    assert_int_equal(place->cx.err.code, ERR_FIELD_UNKNOWN);
}

static void a_refusal_uses_no_key(void **state)
{
    Place *place = *state;
    const char *refused = "{\"account\":\"D1\",\"text\":\"r\",\"kind\":\"refuse\"}";
    (void)tiny_call(place, "tiny_note", refused, "k2");
    assert_int_equal(place->cx.err.code, ERR_CREDIT_REFUSED);
    Reply reply = tiny_call(place, "tiny_note", note(place, "r"), "k2");
    assert_int_equal(reply.status, 201);
    assert_false(reply.is_repeat);
}

static void begin(Place *place)
{
    err_clear(&place->cx);
    assert_int_equal(db_begin(&place->cx), ERR_OK);
}

static void keys_hold_within_a_batch_and_go_with_it(void **state)
{
    Place *place = *state;
    Reply one;
    Reply two;
    begin(place);
    assert_true(tiny_batched(place, "tiny_note", note(place, "c"), "k3", &one));
    assert_true(tiny_batched(place, "tiny_note", note(place, "c"), "k3", &two));
    assert_true(two.is_repeat);
    assert_string_equal(one.body, two.body);
    Reply bad;
    assert_true(tiny_batched(place, "tiny_note", "{\"account\":\"D1\"}", "k4", &bad));
    assert_int_equal(bad.status, 422);
    db_rollback(&place->cx);
    run_batch_done(place->cx.db, false);
    begin(place);
    assert_true(tiny_batched(place, "tiny_note", note(place, "c"), "k3", &one));
    assert_false(one.is_repeat);
    err_clear(&place->cx);
    assert_int_equal(db_commit(&place->cx), ERR_OK);
    run_batch_done(place->cx.db, true);
    two = tiny_call(place, "tiny_note", note(place, "c"), "k3");
    assert_true(two.is_repeat);
}

static void reopen(Place *place)
{
    const DbOptions options = {.mode = DB_WRITE};
    db_close(place->cx.db);
    place->cx.db = NULL;
    err_clear(&place->cx);
    assert_int_equal(db_open(&place->cx, place->path, &options, &place->cx.db), ERR_OK);
}

static void merge(Place *place, int64_t rows_max)
{
    bool is_done = false;
    for (int i = 0; i < 100 && !is_done; i++) {
        begin(place);
        assert_int_equal(idem_merge(&place->cx, rows_max, &is_done), ERR_OK);
        assert_int_equal(db_commit(&place->cx), ERR_OK);
        run_batch_done(place->cx.db, true);
    }
    assert_true(is_done);
}

static void keys_outlive_the_program_and_the_day(void **state)
{
    Place *place = *state;
    begin(place);
    for (int i = 0; i < 1500; i++) {
        ArenaMark mark = arena_mark(place->arena);
        const char *key = arena_printf(place->arena, "many-%d", i);
        Reply reply;
        assert_true(tiny_batched(place, "tiny_note", note(place, key), key, &reply));
        assert_int_equal(reply.status, 201);
        arena_rewind(place->arena, mark);
    }
    assert_int_equal(db_commit(&place->cx), ERR_OK);
    run_batch_done(place->cx.db, true);
    reopen(place);
    assert_true(tiny_call(place, "tiny_note", note(place, "many-7"), "many-7").is_repeat);
    merge(place, 400);
    assert_int_equal(tiny_number(place, "SELECT COUNT(*) FROM idempotency"), 0);
    assert_true(tiny_number(place, "SELECT COUNT(*) FROM idempotency_lookup") >= 1500);
    for (int turn = 0; turn < 2; turn++) {
        assert_true(tiny_call(place, "tiny_note", note(place, "many-8"), "many-8").is_repeat);
        (void)tiny_call(place, "tiny_note", note(place, "other"), "many-9");
        assert_int_equal(place->cx.err.code, ERR_IDEMPOTENCY_MISMATCH);
        reopen(place);
    }
    assert_int_equal(tiny_call(place, "tiny_note", note(place, "late"), "late").status, 201);
    merge(place, 400);
    assert_true(tiny_call(place, "tiny_note", note(place, "late"), "late").is_repeat);
}

static void forgotten_entries_leave_the_others(void **state)
{
    Place *place = *state;
    reopen(place);
    for (int batch = 0; batch < 40; batch++) {
        bool is_kept = batch % 2 == 0;
        begin(place);
        for (int i = 0; i < 40; i++) {
            const char *key = arena_printf(place->arena, "%d-%d", batch, i);
            Reply reply;
            assert_true(tiny_batched(place, "tiny_note", note(place, key), key, &reply));
        }
        if (is_kept) {
            assert_int_equal(db_commit(&place->cx), ERR_OK);
        } else {
            db_rollback(&place->cx);
        }
        run_batch_done(place->cx.db, is_kept);
    }
    for (int batch = 0; batch < 40; batch++) {
        begin(place);
        for (int i = 0; i < 40; i++) {
            const char *key = arena_printf(place->arena, "%d-%d", batch, i);
            IdemHash hash = idem_key_hash(0, "tiny_note", key);
            IdemEntry entry;
            bool is_found = false;
            assert_int_equal(idem_find(&place->cx, &hash, &entry, &is_found), ERR_OK);
            CHECK_ROW(key, is_found == (batch % 2 == 0));
        }
        db_rollback(&place->cx);
    }
}

/* The engine may end a whole transaction with one failed statement: nothing of the batch holds
 * then. */
/* Fills the database in one batch, up to so many pages; true: that ended the batch. A statement
 * that the engine can undo by itself refuses its call alone. */
static bool batch_fill(Place *place, int64_t pages)
{
    (void)tiny_number(
        place, arena_printf(place->arena, "PRAGMA max_page_count = %lld", (long long)pages));
    int64_t before = audits(place);
    Reply reply = {0};
    begin(place);
    int done = 0;
    bool is_whole = true;
    for (; is_whole && reply.status != 503 && done < 1000; done++) {
        const char *key = arena_printf(place->arena, "full-%d", done);
        is_whole = tiny_batched(place, "tiny_note", note(place, key), key, &reply);
    }
    assert_in_range(done, 2, 999);
    assert_int_equal(reply.status, 503);
    if (is_whole) {
        assert_int_equal(audits(place), before + done - 1);
    }
    db_rollback(&place->cx);
    run_batch_done(place->cx.db, false);
    assert_int_equal(audits(place), before);
    return !is_whole;
}

static void a_full_disk_ends_the_batch(void **state)
{
    Place *place = *state;
    int64_t pages = tiny_number(place, "PRAGMA page_count");
    int ends = 0;
    for (int64_t room = 4; room < 20; room++) {
        ends += batch_fill(place, pages + room);
    }
    assert_in_range(ends, 1, 16);
    (void)tiny_number(place, "PRAGMA max_page_count = 1000000000");
    Reply reply = tiny_call(place, "tiny_note", note(place, "full-0"), "full-0");
    assert_int_equal(reply.status, 201);
    assert_false(reply.is_repeat);
}

/* ---- chains */

static void finding_keep(void *user, const char *line)
{
    (void)snprintf(user, 200, "%s", line);
}

static int64_t verify(Place *place, char finding[200])
{
    int64_t findings = -1;
    finding[0] = '\0';
    err_clear(&place->cx);
    assert_int_equal(audit_verify(&place->cx, finding_keep, finding, &findings), ERR_OK);
    return findings;
}

static void seal(Place *place)
{
    const char *hash = NULL;
    Run run = {0}; /* as if within an operation */
    begin(place);
    place->cx.run = &run;
    assert_int_equal(audit_seal(&place->cx, place->cx.today, &hash), ERR_OK);
    place->cx.run = NULL;
    assert_int_equal(db_commit(&place->cx), ERR_OK);
    assert_int_equal(strlen(hash), 64);
}

static int chains_setup(void **state)
{
    (void)tiny_setup(state);
    Place *place = *state;
    for (int i = 0; i < 4; i++) {
        (void)tiny_call(
            place, "tiny_note", note(place, arena_printf(place->arena, "n%d", i)), NULL);
        (void)tiny_call(place, "tiny_login", "{\"name\":\"x\"}", NULL);
        if (i % 2 == 1) {
            seal(place);
        }
    }
    Reply reply = tiny_call(
        place, "tiny_note", "{\"account\":\"D1\",\"text\":\"s\",\"kind\":\"slice\"}", NULL);
    assert_int_equal(reply.status, 201);
    return 0;
}

typedef struct TamperRow {
    const char *sql;
    const char *finding; /* the last line; NULL: any */
    int64_t findings;
} TamperRow;

static const TamperRow tamper_rows[] = {
    {"UPDATE audit SET reply = '{}' WHERE account_id = 22 AND seq = 2", "was altered", 1},
    {"UPDATE audit SET actor_name = 'x' WHERE account_id = 22 AND seq = 1",
        "(tiny_note) was altered", 1},
    {"UPDATE audit SET business_on = '2026-11-22' WHERE account_id = 0 AND seq = 3",
        "row 3 of the organisation", 1},
    {"UPDATE audit SET changes = '[]' WHERE account_id = 23", "was altered", 1},
    {"DELETE FROM audit WHERE account_id = 22 AND seq = 3", "from row 2 to row 4", 1},
    {"DELETE FROM audit WHERE account_id = 22 AND seq = 6", "ends at row 5, but row 6", 1},
    {"DELETE FROM audit WHERE account_id = 23", "All audit rows of account", 1},
    {"DELETE FROM audit WHERE account_id = 0", "not those that were sealed", 2},
    {"UPDATE position SET chain_head = x'00' WHERE account_id = 22", "was the last", 1},
    {"UPDATE seal SET document = '{}' WHERE id = (SELECT MIN(id) FROM seal)", "was altered", 1},
    {"UPDATE seal SET hash = x'00' WHERE id = (SELECT MIN(id) FROM seal)", NULL, 2},
    {"DELETE FROM seal WHERE id = (SELECT MIN(id) FROM seal)", "does not follow", 1},
};

static void what_was_tampered_with_shows(void **state)
{
    Place *place = *state;
    char finding[200];
    assert_int_equal(verify(place, finding), 0);
    assert_int_equal(tiny_number(place, "SELECT COUNT(*) FROM audit WHERE account_id = 22"), 6);
    assert_int_equal(tiny_number(place, "SELECT COUNT(*) FROM audit WHERE account_id = 23"), 1);
    for (size_t i = 0; i < COUNT(tamper_rows); i++) {
        const TamperRow *row = &tamper_rows[i];
        const Sql sql = {arena_printf(place->arena, "%s RETURNING 1", row->sql), "", "i"};
        Rows rows;
        begin(place);
        assert_int_equal(db_ask_once(&place->cx, &sql, NO_ARGS, &rows), ERR_OK);
        int64_t findings = verify(place, finding);
        CHECK_ROW(row->sql, findings == row->findings);
        CHECK_ROW(row->sql, row->finding == NULL || strstr(finding, row->finding) != NULL);
        db_rollback(&place->cx);
    }
    assert_int_equal(verify(place, finding), 0);
}

/* Somebody who can write hashes rewrites a chain from its middle; the seal shows it. */
static void a_rewritten_chain_shows_in_the_seal(void **state)
{
    Place *place = *state;
    char finding[200];
    begin(place);
    const Sql drop = {"DELETE FROM audit WHERE account_id = 22 AND seq > 3 RETURNING 1", "", "i"};
    const Sql end = {"UPDATE position SET chain_seq = 3, chain_head ="
                     " (SELECT hash FROM audit WHERE account_id = 22 AND seq = 3)"
                     " WHERE account_id = 22 RETURNING 1",
        "", "i"};
    Rows rows;
    assert_int_equal(db_ask_once(&place->cx, &drop, NO_ARGS, &rows), ERR_OK);
    assert_int_equal(db_ask_once(&place->cx, &end, NO_ARGS, &rows), ERR_OK);
    assert_int_equal(verify(place, finding), 1);
    assert_non_null(strstr(finding, "newest seal"));
    db_rollback(&place->cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_repeat_answers_the_same),
        cmocka_unit_test(a_refusal_uses_no_key),
        cmocka_unit_test(keys_hold_within_a_batch_and_go_with_it),
        cmocka_unit_test(keys_outlive_the_program_and_the_day),
        cmocka_unit_test(forgotten_entries_leave_the_others),
        cmocka_unit_test(a_full_disk_ends_the_batch),
    };
    const struct CMUnitTest chains[] = {
        cmocka_unit_test(what_was_tampered_with_shows),
        cmocka_unit_test(a_rewritten_chain_shows_in_the_seal),
    };
    int failed = cmocka_run_group_tests(tests, tiny_setup, place_teardown);
    return failed + cmocka_run_group_tests(chains, chains_setup, place_teardown);
}
