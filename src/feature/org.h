/* The organisation's settings, its books' dates, and money across currencies. */
#ifndef GUANXI_FEATURE_ORG_H
#define GUANXI_FEATURE_ORG_H

#include "base/ctx.h"
#include "base/money.h"
#include "op/fact.h"

/* The row's id, under which its changes are audited. */
#define ORG_ID ((Id)1)

typedef struct Org {
    Currency currency; /* home; 0: no account yet, the first one brings it */
    bool is_solo;
    bool prices_include_tax;
    Date closed_until;
    Date last_day_close;
    Date first_booked_on; /* the earliest business date of a document */
} Org;

Err org_load(Ctx *cx, Org *ret_org) MUST_CHECK;
/* The same where there are accounts: ERR_DB_DAMAGED when it has no home currency. */
Err org_load_home(Ctx *cx, Org *ret_org) MUST_CHECK;
/* Gives the organisation its home currency if it has none. */
Err org_currency_claim(Ctx *cx, Currency currency) MUST_CHECK;

/* May a document bear this date? DATE_NONE stands for the business date and is replaced. After the
 * business date: ERR_FIELD_INVALID of `field`; up to closed_until: ERR_PERIOD_CLOSED. Also keeps
 * org.first_booked_on. */
Err org_document_date(Ctx *cx, const char *field, Date *date) MUST_CHECK;
/* The same for what takes effect today: ERR_PERIOD_CLOSED. */
Err org_today_check(Ctx *cx) MUST_CHECK;

/* Home units for one unit of the currency: the latest rate on or before `on`; {1, 0} for home
 * itself. ERR_RATE_MISSING naming currency and date. */
Err org_rate_on(Ctx *cx, Currency currency, Date on, Decimal *ret_rate) MUST_CHECK;
/* The same; unset when none is known. */
Err org_rate_find(Ctx *cx, Currency currency, Date on, Decimal *ret_rate) MUST_CHECK;
/* An amount in home currency, half up. */
Err org_to_home(Ctx *cx, Money amount, Date on, Money *ret_home) MUST_CHECK;
/* The same for what only informs: nothing where no rate is known. */
Err org_to_home_known(Ctx *cx, Money amount, Date on, Money *ret_home) MUST_CHECK;
/* A policy amount (home) in the currency, half up. */
Err org_from_home(
    Ctx *cx, Decimal home_amount, Currency currency, Date on, Money *ret_amount) MUST_CHECK;

/* What is fact in org; see op/fact.h. */
#define ORG_FACTS                                                                                  \
    "id, uuid, currency, timezone, is_solo, prices_include_tax, closed_until, "                    \
    "last_day_close, first_booked_on, version"
#define ORG_LETTERS "ktttbbdddi"
extern const Fact fact_org;

#endif
