/* JSON. Reading: bounds are counted on the text before jansson allocates for it. Writing: straight
 * into a Buf. The only doubles outside the scores are here, on their way to exact text. */
#include "base/json.h"

#include "base/limits.h"
#include "base/money.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading */

typedef struct Scan {
    size_t depth;
    size_t nodes; /* values; a key is taken back at its colon */
} Scan;

static bool is_bare(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '+' || c == '.';
}

/* The place after the string that opens at `at`. */
static size_t string_end(const char *text, size_t length, size_t at)
{
    for (at++; at < length && text[at] != '"'; at++) {
        if (text[at] == '\\') {
            at++;
        }
    }
    return at < length ? at + 1 : length;
}

static size_t bare_end(const char *text, size_t length, size_t at)
{
    while (at < length && is_bare(text[at])) {
        at++;
    }
    return at;
}

/* One token at `at`; returns the place after it. */
static size_t token_scan(Scan *scan, const char *text, size_t length, size_t at)
{
    switch (text[at]) {
    case '{':
    case '[':
        scan->depth++;
        scan->nodes++;
        return at + 1;
    case '}':
    case ']':
        scan->depth -= scan->depth > 0 ? 1 : 0;
        return at + 1;
    case ':':
        scan->nodes -= scan->nodes > 0 ? 1 : 0;
        return at + 1;
    case '"':
        scan->nodes++;
        return string_end(text, length, at);
    default:
        if (!is_bare(text[at])) {
            return at + 1;
        }
        scan->nodes++;
        return bare_end(text, length, at);
    }
}

static Err bounds_check(Ctx *cx, const char *text, size_t length)
{
    Scan scan = {0};
    for (size_t at = 0; at < length;) {
        size_t next = token_scan(&scan, text, length, at);
        if (scan.depth > LIMIT_JSON_DEPTH) {
            return err_set(cx, ERR_MALFORMED, NULL,
                "Nested deeper than %d levels at byte %zu; send a flatter value.", LIMIT_JSON_DEPTH,
                at + 1);
        }
        if (scan.nodes > LIMIT_JSON_NODES) {
            return err_set(cx, ERR_MALFORMED, NULL,
                "More than %d values at byte %zu; send them in several requests.", LIMIT_JSON_NODES,
                at + 1);
        }
        at = next;
    }
    return ERR_OK;
}

/* What jansson says, by how it begins, and what we say for it: its own words name its flags and
 * quote what it read, which may be cut inside a character. */
static const struct {
    const char *begins;
    const char *says;
} complaints[] = {
    {"string or '}' expected", "a key in double quotes or a closing } must stand here"},
    {"':' expected", "a colon must follow the key"},
    {"'}' expected", "a comma or a closing } is missing"},
    {"']' expected", "a comma or a closing ] is missing"},
    {"end of file expected", "something follows the end of the value; send one value"},
    {"unexpected token", "a value must stand here"},
    {"unexpected newline", "a line break stands inside a text; write it as \\n, or close the text"},
    {"control character", "a control character stands inside a text; write it as \\u00.."},
    {"invalid escape", "behind a backslash stands one of \" \\ / b f n r t, or u and four digits"},
    {"invalid Unicode", "half a character is escaped; write both halves, or the character itself"},
    {"unable to decode byte", "this byte is no UTF-8; save the text in UTF-8"},
    {"\\u0000", "the NUL character \\u0000 is not taken in texts; leave it out"},
    {"NUL byte", "the NUL character \\u0000 is not taken in keys; leave it out"},
    {"duplicate object key", "the key is a duplicate of an earlier one; keep one of them"},
    {"too big", "the number is too large; send amounts as text in double quotes"},
    {"real number overflow", "the number is too large; send amounts as text in double quotes"},
};

static const char *complaint_of(json_error_t *error)
{
    if (json_error_code(error) == json_error_premature_end_of_input) {
        return "the text ends before its value does; a quotation mark or bracket is not closed";
    }
    for (size_t i = 0; i < COUNT(complaints); i++) {
        if (strncmp(error->text, complaints[i].begins, strlen(complaints[i].begins)) == 0) {
            return complaints[i].says;
        }
    }
    return "this is no JSON; texts stand in double quotes, other words are true, false and null";
}

static Err text_check(Ctx *cx, const char *text, size_t length)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t blanks = 0;
    while (blanks < length && strchr(" \t\r\n", text[blanks]) != NULL && text[blanks] != '\0') {
        blanks++;
    }
    if (blanks == length) {
        return err_set(cx, ERR_MALFORMED, NULL, "There is nothing here; send a JSON value.");
    }
    if (length >= 3 && memcmp(text, mark, 3) == 0) {
        return err_set(cx, ERR_MALFORMED, NULL,
            "Line 1 begins with a byte order mark; save the text in UTF-8 without one.");
    }
    return bounds_check(cx, text, length);
}

Err json_read(Ctx *cx, const char *text, size_t length, json_t **ret_value)
{
    TRY(text_check(cx, text, length));
    json_error_t error;
    json_t *value = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (value == NULL) {
        /* The column of what was read last, 0 before anything was. */
        return err_set(cx, ERR_MALFORMED, NULL, "Line %d, column %d: %s.", error.line,
            error.column > 0 ? error.column : 1, complaint_of(&error));
    }
    *ret_value = value;
    return ERR_OK;
}

void json_value_free(json_t **value)
{
    json_decref(*value);
    *value = NULL;
}

/* ---- numbers */

enum { PLAIN_DECIMALS_MAX = 9, PLAIN_DIGITS_MAX = 15, EXACT_DIGITS = 17 };

/* The shortest text that reads back as the same double: plain where a person would write it so. */
static const char *real_text(Arena *arena, double value)
{
    for (int decimals = 1; decimals <= PLAIN_DECIMALS_MAX; decimals++) {
        const char *text = arena_printf(arena, "%.*f", decimals, value);
        if (strlen(text) > PLAIN_DIGITS_MAX + 3) {
            break;
        }
        if ((strtod)(text, NULL) == value) {
            return text;
        }
    }
    for (int digits = PLAIN_DIGITS_MAX; digits < EXACT_DIGITS; digits++) {
        const char *text = arena_printf(arena, "%.*g", digits, value);
        if ((strtod)(text, NULL) == value) {
            return text;
        }
    }
    return arena_printf(arena, "%.*g", EXACT_DIGITS, value);
}

const char *json_number_text(Arena *arena, const json_t *number)
{
    ASSERT(json_is_number(number));
    if (json_is_integer(number)) {
        char *text = arena_alloc(arena, DECIMAL_TEXT_SIZE);
        decimal_format(decimal_of(json_integer_value(number), 0), false, text);
        return text;
    }
    return real_text(arena, json_real_value(number));
}

/* ---- canonical text */

static void value_write(JsonWriter *w, const json_t *value);

static int key_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* jansson iterates objects through pointers to what may change, even to read. */
static json_t *writable(const json_t *value)
{
    union {
        const json_t *read;
        json_t *written;
    } same = {.read = value};
    return same.written;
}

static void object_write(JsonWriter *w, const json_t *object)
{
    size_t count = json_object_size(object);
    const char **keys = arena_array(w->out->arena, count, sizeof(*keys));
    json_t *open = writable(object);
    size_t i = 0;
    for (void *at = json_object_iter(open); at != NULL; at = json_object_iter_next(open, at)) {
        keys[i++] = json_object_iter_key(at);
    }
    ASSERT(i == count);
    qsort(keys, count, sizeof(*keys), key_compare);
    json_open(w, '{');
    for (i = 0; i < count; i++) {
        json_key(w, keys[i]);
        value_write(w, json_object_get(object, keys[i]));
    }
    json_close(w, '}');
}

static void array_write(JsonWriter *w, const json_t *array)
{
    json_open(w, '[');
    for (size_t i = 0; i < json_array_size(array); i++) {
        value_write(w, json_array_get(array, i));
    }
    json_close(w, ']');
}

/* Its depth was bounded when it was read. */
static void value_write(JsonWriter *w, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        object_write(w, value);
        break;
    case JSON_ARRAY:
        array_write(w, value);
        break;
    case JSON_STRING:
        json_put_string(w, json_string_value(value));
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        json_put_raw(w, json_number_text(w->out->arena, value));
        break;
    case JSON_TRUE:
        json_put_bool(w, true);
        break;
    case JSON_FALSE:
        json_put_bool(w, false);
        break;
    case JSON_NULL:
        json_put_null(w);
        break;
    }
}

const char *json_text(Arena *arena, const json_t *value)
{
    Buf out = buf_in(arena);
    JsonWriter w = json_writer(&out);
    value_write(&w, value);
    return buf_text(&out);
}

/* ---- writing */

JsonWriter json_writer(Buf *out)
{
    return (JsonWriter){.out = out};
}

static void comma_before(JsonWriter *w)
{
    if (w->needs_comma) {
        buf_char(w->out, ',');
    }
    w->needs_comma = true;
}

void json_open(JsonWriter *w, char bracket)
{
    ASSERT(bracket == '{' || bracket == '[');
    comma_before(w);
    buf_char(w->out, bracket);
    w->needs_comma = false;
}

void json_close(JsonWriter *w, char bracket)
{
    ASSERT(bracket == '}' || bracket == ']');
    buf_char(w->out, bracket);
    w->needs_comma = true;
}

bool utf8_is_valid(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        size_t size = utf8_length(text + at, length - at);
        if (size == 0) {
            return false;
        }
        at += size;
    }
    return true;
}

/* What stands for one byte that cannot stand for itself. */
static void byte_escape(Buf *out, unsigned char byte)
{
    switch (byte) {
    case '"':
        buf_str(out, "\\\"");
        break;
    case '\\':
        buf_str(out, "\\\\");
        break;
    case '\n':
        buf_str(out, "\\n");
        break;
    case '\r':
        buf_str(out, "\\r");
        break;
    case '\t':
        buf_str(out, "\\t");
        break;
    default:
        if (byte < 0x20) {
            buf_printf(out, "\\u%04x", byte);
        } else {
            buf_str(out, "\\ufffd"); /* a byte that is no UTF-8, e.g. of a damaged row */
        }
    }
}

/* ASCII that stands for itself; the NUL at the end does not. */
static bool is_plain(char c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

/* The place behind what can be written as it is. */
static const char *quotable_end(const char *text)
{
    enum { CHARACTER_MAX = 4 }; /* a character that is cut ends at the NUL */
    for (;;) {
        while (is_plain(*text)) {
            text++;
        }
        unsigned char byte = (unsigned char)*text;
        size_t size = byte < 0x80 ? 0 : utf8_length(text, CHARACTER_MAX);
        if (size == 0) {
            return text;
        }
        text += size;
    }
}

static void text_escape(Buf *out, const char *text)
{
    for (;;) {
        const char *end = quotable_end(text);
        buf_add(out, text, (size_t)(end - text));
        if (*end == '\0') {
            break;
        }
        byte_escape(out, (unsigned char)*end);
        text = end + 1;
    }
}

/* Nearly all texts stand for themselves: they are copied while they are looked at. */
static void text_quote(JsonWriter *w, const char *text)
{
    Buf *out = w->out;
    char *from = buf_room(out, strlen(text) + 2);
    char *to = from;
    if (w->needs_comma) {
        *to++ = ',';
    }
    *to++ = '"';
    while (is_plain(*text)) {
        *to++ = *text++;
    }
    buf_took(out, (size_t)(to - from));
    if (*text != '\0') {
        text_escape(out, text);
    }
    buf_char(out, '"');
    w->needs_comma = true;
}

void json_key(JsonWriter *w, const char *key)
{
    text_quote(w, key);
    buf_char(w->out, ':');
    w->needs_comma = false;
}

void json_name(JsonWriter *w, const char *name)
{
    size_t length = strlen(name);
    char *from = buf_room(w->out, length + 4);
    char *to = from;
    if (w->needs_comma) {
        *to++ = ',';
    }
    *to++ = '"';
    memcpy(to, name, length);
    to += length;
    *to++ = '"';
    *to++ = ':';
    buf_took(w->out, (size_t)(to - from));
    w->needs_comma = false;
}

void json_put_string(JsonWriter *w, const char *text)
{
    if (text == NULL) {
        json_put_null(w);
        return;
    }
    text_quote(w, text);
}

void json_put_int(JsonWriter *w, int64_t value)
{
    char text[DECIMAL_TEXT_SIZE];
    comma_before(w);
    decimal_format(decimal_of(value, 0), false, text);
    buf_str(w->out, text);
}

void json_put_bool(JsonWriter *w, bool value)
{
    json_put_raw(w, value ? "true" : "false");
}

void json_put_null(JsonWriter *w)
{
    json_put_raw(w, "null");
}

void json_put_raw(JsonWriter *w, const char *json)
{
    comma_before(w);
    buf_str(w->out, json);
}
