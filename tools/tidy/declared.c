/* Declarations: what a header of src/ promises is there, and another file calls it. */
#include "tidy.h"

#include <string.h>

/* The name that a line at the margin declares as a function, NULL when it declares none. */
static const char *declared_name(Arena *arena, const char *line)
{
    static const char *const others[] = {
        "typedef", "static", "struct", "enum", "union", "extern \""};
    if (!is_word_char(*line)) {
        return NULL;
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        if (line_starts(line, others[i])) {
            return NULL;
        }
    }
    const char *end = line_end(line);
    const char *open = memchr(line, '(', (size_t)(end - line));
    const char *start = open;
    while (start != NULL && start > line && is_word_char(start[-1])) {
        start--;
    }
    /* A macro call at the margin (OP, SCHEMA) has nothing before its name. */
    return start == NULL || start == open || start == line
               ? NULL
               : arena_copy(arena, start, (size_t)(open - start));
}

/* A line at the margin that has the name before a parenthesis, in a .c. */
static bool is_definition(const Source *source, const char *at, size_t length)
{
    const char *line = at;
    while (line > source->code && line[-1] != '\n') {
        line--;
    }
    return path_ends(source->path, ".c") && is_word_char(*line) && at[length] == '(' &&
           !line_starts(line, "return");
}

typedef struct Uses {
    size_t definitions;
    size_t calls; /* outside of the file that defines it */
} Uses;

static Uses uses_in(const Source *source, const char *name)
{
    Uses uses = {0};
    size_t mentions = 0;
    for (const char *at = source->code; (at = word_find(at, name)) != NULL; at++) {
        if (is_definition(source, at, strlen(name))) {
            uses.definitions++;
        } else {
            mentions++;
        }
    }
    uses.calls = uses.definitions == 0 ? mentions : 0;
    return uses;
}

static Uses uses_of(const Tidy *tidy, const Source *header, const char *name)
{
    Uses uses = {0};
    for (size_t i = 0; i < tidy->count; i++) {
        const Source *source = &tidy->sources[i];
        if (source->is_c && source != header) {
            Uses here = uses_in(source, name);
            uses.definitions += here.definitions;
            uses.calls += here.calls;
        }
    }
    /* Macros of the header stand for their users. */
    for (const char *line = header->code; line != NULL; line = line_next(line)) {
        const char *at = line[0] == '#' || line[0] == ' ' ? word_find(line, name) : NULL;
        uses.calls += at != NULL && at < line_end(line) ? 1 : 0;
    }
    return uses;
}

static void check_declared(Tidy *tidy, const Source *source)
{
    if (!path_ends(source->path, ".h")) {
        return;
    }
    for (const char *line = source->code; line != NULL; line = line_next(line)) {
        const char *name = declared_name(tidy->arena, line);
        if (name == NULL) {
            continue;
        }
        Uses uses = uses_of(tidy, source, name);
        if (uses.definitions == 0) {
            tidy_report(
                tidy, source, line, "%s is declared and nowhere written; take it out", name);
        } else if (uses.calls == 0) {
            tidy_report(tidy, source, line,
                "%s is called by no other file; make it static or take it out", name);
        }
    }
}

const Rule declared_rules[] = {
    {"declared", check_declared, "src"},
    {0},
};
