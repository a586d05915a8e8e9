/* Users: who may sign in or call with a token, in which role,
 * with sight of which territories, and to whom they report. */
#include "feature/user.h"

#include "feature/features.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

/* ---- Reading ---- */

typedef struct User {
    Id id;
    const char *name;
    int role;
    Ref partner;
    List territories;
    Ref reports_to;
    bool is_active;
    bool has_password;
    Date created_on;
    int64_t version;
} User;

SCHEMA(User,
    F_ID(User, id, "user"),
    F_TEXT(User, name, .flags = FIELD_SORT),
    F_ENUM(User, role, role_names, .flags = FIELD_FILTER),
    F_REF(User, partner, "partner", .flags = FIELD_FILTER),
    F_LIST_OF(User, territories, FIELD_REF, .to = "territory"),
    F_REF(User, reports_to, "user", .flags = FIELD_FILTER),
    F_BOOL(User, is_active, .flags = FIELD_FILTER),
    F_BOOL(User,
        has_password,
        .column = "(CASE WHEN r.password_hash IS NULL THEN FALSE ELSE TRUE END)",
        .flags = FIELD_OUTPUT,
        .doc = "false: tokens only"),
    F_DATE(User, created_on),
    F_INT(User, version, .flags = FIELD_OUTPUT, .doc = "For If-Match."));

static const Sql sql_user_territories = {
    "SELECT s.territory_id, t.code FROM user_territory s JOIN territory t ON t.id = s.territory_id"
    " WHERE s.user_id = $1 ORDER BY t.code",
    .in = "k",
    .out = "kt",
};

static const Record record_user = {
    .name = "user",
    .table = "app_user",
    .path = "/users",
    .date_field = "created_on",
    .letter = 'U',
    .schema = &User_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ,
    .parts = (const RecordPart[]){{"territories", &sql_user_territories}, {0}},
    .summary = "a user",
};

static const RefKind ref_user = {
    .name = "user", .letter = 'U', .table = "app_user", .code = "name", .shows = "name"};

/* ---- What a user must keep to ---- */

enum { SUPERIORS_MAX = 100 };

static const Sql sql_superior = {
    "SELECT reports_to_id FROM app_user WHERE id = $1",
    .in = "k",
    .out = "k",
};

static Err partner_fits(Ctx *cx, int role, Id partner_id)
{
    if ((role == ROLE_PARTNER) == (partner_id != 0)) {
        return ERR_OK;
    }
    return err_set(cx, partner_id == 0 ? ERR_FIELD_REQUIRED : ERR_FIELD_INVALID, "partner",
        "A user with the role partner belongs to one partner, all others to none.");
}

static Err territories_fit(Ctx *cx, List territories)
{
    for (size_t i = 0; i < territories.count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (LIST_AT(territories, Ref, k)->id == LIST_AT(territories, Ref, i)->id) {
                return err_set(cx, ERR_FIELD_INVALID, "territories", "%s is named twice.",
                    LIST_AT(territories, Ref, i)->text);
            }
        }
    }
    return ERR_OK;
}

/* Nobody reports to himself, by whatever way round. */
static Err superior_fits(Ctx *cx, Id user_id, const Ref *superior)
{
    Id at = superior->id;
    for (int i = 0; at != 0 && i < SUPERIORS_MAX; i++) {
        if (at == user_id) {
            return err_set(cx, ERR_FIELD_INVALID, "reports_to",
                "%s is this user or reports to this user.", superior->text);
        }
        Rows rows;
        TRY(db_ask(cx, &sql_superior, ARGS(arg_id(at)), &rows));
        at = db_next(&rows) ? db_id(&rows, 0) : 0;
    }
    return ERR_OK;
}

static const Sql sql_user_by_name = {
    "SELECT id FROM app_user WHERE name = $1",
    .in = "t",
    .out = "k",
};

static Err name_fits(Ctx *cx, const char *name)
{
    TRY(record_code_check(cx, "name", name));
    if (strcmp(name, actor_system.name) == 0) {
        return err_set(
            cx, ERR_FIELD_INVALID, "name", "This name stands for the program; choose another.");
    }
    Rows rows;
    TRY(db_ask(cx, &sql_user_by_name, ARGS(arg_text(name)), &rows));
    if (rows.count > 0) {
        return err_set(cx, ERR_NAME_TAKEN, "name", "There is a user %s already.", name);
    }
    return ERR_OK;
}

/* ---- Territories ---- */

#define ASSIGNED_FACTS "user_id, territory_id"
#define ASSIGNED_LETTERS "kk"
static const Fact fact_assigned = FACT("user_territory", 2, ASSIGNED_FACTS, ASSIGNED_LETTERS);

static const Sql sql_territory_assign = {
    "INSERT INTO user_territory (user_id, territory_id) VALUES ($1, $2) RETURNING " ASSIGNED_FACTS,
    .in = "kk",
    .out = ASSIGNED_LETTERS,
};

static const Sql sql_territories_clear = {
    "DELETE FROM user_territory WHERE user_id = $1 RETURNING " ASSIGNED_FACTS,
    .in = "k",
    .out = ASSIGNED_LETTERS,
};

static Err territories_put(Ctx *cx, Id user_id, List territories)
{
    TRY(fact_remove(cx, &fact_assigned, &sql_territories_clear, ARGS(arg_id(user_id))));
    for (size_t i = 0; i < territories.count; i++) {
        TRY(fact_put(cx, &fact_assigned, &sql_territory_assign,
            ARGS(arg_id(user_id), arg_id(LIST_AT(territories, Ref, i)->id))));
    }
    return ERR_OK;
}

static const Sql sql_territory_codes = {
    "SELECT t.code FROM user_territory s JOIN territory t ON t.id = s.territory_id"
    " WHERE s.user_id = $1 ORDER BY t.code",
    .in = "k",
    .out = "t",
};

Err user_territories(Ctx *cx, Id user_id, List *ret_codes)
{
    Rows rows;
    TRY(db_ask(cx, &sql_territory_codes, ARGS(arg_id(user_id)), &rows));
    const char **codes = arena_array(cx->arena, rows.count, sizeof *codes);
    for (size_t i = 0; db_next(&rows); i++) {
        codes[i] = db_text(&rows, 0);
    }
    *ret_codes = (List){.items = codes, .count = rows.count};
    return ERR_OK;
}

static const char *territories_text(Arena *arena, List territories)
{
    Buf text = buf_in(arena);
    for (size_t i = 0; i < territories.count; i++) {
        buf_printf(&text, "%s%s", i == 0 ? "" : ", ", LIST_AT(territories, Ref, i)->text);
    }
    return text.length == 0 ? NULL : buf_text(&text);
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
        .doc = "At least 15 characters; none: tokens only."),
    F_REF(UserCreateIn, partner, "partner", .doc = "Of a user with the role partner: its own."),
    F_LIST_OF(UserCreateIn,
        territories,
        FIELD_REF,
        .to = "territory",
        .max_len = 200,
        .doc = "Rows are limited to these; none: all are seen."),
    F_REF(UserCreateIn, reports_to, "user", .doc = "Alerts about this user go to that one."));

const Fact fact_user = FACT("app_user", 1, USER_FACTS, USER_LETTERS);

static const Sql sql_user_insert = {
    "INSERT INTO app_user (id, name, role, password_hash, partner_id, reports_to_id, is_active, "
    "created_on, version)"
    " VALUES ($1, $2, $3, $4, $5, $6, TRUE, $7, 1) RETURNING " USER_FACTS,
    .in = "ktttkkd",
    .out = USER_LETTERS,
};

static Err user_create_prepare(Ctx *cx, const void *input, const void **ret_prepared)
{
    const UserCreateIn *in = input;
    return in->password == NULL ? ERR_OK
                                : user_password_prepare(cx, in->password, in->name, ret_prepared);
}

OP(user_create,
    UserCreateIn,
    User,
    POST("/users"),
    .effect = EFFECT_CREATE,
    .needs = PERM_USER_WRITE,
    .prepare = user_create_prepare,
    .inverse = "user_change",
    .inverse_with = "{\"is_active\":false}",
    .summary = "Add a user.",
    FAILS(ERR_FIELD_INVALID, ERR_FIELD_REQUIRED, ERR_NAME_TAKEN))
{
    TRY(partner_fits(cx, in->role, in->partner.id));
    TRY(territories_fit(cx, in->territories));
    TRY(name_fits(cx, in->name));
    Id id = db_new_id(cx);
    TRY(fact_put(cx, &fact_user, &sql_user_insert,
        ARGS(arg_id(id), arg_text(in->name), arg_text(role_names[in->role]),
            arg_text(run_prepared(cx)), arg_id(in->partner.id), arg_id(in->reports_to.id),
            arg_date(cx->today))));
    TRY(territories_put(cx, id, in->territories));
    return record_load(cx, &record_user, id, out);
}

/* ---- user_change ---- */

typedef struct UserChangeIn {
    Ref user;
    int role;
    const char *password;
    Ref partner;
    List territories;
    Ref reports_to;
    bool is_active;
} UserChangeIn;

SCHEMA(UserChangeIn,
    F_REF(UserChangeIn, user, "user", REQUIRED),
    F_ENUM(UserChangeIn, role, role_names),
    F_TEXT(UserChangeIn,
        password,
        .flags = FIELD_SECRET,
        .max_len = 1024,
        .doc = "A new one; null: tokens only. All sessions of the user end."),
    F_REF(UserChangeIn, partner, "partner"),
    F_LIST_OF(UserChangeIn,
        territories,
        FIELD_REF,
        .to = "territory",
        .max_len = 200,
        .doc = "Replaces the whole list."),
    F_REF(UserChangeIn, reports_to, "user"),
    F_BOOL(UserChangeIn,
        is_active,
        .doc = "false ends all sessions and revokes all tokens of the user."));

static const Sql sql_user_update = {
    "UPDATE app_user SET role = $2, partner_id = $3, reports_to_id = $4, is_active = $5, "
    "version = version + 1 WHERE id = $1 RETURNING " USER_FACTS,
    .in = "ktkkb",
    .out = USER_LETTERS,
};

static Err user_change_prepare(Ctx *cx, const void *input, const void **ret_prepared)
{
    const UserChangeIn *in = input;
    return in->password == NULL
               ? ERR_OK
               : user_password_prepare(cx, in->password, in->user.text, ret_prepared);
}

static Err user_apply(Ctx *cx, const UserChangeIn *in, User *user)
{
    if (run_has(cx, "role")) {
        user->role = in->role;
    }
    if (run_has(cx, "partner")) {
        user->partner = in->partner;
    }
    if (run_has(cx, "territories")) {
        user->territories = in->territories;
    }
    if (run_has(cx, "reports_to")) {
        user->reports_to = in->reports_to;
    }
    if (run_has(cx, "is_active")) {
        user->is_active = in->is_active;
    }
    if (user->role == ROLE_NONE) {
        return err_set(cx, ERR_FIELD_REQUIRED, "role", "A user has a role.");
    }
    TRY(partner_fits(cx, user->role, user->partner.id));
    TRY(territories_fit(cx, user->territories));
    return superior_fits(cx, user->id, &user->reports_to);
}

static bool text_is_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void change_note(
    Ctx *cx, Id user_id, const char *field, const char *before, const char *after)
{
    if (!text_is_same(before, after)) {
        run_changed(cx, user_id, field, before, after);
    }
}

static void user_note(Ctx *cx, const User *before, const User *after)
{
    Id id = after->id;
    change_note(cx, id, "role", role_names[before->role], role_names[after->role]);
    change_note(cx, id, "partner", before->partner.text, after->partner.text);
    change_note(cx, id, "territories", territories_text(cx->arena, before->territories),
        territories_text(cx->arena, after->territories));
    change_note(cx, id, "reports_to", before->reports_to.text, after->reports_to.text);
    change_note(cx, id, "is_active", before->is_active ? "true" : "false",
        after->is_active ? "true" : "false");
}

static const Sql sql_other_admins = {
    "SELECT COUNT(*) FROM app_user WHERE role = 'admin' AND is_active = TRUE AND id <> $1",
    .in = "k",
    .out = "i",
};

/* Nobody could add users or give the role back then, but on the server's own machine. */
static Err user_change_guard(Ctx *cx, const void *input, void *output)
{
    const UserChangeIn *in = input;
    (void)output;
    bool loses_role = run_has(cx, "role") && in->role != ROLE_ADMIN;
    bool leaves = run_has(cx, "is_active") && !in->is_active;
    if (!loses_role && !leaves) {
        return ERR_OK;
    }
    User user = {0};
    TRY(record_load(cx, &record_user, in->user.id, &user));
    int64_t others = 0;
    TRY(db_number(cx, &sql_other_admins, ARGS(arg_id(in->user.id)), &others));
    if (user.role != ROLE_ADMIN || !user.is_active || others > 0) {
        return ERR_OK;
    }
    return err_set(cx, ERR_STATE, loses_role ? "role" : "is_active",
        "%s is the last active admin; make another user admin first.", user.name);
}

OP(user_change,
    UserChangeIn,
    User,
    PATCH("/users/{user}"),
    .effect = EFFECT_ACT,
    .needs = PERM_USER_WRITE,
    .guard = user_change_guard,
    .prepare = user_change_prepare,
    .summary = "Change a user's role, sight, superior or password, or take the user out of use.",
    FAILS(ERR_STATE, ERR_FIELD_REQUIRED, ERR_FIELD_INVALID))
{
    User before = {0};
    TRY(record_load(cx, &record_user, in->user.id, &before));
    User after = before;
    TRY(user_apply(cx, in, &after));
    TRY(fact_change(cx, &fact_user, after.id, &sql_user_update,
        ARGS(arg_id(after.id), arg_text(role_names[after.role]), arg_id(after.partner.id),
            arg_id(after.reports_to.id), arg_bool(after.is_active))));
    TRY(territories_put(cx, after.id, after.territories));
    user_note(cx, &before, &after);
    if (run_has(cx, "password")) {
        TRY(user_password_put(cx, after.id, run_prepared(cx)));
    }
    if (before.is_active && !after.is_active) {
        TRY(user_sessions_end(cx, after.id, 0));
        TRY(user_tokens_revoke(cx, after.id));
    }
    return record_load(cx, &record_user, after.id, out);
}

/* ---- user_sign_out ---- */

typedef struct UserSignOutIn {
    Ref user;
} UserSignOutIn;

SCHEMA(UserSignOutIn, F_REF(UserSignOutIn, user, "user", REQUIRED));

typedef struct UserSignOutOut {
    const char *status;
} UserSignOutOut;

SCHEMA(UserSignOutOut, F_TEXT(UserSignOutOut, status));

OP(user_sign_out,
    UserSignOutIn,
    UserSignOutOut,
    POST("/users/{user}/sign-out"),
    .effect = EFFECT_ACT,
    .needs = PERM_USER_WRITE,
    .summary = "End all sessions of a user.")
{
    out->status = "ended";
    return user_sessions_end(cx, in->user.id, 0);
}

const Feature user_feature = {
    .name = "user",
    .ops = (const Op *const[]){&op_user_create, &op_user_change, &op_user_sign_out, NULL},
    .records = (const Record *const[]){&record_user, NULL},
    .refs = (const RefKind *const[]){&ref_user, NULL},
    .facts = (const Fact *const[]){&fact_user, &fact_assigned, NULL},
};
