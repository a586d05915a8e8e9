/* Who and what is there: regions, people, goods, distributors. */
#ifndef GUANXI_EDGE_DEMO_CAST_H
#define GUANXI_EDGE_DEMO_CAST_H

#include "edge/demo/play.h"

/* Those who serve all regions. */
#define CAST_ADMIN "peng"
#define CAST_CREDIT "song"
#define CAST_CREDIT_TOO "feng"
#define CAST_COLLECTIONS "cao"
#define CAST_FINANCE "deng"
#define CAST_VIEWER "yu"
/* The password of everybody in the demonstration, those of its story too. */
#define CAST_PASSWORD "a feast is no result"

typedef struct Good {
    const char *code;
    const char *name;
    int64_t price; /* minor units of CNY, tax included */
    int64_t cost;
    int64_t price_abroad; /* minor units of USD */
} Good;

extern const Good goods[];
extern const size_t goods_count;

/* The manager above the owner of a relation. */
const char *cast_manager(const Region *region);

#endif
