/* A page of the accounts of a report: the largest values first, as many as asked for, from where
 * the page before ended; and what else all such reports need of the accounts. */
#ifndef GUANXI_FEATURE_PORTFOLIO_PAGE_H
#define GUANXI_FEATURE_PORTFOLIO_PAGE_H

#include "base/limits.h"
#include "base/schema.h"
#include "feature/portfolio/portfolio.h"

#define F_PAGE_LIMIT(T, ...)                                                                       \
    F_OPT_INT(T, limit, .min = 1, .max = LIMIT_PAGE_ROWS, .doc = __VA_ARGS__)
#define F_PAGE_CURSOR(T) F_TEXT(T, cursor, .doc = "`next` of the page before.")
#define F_PAGE_NEXT(T) F_TEXT(T, next, .doc = "Cursor of the next page; null after the last.")

/* An account of the report. Of equal values the lower id comes first. */
typedef struct PageRow {
    int64_t value;
    Id account_id;
    size_t at; /* the caller's */
    const char *account;
    const char *partner_name;
} PageRow;

typedef struct Page {
    PageRow *rows; /* in their order */
    size_t count;
    size_t limit;
    bool has_more;
    bool has_after;
    PageRow after; /* the last of the page before */
} Page;

/* For `limit` rows at most. ERR_FIELD_INVALID `cursor`. */
Err page_start(Ctx *cx, size_t limit, const char *cursor, Page *ret_page) MUST_CHECK;
void page_offer(Page *page, int64_t value, Id account_id, size_t at);
/* All were offered: fills in the codes and names of the rows (what the caller may not see is left
 * out) and tells the cursor of the next page; NULL: this is the last. */
Err page_end(Ctx *cx, Page *page, const char **ret_next) MUST_CHECK;

/* Of each account of the portfolio, whether the caller sees it; NULL: all. */
Err page_sight(Ctx *cx, const Portfolio *portfolio, const bool **ret_is_seen) MUST_CHECK;

/* A sum of amounts; beyond 64 bits it stays there, as money does. */
static inline int64_t sum_of(int64_t a, int64_t b)
{
    int64_t sum = 0;
    return !__builtin_add_overflow(a, b, &sum) ? sum : a < 0 ? -INT64_MAX : INT64_MAX;
}
Money sum_money(Currency currency, int64_t sum);

/* Sums of each currency that was met: structs of `size` bytes that begin with the currency. */
typedef struct CurrencySums {
    size_t size;
    void *items;
    size_t count;
    size_t room;
} CurrencySums;

/* Those of the currency, zeros at first; good until the next call. */
void *currency_sums(Ctx *cx, CurrencySums *sums, Currency currency);

#endif
