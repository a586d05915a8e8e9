/* Roles and what they may do, and who a token, a session or a name stands for. */
#include "op/actor.h"

#include "base/crypto.h"
#include "base/names.h"
#include "op/run.h"

#include <string.h>

const char *const role_names[] = {
    "", "admin", "manager", "sales", "credit", "collections", "finance", "viewer", "partner", NULL};

static const char role_letters[ROLE_COUNT] = {
    [ROLE_ADMIN] = 'a',
    [ROLE_MANAGER] = 'm',
    [ROLE_SALES] = 's',
    [ROLE_CREDIT] = 'c',
    [ROLE_COLLECTIONS] = 'l',
    [ROLE_FINANCE] = 'f',
    [ROLE_VIEWER] = 'v',
    [ROLE_PARTNER] = 'p',
};

typedef struct PermEntry {
    const char *name;
    const char *roles;
} PermEntry;

static const PermEntry perms[PERM_COUNT] = {
#define PERM(name, roles, doc) [PERM_##name] = {#name, roles},
#include "op/perm.def"
#undef PERM
};

const Actor actor_system = {.name = "system", .role = ROLE_SYSTEM};

bool role_may(Role role, Perm perm)
{
    ASSERT(perm < PERM_COUNT);
    if (role == ROLE_SYSTEM) {
        return true;
    }
    return role != ROLE_NONE && strchr(perms[perm].roles, role_letters[role]) != NULL;
}

bool actor_may(const Actor *actor, Perm perm)
{
    return actor != NULL && role_may(actor->role, perm);
}

const char *perm_name(Perm perm)
{
    ASSERT(perm < PERM_COUNT);
    return perms[perm].name;
}

/* ---- who it is */

/* How far the organisation's chain is; asked first in a transaction. */
static const Sql sql_state = {"SELECT chain_seq FROM org WHERE id = 1", "", "i"};

#define USER                                                                                       \
    "SELECT u.id, u.name, u.role, u.partner_id, u.is_active, "                                     \
    "EXISTS (SELECT 1 FROM user_territory t WHERE t.user_id = u.id)"
#define USER_LETTERS "kttkbb"

static const Sql sql_by_token = {USER " FROM token k JOIN app_user u ON u.id = k.user_id "
                                      "WHERE k.hash = $1 AND k.revoked_at IS NULL {steady}",
    "x", USER_LETTERS};

static const Sql sql_by_session = {USER
    ", s.id, s.idle_end_at FROM session s JOIN app_user u ON u.id = s.user_id "
    "WHERE s.hash = $1 AND s.revoked_at IS NULL AND s.idle_end_at > $2 AND s.end_at > $2",
    "xi", USER_LETTERS "ki"};

static const Sql sql_session_touch = {
    "UPDATE session SET idle_end_at = $2 WHERE id = $1 AND revoked_at IS NULL AND idle_end_at > $3",
    "kii", NULL};

static const Sql sql_by_name = {
    USER " FROM app_user u WHERE u.name = $1 {steady}", "t", USER_LETTERS};

Role role_by_name(const char *name)
{
    return (Role)name_index(role_names, name);
}

static Err state_tell(Ctx *cx)
{
    Rows row;
    TRY(db_one(cx, &sql_state, NO_ARGS, "the row of the organisation", &row));
    db_steady_begin(cx->db, db_i64(&row, 0));
    return ERR_OK;
}

/* NULL when there is no row, or the user is disabled or has a role that this program does not
 * know. */
static Actor *actor_read(Ctx *cx, Rows *rows)
{
    if (!db_next(rows) || !db_bool(rows, 4)) {
        return NULL;
    }
    Actor *actor = arena_alloc(cx->arena, sizeof *actor);
    *actor = (Actor){.user_id = db_id(rows, 0),
        .name = db_text(rows, 1),
        .role = role_by_name(db_text(rows, 2)),
        .partner_id = db_id(rows, 3),
        .has_territories = db_bool(rows, 5)};
    bool is_partner_without_one = actor->role == ROLE_PARTNER && actor->partner_id == 0;
    return actor->role == ROLE_NONE || is_partner_without_one ? NULL : actor;
}

static Hash secret_hash(const char *secret)
{
    return crypto_digest(&(Bytes){.data = secret, .size = strlen(secret)}, 1);
}

/* ---- by token or session: a question each, asked ahead with the same arguments */

enum { SECRET_ARGS_MAX = 2 };

typedef struct BySecret {
    const Sql *sql;
    Hash hash;
    Arg args[SECRET_ARGS_MAX];
    size_t count;
} BySecret;

static void by_token(const char *token, BySecret *ret_question)
{
    ret_question->sql = &sql_by_token;
    ret_question->hash = secret_hash(token);
    ret_question->args[0] = arg_bytes(ret_question->hash.bytes, HASH_SIZE);
    ret_question->count = 1;
}

static void by_session(const Ctx *cx, const char *secret, BySecret *ret_question)
{
    by_token(secret, ret_question);
    ret_question->sql = &sql_by_session;
    ret_question->args[1] = arg_i64(cx->now_ms);
    ret_question->count = 2;
}

Err actor_expect(Ctx *cx, const char *token, const char *session)
{
    BySecret question;
    if (token != NULL) {
        by_token(token, &question);
    } else {
        by_session(cx, session, &question);
    }
    TRY(db_expect(cx, &sql_state, NO_ARGS));
    return db_expect(cx, question.sql, question.args, question.count);
}

Err actor_by_token(Ctx *cx, const char *token, const Actor **ret_actor)
{
    BySecret question;
    Rows rows;
    by_token(token, &question);
    TRY(state_tell(cx));
    TRY(db_ask(cx, question.sql, question.args, question.count, &rows));
    const Actor *actor = actor_read(cx, &rows);
    if (actor == NULL) {
        return err_set(cx, ERR_UNAUTHENTICATED, NULL, "This token is not valid; get a new one.");
    }
    *ret_actor = actor;
    return ERR_OK;
}

Err actor_by_session(Ctx *cx, const char *secret, const Actor **ret_actor)
{
    BySecret question;
    Rows rows;
    by_session(cx, secret, &question);
    TRY(state_tell(cx));
    TRY(db_ask(cx, question.sql, question.args, question.count, &rows));
    Actor *actor = actor_read(cx, &rows);
    if (actor == NULL) {
        return err_set(cx, ERR_UNAUTHENTICATED, NULL, "The session has ended; sign in again.");
    }
    actor->session_id = db_id(&rows, 6);
    actor->is_session_due = db_i64(&rows, 7) - cx->now_ms < SESSION_IDLE_MS - SESSION_TOUCH_MS;
    *ret_actor = actor;
    return ERR_OK;
}

Err actor_by_name(Ctx *cx, const char *name, const Actor **ret_actor)
{
    Rows rows;
    TRY(state_tell(cx));
    TRY(db_ask(cx, &sql_by_name, ARGS(arg_text(name)), &rows));
    const Actor *actor = actor_read(cx, &rows);
    if (actor == NULL) {
        return err_set(cx, ERR_UNAUTHENTICATED, NULL, "There is no active user of this name.");
    }
    *ret_actor = actor;
    return ERR_OK;
}

Err session_touch(Ctx *cx, Id session_id)
{
    return db_put(cx, &sql_session_touch,
        ARGS(arg_id(session_id), arg_i64(cx->now_ms + SESSION_IDLE_MS), arg_i64(cx->now_ms)));
}
