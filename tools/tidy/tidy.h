/* tidy holds the tree to its own rules, the ones no compiler knows. Each finding names its remedy;
 * each rule has a fixture in tests/tidy that breaks it, so that no rule is a check that cannot
 * fail. */
#ifndef GUANXI_TOOLS_TIDY_H
#define GUANXI_TOOLS_TIDY_H

#include "base/arena.h"

enum {
    COLUMNS_MAX = 100,
    FUNCTION_LINES_MAX = 70,
    NESTING_MAX = 3,
    PARAMETERS_MAX = 6,
    FILE_LINES_MAX = 1000,
    FILE_LINES_SMELL = 600,
    SOURCES_MAX = 4000,
};

/* One file. code is raw with comments and the insides of strings blanked, byte for byte in the same
 * place; only for C, else it is raw. */
typedef struct Source {
    const char *path; /* from the root of the tree */
    const char *raw;
    const char *code;
    size_t length;
    bool is_c;
} Source;

typedef struct Tidy Tidy;
typedef void (*RuleCheck)(Tidy *tidy, const Source *source);

typedef struct Rule {
    const char *name;
    RuleCheck check;    /* asked for each file */
    const char *folder; /* only files below it; NULL: all */
} Rule;

struct Tidy {
    Arena *arena;
    Source *sources;
    size_t count;
    const Rule *rule; /* being asked */
    bool is_quiet;    /* counts findings and does not print them */
    size_t findings;
    size_t smells;
};

extern const Rule shape_rules[];
extern const Rule house_rules[];
extern const Rule sql_rules[];
extern const Rule declared_rules[];

/* at: a place in the source's text, or NULL when the file as a whole is meant. */
void tidy_report(Tidy *tidy, const Source *source, const char *at, const char *format, ...)
    PRINTF_LIKE(4, 5);
void tidy_smell(Tidy *tidy, const Source *source, const char *format, ...) PRINTF_LIKE(3, 4);

/* The header beside a .c, NULL when there is none. */
const Source *header_of(const Tidy *tidy, const Source *source);

/* ---- texts */

void source_blank(Arena *arena, Source *source); /* fills code */
bool path_below(const char *path, const char *folder);
bool path_ends(const char *path, const char *end);
bool is_word_char(char c);
/* The next place of the word from `from` on, not as a part of another; NULL when there is none. */
const char *word_find(const char *from, const char *word);
const char *line_end(const char *at);
const char *line_next(const char *at); /* NULL after the last */
bool line_starts(const char *line, const char *start);
const char *blank_skip(const char *at);

#endif
