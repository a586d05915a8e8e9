/* DSO by account and month: for how many days' sales the receivable stood at the end of each. */
#include "rules/dso.h"

#include "feature/features.h"
#include "feature/portfolio/page.h"
#include "op/op.h"

enum { MONTHS_DEFAULT = 12, MONTHS_MAX = 60, WINDOW_DEFAULT = 3, WINDOW_MAX = 12 };
/* One for all that was before, then the months whose sales count. */
enum { SLOTS_MAX = 1 + MONTHS_MAX + WINDOW_MAX };

static const char *const dso_sort_names[] = {"", "account", "dso", "receivable", NULL};
typedef enum DsoSort { SORT_NONE, SORT_ACCOUNT, SORT_DSO, SORT_RECEIVABLE } DsoSort;

typedef struct DsoIn {
    Ref account;
    Ref partner;
    Date until;
    OptInt months;
    OptInt window;
    int sort;
    OptInt limit;
    const char *cursor;
} DsoIn;

SCHEMA(DsoIn,
    F_REF(DsoIn, account, "account"),
    F_REF(DsoIn, partner, "partner", .doc = "Its accounts alone."),
    F_DATE(DsoIn,
        until,
        .doc = "The last month is that of this day, and goes to it; the business date when "
               "absent."),
    F_OPT_INT(DsoIn, months, .min = 1, .max = MONTHS_MAX, .doc = "12 when absent."),
    F_OPT_INT(DsoIn,
        window,
        .min = 1,
        .max = WINDOW_MAX,
        .doc = "The months whose sales count, the month itself among them; 3 when absent."),
    F_ENUM(DsoIn,
        sort,
        dso_sort_names,
        .doc = "By the last month, the largest first, those without a figure last; `dso` when "
               "absent. `account`: in the order in which they were opened."),
    F_PAGE_LIMIT(DsoIn, "Accounts of a page; 50 when absent."),
    F_PAGE_CURSOR(DsoIn));

typedef struct DsoMonth {
    Date month;
    Currency currency;
    Money receivable;
    Money invoiced;
    Decimal dso;
} DsoMonth;

SCHEMA(DsoMonth,
    F_DATE(DsoMonth, month, .doc = "Its first day."),
    F_CURRENCY(DsoMonth, currency),
    F_MONEY(DsoMonth, receivable, .doc = "At its end, by the dates of the documents."),
    F_MONEY(DsoMonth, invoiced, .doc = "In the month, less invoices taken back."),
    F_DECIMAL(DsoMonth,
        dso,
        .scale_max = 1,
        .scale_min = 1,
        .doc = "Days; null when nothing was invoiced in the months that count."));

typedef struct DsoItem {
    const char *account;
    const char *partner_name;
    Currency currency;
    Money receivable;
    Money invoiced;
    Decimal dso;
    List months;
} DsoItem;

#define F_DSO_FIGURES(T)                                                                           \
    F_CURRENCY(T, currency), F_MONEY(T, receivable, .doc = "At the end of the last month."),       \
        F_MONEY(T, invoiced, .doc = "In the months that count for it."),                           \
        F_DECIMAL(T, dso, .scale_max = 1, .scale_min = 1, .doc = "Days, of the last month."),      \
        F_LIST(T, months, DsoMonth, .max_len = MONTHS_MAX)

SCHEMA(DsoItem, F_TEXT(DsoItem, account), F_TEXT(DsoItem, partner_name), F_DSO_FIGURES(DsoItem));

typedef DsoItem DsoTotal;
SCHEMA(DsoTotal, F_DSO_FIGURES(DsoTotal));

typedef struct DsoOut {
    Date until;
    int64_t window;
    List items;
    List totals;
    const char *next;
} DsoOut;

SCHEMA(DsoOut,
    F_DATE(DsoOut, until),
    F_INT(DsoOut, window),
    F_LIST(DsoOut, items, DsoItem, .doc = "Accounts with a receivable or sales in the months."),
    F_LIST(DsoOut, totals, DsoTotal, .doc = "Of all pages, one for each currency."),
    F_PAGE_NEXT(DsoOut));

/* ---- Sums by month ---- */

typedef struct Span {
    Date until;
    Month last;
    int months; /* shown */
    int window;
    int slots; /* used */
} Span;

typedef struct Slots {
    Currency currency;
    int64_t receivable[SLOTS_MAX]; /* its changes */
    int64_t invoiced[SLOTS_MAX];
} Slots;

static Span span_of(const Ctx *cx, const DsoIn *in)
{
    Span span = {
        .until = in->until != DATE_NONE ? in->until : cx->today,
        .months = in->months.is_set ? (int)in->months.value : MONTHS_DEFAULT,
        .window = in->window.is_set ? (int)in->window.value : WINDOW_DEFAULT,
    };
    span.last = month_number(span.until);
    span.slots = span.months + span.window;
    return span;
}

/* What an account shows of the last month, and whether it shows anything. */
typedef struct Last {
    int64_t receivable;
    int64_t invoiced;
    bool has_any;
} Last;

static Last account_add(const Span *span, const PortfolioAccount *account, Slots *slots)
{
    Last last = {0};
    Month first = span->last - span->slots + 1; /* of slot 0 */
    Month window = span->last - span->window;
    Month shown = span->last - span->months;
    for (size_t i = 0; i < account->month_count && account->month[i] <= span->last; i++) {
        Month month = account->month[i];
        Month slot = month > first ? month - first : 0;
        int64_t invoiced = account->invoiced[i];
        slots->receivable[slot] = sum_of(slots->receivable[slot], account->receivable[i]);
        slots->invoiced[slot] = sum_of(slots->invoiced[slot], invoiced);
        last.receivable = sum_of(last.receivable, account->receivable[i]);
        last.invoiced = month > window ? sum_of(last.invoiced, invoiced) : last.invoiced;
        last.has_any = last.has_any || (month > shown && invoiced != 0);
    }
    last.has_any = last.has_any || last.receivable != 0;
    return last;
}

static Decimal dso_in(const Span *span, Currency currency, Last last, Date month_end)
{
    Date begins = date_month_first(date_add_months(month_end, 1 - span->window));
    return dso_of(sum_money(currency, last.receivable), sum_money(currency, last.invoiced),
        month_end - begins + 1);
}

/* ---- What is shown ---- */

static Date month_end(const Span *span, int back)
{
    Date first = date_add_months(date_month_first(span->until), -back);
    Date end = date_add_months(first, 1) - 1;
    return end < span->until ? end : span->until;
}

static void figures_make(Ctx *cx, const Span *span, const Slots *slots, DsoItem *item)
{
    Currency currency = slots->currency;
    DsoMonth *months = arena_array(cx->arena, (size_t)span->months, sizeof *months);
    Last at = {0};
    for (int slot = 0; slot < span->slots; slot++) {
        int back = span->slots - 1 - slot;
        int leaving = slot - span->window;
        at.receivable = sum_of(at.receivable, slots->receivable[slot]);
        at.invoiced = slot > 0 ? sum_of(at.invoiced, slots->invoiced[slot]) : 0;
        at.invoiced = leaving > 0 ? sum_of(at.invoiced, -slots->invoiced[leaving]) : at.invoiced;
        if (back < span->months) {
            Date end = month_end(span, back);
            months[span->months - 1 - back] = (DsoMonth){
                .month = date_month_first(end),
                .currency = currency,
                .receivable = sum_money(currency, at.receivable),
                .invoiced = sum_money(currency, slots->invoiced[slot]),
                .dso = dso_in(span, currency, at, end),
            };
        }
    }
    item->currency = currency;
    item->receivable = sum_money(currency, at.receivable);
    item->invoiced = sum_money(currency, at.invoiced);
    item->dso = months[span->months - 1].dso;
    item->months = (List){months, (size_t)span->months};
}

static void totals_show(Ctx *cx, const Span *span, const CurrencySums *totals, List *ret_totals)
{
    DsoTotal *items = arena_array(cx->arena, totals->count, sizeof *items);
    for (size_t i = 0; i < totals->count; i++) {
        figures_make(cx, span, &((const Slots *)totals->items)[i], &items[i]);
    }
    *ret_totals = (List){items, totals->count};
}

static void items_show(
    Ctx *cx, const Span *span, const Portfolio *portfolio, const Page *page, List *ret_items)
{
    DsoItem *items = arena_array(cx->arena, page->count, sizeof *items);
    for (size_t i = 0; i < page->count; i++) {
        const PortfolioAccount *account = &portfolio->accounts[page->rows[i].at];
        Slots slots = {.currency = account->currency};
        (void)account_add(span, account, &slots);
        figures_make(cx, span, &slots, &items[i]);
        items[i].account = page->rows[i].account;
        items[i].partner_name = page->rows[i].partner_name;
    }
    *ret_items = (List){items, page->count};
}

static int64_t sort_value(const Span *span, Currency currency, Last last, int sort)
{
    Decimal dso;
    switch ((DsoSort)sort) {
    case SORT_ACCOUNT:
        return 0;
    case SORT_RECEIVABLE:
        return last.receivable;
    case SORT_NONE:
    case SORT_DSO:
    default:
        dso = dso_in(span, currency, last, span->until);
        return dso.is_set ? dso.units : -MONEY_SUM_MAX;
    }
}

static Err report(Ctx *cx, const DsoIn *in, const Portfolio *portfolio, DsoOut *out)
{
    Span span = span_of(cx, in);
    const bool *is_seen = NULL;
    Page page;
    CurrencySums totals = {.size = sizeof(Slots)};
    TRY(page_sight(cx, portfolio, &is_seen));
    TRY(page_start(
        cx, in->limit.is_set ? (size_t)in->limit.value : LIMIT_PAGE_DEFAULT, in->cursor, &page));
    for (size_t i = 0; i < portfolio->count; i++) {
        const PortfolioAccount *account = &portfolio->accounts[i];
        if (account->month_count == 0 || (is_seen != NULL && !is_seen[i])) {
            continue;
        }
        Last last = account_add(&span, account, currency_sums(cx, &totals, account->currency));
        if (last.has_any) {
            page_offer(&page, sort_value(&span, account->currency, last, in->sort), account->id, i);
        }
    }
    TRY(page_end(cx, &page, &out->next));
    out->until = span.until;
    out->window = span.window;
    items_show(cx, &span, portfolio, &page, &out->items);
    totals_show(cx, &span, &totals, &out->totals);
    return ERR_OK;
}

OP(dso_report,
    DsoIn,
    DsoOut,
    GET("/reports/dso"),
    .effect = EFFECT_READ,
    .needs = PERM_READ,
    .summary = "Days sales outstanding by account and month: the receivable at its end, divided by "
               "what was invoiced in the months that count, times their days.",
    FAILS(ERR_FIELD_INVALID))
{
    Portfolio *portfolio = NULL;
    TRY(portfolio_take_partner(cx, in->partner.id, in->account.id, &portfolio));
    Err code = report(cx, in, portfolio, out);
    portfolio_give(cx, portfolio);
    return code;
}

const Feature dso_feature = {
    .name = "dso",
    .ops = (const Op *const[]){&op_dso_report, NULL},
};
