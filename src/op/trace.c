/* Writes what was declared and what was answered to the file of GUANXI_TRACE. The file is opened
 * for each line: it is for tests, and nothing has to be kept between calls. */
#include "op/trace.h"

#include <stdio.h>
#include <stdlib.h>

static void trace_line(const char *what, const Op *op, Err code)
{
    FILE *trace = fopen(getenv("GUANXI_TRACE"), "a");
    if (trace == NULL) {
        return;
    }
    (void)fprintf(trace, "%s %s %s\n", what, op->name, code == ERR_OK ? "ok" : err_name(code));
    (void)fclose(trace);
}

void trace_start(void)
{
    for (size_t i = 0; getenv("GUANXI_TRACE") != NULL && i < op_count(); i++) {
        const Op *op = op_at(i);
        trace_line("declared", op, ERR_OK);
        for (size_t k = 0; k < OP_FAILS_MAX && op->fails[k] != ERR_OK; k++) {
            trace_line("declared", op, op->fails[k]);
        }
    }
}

void trace_answer(const Op *op, Err code)
{
    if (getenv("GUANXI_TRACE") != NULL) {
        trace_line("answered", op, code);
    }
}
