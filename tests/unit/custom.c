/* Custom fields by random histories: whatever is given comes back as it was, lists sorted by a
 * field show every record once, in order, page by page, and filters find what the values say. */
#include "support/unit.h"

#include "support/world.h"

#include <inttypes.h>
#include <string.h>

enum { PARTNERS = 12, KINDS = 7, POOL_MAX = 6, STEPS = 40, HISTORIES = 12 };

/* Values of a kind as JSON, in their order; a filter takes the same text. */
typedef struct Kind {
    const char *name;
    const char *pool[POOL_MAX];
} Kind;

static const Kind kinds[KINDS] = {
    {"text", {"\"B\"", "\"a\"", "\"null\"", "\"z z\"", "\"\xc3\xa4\"", NULL}},
    {"decimal", {"\"-1.5\"", "\"0.25\"", "\"2\"", "\"10\"", NULL}},
    {"integer", {"-3", "0", "7", "12", NULL}},
    {"date", {"\"1999-12-31\"", "\"2020-02-29\"", "\"2024-01-01\"", NULL}},
    {"yes_no", {"false", "true", NULL}},
    {"choice", {"\"a\"", "\"b b\"", "\"c\"", NULL}},
    {"money", {"\"-7.50\"", "\"0.00\"", "\"9.99\"", "\"12000.00\"", NULL}},
};

/* What each partner has of each kind: 0 nothing, else one more than its place in the pool. */
typedef struct Model {
    int of[PARTNERS][KINDS];
} Model;

static int setup(void **state)
{
    static World world;
    world_open(&world, "CNY", "2025-06-02");
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    return 0;
}

static const json_t *must(World *world, const char *operation, const char *text)
{
    json_t *members = json_loads(text, 0, NULL);
    assert_non_null(members);
    return world_must(world, NULL, operation, members);
}

#define TEXT(...) arena_printf(world->place.arena, __VA_ARGS__)

static int random_value(World *world, const Kind *kind)
{
    uint32_t count = 0;
    while (kind->pool[count] != NULL) {
        count++;
    }
    return (int)world_below(world, count + 1);
}

static void fields_define(World *world)
{
    for (size_t k = 0; k < KINDS; k++) {
        bool is_choice = strcmp(kinds[k].name, "choice") == 0;
        bool is_money = strcmp(kinds[k].name, "money") == 0;
        (void)must(world, "custom_field_create",
            TEXT("{\"record\":\"partner\",\"code\":\"f%zu\",\"label_en\":\"F\",\"kind\":\"%s\"%s}",
                k, kinds[k].name,
                is_choice  ? ",\"options\":[{\"code\":\"a\"},{\"code\":\"b b\"},{\"code\":\"c\"}]"
                : is_money ? ",\"currency\":\"USD\""
                           : ""));
    }
}

/* Some of the values of a partner are given anew. */
static const char *values_give(World *world, Model *model, size_t partner)
{
    Buf text = buf_in(world->place.arena);
    for (size_t k = 0; k < KINDS; k++) {
        if (world_chance(world, 50)) {
            int value = random_value(world, &kinds[k]);
            model->of[partner][k] = value;
            buf_printf(&text, "%s\"f%zu\":%s", text.length == 0 ? "" : ",", k,
                value == 0 ? "null" : kinds[k].pool[value - 1]);
        }
    }
    return buf_text(&text);
}

static void values_check(const Model *model, size_t partner, const json_t *answer)
{
    const json_t *fields = json_object_get(answer, "fields");
    assert_int_equal(json_object_size(fields), KINDS);
    for (size_t k = 0; k < KINDS; k++) {
        char name[8];
        (void)snprintf(name, sizeof name, "f%zu", k);
        int value = model->of[partner][k];
        json_t *wanted =
            value == 0 ? json_null() : json_loads(kinds[k].pool[value - 1], JSON_DECODE_ANY, NULL);
        assert_true(json_equal(json_object_get(fields, name), wanted));
        json_decref(wanted);
    }
}

static void history_run(World *world, Model *model)
{
    fields_define(world);
    for (size_t i = 0; i < PARTNERS; i++) {
        const char *fields = values_give(world, model, i);
        values_check(model, i,
            must(world, "partner_create",
                TEXT("{\"code\":\"P%02zu\",\"name\":\"P\",\"roles\":[\"supplier\"],"
                     "\"fields\":{%s}}",
                    i, fields)));
    }
    for (int step = 0; step < STEPS; step++) {
        size_t i = world_below(world, PARTNERS);
        const char *fields = values_give(world, model, i);
        values_check(model, i,
            must(world, "partner_change",
                TEXT("{\"partner\":\"P%02zu\",\"fields\":{%s}}", i, fields)));
    }
}

/* ---- lists ---- */

static size_t partner_of(const json_t *item)
{
    int64_t number = -1;
    bool is_read = integer_parse(world_text(item, "code") + 1, &number);
    assert_true(is_read && number >= 0);
    return (size_t)number;
}

/* Whether `a` stands before `b`; what has no value stands last either way. */
static bool is_before(const Model *model, size_t k, bool descends, size_t a, size_t b)
{
    int x = model->of[a][k];
    int y = model->of[b][k];
    if (x == y) {
        return descends ? a > b : a < b;
    }
    if (x == 0 || y == 0) {
        return y == 0;
    }
    return descends ? x > y : x < y;
}

static void order_check(World *world, const Model *model, size_t k, bool descends)
{
    bool seen[PARTNERS] = {false};
    size_t count = 0;
    size_t last = 0;
    const char *cursor = NULL;
    do {
        const char *behind = cursor == NULL ? "" : TEXT(",\"cursor\":\"%s\"", cursor);
        const json_t *page = must(world, "partner_list",
            TEXT("{\"sort\":\"%sfields.f%zu\",\"limit\":%" PRIu32 "%s}", descends ? "-" : "", k,
                world_below(world, 5) + 1, behind));
        const json_t *items = json_object_get(page, "items");
        for (size_t i = 0; i < json_array_size(items); i++) {
            size_t at = partner_of(json_array_get(items, i));
            assert_true(at < PARTNERS && !seen[at]);
            assert_true(count == 0 || is_before(model, k, descends, last, at));
            seen[at] = true;
            last = at;
            count++;
            values_check(model, at, json_array_get(items, i));
        }
        const char *next = json_string_value(json_object_get(page, "next"));
        cursor = next == NULL ? NULL : TEXT("%s", next);
    } while (cursor != NULL);
    assert_int_equal(count, PARTNERS);
}

static size_t found(World *world, const char *filter)
{
    json_t *members = json_pack("{s:s,s:i}", "filter", filter, "limit", 500);
    const json_t *page = world_must(world, NULL, "partner_list", members);
    return json_array_size(json_object_get(page, "items"));
}

static void filters_check(World *world, const Model *model, size_t k)
{
    size_t having[POOL_MAX + 1] = {0};
    for (size_t i = 0; i < PARTNERS; i++) {
        having[model->of[i][k]]++;
    }
    assert_int_equal(found(world, TEXT("fields.f%zu eq null", k)), having[0]);
    assert_int_equal(found(world, TEXT("fields.f%zu ne null", k)), PARTNERS - having[0]);
    bool is_ordered = strcmp(kinds[k].name, "yes_no") != 0 && strcmp(kinds[k].name, "choice") != 0;
    size_t up_to = 0;
    for (size_t v = 1; kinds[k].pool[v - 1] != NULL; v++) {
        const char *value = kinds[k].pool[v - 1];
        up_to += having[v];
        assert_int_equal(found(world, TEXT("fields.f%zu eq %s", k, value)), having[v]);
        assert_int_equal(found(world, TEXT("fields.f%zu ne %s", k, value)), PARTNERS - having[v]);
        if (is_ordered) {
            size_t above = PARTNERS - having[0] - up_to;
            assert_int_equal(found(world, TEXT("fields.f%zu le %s", k, value)), up_to);
            assert_int_equal(found(world, TEXT("fields.f%zu gt %s", k, value)), above);
        }
    }
}

static void values_come_back(void **state)
{
    World *world = *state;
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        Model model = {0};
        world_begin(world, seed);
        history_run(world, &model);
        for (size_t k = 0; k < KINDS; k++) {
            order_check(world, &model, k, false);
            order_check(world, &model, k, true);
            filters_check(world, &model, k);
        }
        assert_int_equal(world_doctor(world), 0);
        world_end(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_come_back)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
