/* The whole program in one process for random searches: operations by name and JSON, as whom and on
 * what day. A history stands in one open transaction that is rolled back, so each begins at the
 * same books and its seed alone brings it back. With WORLD_JOURNALS=FOLDER each history is written
 * there as a journal for the command line. */
#ifndef GUANXI_TESTS_WORLD_H
#define GUANXI_TESTS_WORLD_H

#include "support/database.h"

#include "base/json.h"
#include "op/store.h"
#include "support/script.h"

enum { WORLD_USERS_MAX = 16 };

typedef struct World {
    Place place;
    Actor users[WORLD_USERS_MAX];
    size_t user_count;
    ArenaMark mark;      /* what is kept between calls lies below it */
    uint64_t random;     /* state of the generator */
    bool in_transaction; /* between world_begin and world_end */
    bool is_told;        /* prints each call and its answer */
    json_t *answers;     /* kept until world_end */
    int status;          /* HTTP status of the last answer */
    const char *code;    /* its refusal, "" when there was none */
    bool is_repeat;
    Script *script; /* writes down every call; NULL: none */
    uint64_t seed;  /* of the history under way, for the name of its journal */
} World;

/* A founded database of this home currency with the program's own features, on this day. */
void world_open(World *world, const char *currency, const char *today);
void world_close(World *world);
/* A user whom world_do may name; outside of a history. */
void world_user(World *world, const char *name, const char *role);
/* One of each who acts, of sales and credit two. */
void world_staff(World *world);

/* Starts a history: its numbers come from the seed. */
void world_begin(World *world, uint64_t seed);
/* Takes back all that was done since. */
void world_end(World *world);
/* The same without a transaction around it: what is done stays. */
void world_begin_kept(World *world, uint64_t seed);
void world_end_kept(World *world);

/* Runs an operation with these members, which it takes over; `as` NULL: the system. The answer
 * lives until world_end; world->status, code and is_repeat tell of it. */
const json_t *world_do(World *world, const char *as, const char *operation, json_t *members);
const json_t *world_do_key(
    World *world, const char *as, const char *operation, json_t *members, const char *key);
/* The same, which may not be refused. */
const json_t *world_must(World *world, const char *as, const char *operation, json_t *members);
/* A member of an answer; "" when it is not there or no text. */
const char *world_text(const json_t *answer, const char *member);

/* Rows of a constant statement, in the transaction or in one of their own. */
Rows world_ask(World *world, const Sql *sql, const Arg *args, size_t count);

uint32_t world_below(World *world, uint32_t bound);
/* True so many times in a hundred. */
bool world_chance(World *world, uint32_t percent);
void world_days(World *world, int days);
const char *world_date(World *world, Date date, char text[DATE_TEXT_SIZE]);
/* Minor units as a decimal text. */
const char *world_amount(int64_t minor, int decimals, char text[DECIMAL_TEXT_SIZE]);

/* Everything that is stored, one line a row: in the arena, gone with the next call. */
const char *world_dump(World *world);
/* The first line in which two dumps differ, "" when they do not. */
const char *world_difference(World *world, const char *before, const char *after);
/* Runs the checks of doctor that need no transaction of their own;
 * counts and prints what they find. */
int64_t world_doctor(World *world);
/* The same without printing. */
int64_t world_findings(World *world);
/* Makes everything derived again. */
void world_rebuild(World *world);

/* A number from the environment, else `fallback`. */
uint64_t world_setting(const char *name, uint64_t fallback);

#endif
