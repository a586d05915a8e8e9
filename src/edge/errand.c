/* Takes a command to the database. */
#include "edge/errand.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/os.h"
#include "base/text.h"
#include "edge/client.h"
#include "edge/lines.h"
#include "op/fence.h"
#include "op/store.h"

#include <string.h>
#include <unistd.h>

enum { LOCK_WAIT_US = 10 * 1000 * 1000, LOCK_TRY_MS = 20, LOCK_TEXT_MAX = 4096 };

/* ---- What is said ---- */

static void line_write(FILE *file, const char *text, size_t length)
{
    (void)fwrite(text, 1, length, file);
    (void)fputc('\n', file);
}

static void refused_write(Sink *sink, const char *text, size_t length)
{
    ASSERT(sink->refused_path != NULL);
    if (sink->refused == NULL && !sink->is_broken) {
        sink->refused = fopen(sink->refused_path, "we");
        sink->is_broken = sink->refused == NULL;
    }
    if (sink->refused != NULL) {
        line_write(sink->refused, text, length);
    }
}

void sink_say(Sink *sink, SiteStream stream, const char *text, size_t length)
{
    switch (stream) {
    case SITE_OUT:
        line_write(stdout, text, length);
        break;
    case SITE_ERR:
        /* Of a file's rows and columns, for instance; what goes to the output is for programs. */
        text_show(stderr, text, length);
        (void)fputc('\n', stderr);
        break;
    case SITE_REFUSED:
        refused_write(sink, text, length);
        break;
    }
}

static Err sink_close(Ctx *cx, Sink *sink)
{
    if (sink->refused_path != NULL && sink->refused == NULL && !sink->is_broken) {
        /* That of an earlier run would mislead. */
        (void)unlink(sink->refused_path);
    }
    if (sink->refused != NULL) {
        bool is_bad = ferror(sink->refused) != 0;
        sink->is_broken = fclose(sink->refused) != 0 || is_bad;
        sink->refused = NULL;
    }
    if (!sink->is_broken) {
        return ERR_OK;
    }
    return err_set(cx, ERR_STORE, NULL, "The refused rows cannot be written to %s: %s.",
        sink->refused_path, os_error_text());
}

/* ---- A site of this process's own ---- */

typedef struct OwnSite {
    Site site;
    const Errand *errand;
    Lines *lines;
    Sink *sink;
    bool is_line_read;
    Fence fence; /* where the database is on a server */
} OwnSite;

static OwnSite *own_of(Site *site)
{
    return (OwnSite *)(void *)site;
}

static Err own_line(Ctx *cx, Site *site, const char **ret_line, size_t *ret_length)
{
    OwnSite *own = own_of(site);
    if (!own->is_line_read && own->errand->line != NULL) {
        own->is_line_read = true;
        *ret_line = own->errand->line;
        *ret_length = strlen(*ret_line);
        return ERR_OK;
    }
    if (own->errand->input != NULL) {
        return lines_next(cx, own->lines, ret_line, ret_length);
    }
    *ret_line = NULL;
    *ret_length = 0;
    return ERR_OK;
}

static bool own_has_line(Site *site)
{
    OwnSite *own = own_of(site);
    return own->lines->data == NULL || lines_has_next(own->lines);
}

static void own_say(Site *site, SiteStream stream, const char *text, size_t length)
{
    sink_say(own_of(site)->sink, stream, text, length);
}

static const char *own_option(const Site *site, const char *name)
{
    const Errand *errand = ((const OwnSite *)(const void *)site)->errand;
    for (size_t i = 0; i < errand->option_count; i++) {
        if (strcmp(errand->options[i].name, name) == 0) {
            return errand->options[i].value;
        }
    }
    return NULL;
}

static Err own_open(Ctx *cx, const Errand *errand)
{
    DbOptions how = {.mode = errand->is_write ? DB_WRITE : DB_READ};
    return store_open(cx, errand->url, &how);
}

/* Another connection for one that ended: to the same database, with all that was written. */
static Err own_connect(Ctx *cx, OwnSite *own)
{
    if (cx->db != NULL && !db_is_gone(cx->db)) {
        return ERR_OK;
    }
    store_close(cx);
    TRY(own_open(cx, own->errand));
    Err err = fence_check(cx, &own->fence);
    if (err != ERR_OK) {
        store_close(cx);
    }
    return err;
}

static Err own_work(Ctx *cx, Site *site, bool is_write, SiteWork work, void *user)
{
    OwnSite *own = own_of(site);
    ASSERT(own->errand->is_write || !is_write);
    cx->now_ms = os_now_ms();
    TRY(own_connect(cx, own));
    TRY(work(cx, user));
    if (cx->batch != NULL && cx->batch->op_id != 0) {
        fence_note(&own->fence, cx->batch->op_id, cx->batch->op_account);
    }
    if (is_write && !db_checkpoint(cx->db, false)) {
        return err_set(cx, ERR_STORE, NULL,
            "The database's log cannot be written into its file; what was answered is in the log. "
            "See to the disk, then run it again.");
    }
    return ERR_OK;
}

static const SiteKind own_kind = {
    own_line, own_has_line, own_say, own_option, own_work, LIMIT_BATCH_WRITES, true, false, true};
static const SiteKind own_shared_kind = {
    own_line, own_has_line, own_say, own_option, own_work, SITE_SLICE_SHARED, true, true, false};

static Err own_run(Ctx *cx, const Errand *errand, Lines *lines, Sink *sink, int *ret_exit)
{
    bool is_shared = !db_is_file(errand->url);
    OwnSite own = {.site = {is_shared ? &own_shared_kind : &own_kind},
        .errand = errand,
        .lines = lines,
        .sink = sink};
    TRY(own_open(cx, errand));
    cx->today = errand->today;
    cx->actor = &actor_system;
    Err code = fence_start(cx, NULL, &own.fence);
    if (code == ERR_OK && is_shared) {
        code = fence_check_uuid(cx, &own.fence);
    }
    if (code == ERR_OK && cx->today == DATE_NONE) {
        code = store_today(cx, &cx->today);
    }
    if (code == ERR_OK) {
        code = errand->command->run(cx, &own.site, ret_exit);
    }
    fence_end(&own.fence);
    store_close(cx);
    return code;
}

/* ---- Who holds it ---- */

/* What a server wrote: two lines, its address and its token. */
static bool server_read(Ctx *cx, const char *path, Server *ret_server)
{
    char *text = NULL;
    size_t size = 0;
    if (os_file_read(cx->arena, path, LOCK_TEXT_MAX, &text, &size) != OS_OK) {
        return false;
    }
    char *token = strchr(text, '\n');
    if (strncmp(text, "http", 4) != 0 || token == NULL) {
        return false;
    }
    *token++ = '\0';
    token[strcspn(token, "\n")] = '\0';
    *ret_server = (Server){.address = text, .token = token};
    return true;
}

static void lock_wait(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = LOCK_TRY_MS * 1000000L}, NULL);
}

static Err busy(Ctx *cx, const char *url)
{
    return err_set(cx, ERR_BUSY, NULL,
        "Another guanxi command is writing to %s; try again when it is done.", url);
}

static Err lock_refusal(Ctx *cx, const char *url, OsResult result)
{
    if (result == OS_MISSING) {
        return err_set(cx, ERR_DB_MISSING, NULL, "There is no folder for %s.", url);
    }
    if (result == OS_DENIED) {
        return err_set(cx, ERR_READ_ONLY, NULL,
            "You may not write %s.lock: %s. Run it as the user who owns the database's folder.",
            url, os_error_text());
    }
    return err_set(cx, ERR_STORE, NULL, "%s.lock cannot be locked: %s.", url, os_error_text());
}

/* One attempt: the lock, or the server that has it. Neither: somebody else has it. */
typedef struct Holder {
    OsLock lock;
    Server server;
} Holder;

static void holder_free(Holder *holder)
{
    if (holder->lock.fd >= 0) {
        os_lock_free(&holder->lock);
    }
}

static const char *lock_path(Ctx *cx, const char *url)
{
    return arena_printf(cx->arena, "%s.lock", url);
}

/* Lock and log are named after the file, so under another name it would have others. */
static Err names_check(Ctx *cx, const char *url)
{
    size_t names = file_names(url);
    if (names <= 1) {
        return ERR_OK;
    }
    return err_set(cx, ERR_DB_DAMAGED, NULL,
        "%s has %zu names (hard links); two guanxi could write to it at once without knowing of "
        "each other. `find … -samefile %s` finds them: remove all but one.",
        url, names, url);
}

static Err holder_find(Ctx *cx, const char *url, Holder *ret_holder)
{
    *ret_holder = (Holder){.lock = {.fd = -1}};
    const char *path = lock_path(cx, url);
    OsResult result = os_lock_take(path, &ret_holder->lock);
    if (result == OS_BUSY) {
        (void)server_read(cx, path, &ret_holder->server);
        return ERR_OK;
    }
    if (result == OS_OK) {
        result = os_lock_write(&ret_holder->lock, "");
    }
    return result == OS_OK ? ERR_OK : lock_refusal(cx, url, result);
}

Err errand_lock(Ctx *cx, const char *url, OsLock *ret_lock)
{
    *ret_lock = (OsLock){.fd = -1};
    if (!db_is_file(url)) {
        return ERR_OK; /* its server lets transactions wait for each other */
    }
    TRY(names_check(cx, url));
    int64_t deadline = os_monotonic_us() + LOCK_WAIT_US;
    for (;;) {
        Holder holder;
        TRY(holder_find(cx, url, &holder));
        if (holder.lock.fd >= 0) {
            *ret_lock = holder.lock;
            return ERR_OK;
        }
        if (holder.server.address != NULL) {
            return err_set(cx, ERR_BUSY, NULL,
                "The server at %s has the database %s; stop it first.", holder.server.address, url);
        }
        if (os_monotonic_us() > deadline) {
            return busy(cx, url);
        }
        lock_wait();
    }
}

void errand_unlock(Ctx *cx, const char *url, OsLock *lock)
{
    if (lock->fd < 0) {
        return;
    }
    if (file_kind(url) == FILE_MISSING) {
        os_lock_remove(lock, lock_path(cx, url));
    } else {
        os_lock_free(lock);
    }
}

/* A read needs no lock, and none may hinder it: beside another command it reads the file itself. */
static Err read_run(Ctx *cx, const Errand *errand, Lines *lines, Sink *sink, int *ret_exit)
{
    Holder holder;
    if (holder_find(cx, errand->url, &holder) != ERR_OK) {
        err_clear(cx);
    }
    holder_free(&holder);
    if (holder.server.address != NULL) {
        int code = CLIENT_NOBODY;
        TRY(client_run(cx, &holder.server, errand, lines, sink, &code));
        if (code != CLIENT_NOBODY) {
            *ret_exit = code;
            return ERR_OK;
        }
    }
    return own_run(cx, errand, lines, sink, ret_exit);
}

/* A server that is starting or stopping has the lock and does not listen: that passes. */
static Err write_run(Ctx *cx, const Errand *errand, Lines *lines, Sink *sink, int *ret_exit)
{
    TRY(names_check(cx, errand->url));
    int64_t deadline = os_monotonic_us() + LOCK_WAIT_US;
    for (;;) {
        CLEANUP(holder_free) Holder holder = {.lock = {.fd = -1}};
        TRY(holder_find(cx, errand->url, &holder));
        if (holder.lock.fd >= 0) {
            return own_run(cx, errand, lines, sink, ret_exit);
        }
        int code = CLIENT_NOBODY;
        if (holder.server.address != NULL) {
            TRY(client_run(cx, &holder.server, errand, lines, sink, &code));
        }
        if (code != CLIENT_NOBODY) {
            *ret_exit = code;
            return ERR_OK;
        }
        if (os_monotonic_us() > deadline) {
            return busy(cx, errand->url);
        }
        lock_wait();
    }
}

Err errand_database(Ctx *cx, const char *url)
{
    if (!db_is_file(url) || os_file_exists(url)) {
        return ERR_OK;
    }
    return err_set(cx, ERR_DB_MISSING, NULL,
        "There is no database at %s; make one with `guanxi --db %s init`, or name another with "
        "--db.",
        url, url);
}

Err errand_run(Ctx *cx, const Errand *errand, int *ret_exit)
{
    TRY(errand_database(cx, errand->url));
    CLEANUP(lines_close) Lines lines = {0};
    if (errand->input != NULL) {
        TRY(lines_open(cx, errand->input, &lines));
    }
    Sink sink = {.refused_path = errand->refused_path};
    Err code = !db_is_file(errand->url) ? own_run(cx, errand, &lines, &sink, ret_exit)
               : errand->is_write       ? write_run(cx, errand, &lines, &sink, ret_exit)
                                        : read_run(cx, errand, &lines, &sink, ret_exit);
    Err closed = code == ERR_OK ? sink_close(cx, &sink) : ERR_OK;
    if (code != ERR_OK && sink.refused != NULL) {
        (void)fclose(sink.refused);
    }
    return code != ERR_OK ? code : closed;
}
