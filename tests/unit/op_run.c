/* The way of an operation: order of refusals, references, sight, idempotency, what stays and
 * what does not. */
#include "support/tiny.h"
#include "support/unit.h"

#include <string.h>

static void act_as(Place *place, const char *name)
{
    err_clear(&place->cx);
    assert_int_equal(actor_by_name(&place->cx, name, &place->cx.actor), ERR_OK);
}

static int64_t audits(Place *place)
{
    return tiny_number(place, "SELECT COUNT(*) FROM audit");
}

static bool says(const Reply *reply, const char *text)
{
    return strstr(reply->body, text) != NULL;
}

typedef struct OrderRow {
    const char *why;
    const char *as;
    const char *json;
    Err code;
} OrderRow;

static const OrderRow order_rows[] = {
    {"not found before forbidden", "li", "{\"account\":\"D9\",\"text\":\"x\"}", ERR_NOT_FOUND},
    {"not found before a refused field", "wang",
        "{\"account\":\"D1\",\"days\":-1,\"lines\":[{\"product\":\"Q\",\"quantity\":\"x\"}]}",
        ERR_NOT_FOUND},
    {"forbidden before state", "li", "{\"account\":\"D0\",\"text\":\"x\"}", ERR_FORBIDDEN},
    {"state before a refused field", "wang", "{\"account\":\"D0\",\"days\":-1}", ERR_STATE},
    {"a field before the body", "wang", "{\"account\":\"D1\",\"text\":\"x\",\"days\":-1}",
        ERR_FIELD_INVALID},
    {"a missing reference is a field", "wang", "{\"text\":\"x\",\"days\":-1}", ERR_FIELD_REQUIRED},
    {"ambiguous", "wang", "{\"account\":\"D1\",\"text\":\"x\",\"invoice\":\"R7\"}", ERR_AMBIGUOUS},
    {"an id of another kind", "wang", "{\"account\":\"P000000000000P\",\"text\":\"x\"}",
        ERR_NOT_FOUND},
    {"the body", "wang", "{\"account\":\"D1\",\"text\":\"x\",\"kind\":\"refuse\"}",
        ERR_CREDIT_REFUSED},
    {"too large", "wang", "{\"account\":\"D1\",\"text\":\"x\",\"kind\":\"big\"}", ERR_TOO_LARGE},
};

static void refusals_have_their_order(void **state)
{
    Place *place = *state;
    for (size_t i = 0; i < COUNT(order_rows); i++) {
        const OrderRow *row = &order_rows[i];
        act_as(place, row->as);
        int64_t before = audits(place);
        ArenaMark mark = arena_mark(place->arena);
        Reply reply = tiny_call(place, "tiny_note", row->json, NULL);
        CHECK_ROW(row->why, place->cx.err.code == row->code);
        CHECK_ROW(row->why, reply.status == err_http_status(row->code));
        arena_rewind(place->arena, mark);
        CHECK_ROW(row->why, audits(place) == before);
        CHECK_ROW(
            row->why, tiny_number(place, "SELECT COUNT(*) FROM series WHERE name = 'x'") == 0);
    }
    place->cx.actor = NULL;
    (void)tiny_call(place, "tiny_note", "{\"account\":\"D9\"}", NULL);
    assert_int_equal(place->cx.err.code, ERR_UNAUTHENTICATED);
}

static void problems_name_every_field(void **state)
{
    Place *place = *state;
    place->cx.actor = &actor_system;
    place->cx.request_id = "r1";
    Reply reply = tiny_call(place, "tiny_note",
        "{\"account\":\"D1\",\"lines\":[{\"product\":\"A\",\"quantity\":\"x\"}],\"a/b~\":1}", NULL);
    assert_int_equal(reply.status, 422);
    assert_true(says(&reply, "\"type\":\"urn:guanxi:refusal:ERR_FIELD_REQUIRED\""));
    assert_true(says(&reply, "\"field\":\"text\""));
    assert_true(says(&reply, "\"pointer\":\"/lines/0/quantity\""));
    assert_true(says(&reply, "\"pointer\":\"/a~1b~0\""));
    assert_true(says(&reply, "\"request_id\":\"r1\""));
    reply = tiny_call(place, "tiny_note",
        "{\"account\":\"D1\",\"text\":\"x\",\"best\":{\"product\":\"Q\",\"quantity\":\"1\"}}",
        NULL);
    assert_int_equal(reply.status, 404);
    assert_true(says(&reply, "\"field\":\"best.product\""));
}

static void what_is_done_stays(void **state)
{
    Place *place = *state;
    act_as(place, "wang");
    Reply reply = tiny_call(place, "tiny_note",
        "{\"account\":\"D1\",\"text\":\"done\",\"days\":4,\"invoice\":\"R1\",\"password\":\"pst\"}",
        NULL);
    assert_int_equal(reply.status, 201);
    assert_int_equal(reply.version, 3);
    assert_true(says(&reply, "\"account\":\"D1\",\"text\":\"done\",\"on\":\"2026-11-23\""));
    assert_int_equal(tiny_number(place, "SELECT next FROM series WHERE name = 'done'"), 4);
    assert_int_equal(
        tiny_number(place, "SELECT COUNT(*) FROM audit WHERE operation = 'tiny_note' "
                           "AND account_id = 22 AND actor_name = 'wang' AND status = 201 "
                           "AND input LIKE '%\"text\":\"done\"%' AND input NOT LIKE '%pst%'"),
        1);
    assert_int_equal(
        tiny_number(place, "SELECT COUNT(*) FROM audit_subject WHERE subject_id = 22"), 1);
    reply = tiny_call(place, "tiny_note",
        "{\"account\":\"A000000000000P\",\"text\":\"idle\","
        "\"kind\":\"pending\"}",
        NULL);
    assert_int_equal(reply.status, 202);
    assert_true(says(&reply, "\"account\":\"D1\""));
}

static void a_read_leaves_nothing(void **state)
{
    Place *place = *state;
    place->cx.actor = &actor_system;
    int64_t before = audits(place);
    Reply reply = tiny_call(place, "tiny_find", "{\"account\":\"D1\",\"text\":\"done\"}", "key");
    assert_int_equal(reply.status, 200);
    reply = tiny_call(place, "tiny_try", "{\"account\":\"D1\",\"text\":\"tried\"}", "key");
    assert_int_equal(reply.status, 200);
    assert_true(says(&reply, "tried"));
    assert_int_equal(tiny_number(place, "SELECT COUNT(*) FROM series WHERE name = 'tried'"), 0);
    assert_int_equal(audits(place), before);
    assert_int_equal(tiny_number(place, "SELECT COUNT(*) FROM idempotency"), 0);
}

typedef struct SightRow {
    const char *as;
    const char *account;
    int status;
} SightRow;

static const SightRow sight_rows[] = {
    {"zhao", "D2", 200},
    {"zhao", "D1", 404},
    {"zhao", "A000000000000P", 404},
    {"wang", "D1", 200},
    {"wang", "D2", 404},
    {"li", "D1", 200},
    {"li", "D2", 200},
};

/* wang has the territory of partner P1; zhao is partner P2; li sees all. */
static void sight_is_limited(void **state)
{
    Place *place = *state;
    tiny_sql(place, "INSERT INTO territory (id, code, name, version) VALUES (61, 'T1', 't', 1), "
                    "(62, 'T2', 't', 1)");
    tiny_sql(place, "UPDATE partner SET territory_id = id + 50");
    tiny_sql(place, "INSERT INTO user_territory (user_id, territory_id) VALUES (51, 61)");
    for (size_t i = 0; i < COUNT(sight_rows); i++) {
        const SightRow *row = &sight_rows[i];
        act_as(place, row->as);
        const char *json =
            arena_printf(place->arena, "{\"account\":\"%s\",\"text\":\"x\"}", row->account);
        Reply reply = tiny_call(place, "tiny_find", json, NULL);
        CHECK_ROW(json, reply.status == row->status);
    }
    /* Of two invoices of one number the partner sees its own. */
    act_as(place, "wang");
    Reply reply = tiny_call(
        place, "tiny_note", "{\"account\":\"D1\",\"text\":\"own\",\"invoice\":\"R7\"}", NULL);
    assert_int_equal(reply.status, 201);
    /* Of two in sight the one of the account that is named. */
    place->cx.actor = &actor_system;
    reply = tiny_call(
        place, "tiny_note", "{\"account\":\"D2\",\"text\":\"two\",\"invoice\":\"R9\"}", NULL);
    assert_int_equal(reply.status, 201);
    assert_int_equal(
        tiny_number(place, "SELECT COUNT(*) FROM audit WHERE account_id = 23 AND operation ="
                           " 'tiny_note' AND input LIKE '%,43]%'"),
        1);
    tiny_sql(place, "DELETE FROM user_territory");
}

static void business_dates_do_not_go_behind_the_last_close(void **state)
{
    Place *place = *state;
    place->cx.actor = &actor_system;
    Date today = place->cx.today;
    tiny_sql(place, "UPDATE org SET last_day_close = '2026-11-24'");
    (void)tiny_call(place, "tiny_note", "{\"account\":\"D1\",\"text\":\"late\"}", NULL);
    assert_int_equal(place->cx.err.code, ERR_PERIOD_CLOSED);
    (void)tiny_call(place, "tiny_note", "{\"account\":\"D1\",\"text\":\"late\",\"days\":-1}", NULL);
    assert_int_equal(place->cx.err.code, ERR_FIELD_INVALID);
    (void)tiny_call(place, "tiny_try", "{\"account\":\"D1\",\"text\":\"late\"}", NULL);
    assert_int_equal(place->cx.err.code, ERR_PERIOD_CLOSED);
    (void)tiny_call(place, "tiny_find", "{\"account\":\"D1\",\"text\":\"late\"}", NULL);
    assert_int_equal(place->cx.err.code, ERR_OK);
    place->cx.today = today + 1;
    (void)tiny_call(place, "tiny_note", "{\"account\":\"D1\",\"text\":\"late\"}", NULL);
    assert_int_equal(place->cx.err.code, ERR_OK);
    place->cx.today = today;
    tiny_sql(place, "UPDATE org SET last_day_close = NULL");
}

static void versions_are_checked(void **state)
{
    Place *place = *state;
    place->cx.actor = &actor_system;
    Call call = {.op = op_by_name("tiny_note"), .if_match = 6};
    json_t *members = json_pack("{s:s,s:s,s:s}", "account", "D1", "text", "v", "kind", "change");
    call.members = members;
    Reply reply;
    err_clear(&place->cx);
    run_call(&place->cx, &call, &reply);
    assert_int_equal(reply.status, 412);
    err_clear(&place->cx);
    call.if_match = 7;
    run_call(&place->cx, &call, &reply);
    assert_int_equal(reply.status, 201);
    json_decref(members);
    assert_int_equal(tiny_number(place, "SELECT COUNT(*) FROM audit WHERE changes = "
                                        "'[{\"id\":22,\"field\":\"text\",\"before\":null,"
                                        "\"after\":\"v\"}]'"),
        1);
}

static void slow_work_comes_before(void **state)
{
    Place *place = *state;
    place->cx.actor = NULL;
    Reply reply = tiny_call(place, "tiny_login", "{\"name\":\"wang\"}", NULL);
    assert_int_equal(reply.status, 201);
    assert_string_equal(reply.body, "{\"name\":\"prepared wang\"}");
    assert_string_equal(reply.session, "secret");
    assert_int_equal(reply.session_max_age_s, 60);
    assert_int_equal(tiny_number(place, "SELECT COUNT(*) FROM audit WHERE operation = 'tiny_login' "
                                        "AND reply = '{}' AND account_id = 0"),
        1);
    json_t *members = json_pack("{s:s}", "name", "wrong");
    Call call = {.op = op_by_name("tiny_login"), .members = members};
    err_clear(&place->cx);
    assert_false(run_prepare(&place->cx, &call, &reply));
    assert_int_equal(reply.status, 401);
    json_object_set_new(members, "name", json_string("li"));
    err_clear(&place->cx);
    assert_true(run_prepare(&place->cx, &call, &reply));
    assert_true(call.is_prepared);
    run_call(&place->cx, &call, &reply);
    assert_string_equal(reply.body, "{\"name\":\"prepared li\"}");
    json_decref(members);
}

static void callers_are_known_by_what_they_show(void **state)
{
    Place *place = *state;
    Ctx *cx = &place->cx;
    const Actor *actor = NULL;
    err_clear(cx);
    assert_int_equal(actor_by_token(cx, "token-zhao", &actor), ERR_OK);
    assert_string_equal(actor->name, "zhao");
    assert_int_equal(actor->role, ROLE_PARTNER);
    assert_int_equal(actor->partner_id, TINY_OTHER);
    assert_int_equal(actor_by_token(cx, "token-", &actor), ERR_UNAUTHENTICATED);
    err_clear(cx);
    tiny_sql(place,
        "INSERT INTO session (id, user_id, hash, created_at, idle_end_at, end_at) "
        "SELECT 71, 51, hash, 1, 2000000000000, 3000000000000 FROM token WHERE id = 51");
    assert_int_equal(actor_by_session(cx, "token-wang", &actor), ERR_OK);
    assert_int_equal(actor->session_id, 71);
    assert_false(actor->is_session_due);
    tiny_sql(place, "UPDATE session SET end_at = 1999999999999 WHERE id = 71");
    Instant before = cx->now_ms;
    cx->now_ms = INT64_C(1999999999998);
    assert_int_equal(actor_by_session(cx, "token-wang", &actor), ERR_OK);
    assert_true(actor->is_session_due);
    assert_int_equal(db_begin(cx), ERR_OK);
    assert_int_equal(session_touch(cx, actor->session_id), ERR_OK);
    assert_int_equal(db_commit(cx), ERR_OK);
    assert_int_equal(tiny_number(place, "SELECT idle_end_at FROM session"),
        INT64_C(1999999999998) + SESSION_IDLE_MS);
    cx->now_ms = INT64_C(1999999999999); /* its end in any case, used or not */
    assert_int_equal(actor_by_session(cx, "token-wang", &actor), ERR_UNAUTHENTICATED);
    err_clear(cx);
    cx->now_ms = before;
    tiny_sql(place, "UPDATE session SET idle_end_at = 2000000000000, end_at = 3000000000000");
    Instant now = cx->now_ms;
    cx->now_ms = INT64_C(2000000000000);
    assert_int_equal(actor_by_session(cx, "token-wang", &actor), ERR_UNAUTHENTICATED);
    cx->now_ms = now;
    err_clear(cx);
    tiny_sql(place, "UPDATE app_user SET is_active = 0 WHERE name = 'wang'");
    assert_int_equal(actor_by_session(cx, "token-wang", &actor), ERR_UNAUTHENTICATED);
    err_clear(cx);
    assert_int_equal(actor_by_token(cx, "token-wang", &actor), ERR_UNAUTHENTICATED);
    err_clear(cx);
    assert_int_equal(actor_by_name(cx, "wang", &actor), ERR_UNAUTHENTICATED);
    assert_false(role_may(ROLE_PARTNER, PERM_READ));
    assert_true(role_may(ROLE_PARTNER, PERM_READ_OWN));
    assert_true(role_may(ROLE_SYSTEM, PERM_SYSTEM));
    assert_false(role_may(ROLE_ADMIN, PERM_SYSTEM));
    assert_false(role_may(ROLE_NONE, PERM_PUBLIC));
}

static void locks_need_a_sound_family(void **state)
{
    Place *place = *state;
    place->cx.actor = &actor_system;
    tiny_sql(place, "UPDATE account SET parent_id = 22 WHERE id = 21");
    (void)tiny_call(place, "tiny_note", "{\"account\":\"D1\",\"text\":\"ring\"}", NULL);
    assert_int_equal(place->cx.err.code, ERR_DB_DAMAGED);
    tiny_sql(place, "UPDATE account SET parent_id = NULL WHERE id = 21");
    assert_int_equal(
        tiny_call(place, "tiny_note", "{\"account\":\"D1\",\"text\":\"ring\"}", NULL).status, 201);
}

/* What run_decode, run_input and run_encode do is seen through an operation of its own. */
static void inputs_can_be_stored_and_read_again(void **state)
{
    Place *place = *state;
    Ctx *cx = &place->cx;
    err_clear(cx);
    TinyIn in = {0};
    assert_int_equal(
        run_decode(cx, tiny_in,
            "{\"account\":\"A000000000000P\",\"text\":\"x\",\"products\":[\"B\"]}", &in),
        ERR_OK);
    assert_int_equal(in.account.account_id, TINY_ACCOUNT);
    assert_int_equal(in.account.partner_id, TINY_PARTNER);
    assert_string_equal(in.account.text, "D1");
    assert_int_equal(LIST_AT(in.products, Ref, 0)->id, 32);
    assert_int_equal(
        run_decode(cx, tiny_in, "{\"account\":\"D9\",\"text\":\"x\"}", &in), ERR_NOT_FOUND);
    err_clear(cx);
    Ref ref = {.text = "R9"};
    cx->actor = &actor_system;
    assert_int_equal(run_resolve(cx, "invoice", "order", &ref), ERR_AMBIGUOUS);
    assert_string_equal(cx->err.field, "order");
    err_clear(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals_have_their_order),
        cmocka_unit_test(problems_name_every_field),
        cmocka_unit_test(what_is_done_stays),
        cmocka_unit_test(a_read_leaves_nothing),
        cmocka_unit_test(sight_is_limited),
        cmocka_unit_test(business_dates_do_not_go_behind_the_last_close),
        cmocka_unit_test(versions_are_checked),
        cmocka_unit_test(slow_work_comes_before),
        cmocka_unit_test(locks_need_a_sound_family),
        cmocka_unit_test(inputs_can_be_stored_and_read_again),
        cmocka_unit_test(callers_are_known_by_what_they_show),
    };
    return cmocka_run_group_tests(tests, tiny_setup, place_teardown);
}
