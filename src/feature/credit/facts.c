/* Gathers what the credit rules look at. Nothing here judges;
 * nothing here is limited to what the caller may see. */
#include "feature/credit/facts.h"

#include "db/db.h"
#include "feature/limit.h"
#include "feature/order.h"
#include "feature/org.h"
#include "feature/policy.h"
#include "feature/promise.h"
#include "feature/release.h"
#include "op/run.h"
#include "rules/limit.h"

/* ---- The account's own papers ---- */

static const Sql sql_overdue = {
    "SELECT MIN(CASE WHEN open >= $3 THEN due_on END),"
    " CAST(COALESCE(SUM(CASE WHEN due_on < $2 THEN open ELSE 0 END), 0) AS BIGINT)"
    " FROM invoice WHERE account_id = $1 AND open > 0",
    .in = "kdi",
    .out = "di",
};

static const Sql sql_unbilled = {
    "SELECT MIN(shipped_on) FROM shipment"
    " WHERE account_id = $1 AND status = 'posted' AND amount > invoiced + returned",
    .in = "k",
    .out = "d",
};

static const Sql sql_received_since = {
    "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM payment"
    " WHERE account_id = $1 AND id > $2 AND received_on >= $3 AND status = 'posted'",
    .in = "kkd",
    .out = "i",
};

static const Sql sql_shipped_since = {
    "SELECT CAST(COALESCE(SUM(amount - returned), 0) AS BIGINT) FROM shipment"
    " WHERE account_id = $1 AND id > $2 AND status = 'posted'",
    .in = "kk",
    .out = "i",
};

/* Orders of an account or a group in the bucket `ordered` that are wanted later than a day. */
#define ORDERED_NOW ORDER_ORDERED_NOW("o", "$4")

static const Sql sql_ordered_later = {
    "SELECT CAST(COALESCE(SUM(" ORDERED_NOW "), 0) AS BIGINT) FROM sales_order o"
    " WHERE o.account_id = $1 AND o.wanted_on > $2 AND o.ordered > 0 AND o.id <> $3"
    " AND (o.status = 'held' OR o.status = 'approved' OR o.status = 'shipped')",
    .in = "kdkd",
    .out = "i",
};

static Err overdue_read(
    Ctx *cx, const Account *account, bool is_past, Money overdue_min, Overdue *ret_overdue)
{
    Rows rows;
    TRY(db_one(cx, is_past ? credit_overdue_then() : &sql_overdue,
        ARGS(arg_id(account->id), arg_date(cx->today), arg_i64(overdue_min.minor)),
        "what is overdue", &rows));
    Date oldest = db_date(&rows, 0);
    *ret_overdue = (Overdue){
        .overdue = money_of(account->currency, db_i64(&rows, 1)),
        .oldest_days = oldest != DATE_NONE && oldest < cx->today ? cx->today - oldest : 0,
    };
    return ERR_OK;
}

/* overdue_min is an amount in home currency. Where no rate is known the smallest unit stands in: it
 * can only make an invoice count that a rate might have spared. */
static Err overdue_floor(Ctx *cx, const Policy *policy, Currency currency, Money *ret_floor)
{
    Decimal rate;
    TRY(org_rate_find(cx, currency, cx->today, &rate));
    *ret_floor = money_of(currency, 1);
    return rate.is_set ? org_from_home(cx, policy->overdue_min, currency, cx->today, ret_floor)
                       : ERR_OK;
}

Err credit_overdue(Ctx *cx, const Account *account, bool is_past, Overdue *ret_overdue)
{
    const Policy *policy = NULL;
    TRY(policy_load(cx, &policy));
    Money overdue_min;
    TRY(overdue_floor(cx, policy, account->currency, &overdue_min));
    return overdue_read(cx, account, is_past, overdue_min, ret_overdue);
}

static Err sum_ask(
    Ctx *cx, const Sql *sql, const Arg *args, size_t count, Currency currency, Money *ret_sum)
{
    int64_t sum = 0;
    TRY(db_number(cx, sql, args, count, &sum));
    *ret_sum = money_of(currency, sum);
    return ERR_OK;
}

static Err papers_gather(Ctx *cx, const Policy *policy, const Account *account, CreditFacts *facts)
{
    Money overdue_min;
    TRY(overdue_floor(cx, policy, account->currency, &overdue_min));
    Overdue overdue;
    TRY(overdue_read(cx, account, false, overdue_min, &overdue));
    facts->overdue = overdue.overdue;
    facts->overdue_days = overdue.oldest_days;
    Rows rows;
    TRY(db_ask(cx, &sql_unbilled, ARGS(arg_id(account->id)), &rows));
    if (db_next(&rows) && !db_is_null(&rows, 0)) {
        facts->unbilled_days = cx->today - db_date(&rows, 0);
    }
    if (account->state != STATE_PAY_DOWN) {
        return ERR_OK;
    }
    TRY(sum_ask(cx, &sql_received_since,
        ARGS(arg_id(account->id), arg_id(account->state_since_id),
            arg_date(account->state_since_on)),
        account->currency, &facts->received_since_state));
    return sum_ask(cx, &sql_shipped_since,
        ARGS(arg_id(account->id), arg_id(account->state_since_id)), account->currency,
        &facts->shipped_since_state);
}

/* ---- Horizons ---- */

/* The distinct horizons of the limit rules, into days[]; their number. */
static size_t horizon_days(const Policy *policy, int64_t *days)
{
    size_t count = 0;
    for (size_t i = 0; i < policy->rules.count; i++) {
        const PolicyRule *rule = LIST_AT(policy->rules, PolicyRule, i);
        bool is_new = rule->kind == RULE_LIMIT && rule->horizon_days.is_set;
        for (size_t k = 0; is_new && k < count; k++) {
            is_new = days[k] != rule->horizon_days.value;
        }
        if (is_new) {
            days[count++] = rule->horizon_days.value;
        }
    }
    return count;
}

/* What orders besides add to a member, as far as they are wanted after a day (DATE_NONE: all). */
static Money besides_of(const GateCall *call, Id account_id, Currency currency, Date after)
{
    Money sum = money_zero(currency);
    for (size_t i = 0; i < call->besides.count; i++) {
        const GateBeside *beside = LIST_AT(call->besides, GateBeside, i);
        bool counts = after == DATE_NONE || beside->wanted_on > after;
        if (beside->account_id == account_id && counts) {
            sum = money_add(sum, beside->amount);
        }
    }
    return sum;
}

/* The exposure of a member with orders left out that are wanted after a day; the order that is
 * judged counts by its own date. */
static Err member_within(
    Ctx *cx, Id account_id, Money exposure, const GateCall *call, Date last_day, Money *ret_within)
{
    Money later;
    bool is_own = account_id == call->account->id;
    Id own = is_own ? call->order_id : -1;
    TRY(sum_ask(cx, &sql_ordered_later,
        ARGS(arg_i64(account_id), arg_date(last_day), arg_i64(own), arg_date(cx->today)),
        exposure.currency, &later));
    later = money_add(later, besides_of(call, account_id, exposure.currency, last_day));
    *ret_within = money_sub(exposure, later);
    if (is_own && call->wanted_on > last_day) {
        *ret_within = money_sub(*ret_within, call->moving);
    }
    return ERR_OK;
}

static Err horizons_gather(Ctx *cx, const Policy *policy, const GateCall *call, List *ret_horizons)
{
    int64_t *days = arena_array(cx->arena, policy->rules.count + 1, sizeof *days);
    size_t count = horizon_days(policy, days);
    CreditHorizon *items = arena_array(cx->arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        items[i] = (CreditHorizon){.days = days[i], .currency = call->account->currency};
        TRY(member_within(cx, call->account->id, position_exposure(&call->after), call,
            cx->today + (Date)days[i], &items[i].exposure_after));
    }
    *ret_horizons = (List){items, count};
    return ERR_OK;
}

/* ---- Groups ---- */

#define MEMBER_LAPSED LEDGER_LAPSED("q.account_id", "$2")

static const Sql sql_group_members = {
    FAMILY_OF "SELECT a.id, a.currency, q.ordered - " MEMBER_LAPSED
              ", q.shipped, q.receivable, q.cheque, q.advance"
              " FROM member f JOIN account a ON a.id = f.id JOIN position q ON q.account_id = a.id",
    .in = "kd",
    .out = "ktiiiii",
};

typedef struct Member {
    Id id;
    Position position;
} Member;

typedef struct Members {
    Member *items;
    size_t count;
} Members;

static Err members_load(Ctx *cx, Id group_id, Members *ret_members)
{
    Rows rows;
    TRY(db_ask(cx, &sql_group_members, ARGS(arg_id(group_id), arg_date(cx->today)), &rows));
    Member *members = arena_array(cx->arena, rows.count, sizeof *members);
    for (size_t i = 0; db_next(&rows); i++) {
        Currency currency = 0;
        TRY(db_currency(cx, &rows, 1, &currency));
        members[i].id = db_id(&rows, 0);
        members[i].position = position_empty(currency);
        members[i].position.ordered.minor = db_i64(&rows, 2);
        members[i].position.shipped.minor = db_i64(&rows, 3);
        members[i].position.receivable.minor = db_i64(&rows, 4);
        members[i].position.cheque.minor = db_i64(&rows, 5);
        members[i].position.advance.minor = db_i64(&rows, 6);
    }
    *ret_members = (Members){members, rows.count};
    return ERR_OK;
}

static Money gate_exposure(Gate gate, const Position *position)
{
    return gate == GATE_SHIPMENT ? position_out_of_house(position) : position_exposure(position);
}

static void besides_add(const GateCall *call, Members members)
{
    for (size_t i = 0; i < members.count; i++) {
        Position *position = &members.items[i].position;
        Money besides = besides_of(call, members.items[i].id, position->currency, DATE_NONE);
        position->ordered = money_add(position->ordered, besides);
    }
}

/* A member's exposure may be converted only where there is one:
 * an empty account in a strange currency needs no rate. */
static Err member_home(Ctx *cx, Money exposure, Currency home, Money *ret_home)
{
    if (money_is_zero(exposure)) {
        *ret_home = money_zero(home);
        return ERR_OK;
    }
    return org_to_home(cx, exposure, cx->today, ret_home);
}

static Err group_horizons(Ctx *cx,
    const Policy *policy,
    const GateCall *call,
    Currency home,
    Members group,
    List *ret_horizons)
{
    int64_t *days = arena_array(cx->arena, policy->rules.count + 1, sizeof *days);
    size_t day_count = horizon_days(policy, days);
    CreditHorizon *items = arena_array(cx->arena, day_count, sizeof *items);
    Money *sums = arena_array(cx->arena, group.count, sizeof *sums);
    for (size_t h = 0; h < day_count; h++) {
        for (size_t i = 0; i < group.count; i++) {
            bool is_own = group.items[i].id == call->account->id;
            Money exposure = position_exposure(is_own ? &call->after : &group.items[i].position);
            TRY(member_within(
                cx, group.items[i].id, exposure, call, cx->today + (Date)days[h], &exposure));
            TRY(member_home(cx, exposure, home, &sums[i]));
        }
        items[h] = (CreditHorizon){.days = days[h],
            .currency = home,
            .exposure_after = exposure_group(home, sums, group.count)};
    }
    *ret_horizons = (List){items, day_count};
    return ERR_OK;
}

static Err ancestor_gather(Ctx *cx,
    const Policy *policy,
    const GateCall *call,
    const Account *group,
    Currency home,
    CreditAncestor *ret_ancestor)
{
    Members members;
    TRY(members_load(cx, group->id, &members));
    besides_add(call, members);
    Money *before = arena_array(cx->arena, members.count, sizeof *before);
    Money *after = arena_array(cx->arena, members.count, sizeof *after);
    for (size_t i = 0; i < members.count; i++) {
        bool is_own = members.items[i].id == call->account->id;
        TRY(member_home(cx,
            gate_exposure(call->gate, is_own ? &call->before : &members.items[i].position), home,
            &before[i]));
        TRY(member_home(cx,
            gate_exposure(call->gate, is_own ? &call->after : &members.items[i].position), home,
            &after[i]));
    }
    *ret_ancestor = (CreditAncestor){
        .account = group->code,
        .currency = home,
        .state = group->state,
        .exposure_before = exposure_group(home, before, members.count),
        .exposure_after = exposure_group(home, after, members.count),
    };
    LimitValue own;
    TRY(limit_in_force_on(cx, group->id, group->currency, cx->today, &own));
    ret_ancestor->limit = own;
    if (own.kind == LIMIT_AMOUNT) {
        Money limit;
        TRY(member_home(cx, limit_money(own, group->currency), home, &limit));
        ret_ancestor->limit = limit_of(limit);
    }
    RaiseFor raise_for = {call->order_id, call->is_anew};
    if (call->gate == GATE_SHIPMENT) {
        return release_raise_group(
            cx, group->id, group->code, home, &raise_for, &ret_ancestor->raised);
    }
    return group_horizons(cx, policy, call, home, members, &ret_ancestor->horizons);
}

static Err ancestors_gather(
    Ctx *cx, const Policy *policy, const GateCall *call, Currency home, List *ret_ancestors)
{
    if (call->account->parent_id == 0) {
        return ERR_OK;
    }
    Account chain[CREDIT_CHAIN_MAX];
    size_t count = 0;
    TRY(account_chain(cx, call->account->id, chain, &count));
    CreditAncestor *items = arena_array(cx->arena, count, sizeof *items);
    for (size_t i = 1; i < count; i++) {
        TRY(ancestor_gather(cx, policy, call, &chain[i], home, &items[i - 1]));
    }
    *ret_ancestors = (List){items, count - 1};
    return ERR_OK;
}

static Err from_home(Ctx *cx, const GateCall *call, Money home, Money *ret_amount)
{
    return org_from_home(
        cx, money_to_decimal(money_capped(home)), call->account->currency, cx->today, ret_amount);
}

Err credit_group_exposure(Ctx *cx, Id group_id, Currency currency, Money *ret_exposure)
{
    Org org;
    Members members;
    TRY(org_load_home(cx, &org));
    TRY(members_load(cx, group_id, &members));
    Money *sums = arena_array(cx->arena, members.count, sizeof *sums);
    for (size_t i = 0; i < members.count; i++) {
        Money exposure = position_exposure(&members.items[i].position);
        Money later;
        TRY(credit_exposure_later(cx, members.items[i].id, exposure.currency, cx->today, &later));
        TRY(org_to_home_known(cx, money_sub(exposure, later), cx->today, &sums[i]));
    }
    Money home = exposure_group(org.currency, sums, members.count);
    Decimal rate;
    TRY(org_rate_find(cx, currency, cx->today, &rate));
    *ret_exposure = money_zero(currency);
    return rate.is_set ? org_from_home(cx, money_to_decimal(money_capped(home)), currency,
                             cx->today, ret_exposure)
                       : ERR_OK;
}

/* An account above others has the group's limit,
 * so what it orders itself is held against what the whole group owes. */
static Err group_gather(
    Ctx *cx, const Policy *policy, const GateCall *call, Currency home, CreditFacts *facts)
{
    if (!call->account->is_head) {
        return ERR_OK;
    }
    CreditAncestor group = {0};
    TRY(ancestor_gather(cx, policy, call, call->account, home, &group));
    TRY(from_home(cx, call, group.exposure_before, &facts->group_before));
    TRY(from_home(cx, call, group.exposure_after, &facts->group_after));
    if (call->gate == GATE_SHIPMENT) {
        return from_home(cx, call, group.raised, &facts->raised);
    }
    CreditHorizon *horizons = group.horizons.items;
    for (size_t i = 0; i < group.horizons.count; i++) {
        horizons[i].currency = call->account->currency;
        TRY(from_home(cx, call, horizons[i].exposure_after, &horizons[i].exposure_after));
    }
    facts->horizons = group.horizons;
    return ERR_OK;
}

/* ---- The partner's record ---- */

static bool policy_has_kind(const Policy *policy, const GateCall *call, RuleKind kind)
{
    for (size_t i = 0; i < policy->rules.count; i++) {
        const PolicyRule *rule = LIST_AT(policy->rules, PolicyRule, i);
        if (rule->kind == (int)kind &&
            (policy_applies(policy, i, call->gate, call->account->code, call->account->tier) ||
                call->gate == GATE_RELEASE)) {
            return true;
        }
    }
    return false;
}

static Err track_gather(
    Ctx *cx, const Policy *policy, const GateCall *call, Currency home, CreditFacts *facts)
{
    bool is_release = call->gate == GATE_RELEASE;
    CreditTrack *track = arena_alloc(cx->arena, sizeof *track);
    *track = (CreditTrack){.currency = home}; /* tells the judge the home currency */
    facts->track = track;
    if (!is_release && !policy_has_kind(policy, call, RULE_BROKEN_PROMISES)) {
        return ERR_OK;
    }
    PromiseRecord record;
    TRY(promise_record(cx, call->account, &record));
    *track = (CreditTrack){
        .currency = home,
        .broken_promises = record.broken_365d,
        .promise_broken_open = record.broken_open,
        .promise_level = record.level_next,
        .released_excess = money_zero(home),
    };
    if (is_release) {
        TRY(release_track(
            cx, call->account->partner_id, home, &track->releases_365d, &track->released_excess));
    }
    return ERR_OK;
}

/* ---- All of it ---- */

static Err rate_gather(
    Ctx *cx, const Policy *policy, const GateCall *call, Currency home, CreditFacts *facts)
{
    if (call->account->currency == home || !credit_needs_rate(policy, call->gate, facts, home)) {
        return ERR_OK;
    }
    return org_rate_on(cx, call->account->currency, cx->today, &facts->rate);
}

/* All but the partner's record and the goods. */
static Err gate_gather(
    Ctx *cx, const Policy *policy, const GateCall *call, Currency home, CreditFacts *ret_facts)
{
    const Account *account = call->account;
    Position *before = arena_alloc(cx->arena, sizeof *before);
    Position *after = arena_alloc(cx->arena, sizeof *after);
    *before = call->before;
    *after = call->after;
    *ret_facts = (CreditFacts){
        .account = account->code,
        .tier = account->tier,
        .on = cx->today,
        .currency = account->currency,
        .state = account->state,
        .before = before,
        .after = after,
        .order_amount = call->order_amount,
        .moving = call->moving,
        .amount_max = call->amount_max,
    };
    TRY(limit_in_force_on(cx, account->id, account->currency, cx->today, &ret_facts->limit));
    TRY(ancestors_gather(cx, policy, call, home, &ret_facts->ancestors));
    TRY(papers_gather(cx, policy, account, ret_facts));
    TRY(rate_gather(cx, policy, call, home, ret_facts));
    if (call->gate == GATE_SHIPMENT) {
        RaiseFor raise_for = {call->order_id, call->is_anew};
        TRY(release_raise_total(
            cx, account->id, account->currency, &raise_for, &ret_facts->raised));
    } else {
        TRY(horizons_gather(cx, policy, call, &ret_facts->horizons));
    }
    return group_gather(cx, policy, call, home, ret_facts);
}

/* What the shipment gate would look at if all that is open of a stopped order shipped. */
static Err goods_gather(
    Ctx *cx, const Policy *policy, const GateCall *call, Currency home, CreditGoods **ret_goods)
{
    GateCall shipping = *call;
    CreditFacts facts;
    shipping.gate = GATE_SHIPMENT;
    shipping.is_anew = true;
    shipping.after = call->before;
    if (!money_is_zero(call->moving)) {
        position_apply(&shipping.after, move_of(MOVE_SHIPPED_AHEAD, call->moving));
    }
    TRY(gate_gather(cx, policy, &shipping, home, &facts));
    *ret_goods = arena_alloc(cx->arena, sizeof **ret_goods);
    **ret_goods = (CreditGoods){.currency = facts.currency,
        .before = facts.before,
        .after = facts.after,
        .group_before = facts.group_before,
        .group_after = facts.group_after,
        .ancestors = facts.ancestors,
        .raised = facts.raised};
    return ERR_OK;
}

Err facts_gather(Ctx *cx, const Policy *policy, const GateCall *call, CreditFacts *ret_facts)
{
    Org org;
    TRY(org_load_home(cx, &org));
    TRY(gate_gather(cx, policy, call, org.currency, ret_facts));
    if (call->with_goods) {
        TRY(goods_gather(cx, policy, call, org.currency, &ret_facts->goods));
    }
    return track_gather(cx, policy, call, org.currency, ret_facts);
}
