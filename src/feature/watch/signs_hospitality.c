/* Signs around hospitality: a tie is not a result,
 * and a feast beside a broken date is one to ask about. */
#include "feature/watch/signs.h"

#include "feature/org.h"
#include "feature/watch/alert.h"
#include "op/op.h"
#include "op/run.h"

/* ---- Hospitality without growth ---- */

static const Sql sql_feasts = {
    "SELECT v.partner_id, p.owner_id, COUNT(*), CAST(COALESCE(SUM(v.cost), 0) AS BIGINT),"
    " (SELECT MIN(a.id) FROM account a WHERE a.partner_id = v.partner_id)"
    " FROM activity v JOIN partner p ON p.id = v.partner_id"
    " WHERE v.kind = 'hospitality' AND v.status = 'posted' AND v.held_on > $1 AND v.held_on <= $2"
    " GROUP BY v.partner_id, p.owner_id HAVING COUNT(*) >= $3 ORDER BY v.partner_id",
    .in = "ddi",
    .out = "kkiik",
};

static const Sql sql_partner_sales = {
    "SELECT a.currency, CAST(SUM(CASE WHEN i.invoiced_on > $3 THEN i.amount ELSE 0 END) AS BIGINT),"
    " CAST(SUM(CASE WHEN i.invoiced_on > $3 THEN 0 ELSE i.amount END) AS BIGINT)"
    " FROM invoice i JOIN account a ON a.id = i.account_id"
    " WHERE a.partner_id = $1 AND i.invoiced_on > $2 AND i.invoiced_on <= $4"
    " AND i.status <> 'reversed' GROUP BY a.currency",
    .in = "kddd",
    .out = "tii",
};

static Err sales_read(Ctx *cx, Id partner_id, HospitalityGrowth *growth)
{
    Rows rows;
    Date middle = cx->today - ALARM_HOSPITALITY_DAYS;
    TRY(db_ask(cx, &sql_partner_sales,
        ARGS(arg_id(partner_id), arg_date(middle - ALARM_HOSPITALITY_DAYS), arg_date(middle),
            arg_date(cx->today)),
        &rows));
    while (db_next(&rows)) {
        Currency currency = 0;
        TRY(db_currency(cx, &rows, 0, &currency));
        Money now;
        Money before;
        TRY(org_to_home_known(cx, money_of(currency, db_i64(&rows, 1)), cx->today, &now));
        TRY(org_to_home_known(cx, money_of(currency, db_i64(&rows, 2)), cx->today, &before));
        growth->sales = money_add(growth->sales, now);
        growth->sales_before = money_add(growth->sales_before, before);
    }
    return ERR_OK;
}

static Err growth_signs(Ctx *cx, Currency home)
{
    Rows rows;
    TRY(db_ask(cx, &sql_feasts,
        ARGS(arg_date(cx->today - ALARM_HOSPITALITY_DAYS), arg_date(cx->today),
            arg_i64(ALARM_HOSPITALITY_MIN)),
        &rows));
    while (db_next(&rows)) {
        ArenaMark mark = arena_mark(cx->arena);
        HospitalityGrowth growth = {
            .feasts = db_i64(&rows, 2),
            .cost = money_of(home, db_i64(&rows, 3)),
            .sales = money_zero(home),
            .sales_before = money_zero(home),
        };
        TRY(sales_read(cx, db_id(&rows, 0), &growth));
        Because because;
        because_start(&because, cx->arena);
        because_int(&because, "feasts", growth.feasts);
        because_money(&because, "cost", growth.cost);
        because_money(&because, "sales", growth.sales);
        because_money(&because, "sales_before", growth.sales_before);
        TRY(alert_sign(cx, &(Sign){.kind = ALARM_HOSPITALITY_NO_GROWTH,
                               .account_id = db_id(&rows, 4),
                               .owner_id = db_id(&rows, 1),
                               .subject_id = db_id(&rows, 0),
                               .because = because_end(&because),
                               .severity = alarm_hospitality_no_growth(&growth)}));
        arena_rewind(cx->arena, mark);
    }
    return ERR_OK;
}

/* ---- Hospitality around a collection visit that ended in a new date ---- */

/* It ended in a new date when its outcome says so, or a promise was made that day. */
static const Sql sql_visits_redated = {
    "SELECT v.id, v.partner_id, p.owner_id, v.held_on,"
    " (SELECT MIN(a.id) FROM account a WHERE a.partner_id = v.partner_id)"
    " FROM activity v JOIN partner p ON p.id = v.partner_id"
    " WHERE v.kind = 'collection' AND v.status = 'posted' AND v.held_on >= $1 AND v.held_on <= $2"
    " AND (v.outcome = 'new_date' OR v.id IN (SELECT w.id FROM activity w JOIN promise m"
    "   ON m.partner_id = w.partner_id AND m.made_on = w.held_on"
    "   WHERE w.kind = 'collection' AND w.status = 'posted' AND w.held_on >= $1"
    "   AND w.held_on <= $2))"
    " ORDER BY v.id",
    .in = "dd",
    .out = "kkkdk",
};

static const Sql sql_feast_near = {
    "SELECT held_on, cost FROM activity WHERE partner_id = $1 AND kind = 'hospitality' AND status "
    "= 'posted'"
    " AND held_on >= $2 AND held_on <= $3 ORDER BY held_on LIMIT 1",
    .in = "kdd",
    .out = "di",
};

static Err redate_sign(Ctx *cx, const Rows *visit, Currency home)
{
    Date visit_on = db_date(visit, 3);
    Rows feast;
    TRY(db_ask(cx, &sql_feast_near,
        ARGS(arg_id(db_id(visit, 1)), arg_date(visit_on - ALARM_REDATE_DAYS),
            arg_date(visit_on + ALARM_REDATE_DAYS)),
        &feast));
    if (!db_next(&feast)) {
        return ERR_OK;
    }
    Because because;
    because_start(&because, cx->arena);
    because_date(&because, "hospitality_on", db_date(&feast, 0));
    because_money(&because, "cost", money_of(home, db_i64(&feast, 1)));
    because_date(&because, "collection_visit_on", visit_on);
    return alert_sign(
        cx, &(Sign){.kind = ALARM_HOSPITALITY_REDATE,
                .account_id = db_id(visit, 4),
                .owner_id = db_id(visit, 2),
                .subject_id = db_id(visit, 0),
                .because = because_end(&because),
                .severity = alarm_hospitality_redate(db_date(&feast, 0), visit_on, true)});
}

Err signs_hospitality(Ctx *cx)
{
    enum { SHOWN_DAYS = 90 };
    Org org;
    TRY(org_load(cx, &org));
    if (org.currency == 0) {
        return ERR_OK; /* nobody has an account yet */
    }
    TRY(growth_signs(cx, org.currency));
    Rows rows;
    TRY(db_ask(cx, &sql_visits_redated, ARGS(arg_date(cx->today - SHOWN_DAYS), arg_date(cx->today)),
        &rows));
    while (db_next(&rows)) {
        ArenaMark mark = arena_mark(cx->arena);
        TRY(redate_sign(cx, &rows, org.currency));
        arena_rewind(cx->arena, mark);
    }
    return ERR_OK;
}
