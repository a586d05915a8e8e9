/* What has run out since anybody last looked at an account. Nothing waits for the close of a day
 * to be true: before anything of the account is judged, its promises past their window are, and
 * releases past their end let go of what has not shipped. */
#include "feature/order.h"
#include "feature/promise.h"
#include "feature/release.h"
#include "op/run.h"

static const Sql sql_due = {
    "SELECT (SELECT COUNT(*) FROM promise WHERE account_id = $1 AND status = 'open'"
    " AND window_end_on < $2), (SELECT COUNT(*) FROM credit_release WHERE account_id = $1"
    " AND status = 'active' AND expires_on < $2)",
    .in = "kd",
    .out = "ii",
};

static const Sql sql_releases_past = {
    "SELECT id, order_id FROM credit_release WHERE account_id = $1 AND status = 'active'"
    " AND expires_on < $2 ORDER BY id",
    .in = "kd",
    .out = "kk",
};

Err order_release_expire(Ctx *cx, Id release_id, Id order_id)
{
    Order order = {0};
    TRY(order_load(cx, order_id, &order));
    TRY(release_end(cx, release_id, RELEASE_EXPIRED));
    return order.release_id == release_id
               ? order_hold(cx, order.id, RELEASE_NONE, "its release has expired")
               : ERR_OK;
}

static Err releases_expire(Ctx *cx, Id account_id)
{
    Rows rows;
    TRY(db_ask(cx, &sql_releases_past, ARGS(arg_id(account_id), arg_date(cx->today)), &rows));
    while (db_next(&rows)) {
        TRY(order_release_expire(cx, db_id(&rows, 0), db_id(&rows, 1)));
    }
    return ERR_OK;
}

Err order_lapse(Ctx *cx, Id account_id)
{
    Rows rows;
    TRY(db_ask(cx, &sql_due, ARGS(arg_id(account_id), arg_date(cx->today)), &rows));
    bool is_there = db_next(&rows);
    bool has_promises = is_there && db_i64(&rows, 0) > 0;
    bool has_releases = is_there && db_i64(&rows, 1) > 0;
    if (has_promises) {
        TRY(promise_rejudge(cx, account_id)); /* a broken one takes its release with it */
    }
    return has_releases ? releases_expire(cx, account_id) : ERR_OK;
}
