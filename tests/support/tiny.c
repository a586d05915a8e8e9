#include "support/tiny.h"

#include "base/crypto.h"
#include "base/json.h"

#include <string.h>

static const char *const tiny_kinds[] = {
    "", "plain", "pending", "refuse", "change", "slice", "big", NULL};
enum { TINY_PLAIN = 1, TINY_PENDING, TINY_REFUSE, TINY_CHANGE, TINY_SLICE, TINY_BIG };
static const char *const tiny_colours[] = {"", "red", "green", "blue", NULL};

SCHEMA(TinyLine,
    F_REF(TinyLine, product, "product", REQUIRED),
    F_DECIMAL(TinyLine, quantity, REQUIRED, .scale_max = 3, .min = 0, .max = 1000));

SCHEMA(TinyIn,
    F_REF(TinyIn, account, "account", REQUIRED),
    F_TEXT(TinyIn, text, REQUIRED, .max_len = 20),
    F_ENUM(TinyIn, kind, tiny_kinds),
    F_DECIMAL(TinyIn, amount),
    F_LIMIT(TinyIn, limit),
    F_INT(TinyIn, days, .min = 0, .max = 365),
    F_OPT_INT(TinyIn, level, .min = 1),
    F_BOOL(TinyIn, is_final),
    F_DATE(TinyIn, on),
    F_INSTANT(TinyIn, at),
    F_CURRENCY(TinyIn, currency),
    F_PERCENT(TinyIn, share, .min = 0, .max = 100),
    F_FLAGS(TinyIn, colours, tiny_colours),
    F_REF(TinyIn, invoice, "invoice"),
    F_LIST(TinyIn, lines, TinyLine, .max_len = 3),
    F_LIST_OF(TinyIn, products, FIELD_REF, .to = "product"),
    F_OBJECT(TinyIn, best, TinyLine),
    F_JSON(TinyIn, extra, .max_len = 40),
    F_TEXT(TinyIn, password, .flags = FIELD_SECRET));

SCHEMA(TinyOut,
    F_ID(TinyOut, id, "note"),
    F_REF(TinyOut, account, "account"),
    F_TEXT(TinyOut, text),
    F_DATE(TinyOut, on),
    F_INT(TinyOut, version));

const Schema *const tiny_in = &TinyIn_schema;
const Schema *const tiny_out = &TinyOut_schema;

static const Sql sql_series_add = {"INSERT INTO series (name, next) VALUES ($1, $2)", "ti", NULL};
static const Sql sql_series = {"SELECT next FROM series WHERE name = $1", "t", "i"};

static Err tiny_guard(Ctx *cx, const void *in, void *out)
{
    (void)out;
    const TinyIn *tiny = in;
    if (strcmp(tiny->account.text, "D0") == 0) {
        return err_set(cx, ERR_STATE, NULL, "This account takes no notes.");
    }
    return ERR_OK;
}

static Err tiny_slice(Ctx *cx, Id account_id)
{
    RunSlice *slice = NULL;
    TRY(run_slice_start(cx, account_id, &slice));
    run_touch(cx, account_id);
    return run_slice_end(cx, slice, "part");
}

OP(tiny_note,
    TinyIn,
    TinyOut,
    POST("/accounts/{account}/notes"),
    .effect = EFFECT_CREATE,
    .needs = PERM_ACTIVITY_WRITE,
    .lock = "account",
    .guard = tiny_guard,
    .summary = "Notes.",
    FAILS(ERR_STATE, ERR_CREDIT_REFUSED))
{
    *out = (TinyOut){.id = db_new_id(cx),
        .account = in->account,
        .text = in->text,
        .on = cx->today,
        .version = 3};
    TRY(db_put(cx, &sql_series_add, ARGS(arg_text(in->text), arg_i64(in->days))));
    switch (in->kind) {
    case TINY_PENDING:
        run_is_pending(cx);
        return ERR_OK;
    case TINY_REFUSE:
        return err_set(cx, ERR_CREDIT_REFUSED, NULL, "No credit.");
    case TINY_CHANGE:
        run_changed(cx, in->account.id, "text", NULL, in->text);
        return run_version_check(cx, 7);
    case TINY_SLICE:
        TRY(tiny_slice(cx, TINY_ELSE));
        return tiny_slice(cx, TINY_ACCOUNT);
    case TINY_BIG:
        (void)arena_alloc(cx->arena, (size_t)20 * 1024 * 1024);
        return ERR_OK;
    default:
        return ERR_OK;
    }
}

typedef struct TinyFind {
    Ref account;
    const char *text;
} TinyFind;

SCHEMA(TinyFind, F_REF(TinyFind, account, "account", REQUIRED), F_TEXT(TinyFind, text));

OP(tiny_find,
    TinyFind,
    TinyOut,
    GET("/accounts/{account}/notes"),
    .effect = EFFECT_READ,
    .needs = PERM_READ_OWN,
    .summary = "Finds one.",
    FAILS(ERR_NOT_FOUND))
{
    Rows rows;
    TRY(db_ask(cx, &sql_series, ARGS(arg_text(in->text)), &rows));
    *out = (TinyOut){.account = in->account, .text = in->text, .version = (int64_t)rows.count};
    return ERR_OK;
}

OP(tiny_try,
    TinyFind,
    TinyOut,
    POST("/accounts/{account}/tries"),
    .effect = EFFECT_TRY,
    .needs = PERM_READ,
    .lock = "account",
    .summary = "Tries.")
{
    *out = (TinyOut){.account = in->account, .text = in->text};
    return db_put(cx, &sql_series_add, ARGS(arg_text(in->text), arg_i64(1)));
}

typedef struct TinyName {
    const char *name;
} TinyName;

SCHEMA(TinyName, F_TEXT(TinyName, name, REQUIRED));

static Err tiny_login_prepare(Ctx *cx, const void *in, const void **ret_prepared)
{
    const TinyName *name = in;
    if (strcmp(name->name, "wrong") == 0) {
        return err_set(cx, ERR_UNAUTHENTICATED, NULL, "Name or password is wrong.");
    }
    *ret_prepared = arena_printf(cx->arena, "prepared %s", name->name);
    return ERR_OK;
}

OP(tiny_login,
    TinyName,
    TinyName,
    POST("/logins"),
    .effect = EFFECT_CREATE,
    .needs = PERM_PUBLIC,
    .is_anonymous = true,
    .is_secret_reply = true,
    .prepare = tiny_login_prepare,
    .summary = "Signs in.")
{
    (void)in;
    out->name = run_prepared(cx);
    run_session(cx, "secret", 60);
    return ERR_OK;
}

static const RefKind partner_kind = {
    .name = "partner", .letter = 'P', .code = "code", .partner = "id", .shows = "code"};
static const RefKind account_kind = {.name = "account",
    .letter = 'A',
    .code = "code",
    .account = "id",
    .partner = "partner_id",
    .shows = "code"};
static const RefKind product_kind = {
    .name = "product", .letter = 'G', .code = "code", .shows = "code", .is_common = true};
static const Sql invoice_by_id = {"SELECT i.id, i.account_id, a.partner_id, NULL FROM invoice i "
                                  "JOIN account a ON a.id = i.account_id WHERE i.id = $1",
    "k", "kkkt"};
static const RefKind invoice_kind = {.name = "invoice",
    .letter = 'I',
    .code = "number",
    .account = "account_id",
    .by_id = &invoice_by_id};
static const RefKind note_kind = {.name = "note", .letter = 'Y', .table = "audit"};

static const Op *const tiny_ops[] = {
    &op_tiny_note, &op_tiny_find, &op_tiny_try, &op_tiny_login, NULL};
static const RefKind *const tiny_refs[] = {
    &partner_kind, &account_kind, &product_kind, &invoice_kind, &note_kind, NULL};
static const Feature tiny_feature = {.name = "tiny", .ops = tiny_ops, .refs = tiny_refs};
static const Feature *const tiny_features[] = {&tiny_feature, NULL};

void tiny_sql(Place *place, const char *text)
{
    Ctx *cx = &place->cx;
    const Sql sql = {arena_printf(place->arena, "%s RETURNING 1", text), "", "i"};
    Rows rows;
    ASSERT(db_begin(cx) == ERR_OK);
    Err err = db_ask_once(cx, &sql, NO_ARGS, &rows);
    ASSERT(err == ERR_OK);
    ASSERT(db_commit(cx) == ERR_OK);
}

int64_t tiny_number(Place *place, const char *text)
{
    const Sql sql = {text, "", "i"};
    Rows rows;
    ASSERT(db_ask_once(&place->cx, &sql, NO_ARGS, &rows) == ERR_OK);
    ASSERT(db_next(&rows));
    return db_i64(&rows, 0);
}

static void account_add(Place *place, Id id, const char *code, Id partner, const char *parent)
{
    tiny_sql(place,
        arena_printf(place->arena,
            "INSERT INTO account (id, code, partner_id, currency, terms_days, parent_id, state, "
            "state_since_on, state_since_id, opened_on, version) VALUES (%lld, '%s', %lld, 'CNY', "
            "30, "
            "%s, 'normal', '2026-01-01', 0, '2026-01-01', 1)",
            (long long)id, code, (long long)partner, parent));
    tiny_sql(place,
        arena_printf(place->arena,
            "INSERT INTO position (account_id, outside, ordered, shipped, receivable, "
            "cheque, advance, "
            "settled, written_off, moves, chain_seq) VALUES (%lld, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
            (long long)id));
}

static void user_add(Place *place, Id id, const char *name, const char *role, const char *partner)
{
    const char *token = arena_printf(place->arena, "token-%s", name);
    const Bytes part = {token, strlen(token)};
    Hash hash = crypto_digest(&part, 1);
    tiny_sql(place,
        arena_printf(place->arena,
            "INSERT INTO app_user (id, name, role, partner_id, is_active, created_on, version) "
            "VALUES (%lld, '%s', '%s', %s, TRUE, '2026-01-01', 1)",
            (long long)id, name, role, partner));
    static const Sql sql = {
        "INSERT INTO token (id, user_id, hash, created_at) VALUES ($1, $2, $3, 1)", "kkx", NULL};
    Ctx *cx = &place->cx;
    ASSERT(db_begin(cx) == ERR_OK);
    Err err = db_put(cx, &sql, ARGS(arg_id(id), arg_id(id), arg_bytes(hash.bytes, HASH_SIZE)));
    ASSERT(err == ERR_OK);
    ASSERT(db_commit(cx) == ERR_OK);
}

static void invoice_add(Place *place, Id id, const char *number, Id account)
{
    tiny_sql(place,
        arena_printf(place->arena,
            "INSERT INTO invoice (id, account_id, number, amount, open, invoiced_on, due_on, "
            "booked_on, "
            "is_final, from_shipped, from_ordered, from_outside, dropped, status) VALUES (%lld, "
            "%lld, "
            "'%s', 100, 100, '2026-01-01', '2026-01-31', '2026-01-01', FALSE, 0, 0, 100, 0, "
            "'open')",
            (long long)id, (long long)account, number));
}

void tiny_open(Place *place)
{
    op_start(tiny_features);
    place_make(place);
    ASSERT(place_found(place, NULL) == ERR_OK);
    ASSERT(date_parse("2026-11-23", &place->cx.today));
    place->cx.actor = &actor_system;
    tiny_sql(place, "INSERT INTO org (id, uuid, timezone, is_solo, prices_include_tax, chain_seq, "
                    "version) VALUES (1, 'u', 'UTC', FALSE, TRUE, 0, 1)");
    tiny_sql(place, "INSERT INTO partner (id, code, name, roles, created_on, version) VALUES "
                    "(11, 'P1', 'One', 1, '2026-01-01', 1), (12, 'P2', 'Two', 1, '2026-01-01', 1)");
    account_add(place, TINY_PARENT, "D0", TINY_PARTNER, "NULL");
    account_add(place, TINY_ACCOUNT, "D1", TINY_PARTNER, "21");
    account_add(place, TINY_ELSE, "D2", TINY_OTHER, "NULL");
    tiny_sql(place, "INSERT INTO product (id, code, name, unit_price, tax_rate, version) VALUES "
                    "(31, 'A', 'a', 1, 0, 1), (32, 'B', 'b', 1, 0, 1)");
    invoice_add(place, 41, "R1", TINY_ACCOUNT);
    invoice_add(place, 42, "R9", TINY_ACCOUNT);
    invoice_add(place, 43, "R9", TINY_ELSE);
    invoice_add(place, 44, "R7", TINY_PARENT);
    invoice_add(place, 45, "R7", TINY_ELSE);
    user_add(place, 51, "wang", "sales", "NULL");
    user_add(place, 52, "li", "finance", "NULL");
    user_add(place, 53, "zhao", "partner", "12");
}

int tiny_setup(void **state)
{
    static Place place;
    tiny_open(&place);
    *state = &place;
    return 0;
}

static void call_make(Place *place, const char *operation, const char *json, Call *call)
{
    Ctx *cx = &place->cx;
    json_t *members = NULL;
    err_clear(cx);
    ASSERT(json_read(cx, json, strlen(json), &members) == ERR_OK);
    call->op = op_by_name(operation);
    call->members = members;
    ASSERT(call->op != NULL);
}

Reply tiny_call(Place *place, const char *operation, const char *json, const char *key)
{
    Call call = {.key = key};
    Reply reply;
    call_make(place, operation, json, &call);
    run_call(&place->cx, &call, &reply);
    json_decref((json_t *)(uintptr_t)call.members);
    return reply;
}

bool tiny_batched(
    Place *place, const char *operation, const char *json, const char *key, Reply *ret_reply)
{
    Call call = {.key = key};
    call_make(place, operation, json, &call);
    bool is_whole = run_in_batch(&place->cx, &call, ret_reply);
    json_decref((json_t *)(uintptr_t)call.members);
    return is_whole;
}
