/* Reports over all accounts, held against each other and against the books: a portfolio that was
 * kept over a history is what one that is read at once is; aging as it stands is what the books
 * tell of that day a day later; and what DSO says is owed is what aging has open. */
#ifndef GUANXI_TESTS_REPORTS_H
#define GUANXI_TESTS_REPORTS_H

#include "support/world.h"

#include "feature/portfolio/portfolio.h"

/* Between world_begin and world_end. */
Portfolio *reports_begin(World *world);
void reports_end(Portfolio *kept);
/* Brings the kept one up to date. */
void reports_follow(World *world, Portfolio *kept);
/* NULL, or what does not fit. A day goes by. */
const char *reports_fault(World *world, Portfolio *kept);

#endif
