/* Five years of invoices of many accounts, made by rule: the same for the database that it fills
 * and for the plain loops over columns in memory that reports are held against.
 *
 *     receivables fill FILE INVOICES ACCOUNTS     into a new database, past all operations: what
 *                                                 reports of receivables read, and nothing else
 *     receivables loop INVOICES ACCOUNTS RUNS     prints for aging, DSO and lateness the best
 *                                                 milliseconds on one thread, those on two, and
 *                                                 what came out
 *
 * Invoice i is of the account h1 mod ACCOUNTS and of day i * 1826 / INVOICES, counted from
 * 2020-06-02; the last day is 2025-06-02, which is today. Whoever makes the same rows (the DuckDB
 * beside) goes by the same numbers. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAYS = 1826, MONTHS = 61, WINDOW = 3, AGES = 5, HOW = 4, THREADS_MAX = 2 };
enum { FIRST_YEAR = 2020, FIRST_MONTH = 5, FIRST_DAY = 1 }; /* from 0 */
enum { PARTNER_IDS = 1000000, ACCOUNT_IDS = 2000000, INVOICE_IDS = 100000000 };

typedef struct Columns {
    int64_t count;
    int64_t accounts;
    int32_t *account;
    int32_t *amount;
    int32_t *open;
    uint16_t *invoiced_on;
    uint16_t *due_on;
    uint16_t *paid_on; /* 0: not yet */
} Columns;

/* ---- The calendar ---- */

static uint8_t month_of[DAYS + 366]; /* 0: 2020-06 */
static char text_of[DAYS + 366][40];
static int month_end[MONTHS];            /* its last day, or today */
static int month_begin[MONTHS + WINDOW]; /* of the month WINDOW - 1 earlier */
static char month_text[MONTHS + 24][40];

static int length_of(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 1 && year % 4 == 0 ? 29 : lengths[month];
}

static void calendar_make(void)
{
    int year = FIRST_YEAR;
    int month = FIRST_MONTH;
    int day = FIRST_DAY;
    int n = 0;
    for (int at = 0; at < DAYS + 366; at++) {
        month_of[at] = (uint8_t)n;
        (void)snprintf(text_of[at], sizeof text_of[at], "%04d-%02d-%02d", year, month + 1, day + 1);
        if (n < MONTHS && at <= DAYS) {
            month_end[n] = at;
        }
        day++;
        if (day == length_of(year, month)) {
            day = 0;
            month = (month + 1) % 12;
            year += month == 0 ? 1 : 0;
            n++;
        }
        (void)snprintf(month_text[n], sizeof month_text[n], "%04d-%02d-01", year, month + 1);
    }
    /* The first month began one day before the first day, and those before it count too. */
    for (int i = 0; i < MONTHS; i++) {
        int back = i - WINDOW + 1;
        month_begin[i] = back > 0     ? month_end[back - 1] + 1
                         : back == 0  ? -1
                         : back == -1 ? -1 - 31
                                      : -1 - 31 - 30;
    }
}

/* ---- The rows ---- */

static void *column(int64_t count, size_t size)
{
    void *memory = calloc((size_t)count, size);
    if (memory == NULL) {
        (void)fprintf(stderr, "receivables: no memory\n");
        exit(1);
    }
    return memory;
}

static Columns columns_make(int64_t count, int64_t accounts)
{
    Columns c = {.count = count, .accounts = accounts};
    c.account = column(count, sizeof *c.account);
    c.amount = column(count, sizeof *c.amount);
    c.open = column(count, sizeof *c.open);
    c.invoiced_on = column(count, sizeof *c.invoiced_on);
    c.due_on = column(count, sizeof *c.due_on);
    c.paid_on = column(count, sizeof *c.paid_on);
    for (int64_t i = 0; i < count; i++) {
        int64_t h1 = (i * 7919 + 12345) % 1000003;
        int64_t h2 = (i * 104729 + 777) % 999983;
        int64_t h3 = (i * 1299709 + 31) % 1000033;
        int64_t account = h1 % accounts;
        int64_t day = i * DAYS / count;
        int64_t due = day + 30 + account % 3 * 15;
        int64_t how = h3 % 100;
        int64_t paid = how < 60   ? due - h3 % 10
                       : how < 85 ? due + 1 + h3 % 30
                       : how < 97 ? due + 31 + h3 % 60
                                  : DAYS + 1;
        c.account[i] = (int32_t)account;
        c.amount[i] = (int32_t)(10000 + h2 % 990001);
        c.invoiced_on[i] = (uint16_t)day;
        c.due_on[i] = (uint16_t)due;
        c.paid_on[i] = paid <= DAYS ? (uint16_t)paid : 0;
        c.open[i] = paid <= DAYS ? 0 : c.amount[i];
    }
    return c;
}

/* ---- The loops ---- */

typedef struct Part {
    const Columns *columns;
    int64_t from;
    int64_t until;
    int64_t *sums; /* of each account: ages, or what is late */
    int64_t *more; /* of each account and month: invoiced, then by how much the receivable moved */
} Part;

static void *aging_part(void *argument)
{
    Part *part = argument;
    const Columns *c = part->columns;
    for (int64_t i = part->from; i < part->until; i++) {
        if (c->open[i] != 0) {
            int late = DAYS - c->due_on[i];
            int age = (late > 0) + (late > 30) + (late > 60) + (late > 90);
            part->sums[(int64_t)c->account[i] * AGES + age] += c->open[i];
        }
    }
    return NULL;
}

static void *dso_part(void *argument)
{
    Part *part = argument;
    const Columns *c = part->columns;
    for (int64_t i = part->from; i < part->until; i++) {
        int64_t *of = part->more + (int64_t)c->account[i] * MONTHS * 2;
        int64_t *invoiced = of + month_of[c->invoiced_on[i]] * 2;
        invoiced[0] += c->amount[i];
        invoiced[1] += c->amount[i];
        if (c->paid_on[i] != 0) {
            of[month_of[c->paid_on[i]] * 2 + 1] -= c->amount[i];
        }
    }
    return NULL;
}

static void *late_part(void *argument)
{
    Part *part = argument;
    const Columns *c = part->columns;
    for (int64_t i = part->from; i < part->until; i++) {
        int64_t *of = part->sums + (int64_t)c->account[i] * HOW;
        int paid = c->paid_on[i];
        int late = paid - c->due_on[i];
        if (paid != 0) {
            of[(late > 0) + (late > 30)] += c->amount[i];
        } else if (paid == 0 && c->due_on[i] < DAYS) {
            of[3] += c->amount[i];
        }
    }
    return NULL;
}

typedef struct Report {
    const char *name;
    void *(*run)(void *part);
    int64_t sums; /* of each account */
    int64_t more;
} Report;

static const Report reports[] = {
    {"aging", aging_part, AGES, 0},
    {"dso", dso_part, 0, (int64_t)MONTHS * 2},
    {"late", late_part, HOW, 0},
};
enum { REPORTS = sizeof reports / sizeof reports[0] };

static int64_t tenths_of(int64_t receivable, int64_t invoiced, int64_t days)
{
    int64_t twice = receivable * days * 20 + invoiced;
    return invoiced <= 0 ? -1 : twice / (2 * invoiced);
}

/* Of an account: the figures as reports show them, weighed by the account's number, so that sums
 * that are right for wrong accounts do not pass. */
static int64_t dso_worth(const int64_t *of)
{
    int64_t receivable = 0;
    int64_t worth = 0;
    for (int month = 0; month < MONTHS; month++) {
        int64_t invoiced = 0;
        receivable += of[month * 2 + 1];
        for (int back = 0; back < WINDOW && back <= month; back++) {
            invoiced += of[(month - back) * 2];
        }
        int64_t tenths = tenths_of(receivable, invoiced, month_end[month] - month_begin[month] + 1);
        worth += tenths < 0 || month == 0 ? 0 : tenths; /* a report has 60 months */
    }
    return worth;
}

static int64_t late_worth(const int64_t *of)
{
    int64_t late = of[1] + of[2] + of[3];
    int64_t due = of[0] + late;
    return due == 0 ? 0 : (late * 2000 + due) / (2 * due);
}

static int64_t aging_worth(const int64_t *of)
{
    return of[0] + of[1] * 2 + of[2] * 3 + of[3] * 4 + of[4] * 5;
}

static int64_t worth_of(const Report *report, const Part *part, int64_t account)
{
    if (report->run == dso_part) {
        return dso_worth(part->more + account * report->more);
    }
    const int64_t *of = part->sums + account * report->sums;
    return report->run == late_part ? late_worth(of) : aging_worth(of);
}

static double now_ms(void)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

/* One run: the sums of all parts, then what each account comes to. */
static double report_run(
    const Report *report, const Columns *c, int threads, Part *parts, int64_t *ret_worth)
{
    pthread_t ids[THREADS_MAX];
    for (int t = 0; t < threads; t++) {
        memset(parts[t].sums, 0, (size_t)(c->accounts * report->sums) * sizeof(int64_t));
        memset(parts[t].more, 0, (size_t)(c->accounts * report->more) * sizeof(int64_t));
        parts[t].columns = c;
        parts[t].from = c->count * t / threads;
        parts[t].until = c->count * (t + 1) / threads;
    }
    double began = now_ms();
    for (int t = 1; t < threads; t++) {
        (void)pthread_create(&ids[t], NULL, report->run, &parts[t]);
    }
    (void)report->run(&parts[0]);
    for (int t = 1; t < threads; t++) {
        (void)pthread_join(ids[t], NULL);
        for (int64_t i = 0; i < c->accounts * report->sums; i++) {
            parts[0].sums[i] += parts[t].sums[i];
        }
        for (int64_t i = 0; i < c->accounts * report->more; i++) {
            parts[0].more[i] += parts[t].more[i];
        }
    }
    int64_t worth = 0;
    for (int64_t account = 0; account < c->accounts; account++) {
        worth += (account % 97 + 1) * worth_of(report, &parts[0], account);
    }
    *ret_worth = worth;
    return now_ms() - began;
}

static void loops_run(const Columns *c, int runs)
{
    Part parts[THREADS_MAX];
    for (int t = 0; t < THREADS_MAX; t++) {
        parts[t].sums = column(c->accounts * AGES, sizeof(int64_t));
        parts[t].more = column(c->accounts * MONTHS * 2, sizeof(int64_t));
    }
    for (int r = 0; r < REPORTS; r++) {
        double best[THREADS_MAX] = {1e9, 1e9};
        int64_t worth = 0;
        for (int run = 0; run < runs; run++) {
            for (int t = 0; t < THREADS_MAX; t++) {
                double took = report_run(&reports[r], c, t + 1, parts, &worth);
                best[t] = took < best[t] ? took : best[t];
            }
        }
        printf("%s %.2f %.2f %lld\n", reports[r].name, best[0], best[1], (long long)worth);
    }
}

/* ---- The database ---- */

static void sql_do(sqlite3 *db, const char *text)
{
    char *why = NULL;
    if (sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK) {
        (void)fprintf(stderr, "receivables: %s: %s\n", text, why);
        exit(1);
    }
}

static sqlite3_stmt *sql_prepare(sqlite3 *db, const char *text)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, text, -1, &statement, NULL) != SQLITE_OK) {
        (void)fprintf(stderr, "receivables: %s: %s\n", text, sqlite3_errmsg(db));
        exit(1);
    }
    return statement;
}

static void sql_step(sqlite3 *db, sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE) {
        (void)fprintf(stderr, "receivables: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
    (void)sqlite3_reset(statement);
}

/* ?1 is the number of the account, ?2 what it owes. */
static const char *const account_rows[] = {
    "INSERT INTO partner (id, code, name, roles, created_on, version)"
    " VALUES (1000000 + ?1, 'D' || ?1, 'Distributor ' || ?1, 1, '2020-01-01', 1 + 0 * ?2)",
    "INSERT INTO account (id, code, partner_id, currency, terms_days, state, state_since_on,"
    " state_since_id, opened_on, version) VALUES (2000000 + ?1, 'D' || ?1, 1000000 + ?1, 'CNY',"
    " 30, 'normal', '2020-01-01', 1, '2020-01-01', 1 + 0 * ?2)",
    "INSERT INTO position (account_id, outside, ordered, shipped, receivable, cheque, advance,"
    " settled, written_off, moves, moved_on, chain_seq)"
    " VALUES (2000000 + ?1, -?2, 0, 0, ?2, 0, 0, 0, 0, 1, '2025-06-02', 0)",
};

static void accounts_fill(sqlite3 *db, const Columns *c)
{
    int64_t *owed = column(c->accounts, sizeof *owed);
    for (int64_t i = 0; i < c->count; i++) {
        owed[c->account[i]] += c->open[i];
    }
    for (size_t k = 0; k < sizeof account_rows / sizeof account_rows[0]; k++) {
        sqlite3_stmt *put = sql_prepare(db, account_rows[k]);
        for (int64_t account = 0; account < c->accounts; account++) {
            (void)sqlite3_bind_int64(put, 1, account);
            (void)sqlite3_bind_int64(put, 2, owed[account]);
            sql_step(db, put);
        }
        (void)sqlite3_finalize(put);
    }
    free(owed);
}

static void invoices_fill(sqlite3 *db, const Columns *c)
{
    sqlite3_stmt *put = sql_prepare(db,
        "INSERT INTO invoice (id, account_id, number, amount, open, invoiced_on, due_on,"
        " settled_on, booked_on, is_final, from_shipped, from_ordered, from_outside, dropped,"
        " status) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?6, 0, 0, 0, ?4, 0,"
        " CASE WHEN ?5 = 0 THEN 'settled' ELSE 'open' END)");
    for (int64_t i = 0; i < c->count; i++) {
        char number[24];
        (void)snprintf(number, sizeof number, "I%lld", (long long)i);
        (void)sqlite3_bind_int64(put, 1, INVOICE_IDS + i);
        (void)sqlite3_bind_int64(put, 2, ACCOUNT_IDS + c->account[i]);
        (void)sqlite3_bind_text(put, 3, number, -1, SQLITE_STATIC);
        (void)sqlite3_bind_int64(put, 4, c->amount[i]);
        (void)sqlite3_bind_int64(put, 5, c->open[i]);
        (void)sqlite3_bind_text(put, 6, text_of[c->invoiced_on[i]], 10, SQLITE_STATIC);
        (void)sqlite3_bind_text(put, 7, text_of[c->due_on[i]], 10, SQLITE_STATIC);
        if (c->paid_on[i] != 0) {
            (void)sqlite3_bind_text(put, 8, text_of[c->paid_on[i]], 10, SQLITE_STATIC);
        } else {
            (void)sqlite3_bind_null(put, 8);
        }
        sql_step(db, put);
    }
    (void)sqlite3_finalize(put);
}

enum { FIGURES = 5, MONTHS_FILLED = MONTHS + 4 };

static void months_fill(sqlite3 *db, const Columns *c)
{
    int64_t *sums = column(c->accounts * MONTHS_FILLED * FIGURES, sizeof *sums);
    for (int64_t i = 0; i < c->count; i++) {
        int64_t *of = sums + (int64_t)c->account[i] * MONTHS_FILLED * FIGURES;
        int64_t amount = c->amount[i];
        int late = c->paid_on[i] - c->due_on[i];
        of[month_of[c->invoiced_on[i]] * FIGURES] += amount;
        of[month_of[c->invoiced_on[i]] * FIGURES + 1] += amount;
        if (c->paid_on[i] != 0) {
            of[month_of[c->paid_on[i]] * FIGURES + 1] -= amount;
            of[month_of[c->due_on[i]] * FIGURES + 2 + (late > 0) + (late > 30)] += amount;
        }
    }
    sqlite3_stmt *put =
        sql_prepare(db, "INSERT INTO account_month VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    for (int64_t account = 0; account < c->accounts; account++) {
        for (int month = 0; month < MONTHS_FILLED; month++) {
            const int64_t *of = sums + (account * MONTHS_FILLED + month) * FIGURES;
            int64_t any = of[0] | of[1] | of[2] | of[3] | of[4];
            (void)sqlite3_bind_int64(put, 1, ACCOUNT_IDS + account);
            (void)sqlite3_bind_text(put, 2, month_text[month], 10, SQLITE_STATIC);
            for (int k = 0; k < FIGURES; k++) {
                (void)sqlite3_bind_int64(put, 3 + k, of[k]);
            }
            if (any != 0) {
                sql_step(db, put);
            }
        }
    }
    (void)sqlite3_finalize(put);
    free(sums);
}

/* The indexes are made when the rows are there. */
static void database_fill(const char *path, const Columns *c)
{
    sqlite3 *db = NULL;
    if (sqlite3_open(path, &db) != SQLITE_OK) {
        (void)fprintf(stderr, "receivables: %s cannot be opened\n", path);
        exit(1);
    }
    sql_do(db, "PRAGMA foreign_keys = OFF; PRAGMA locking_mode = EXCLUSIVE;"
               " PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;"
               " BEGIN;"
               " CREATE TEMP TABLE made AS SELECT name, sql FROM sqlite_master"
               " WHERE type = 'index' AND tbl_name = 'invoice' AND sql IS NOT NULL");
    char *texts[16];
    int count = 0;
    sqlite3_stmt *made = sql_prepare(db, "SELECT 'DROP INDEX ' || name, sql FROM made");
    char *drops[16];
    while (count < 16 && sqlite3_step(made) == SQLITE_ROW) {
        drops[count] = sqlite3_mprintf("%s", sqlite3_column_text(made, 0));
        texts[count++] = sqlite3_mprintf("%s", sqlite3_column_text(made, 1));
    }
    (void)sqlite3_finalize(made);
    for (int i = 0; i < count; i++) {
        sql_do(db, drops[i]);
    }
    accounts_fill(db, c);
    invoices_fill(db, c);
    months_fill(db, c);
    for (int i = 0; i < count; i++) {
        sql_do(db, texts[i]);
    }
    sql_do(db, "COMMIT; PRAGMA journal_mode = WAL");
    (void)sqlite3_close(db);
}

int main(int argc, char **argv)
{
    calendar_make();
    if (argc == 5 && strcmp(argv[1], "fill") == 0) {
        Columns c = columns_make(strtoll(argv[3], NULL, 10), strtoll(argv[4], NULL, 10));
        database_fill(argv[2], &c);
        return 0;
    }
    if (argc == 5 && strcmp(argv[1], "loop") == 0) {
        Columns c = columns_make(strtoll(argv[2], NULL, 10), strtoll(argv[3], NULL, 10));
        loops_run(&c, atoi(argv[4]));
        return 0;
    }
    (void)fprintf(stderr, "usage: receivables fill FILE INVOICES ACCOUNTS\n"
                          "       receivables loop INVOICES ACCOUNTS RUNS\n");
    return 2;
}
