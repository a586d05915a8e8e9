/* What was exercised: with GUANXI_TRACE set to a file, every operation that is answered adds a
 * line, and at start every declared answer does. The test suite compares the two;
 * nothing else reads it. */
#ifndef GUANXI_OP_TRACE_H
#define GUANXI_OP_TRACE_H

#include "op/op.h"

/* Writes "declared OPERATION ANSWER" for all operations. */
void trace_start(void);
/* "answered OPERATION ANSWER"; the answer is ok or the refusal's name. */
void trace_answer(const Op *op, Err code);

#endif
