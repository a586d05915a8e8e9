/* Commands that set a database up: init, migrate, user add, token add; and serve and openapi. */
#include "base/json.h"
#include "base/limits.h"
#include "base/money.h"
#include "base/os.h"
#include "edge/call.h"
#include "edge/http.h"
#include "edge/beside.h"
#include "op/describe.h"
#include "op/store.h"

#include <string.h>
#include <unistd.h>

/* ---- init and migrate ---- */

static void text_member(json_t *members, const char *name, const char *value)
{
    if (value != NULL) {
        (void)json_object_set_new(members, name, json_string(value));
    }
}

/* The first operation of every database. */
static Err org_init_run(Cli *cli)
{
    CLEANUP(json_value_free) json_t *members = json_object();
    text_member(members, "currency", cli_option(cli, "currency"));
    text_member(members, "timezone", cli_option(cli, "timezone"));
    (void)json_object_set_new(members, "is_solo", json_boolean(cli_option(cli, "solo") != NULL));
    const Op *op = op_by_name("org_init");
    ASSERT(op != NULL);
    Ctx *cx = cli->cx;
    cx->actor = &actor_system;
    cx->today = cli->today != DATE_NONE ? cli->today : date_of_instant(cx->now_ms, 0);
    Reply reply = {0};
    run_call_again(cx, &(Call){.op = op, .members = members}, &reply);
    return cx->err.code;
}

Err cli_distribute(Cli *cli, bool *ret_is_spread)
{
    const char *how = cli_option(cli, "distribute");
    *ret_is_spread = how != NULL;
    if (how != NULL && strcmp(how, "citus") != 0) {
        return err_set(cli->cx, ERR_USAGE, "distribute",
            "--distribute takes citus: no other way is known of spreading tables over nodes.");
    }
    return ERR_OK;
}

static Err database_found(Cli *cli)
{
    bool is_spread = false;
    TRY(cli_distribute(cli, &is_spread));
    TRY(store_found(cli->cx, cli->url));
    Err code = org_init_run(cli);
    code = code == ERR_OK && is_spread ? db_spread(cli->cx) : code;
    if (code != ERR_OK) {
        store_discard(cli->cx);
        return code;
    }
    return store_publish(cli->cx);
}

Err cli_init(Cli *cli, int *ret_exit)
{
    (void)ret_exit;
    Ctx *cx = cli->cx;
    if (db_is_file(cli->url) && os_file_exists(cli->url)) {
        return err_set(cx, ERR_STATE, NULL,
            "%s exists already; it is left as it is. Name another with --db.", cli->url);
    }
    OsLock lock;
    TRY(errand_lock(cx, cli->url, &lock));
    Err code = database_found(cli);
    errand_unlock(cx, cli->url, &lock);
    TRY(code);
    cli_done(cli, "database", db_shown(cx->arena, cli->url), "is ready");
    return ERR_OK;
}

Err cli_migrate(Cli *cli, int *ret_exit)
{
    (void)ret_exit;
    TRY(errand_database(cli->cx, cli->url));
    OsLock lock;
    TRY(errand_lock(cli->cx, cli->url, &lock));
    Err code = store_open(cli->cx, cli->url, &(DbOptions){.mode = DB_WRITE, .migrate = true});
    if (code == ERR_OK) {
        store_close(cli->cx);
    }
    errand_unlock(cli->cx, cli->url, &lock);
    TRY(code);
    cli_done(cli, "database", db_shown(cli->cx->arena, cli->url), "has this program's schema");
    return ERR_OK;
}

/* ---- Users and tokens ---- */

/* The first line of the file. */
static Err password_read(Ctx *cx, const char *path, const char **ret_password)
{
    char *text = NULL;
    size_t size = 0;
    OsResult result = os_file_read(cx->arena, path, LIMIT_TEXT_BYTES, &text, &size);
    if (result != OS_OK) {
        return err_set(cx, ERR_USAGE, NULL, "The password file %s cannot be read: %s.", path,
            result == OS_TOO_LARGE ? "it is too long" : os_error_text());
    }
    text[strcspn(text, "\r\n")] = '\0';
    if (text[0] == '\0') {
        return err_set(
            cx, ERR_USAGE, NULL, "The first line of the password file %s is empty.", path);
    }
    *ret_password = text;
    return ERR_OK;
}

static json_t *territories(const Cli *cli)
{
    json_t *list = json_array();
    for (size_t i = 0; i < cli->option_count; i++) {
        if (strcmp(cli->options[i].name, "territory") == 0) {
            (void)json_array_append_new(list, json_string(cli->options[i].value));
        }
    }
    return list;
}

static Err user_members(Cli *cli, json_t *members)
{
    const char *path = cli_option(cli, "password-file");
    if (path != NULL) {
        const char *password = NULL;
        TRY(password_read(cli->cx, path, &password));
        text_member(members, "password", password);
    }
    text_member(members, "name", cli->args[0]);
    text_member(members, "role", cli_option(cli, "role"));
    text_member(members, "partner", cli_option(cli, "partner"));
    text_member(members, "reports_to", cli_option(cli, "reports-to"));
    if (cli_option(cli, "territory") != NULL) {
        (void)json_object_set_new(members, "territories", territories(cli));
    }
    return ERR_OK;
}

Err cli_user_add(Cli *cli, int *ret_exit)
{
    if (cli_option(cli, "role") == NULL) {
        return err_set(cli->cx, ERR_USAGE, NULL,
            "guanxi user add needs --role; see `guanxi user add --help`.");
    }
    CLEANUP(json_value_free) json_t *members = json_object();
    TRY(user_members(cli, members));
    const Op *op = NULL;
    TRY(call_op(cli->cx, "user_create", &op));
    return call_run(cli, op, members, NULL, ret_exit);
}

Err cli_token_add(Cli *cli, int *ret_exit)
{
    CLEANUP(json_value_free) json_t *members = json_object();
    text_member(members, "user", cli->args[0]);
    const Op *op = NULL;
    TRY(call_op(cli->cx, "token_create", &op));
    return call_run(cli, op, members, "token", ret_exit);
}

/* ---- The server and what it offers ---- */

/* More than a person, or a feed that waits for its answers, sends: who sends more has run wild. */
enum { REQUESTS_DEFAULT = 500, REQUESTS_MAX = 100000 };

/* Left as it is when the option is absent. */
static Err number_option(const Cli *cli, const char *name, int most, int *number)
{
    const char *text = cli_option(cli, name);
    int64_t given = 0;
    if (text == NULL) {
        return ERR_OK;
    }
    if (!integer_parse(text, &given) || given < 0 || given > most) {
        return err_set(cli->cx, ERR_USAGE, NULL, "--%s takes a number up to %d.", name, most);
    }
    *number = (int)given;
    return ERR_OK;
}

Err cli_serve(Cli *cli, int *ret_exit)
{
    (void)ret_exit;
    const char *listen = cli_option(cli, "listen");
    int per_address = 0;
    int requests = REQUESTS_DEFAULT;
    TRY(number_option(cli, "per-address", LIMIT_CONNECTIONS, &per_address));
    TRY(number_option(cli, "requests-per-second", REQUESTS_MAX, &requests));
    HttpOptions options = {
        .listen = listen != NULL ? listen : "127.0.0.1:8080",
        .url = cli->url,
        .today = cli->today,
        .tls_cert = cli_option(cli, "tls-cert"),
        .tls_key = cli_option(cli, "tls-key"),
        .local_file = cli_option(cli, "local-file"),
        .per_address = per_address,
        .requests_per_second = requests,
        .local = beside_commands,
    };
    return http_serve(cli->cx, &options);
}

Err cli_openapi(Cli *cli, int *ret_exit)
{
    (void)ret_exit;
    Buf out = buf_in(cli->cx->arena);
    describe_openapi(&out);
    (void)fwrite(out.data, 1, out.length, stdout);
    (void)fputc('\n', stdout);
    return ERR_OK;
}
