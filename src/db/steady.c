/* Answers that are kept from one transaction to the next: of statements with {steady}, which read
 * tables that change under the lock of the organisation alone. Each such change moves the end of
 * the organisation's audit chain, so a transaction that begins by reading how far that is knows
 * whether what was kept still holds.
 *
 * An answer that is kept was read after the number that it is kept under. It may belong to a later
 * state of the tables, but then that state has a higher number, and by this number nobody comes
 * again. What a transaction reads behind its own changes may be undone, so it keeps nothing. */
#include "db/port.h"

#include "base/fnv.h"

#include <string.h>

enum { PLACES = 2048, ANSWERS_MAX = 1024, ROWS_MAX = 64, BYTES_MAX = 512 * 1024 };

typedef struct Answer {
    const Sql *sql;
    const Arg *args;
    size_t count;
    Rows rows;
} Answer;

struct Steady {
    Arena *arena; /* of the answers; all go at once */
    int64_t state;
    bool is_told; /* this transaction has told the state that it begins with */
    size_t count;
    Answer *answers[PLACES];
};

static const char *const steady_tables[] = {"app_user", "custom_field", "custom_option", "policy",
    "product", "token", "user_territory", NULL};

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* The name may stand in quotes. */
static bool is_steady_table(const char *name)
{
    name += name[0] == '"' ? 1 : 0;
    size_t length = strcspn(name, " (\"");
    for (size_t i = 0; steady_tables[i] != NULL; i++) {
        if (strlen(steady_tables[i]) == length && begins(name, steady_tables[i])) {
            return true;
        }
    }
    return false;
}

bool steady_is_changed_by(const char *text)
{
    static const char *const starts[] = {"INSERT INTO ", "UPDATE ", "DELETE FROM "};
    for (size_t i = 0; i < COUNT(starts); i++) {
        if (begins(text, starts[i])) {
            return is_steady_table(text + strlen(starts[i]));
        }
    }
    return false;
}

/* ---- the table of answers: open addressing, and nothing is ever taken out alone ---- */

static size_t place_of(const Sql *sql, const Arg *args, size_t count)
{
    uint64_t hash = fnv_add(FNV_START, &sql, sizeof(sql));
    for (size_t i = 0; i < count; i++) {
        hash = args[i].p != NULL ? fnv_add(hash, args[i].p, args[i].n)
                                 : fnv_add(hash, &args[i].i, sizeof(args[i].i));
    }
    return (size_t)(hash >> 32) % PLACES;
}

/* The place of this question's answer; NULL is there when there is none. */
static Answer **answer_at(Steady *steady, const Sql *sql, const Arg *args, size_t count)
{
    size_t place = place_of(sql, args, count);
    for (;;) {
        Answer **at = &steady->answers[place];
        if (*at == NULL || ((*at)->sql == sql && (*at)->count == count &&
                               args_are_equal((*at)->args, args, count))) {
            return at;
        }
        place = (place + 1) % PLACES;
    }
}

static void forget(Steady *steady)
{
    if (steady->count > 0) {
        memset(steady->answers, 0, sizeof(steady->answers));
        arena_reset(steady->arena);
        steady->count = 0;
    }
}

/* ---- the transaction ---- */

void db_steady_begin(Db *db, int64_t state)
{
    if (db->steady == NULL) {
        db->steady = arena_alloc(db->arena, sizeof(*db->steady));
        db->steady->arena = arena_new(CONNECTION_ARENA_BYTES);
    }
    Steady *steady = db->steady;
    if (!db->in_transaction || db->is_unsteady) {
        return;
    }
    if (steady->state != state) {
        forget(steady);
    }
    steady->state = state;
    steady->is_told = true;
}

void db_steady_end(Db *db)
{
    db->is_unsteady = true;
}

void steady_transaction_ended(Db *db)
{
    db->is_unsteady = false;
    if (db->steady != NULL) {
        db->steady->is_told = false;
    }
}

static bool is_on(const Db *db)
{
    return db->steady != NULL && db->steady->is_told && !db->is_unsteady;
}

void steady_change_check(const Db *db, const Kept *kept)
{
    ASSERT(!kept->changes_steady || !is_on(db));
}

/* ---- answers ---- */

bool steady_has(Db *db, const Kept *kept, const Arg *args, size_t count)
{
    bool is_kept = kept->is_steady && db->steady != NULL && !db->is_unsteady;
    return is_kept && *answer_at(db->steady, kept->key, args, count) != NULL;
}

bool steady_find(Ctx *cx, const Kept *kept, const Arg *args, size_t count, Rows *ret_rows)
{
    if (!kept->is_steady || !is_on(cx->db)) {
        return false;
    }
    const Answer *answer = *answer_at(cx->db->steady, kept->key, args, count);
    if (answer == NULL) {
        return false;
    }
    *ret_rows = rows_copied(cx->arena, &answer->rows);
    return true;
}

void steady_keep(Db *db, const Kept *kept, const Arg *args, size_t count, const Rows *rows)
{
    if (!kept->is_steady || !is_on(db) || rows->count > ROWS_MAX) {
        return;
    }
    Steady *steady = db->steady;
    if (steady->count == ANSWERS_MAX || arena_used(steady->arena) > BYTES_MAX) {
        forget(steady);
    }
    Answer **at = answer_at(steady, kept->key, args, count);
    if (*at != NULL) {
        return;
    }
    *at = arena_alloc(steady->arena, sizeof(**at));
    **at = (Answer){
        .sql = kept->key,
        .args = args_copy(steady->arena, args, count),
        .count = count,
        .rows = rows_copied(steady->arena, rows),
    };
    steady->count++;
}

void steady_close(Db *db)
{
    if (db->steady != NULL) {
        arena_free(db->steady->arena);
    }
}
