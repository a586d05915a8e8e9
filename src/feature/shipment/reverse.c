/* Taking shipments back: the goods never left, so nothing of them came back either. What was billed
 * of them is billed ahead now. */
#include "feature/document.h"
#include "feature/features.h"
#include "feature/ledger.h"
#include "feature/lines.h"
#include "feature/release.h"
#include "feature/return.h"
#include "feature/shipment.h"
#include "feature/shipment/model.h"
#include "op/run.h"

REVERSE_INPUT(ShipmentReverseIn, "shipment");

typedef struct ShipmentReverseOut {
    Id id;
    const char *number;
    const char *status;
    const char *order_status;
    Id decision_id;
} ShipmentReverseOut;

SCHEMA(ShipmentReverseOut,
    F_ID(ShipmentReverseOut, id, "shipment"),
    F_TEXT(ShipmentReverseOut, number),
    F_TEXT(ShipmentReverseOut, status),
    F_TEXT(ShipmentReverseOut, order_status),
    F_JUDGED(ShipmentReverseOut));

static const Sql sql_shipment_reverse = {
    "UPDATE shipment SET status = 'reversed', invoiced = 0, reversed_on = $2 WHERE id = $1 "
    "RETURNING " SHIPMENT_FACTS,
    .in = "kd",
    .out = SHIPMENT_LETTERS,
};

static Err shipment_reverse_guard(Ctx *cx, const void *input, void *output)
{
    const ShipmentReverseIn *in = input;
    (void)output;
    Shipment shipment;
    TRY(shipment_load(cx, in->document.id, &shipment));
    return document_stands(cx, "shipment", document_status_names[shipment.status]);
}

static Err lines_take_back(Ctx *cx, const Shipment *shipment)
{
    List lines;
    TRY(shipment_lines_load(cx, shipment->id, &lines));
    for (size_t i = 0; i < lines.count; i++) {
        const ShipmentLine *line = LIST_AT(lines, ShipmentLine, i);
        TRY(order_line_move(cx, shipment->account_id, shipment->order_id,
            &(LineMove){.order_line_id = line->order_line_id,
                .shipped_milli = -line->quantity.units,
                .shipped_amount = money_neg(line->amount),
                .shipped_tax = money_neg(line->tax)}));
    }
    return ERR_OK;
}

static Err cover_give_back(Ctx *cx, const Shipment *shipment)
{
    return shipment->release_id == 0 || money_is_zero(shipment->covered)
               ? ERR_OK
               : release_use(cx, shipment->release_id, money_neg(shipment->covered));
}

OP(shipment_reverse,
    ShipmentReverseIn,
    ShipmentReverseOut,
    POST("/shipments/{shipment}/reverse"),
    .effect = EFFECT_ACT,
    .needs = PERM_SHIPMENT_WRITE,
    .lock = "shipment",
    .guard = shipment_reverse_guard,
    .is_watched = true,
    .summary = "Take a shipment back: the goods never left, and none of them came back.",
    FAILS(ERR_STATE, ERR_PERIOD_CLOSED))
{
    Shipment shipment;
    DocumentFact fact;
    Reversed reversed;
    TRY(document_reverse_start(cx, "shipment", &in->document, &fact));
    TRY(shipment_load(cx, in->document.id, &shipment));
    TRY(return_undo_all(cx, &shipment));
    TRY(document_mark_reversed(cx, &fact_shipment, &sql_shipment_reverse, shipment.id, "posted"));
    TRY(lines_take_back(cx, &shipment));
    TRY(cover_give_back(cx, &shipment));
    TRY(order_settle(cx, shipment.order_id,
        &(Booking){.account_id = shipment.account_id,
            .posted_on = cx->today,
            .document_kind = "shipment",
            .document_id = shipment.id,
            .order_id = shipment.order_id}));
    run_touch(cx, shipment.order_id);
    TRY(shipment_invoiced_refresh(cx, shipment.order_id));
    TRY(order_status_back(cx, shipment.order_id, false,
        "a shipment was reversed of which goods had come back; have it judged again"));
    fact.order_id = shipment.order_id;
    TRY(document_reverse_end(cx, &fact, &reversed));
    Order order = {0};
    TRY(order_load(cx, shipment.order_id, &order));
    *out = (ShipmentReverseOut){shipment.id, shipment.number, reversed.status,
        order_status_names[order.status], reversed.decision_id};
    return ERR_OK;
}

const Feature shipment_feature = {
    .name = "shipment",
    .ops = (const Op *const[]){&op_shipment_reverse, NULL},
    .records = (const Record *const[]){&record_shipment, NULL},
    .refs = (const RefKind *const[]){&ref_shipment, NULL},
    .checks = (const Check *const[]){&check_shipment_lines, &check_shipment_delivered,
        &check_shipment_claims, &check_shipment_invoiced, &check_shipment_parts, NULL},
    .derived = (const Derived *const[]){&derived_shipment, NULL},
    .facts = (const Fact *const[]){&fact_shipment, NULL},
};
