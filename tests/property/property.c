/* Random histories of trade. After each operation the position is what an independent, naive
 * set of books works out from the documents; after each history doctor finds nothing,
 * rebuilding changes nothing, every decision comes out the same when it is judged again, what is
 * shown on a later day is what the close of that day finds, reports fit each other and the books,
 * and nothing on the way was a failure of the program.
 *
 * * PROPERTY_COUNT histories from PROPERTY_SEED on; WORLD_TELL=1 prints every call of them. */
#include "support/unit.h"

#include "support/reports.h"
#include "support/trade.h"

#include <string.h>

enum { STEPS_MIN = 10, STEPS_MORE = 31, SHOWN_PERCENT = 20, FOLLOWED_PERCENT = 30 };

static uint64_t first_seed;
static uint64_t histories;
static Trade trade;
static int64_t decisions;
static int64_t orders_held;

static int setup(void **state)
{
    (void)state;
    first_seed = world_setting("PROPERTY_SEED", 1);
    histories = world_setting("PROPERTY_COUNT", 20000);
    trade_open(&trade);
    trade.world.is_told = world_setting("WORLD_TELL", 0) != 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&trade.world);
    return 0;
}

/* ---- what must hold ---- */

static const char *step_fault(void)
{
    trade_step(&trade);
    if (trade.operation == NULL) {
        return NULL;
    }
    if (trade.fault != NULL) {
        return trade.fault;
    }
    books_follow(&trade.books);
    return books_difference(&trade.books);
}

static const char *replay_fault(void)
{
    static const Sql sql = {"SELECT id FROM decision ORDER BY id", "", "k"};
    Rows rows = world_ask(&trade.world, &sql, NO_ARGS);
    Id ids[512];
    size_t count = 0;
    while (db_next(&rows)) {
        assert_true(count < COUNT(ids));
        ids[count++] = db_id(&rows, 0);
    }
    for (size_t i = 0; i < count; i++) {
        char id[ID_TEXT_SIZE];
        id_format('D', ids[i], id);
        const json_t *answer =
            world_do(&trade.world, NULL, "decision_replay", json_pack("{s:s}", "decision", id));
        decisions++;
        if (!json_is_true(json_object_get(answer, "same"))) {
            return "a decision comes out differently when it is replayed";
        }
    }
    return NULL;
}

static const char *stored_fault(void)
{
    World *world = &trade.world;
    if (world_doctor(world) > 0) {
        return "doctor finds something";
    }
    const char *before = world_dump(world);
    world_rebuild(world);
    const char *after = world_dump(world);
    if (strcmp(before, after) != 0) {
        printf("# rebuilt: %s\n", world_difference(world, before, after));
        return "rebuilding changes something";
    }
    return NULL;
}

/* ---- what is shown is what whoever acts next finds ---- */

static const json_t *orders_shown(void)
{
    const json_t *answer =
        world_must(&trade.world, NULL, "order_list", json_pack("{s:i}", "limit", 500));
    return json_object_get(answer, "items");
}

static const char *account_fault(Id account)
{
    char id[ID_TEXT_SIZE];
    id_format('A', account, id);
    const json_t *shown =
        world_do(&trade.world, NULL, "exposure_get", json_pack("{s:s}", "account", id));
    if (trade.world.status != 200) {
        return NULL; /* no rate is known that it takes */
    }
    const json_t *product = json_object_get(
        world_must(&trade.world, NULL, "product_list", json_pack("{s:i}", "limit", 1)), "items");
    const json_t *judged = world_do(&trade.world, NULL, "order_preview",
        json_pack("{s:s,s:[{s:O,s:i}]}", "account", id, "lines", "product",
            json_object_get(json_array_get(product, 0), "code"), "quantity", 1));
    if (trade.world.status != 200) {
        return NULL;
    }
    const char *before = world_text(json_object_get(judged, "decision"), "exposure_before");
    return strcmp(world_text(shown, "exposure"), before) == 0
               ? NULL
               : "the exposure shown is not the one that an order is judged by";
}

/* Orders that stand on a release, or did: others may be held by a horizon that the day moves. */
static const char *orders_fault(const json_t *shown, const json_t *found)
{
    static const char *const members[] = {"status", "ordered", "held_on"};
    for (size_t i = 0; i < json_array_size(shown); i++) {
        const json_t *order = json_array_get(shown, i);
        const json_t *after = json_array_get(found, i);
        bool has_release = !json_is_null(json_object_get(order, "release"));
        for (size_t m = 0; has_release && m < COUNT(members); m++) {
            if (!json_equal(
                    json_object_get(order, members[m]), json_object_get(after, members[m]))) {
                return "an order is shown otherwise than the close of the day finds it";
            }
        }
        orders_held += has_release && !json_is_null(json_object_get(order, "held_on")) ? 1 : 0;
    }
    return NULL;
}

/* Amounts in their smallest unit, as lists sort them, and tenths of a percent. */
static int64_t sorted_by(const json_t *value)
{
    if (json_is_number(value)) {
        return (int64_t)(json_number_value(value) * 10 + 0.5);
    }
    const char *text = json_string_value(value);
    int64_t number = 0;
    for (const char *at = text; *at != '\0'; at++) {
        number = *at >= '0' && *at <= '9' ? number * 10 + (*at - '0') : number;
    }
    return text[0] == '-' ? -number : number;
}

static bool is_behind(const json_t *last, const json_t *value, bool is_descending)
{
    if (json_is_null(last) || json_is_null(value)) {
        return json_is_null(value);
    }
    return is_descending ? sorted_by(value) <= sorted_by(last)
                         : sorted_by(value) >= sorted_by(last);
}

/* Sorted by a figure a list reckons it of all accounts at once, and of those that it shows each by
 * itself. Pages of two, so that it is compared with what a cursor holds as well. */
static const char *sorted_fault(const char *field, bool is_descending)
{
    const json_t *last = NULL;
    const json_t *cursor = NULL;
    size_t count = 0;
    do {
        json_t *asked = json_pack(
            "{s:o,s:i}", "sort", json_sprintf("%s%s", is_descending ? "-" : "", field), "limit", 2);
        if (cursor != NULL) {
            (void)json_object_set(asked, "cursor", (json_t *)(uintptr_t)cursor);
        }
        const json_t *page = world_must(&trade.world, NULL, "account_list", asked);
        const json_t *items = json_object_get(page, "items");
        for (size_t i = 0; i < json_array_size(items); i++) {
            const json_t *value = json_object_get(json_array_get(items, i), field);
            if (last != NULL && !is_behind(last, value, is_descending)) {
                return "accounts are not sorted by the figure that is shown";
            }
            last = value;
            count++;
        }
        cursor = json_object_get(page, "next");
    } while (!json_is_null(cursor));
    return count == trade.account_count ? NULL : "a sorted list has not all accounts, each once";
}

static const char *shown_fault(void)
{
    world_days(&trade.world, (int)world_below(&trade.world, 40));
    static const char *const fields[] = {"exposure", "limit_use"};
    for (size_t i = 0; i < 2 * COUNT(fields); i++) {
        const char *fault = sorted_fault(fields[i / 2], i % 2 == 1);
        if (fault != NULL) {
            return fault;
        }
    }
    for (size_t i = 0; i < trade.account_count; i++) {
        const char *fault = account_fault(trade.accounts[i]);
        if (fault != NULL) {
            return fault;
        }
    }
    const json_t *shown = orders_shown();
    char today[DATE_TEXT_SIZE];
    (void)world_do(&trade.world, NULL, "day_close",
        json_pack("{s:s}", "on", world_date(&trade.world, trade.world.place.cx.today, today)));
    return trade.world.status == 200 ? orders_fault(shown, orders_shown()) : NULL;
}

static const char *history_fault(uint64_t seed)
{
    world_begin(&trade.world, seed);
    trade_begin(&trade);
    uint32_t steps = STEPS_MIN + world_below(&trade.world, STEPS_MORE);
    const char *fault = NULL;
    Portfolio *kept = reports_begin(&trade.world);
    for (uint32_t i = 0; i < steps && fault == NULL; i++) {
        fault = step_fault();
        if (world_chance(&trade.world, FOLLOWED_PERCENT)) {
            reports_follow(&trade.world, kept);
        }
    }
    fault = fault != NULL ? fault : replay_fault();
    fault = fault != NULL ? fault : reports_fault(&trade.world, kept);
    reports_end(kept);
    fault = fault != NULL ? fault : stored_fault();
    /* It costs as much as the rest. */
    bool is_looked_at = world_chance(&trade.world, SHOWN_PERCENT);
    fault = fault != NULL || !is_looked_at ? fault : shown_fault();
    return fault;
}

/* What is stored, for whoever looks into a fault. */
static void stored_tell(void)
{
    const char *at = trade.world.is_told ? world_dump(&trade.world) : "";
    for (size_t length = 0; *at != '\0'; at += length + 1) {
        length = strcspn(at, "\n");
        if (strncmp(at, "audit", 5) != 0 && strncmp(at, "decision", 8) != 0) {
            printf("# %.*s\n", (int)length, at);
        }
    }
}

static void position_is_what_documents_say(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < histories; i++) {
        const char *fault = history_fault(first_seed + i);
        if (fault != NULL) {
            stored_tell();
            fail_msg("%s, after %s; again with PROPERTY_SEED=%llu PROPERTY_COUNT=1 WORLD_TELL=1",
                fault, trade.operation == NULL ? "nothing" : trade.operation,
                (unsigned long long)(first_seed + i));
        }
        world_end(&trade.world);
    }
    printf("# %llu histories from PROPERTY_SEED=%llu, %lld decisions replayed, %lld orders held\n",
        (unsigned long long)histories, (unsigned long long)first_seed, (long long)decisions,
        (long long)orders_held);
    for (size_t i = 0; i < trade.count_count; i++) {
        const TradeCount *count = &trade.counts[i];
        printf("# %-24s %8lld done %8lld refused\n", count->name, (long long)count->done,
            (long long)count->refused);
        /* A search in which an operation is never done proves nothing about it. */
        assert_true(histories < 10000 || count->done > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(position_is_what_documents_say),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
