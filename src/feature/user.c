/* Users, their roles and territories, and tokens. Passwords are kept as Argon2id hashes, tokens as hashes of
 * random text that is shown once. */
#include "feature/user.h"

#include "base/crypto.h"
#include "feature/features.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

/* ---- Passwords ---- */

enum { PASSWORD_LENGTH_MIN = 15, PASSWORD_LENGTH_MAX = 256 };

/* What everybody tries first, once it is long enough to pass at all. */
static const char *const passwords_known[] = {"passwordpassword", "password1234567",
    "123456789012345", "1234567890123456", "qwertyuiopasdfgh", "qwertyuiop12345", "aaaaaaaaaaaaaaa",
    "letmeinletmein1", "guanxiguanxigua", "administrator12", "correcthorsebatterystaple",
    "iloveyouiloveyou", "changemechangeme"};

Err user_password_check(Ctx *cx, const char *password, const char *name)
{
    size_t length = strlen(password);
    if (length < PASSWORD_LENGTH_MIN || length > PASSWORD_LENGTH_MAX) {
        return err_set(cx, ERR_FIELD_INVALID, "password",
            "A password has %d to %d characters; a few words in a row are easy to keep.",
            PASSWORD_LENGTH_MIN, PASSWORD_LENGTH_MAX);
    }
    bool is_known = strstr(password, name) != NULL && strlen(name) * 2 > length;
    for (size_t i = 0; i < COUNT(passwords_known); i++) {
        is_known = is_known || strcmp(password, passwords_known[i]) == 0;
    }
    size_t same = strspn(password, (const char[]){password[0], '\0'});
    if (is_known || same == length) {
        return err_set(
            cx, ERR_FIELD_INVALID, "password", "This password is one of the first that are tried.");
    }
    return ERR_OK;
}

static Err password_prepare(
    Ctx *cx, const char *password, const char *name, const void **ret_prepared)
{
    if (password == NULL) {
        return ERR_OK;
    }
    TRY(user_password_check(cx, password, name));
    char *hash = arena_alloc(cx->arena, PASSWORD_HASH_SIZE);
    if (!crypto_password_hash(password, hash)) {
        return err_set(cx, ERR_BUSY, NULL, "Not enough memory to store a password now; try again.");
    }
    *ret_prepared = hash;
    return ERR_OK;
}

/* ---- user_create ---- */

typedef struct UserCreateIn {
    const char *name;
    int role;
    const char *password;
    Ref partner;
    List territories;
    Ref reports_to;
} UserCreateIn;

SCHEMA(UserCreateIn,
    F_TEXT(UserCreateIn, name, REQUIRED, .max_len = 64),
    F_ENUM(UserCreateIn, role, role_names, REQUIRED),
    F_TEXT(UserCreateIn,
        password,
        .flags = FIELD_SECRET,
        .max_len = 1024,
        .doc = "None: tokens only."),
    F_REF(UserCreateIn, partner, "partner", .doc = "Of a user with the role partner: its own."),
    F_LIST_OF(UserCreateIn,
        territories,
        FIELD_REF,
        .to = "territory",
        .max_len = 200,
        .doc = "Rows are limited to these; none: all are seen."),
    F_REF(UserCreateIn, reports_to, "user", .doc = "Alerts about this user go to that one."));

typedef struct UserReply {
    Id id;
    const char *name;
    const char *role;
} UserReply;

SCHEMA(UserReply, F_ID(UserReply, id, "user"), F_TEXT(UserReply, name), F_TEXT(UserReply, role));

static const Sql sql_user_by_name = {
    "SELECT id, NULL, NULL, name FROM app_user WHERE name = $1",
    .in = "t",
    .out = "kkkt",
};
static const Sql sql_user_by_id = {
    "SELECT id, NULL, NULL, name FROM app_user WHERE id = $1",
    .in = "k",
    .out = "kkkt",
};

static const Sql sql_user_insert = {
    "INSERT INTO app_user (id, name, role, password_hash, partner_id, reports_to_id, is_active, "
    "created_on, version)"
    " VALUES ($1, $2, $3, $4, $5, $6, TRUE, $7, 1)",
    .in = "ktttkkd",
};

static const Sql sql_territory_assign = {
    "INSERT INTO user_territory (user_id, territory_id) VALUES ($1, $2)",
    .in = "kk",
};

static const Sql sql_territories_clear = {
    "DELETE FROM user_territory WHERE user_id = $1", .in = "k"};

static Err territories_put(Ctx *cx, Id user_id, List territories)
{
    TRY(db_put(cx, &sql_territories_clear, ARGS(arg_id(user_id))));
    for (size_t i = 0; i < territories.count; i++) {
        Id territory = LIST_AT(territories, Ref, i)->id;
        for (size_t k = 0; k < i; k++) {
            if (LIST_AT(territories, Ref, k)->id == territory) {
                return err_set(cx, ERR_FIELD_INVALID, "territories", "A territory is named twice.");
            }
        }
        TRY(db_put(cx, &sql_territory_assign, ARGS(arg_id(user_id), arg_id(territory))));
    }
    return ERR_OK;
}

static Err user_create_prepare(Ctx *cx, const void *input, const void **ret_prepared)
{
    const UserCreateIn *in = input;
    return password_prepare(cx, in->password, in->name, ret_prepared);
}

OP(user_create,
    UserCreateIn,
    UserReply,
    POST("/users"),
    .effect = EFFECT_CREATE,
    .needs = PERM_USER_WRITE,
    .prepare = user_create_prepare,
    .summary = "Add a user.",
    FAILS(ERR_FIELD_INVALID, ERR_FIELD_REQUIRED, ERR_NAME_TAKEN))
{
    if ((in->role == ROLE_PARTNER) != (in->partner.id != 0)) {
        return err_set(cx, in->role == ROLE_PARTNER ? ERR_FIELD_REQUIRED : ERR_FIELD_INVALID,
            "partner", "A user with the role partner belongs to one partner, all others to none.");
    }
    Rows rows;
    TRY(db_ask(cx, &sql_user_by_name, ARGS(arg_text(in->name)), &rows));
    if (rows.count > 0) {
        return err_set(cx, ERR_NAME_TAKEN, "name", "There is a user %s already.", in->name);
    }
    *out = (UserReply){.id = db_new_id(cx), .name = in->name, .role = role_names[in->role]};
    TRY(db_put(cx, &sql_user_insert,
        ARGS(arg_id(out->id), arg_text(in->name), arg_text(out->role), arg_text(run_prepared(cx)),
            arg_id(in->partner.id), arg_id(in->reports_to.id), arg_date(cx->today))));
    return territories_put(cx, out->id, in->territories);
}

/* ---- token_create ---- */

typedef struct TokenCreateIn {
    Ref user;
} TokenCreateIn;

SCHEMA(TokenCreateIn, F_REF(TokenCreateIn, user, "user", REQUIRED));

typedef struct TokenReply {
    Id id;
    const char *token;
} TokenReply;

SCHEMA(TokenReply,
    F_ID(TokenReply, id, "token"),
    F_TEXT(TokenReply, token, .doc = "Shown this once."));

static const Sql sql_token_insert = {
    "INSERT INTO token (id, user_id, hash, created_at) VALUES ($1, $2, $3, $4)",
    .in = "kkxi",
};

OP(token_create,
    TokenCreateIn,
    TokenReply,
    POST("/tokens"),
    .effect = EFFECT_CREATE,
    .needs = PERM_USER_WRITE,
    .is_secret_reply = true,
    .summary = "Make a bearer token for a user; it is shown once.")
{
    char *text = arena_alloc(cx->arena, TOKEN_TEXT_SIZE + 1);
    crypto_token(text);
    Hash hash = crypto_digest(&(Bytes){text, strlen(text)}, 1);
    *out = (TokenReply){.id = db_new_id(cx), .token = text};
    return db_put(cx, &sql_token_insert,
        ARGS(arg_id(out->id), arg_id(in->user.id), arg_bytes(hash.bytes, sizeof hash.bytes),
            arg_instant(cx->now_ms)));
}

static const Sql sql_token_by_id = {
    "SELECT id, NULL, NULL, NULL FROM token WHERE id = $1",
    .in = "k",
    .out = "kkkt",
};
static const RefKind ref_token = {.name = "token", .letter = 'Q', .by_id = &sql_token_by_id};

static const RefKind ref_user = {.name = "user",
    .table = "app_user",
    .letter = 'U',
    .shows = "name",
    .by_code = &sql_user_by_name,
    .by_id = &sql_user_by_id};

const Feature user_feature = {
    .name = "user",
    .ops = (const Op *const[]){&op_user_create, &op_token_create, NULL},
    .refs = (const RefKind *const[]){&ref_user, &ref_token, NULL},
};
