/* Tokens of statements and migrations, for both engines. */
#include "support/unit.h"

#include "db/sql.h"

#include <string.h>

static void statements(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        Sql sql;
        const char *sqlite;
        const char *postgres;
        const char *in;
    } rows[] = {
        {"nothing to expand", {"SELECT 1", "", "i"}, "SELECT 1", "SELECT 1", ""},
        {"a lock", {"SELECT a FROM t WHERE id = $1 {lock}", "k", "i"},
            "SELECT a FROM t WHERE id = $1 ", "SELECT a FROM t WHERE id = $1 FOR NO KEY UPDATE",
            "k"},
        {"rows by their ids", {"SELECT b.a FROM a CROSS JOIN b {by_id}", "", "i"},
            "SELECT b.a FROM a CROSS JOIN b NOT INDEXED", "SELECT b.a FROM a CROSS JOIN b ", ""},
        {"the day after", {"SELECT {day_after a.on}, {day_after b} FROM a", "", "dd"},
            "SELECT date(a.on, '+1 day'), date(b, '+1 day') FROM a",
            "SELECT (a.on + 1), (b + 1) FROM a", ""},
        {"other days", {"SELECT {30_days_after a.on}, {month_of b} FROM a", "", "dd"},
            "SELECT date(a.on, '+30 days'), date(b, 'start of month') FROM a",
            "SELECT (a.on + 30), CAST(date_trunc('month', b) AS DATE) FROM a", ""},
        {"quotes and comments are left alone",
            {"SELECT '{lock}', \"{x}\" -- {lock} isn't\n", "", "tt"},
            "SELECT '{lock}', \"{x}\" -- {lock} isn't\n",
            "SELECT '{lock}', \"{x}\" -- {lock} isn't\n", ""},
        {"a doubled quote", {"SELECT 'it''s {lock}', $1", "i", "ti"}, "SELECT 'it''s {lock}', $1",
            "SELECT 'it''s {lock}', $1", "i"},
        {"sight comes behind the parameters, twice the same",
            {"SELECT {visible:p} AND {visible:q} AND $1", "b", "b"},
            "SELECT (($2 = 0 OR p.territory_id IS NULL OR p.territory_id IN (SELECT territory_id "
            "FROM user_territory"
            " WHERE user_id = $2)) AND ($3 = 0 OR p.id = $3)) AND (($2 = 0 OR q.territory_id IS "
            "NULL OR"
            " q.territory_id IN (SELECT territory_id FROM user_territory WHERE user_id = $2)) AND "
            "($3 = 0 OR"
            " q.id = $3)) AND $1",
            NULL, "bkk"},
    };
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Expanded sqlite = sql_expand(arena, &rows[i].sql, ENGINE_SQLITE, false);
        Expanded postgres = sql_expand(arena, &rows[i].sql, ENGINE_POSTGRES, false);
        const char *wanted = rows[i].postgres == NULL ? rows[i].sqlite : rows[i].postgres;
        CHECK_ROW(rows[i].why, strcmp(sqlite.sql.text, rows[i].sqlite) == 0);
        CHECK_ROW(rows[i].why, strcmp(postgres.sql.text, wanted) == 0);
        CHECK_ROW(rows[i].why, strcmp(sqlite.sql.in, rows[i].in) == 0);
        CHECK_ROW(rows[i].why, sqlite.has_sight == (strlen(rows[i].in) > strlen(rows[i].sql.in)));
    }
    Expanded whole = sql_expand(arena, &rows[COUNT(rows) - 1].sql, ENGINE_SQLITE, true);
    assert_string_equal(whole.sql.text, "SELECT 1 = 1 AND 1 = 1 AND $1");
    assert_string_equal(whole.sql.in, "b");
    assert_false(whole.has_sight);
}

static void migrations_expand(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        const char *text;
        const char *sqlite;
        const char *postgres;
    } rows[] = {
        {"key and types",
            "CREATE TABLE t (id {key}, a {i64}, b {text} NOT NULL, c {bytes}, d {id});",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT NOT NULL, c BLOB, d "
            "INTEGER) STRICT;",
            "CREATE TABLE t (id BIGINT PRIMARY KEY, a BIGINT, b TEXT COLLATE \"C\" NOT NULL, c "
            "BYTEA, d BIGINT);"},
        {"types that name their column", "x_on {date} NOT NULL, \"is x\"  {bool}",
            "x_on TEXT CHECK (x_on IS date(x_on, '+0 days')) NOT NULL,"
            " \"is x\"  INTEGER CHECK (\"is x\" IN (0, 1))",
            "x_on DATE NOT NULL, \"is x\"  BOOLEAN"},
        {"a reference", "p_id {ref partner} NOT NULL",
            "p_id INTEGER REFERENCES partner(id) NOT NULL",
            "p_id BIGINT REFERENCES partner(id) NOT NULL"},
        {"rows of an account",
            "CREATE TABLE l (id {akey}, account_id {ref account} NOT NULL, o_id {aref o} NOT NULL, "
            "{account_key});",
            "CREATE TABLE l (id INTEGER PRIMARY KEY, account_id INTEGER REFERENCES account(id) NOT "
            "NULL,"
            " o_id INTEGER REFERENCES o(id) NOT NULL, CHECK (account_id >= 0)) STRICT;",
            "CREATE TABLE l (id BIGINT NOT NULL, account_id BIGINT REFERENCES account(id) NOT NULL,"
            " o_id BIGINT NOT NULL, PRIMARY KEY (id, account_id),"
            " FOREIGN KEY (o_id, account_id) REFERENCES o (id, account_id));"},
        {"the next table has references of its own",
            "CREATE TABLE a (x {aref b}, {account_key});CREATE TABLE c (y {i64}, {account_key});",
            "CREATE TABLE a (x INTEGER REFERENCES b(id), CHECK (account_id >= 0)) STRICT;"
            "CREATE TABLE c (y INTEGER, CHECK (account_id >= 0)) STRICT;",
            "CREATE TABLE a (x BIGINT, PRIMARY KEY (id, account_id),"
            " FOREIGN KEY (x, account_id) REFERENCES b (id, account_id));"
            "CREATE TABLE c (y BIGINT, PRIMARY KEY (id, account_id));"},
        {"only tables are strict", "CREATE INDEX i ON t (a);INSERT INTO t VALUES (1);",
            "CREATE INDEX i ON t (a);INSERT INTO t VALUES (1);",
            "CREATE INDEX i ON t (a);INSERT INTO t VALUES (1);"},
        {"sections", "a\n-- sqlite\nb\n-- postgres \nc\n-- both\nd -- sqlite\ne",
            "a\n\nb\n\nd -- sqlite\ne", "a\n\nc\n\nd -- sqlite\ne"},
        {"a section at the start", "-- postgres\nx {key}\n-- both\ny", "\ny",
            "\nx BIGINT PRIMARY KEY\n\ny"},
        {"braces that are no token", "'{key}' -- isn't {key}\n{} {Key} {ref} {key x} {",
            "'{key}' -- isn't {key}\n{} {Key} {ref} {key x} {",
            "'{key}' -- isn't {key}\n{} {Key} {ref} {key x} {"},
        {"nothing", "", "", ""},
    };
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *sqlite = sql_expand_migration(arena, rows[i].text, ENGINE_SQLITE);
        const char *postgres = sql_expand_migration(arena, rows[i].text, ENGINE_POSTGRES);
        if (strcmp(sqlite, rows[i].sqlite) != 0 || strcmp(postgres, rows[i].postgres) != 0) {
            fail_msg("row \"%s\": %s | %s", rows[i].why, sqlite, postgres);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements),
        cmocka_unit_test(migrations_expand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
