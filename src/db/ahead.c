/* Questions asked ahead. To a server each question is a turn over a socket, which costs both sides
 * more than most of the questions themselves; an operation that says early what it will ask gets
 * all of it in one turn.
 *
 * An answer is good as long as it is what asking now would bring: until this connection writes or
 * locks. A lock may itself be asked ahead, before what is to be asked behind it: then what was
 * asked before it is good until the lock is asked for.
 *
 * What an operation asks hardly differs from one call to the next, so it need not say: what was
 * asked is kept, with the places of its arguments among those that the caller names. */
#include "db/port.h"

#include <string.h>

enum {
    EXPECTED_MAX = 96,
    USUAL_MAX = 64,
    USUAL_ARGS_MAX = 6,
    KNOWN_MAX = 48,
    MISSES_MAX = 3,
};

typedef struct Expected {
    const Sql *sql;
    const Arg *args;
    size_t count;
    int ticket;
} Expected;

/* Where an argument comes from. */
typedef struct Source {
    int known; /* place among what the caller names; -1: it was always this */
    Arg always;
} Source;

/* A question that calls of one kind ask. */
typedef struct Usual {
    const Sql *sql;
    Source sources[USUAL_ARGS_MAX];
    size_t count;
    int misses;     /* calls in a row that did not ask it */
    bool was_asked; /* by this call */
    bool was_tried; /* it was asked ahead for this call */
    bool differs;   /* its arguments cannot be foretold */
} Usual;

typedef struct Plan {
    const void *what;
    struct Plan *next;
    size_t count;
    Usual items[USUAL_MAX];
} Plan;

struct Ahead {
    Arena *arena; /* of one transaction */
    Expected expected[EXPECTED_MAX];
    size_t count;
    size_t fresh; /* those from here on are asked behind all locks; a lock is the first of them */
    Plan *plans;
    Plan *learning; /* NULL: this call's questions are not looked at, or no more */
    Arg known[KNOWN_MAX];
    size_t known_count;
};

static Ahead *ahead_of(Db *db)
{
    if (db->ahead == NULL && db->link->driver->expect != NULL) {
        db->ahead = arena_alloc(db->arena, sizeof *db->ahead);
        db->ahead->arena = arena_new(CONNECTION_ARENA_BYTES);
    }
    return db->ahead;
}

static bool arg_equals(const Arg *one, const Arg *other)
{
    if (one->type == 't' || one->type == 'x') {
        return one->type == other->type && one->n == other->n &&
               memcmp(one->p, other->p, one->n) == 0;
    }
    bool is_null = one->type == '0' || other->type == '0';
    return is_null ? one->type == other->type : one->i == other->i;
}

bool args_are_equal(const Arg *some, const Arg *others, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!arg_equals(&some[i], &others[i])) {
            return false;
        }
    }
    return true;
}

/* From place `first` on; NULL: it is not there. */
static const Expected *expected_find(
    const Ahead *ahead, size_t first, const Sql *sql, const Arg *args, size_t count)
{
    for (size_t i = first; i < ahead->count; i++) {
        const Expected *item = &ahead->expected[i];
        if (item->sql == sql && item->count == count && args_are_equal(item->args, args, count)) {
            return item;
        }
    }
    return NULL;
}

const Arg *args_copy(Arena *arena, const Arg *args, size_t count)
{
    Arg *copies = arena_array(arena, count, sizeof *copies);
    for (size_t i = 0; i < count; i++) {
        copies[i] = args[i];
        if (args[i].p != NULL) {
            copies[i].p = arena_copy(arena, args[i].p, args[i].n);
        }
    }
    return copies;
}

Err db_expect(Ctx *cx, const Sql *sql, const Arg *args, size_t count)
{
    Ahead *ahead = ahead_of(cx->db);
    if (ahead == NULL || expected_find(ahead, ahead->fresh, sql, args, count) != NULL) {
        return ERR_OK;
    }
    const Kept *kept = NULL;
    TRY(statement_ready(cx, sql, args, count, &kept));
    ASSERT(kept->statement->columns > 0);
    if (steady_has(cx->db, kept, args, count)) {
        return ERR_OK;
    }
    bool is_full = ahead->count == EXPECTED_MAX;
    if (is_full || kept->expanded.has_sight) { /* by then another one's sight may hold */
        return ERR_OK;
    }
    int ticket = -1;
    TRY(statement_fault(cx, cx->db->link->driver->expect(kept->statement, &ticket)));
    if (ticket >= 0) {
        ahead->fresh = kept->only_reads ? ahead->fresh : ahead->count;
        ahead->expected[ahead->count++] = (Expected){
            .sql = sql,
            .args = args_copy(ahead->arena, args, count),
            .count = count,
            .ticket = ticket,
        };
    }
    return ERR_OK;
}

/* ---- What is usual ---- */

static Plan *plan_of(Db *db, const void *what)
{
    Plan *plan = db->ahead->plans;
    while (plan != NULL && plan->what != what) {
        plan = plan->next;
    }
    if (plan == NULL) {
        plan = arena_alloc(db->arena, sizeof *plan);
        plan->what = what;
        plan->next = db->ahead->plans;
        db->ahead->plans = plan;
    }
    return plan;
}

static Err usual_expect(Ctx *cx, Usual *usual, const Arg *known, size_t known_count)
{
    Arg args[USUAL_ARGS_MAX] = {0};
    for (size_t i = 0; i < usual->count; i++) {
        const Source *source = &usual->sources[i];
        if (source->known >= (int)known_count) {
            return ERR_OK; /* this call has not as many of them */
        }
        args[i] = source->known < 0 ? source->always : known[source->known];
    }
    usual->was_tried = true;
    return db_expect(cx, usual->sql, args, usual->count);
}

Err db_expect_usual(Ctx *cx, const void *what, const Arg *known, size_t count)
{
    Ahead *ahead = ahead_of(cx->db);
    if (ahead == NULL) {
        return ERR_OK;
    }
    Plan *plan = plan_of(cx->db, what);
    ahead->learning = plan;
    ahead->known_count = count < KNOWN_MAX ? count : KNOWN_MAX;
    for (size_t i = 0; i < ahead->known_count; i++) {
        ahead->known[i] = known[i];
    }
    for (size_t i = 0; i < plan->count; i++) {
        plan->items[i].was_asked = false;
        plan->items[i].was_tried = false;
    }
    for (size_t i = 0; i < plan->count; i++) {
        if (!plan->items[i].differs) {
            TRY(usual_expect(cx, &plan->items[i], ahead->known, ahead->known_count));
        }
    }
    return ERR_OK;
}

static Source source_of(const Ahead *ahead, const Arg *arg)
{
    for (size_t i = 0; i < ahead->known_count && arg->type != '0'; i++) {
        const Arg *known = &ahead->known[i];
        bool is_kind = arg->type != 'b' && (known->type == 'd') == (arg->type == 'd');
        if (is_kind && known->type != '0' && known->i == arg->i) {
            return (Source){.known = (int)i};
        }
    }
    return (Source){.known = -1, .always = *arg};
}

/* How two questions by one statement differ: not at all, only in what was thought to be always the
 * same, or in where their arguments come from. */
typedef enum Likeness { SAME, SAME_BUT_FOR_VALUES, DIFFERENT } Likeness;

static Likeness likeness_of(const Usual *usual, const Usual *asked)
{
    if (usual->sql != asked->sql) {
        return DIFFERENT;
    }
    Likeness likeness = SAME;
    for (size_t i = 0; i < usual->count; i++) {
        const Source *one = &usual->sources[i];
        const Source *other = &asked->sources[i];
        if (one->known != other->known) {
            return DIFFERENT;
        }
        if (one->known < 0 && !arg_equals(&one->always, &other->always)) {
            likeness = SAME_BUT_FOR_VALUES;
        }
    }
    return likeness;
}

static bool is_foretold(const Arg *args, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (args[i].type == 't' || args[i].type == 'x') {
            return false;
        }
    }
    return count <= USUAL_ARGS_MAX;
}

static void learn(Ahead *ahead, const Sql *sql, const Arg *args, size_t count)
{
    Plan *plan = ahead->learning;
    if (!is_foretold(args, count)) {
        return;
    }
    Usual asked = {.sql = sql, .count = count, .was_asked = true};
    for (size_t i = 0; i < count; i++) {
        asked.sources[i] = source_of(ahead, &args[i]);
    }
    for (size_t i = 0; i < plan->count; i++) {
        Usual *usual = &plan->items[i];
        Likeness likeness = likeness_of(usual, &asked);
        if (likeness != DIFFERENT) {
            usual->was_asked = true;
            usual->differs = usual->differs || likeness == SAME_BUT_FOR_VALUES;
            return;
        }
    }
    if (plan->count < USUAL_MAX) {
        plan->items[plan->count++] = asked;
    }
}

/* What was asked ahead in vain a few times in a row is not asked ahead again. */
static void learnt(Ahead *ahead)
{
    Plan *plan = ahead->learning;
    ahead->learning = NULL;
    for (size_t i = 0; plan != NULL && i < plan->count;) {
        Usual *usual = &plan->items[i];
        bool was_in_vain = usual->was_tried && !usual->was_asked;
        usual->misses = was_in_vain ? usual->misses + 1 : 0;
        if (usual->misses > MISSES_MAX) {
            *usual = plan->items[--plan->count];
        } else {
            i++;
        }
    }
}

/* ---- For db.c ---- */

/* The last of these is a lock that is had now: what came before is no answer any more. */
static void locked(Ahead *ahead, size_t count)
{
    ahead->count -= count;
    ahead->fresh -= count < ahead->fresh ? count : ahead->fresh;
    memmove(ahead->expected, ahead->expected + count, ahead->count * sizeof *ahead->expected);
}

int ahead_ticket(Db *db, const Kept *kept, const Arg *args, size_t count)
{
    Ahead *ahead = db->ahead;
    if (ahead == NULL) {
        return -1;
    }
    if (ahead->learning != NULL && kept->only_reads && !kept->expanded.has_sight) {
        learn(ahead, kept->key, args, count);
    }
    const Expected *found = expected_find(ahead, 0, kept->key, args, count);
    if (found == NULL) {
        return -1;
    }
    int ticket = found->ticket;
    if (!kept->only_reads) {
        locked(ahead, (size_t)(found - ahead->expected) + 1);
    }
    return ticket;
}

void ahead_forget(Db *db)
{
    Ahead *ahead = db->ahead;
    if (ahead == NULL) {
        return;
    }
    learnt(ahead);
    ahead->fresh = 0;
    ahead->count = 0;
    db->link->driver->expected_drop(db->link); /* it has those, too, that a lock made void */
    arena_reset(ahead->arena);
}

void ahead_close(Db *db)
{
    if (db->ahead != NULL) {
        arena_free(db->ahead->arena);
    }
}
