/* Writes what was declared and what was answered to the file of GUANXI_TRACE. */
#include "op/trace.h"

#include <stdio.h>
#include <stdlib.h>

/* Set once at start, before there are threads. */
static FILE *trace;

static const char *answer_name(Err code)
{
    return code == ERR_OK ? "ok" : err_name(code);
}

void trace_start(void)
{
    const char *path = getenv("GUANXI_TRACE");
    if (path == NULL || trace != NULL) {
        return;
    }
    trace = fopen(path, "a");
    if (trace == NULL) {
        return;
    }
    (void)setvbuf(trace, NULL, _IOLBF, BUFSIZ);
    for (size_t i = 0; i < op_count(); i++) {
        const Op *op = op_at(i);
        (void)fprintf(trace, "declared %s ok\n", op->name);
        for (size_t k = 0; k < OP_FAILS_MAX && op->fails[k] != ERR_OK; k++) {
            (void)fprintf(trace, "declared %s %s\n", op->name, answer_name(op->fails[k]));
        }
    }
}

void trace_answer(const Op *op, Err code)
{
    if (trace != NULL) {
        (void)fprintf(trace, "answered %s %s\n", op->name, answer_name(code));
    }
}
