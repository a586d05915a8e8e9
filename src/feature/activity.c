/* Activities with partners, as the conflicts of interest look at them. */
#include "feature/activity.h"

#include "op/op.h"

/* What was reversed since has been enjoyed all the same. */
static const Sql sql_entertained_on = {
    "SELECT MAX(v.held_on) FROM activity v JOIN activity_staff s ON s.activity_id = v.id"
    " WHERE v.partner_id = $1 AND s.user_id = $2 AND v.kind = 'hospitality'",
    .in = "kk",
    .out = "d",
};

static const Sql sql_placed_on = {
    "SELECT MAX(o.placed_on) FROM sales_order o JOIN account a ON a.id = o.account_id"
    " WHERE a.partner_id = $1 AND o.placed_by_id = $2",
    .in = "kk",
    .out = "d",
};

/* Logged by the user, or logged by somebody else with the user present. */
static const Sql sql_contact_on = {
    "SELECT MAX(CASE WHEN v.logged_by_id = $2 AND v.logged_on > v.held_on THEN v.logged_on"
    " ELSE v.held_on END) FROM activity v WHERE v.partner_id = $1 AND (v.logged_by_id = $2"
    " OR EXISTS (SELECT 1 FROM activity_staff s WHERE s.activity_id = v.id AND s.user_id = $2))",
    .in = "kk",
    .out = "d",
};

static Err last_day(Ctx *cx, const Sql *sql, Id partner_id, Id user_id, Date *ret_on)
{
    Rows rows;
    TRY(db_ask(cx, sql, ARGS(arg_id(partner_id), arg_id(user_id)), &rows));
    *ret_on = db_next(&rows) ? db_date(&rows, 0) : DATE_NONE;
    return ERR_OK;
}

Err activity_entertained_on(Ctx *cx, Id partner_id, Id user_id, Date *ret_on)
{
    return last_day(cx, &sql_entertained_on, partner_id, user_id, ret_on);
}

Err activity_handled_on(Ctx *cx, Id partner_id, Id user_id, Date *ret_on)
{
    Date placed_on = DATE_NONE;
    Date contact_on = DATE_NONE;
    TRY(last_day(cx, &sql_placed_on, partner_id, user_id, &placed_on));
    TRY(last_day(cx, &sql_contact_on, partner_id, user_id, &contact_on));
    *ret_on = placed_on > contact_on ? placed_on : contact_on;
    return ERR_OK;
}
