/* The demonstration: a manufacturer with its distributors over three years, played through the
 * operations themselves, day by day, from one seed, so that it is the same every time. It reacts to
 * what it is answered: held orders are released, checked again or given up, late payers promise. */
#ifndef GUANXI_EDGE_DEMO_DEMO_H
#define GUANXI_EDGE_DEMO_DEMO_H

#include "edge/site.h"
#include "op/run.h"

enum {
    DEMO_ACCOUNTS = 220,
    DEMO_SELLERS = 12,
    DEMO_TERRITORIES = 6,
    DEMO_PRODUCTS = 24,
    DEMO_DAYS = 1096
};

typedef enum Temper { TEMPER_PROMPT, TEMPER_SLOW, TEMPER_BAD } Temper;

typedef struct DemoAccount {
    const char *code;
    const char *owner;
    int64_t monthly; /* what it buys in a month, in units of its currency */
    Temper temper;
    bool is_foreign; /* USD */
    int terms_days;
} DemoAccount;

typedef enum EventKind { EVENT_SHIP, EVENT_BILL, EVENT_HELD, EVENT_LATE, EVENT_PAY } EventKind;

/* What is to happen on a later day. */
typedef struct Event {
    EventKind kind;
    int account;
    int tries;
    const char *document; /* order or invoice */
    const char *amount;
    struct Event *next;
} Event;

typedef struct DemoFigures {
    int64_t calls;
    int64_t refused;
    int64_t orders;
    int64_t held;
    int64_t released;
} DemoFigures;

typedef struct Demo {
    Arena *arena; /* lives as long as the demonstration is made */
    uint64_t seed;
    Date first;
    int day; /* 0 is `first` */
    DemoAccount accounts[DEMO_ACCOUNTS];
    Event *events[DEMO_DAYS];
    DemoFigures figures;
} Demo;

/* 0 to below - 1. */
int demo_dice(Demo *demo, int below);
bool demo_chance(Demo *demo, int percent);
/* Calls an operation as a user (NULL: the system); takes `members`.
 * *ret_reply is NULL when it was refused. */
Err demo_call(
    Ctx *cx, Demo *demo, const char *operation, const char *as, json_t *members, json_t **ret_reply)
    MUST_CHECK;
/* The same where a refusal would be a fault of the demonstration itself,
 * and the reply is of no use. */
Err demo_must(
    Ctx *cx, Demo *demo, const char *operation, const char *as, json_t *members) MUST_CHECK;
const char *demo_date(Demo *demo, int day);
void demo_event(Demo *demo, int day, Event event);

/* Users, territories, products, partners and accounts. */
Err demo_found(Ctx *cx, Demo *demo) MUST_CHECK;
/* Everything that happens on demo->day. */
Err demo_day(Ctx *cx, Demo *demo) MUST_CHECK;

extern const SiteCommand demo_site;

#endif
