/* Credit notes: what is owed becomes less; above a small amount only with a
 * second person's consent. */
#include "feature/approval/kinds.h"
#include "feature/document.h"
#include "feature/features.h"
#include "feature/ledger.h"
#include "feature/note/note.h"
#include "feature/org.h"
#include "feature/promise.h"
#include "feature/shown.h"
#include "op/run.h"
#include "rules/amount.h"

/* A member of JSON that C cannot name. */
#define F_RETURN(T, ...)                                                                           \
    {                                                                                              \
        .name = "return", .type = FIELD_REF, .offset = FIELD_OFFSET(T, goods_return, Ref),         \
        .to = "return", __VA_ARGS__                                                                \
    }

typedef NoteAsk CreditNotePostIn;
SCHEMA(CreditNotePostIn,
    F_REF(CreditNotePostIn, account, "account", REQUIRED),
    F_DECIMAL(CreditNotePostIn, amount, REQUIRED, .doc = "Gross, in the account's currency."),
    F_TEXT(CreditNotePostIn, reason, REQUIRED, .max_len = 4096),
    F_REF(CreditNotePostIn, invoice, "invoice", .doc = "The oldest due first when absent."),
    F_RETURN(CreditNotePostIn, .doc = "The return that it is for."),
    F_DECIMAL(CreditNotePostIn,
        tax,
        .doc = "What of the amount is tax. When absent its share in that of the return, else of "
               "the invoice; not known without either."));

typedef NoteReply CreditNotePostOut;
SCHEMA(CreditNotePostOut,
    F_ID(CreditNotePostOut, id, "credit_note"),
    F_TEXT(CreditNotePostOut, number),
    F_TEXT(CreditNotePostOut, status, .doc = "posted or pending"),
    F_CURRENCY(CreditNotePostOut, currency),
    F_MONEY(CreditNotePostOut, amount),
    F_MONEY(CreditNotePostOut, advance, .doc = "What was beyond the open amount."),
    F_ID(CreditNotePostOut, approval, "approval"));

/* ---- Rows ---- */

const Fact fact_credit_note = FACT("credit_note", 1, CREDIT_NOTE_FACTS, CREDIT_NOTE_LETTERS);

static const Sql sql_note_insert = {
    "INSERT INTO credit_note (id, account_id, number, amount, tax, advance, reason, invoice_id,"
    " return_id, posted_on, booked_on, status, posted_by_id)"
    " VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9, $9, 'pending', $10) "
    "RETURNING " CREDIT_NOTE_FACTS,
    .in = "kktiitkkdk",
    .out = CREDIT_NOTE_LETTERS,
};

/* It is dated when it takes effect. */
static const Sql sql_note_post = {
    "UPDATE credit_note SET status = 'posted', advance = $2, posted_on = $3, booked_on = $3"
    " WHERE id = $1 RETURNING " CREDIT_NOTE_FACTS,
    .in = "kid",
    .out = CREDIT_NOTE_LETTERS,
};

static const Sql sql_note_number = {
    "UPDATE credit_note SET number = $2 WHERE id = $1 RETURNING " CREDIT_NOTE_FACTS,
    .in = "kt",
    .out = CREDIT_NOTE_LETTERS,
};

static const Sql sql_note_reverse = {
    "UPDATE credit_note SET status = 'reversed', reversed_on = $2 WHERE id = $1 "
    "RETURNING " CREDIT_NOTE_FACTS,
    .in = "kd",
    .out = CREDIT_NOTE_LETTERS,
};

static const Sql sql_return_state = {
    "SELECT status FROM goods_return WHERE id = $1",
    .in = "k",
    .out = "t",
};

/* What came back after it was invoiced, and what of that has been credited or is about to be. */
static const Sql sql_return_room = {
    "SELECT g.proposed, CAST(COALESCE((SELECT SUM(n.amount) FROM credit_note n"
    " WHERE n.account_id = g.account_id AND n.return_id = g.id"
    " AND (n.status = 'posted' OR n.status = 'pending')), 0) AS BIGINT)"
    " FROM goods_return g WHERE g.id = $1",
    .in = "k",
    .out = "ii",
};

/* ---- Posting ---- */

/* receivable -> outside as far as it is open, outside -> advance beyond it. */
static Err note_post(Ctx *cx, Id note_id)
{
    Note note;
    Money allocated;
    TRY(note_load(cx, SOURCE_CREDIT_NOTE, note_id, &note));
    TRY(note_allocate(cx, &note, &allocated));
    Money beyond = money_sub(note.source.amount, allocated);
    TRY(ledger_book(cx, &(Booking){.account_id = note.source.account_id,
                            .event = MOVE_CREDITED_BEYOND,
                            .amount = beyond,
                            .posted_on = cx->today,
                            .document_kind = "credit_note",
                            .document_id = note_id}));
    TRY(fact_change(cx, &fact_credit_note, note_id, &sql_note_post,
        ARGS(arg_id(note_id), arg_i64(beyond.minor), arg_date(cx->today))));
    TRY(promise_rejudge(cx, note.source.account_id));
    const char *number = NULL;
    TRY(document_number_next(cx, "credit_note", "CN-", &number));
    return fact_change(
        cx, &fact_credit_note, note_id, &sql_note_number, ARGS(arg_id(note_id), arg_text(number)));
}

static Err credit_note_check(Ctx *cx, const Approval *approval)
{
    Note note;
    TRY(note_load(cx, SOURCE_CREDIT_NOTE, approval->subject_id, &note));
    return note_invoice_stands(cx, note.invoice_id);
}

static Err credit_note_carry_out(Ctx *cx, const Approval *approval)
{
    TRY(org_today_check(cx));
    run_changed(cx, approval->subject_id, "status", "pending", "posted");
    return note_post(cx, approval->subject_id);
}

const ApprovalKind credit_note_approval_kind = {
    .operation = "credit_note_post",
    .carry_out = credit_note_carry_out,
    .end = note_reject,
    .check = credit_note_check,
};

static Err credit_note_guard(Ctx *cx, const void *input, void *output)
{
    const CreditNotePostIn *in = input;
    (void)output;
    TRY(note_invoice_stands(cx, in->invoice.id));
    if (in->goods_return.id == 0) {
        return ERR_OK;
    }
    Rows rows;
    TRY(db_one(cx, &sql_return_state, ARGS(arg_id(in->goods_return.id)),
        "the return of a credit note", &rows));
    return document_stands(cx, "return", db_text(&rows, 0));
}

/* Of the document that a note credits: what was credited or is about to be. */
#define CREDITED_OF(document)                                                                      \
    " (SELECT CAST(COALESCE(SUM(n.amount), 0) AS BIGINT) FROM credit_note n"                       \
    "   WHERE n.account_id = d.account_id AND n." document " = d.id"                               \
    "   AND (n.status = 'posted' OR n.status = 'pending')),"                                       \
    " (SELECT CAST(COALESCE(SUM(n.tax), 0) AS BIGINT) FROM credit_note n"                          \
    "   WHERE n.account_id = d.account_id AND n." document " = d.id"                               \
    "   AND (n.status = 'posted' OR n.status = 'pending'))"

static const Sql sql_return_taxed = {
    "SELECT d.amount, (SELECT CAST(COALESCE(SUM(l.tax), 0) AS BIGINT) FROM return_line l"
    "   WHERE l.account_id = d.account_id AND l.return_id = d.id)," CREDITED_OF(
        "return_id") " FROM goods_return d WHERE d.id = $1",
    .in = "k",
    .out = "iiii",
};

static const Sql sql_invoice_taxed = {
    "SELECT d.amount, d.tax," CREDITED_OF("invoice_id") " FROM invoice d WHERE d.id = $1",
    .in = "k",
    .out = "iiii",
};

/* Currency 0 when nobody knows it. */
static Err tax_by_document(Ctx *cx, const CreditNotePostIn *in, Money amount, Money *ret_tax)
{
    Rows rows;
    bool is_return = in->goods_return.id != 0;
    Id document_id = is_return ? in->goods_return.id : in->invoice.id;
    *ret_tax = (Money){0};
    if (document_id == 0) {
        return ERR_OK;
    }
    TRY(db_one(cx, is_return ? &sql_return_taxed : &sql_invoice_taxed, ARGS(arg_id(document_id)),
        "what a credit note is for", &rows));
    if (db_is_null(&rows, 1)) {
        return ERR_OK;
    }
    Money figures[4];
    for (size_t i = 0; i < COUNT(figures); i++) {
        figures[i] = money_of(amount.currency, db_i64(&rows, i));
    }
    LineAmount whole = amount_taxed(figures[0], figures[1]);
    *ret_tax = amount_share(whole, amount_taxed(figures[2], figures[3]), amount).tax;
    return ERR_OK;
}

static Err credit_note_store(Ctx *cx, const CreditNotePostIn *in, Money amount, Money tax, Id id)
{
    return fact_put(cx, &fact_credit_note, &sql_note_insert,
        ARGS(arg_id(id), arg_id(in->account.id), arg_text(id_text(cx->arena, 'N', id)),
            arg_i64(amount.minor), tax.currency != 0 ? arg_i64(tax.minor) : arg_null(),
            arg_text(in->reason), arg_id(in->invoice.id), arg_id(in->goods_return.id),
            arg_date(cx->today), arg_id(cx->actor->user_id)));
}

/* Goods come back once: a return is credited up to what was invoiced of it. */
static Err return_room_check(Ctx *cx, Id return_id, Money amount)
{
    Rows rows;
    TRY(db_one(
        cx, &sql_return_room, ARGS(arg_id(return_id)), "the return of a credit note", &rows));
    Money invoiced = money_of(amount.currency, db_i64(&rows, 0));
    Money left = money_sub(invoiced, money_of(amount.currency, db_i64(&rows, 1)));
    if (money_cmp(amount, left) <= 0) {
        return ERR_OK;
    }
    char invoiced_text[DECIMAL_TEXT_SIZE];
    char left_text[DECIMAL_TEXT_SIZE];
    money_format(invoiced, invoiced_text);
    money_format(money_max(left, money_zero(amount.currency)), left_text);
    return err_set(cx, ERR_OVERALLOCATED, "amount",
        "Of the goods that came back %s was invoiced, and %s is left to credit; a credit for "
        "another reason names no return.",
        invoiced_text, left_text);
}

static Err credit_note_read(Ctx *cx, const CreditNotePostIn *in, Money *ret_amount, Money *ret_tax)
{
    Account account;
    TRY(account_load(cx, in->account.id, &account));
    TRY(document_amount(cx, "amount", in->amount, account.currency, ret_amount));
    TRY(note_invoice_check(cx, account.id, &in->invoice));
    if (in->goods_return.id != 0 && in->goods_return.account_id != account.id) {
        return err_set(cx, ERR_FIELD_INVALID, "return", "The return is another account's.");
    }
    TRY(in->tax.is_set ? document_tax(cx, in->tax, *ret_amount, ret_tax)
                       : tax_by_document(cx, in, *ret_amount, ret_tax));
    TRY(org_today_check(cx));
    return in->goods_return.id == 0 ? ERR_OK
                                    : return_room_check(cx, in->goods_return.id, *ret_amount);
}

OP(credit_note_post,
    CreditNotePostIn,
    CreditNotePostOut,
    POST("/credit-notes"),
    .effect = EFFECT_CREATE,
    .needs = PERM_INVOICE_WRITE,
    .lock = "account",
    .guard = credit_note_guard,
    .inverse = "credit_note_reverse",
    .summary = "Credit an account; above the policy's small amount it waits for approval.",
    FAILS(ERR_STATE, ERR_FIELD_INVALID, ERR_PERIOD_CLOSED, ERR_OVERALLOCATED, ERR_RATE_MISSING))
{
    Money amount;
    Money tax;
    bool is_small = false;
    LadderAmount ladder;
    TRY(credit_note_read(cx, in, &amount, &tax));
    TRY(document_ladder(cx, amount, &is_small, &ladder));
    Id id = db_new_id(cx);
    TRY(credit_note_store(cx, in, amount, tax, id));
    if (is_small) {
        TRY(note_post(cx, id));
    } else {
        TRY(note_ask(cx, in, &ladder, id, &out->approval));
    }
    Note note;
    TRY(note_load(cx, SOURCE_CREDIT_NOTE, id, &note));
    out->id = id;
    out->number = note.number;
    out->status = note.source.status;
    out->currency = amount.currency;
    out->amount = amount;
    out->advance = note.source.advance;
    return ERR_OK;
}

/* ---- credit_note_reverse ---- */

REVERSE_INPUT(CreditNoteReverseIn, "credit_note");

typedef Reversed CreditNoteReverseOut;
SCHEMA(CreditNoteReverseOut,
    F_ID(CreditNoteReverseOut, id, "credit_note"),
    F_TEXT(CreditNoteReverseOut, number),
    F_TEXT(CreditNoteReverseOut, status),
    F_JUDGED(CreditNoteReverseOut));

static Err credit_note_reverse_guard(Ctx *cx, const void *input, void *output)
{
    const CreditNoteReverseIn *in = input;
    (void)output;
    Source source;
    TRY(source_load(cx, SOURCE_CREDIT_NOTE, in->document.id, &source));
    return source_reverse_check(cx, &source);
}

OP(credit_note_reverse,
    CreditNoteReverseIn,
    CreditNoteReverseOut,
    POST("/credit-notes/{credit_note}/reverse"),
    .effect = EFFECT_ACT,
    .needs = PERM_INVOICE_WRITE,
    .lock = "credit_note",
    .guard = credit_note_reverse_guard,
    .is_watched = true,
    .summary = "Take a credit note back: what it credited is open again.",
    FAILS(ERR_STATE, ERR_PERIOD_CLOSED))
{
    Note note;
    DocumentFact fact;
    TRY(document_reverse_start(cx, "credit_note", &in->document, &fact));
    TRY(note_load(cx, SOURCE_CREDIT_NOTE, in->document.id, &note));
    TRY(note_take_off(cx, &note));
    Money ended;
    TRY(source_advance_end(cx, &note.source, &ended));
    TRY(source_advance_book(cx, &note.source, ended, cx->today, 0));
    TRY(document_mark_reversed(
        cx, &fact_credit_note, &sql_note_reverse, note.source.id, note.source.status));
    out->number = note.number;
    return document_reverse_end(cx, &fact, out);
}

/* ---- Reading ---- */

typedef NoteView CreditNote;
SCHEMA(CreditNote,
    F_ID(CreditNote, id, "credit_note"),
    F_TEXT(CreditNote, number, .flags = FIELD_FILTER | FIELD_SORT),
    F_ACCOUNT(CreditNote),
    F_REF(CreditNote, invoice, "invoice", .flags = FIELD_FILTER),
    F_INVOICE_NUMBER(CreditNote),
    F_RETURN(CreditNote, .column = "return_id", .flags = FIELD_FILTER),
    F_TEXT(CreditNote,
        return_number,
        .column =
            "(SELECT g.number FROM goods_return g WHERE g.account_id = r.account_id AND g.id = "
            "r.return_id)",
        .flags = FIELD_OUTPUT),
    F_ACCOUNT_CURRENCY(CreditNote),
    F_MONEY(CreditNote, amount, .flags = FIELD_SORT),
    F_TAXED(CreditNote),
    F_MONEY(CreditNote, advance, .doc = "What of it stands in advance."),
    F_NOTE_STANDING(CreditNote),
    F_USER_NAME(CreditNote, posted_by));

static const Record record_credit_note = {
    .name = "credit_note",
    .path = "/credit-notes",
    .letter = 'N',
    .schema = &CreditNote_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ_OWN,
    .date_field = "posted_on",
    .partner_join = ACCOUNT_JOIN,
    .summary = "a credit note",
};

static const Sql sql_check_tax = {
    "SELECT 'credit note ' || number || ': its tax is no part of its amount' FROM credit_note"
    " WHERE tax < 0 OR tax > amount",
    .in = "",
    .out = "t",
};
static const Check check_tax = {
    .name = "taxes of credit notes are part of them", .sql = &sql_check_tax};

static const RefKind ref_credit_note = {
    .name = "credit_note", .letter = 'N', .code = "number", .account = "account_id"};

const Feature credit_note_feature = {
    .name = "credit_note",
    .ops = (const Op *const[]){&op_credit_note_post, &op_credit_note_reverse, NULL},
    .records = (const Record *const[]){&record_credit_note, NULL},
    .refs = (const RefKind *const[]){&ref_credit_note, NULL},
    .checks = (const Check *const[]){&check_tax, NULL},
    .facts = (const Fact *const[]){&fact_credit_note, NULL},
};
