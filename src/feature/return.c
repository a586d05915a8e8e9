/* Goods that come back. Before they are invoiced they leave the exposure and the order; after it
 * nothing moves, and a credit note is proposed. */
#include "feature/return.h"

#include "feature/approval.h"
#include "feature/document.h"
#include "feature/features.h"
#include "feature/ledger.h"
#include "feature/lines.h"
#include "feature/org.h"
#include "feature/shipment.h"
#include "feature/shown.h"
#include "op/run.h"

typedef struct ReturnPostIn {
    Ref shipment;
    List lines;
    const char *reason;
    Date returned_on;
} ReturnPostIn;

SCHEMA(ReturnPostIn,
    F_REF(ReturnPostIn, shipment, "shipment", REQUIRED),
    F_LIST(ReturnPostIn, lines, LineAsk, REQUIRED, .max_len = 500),
    F_TEXT(ReturnPostIn, reason, REQUIRED, .max_len = 4096),
    F_DATE(ReturnPostIn, returned_on, .doc = "The business date when absent."));

/* The input of a credit note that would settle it. */
typedef struct Proposal {
    const char *account;
    Money amount;
    Id goods_return;
    const char *reason;
} Proposal;

SCHEMA(Proposal,
    F_TEXT(Proposal, account),
    F_MONEY(Proposal, amount),
    {.name = "return", /* which C cannot name a member */
        .type = FIELD_ID,
        .offset = FIELD_OFFSET(Proposal, goods_return, Id),
        .to = "return"},
    F_TEXT(Proposal, reason));

/* NULL: nothing of it was invoiced. */
static Proposal *proposal(Ctx *cx, const Proposal *of)
{
    if (!money_is_positive(of->amount)) {
        return NULL;
    }
    Proposal *proposes = arena_alloc(cx->arena, sizeof *proposes);
    *proposes = *of;
    return proposes;
}

typedef struct ReturnPostOut {
    Id id;
    const char *number;
    const char *status;
    Currency currency;
    Money amount;
    Money moved;
    Proposal *proposes;
} ReturnPostOut;

SCHEMA(ReturnPostOut,
    F_ID(ReturnPostOut, id, "return"),
    F_TEXT(ReturnPostOut, number),
    F_TEXT(ReturnPostOut, status),
    F_CURRENCY(ReturnPostOut, currency),
    F_MONEY(ReturnPostOut, amount),
    F_MONEY(ReturnPostOut, moved, .doc = "What was not invoiced and left the exposure."),
    F_OBJECT(ReturnPostOut, proposes, Proposal, .doc = "A credit note for what was invoiced."));

/* A part of a shipment's line that came back. */
typedef struct Piece {
    Id shipment_line_id;
    Id order_line_id;
    int64_t line;
    int64_t quantity_milli;
    Money amount;
    Money tax;
    int64_t moved_milli; /* what of it was not invoiced */
    Money moved;
} Piece;

typedef struct Plan {
    Shipment shipment;
    Account account;
    Date returned_on;
    List order_lines;    /* OrderLine: those of the shipment */
    List shipment_lines; /* ShipmentLine; `returned` grows while pieces are cut */
    Piece *pieces;
    size_t count;
    Money amount;
    Money moved;
} Plan;

/* ---- What came back ---- */

static ShipmentLine *shipment_line_of(const Plan *plan, Id order_line_id)
{
    for (size_t i = 0; i < plan->shipment_lines.count; i++) {
        ShipmentLine *line = LIST_AT(plan->shipment_lines, ShipmentLine, i);
        if (line->order_line_id == order_line_id) {
            return line;
        }
    }
    return NULL;
}

/* Of the order's lines only those that were shipped here can be meant. */
static Err lines_load(Ctx *cx, Plan *plan)
{
    List all;
    TRY(shipment_lines_load(cx, plan->shipment.id, &plan->shipment_lines));
    TRY(order_lines_load(cx, plan->shipment.order_id, &all));
    OrderLine *lines = arena_array(cx->arena, all.count, sizeof *lines);
    size_t count = 0;
    for (size_t i = 0; i < all.count; i++) {
        const OrderLine *line = LIST_AT(all, OrderLine, i);
        if (shipment_line_of(plan, line->id) != NULL) {
            lines[count++] = *line;
        }
    }
    plan->order_lines = (List){lines, count};
    return ERR_OK;
}

/* The quantity behind the part of the amount that was not invoiced. */
static int64_t moved_quantity(const Piece *piece)
{
    int64_t quantity = 0;
    if (money_cmp(piece->moved, piece->amount) == 0) {
        return piece->quantity_milli;
    }
    bool is_exact =
        scale_half_up(piece->quantity_milli, piece->moved.minor, piece->amount.minor, &quantity);
    ASSERT(is_exact);
    return quantity;
}

/* What was not invoiced comes back first. */
static void piece_cut(
    Plan *plan, const OrderLine *line, ShipmentLine *shipped, int64_t quantity_milli, Money *open)
{
    LinePart part = {
        .quantity_milli = shipped->quantity.units,
        .whole = amount_taxed(shipped->amount, shipped->tax),
        .done_milli = shipped->returned.units,
        .done = amount_taxed(shipped->returned_amount, shipped->returned_tax),
    };
    LineAmount back = line_back(line, &part, quantity_milli);
    Piece piece = {
        .shipment_line_id = shipped->id,
        .order_line_id = line->id,
        .line = line->line,
        .quantity_milli = quantity_milli,
        .amount = back.gross,
        .tax = back.tax,
    };
    piece.moved = money_min(piece.amount, *open);
    piece.moved_milli = moved_quantity(&piece);
    *open = money_sub(*open, piece.moved);
    shipped->returned.units += quantity_milli;
    shipped->returned_amount = money_add(shipped->returned_amount, piece.amount);
    shipped->returned_tax = money_add(shipped->returned_tax, piece.tax);
    plan->amount = money_add(plan->amount, piece.amount);
    plan->moved = money_add(plan->moved, piece.moved);
    plan->pieces[plan->count++] = piece;
}

static Err plan_make(Ctx *cx, const ReturnPostIn *in, Plan *plan)
{
    *plan = (Plan){.returned_on = in->returned_on};
    TRY(shipment_load(cx, in->shipment.id, &plan->shipment));
    TRY(account_load(cx, plan->shipment.account_id, &plan->account));
    TRY(lines_load(cx, plan));
    plan->amount = money_zero(plan->account.currency);
    plan->moved = plan->amount;
    plan->pieces = arena_array(cx->arena, in->lines.count, sizeof *plan->pieces);
    Money done = money_add(plan->shipment.invoiced, plan->shipment.returned);
    Money open = money_sub(plan->shipment.amount, done);
    for (size_t i = 0; i < in->lines.count; i++) {
        const LineAsk *ask = LIST_AT(in->lines, LineAsk, i);
        OrderLine *line = NULL;
        int64_t quantity = 0;
        TRY(line_named(cx, i, ask, plan->order_lines, &line));
        ShipmentLine *shipped = shipment_line_of(plan, line->id);
        ASSERT(shipped != NULL);
        int64_t room = shipped->quantity.units - shipped->returned.units;
        TRY(line_quantity(cx, i, ask, room, "returned", &quantity));
        piece_cut(plan, line, shipped, quantity, &open);
    }
    TRY(org_document_date(cx, "returned_on", &plan->returned_on));
    if (plan->returned_on < plan->shipment.shipped_on) {
        return err_set(cx, ERR_FIELD_INVALID, "returned_on",
            "Goods do not come back before they were shipped.");
    }
    return ERR_OK;
}

/* ---- Writing ---- */

#define RETURN_FACTS                                                                               \
    "id, account_id, shipment_id, number, returned_on, booked_on, amount, moved, "                 \
    "proposed, reason, status, posted_by_id, reversed_on"
#define RETURN_LETTERS "kkktddiiittkd"
static const Fact fact_return = FACT("goods_return", 1, RETURN_FACTS, RETURN_LETTERS);

static const Sql sql_return_insert = {
    "INSERT INTO goods_return (id, account_id, shipment_id, number, returned_on, booked_on, amount,"
    " moved, proposed, reason, status, posted_by_id)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'posted', $11) RETURNING " RETURN_FACTS,
    .in = "kkktddiiitk",
    .out = RETURN_LETTERS,
};

#define LINE_FACTS                                                                                 \
    "id, account_id, return_id, shipment_line_id, line, quantity, amount, tax, "                   \
    "moved_quantity, moved"
#define LINE_LETTERS "kkkkiiiiii"
static const Fact fact_line = FACT("return_line", 1, LINE_FACTS, LINE_LETTERS);

static const Sql sql_line_insert = {
    "INSERT INTO return_line (id, account_id, return_id, shipment_line_id, line, quantity, amount,"
    " tax, moved_quantity, moved) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    .in = LINE_LETTERS,
};

/* The same for a return and, below zero, for its reversal. */
static Err piece_move(Ctx *cx, const Shipment *shipment, const Piece *piece, int sign)
{
    TRY(shipment_line_returned(cx, piece->shipment_line_id, sign * piece->quantity_milli));
    return order_line_move(cx, shipment->account_id, shipment->order_id,
        &(LineMove){.order_line_id = piece->order_line_id,
            .returned_milli = sign * piece->moved_milli,
            .returned_amount = sign < 0 ? money_neg(piece->moved) : piece->moved});
}

static Err moved_book(
    Ctx *cx, const Shipment *shipment, Id return_id, Money moved, bool is_reversal, Date on)
{
    TRY(shipment_returned(cx, shipment->id, is_reversal ? money_neg(moved) : moved));
    TRY(ledger_book(cx, &(Booking){.account_id = shipment->account_id,
                            .event = MOVE_RETURNED,
                            .is_reversal = is_reversal,
                            .amount = moved,
                            .posted_on = on,
                            .document_kind = "return",
                            .document_id = return_id,
                            .order_id = shipment->order_id}));
    run_touch(cx, shipment->id);
    run_touch(cx, shipment->order_id);
    TRY(shipment_invoiced_refresh(cx, shipment->order_id));
    return order_status_refresh(cx, shipment->order_id);
}

static Err plan_store(Ctx *cx, const ReturnPostIn *in, const Plan *plan, Id id, const char *number)
{
    Money proposed = money_sub(plan->amount, plan->moved);
    TRY(fact_put(cx, &fact_return, &sql_return_insert,
        ARGS(arg_id(id), arg_id(plan->account.id), arg_id(plan->shipment.id), arg_text(number),
            arg_date(plan->returned_on), arg_date(cx->today), arg_i64(plan->amount.minor),
            arg_i64(plan->moved.minor), arg_i64(proposed.minor), arg_text(in->reason),
            arg_id(cx->actor->user_id))));
    for (size_t i = 0; i < plan->count; i++) {
        const Piece *piece = &plan->pieces[i];
        TRY(fact_put(cx, &fact_line, &sql_line_insert,
            ARGS(arg_id(db_new_id(cx)), arg_id(plan->account.id), arg_id(id),
                arg_id(piece->shipment_line_id), arg_i64(piece->line),
                arg_i64(piece->quantity_milli), arg_i64(piece->amount.minor),
                arg_i64(piece->tax.minor), arg_i64(piece->moved_milli),
                arg_i64(piece->moved.minor))));
        TRY(piece_move(cx, &plan->shipment, piece, 1));
    }
    return moved_book(cx, &plan->shipment, id, plan->moved, false, plan->returned_on);
}

static Err return_guard(Ctx *cx, const void *input, void *output)
{
    const ReturnPostIn *in = input;
    (void)output;
    Shipment shipment;
    TRY(shipment_load(cx, in->shipment.id, &shipment));
    TRY(document_stands(cx, "shipment", document_status_names[shipment.status]));
    List lines;
    TRY(shipment_lines_load(cx, shipment.id, &lines));
    for (size_t i = 0; i < lines.count; i++) {
        const ShipmentLine *line = LIST_AT(lines, ShipmentLine, i);
        if (line->quantity.units > line->returned.units) {
            return ERR_OK;
        }
    }
    return err_set(cx, ERR_STATE, "shipment", "All of it has come back already.");
}

OP(return_post,
    ReturnPostIn,
    ReturnPostOut,
    POST("/returns"),
    .effect = EFFECT_CREATE,
    .needs = PERM_SHIPMENT_WRITE,
    .lock = "shipment",
    .guard = return_guard,
    .is_watched = true,
    .inverse = "return_reverse",
    .summary = "Take goods back; a credit note is proposed for what was invoiced.",
    FAILS(ERR_STATE, ERR_FIELD_REQUIRED, ERR_FIELD_INVALID, ERR_PERIOD_CLOSED, ERR_AMBIGUOUS))
{
    Plan plan;
    TRY(plan_make(cx, in, &plan));
    Id id = db_new_id(cx);
    *out = (ReturnPostOut){
        .id = id,
        .number = id_text(cx->arena, 'B', id),
        .status = "posted",
        .currency = plan.account.currency,
        .amount = plan.amount,
        .moved = plan.moved,
    };
    TRY(plan_store(cx, in, &plan, id, out->number));
    Money invoiced = money_sub(plan.amount, plan.moved);
    out->proposes = proposal(cx, &(Proposal){plan.account.code, invoiced, id, in->reason});
    return ERR_OK;
}

/* ---- return_reverse ---- */

REVERSE_INPUT(ReturnReverseIn, "return");

typedef Reversed ReturnReverseOut;
SCHEMA(ReturnReverseOut,
    F_ID(ReturnReverseOut, id, "return"),
    F_TEXT(ReturnReverseOut, number),
    F_TEXT(ReturnReverseOut, status),
    F_ID(ReturnReverseOut, decision_id, "decision"));

static const Sql sql_return_load = {
    "SELECT g.number, g.status, g.shipment_id, g.moved FROM goods_return g WHERE g.id = $1",
    .in = "k",
    .out = "ttki",
};

static const Sql sql_return_lines = {
    "SELECT b.shipment_line_id, x.order_line_id, b.quantity, b.moved_quantity, b.moved"
    " FROM return_line b JOIN shipment_line x ON x.account_id = b.account_id"
    " AND x.id = b.shipment_line_id WHERE b.return_id = $1 ORDER BY b.id",
    .in = "k",
    .out = "kkiii",
};

static const Sql sql_notes_pending = {
    "SELECT id FROM credit_note WHERE account_id = $1 AND return_id = $2 AND status = 'pending'"
    " ORDER BY id",
    .in = "kk",
    .out = "k",
};

static const Sql sql_return_reverse = {
    "UPDATE goods_return SET status = 'reversed', reversed_on = $2 WHERE id = $1 "
    "RETURNING " RETURN_FACTS,
    .in = "kd",
    .out = RETURN_LETTERS,
};

static Err return_reverse_guard(Ctx *cx, const void *input, void *output)
{
    const Ref *ref = &((const ReturnReverseIn *)input)->document;
    (void)output;
    Rows rows;
    TRY(db_one(cx, &sql_return_load, ARGS(arg_id(ref->id)), "a return", &rows));
    return document_stands(cx, "return", db_text(&rows, 1));
}

/* It raises the exposure like a shipment without an order would, so it has to pass the gate. */
static Err return_pass(
    Ctx *cx, const Shipment *shipment, Id return_id, Money moved, Id *ret_decision)
{
    DocumentFact fact;
    TRY(document_fact_start(cx, shipment->account_id, &fact));
    fact.document_kind = "return";
    fact.document_id = return_id;
    fact.order_id = shipment->order_id;
    *ret_decision = 0;
    if (money_is_zero(moved)) {
        return ERR_OK;
    }
    Position after = fact.before;
    position_apply(&after, move_reversed(move_of(MOVE_RETURNED, moved)));
    return document_pass(cx, &fact, &after, ret_decision);
}

static Err pieces_take_back(Ctx *cx, const Shipment *shipment, Id return_id)
{
    Rows rows;
    TRY(db_ask(cx, &sql_return_lines, ARGS(arg_id(return_id)), &rows));
    while (db_next(&rows)) {
        Piece piece = {
            .shipment_line_id = db_id(&rows, 0),
            .order_line_id = db_id(&rows, 1),
            .quantity_milli = db_i64(&rows, 2),
            .moved_milli = db_i64(&rows, 3),
            .moved = money_of(shipment->currency, db_i64(&rows, 4)),
        };
        TRY(piece_move(cx, shipment, &piece, -1));
    }
    return ERR_OK;
}

/* The paper and the lines. A credit note that was posted for it stands until finance takes it back;
 * one that is only asked for has lost its ground. */
static Err return_undo(Ctx *cx, const Shipment *shipment, Id return_id)
{
    Rows rows;
    TRY(document_mark_reversed(cx, &fact_return, &sql_return_reverse, return_id, "posted"));
    TRY(pieces_take_back(cx, shipment, return_id));
    TRY(db_ask(
        cx, &sql_notes_pending, ARGS(arg_id(shipment->account_id), arg_id(return_id)), &rows));
    while (db_next(&rows)) {
        TRY(approval_void(cx, db_id(&rows, 0), NULL));
    }
    return ERR_OK;
}

static const Sql sql_returns_posted = {
    "SELECT id, moved FROM goods_return WHERE shipment_id = $1 AND status = 'posted' ORDER BY id",
    .in = "k",
    .out = "ki",
};

Err return_undo_all(Ctx *cx, const Shipment *shipment)
{
    Rows rows;
    TRY(db_ask(cx, &sql_returns_posted, ARGS(arg_id(shipment->id)), &rows));
    while (db_next(&rows)) {
        TRY(return_undo(cx, shipment, db_id(&rows, 0)));
        TRY(shipment_returned(cx, shipment->id, money_of(shipment->currency, -db_i64(&rows, 1))));
    }
    return ERR_OK;
}

OP(return_reverse,
    ReturnReverseIn,
    ReturnReverseOut,
    POST("/returns/{return}/reverse"),
    .effect = EFFECT_ACT,
    .needs = PERM_SHIPMENT_WRITE,
    .lock = "return",
    .guard = return_reverse_guard,
    .is_watched = true,
    .summary = "Take a return back: the goods are still out.",
    FAILS(ERR_STATE, ERR_CREDIT_REFUSED, ERR_PERIOD_CLOSED, ERR_RATE_MISSING))
{
    TRY(org_today_check(cx));
    Id id = in->document.id;
    Rows head;
    Shipment shipment;
    TRY(db_one(cx, &sql_return_load, ARGS(arg_id(id)), "a return", &head));
    TRY(shipment_load(cx, db_id(&head, 2), &shipment));
    Money moved = money_of(shipment.currency, db_i64(&head, 3));
    TRY(return_pass(cx, &shipment, id, moved, &out->decision_id));
    TRY(return_undo(cx, &shipment, id));
    TRY(moved_book(cx, &shipment, id, moved, true, cx->today));
    TRY(order_settle(cx, shipment.order_id,
        &(Booking){.account_id = shipment.account_id,
            .posted_on = cx->today,
            .document_kind = "return",
            .document_id = id,
            .order_id = shipment.order_id}));
    TRY(order_status_refresh(cx, shipment.order_id));
    out->id = id;
    out->number = db_text(&head, 0);
    out->status = "reversed";
    return ERR_OK;
}

/* ---- Reading ---- */

typedef struct ReturnView {
    Id id;
    const char *number;
    Ref account;
    Ref partner;
    const char *partner_name;
    const char *owner;
    Ref shipment;
    const char *shipment_number;
    Currency currency;
    Money amount;
    Money net;
    Money tax;
    Money gross;
    Money moved;
    Money proposed;
    const char *reason;
    Date returned_on;
    Date booked_on;
    int status;
    Date reversed_on;
    const char *posted_by;
    List lines;
    Proposal *proposes;
} ReturnView;

SCHEMA(ReturnView,
    F_ID(ReturnView, id, "return"),
    F_TEXT(ReturnView, number, .flags = FIELD_FILTER),
    F_ACCOUNT(ReturnView),
    F_REF(ReturnView, shipment, "shipment", .flags = FIELD_FILTER),
    F_TEXT(ReturnView,
        shipment_number,
        .column = "(SELECT s.number FROM shipment s WHERE s.account_id = r.account_id AND s.id = "
                  "r.shipment_id)",
        .flags = FIELD_OUTPUT),
    F_ACCOUNT_CURRENCY(ReturnView),
    F_MONEY(ReturnView, amount, .flags = FIELD_SORT),
    F_TAXED_BY_LINES(ReturnView, "amount"),
    F_MONEY(ReturnView, moved, .doc = "What was not invoiced and left the exposure."),
    F_MONEY(ReturnView, proposed, .doc = "What a credit note should cover."),
    F_TEXT(ReturnView, reason),
    F_DATE(ReturnView, returned_on, .flags = FIELD_SORT),
    F_DATE(ReturnView, booked_on),
    F_ENUM(ReturnView, status, document_status_names, .flags = FIELD_FILTER),
    F_DATE(ReturnView, reversed_on),
    F_USER_NAME(ReturnView, posted_by),
    F_LIST(ReturnView, lines, LinePartView),
    F_OBJECT(ReturnView, proposes, Proposal, .doc = "A credit note for what was invoiced."));

static const Sql sql_lines_shown = {
    LINE_PARTS_SHOWN("return_line l JOIN shipment_line x ON x.account_id = l.account_id AND "
                     "x.id = l.shipment_line_id"
                     " JOIN order_line o ON o.account_id = x.account_id AND o.id = "
                     "x.order_line_id") " WHERE l.return_id = $1 ORDER BY l.id",
    .in = "k",
    .out = LINE_PARTS_LETTERS,
};

/* One that was taken back proposes nothing any more. */
static Err return_fill(Ctx *cx, void *items, size_t count)
{
    ReturnView *returns = items;
    for (size_t i = 0; i < count; i++) {
        ReturnView *one = &returns[i];
        one->tax = line_tax_sum(one->lines, one->currency);
        one->net = money_sub(one->amount, one->tax);
        if (one->status == DOCUMENT_POSTED) {
            one->proposes =
                proposal(cx, &(Proposal){one->account.text, one->proposed, one->id, one->reason});
        }
    }
    return ERR_OK;
}

static const Record record_return = {
    .name = "return",
    .table = "goods_return",
    .path = "/returns",
    .letter = 'B',
    .schema = &ReturnView_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ_OWN,
    .date_field = "returned_on",
    .partner_join = ACCOUNT_JOIN,
    .parts = (const RecordPart[]){{"lines", &sql_lines_shown}, {0}},
    .fill = return_fill,
    .summary = "a return of goods",
};

static const RefKind ref_return = {.name = "return",
    .letter = 'B',
    .table = "goods_return",
    .account = "account_id",
    .called = "number"};

const Feature return_feature = {
    .name = "return",
    .ops = (const Op *const[]){&op_return_post, &op_return_reverse, NULL},
    .records = (const Record *const[]){&record_return, NULL},
    .refs = (const RefKind *const[]){&ref_return, NULL},
    .facts = (const Fact *const[]){&fact_return, &fact_line, NULL},
};
