/* What every cmocka program includes, in the order cmocka wants. */
#ifndef GUANXI_TESTS_UNIT_H
#define GUANXI_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ctx.h"

/* Fails naming the table row. */
#define CHECK_ROW(row, condition)                                                                  \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fail_msg("row \"%s\": %s", (row), #condition);                                         \
        }                                                                                          \
    } while (0)

#endif
