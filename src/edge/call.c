/* `guanxi do OPERATION`. */
#include "edge/call.h"

#include "base/json.h"
#include "base/limits.h"
#include "edge/member.h"
#include "op/describe.h"
#include "op/run.h"

#include <string.h>
#include <time.h>

/* ---- At the site of the database ---- */

typedef struct OneCall {
    Site *site;
    Call call;
    Reply reply;
} OneCall;

/* A refusal is in the reply, and in cx->err. */
static Err one_work(Ctx *cx, void *user)
{
    OneCall *one = user;
    const char *as = site_option(one->site, "as");
    if (as != NULL) {
        TRY(actor_by_name(cx, as, &cx->actor));
    }
    run_call_again(cx, &one->call, &one->reply);
    return ERR_OK;
}

/* ---- When the end of a COMMIT was not heard ---- */

enum { SETTLE_TRIES = 40, SETTLE_MS = 250 };

typedef struct Unheard {
    const Reply *reply; /* what the call would have answered */
    bool is_stored;
} Unheard;

static Err unheard_work(Ctx *cx, void *user)
{
    Unheard *unheard = user;
    return run_settle(cx, unheard->reply, &unheard->is_stored);
}

/* The call again on another connection, after its audit row was looked for there. While nobody can
 * be asked it stays refused, in words that tell that it may be stored. */
static Err unheard_settle(Ctx *cx, Site *site, OneCall *one)
{
    for (int i = 0; one->reply.unsure != NULL && i < SETTLE_TRIES; i++) {
        Error told = cx->err;
        Unheard unheard = {.reply = one->reply.unsure};
        err_clear(cx);
        if (site_write(cx, site, unheard_work, &unheard) != ERR_OK) {
            cx->err = told;
            (void)nanosleep(&(struct timespec){.tv_nsec = SETTLE_MS * 1000000L}, NULL);
        } else if (unheard.is_stored && !unheard.reply->is_more) {
            one->reply = *unheard.reply;
        } else {
            one->call.carried = unheard.is_stored ? unheard.reply->carried : one->call.carried;
            TRY(site_write(cx, site, one_work, one));
        }
    }
    return ERR_OK;
}

static Err one_say(Ctx *cx, const OneCall *one, int *ret_exit)
{
    if (cx->err.code != ERR_OK) {
        *ret_exit = err_exit_code(cx->err.code);
        return cx->err.code;
    }
    const char *shows = site_option(one->site, "shows");
    const char *text = one->reply.body;
    if (shows != NULL && site_option(one->site, "json") == NULL) {
        json_t *reply = json_loads(text, 0, NULL);
        text = arena_str(cx->arena, json_string_value(json_object_get(reply, shows)));
        json_decref(reply);
        ASSERT(text != NULL);
    }
    site_say_text(one->site, SITE_OUT, text, strlen(text));
    return ERR_OK;
}

static Err version_read(Ctx *cx, const char *text, int64_t *ret_version)
{
    char *end = NULL;
    long long version = text == NULL ? 0 : strtoll(text, &end, 10);
    if (text != NULL && (version <= 0 || *end != '\0')) {
        return err_set(
            cx, ERR_USAGE, NULL, "--if-match takes the version of the record, a whole number.");
    }
    *ret_version = version;
    return ERR_OK;
}

static Err call_at_site(Ctx *cx, Site *site, int *ret_exit)
{
    OneCall one = {.site = site};
    TRY(call_op(cx, site_option(site, "operation"), &one.call.op));
    TRY(version_read(cx, site_option(site, "if-match"), &one.call.if_match));
    one.call.key = site_option(site, "key");
    const char *text = NULL;
    size_t length = 0;
    TRY(site_line(cx, site, &text, &length));
    CLEANUP(json_value_free) json_t *members = NULL;
    TRY(json_read(cx, text != NULL ? text : "{}", text != NULL ? length : 2, &members));
    one.call.members = members;
    if (one.call.op->effect == EFFECT_READ) {
        TRY(site_read(cx, site, one_work, &one));
    } else {
        TRY(site_write(cx, site, one_work, &one));
        TRY(unheard_settle(cx, site, &one));
    }
    return one_say(cx, &one, ret_exit);
}

const SiteCommand call_site = {"do", call_at_site};

/* ---- In the process that was called ---- */

Err call_op(Ctx *cx, const char *name, const Op **ret_op)
{
    const Op *op = name == NULL ? NULL : op_by_name(name);
    if (op == NULL) {
        return err_set(cx, ERR_UNKNOWN_OPERATION, NULL,
            "There is no operation %s; `guanxi do --help` lists them.", name == NULL ? "" : name);
    }
    *ret_op = op;
    return ERR_OK;
}

Err call_run(Cli *cli, const Op *op, const json_t *members, const char *shows, int *ret_exit)
{
    const char *key = cli_option(cli, "key");
    const char *if_match = cli_option(cli, "if-match");
    int64_t version = 0;
    TRY(version_read(cli->cx, if_match, &version));
    cli->option_count = 0;
    cli->options[cli->option_count++] = (SiteOption){"operation", op->name};
    if (key != NULL) {
        cli->options[cli->option_count++] = (SiteOption){"key", key};
    }
    if (if_match != NULL) {
        cli->options[cli->option_count++] = (SiteOption){"if-match", if_match};
    }
    if (shows != NULL) {
        cli->options[cli->option_count++] = (SiteOption){"shows", shows};
    }
    Errand errand = {
        .command = &call_site,
        .line = json_text(cli->cx->arena, members),
        .is_write = op->effect != EFFECT_READ,
    };
    return cli_errand(cli, &errand, ret_exit);
}

/* Standard input as a whole. */
static Err stdin_read(Ctx *cx, const char **ret_text, size_t *ret_length)
{
    char *text = arena_alloc(cx->arena, LIMIT_BULK_BODY_BYTES + 1);
    size_t length = fread(text, 1, LIMIT_BULK_BODY_BYTES + 1, stdin);
    if (length > LIMIT_BULK_BODY_BYTES) {
        return err_set(cx, ERR_BODY_TOO_LARGE, NULL, "The input is longer than %d bytes.",
            (int)LIMIT_BULK_BODY_BYTES);
    }
    *ret_text = text;
    *ret_length = length;
    return ERR_OK;
}

static Err json_arg_read(Cli *cli, json_t **ret_members)
{
    const char *text = cli->arg_count > 1 ? cli->args[1] : "{}";
    size_t length = strlen(text);
    if (strcmp(text, "-") == 0) {
        TRY(stdin_read(cli->cx, &text, &length));
    }
    TRY(json_read(cli->cx, text, length, ret_members));
    if (!json_is_object(*ret_members)) {
        return err_set(cli->cx, ERR_MALFORMED, NULL,
            "The input must be a JSON object: {\"member\": value, …}.");
    }
    return ERR_OK;
}

/* A list that is given several times grows. */
static bool member_add(json_t *members, const Field *field, json_t *value)
{
    json_t *present = json_object_get(members, field->name);
    if (json_is_array(present) && json_is_array(value)) {
        bool is_added = json_array_extend(present, value) == 0;
        json_decref(value);
        return is_added;
    }
    if (present != NULL) {
        json_decref(value);
        return false;
    }
    return json_object_set_new(members, field->name, value) == 0;
}

/* --member value */
static Err flags_read(Cli *cli, const Op *op, json_t *members)
{
    for (size_t i = 0; i < cli->option_count; i++) {
        const char *name = cli->options[i].name;
        if (strncmp(name, "--", 2) != 0) {
            continue;
        }
        const Field *field = member_field(op->in, name + 2, strlen(name + 2));
        if (field == NULL) {
            return err_set(cli->cx, ERR_USAGE, NULL, "%s takes no %s; see `guanxi do %s --help`.",
                op->name, name, op->name);
        }
        json_t *value = member_value(field, cli->options[i].value);
        if (value == NULL) {
            return err_set(cli->cx, ERR_MALFORMED, field->name, "%s needs JSON in UTF-8.", name);
        }
        if (!member_add(members, field, value)) {
            return err_set(cli->cx, ERR_USAGE, field->name, "%s is given twice.", name);
        }
    }
    return ERR_OK;
}

static Err help_print(Cli *cli)
{
    Buf out = buf_in(cli->cx->arena);
    if (cli->arg_count == 0) {
        buf_str(&out, "usage: guanxi do OPERATION [JSON or -] [--MEMBER VALUE]... [--key KEY] "
                      "[--if-match VERSION]\n\n");
        describe_list(&out);
    } else {
        const Op *op = NULL;
        TRY(call_op(cli->cx, cli->args[0], &op));
        describe_op(op, &out);
    }
    (void)fwrite(out.data, 1, out.length, stdout);
    return ERR_OK;
}

Err cli_do(Cli *cli, int *ret_exit)
{
    if (cli_option(cli, "help") != NULL) {
        return help_print(cli);
    }
    const Op *op = NULL;
    TRY(call_op(cli->cx, cli->args[0], &op));
    CLEANUP(json_value_free) json_t *members = NULL;
    TRY(json_arg_read(cli, &members));
    TRY(flags_read(cli, op, members));
    return call_run(cli, op, members, NULL, ret_exit);
}
