/* Random trade: one operation after another over a few accounts, mostly sensible, by whoever
 * may do it, on days that go on. It chooses among the documents that the naive books have read. */
#ifndef GUANXI_TESTS_TRADE_H
#define GUANXI_TESTS_TRADE_H

#include "support/books.h"

enum { TRADE_OPS_MAX = 64, TRADE_ACCOUNTS_MAX = 4 };

/* How often an operation was done and refused. */
typedef struct TradeCount {
    const char *name;
    int64_t done;
    int64_t refused;
} TradeCount;

typedef struct Trade {
    World world;
    Books books;
    Date start;
    Instant start_ms;
    Id accounts[TRADE_ACCOUNTS_MAX];
    size_t account_count;
    int numbered; /* what got a number or code of ours */
    TradeCount counts[TRADE_OPS_MAX];
    size_t count_count;
    /* the last call */
    const json_t *answer;
    const char *operation;
    const char *fault; /* what was wrong with its answer; NULL: nothing */
    bool is_keyed;     /* each call gets an idempotency key and is repeated */
} Trade;

/* Users, products, rates: what all histories share. */
void trade_open(Trade *trade);
/* The accounts of a history, after world_begin. */
void trade_begin(Trade *trade);
/* One operation; what its answer shows to be wrong is in trade->fault. */
void trade_step(Trade *trade);

#endif
