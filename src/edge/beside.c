/* The site inside a server: lines come from the request's body, what is said goes into the answer,
 * each line behind the digit of its stream. */
#include "edge/beside.h"

#include "base/json.h"
#include "edge/call.h"
#include "edge/demo/demo.h"
#include "edge/import/import.h"
#include "edge/import/undo.h"
#include "edge/journal.h"
#include "edge/site.h"
#include "edge/upkeep.h"
#include "op/run.h"

#include <string.h>

typedef struct LocalSite {
    Site site;
    Local *local;
    const json_t *own; /* options that the request does not choose; NULL: none */
} LocalSite;

static const LocalSite *site_of(const Site *site)
{
    return (const LocalSite *)(const void *)site;
}

static Local *local_of(const Site *site)
{
    return site_of(site)->local;
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
    const json_t *own = site_of(site)->own;
    return own != NULL ? json_string_value(json_object_get(own, name))
                       : local_option(local_of(site), name);
}

static Err work(Ctx *cx, Site *site, bool is_write, SiteWork run, void *user)
{
    return is_write ? local_write(cx, local_of(site), run, user)
                    : local_read(cx, local_of(site), run, user);
}

/* About 20 ms of the writer. */
enum { SLICE_MAX = 256 };

static const SiteKind local_kind = {
    take_line, has_line, say, option, work, SLICE_MAX, true, false, false};
static const SiteKind shared_kind = {
    take_line, has_line, say, option, work, SITE_SLICE_SHARED, true, true, false};

static const SiteKind *kind_of(const Local *local)
{
    return db_is_file(local_url(local)) ? &local_kind : &shared_kind;
}

static Err run_at(Ctx *cx, Local *local, const SiteCommand *command, int *ret_exit)
{
    LocalSite site = {.site = {kind_of(local)}, .local = local};
    return command->run(cx, &site.site, ret_exit);
}

/* ---- An import by somebody over HTTP ---- */

typedef struct Importer {
    Local *local;
    const char *name;
} Importer;

/* Whose import it is; what each row may then do is asked again with each row. */
static Err importer_work(Ctx *cx, void *user)
{
    Importer *importer = user;
    const char *token = local_option(importer->local, "token");
    const Actor *actor = NULL;
    TRY(token != NULL ? actor_by_token(cx, token, &actor)
                      : actor_by_session(cx, local_option(importer->local, "session"), &actor));
    if (!actor_may(actor, PERM_IMPORT)) {
        return err_set(cx, ERR_FORBIDDEN, NULL, "The role of %s may not import.", actor->name);
    }
    importer->name = actor->name;
    return ERR_OK;
}

/* Told row by row; as much of it as is asked for. */
static Err undo_local(Ctx *cx, LocalSite *site, int *ret_exit)
{
    static const char *const given[] = {"undo", "limit", "cursor", "reason"};
    json_t *own = json_object();
    (void)json_object_set(own, "as", json_object_get(site->own, "as"));
    (void)json_object_set_new(own, "json", json_string("1"));
    (void)json_object_set_new(own, "rows", json_string("1"));
    for (size_t i = 0; i < COUNT(given); i++) {
        const char *value = local_option(site->local, given[i]);
        if (value != NULL) {
            (void)json_object_set_new(own, given[i], json_string(value));
        }
    }
    site->own = own;
    Err err = import_undo_site.run(cx, &site->site, ret_exit);
    json_decref(own);
    return err;
}

static Err imports_local(Ctx *cx, Local *local, int *ret_exit)
{
    Importer importer = {.local = local};
    TRY(local_read(cx, local, importer_work, &importer));
    bool is_dry = local_option(local, "dry_run") != NULL;
    CLEANUP(json_value_free)
    json_t *own = json_pack("{s:s?,s:s,s:s,s:s?}", "what", local_option(local, "what"), "as",
        importer.name, "json", "1", "file", local_option(local, "file"));
    if (is_dry) {
        (void)json_object_set_new(
            own, "copy", json_string(import_copy(cx->arena, local_url(local), cx->request_id)));
    }
    LocalSite site = {.site = {kind_of(local)}, .local = local, .own = own};
    return local_option(local, "undo") == NULL ? import_site.run(cx, &site.site, ret_exit)
                                               : undo_local(cx, &site, ret_exit);
}

#define LOCAL(command)                                                                             \
    static Err command##_local(Ctx *cx, Local *local, int *ret_exit)                               \
    {                                                                                              \
        return run_at(cx, local, &command##_site, ret_exit);                                       \
    }

LOCAL(call)
LOCAL(journal)
LOCAL(import)
LOCAL(import_undo)
LOCAL(demo)
LOCAL(doctor)
LOCAL(rebuild)
LOCAL(backup)

const LocalCommand beside_commands[] = {
    {.name = "do", .run = call_local},
    {.name = "journal", .run = journal_local},
    {.name = "import", .run = import_local},
    {.name = "import_undo", .run = import_undo_local},
    {.name = "demo", .run = demo_local},
    {.name = "doctor", .run = doctor_local},
    {.name = "rebuild", .run = rebuild_local},
    {.name = "backup", .run = backup_local},
    {.name = IMPORTS_COMMAND, .run = imports_local, .is_public = true},
    {0},
};
