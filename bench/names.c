/* Fills a new database with a million records to look for, past all operations: what is not looked
 * for is left out, so nothing else may be asked of it.
 *
 *     names FILE
 *
 * `guanxi rebuild` makes the search terms afterwards. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

/* Names of firms and people from a few dozen characters and words each; the number in them makes
 * codes. Ids of all kinds are of one sequence, as the program makes them. */
static const char *const steps[] = {
    "PRAGMA foreign_keys = OFF",
    "BEGIN",
    "CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
    " WHERE i < 400000) SELECT i FROM n",
    "CREATE TEMP TABLE word (w INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT, d TEXT)",
    "INSERT INTO word VALUES (0,'上海','华东','电器','North'),(1,'北京','明远','贸易','Harbour'),"
    "(2,'重庆','长安','机械','Lake'),(3,'杭州','绿地','食品','Mill'),"
    "(4,'广州','金桥','建材','River'),(5,'深圳','海天','科技','Stone'),"
    "(6,'成都','瑞丰','医药','Green'),(7,'武汉','宏达','服装','Silver'),"
    "(8,'南京','新世纪','化工','Grand'),(9,'天津','恒通','物流','Prime')",
    "INSERT INTO territory (id, code, name, version) VALUES (1, 'T1', 'One', 1), (2, 'T2', 'Two', "
    "1)",
    "INSERT INTO partner (id, code, name, roles, territory_id, created_on, version)"
    " SELECT 1000 + i, 'P' || printf('%06d', i), CASE WHEN i % 3 = 0"
    " THEN x.d || ' ' || y.d || ' Trading ' || (i / 100)"
    " ELSE x.a || y.b || z.c || (i / 100) || '有限公司' END, 1, CASE WHEN i % 100 = 0 THEN 1 ELSE "
    "2 END, '2025-01-01', 1"
    " FROM n JOIN word x ON x.w = n.i % 10 JOIN word y ON y.w = n.i / 10 % 10"
    " JOIN word z ON z.w = n.i / 7 % 10 WHERE n.i <= 100000",
    "INSERT INTO account (id, code, partner_id, currency, terms_days, state, state_since_on,"
    " state_since_id, opened_on, version) SELECT 200000 + i, 'A' || printf('%06d', i), 1000 + i,"
    " 'CNY', 30, 'normal', '2025-01-01', 1, '2025-01-01', 1 FROM n WHERE i <= 100000",
    "INSERT INTO contact (id, partner_id, name, phone, email, version) SELECT 400000 + i,"
    " 1001 + i % 100000, substr('王李张刘陈杨赵黄周吴', i % 10 + 1, 1) || x.b || substr(y.c, 1, "
    "1), '+86 138' || printf('%08d', i), 'c' || i || '@example.cn', 1"
    " FROM n JOIN word x ON x.w = n.i % 10 JOIN word y ON y.w = n.i / 10 % 10 WHERE n.i <= 100000",
    "INSERT INTO product (id, code, name, unit_price, tax_rate, version) SELECT 600000 + i,"
    " 'G' || printf('%05d', i), x.b || z.c || '阀门 DN' || i, 1000000, 0, 1"
    " FROM n JOIN word x ON x.w = n.i % 10 JOIN word z ON z.w = n.i / 10 % 10 WHERE n.i <= 20000",
    "INSERT INTO dossier (account_id, from_id, has_order, has_decision) SELECT DISTINCT 200001 + i "
    "% "
    "100000, (1000000 + i) / 16 * 16, TRUE, FALSE FROM n",
    "INSERT INTO sales_order (id, account_id, number, status, ordered_on, total, ordered, shipped,"
    " delivered, invoiced, billed, is_final, placed_on) SELECT 1000000 + i, 200001 + i % "
    "100000, 'SO-' || printf('%07d', i), 'approved', '2025-03-01', 10000, 0, 0, 0, 0, 0, FALSE,"
    " '2025-03-01' FROM n",
    "INSERT INTO invoice (id, account_id, number, amount, open, invoiced_on, due_on, booked_on,"
    " is_final, from_shipped, from_ordered, from_outside, dropped, status) SELECT 2000000 + i,"
    " 200001 + i % 100000, 'INV-' || printf('%06d', i), 10000, 0, '2025-03-01', '2025-04-01',"
    " '2025-03-01', FALSE, 0, 0, 0, 0, 'posted' FROM n WHERE i <= 280000",
    "COMMIT",
};

int main(int argc, char **argv)
{
    sqlite3 *db = NULL;
    if (argc != 2 || sqlite3_open(argv[1], &db) != SQLITE_OK) {
        (void)fprintf(stderr, "usage: names FILE\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        char *why = NULL;
        if (sqlite3_exec(db, steps[i], NULL, NULL, &why) != SQLITE_OK) {
            (void)fprintf(stderr, "names: step %zu: %s\n", i + 1, why);
            return 1;
        }
    }
    return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
