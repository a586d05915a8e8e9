/* Limits by date. */
#include "rules/limit.h"

const char *const limit_row_kind_names[] = {"", "base", "seasonal", "insured", "guaranteed", NULL};

_Static_assert(COUNT(limit_row_kind_names) == LIMIT_ROW_COUNT + 1, "a name for each kind");

/* ---- values */

LimitValue limit_of(Money money)
{
    return (LimitValue){.kind = LIMIT_AMOUNT, .amount = money_to_decimal(money), .money = money};
}

LimitValue limit_not_set(void)
{
    return (LimitValue){.kind = LIMIT_NOT_SET};
}

LimitValue limit_unlimited(void)
{
    return (LimitValue){.kind = LIMIT_UNLIMITED};
}

Money limit_money(LimitValue limit, Currency currency)
{
    ASSERT(limit.kind == LIMIT_AMOUNT);
    if (limit.money.currency != 0) {
        ASSERT(limit.money.currency == currency);
        return limit.money;
    }
    Money money = {0};
    bool fits = money_from_decimal(currency, limit.amount, &money);
    ASSERT(fits);
    return money;
}

/* not set, any number, unlimited */
static int limit_rank(LimitValue limit)
{
    return limit.kind == LIMIT_UNLIMITED ? 2 : limit.kind == LIMIT_AMOUNT ? 1 : 0;
}

int limit_cmp(LimitValue a, LimitValue b, Currency currency)
{
    int rank_a = limit_rank(a);
    int rank_b = limit_rank(b);
    if (rank_a != rank_b || rank_a != 1) {
        return (rank_a > rank_b) - (rank_a < rank_b);
    }
    return money_cmp(limit_money(a, currency), limit_money(b, currency));
}

/* Not set counts as nothing, unlimited swallows all. */
static LimitValue limit_add(LimitValue a, LimitValue b, Currency currency)
{
    if (limit_rank(a) != 1 || limit_rank(b) != 1) {
        return limit_rank(a) >= limit_rank(b) ? a : b;
    }
    return limit_of(money_add(limit_money(a, currency), limit_money(b, currency)));
}

/* ---- what is in force */

static bool has_ended(const LimitRow *row, Date on)
{
    return row->until != DATE_NONE && on > row->until;
}

/* The row of a kind that has begun last; what it gives, not set when it is past its end. */
static LimitValue kind_in_force(const LimitRow *rows, size_t count, LimitRowKind kind, Date on)
{
    const LimitRow *latest = NULL;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind == (int)kind && rows[i].from <= on &&
            (latest == NULL || rows[i].from >= latest->from)) {
            latest = &rows[i];
        }
    }
    return latest == NULL || has_ended(latest, on) ? limit_not_set() : latest->value;
}

/* A row's amount on a day between its dates, stepped down. */
static LimitValue stepped(const LimitRow *row, Date on)
{
    LimitValue value = row->value;
    const LimitStep *steps = row->steps.items;
    for (size_t i = 0; i < row->steps.count && steps[i].from <= on; i++) {
        value = (LimitValue){.kind = LIMIT_AMOUNT, .amount = steps[i].amount};
    }
    return value;
}

LimitValue limit_in_force(const LimitRow *rows, size_t count, Date on, Currency currency)
{
    LimitValue total = kind_in_force(rows, count, LIMIT_ROW_BASE, on);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind == LIMIT_ROW_SEASONAL && rows[i].from <= on && !has_ended(&rows[i], on)) {
            total = stepped(&rows[i], on);
        }
    }
    total = limit_add(total, kind_in_force(rows, count, LIMIT_ROW_INSURED, on), currency);
    total = limit_add(total, kind_in_force(rows, count, LIMIT_ROW_GUARANTEED, on), currency);
    if (total.kind == LIMIT_AMOUNT) {
        return limit_of(limit_money(total, currency));
    }
    return total.kind == LIMIT_UNLIMITED ? limit_unlimited() : limit_not_set();
}

/* ---- what a change does */

typedef struct Comparison {
    const LimitRow *rows;
    size_t count; /* with the new one */
    Date today;
    Currency currency;
    List above;
    LimitChange change;
} Comparison;

static LimitValue above_on(List above, Date on)
{
    LimitValue value = limit_not_set();
    const LimitFrom *steps = above.items;
    for (size_t i = 0; i < above.count && steps[i].from <= on; i++) {
        value = steps[i].value;
    }
    return value;
}

static void compare_on(Comparison *comparison, Date on)
{
    if (on < comparison->today) {
        return;
    }
    Currency currency = comparison->currency;
    LimitChange *change = &comparison->change;
    LimitValue was = limit_in_force(comparison->rows, comparison->count - 1, on, currency);
    LimitValue is = limit_in_force(comparison->rows, comparison->count, on, currency);
    if (limit_rank(is) == 0 && limit_rank(was) > 0) {
        is = above_on(comparison->above, on);
    }
    if (limit_cmp(is, was, currency) <= 0) {
        return;
    }
    if (!change->is_higher || limit_cmp(is, change->highest, currency) > 0) {
        change->highest = is;
    }
    if (!change->is_higher || on < change->higher_on) {
        change->higher_on = on;
    }
    change->is_higher = true;
}

size_t limit_days(Arena *arena, const LimitRow *rows, size_t count, Date **ret_days)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        most += 2 + rows[i].steps.count;
    }
    Date *days = arena_array(arena, most, sizeof *days);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        days[found++] = rows[i].from;
        if (rows[i].until != DATE_NONE) {
            days[found++] = rows[i].until + 1;
        }
        const LimitStep *steps = rows[i].steps.items;
        for (size_t s = 0; s < rows[i].steps.count; s++) {
            days[found++] = steps[s].from;
        }
    }
    *ret_days = days;
    return found;
}

/* What the account may use changes on its own days and on those of what stands above it, so looking
 * at them looks at every day. */
LimitChange limit_compare(
    Arena *arena, const LimitRow *rows, size_t count, Date today, Currency currency, List above)
{
    Comparison comparison = {
        .rows = rows, .count = count, .today = today, .currency = currency, .above = above};
    compare_on(&comparison, today);
    Date *days = NULL;
    size_t day_count = limit_days(arena, rows, count, &days);
    for (size_t i = 0; i < day_count; i++) {
        compare_on(&comparison, days[i]);
    }
    const LimitFrom *steps = above.items;
    for (size_t i = 0; i < above.count; i++) {
        compare_on(&comparison, steps[i].from);
    }
    return comparison.change;
}

/* ---- is a row well made */

static bool value_check(const LimitRow *row, Currency currency, Fault *fault)
{
    if (row->value.kind == LIMIT_AMOUNT) {
        Money money;
        return (money_from_decimal(currency, row->value.amount, &money) && money.minor >= 0) ||
               fault_invalid(fault, "amount",
                   "Give an amount not below zero, with no more decimals than the currency.");
    }
    if (row->value.kind == LIMIT_UNLIMITED) {
        return row->kind == LIMIT_ROW_BASE || row->kind == LIMIT_ROW_SEASONAL ||
               fault_invalid(fault, "amount", "Insured and guaranteed limits are amounts.");
    }
    return (row->value.kind == LIMIT_NOT_SET && row->kind == LIMIT_ROW_BASE) ||
           fault_invalid(fault, "amount", "Only a base limit can be taken away; give an amount.");
}

static bool seasonal_check(const LimitRow *rows, size_t count, const LimitRow *row, Fault *fault)
{
    if (row->until == DATE_NONE) {
        return fault_missing(fault, "until", "A seasonal limit needs its last day.");
    }
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind == LIMIT_ROW_SEASONAL && rows[i].from <= row->until &&
            row->from <= rows[i].until) {
            return fault_invalid(fault, "from", "Another seasonal limit lies in these days.");
        }
    }
    return true;
}

static bool step_check(Arena *arena, const LimitRow *row, size_t i, Currency currency, Fault *fault)
{
    const LimitStep *step = (const LimitStep *)row->steps.items + i;
    Date after = i == 0 ? row->from : step[-1].from;
    if (step->from <= after || step->from > row->until) {
        return fault_invalid(fault, arena_printf(arena, "steps.%zu.from", i),
            "Steps lie between the limit's dates, each later than the one before.");
    }
    const char *field = arena_printf(arena, "steps.%zu.amount", i);
    Money money;
    if (!money_from_decimal(currency, step->amount, &money) || money.minor < 0) {
        return fault_invalid(fault, field,
            "Give an amount not below zero, with no more decimals than the currency.");
    }
    LimitValue above = row->value;
    if (i > 0) {
        above = (LimitValue){.kind = LIMIT_AMOUNT, .amount = step[-1].amount};
    }
    return limit_cmp(limit_of(money), above, currency) < 0 ||
           fault_invalid(fault, field, "Each step is lower than what held before.");
}

bool limit_check(Arena *arena,
    const LimitRow *rows,
    size_t count,
    const LimitRow *row,
    Currency currency,
    Fault *ret_fault)
{
    if (row->from == DATE_NONE) {
        return fault_missing(ret_fault, "from", "Give the first day of the limit.");
    }
    if (row->until != DATE_NONE && row->until < row->from) {
        return fault_invalid(ret_fault, "until", "The last day lies before the first.");
    }
    if (!value_check(row, currency, ret_fault)) {
        return false;
    }
    if (row->kind == LIMIT_ROW_SEASONAL) {
        if (!seasonal_check(rows, count, row, ret_fault)) {
            return false;
        }
    } else if (row->steps.count > 0) {
        return fault_invalid(ret_fault, "steps", "Only seasonal limits step down.");
    }
    for (size_t i = 0; i < row->steps.count; i++) {
        if (!step_check(arena, row, i, currency, ret_fault)) {
            return false;
        }
    }
    return true;
}
