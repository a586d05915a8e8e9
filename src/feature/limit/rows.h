/* The limits of an account as rules/limit.h takes them. */
#ifndef GUANXI_FEATURE_LIMIT_ROWS_H
#define GUANXI_FEATURE_LIMIT_ROWS_H

#include "feature/account.h"
#include "rules/limit.h"

extern const char *const limit_kind_names[]; /* by LimitKind, as they are stored */

/* The rows in force, with room for one more behind them. */
Err limit_rows_load(
    Ctx *cx, Id account_id, Currency currency, LimitRow **ret_rows, size_t *ret_count) MUST_CHECK;
/* The same, with a limit that waits behind them: (*ret_rows)[*ret_in_force]. */
Err limit_asked_load(Ctx *cx,
    const Account *account,
    Id limit_id,
    LimitRow **ret_rows,
    size_t *ret_in_force) MUST_CHECK;
/* What the last of the rows changes, given what stands above the account. ERR_RATE_MISSING. */
Err limit_change_of(Ctx *cx,
    const Account *account,
    const LimitRow *rows,
    size_t count,
    LimitChange *ret_change) MUST_CHECK;

#endif
