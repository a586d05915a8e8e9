/* Expands the tokens of statements and migrations for one engine. */
#include "db/sql.h"

#include "base/buf.h"
#include "base/log.h"

#include <string.h>

/* ---- Characters ---- */

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t name_length(const char *text)
{
    size_t length = 0;
    while (is_name_char(text[length])) {
        length++;
    }
    return length;
}

/* How many characters from here on are none of the expander's business: a quoted text or name, or a
 * comment to the end of its line; 0 for anything else. */
static size_t opaque_length(const char *text)
{
    if (text[0] == '-' && text[1] == '-') {
        return strcspn(text, "\n");
    }
    if (text[0] != '\'' && text[0] != '"') {
        return 0;
    }
    const char *end = strchr(text + 1, text[0]);
    return end == NULL ? strlen(text) : (size_t)(end - text) + 1;
}

/* ---- Patterns ---- */

typedef struct Name {
    const char *at;
    size_t length;
} Name;

static void pattern_write(Buf *out, const char *pattern, Name name)
{
    const char *mark = strstr(pattern, "%c");
    while (mark != NULL) {
        buf_add(out, pattern, (size_t)(mark - pattern));
        buf_add(out, name.at, name.length);
        pattern = mark + 2;
        mark = strstr(pattern, "%c");
    }
    buf_str(out, pattern);
}

/* ---- Statements ---- */

static NORETURN void statement_bug(const Sql *sql, const char *what)
{
    log_line(LOG_ERROR, "%s in the statement: %s", what, sql->text);
    assert_fail(what, __FILE__, __LINE__);
}

static void visible_write(Buf *out, const char *alias, size_t length, size_t first)
{
    int n = (int)length;
    buf_printf(out,
        "(($%zu = 0 OR %.*s.territory_id IS NULL OR %.*s.territory_id IN"
        " (SELECT territory_id FROM user_territory WHERE user_id = $%zu))"
        " AND ($%zu = 0 OR %.*s.id = $%zu))",
        first, n, alias, n, alias, first, first + 1, n, alias, first + 1);
}

/* Dates that are reckoned from a column's; %c stands for it. */
static const struct {
    const char *start; /* of the token, up to the column */
    const char *sqlite;
    const char *postgres;
} date_tokens[] = {
    {"{day_after ", "date(%c, '+1 day')", "(%c + 1)"},
    {"{30_days_after ", "date(%c, '+30 days')", "(%c + 30)"},
    {"{month_of ", "date(%c, 'start of month')", "CAST(date_trunc('month', %c) AS DATE)"},
};

/* 0: it begins none of these. */
static size_t date_write(Buf *out, const Sql *sql, const char *at, Engine engine)
{
    size_t i = 0;
    while (i < COUNT(date_tokens) &&
           strncmp(at, date_tokens[i].start, strlen(date_tokens[i].start)) != 0) {
        i++;
    }
    if (i == COUNT(date_tokens)) {
        return 0;
    }
    const char *column = at + strlen(date_tokens[i].start);
    size_t length = name_length(column);
    if (column[length] == '.') {
        length += 1 + name_length(column + length + 1);
    }
    if (length == 0 || column[length] != '}') {
        statement_bug(sql, "a token of a date without its column");
    }
    pattern_write(out, engine == ENGINE_POSTGRES ? date_tokens[i].postgres : date_tokens[i].sqlite,
        (Name){column, length});
    return (size_t)(column + length + 1 - at);
}

/* Writes the token out and gives its length; 0 when the brace begins none. */
static size_t token_write(
    Buf *out, const Sql *sql, const char *at, Engine engine, bool sees_all, bool *ret_sight)
{
    static const char lock[] = "{lock}";
    static const char by_id[] = "{by_id}";
    static const char steady[] = "{steady}";
    static const char visible[] = "{visible:";
    if (strncmp(at, lock, sizeof(lock) - 1) == 0) {
        buf_str(out, engine == ENGINE_POSTGRES ? "FOR NO KEY UPDATE" : "");
        return sizeof(lock) - 1;
    }
    if (strncmp(at, by_id, sizeof(by_id) - 1) == 0) {
        buf_str(out, engine == ENGINE_SQLITE ? "NOT INDEXED" : "");
        return sizeof(by_id) - 1;
    }
    if (strncmp(at, steady, sizeof(steady) - 1) == 0) {
        return sizeof(steady) - 1;
    }
    size_t date = date_write(out, sql, at, engine);
    if (date > 0) {
        return date;
    }
    if (strncmp(at, visible, sizeof(visible) - 1) != 0) {
        statement_bug(sql, "an unknown token");
    }
    const char *alias = at + sizeof(visible) - 1;
    size_t length = name_length(alias);
    if (length == 0 || alias[length] != '}') {
        statement_bug(sql, "a {visible:} without its alias");
    }
    if (sees_all) {
        buf_str(out, "1 = 1");
    } else {
        visible_write(out, alias, length, strlen(sql->in) + 1);
        *ret_sight = true;
    }
    return (size_t)(alias + length + 1 - at);
}

enum { PARAMETERS_MAX = 64 };

/* Marks the number behind a dollar sign as used. */
static void parameter_note(const Sql *sql, const char *digits, bool used[PARAMETERS_MAX + 1])
{
    size_t number = 0;
    while (is_digit(*digits) && number <= PARAMETERS_MAX) {
        number = number * 10 + (size_t)(*digits - '0');
        digits++;
    }
    if (number == 0 || number > strlen(sql->in)) {
        statement_bug(sql, "a parameter that is not declared");
    }
    used[number] = true;
}

Expanded sql_expand(Arena *arena, const Sql *sql, Engine engine, bool sees_all)
{
    size_t declared = strlen(sql->in);
    bool used[PARAMETERS_MAX + 1] = {false};
    if (declared > PARAMETERS_MAX) {
        statement_bug(sql, "too many parameters");
    }
    Expanded expanded = {.sql = *sql};
    Buf out = buf_in(arena);
    for (const char *at = sql->text; *at != '\0';) {
        size_t length = opaque_length(at);
        if (length == 0 && *at == '{') {
            at += token_write(&out, sql, at, engine, sees_all, &expanded.has_sight);
            continue;
        }
        if (length == 0 && *at == '$') {
            parameter_note(sql, at + 1, used);
        }
        length = length == 0 ? 1 : length;
        buf_add(&out, at, length);
        at += length;
    }
    for (size_t number = 1; number <= declared; number++) {
        if (!used[number]) {
            statement_bug(sql, "a declared parameter that is not used");
        }
    }
    expanded.sql.text = buf_text(&out);
    expanded.sql.in = arena_printf(arena, "%s%s", sql->in, expanded.has_sight ? "kk" : "");
    expanded.sql.out = sql->out == NULL ? "" : arena_str(arena, sql->out);
    return expanded;
}

/* ---- Migrations ---- */

/* %c stands for the column, in ref and aref for the table. */
typedef struct ColumnType {
    const char *token;
    const char *sqlite;
    const char *postgres;
} ColumnType;

/* {account_key} stands in a list, so it is a constraint in SQLite too. */
static const ColumnType column_types[] = {
    {"key", "INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY"},
    {"akey", "INTEGER PRIMARY KEY", "BIGINT NOT NULL"},
    {"account_key", "CHECK (account_id >= 0)", "PRIMARY KEY (id, account_id)"},
    {"account", "", ", account_id"},
    {"id", "INTEGER", "BIGINT"},
    {"i64", "INTEGER", "BIGINT"},
    {"text", "TEXT", "TEXT COLLATE \"C\""},
    {"bytes", "BLOB", "BYTEA"},
    {"bool", "INTEGER CHECK (%c IN (0, 1))", "BOOLEAN"},
    /* date() without a modifier gives 2025-02-30 back as it is */
    {"date", "TEXT CHECK (%c IS date(%c, '+0 days'))", "DATE"},
    {"by_key", "STRICT, WITHOUT ROWID", ""},
    {"ref", "INTEGER REFERENCES %c(id)", "BIGINT REFERENCES %c(id)"},
    {"aref", "INTEGER REFERENCES %c(id)", "BIGINT"},
};

typedef struct Reference {
    Name column;
    Name table;
} Reference;

enum { REFERENCES_MAX = 8 };

/* A migration on its way from text to out. */
typedef struct Expansion {
    const char *text;
    Engine engine;
    Buf out;
    Reference references[REFERENCES_MAX]; /* by {aref}, until the {account_key} of their table */
    size_t reference_count;
    bool in_table; /* from CREATE TABLE to its last parenthesis */
    int depth;     /* of parentheses in it */
} Expansion;

static bool name_is(Name name, const char *text)
{
    return strlen(text) == name.length && strncmp(name.at, text, name.length) == 0;
}

/* The word, or the quoted name, that ends right before `end`, blanks skipped. */
static Name name_before(const char *start, const char *end)
{
    while (end > start && (end[-1] == ' ' || end[-1] == '\n' || end[-1] == '\t')) {
        end--;
    }
    const char *first = end;
    if (first > start && first[-1] == '"') {
        first--;
        while (first > start && first[-1] != '"') {
            first--;
        }
        first -= first > start ? 1 : 0;
    }
    while (first > start && is_name_char(first[-1])) {
        first--;
    }
    return (Name){.at = first, .length = (size_t)(end - first)};
}

static const ColumnType *column_type_find(Name token)
{
    for (size_t i = 0; i < COUNT(column_types); i++) {
        if (name_is(token, column_types[i].token)) {
            return &column_types[i];
        }
    }
    return NULL;
}

/* A foreign key of two columns cannot stand behind one of them. */
static void references_write(Expansion *e)
{
    for (size_t i = 0; i < e->reference_count; i++) {
        const Reference *r = &e->references[i];
        buf_printf(&e->out, ", FOREIGN KEY (%.*s, account_id) REFERENCES %.*s (id, account_id)",
            (int)r->column.length, r->column.at, (int)r->table.length, r->table.at);
    }
    e->reference_count = 0;
}

/* Writes the token at the brace out and gives its length; 0 when there is none. */
static size_t column_write(Expansion *e, const char *at)
{
    Name token = {.at = at + 1, .length = name_length(at + 1)};
    const ColumnType *type = column_type_find(token);
    const char *after = token.at + token.length;
    after += strspn(after, " ");
    Name table = {.at = after, .length = name_length(after)};
    bool has_table = name_is(token, "ref") || name_is(token, "aref");
    after += table.length;
    if (type == NULL || *after != '}' || has_table != (table.length > 0)) {
        return 0;
    }
    Name column = name_before(e->text, at);
    bool is_postgres = e->engine == ENGINE_POSTGRES;
    pattern_write(&e->out, is_postgres ? type->postgres : type->sqlite, has_table ? table : column);
    if (is_postgres && name_is(token, "aref")) {
        ASSERT(e->reference_count < REFERENCES_MAX);
        e->references[e->reference_count++] = (Reference){.column = column, .table = table};
    }
    if (is_postgres && name_is(token, "account_key")) {
        references_write(e);
    }
    return (size_t)(after + 1 - at);
}

/* Whether this comment line begins a part, and for whom. */
static bool part_begins(const char *line, size_t length, Engine engine, bool *ret_is_ours)
{
    static const struct {
        const char *title;
        bool is_ours[2];
    } parts[] = {
        {"-- both", {[ENGINE_SQLITE] = true, [ENGINE_POSTGRES] = true}},
        {"-- sqlite", {[ENGINE_SQLITE] = true, [ENGINE_POSTGRES] = false}},
        {"-- postgres", {[ENGINE_SQLITE] = false, [ENGINE_POSTGRES] = true}},
    };
    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\r')) {
        length--;
    }
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (strlen(parts[i].title) == length && strncmp(line, parts[i].title, length) == 0) {
            *ret_is_ours = parts[i].is_ours[engine];
            return true;
        }
    }
    return false;
}

/* SQLite keeps to the declared types in STRICT tables only. */
static void char_write(Expansion *e, const char *at)
{
    static const char create[] = "CREATE TABLE ";
    if (strncmp(at, create, sizeof(create) - 1) == 0) {
        e->in_table = true;
        e->depth = 0;
    }
    e->depth += *at == '(' ? 1 : 0;
    e->depth -= *at == ')' ? 1 : 0;
    buf_char(&e->out, *at);
    if (*at == ')' && e->in_table && e->depth == 0) {
        e->in_table = false;
        buf_str(&e->out, e->engine == ENGINE_SQLITE && at[1] == ';' ? " STRICT" : "");
    }
}

const char *sql_expand_migration(Arena *arena, const char *text, Engine engine)
{
    Expansion e = {.text = text, .engine = engine, .out = buf_in(arena)};
    bool is_ours = true;
    for (const char *at = text; *at != '\0';) {
        size_t length = opaque_length(at);
        bool is_line = at == text || at[-1] == '\n';
        if (length > 0 && is_line && part_begins(at, length, engine, &is_ours)) {
            at += length;
            continue;
        }
        size_t token = length == 0 && *at == '{' && is_ours ? column_write(&e, at) : 0;
        if (token > 0) {
            at += token;
            continue;
        }
        if (is_ours && length == 0) {
            char_write(&e, at);
        } else if (is_ours) {
            buf_add(&e.out, at, length);
        }
        length = length == 0 ? 1 : length;
        at += length;
    }
    return buf_text(&e.out);
}
