/* Exchange rates: setting them, and money of one currency said in another.
 * The arithmetic is in rules/rate.h. */
#include "feature/shown.h"
#include "rules/rate.h"

#include "feature/features.h"
#include "feature/org.h"
#include "op/op.h"
#include "op/run.h"

enum { RATE_SCALE = 9 };

static const Sql sql_rate_latest = {
    "SELECT rate FROM rate WHERE currency = $1 AND valid_on <= $2 ORDER BY valid_on DESC, id DESC "
    "LIMIT 1",
    .in = "td",
    .out = "i",
};

#define RATE_FACTS "id, currency, rate, valid_on, set_by_id"
#define RATE_LETTERS "ktidk"
static const Fact fact_rate = FACT("rate", 1, RATE_FACTS, RATE_LETTERS);

static const Sql sql_rate_insert = {
    "INSERT INTO rate (id, currency, rate, valid_on, set_by_id) VALUES ($1, $2, $3, $4, $5) "
    "RETURNING " RATE_FACTS,
    .in = "ktidk",
    .out = RATE_LETTERS,
};

/* ---- Conversion ---- */

Err org_rate_find(Ctx *cx, Currency currency, Date on, Decimal *ret_rate)
{
    Org org;
    TRY(org_load(cx, &org));
    if (currency == org.currency) {
        *ret_rate = decimal_of(1, 0);
        return ERR_OK;
    }
    char code[CURRENCY_TEXT_SIZE];
    currency_format(currency, code);
    Rows rows;
    TRY(db_ask(cx, &sql_rate_latest, ARGS(arg_text(code), arg_date(on)), &rows));
    *ret_rate = db_next(&rows) ? decimal_of(db_i64(&rows, 0), RATE_SCALE) : (Decimal){0};
    return ERR_OK;
}

Err org_rate_on(Ctx *cx, Currency currency, Date on, Decimal *ret_rate)
{
    TRY(org_rate_find(cx, currency, on, ret_rate));
    if (ret_rate->is_set) {
        return ERR_OK;
    }
    char code[CURRENCY_TEXT_SIZE];
    char day[DATE_TEXT_SIZE];
    currency_format(currency, code);
    date_format(on, day);
    return err_set(cx, ERR_RATE_MISSING, "currency",
        "No rate of %s is known on %s; set one with rate_set.", code, day);
}

Err org_to_home(Ctx *cx, Money amount, Date on, Money *ret_home)
{
    Org org;
    TRY(org_load_home(cx, &org));
    Decimal rate = {0};
    if (amount.currency != org.currency && !money_is_zero(amount)) {
        TRY(org_rate_on(cx, amount.currency, on, &rate));
    }
    if (!rate_to_home(amount, rate, org.currency, ret_home)) {
        return err_set(
            cx, ERR_FIELD_INVALID, "amount", "The amount is too large in home currency.");
    }
    return ERR_OK;
}

Err org_to_home_known(Ctx *cx, Money amount, Date on, Money *ret_home)
{
    Org org;
    TRY(org_load_home(cx, &org));
    Decimal rate = {0};
    TRY(org_rate_find(cx, amount.currency, on, &rate));
    *ret_home = money_zero(org.currency);
    return rate.is_set ? org_to_home(cx, amount, on, ret_home) : ERR_OK;
}

Err org_from_home(Ctx *cx, Decimal home_amount, Currency currency, Date on, Money *ret_amount)
{
    Org org;
    TRY(org_load(cx, &org));
    Currency home = org.currency != 0 ? org.currency : currency;
    Money amount;
    if (!money_from_decimal(home, home_amount, &amount)) {
        return err_set(cx, ERR_FIELD_INVALID, NULL,
            "The policy has an amount that the home currency cannot hold.");
    }
    Decimal rate = {0};
    if (currency != home && !money_is_zero(amount)) {
        TRY(org_rate_on(cx, currency, on, &rate));
    }
    if (!rate_from_home(amount, rate, currency, ret_amount)) {
        return err_set(
            cx, ERR_FIELD_INVALID, "amount", "The amount is too large in this currency.");
    }
    return ERR_OK;
}

/* ---- rate_set ---- */

typedef struct RateSetIn {
    Currency currency;
    Decimal rate;
    Date on;
} RateSetIn;

SCHEMA(RateSetIn,
    F_CURRENCY(RateSetIn, currency, REQUIRED),
    F_DECIMAL(RateSetIn,
        rate,
        REQUIRED,
        .scale_max = RATE_SCALE,
        .min = 0,
        .max = 1000000000,
        .doc = "Home units for one unit of the currency."),
    F_DATE(RateSetIn, on, REQUIRED, .doc = "Valid from this day until the next one."));

typedef struct RateSetOut {
    Id id;
} RateSetOut;

SCHEMA(RateSetOut, F_ID(RateSetOut, id, "rate"));

OP(rate_set,
    RateSetIn,
    RateSetOut,
    POST("/rates"),
    .effect = EFFECT_CREATE,
    .needs = PERM_RATE_WRITE,
    .summary = "Set the exchange rate of a currency from a day on.",
    FAILS(ERR_FIELD_INVALID))
{
    Org org;
    TRY(org_load(cx, &org));
    int64_t units = 0;
    if (!decimal_at_scale(in->rate, RATE_SCALE, &units) || units <= 0) {
        return err_set(
            cx, ERR_FIELD_INVALID, "rate", "A rate is above zero, with at most nine decimals.");
    }
    if (in->currency == org.currency) {
        return err_set(cx, ERR_FIELD_INVALID, "currency", "The home currency has no rate.");
    }
    char code[CURRENCY_TEXT_SIZE];
    currency_format(in->currency, code);
    out->id = db_new_id(cx);
    return fact_put(cx, &fact_rate, &sql_rate_insert,
        ARGS(arg_id(out->id), arg_text(code), arg_i64(units), arg_date(in->on),
            arg_id(cx->actor->user_id)));
}

/* ---- Reading ---- */

typedef struct RateView {
    Id id;
    Currency currency;
    Decimal rate;
    Date on;
    const char *set_by;
} RateView;

SCHEMA(RateView,
    F_ID(RateView, id, "rate"),
    F_CURRENCY(RateView, currency, .flags = FIELD_FILTER),
    F_DECIMAL(RateView, rate, .scale_max = RATE_SCALE),
    F_DATE(RateView, on, .column = "valid_on", .flags = FIELD_SORT),
    F_USER_NAME(RateView, set_by));

static const Record record_rate = {
    .name = "rate",
    .path = "/rates",
    .letter = 'X',
    .schema = &RateView_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ,
    .date_field = "on",
    .summary = "an exchange rate",
};

static const RefKind ref_rate = {.name = "rate", .letter = 'X', .called = "currency"};

const Feature rate_feature = {
    .name = "rate",
    .ops = (const Op *const[]){&op_rate_set, NULL},
    .records = (const Record *const[]){&record_rate, NULL},
    .refs = (const RefKind *const[]){&ref_rate, NULL},
    .facts = (const Fact *const[]){&fact_rate, NULL},
};
