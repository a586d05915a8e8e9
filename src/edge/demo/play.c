/* The calendar of the play, and its way to the operations. */
#include "edge/demo/play.h"

#include "op/store.h"

#include <string.h>

/* ---- The calendar ---- */

Play *play_new(Arena *arena, Date first, Date last)
{
    enum { SEED = 20250102 };
    Play *play = arena_alloc(arena, sizeof *play);
    play->arena = arena;
    play->random = (Random){SEED};
    play->first = first;
    play->last = last;
    play->today = first;
    play->days = arena_array(arena, (size_t)(last - first) + 1, sizeof *play->days);
    play->deals = arena_array(arena, DEALS_MAX, sizeof *play->deals);
    return play;
}

void play_plan_on(Play *play, Date on, EventRun run, Outlet *outlet, Deal *deal)
{
    ASSERT(on >= play->today);
    if (on > play->last) {
        return;
    }
    Event *event = arena_alloc(play->arena, sizeof *event);
    *event = (Event){.run = run, .outlet = outlet, .deal = deal};
    Day *day = &play->days[on - play->first];
    if (day->last == NULL) {
        day->first = event;
    } else {
        day->last->next = event;
    }
    day->last = event;
}

void play_plan(Play *play, int64_t days, EventRun run, Outlet *outlet, Deal *deal)
{
    enum { SATURDAY = 5, WEEK = 7 };
    Date on = play->today + (Date)days;
    int weekday = date_weekday(on);
    play_plan_on(play, weekday >= SATURDAY ? on + WEEK - weekday : on, run, outlet, deal);
}

/* An event may plan another one for the same day: it comes to its turn. */
static Err day_play(Play *play)
{
    Ctx *cx = play->cx;
    cx->today = play->today;
    for (Event *event = play->days[play->today - play->first].first; event != NULL;
         event = event->next) {
        ArenaMark mark = arena_mark(cx->arena);
        TRY(event->run(play, event->outlet, event->deal));
        arena_rewind(cx->arena, mark);
    }
    play->today++;
    return ERR_OK;
}

static Err days_steps(Ctx *cx, void *user)
{
    Play *play = user;
    play->cx = cx;
    int64_t calls_max = play->calls + play->batch_calls;
    while (play->today <= play->until && play->calls < calls_max) {
        TRY(day_play(play));
    }
    return ERR_OK;
}

Err play_days(Ctx *cx, void *play)
{
    return store_batch(cx, days_steps, play);
}

/* ---- Operations ---- */

static Err call(Play *play, const char *operation, const char *as, json_t *in, Reply *ret_reply)
{
    Ctx *cx = play->cx;
    const Op *op = op_by_name(operation);
    ASSERT(op != NULL);
    ASSERT(in != NULL);
    cx->actor = &actor_system;
    if (as != NULL) {
        TRY(actor_by_name(cx, as, &cx->actor));
    }
    play->calls++;
    if (!run_in_batch(cx, &(Call){.op = op, .members = in}, ret_reply)) {
        return cx->err.code != ERR_OK
                   ? cx->err.code
                   : err_set(cx, ERR_STORE, NULL, "The database ended the transaction.");
    }
    return cx->err.code;
}

static void reply_read(const Reply *reply, json_t **ret_reply)
{
    if (ret_reply != NULL) {
        *ret_reply = json_loads(reply->body, JSON_DECODE_ANY, NULL);
        ASSERT(*ret_reply != NULL);
    }
}

/* The refusal with what was asked: whoever changes a rule finds the line that no longer holds. */
static Err refused(Play *play, const char *operation, const char *in)
{
    Ctx *cx = play->cx;
    Error error = cx->err;
    err_clear(cx);
    char day[DATE_TEXT_SIZE];
    date_format(play->today, day);
    return err_set(cx, error.code, error.field, "%s The demonstration asked on %s: %s %s",
        error.detail, day, operation, in);
}

Err play_do(Play *play, const char *operation, const char *as, json_t *in, json_t **ret_reply)
{
    CLEANUP(json_value_free) json_t *members = in;
    Reply reply = {0};
    if (call(play, operation, as, members, &reply) != ERR_OK) {
        return refused(play, operation, json_text(play->cx->arena, members));
    }
    reply_read(&reply, ret_reply);
    return ERR_OK;
}

Err play_try(Play *play, const char *operation, const char *as, json_t *in, json_t **ret_reply)
{
    CLEANUP(json_value_free) json_t *members = in;
    Reply reply = {0};
    Err code = call(play, operation, as, members, &reply);
    if (err_http_status(code) >= 500) {
        return code;
    }
    if (code == ERR_OK) {
        reply_read(&reply, ret_reply);
        return ERR_OK;
    }
    err_clear(play->cx);
    if (ret_reply != NULL) {
        *ret_reply = NULL;
    }
    return ERR_OK;
}

/* ---- Replies and inputs ---- */

const char *play_text(const json_t *reply, const char *path)
{
    for (const char *dot = strchr(path, '.'); dot != NULL; dot = strchr(path, '.')) {
        reply = json_object_getn(reply, path, (size_t)(dot - path));
        path = dot + 1;
    }
    const char *text = json_string_value(json_object_get(reply, path));
    return text != NULL ? text : "";
}

int64_t play_minor(const json_t *reply, const char *path)
{
    Decimal decimal;
    int64_t minor = 0;
    bool is_amount = decimal_parse(play_text(reply, path), &decimal);
    return is_amount && decimal_at_scale(decimal, 2, &minor) ? minor : 0;
}

const char *play_money(Play *play, int64_t minor)
{
    char *text = arena_alloc(play->cx->arena, DECIMAL_TEXT_SIZE);
    decimal_format(decimal_of(minor, 2), false, text);
    return text;
}

const char *play_date(Play *play, Date date)
{
    char *text = arena_alloc(play->cx->arena, DATE_TEXT_SIZE);
    date_format(date, text);
    return text;
}
