/* Loads, writes and ends releases, and adds up what the valid ones cover. */
#include "feature/release/model.h"

#include "feature/account.h"
#include "feature/org.h"
#include "op/run.h"
#include "rules/state.h"

#include <string.h>

/* ---- Loading ---- */

typedef struct ReleaseRow {
    Id id;
    Id account_id;
    const char *account;
    Currency currency;
    Id order_id;
    Money amount_max;
    Money used;
    Money excess;
    Date expires_on;
    Id promise_id;
    const char *rules;
    int status;
    Date promise_window_end;
    const char *promise_status;
} ReleaseRow;

SCHEMA(ReleaseRow,
    F_ID(ReleaseRow, id, "release"),
    F_ID(ReleaseRow, account_id, "account"),
    F_TEXT(ReleaseRow, account),
    F_CURRENCY(ReleaseRow, currency),
    F_ID(ReleaseRow, order_id, "order"),
    F_MONEY(ReleaseRow, amount_max),
    F_MONEY(ReleaseRow, used),
    F_MONEY(ReleaseRow, excess),
    F_DATE(ReleaseRow, expires_on),
    F_ID(ReleaseRow, promise_id, "promise"),
    F_TEXT(ReleaseRow, rules),
    F_ENUM(ReleaseRow, status, release_status_names),
    F_DATE(ReleaseRow, promise_window_end),
    F_TEXT(ReleaseRow, promise_status));

#define RELEASE_COLUMNS                                                                            \
    "SELECT r.id, r.account_id, a.code, a.currency, r.order_id, r.amount_max, r.used, r.excess,"   \
    " r.expires_on, r.promise_id, r.rules, r.status, v.window_end_on, v.status"
#define RELEASE_JOINS                                                                              \
    " JOIN account a ON a.id = r.account_id"                                                       \
    " LEFT JOIN promise v ON v.account_id = r.account_id AND v.id = r.promise_id"
#define RELEASE_OUT "kkttkiiidkttdt"

static const Sql sql_release_of_order = {
    RELEASE_COLUMNS " FROM sales_order o JOIN credit_release r"
                    " ON r.account_id = o.account_id AND r.id = o.release_id" RELEASE_JOINS
                    " WHERE o.id = $1",
    .in = "k",
    .out = RELEASE_OUT,
};

static const Sql sql_releases_active = {
    RELEASE_COLUMNS " FROM credit_release r" RELEASE_JOINS
                    " WHERE r.account_id = $1 AND r.status = 'active' AND r.expires_on >= $2"
                    " ORDER BY r.id",
    .in = "kd",
    .out = RELEASE_OUT,
};

static const Sql sql_releases_of_group = {
    FAMILY_OF RELEASE_COLUMNS
    " FROM member f JOIN credit_release r ON r.account_id = f.id" RELEASE_JOINS
    " WHERE r.status = 'active' AND r.expires_on >= $2 ORDER BY r.id",
    .in = "kd",
    .out = RELEASE_OUT,
};

static const Sql sql_releases_of_partner = {
    RELEASE_COLUMNS " FROM account m JOIN credit_release r ON r.account_id = m.id" RELEASE_JOINS
                    " WHERE m.partner_id = $1 AND r.status = 'active' AND r.expires_on >= $2"
                    " ORDER BY r.id",
    .in = "kd",
    .out = RELEASE_OUT,
};

/* What a release keeps of the judgement: the rules it was given for, and each limit that was
 * exceeded, whether its rule held or only warned. */
typedef struct RulesText {
    List rules;
    List limits;
} RulesText;

SCHEMA(RulesText, F_LIST(RulesText, rules, CreditRule), F_LIST(RulesText, limits, CreditRule));

static Err release_of_row(Ctx *cx, const ReleaseRow *row, Release *ret_release)
{
    RulesText text = {0};
    TRY(run_decode(cx, &RulesText_schema, row->rules, &text));
    ReleaseFacts facts = {
        .today = cx->today,
        .expires_on = row->expires_on,
        .is_ended = row->status != RELEASE_ACTIVE,
        .promise_is_kept = row->promise_status != NULL && strcmp(row->promise_status, "kept") == 0,
        .promise_window_end = row->promise_window_end,
    };
    *ret_release = (Release){
        .id = row->id,
        .account_id = row->account_id,
        .account = row->account,
        .order_id = row->order_id,
        .currency = row->currency,
        .amount_max = row->amount_max,
        .used = row->used,
        .excess = row->excess,
        .expires_on = row->expires_on,
        .promise_id = row->promise_id,
        .rules = text.rules,
        .limits = text.limits,
        .status = row->status,
        .is_valid = release_is_valid(&facts),
    };
    return ERR_OK;
}

Err release_of_order(Ctx *cx, Id order_id, Release *ret_release)
{
    ReleaseRow row = {0};
    bool found = false;
    *ret_release = (Release){0};
    TRY(row_one(
        cx, &sql_release_of_order, ARGS(arg_id(order_id)), &ReleaseRow_schema, &row, &found));
    return found ? release_of_row(cx, &row, ret_release) : ERR_OK;
}

/* The valid releases that a statement of (owner, today) finds. List of Release. */
static Err releases_valid(Ctx *cx, const Sql *sql, Id owner_id, List *ret_releases)
{
    List rows;
    TRY(row_list(cx, sql, ARGS(arg_id(owner_id), arg_date(cx->today)), &ReleaseRow_schema, &rows));
    Release *releases = arena_array(cx->arena, rows.count, sizeof *releases);
    size_t count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        TRY(release_of_row(cx, LIST_AT(rows, ReleaseRow, i), &releases[count]));
        count += releases[count].is_valid ? 1 : 0;
    }
    *ret_releases = (List){releases, count};
    return ERR_OK;
}

/* ---- What the valid ones add up to ---- */

/* By how much it raises the limit of one account of the chain.
 * `covered` is its amount_max in that limit's currency. */
static Money raise_of(
    const Release *release, const char *account, Money covered, const RaiseFor *raise_for)
{
    Money raise = money_zero(covered.currency);
    bool is_own_order = release->order_id == raise_for->order_id;
    if (is_own_order && raise_for->is_anew) {
        return raise;
    }
    for (size_t i = 0; i < release->limits.count; i++) {
        const CreditRule *rule = LIST_AT(release->limits, CreditRule, i);
        if (strcmp(rule->account, account) == 0 && rule->currency == covered.currency) {
            Money before = money_sub(rule->value, covered);
            raise = money_max(
                raise, release_raise(is_own_order, rule->excess, covered, before, rule->limit));
        }
    }
    return raise;
}

Err release_raise_total(
    Ctx *cx, Id account_id, Currency currency, const RaiseFor *raise_for, Money *ret_raise)
{
    List releases;
    TRY(releases_valid(cx, &sql_releases_active, account_id, &releases));
    *ret_raise = money_zero(currency);
    for (size_t i = 0; i < releases.count; i++) {
        const Release *release = LIST_AT(releases, Release, i);
        *ret_raise = money_add(
            *ret_raise, raise_of(release, release->account, release->amount_max, raise_for));
    }
    return ERR_OK;
}

Err release_raise_group(Ctx *cx,
    Id group_id,
    const char *group_code,
    Currency home,
    const RaiseFor *raise_for,
    Money *ret_raise)
{
    List releases;
    TRY(releases_valid(cx, &sql_releases_of_group, group_id, &releases));
    *ret_raise = money_zero(home);
    for (size_t i = 0; i < releases.count; i++) {
        const Release *release = LIST_AT(releases, Release, i);
        Money covered;
        TRY(org_to_home(cx, release->amount_max, cx->today, &covered));
        *ret_raise = money_add(*ret_raise, raise_of(release, group_code, covered, raise_for));
    }
    return ERR_OK;
}

enum { TRACK_DAYS = 365 };

static const Sql sql_releases_given = {
    "SELECT COUNT(*) FROM account a JOIN credit_release r ON r.account_id = a.id"
    " WHERE a.partner_id = $1 AND r.given_on >= $2",
    .in = "kd",
    .out = "i",
};

Err release_track(
    Ctx *cx, Id partner_id, Currency home, int64_t *ret_given_365d, Money *ret_valid_excess)
{
    TRY(db_number(cx, &sql_releases_given,
        ARGS(arg_id(partner_id), arg_date(cx->today - TRACK_DAYS)), ret_given_365d));
    List releases;
    TRY(releases_valid(cx, &sql_releases_of_partner, partner_id, &releases));
    *ret_valid_excess = money_zero(home);
    for (size_t i = 0; i < releases.count; i++) {
        Money excess;
        TRY(org_to_home(cx, LIST_AT(releases, Release, i)->excess, cx->today, &excess));
        *ret_valid_excess = money_add(*ret_valid_excess, excess);
    }
    return ERR_OK;
}

/* ---- What earlier ones add on the ladder ---- */

/* Paid since on that order's invoices: what was allocated to them after the
 * release was given, less what was taken back. */
static const Sql sql_releases_recent = {
    "SELECT r.given_on, CASE WHEN r.is_by_excess = TRUE THEN r.excess ELSE r.covered END,"
    " CAST(COALESCE((SELECT SUM(l.amount) FROM invoice i JOIN allocation l"
    " ON l.account_id = i.account_id AND l.invoice_id = i.id"
    " WHERE i.order_id = r.order_id AND i.account_id = r.account_id AND l.id > r.id"
    " AND l.source_kind = 'payment'), 0) AS BIGINT)"
    " FROM credit_release r WHERE r.account_id = $1 AND r.given_on >= $2",
    .in = "kd",
    .out = "dii",
};

Err release_recent(Ctx *cx, Id account_id, Currency currency, Money *ret_sum)
{
    Rows rows;
    TRY(db_ask(cx, &sql_releases_recent,
        ARGS(arg_id(account_id), arg_date(cx->today - RELEASE_SUM_DAYS)), &rows));
    ReleaseGiven *given = arena_array(cx->arena, rows.count, sizeof *given);
    for (size_t i = 0; db_next(&rows); i++) {
        given[i] = (ReleaseGiven){
            .given_on = db_date(&rows, 0),
            .excess = money_of(currency, db_i64(&rows, 1)),
            .settled = money_of(currency, db_i64(&rows, 2)),
        };
    }
    *ret_sum = release_recent_sum(currency, given, rows.count, cx->today);
    return ERR_OK;
}

/* ---- Writing ---- */

#define RELEASE_FACTS                                                                              \
    "id, account_id, order_id, decision_id, approval_id, amount_max, excess, covered, "            \
    "is_by_excess, expires_on, promise_id, rules, reason, status, given_on, "                      \
    "given_by_id, ended_on"
#define RELEASE_LETTERS "kkkkkiiibdktttdkd"
const Fact fact_release = FACT("credit_release", 1, RELEASE_FACTS, RELEASE_LETTERS);

static const Sql sql_release_insert = {
    "INSERT INTO credit_release (id, account_id, order_id, decision_id, approval_id, amount_max, "
    "used, excess, covered,"
    " is_by_excess, expires_on, promise_id, rules, reason, status, given_on, given_by_id)"
    " VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11, $12, $13, 'active', $14, $15) "
    "RETURNING " RELEASE_FACTS,
    .in = "kkkkkiiibdkttdk",
    .out = RELEASE_LETTERS,
};

static const Sql sql_release_replaced = {
    "SELECT id FROM credit_release WHERE account_id = $1 AND order_id = $2 AND status = 'active'",
    .in = "kk",
    .out = "k",
};

/* The whole order was judged; what is raised is reckoned from the exposure before it and what is
 * covered, so each value is kept as if that alone were added. */
static Err limits_exceeded(Ctx *cx, const ReleaseWrite *write, List *ret_limits)
{
    const CreditVerdict *verdict = write->verdict;
    CreditRule *limits = arena_array(cx->arena, verdict->rules.count, sizeof *limits);
    size_t count = 0;
    for (size_t i = 0; i < verdict->rules.count; i++) {
        const CreditRule *rule = LIST_AT(verdict->rules, CreditRule, i);
        if (rule->kind != RULE_LIMIT || !money_is_positive(rule->excess)) {
            continue;
        }
        Money left_out = money_sub(write->open_amount, write->terms->amount_max);
        if (rule->currency != left_out.currency) {
            TRY(org_to_home(cx, left_out, cx->today, &left_out));
        }
        limits[count] = *rule;
        limits[count++].value = money_sub(rule->value, left_out);
    }
    *ret_limits = (List){limits, count};
    return ERR_OK;
}

Err release_write(Ctx *cx, const ReleaseWrite *write, Id *ret_release)
{
    Rows rows;
    TRY(db_ask(cx, &sql_release_replaced, ARGS(arg_id(write->account_id), arg_id(write->order_id)),
        &rows));
    while (db_next(&rows)) {
        TRY(release_end(cx, db_id(&rows, 0), RELEASE_VOID));
    }
    RulesText text = {.rules = release_rules(cx->arena, write->verdict)};
    TRY(limits_exceeded(cx, write, &text.limits));
    Money excess = release_excess(write->verdict->excess, write->terms->amount_max);
    Money open_home;
    TRY(org_to_home(cx, write->open_amount, cx->today, &open_home));
    bool is_by_open = release_open_decides(write->verdict, open_home);
    *ret_release = db_new_id(cx);
    TRY(fact_put(cx, &fact_release, &sql_release_insert,
        ARGS(arg_id(*ret_release), arg_id(write->account_id), arg_id(write->order_id),
            arg_id(write->decision_id), arg_id(write->approval_id),
            arg_i64(write->terms->amount_max.minor), arg_i64(excess.minor),
            arg_i64(write->terms->amount_max.minor), arg_bool(!is_by_open),
            arg_date(write->terms->expires_on), arg_id(write->promise_id),
            arg_text(run_encode(cx, &RulesText_schema, &text)), arg_text(write->reason),
            arg_date(cx->today), arg_id(cx->actor->user_id))));
    run_touch(cx, *ret_release);
    return ERR_OK;
}

static const Sql sql_release_use = {
    "UPDATE credit_release SET used = used + $2 WHERE id = $1",
    .in = "ki",
};

static const Sql sql_release_cover = {
    "SELECT amount_max - used, used FROM credit_release WHERE id = $1",
    .in = "k",
    .out = "ii",
};

Err release_use(Ctx *cx, Id release_id, Money amount)
{
    Rows rows;
    TRY(db_one(cx, &sql_release_cover, ARGS(arg_id(release_id)), "a release", &rows));
    if (amount.minor > db_i64(&rows, 0) || -amount.minor > db_i64(&rows, 1)) {
        return db_damaged(cx, "more of a release is used, or given back, than it has");
    }
    run_touch(cx, release_id);
    return db_put(cx, &sql_release_use, ARGS(arg_id(release_id), arg_i64(amount.minor)));
}

static const Sql sql_release_promise = {
    "UPDATE credit_release SET promise_id = $2 WHERE id = $1 RETURNING " RELEASE_FACTS,
    .in = "kk",
    .out = RELEASE_LETTERS,
};

Err release_promise_set(Ctx *cx, Id release_id, Id promise_id)
{
    run_touch(cx, release_id);
    return fact_change(cx, &fact_release, release_id, &sql_release_promise,
        ARGS(arg_id(release_id), arg_id(promise_id)));
}

static const Sql sql_release_status = {
    "SELECT status FROM credit_release WHERE id = $1",
    .in = "k",
    .out = "t",
};

static const Sql sql_release_end = {
    "UPDATE credit_release SET status = $2, ended_on = $3 WHERE id = $1 RETURNING " RELEASE_FACTS,
    .in = "ktd",
    .out = RELEASE_LETTERS,
};

/* What has ended stays as it ended: a release is void or broken once. */
Err release_end(Ctx *cx, Id release_id, int status)
{
    Rows rows;
    TRY(db_one(cx, &sql_release_status, ARGS(arg_id(release_id)), "a release", &rows));
    const char *before = db_text(&rows, 0);
    if (strcmp(before, release_status_names[RELEASE_ACTIVE]) != 0) {
        return ERR_OK;
    }
    ASSERT(state_may(MACHINE_RELEASE, RELEASE_ACTIVE, status));
    run_changed(cx, release_id, "status", before, release_status_names[status]);
    return fact_change(cx, &fact_release, release_id, &sql_release_end,
        ARGS(arg_id(release_id), arg_text(release_status_names[status]), arg_date(cx->today)));
}

/* ---- Proof and rebuild ---- */

#define USED_OF_RELEASE                                                                            \
    "(SELECT CAST(COALESCE(SUM(s.covered), 0) AS BIGINT) FROM shipment s"                          \
    " WHERE s.account_id = credit_release.account_id AND s.order_id = credit_release.order_id"     \
    " AND s.release_id = credit_release.id AND s.status = 'posted')"

static const Sql sql_check_used = {
    "SELECT 'release of order ' || o.number || ': what is used of it is not what its shipments'"
    " || ' cover' FROM credit_release JOIN sales_order o ON o.account_id = "
    "credit_release.account_id"
    " AND o.id = credit_release.order_id"
    " WHERE credit_release.used <> " USED_OF_RELEASE,
    .in = "",
    .out = "t",
};
const Check check_release_used = {
    .name = "releases equal the shipments they cover", .sql = &sql_check_used};

static const Sql sql_used_rebuild = {"UPDATE credit_release SET used = " USED_OF_RELEASE, .in = ""};

static Err release_rebuild(Ctx *cx)
{
    return db_put(cx, &sql_used_rebuild, NO_ARGS);
}
const Derived derived_release = {.table = "credit_release", .rebuild = release_rebuild};
