/* Reading releases. */
#include "feature/release/read.h"

#include "feature/release.h"
#include "feature/shown.h"
#include "op/run.h"
#include "rules/state.h"

typedef struct ReleaseView {
    Id id;
    Ref account;
    Ref partner;
    const char *partner_name;
    const char *owner;
    Ref order;
    const char *order_number;
    Id approval;
    Id decision_id;
    Id promise;
    Currency currency;
    Money amount_max;
    Money used;
    Money excess;
    Date given_on;
    Date expires_on;
    Date ended_on;
    const char *given_by;
    const char *reason;
    int status;
} ReleaseView;

SCHEMA(ReleaseView,
    F_ID(ReleaseView, id, "release"),
    F_ACCOUNT(ReleaseView),
    F_REF(ReleaseView, order, "order", .flags = FIELD_FILTER),
    F_ORDER_NUMBER(ReleaseView),
    F_ID(ReleaseView, approval, "approval", .column = "approval_id"),
    F_ID(ReleaseView, decision_id, "decision"),
    F_ID(ReleaseView, promise, "promise", .column = "promise_id"),
    F_ACCOUNT_CURRENCY(ReleaseView),
    F_MONEY(ReleaseView, amount_max, .doc = "What may ship under it, over all shipments."),
    F_MONEY(ReleaseView, used, .doc = "What has shipped under it."),
    F_MONEY(ReleaseView, excess, .doc = "What it lets go above the limit."),
    F_DATE(ReleaseView, given_on, .flags = FIELD_SORT),
    F_DATE(ReleaseView, expires_on, .flags = FIELD_SORT),
    F_DATE(ReleaseView, ended_on),
    F_TEXT(ReleaseView,
        given_by,
        .column = "(SELECT u.name FROM app_user u WHERE u.id = r.given_by_id)",
        .flags = FIELD_OUTPUT,
        .doc = "Whose consent was the last."),
    F_TEXT(ReleaseView, reason),
    F_ENUM(ReleaseView,
        status,
        release_status_names,
        .column = RELEASE_STATUS_NOW,
        .flags = FIELD_FILTER | FIELD_OUTPUT));

static Err release_args(Ctx *cx, Arg *ret_args)
{
    ret_args[0] = arg_date(cx->today);
    return ERR_OK;
}

const Record record_release = {
    .name = "release",
    .table = "credit_release",
    .path = "/releases",
    .letter = 'R',
    .schema = &ReleaseView_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ,
    .date_field = "given_on",
    .partner_join = ACCOUNT_JOIN,
    .args_in = "d",
    .args = release_args,
    .summary = "a release of a held order",
};

const RefKind ref_release = {.name = "release",
    .letter = 'R',
    .table = "credit_release",
    .account = "account_id",
    .called = "status"};
