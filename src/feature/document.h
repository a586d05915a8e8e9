/* What shipments, returns, invoices, notes and payments have in common. */
#ifndef GUANXI_FEATURE_DOCUMENT_H
#define GUANXI_FEATURE_DOCUMENT_H

#include "base/schema.h"
#include "db/db.h"
#include "feature/account.h"
#include "op/fact.h"
#include "rules/ladder.h"
#include "rules/move.h"

typedef enum DocumentStatus {
    DOCUMENT_NONE,
    DOCUMENT_PENDING, /* waits for a second person */
    DOCUMENT_POSTED,
    DOCUMENT_REVERSED,
    DOCUMENT_REJECTED,
} DocumentStatus;

extern const char *const document_status_names[];
/* Of limits, policies and closings: what is granted, by whoever may. */
extern const char *const grant_status_names[];

/* Begins the series of a new database. */
Err document_series_start(Ctx *cx) MUST_CHECK;
/* The next number of a gapless series ("invoice" -> "INV-000001"). Taken last in the transaction:
 * the row of the series is one for all accounts. */
Err document_number_next(
    Ctx *cx, const char *series, const char *prefix, const char **ret_number) MUST_CHECK;
extern const Fact fact_series; /* see op/fact.h */
/* An amount of an input in the account's currency: above zero, not too many decimals.
 * ERR_FIELD_INVALID. */
Err document_amount(
    Ctx *cx, const char *field, Decimal given, Currency currency, Money *ret_amount) MUST_CHECK;
/* What of the amount is tax, as it is given: not below zero, nor more. ERR_FIELD_INVALID tax. */
Err document_tax(Ctx *cx, Decimal given, Money amount, Money *ret_tax) MUST_CHECK;
/* Is it above the policy's small_amount, and what does the ladder look at? ERR_RATE_MISSING. */
Err document_ladder(Ctx *cx, Money amount, bool *ret_is_small, LadderAmount *ret_ladder) MUST_CHECK;

/* A change of an account's position that is no order:
 * judged at the order gate on the figures after it. */
typedef struct DocumentFact {
    Id account_id;
    Position before;
    const char *document_kind;
    Id document_id;
    Id order_id;
    Id decision_id; /* its decision is to have; 0: a new one */
} DocumentFact;
/* Notes the position before the change. */
Err document_fact_start(Ctx *cx, Id account_id, DocumentFact *ret_fact) MUST_CHECK;
/* What has happened is judged and never blocked: stores a decision about the position before and
 * now. Where no rate is known there is none, and *ret_decision is 0. */
Err document_judge(Ctx *cx, const DocumentFact *fact, Id *ret_decision) MUST_CHECK;
/* What is only asked for has to pass: ERR_CREDIT_REFUSED when a rule holds or refuses `after`,
 * naming the rules; else stores the decision when ret_decision is given. ERR_RATE_MISSING. */
Err document_pass(
    Ctx *cx, const DocumentFact *fact, const Position *after, Id *ret_decision) MUST_CHECK;

/* ---- Taking documents back ---- */

/* What every reversal is asked with: the document, which its path names, and why. The member has
 * the name of the kind, so each kind has a schema of its own over the one struct. */
typedef struct ReverseAsk {
    Ref document;
    const char *reason;
} ReverseAsk;
#define REVERSE_INPUT(T, kind)                                                                     \
    typedef ReverseAsk T;                                                                          \
    SCHEMA(T,                                                                                      \
        {.name = (kind),                                                                           \
            .type = FIELD_REF,                                                                     \
            .offset = offsetof(T, document),                                                       \
            .to = (kind),                                                                          \
            .flags = FIELD_REQUIRED},                                                              \
        F_TEXT(T, reason, REQUIRED, .max_len = 4096))

/* What most reversals answer; the schema of a kind shows the members that it has. */
typedef struct Reversed {
    Id id;
    const char *number;
    const char *status;
    Id decision_id;
} Reversed;
#define F_JUDGED(T) F_ID(T, decision_id, "decision", .doc = "It is judged, never blocked.")

/* ERR_STATE on the member that is named like the kind, when the document is not posted. */
Err document_stands(Ctx *cx, const char *kind, const char *status) MUST_CHECK;
/* Marks it reversed, as of the business date: `reverse` takes its id and the day. `before` is the
 * status it had. */
Err document_mark_reversed(
    Ctx *cx, const Fact *fact, const Sql *reverse, Id document_id, const char *before) MUST_CHECK;

/* Around what a kind undoes, when its reversal is judged and never blocked: before it
 * (ERR_PERIOD_CLOSED), and after it, when promises are judged anew too. */
Err document_reverse_start(
    Ctx *cx, const char *kind, const Ref *document, DocumentFact *ret_fact) MUST_CHECK;
Err document_reverse_end(Ctx *cx, const DocumentFact *fact, Reversed *out) MUST_CHECK;

#endif
