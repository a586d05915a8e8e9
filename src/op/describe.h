/* What the operation table tells about itself. */
#ifndef GUANXI_OP_DESCRIBE_H
#define GUANXI_OP_DESCRIBE_H

#include "base/buf.h"
#include "op/op.h"

/* The OpenAPI 3.1 document. */
void describe_openapi(Buf *out);
/* Help of one operation for the command line: summary, members, refusals. */
void describe_op(const Op *op, Buf *out);
/* One line an operation: name, route, summary. */
void describe_list(Buf *out);

#endif
