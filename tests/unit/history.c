/* What is asked about an account, and what an order asks, costs as much after eighty rounds of
 * trade as after eight: the steps that SQLite takes are counted, statement by statement. */
#include "support/unit.h"

#include "support/world.h"

#include <dlfcn.h>
#include <sqlite3.h>
#include <string.h>

enum { FEW = 8, MANY = 80, ROOM_PERCENT = 10 };

/* ---- counting: the program's calls of sqlite3_reset come here */

static int64_t steps;
static int64_t steps_most;
static char text_most[512];

int sqlite3_reset(sqlite3_stmt *statement)
{
    static int (*reset)(sqlite3_stmt *);
    if (reset == NULL) {
        *(void **)&reset = dlsym(RTLD_NEXT, "sqlite3_reset");
    }
    if (statement != NULL) {
        int taken = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
        steps += taken;
        if (taken > steps_most) {
            steps_most = taken;
            (void)snprintf(text_most, sizeof text_most, "%s", sqlite3_sql(statement));
        }
    }
    return reset(statement);
}

/* ---- trade */

static void account_make(World *world, const char *code)
{
    (void)world_must(world, NULL, "partner_create",
        json_pack("{s:s, s:s, s:[s]}", "code", code, "name", code, "roles", "distributor"));
    (void)world_must(world, NULL, "account_create",
        json_pack("{s:s, s:s, s:s, s:i, s:s}", "code", code, "partner", code, "currency", "CNY",
            "terms_days", 30, "limit", "unlimited"));
}

static void round_do(World *world, const char *code)
{
    const json_t *order = world_must(world, NULL, "order_place",
        json_pack(
            "{s:s, s:[{s:s, s:i}]}", "account", code, "lines", "product", "P", "quantity", 2));
    const char *id = world_text(order, "id");
    (void)world_must(world, NULL, "shipment_post", json_pack("{s:s}", "order", id));
    (void)world_must(world, NULL, "invoice_post",
        json_pack("{s:s, s:s, s:s, s:s}", "account", code, "amount", "20.00", "order", id,
            "invoiced_on", "2025-06-02"));
    (void)world_must(world, NULL, "payment_post",
        json_pack(
            "{s:s, s:s, s:s}", "account", code, "amount", "20.00", "received_on", "2025-06-02"));
}

static int setup(void **state)
{
    static World world;
    world_open(&world, "CNY", "2025-06-02");
    world_begin_kept(&world, 1);
    (void)world_must(&world, NULL, "product_create",
        json_pack("{s:s, s:s, s:s}", "code", "P", "name", "P", "unit_price", "10.00"));
    account_make(&world, "FEW");
    account_make(&world, "MANY");
    for (int i = 0; i < MANY; i++) {
        if (i < FEW) {
            round_do(&world, "FEW");
        }
        round_do(&world, "MANY");
    }
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_end_kept(*state);
    world_close(*state);
    return 0;
}

/* ---- what is asked */

typedef struct Asked {
    const char *operation;
    const char *by;   /* the members that take the code */
    const char *rest; /* the others, JSON */
} Asked;

#define LINE "\"lines\":[{\"product\":\"P\",\"quantity\":1}]"

static const Asked asked[] = {
    {"account_get", "account", "{}"},
    {"account_list", "partner", "{}"},
    {"exposure_get", "account", "{}"},
    {"partner_stream", "partner", "{\"limit\":5}"},
    {"partner_stream", "partner account", "{\"limit\":5}"},
    {"order_list", "account", "{\"sort\":\"-id\",\"limit\":5}"},
    {"shipment_list", "account", "{\"sort\":\"-id\",\"limit\":5}"},
    {"invoice_list", "account", "{\"sort\":\"-id\",\"limit\":5}"},
    {"invoice_list", "account", "{\"status\":\"open\",\"sort\":\"due_on\",\"limit\":5}"},
    {"decision_list", "account", "{\"sort\":\"-id\",\"limit\":5}"},
    {"order_preview", "account", "{" LINE "}"},
    {"order_place", "account", "{" LINE "}"},
};

static int64_t steps_of(World *world, const Asked *what, const char *code)
{
    for (int i = 0; i < 2; i++) { /* the first time prepares */
        json_t *members = json_loads(what->rest, 0, NULL);
        if (strstr(what->by, "account") != NULL) {
            (void)json_object_set_new(members, "account", json_string(code));
        }
        if (strstr(what->by, "partner") != NULL) {
            (void)json_object_set_new(members, "partner", json_string(code));
        }
        steps = 0;
        steps_most = 0;
        (void)world_must(world, NULL, what->operation, members);
    }
    return steps;
}

static void no_history_is_read(void **state)
{
    World *world = *state;
    for (size_t i = 0; i < COUNT(asked); i++) {
        int64_t few = steps_of(world, &asked[i], "FEW");
        int64_t many = steps_of(world, &asked[i], "MANY");
        if (many > few + few * ROOM_PERCENT / 100) {
            fail_msg("%s %s: %lld steps with a short history, %lld with a long one; most in: %s",
                asked[i].operation, asked[i].rest, (long long)few, (long long)many, text_most);
        }
    }
}

/* A list of all rows takes more, so the counting counts. */
static void steps_are_counted(void **state)
{
    World *world = *state;
    static const Asked all = {"entry_list", "account", "{\"limit\":500}"};
    if (getenv("GUANXI_TEST_PG") != NULL) {
        skip();
    }
    assert_true(steps_of(world, &all, "MANY") > 5 * steps_of(world, &all, "FEW"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_counted),
        cmocka_unit_test(no_history_is_read),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
