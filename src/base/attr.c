/* What a failed ASSERT does. */
#include "base/attr.h"

#include <stdio.h>
#include <stdlib.h>

void assert_fail(const char *what, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: this must hold and does not: %s\n", file, line, what);
    abort();
}
