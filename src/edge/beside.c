/* The site inside a server: lines come from the request's body, what is said goes into the answer,
 * each line behind the digit of its stream. */
#include "edge/beside.h"

#include "edge/call.h"
#include "edge/demo/demo.h"
#include "edge/import/import.h"
#include "edge/journal.h"
#include "edge/site.h"
#include "edge/upkeep.h"

#include <string.h>

typedef struct LocalSite {
    Site site;
    Local *local;
} LocalSite;

static Local *local_of(const Site *site)
{
    return ((const LocalSite *)(const void *)site)->local;
}

static Err take_line(Ctx *cx, Site *site, const char **ret_line, size_t *ret_length)
{
    return local_line(cx, local_of(site), ret_line, ret_length);
}

static bool has_line(Site *site)
{
    return local_has_line(local_of(site));
}

static void say(Site *site, SiteStream stream, const char *text, size_t length)
{
    Local *local = local_of(site);
    const char digit = (char)stream;
    for (;;) {
        const char *end = memchr(text, '\n', length);
        size_t part = end != NULL ? (size_t)(end - text) : length;
        local_say(local, &digit, 1);
        local_say(local, text, part);
        local_say(local, "\n", 1);
        if (end == NULL) {
            return;
        }
        text += part + 1;
        length -= part + 1;
    }
}

static const char *option(const Site *site, const char *name)
{
    return local_option(local_of(site), name);
}

static Err work(Ctx *cx, Site *site, bool is_write, SiteWork run, void *user)
{
    return is_write ? local_write(cx, local_of(site), run, user)
                    : local_read(cx, local_of(site), run, user);
}

/* About 20 ms of the writer. */
enum { SLICE_MAX = 256 };

static const SiteKind local_kind = {take_line, has_line, say, option, work, SLICE_MAX, true};

static Err run_at(Ctx *cx, Local *local, const SiteCommand *command, int *ret_exit)
{
    LocalSite site = {.site = {&local_kind}, .local = local};
    return command->run(cx, &site.site, ret_exit);
}

#define LOCAL(command)                                                                             \
    static Err command##_local(Ctx *cx, Local *local, int *ret_exit)                               \
    {                                                                                              \
        return run_at(cx, local, &command##_site, ret_exit);                                       \
    }

LOCAL(call)
LOCAL(journal)
LOCAL(import)
LOCAL(demo)
LOCAL(doctor)
LOCAL(rebuild)
LOCAL(backup)

const LocalCommand beside_commands[] = {
    {"do", call_local},
    {"journal", journal_local},
    {"import", import_local},
    {"demo", demo_local},
    {"doctor", doctor_local},
    {"rebuild", rebuild_local},
    {"backup", backup_local},
    {0},
};
