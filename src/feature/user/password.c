/* Passwords: which ones are taken, and proving that one knows it. Kept as Argon2id hashes alone. */
#include "feature/user.h"

#include "base/crypto.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

enum { PASSWORD_LENGTH_MIN = 15, PASSWORD_LENGTH_MAX = 256 };

/* What everybody tries first, once it is long enough to pass at all. */
static const char *const passwords_known[] = {"passwordpassword", "password1234567",
    "123456789012345", "1234567890123456", "qwertyuiopasdfgh", "qwertyuiop12345", "letmeinletmein1",
    "guanxiguanxigua", "administrator12", "correcthorsebatterystaple",
    "correct horse battery staple", "iloveyouiloveyou", "changemechangeme", "abcdefghijklmno"};

static const Sql sql_password = {
    "SELECT id, password_hash, is_active FROM app_user WHERE name = $1",
    .in = "t",
    .out = "ktb",
};

static const Sql sql_password_now = {
    "SELECT password_hash, is_active FROM app_user WHERE id = $1",
    .in = "k",
    .out = "tb",
};

static const Sql sql_password_put = {
    "UPDATE app_user SET password_hash = $2 WHERE id = $1 RETURNING " USER_FACTS,
    .in = "kt",
    .out = USER_LETTERS,
};

static bool is_one_character(const char *password)
{
    return strspn(password, (const char[]){password[0], '\0'}) == strlen(password);
}

static bool is_guessed_first(const char *password, const char *name)
{
    bool is_known = strstr(password, name) != NULL && strlen(name) * 2 > strlen(password);
    for (size_t i = 0; i < COUNT(passwords_known); i++) {
        is_known = is_known || strcmp(password, passwords_known[i]) == 0;
    }
    return is_known || is_one_character(password);
}

static Err password_check(Ctx *cx, const char *password, const char *name)
{
    size_t length = strlen(password);
    if (length < PASSWORD_LENGTH_MIN || length > PASSWORD_LENGTH_MAX) {
        return err_set(cx, ERR_FIELD_INVALID, "password",
            "A password has %d to %d characters; a few words in a row are easy to keep.",
            PASSWORD_LENGTH_MIN, PASSWORD_LENGTH_MAX);
    }
    if (is_guessed_first(password, name)) {
        return err_set(cx, ERR_FIELD_INVALID, "password",
            "This password is one of the first that are tried; take another.");
    }
    return ERR_OK;
}

Err user_password_prepare(Ctx *cx, const char *password, const char *name, const void **ret_hash)
{
    TRY(password_check(cx, password, name));
    char *hash = arena_alloc(cx->arena, PASSWORD_HASH_SIZE);
    if (!crypto_password_hash(password, hash)) {
        return err_set(cx, ERR_BUSY, NULL, "Not enough memory to store a password now; try again.");
    }
    *ret_hash = hash;
    return ERR_OK;
}

Err user_prove(
    Ctx *cx, const char *name, const char *password, Proof *ret_proof, bool *ret_is_right)
{
    Rows rows;
    TRY(db_ask(cx, &sql_password, ARGS(arg_text(name)), &rows));
    bool is_there = db_next(&rows) && db_bool(&rows, 2) && !db_is_null(&rows, 1);
    if (!is_there) {
        /* As slow as a wrong password: the time does not tell which names there are. */
        char unused[PASSWORD_HASH_SIZE];
        (void)!crypto_password_hash(password, unused);
        *ret_is_right = false;
        return ERR_OK;
    }
    *ret_proof = (Proof){.user_id = db_id(&rows, 0), .hash = db_text(&rows, 1)};
    *ret_is_right = crypto_password_verify(password, ret_proof->hash);
    return ERR_OK;
}

Err user_proof_holds(Ctx *cx, const Proof *proof, bool *ret_holds)
{
    Rows rows;
    TRY(db_ask(cx, &sql_password_now, ARGS(arg_id(proof->user_id)), &rows));
    *ret_holds = db_next(&rows) && db_bool(&rows, 1) && !db_is_null(&rows, 0) &&
                 strcmp(db_text(&rows, 0), proof->hash) == 0;
    return ERR_OK;
}

Err user_password_put(Ctx *cx, Id user_id, const char *hash)
{
    bool is_own = cx->actor != NULL && cx->actor->user_id == user_id;
    TRY(fact_change(
        cx, &fact_user, user_id, &sql_password_put, ARGS(arg_id(user_id), arg_text(hash))));
    run_changed(cx, user_id, "password", NULL, NULL);
    return user_sessions_end(cx, user_id, is_own ? cx->actor->session_id : 0);
}
