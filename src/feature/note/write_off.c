/* Write-offs: a claim is given up. Asking for one above a small amount stops the account; until it
 * is approved nothing is freed. */
#include "feature/approval.h"
#include "feature/approval/kinds.h"
#include "feature/document.h"
#include "feature/features.h"
#include "feature/note/note.h"
#include "feature/org.h"
#include "feature/promise.h"
#include "feature/shown.h"
#include "op/run.h"

typedef NoteAsk WriteOffPostIn;
SCHEMA(WriteOffPostIn,
    F_REF(WriteOffPostIn, account, "account", REQUIRED),
    F_DECIMAL(WriteOffPostIn, amount, REQUIRED, .doc = "Gross, in the account's currency."),
    F_TEXT(WriteOffPostIn, reason, REQUIRED, .max_len = 4096),
    F_REF(WriteOffPostIn, invoice, "invoice", .doc = "The oldest due first when absent."));

typedef NoteReply WriteOffPostOut;
SCHEMA(WriteOffPostOut,
    F_ID(WriteOffPostOut, id, "write_off"),
    F_TEXT(WriteOffPostOut, status, .doc = "posted or pending"),
    F_CURRENCY(WriteOffPostOut, currency),
    F_MONEY(WriteOffPostOut, amount),
    F_ID(WriteOffPostOut, approval, "approval"),
    F_TEXT(WriteOffPostOut, state, .doc = "Of the account: `stop` above a small amount."));

/* ---- Rows ---- */

const Fact fact_write_off = FACT("write_off", 1, WRITE_OFF_FACTS, WRITE_OFF_LETTERS);

static const Sql sql_write_off_insert = {
    "INSERT INTO write_off (id, account_id, amount, reason, invoice_id, posted_on, booked_on,"
    " status, posted_by_id) VALUES ($1, $2, $3, $4, $5, $6, $6, 'pending', $7) "
    "RETURNING " WRITE_OFF_FACTS,
    .in = "kkitkdk",
    .out = WRITE_OFF_LETTERS,
};

/* It is dated when it takes effect. */
static const Sql sql_write_off_post = {
    "UPDATE write_off SET status = 'posted', posted_on = $2, booked_on = $2 WHERE id = $1 "
    "RETURNING " WRITE_OFF_FACTS,
    .in = "kd",
    .out = WRITE_OFF_LETTERS,
};

static const Sql sql_write_off_reverse = {
    "UPDATE write_off SET status = 'reversed', reversed_on = $2 WHERE id = $1 "
    "RETURNING " WRITE_OFF_FACTS,
    .in = "kd",
    .out = WRITE_OFF_LETTERS,
};

/* ---- Posting ---- */

/* What is open where it is to go. */
static Err note_room(Ctx *cx, const Note *note, Money *ret_room)
{
    List pieces;
    TRY(note_pieces(cx, note, &pieces));
    *ret_room = money_zero(note->source.currency);
    for (size_t i = 0; i < pieces.count; i++) {
        *ret_room = money_add(*ret_room, LIST_AT(pieces, AllocationPiece, i)->amount);
    }
    return ERR_OK;
}

static Err write_off_post_note(Ctx *cx, Id write_off_id)
{
    Note note;
    Money allocated;
    TRY(note_load(cx, SOURCE_WRITE_OFF, write_off_id, &note));
    TRY(note_allocate(cx, &note, &allocated));
    ASSERT(money_cmp(allocated, note.source.amount) == 0);
    return fact_change(cx, &fact_write_off, write_off_id, &sql_write_off_post,
        ARGS(arg_id(write_off_id), arg_date(cx->today)));
}

/* What was asked for is carried out whole or not at all. */
static Err write_off_check(Ctx *cx, const Approval *approval)
{
    Note note;
    Money room;
    TRY(note_load(cx, SOURCE_WRITE_OFF, approval->subject_id, &note));
    TRY(note_invoice_stands(cx, note.invoice_id));
    TRY(note_room(cx, &note, &room));
    if (money_cmp(room, note.source.amount) < 0) {
        return err_set(cx, ERR_STATE, NULL,
            "Less is open by now than was to be written off; reject it and ask anew.");
    }
    return ERR_OK;
}

static Err write_off_carry_out(Ctx *cx, const Approval *approval)
{
    TRY(org_today_check(cx));
    TRY(write_off_check(cx, approval));
    run_changed(cx, approval->subject_id, "status", "pending", "posted");
    return write_off_post_note(cx, approval->subject_id);
}

const ApprovalKind write_off_approval_kind = {
    .operation = "write_off_post",
    .carry_out = write_off_carry_out,
    .end = note_reject,
    .check = write_off_check,
};

/* A claim that is being given up is no ground for new ones. */
static Err account_stop(Ctx *cx, const Account *account)
{
    if (account->state >= STATE_STOP) {
        return ERR_OK;
    }
    TRY(approval_void(cx, account->id, "account_state_set"));
    return account_state_put(cx, account->id, STATE_STOP, "a write-off was asked for");
}

static Err write_off_guard(Ctx *cx, const void *input, void *output)
{
    (void)output;
    return note_invoice_stands(cx, ((const WriteOffPostIn *)input)->invoice.id);
}

static Err write_off_read(
    Ctx *cx, const WriteOffPostIn *in, const Account *account, Money *ret_amount)
{
    TRY(document_amount(cx, "amount", in->amount, account->currency, ret_amount));
    TRY(note_invoice_check(cx, account->id, &in->invoice));
    TRY(org_today_check(cx));
    Note note = {
        .source = {.account_id = account->id, .currency = account->currency, .amount = *ret_amount},
        .invoice_id = in->invoice.id,
    };
    Money room;
    TRY(note_room(cx, &note, &room));
    if (money_cmp(room, *ret_amount) < 0) {
        char open[DECIMAL_TEXT_SIZE];
        money_format(room, open);
        return err_set(cx, ERR_OVERALLOCATED, "amount", "Only %s is open.", open);
    }
    return ERR_OK;
}

OP(write_off_post,
    WriteOffPostIn,
    WriteOffPostOut,
    POST("/write-offs"),
    .effect = EFFECT_CREATE,
    .needs = PERM_INVOICE_WRITE,
    .lock = "account",
    .guard = write_off_guard,
    .inverse = "write_off_reverse",
    .summary = "Give a claim up; above the policy's small amount it stops the account and waits "
               "for approval.",
    FAILS(ERR_STATE, ERR_FIELD_INVALID, ERR_PERIOD_CLOSED, ERR_OVERALLOCATED, ERR_RATE_MISSING))
{
    Account account;
    Money amount;
    bool is_small = false;
    LadderAmount ladder;
    TRY(account_load(cx, in->account.id, &account));
    TRY(write_off_read(cx, in, &account, &amount));
    TRY(document_ladder(cx, amount, &is_small, &ladder));
    Id id = db_new_id(cx);
    TRY(fact_put(cx, &fact_write_off, &sql_write_off_insert,
        ARGS(arg_id(id), arg_id(account.id), arg_i64(amount.minor), arg_text(in->reason),
            arg_id(in->invoice.id), arg_date(cx->today), arg_id(cx->actor->user_id))));
    if (is_small) {
        TRY(write_off_post_note(cx, id));
    } else {
        TRY(account_stop(cx, &account));
        TRY(note_ask(cx, in, &ladder, id, &out->approval));
    }
    Note note;
    TRY(note_load(cx, SOURCE_WRITE_OFF, id, &note));
    TRY(account_load(cx, account.id, &account));
    out->id = id;
    out->status = note.source.status;
    out->currency = account.currency;
    out->amount = amount;
    out->state = account_state_names[account.state];
    return ERR_OK;
}

/* ---- write_off_reverse ---- */

REVERSE_INPUT(WriteOffReverseIn, "write_off");

typedef Reversed WriteOffReverseOut;
SCHEMA(WriteOffReverseOut,
    F_ID(WriteOffReverseOut, id, "write_off"),
    F_TEXT(WriteOffReverseOut, status),
    F_JUDGED(WriteOffReverseOut));

static Err write_off_reverse_guard(Ctx *cx, const void *input, void *output)
{
    const WriteOffReverseIn *in = input;
    (void)output;
    Source source;
    TRY(source_load(cx, SOURCE_WRITE_OFF, in->document.id, &source));
    return source_reverse_check(cx, &source);
}

static Err write_off_mark(Ctx *cx, const Source *write_off)
{
    return document_mark_reversed(
        cx, &fact_write_off, &sql_write_off_reverse, write_off->id, write_off->status);
}

Err write_off_settle(Ctx *cx, Id write_off_id)
{
    Source write_off;
    List allocations;
    TRY(allocations_of_source(cx, write_off_id, &allocations));
    if (allocations.count > 0) {
        return ERR_OK;
    }
    TRY(source_load(cx, SOURCE_WRITE_OFF, write_off_id, &write_off));
    return write_off_mark(cx, &write_off);
}

OP(write_off_reverse,
    WriteOffReverseIn,
    WriteOffReverseOut,
    POST("/write-offs/{write_off}/reverse"),
    .effect = EFFECT_ACT,
    .needs = PERM_INVOICE_WRITE,
    .lock = "write_off",
    .guard = write_off_reverse_guard,
    .is_watched = true,
    .summary = "Take a write-off back: the claim stands again; what came in on it has paid it.",
    FAILS(ERR_STATE, ERR_PERIOD_CLOSED))
{
    Source source;
    List allocations;
    DocumentFact fact;
    TRY(document_reverse_start(cx, "write_off", &in->document, &fact));
    TRY(source_load(cx, SOURCE_WRITE_OFF, in->document.id, &source));
    TRY(allocations_of_source(cx, source.id, &allocations));
    for (size_t i = 0; i < allocations.count; i++) {
        TRY(written_off_take_off(cx, LIST_AT(allocations, Allocation, i)));
    }
    TRY(write_off_mark(cx, &source));
    return document_reverse_end(cx, &fact, out);
}

/* ---- Reading ---- */

typedef NoteView WriteOff;
SCHEMA(WriteOff,
    F_ID(WriteOff, id, "write_off"),
    F_ACCOUNT(WriteOff),
    F_REF(WriteOff, invoice, "invoice", .flags = FIELD_FILTER),
    F_INVOICE_NUMBER(WriteOff),
    F_ACCOUNT_CURRENCY(WriteOff),
    F_MONEY(WriteOff, amount, .flags = FIELD_SORT),
    F_MONEY(WriteOff,
        standing,
        .column = "(SELECT CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) FROM allocation l"
                  " WHERE l.account_id = r.account_id AND l.source_id = r.id AND l.reverses_id IS "
                  "NULL AND l.is_reversed = FALSE)",
        .flags = FIELD_OUTPUT,
        .doc = "What of it is written off still: less than the amount when an invoice of several "
               "was reversed."),
    F_MONEY(WriteOff,
        recovered,
        .column =
            "(SELECT CAST(COALESCE(-SUM(l.amount), 0) AS BIGINT) FROM allocation l"
            " JOIN allocation w ON w.account_id = l.account_id AND w.id = l.reverses_id"
            " WHERE l.account_id = r.account_id AND l.source_id = r.id AND w.is_reversed = FALSE)",
        .flags = FIELD_OUTPUT,
        .doc = "What came in on it after all."),
    F_NOTE_STANDING(WriteOff),
    F_USER_NAME(WriteOff, posted_by));

static const Record record_write_off = {
    .name = "write_off",
    .path = "/write-offs",
    .letter = 'W',
    .schema = &WriteOff_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ,
    .date_field = "posted_on",
    .partner_join = ACCOUNT_JOIN,
    .summary = "a write-off",
};

static const RefKind ref_write_off = {
    .name = "write_off", .letter = 'W', .account = "account_id", .called = "status"};

const Feature write_off_feature = {
    .name = "write_off",
    .ops = (const Op *const[]){&op_write_off_post, &op_write_off_reverse, NULL},
    .records = (const Record *const[]){&record_write_off, NULL},
    .refs = (const RefKind *const[]){&ref_write_off, NULL},
    .facts = (const Fact *const[]){&fact_write_off, NULL},
};
