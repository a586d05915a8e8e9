/* A server that refuses one COMMIT in so many, as one does that cannot put transactions into an
 * order, or whose clock is so many milliseconds ahead: always compiled, at work only when the
 * environment asks (commit:n, clock:ms). */
#include "db/postgres/postgres.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Atomic int64_t commits;

/* The number behind the word; 0: that is not asked for. */
static int64_t rule_number(const char *word)
{
    const char *rule = getenv("GUANXI_FAULT_PG");
    size_t length = strlen(word);
    bool is_it = rule != NULL && strncmp(rule, word, length) == 0 && rule[length] == ':';
    return is_it ? strtoll(rule + length + 1, NULL, 10) : 0;
}

bool pg_fault_commit(void)
{
    int64_t each = rule_number("commit");
    /* by the process, so that one of few commits has its turn too */
    return each > 0 && (atomic_fetch_add(&commits, 1) + getpid()) % each == 0;
}

int64_t pg_fault_clock(void)
{
    return rule_number("clock");
}
