/* PostgreSQL: its urls, its connections, and making and dropping the schema that is the database of
 * an organisation. */
#include "db/postgres/postgres.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "base/log.h"

#include <limits.h>
#include <string.h>

/* A url of ours taken apart: libpq's own, and the schema that holds the organisation. */
typedef struct PgUrl {
    const char *server; /* as libpq takes it */
    const char *schema;
    bool is_pooled;
} PgUrl;

enum { LOCK_WAIT_MS = 5000, IDLE_MS = 5 * 60 * 1000, CONNECT_WAIT_S = 5 };

static const char schema_usual[] = "guanxi";
static const char schema_member[] = "schema=";

/* ---- Urls ---- */

static bool pg_takes(const char *url)
{
    return strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0;
}

static bool schema_is_possible(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    bool is_first_good = name[0] == '_' || (name[0] >= 'a' && name[0] <= 'z');
    return is_first_good && name[length] == '\0' && length <= SCHEMA_NAME_MAX;
}

static bool member_is(const char *at, size_t length, const char *text)
{
    return strlen(text) == length && strncmp(at, text, length) == 0;
}

/* The '@' behind the credentials, NULL: there are none. libpq ends them at the first one, whatever
 * stands before it but a slash; a password that has such a sign in it is mistyped, and secret. */
static const char *credentials_end(const char *begin)
{
    const char *first = begin + strcspn(begin, "@/");
    const char *stop = *first == '@' ? first + strcspn(first, "/?") : begin + strcspn(begin, "?");
    return memrchr(begin, '@', (size_t)(stop - begin));
}

/* What stands before the first slash is a host, and a port at most: there are no credentials. */
static bool is_host(const char *begin)
{
    size_t length = strcspn(begin, "@/");
    const char *colon = memchr(begin, ':', length);
    size_t port = colon == NULL ? 0 : strspn(colon + 1, "0123456789");
    return begin[length] == '/' && (colon == NULL || colon + 1 + port == begin + length);
}

/* Such a sign in the credentials is taken for the end of them, and what follows is told as a host
 * or a port. */
static bool has_bare_sign(const char *url)
{
    const char *begin = strstr(url, "://") + strlen("://");
    const char *end = is_host(begin) ? NULL : credentials_end(begin);
    for (const char *at = begin; end != NULL && at < end; at++) {
        bool is_code = *at == '%' && strspn(at + 1, "0123456789abcdefABCDEF") >= 2;
        if (strchr("@/?", *at) != NULL || (*at == '%' && !is_code)) {
            return true;
        }
    }
    return false;
}

/* `schema=NAME` and `prepared=off` among what stands behind the question mark are ours, all else is
 * libpq's. */
static bool url_read(Arena *arena, const char *url, PgUrl *ret_url)
{
    size_t head = strcspn(url, "?");
    Buf server = buf_in(arena);
    buf_add(&server, url, head);
    ret_url->schema = schema_usual;
    ret_url->is_pooled = false;
    char joint = '?';
    for (const char *at = url + head; *at != '\0';) {
        at++;
        size_t length = strcspn(at, "&");
        if (strncmp(at, schema_member, sizeof schema_member - 1) == 0) {
            ret_url->schema = arena_copy(
                arena, at + sizeof schema_member - 1, length - (sizeof schema_member - 1));
        } else if (member_is(at, length, "prepared=off")) {
            ret_url->is_pooled = true;
        } else if (length > 0 && !member_is(at, length, "prepared=on")) {
            buf_char(&server, joint);
            buf_add(&server, at, length);
            joint = '&';
        }
        at += length;
    }
    ret_url->server = buf_text(&server);
    return pg_takes(url) && !has_bare_sign(url) && schema_is_possible(ret_url->schema);
}

static const char *url_with(Arena *arena, const PgUrl *url, const char *schema)
{
    char joint = strchr(url->server, '?') == NULL ? '?' : '&';
    return arena_printf(arena, "%s%c%s%s%s", url->server, joint, schema_member, schema,
        url->is_pooled ? "&prepared=off" : "");
}

/* Without what is secret in it. */
static const char *pg_shown(Arena *arena, const char *url)
{
    static const char password[] = "password=";
    const char *begin = strstr(url, "://") + strlen("://");
    const char *at = credentials_end(begin);
    const char *colon = at == NULL ? NULL : memchr(begin, ':', (size_t)(at - begin));
    Buf shown = buf_in(arena);
    if (colon != NULL) {
        buf_add(&shown, url, (size_t)(colon - url));
        url = at;
    }
    for (const char *secret; (secret = strstr(url, password)) != NULL;) {
        buf_add(&shown, url, (size_t)(secret - url));
        buf_printf(&shown, "%s…", password);
        url = secret + strcspn(secret, "&");
    }
    buf_str(&shown, url);
    return buf_text(&shown);
}

static const char *pg_scratch(Arena *arena, const char *url)
{
    PgUrl parts;
    bool is_sound = url_read(arena, url, &parts);
    ASSERT(is_sound);
    return url_with(arena, &parts, "pg_temp");
}

static Err url_refuse(Ctx *cx, const char *url)
{
    if (pg_takes(url) && has_bare_sign(url)) {
        return err_set(cx, ERR_DB_MISSING, NULL,
            "%s cannot be read: in a name or a password @ is written as %%40, / as %%2F, ? as "
            "%%3F, %% as %%25.",
            pg_shown(cx->arena, url));
    }
    return err_set(cx, ERR_DB_MISSING, NULL,
        "%s names no schema that can be: small letters, digits and underscores, a letter first.",
        pg_shown(cx->arena, url));
}

/* ---- Connecting ---- */

/* What no waiting mends: what is named is not there, or libpq can make nothing of a member. */
static bool is_wrong_url(const char *why)
{
    bool is_missing = strstr(why, "does not exist") != NULL && strstr(why, "FATAL") != NULL;
    return is_missing || strncmp(why, "invalid ", strlen("invalid ")) == 0 ||
           strncmp(why, "could not match ", strlen("could not match ")) == 0;
}

static Err connect_refuse(Ctx *cx, PGconn *connection, const char *url)
{
    Buf why = buf_in(cx->arena);
    for (const char *at = PQerrorMessage(connection); *at != '\0'; at++) {
        if (*at != '\n') {
            buf_char(&why, *at);
        } else if (at[1] != '\0') {
            buf_char(&why, ' ');
        }
    }
    const char *text = buf_text(&why);
    return err_set(cx, is_wrong_url(text) ? ERR_DB_MISSING : ERR_STORE, NULL,
        "%s cannot be reached: %s", pg_shown(cx->arena, url), text);
}

/* What libpq itself cannot read no waiting mends. */
static Err server_check(Ctx *cx, const char *server, const char *url)
{
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse(server, &why);
    Err err = ERR_OK;
    if (options == NULL) {
        static const char member[] = "invalid URI query parameter"; /* others tell the url */
        bool is_member = why != NULL && strncmp(why, member, sizeof member - 1) == 0;
        err = err_set(cx, ERR_DB_MISSING, NULL, "%s cannot be read: %.*s.",
            pg_shown(cx->arena, url), is_member ? (int)strcspn(why, "\n") : INT_MAX,
            is_member ? why : "its hosts, its ports or a sign after a % are not as in a URL");
    }
    PQconninfoFree(options);
    PQfreemem(why);
    return err;
}

/* The same as below, for one transaction. */
static const char *settings_for_one(const PgLink *link, Arena *arena, int64_t read_limit_ms)
{
    return arena_printf(arena,
        "SELECT set_config('search_path', '%s', true), set_config('DateStyle', 'ISO', true), "
        "set_config('TimeZone', 'UTC', true), set_config('synchronous_commit', 'on', true), "
        "set_config('lock_timeout', '%d', true), set_config('statement_timeout', '%lld', true), "
        "set_config('idle_in_transaction_session_timeout', '%d', true), "
        "set_config('jit', 'off', true), "
        "set_config('citus.multi_shard_modify_mode', 'sequential', true)",
        link->quoted, LOCK_WAIT_MS, (long long)read_limit_ms, IDLE_MS);
}

/* What the server is told once, so that its own settings change nothing of how guanxi behaves. */
static Fault settings_send(PgLink *link, const LinkOptions *options)
{
    char script[1280];
    if (link->is_pooled) {
        return FAULT_NONE;
    }
    (void)snprintf(script, sizeof script,
        "SET search_path TO %s; SET client_encoding TO 'UTF8'; SET DateStyle TO 'ISO'; "
        "SET TimeZone TO 'UTC'; SET standard_conforming_strings TO on; SET synchronous_commit TO "
        "on; "
        "SET default_transaction_isolation TO 'read committed'; SET lock_timeout TO %d; "
        "SET statement_timeout TO %lld; SET idle_in_transaction_session_timeout TO %d; "
        "SET client_min_messages TO warning; SET jit TO off; "
        /* One connection a node in a transaction, so that each statement sees those before it. A
         * server that knows no nodes keeps the word and makes nothing of it. */
        "SET citus.multi_shard_modify_mode TO 'sequential'; "
        /* those of them that this server has */
        "SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN "
        "('idle_session_timeout', 'transaction_timeout');%s",
        link->quoted, LOCK_WAIT_MS, (long long)options->read_limit_ms, IDLE_MS,
        link->mode == DB_READ ? " SET default_transaction_read_only TO on;" : "");
    return pg_execute(&link->link, script);
}

static void notice_drop(void *user, const PGresult *notice)
{
    (void)user;
    (void)notice;
}

/* Whoever does not say how long to wait for a server waits five seconds for each host. A machine
 * that is no longer there is noticed within a minute. */
static PGconn *connection_open(const char *server, bool is_limited)
{
    const char *const names[] = {"connect_timeout", "keepalives_idle", "keepalives_interval",
        "keepalives_count", "tcp_user_timeout", "application_name", "client_encoding", "dbname",
        NULL};
    char wait[8];
    (void)snprintf(wait, sizeof wait, "%d", CONNECT_WAIT_S);
    const char *const values[] = {
        wait, "30", "5", "3", is_limited ? "20000" : "0", "guanxi", "UTF8", server, NULL};
    return PQconnectdbParams(names, values, 1);
}

static Fault count_ask(PgLink *link, const char *text, int64_t *ret_count)
{
    PGresult *result = NULL;
    Fault fault = pg_query(link, text, &link->schema, 1, &result);
    *ret_count = fault == FAULT_NONE ? PQntuples(result) : 0;
    PQclear(result);
    return fault;
}

static Err schema_check(Ctx *cx, PgLink *link, const char *url)
{
    int64_t count = 0;
    Fault fault = count_ask(link, "SELECT 1 FROM pg_namespace WHERE nspname = $1", &count);
    if (fault != FAULT_NONE) {
        return connect_refuse(cx, link->connection, url);
    }
    if (count == 0) {
        return err_set(cx, ERR_DB_MISSING, NULL,
            "There is no schema %s at %s. `guanxi init` makes a new one; another database or "
            "another schema= is the usual cause.",
            link->schema, pg_shown(cx->arena, url));
    }
    fault = count_ask(link,
        "SELECT 1 FROM pg_namespace WHERE nspname = $1 AND has_schema_privilege(oid, 'USAGE')",
        &count);
    if (fault != FAULT_NONE) {
        return connect_refuse(cx, link->connection, url);
    }
    if (count == 0) {
        return err_set(cx, ERR_DB_MISSING, NULL,
            "The role of guanxi may not use the schema %s at %s (GRANT USAGE ON SCHEMA %s TO …, "
            "and rights on its tables).",
            link->schema, pg_shown(cx->arena, url), link->schema);
    }
    return ERR_OK;
}

static void pg_close(Link *link)
{
    PgLink *closed = pg_link(link);
    ASSERT(!closed->is_asking);
    pg_expected_drop(link);
    PQfinish(closed->connection);
    closed->connection = NULL;
}

static Err pg_open(
    Ctx *cx, Arena *arena, const char *url, const LinkOptions *options, Link **ret_link)
{
    PgUrl parts;
    if (!url_read(arena, url, &parts)) {
        return url_refuse(cx, url);
    }
    TRY(server_check(cx, parts.server, url));
    PgLink *link = arena_alloc(arena, sizeof *link);
    *link = (PgLink){.link.driver = &driver_postgres,
        .connection = connection_open(parts.server, options->grace != NULL),
        .schema = parts.schema,
        .quoted = arena_printf(arena, "\"%s\"", parts.schema),
        .mode = options->mode,
        .grace = options->grace,
        .answer_us = options->answer_ms * 1000,
        .is_pooled = parts.is_pooled,
        .node = -1};
    link->settings = settings_for_one(link, arena, options->read_limit_ms);
    Err err = ERR_OK;
    if (PQstatus(link->connection) != CONNECTION_OK) {
        err = connect_refuse(cx, link->connection, url);
    } else {
        PQsetNoticeReceiver(link->connection, notice_drop, NULL);
        if (settings_send(link, options) != FAULT_NONE) {
            err = connect_refuse(cx, link->connection, url);
        }
    }
    if (err == ERR_OK && !options->is_new) {
        err = schema_check(cx, link, url);
    }
    if (err != ERR_OK) {
        pg_close(&link->link);
        return err;
    }
    *ret_link = &link->link;
    return ERR_OK;
}

/* ---- Making and dropping ---- */

/* A connection outside of any schema. */
static Err server_open(Ctx *cx, const char *url, PgUrl *ret_parts, Link **ret_link)
{
    if (!url_read(cx->arena, url, ret_parts)) {
        return url_refuse(cx, url);
    }
    return pg_open(cx, cx->arena, url, &(LinkOptions){.mode = DB_WRITE, .is_new = true}, ret_link);
}

static Err exists(Ctx *cx, const char *url)
{
    return err_set(cx, ERR_STATE, NULL,
        "There is already a schema of that name at %s. Name another with schema=, or drop it first "
        "if nobody needs what is in it.",
        pg_shown(cx->arena, url));
}

static Err making_refuse(Ctx *cx, const char *url, Fault fault)
{
    return err_set(cx, fault == FAULT_READ_ONLY ? ERR_READ_ONLY : ERR_STORE, NULL,
        "No schema can be made at %s. The role of guanxi needs the right CREATE on the database "
        "(GRANT CREATE ON DATABASE … TO …), and it may be no standby and not set read-only.",
        pg_shown(cx->arena, url));
}

static Err reserve_at(
    Ctx *cx, PgLink *link, const PgUrl *parts, const char *url, const char **ret_made)
{
    int64_t count = 0;
    Fault fault = count_ask(link, "SELECT 1 FROM pg_namespace WHERE nspname = $1", &count);
    if (fault == FAULT_NONE && count > 0) {
        return exists(cx, url);
    }
    unsigned char random[8];
    char text[2 * sizeof random + 1];
    crypto_random(random, sizeof random);
    crypto_hex(random, sizeof random, text);
    const char *made = arena_printf(cx->arena, "guanxi_making_%s", text);
    if (fault == FAULT_NONE) {
        fault = pg_execute(&link->link, arena_printf(cx->arena, "CREATE SCHEMA %s", made));
    }
    *ret_made = url_with(cx->arena, parts, made);
    return fault == FAULT_NONE ? ERR_OK : making_refuse(cx, url, fault);
}

static Err pg_reserve(Ctx *cx, const char *url, const char **ret_made)
{
    PgUrl parts;
    Link *link = NULL;
    TRY(server_open(cx, url, &parts, &link));
    Err err = reserve_at(cx, pg_link(link), &parts, url, ret_made);
    pg_close(link);
    return err;
}

static Err publish_at(Ctx *cx, PgLink *link, const char *made, const char *url)
{
    int64_t count = 0;
    Fault fault = count_ask(link, "SELECT 1 FROM pg_namespace WHERE nspname = $1", &count);
    if (fault == FAULT_NONE && count > 0) {
        return exists(cx, url);
    }
    if (fault == FAULT_NONE) {
        fault = pg_execute(&link->link,
            arena_printf(cx->arena, "ALTER SCHEMA %s RENAME TO %s", made, link->quoted));
    }
    return fault == FAULT_NONE ? ERR_OK : making_refuse(cx, url, fault);
}

static Err pg_publish(Ctx *cx, const char *made, const char *url)
{
    PgUrl made_parts;
    PgUrl parts;
    Link *link = NULL;
    bool is_sound = url_read(cx->arena, made, &made_parts);
    ASSERT(is_sound);
    TRY(server_open(cx, url, &parts, &link));
    Err err = publish_at(cx, pg_link(link), made_parts.schema, url);
    pg_close(link);
    return err;
}

/* Whatever refusal is pending stays. */
static void pg_discard(Ctx *cx, const char *made)
{
    PgUrl parts;
    Link *link = NULL;
    Error before = cx->err;
    err_clear(cx);
    if (server_open(cx, made, &parts, &link) == ERR_OK) {
        (void)pg_execute(link,
            arena_printf(cx->arena, "DROP SCHEMA IF EXISTS %s CASCADE", pg_link(link)->quoted));
        pg_close(link);
    }
    cx->err = before;
}

static Fault pg_checkpoint(Link *link, bool is_idle)
{
    (void)link; /* the server's own business */
    (void)is_idle;
    return FAULT_NONE;
}

/* A pooler or a proxy on this machine counts as the server: who it passes on to is not seen. */
static bool pg_is_beside(const Link *link)
{
    const PGconn *connection = ((const PgLink *)link)->connection;
    const char *host = PQhost(connection);
    const char *address = PQhostaddr(connection);
    return (host != NULL && host[0] == '/') || strncmp(address, "127.", 4) == 0 ||
           strcmp(address, "::1") == 0;
}

const Driver driver_postgres = {
    .engine = ENGINE_POSTGRES,
    .is_shared = true,
    .scratch_of = pg_scratch,
    .shown = pg_shown,
    .begin_write = "BEGIN",
    .begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    .migration_before = "",
    /* whoever migrates has it to himself; who only reads it is not kept waiting */
    .migration_lock = "SELECT number FROM migration WHERE number = 1 FOR UPDATE",
    .migration_after = "",
    .takes = pg_takes,
    .open = pg_open,
    .close = pg_close,
    .execute = pg_execute,
    .settle = pg_settle,
    .is_in_transaction = pg_is_in_transaction,
    .prepare = pg_prepare,
    .prepare_once = pg_prepare_once,
    .bind = pg_bind,
    .step = pg_step,
    .send = pg_send,
    .reset = pg_reset,
    .expect = pg_expect,
    .expected_step = pg_expected_step,
    .expected_drop = pg_expected_drop,
    .finish = pg_finish,
    .references_check = pg_references_check,
    .references_defer = pg_references_defer,
    .schema_parts = pg_schema_parts,
    .schema_print = pg_schema_print,
    .mark_read = pg_mark_read,
    .mark_write = pg_mark_write,
    .id_highest = pg_id_highest,
    .clock = pg_clock,
    .is_beside = pg_is_beside,
    .node = pg_node,
    .node_free = pg_node_free,
    .checkpoint = pg_checkpoint,
    .reserve = pg_reserve,
    .publish = pg_publish,
    .discard = pg_discard,
    .verify = pg_verify,
    .spread = pg_spread,
};
