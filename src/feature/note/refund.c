/* Paying an advance back: always with a second person's consent, and judged when it is given. */
#include "feature/approval.h"
#include "feature/approval/kinds.h"
#include "feature/document.h"
#include "feature/features.h"
#include "feature/ledger.h"
#include "feature/note/note.h"
#include "feature/org.h"
#include "feature/shown.h"
#include "op/run.h"

typedef NoteAsk RefundPostIn;
SCHEMA(RefundPostIn,
    F_REF(RefundPostIn, account, "account", REQUIRED),
    F_DECIMAL(RefundPostIn, amount, REQUIRED),
    F_TEXT(RefundPostIn, reason, REQUIRED, .max_len = 4096));

typedef NoteReply RefundPostOut;
SCHEMA(RefundPostOut,
    F_ID(RefundPostOut, id, "refund"),
    F_TEXT(RefundPostOut, status, .doc = "pending: refunds wait for approval"),
    F_CURRENCY(RefundPostOut, currency),
    F_MONEY(RefundPostOut, amount),
    F_ID(RefundPostOut, approval, "approval"));

/* ---- Rows ---- */

typedef struct RefundRow {
    Id id;
    Id account_id;
    Currency currency;
    Money amount;
    const char *status;
} RefundRow;

SCHEMA(RefundRow,
    F_ID(RefundRow, id, "refund"),
    F_ID(RefundRow, account_id, "account"),
    F_CURRENCY(RefundRow, currency),
    F_MONEY(RefundRow, amount),
    F_TEXT(RefundRow, status));

static const Sql sql_refund_load = {
    "SELECT f.id, f.account_id, a.currency, f.amount, f.status FROM refund f"
    " JOIN account a ON a.id = f.account_id WHERE f.id = $1",
    .in = "k",
    .out = "kktit",
};

const Fact fact_refund = FACT("refund", 1, REFUND_FACTS, REFUND_LETTERS);

static const Sql sql_refund_insert = {
    "INSERT INTO refund (id, account_id, amount, reason, posted_on, booked_on, status,"
    " posted_by_id) VALUES ($1, $2, $3, $4, $5, $5, 'pending', $6) RETURNING " REFUND_FACTS,
    .in = "kkitdk",
    .out = REFUND_LETTERS,
};

/* It is dated when it takes effect. */
static const Sql sql_refund_post = {
    "UPDATE refund SET status = 'posted', posted_on = $2, booked_on = $2, decision_id = $3"
    " WHERE id = $1 RETURNING " REFUND_FACTS,
    .in = "kdk",
    .out = REFUND_LETTERS,
};

static const Sql sql_refund_reverse = {
    "UPDATE refund SET status = 'reversed', reversed_on = $2 WHERE id = $1 RETURNING " REFUND_FACTS,
    .in = "kd",
    .out = REFUND_LETTERS,
};

#define PART_FACTS "id, account_id, refund_id, source_kind, source_id, amount"
#define PART_LETTERS "kkktki"
static const Fact fact_part = FACT("refund_part", 1, PART_FACTS, PART_LETTERS);

static const Sql sql_part_insert = {
    "INSERT INTO refund_part (id, account_id, refund_id, source_kind, source_id, amount)"
    " VALUES ($1, $2, $3, $4, $5, $6) RETURNING " PART_FACTS,
    .in = "kkktki",
    .out = PART_LETTERS,
};

typedef struct RefundPart {
    int kind;
    Id source_id;
    Currency currency;
    Money amount;
} RefundPart;

SCHEMA(RefundPart,
    F_ENUM(RefundPart, kind, source_names),
    F_ID(RefundPart, source_id, "payment"),
    F_CURRENCY(RefundPart, currency),
    F_MONEY(RefundPart, amount));

static const Sql sql_parts = {
    "SELECT x.source_kind, x.source_id, a.currency, x.amount FROM refund_part x"
    " JOIN account a ON a.id = x.account_id WHERE x.refund_id = $1 ORDER BY x.id",
    .in = "k",
    .out = "tkti",
};

static Err refund_load(Ctx *cx, Id refund_id, RefundRow *ret_refund)
{
    return row_load(cx, &sql_refund_load, refund_id, &RefundRow_schema, "refund", ret_refund);
}

/* ---- Paying out ---- */

static Err refund_book(Ctx *cx, const RefundRow *refund, bool is_reversal)
{
    return ledger_book(cx, &(Booking){.account_id = refund->account_id,
                               .event = MOVE_REFUNDED,
                               .is_reversal = is_reversal,
                               .amount = refund->amount,
                               .posted_on = cx->today,
                               .document_kind = "refund",
                               .document_id = refund->id});
}

/* Oldest advances first, whatever they were meant for. */
static Err parts_take(Ctx *cx, const RefundRow *refund)
{
    List sources;
    TRY(source_advances(cx, refund->account_id, &sources));
    Money left = refund->amount;
    for (size_t i = 0; i < sources.count && money_is_positive(left); i++) {
        const Source *source = LIST_AT(sources, Source, i);
        Money part = money_min(source->advance, left);
        TRY(fact_put(cx, &fact_part, &sql_part_insert,
            ARGS(arg_id(db_new_id(cx)), arg_id(refund->account_id), arg_id(refund->id),
                arg_text(source_names[source->kind]), arg_id(source->id), arg_i64(part.minor))));
        TRY(source_advance_move(cx, source, money_neg(part)));
        left = money_sub(left, part);
    }
    return money_is_zero(left)
               ? ERR_OK
               : db_damaged(cx, "the position has more in advance than payments and credit notes");
}

/* The exposure without the advance has to pass the order gate. */
static Err refund_pass(Ctx *cx, const RefundRow *refund, Id *ret_decision)
{
    DocumentFact fact;
    TRY(document_fact_start(cx, refund->account_id, &fact));
    if (money_cmp(refund->amount, fact.before.advance) > 0) {
        char advance[DECIMAL_TEXT_SIZE];
        money_format(fact.before.advance, advance);
        return err_set(cx, ERR_STATE, NULL,
            "Only %s is left in advance; reject the refund and ask anew.", advance);
    }
    fact.document_kind = "refund";
    fact.document_id = refund->id;
    Position after = fact.before;
    position_apply(&after, move_of(MOVE_REFUNDED, refund->amount));
    return document_pass(cx, &fact, &after, ret_decision);
}

static Err refund_check(Ctx *cx, const Approval *approval)
{
    RefundRow refund;
    TRY(refund_load(cx, approval->subject_id, &refund));
    return refund_pass(cx, &refund, NULL);
}

static Err refund_carry_out(Ctx *cx, const Approval *approval)
{
    TRY(org_today_check(cx));
    RefundRow refund;
    Id decision_id = 0;
    TRY(refund_load(cx, approval->subject_id, &refund));
    TRY(refund_pass(cx, &refund, &decision_id));
    TRY(parts_take(cx, &refund));
    TRY(refund_book(cx, &refund, false));
    run_changed(cx, refund.id, "status", "pending", "posted");
    return fact_change(cx, &fact_refund, refund.id, &sql_refund_post,
        ARGS(arg_id(refund.id), arg_date(cx->today), arg_id(decision_id)));
}

const ApprovalKind refund_approval_kind = {
    .operation = "refund_post",
    .carry_out = refund_carry_out,
    .end = note_reject,
    .check = refund_check,
};

/* ---- refund_post ---- */

static Err refund_read(Ctx *cx, const RefundPostIn *in, Money *ret_amount)
{
    Account account;
    Position position;
    TRY(account_load(cx, in->account.id, &account));
    TRY(document_amount(cx, "amount", in->amount, account.currency, ret_amount));
    TRY(ledger_position(cx, account.id, account.currency, &position));
    if (money_cmp(*ret_amount, position.advance) > 0) {
        char advance[DECIMAL_TEXT_SIZE];
        money_format(position.advance, advance);
        return err_set(cx, ERR_FIELD_INVALID, "amount", "The account has %s in advance.", advance);
    }
    return org_today_check(cx);
}

static Err refund_guard(Ctx *cx, const void *input, void *output)
{
    const RefundPostIn *in = input;
    (void)output;
    DocumentFact fact;
    TRY(document_fact_start(cx, in->account.id, &fact));
    return money_is_positive(fact.before.advance)
               ? ERR_OK
               : err_set(cx, ERR_STATE, "account", "The account has nothing in advance.");
}

OP(refund_post,
    RefundPostIn,
    RefundPostOut,
    POST("/refunds"),
    .effect = EFFECT_CREATE,
    .needs = PERM_PAYMENT_WRITE,
    .lock = "account",
    .guard = refund_guard,
    .is_watched = true,
    .inverse = "refund_reverse",
    .summary = "Ask to pay an advance back; it waits for approval and is judged then.",
    FAILS(ERR_STATE, ERR_FIELD_INVALID, ERR_PERIOD_CLOSED, ERR_RATE_MISSING))
{
    Money amount;
    bool is_small = false;
    LadderAmount ladder;
    RefundRow refund;
    TRY(refund_read(cx, in, &amount));
    TRY(document_ladder(cx, amount, &is_small, &ladder));
    Id id = db_new_id(cx);
    TRY(fact_put(cx, &fact_refund, &sql_refund_insert,
        ARGS(arg_id(id), arg_id(in->account.id), arg_i64(amount.minor), arg_text(in->reason),
            arg_date(cx->today), arg_id(cx->actor->user_id))));
    TRY(note_ask(cx, in, &ladder, id, &out->approval));
    TRY(refund_load(cx, id, &refund));
    out->id = id;
    out->status = refund.status;
    out->currency = amount.currency;
    out->amount = amount;
    return ERR_OK;
}

/* ---- refund_reverse ---- */

REVERSE_INPUT(RefundReverseIn, "refund");

typedef Reversed RefundReverseOut;
SCHEMA(RefundReverseOut, F_ID(RefundReverseOut, id, "refund"), F_TEXT(RefundReverseOut, status));

static Err refund_reverse_guard(Ctx *cx, const void *input, void *output)
{
    const RefundReverseIn *in = input;
    (void)output;
    RefundRow refund;
    TRY(refund_load(cx, in->document.id, &refund));
    return document_stands(cx, "refund", refund.status);
}

OP(refund_reverse,
    RefundReverseIn,
    RefundReverseOut,
    POST("/refunds/{refund}/reverse"),
    .effect = EFFECT_ACT,
    .needs = PERM_PAYMENT_WRITE,
    .lock = "refund",
    .guard = refund_reverse_guard,
    .is_watched = true,
    .summary = "Take a refund back that did not reach its account: the advance stands again.",
    FAILS(ERR_STATE, ERR_PERIOD_CLOSED))
{
    TRY(org_today_check(cx));
    RefundRow refund;
    List parts;
    TRY(refund_load(cx, in->document.id, &refund));
    TRY(row_list(cx, &sql_parts, ARGS(arg_id(refund.id)), &RefundPart_schema, &parts));
    for (size_t i = 0; i < parts.count; i++) {
        const RefundPart *part = LIST_AT(parts, RefundPart, i);
        Source source = {.kind = part->kind, .id = part->source_id};
        TRY(source_advance_move(cx, &source, part->amount));
    }
    TRY(refund_book(cx, &refund, true));
    out->id = refund.id;
    out->status = "reversed";
    return document_mark_reversed(cx, &fact_refund, &sql_refund_reverse, refund.id, refund.status);
}

/* ---- Reading ---- */

typedef NoteView RefundView;
SCHEMA(RefundView,
    F_ID(RefundView, id, "refund"),
    F_ACCOUNT(RefundView),
    F_ACCOUNT_CURRENCY(RefundView),
    F_MONEY(RefundView, amount, .flags = FIELD_SORT),
    F_NOTE_STANDING(RefundView),
    F_ID(RefundView, decision_id, "decision"),
    F_USER_NAME(RefundView, posted_by));

static const Record record_refund = {
    .name = "refund",
    .path = "/refunds",
    .letter = 'F',
    .schema = &RefundView_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ,
    .date_field = "posted_on",
    .partner_join = ACCOUNT_JOIN,
    .summary = "a refund of an advance",
};

static const RefKind ref_refund = {
    .name = "refund", .letter = 'F', .account = "account_id", .called = "status"};

static const Sql sql_check_parts = {
    "SELECT 'a refund of account ' || a.code || ': its parts do not add up to it'"
    " FROM refund f JOIN account a ON a.id = f.account_id"
    " LEFT JOIN (SELECT account_id, refund_id, SUM(amount) AS amount FROM refund_part"
    "   GROUP BY account_id, refund_id) x ON x.account_id = f.account_id AND x.refund_id = f.id"
    " WHERE (f.status = 'posted' OR f.status = 'reversed') AND f.amount <> COALESCE(x.amount, 0)",
    .in = "",
    .out = "t",
};
static const Check check_parts = {.name = "refunds equal their parts", .sql = &sql_check_parts};

const Feature refund_feature = {
    .name = "refund",
    .ops = (const Op *const[]){&op_refund_post, &op_refund_reverse, NULL},
    .records = (const Record *const[]){&record_refund, NULL},
    .refs = (const RefKind *const[]){&ref_refund, NULL},
    .checks = (const Check *const[]){&check_parts, NULL},
    .facts = (const Fact *const[]){&fact_refund, &fact_part, NULL},
};
