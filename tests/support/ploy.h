/* What the owner of a relation and a colluding colleague can try,
 * and the bounds that nothing of it may pass. */
#ifndef GUANXI_TESTS_PLOY_H
#define GUANXI_TESTS_PLOY_H

#include "support/world.h"

enum {
    PLOY_STEPS_MAX = 6,
    PLOY_TRIES = 9, /* some steps find nothing to be about */
    PLOY_ACCOUNTS_MAX = 24,
    PLOY_THINGS_MAX = 64,
    PLOY_LINES_MAX = 32,
};

typedef enum ThingKind {
    THING_PARTNER,
    THING_ACCOUNT,
    THING_ORDER,
    THING_SHIPMENT,
    THING_PROMISE,
    THING_APPROVAL,
    THING_ACTIVITY,
    THING_KINDS
} ThingKind;

/* Something that calls can name. */
typedef struct Thing {
    ThingKind kind;
    size_t scene;
    char id[ID_TEXT_SIZE];
    char about[32]; /* of an approval: the operation that was asked for */
} Thing;

/* An account of the books that every sequence begins with, and its own bound. */
typedef struct Bound {
    Id id;
    Id parent;        /* its group's head; 0: none */
    int64_t limit;    /* minor units; 0 also for "not set" */
    Date until;       /* last day of that limit */
    int64_t later;    /* the limit after it */
    int64_t released; /* how far out of the house it may be above the limit */
    bool is_borrowed; /* has no limit of its own: the group's binds it */
    bool is_free;     /* somebody independent has set another limit */
    int64_t rate;     /* home units for one, in thousandths */
    int64_t exposure; /* before the step */
    int64_t out;
} Bound;

typedef struct Ploy {
    World world;
    Bound bounds[PLOY_ACCOUNTS_MAX];
    size_t bound_count; /* those after `stock_bounds` were made in the sequence */
    size_t stock_bounds;
    Thing things[PLOY_THINGS_MAX];
    size_t thing_count;
    size_t stock_things;
    size_t scene;     /* the sequence is about this one */
    const char *mate; /* who helps */
    Date start;
    Instant start_ms;
    bool is_approver_in; /* the step is that of somebody independent */
    int made;            /* partners and accounts: their codes */
    int64_t calls, done, approved;
} Ploy;

/* The books that every sequence begins with. */
void ploy_open(Ploy *ploy);
/* One sequence; what it broke, or NULL. The text lives until the next one. */
const char *ploy_run(Ploy *ploy, uint64_t seed);

#endif
