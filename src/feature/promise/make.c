/* Taking promises, and the partner's record of them. */
#include "feature/account.h"
#include "feature/org.h"
#include "feature/policy.h"
#include "feature/promise/model.h"
#include "feature/release.h"
#include "op/run.h"

#include <string.h>

/* ---- The partner's record ---- */

enum { RECORD_DAYS = 365, RECORD_PAGE = 500 };

/* Over all accounts of the partner: what ended otherwise than kept,
 * and what is open though its window is over. A page of them. */
#define RECORD_OF                                                                                  \
    "SELECT v.id, a.currency, v.status, v.window_end_on, v.received, v.lacks, v.ended_on"          \
    " FROM promise v JOIN account a ON a.id = v.account_id WHERE v.partner_id = $1"                \
    " AND ((v.status = 'open' AND v.window_end_on < $3) OR ((v.status = 'broken'"                  \
    " OR v.status = 'partly_kept' OR v.status = 'replaced' OR v.status = 'withdrawn')"             \
    " AND v.ended_on >= $2)) AND v.id > $4"
static const Sql sql_record = {
    RECORD_OF " ORDER BY v.id LIMIT $5", .in = "kddii", .out = "kttdiid"};
/* Of a partner with one account: its node knows. */
static const Sql sql_record_of_one = {
    RECORD_OF " AND v.account_id = $6 ORDER BY v.id LIMIT $5", .in = "kddiik", .out = "kttdiid"};

typedef struct RecordRow {
    Id id;
    Currency currency;
    int status;
    Date window_end_on;
    Money received;
    Money lacks;
    Date ended_on;
} RecordRow;

SCHEMA(RecordRow,
    F_ID(RecordRow, id, "promise"),
    F_CURRENCY(RecordRow, currency),
    F_ENUM(RecordRow, status, promise_status_names),
    F_DATE(RecordRow, window_end_on),
    F_MONEY(RecordRow, received),
    F_MONEY(RecordRow, lacks),
    F_DATE(RecordRow, ended_on));

/* What is counted over a partner's promises; amounts by currency, converted at the end, once. */
typedef struct Tally {
    int64_t level_next;
    int64_t broken;
    Money lacks[200]; /* more than there are currencies */
    size_t lacks_count;
    Id last_id;
} Tally;

/* Its status and end as of today. */
static Err record_row_judge(Ctx *cx, const Policy *policy, RecordRow *row)
{
    if (row->status != PROMISE_OPEN) {
        return ERR_OK;
    }
    PromiseStatus status;
    PromiseRow promise = {.currency = row->currency,
        .status = row->status,
        .window_end_on = row->window_end_on,
        .received = row->received,
        .lacks = row->lacks};
    TRY(promise_status_now(cx, policy, &promise, &status));
    row->status = (int)status;
    row->ended_on = row->window_end_on + 1;
    return ERR_OK;
}

static void tally_lacks(Tally *tally, Money lacks)
{
    size_t i = 0;
    while (i < tally->lacks_count && tally->lacks[i].currency != lacks.currency) {
        i++;
    }
    if (i == tally->lacks_count) {
        ASSERT(i < COUNT(tally->lacks));
        tally->lacks[tally->lacks_count++] = money_zero(lacks.currency);
    }
    tally->lacks[i] = money_add(tally->lacks[i], lacks);
}

static void tally_row(Ctx *cx, Tally *tally, const RecordRow *row)
{
    PromiseEnd end = {(PromiseStatus)row->status, row->ended_on};
    tally->level_next += promise_level(&end, 1, cx->today) - 1;
    tally->last_id = row->id;
    bool is_broken = row->status == PROMISE_BROKEN;
    bool is_short = is_broken || row->status == PROMISE_PARTLY_KEPT;
    if (is_short && row->ended_on >= cx->today - RECORD_DAYS) {
        tally->broken += is_broken ? 1 : 0;
        tally_lacks(tally, row->lacks);
    }
}

static Err tally_page(
    Ctx *cx, const Policy *policy, const Account *account, Tally *tally, size_t *ret_count)
{
    List rows;
    const Arg args[] = {arg_id(account->partner_id), arg_date(cx->today - RECORD_DAYS),
        arg_date(cx->today), arg_i64(tally->last_id), arg_i64(RECORD_PAGE), arg_id(account->id)};
    const Sql *sql = account->is_only ? &sql_record_of_one : &sql_record;
    TRY(row_list(cx, sql, args, strlen(sql->in), &RecordRow_schema, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        RecordRow *row = LIST_AT(rows, RecordRow, i);
        TRY(record_row_judge(cx, policy, row));
        tally_row(cx, tally, row);
    }
    *ret_count = rows.count;
    return ERR_OK;
}

/* In pages whose memory is given back: however many promises somebody made, the partner's next
 * order is judged. */
static Err record_tally(Ctx *cx, const Account *account, Tally *ret_tally)
{
    const Policy *policy = NULL;
    TRY(policy_load(cx, &policy));
    *ret_tally = (Tally){.level_next = 1};
    size_t count;
    do {
        ArenaMark mark = arena_mark(cx->arena);
        TRY(tally_page(cx, policy, account, ret_tally, &count));
        arena_rewind(cx->arena, mark);
    } while (count == RECORD_PAGE);
    return ERR_OK;
}

Err promise_record(Ctx *cx, const Account *account, PromiseRecord *ret_record)
{
    Org org;
    Tally tally;
    TRY(org_load_home(cx, &org));
    TRY(record_tally(cx, account, &tally));
    *ret_record = (PromiseRecord){
        .broken_open = money_zero(org.currency),
        .broken_365d = tally.broken,
        .level_next = tally.level_next,
    };
    for (size_t i = 0; i < tally.lacks_count; i++) {
        Money lacks;
        TRY(org_to_home(cx, tally.lacks[i], cx->today, &lacks));
        ret_record->broken_open = money_add(ret_record->broken_open, lacks);
    }
    return ERR_OK;
}

/* ---- Making ---- */

static const Sql sql_promise_insert = {
    "INSERT INTO promise (id, account_id, partner_id, amount, target, comes_first, due_on, "
    "made_on, "
    "made_at, window_end_on,"
    " status, level, received, lacks, vouched_by_id, release_id, replaces_id)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, 0, $5, $12, $13, $14) "
    "RETURNING " PROMISE_FACTS,
    .in = "kkkiiiddidikkk",
    .out = PROMISE_LETTERS,
};

#define PROMISED_FACTS "id, account_id, promise_id, invoice_id, open"
#define PROMISED_LETTERS "kkkki"
const Fact fact_promised = FACT("promise_invoice", 1, PROMISED_FACTS, PROMISED_LETTERS);

static const Sql sql_promise_invoice_insert = {
    "INSERT INTO promise_invoice (id, account_id, promise_id, invoice_id, open)"
    " VALUES ($1, $2, $3, $4, $5) RETURNING " PROMISED_FACTS,
    .in = "kkkki",
    .out = PROMISED_LETTERS,
};

static const Sql sql_promise_replaced_by = {
    "UPDATE promise SET replaced_by_id = $3 WHERE account_id = $1 AND id = $2 "
    "RETURNING " PROMISE_FACTS,
    .in = "kkk",
    .out = PROMISE_LETTERS,
};

static const Sql sql_promise_release = {
    "UPDATE promise SET release_id = $2 WHERE id = $1 RETURNING " PROMISE_FACTS,
    .in = "kk",
    .out = PROMISE_LETTERS,
};

static const Sql sql_invoice_open = {
    "SELECT account_id, open FROM invoice WHERE id = $1",
    .in = "k",
    .out = "ki",
};

static const Sql sql_invoices_due = {
    "SELECT due_on, open FROM invoice WHERE account_id = $1 AND open > 0 AND due_on <= $2",
    .in = "kd",
    .out = "di",
};

typedef struct Making {
    const PromiseAsk *ask;
    const Account *account;
    Id id;
    Date window_end_on;
    Money *opens; /* of the invoices named */
    Money target;
    Money comes_first;
    Id release_id; /* it carries on the release of the one it replaces */
} Making;

static Err invoice_read(Ctx *cx, Making *making, size_t i)
{
    const Ref *refs = making->ask->invoices.items;
    const char *field = arena_printf(cx->arena, "invoices.%zu", i);
    for (size_t k = 0; k < i; k++) {
        if (refs[k].id == refs[i].id) {
            return err_set(cx, ERR_FIELD_INVALID, field, "This invoice is named twice.");
        }
    }
    Rows rows;
    TRY(db_one(cx, &sql_invoice_open, ARGS(arg_id(refs[i].id)), "an invoice", &rows));
    if (db_id(&rows, 0) != making->account->id) {
        return err_set(cx, ERR_FIELD_INVALID, field, "This invoice belongs to another account.");
    }
    making->opens[i] = money_of(making->account->currency, db_i64(&rows, 1));
    if (!money_is_positive(making->opens[i])) {
        return err_set(cx, ERR_FIELD_INVALID, field, "Nothing of this invoice is open.");
    }
    return ERR_OK;
}

static Err target_read(Ctx *cx, Making *making)
{
    size_t count = making->ask->invoices.count;
    making->target = making->ask->amount;
    if (count == 0) {
        return ERR_OK;
    }
    making->opens = arena_array(cx->arena, count, sizeof *making->opens);
    Money open = money_zero(making->account->currency);
    for (size_t i = 0; i < count; i++) {
        TRY(invoice_read(cx, making, i));
        open = money_add(open, making->opens[i]);
    }
    making->target = money_min(making->target, open);
    return ERR_OK;
}

static Err comes_first_read(Ctx *cx, Making *making)
{
    Currency currency = making->account->currency;
    making->comes_first = money_zero(currency);
    if (!making->ask->carries_release && making->release_id == 0) {
        return ERR_OK;
    }
    Rows rows;
    TRY(db_ask(cx, &sql_invoices_due,
        ARGS(arg_id(making->account->id), arg_date(making->window_end_on)), &rows));
    PromiseDue *dues = arena_array(cx->arena, rows.count, sizeof *dues);
    for (size_t i = 0; db_next(&rows); i++) {
        dues[i] = (PromiseDue){db_date(&rows, 0), money_of(currency, db_i64(&rows, 1))};
    }
    making->comes_first = promise_comes_first(currency, dues, rows.count, making->window_end_on);
    return ERR_OK;
}

/* The old one ends first: it counts for the level of the new one. */
static Err replaced_end(Ctx *cx, Making *making)
{
    const PromiseAsk *ask = making->ask;
    PromiseRow old;
    TRY(promise_load(cx, ask->replaces_id, &old));
    if (old.account_id != ask->account_id) {
        return err_set(
            cx, ERR_FIELD_INVALID, "replaces", "This promise belongs to another account.");
    }
    const Promise was = {.due_on = old.due_on, .amount = old.amount};
    const Promise by = {.due_on = ask->due_on,
        .amount = ask->amount,
        .invoice_count = ask->invoices.count,
        .open_then = making->target};
    PromiseStatus status = promise_replaced_status(&was, old.lacks, &by);
    bool carries_on = status == PROMISE_REPLACED && old.release_id != 0;
    if (carries_on && ask->invoices.count > 0) {
        return err_set(cx, ERR_FIELD_INVALID, "invoices",
            "The promise of a release comes on top of what falls due; name no invoices.");
    }
    TRY(fact_change(cx, &fact_promise, old.id, &sql_promise_replaced_by,
        ARGS(arg_id(old.account_id), arg_id(old.id), arg_id(making->id))));
    TRY(promise_status_put(cx, &old, status, cx->today, NULL));
    TRY(promise_verdict_add(cx, &old, status, old.received));
    if (carries_on) {
        making->release_id = old.release_id;
        return release_promise_set(cx, old.release_id, making->id);
    }
    return ERR_OK;
}

static Err promise_write(Ctx *cx, const Making *making, int64_t level)
{
    const PromiseAsk *ask = making->ask;
    TRY(fact_put(cx, &fact_promise, &sql_promise_insert,
        ARGS(arg_id(making->id), arg_id(ask->account_id), arg_id(making->account->partner_id),
            arg_i64(ask->amount.minor), arg_i64(making->target.minor),
            arg_i64(making->comes_first.minor), arg_date(ask->due_on), arg_date(cx->today),
            arg_i64(cx->now_ms), arg_date(making->window_end_on), arg_i64(level),
            arg_id(ask->vouched_by_id), arg_id(making->release_id), arg_id(ask->replaces_id))));
    const Ref *refs = ask->invoices.items;
    for (size_t i = 0; i < ask->invoices.count; i++) {
        TRY(fact_put(cx, &fact_promised, &sql_promise_invoice_insert,
            ARGS(arg_id(db_new_id(cx)), arg_id(ask->account_id), arg_id(making->id),
                arg_id(refs[i].id), arg_i64(making->opens[i].minor))));
    }
    run_touch(cx, making->id);
    return ERR_OK;
}

Err promise_add(Ctx *cx, const PromiseAsk *ask, PromiseMade *ret_made)
{
    Fault fault;
    if (!promise_check(cx->today, ask->due_on, ask->amount, &fault)) {
        return err_set(cx, ERR_FIELD_INVALID, fault.field, "%s", fault.sentence);
    }
    const Policy *policy = NULL;
    TRY(policy_load(cx, &policy));
    Account account;
    TRY(account_load(cx, ask->account_id, &account));
    Making making = {
        .ask = ask,
        .account = &account,
        .id = db_new_id(cx),
        .window_end_on = promise_window_end(policy, ask->due_on),
        .release_id = ask->release_id,
    };
    TRY(target_read(cx, &making));
    if (ask->replaces_id != 0) {
        TRY(replaced_end(cx, &making));
    }
    TRY(comes_first_read(cx, &making));
    Tally tally;
    TRY(record_tally(cx, &account, &tally));
    *ret_made = (PromiseMade){making.id, tally.level_next, PROMISE_OPEN};
    return promise_write(cx, &making, ret_made->level);
}

Err promise_bind_release(Ctx *cx, Id promise_id, Id release_id)
{
    run_touch(cx, promise_id);
    return fact_change(cx, &fact_promise, promise_id, &sql_promise_release,
        ARGS(arg_id(promise_id), arg_id(release_id)));
}
