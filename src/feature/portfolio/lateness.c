/* How accounts pay: of what fell due in the last months, what was settled on time, what late, and
 * what is overdue. Invoices count by their whole amounts, in the month in which they fell due. The
 * totals show each month, so that one account or the accounts of a partner have their history. */
#include "rules/lateness.h"

#include "feature/features.h"
#include "feature/portfolio/page.h"
#include "op/op.h"

enum { MONTHS_DEFAULT = 12, MONTHS_MAX = 60 };

static const char *const lateness_sort_names[] = {"", "account", "late_share", "late", NULL};
typedef enum LatenessSort { SORT_NONE, SORT_ACCOUNT, SORT_LATE_SHARE, SORT_LATE } LatenessSort;

typedef struct LatenessIn {
    Ref account;
    Ref partner;
    OptInt months;
    int sort;
    OptInt limit;
    const char *cursor;
} LatenessIn;

SCHEMA(LatenessIn,
    F_REF(LatenessIn, account, "account"),
    F_REF(LatenessIn, partner, "partner", .doc = "Its accounts alone."),
    F_OPT_INT(LatenessIn,
        months,
        .min = 1,
        .max = MONTHS_MAX,
        .doc = "The present one and those before it; 12 when absent."),
    F_ENUM(LatenessIn,
        sort,
        lateness_sort_names,
        .doc = "The largest first, `late_share` when absent; late: late, very late and unpaid. "
               "`account`: in the order in which they were opened."),
    F_PAGE_LIMIT(LatenessIn, "Accounts of a page; 50 when absent."),
    F_PAGE_CURSOR(LatenessIn));

typedef struct LatenessItem {
    const char *account;
    const char *partner_name;
    Currency currency;
    Money due;
    Money on_time;
    Money late;
    Money very_late;
    Money unpaid;
    Percent late_share;
} LatenessItem;

#define F_LATENESS_FIGURES(T)                                                                      \
    F_CURRENCY(T, currency), F_MONEY(T, due, .doc = "Fell due and is settled or overdue."),        \
        F_MONEY(T, on_time, .doc = "Settled on the day it was due, or before."),                   \
        F_MONEY(T, late, .doc = "Settled up to 30 days after it."),                                \
        F_MONEY(T, very_late, .doc = "Settled later."),                                            \
        F_MONEY(T, unpaid, .doc = "Overdue, and something of it is open."),                        \
        F_PERCENT(T, late_share, .doc = "What was not settled on time, of all that fell due.")

SCHEMA(LatenessItem,
    F_TEXT(LatenessItem, account),
    F_TEXT(LatenessItem, partner_name),
    F_LATENESS_FIGURES(LatenessItem));

typedef struct LatenessMonth {
    Date month;
    Currency currency;
    Money due;
    Money on_time;
    Money late;
    Money very_late;
    Money unpaid;
    Percent late_share;
} LatenessMonth;

SCHEMA(LatenessMonth,
    F_DATE(LatenessMonth, month, .doc = "Its first day."),
    F_LATENESS_FIGURES(LatenessMonth));

typedef struct LatenessTotal {
    Currency currency;
    Money due;
    Money on_time;
    Money late;
    Money very_late;
    Money unpaid;
    Percent late_share;
    List months;
} LatenessTotal;

SCHEMA(LatenessTotal,
    F_LATENESS_FIGURES(LatenessTotal),
    F_LIST(LatenessTotal, months, LatenessMonth, .max_len = MONTHS_MAX));

typedef struct LatenessOut {
    Date from;
    Date until;
    List items;
    List totals;
    const char *next;
} LatenessOut;

SCHEMA(LatenessOut,
    F_DATE(LatenessOut, from),
    F_DATE(LatenessOut, until, .doc = "The business date."),
    F_LIST(LatenessOut, items, LatenessItem, .doc = "Accounts of which something fell due."),
    F_LIST(LatenessOut,
        totals,
        LatenessTotal,
        .doc = "Of all pages, one for each currency, with its months."),
    F_PAGE_NEXT(LatenessOut));

/* ---- Sums ---- */

typedef struct Sums {
    Currency currency;
    int64_t how[LATENESS_COUNT];
    int64_t unpaid;
} Sums;

/* Of one currency, by the month in which it fell due. */
typedef struct MonthSums {
    Currency currency;
    size_t place; /* among the totals, from 1 on; 0: nothing of it fell due */
    Sums month[MONTHS_MAX];
} MonthSums;

typedef struct Span {
    Date from;
    Date until;
    Month first;
    Month last;
    Date begins[MONTHS_MAX + 1]; /* of each month, and of the one behind the last */
} Span;

static Span span_of(Date today, int months)
{
    Span span = {.from = date_add_months(date_month_first(today), 1 - months), .until = today};
    span.first = month_number(span.from);
    span.last = month_number(today);
    for (int i = 0; i <= months; i++) {
        span.begins[i] = date_add_months(span.from, i);
    }
    return span;
}

static void settled_add(
    const Span *span, const PortfolioAccount *account, Sums *sums, MonthSums *months)
{
    size_t begin = account->month_count;
    while (begin > 0 && account->month[begin - 1] >= span->first) {
        begin--;
    }
    int64_t on_time = 0;
    int64_t late = 0;
    int64_t very_late = 0;
    for (size_t i = begin; i < account->month_count && account->month[i] <= span->last; i++) {
        int64_t *how = months->month[account->month[i] - span->first].how;
        on_time = sum_of(on_time, account->on_time[i]);
        late = sum_of(late, account->late[i]);
        very_late = sum_of(very_late, account->very_late[i]);
        how[LATENESS_ON_TIME] = sum_of(how[LATENESS_ON_TIME], account->on_time[i]);
        how[LATENESS_LATE] = sum_of(how[LATENESS_LATE], account->late[i]);
        how[LATENESS_VERY_LATE] = sum_of(how[LATENESS_VERY_LATE], account->very_late[i]);
    }
    sums->how[LATENESS_ON_TIME] = on_time;
    sums->how[LATENESS_LATE] = late;
    sums->how[LATENESS_VERY_LATE] = very_late;
}

static void unpaid_add(
    const Span *span, const PortfolioAccount *account, Sums *sums, MonthSums *months)
{
    const Date *due_on = account->due_on;
    size_t begin = 0;
    while (begin < account->open_count && due_on[begin] < span->from) {
        begin++;
    }
    int64_t unpaid = 0;
    size_t month = 0;
    for (size_t i = begin; i < account->open_count && due_on[i] < span->until; i++) {
        while (due_on[i] >= span->begins[month + 1]) {
            month++;
        }
        int64_t *of_month = &months->month[month].unpaid;
        unpaid = sum_of(unpaid, account->amount[i]);
        *of_month = sum_of(*of_month, account->amount[i]);
    }
    sums->unpaid = unpaid;
}

/* What an account comes to; the same is added to the sums of the months. It is one walk: reports
 * take as long as memory needs to bring the columns. */
static Sums account_add(const Span *span, const PortfolioAccount *account, MonthSums *months)
{
    Sums sums = {.currency = account->currency};
    settled_add(span, account, &sums, months);
    unpaid_add(span, account, &sums, months);
    return sums;
}

static void sums_add(Sums *sums, const Sums *more)
{
    for (size_t i = 0; i < LATENESS_COUNT; i++) {
        sums->how[i] = sum_of(sums->how[i], more->how[i]);
    }
    sums->unpaid = sum_of(sums->unpaid, more->unpaid);
}

static int64_t sums_late(const Sums *sums)
{
    return sum_of(sum_of(sums->how[LATENESS_LATE], sums->how[LATENESS_VERY_LATE]), sums->unpaid);
}

static int64_t sums_due(const Sums *sums)
{
    return sum_of(sums->how[LATENESS_ON_TIME], sums_late(sums));
}

static Percent sums_share(const Sums *sums)
{
    return percent_of(
        sum_money(sums->currency, sums_late(sums)), sum_money(sums->currency, sums_due(sums)));
}

/* ---- The report ---- */

/* Into a struct that has F_LATENESS_FIGURES. */
#define FIGURES_SET(at, sums)                                                                      \
    do {                                                                                           \
        Currency currency = (sums)->currency;                                                      \
        (at)->currency = currency;                                                                 \
        (at)->due = sum_money(currency, sums_due(sums));                                           \
        (at)->on_time = sum_money(currency, (sums)->how[LATENESS_ON_TIME]);                        \
        (at)->late = sum_money(currency, (sums)->how[LATENESS_LATE]);                              \
        (at)->very_late = sum_money(currency, (sums)->how[LATENESS_VERY_LATE]);                    \
        (at)->unpaid = sum_money(currency, (sums)->unpaid);                                        \
        (at)->late_share = sums_share(sums);                                                       \
    } while (0)

static void items_show(
    Ctx *cx, const Span *span, const Portfolio *portfolio, const Page *page, List *ret_items)
{
    LatenessItem *items = arena_array(cx->arena, page->count, sizeof *items);
    for (size_t i = 0; i < page->count; i++) {
        MonthSums months = {0};
        Sums sums = account_add(span, &portfolio->accounts[page->rows[i].at], &months);
        FIGURES_SET(&items[i], &sums);
        items[i].account = page->rows[i].account;
        items[i].partner_name = page->rows[i].partner_name;
    }
    *ret_items = (List){items, page->count};
}

static void total_show(Ctx *cx, const Span *span, MonthSums *sums, LatenessTotal *ret_total)
{
    size_t count = (size_t)(span->last - span->first) + 1;
    LatenessMonth *months = arena_array(cx->arena, count, sizeof *months);
    Sums whole = {.currency = sums->currency};
    for (size_t i = 0; i < count; i++) {
        sums->month[i].currency = sums->currency;
        months[i].month = date_add_months(span->from, (int)i);
        FIGURES_SET(&months[i], &sums->month[i]);
        sums_add(&whole, &sums->month[i]);
    }
    FIGURES_SET(ret_total, &whole);
    ret_total->months = (List){months, count};
}

static void totals_show(
    Ctx *cx, const Span *span, const CurrencySums *totals, size_t count, List *ret_totals)
{
    LatenessTotal *shown = arena_array(cx->arena, count, sizeof *shown);
    MonthSums *sums = totals->items;
    for (size_t i = 0; i < totals->count; i++) {
        if (sums[i].place != 0) {
            total_show(cx, span, &sums[i], &shown[sums[i].place - 1]);
        }
    }
    *ret_totals = (List){shown, count};
}

static int64_t sort_value(const Sums *sums, int sort)
{
    switch ((LatenessSort)sort) {
    case SORT_ACCOUNT:
        return 0;
    case SORT_LATE:
        return sums_late(sums);
    case SORT_NONE:
    case SORT_LATE_SHARE:
    default:
        return sums_share(sums).per_mille;
    }
}

static Err report(
    Ctx *cx, const LatenessIn *in, const Span *span, const Portfolio *portfolio, LatenessOut *out)
{
    const bool *is_seen = NULL;
    Page page;
    CurrencySums totals = {.size = sizeof(MonthSums)};
    size_t total_count = 0;
    TRY(page_sight(cx, portfolio, &is_seen));
    TRY(page_start(
        cx, in->limit.is_set ? (size_t)in->limit.value : LIMIT_PAGE_DEFAULT, in->cursor, &page));
    for (size_t i = 0; i < portfolio->count; i++) {
        const PortfolioAccount *account = &portfolio->accounts[i];
        if (is_seen != NULL && !is_seen[i]) {
            continue;
        }
        MonthSums *months = currency_sums(cx, &totals, account->currency);
        Sums sums = account_add(span, account, months);
        if (sums_due(&sums) != 0) {
            months->place = months->place != 0 ? months->place : ++total_count;
            page_offer(&page, sort_value(&sums, in->sort), account->id, i);
        }
    }
    TRY(page_end(cx, &page, &out->next));
    items_show(cx, span, portfolio, &page, &out->items);
    totals_show(cx, span, &totals, total_count, &out->totals);
    return ERR_OK;
}

OP(lateness_report,
    LatenessIn,
    LatenessOut,
    GET("/reports/lateness"),
    .effect = EFFECT_READ,
    .needs = PERM_READ,
    .summary = "How accounts pay: of what fell due in the last months, what was late.",
    FAILS(ERR_FIELD_INVALID))
{
    int months = in->months.is_set ? (int)in->months.value : MONTHS_DEFAULT;
    Portfolio *portfolio = NULL;
    const Span span = span_of(cx->today, months);
    out->from = span.from;
    out->until = span.until;
    TRY(portfolio_take_partner(cx, in->partner.id, in->account.id, &portfolio));
    Err code = report(cx, in, &span, portfolio, out);
    portfolio_give(cx, portfolio);
    return code;
}

const Feature lateness_feature = {
    .name = "lateness",
    .ops = (const Op *const[]){&op_lateness_report, NULL},
};
