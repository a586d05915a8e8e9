/* Reading limits. */
#include "feature/limit/read.h"

#include "feature/document.h"
#include "feature/shown.h"
#include "op/run.h"
#include "rules/limit.h"

typedef struct StepView {
    Date from;
    Money amount;
} StepView;

SCHEMA(StepView, F_DATE(StepView, from), F_MONEY(StepView, amount));

typedef struct Limit {
    Id id;
    Ref account;
    Ref partner;
    const char *partner_name;
    const char *owner;
    int kind;
    Currency currency;
    LimitValue amount;
    Date from;
    Date until;
    List steps;
    const char *reason;
    int status;
    Id approval;
    const char *set_by;
    Date set_on;
} Limit;

SCHEMA(Limit,
    F_ID(Limit, id, "limit"),
    F_ACCOUNT(Limit),
    F_ENUM(Limit, kind, limit_row_kind_names, .flags = FIELD_FILTER),
    F_ACCOUNT_CURRENCY(Limit),
    F_LIMIT(Limit, amount),
    F_DATE(Limit, from, .column = "from_on", .flags = FIELD_SORT),
    F_DATE(Limit, until, .column = "until_on"),
    F_LIST(Limit, steps, StepView, .doc = "Seasonal: lower amounts from later days."),
    F_TEXT(Limit, reason),
    F_ENUM(Limit, status, grant_status_names, .flags = FIELD_FILTER),
    F_ID(Limit, approval, "approval", .column = "approval_id"),
    F_USER_NAME(Limit, set_by),
    F_DATE(Limit, set_on));

static const Sql sql_limit_steps_of = {
    "SELECT s.from_on, s.amount FROM limit_step s WHERE s.limit_id = $1 ORDER BY s.from_on",
    .in = "k",
    .out = "di",
};

static Err limit_fill(Ctx *cx, void *items, size_t count)
{
    Limit *limits = items;
    for (size_t i = 0; i < count; i++) {
        Rows rows;
        TRY(db_ask(cx, &sql_limit_steps_of, ARGS(arg_id(limits[i].id)), &rows));
        StepView *steps = arena_array(cx->arena, rows.count, sizeof *steps);
        for (size_t s = 0; db_next(&rows); s++) {
            steps[s] =
                (StepView){db_date(&rows, 0), money_of(limits[i].currency, db_i64(&rows, 1))};
        }
        limits[i].steps = (List){steps, rows.count};
    }
    return ERR_OK;
}

const Record record_limit = {
    .name = "limit",
    .table = "credit_limit",
    .path = "/limits",
    .letter = 'K',
    .schema = &Limit_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ,
    .date_field = "from",
    .partner_join = ACCOUNT_JOIN,
    .fill = limit_fill,
    .summary = "a dated credit limit",
};

const RefKind ref_limit = {.name = "limit",
    .letter = 'K',
    .table = "credit_limit",
    .account = "account_id",
    .called = "kind"};
