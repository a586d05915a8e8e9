/* Trading accounts. */
#ifndef GUANXI_FEATURE_ACCOUNT_H
#define GUANXI_FEATURE_ACCOUNT_H

#include "base/ctx.h"
#include "base/money.h"

typedef struct Account {
    Id id;
    const char *code;
    Id partner_id;
    const char *partner_code;
    Id owner_id;      /* of the partner; 0: none */
    const char *tier; /* of the partner; NULL: none */
    Currency currency;
    int64_t terms_days;
    Id parent_id;
    bool is_head; /* accounts stand below it */
    bool is_only; /* its partner has no other */
    int state;    /* AccountState of rules/policy.h */
    Date state_since_on;
    Id state_since_id; /* documents with a higher id came after the state was set */
    int64_t version;
} Account;

/* Begins a statement: `member` has the ids of the account $1 and of all below it. Whole before the
 * rest begins, as one that goes by itself to the accounts' nodes may not be recursive. */
#define FAMILY_OF                                                                                  \
    "WITH member AS MATERIALIZED (WITH RECURSIVE family (id) AS ("                                 \
    "SELECT m.id FROM account m WHERE m.id = $1"                                                   \
    " UNION ALL SELECT m.id FROM account m JOIN family f ON m.parent_id = f.id)"                   \
    " SELECT id FROM family) "

/* ERR_NOT_FOUND `account` when there is none. Full sight. */
Err account_load(Ctx *cx, Id account_id, Account *ret_account) MUST_CHECK;
/* May the caller see the account of this code? Staff may see whose limit an account uses; a
 * partner's user sees its own partner's accounts alone. */
Err account_is_shown(Ctx *cx, const char *code, bool *ret_is_shown) MUST_CHECK;
/* The account and its ancestors, nearest first; at most CREDIT_CHAIN_MAX. */
Err account_chain(Ctx *cx, Id account_id, Account *ret_chain, size_t *ret_count) MUST_CHECK;
/* Takes the row of an account away. */
Err account_row_remove(Ctx *cx, Id account_id) MUST_CHECK;
/* Puts the state in force without asking anybody (day close, write-off,
 * an approval carried out). */
Err account_state_put(Ctx *cx, Id account_id, int state, const char *reason) MUST_CHECK;
/* An amount of an input in the account's currency: ERR_FIELD_INVALID. */
Err account_amount(
    Ctx *cx, const char *field, Decimal given, Currency currency, Money *ret_amount) MUST_CHECK;

#endif
