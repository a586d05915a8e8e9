/* The schema and every statement of the program, held to what a server asks that spreads accounts
 * over nodes: tests/support/spread.h. The statements are read out of this very program, in which
 * the whole of src/ is linked, and from the plans of the records. */
#include "support/unit.h"

#include "support/spread.h"

#include "base/os.h"
#include "db/port.h"
#include "db/sql.h"
#include "feature/features.h"
#include "op/record_plan.h"

#include <string.h>

enum { PROGRAM_BYTES_MAX = 256 * 1024 * 1024, STATEMENTS_MIN = 400, STEADY_MIN = 5 };

/* Writes that name no account and so go to every node. One more may not come; one that is made to
 * name its account makes room for none. */
enum { EVERYWHERE_MAX = 55 };

typedef struct Told {
    Arena *arena;
    Spread spread;
    size_t statements;
    size_t everywhere;
    size_t steady;
    size_t faults;
} Told;

static bool is_named(const char *text, const char *table)
{
    size_t length = strlen(table);
    for (const char *at = text; (at = strstr(at, table)) != NULL; at += length) {
        bool begins = at == text || strchr(" (,\"", at[-1]) != NULL;
        if (begins && strchr(" ,)\"", at[length]) != NULL) {
            return true;
        }
    }
    return false;
}

/* What is kept between transactions may read such tables alone whose changes are told. */
static void steady_check(Told *told, const char *text)
{
    if (strstr(text, "{steady}") == NULL) {
        return;
    }
    told->steady++;
    if (strstr(text, "{visible:") != NULL) {
        told->faults++;
        printf("# steady, and not the same for everybody: %s\n", text);
    }
    for (size_t i = 0; i < told->spread.count; i++) {
        const char *table = told->spread.names[i];
        const char *change = arena_printf(told->arena, "UPDATE %s ", table);
        if (is_named(text, table) && !steady_is_changed_by(change)) {
            told->faults++;
            printf("# steady, and reads %s: %s\n", table, text);
        }
    }
}

/* SQLite would make an index of a table by account, for want of one, and go through all that the
 * account has for each row of its dossier. */
static void dossier_check(Told *told, const char *text)
{
    for (const char *at = text; (at = strstr(at, "dossier k CROSS JOIN ")) != NULL; at++) {
        const char *end = strstr(at, " WHERE ");
        const char *by_id = strstr(at, "{by_id}");
        if (by_id == NULL || end == NULL || by_id > end) {
            told->faults++;
            printf("# not read by id: %s\n", text);
        }
    }
}

static void statement_tell(Told *told, const char *text)
{
    ArenaMark mark = arena_mark(told->arena);
    bool is_everywhere = false;
    const char *fault = spread_statement(told->arena, &told->spread, text, &is_everywhere);
    told->statements++;
    told->everywhere += is_everywhere ? 1 : 0;
    if (fault != NULL) {
        told->faults++;
        printf("# %s: %s\n", fault, text);
    }
    steady_check(told, text);
    dossier_check(told, text);
    arena_rewind(told->arena, mark);
}

static void schema_read(Told *told)
{
    for (int i = 0; i < migrations_count; i++) {
        const char *script = sql_expand_migration(told->arena, migrations[i].text, ENGINE_POSTGRES);
        const char *fault = spread_schema(told->arena, &told->spread, script);
        if (fault != NULL) {
            fail_msg("%s: %s", migrations[i].name, fault);
        }
    }
}

static bool is_statement(const char *text)
{
    static const char *const starts[] = {
        "SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH "};
    for (size_t i = 0; i < COUNT(starts); i++) {
        if (strncmp(text, starts[i], strlen(starts[i])) == 0) {
            return strstr(text, "pg_") == NULL && strstr(text, "sqlite_") == NULL &&
                   strchr(text, '%') == NULL;
        }
    }
    return false;
}

/* Constants end with a NUL and stand behind one. */
static void program_read(Told *told)
{
    char *bytes = NULL;
    size_t size = 0;
    OsResult result = os_file_read(told->arena, "/proc/self/exe", PROGRAM_BYTES_MAX, &bytes, &size);
    assert_int_equal(result, OS_OK);
    for (size_t i = 1; i < size; i++) {
        if (bytes[i - 1] == '\0' && bytes[i] != '\0' && is_statement(bytes + i)) {
            statement_tell(told, bytes + i);
        }
    }
}

static void refs_read(Told *told, const Feature *feature)
{
    for (size_t i = 0; feature->refs != NULL && feature->refs[i] != NULL; i++) {
        const RefKind *kind = ref_kind(feature->refs[i]->name);
        const Sql *const made[] = {kind->by_id, kind->by_code, kind->by_code_of};
        for (size_t n = 0; n < COUNT(made); n++) {
            if (made[n] != NULL) {
                statement_tell(told, made[n]->text);
            }
        }
    }
}

static void plans_read(Told *told)
{
    for (size_t f = 0; features[f] != NULL; f++) {
        refs_read(told, features[f]);
        const Record *const *record = features[f]->records;
        for (; record != NULL && *record != NULL; record++) {
            const RecordPlan *plan = record_plan(*record);
            const Sql *const made[] = {&plan->load, &plan->get, &plan->list, &plan->insert,
                &plan->update, &plan->remove, &plan->uses};
            for (size_t i = 0; i < COUNT(made); i++) {
                if (made[i]->text != NULL) {
                    statement_tell(told, made[i]->text);
                }
            }
            if (plan->dossier_list != NULL) {
                statement_tell(told, plan->dossier_list);
            }
        }
    }
}

static void everything_may_be_spread(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1024 * 1024 * 1024);
    Told told = {.arena = arena};
    op_start(features);
    schema_read(&told);
    assert_true(spread_is_of_accounts(&told.spread, "entry"));
    assert_true(spread_is_of_accounts(&told.spread, "position"));
    assert_true(spread_is_of_accounts(&told.spread, "audit"));
    assert_false(spread_is_of_accounts(&told.spread, "partner"));
    program_read(&told);
    plans_read(&told);
    printf("# %zu statements, %zu write on every node, %zu are steady\n", told.statements,
        told.everywhere, told.steady);
    assert_int_equal(told.faults, 0);
    assert_true(told.statements > STATEMENTS_MIN);
    assert_true(told.everywhere <= EVERYWHERE_MAX);
    assert_true(told.steady >= STEADY_MIN);
}

/* What no such server takes. */
static const char *const statements[] = {
    "SELECT 1 FROM o JOIN l ON l.order_id = o.id",
    "SELECT o.id, (SELECT SUM(l.n) FROM l WHERE l.order_id = o.id) FROM o",
    ("SELECT 1 FROM o LEFT JOIN (SELECT order_id FROM l GROUP BY order_id) x"
     " ON x.order_id = o.id"),
    "SELECT 1 FROM (SELECT o.account_id FROM o JOIN l ON l.order_id = o.id) x",
    "SELECT 1 FROM p UNION ALL SELECT 1 FROM o, l WHERE l.order_id = o.id",
    "INSERT INTO o (id) VALUES ($1)",
    "UPDATE o SET n = (SELECT SUM(l.n) FROM l WHERE l.order_id = o.id) WHERE account_id = $1",
    " SELECT nextval('x')",
    "SELECT p.id, (SELECT MAX(o.id) FROM o WHERE o.account_id = p.id) FROM p",
    ("SELECT x.id FROM (SELECT id, account_id FROM o ORDER BY id LIMIT 3) x"
     " WHERE EXISTS (SELECT 1 FROM l WHERE l.account_id = x.account_id)"),
    ("WITH RECURSIVE f (id) AS (SELECT id FROM p UNION ALL SELECT id FROM f)"
     " SELECT o.id FROM f JOIN o ON o.account_id = f.id"),
};
/* These may. */
static const char *const sound[] = {
    "SELECT 1 FROM o JOIN l ON l.account_id = o.account_id AND l.order_id = o.id",
    "SELECT 1 FROM o, l WHERE o.account_id = $1 AND l.account_id = $1",
    "SELECT 1 FROM o WHERE o.id IN (SELECT order_id FROM l WHERE n = 1)",
    "SELECT p.id, (SELECT MAX(l.id) FROM l WHERE l.account_id = o.account_id) FROM p, o",
    ("WITH m AS MATERIALIZED (WITH RECURSIVE f (id) AS (SELECT id FROM p"
     " UNION ALL SELECT id FROM f) SELECT id FROM f)"
     " SELECT o.id FROM m JOIN o ON o.account_id = m.id"),
    "SELECT 1 FROM p a JOIN o ON o.account_id = a.id JOIN l ON l.account_id = a.id",
    ("SELECT 1 FROM o LEFT JOIN (SELECT account_id, order_id FROM l"
     " GROUP BY account_id, order_id) x"
     " ON x.account_id = o.account_id AND x.order_id = o.id"),
};

/* Each rule is seen to fail. */
static void what_may_not_be(void **state)
{
    (void)state;
    static const char *const schemas[] = {
        "CREATE TABLE a (id BIGINT PRIMARY KEY, account_id BIGINT NOT NULL);",
        ("CREATE TABLE a (id BIGINT NOT NULL, account_id BIGINT, code TEXT UNIQUE,"
         " PRIMARY KEY (id, account_id));"),
        "CREATE TABLE a (id BIGINT, account_id BIGINT, n BIGINT, PRIMARY KEY (id, account_id));"
        "CREATE UNIQUE INDEX a_by_n ON a (n);",
        "CREATE TABLE a (id BIGINT, account_id BIGINT, PRIMARY KEY (id, account_id));"
        "CREATE TABLE b (id BIGINT PRIMARY KEY, a_id BIGINT REFERENCES a(id));",
        "CREATE TABLE a (id BIGSERIAL PRIMARY KEY);",
        "CREATE TRIGGER t;",
    };
    CLEANUP(arena_free_at) Arena *arena = arena_new(64 * 1024 * 1024);
    for (size_t i = 0; i < COUNT(schemas); i++) {
        Spread spread = {0};
        if (spread_schema(arena, &spread, schemas[i]) == NULL) {
            fail_msg("%s: no fault is seen", schemas[i]);
        }
    }
    Spread spread = {0};
    assert_null(spread_schema(arena, &spread,
        "CREATE TABLE p (id BIGINT PRIMARY KEY);"
        "CREATE TABLE o (id BIGINT, account_id BIGINT REFERENCES p(id), PRIMARY KEY (id, "
        "account_id));"
        "CREATE TABLE l (id BIGINT, account_id BIGINT, order_id BIGINT, PRIMARY KEY (id, "
        "account_id), FOREIGN KEY (order_id, account_id) REFERENCES o (id, account_id));"));
    bool is_everywhere = false;
    for (size_t i = 0; i < COUNT(statements); i++) {
        if (spread_statement(arena, &spread, statements[i], &is_everywhere) == NULL) {
            fail_msg("%s: no fault is seen", statements[i]);
        }
    }
    for (size_t i = 0; i < COUNT(sound); i++) {
        const char *fault = spread_statement(arena, &spread, sound[i], &is_everywhere);
        if (fault != NULL) {
            fail_msg("%s: %s", sound[i], fault);
        }
    }
    assert_null(
        spread_statement(arena, &spread, "UPDATE o SET n = 1 WHERE id = $1", &is_everywhere));
    assert_true(is_everywhere);
    assert_null(spread_statement(
        arena, &spread, "UPDATE o SET n = 1 WHERE id = $1 AND account_id = $2", &is_everywhere));
    assert_false(is_everywhere);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_may_not_be),
        cmocka_unit_test(everything_may_be_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
