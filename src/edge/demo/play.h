/* The demonstration's world: distributors of a manufacturer who order, are judged, are shipped to,
 * pay or do not, day by day over three years. Everything it does is an operation, run as the person
 * whose work it is; what happens next depends on the reply, as it would at a desk. */
#ifndef GUANXI_EDGE_DEMO_PLAY_H
#define GUANXI_EDGE_DEMO_PLAY_H

#include "base/ctx.h"
#include "base/json.h"
#include "base/money.h"
#include "edge/demo/random.h"

#include <stddef.h>

/* How a distributor keeps to what it owes. */
typedef enum Habit {
    HABIT_PROMPT,  /* pays by the due date */
    HABIT_USUAL,   /* a few days late */
    HABIT_SLOW,    /* weeks late, keeps most promises */
    HABIT_BAD,     /* months late, breaks promises */
    HABIT_FAILING, /* prompt, then worse and worse */
} Habit;

typedef struct Outlet Outlet;
typedef struct Deal Deal;

/* A region with those who serve it. */
typedef struct Region {
    const char *territory;
    const char *name;
    const char *owner; /* sales: owns the relations */
    const char *desk;  /* sales: takes the orders */
    const char *const *cities;
} Region;

/* A distributor with its account; partner and account have the same code. */
struct Outlet {
    const char *code;
    const Region *region;
    const Outlet *parent;
    Currency currency;
    bool has_owner;
    Habit habit;
    int64_t order_size; /* minor units, in an ordinary month */
    int64_t interval;   /* days from order to order */
    int64_t limit;      /* minor units; 0: its parent's */
    int terms_days;
    Date opens_on;
    Date ends_on; /* orders no more; DATE_NONE: goes on */
    const char *state;
    Deal *unpaid; /* deals with an invoice that is not paid, oldest first */
};

typedef enum DealStage { DEAL_HELD, DEAL_APPROVED, DEAL_INVOICED, DEAL_OVER } DealStage;

/* One order and what becomes of it. */
struct Deal {
    Outlet *outlet;
    DealStage stage;
    size_t index; /* in Play.deals; its number says it */
    size_t line_count;
    size_t shipped_lines;
    int64_t total;
    int64_t excess; /* above the limit, as it was last judged */
    int64_t to_invoice;
    int64_t open;
    Date due_on;
    int tries;
    const char *order;    /* its id */
    const char *approval; /* of the release that was asked for */
    Deal *next_unpaid;
};

typedef struct Play Play;
typedef Err (*EventRun)(Play *play, Outlet *outlet, Deal *deal);

typedef struct Event {
    EventRun run;
    Outlet *outlet;
    Deal *deal;
    struct Event *next;
} Event;

typedef struct Day {
    Event *first;
    Event *last;
} Day;

enum { OUTLETS_MAX = 240, DEALS_MAX = 40000 };

struct Play {
    Ctx *cx;
    Arena *arena; /* of the whole play; cx->arena is of one operation */
    Random random;
    Date first;
    Date last;
    Date today;          /* the day under way, or the next one to come */
    Date until;          /* play_days() goes on to this day */
    int64_t batch_calls; /* operations after which it commits */
    Day *days;           /* one for each day from first to last */
    Outlet outlets[OUTLETS_MAX];
    size_t outlet_count;
    Deal **deals;
    size_t deal_count;
    int64_t calls;
};

/* ---- play.c ---- */

Play *play_new(Arena *arena, Date first, Date last);
/* Plays days up to and with play->until in one transaction, fewer when that becomes a long one. */
Err play_days(Ctx *cx, void *play) MUST_CHECK;
/* Plans an event `days` from today, on a working day; one beyond the last day is dropped. */
void play_plan(Play *play, int64_t days, EventRun run, Outlet *outlet, Deal *deal);
/* Plans one on that very day. */
void play_plan_on(Play *play, Date on, EventRun run, Outlet *outlet, Deal *deal);

/* Runs an operation; takes `in`. A refusal ends the play. *ret_reply may be NULL. */
Err play_do(
    Play *play, const char *operation, const char *as, json_t *in, json_t **ret_reply) MUST_CHECK;
/* The same where a refusal is an answer: *ret_reply is NULL then. */
Err play_try(
    Play *play, const char *operation, const char *as, json_t *in, json_t **ret_reply) MUST_CHECK;

/* Members of replies by path ("decision.limit"): "" or 0 when absent. */
const char *play_text(const json_t *reply, const char *path);
int64_t play_minor(const json_t *reply, const char *path);
/* An amount in minor units, and a day, as inputs have them; in the arena of the operation. */
const char *play_money(Play *play, int64_t minor);
const char *play_date(Play *play, Date date);

/* ---- cast.c: who is there ---- */

void cast_plan(Play *play);

/* ---- trade.c: from an order to its payment ---- */

Err trade_order(Play *play, Outlet *outlet, Deal *deal) MUST_CHECK;
/* Pays all that the outlet owes. */
Err trade_settle(Play *play, Outlet *outlet, Deal *deal) MUST_CHECK;
/* What is past due by so many days. */
int64_t trade_overdue(const Play *play, const Outlet *outlet, int64_t days);

/* ---- care.c: what people do about it ---- */

Err care_visit(Play *play, Outlet *outlet, Deal *deal) MUST_CHECK;
void care_plan(Play *play);

#endif
