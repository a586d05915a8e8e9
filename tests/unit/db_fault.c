/* A disk that fails at the n-th call: what was answered holds, what was refused left nothing, and
 * no half of a file is left. */
#include "support/unit.h"

#include "support/database.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const Migration steps[] = {
    {1, "0001_things", "CREATE TABLE thing (id {key}, name {text} NOT NULL, data {bytes});\n"},
};
static const History history = {.first = steps, .count = 1};
static const DbOptions writing = {.mode = DB_WRITE};

static const Sql thing_add = {
    "INSERT INTO thing (id, name, data) VALUES ($1, 'x', zeroblob(20000))", "k", NULL};
static const Sql thing_count = {
    "SELECT count(*), CAST(coalesce(sum(id), 0) AS BIGINT) FROM thing", "", "ii"};

enum { WRITES = 4 };

/* What the caller was told of each write. */
typedef struct Told {
    bool is_made;  /* the file */
    bool is_sound; /* the last checkpoint was made */
    bool is_stored[WRITES];
    bool is_unknown[WRITES]; /* ERR_READ_ONLY at the commit */
} Told;

static void write_all(Ctx *cx, Told *told)
{
    for (int i = 0; i < WRITES; i++) {
        Err err = db_begin(cx);
        if (err == ERR_OK) {
            err = db_savepoint(cx);
        }
        if (err == ERR_OK) {
            err = db_put(cx, &thing_add, ARGS(arg_id(1 << i)));
        }
        bool stands = true;
        if (err != ERR_OK && cx->db->in_savepoint) {
            stands = db_rollback_to(cx);
        } else if (err == ERR_OK) {
            err = db_release(cx);
        }
        if (err == ERR_OK && stands) {
            err = db_commit(cx);
            told->is_unknown[i] = err == ERR_READ_ONLY;
            told->is_stored[i] = err == ERR_OK;
        } else {
            db_rollback(cx);
        }
        err_clear(cx);
        told->is_sound = db_checkpoint(cx->db, i == WRITES / 2);
    }
}

static void scenario(Place *place, Told *told)
{
    *told = (Told){0};
    Ctx *cx = &place->cx;
    if (place_found(place, &history) != ERR_OK) {
        err_clear(cx);
        return;
    }
    told->is_made = true;
    write_all(cx, told);
    db_close(cx->db);
    cx->db = NULL;
}

/* Without faults again. */
static void check(Place *place, const Told *told, const char *rule)
{
    Ctx *cx = &place->cx;
    if (place_open(place, &history, writing) != ERR_OK) {
        bool is_missing = cx->err.code == ERR_DB_MISSING;
        CHECK_ROW(rule, is_missing);
        CHECK_ROW(rule, !told->is_made);
        err_clear(cx);
        return;
    }
    Rows rows;
    int64_t findings = 0;
    CHECK_ROW(rule, db_verify(cx, NULL, NULL, &findings) == ERR_OK && findings == 0);
    CHECK_ROW(rule, db_ask(cx, &thing_count, NO_ARGS, &rows) == ERR_OK);
    CHECK_ROW(rule, db_next(&rows));
    int64_t sum = db_i64(&rows, 1);
    for (int i = 0; i < WRITES; i++) {
        bool is_there = (sum >> i & 1) != 0;
        CHECK_ROW(rule, is_there == told->is_stored[i] || told->is_unknown[i]);
    }
    db_close(cx->db);
    cx->db = NULL;
}

typedef struct Counts {
    int unmade;
    int refused;
    int unknown;
    int whole;
} Counts;

static void count(const Told *told, Counts *seen)
{
    bool is_whole = true;
    seen->unmade += told->is_made ? 0 : 1;
    for (int i = 0; i < WRITES; i++) {
        seen->unknown += told->is_unknown[i] ? 1 : 0;
        seen->refused += told->is_made && !told->is_stored[i] && !told->is_unknown[i] ? 1 : 0;
        is_whole = is_whole && told->is_stored[i];
    }
    seen->whole += is_whole ? 1 : 0;
}

typedef struct Sweep {
    const char *op;
    const char *kind;
    int most;
} Sweep;

static const Sweep sweeps[] = {
    {"write", "full", 150},
    {"write", "full+", 150},
    {"write", "io", 150},
    {"write", "short", 150},
    {"write", "io+", 150},
    {"sync", "io", 20},
    {"sync", "io+", 20},
    {"truncate", "io", 3},
    {"read", "io", 20},
    {"read", "io+", 20},
};

static void rule_set(const Sweep *sweep, int n, char rule[64])
{
    (void)snprintf(rule, 64, "%s:%d:%s", sweep->op, n, sweep->kind);
    assert_int_equal(setenv("GUANXI_FAULT", rule, 1), 0);
}

static void what_was_told_is_true(void **state)
{
    (void)state;
    Counts seen = {0};
    for (size_t s = 0; s < COUNT(sweeps); s++) {
        for (int n = 1; n <= sweeps[s].most; n++) {
            Place place;
            Told told;
            char rule[64];
            place_make(&place);
            rule_set(&sweeps[s], n, rule);
            scenario(&place, &told);
            count(&told, &seen);
            assert_int_equal(unsetenv("GUANXI_FAULT"), 0);
            if (!told.is_made) {
                CHECK_ROW(rule, strstr(place_names(&place), "making") == NULL);
            }
            check(&place, &told, rule);
            place_drop(&place);
        }
    }
    /* else the faults fell where nothing happened */
    assert_true(seen.unmade > 0);
    assert_true(seen.refused > 0);
    assert_true(seen.unknown > 0);
    assert_true(seen.whole > 0);
}

/* The child tells over a pipe what it was told. */
static void told_by_child(Place *place, Told *told)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        Ctx *cx = &place->cx;
        if (place_found(place, &history) == ERR_OK) {
            char made = 'm';
            ssize_t written = write(ends[1], &made, 1);
            for (int i = 0; i < WRITES && written == 1; i++) {
                if (db_begin(cx) == ERR_OK &&
                    db_put(cx, &thing_add, ARGS(arg_id(1 << i))) == ERR_OK &&
                    db_commit(cx) == ERR_OK) {
                    char digit = (char)('0' + i);
                    written = write(ends[1], &digit, 1);
                }
                written = db_checkpoint(cx->db, i == WRITES / 2) ? written : 0;
            }
            db_close(cx->db);
        }
        _exit(0);
    }
    (void)close(ends[1]);
    *told = (Told){0};
    for (int i = 0; i < WRITES; i++) {
        told->is_unknown[i] = true; /* of what was under way nobody was told */
    }
    char said;
    while (read(ends[0], &said, 1) == 1) {
        if (said == 'm') {
            told->is_made = true;
        } else {
            told->is_stored[said - '0'] = true;
            told->is_unknown[said - '0'] = false;
        }
    }
    (void)close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 137);
}

static void what_was_told_outlives_the_process(void **state)
{
    (void)state;
    static const Sweep deaths[] = {
        {"write", "kill", 150}, {"write", "torn", 150}, {"sync", "kill", 20}};
    for (size_t s = 0; s < COUNT(deaths); s++) {
        for (int n = 1; n <= deaths[s].most; n++) {
            Place place;
            Told told;
            char rule[64];
            place_make(&place);
            rule_set(&deaths[s], n, rule);
            told_by_child(&place, &told);
            assert_int_equal(unsetenv("GUANXI_FAULT"), 0);
            check(&place, &told, rule);
            place_drop(&place);
        }
    }
}

static void a_failed_sync_at_commit_ends_writing(void **state)
{
    (void)state;
    Place place;
    place_make(&place);
    Ctx *cx = &place.cx;
    assert_int_equal(place_found(&place, &history), ERR_OK);
    db_close(cx->db);
    assert_int_equal(setenv("GUANXI_FAULT", "sync:1:io+#commit", 1), 0);
    assert_int_equal(place_open(&place, &history, writing), ERR_OK);
    assert_int_equal(db_begin(cx), ERR_OK);
    assert_int_equal(db_put(cx, &thing_add, ARGS(arg_id(1))), ERR_OK);
    assert_int_equal(db_commit(cx), ERR_READ_ONLY);
    err_clear(cx);
    assert_int_equal(db_begin(cx), ERR_READ_ONLY);
    err_clear(cx);
    assert_false(db_checkpoint(cx->db, true));
    Rows rows;
    assert_int_equal(db_ask(cx, &thing_count, NO_ARGS, &rows), ERR_OK);
    assert_int_equal(unsetenv("GUANXI_FAULT"), 0);
    place_drop(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_told_is_true),
        cmocka_unit_test(what_was_told_outlives_the_process),
        cmocka_unit_test(a_failed_sync_at_commit_ends_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
