/* Signs on people and promises: what grows with one owner of relations before any
 * single balance is alarming. */
#include "feature/watch/signs.h"

#include "feature/org.h"
#include "feature/watch/alert.h"
#include "op/op.h"
#include "op/run.h"

/* ---- Broken promises ---- */

static const Sql sql_promises_broken = {
    "SELECT m.account_id, COUNT(*), CAST(SUM(m.lacks) AS BIGINT), a.currency, "
    "MAX(m.ended_on)"
    " FROM promise m JOIN account a ON a.id = m.account_id"
    " WHERE m.status = 'broken' AND m.ended_on >= $1 AND m.ended_on <= $2"
    " AND ($3 = 0 OR m.account_id = $3) GROUP BY m.account_id, "
    "a.currency ORDER BY "
    "m.account_id",
    .in = "ddi",
    .out = "kiitd",
};

Err signs_promises(Ctx *cx, Id account_id)
{
    enum { YEAR_DAYS = 365 };
    Rows rows;
    TRY(db_ask(cx, &sql_promises_broken,
        ARGS(arg_date(cx->today - YEAR_DAYS), arg_date(cx->today), arg_i64(account_id)), &rows));
    while (db_next(&rows)) {
        ArenaMark mark = arena_mark(cx->arena);
        Currency currency = 0;
        TRY(db_currency(cx, &rows, 3, &currency));
        Because because;
        because_start(&because, cx->arena);
        because_int(&because, "broken_promises", db_i64(&rows, 1));
        because_money(&because, "not_paid", money_of(currency, db_i64(&rows, 2)));
        because_date(&because, "last_on", db_date(&rows, 4));
        TRY(alert_sign(cx, &(Sign){.kind = ALARM_BROKEN_PROMISE,
                               .account_id = db_id(&rows, 0),
                               .because = because_end(&because),
                               .severity = alarm_broken_promise(db_i64(&rows, 1))}));
        arena_rewind(cx->arena, mark);
    }
    return ERR_OK;
}

/* ---- Exceptions by owner and quarter ---- */

static const Sql sql_releases_since = {
    "SELECT p.owner_id, r.given_on, CASE WHEN r.is_by_excess THEN r.excess ELSE r.covered END, "
    "a.currency"
    " FROM credit_release r JOIN account a ON a.id = r.account_id JOIN partner p ON p.id = "
    "a.partner_id"
    " WHERE r.given_on >= $1 AND r.given_on <= $2 AND p.owner_id IS NOT NULL"
    " ORDER BY p.owner_id, r.id",
    .in = "dd",
    .out = "kdit",
};

static Date quarter_first(Date day)
{
    enum { QUARTER_MONTHS = 3 };
    int month = date_parts(day).month;
    return date_add_months(date_month_first(day), -((month - 1) % QUARTER_MONTHS));
}

/* 0: the present quarter, 1 the one before it … */
static size_t quarter_index(Date today, Date day)
{
    size_t index = 0;
    for (Date first = quarter_first(today); day < first; first = date_add_months(first, -3)) {
        index++;
    }
    return index;
}

static Err exceptions_sign(Ctx *cx, Id owner_id, const OwnerExceptions *exceptions)
{
    Because because;
    because_start(&because, cx->arena);
    because_int(&because, "releases_this_quarter", exceptions->count[0]);
    because_money(&because, "amount_this_quarter", exceptions->amount[0]);
    for (size_t i = 1; i <= ALARM_OWNER_QUARTERS; i++) {
        because_int(&because, arena_printf(cx->arena, "releases_%zu_quarters_ago", i),
            exceptions->count[i]);
        because_money(
            &because, arena_printf(cx->arena, "amount_%zu_quarters_ago", i), exceptions->amount[i]);
    }
    return alert_sign(cx, &(Sign){.kind = ALARM_OWNER_EXCEPTIONS,
                              .owner_id = owner_id,
                              .because = because_end(&because),
                              .severity = alarm_owner_exceptions(exceptions)});
}

static OwnerExceptions exceptions_none(Currency home)
{
    OwnerExceptions none = {0};
    for (size_t i = 0; i <= ALARM_OWNER_QUARTERS; i++) {
        none.amount[i] = money_zero(home);
    }
    return none;
}

static Err exceptions_signs(Ctx *cx, Currency home)
{
    Date first = date_add_months(quarter_first(cx->today), -3 * ALARM_OWNER_QUARTERS);
    Rows rows;
    TRY(db_ask(cx, &sql_releases_since, ARGS(arg_date(first), arg_date(cx->today)), &rows));
    Id owner = 0;
    OwnerExceptions exceptions = exceptions_none(home);
    while (db_next(&rows)) {
        if (db_id(&rows, 0) != owner) {
            TRY(owner == 0 ? ERR_OK : exceptions_sign(cx, owner, &exceptions));
            owner = db_id(&rows, 0);
            exceptions = exceptions_none(home);
        }
        Currency currency = 0;
        Money amount;
        TRY(db_currency(cx, &rows, 3, &currency));
        TRY(org_to_home_known(
            cx, money_of(currency, db_i64(&rows, 2)), db_date(&rows, 1), &amount));
        size_t quarter = quarter_index(cx->today, db_date(&rows, 1));
        exceptions.count[quarter]++;
        exceptions.amount[quarter] = money_add(exceptions.amount[quarter], amount);
    }
    return owner == 0 ? ERR_OK : exceptions_sign(cx, owner, &exceptions);
}

/* ---- Overdue share by owner, and its trend ---- */

static const Sql sql_owner_sums = {
    "SELECT p.owner_id, a.currency, CAST(SUM(i.open) AS BIGINT),"
    " CAST(SUM(CASE WHEN i.due_on < $1 THEN i.open ELSE 0 END) AS BIGINT)"
    " FROM invoice i JOIN account a ON a.id = i.account_id JOIN partner p ON p.id = a.partner_id"
    " WHERE i.open > 0 AND i.invoiced_on <= $1 AND p.owner_id IS NOT NULL GROUP BY p.owner_id, "
    "a.currency ORDER BY "
    "p.owner_id, a.currency",
    .in = "d",
    .out = "ktii",
};

static const Sql sql_owner_day_before = {
    "SELECT receivable, overdue FROM owner_day WHERE owner_id = $1 AND closed_on <= $2 ORDER BY "
    "closed_on DESC LIMIT 1",
    .in = "kd",
    .out = "ii",
};

#define OWNER_DAY_FACTS "owner_id, closed_on, receivable, overdue"
#define OWNER_DAY_LETTERS "kdii"
const Fact fact_owner_day = FACT("owner_day", 2, OWNER_DAY_FACTS, OWNER_DAY_LETTERS);

static const Sql sql_owner_day_insert = {
    "INSERT INTO owner_day (owner_id, closed_on, receivable, overdue) VALUES ($1, $2, $3, $4) "
    "RETURNING " OWNER_DAY_FACTS,
    .in = "kdii",
    .out = OWNER_DAY_LETTERS,
};

static Err share_sign(Ctx *cx, Id owner_id, OwnerShare *share)
{
    Currency home = share->receivable.currency;
    Rows rows;
    TRY(db_ask(cx, &sql_owner_day_before,
        ARGS(arg_id(owner_id), arg_date(cx->today - ALARM_SHARE_DAYS)), &rows));
    bool has_before = db_next(&rows);
    share->receivable_before = money_of(home, has_before ? db_i64(&rows, 0) : 0);
    share->overdue_before = money_of(home, has_before ? db_i64(&rows, 1) : 0);
    TRY(fact_put(cx, &fact_owner_day, &sql_owner_day_insert,
        ARGS(arg_id(owner_id), arg_date(cx->today), arg_i64(share->receivable.minor),
            arg_i64(share->overdue.minor))));
    Because because;
    because_start(&because, cx->arena);
    because_money(&because, "overdue", share->overdue);
    because_money(&because, "receivable", share->receivable);
    because_money(&because, "overdue_4_weeks_ago", share->overdue_before);
    because_money(&because, "receivable_4_weeks_ago", share->receivable_before);
    return alert_sign(cx, &(Sign){.kind = ALARM_OWNER_OVERDUE_SHARE,
                              .owner_id = owner_id,
                              .because = because_end(&because),
                              .severity = alarm_owner_overdue_share(share)});
}

static Err share_signs(Ctx *cx, Currency home)
{
    Rows rows;
    TRY(db_ask(cx, &sql_owner_sums, ARGS(arg_date(cx->today)), &rows));
    Id owner = 0;
    OwnerShare share = {0};
    while (db_next(&rows)) {
        if (db_id(&rows, 0) != owner) {
            TRY(owner == 0 ? ERR_OK : share_sign(cx, owner, &share));
            owner = db_id(&rows, 0);
            share = (OwnerShare){.overdue = money_zero(home), .receivable = money_zero(home)};
        }
        Currency currency = 0;
        TRY(db_currency(cx, &rows, 1, &currency));
        Money receivable;
        Money overdue;
        TRY(org_to_home_known(cx, money_of(currency, db_i64(&rows, 2)), cx->today, &receivable));
        TRY(org_to_home_known(cx, money_of(currency, db_i64(&rows, 3)), cx->today, &overdue));
        share.receivable = money_add(share.receivable, receivable);
        share.overdue = money_add(share.overdue, overdue);
    }
    return owner == 0 ? ERR_OK : share_sign(cx, owner, &share);
}

/* ---- People who clear each other ---- */

/* Requests of one that the other consented to, and the other way about. A release that nobody asked
 * for is a request of who placed the order. */
static const Sql sql_clearing = {
    "WITH cleared AS (SELECT COALESCE(a.requested_by_id, a.placed_by_id) AS asked, c.user_id AS "
    "gave,"
    "   COUNT(*) AS times FROM approval_consent c JOIN approval a ON a.id = c.approval_id"
    "   WHERE c.given_on >= $1 AND c.given_on <= $2 AND COALESCE(a.requested_by_id, "
    "a.placed_by_id) <> c.user_id"
    "   GROUP BY COALESCE(a.requested_by_id, a.placed_by_id), c.user_id)"
    " SELECT x.asked, x.gave, x.times, y.times, u.name FROM cleared x"
    " JOIN cleared y ON y.asked = x.gave AND y.gave = x.asked JOIN app_user u ON u.id = x.gave"
    " ORDER BY x.asked, x.gave",
    .in = "dd",
    .out = "kkiit",
};

static Err clearing_signs(Ctx *cx)
{
    Rows rows;
    TRY(db_ask(cx, &sql_clearing,
        ARGS(arg_date(cx->today - ALARM_CLEARING_DAYS), arg_date(cx->today)), &rows));
    while (db_next(&rows)) {
        Because because;
        because_start(&because, cx->arena);
        because_text(&because, "other", db_text(&rows, 4));
        because_int(&because, "requests_cleared_by_the_other", db_i64(&rows, 2));
        because_int(&because, "requests_cleared_for_the_other", db_i64(&rows, 3));
        TRY(alert_sign(
            cx, &(Sign){.kind = ALARM_MUTUAL_CLEARING,
                    .owner_id = db_id(&rows, 0),
                    .other_id = db_id(&rows, 1),
                    .because = because_end(&because),
                    .severity = alarm_mutual_clearing(db_i64(&rows, 2), db_i64(&rows, 3))}));
    }
    return ERR_OK;
}

/* ---- A firm of one person: what was approved by who asked for it ---- */

static const Sql sql_self_approved = {
    "SELECT id, account_id, operation, requested_on FROM approval"
    " WHERE is_self_approved = TRUE AND status = 'approved' AND ended_on >= $1 AND ended_on <= $2"
    " ORDER BY id LIMIT 1000",
    .in = "dd",
    .out = "kktd",
};

static const Sql sql_self_approved_one = {
    "SELECT id, account_id, operation, requested_on FROM approval"
    " WHERE id = $1 AND is_self_approved = TRUE AND status = 'approved'",
    .in = "k",
    .out = "kktd",
};

static Err self_approved_sign(Ctx *cx, Rows rows)
{
    while (db_next(&rows)) {
        Because because;
        because_start(&because, cx->arena);
        because_text(&because, "operation", db_text(&rows, 2));
        because_date(&because, "on", db_date(&rows, 3));
        TRY(alert_sign(cx, &(Sign){.kind = ALARM_SELF_APPROVED,
                               .account_id = db_id(&rows, 1),
                               .subject_id = db_id(&rows, 0),
                               .because = because_end(&because),
                               .severity = alarm_self_approved(1)}));
    }
    return ERR_OK;
}

Err signs_self_approved(Ctx *cx, Id record_id)
{
    Rows rows;
    TRY(db_ask(cx, &sql_self_approved_one, ARGS(arg_id(record_id)), &rows));
    return self_approved_sign(cx, rows);
}

static Err self_approved_signs(Ctx *cx)
{
    enum { SHOWN_DAYS = 30 };
    Rows rows;
    TRY(db_ask(cx, &sql_self_approved, ARGS(arg_date(cx->today - SHOWN_DAYS), arg_date(cx->today)),
        &rows));
    return self_approved_sign(cx, rows);
}

Err signs_owners(Ctx *cx)
{
    Org org;
    TRY(org_load(cx, &org));
    /* Without a home currency there is no account yet. */
    if (org.currency != 0) {
        TRY(exceptions_signs(cx, org.currency));
        TRY(share_signs(cx, org.currency));
    }
    TRY(clearing_signs(cx));
    return self_approved_signs(cx);
}
