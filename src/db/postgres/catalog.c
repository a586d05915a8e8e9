/* PostgreSQL: what the schema holds as a whole: its parts, its mark, its highest id, its nodes. */
#include "db/postgres/postgres.h"

#include "base/id.h"
#include "base/log.h"
#include "base/os.h"

#include <stdlib.h>
#include <string.h>

/* The namespace of $1; that of temporary tables has a number. */
#define NAMESPACE                                                                                  \
    "(SELECT CASE WHEN $1 = 'pg_temp' THEN pg_my_temp_schema() ELSE (SELECT oid FROM "             \
    "pg_namespace WHERE nspname = $1) END)"

static Fault ask(PgLink *link, const char *text, PGresult **ret_result)
{
    return pg_query(link, text, &link->schema, 1, ret_result);
}

static int64_t number_of(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? 0
                                            : strtoll(PQgetvalue(result, row, column), NULL, 10);
}

Fault pg_references_check(Link *link)
{
    (void)link; /* the server lets no such row be stored */
    return FAULT_NONE;
}

/* Its texts are the schema's and one of two words. */
static const char defer_sql[] =
    "SELECT string_agg(format('ALTER TABLE %I ALTER CONSTRAINT %I %s', c.relname, k.conname, "
    "$2::text), '; ') FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
    "WHERE k.contype = 'f' AND k.connamespace = " NAMESPACE;

Fault pg_references_defer(Link *link, bool is_deferred)
{
    PgLink *deferring = pg_link(link);
    const char *values[] = {
        deferring->schema, is_deferred ? "DEFERRABLE INITIALLY DEFERRED" : "NOT DEFERRABLE"};
    PGresult *result = NULL;
    Fault fault = is_deferred ? FAULT_NONE : pg_execute(link, "SET CONSTRAINTS ALL IMMEDIATE");
    if (fault == FAULT_NONE) {
        fault = pg_query(deferring, defer_sql, values, 2, &result);
    }
    if (fault == FAULT_NONE && !PQgetisnull(result, 0, 0)) {
        fault = pg_execute(link, PQgetvalue(result, 0, 0));
    }
    PQclear(result);
    return fault;
}

/* ---- The schema ---- */

static const char parts_sql[] =
    "SELECT kind, name, text FROM ("
    "SELECT 'table' AS kind, c.relname AS name, "
    "(SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || "
    "CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || "
    "CASE WHEN a.attcollation > 0 THEN ' COLLATE ' || (SELECT o.collname FROM pg_collation o "
    "WHERE o.oid = a.attcollation) ELSE '' END || "
    "COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), ''), E'\\n' ORDER BY a.attnum) "
    "FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
    "WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) || "
    "COALESCE((SELECT E'\\n' || string_agg(k.conname || ' ' || pg_get_constraintdef(k.oid, true), "
    "E'\\n' ORDER BY k.conname) FROM pg_constraint k WHERE k.conrelid = c.oid), '') AS text "
    "FROM pg_class c WHERE c.relnamespace = " NAMESPACE " AND c.relkind IN ('r', 'p') "
    "UNION ALL SELECT 'index', c.relname, pg_get_indexdef(c.oid, 0, true) FROM pg_class c "
    "WHERE c.relnamespace = " NAMESPACE " AND c.relkind IN ('i', 'I') AND NOT EXISTS "
    "(SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid) "
    "UNION ALL SELECT 'view', c.relname, pg_get_viewdef(c.oid, true) FROM pg_class c "
    "WHERE c.relnamespace = " NAMESPACE " AND c.relkind IN ('v', 'm') "
    "UNION ALL SELECT 'trigger', t.tgname, pg_get_triggerdef(t.oid, true) FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = " NAMESPACE
    " AND NOT t.tgisinternal) p ORDER BY kind, name COLLATE \"C\"";

Fault pg_schema_parts(Link *link, SchemaPart each, void *user)
{
    PGresult *result = NULL;
    Fault fault = ask(pg_link(link), parts_sql, &result);
    for (int row = 0; fault == FAULT_NONE && row < PQntuples(result); row++) {
        each(user, PQgetvalue(result, row, 0), PQgetvalue(result, row, 1),
            PQgetvalue(result, row, 2));
    }
    PQclear(result);
    return fault;
}

/* Which rows of the catalogue tell of the schema: every change of a part writes another one. */
static const char print_sql[] =
    "SELECT hashtextextended(string_agg(t, ',' ORDER BY t COLLATE \"C\"), 0) FROM ("
    "SELECT c.oid || ' ' || c.relname || ' ' || c.relkind::text AS t FROM pg_class c "
    "WHERE c.relnamespace = " NAMESPACE " AND c.relkind <> 't' "
    "UNION ALL SELECT a.attrelid || ' ' || a.attnum || ' ' || a.xmin::text FROM pg_attribute a "
    "JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = " NAMESPACE
    " AND c.relkind IN ('r', 'p') AND a.attnum > 0 "
    "UNION ALL SELECT k.oid || ' ' || k.xmin::text FROM pg_constraint k "
    "WHERE k.connamespace = " NAMESPACE
    " UNION ALL SELECT t.oid || ' ' || t.xmin::text FROM pg_trigger t JOIN pg_class c ON "
    "c.oid = t.tgrelid WHERE c.relnamespace = " NAMESPACE " AND NOT t.tgisinternal) x";

Fault pg_schema_print(Link *link, int64_t *ret_print)
{
    PGresult *result = NULL;
    Fault fault = ask(pg_link(link), print_sql, &result);
    *ret_print = fault == FAULT_NONE ? number_of(result, 0, 0) : 0;
    PQclear(result);
    return fault;
}

/* The mark is the comment on the schema, which goes with it into a dump. */
static const char mark_title[] = "guanxi, schema mark ";

Fault pg_mark_read(Link *link, int64_t *ret_mark)
{
    PGresult *result = NULL;
    Fault fault =
        ask(pg_link(link), "SELECT obj_description(" NAMESPACE ", 'pg_namespace')", &result);
    *ret_mark = 0;
    if (fault == FAULT_NONE && PQntuples(result) == 1) {
        const char *text = PQgetvalue(result, 0, 0);
        size_t length = strlen(mark_title);
        *ret_mark = strncmp(text, mark_title, length) == 0 ? strtoll(text + length, NULL, 10) : 0;
    }
    PQclear(result);
    return fault;
}

Fault pg_mark_write(Link *link, int64_t mark)
{
    const PgLink *marked = pg_link(link);
    if (strcmp(marked->schema, "pg_temp") == 0) {
        return FAULT_NONE; /* it is gone when it is closed */
    }
    char script[3 * SCHEMA_NAME_MAX + 80];
    (void)snprintf(script, sizeof script, "COMMENT ON SCHEMA %s IS '%s%lld'", marked->quoted,
        mark_title, (long long)mark);
    return pg_execute(link, script);
}

/* ---- The highest id ---- */

/* An operation makes the id of its audit row first, and fewer behind it than two milliseconds have
 * numbers: nothing stored is above that. Looking into every table would take a new connection
 * longer than all else. */
static const char id_highest_sql[] =
    "SELECT max(id) FROM ((SELECT max(id) AS id FROM audit) UNION ALL (SELECT max(id) FROM seal) "
    "UNION ALL (SELECT max(last_id) FROM node)) t";

Fault pg_id_highest(Link *link, Id *ret_id)
{
    PGresult *highest = NULL;
    Fault fault = pg_query(pg_link(link), id_highest_sql, NULL, 0, &highest);
    int64_t found = fault == FAULT_NONE ? number_of(highest, 0, 0) : 0;
    *ret_id = found == 0 ? 0 : found + 2 * ID_PER_MS;
    PQclear(highest);
    return fault;
}

/* ---- Checks ---- */

/* The server keeps to its keys and references, unless somebody took a shortcut. */
static const char unsound_sql[] =
    "SELECT 'the constraint ' || k.conname || ' was never checked against the rows that were "
    "there' "
    "FROM pg_constraint k WHERE k.connamespace = " NAMESPACE " AND NOT k.convalidated "
    "UNION ALL SELECT 'the index ' || c.relname || ' is not valid' FROM pg_index i "
    "JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = " NAMESPACE
    " AND NOT i.indisvalid "
    "UNION ALL SELECT 'triggers of ' || c.relname || ' are switched off, so its references are not "
    "kept' FROM pg_class c WHERE c.relnamespace = " NAMESPACE " AND EXISTS (SELECT 1 FROM "
    "pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled = 'D') ORDER BY 1";

Fault pg_verify(Link *link, DbSay say, void *user, int64_t *ret_findings)
{
    PGresult *result = NULL;
    Fault fault = ask(pg_link(link), unsound_sql, &result);
    *ret_findings = fault == FAULT_NONE ? PQntuples(result) : 0;
    for (int row = 0; say != NULL && row < *ret_findings; row++) {
        say(user, PQgetvalue(result, row, 0));
    }
    PQclear(result);
    return fault;
}

/* ---- Nodes ----
 * Connections that make ids at the same time must have different nodes. A node is claimed for as
 * long as the lease, which the holder renews; one that was let go in good order, or whose holder
 * was not heard of for the whole lease, is anybody's. The clock is the server's. When none is left,
 * as after a hundred crashes within the lease, those are taken whose connection to this server is
 * gone: no id is stored by it any more. Of claims at other servers of one database nothing is known
 * here, and of those through a pooler neither. */

enum { LEASE_MS = 60 * 60 * 1000, CLAIM_TRIES = 16 };
static const int64_t RENEW_US = INT64_C(15) * 60 * 1000 * 1000;

#define SERVER_NOW "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
#define SERVER_SINCE "(extract(epoch FROM pg_postmaster_start_time()) * 1000)::bigint"
/* What a server process is told by, of its row `a` in pg_stat_activity; when it began is not told
 * to every role. */
#define PROCESS                                                                                    \
    "a.pid || ' ' || (extract(epoch FROM a.backend_start) * 1000000)::bigint || ' ' "              \
    "|| " SERVER_SINCE
/* By the server: what stands between may tell a client any number. Through a pooler it may be any
 * process. */
#define HOLDER                                                                                     \
    "CASE WHEN $2::boolean THEN '' ELSE coalesce((SELECT " PROCESS                                 \
    " FROM pg_stat_activity a WHERE a.pid = pg_backend_pid()), '') END"

Fault pg_clock(Link *link, Instant *ret_now)
{
    PGresult *result = NULL;
    Fault fault = pg_query(pg_link(link), "SELECT " SERVER_NOW, NULL, 0, &result);
    *ret_now = fault == FAULT_NONE ? number_of(result, 0, 0) + pg_fault_clock() : 0;
    PQclear(result);
    return fault;
}

static const char claim_sql[] =
    "UPDATE node SET claimed_at = " SERVER_NOW ", holder = " HOLDER
    " WHERE id = (SELECT id FROM node WHERE claimed_at < " SERVER_NOW
    " - $1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, claimed_at";
static const char claim_new_sql[] =
    "INSERT INTO node (id, claimed_at, holder, last_id) SELECT n, " SERVER_NOW ", " HOLDER
    ", 0 FROM generate_series(0, $1::bigint) n WHERE NOT EXISTS (SELECT 1 FROM node WHERE id = n) "
    "ORDER BY n LIMIT 1 ON CONFLICT DO NOTHING RETURNING id, claimed_at";
/* By what was seen of it: of a row that another one took meanwhile NOT EXISTS is not asked again.
 * At random, so that of many not all want the same. */
static const char claim_left_sql[] =
    "UPDATE node SET claimed_at = " SERVER_NOW ", holder = " HOLDER
    " FROM (SELECT id, claimed_at FROM node WHERE (SELECT count(*) FROM node) > $1 "
    "AND holder LIKE '% ' || " SERVER_SINCE " AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a "
    "WHERE a.pid || '' = split_part(node.holder, ' ', 1) AND (a.backend_start IS NULL OR " PROCESS
    " = node.holder)) ORDER BY random() LIMIT 1) seen "
    "WHERE node.id = seen.id AND node.claimed_at = seen.claimed_at "
    "RETURNING node.id, node.claimed_at";
static const char renew_sql[] = "UPDATE node SET claimed_at = " SERVER_NOW
                                " WHERE id = $1 AND claimed_at = $2 RETURNING claimed_at";

static Fault claim_once(PgLink *link, const char *text, int64_t value)
{
    char number[24];
    (void)snprintf(number, sizeof number, "%lld", (long long)value);
    PGresult *result = NULL;
    Fault fault = pg_query(
        link, text, (const char *const[]){number, link->is_pooled ? "true" : "false"}, 2, &result);
    if (fault == FAULT_NONE && PQntuples(result) == 1) {
        link->node = (int)number_of(result, 0, 0);
        link->node_claimed_at = number_of(result, 0, 1);
        link->is_node_new = true;
    }
    PQclear(result);
    return fault;
}

/* Nobody took it meanwhile, or it is lost. */
static Fault renew(PgLink *link)
{
    char node[24];
    char claimed[24];
    (void)snprintf(node, sizeof node, "%d", link->node);
    (void)snprintf(claimed, sizeof claimed, "%lld", (long long)link->node_claimed_at);
    PGresult *result = NULL;
    Fault fault = pg_query(link, renew_sql, (const char *const[]){node, claimed}, 2, &result);
    bool is_kept = fault == FAULT_NONE && PQntuples(result) == 1;
    link->node = is_kept ? link->node : -1;
    link->node_claimed_at = is_kept ? number_of(result, 0, 0) : 0;
    PQclear(result);
    return fault;
}

static Fault claim(PgLink *link)
{
    Fault fault = FAULT_NONE;
    for (int i = 0; i < CLAIM_TRIES && fault == FAULT_NONE && link->node < 0; i++) {
        fault = claim_once(link, claim_sql, LEASE_MS);
        if (fault == FAULT_NONE && link->node < 0) {
            fault = claim_once(link, claim_new_sql, ID_NODE_MAX);
        }
        if (fault == FAULT_NONE && link->node < 0) {
            fault = claim_once(link, claim_left_sql, ID_NODE_MAX);
        }
    }
    if (fault == FAULT_NONE && link->node < 0) {
        log_line(LOG_ERROR, "postgres: all %d nodes are taken (table node)", ID_NODE_MAX + 1);
        fault = FAULT_BUSY;
    }
    return fault;
}

Fault pg_node(Link *link, int *ret_node, Id *last)
{
    PgLink *claiming = pg_link(link);
    Fault fault = FAULT_NONE;
    int64_t now_us = os_monotonic_us();
    bool is_held = claiming->node >= 0 && !claiming->is_node_new;
    if (is_held && now_us - claiming->node_renewed_us < RENEW_US) {
        return FAULT_NONE;
    }
    claiming->node_renewed_us = now_us;
    if (claiming->node >= 0) {
        fault = renew(claiming);
    }
    if (fault == FAULT_NONE && claiming->node < 0) {
        fault = claim(claiming);
    }
    if (fault == FAULT_NONE && claiming->is_node_new) {
        Id highest = 0;
        fault = pg_id_highest(link, &highest);
        *last = highest > *last ? highest : *last;
        claiming->is_node_new = fault != FAULT_NONE;
    }
    *ret_node = claiming->node;
    return fault;
}

void pg_node_free(Link *link, Id last_id)
{
    PgLink *freeing = pg_link(link);
    if (freeing->node < 0 || freeing->is_gone) {
        return;
    }
    char texts[3][24];
    (void)snprintf(texts[0], sizeof texts[0], "%d", freeing->node);
    (void)snprintf(texts[1], sizeof texts[1], "%lld", (long long)last_id);
    (void)snprintf(texts[2], sizeof texts[2], "%lld", (long long)freeing->node_claimed_at);
    PGresult *result = NULL;
    (void)pg_query(freeing,
        "UPDATE node SET claimed_at = 0, last_id = $2 WHERE id = $1 AND claimed_at = $3",
        (const char *const[]){texts[0], texts[1], texts[2]}, 3, &result);
    PQclear(result);
    freeing->node = -1;
}
