/* What has run out since anybody last looked at an account. Nothing waits for the close of a day
 * to be true: before anything of the account is judged, its promises past their window are, and
 * releases past their end let go of what has not shipped. */
#include "feature/order.h"
#include "feature/promise.h"
#include "feature/release.h"
#include "op/run.h"

static const Sql sql_due = {
    "SELECT (SELECT COUNT(*) FROM promise WHERE account_id = $1 AND status = 'open'"
    " AND window_end_on < $2), (SELECT COUNT(*) FROM credit_release c" RELEASE_PROMISE_JOIN
    " WHERE c.account_id = $1 AND c.status = 'active' AND " RELEASE_OVER_ON " <= $2)",
    .in = "kd",
    .out = "ii",
};

static const Sql sql_releases_past = {
    "SELECT c.id FROM credit_release c" RELEASE_PROMISE_JOIN
    " WHERE c.account_id = $1 AND c.status = 'active' AND " RELEASE_OVER_ON " <= $2 ORDER BY c.id",
    .in = "kd",
    .out = "k",
};

/* Of the promise that came to a part only its release falls here; a broken one has taken it along
 * when it was judged. */
static const Sql sql_release_over = {
    "SELECT c.order_id, EXISTS (SELECT 1 FROM promise v WHERE v.account_id = c.account_id"
    " AND v.id = c.promise_id AND v.status <> 'kept' AND v.window_end_on < $2)"
    " FROM credit_release c WHERE c.id = $1",
    .in = "kd",
    .out = "kb",
};

Err order_release_over(Ctx *cx, Id release_id)
{
    Order order = {0};
    Rows rows;
    TRY(db_one(
        cx, &sql_release_over, ARGS(arg_id(release_id), arg_date(cx->today)), "a release", &rows));
    bool is_broken = db_bool(&rows, 1);
    TRY(order_load(cx, db_id(&rows, 0), &order));
    TRY(release_end(cx, release_id, is_broken ? RELEASE_BROKEN : RELEASE_EXPIRED));
    if (order.release_id != release_id) {
        return ERR_OK;
    }
    return order_hold(cx, order.id, RELEASE_NONE,
        is_broken ? "the promise of its release is not kept" : "its release has expired");
}

static Err releases_expire(Ctx *cx, Id account_id)
{
    Rows rows;
    TRY(db_ask(cx, &sql_releases_past, ARGS(arg_id(account_id), arg_date(cx->today)), &rows));
    while (db_next(&rows)) {
        TRY(order_release_over(cx, db_id(&rows, 0)));
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
