/* The command line: options, the table of commands, help and exit codes. Each command is a function
 * below that gets its options parsed and answers with a refusal,
 * or with an exit code of its own. */
#ifndef GUANXI_EDGE_CLI_H
#define GUANXI_EDGE_CLI_H

#include "edge/errand.h"

#include <jansson.h>

typedef struct CliOption {
    const char *name;  /* without the dashes */
    const char *value; /* what stands for its value in the help; NULL: a switch */
    const char *doc;
} CliOption;

enum { CLI_ARGS_MAX = 64 };

/* A call as it was typed. Options that every command takes stand beside its own. */
typedef struct Cli {
    Ctx *cx;
    const char *url;
    Date today; /* DATE_NONE: not given */
    const char *as;
    bool is_json;
    bool is_verbose;
    const char *args[CLI_ARGS_MAX];
    size_t arg_count;
    SiteOption options[CLI_ARGS_MAX]; /* in the order given; a switch has the value "" */
    size_t option_count;
} Cli;

typedef struct CliCommand {
    const char *name; /* one or two words */
    const char *args; /* as the help shows them */
    const char *doc;
    size_t args_min;
    size_t args_max;
    const CliOption *options; /* last one zeroed; NULL: none */
    bool takes_members;       /* other options are members of an operation, whose help it prints */
    bool has_log;             /* runs for long and logs; others say one sentence */
    Err (*run)(Cli *cli, int *ret_exit);
} CliCommand;

/* The whole program: what main() answers. */
int cli_main(int argc, char **argv);

/* The last value given, NULL when absent. */
const char *cli_option(const Cli *cli, const char *name);

/* Commands, by file. */
Err cli_do(Cli *cli, int *ret_exit);       /* call.c */
Err cli_user_add(Cli *cli, int *ret_exit); /* setup.c */
Err cli_token_add(Cli *cli, int *ret_exit);
/* Whether the new database is to be spread over nodes. ERR_USAGE: by what nobody knows. */
Err cli_distribute(Cli *cli, bool *ret_is_spread) MUST_CHECK;

Err cli_init(Cli *cli, int *ret_exit);
Err cli_migrate(Cli *cli, int *ret_exit);
Err cli_serve(Cli *cli, int *ret_exit);
Err cli_openapi(Cli *cli, int *ret_exit);
Err cli_journal(Cli *cli, int *ret_exit); /* journal.c */
Err cli_import(Cli *cli, int *ret_exit);  /* import/command.c */
Err cli_demo(Cli *cli, int *ret_exit);    /* demo/demo.c */
Err cli_doctor(Cli *cli, int *ret_exit);  /* upkeep.c */
Err cli_rebuild(Cli *cli, int *ret_exit);
Err cli_copy(Cli *cli, int *ret_exit); /* copy.c */
Err cli_backup(Cli *cli, int *ret_exit);
Err cli_restore(Cli *cli, int *ret_exit);

/* The whole path: a server has a working folder of its own.
 * ERR_USAGE when there is no such folder. */
Err cli_path(Ctx *cx, const char *path, const char **ret_whole) MUST_CHECK;
/* Says that it is done: {"name":"value"} with --json, else the value and what became of it. */
void cli_done(const Cli *cli, const char *name, const char *value, const char *became);
/* Runs a site command for this call: database, date and --as come from it;
 * `errand` brings the rest. */
Err cli_errand(Cli *cli, Errand *errand, int *ret_exit) MUST_CHECK;

#endif
