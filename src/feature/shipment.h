/* What other features need of shipments. All writes of shipment and shipment_line
 * are in the folder of that name. */
#ifndef GUANXI_FEATURE_SHIPMENT_H
#define GUANXI_FEATURE_SHIPMENT_H

#include "base/ctx.h"
#include "base/money.h"
#include "base/schema.h"

typedef struct Shipment {
    Id id;
    Id account_id;
    Id order_id;
    const char *number;
    Currency currency;
    Date shipped_on;
    Money amount;
    Money moved;    /* to the bucket shipped: goods invoiced ahead do not move again */
    Money invoiced; /* what of it counts as invoiced, oldest shipments first */
    Money returned; /* before it was invoiced */
    int status;     /* DocumentStatus */
    Id release_id;  /* whose cover it used */
    Money covered;  /* how much of it */
} Shipment;

typedef struct ShipmentLine {
    Id id;
    Id order_line_id;
    int64_t line;
    Currency currency;
    Decimal quantity;
    Money amount;
    Money tax;
    Decimal returned;
    Money returned_amount;
    Money returned_tax;
} ShipmentLine;

Err shipment_load(Ctx *cx, Id shipment_id, Shipment *ret_shipment) MUST_CHECK;
/* List of ShipmentLine, in the order of the shipment. */
Err shipment_lines_load(Ctx *cx, Id shipment_id, List *ret_lines) MUST_CHECK;
/* Counts what was invoiced of the order against its shipments anew, oldest first; after every
 * shipment, invoice, return and their reversals. */
Err shipment_invoiced_refresh(Ctx *cx, Id order_id) MUST_CHECK;
/* What came back (negative: went out again): of a line its quantity,
 * of the shipment the amount that was not invoiced. */
Err shipment_line_returned(Ctx *cx, Id line_id, int64_t quantity_milli) MUST_CHECK;
Err shipment_returned(Ctx *cx, Id shipment_id, Money amount) MUST_CHECK;

#endif
