/* What credit notes and write-offs share: the invoices they go to. */
#ifndef GUANXI_FEATURE_NOTE_H
#define GUANXI_FEATURE_NOTE_H

#include "feature/payment/model.h"
#include "rules/allocation.h"

/* A note that is to be posted. */
typedef struct Note {
    Source source;
    Id invoice_id; /* 0: oldest due first */
    Id approval_id;
    const char *number;
} Note;

/* The open invoices it may go to, and how: List of AllocationPiece as of the business date. */
Err note_pieces(Ctx *cx, const Note *note, List *ret_pieces) MUST_CHECK;
/* Writes the pieces; what they come to. */
Err note_allocate(Ctx *cx, const Note *note, Money *ret_allocated) MUST_CHECK;
/* Takes all that stands of it off its invoices. */
Err note_take_off(Ctx *cx, const Note *note) MUST_CHECK;
/* The invoice that a note names belongs to the account (ERR_FIELD_INVALID). */
Err note_invoice_check(Ctx *cx, Id account_id, const Ref *invoice) MUST_CHECK;
/* It is not reversed (ERR_STATE); 0: none is named. */
Err note_invoice_stands(Ctx *cx, Id invoice_id) MUST_CHECK;

#endif
