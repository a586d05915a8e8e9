/* Forwards to the kind of site. */
#include "edge/site.h"

#include "base/os.h"
#include "op/store.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

enum { AWAY_MS = 60 * 1000, AWAY_PAUSE_MS = 250 };

Err site_line(Ctx *cx, Site *site, const char **ret_line, size_t *ret_length)
{
    return site->kind->line(cx, site, ret_line, ret_length);
}

bool site_has_line(Site *site)
{
    return site->kind->has_line(site);
}

void site_say_text(Site *site, SiteStream stream, const char *text, size_t length)
{
    site->kind->say(site, stream, text, length);
}

void site_say(Ctx *cx, Site *site, SiteStream stream, const char *format, ...)
{
    ArenaMark mark = arena_mark(cx->arena);
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(cx->arena, format, args);
    va_end(args);
    site_say_text(site, stream, text, strlen(text));
    arena_rewind(cx->arena, mark);
}

const char *site_option(const Site *site, const char *name)
{
    return site->kind->option(site, name);
}

Err site_write(Ctx *cx, Site *site, SiteWork work, void *user)
{
    return site->kind->work(cx, site, true, work, user);
}

Err site_read(Ctx *cx, Site *site, SiteWork work, void *user)
{
    return site->kind->work(cx, site, false, work, user);
}

static Err batch_work(Ctx *cx, void *user)
{
    (void)user;
    return store_batch_attempt(cx);
}

static Err batch_attempt(Ctx *cx, Site *site, Batch *batch)
{
    batch->is_away = site->kind->is_shared; /* until the work begins */
    cx->batch = batch;
    Err err = site_write(cx, site, batch_work, NULL);
    cx->batch = NULL;
    return err;
}

Err site_batch(Ctx *cx, Site *site, SiteWork steps, void *user, bool *ret_is_unsure)
{
    Batch batch = {.steps = steps, .user = user};
    ArenaMark mark = arena_mark(cx->arena);
    int64_t deadline_us = os_monotonic_us() + AWAY_MS * INT64_C(1000);
    Err err = batch_attempt(cx, site, &batch);
    for (int i = 0; err == ERR_STORE && batch.is_away && os_monotonic_us() < deadline_us; i++) {
        err_clear(cx);
        arena_rewind(cx->arena, mark);
        if (i == 1) {
            site_say(cx, site, SITE_ERR, "The database cannot be reached; it is waited for.");
        }
        (void)nanosleep(&(struct timespec){.tv_nsec = i > 0 ? AWAY_PAUSE_MS * 1000000L : 0}, NULL);
        err = batch_attempt(cx, site, &batch);
    }
    *ret_is_unsure = batch.is_unsure;
    return err;
}
