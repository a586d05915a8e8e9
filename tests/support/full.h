/* Books in which every table has rows: a firm that has traded for some weeks, with documents of
 * every kind in most of their states, releases, promises, approvals and closed days. */
#ifndef GUANXI_TESTS_FULL_H
#define GUANXI_TESTS_FULL_H

#include "support/world.h"

/* Opens the world and writes the books, which stay. */
void full_open(World *world);

#endif
