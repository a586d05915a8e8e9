/* Credit notes, write-offs and refunds: what a second person may have to consent to. Each is
 * written as pending and takes effect at once when it is small, else with the last consent. What is
 * asked, answered and shown is one struct each; the schema of a kind has the members that the kind
 * has. */
#ifndef GUANXI_FEATURE_NOTE_H
#define GUANXI_FEATURE_NOTE_H

#include "feature/approval.h"
#include "feature/payment/model.h"
#include "rules/allocation.h"

typedef struct NoteAsk {
    Ref account;
    Decimal amount;
    const char *reason;
    Ref invoice;
    Ref goods_return; /* "return" outside, which C cannot name a member */
    Decimal tax;
} NoteAsk;

typedef struct NoteReply {
    Id id;
    const char *number;
    const char *status;
    Currency currency;
    Money amount;
    Money advance;
    Id approval;
    const char *state; /* of the account */
} NoteReply;

typedef struct NoteView {
    Id id;
    const char *number;
    Ref account;
    Ref partner;
    const char *partner_name;
    const char *owner;
    Ref invoice;
    const char *invoice_number;
    Ref goods_return;
    const char *return_number;
    Currency currency;
    Money amount;
    Money net;
    Money tax;
    Money gross;
    Money advance;
    Money standing;
    Money recovered;
    const char *reason;
    Date posted_on;
    Date booked_on;
    int status;
    Date reversed_on;
    Id approval;
    Id decision_id;
    const char *posted_by;
} NoteView;

/* What is fact in their tables; see op/fact.h. */
#define CREDIT_NOTE_FACTS                                                                          \
    "id, account_id, number, amount, tax, reason, invoice_id, return_id, posted_on, "              \
    "booked_on, status, approval_id, posted_by_id, reversed_on"
#define CREDIT_NOTE_LETTERS "kktiitkkddtkkd"
#define WRITE_OFF_FACTS                                                                            \
    "id, account_id, amount, reason, invoice_id, posted_on, booked_on, status, "                   \
    "approval_id, posted_by_id, reversed_on"
#define WRITE_OFF_LETTERS "kkitkddtkkd"
#define REFUND_FACTS                                                                               \
    "id, account_id, amount, reason, posted_on, booked_on, status, approval_id, "                  \
    "decision_id, posted_by_id, reversed_on"
#define REFUND_LETTERS "kkitddtkkkd"
extern const Fact fact_credit_note;
extern const Fact fact_write_off;
extern const Fact fact_refund;

/* From the reason to the consent, alike in all three. */
#define F_NOTE_STANDING(T)                                                                         \
    F_TEXT(T, reason), F_DATE(T, posted_on, .flags = FIELD_SORT), F_DATE(T, booked_on),            \
        F_ENUM(T, status, document_status_names, .flags = FIELD_FILTER), F_DATE(T, reversed_on),   \
        F_ID(T, approval, "approval", .column = "approval_id")

/* Asks for consent to what the running operation has written as pending. */
Err note_ask(
    Ctx *cx, const NoteAsk *in, const LadderAmount *amount, Id id, Id *ret_approval) MUST_CHECK;
/* Ends a kind's pending row when its request is rejected, void or lapsed. */
Err note_reject(Ctx *cx, const Approval *approval) MUST_CHECK;

/* ---- Credit notes and write-offs: the invoices they go to ---- */

/* A note that is to be posted. */
typedef struct Note {
    Source source;
    Id invoice_id; /* 0: oldest due first */
    const char *number;
} Note;

/* `kind`: SOURCE_CREDIT_NOTE or SOURCE_WRITE_OFF. */
Err note_load(Ctx *cx, SourceKind kind, Id note_id, Note *ret_note) MUST_CHECK;
/* The open invoices it may go to, and how: List of AllocationPiece as of the business date. */
Err note_pieces(Ctx *cx, const Note *note, List *ret_pieces) MUST_CHECK;
/* Writes the pieces; what they come to. */
Err note_allocate(Ctx *cx, const Note *note, Money *ret_allocated) MUST_CHECK;
/* Takes all that stands of a credit note off its invoices. */
Err note_take_off(Ctx *cx, const Note *note) MUST_CHECK;
/* The invoice that a note names belongs to the account (ERR_FIELD_INVALID). */
Err note_invoice_check(Ctx *cx, Id account_id, const Ref *invoice) MUST_CHECK;
/* Marks a write-off as reversed when nothing of it stands any more. */
Err write_off_settle(Ctx *cx, Id write_off_id) MUST_CHECK;
/* It is not reversed (ERR_STATE); 0: none is named. */
Err note_invoice_stands(Ctx *cx, Id invoice_id) MUST_CHECK;

#endif
