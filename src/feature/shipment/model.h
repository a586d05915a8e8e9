/* What the files of this folder share. */
#ifndef GUANXI_FEATURE_SHIPMENT_MODEL_H
#define GUANXI_FEATURE_SHIPMENT_MODEL_H

#include "op/op.h"

extern const Check check_shipment_invoiced;
extern const Derived derived_shipment;

#endif
