/* Texts: blanking of comments and strings, words and lines. */
#include "tidy.h"

#include <string.h>

typedef enum Inside { IN_CODE, IN_LINE_COMMENT, IN_COMMENT, IN_STRING, IN_LETTER } Inside;

/* What the text at `at` is inside of, seen from `now`; may step over a second character. */
static Inside inside_next(Inside now, const char *at, size_t *step)
{
    *step = 1;
    switch (now) {
    case IN_CODE:
        if (at[0] == '/' && (at[1] == '/' || at[1] == '*')) {
            *step = 2;
            return at[1] == '/' ? IN_LINE_COMMENT : IN_COMMENT;
        }
        return at[0] == '"' ? IN_STRING : at[0] == '\'' ? IN_LETTER : IN_CODE;
    case IN_LINE_COMMENT:
        return at[0] == '\n' ? IN_CODE : IN_LINE_COMMENT;
    case IN_COMMENT:
        if (at[0] == '*' && at[1] == '/') {
            *step = 2;
            return IN_CODE;
        }
        return IN_COMMENT;
    case IN_STRING:
    case IN_LETTER:
        if (at[0] == '\\' && at[1] != '\0') {
            *step = 2;
            return now;
        }
        return at[0] == (now == IN_STRING ? '"' : '\'') ? IN_CODE : now;
    }
    return IN_CODE;
}

void source_blank(Arena *arena, Source *source)
{
    source->code = source->raw;
    if (!source->is_c) {
        return;
    }
    char *code = arena_copy(arena, source->raw, source->length);
    Inside inside = IN_CODE;
    for (size_t i = 0; i < source->length;) {
        size_t step;
        Inside next = inside_next(inside, source->raw + i, &step);
        bool is_quote = (inside == IN_CODE || next == IN_CODE) && step == 1;
        for (size_t k = 0; k < step; k++) {
            bool is_code = inside == IN_CODE && next == IN_CODE;
            if (!is_code && !is_quote && code[i + k] != '\n') {
                code[i + k] = ' ';
            }
        }
        inside = next;
        i += step;
    }
    source->code = code;
}

const Source *header_of(const Tidy *tidy, const Source *source)
{
    char *header = arena_str(tidy->arena, source->path);
    header[strlen(header) - 1] = 'h';
    for (size_t i = 0; i < tidy->count; i++) {
        if (strcmp(tidy->sources[i].path, header) == 0) {
            return &tidy->sources[i];
        }
    }
    return NULL;
}

bool path_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || folder[length - 1] == '/');
}

bool path_ends(const char *path, const char *end)
{
    size_t length = strlen(path);
    size_t tail = strlen(end);
    return length >= tail && strcmp(path + length - tail, end) == 0;
}

bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

const char *word_find(const char *from, const char *word)
{
    size_t length = strlen(word);
    const char *start = from;
    for (const char *at = from; (at = strstr(at, word)) != NULL; at++) {
        if ((at == start || !is_word_char(at[-1])) && !is_word_char(at[length])) {
            return at;
        }
    }
    return NULL;
}

const char *line_end(const char *at)
{
    const char *end = strchr(at, '\n');
    return end == NULL ? at + strlen(at) : end;
}

const char *line_next(const char *at)
{
    const char *end = line_end(at);
    return *end == '\0' || end[1] == '\0' ? NULL : end + 1;
}

bool line_starts(const char *line, const char *start)
{
    return strncmp(line, start, strlen(start)) == 0;
}

const char *blank_skip(const char *at)
{
    while (*at == ' ' || *at == '\t' || *at == '\n') {
        at++;
    }
    return at;
}
