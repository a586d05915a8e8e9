/* What other features need of returns. */
#ifndef GUANXI_FEATURE_RETURN_H
#define GUANXI_FEATURE_RETURN_H

#include "feature/shipment.h"

/* Takes back all returns of a shipment that is reversed: goods that never left cannot have come
 * back. The lines of the order follow; the ledger and the order's status are the caller's
 * affair. */
Err return_undo_all(Ctx *cx, const Shipment *shipment) MUST_CHECK;

#endif
