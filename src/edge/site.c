/* Forwards to the kind of site. */
#include "edge/site.h"

#include <stdarg.h>
#include <string.h>

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
