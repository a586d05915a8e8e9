/* JSON: reading through jansson, writing by a small streaming writer of our own. */
#ifndef GUANXI_BASE_JSON_H
#define GUANXI_BASE_JSON_H

#include "base/buf.h"
#include "base/ctx.h"

#include <jansson.h>

/* Parses one whole value. Refuses with ERR_MALFORMED and the position: broken or truncated text,
 * duplicate keys, invalid UTF-8, NUL characters, anything after the value, nesting beyond
 * LIMIT_JSON_DEPTH, more than LIMIT_JSON_NODES values (both scanned before jansson allocates).
 * Numbers with a fraction or exponent come as reals. The value is freed with json_value_free(). */
Err json_read(Ctx *cx, const char *text, size_t length, json_t **ret_value) MUST_CHECK;
void json_value_free(json_t **value); /* for CLEANUP; takes NULL inside */
/* Canonical text of a value: sorted keys, no blanks. */
const char *json_text(Arena *arena, const json_t *value);
/* A number as the shortest text that reads back as it: "1250.1", not "1250.0999999999999". */
const char *json_number_text(Arena *arena, const json_t *number);

/* The writer puts commas and colons itself. A key is given before each value inside an object.
 * (Values are "put" because jansson has json_string() and json_null() for itself.) */
typedef struct JsonWriter {
    Buf *out;
    bool needs_comma;
} JsonWriter;

JsonWriter json_writer(Buf *out);
void json_open(JsonWriter *w, char bracket);  /* '{' or '[' */
void json_close(JsonWriter *w, char bracket); /* '}' or ']' */
void json_key(JsonWriter *w, const char *key);
/* The same for a name that stands for itself: of letters, digits and underscores. */
void json_name(JsonWriter *w, const char *name);
/* NULL writes null; escapes what JSON wants escaped */
void json_put_string(JsonWriter *w, const char *text);
void json_put_int(JsonWriter *w, int64_t value);
void json_put_bool(JsonWriter *w, bool value);
void json_put_null(JsonWriter *w);
void json_put_raw(JsonWriter *w, const char *json); /* a value that is JSON already */

/* True when text is well-formed UTF-8 (no surrogates, nothing beyond U+10FFFF, no overlong forms).
 * */
bool utf8_is_valid(const char *text, size_t length);

#endif
