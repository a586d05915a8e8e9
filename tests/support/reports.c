/* Reports over all accounts, held against each other and against the books. */
#include "support/reports.h"

#include <string.h>

Portfolio *reports_begin(World *world)
{
    Portfolio *kept = portfolio_new();
    reports_follow(world, kept);
    return kept;
}

void reports_end(Portfolio *kept)
{
    portfolio_free(kept);
}

void reports_follow(World *world, Portfolio *kept)
{
    Ctx *cx = &world->place.cx;
    ArenaMark mark = arena_mark(cx->arena);
    /* Its day moves on here without all of it being read again, which would prove nothing. */
    kept->read_on = cx->today;
    ASSERT(portfolio_refresh(cx, 0, kept) == ERR_OK);
    arena_rewind(cx->arena, mark);
}

/* ---- kept and read at once ---- */

static bool column_is(const void *a, const void *b, size_t count, size_t size)
{
    return count == 0 || memcmp(a, b, count * size) == 0;
}

static bool account_is(const PortfolioAccount *a, const PortfolioAccount *b)
{
    size_t open = a->open_count;
    size_t months = a->month_count;
    return a->id == b->id && a->moves == b->moves && a->moved_on == b->moved_on &&
           a->currency == b->currency && a->cheque == b->cheque && a->advance == b->advance &&
           open == b->open_count && months == b->month_count &&
           column_is(a->due_on, b->due_on, open, sizeof(Date)) &&
           column_is(a->open, b->open, open, sizeof(int64_t)) &&
           column_is(a->amount, b->amount, open, sizeof(int64_t)) &&
           column_is(a->month, b->month, months, sizeof(Month)) &&
           column_is(a->invoiced, b->invoiced, months, sizeof(int64_t)) &&
           column_is(a->receivable, b->receivable, months, sizeof(int64_t)) &&
           column_is(a->on_time, b->on_time, months, sizeof(int64_t)) &&
           column_is(a->late, b->late, months, sizeof(int64_t)) &&
           column_is(a->very_late, b->very_late, months, sizeof(int64_t));
}

static const char *kept_fault(World *world, Portfolio *kept)
{
    reports_follow(world, kept);
    Portfolio *fresh = reports_begin(world);
    bool is_same = fresh->count == kept->count;
    for (size_t i = 0; i < fresh->count && is_same; i++) {
        is_same = account_is(&fresh->accounts[i], &kept->accounts[i]);
    }
    reports_end(fresh);
    return is_same ? NULL : "a portfolio that was kept is not what it is when it is read at once";
}

/* ---- aging ---- */

/* In the order of currencies, as DSO has them: of one currency aging's total is flat. */
static int64_t open_in(const json_t *aging, const char *currency)
{
    static const char *const buckets[] = {"not_due", "d1_30", "d31_60", "d61_90", "d91_plus"};
    const json_t *total = json_object_get(aging, "total");
    const json_t *own = json_object_get(total, currency);
    int64_t open = 0;
    for (size_t i = 0; i < COUNT(buckets); i++) {
        Decimal amount = {0};
        int64_t minor = 0;
        ASSERT(decimal_parse(world_text(own != NULL ? own : total, buckets[i]), &amount));
        ASSERT(decimal_at_scale(amount, 3, &minor));
        open += minor;
    }
    return open;
}

/* The last day of a month that has gone by, or today. */
static const char *dso_fault(World *world, const json_t *aging, const char *as_of)
{
    const json_t *dso = world_must(world, NULL, "dso_report",
        json_pack("{s:s,s:i,s:i}", "until", as_of, "months", 1, "limit", 500));
    const json_t *totals = json_object_get(dso, "totals");
    for (size_t i = 0; i < json_array_size(totals); i++) {
        const json_t *total = json_array_get(totals, i);
        Decimal amount = {0};
        int64_t receivable = 0;
        ASSERT(decimal_parse(world_text(total, "receivable"), &amount));
        ASSERT(decimal_at_scale(amount, 3, &receivable));
        const json_t *items = json_object_get(aging, "items");
        const char *currency = world_text(total, "currency");
        bool is_there = false;
        for (size_t k = 0; k < json_array_size(items); k++) {
            const json_t *item = json_array_get(items, k);
            is_there = is_there || strcmp(world_text(item, "currency"), currency) == 0;
        }
        if (receivable != (is_there ? open_in(aging, currency) : 0)) {
            return "what DSO says is owed is not what aging has open";
        }
    }
    return NULL;
}

const char *reports_fault(World *world, Portfolio *kept)
{
    const char *fault = kept_fault(world, kept);
    char today[DATE_TEXT_SIZE];
    (void)world_date(world, world->place.cx.today, today);
    const json_t *now = world_must(world, NULL, "aging_report", json_object());
    fault = fault != NULL ? fault : dso_fault(world, now, today);
    char ended[DATE_TEXT_SIZE];
    Date first = date_month_first(world->place.cx.today);
    (void)world_date(world, first - 1, ended);
    const json_t *then =
        world_must(world, NULL, "aging_report", json_pack("{s:s}", "as_of", ended));
    fault = fault != NULL ? fault : dso_fault(world, then, ended);
    world_days(world, 1);
    const json_t *later =
        world_must(world, NULL, "aging_report", json_pack("{s:s}", "as_of", today));
    bool is_same = json_equal(json_object_get(now, "items"), json_object_get(later, "items")) &&
                   json_equal(json_object_get(now, "total"), json_object_get(later, "total"));
    return fault != NULL || is_same ? fault
                                    : "aging as it stands is not what the books tell of that day";
}
