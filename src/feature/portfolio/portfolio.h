/* The receivables of all accounts in memory: what is open of each, and its months. Reports are
 * reckoned from here in milliseconds; what each report means stands with it.
 *
 * A server keeps one portfolio for all its reading connections. Whoever takes it brings it up to
 * date first: one look at the counter of each account's moves tells which accounts changed since,
 * whoever wrote them, and those alone are read again. So a report has all that was answered before
 * it was asked. Elsewhere (command line, one account alone) a portfolio is read for the call.
 *
 * Columns lie one after another, an account's in one piece: sums run over them as they are. */
#ifndef GUANXI_FEATURE_PORTFOLIO_PORTFOLIO_H
#define GUANXI_FEATURE_PORTFOLIO_PORTFOLIO_H

#include "base/ctx.h"
#include "base/money.h"

#include <stddef.h>

/* Months are counted from the year 0. */
typedef int32_t Month;
Month month_number(Date date);

typedef struct PortfolioAccount {
    Id id;
    int64_t moves; /* of its position when it was read; below 0: it is to be read */
    Date moved_on;
    Currency currency;
    int64_t cheque;
    int64_t advance;
    /* What is open, by due date. */
    size_t open_count;
    const Date *due_on;
    const int64_t *open;
    const int64_t *amount; /* of the whole invoice */
    /* Its months in their order, those without a row left out; see account_month. */
    size_t month_count;
    const Month *month;
    const int64_t *invoiced;
    const int64_t *receivable;
    const int64_t *on_time;
    const int64_t *late;
    const int64_t *very_late;
} PortfolioAccount;

typedef struct Portfolio {
    Arena *home;                /* of this struct */
    Arena *arena;               /* of all else */
    PortfolioAccount *accounts; /* by id */
    size_t count;
    size_t size;
    size_t waste;   /* bytes of the arena that nothing stands in any more */
    Date read_on;   /* the business date on which all of it was read last */
    bool is_common; /* it goes on after the call */
} Portfolio;

/* The portfolio as of now; account_id 0: of all accounts, seen or not. portfolio_give() ends its
 * use, before the operation ends; after a refusal there is nothing to give. ERR_TOO_LARGE: there is
 * more than this machine should hold. */
Err portfolio_take(Ctx *cx, Id account_id, Portfolio **ret_portfolio) MUST_CHECK;
/* The same of the accounts of a partner; account_id 0: of all of them, partner_id 0: as above. */
Err portfolio_take_partner(
    Ctx *cx, Id partner_id, Id account_id, Portfolio **ret_portfolio) MUST_CHECK;
void portfolio_give(Ctx *cx, Portfolio *portfolio);

/* Empty, and brought up to date: for who keeps one by himself. */
Portfolio *portfolio_new(void);
void portfolio_free(Portfolio *portfolio);
Err portfolio_refresh(Ctx *cx, Id account_id, Portfolio *portfolio) MUST_CHECK;

#endif
