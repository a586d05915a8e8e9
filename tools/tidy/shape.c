/* How a file, a line and a function may look. */
#include "tidy.h"

#include <string.h>

/* The header of a .c may say it for both. */
static void check_purpose(Tidy *tidy, const Source *source)
{
    const Source *header = path_ends(source->path, ".c") ? header_of(tidy, source) : NULL;
    if (source->is_c && header == NULL && !line_starts(source->raw, "/*")) {
        tidy_report(
            tidy, source, source->raw, "open with a comment that says what the file is for");
    }
}

/* Characters, not bytes: names may be Chinese. */
static size_t columns(const char *from, const char *end)
{
    size_t count = 0;
    for (; from < end; from++) {
        count += ((unsigned char)*from & 0xc0) != 0x80 ? 1 : 0;
    }
    return count;
}

static void check_line(Tidy *tidy, const Source *source)
{
    for (const char *line = source->raw; source->is_c && line != NULL; line = line_next(line)) {
        size_t width = columns(line, line_end(line));
        if (width > COLUMNS_MAX) {
            tidy_report(tidy, source, line,
                "%zu columns, %d is the limit; wrap it (code: clang-format -i --lines=N:N FILE)",
                width, COLUMNS_MAX);
        }
    }
}

static void check_space(Tidy *tidy, const Source *source)
{
    for (const char *line = source->raw; line != NULL; line = line_next(line)) {
        const char *end = line_end(line);
        if (end > line && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r')) {
            tidy_report(tidy, source, line, "blanks at the end of the line; remove them");
        }
        if (source->is_c && memchr(line, '\t', (size_t)(end - line)) != NULL) {
            tidy_report(tidy, source, line, "a tab; indent with four blanks, write \\t in strings");
        }
    }
    if (source->length > 0 && source->raw[source->length - 1] != '\n') {
        tidy_report(tidy, source, NULL, "the last line is not ended; add a newline");
    }
}

static void check_file(Tidy *tidy, const Source *source)
{
    size_t lines = 0;
    for (const char *line = source->raw; line != NULL; line = line_next(line)) {
        lines++;
    }
    if (!source->is_c || lines <= FILE_LINES_SMELL) {
        return;
    }
    if (lines > FILE_LINES_MAX) {
        tidy_report(tidy, source, NULL,
            "%zu lines, %d is the limit; split it by noun into a folder", lines, FILE_LINES_MAX);
    } else {
        tidy_smell(
            tidy, source, "%zu lines; over %d a split by noun is due", lines, FILE_LINES_SMELL);
    }
}

/* ---- functions */

typedef struct Function {
    const char *signature;
    const char *body; /* its line "{" */
    const char *end;  /* its line "}" */
} Function;

static bool line_is(const char *line, char c)
{
    return line[0] == c && (line[1] == '\n' || line[1] == '\0');
}

static const char *line_before(const char *code, const char *line)
{
    if (line == code) {
        return NULL;
    }
    const char *at = line - 1;
    while (at > code && at[-1] != '\n') {
        at--;
    }
    return at;
}

static bool ends_signature(const char *line)
{
    const char *end = line_end(line);
    return blank_skip(line) >= end || *line == '#' || *line == '}' || end[-1] == ';';
}

/* The next function from `from` on; false when there is none. */
static bool function_find(const char *code, const char *from, Function *ret_function)
{
    const char *line = from;
    while (line != NULL && !line_is(line, '{')) {
        line = line_next(line);
    }
    if (line == NULL) {
        return false;
    }
    Function function = {.signature = line, .body = line};
    for (const char *up = line_before(code, line); up != NULL && !ends_signature(up);
         up = line_before(code, up)) {
        function.signature = up;
    }
    while (line != NULL && !line_is(line, '}')) {
        line = line_next(line);
    }
    if (line == NULL) {
        return false;
    }
    function.end = line;
    *ret_function = function;
    return true;
}

/* A declaration in front of a body is no part of its length. */
static bool is_declaration(const Function *function)
{
    return line_starts(function->signature, "OP(");
}

static void check_function(Tidy *tidy, const Source *source)
{
    if (!source->is_c) {
        return;
    }
    Function function = {.end = source->code};
    while (function_find(source->code, function.end, &function)) {
        size_t lines = 1;
        const char *line = is_declaration(&function) ? function.body : function.signature;
        for (; line != function.end; line = line_next(line)) {
            lines++;
        }
        if (lines > FUNCTION_LINES_MAX) {
            tidy_report(tidy, source, function.body,
                "a function of %zu lines, %d is the limit; give its parts names", lines,
                FUNCTION_LINES_MAX);
        }
    }
    for (const char *line = source->code; line != NULL; line = line_next(line)) {
        const char *end = line_end(line);
        if (is_word_char(*line) && end - line > 3 && strncmp(end - 3, ") {", 3) == 0) {
            tidy_report(tidy, source, line, "put the brace of a function on a line of its own");
        }
    }
}

static void check_parameters(Tidy *tidy, const Source *source)
{
    if (!source->is_c) {
        return;
    }
    Function function = {.end = source->code};
    while (function_find(source->code, function.end, &function)) {
        int depth = 0;
        int parameters = 1;
        for (const char *at = function.signature; at < function.body; at++) {
            depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
            parameters += *at == ',' && depth == 1 && !line_starts(at, ", ...") ? 1 : 0;
        }
        /* ARGS(...) gives both at once. */
        const char *pair = strstr(function.signature, "const Arg *args,");
        parameters -= pair != NULL && pair < function.body ? 1 : 0;
        /* What a library's callback must take and does not use. */
        for (const char *at = function.signature;
             (at = word_find(at, "UNUSED")) != NULL && at < function.body; at++) {
            parameters--;
        }
        if (parameters > PARAMETERS_MAX && !is_declaration(&function)) {
            tidy_report(tidy, source, function.signature,
                "%d parameters, %d is the limit; group those that belong together in a struct",
                parameters, PARAMETERS_MAX);
        }
    }
}

/* A block, not a compound literal or an initialiser. */
static bool opens_block(const char *code, const char *brace)
{
    const char *at = brace;
    while (at > code && (at[-1] == ' ' || at[-1] == '\n')) {
        at--;
    }
    if (at == code) {
        return false;
    }
    char before = at[-1];
    if (before == ')') {
        return at != brace; /* "(Type){" has no blank */
    }
    return before == ';' || before == ':' || before == '{' || before == '}' ||
           (at - code >= 4 && (strncmp(at - 4, "else", 4) == 0 || strncmp(at - 2, "do", 2) == 0));
}

static void check_nesting(Tidy *tidy, const Source *source)
{
    if (!source->is_c) {
        return;
    }
    Function function = {.end = source->code};
    while (function_find(source->code, function.end, &function)) {
        bool is_block[64];
        size_t open = 0;
        int depth = 0;
        for (const char *at = function.body + 1; at < function.end; at++) {
            if (*at == '{' && open < COUNT(is_block)) {
                is_block[open] = opens_block(source->code, at);
                depth += is_block[open] ? 1 : 0;
                open++;
                if (is_block[open - 1] && depth > NESTING_MAX) {
                    tidy_report(tidy, source, at,
                        "nested %d deep, %d is the limit; return early or name the inner part",
                        depth, NESTING_MAX);
                }
            } else if (*at == '}' && open > 0) {
                open--;
                depth -= is_block[open] ? 1 : 0;
            }
        }
    }
}

/* ---- words that mark what is not finished, or a check switched off */

static void check_words(Tidy *tidy, const Source *source)
{
    static const char *const words[] = {
        "TODO",
        "FIXME",
        "NOLINT",
        "NOLINTNEXTLINE",
        "unimplemented",
        "eslint-disable",
        "ts-ignore",
        "ts-nocheck",
        "not implemented",
        "for now",
        "GCC diagnostic",
        "test.todo",
        "test.only",
        "test.skip(",
        "describe.skip(",
        "it.only(",
    };
    if (strcmp(source->path, "tools/tidy/shape.c") == 0) {
        return;
    }
    for (size_t i = 0; i < COUNT(words); i++) {
        for (const char *at = source->raw; (at = word_find(at, words[i])) != NULL; at++) {
            tidy_report(tidy, source, at,
                "\"%s\": finish it, or take it out and say so in the issue", words[i]);
        }
    }
}

const Rule shape_rules[] = {
    {"purpose", check_purpose, "src"},
    {"line", check_line, NULL},
    {"space", check_space, NULL},
    {"file", check_file, NULL},
    {"function", check_function, NULL},
    {"parameters", check_parameters, "src"},
    {"nesting", check_nesting, "src"},
    {"words", check_words, NULL},
    {0},
};
