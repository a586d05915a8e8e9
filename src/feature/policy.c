/* The credit policy: a versioned document, its change by a second person.
 * What the rules mean is in rules/policy.h. */
#include "feature/policy.h"

#include "base/id.h"
#include "base/limits.h"
#include "feature/approval.h"
#include "feature/approval/kinds.h"
#include "feature/document.h"
#include "feature/features.h"
#include "feature/org.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

typedef struct PolicyRow {
    int64_t version;
    const char *document;
} PolicyRow;

SCHEMA(PolicyRow, F_INT(PolicyRow, version), F_TEXT(PolicyRow, document));

static const Sql sql_policy_in_force = {
    "SELECT version, document FROM policy WHERE status = 'in_force' ORDER BY version DESC LIMIT 1 "
    "{steady}",
    .in = "",
    .out = "it",
};

static const Sql sql_policy_version = {
    "SELECT version, document FROM policy WHERE version = $1",
    .in = "i",
    .out = "it",
};

#define POLICY_FACTS "version, document, status, approval_id, set_by_id, set_on"
#define POLICY_LETTERS "kttkkd"
static const Fact fact_policy = {
    .table = "policy",
    .keys = 1,
    .scan = {"SELECT " POLICY_FACTS " FROM policy", "", POLICY_LETTERS},
    .by_id = {"SELECT " POLICY_FACTS " FROM policy WHERE version = $1", "k", POLICY_LETTERS},
};

static const Sql sql_policy_next = {
    "SELECT COALESCE(MAX(version), 1) + 1 FROM policy",
    .in = "",
    .out = "i",
};

static const Sql sql_policy_insert = {
    "INSERT INTO policy (version, document, status, set_by_id, set_on)"
    " VALUES ($1, $2, 'pending', $3, $4) RETURNING " POLICY_FACTS,
    .in = "itkd",
    .out = POLICY_LETTERS,
};

static const Sql sql_policy_status = {
    "UPDATE policy SET status = $2, approval_id = $3 WHERE version = $1 RETURNING " POLICY_FACTS,
    .in = "itk",
    .out = POLICY_LETTERS,
};

static const Sql sql_policy_pending = {
    "SELECT version FROM policy WHERE status = 'pending' AND version <> $1 ORDER BY version",
    .in = "i",
    .out = "i",
};

static const Sql sql_policy_replaced = {
    "SELECT " POLICY_FACTS " FROM policy WHERE status = 'in_force' AND version <> $1",
    .in = "i",
    .out = POLICY_LETTERS,
};

static const Sql sql_policy_replace = {
    "UPDATE policy SET status = 'replaced' WHERE status = 'in_force' AND version <> $1 "
    "RETURNING " POLICY_FACTS,
    .in = "i",
    .out = POLICY_LETTERS,
};

/* ---- Loading ---- */

/* Version 1 is the default policy of the program that made the database. It is stored when that is
 * done, so that a program that brings a better default changes nothing that is in force, and old
 * decisions replay. */
enum { POLICY_FIRST_VERSION = 1 };

/* False: what is stored is no policy. */
static bool policy_parse(Ctx *cx, const PolicyRow *row, Policy *ret_policy)
{
    Fault fault;
    if (run_decode(cx, &Policy_schema, row->document, ret_policy) != ERR_OK) {
        err_clear(cx);
        return false;
    }
    ret_policy->version = (OptInt){row->version, true};
    return policy_check(cx->arena, ret_policy, &fault);
}

static Err policy_damaged(Ctx *cx, int64_t version, const char *how)
{
    return db_damaged(cx, "version %lld of the policy %s", (long long)version, how);
}

/* The policy as parsed last on this connection. It is judged by with every order and changes a few
 * times a year; the document itself tells whether it is still the one in force, so that nothing has
 * to be told to forget. */
typedef struct PolicyKept {
    Arena *own; /* this struct */
    Arena *now; /* the policy and its document */
    /* those of the one before, which an operation that replaces the policy may still hold */
    Arena *before;
    const char *document;
    const Policy *policy;
} PolicyKept;

static void policy_forget(void *value)
{
    PolicyKept *kept = value;
    Arena *own = kept->own;
    arena_free(kept->now);
    arena_free(kept->before);
    arena_free(own);
}

static PolicyKept *policy_kept(Db *db)
{
    PolicyKept *kept = db_slot(db, DB_SLOT_POLICY);
    if (kept == NULL) {
        Arena *own = arena_new(LIMIT_ARENA_BYTES);
        kept = arena_alloc(own, sizeof *kept);
        kept->own = own;
        db_slot_set(db, DB_SLOT_POLICY, kept, policy_forget);
    }
    return kept;
}

static Err policy_keep(Ctx *cx, PolicyKept *kept, const PolicyRow *row)
{
    arena_free(kept->before);
    kept->before = kept->now;
    kept->now = arena_new(LIMIT_ARENA_BYTES);
    Arena *arena = cx->arena;
    cx->arena = kept->now;
    Policy *policy = arena_alloc(cx->arena, sizeof *policy);
    const char *document = arena_str(cx->arena, row->document);
    bool is_sound = policy_parse(cx, &(PolicyRow){row->version, document}, policy);
    cx->arena = arena;
    kept->document = is_sound ? document : NULL;
    kept->policy = policy;
    return is_sound ? ERR_OK : policy_damaged(cx, row->version, "cannot be read");
}

Err policy_load(Ctx *cx, const Policy **ret_policy)
{
    const Policy *const *known = fact_known(cx, &fact_policy);
    if (known != NULL) {
        *ret_policy = *known;
        return ERR_OK;
    }
    PolicyRow row = {0};
    bool found = false;
    TRY(row_one(cx, &sql_policy_in_force, NO_ARGS, &PolicyRow_schema, &row, &found));
    if (!found) {
        return db_damaged(cx, "there is no policy in force");
    }
    PolicyKept *kept = policy_kept(cx->db);
    bool is_same = kept->document != NULL && kept->policy->version.value == row.version &&
                   strcmp(kept->document, row.document) == 0;
    if (!is_same) {
        TRY(policy_keep(cx, kept, &row));
    }
    *ret_policy = kept->policy;
    fact_know(cx, &fact_policy, ret_policy, sizeof *ret_policy);
    return ERR_OK;
}

Err policy_load_version(Ctx *cx, int64_t version, const Policy **ret_policy)
{
    PolicyRow row = {0};
    bool found = false;
    TRY(row_one(cx, &sql_policy_version, ARGS(arg_i64(version)), &PolicyRow_schema, &row, &found));
    if (!found) {
        return policy_damaged(cx, version, "is missing");
    }
    Policy *policy = arena_alloc(cx->arena, sizeof *policy);
    *ret_policy = policy;
    return policy_parse(cx, &row, policy) ? ERR_OK : policy_damaged(cx, version, "cannot be read");
}

static const Sql sql_policy_first = {
    "INSERT INTO policy (version, document, status, set_on) VALUES ($1, $2, 'in_force', $3) "
    "RETURNING " POLICY_FACTS,
    .in = "itd",
    .out = POLICY_LETTERS,
};

Err policy_start(Ctx *cx)
{
    Policy policy;
    policy_default(cx->arena, &policy);
    return fact_put(cx, &fact_policy, &sql_policy_first,
        ARGS(arg_i64(POLICY_FIRST_VERSION), arg_text(run_encode(cx, &Policy_schema, &policy)),
            arg_date(cx->today)));
}

/* ---- policy_get ---- */

OP(policy_get,
    Nothing,
    Policy,
    GET("/policy"),
    .effect = EFFECT_READ,
    .needs = PERM_READ,
    .summary = "The credit policy in force.")
{
    (void)in;
    const Policy *policy = NULL;
    TRY(policy_load(cx, &policy));
    *out = *policy;
    return ERR_OK;
}

/* ---- policy_history ---- */

typedef struct PolicyHistoryIn {
    OptInt limit;
    const char *cursor;
} PolicyHistoryIn;

SCHEMA(PolicyHistoryIn,
    F_OPT_INT(
        PolicyHistoryIn, limit, .min = 1, .max = 500, .doc = "Rows of a page; 50 when absent."),
    F_TEXT(PolicyHistoryIn, cursor, .doc = "`next` of the page before."));

typedef struct PolicyVersion {
    int64_t version;
    int status;
    Date on;
    const char *by;
    Id approval;
    const char *document;
    Policy *policy;
} PolicyVersion;

SCHEMA(PolicyVersion,
    F_INT(PolicyVersion, version),
    F_ENUM(PolicyVersion, status, grant_status_names),
    F_DATE(PolicyVersion, on, .doc = "The business date on which it was proposed."),
    F_TEXT(PolicyVersion, by, .doc = "Who proposed it; null: the program made it."),
    F_ID(PolicyVersion, approval, "approval"),
    F_TEXT(PolicyVersion, document, .flags = FIELD_SECRET),
    F_OBJECT(PolicyVersion, policy, Policy, .flags = FIELD_NO_COLUMN));

typedef struct PolicyHistory {
    List items;
    const char *next;
} PolicyHistory;

SCHEMA(PolicyHistory,
    F_LIST(PolicyHistory, items, PolicyVersion),
    F_TEXT(PolicyHistory, next, .doc = "Cursor of the next page; null after the last."));

static const Sql sql_policy_versions = {
    "SELECT r.version, r.status, r.set_on, u.name, r.approval_id, r.document FROM policy r"
    " LEFT JOIN app_user u ON u.id = r.set_by_id WHERE r.version > $1 ORDER BY r.version LIMIT $2",
    .in = "ii",
    .out = "itdtkt",
};

OP(policy_history,
    PolicyHistoryIn,
    PolicyHistory,
    GET("/policy/history"),
    .effect = EFFECT_READ,
    .needs = PERM_READ,
    .summary = "All versions of the credit policy, oldest first, whole.",
    FAILS(ERR_FIELD_INVALID))
{
    Decimal after = {0};
    size_t limit = in->limit.is_set ? (size_t)in->limit.value : 50;
    if (in->cursor != NULL && (!decimal_parse(in->cursor, &after) || after.scale != 0)) {
        return err_set(cx, ERR_FIELD_INVALID, "cursor", "Give `next` of the page before.");
    }
    TRY(row_list(cx, &sql_policy_versions, ARGS(arg_i64(after.units), arg_i64((int64_t)limit + 1)),
        &PolicyVersion_schema, &out->items));
    bool is_more = out->items.count > limit;
    out->items.count = is_more ? limit : out->items.count;
    for (size_t i = 0; i < out->items.count; i++) {
        PolicyVersion *one = LIST_AT(out->items, PolicyVersion, i);
        one->policy = arena_alloc(cx->arena, sizeof *one->policy);
        if (!policy_parse(cx, &(PolicyRow){one->version, one->document}, one->policy)) {
            return policy_damaged(cx, one->version, "cannot be read");
        }
        out->next = is_more ? arena_printf(cx->arena, "%lld", (long long)one->version) : NULL;
    }
    return ERR_OK;
}

/* ---- policy_set ---- */

typedef struct PolicySetOut {
    int64_t version;
    const char *status;
    Id approval;
} PolicySetOut;

SCHEMA(PolicySetOut,
    F_INT(PolicySetOut, version, .doc = "The version of the document given."),
    F_TEXT(PolicySetOut, status, .doc = "in_force or pending"),
    F_ID(PolicySetOut, approval, "approval"));

/* Other proposals were made to replace what was in force until now. */
static Err policy_put_in_force(Ctx *cx, int64_t version, Id approval_id)
{
    TRY(fact_change(cx, &fact_policy, version, &sql_policy_status,
        ARGS(arg_i64(version), arg_text("in_force"), arg_id(approval_id))));
    TRY(fact_see(cx, &fact_policy, &sql_policy_replaced, ARGS(arg_i64(version))));
    TRY(fact_change_seen(cx, &fact_policy, &sql_policy_replace, ARGS(arg_i64(version))));
    Rows rows;
    TRY(db_ask(cx, &sql_policy_pending, ARGS(arg_i64(version)), &rows));
    while (db_next(&rows)) {
        TRY(approval_void(cx, db_i64(&rows, 0), "policy_set"));
    }
    return ERR_OK;
}

/* Codes are what the rules compare, and whoever gives an account its code chooses it: a rule made
 * for a code that nobody has yet would be lighter terms for an account still to be opened. */
static const Sql sql_account_code = {
    "SELECT code FROM account WHERE code = $1 OR id = $2",
    .in = "tk",
    .out = "t",
};

/* Every account that a scope names exists; named by id, it is kept by code. */
static Err scopes_resolve(Ctx *cx, const char *below, const Policy *policy)
{
    for (size_t i = 0; i < policy->rules.count; i++) {
        PolicyScope *scope = LIST_AT(policy->rules, PolicyRule, i)->scope;
        if (scope == NULL || scope->account == NULL || scope->account[0] == '\0') {
            continue;
        }
        char letter = '\0';
        Id id = 0;
        bool is_id =
            id_parse(scope->account, &letter, &id) && letter == ref_kind("account")->letter;
        Rows rows;
        TRY(db_ask(
            cx, &sql_account_code, ARGS(arg_text(scope->account), arg_id(is_id ? id : 0)), &rows));
        if (!db_next(&rows)) {
            return err_set(cx, ERR_NOT_FOUND,
                arena_printf(cx->arena, "%srules.%zu.scope.account", below, i),
                "There is no account \"%s\"; a rule is for one that has been opened.",
                scope->account);
        }
        scope->account = db_text(&rows, 0);
    }
    return ERR_OK;
}

static Err policy_check_now(Ctx *cx, const Approval *approval)
{
    const Policy *policy = NULL;
    TRY(policy_load_version(cx, approval->subject_id, &policy));
    return scopes_resolve(cx, "", policy);
}

static Err policy_carry_out(Ctx *cx, const Approval *approval)
{
    return policy_put_in_force(cx, approval->subject_id, approval->id);
}

static Err policy_end(Ctx *cx, const Approval *approval)
{
    return fact_change(cx, &fact_policy, approval->subject_id, &sql_policy_status,
        ARGS(arg_i64(approval->subject_id), arg_text("rejected"), arg_id(approval->id)));
}

const ApprovalKind policy_approval_kind = {
    .operation = "policy_set",
    .carry_out = policy_carry_out,
    .end = policy_end,
    .check = policy_check_now,
};

static Err policy_guard(Ctx *cx, const void *input, void *output)
{
    (void)output;
    return scopes_resolve(cx, "", input);
}

OP(policy_set,
    Policy,
    PolicySetOut,
    PUT("/policy"),
    .effect = EFFECT_ACT,
    .needs = PERM_POLICY_WRITE,
    .guard = policy_guard,
    .is_watched = true,
    .summary = "Propose a whole new credit policy; a second person puts it in force.",
    FAILS(ERR_NOT_FOUND, ERR_VERSION_STALE, ERR_FIELD_REQUIRED, ERR_FIELD_INVALID))
{
    const Policy *present = NULL;
    TRY(policy_load(cx, &present));
    if (in->version.is_set && in->version.value != present->version.value) {
        return err_set(cx, ERR_VERSION_STALE, "version",
            "Version %lld is in force; read it and make your change to that.",
            (long long)present->version.value);
    }
    TRY(run_version_check(cx, present->version.value));
    Policy policy = *in;
    Fault fault;
    if (!policy_check(cx->arena, &policy, &fault)) {
        return err_set(cx, fault.is_missing ? ERR_FIELD_REQUIRED : ERR_FIELD_INVALID, fault.field,
            "%s", fault.sentence);
    }
    policy.version = (OptInt){0};
    const char *document = run_encode(cx, &Policy_schema, &policy);
    TRY(db_number(cx, &sql_policy_next, NO_ARGS, &out->version));
    TRY(fact_put(cx, &fact_policy, &sql_policy_insert,
        ARGS(arg_i64(out->version), arg_text(document), arg_id(cx->actor->user_id),
            arg_date(cx->today))));
    Org org;
    TRY(org_load(cx, &org));
    TRY(approval_ask(cx,
        &(ApprovalAsk){.operation = "policy_set",
            .subject_id = out->version,
            .input = document,
            .amount = {.is_last_step = true},
            .is_self_approved = org.is_solo},
        &out->approval));
    TRY(fact_change(cx, &fact_policy, out->version, &sql_policy_status,
        ARGS(arg_i64(out->version), arg_text("pending"), arg_id(out->approval))));
    out->status = org.is_solo ? "in_force" : "pending";
    if (!org.is_solo) {
        return ERR_OK;
    }
    Approval approval = {0};
    TRY(approval_load(cx, out->approval, &approval));
    return approval_complete(cx, &approval);
}

Err policy_draft_check(Ctx *cx, const char *field, Policy *draft)
{
    TRY(scopes_resolve(cx, arena_printf(cx->arena, "%s.", field), draft));
    Fault fault;
    if (policy_check(cx->arena, draft, &fault)) {
        return ERR_OK;
    }
    return err_set(cx, fault.is_missing ? ERR_FIELD_REQUIRED : ERR_FIELD_INVALID,
        arena_printf(cx->arena, "%s.%s", field, fault.field), "%s", fault.sentence);
}

const Feature policy_feature = {
    .name = "policy",
    .ops = (const Op *const[]){&op_policy_get, &op_policy_history, &op_policy_set, NULL},
    .facts = (const Fact *const[]){&fact_policy, NULL},
};
