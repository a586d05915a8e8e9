/* Sessions of people who sign in with name and password: a random secret in a cookie, kept as a
 * hash, new at every sign-in. A session ends when nobody used it for a while, after a working day
 * in any case, when it is signed out, or when the password changes. */
#include "feature/user.h"

#include "base/crypto.h"
#include "feature/features.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

/* ---- Who one is ---- */

typedef struct Session {
    const char *name;
    const char *role;
    List permissions;
    const char *partner;
    List territories;
    Instant ends_at;
    Date today;
    int language;
    int numbers;
    int days;
} Session;

SCHEMA(Session,
    F_TEXT(Session, name),
    F_TEXT(Session, role),
    F_LIST_OF(Session, permissions, FIELD_TEXT, .doc = "What the role may do."),
    F_TEXT(Session, partner, .doc = "Of a user with the role partner: its own."),
    F_LIST_OF(Session,
        territories,
        FIELD_TEXT,
        .doc = "What one sees is limited to these; none: all is seen."),
    F_INSTANT(Session, ends_at, .doc = "At the latest; null: came with a token."),
    F_DATE(Session, today, .doc = "The business day that a call made now falls on."),
    F_ENUM(Session, language, language_names, .doc = "What one prefers; null: what is usual."),
    F_ENUM(Session, numbers, number_format_names),
    F_ENUM(Session, days, day_format_names));

static const Sql sql_session_user = {
    "SELECT u.name, u.role, p.code, u.language, u.numbers, u.days FROM app_user u LEFT JOIN "
    "partner p ON p.id = u.partner_id"
    " WHERE u.id = $1",
    .in = "k",
    .out = "tttttt",
};

static const Sql sql_session_end_at = {
    "SELECT end_at FROM session WHERE id = $1",
    .in = "k",
    .out = "i",
};

static List permissions_of(Arena *arena, Role role)
{
    const char **names = arena_array(arena, PERM_COUNT, sizeof *names);
    size_t count = 0;
    for (int perm = 0; perm < PERM_COUNT; perm++) {
        if (role_may(role, (Perm)perm)) {
            names[count++] = perm_name((Perm)perm);
        }
    }
    return (List){.items = names, .count = count};
}

static Err session_show(Ctx *cx, Id user_id, Session *out)
{
    Rows rows;
    TRY(db_one(cx, &sql_session_user, ARGS(arg_id(user_id)), "a user", &rows));
    out->name = db_text(&rows, 0);
    out->role = db_text(&rows, 1);
    out->partner = db_text(&rows, 2);
    TRY(db_name(cx, &rows, 3, language_names, &out->language));
    TRY(db_name(cx, &rows, 4, number_format_names, &out->numbers));
    TRY(db_name(cx, &rows, 5, day_format_names, &out->days));
    out->today = cx->today;
    out->permissions = permissions_of(cx->arena, role_by_name(out->role));
    return user_territories(cx, user_id, &out->territories);
}

/* ---- session_create ---- */

typedef struct SessionCreateIn {
    const char *name;
    const char *password;
} SessionCreateIn;

SCHEMA(SessionCreateIn,
    F_TEXT(SessionCreateIn, name, REQUIRED, .max_len = 64),
    F_TEXT(SessionCreateIn, password, .flags = FIELD_REQUIRED | FIELD_SECRET, .max_len = 1024));

#define SESSION_FACTS "id, user_id, hash, created_at, end_at, revoked_at"
#define SESSION_LETTERS "kkxiii"
static const Fact fact_session = FACT("session", 1, SESSION_FACTS, SESSION_LETTERS);

static const Sql sql_session_insert = {
    "INSERT INTO session (id, user_id, hash, created_at, idle_end_at, end_at)"
    " VALUES ($1, $2, $3, $4, $5, $6) RETURNING " SESSION_FACTS,
    .in = "kkxiii",
    .out = SESSION_LETTERS,
};

static const Sql sql_sessions_old = {
    "DELETE FROM session WHERE user_id = $1 AND (end_at <= $2 OR idle_end_at <= $2) "
    "RETURNING " SESSION_FACTS,
    .in = "ki",
    .out = SESSION_LETTERS,
};

static Err sign_in_refuse(Ctx *cx)
{
    return err_set(cx, ERR_UNAUTHENTICATED, NULL, "Name or password is wrong.");
}

static Err session_create_prepare(Ctx *cx, const void *input, const void **ret_prepared)
{
    const SessionCreateIn *in = input;
    Proof *proof = arena_alloc(cx->arena, sizeof *proof);
    bool is_right = false;
    TRY(user_prove(cx, in->name, in->password, proof, &is_right));
    *ret_prepared = proof;
    return is_right ? ERR_OK : sign_in_refuse(cx);
}

OP(session_create,
    SessionCreateIn,
    Session,
    POST("/sessions"),
    .effect = EFFECT_CREATE,
    .needs = PERM_PUBLIC,
    .is_anonymous = true,
    .asks_password = true,
    .prepare = session_create_prepare,
    .summary = "Sign in; over HTTP the session is a cookie.",
    FAILS(ERR_UNAUTHENTICATED))
{
    (void)in;
    const Proof *proof = run_prepared(cx);
    bool holds = false;
    TRY(user_proof_holds(cx, proof, &holds));
    if (!holds) {
        return sign_in_refuse(cx);
    }
    char *secret = arena_alloc(cx->arena, TOKEN_TEXT_SIZE + 1);
    crypto_token(secret);
    Hash hash = crypto_digest(&(Bytes){secret, strlen(secret)}, 1);
    Instant ends_at = cx->now_ms + SESSION_MS;
    TRY(fact_remove(
        cx, &fact_session, &sql_sessions_old, ARGS(arg_id(proof->user_id), arg_i64(cx->now_ms))));
    TRY(fact_put(cx, &fact_session, &sql_session_insert,
        ARGS(arg_id(db_new_id(cx)), arg_id(proof->user_id),
            arg_bytes(hash.bytes, sizeof hash.bytes), arg_i64(cx->now_ms),
            arg_i64(cx->now_ms + SESSION_IDLE_MS), arg_i64(ends_at))));
    run_session(cx, secret, SESSION_MS / 1000);
    run_touch(cx, proof->user_id);
    TRY(session_show(cx, proof->user_id, out));
    out->ends_at = ends_at;
    return ERR_OK;
}

/* ---- session_current ---- */

OP(session_current,
    Nothing,
    Session,
    GET("/sessions/current"),
    .effect = EFFECT_READ,
    .needs = PERM_PUBLIC,
    .summary = "Who one is, and what one may do.")
{
    (void)in;
    if (cx->actor->user_id == 0) {
        *out = (Session){.name = cx->actor->name,
            .role = cx->actor->name,
            .permissions = permissions_of(cx->arena, cx->actor->role),
            .today = cx->today};
        return ERR_OK;
    }
    TRY(session_show(cx, cx->actor->user_id, out));
    Rows rows;
    TRY(db_ask(cx, &sql_session_end_at, ARGS(arg_id(cx->actor->session_id)), &rows));
    out->ends_at = db_next(&rows) ? db_i64(&rows, 0) : 0;
    return ERR_OK;
}

/* ---- session_end ---- */

typedef struct SessionEndOut {
    const char *status;
} SessionEndOut;

SCHEMA(SessionEndOut, F_TEXT(SessionEndOut, status));

static const Sql sql_session_end = {
    "UPDATE session SET revoked_at = $2 WHERE id = $1 RETURNING " SESSION_FACTS,
    .in = "ki",
    .out = SESSION_LETTERS,
};

static const Sql sql_sessions_of = {
    "SELECT " SESSION_FACTS " FROM session WHERE user_id = $1 AND revoked_at IS NULL"
    " ORDER BY id",
    .in = "k",
    .out = SESSION_LETTERS,
};

static const Sql sql_sessions_end = {
    "UPDATE session SET revoked_at = $2 WHERE user_id = $1 AND id <> $3 AND revoked_at IS NULL "
    "RETURNING " SESSION_FACTS,
    .in = "kik",
    .out = SESSION_LETTERS,
};

OP(session_end,
    Nothing,
    SessionEndOut,
    DELETE("/sessions/current"),
    .effect = EFFECT_ACT,
    .needs = PERM_PUBLIC,
    .summary = "Sign out: the session ends at once.",
    FAILS(ERR_STATE))
{
    (void)in;
    if (cx->actor->session_id == 0) {
        return err_set(cx, ERR_STATE, NULL, "There is no session to end; a token is revoked.");
    }
    run_session(cx, "", 0);
    run_touch(cx, cx->actor->user_id);
    out->status = "ended";
    return fact_change(cx, &fact_session, cx->actor->session_id, &sql_session_end,
        ARGS(arg_id(cx->actor->session_id), arg_instant(cx->now_ms)));
}

Err user_sessions_end(Ctx *cx, Id user_id, Id kept_id)
{
    TRY(fact_see(cx, &fact_session, &sql_sessions_of, ARGS(arg_id(user_id))));
    return fact_change_seen(cx, &fact_session, &sql_sessions_end,
        ARGS(arg_id(user_id), arg_instant(cx->now_ms), (Arg){.type = 'k', .i = kept_id}));
}

/* ---- password_change: one's own ---- */

typedef struct PasswordChangeIn {
    const char *old_password;
    const char *password;
} PasswordChangeIn;

SCHEMA(PasswordChangeIn,
    F_TEXT(PasswordChangeIn, old_password, .flags = FIELD_REQUIRED | FIELD_SECRET, .max_len = 1024),
    F_TEXT(PasswordChangeIn, password, .flags = FIELD_REQUIRED | FIELD_SECRET, .max_len = 1024));

typedef struct PasswordChangeOut {
    const char *status;
} PasswordChangeOut;

SCHEMA(PasswordChangeOut, F_TEXT(PasswordChangeOut, status));

typedef struct PasswordChange {
    Proof proof;
    const void *hash;
} PasswordChange;

static Err old_password_refuse(Ctx *cx)
{
    return err_set(cx, ERR_FIELD_INVALID, "old_password", "This is not the present password.");
}

static Err password_change_prepare(Ctx *cx, const void *input, const void **ret_prepared)
{
    const PasswordChangeIn *in = input;
    if (cx->actor->user_id == 0) {
        return err_set(cx, ERR_FORBIDDEN, NULL, "The system has no password; call as a user.");
    }
    PasswordChange *change = arena_alloc(cx->arena, sizeof *change);
    bool is_right = false;
    TRY(user_prove(cx, cx->actor->name, in->old_password, &change->proof, &is_right));
    if (!is_right) {
        return old_password_refuse(cx);
    }
    *ret_prepared = change;
    return user_password_prepare(cx, in->password, cx->actor->name, &change->hash);
}

OP(password_change,
    PasswordChangeIn,
    PasswordChangeOut,
    PUT("/sessions/current/password"),
    .effect = EFFECT_ACT,
    .needs = PERM_PUBLIC,
    .asks_password = true,
    .prepare = password_change_prepare,
    .summary = "Change one's own password; one's other sessions end.",
    FAILS(ERR_FORBIDDEN, ERR_FIELD_INVALID))
{
    (void)in;
    const PasswordChange *change = run_prepared(cx);
    bool holds = false;
    TRY(user_proof_holds(cx, &change->proof, &holds));
    if (!holds) {
        return old_password_refuse(cx);
    }
    out->status = "changed";
    return user_password_put(cx, cx->actor->user_id, change->hash);
}

const Feature session_feature = {
    .name = "session",
    .ops = (const Op *const[]){&op_session_create, &op_session_current, &op_session_end,
        &op_password_change, NULL},
    .facts = (const Fact *const[]){&fact_session, NULL},
};
