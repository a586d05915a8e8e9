/* What shipments, returns, invoices, notes and payments have in common. */
#ifndef GUANXI_FEATURE_DOCUMENT_H
#define GUANXI_FEATURE_DOCUMENT_H

#include "feature/account.h"
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

/* A document's number that is made from its id. */
const char *document_number(Ctx *cx, char letter, Id id);
/* An amount of an input in the account's currency: above zero, not too many decimals.
 * ERR_FIELD_INVALID. */
Err document_amount(
    Ctx *cx, const char *field, Decimal given, Currency currency, Money *ret_amount) MUST_CHECK;
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

#endif
