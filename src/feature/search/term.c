/* The terms by which a record is found. A name gives one for each place where somebody may begin to
 * type it: its words, and each of its Chinese characters, which have no blanks between them; of the
 * latter also how it sounds from there on. */
#include "feature/search/term.h"

#include "base/buf.h"
#include "base/spell.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    UNITS_MAX = 48,
    STARTS_MAX = 8,
    TWOFOLD_MAX = 3, /* characters of several readings that a term tries all of */
};

/* One character of a folded name. */
typedef struct Unit {
    const char *at;
    size_t length;
    bool begins; /* a word, or is Chinese */
    size_t reading_count;
    const char *readings[SPELL_READINGS_MAX];
} Unit;

typedef struct Name {
    Unit units[UNITS_MAX];
    size_t count;
    size_t end; /* where the legal form begins, with which nobody begins to type */
} Name;

static void name_read(const char *folded, Name *ret_name)
{
    size_t left = strlen(folded);
    bool begins = true;
    for (const char *at = folded; left > 0 && ret_name->count < UNITS_MAX;) {
        size_t length = utf8_length(at, left);
        length = length == 0 ? 1 : length;
        if (*at == ' ') {
            begins = true;
        } else {
            Unit *unit = &ret_name->units[ret_name->count++];
            bool is_han = spell_is_han(at);
            *unit = (Unit){.at = at, .length = length, .begins = begins || is_han};
            unit->reading_count = spell_readings(at, unit->readings);
            begins = is_han;
        }
        at += length;
        left -= length;
    }
}

static size_t legal_form_start(const Name *name)
{
    static const char *const forms[] = {"有限责任公司", "股份有限公司", "有限公司", "公司"};
    for (size_t i = 0; i < COUNT(forms); i++) {
        size_t length = strlen(forms[i]);
        size_t characters = length / 3;
        size_t start = name->count - characters;
        if (name->count > characters && strncmp(name->units[start].at, forms[i], length) == 0) {
            return start;
        }
    }
    return name->count;
}

static void term_add(Arena *arena, Terms *terms, TermHow how, const char *text, size_t length)
{
    size_t cut = 0;
    while (cut < length) {
        size_t size = utf8_length(text + cut, length - cut);
        size = size == 0 ? 1 : size;
        if (cut + size > TERM_BYTES) {
            break;
        }
        cut += size;
    }
    if (cut == 0 || terms->count == TERMS_MAX) {
        return;
    }
    for (size_t i = 0; i < terms->count; i++) {
        const Term *term = &terms->items[i];
        if (term->how == how && strlen(term->text) == cut && memcmp(term->text, text, cut) == 0) {
            return;
        }
    }
    terms->items[terms->count++] = (Term){.how = how, .text = arena_copy(arena, text, cut)};
}

/* How the name sounds from a place on; two bits of `choice` each take a reading of a character that
 * has several. */
static void sound_add(Arena *arena, Terms *terms, const Name *name, size_t from, unsigned choice)
{
    Buf whole = buf_in(arena);
    Buf initials = buf_in(arena);
    size_t twofold = 0;
    for (size_t i = from; i < name->count && whole.length < TERM_BYTES; i++) {
        const Unit *unit = &name->units[i];
        if (unit->reading_count == 0) {
            buf_add(&whole, unit->at, unit->length);
            buf_add(&initials, unit->at, unit->length);
            continue;
        }
        size_t reading = 0;
        if (unit->reading_count > 1) {
            reading = twofold < TWOFOLD_MAX ? choice >> (2 * twofold) & 3 : 0;
            twofold++;
        }
        const char *sound = unit->readings[reading < unit->reading_count ? reading : 0];
        buf_str(&whole, sound);
        buf_char(&initials, sound[0]);
    }
    term_add(arena, terms, TERM_PINYIN, buf_text(&whole), whole.length);
    term_add(arena, terms, TERM_INITIALS, buf_text(&initials), initials.length);
}

static void sounds_add(Arena *arena, Terms *terms, const Name *name, size_t from)
{
    size_t twofold = 0;
    for (size_t i = from; i < name->count && twofold < TWOFOLD_MAX; i++) {
        twofold += name->units[i].reading_count > 1 ? 1 : 0;
    }
    for (unsigned choice = 0; choice < 1u << (2 * twofold); choice++) {
        sound_add(arena, terms, name, from, choice);
    }
}

static const char *rest_of(Arena *arena, const Name *name, size_t from)
{
    Buf rest = buf_in(arena);
    for (size_t at = from; at < name->count && rest.length < TERM_BYTES; at++) {
        buf_add(&rest, name->units[at].at, name->units[at].length);
    }
    return buf_text(&rest);
}

static void text_terms(Arena *arena, const char *text, Terms *terms)
{
    Name name = {0};
    name_read(spell_fold(arena, text), &name);
    size_t starts = 0;
    for (size_t i = 0; i < name.count && starts < STARTS_MAX; i++) {
        if (name.units[i].begins) {
            const char *rest = rest_of(arena, &name, i);
            term_add(arena, terms, TERM_FIELD, rest, strlen(rest));
            starts++;
        }
    }
}

static void name_terms(Arena *arena, const char *text, Terms *terms)
{
    Name name = {0};
    name_read(spell_fold(arena, text), &name);
    name.end = legal_form_start(&name);
    bool has_han = false;
    for (size_t i = 0; i < name.count; i++) {
        has_han = has_han || name.units[i].reading_count > 0;
    }
    size_t starts = 0;
    for (size_t i = 0; i < name.count && starts < STARTS_MAX; i++) {
        if (!name.units[i].begins || (i >= name.end && i > 0)) {
            continue;
        }
        starts++;
        const char *rest = rest_of(arena, &name, i);
        term_add(arena, terms, i == 0 ? TERM_NAME : TERM_WORD, rest, strlen(rest));
        if (name.units[i].reading_count > 0 || (i == 0 && has_han)) {
            sounds_add(arena, terms, &name, i);
        }
    }
}

static int term_compare(const void *a, const void *b)
{
    const Term *first = a;
    const Term *second = b;
    return first->how != second->how ? (int)first->how - (int)second->how
                                     : strcmp(first->text, second->text);
}

const char *term_text(Arena *arena, const char *text)
{
    const char *folded = spell_fold(arena, text);
    Buf bare = buf_in(arena);
    for (const char *at = folded; *at != '\0';) {
        size_t length = strcspn(at, " ");
        buf_add(&bare, at, length);
        at += length + strspn(at + length, " ");
    }
    Terms one = {0};
    term_add(arena, &one, TERM_CODE, buf_text(&bare), bare.length);
    return one.count == 0 ? "" : one.items[0].text;
}

bool term_is_of(Arena *arena, const char *text, const char *term)
{
    Terms terms = {0};
    text_terms(arena, text, &terms);
    for (size_t i = 0; i < terms.count; i++) {
        if (strcmp(terms.items[i].text, term) == 0) {
            return true;
        }
    }
    return false;
}

void terms_make(Arena *arena, const TermSource *source, Terms *ret_terms)
{
    *ret_terms = (Terms){0};
    const char *codes[] = {source->code, source->further};
    for (size_t i = 0; i < COUNT(codes); i++) {
        const char *text = codes[i] == NULL ? "" : term_text(arena, codes[i]);
        term_add(arena, ret_terms, TERM_CODE, text, strlen(text));
    }
    if (source->name != NULL) {
        name_terms(arena, source->name, ret_terms);
    }
    for (size_t i = 0; source->texts[i] != NULL; i++) {
        text_terms(arena, source->texts[i], ret_terms);
    }
    qsort(ret_terms->items, ret_terms->count, sizeof(Term), term_compare);
}
