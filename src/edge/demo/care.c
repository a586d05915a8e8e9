/* What people do beside the orders: visits, dinners, collecting, graver and lighter states, limits
 * for the season, rates, closing days and months. */
#include "edge/demo/cast.h"

#include <string.h>

enum { APPROVALS_A_LIMIT = 3 };

/* ---- Visits ---- */

static const struct {
    const char *kind;
    const char *outcome;
    int percent;
    const char *next_step;
} visits[] = {
    {"information", "shared", 30, "Bring the new price list"},
    {"market", "agreed", 20, "Look at the shelves together"},
    {"service", "done", 12, "Ask whether the cooler runs"},
    {"review", "agreed", 12, "Agree on the plan of the year"},
    {"planning", "agreed", 8, "Sign the plan"},
    {"training", "done", 5, "Second half of the training"},
    {"hospitality", NULL, 13, NULL},
};

/* Of the last visits of the play the next steps are still to come, or just due. */
static void next_step(Play *play, size_t visit, json_t *in)
{
    enum { STEP_DAYS = 7, LAST_DAYS = 14 };
    if (visits[visit].next_step != NULL && play->today > play->last - LAST_DAYS) {
        (void)json_object_set_new(
            in, "next_on", json_string(play_date(play, play->today + STEP_DAYS)));
        (void)json_object_set_new(in, "next_step", json_string(visits[visit].next_step));
    }
}

Err care_visit(Play *play, Outlet *outlet, Deal *deal)
{
    enum { WITH_MANAGER_PERCENT = 20, COST_MIN = 60000, COST_MAX = 420000 };
    Random *random = &play->random;
    if (outlet->ends_on != DATE_NONE && play->today > outlet->ends_on) {
        return ERR_OK;
    }
    play_plan(play, random_in(random, 35, 80), care_visit, outlet, deal);
    size_t i = 0;
    for (int64_t left = random_in(random, 0, 99) - visits[0].percent;
         left >= 0 && i + 1 < COUNT(visits); left -= visits[i].percent) {
        i++;
    }
    json_t *in = json_pack("{s:s,s:s,s:s,s:I}", "partner", outlet->code, "kind", visits[i].kind,
        "on", play_date(play, play->today), "minutes", (json_int_t)15 * random_in(random, 2, 12));
    if (visits[i].outcome != NULL) {
        (void)json_object_set_new(in, "outcome", json_string(visits[i].outcome));
    } else {
        (void)json_object_set_new(in, "cost",
            json_string(play_money(play, random_in(random, COST_MIN, COST_MAX) / 1000 * 1000)));
        if (random_chance(random, WITH_MANAGER_PERCENT)) {
            (void)json_object_set_new(in, "staff",
                json_pack("[s,s]", outlet->region->owner, cast_manager(outlet->region)));
        }
    }
    next_step(play, i, in);
    return play_do(play, "activity_log", outlet->region->owner, in, NULL);
}

/* ---- Collecting ---- */

static Err chase(Play *play, Outlet *outlet, int64_t overdue)
{
    enum { DUE_DAYS = 12, ROUND = 1000 };
    static const int keeps[] = {[HABIT_PROMPT] = 100,
        [HABIT_USUAL] = 92,
        [HABIT_SLOW] = 60,
        [HABIT_BAD] = 20,
        [HABIT_FAILING] = 35};
    bool is_visit = random_chance(&play->random, 40);
    TRY(play_do(play, "activity_log", CAST_COLLECTIONS,
        json_pack("{s:s,s:s,s:s,s:s,s:i}", "partner", outlet->code, "kind", "collection", "on",
            play_date(play, play->today), "outcome", is_visit ? "new_date" : "called", "minutes",
            20),
        NULL));
    TRY(play_do(play, "promise_make", CAST_COLLECTIONS,
        json_pack("{s:s,s:s,s:s}", "account", outlet->code, "amount",
            play_money(play, overdue / ROUND * ROUND + ROUND), "due_on",
            play_date(play, play->today + DUE_DAYS)),
        NULL));
    if (random_chance(&play->random, keeps[outlet->habit])) {
        play_plan(play, DUE_DAYS - 1, trade_settle, outlet, NULL);
    }
    return ERR_OK;
}

static Err state_set(
    Play *play, Outlet *outlet, const char *who, const char *state, const char *reason)
{
    CLEANUP(json_value_free) json_t *reply = NULL;
    TRY(play_do(play, "account_state_set", who,
        json_pack("{s:s,s:s,s:s}", "account", outlet->code, "state", state, "reason", reason),
        &reply));
    if (strcmp(play_text(reply, "status"), "pending") == 0) {
        CLEANUP(json_value_free) json_t *consent = NULL;
        TRY(play_try(play, "approval_approve", CAST_CREDIT,
            json_pack("{s:s,s:s}", "approval", play_text(reply, "approval"), "reason", reason),
            &consent));
        if (consent == NULL) {
            return ERR_OK;
        }
    }
    outlet->state = state;
    return ERR_OK;
}

static int state_rank(const char *state)
{
    static const char *const ranks[] = {"normal", "watch", "pay_down", "prepay", "stop"};
    int rank = 0;
    while (strcmp(ranks[rank], state) != 0) {
        rank++;
    }
    return rank;
}

/* The graded answers: watch, pay down as you order, prepay, stop. */
static Err respond(Play *play, Outlet *outlet)
{
    static const struct {
        int days;
        const char *state;
        const char *reason;
    } answers[] = {
        {130, "stop", "More than four months overdue"},
        {80, "prepay", "Against payment ahead until the old debt is paid"},
        {50, "pay_down", "Each order brings the debt down a fifth more"},
        {35, "watch", "Five weeks overdue"},
    };
    for (size_t i = 0; i < COUNT(answers); i++) {
        if (trade_overdue(play, outlet, answers[i].days) > 0) {
            bool is_graver = state_rank(answers[i].state) > state_rank(outlet->state);
            return is_graver ? state_set(play, outlet, CAST_CREDIT_TOO, answers[i].state,
                                   answers[i].reason)
                             : ERR_OK;
        }
    }
    bool is_lighter = trade_overdue(play, outlet, 0) == 0 && strcmp(outlet->state, "normal") != 0;
    return is_lighter ? state_set(play, outlet, cast_manager(outlet->region), "normal",
                            "Everything overdue is paid")
                      : ERR_OK;
}

/* Twice a month somebody goes through all that is late. */
static Err late_review(Play *play, Outlet *none, Deal *deal)
{
    enum { AGAIN_DAYS = 15, LATE_DAYS = 10 };
    play_plan(play, AGAIN_DAYS, late_review, none, deal);
    for (size_t i = 0; i < play->outlet_count; i++) {
        Outlet *outlet = &play->outlets[i];
        if (outlet->opens_on >= play->today) {
            continue;
        }
        ArenaMark mark = arena_mark(play->cx->arena);
        int64_t late = trade_overdue(play, outlet, LATE_DAYS);
        bool is_chased = late > 0 && date_parts(play->today).day <= AGAIN_DAYS;
        TRY(is_chased ? chase(play, outlet, trade_overdue(play, outlet, 0)) : ERR_OK);
        TRY(respond(play, outlet));
        arena_rewind(play->cx->arena, mark);
    }
    return ERR_OK;
}

/* ---- Limits for the season ---- */

static Err season_limit(Play *play, const Outlet *outlet, Date until)
{
    enum { MORE_PERCENT = 40 };
    CLEANUP(json_value_free) json_t *reply = NULL;
    TRY(play_do(play, "limit_set", CAST_CREDIT_TOO,
        json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "account", outlet->code, "kind", "seasonal",
            "amount", play_money(play, outlet->limit * (100 + MORE_PERCENT) / 100), "from",
            play_date(play, play->today), "until", play_date(play, until), "reason",
            "Season plan agreed with the distributor"),
        &reply));
    const char *approvers[APPROVALS_A_LIMIT] = {
        CAST_CREDIT, cast_manager(outlet->region), CAST_ADMIN};
    for (size_t i = 0; i < APPROVALS_A_LIMIT; i++) {
        TRY(play_try(play, "approval_approve", approvers[i],
            json_pack("{s:s,s:s}", "approval", play_text(reply, "approval"), "reason",
                "Plan and stock figures seen"),
            NULL));
    }
    return ERR_OK;
}

static Err season_limits(Play *play, Outlet *none, Deal *deal)
{
    enum { WEEKS_10 = 70, PERCENT = 14 };
    (void)none;
    (void)deal;
    for (size_t i = 0; i < play->outlet_count; i++) {
        const Outlet *outlet = &play->outlets[i];
        bool is_sound = outlet->limit > 0 && outlet->opens_on < play->today &&
                        outlet->ends_on == DATE_NONE && outlet->habit <= HABIT_USUAL;
        if (is_sound && random_chance(&play->random, PERCENT)) {
            ArenaMark mark = arena_mark(play->cx->arena);
            TRY(season_limit(play, outlet, play->today + WEEKS_10));
            arena_rewind(play->cx->arena, mark);
        }
    }
    return ERR_OK;
}

/* ---- Closing ---- */

/* The tenth closes the books of the month before. */
static Err month_close(Play *play, Outlet *none, Deal *deal)
{
    (void)none;
    (void)deal;
    return play_do(play, "period_close", CAST_FINANCE,
        json_pack("{s:s,s:s}", "until", play_date(play, date_month_first(play->today) - 1),
            "reason", "Month closed"),
        NULL);
}

static Err rate_set(Play *play, Outlet *none, Deal *deal)
{
    (void)none;
    (void)deal;
    int64_t rate = random_in(&play->random, 68800, 73200);
    return play_do(play, "rate_set", CAST_FINANCE,
        json_pack("{s:s,s:s,s:s}", "currency", "USD", "rate",
            arena_printf(play->cx->arena, "%lld.%04lld", (long long)(rate / 10000),
                (long long)(rate % 10000)),
            "on", play_date(play, play->today)),
        NULL);
}

static Err week_close(Play *play, Outlet *none, Deal *deal)
{
    enum { WEEK = 7 };
    play_plan(play, WEEK, week_close, none, deal);
    return play_do(play, "day_close", CAST_FINANCE,
        json_pack("{s:s}", "on", play_date(play, play->today)), NULL);
}

void care_plan(Play *play)
{
    enum { FRIDAY = 4, FIRST_REVIEW_DAYS = 45, CLOSING_DAY = 10, SUMMER = 5, WINTER = 12 };
    Date friday = play->first;
    while (date_weekday(friday) != FRIDAY) {
        friday++;
    }
    play_plan_on(play, friday, week_close, NULL, NULL);
    play_plan(play, FIRST_REVIEW_DAYS, late_review, NULL, NULL);
    for (Date month = date_add_months(play->first, 1); month <= play->last;
         month = date_add_months(month, 1)) {
        Date first = date_month_first(month);
        play_plan(play, first - play->first, rate_set, NULL, NULL);
        play_plan(play, first + CLOSING_DAY - 1 - play->first, month_close, NULL, NULL);
        int number = date_parts(first).month;
        if (number == SUMMER || number == WINTER) {
            play_plan(play, first - play->first, season_limits, NULL, NULL);
        }
    }
}
