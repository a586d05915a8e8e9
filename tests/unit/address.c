/* Addresses of requests: percent-encoding, query members, routes; and how sign-in attempts are
 * slowed. */
#include "support/unit.h"

#include "base/crypto.h"
#include "base/json.h"
#include "edge/route.h"
#include "edge/target.h"
#include "edge/throttle.h"
#include "support/tiny.h"

static Place place;

static int setup(void **state)
{
    (void)state;
    tiny_open(&place);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    place_drop(&place);
    return 0;
}

/* ---- percent-encoding ---- */

typedef struct DecodeRow {
    const char *text;
    bool is_query;
    const char *expected; /* NULL: refused */
} DecodeRow;

static const DecodeRow decode_rows[] = {
    {"", false, ""},
    {"D01", false, "D01"},
    {"a%20b", false, "a b"},
    {"a+b", false, "a+b"},
    {"a+b", true, "a b"},
    {"%2B", true, "+"},
    {"%e5%85%B3", false, "关"},
    {"%25zz", false, "%zz"},
    {"%", false, NULL},
    {"%4", false, NULL},
    {"%4g", false, NULL},
    {"%00", false, NULL},
    {"%ff", false, NULL},
    {"%c0%af", false, NULL},
    {"\xff", false, NULL},
};

static void decodes_strictly(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(decode_rows); i++) {
        const DecodeRow *row = &decode_rows[i];
        const char *text = NULL;
        Err refusal = target_decode(&place.cx, "x", row->text, row->is_query, &text);
        CHECK_ROW(row->text, (refusal == ERR_OK) == (row->expected != NULL));
        CHECK_ROW(row->text, refusal == ERR_OK || refusal == ERR_MALFORMED);
        CHECK_ROW(row->text, refusal != ERR_OK || strcmp(text, row->expected) == 0);
        err_clear(&place.cx);
    }
}

typedef struct QueryRow {
    const char *query;
    const char *expected; /* NULL: refused */
} QueryRow;

static const QueryRow query_rows[] = {
    {"", "{}"},
    {"&&", "{}"},
    {"a=1", "{\"a\":\"1\"}"},
    {"a=1&b=2", "{\"a\":\"1\",\"b\":\"2\"}"},
    {"a", "{\"a\":\"\"}"},
    {"a=", "{\"a\":\"\"}"},
    {"a=b=c", "{\"a\":\"b=c\"}"},
    {"a=1&a=1", NULL},
    {"a=1&%61=2", NULL},
    {"a=%", NULL},
    {"%ff=1", NULL},
};

static void reads_a_query(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(query_rows); i++) {
        const QueryRow *row = &query_rows[i];
        json_t *members = json_object();
        Err refusal = target_query(&place.cx, row->query, members);
        CHECK_ROW(row->query, refusal == (row->expected == NULL ? ERR_MALFORMED : ERR_OK));
        const char *text = json_text(place.arena, members);
        CHECK_ROW(row->query, refusal != ERR_OK || strcmp(text, row->expected) == 0);
        json_decref(members);
        err_clear(&place.cx);
    }
}

/* ---- routes ---- */

typedef struct RouteRow {
    const char *path;
    Method method;
    const char *op; /* NULL: none */
    unsigned methods;
    const char *member; /* of the path, or NULL */
} RouteRow;

enum { GETS = 1u << METHOD_GET, POSTS = 1u << METHOD_POST };

static const RouteRow route_rows[] = {
    {"/accounts/D1/notes", METHOD_POST, "tiny_note", GETS | POSTS, "D1"},
    {"/accounts/D1/notes", METHOD_GET, "tiny_find", GETS | POSTS, "D1"},
    {"/accounts/D%201/notes/", METHOD_GET, "tiny_find", GETS | POSTS, "D%201"},
    {"/accounts/D1/notes", METHOD_PUT, NULL, GETS | POSTS, NULL},
    {"/accounts/D1", METHOD_GET, NULL, 0, NULL},
    {"/accounts/D1/notes/more", METHOD_GET, NULL, 0, NULL},
    {"/logins", METHOD_POST, "tiny_login", POSTS, NULL},
    {"/", METHOD_GET, NULL, 0, NULL},
    {"/a/b/c/d/e/f/g/h/i/j", METHOD_GET, NULL, 0, NULL},
};

static void finds_the_operation_of_a_path(void **state)
{
    (void)state;
    const Route *root = route_start(place.arena);
    for (size_t i = 0; i < COUNT(route_rows); i++) {
        const RouteRow *row = &route_rows[i];
        RouteMatch match = route_find(root, place.arena, row->path, row->method);
        CHECK_ROW(row->path, (match.op == NULL) == (row->op == NULL));
        CHECK_ROW(row->path, match.op == NULL || strcmp(match.op->name, row->op) == 0);
        CHECK_ROW(row->path, match.methods == row->methods);
        CHECK_ROW(row->path, match.count == (row->member == NULL ? 0 : 1));
        CHECK_ROW(row->path, row->member == NULL || strcmp(match.texts[0], row->member) == 0);
        CHECK_ROW(row->path, row->member == NULL || strcmp(match.names[0], "account") == 0);
    }
}

/* ---- sign-in attempts ---- */

static int64_t attempt(Throttle *throttle, const char *key, int64_t after_ms)
{
    int64_t wait_s = 0;
    place.cx.now_ms += after_ms;
    Err refusal = throttle_attempt(&place.cx, throttle, key, 3, &wait_s);
    assert_int_equal(refusal, wait_s == 0 ? ERR_OK : ERR_THROTTLED);
    err_clear(&place.cx);
    return wait_s;
}

static void attempts_wait_twice_as_long_each_time(void **state)
{
    (void)state;
    Throttle *throttle = throttle_start(place.arena);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(attempt(throttle, "ann", 0), 0);
    }
    assert_int_equal(attempt(throttle, "ann", 0), 1);
    assert_int_equal(attempt(throttle, "bob", 0), 0); /* another one does not wait */
    for (int64_t wait_s = 1; wait_s < 64; wait_s *= 2) {
        assert_int_equal(attempt(throttle, "ann", wait_s * 1000 - 1), 1);
        assert_int_equal(attempt(throttle, "ann", 1), 0);
        assert_int_equal(attempt(throttle, "ann", 0), wait_s * 2);
    }
    assert_int_equal(attempt(throttle, "ann", 64000), 0);
    assert_int_equal(attempt(throttle, "ann", 0), 64); /* and no longer than that */
    throttle_clear(throttle, "ann");
    assert_int_equal(attempt(throttle, "ann", 0), 0);
    throttle_stop(throttle);
}

static void attempts_of_long_ago_are_forgotten(void **state)
{
    (void)state;
    Throttle *throttle = throttle_start(place.arena);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(attempt(throttle, "ann", 0), 0);
    }
    assert_int_equal(attempt(throttle, "ann", INT64_C(15) * 60 * 1000 + 1), 0);
    assert_int_equal(attempt(throttle, "ann", 0), 0);
    throttle_stop(throttle);
}

/* Who knows one password may not guess at others without end from the same address. */
static void a_success_takes_back_its_own_attempt_alone(void **state)
{
    (void)state;
    Throttle *throttle = throttle_start(place.arena);
    assert_int_equal(attempt(throttle, "address", 0), 0);
    assert_int_equal(attempt(throttle, "address", 0), 0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(attempt(throttle, "address", 2000), 0);
        throttle_take_back(throttle, "address");
    }
    assert_int_equal(attempt(throttle, "address", 2000), 0);
    assert_int_equal(attempt(throttle, "address", 0), 1);
    throttle_take_back(throttle, "nobody");
    throttle_clear(throttle, "nobody");
    assert_int_equal(attempt(throttle, "address", 0), 1);
    throttle_stop(throttle);
}

static void a_clock_set_back_makes_nobody_wait_for_hours(void **state)
{
    (void)state;
    Throttle *throttle = throttle_start(place.arena);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(attempt(throttle, "ann", 0), 0);
    }
    assert_int_equal(attempt(throttle, "ann", 0), 1);
    assert_int_equal(attempt(throttle, "ann", INT64_C(-2) * 60 * 60 * 1000), 0);
    throttle_stop(throttle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_strictly),
        cmocka_unit_test(reads_a_query),
        cmocka_unit_test(finds_the_operation_of_a_path),
        cmocka_unit_test(attempts_wait_twice_as_long_each_time),
        cmocka_unit_test(attempts_of_long_ago_are_forgotten),
        cmocka_unit_test(a_success_takes_back_its_own_attempt_alone),
        cmocka_unit_test(a_clock_set_back_makes_nobody_wait_for_hours),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
