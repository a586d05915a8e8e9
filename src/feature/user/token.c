/* Bearer tokens for programs: hashes of random text that is shown once. Who a token stands for is
 * looked up at every call, so that a revoked one is worth nothing to the next. */
#include "feature/user.h"

#include "base/crypto.h"
#include "feature/features.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

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

#define TOKEN_FACTS "id, user_id, hash, created_at, revoked_at"
#define TOKEN_LETTERS "kkxii"
static const Fact fact_token = FACT("token", 1, TOKEN_FACTS, TOKEN_LETTERS);

static const Sql sql_token_insert = {
    "INSERT INTO token (id, user_id, hash, created_at) VALUES ($1, $2, $3, $4) "
    "RETURNING " TOKEN_FACTS,
    .in = "kkxi",
    .out = TOKEN_LETTERS,
};

static const Sql sql_user_active = {
    "SELECT is_active FROM app_user WHERE id = $1",
    .in = "k",
    .out = "b",
};

OP(token_create,
    TokenCreateIn,
    TokenReply,
    POST("/tokens"),
    .effect = EFFECT_CREATE,
    .needs = PERM_USER_WRITE,
    .is_secret_reply = true,
    .summary = "Make a bearer token for a user; it is shown once.",
    FAILS(ERR_STATE))
{
    Rows rows;
    TRY(db_ask(cx, &sql_user_active, ARGS(arg_id(in->user.id)), &rows));
    if (!db_next(&rows) || !db_bool(&rows, 0)) {
        return err_set(cx, ERR_STATE, "user", "%s is not active.", in->user.text);
    }
    char *text = arena_alloc(cx->arena, TOKEN_TEXT_SIZE + 1);
    crypto_token(text);
    Hash hash = crypto_digest(&(Bytes){text, strlen(text)}, 1);
    *out = (TokenReply){.id = db_new_id(cx), .token = text};
    run_touch(cx, in->user.id);
    return fact_put(cx, &fact_token, &sql_token_insert,
        ARGS(arg_id(out->id), arg_id(in->user.id), arg_bytes(hash.bytes, sizeof hash.bytes),
            arg_instant(cx->now_ms)));
}

/* ---- token_revoke ---- */

static const char *const token_status_names[] = {"", "active", "revoked", NULL};

typedef struct TokenRevokeIn {
    Ref token;
} TokenRevokeIn;

SCHEMA(TokenRevokeIn, F_REF(TokenRevokeIn, token, "token", REQUIRED));

typedef struct TokenRevokeOut {
    Id id;
    const char *status;
} TokenRevokeOut;

SCHEMA(TokenRevokeOut, F_ID(TokenRevokeOut, id, "token"), F_TEXT(TokenRevokeOut, status));

static const Sql sql_token_state = {
    "SELECT revoked_at, user_id FROM token WHERE id = $1",
    .in = "k",
    .out = "ik",
};

static const Sql sql_token_revoke = {
    "UPDATE token SET revoked_at = $2 WHERE id = $1 RETURNING " TOKEN_FACTS,
    .in = "ki",
    .out = TOKEN_LETTERS,
};

static const Sql sql_tokens_of = {
    "SELECT " TOKEN_FACTS " FROM token WHERE user_id = $1 AND revoked_at IS NULL ORDER BY id",
    .in = "k",
    .out = TOKEN_LETTERS,
};

static const Sql sql_tokens_revoke = {
    "UPDATE token SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL "
    "RETURNING " TOKEN_FACTS,
    .in = "ki",
    .out = TOKEN_LETTERS,
};

OP(token_revoke,
    TokenRevokeIn,
    TokenRevokeOut,
    POST("/tokens/{token}/revoke"),
    .effect = EFFECT_ACT,
    .needs = PERM_USER_WRITE,
    .summary = "Revoke a token; the next call with it is refused.",
    FAILS(ERR_STATE))
{
    Rows rows;
    TRY(db_one(cx, &sql_token_state, ARGS(arg_id(in->token.id)), "a token", &rows));
    if (!db_is_null(&rows, 0)) {
        return err_set(cx, ERR_STATE, "token", "This token is revoked already.");
    }
    run_touch(cx, db_id(&rows, 1));
    run_changed(cx, in->token.id, "status", "active", "revoked");
    *out = (TokenRevokeOut){.id = in->token.id, .status = "revoked"};
    return fact_change(cx, &fact_token, in->token.id, &sql_token_revoke,
        ARGS(arg_id(in->token.id), arg_instant(cx->now_ms)));
}

Err user_tokens_revoke(Ctx *cx, Id user_id)
{
    TRY(fact_see(cx, &fact_token, &sql_tokens_of, ARGS(arg_id(user_id))));
    return fact_change_seen(
        cx, &fact_token, &sql_tokens_revoke, ARGS(arg_id(user_id), arg_instant(cx->now_ms)));
}

/* ---- Reading ---- */

typedef struct Token {
    Id id;
    Ref user;
    int status;
    Instant created_at;
    Instant revoked_at;
} Token;

SCHEMA(Token,
    F_ID(Token, id, "token"),
    F_REF(Token, user, "user", .flags = FIELD_FILTER),
    F_ENUM(Token,
        status,
        token_status_names,
        .column = "(CASE WHEN r.revoked_at IS NULL THEN 'active' ELSE 'revoked' END)",
        .flags = FIELD_OUTPUT | FIELD_FILTER),
    F_INSTANT(Token, created_at),
    F_INSTANT(Token, revoked_at));

static const Record record_token = {
    .name = "token",
    .path = "/tokens",
    .letter = 'Q',
    .schema = &Token_schema,
    .verbs = VERB_READS,
    .reads = PERM_USER_WRITE,
    .summary = "a bearer token",
};

static const RefKind ref_token = {.name = "token", .letter = 'Q'};

const Feature token_feature = {
    .name = "token",
    .ops = (const Op *const[]){&op_token_create, &op_token_revoke, NULL},
    .records = (const Record *const[]){&record_token, NULL},
    .refs = (const RefKind *const[]){&ref_token, NULL},
    .facts = (const Fact *const[]){&fact_token, NULL},
};
