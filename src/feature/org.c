/* The organisation: one row with its settings and the dates that bound its books. */
#include "feature/org.h"

#include "base/limits.h"
#include "base/os.h"
#include "feature/document.h"
#include "feature/features.h"
#include "feature/policy.h"
#include "op/run.h"

/* ---- Schema ---- */

typedef struct OrgInitIn {
    Currency currency;
    const char *timezone;
    bool is_solo;
} OrgInitIn;

SCHEMA(OrgInitIn,
    F_CURRENCY(OrgInitIn, currency, .doc = "Home currency; that of the first account when absent."),
    F_TEXT(OrgInitIn, timezone, .max_len = LIMIT_CODE_BYTES, .doc = "IANA name; UTC when absent."),
    F_BOOL(OrgInitIn,
        is_solo,
        .doc = "One person runs the firm: no second pair of eyes is asked for."));

typedef struct OrgChangeIn {
    const char *timezone;
    bool prices_include_tax;
} OrgChangeIn;

SCHEMA(OrgChangeIn,
    F_TEXT(OrgChangeIn,
        timezone,
        .max_len = LIMIT_CODE_BYTES,
        .doc = "Its calendar gives the business date, e.g. Asia/Shanghai."),
    F_BOOL(OrgChangeIn, prices_include_tax, .doc = "Whether unit prices contain the tax."));

typedef struct OrgOut {
    const char *uuid;
    Currency currency;
    const char *timezone;
    bool is_solo;
    bool prices_include_tax;
    Date closed_until;
    Date last_day_close;
    int64_t version;
} OrgOut;

SCHEMA(OrgOut,
    F_TEXT(OrgOut, uuid, .doc = "Names this database among all others."),
    F_CURRENCY(OrgOut, currency, .doc = "Home currency; absent until the first account."),
    F_TEXT(OrgOut, timezone, .doc = "Its calendar gives the business date."),
    F_BOOL(OrgOut, is_solo, .doc = "One person runs the firm."),
    F_BOOL(OrgOut, prices_include_tax, .doc = "Whether unit prices contain the tax."),
    F_DATE(OrgOut, closed_until, .doc = "The last day whose books are closed."),
    F_DATE(OrgOut, last_day_close, .doc = "No write has an earlier business date."),
    F_INT(OrgOut, version, .doc = "For If-Match."));

/* ---- SQL ---- */

static const Sql org_select = {
    "SELECT uuid, currency, timezone, is_solo, prices_include_tax, closed_until, last_day_close, "
    "version "
    "FROM org WHERE id = 1",
    "",
    "tttbbddi",
};

const Fact fact_org = FACT("org", 1, ORG_FACTS, ORG_LETTERS);

static const Sql org_init_update = {
    "UPDATE org SET currency = $1, timezone = $2, is_solo = $3, version = 1 WHERE id = 1 "
    "RETURNING " ORG_FACTS,
    "ttb",
    ORG_LETTERS,
};

static const Sql org_update = {
    "UPDATE org SET timezone = $1, prices_include_tax = $2, version = version + 1 WHERE id = 1 "
    "RETURNING " ORG_FACTS,
    "tb",
    ORG_LETTERS,
};

static const Sql currency_update = {
    "UPDATE org SET currency = $1, version = version + 1 WHERE id = 1 AND currency IS NULL "
    "RETURNING " ORG_FACTS,
    "t",
    ORG_LETTERS,
};

static const Sql settings_select = {
    "SELECT currency, is_solo, prices_include_tax, closed_until, last_day_close, first_booked_on "
    "FROM org WHERE id = 1",
    "",
    "tbbddd",
};

static const Sql booked_update = {
    "UPDATE org SET first_booked_on = $1 "
    "WHERE id = 1 AND (first_booked_on IS NULL OR first_booked_on > $1) RETURNING " ORG_FACTS,
    "d",
    ORG_LETTERS,
};

/* ---- For other features ---- */

static Err org_read(Ctx *cx, OrgOut *ret_org)
{
    bool is_found = false;
    TRY(row_one(cx, &org_select, NO_ARGS, &OrgOut_schema, ret_org, &is_found));
    if (!is_found) {
        return err_set(cx, ERR_DB_DAMAGED, NULL,
            "The organisation's row is missing: the database was not made by `guanxi init`.");
    }
    return ERR_OK;
}

Err org_load(Ctx *cx, Org *ret_org)
{
    const Org *known = fact_known(cx, &fact_org);
    if (known != NULL) {
        *ret_org = *known;
        return ERR_OK;
    }
    Rows rows;
    TRY(db_one(cx, &settings_select, NO_ARGS, "the row of the organisation", &rows));
    Org org = {
        .is_solo = db_bool(&rows, 1),
        .prices_include_tax = db_bool(&rows, 2),
        .closed_until = db_date(&rows, 3),
        .last_day_close = db_date(&rows, 4),
        .first_booked_on = db_date(&rows, 5),
    };
    TRY(db_currency(cx, &rows, 0, &org.currency));
    fact_know(cx, &fact_org, &org, sizeof org);
    *ret_org = org;
    return ERR_OK;
}

Err org_load_home(Ctx *cx, Org *ret_org)
{
    TRY(org_load(cx, ret_org));
    return ret_org->currency != 0
               ? ERR_OK
               : db_damaged(cx, "the organisation has accounts and no home currency");
}

Err org_currency_claim(Ctx *cx, Currency currency)
{
    char text[CURRENCY_TEXT_SIZE];
    currency_format(currency, text);
    return fact_change(cx, &fact_org, ORG_ID, &currency_update, ARGS(arg_text(text)));
}

Err org_document_date(Ctx *cx, const char *field, Date *date)
{
    Org org;
    TRY(org_load(cx, &org));
    if (*date == DATE_NONE) {
        *date = cx->today;
    }
    char text[DATE_TEXT_SIZE];
    if (*date > cx->today) {
        date_format(cx->today, text);
        return err_set(
            cx, ERR_FIELD_INVALID, field, "It may not lie after the business date %s.", text);
    }
    if (*date <= org.closed_until) {
        date_format(org.closed_until, text);
        return err_set(cx, ERR_PERIOD_CLOSED, field,
            "The books are closed until %s; use a later date or have the period reopened.", text);
    }
    /* Asked first, so that the one row all orders share is not written by each of them. */
    if (org.first_booked_on != DATE_NONE && org.first_booked_on <= cx->today) {
        return ERR_OK;
    }
    return fact_change(cx, &fact_org, ORG_ID, &booked_update, ARGS(arg_date(cx->today)));
}

Err org_today_check(Ctx *cx)
{
    Date today = cx->today;
    return org_document_date(cx, NULL, &today);
}

/* ---- Operations ---- */

static Err timezone_check(Ctx *cx, const char *zone)
{
    int64_t offset_ms = 0;
    if (os_zone_offset(zone, cx->now_ms, &offset_ms)) {
        return ERR_OK;
    }
    return err_set(cx, ERR_FIELD_INVALID, "timezone",
        "%s is no time zone known on this machine; use an IANA name such as Asia/Shanghai.", zone);
}

OP(org_init,
    OrgInitIn,
    OrgOut,
    .method = METHOD_POST,
    .effect = EFFECT_ACT,
    .needs = PERM_SYSTEM,
    .summary = "Set up the organisation of a new database.",
    FAILS(ERR_STATE))
{
    TRY(org_read(cx, out));
    if (out->version != 0) {
        return err_set(cx, ERR_STATE, NULL, "This database is set up already.");
    }
    const char *zone = in->timezone != NULL ? in->timezone : "UTC";
    TRY(timezone_check(cx, zone));
    char currency[CURRENCY_TEXT_SIZE];
    currency_format(in->currency, currency);
    /* The row stands there since the file was made; by this it becomes a fact. */
    TRY(fact_put(cx, &fact_org, &org_init_update,
        ARGS(
            arg_text(in->currency == 0 ? NULL : currency), arg_text(zone), arg_bool(in->is_solo))));
    TRY(policy_start(cx));
    TRY(document_series_start(cx));
    return org_read(cx, out);
}

OP(org_get,
    Nothing,
    OrgOut,
    GET("/org"),
    .effect = EFFECT_READ,
    .needs = PERM_READ,
    .summary = "The organisation's settings and the dates that bound its books.")
{
    (void)in;
    return org_read(cx, out);
}

OP(org_change,
    OrgChangeIn,
    OrgOut,
    PATCH("/org"),
    .effect = EFFECT_ACT,
    .needs = PERM_ORG_WRITE,
    .summary = "Change the organisation's settings.",
    FAILS(ERR_VERSION_STALE))
{
    OrgOut before = {0};
    TRY(org_read(cx, &before));
    TRY(run_version_check(cx, before.version));
    const char *zone = in->timezone != NULL ? in->timezone : before.timezone;
    TRY(timezone_check(cx, zone));
    bool includes =
        run_has(cx, "prices_include_tax") ? in->prices_include_tax : before.prices_include_tax;
    bool has_zone = strcmp(zone, before.timezone) != 0;
    if (!has_zone && includes == before.prices_include_tax) {
        *out = before;
        return ERR_OK;
    }
    if (has_zone) {
        run_changed(cx, ORG_ID, "timezone", before.timezone, zone);
    }
    if (includes != before.prices_include_tax) {
        run_changed(cx, ORG_ID, "prices_include_tax", before.prices_include_tax ? "true" : "false",
            includes ? "true" : "false");
    }
    TRY(fact_change(cx, &fact_org, ORG_ID, &org_update, ARGS(arg_text(zone), arg_bool(includes))));
    return org_read(cx, out);
}

typedef struct OrgHistoryIn {
    OptInt limit;
    const char *cursor;
} OrgHistoryIn;

SCHEMA(OrgHistoryIn,
    F_OPT_INT(OrgHistoryIn, limit, .min = 1, .max = 500, .doc = "Rows of a page; 50 when absent."),
    F_TEXT(OrgHistoryIn, cursor, .doc = "`next` of the page before."));

OP(org_history,
    OrgHistoryIn,
    HistoryPage,
    GET("/org/history"),
    .effect = EFFECT_READ,
    .needs = PERM_READ,
    .summary = "What was done to the organisation's settings, oldest first.")
{
    return history_read(cx, ORG_ID, in->limit, in->cursor, out);
}

/* ---- The feature ---- */

static const Op *const ops[] = {&op_org_init, &op_org_get, &op_org_change, &op_org_history, NULL};

const Feature org_feature = {
    .name = "org",
    .ops = ops,
    .facts = (const Fact *const[]){&fact_org, NULL},
};
