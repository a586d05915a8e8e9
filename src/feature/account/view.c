/* What is shown of an account: its terms and state,
 * and beside them what is in force and used today. */
#include "feature/account.h"

#include "feature/features.h"
#include "feature/ledger.h"
#include "feature/limit.h"
#include "feature/shown.h"
#include "op/op.h"
#include "op/run.h"
#include "rules/credit.h"

/* Requests about the account itself; one for an order's release is not. */
#define PENDING_OF_ACCOUNT                                                                         \
    "FROM approval y WHERE y.account_id = r.id AND y.status = 'pending'"                           \
    " AND y.operation IN ('limit_set', 'account_change', 'account_state_set')"

/* Of the account of the position `q`, as position_exposure() reckons it of ledger_position(). */
#define OWED_BUT(lapsed)                                                                           \
    "(q.ordered + q.shipped + q.receivable + q.cheque - q.advance - " lapsed ")"
#define EXPOSURE_ON(today) OWED_BUT(LEDGER_LAPSED("q.account_id", today))
#define EXPOSURE EXPOSURE_ON("$1")
/* The same where it is reckoned of all accounts: who has a release in force is found once, whole
 * before the rest, and of the others nothing has lapsed. */
#define HAS_RELEASE                                                                                \
    "q.account_id IN (WITH released AS MATERIALIZED (SELECT n.account_id FROM credit_release n"    \
    " WHERE n.status = 'active') SELECT account_id FROM released)"
#define EXPOSURE_SORTED                                                                            \
    OWED_BUT("CASE WHEN " HAS_RELEASE " THEN " LEDGER_LAPSED("q.account_id", "$1") " ELSE 0 END")
/* Of a group, none of which counts less than nothing, as exposure_group() has it. Absent where they
 * are not all of one currency, since rates are applied by rules/rate.h alone. */
#define HELD_TOGETHER                                                                              \
    "CASE WHEN MAX(g.currency) = MIN(g.currency) THEN"                                             \
    " CAST(SUM(CASE WHEN g.owed > 0 THEN g.owed ELSE 0 END) AS BIGINT) END"
/* Behind `member`, a table of the accounts' ids, which come first: there are few. */
#define OWED_BY_MEMBERS(exposure)                                                                  \
    "a.currency, " exposure " AS owed FROM member f CROSS JOIN account a CROSS JOIN position q"    \
    " WHERE a.id = f.id AND q.account_id = f.id"
/* Of the account's own limit in force on the day `today`, in tenths of a percent, rounded up, so
 * that above 100 is over the limit; 9999.9 stands for all that is more, and for what is owed on a
 * limit of nothing. */
#define LIMIT_USE(held, account, today)                                                            \
    "(SELECT CASE WHEN u.amount IS NULL OR u.held IS NULL THEN NULL WHEN u.held <= 0 THEN 0"       \
    " WHEN u.held / 100 >= u.amount THEN 99999"                                                    \
    " ELSE u.held / u.amount * 1000 + (u.held % u.amount * 1000 + u.amount - 1) / u.amount END"    \
    " FROM (SELECT d.amount, " held " AS held FROM limit_day d"                                    \
    " WHERE d.account_id = " account " AND d.from_on <= " today                                    \
    " ORDER BY d.from_on DESC LIMIT 1) u)"
#define IS_HEAD "EXISTS (SELECT 1 FROM account b WHERE b.parent_id = r.id)"
/* The same where it is asked of all. */
#define AMONG_HEADS " IN (SELECT b.parent_id FROM account b WHERE b.parent_id IS NOT NULL)"
/* The members of a group may lie on other nodes than its head, so what they hold is not reckoned
 * within the head's row: when sorted by it, of all groups once; for a page, of each of its heads
 * by itself, in whose place stands SUM_GROUP until then. */
#define GROUPS_OWED "SELECT f.head, " OWED_BY_MEMBERS(EXPOSURE_SORTED)
#define HELD_BY_GROUPS                                                                             \
    "(SELECT h.held FROM (WITH member AS MATERIALIZED (WITH RECURSIVE family (head, id) AS ("      \
    "SELECT m.id, m.id FROM account m WHERE m.id" AMONG_HEADS                                      \
    " UNION ALL SELECT f.head, m.id FROM account m JOIN family f ON m.parent_id = f.id)"           \
    " SELECT head, id FROM family)"                                                                \
    " SELECT g.head, " HELD_TOGETHER " AS held FROM (" GROUPS_OWED ") g"                           \
    " GROUP BY g.head) h WHERE h.head = r.id)"
#define USE_SORTED                                                                                 \
    LIMIT_USE("CASE WHEN r.id" AMONG_HEADS " THEN " HELD_BY_GROUPS " ELSE " EXPOSURE_SORTED        \
              " END",                                                                              \
        "q.account_id", "$1")
#define USE_SHOWN                                                                                  \
    "(CASE WHEN " IS_HEAD " THEN -1 ELSE " LIMIT_USE(EXPOSURE, "q.account_id", "$1") " END)"
enum { SUM_GROUP = -1 };

#define GROUP_OWED "SELECT " OWED_BY_MEMBERS(EXPOSURE_ON("$2"))
static const Sql sql_group_use = {FAMILY_OF
    "SELECT " LIMIT_USE("(SELECT " HELD_TOGETHER " FROM (" GROUP_OWED ") g)", "$1", "$2"),
    .in = "kd", .out = "i"};

#define OVERDUE                                                                                    \
    "(SELECT CAST(COALESCE(SUM(i.open), 0) AS BIGINT) FROM invoice i"                              \
    " WHERE i.account_id = q.account_id AND i.open > 0 AND i.due_on < $1)"
static const char *const account_status_names[] = {"", "in_force", "pending", NULL};

typedef struct AccountView {
    Id id;
    const char *code;
    Ref partner;
    const char *partner_name;
    const char *owner;
    Currency currency;
    int64_t terms_days;
    Ref parent;
    LimitValue limit;
    const char *limit_from;
    Money exposure;
    Percent limit_use;
    Money overdue;
    int state;
    Date state_since_on;
    const char *state_reason;
    int status;
    Id approval;
    Date opened_on;
    const char *fields;
    int64_t version;
} AccountView;

SCHEMA(AccountView,
    F_ID(AccountView, id, "account"),
    F_TEXT(AccountView, code, .flags = FIELD_SORT),
    F_REF(AccountView, partner, "partner", .flags = FIELD_FILTER),
    F_PARTNER_NAME(AccountView),
    F_OWNER(AccountView),
    F_CURRENCY(AccountView, currency, .flags = FIELD_FILTER),
    F_INT(AccountView, terms_days, .flags = FIELD_SORT),
    F_REF(AccountView, parent, "account", .column = "parent_id", .flags = FIELD_FILTER),
    F_LIMIT(AccountView,
        limit,
        .flags = FIELD_NO_COLUMN | FIELD_OUTPUT,
        .doc = "Its own, in force today."),
    F_TEXT(AccountView,
        limit_from,
        .flags = FIELD_NO_COLUMN | FIELD_OUTPUT,
        .doc = "The account whose limit it uses: itself, or the nearest above that has one."),
    F_MONEY(AccountView,
        exposure,
        .column = EXPOSURE,
        .sorted = EXPOSURE_SORTED,
        .flags = FIELD_SORT | FIELD_OUTPUT),
    F_PERCENT(AccountView,
        limit_use,
        .column = USE_SHOWN,
        .sorted = USE_SORTED,
        .flags = FIELD_SORT | FIELD_OUTPUT,
        .doc = "Exposure in percent of its own limit, rounded up and at most 9999.9; of the whole "
               "group where accounts stand below it, null when those are of several currencies."),
    F_MONEY(AccountView,
        overdue,
        .column = OVERDUE,
        .flags = FIELD_SORT | FIELD_OUTPUT,
        .doc = "Open and past due."),
    F_ENUM(AccountView, state, account_state_names, .flags = FIELD_FILTER | FIELD_SORT),
    F_DATE(AccountView, state_since_on, .flags = FIELD_SORT),
    F_TEXT(AccountView, state_reason, .doc = "For staff."),
    F_ENUM(AccountView,
        status,
        account_status_names,
        .column = "(CASE WHEN EXISTS (SELECT 1 " PENDING_OF_ACCOUNT
                  ") THEN 'pending' ELSE 'in_force' END)",
        .flags = FIELD_OUTPUT | FIELD_FILTER,
        .doc = "pending: something about it waits for approval."),
    F_ID(AccountView,
        approval,
        "approval",
        .column = "(SELECT MAX(y.id) " PENDING_OF_ACCOUNT ")",
        .flags = FIELD_OUTPUT,
        .doc = "The latest that waits."),
    F_DATE(AccountView, opened_on, .flags = FIELD_SORT),
    F_CUSTOM(AccountView, "account"),
    F_INT(AccountView, version, .flags = FIELD_OUTPUT));

static Err account_args(Ctx *cx, Arg *ret_args)
{
    ret_args[0] = arg_date(cx->today);
    return ERR_OK;
}

static Err use_fill(Ctx *cx, AccountView *account)
{
    Rows rows;
    if (account->limit_use.per_mille != SUM_GROUP) {
        return ERR_OK;
    }
    TRY(db_ask(cx, &sql_group_use, ARGS(arg_id(account->id), arg_date(cx->today)), &rows));
    bool is_known = db_next(&rows) && !db_is_null(&rows, 0);
    account->limit_use =
        (Percent){.per_mille = is_known ? db_i64(&rows, 0) : 0, .is_set = is_known};
    return ERR_OK;
}

static bool is_set(LimitValue limit)
{
    return limit.kind == LIMIT_AMOUNT || limit.kind == LIMIT_UNLIMITED;
}

static Err limit_fill(Ctx *cx, AccountView *account)
{
    TRY(limit_in_force_on(cx, account->id, account->currency, cx->today, &account->limit));
    if (is_set(account->limit)) {
        account->limit_from = account->code;
        return ERR_OK;
    }
    if (account->parent.id == 0) {
        return ERR_OK;
    }
    Account chain[CREDIT_CHAIN_MAX];
    size_t count = 0;
    TRY(account_chain(cx, account->parent.id, chain, &count));
    for (size_t i = 0; i < count && account->limit_from == NULL; i++) {
        LimitValue limit;
        TRY(limit_in_force_on(cx, chain[i].id, chain[i].currency, cx->today, &limit));
        account->limit_from = is_set(limit) ? chain[i].code : NULL;
    }
    return ERR_OK;
}

/* A partner sees its own accounts, but not why we set their state, what is asked about them, nor
 * whose other accounts stand above them. */
static Err partner_hide(Ctx *cx, AccountView *account)
{
    bool is_shown = true;
    account->state_reason = NULL;
    account->approval = 0;
    if (account->parent.id != 0) {
        TRY(account_is_shown(cx, account->parent.text, &is_shown));
        account->parent = is_shown ? account->parent : (Ref){0};
    }
    if (account->limit_from != NULL) {
        TRY(account_is_shown(cx, account->limit_from, &is_shown));
        account->limit_from = is_shown ? account->limit_from : NULL;
    }
    return ERR_OK;
}

static Err account_fill(Ctx *cx, void *items, size_t count)
{
    AccountView *accounts = items;
    for (size_t i = 0; i < count; i++) {
        TRY(use_fill(cx, &accounts[i]));
        TRY(limit_fill(cx, &accounts[i]));
        if (cx->actor->role == ROLE_PARTNER) {
            TRY(partner_hide(cx, &accounts[i]));
        }
    }
    return ERR_OK;
}

static const Record record_account = {
    .name = "account",
    .path = "/accounts",
    .letter = 'A',
    .schema = &AccountView_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ_OWN,
    .date_field = "opened_on",
    .partner_join =
        "LEFT JOIN partner p ON p.id = r.partner_id JOIN position q ON q.account_id = r.id",
    .lacks = "the position of an account",
    .args_in = "d",
    .args = account_args,
    .fill = account_fill,
    .summary = "a trading account",
};

const Feature account_view_feature = {
    .name = "account_view",
    .records = (const Record *const[]){&record_account, NULL},
};
