/* SQL: whole constants, one text for both engines, lists that keep to what the actor may see. */
#include "tidy.h"

#include "base/buf.h"

#include <string.h>
#include <strings.h>

/* ---- constants of the type Sql */

typedef struct Constant {
    const char *at;  /* in code */
    const char *end; /* its semicolon */
    const char *name;
    const char *text; /* of its first member, the pieces joined */
    const char *out;  /* types of its results */
} Constant;

/* Joins the string pieces of source between two places of its code. */
static const char *strings_join(Tidy *tidy, const Source *source, const char *from, const char *end)
{
    Buf buf = buf_in(tidy->arena);
    bool is_inside = false;
    for (const char *at = from; at < end; at++) {
        if (*at == '"') {
            is_inside = !is_inside;
        } else if (is_inside) {
            buf_char(&buf, source->raw[at - source->code]);
        }
    }
    return buf_text(&buf);
}

static const char *first_after(const char *from, const char *end, char c)
{
    const char *at = memchr(from, c, (size_t)(end - from));
    return at == NULL ? end : at;
}

/* Named, or the third member. */
static const char *out_of(Tidy *tidy, const Source *source, const char *text_end, const char *end)
{
    const char *named = strstr(text_end, ".out");
    const char *from = named;
    if (named == NULL || named >= end) {
        const char *second = text_end < end ? first_after(text_end + 1, end, ',') : end;
        from = second;
    }
    return strings_join(tidy, source, from, end);
}

static bool constant_next(
    Tidy *tidy, const Source *source, const char **from, Constant *ret_constant)
{
    static const char start[] = "static const Sql ";
    const char *at = source->is_c ? strstr(*from, start) : NULL;
    if (at == NULL) {
        return false;
    }
    const char *end = strchr(at, ';');
    end = end == NULL ? at + strlen(at) : end;
    const char *name = at + strlen(start);
    size_t length = 0;
    while (is_word_char(name[length])) {
        length++;
    }
    const char *quote = first_after(name, end, '"');
    const char *text_end = first_after(quote, end, ',');
    *ret_constant = (Constant){
        .at = at,
        .end = end,
        .name = arena_copy(tidy->arena, name, length),
        .text = strings_join(tidy, source, name, text_end),
        .out = out_of(tidy, source, text_end, end),
    };
    *from = end;
    return true;
}

/* ---- one text for two engines */

/* What one engine understands and the other does not, or otherwise. */
static const struct {
    const char *part;
    bool is_word; /* not as a part of a longer name */
    const char *remedy;
} foreign[] = {
    {"::", false, "write CAST(x AS type)"},
    {"greatest", true, "write CASE WHEN a > b THEN a ELSE b END"},
    {"least", true, "write CASE WHEN a < b THEN a ELSE b END"},
    {"for update", true, "use the token {lock}"},
    {"for no key update", true, "use the token {lock}"},
    {"insert or", true, "use ON CONFLICT on a natural key"},
    {"ifnull", true, "write COALESCE"},
    {"iif", true, "write CASE"},
    {"rowid", true, "name the key"},
    {"glob", true, "search the folded column"},
    {"ilike", true, "search the folded column"},
    {"strftime", true, "reckon dates in C and bind them"},
    {"julianday", true, "reckon dates in C and bind them"},
    {"datetime", true, "reckon dates in C and bind them"},
    {"date_trunc", true, "reckon dates in C and bind them"},
    {"interval", true, "reckon dates in C and bind them"},
    {"current_date", true, "bind cx->today"},
    {"current_timestamp", true, "bind cx->now_ms"},
    {"now()", false, "bind cx->now_ms"},
    {"group_concat", true, "ask rows and join them in C"},
    {"string_agg", true, "ask rows and join them in C"},
    {"autoincrement", true, "ids come from db_new_id()"},
    {"pragma", true, "that is the driver's"},
};

/* The place of `part` in any case, NULL when absent. */
static const char *foreign_find(const char *text, const char *part, bool is_word)
{
    size_t length = strlen(part);
    for (const char *at = text; *at != '\0'; at++) {
        bool is_here = strncasecmp(at, part, length) == 0;
        bool is_alone = (at == text || !is_word_char(at[-1])) && !is_word_char(at[length]);
        if (is_here && (is_alone || !is_word)) {
            return at;
        }
    }
    return NULL;
}

static void check_sql_foreign(Tidy *tidy, const Source *source)
{
    const char *from = source->code;
    Constant constant;
    while (constant_next(tidy, source, &from, &constant)) {
        for (size_t i = 0; i < COUNT(foreign); i++) {
            if (foreign_find(constant.text, foreign[i].part, foreign[i].is_word) != NULL) {
                tidy_report(tidy, source, constant.at,
                    "%s: \"%s\" does not run alike on both engines; %s", constant.name,
                    foreign[i].part, foreign[i].remedy);
            }
        }
    }
}

/* ---- calls inside a text, by their parentheses */

typedef struct Call {
    char name[24]; /* lower case; "" for a bare parenthesis */
    int commas;
} Call;

enum { CALLS_MAX = 64 };

static Call call_at(const char *text, const char *parenthesis)
{
    const char *start = parenthesis;
    while (start > text && is_word_char(start[-1])) {
        start--;
    }
    Call call = {0};
    size_t length = (size_t)(parenthesis - start);
    for (size_t i = 0; i < length && i < sizeof(call.name) - 1; i++) {
        call.name[i] = (char)(start[i] >= 'A' && start[i] <= 'Z' ? start[i] - 'A' + 'a' : start[i]);
    }
    return call;
}

static bool is_within(const Call *calls, size_t depth, const char *name)
{
    for (size_t i = 0; i < depth; i++) {
        if (strcmp(calls[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void call_judge(Tidy *tidy, const Source *source, const Constant *constant, const Call *call)
{
    bool is_extreme = strcmp(call->name, "max") == 0 || strcmp(call->name, "min") == 0;
    if (is_extreme && call->commas > 0) {
        tidy_report(tidy, source, constant->at,
            "%s: %s of two values is SQLite's alone; write CASE", constant->name, call->name);
    }
}

static void check_sql_calls(Tidy *tidy, const Source *source)
{
    const char *from = source->code;
    Constant constant;
    while (constant_next(tidy, source, &from, &constant)) {
        Call calls[CALLS_MAX];
        size_t depth = 0;
        bool gives_number =
            strchr(constant.out, 'i') != NULL; /* what is only compared may differ */
        for (const char *at = constant.text; *at != '\0'; at++) {
            if (*at == '(' && depth < CALLS_MAX) {
                calls[depth] = call_at(constant.text, at);
                if (gives_number && strcmp(calls[depth].name, "sum") == 0 &&
                    !is_within(calls, depth, "cast")) {
                    tidy_report(tidy, source, constant.at,
                        "%s: a sum has another type on each engine; write CAST(SUM(x) AS BIGINT)",
                        constant.name);
                }
                depth++;
            } else if (*at == ')' && depth > 0) {
                depth--;
                call_judge(tidy, source, &constant, &calls[depth]);
            } else if (*at == ',' && depth > 0) {
                calls[depth - 1].commas++;
            }
        }
    }
}

/* ---- what each list must hold */

static void check_sql_list(Tidy *tidy, const Source *source)
{
    const char *from = source->code;
    Constant constant;
    while (constant_next(tidy, source, &from, &constant)) {
        bool is_list = strstr(constant.name, "list") != NULL;
        if (is_list && strstr(constant.text, "{visible:") == NULL) {
            tidy_report(tidy, source, constant.at,
                "%s lists rows without {visible:alias of partner}; join partner and add it",
                constant.name);
        }
    }
}

/* ---- SQL made of pieces */

static bool is_sql(const char *text)
{
    static const char *const starts[] = {
        "SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH "};
    for (size_t i = 0; i < COUNT(starts); i++) {
        if (line_starts(text, starts[i])) {
            return true;
        }
    }
    return false;
}

/* Strings inside of functions, which are indented; constants begin at the margin. */
static void check_sql_built(Tidy *tidy, const Source *source)
{
    if (!path_ends(source->path, ".c") || path_below(source->path, "src/db") ||
        line_starts(source->path, "src/op/record")) {
        return;
    }
    bool is_body = false;
    for (const char *line = source->code; line != NULL; line = line_next(line)) {
        is_body = *line == '{' || (is_body && *line != '}');
        const char *end = line_end(line);
        for (const char *at = line; is_body && at < end; at++) {
            if (*at == '"' && is_sql(source->raw + (at - source->code) + 1)) {
                tidy_report(tidy, source, at,
                    "SQL in a function; make it a whole static const Sql above, values bound as "
                    "$n");
            }
        }
    }
}

/* ---- migrations */

static int migration_number(const char *name)
{
    int number = 0;
    for (int i = 0; i < 4; i++) {
        if (name[i] < '0' || name[i] > '9') {
            return 0;
        }
        number = number * 10 + (name[i] - '0');
    }
    return name[4] == '_' ? number : 0;
}

static void check_migration(Tidy *tidy, const Source *source)
{
    if (!path_ends(source->path, ".sql")) {
        tidy_report(tidy, source, NULL, "only NNNN_name.sql is embedded; move it or rename it");
        return;
    }
    int number = migration_number(source->path + strlen("src/db/migrations/"));
    int before = 0;
    int same = 0;
    for (size_t i = 0; i < tidy->count; i++) {
        const char *path = tidy->sources[i].path;
        if (path_below(path, "src/db/migrations")) {
            int other = migration_number(path + strlen("src/db/migrations/"));
            before += other == number - 1 ? 1 : 0;
            same += other == number ? 1 : 0;
        }
    }
    if (number == 0 || same != 1 || (number > 1 && before != 1)) {
        tidy_report(
            tidy, source, NULL, "migrations are numbered 0001, 0002 … without gap or double");
    }
}

/* Outside of its comments. */
static void check_migration_text(Tidy *tidy, const Source *source)
{
    Buf buf = buf_in(tidy->arena);
    for (const char *line = source->raw; line != NULL; line = line_next(line)) {
        const char *end = line_end(line);
        const char *comment = line;
        while (comment < end && !line_starts(comment, "--")) {
            comment++;
        }
        buf_add(&buf, line, (size_t)(comment - line));
        buf_char(&buf, '\n');
    }
    for (size_t i = 0; i < COUNT(foreign); i++) {
        if (foreign_find(buf_text(&buf), foreign[i].part, foreign[i].is_word) != NULL) {
            tidy_report(tidy, source, NULL, "\"%s\" does not run alike on both engines; %s",
                foreign[i].part, foreign[i].remedy);
        }
    }
}

const Rule sql_rules[] = {
    {"sql-foreign", check_sql_foreign, "src"},
    {"sql-calls", check_sql_calls, "src"},
    {"sql-list", check_sql_list, "src/feature"},
    {"sql-built", check_sql_built, "src"},
    {"migration", check_migration, "src/db/migrations"},
    {"migration-text", check_migration_text, "src/db/migrations"},
    {0},
};
