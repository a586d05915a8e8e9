#include "edge/demo/demo.h"

#include "base/json.h"
#include "base/log.h"
#include "base/os.h"
#include "edge/cli.h"
#include "op/store.h"

#include <inttypes.h>

/* Three years, so that a year can be set beside the one before. */
#define FIRST_DAY ((DateParts){2023, 1, 1})
#define SEED UINT64_C(20230101)

/* ---- What the days are made with ---- */

/* xorshift64*: what it gives is fixed for ever by the seed. */
int demo_dice(Demo *demo, int below)
{
    demo->seed ^= demo->seed >> 12;
    demo->seed ^= demo->seed << 25;
    demo->seed ^= demo->seed >> 27;
    uint64_t mixed = demo->seed * UINT64_C(0x2545f4914f6cdd1d);
    return (int)((mixed >> 33) % (uint64_t)below);
}

bool demo_chance(Demo *demo, int percent)
{
    return demo_dice(demo, 100) < percent;
}

const char *demo_date(Demo *demo, int day)
{
    char *text = arena_alloc(demo->arena, DATE_TEXT_SIZE);
    date_format(demo->first + day, text);
    return text;
}

/* What lies behind the last day does not happen.
 * Events of one day run in the order they came in. */
void demo_event(Demo *demo, int day, Event event)
{
    day = day <= demo->day ? demo->day + 1 : day;
    if (day >= DEMO_DAYS) {
        return;
    }
    Event *kept = arena_alloc(demo->arena, sizeof *kept);
    *kept = event;
    kept->next = NULL;
    Event **end = &demo->events[day];
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = kept;
}

static Err actor_take(Ctx *cx, const char *as)
{
    cx->actor = &actor_system;
    return as == NULL ? ERR_OK : actor_by_name(cx, as, &cx->actor);
}

Err demo_call(
    Ctx *cx, Demo *demo, const char *operation, const char *as, json_t *members, json_t **ret_reply)
{
    const Op *op = op_by_name(operation);
    ASSERT(op != NULL);
    ASSERT(members != NULL);
    ArenaMark mark = arena_mark(cx->arena);
    *ret_reply = NULL;
    Reply reply = {0};
    Err err = actor_take(cx, as);
    bool is_whole =
        err != ERR_OK || run_in_batch(cx, &(Call){.op = op, .members = members}, &reply);
    json_decref(members);
    demo->figures.calls++;
    if (!is_whole || err_http_status(cx->err.code) >= 500) {
        return cx->err.code != ERR_OK
                   ? cx->err.code
                   : err_set(cx, ERR_STORE, NULL, "The database ended the transaction.");
    }
    if (cx->err.code == ERR_OK) {
        *ret_reply = json_loads(reply.body, 0, NULL);
    } else {
        demo->figures.refused++;
        log_line(LOG_DEBUG, "%s %s: %s %s", demo_date(demo, demo->day), operation,
            err_name(cx->err.code), cx->err.detail);
        err_clear(cx);
    }
    arena_rewind(cx->arena, mark);
    return ERR_OK;
}

Err demo_must(Ctx *cx, Demo *demo, const char *operation, const char *as, json_t *members)
{
    json_t *reply = NULL;
    TRY(demo_call(cx, demo, operation, as, members, &reply));
    if (reply == NULL) {
        return err_set(cx, ERR_STATE, NULL,
            "The demonstration needs an empty database: %s was refused.", operation);
    }
    json_value_free(&reply);
    return ERR_OK;
}

/* ---- The command ---- */

typedef struct Step {
    Demo *demo;
    Err (*run)(Ctx *cx, Demo *demo);
} Step;

static Err step_run(Ctx *cx, void *user)
{
    const Step *step = user;
    return step->run(cx, step->demo);
}

static Err step_work(Ctx *cx, void *user)
{
    return store_batch(cx, step_run, user);
}

static Err step(Ctx *cx, Site *site, Demo *demo, Err (*run)(Ctx *cx, Demo *demo))
{
    Step one = {demo, run};
    cx->today = demo->first + demo->day;
    return site_write(cx, site, step_work, &one);
}

static Err close_day(Ctx *cx, Demo *demo)
{
    return demo_must(
        cx, demo, "day_close", NULL, json_pack("{s:s}", "on", demo_date(demo, demo->day)));
}

static Err days_run(Ctx *cx, Site *site, Demo *demo)
{
    TRY(step(cx, site, demo, demo_found));
    for (demo->day = 0; demo->day < DEMO_DAYS; demo->day++) {
        TRY(step(cx, site, demo, demo_day));
        TRY(step(cx, site, demo, close_day));
    }
    return ERR_OK;
}

static Err demo_at_site(Ctx *cx, Site *site, int *ret_exit)
{
    (void)ret_exit;
    Arena *arena = arena_new(SIZE_MAX / 2);
    Demo *demo = arena_alloc(arena, sizeof *demo);
    demo->arena = arena;
    demo->seed = SEED;
    bool is_day = date_from_parts(FIRST_DAY, &demo->first);
    ASSERT(is_day);
    Err err = days_run(cx, site, demo);
    if (err == ERR_OK) {
        const DemoFigures *figures = &demo->figures;
        const char *last = demo_date(demo, DEMO_DAYS - 1);
        bool is_json = site_option(site, "json") != NULL;
        site_say(cx, site, SITE_OUT,
            is_json ? "{\"accounts\":%d,\"orders\":%" PRId64 ",\"held\":%" PRId64
                      ",\"cleared\":%" PRId64 ",\"refused\":%" PRId64 ",\"last_day\":\"%s\"}"
                    : "accounts %d orders %" PRId64 " held %" PRId64 " cleared %" PRId64
                      " refused %" PRId64 " last_day %s",
            DEMO_ACCOUNTS, figures->orders, figures->held, figures->released, figures->refused,
            last);
    }
    arena_free(arena);
    return err;
}

const SiteCommand demo_site = {"demo", demo_at_site};

/* An empty database is made when there is none. */
Err cli_demo(Cli *cli, int *ret_exit)
{
    if (!os_file_exists(cli->url)) {
        TRY(cli_option_add(cli, "currency", "CNY"));
        TRY(cli_option_add(cli, "timezone", "Asia/Shanghai"));
        TRY(cli_init(cli, ret_exit));
    }
    cli->option_count = 0;
    return cli_errand(cli, &(Errand){.command = &demo_site, .is_write = true}, ret_exit);
}
