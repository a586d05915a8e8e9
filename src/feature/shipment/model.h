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
extern const Derived derived_shipment;

#endif
