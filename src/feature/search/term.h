/* The terms by which a record is found: beginnings of what people type. Private to search. */
#ifndef GUANXI_FEATURE_SEARCH_TERM_H
#define GUANXI_FEATURE_SEARCH_TERM_H

#include "base/arena.h"

/* How a term belongs to its record; what comes first is shown first. */
typedef enum TermHow {
    TERM_NONE,
    TERM_CODE,     /* a code, a telephone number, a mail address */
    TERM_NAME,     /* from its beginning */
    TERM_WORD,     /* from a later word or Chinese character */
    TERM_PINYIN,   /* how it sounds, from a Chinese character */
    TERM_INITIALS, /* the first letters of that */
    TERM_FIELD,    /* from a word of a text in a field that the organisation added */
} TermHow;

typedef struct Term {
    TermHow how;
    const char *text;
} Term;

enum { TERMS_MAX = 128, TERM_BYTES = 32 };

typedef struct Terms {
    Term items[TERMS_MAX];
    size_t count;
} Terms;

/* What a record is found by; each may be NULL, and `texts` ends with NULL. */
typedef struct TermSource {
    const char *code;
    const char *name;
    const char *further;
    const char *const *texts;
} TermSource;

/* In ascending order, none twice. */
void terms_make(Arena *arena, const TermSource *source, Terms *ret_terms);
/* Whether a text of `texts` gives this term. */
bool term_is_of(Arena *arena, const char *text, const char *term);
/* What is typed, as terms are written: folded and without blanks, cut to TERM_BYTES. */
const char *term_text(Arena *arena, const char *text);

#endif
