/* The bounds that no step of a sequence may pass. Both answer what was broken, or NULL. */
#ifndef GUANXI_TESTS_PLOY_BOUNDS_H
#define GUANXI_TESTS_PLOY_BOUNDS_H

#include "support/ploy.h"

/* Compares all accounts with their bounds and keeps the new figures. */
const char *ploy_bounds_check(Ploy *ploy);
/* Nothing is approved without somebody independent. */
const char *ploy_approvals_check(Ploy *ploy);

#endif
