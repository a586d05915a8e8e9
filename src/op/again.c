/* Replies for a repeat: what audit kept of them, with the objects that it kept by their ids made
 * again. */
#include "op/audit.h"

#include "base/id.h"
#include "op/encode.h"

#include <string.h>

/* Our own writer has made the text: no blanks, keys without escapes. */
static size_t string_length(const char *at)
{
    size_t length = 1;
    while (at[length] != '"' && at[length] != '\0') {
        length += at[length] == '\\' && at[length + 1] != '\0' ? 2 : 1;
    }
    return at[length] == '"' ? length + 1 : length;
}

/* Of one value, up to the comma or bracket behind it. */
static size_t value_length(const char *at)
{
    size_t length = 0;
    size_t depth = 0;
    for (; at[length] != '\0'; length++) {
        char c = at[length];
        if (c == '"') {
            length += string_length(at + length) - 1;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (depth == 0 && (c == ',' || c == '}' || c == ']')) {
            break;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return length;
}

static const Field *field_again(const Schema *schema, const char *key, size_t length)
{
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        if (field->again != NULL && strlen(field->name) == length &&
            memcmp(field->name, key, length) == 0) {
            return field;
        }
    }
    return NULL;
}

/* A value that is no id stands for itself: there was no such object. */
static Err value_again(Ctx *cx, const Field *field, const char *value, size_t length, Buf *out)
{
    char letter = 0;
    Id id = 0;
    bool is_id = length == ID_TEXT_SIZE + 1 &&
                 id_parse(arena_copy(cx->arena, value + 1, length - 2), &letter, &id);
    if (!is_id) {
        buf_add(out, value, length);
        return ERR_OK;
    }
    const void *object = NULL;
    TRY(field->again(cx, id, &object));
    buf_str(out, encode_text(cx->arena, field->item, object));
    return ERR_OK;
}

Err reply_again(Ctx *cx, const Schema *schema, const char *kept, const char **ret_body)
{
    Buf out = buf_in(cx->arena);
    const char *at = kept;
    while (*at == '{' || *at == ',') {
        buf_char(&out, *at++);
        if (*at != '"') {
            break;
        }
        size_t key = string_length(at);
        const Field *field = field_again(schema, at + 1, key - 2);
        buf_add(&out, at, key + 1); /* the colon too */
        at += key + 1;
        size_t length = value_length(at);
        if (field == NULL) {
            buf_add(&out, at, length);
        } else {
            TRY(value_again(cx, field, at, length, &out));
        }
        at += length;
    }
    buf_str(&out, at);
    *ret_body = buf_text(&out);
    return ERR_OK;
}
