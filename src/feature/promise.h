/* Dated promises of payment. */
#ifndef GUANXI_FEATURE_PROMISE_H
#define GUANXI_FEATURE_PROMISE_H

#include "base/ctx.h"
#include "db/db.h"
#include "feature/account.h"
#include "rules/promise.h"

typedef struct PromiseAsk {
    Id account_id;
    Money amount;
    Date due_on;
    List invoices;    /* Ref */
    Id replaces_id;   /* 0: none */
    Id vouched_by_id; /* who made it on our side */
    bool carries_release;
    Id release_id; /* set later with promise_bind_release when the release is not there yet */
} PromiseAsk;

typedef struct PromiseMade {
    Id id;
    int64_t level;
    int status;
} PromiseMade;

Err promise_add(Ctx *cx, const PromiseAsk *ask, PromiseMade *ret_made) MUST_CHECK;
Err promise_bind_release(Ctx *cx, Id promise_id, Id release_id) MUST_CHECK;
/* Judges all promises of the account whose verdict can have changed as of the business date: after
 * a payment, a reversal, a credit note, and at day close. Withdraws the releases of those that
 * broke and holds their orders again. `is_late_window`: past windows are judged too (day close,
 * gates); ended ones only when money of their window changed. */
Err promise_rejudge(Ctx *cx, Id account_id) MUST_CHECK;

/* The partner's record as the gate needs it, in home currency, nothing waiting for day close: what
 * is past its window and unpaid counts as broken. */
typedef struct PromiseRecord {
    int64_t broken_365d;
    Money broken_open; /* what broken and partly kept ones of 365 days still lack */
    int64_t level_next;
} PromiseRecord;
/* Of the partner of the account. */
Err promise_record(Ctx *cx, const Account *account, PromiseRecord *ret_record) MUST_CHECK;

/* promise_judge() on the figures of the row: what is past its window is what it has become, without
 * waiting for the close of a day. $1 is the business date, $2 the policy's partly_share in
 * millionths; quotient and rest apart keep the product in 64 bits. What comes within the tolerance
 * makes a promise kept when it comes. */
#define PROMISE_STATUS_NOW                                                                         \
    "(CASE WHEN r.status <> 'open' OR r.window_end_on >= $1 THEN r.status"                         \
    " WHEN r.lacks <= 0 THEN 'kept'"                                                               \
    " WHEN r.received - (r.received + r.lacks) / 1000000 * $2"                                     \
    " >= ((r.received + r.lacks) % 1000000 * $2 + 999999) / 1000000"                               \
    " THEN 'partly_kept' ELSE 'broken' END)"
#define PROMISE_ENDED_ON_NOW                                                                       \
    "(CASE WHEN r.status = 'open' AND r.window_end_on < $1 THEN {day_after r.window_end_on}"       \
    " ELSE r.ended_on END)"
/* Fills $1 and $2 of them. */
Err promise_status_args(Ctx *cx, Arg *ret_args) MUST_CHECK;

#endif
