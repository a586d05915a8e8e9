/* Paths and query strings: percent-decoding, and members from them. */
#include "edge/target.h"

#include "base/json.h"

#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

Err target_decode(
    Ctx *cx, const char *field, const char *text, bool is_query, const char **ret_text)
{
    char *out = arena_alloc(cx->arena, strlen(text) + 1);
    size_t length = 0;
    for (const char *at = text; *at != '\0'; at++) {
        char c = *at;
        if (is_query && c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = hex_digit(at[1]);
            int low = high < 0 ? -1 : hex_digit(at[2]);
            if (low < 0 || high + low == 0) {
                return err_set(cx, ERR_MALFORMED, field, "Escape it as %%XX in the address.");
            }
            c = (char)(high << 4 | low);
            at += 2;
        }
        out[length++] = c;
    }
    out[length] = '\0';
    if (!utf8_is_valid(out, length)) {
        return err_set(cx, ERR_MALFORMED, field, "Send UTF-8 in the address.");
    }
    *ret_text = out;
    return ERR_OK;
}

static Err query_member(Ctx *cx, const char *pair, size_t length, json_t *members)
{
    const char *text = arena_copy(cx->arena, pair, length);
    size_t name_length = strcspn(text, "=");
    const char *name;
    const char *value;
    TRY(target_decode(cx, NULL, arena_copy(cx->arena, text, name_length), true, &name));
    text += name_length;
    TRY(target_decode(cx, name, *text == '=' ? text + 1 : text, true, &value));
    if (json_object_get(members, name) != NULL) {
        return err_set(cx, ERR_MALFORMED, name, "Given twice; give it once.");
    }
    json_object_set_new(members, name, json_string(value));
    return ERR_OK;
}

Err target_query(Ctx *cx, const char *query, json_t *members)
{
    for (const char *at = query; *at != '\0';) {
        size_t length = strcspn(at, "&");
        if (length > 0) {
            TRY(query_member(cx, at, length, members));
        }
        at += length;
        at += *at == '&';
    }
    return ERR_OK;
}

Err target_path(Ctx *cx, const RouteMatch *match, json_t *members)
{
    for (size_t i = 0; i < match->count; i++) {
        const char *name = match->names[i];
        const char *text = NULL;
        TRY(target_decode(cx, name, match->texts[i], false, &text));
        const json_t *given = json_object_get(members, name);
        const char *given_text = json_string_value(given);
        if (given != NULL && (given_text == NULL || strcmp(given_text, text) != 0)) {
            return err_set(cx, ERR_FIELD_INVALID, name,
                "The address names another one; leave it out of the request's members.");
        }
        if (given == NULL) {
            json_object_set_new(members, name, json_string(text));
        }
    }
    return ERR_OK;
}
