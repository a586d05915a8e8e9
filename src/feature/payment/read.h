/* Reading payments and allocations; proofs of what is in advance. */
#ifndef GUANXI_FEATURE_PAYMENT_READ_H
#define GUANXI_FEATURE_PAYMENT_READ_H

#include "op/op.h"

extern const Record record_payment;
extern const Record record_allocation;
extern const RefKind ref_payment;
extern const RefKind ref_allocation;
extern const Check check_advance;
extern const Check check_allocated;
extern const Check check_position;
extern const Derived derived_payment;

#endif
