/* A server that refuses one COMMIT in so many, as one does that finds that it cannot put
 * transactions into an order: always compiled, at work only when the environment asks. */
#include "db/postgres/postgres.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Atomic int64_t commits;

bool pg_fault_commit(void)
{
    static const char word[] = "commit:";
    const char *rule = getenv("GUANXI_FAULT_PG");
    if (rule == NULL || rule[0] == '\0') {
        return false;
    }
    int64_t each =
        strncmp(rule, word, strlen(word)) == 0 ? strtoll(rule + strlen(word), NULL, 10) : 0;
    if (each <= 0) {
        assert_fail("GUANXI_FAULT_PG reads commit:n", __FILE__, __LINE__);
    }
    /* by the process, so that one of few commits has its turn too */
    return (atomic_fetch_add(&commits, 1) + getpid()) % each == 0;
}
