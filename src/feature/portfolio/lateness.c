/* How accounts pay: of what fell due in the last months, what was settled on time, what late, and
 * what is overdue. Invoices count by their whole amounts, in the month in which they fell due. */
#include "rules/lateness.h"

#include "feature/features.h"
#include "feature/portfolio/page.h"
#include "op/op.h"

enum { MONTHS_DEFAULT = 12, MONTHS_MAX = 60 };

static const char *const lateness_sort_names[] = {"", "account", "late_share", "late", NULL};
typedef enum LatenessSort { SORT_NONE, SORT_ACCOUNT, SORT_LATE_SHARE, SORT_LATE } LatenessSort;

typedef struct LatenessIn {
    Ref account;
    OptInt months;
    int sort;
    OptInt limit;
    const char *cursor;
} LatenessIn;

SCHEMA(LatenessIn,
    F_REF(LatenessIn, account, "account"),
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

typedef LatenessItem LatenessTotal;
SCHEMA(LatenessTotal, F_LATENESS_FIGURES(LatenessTotal));

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
    F_LIST(LatenessOut, totals, LatenessTotal, .doc = "Of all pages, one for each currency."),
    F_PAGE_NEXT(LatenessOut));

/* ---- Sums ---- */

typedef struct Sums {
    Currency currency;
    int64_t how[LATENESS_COUNT];
    int64_t unpaid;
} Sums;

static Sums account_sums(const PortfolioAccount *account, Date from, Date until)
{
    Sums sums = {.currency = account->currency};
    Month first = month_number(from);
    Month last = month_number(until);
    for (size_t i = account->month_count; i > 0 && account->month[i - 1] >= first; i--) {
        if (account->month[i - 1] <= last) {
            sums.how[LATENESS_ON_TIME] =
                sum_of(sums.how[LATENESS_ON_TIME], account->on_time[i - 1]);
            sums.how[LATENESS_LATE] = sum_of(sums.how[LATENESS_LATE], account->late[i - 1]);
            sums.how[LATENESS_VERY_LATE] =
                sum_of(sums.how[LATENESS_VERY_LATE], account->very_late[i - 1]);
        }
    }
    for (size_t i = 0; i < account->open_count && account->due_on[i] < until; i++) {
        sums.unpaid =
            account->due_on[i] >= from ? sum_of(sums.unpaid, account->amount[i]) : sums.unpaid;
    }
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

static LatenessItem item_of(const Sums *sums)
{
    Currency currency = sums->currency;
    return (LatenessItem){
        .currency = currency,
        .due = sum_money(currency, sums_due(sums)),
        .on_time = sum_money(currency, sums->how[LATENESS_ON_TIME]),
        .late = sum_money(currency, sums->how[LATENESS_LATE]),
        .very_late = sum_money(currency, sums->how[LATENESS_VERY_LATE]),
        .unpaid = sum_money(currency, sums->unpaid),
        .late_share = sums_share(sums),
    };
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

static Err report(Ctx *cx, const LatenessIn *in, const Portfolio *portfolio, LatenessOut *out)
{
    const bool *is_seen = NULL;
    Page page;
    CurrencySums totals = {.size = sizeof(Sums)};
    TRY(page_sight(cx, portfolio, &is_seen));
    TRY(page_start(
        cx, in->limit.is_set ? (size_t)in->limit.value : LIMIT_PAGE_DEFAULT, in->cursor, &page));
    for (size_t i = 0; i < portfolio->count; i++) {
        const PortfolioAccount *account = &portfolio->accounts[i];
        if (is_seen != NULL && !is_seen[i]) {
            continue;
        }
        Sums sums = account_sums(account, out->from, out->until);
        if (sums_due(&sums) != 0) {
            sums_add(currency_sums(cx, &totals, account->currency), &sums);
            page_offer(&page, sort_value(&sums, in->sort), account->id, i);
        }
    }
    TRY(page_end(cx, &page, &out->next));
    LatenessItem *items = arena_array(cx->arena, page.count, sizeof *items);
    for (size_t i = 0; i < page.count; i++) {
        Sums sums = account_sums(&portfolio->accounts[page.rows[i].at], out->from, out->until);
        items[i] = item_of(&sums);
        items[i].account = page.rows[i].account;
        items[i].partner_name = page.rows[i].partner_name;
    }
    LatenessTotal *shown = arena_array(cx->arena, totals.count, sizeof *shown);
    for (size_t i = 0; i < totals.count; i++) {
        shown[i] = item_of(&((const Sums *)totals.items)[i]);
    }
    out->items = (List){items, page.count};
    out->totals = (List){shown, totals.count};
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
    out->until = cx->today;
    out->from = date_add_months(date_month_first(cx->today), 1 - months);
    TRY(portfolio_take(cx, in->account.id, &portfolio));
    Err code = report(cx, in, portfolio, out);
    portfolio_give(cx, portfolio);
    return code;
}

const Feature lateness_feature = {
    .name = "lateness",
    .ops = (const Op *const[]){&op_lateness_report, NULL},
};
