/* Limits by date: what is in force, what a change does, which rows are well made. */
#include "support/unit.h"

#include "rules/limit.h"
#include "support/rules.h"

#include <string.h>

/* Limits as words: "kind amount from until [step=DATE:AMOUNT]", several with ";"; "-": no end. */
typedef struct Limits {
    LimitRow rows[8];
    LimitStep steps[8][4];
    size_t count;
} Limits;

static Currency cny(void)
{
    return currency_from_text("CNY");
}

static void limit_parse(Limits *limits, char *text)
{
    char *rest = NULL;
    LimitRow *row = &limits->rows[limits->count];
    LimitStep *steps = limits->steps[limits->count];
    *row = (LimitRow){.kind = index_of_name(limit_row_kind_names, strtok_r(text, " ", &rest))};
    row->value = limit_from_text(strtok_r(NULL, " ", &rest), cny());
    row->from = day(strtok_r(NULL, " ", &rest));
    const char *until = strtok_r(NULL, " ", &rest);
    row->until = strcmp(until, "-") == 0 ? DATE_NONE : day(until);
    for (char *step = strtok_r(NULL, " ", &rest); step != NULL; step = strtok_r(NULL, " ", &rest)) {
        char date[DATE_TEXT_SIZE] = {0};
        memcpy(date, step + strlen("step="), DATE_TEXT_SIZE - 1);
        LimitStep *at = &steps[row->steps.count++];
        at->from = day(date);
        at->amount = money_to_decimal(money_from_text(strrchr(step, ':') + 1, cny()));
    }
    row->steps.items = steps;
    limits->count++;
}

static Limits *limits_from_text(Arena *arena, const char *text)
{
    Limits *limits = arena_alloc(arena, sizeof(Limits));
    char *copy = arena_str(arena, text);
    char *rest = NULL;
    for (char *one = strtok_r(copy, ";", &rest); one != NULL; one = strtok_r(NULL, ";", &rest)) {
        limit_parse(limits, one);
    }
    return limits;
}

/* ---- in force */

#define YEAR "base 1000 2025-01-01 2025-12-31"
#define SEASON "seasonal 1500 2025-06-01 2025-08-31"

static const struct {
    const char *limits;
    const char *on;
    const char *total;
    const char *why;
} in_force[] = {
    {"", "2025-06-01", "none", "nobody has set one"},
    {YEAR, "2024-12-31", "none", "the day before it begins"},
    {YEAR, "2025-01-01", "1000.00", "its first day"},
    {YEAR, "2025-12-31", "1000.00", "its last day is included"},
    {YEAR, "2026-01-01", "none", "a base limit past its end is not set"},
    {"base 1000 2025-01-01 -", "2199-12-31", "1000.00", "no end"},
    {"base 0 2025-01-01 -", "2025-06-01", "0.00", "failure-modes #22: zero is not \"not set\""},
    {"base unlimited 2025-01-01 -", "2025-06-01", "unlimited", "by decision"},
    {"base 1000 2025-01-01 -;base none 2025-03-01 -", "2025-03-01", "none", "taken away"},
    {"base 1000 2025-01-01 -;base 800 2025-03-01 -", "2025-02-28", "1000.00", "before the new one"},
    {"base 1000 2025-01-01 -;base 800 2025-03-01 -", "2025-03-01", "800.00", "the new one"},
    {"base 800 2025-03-01 -;base 1000 2025-01-01 -", "2025-03-01", "800.00", "later from wins"},
    {"base 800 2025-03-01 -;base 900 2025-03-01 -", "2025-03-01", "900.00",
        "the one set last wins"},
    {"base 1000 2025-01-01 -;base 800 2025-03-01 2025-03-31", "2025-04-01", "none",
        "the older one does not return"},
    {YEAR ";" SEASON, "2025-05-31", "1000.00", "before the season"},
    {YEAR ";" SEASON, "2025-06-01", "1500.00", "the season replaces, from its first day"},
    {YEAR ";" SEASON, "2025-08-31", "1500.00", "to its last"},
    {YEAR ";" SEASON, "2025-09-01", "1000.00", "and falls back by itself"},
    {YEAR ";seasonal 500 2025-06-01 2025-08-31", "2025-06-01", "500.00",
        "a lower one replaces too"},
    {YEAR ";" SEASON " step=2025-08-01:1200 step=2025-08-15:1100", "2025-07-31", "1500.00",
        "before the first step"},
    {YEAR ";" SEASON " step=2025-08-01:1200 step=2025-08-15:1100", "2025-08-01", "1200.00",
        "a step on its day"},
    {YEAR ";" SEASON " step=2025-08-01:1200 step=2025-08-15:1100", "2025-08-31", "1100.00",
        "the last step"},
    {SEASON, "2025-07-01", "1500.00", "a season without a base"},
    {SEASON, "2025-09-01", "none", "and after it nothing"},
    {YEAR ";insured 300 2025-01-01 -", "2025-06-01", "1300.00", "insured on top"},
    {YEAR ";insured 300 2025-01-01 -;guaranteed 200 2025-01-01 -", "2025-06-01", "1500.00",
        "both on top"},
    {YEAR ";" SEASON ";insured 300 2025-01-01 -", "2025-06-01", "1800.00", "on top of the season"},
    {YEAR ";insured 300 2025-01-01 2025-05-31", "2025-06-01", "1000.00", "insurance has ended"},
    {YEAR ";insured 300 2025-01-01 -;insured 0 2025-06-01 -", "2025-06-01", "1000.00", "given up"},
    {"insured 300 2025-01-01 -", "2025-06-01", "300.00", "insured alone"},
    {"base none 2025-01-01 -;insured 300 2025-01-01 -", "2025-06-01", "300.00",
        "not set + insured"},
    {"base unlimited 2025-01-01 -;insured 300 2025-01-01 -", "2025-06-01", "unlimited",
        "swallowed"},
    {"base unlimited 2025-01-01 -;" SEASON, "2025-06-01", "1500.00", "a season bounds for a time"},
};

static void in_force_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(in_force); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Limits *limits = limits_from_text(arena, in_force[i].limits);
        LimitValue total = limit_in_force(limits->rows, limits->count, day(in_force[i].on), cny());
        if (strcmp(limit_text(arena, total), in_force[i].total) != 0) {
            fail_msg("row %zu (%s): %s", i, in_force[i].why, limit_text(arena, total));
        }
    }
}

/* ---- what a change does; today is 2025-06-15 */

static const struct {
    const char *before;
    const char *added;
    const char *highest; /* "-": not higher on any date */
    const char *on;
    const char *why;
} changes[] = {
    {"", "base 0 2025-06-15 -", "0.00", "2025-06-15", "any number is above not set"},
    {"", "base 100 2025-06-15 -", "100.00", "2025-06-15", "a first limit"},
    {"base 100 2025-01-01 -", "base 100 2025-06-15 -", "-", "", "the same"},
    {"base 100 2025-01-01 -", "base 99.99 2025-06-15 -", "-", "", "lower"},
    {"base 100 2025-01-01 -", "base 100.01 2025-06-15 -", "100.01", "2025-06-15", "a cent higher"},
    {"base 100 2025-01-01 -", "base none 2025-06-15 -", "-", "", "taken away"},
    {"base 100 2025-01-01 -", "base unlimited 2025-06-15 -", "unlimited", "2025-06-15",
        "unlimited is above any number"},
    {"base unlimited 2025-01-01 -", "base 9000000000000 2025-06-15 -", "-", "", "bounded at last"},
    {"base 100 2025-01-01 2025-06-30", "base 100 2025-06-15 2025-07-31", "100.00", "2025-07-01",
        "longer is higher on the days after"},
    {"base 100 2025-01-01 2025-07-31", "base 90 2025-06-15 2025-08-31", "90.00", "2025-08-01",
        "lower now, but longer: still asks"},
    {"base 100 2025-01-01 2025-07-31", "base 90 2025-06-15 2025-07-31", "-", "", "tighter"},
    {"base 100 2025-01-01 -", "seasonal 150 2025-08-01 2025-08-31", "150.00", "2025-08-01",
        "higher later"},
    {"base 100 2025-01-01 -", "seasonal 80 2025-08-01 2025-08-31", "-", "", "a lower season"},
    {"base 100 2025-01-01 -", "seasonal 150 2025-08-01 2025-08-31 step=2025-08-10:90", "150.00",
        "2025-08-01", "the steps do not lower what it began with"},
    {"base 100 2025-01-01 -;seasonal 500 2025-08-01 2025-08-31", "base 120 2025-06-15 -", "120.00",
        "2025-06-15", "the ladder looks at the days that get higher"},
    {"base 100 2025-01-01 -;insured 300 2025-01-01 -", "base 120 2025-06-15 -", "420.00",
        "2025-06-15", "the highest total that results, insured included"},
    {"base 100 2025-01-01 -;seasonal 500 2025-08-01 2025-08-31", "insured 50 2025-06-15 -",
        "550.00", "2025-06-15", "the highest of all days that get higher"},
    {"base 100 2025-01-01 -", "base 200 2025-01-01 -", "200.00", "2025-06-15",
        "dated back: looked at from today on"},
    {"base 100 2025-01-01 -", "insured 50 2025-06-15 -", "150.00", "2025-06-15", "insured on top"},
    {"insured 50 2025-01-01 -", "insured 40 2025-06-15 -", "-", "", "less insured"},
    {"base 100 2025-01-01 2025-06-14", "base 50 2025-06-15 -", "50.00", "2025-06-15",
        "the old one has ended: from not set"},
    {"base 100 2025-01-01 -", "base 900 2025-01-01 2025-06-14", "-", "",
        "higher only on days that are past, and nothing after"},
    {"base 100 2025-01-01 -;base 50 2025-07-01 -", "base 80 2025-07-01 -", "80.00", "2025-07-01",
        "a tightening that was agreed is loosened"},
};

/* What is no more set is what stands above. */
static void changes_of_a_child(void **state)
{
    (void)state;
    static const struct {
        const char *rows;
        const char *above;
        const char *highest;
        const char *on;
        const char *later_on; /* what stands above changes on this day */
        const char *later;
    } children[] = {
        {"base 100 2025-01-01 -;base none 2025-06-15 -", "none", "-", "", NULL, NULL},
        {"base 100 2025-01-01 -;base none 2025-06-15 -", "100", "-", "", NULL, NULL},
        {"base 100 2025-01-01 -;base none 2025-06-15 -", "101", "101.00", "2025-06-15", NULL, NULL},
        {"base 100 2025-01-01 -;base none 2025-07-01 -", "unlimited", "unlimited", "2025-07-01",
            NULL, NULL},
        {"base 100 2025-01-01 -;base 90 2025-06-15 2025-06-30", "500", "500.00", "2025-07-01", NULL,
            NULL},
        {"base unlimited 2025-01-01 -;base none 2025-06-15 -", "500", "-", "", NULL, NULL},
        {"base none 2025-01-01 -;base none 2025-06-15 -", "500", "-", "", NULL, NULL},
        {"base none 2025-01-01 -;base 1 2025-06-15 -", "500", "1.00", "2025-06-15", NULL, NULL},
        {"base 100 2025-01-01 -;base none 2025-06-15 -", "none", "40000.00", "2025-09-01",
            "2025-09-01", "40000"},
        {"base 100 2025-01-01 -;base none 2025-06-15 -", "90", "unlimited", "2025-09-01",
            "2025-09-01", "unlimited"},
        {"base 100 2025-01-01 -;base none 2025-06-15 -", "500", "500.00", "2025-06-15",
            "2025-09-01", "90"},
        {"base 100 2025-01-01 -;base none 2025-06-15 -", "90", "-", "", "2025-09-01", "100"},
        {"base 100 2025-01-01 -;base 90 2025-06-15 -", "90", "-", "", "2025-09-01", "500"},
    };
    for (size_t i = 0; i < COUNT(children); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Limits *all = limits_from_text(arena, children[i].rows);
        LimitFrom above[2] = {
            {day("2025-01-01"), limit_from_text(children[i].above, cny())},
        };
        size_t count = 1;
        if (children[i].later_on != NULL) {
            above[count++] =
                (LimitFrom){day(children[i].later_on), limit_from_text(children[i].later, cny())};
        }
        LimitChange change = limit_compare(
            arena, all->rows, all->count, day("2025-06-15"), cny(), (List){above, count});
        const char *highest = change.is_higher ? limit_text(arena, change.highest) : "-";
        if (strcmp(highest, children[i].highest) != 0 ||
            (change.is_higher && change.higher_on != day(children[i].on))) {
            fail_msg("row %zu: %s", i, highest);
        }
    }
}

static void changes_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(changes); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        const char *both = arena_printf(arena, "%s;%s", changes[i].before, changes[i].added);
        Limits *after = limits_from_text(arena, both);
        LimitChange change =
            limit_compare(arena, after->rows, after->count, day("2025-06-15"), cny(), (List){0});
        const char *highest = change.is_higher ? limit_text(arena, change.highest) : "-";
        bool is_right = strcmp(highest, changes[i].highest) == 0 &&
                        (!change.is_higher || change.higher_on == day(changes[i].on));
        if (!is_right) {
            fail_msg("row %zu (%s): %s", i, changes[i].why, highest);
        }
    }
}

/* ---- well made */

static const struct {
    const char *rows;
    const char *row;
    const char *field; /* "": well made */
    const char *why;
} made[] = {
    {"", "base 100 2025-06-15 -", "", "a base limit"},
    {"", "base 100 2025-06-15 2025-06-15", "", "one day"},
    {"", "base 100 2025-06-15 2025-06-14", "until", "ends before it begins"},
    {"", "base unlimited 2025-06-15 -", "", "unlimited"},
    {"", "base none 2025-06-15 -", "", "taken away"},
    {"", "seasonal 100 2025-06-15 -", "until", "a season has an end"},
    {"", "seasonal none 2025-06-15 2025-06-30", "amount", "a season of nothing"},
    {"", "insured unlimited 2025-06-15 -", "amount", "nobody insures without end"},
    {"", "guaranteed none 2025-06-15 -", "amount", "an amount is needed"},
    {SEASON, "seasonal 100 2025-08-31 2025-09-30", "from", "overlaps by a day"},
    {SEASON, "seasonal 100 2025-05-01 2025-06-01", "from", "overlaps by a day"},
    {SEASON, "seasonal 100 2025-07-01 2025-07-02", "from", "inside"},
    {SEASON, "seasonal 100 2025-09-01 2025-09-30", "", "the day after"},
    {SEASON, "base 100 2025-07-01 -", "", "other kinds may overlap"},
    {"", "seasonal 100 2025-06-01 2025-06-30 step=2025-06-10:90", "", "a step"},
    {"", "seasonal 100 2025-06-01 2025-06-30 step=2025-06-30:90", "", "a step on the last day"},
    {"", "seasonal 100 2025-06-01 2025-06-30 step=2025-06-01:90", "steps.0.from", "on the first"},
    {"", "seasonal 100 2025-06-01 2025-06-30 step=2025-07-01:90", "steps.0.from", "after the end"},
    {"", "seasonal 100 2025-06-01 2025-06-30 step=2025-06-10:100", "steps.0.amount", "not lower"},
    {"", "seasonal 100 2025-06-01 2025-06-30 step=2025-06-10:90 step=2025-06-10:80", "steps.1.from",
        "not later"},
    {"", "seasonal 100 2025-06-01 2025-06-30 step=2025-06-10:90 step=2025-06-11:90",
        "steps.1.amount", "not lower than the step before"},
    {"", "base 100 2025-06-01 2025-06-30 step=2025-06-10:90", "steps", "only seasons step down"},
};

static void made_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(made); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Limits *rows = limits_from_text(arena, made[i].rows);
        Limits *row = limits_from_text(arena, made[i].row);
        Fault fault = {.field = ""};
        bool is_made = limit_check(arena, rows->rows, rows->count, row->rows, cny(), &fault);
        if (is_made != (made[i].field[0] == '\0') || strcmp(fault.field, made[i].field) != 0) {
            fail_msg("row %zu (%s): %s", i, made[i].why, fault.field);
        }
    }
}

static void amounts_fit_the_currency(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Fault fault = {0};
    LimitRow row = {.kind = LIMIT_ROW_BASE,
        .value = {.kind = LIMIT_AMOUNT, .amount = decimal_of(1005, 1)},
        .from = day("2025-06-15")};
    assert_true(limit_check(arena, NULL, 0, &row, currency_from_text("CNY"), &fault));
    assert_false(limit_check(arena, NULL, 0, &row, currency_from_text("JPY"), &fault));
    assert_string_equal(fault.field, "amount");
    row.value.amount = decimal_of(-1, 0);
    assert_false(limit_check(arena, NULL, 0, &row, currency_from_text("CNY"), &fault));
    row.from = DATE_NONE;
    assert_false(limit_check(arena, NULL, 0, &row, currency_from_text("CNY"), &fault));
    assert_true(fault.is_missing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_force_table),
        cmocka_unit_test(changes_table),
        cmocka_unit_test(changes_of_a_child),
        cmocka_unit_test(made_table),
        cmocka_unit_test(amounts_fit_the_currency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
