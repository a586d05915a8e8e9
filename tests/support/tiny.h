/* A feature of one operation of each effect over the real tables, for the tests of op/. */
#ifndef GUANXI_TESTS_TINY_H
#define GUANXI_TESTS_TINY_H

#include "op/run.h"
#include "support/database.h"

typedef struct TinyLine {
    Ref product;
    Decimal quantity;
} TinyLine;

typedef struct TinyIn {
    Ref account;
    const char *text;
    int kind;
    Decimal amount;
    LimitValue limit;
    int64_t days;
    OptInt level;
    bool is_final;
    Date on;
    Instant at;
    Currency currency;
    Percent share;
    uint32_t colours;
    Ref invoice;
    List lines;
    List products;
    struct TinyLine *best;
    const char *extra;
    const char *password;
} TinyIn;

typedef struct TinyOut {
    Id id;
    Ref account;
    const char *text;
    Date on;
    int64_t version;
} TinyOut;

extern const Schema *const tiny_in;
extern const Schema *const tiny_out;

/* account_id of the accounts that tiny_open makes. */
enum { TINY_PARTNER = 11, TINY_OTHER = 12, TINY_PARENT = 21, TINY_ACCOUNT = 22, TINY_ELSE = 23 };

/* Sets the table of operations and fills a new database: partners P1 and P2, accounts D0 (group
 * of D1), D1 and D2 (of P2), products A and B, invoice R1 of D1, R9 of D1 and D2, users wang
 * (sales), li (finance), zhao (partner P2), tokens "token-" and their names, an organisation. */
void tiny_open(Place *place);
/* As the setup of a test, whose state is then the place. */
int tiny_setup(void **state);
/* One call with JSON as the input; run_call. */
Reply tiny_call(Place *place, const char *operation, const char *json, const char *key);
/* The same through the way of the write queue, in a transaction that the caller began. */
bool tiny_batched(
    Place *place, const char *operation, const char *json, const char *key, Reply *ret_reply);
/* Runs a statement without results. */
void tiny_sql(Place *place, const char *text);
/* The number that a statement answers. */
int64_t tiny_number(Place *place, const char *text);

#endif
