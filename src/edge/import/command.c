/* `guanxi import` as it is typed. */
#include "base/json.h"
#include "base/os.h"
#include "edge/cli.h"
#include "edge/import/import.h"
#include "edge/import/undo.h"
#include "op/store.h"

#include <string.h>
#include <unistd.h>

enum { MAPPING_BYTES = 64 * 1024 };

static Err map_read(Ctx *cx, const char *path, const char **ret_line)
{
    *ret_line = "{}";
    if (path == NULL) {
        return ERR_OK;
    }
    char *text = NULL;
    size_t size = 0;
    OsResult result = os_file_read(cx->arena, path, MAPPING_BYTES, &text, &size);
    if (result != OS_OK) {
        return err_set(cx, ERR_USAGE, NULL, "The mapping %s cannot be read: %s.", path,
            result == OS_TOO_LARGE ? "it is too long" : os_error_text());
    }
    CLEANUP(json_value_free) json_t *document = NULL;
    TRY(json_read(cx, text, size, &document));
    *ret_line = json_text(cx->arena, document);
    return ERR_OK;
}

static Err cli_undo(Cli *cli, int *ret_exit)
{
    if (cli->arg_count > 0) {
        return err_set(cli->cx, ERR_USAGE, NULL, "--undo takes no file.");
    }
    return cli_errand(cli, &(Errand){.command = &import_undo_site, .is_write = true}, ret_exit);
}

/* What it is called where it came from. */
static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strcmp(path, "-") == 0 ? NULL : slash == NULL ? path : slash + 1;
}

Err cli_import(Cli *cli, int *ret_exit)
{
    Ctx *cx = cli->cx;
    if (cli_option(cli, "undo") != NULL) {
        return cli_undo(cli, ret_exit);
    }
    if (cli->arg_count < 2) {
        return err_set(cx, ERR_USAGE, NULL, "Say what is imported, and the file.");
    }
    const char *path = cli->args[1];
    const char *map = NULL;
    TRY(map_read(cx, cli_option(cli, "map"), &map));
    bool is_dry = cli_option(cli, "dry-run") != NULL;
    const char *url = NULL;
    TRY(db_is_file(cli->url) ? cli_path(cx, cli->url, &url) : ERR_OK);
    url = url != NULL ? url : cli->url;
    cli->option_count = 0;
    cli->options[cli->option_count++] = (SiteOption){"what", cli->args[0]};
    if (file_name(path) != NULL) {
        cli->options[cli->option_count++] = (SiteOption){"file", file_name(path)};
    }
    if (is_dry) {
        const char *process = arena_printf(cx->arena, "%d", (int)getpid());
        const char *copy = import_copy(cx->arena, url, process);
        cli->options[cli->option_count++] = (SiteOption){"copy", copy};
    }
    Errand errand = {
        .command = &import_site,
        .input = path,
        .line = map,
        .is_write = !is_dry,
        .refused_path =
            arena_printf(cx->arena, "%s.refused.csv", strcmp(path, "-") == 0 ? "import" : path),
    };
    return cli_errand(cli, &errand, ret_exit);
}
