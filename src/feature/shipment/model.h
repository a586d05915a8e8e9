/* What the files of this folder share. */
#ifndef GUANXI_FEATURE_SHIPMENT_MODEL_H
#define GUANXI_FEATURE_SHIPMENT_MODEL_H

#include "op/op.h"

extern const Record record_shipment;
extern const RefKind ref_shipment;
extern const Check check_shipment_lines;
extern const Check check_shipment_delivered;
extern const Check check_shipment_claims;
extern const Check check_shipment_invoiced;
extern const Check check_shipment_parts;
extern const Derived derived_shipment;

/* What is fact in shipment; see op/fact.h. */
#define SHIPMENT_FACTS                                                                             \
    "id, account_id, order_id, number, shipped_on, booked_on, booked_at, amount, "                 \
    "moved, status, decision_id, release_id, covered, posted_by_id, reversed_on"
#define SHIPMENT_LETTERS "kkktddiiitkkikd"
extern const Fact fact_shipment;

#endif
