/* The command line. */
#include "edge/cli.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/os.h"
#include "base/text.h"
#include "op/run.h"

#include <signal.h>
#include <string.h>

static Err cli_option_add(Cli *cli, const char *name, const char *value);

/* ---- The table ---- */

static const CliOption global_options[] = {
    {"db", "URL", "the database: a file, or postgresql://… (default: $GUANXI_DB, else guanxi.db)"},
    {"today", "DATE", "the business date of this call (default: the organisation's local date)"},
    {"as", "USER", "act as this user (default: the system)"},
    {"json", NULL, "print JSON, refusals as problem documents on standard output"},
    {"verbose", NULL, "also say what the system itself said, on standard error"},
    {"help", NULL, "print help"},
    {0},
};

#define DISTRIBUTE_OPTION                                                                          \
    {                                                                                              \
        "distribute", "citus", "spread the accounts over the nodes of a PostgreSQL with citus"     \
    }
static const CliOption init_options[] = {
    {"currency", "CUR", "the home currency (default: that of the first account)"},
    {"timezone", "ZONE",
        "the zone whose calendar gives the business date, e.g. Asia/Shanghai (default: UTC)"},
    {"solo", NULL, "one person runs the firm: no second pair of eyes is asked for"},
    DISTRIBUTE_OPTION,
    {0},
};
static const CliOption user_options[] = {
    {"role", "ROLE", "admin, manager, sales, credit, collections, finance, viewer or partner"},
    {"password-file", "FILE",
        "its first line is the password; without it the user has tokens only"},
    {"partner", "PARTNER", "the partner that a user of role partner belongs to"},
    {"territory", "TERRITORY", "a territory the user sees; may be given several times"},
    {"reports-to", "NAME", "the user's superior"},
    {0},
};
static const CliOption serve_options[] = {
    {"listen", "HOST:PORT", "where to listen (default: 127.0.0.1:8080); port 0 picks a free one"},
    {"tls-cert", "FILE", "certificate chain, PEM"},
    {"tls-key", "FILE", "its private key, PEM"},
    {"requests-per-second", "N",
        "requests taken from one caller elsewhere, 0: any number (default: 500)"},
    {"local-file", "FILE",
        "write the address there, and a token that acts as the system, for programs of this user "
        "(with a database file it is FILE.lock)"},
    {"per-address", "N", "connections taken from one address (default: 64; loopback: any number)"},
    {0},
};
static const CliOption do_options[] = {
    {"key", "KEY", "idempotency key: a repeat with the same key does nothing and answers the same"},
    {"if-match", "VERSION", "change or act on the record only while it has this version"},
    {0},
};
static const CliOption journal_options[] = {
    {"continue", NULL, "go on after a line that is refused or differs"},
    {0},
};
static const CliOption import_options[] = {
    {"map", "FILE", "which columns are which fields (default: columns are named like the fields)"},
    {"dry-run", NULL, "book nothing, but say what would be booked and what refused"},
    {"undo", "RUN",
        "take back what an earlier import made, as `guanxi do import_run_list` names it"},
    {"reason", "TEXT", "with --undo: what each document says of why it was taken back"},
    {"rows", NULL, "with --undo and --json: a line for each record"},
    {0},
};
static const CliOption copy_options[] = {
    DISTRIBUTE_OPTION,
    {0},
};
static const CliOption restore_options[] = {
    {"replace", NULL,
        "take the place of the present database, which is kept as FILE.before-restore"},
    {0},
};

static Err cli_help(Cli *cli, int *ret_exit);

static const CliCommand commands[] = {
    {"init", "", "make a new, empty database", 0, 0, .options = init_options, .run = cli_init},
    {"migrate", "", "bring a database up to this program's schema", 0, 0, .run = cli_migrate},
    {"user add", "NAME", "add a user", 1, 1, .options = user_options, .run = cli_user_add},
    {"token add", "USER", "print a new bearer token of a user, once", 1, 1, .run = cli_token_add},
    {"serve", "", "serve the API and the web interface until SIGTERM", 0, 0,
        .options = serve_options, .has_log = true, .run = cli_serve},
    {"do", "OPERATION [JSON or -] [--MEMBER VALUE]...", "run one operation", 1, 2,
        .options = do_options, .takes_members = true, .run = cli_do},
    {"journal", "FILE", "run a file of operations, one JSON object a line (- for standard input)",
        1, 1, .options = journal_options, .run = cli_journal},
    {"import", "WHAT FILE", "import a CSV of invoices, payments, orders, partners, products, ...",
        0, 2, .options = import_options, .run = cli_import},
    {"doctor", "", "check every invariant; a line for each that fails", 0, 0, .run = cli_doctor},
    {"rebuild", "", "make everything derived again", 0, 0, .run = cli_rebuild},
    {"backup", "FILE", "a consistent, checked copy, also while a server runs", 1, 1,
        .run = cli_backup},
    {"restore", "FILE", "check a backup and put it in the database's place", 1, 1,
        .options = restore_options, .run = cli_restore},
    {"copy", "FROM TO", "copy a whole database into a new one, proved row by row", 2, 2,
        .options = copy_options, .run = cli_copy},
    {"demo", "", "fill an empty database with the demonstration: three years of trade", 0, 0,
        .run = cli_demo},
    {"openapi", "", "print the OpenAPI document", 0, 0, .run = cli_openapi},
    {"help", "[COMMAND or OPERATION]", "print help", 0, 2, .run = cli_help},
};

static const CliOption *option_in(const CliOption *options, const char *name, size_t length)
{
    for (; options != NULL && options->name != NULL; options++) {
        if (strlen(options->name) == length && strncmp(options->name, name, length) == 0) {
            return options;
        }
    }
    return NULL;
}

/* The command that `words` begin with; *ret_used tells how many of them are its name. */
static const CliCommand *command_find(const char *const *words, size_t count, size_t *ret_used)
{
    for (size_t i = 0; i < COUNT(commands); i++) {
        const char *name = commands[i].name;
        const char *blank = strchr(name, ' ');
        size_t first = blank == NULL ? strlen(name) : (size_t)(blank - name);
        if (count == 0 || strlen(words[0]) != first || strncmp(words[0], name, first) != 0) {
            continue;
        }
        if (blank == NULL || (count > 1 && strcmp(words[1], blank + 1) == 0)) {
            *ret_used = blank == NULL ? 1 : 2;
            return &commands[i];
        }
    }
    return NULL;
}

/* ---- Help ---- */

static void options_print(FILE *out, const CliOption *options)
{
    for (; options != NULL && options->name != NULL; options++) {
        int width = fprintf(out, "  --%s%s%s", options->name, options->value ? " " : "",
            options->value ? options->value : "");
        fprintf(out, "%*s%s\n", width < 28 ? 28 - width : 1, "", options->doc);
    }
}

static void usage_print(FILE *out)
{
    fputs("usage: guanxi COMMAND [ARGUMENT]... [OPTION]...\n\n", out);
    for (size_t i = 0; i < COUNT(commands); i++) {
        const CliCommand *command = &commands[i];
        int width = fprintf(out, "  %s %s", command->name,
            strcmp(command->name, "do") == 0 ? "OPERATION [JSON or -]" : command->args);
        fprintf(out, "%*s%s\n", width < 32 ? 32 - width : 1, "", command->doc);
    }
    fputs("\nOptions of every command, in any place:\n", out);
    options_print(out, global_options);
    fputs("\n`guanxi COMMAND --help` tells the options of a command, `guanxi do --help` lists the "
          "operations,\n`guanxi do OPERATION --help` tells the members of one.\n\n"
          "Exit codes: 0 done (also when held or pending), 1 refused, 2 wrong usage, 3 the system "
          "failed or\n"
          "the database is missing, damaged, newer or busy.\n",
        out);
}

static void command_usage_print(FILE *out, const CliCommand *command)
{
    fprintf(out, "usage: guanxi %s%s%s%s\n\n  %s\n", command->name, command->args[0] ? " " : "",
        command->args, command->options ? " [OPTION]..." : "", command->doc);
    if (command->options != NULL) {
        fputs("\n", out);
        options_print(out, command->options);
    }
    fputs("\nOptions of every command:\n", out);
    options_print(out, global_options);
}

static Err cli_help(Cli *cli, int *ret_exit)
{
    size_t used = 0;
    const CliCommand *command = command_find(cli->args, cli->arg_count, &used);
    if (command != NULL) {
        command_usage_print(stdout, command);
        return ERR_OK;
    }
    if (cli->arg_count > 0 && op_by_name(cli->args[0]) != NULL) {
        TRY(cli_option_add(cli, "help", ""));
        return cli_do(cli, ret_exit);
    }
    if (cli->arg_count > 0) {
        return err_set(cli->cx, ERR_USAGE, NULL,
            "There is no command %s; `guanxi help` lists them, and `guanxi do --help` the "
            "operations.",
            cli->args[0]);
    }
    usage_print(stdout);
    return ERR_OK;
}

/* ---- Reading the call ---- */

const char *cli_option(const Cli *cli, const char *name)
{
    const char *value = NULL;
    for (size_t i = 0; i < cli->option_count; i++) {
        if (strcmp(cli->options[i].name, name) == 0) {
            value = cli->options[i].value;
        }
    }
    return value;
}

/* The words of a call with a place in them. */
typedef struct Words {
    const char **items;
    size_t count;
    size_t at;
} Words;

/* The value of the option at words->at: behind its `=`, or the next word. */
static Err value_take(Cli *cli, Words *words, const char *equals, const char **ret_value)
{
    if (equals != NULL) {
        *ret_value = equals + 1;
        return ERR_OK;
    }
    if (words->at + 1 >= words->count) {
        return err_set(cli->cx, ERR_USAGE, NULL, "%s needs a value.", words->items[words->at]);
    }
    *ret_value = words->items[++words->at];
    return ERR_OK;
}

static Err cli_option_add(Cli *cli, const char *name, const char *value)
{
    if (cli->option_count == CLI_ARGS_MAX) {
        return err_set(cli->cx, ERR_USAGE, NULL, "More than %d options.", (int)CLI_ARGS_MAX);
    }
    cli->options[cli->option_count++] = (SiteOption){name, value};
    return ERR_OK;
}

static Err global_set(Cli *cli, const char *name, const char *value)
{
    if (strcmp(name, "db") == 0) {
        cli->url = value;
        return value[0] != '\0' ? ERR_OK : err_set(cli->cx, ERR_USAGE, NULL, "--db needs a file.");
    }
    if (strcmp(name, "as") == 0) {
        cli->as = value;
        return ERR_OK;
    }
    if (strcmp(name, "json") == 0) {
        cli->is_json = true;
        return ERR_OK;
    }
    if (strcmp(name, "verbose") == 0) {
        cli->is_verbose = true;
        return ERR_OK;
    }
    if (strcmp(name, "help") == 0) {
        return cli_option_add(cli, "help", "");
    }
    ASSERT(strcmp(name, "today") == 0);
    if (!date_parse(value, &cli->today)) {
        return err_set(cli->cx, ERR_USAGE, NULL,
            "--today takes an existing day, 1900-01-01 to 2199-12-31, as YYYY-MM-DD, not \"%s\".",
            value);
    }
    return ERR_OK;
}

/* Takes the global options out of the words, up to a `--`; what is left is for the command. */
static Err globals_take(Cli *cli, Words *words)
{
    size_t kept = 0;
    bool is_rest = false;
    for (words->at = 0; words->at < words->count; words->at++) {
        const char *word = words->items[words->at];
        is_rest = is_rest || strcmp(word, "--") == 0;
        if (!is_rest && strcmp(word, "-h") == 0) {
            word = "--help";
        }
        const char *equals = strchr(word, '=');
        size_t length = strncmp(word, "--", 2) != 0 ? 0
                        : equals                    ? (size_t)(equals - word - 2)
                                                    : strlen(word + 2);
        const CliOption *option =
            is_rest || length == 0 ? NULL : option_in(global_options, word + 2, length);
        if (option == NULL) {
            words->items[kept++] = word;
            continue;
        }
        const char *value = "";
        if (option->value != NULL) {
            TRY(value_take(cli, words, equals, &value));
        }
        TRY(global_set(cli, option->name, value));
    }
    words->count = kept;
    return ERR_OK;
}

/* One option of the command, or a member of an operation. */
static Err option_take(Cli *cli, const CliCommand *command, Words *words)
{
    const char *word = words->items[words->at];
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word - 2) : strlen(word + 2);
    const CliOption *option = option_in(command->options, word + 2, length);
    if (option == NULL && !command->takes_members) {
        return err_set(cli->cx, ERR_USAGE, NULL,
            "guanxi %s does not know %.*s; see `guanxi %s --help`.", command->name, (int)length + 2,
            word, command->name);
    }
    if (option != NULL && option->value == NULL) {
        return equals == NULL
                   ? cli_option_add(cli, option->name, "")
                   : err_set(cli->cx, ERR_USAGE, NULL, "--%s takes no value.", option->name);
    }
    const char *name = option != NULL ? option->name : arena_copy(cli->cx->arena, word, length + 2);
    const char *value = NULL;
    TRY(value_take(cli, words, equals, &value));
    return cli_option_add(cli, name, value);
}

static Err command_take(Cli *cli, const CliCommand *command, Words *words)
{
    bool is_rest = false;
    for (; words->at < words->count; words->at++) {
        const char *word = words->items[words->at];
        if (!is_rest && strcmp(word, "--") == 0) {
            is_rest = true;
        } else if (!is_rest && strncmp(word, "--", 2) == 0) {
            TRY(option_take(cli, command, words));
        } else if (!is_rest && word[0] == '-' && word[1] != '\0') {
            return err_set(cli->cx, ERR_USAGE, NULL, "There is no option %s.", word);
        } else if (word[0] == '\0') {
            return err_set(cli->cx, ERR_USAGE, NULL,
                "An argument is empty; see `guanxi %s --help`.", command->name);
        } else if (cli->arg_count == command->args_max) {
            return err_set(cli->cx, ERR_USAGE, NULL, "\"%s\" is too much; see `guanxi %s --help`.",
                word, command->name);
        } else {
            cli->args[cli->arg_count++] = word;
        }
    }
    if (cli->arg_count < command->args_min && cli_option(cli, "help") == NULL) {
        return err_set(cli->cx, ERR_USAGE, NULL, "guanxi %s needs %s; see `guanxi %s --help`.",
            command->name, command->args, command->name);
    }
    return ERR_OK;
}

static Err call_read(Cli *cli, Words *words, const CliCommand **ret_command)
{
    TRY(globals_take(cli, words));
    size_t used = 0;
    const CliCommand *command = command_find(words->items, words->count, &used);
    if (command == NULL && words->count > 0) {
        return err_set(cli->cx, ERR_USAGE, NULL,
            "There is no command %s; `guanxi help` lists them.", words->items[0]);
    }
    if (command == NULL) {
        *ret_command = NULL;
        return ERR_OK;
    }
    words->at = used;
    TRY(command_take(cli, command, words));
    *ret_command = command;
    return ERR_OK;
}

/* ---- Running it ---- */

Err cli_errand(Cli *cli, Errand *errand, int *ret_exit)
{
    errand->url = cli->url;
    errand->today = cli->today;
    if (cli->as != NULL) {
        TRY(cli_option_add(cli, "as", cli->as));
    }
    if (cli->is_json) {
        TRY(cli_option_add(cli, "json", ""));
    }
    errand->options = cli->options;
    errand->option_count = cli->option_count;
    return errand_run(cli->cx, errand, ret_exit);
}

void cli_done(const Cli *cli, const char *name, const char *value, const char *became)
{
    if (!cli->is_json) {
        printf("%s %s\n", value, became);
        return;
    }
    Buf out = buf_in(cli->cx->arena);
    JsonWriter writer = json_writer(&out);
    json_open(&writer, '{');
    json_key(&writer, name);
    json_put_string(&writer, value);
    json_close(&writer, '}');
    puts(buf_text(&out));
}

static Err words_run(Cli *cli, Words *words, int *ret_exit)
{
    const CliCommand *command = NULL;
    TRY(call_read(cli, words, &command));
    bool wants_help = cli_option(cli, "help") != NULL;
    if (command == NULL) {
        usage_print(wants_help ? stdout : stderr);
        *ret_exit = wants_help ? 0 : 2;
        return ERR_OK;
    }
    if (wants_help && !command->takes_members) {
        command_usage_print(stdout, command);
        return ERR_OK;
    }
    cli->url = file_behind(cli->cx->arena, cli->url);
    log_level_set(cli->is_verbose ? LOG_DEBUG : command->has_log ? LOG_INFO : LOG_NONE);
    return command->run(cli, ret_exit);
}

/* Without a field: `ERR_CODE: sentence`. The sentence may quote what came from outside. */
static void refusal_line(Arena *arena, Err code, const char *field, const char *detail)
{
    const char *text = arena_printf(
        arena, "%s%s%s: %s\n", err_name(code), field ? " " : "", field ? field : "", detail);
    text_show(stderr, text, strlen(text));
}

static void refusal_print(Ctx *cx)
{
    const Error *error = &cx->err;
    refusal_line(cx->arena, error->code, error->field, error->detail);
    for (size_t i = 1; i < error->field_count; i++) {
        const FieldError *more = &error->fields[i];
        refusal_line(cx->arena, more->code, more->field, more->detail);
    }
}

static int finish(Cli *cli, Err code, int exit_code)
{
    if (code != ERR_OK && cli->is_json) {
        Reply reply = {0};
        run_problem(cli->cx, &reply);
        puts(reply.body);
    } else if (code != ERR_OK) {
        refusal_print(cli->cx);
    }
    if (code != ERR_OK) {
        exit_code = err_exit_code(code);
    }
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        fprintf(stderr, "ERR_STORE: The output cannot be written: %s.\n", os_error_text());
        return 3;
    }
    return exit_code;
}

int cli_main(int argc, char **argv)
{
    /* A file size limit is a full disk to us: the write fails and is rolled back. */
    (void)signal(SIGXFSZ, SIG_IGN);
    CLEANUP(arena_free_at) Arena *arena = arena_new(LIMIT_ARENA_BYTES);
    Ctx cx = {.arena = arena, .now_ms = os_now_ms(), .request_id = "cli"};
    const char *url = getenv("GUANXI_DB");
    Cli cli = {.cx = &cx, .url = url != NULL && url[0] != '\0' ? url : "guanxi.db"};
    size_t count = argc > 1 ? (size_t)argc - 1 : 0;
    Words words = {.items = arena_array(arena, count, sizeof *words.items), .count = count};
    for (size_t i = 0; i < count; i++) {
        words.items[i] = argv[i + 1];
    }
    int exit_code = 0;
    Err code = words_run(&cli, &words, &exit_code);
    return finish(&cli, code, exit_code);
}
