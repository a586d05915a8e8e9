/* Commands of whoever runs the database. */
#include "edge/upkeep.h"

#include "base/file.h"
#include "edge/cli.h"
#include "op/store.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- doctor ---- */

typedef struct Doctor {
    Site *site;
    DoctorFigures figures;
} Doctor;

static void finding_say(void *user, const char *line)
{
    Doctor *doctor = user;
    site_say_text(doctor->site, SITE_OUT, line, strlen(line));
}

static Err doctor_work(Ctx *cx, void *user)
{
    Doctor *doctor = user;
    return doctor_run(cx, finding_say, doctor, &doctor->figures);
}

static Err doctor_at_site(Ctx *cx, Site *site, int *ret_exit)
{
    Doctor doctor = {.site = site};
    TRY(site_read(cx, site, doctor_work, &doctor));
    bool is_json = site_option(site, "json") != NULL;
    site_say(cx, site, SITE_OUT,
        is_json ? "{\"checks\":%" PRId64 ",\"findings\":%" PRId64 "}"
                : "doctor: %" PRId64 " checks, %" PRId64 " findings",
        doctor.figures.checks, doctor.figures.findings);
    *ret_exit = doctor.figures.findings > 0 ? 1 : 0;
    return ERR_OK;
}

const SiteCommand doctor_site = {"doctor", doctor_at_site};

Err cli_doctor(Cli *cli, int *ret_exit)
{
    return cli_errand(cli, &(Errand){.command = &doctor_site}, ret_exit);
}

/* ---- rebuild ---- */

static Err rebuild_work(Ctx *cx, void *user)
{
    return rebuild_run(cx, user);
}

static Err rebuild_at_site(Ctx *cx, Site *site, int *ret_exit)
{
    (void)ret_exit;
    int64_t tables = 0;
    TRY(site_write(cx, site, rebuild_work, &tables));
    bool is_json = site_option(site, "json") != NULL;
    site_say(cx, site, SITE_OUT,
        is_json ? "{\"tables\":%" PRId64 "}" : "rebuilt %" PRId64 " derived tables", tables);
    return ERR_OK;
}

const SiteCommand rebuild_site = {"rebuild", rebuild_at_site};

Err cli_rebuild(Cli *cli, int *ret_exit)
{
    return cli_errand(cli, &(Errand){.command = &rebuild_site, .is_write = true}, ret_exit);
}

/* ---- backup ---- */

static Err backup_work(Ctx *cx, void *user)
{
    const char *const *path = user;
    return db_backup(cx, *path);
}

/* On a reading connection: it copies one moment of the database, and no write waits for it. */
static Err backup_at_site(Ctx *cx, Site *site, int *ret_exit)
{
    (void)ret_exit;
    const char *path = site_option(site, "path");
    return site_read(cx, site, backup_work, &path);
}

const SiteCommand backup_site = {"backup", backup_at_site};

Err cli_path(Ctx *cx, const char *path, const char **ret_whole)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash == NULL   ? "."
                         : slash == path ? "/"
                                         : arena_copy(cx->arena, path, (size_t)(slash - path));
    char whole[PATH_MAX];
    if (realpath(folder, whole) == NULL) {
        return err_set(cx, ERR_USAGE, NULL, "There is no folder %s: %s.", folder, os_error_text());
    }
    *ret_whole = arena_printf(
        cx->arena, "%s/%s", strcmp(whole, "/") == 0 ? "" : whole, slash == NULL ? path : slash + 1);
    return ERR_OK;
}

Err cli_backup(Cli *cli, int *ret_exit)
{
    const char *path = NULL;
    TRY(cli_path(cli->cx, cli->args[0], &path));
    if (os_file_exists(path)) {
        return err_set(cli->cx, ERR_STATE, NULL, "%s exists already; name a new file.", path);
    }
    cli->options[cli->option_count++] = (SiteOption){"path", path};
    TRY(cli_errand(cli, &(Errand){.command = &backup_site}, ret_exit));
    cli_done(cli, "backup", path, "is a checked copy");
    return ERR_OK;
}

/* ---- restore ---- */

static void fault_print(void *user, const char *line)
{
    (void)user;
    fprintf(stderr, "%s\n", line);
}

/* The backup passes every check of doctor before anything is touched,
 * and so does the copy of it. */
static Err backup_copy(Ctx *cx, const char *from, const char *to)
{
    TRY(store_open(cx, from, &(DbOptions){.mode = DB_READ}));
    DoctorFigures figures = {0};
    Err code = doctor_run(cx, fault_print, NULL, &figures);
    if (code == ERR_OK && figures.findings > 0) {
        code = err_set(cx, ERR_DB_DAMAGED, NULL,
            "The backup %s has %" PRId64 " faults (above); nothing was restored.", from,
            figures.findings);
    }
    if (code == ERR_OK) {
        code = db_backup(cx, to);
    }
    store_close(cx);
    return code;
}

static Err move(Ctx *cx, const char *from, const char *to)
{
    if (rename(from, to) == 0) {
        return ERR_OK;
    }
    return err_set(
        cx, ERR_STORE, NULL, "%s cannot be renamed to %s: %s.", from, to, os_error_text());
}

/* The file and its log, which may hold what is not in the file yet. The file goes first: a log
 * that is left alone is refused by whoever would open a database there, a file without its log
 * would not be. */
static const char *const database_files[] = {"", "-wal", "-shm"};

static Err files_move(Ctx *cx, const char *from, const char *to, size_t *ret_moved)
{
    for (size_t i = 0; i < COUNT(database_files); i++) {
        const char *file = arena_printf(cx->arena, "%s%s", from, database_files[i]);
        if (os_file_exists(file)) {
            TRY(move(cx, file, arena_printf(cx->arena, "%s%s", to, database_files[i])));
        }
        *ret_moved = i + 1;
    }
    return ERR_OK;
}

/* After a move that failed: as it was, as far as that goes. */
static void files_move_back(Ctx *cx, const char *from, const char *to, size_t moved)
{
    while (moved-- > 0) {
        (void)rename(arena_printf(cx->arena, "%s%s", from, database_files[moved]),
            arena_printf(cx->arena, "%s%s", to, database_files[moved]));
    }
}

static Err database_replace(Ctx *cx, const char *fresh, const char *url, const char *kept)
{
    size_t moved = 0;
    Err refusal = files_move(cx, url, kept, &moved);
    if (refusal == ERR_OK && file_publish(fresh, url) != OS_OK) {
        refusal = err_set(
            cx, ERR_STORE, NULL, "%s cannot take the name %s: %s.", fresh, url, os_error_text());
    }
    if (refusal != ERR_OK) {
        files_move_back(cx, kept, url, moved);
    }
    return refusal;
}

static Err restore(Cli *cli, const char *from)
{
    Ctx *cx = cli->cx;
    bool is_present = os_file_exists(cli->url);
    const char *kept = arena_printf(cx->arena, "%s.before-restore", cli->url);
    if (is_present && cli_option(cli, "replace") == NULL) {
        return err_set(cx, ERR_STATE, NULL,
            "%s exists; with --replace the backup takes its place and it is kept as %s.", cli->url,
            kept);
    }
    if (is_present && os_file_exists(kept)) {
        return err_set(
            cx, ERR_STATE, NULL, "%s exists from an earlier restore; move it away first.", kept);
    }
    const char *fresh = arena_printf(cx->arena, "%s.restoring", cli->url);
    (void)unlink(fresh);
    TRY(backup_copy(cx, from, fresh));
    return database_replace(cx, fresh, cli->url, kept);
}

Err cli_restore(Cli *cli, int *ret_exit)
{
    (void)ret_exit;
    Ctx *cx = cli->cx;
    const char *from = cli->args[0];
    if (!db_is_file(cli->url)) {
        return err_set(cx, ERR_STATE, NULL,
            "A database on a server is restored there, with the server's own tools; `guanxi copy` "
            "brings a database file into it.");
    }
    if (!os_file_exists(from)) {
        return err_set(cx, ERR_DB_MISSING, NULL, "There is no backup at %s.", from);
    }
    OsLock lock;
    TRY(errand_lock(cx, cli->url, &lock));
    Err code = restore(cli, from);
    errand_unlock(cx, cli->url, &lock);
    TRY(code);
    cli_done(cli, "database", cli->url, "is restored");
    return ERR_OK;
}
