/* What a journal line expects of its reply, and the names it keeps from it. */
#include "edge/expect.h"

#include "base/json.h"

#include <string.h>

/* ---- Comparing ---- */

static const json_t *element_find(const json_t *list, const char *text, size_t length)
{
    size_t index = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9' || index > json_array_size(list)) {
            return NULL;
        }
        index = index * 10 + (size_t)(text[i] - '0');
    }
    return length == 0 ? NULL : json_array_get(list, index);
}

static const json_t *step(const json_t *value, const char *text, size_t length)
{
    return json_is_array(value) ? element_find(value, text, length)
                                : json_object_getn(value, text, length);
}

/* A member of that very name, else the path. */
static const json_t *path_find(const json_t *document, const char *path)
{
    const json_t *value = json_object_get(document, path);
    if (value != NULL) {
        return value;
    }
    value = document;
    for (const char *at = path; value != NULL; at += 1) {
        size_t length = strcspn(at, ".");
        value = step(value, at, length);
        at += length;
        if (*at == '\0') {
            return value;
        }
    }
    return NULL;
}

static bool is_same(const json_t *expected, const json_t *found);

static bool list_is_same(const json_t *expected, const json_t *found)
{
    if (!json_is_array(found) || json_array_size(found) != json_array_size(expected)) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(expected); i++) {
        if (!is_same(json_array_get(expected, i), json_array_get(found, i))) {
            return false;
        }
    }
    return true;
}

static bool members_are_same(const json_t *expected, const json_t *found)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)expected, name, value)
    {
        if (!is_same(value, path_find(found, name))) {
            return false;
        }
    }
    return json_is_object(found);
}

static bool is_same(const json_t *expected, const json_t *found)
{
    if (json_is_null(expected)) {
        return found == NULL || json_is_null(found);
    }
    if (json_is_object(expected)) {
        return members_are_same(expected, found);
    }
    if (json_is_array(expected)) {
        return list_is_same(expected, found);
    }
    if (json_is_number(expected) && json_is_number(found)) {
        return json_number_value(expected) == json_number_value(found);
    }
    return found != NULL && json_equal(expected, found);
}

const char *expect_compare(Arena *arena, const json_t *expect, const json_t *document)
{
    const char *path;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)expect, path, value)
    {
        const json_t *found = path_find(document, path);
        if (!is_same(value, found)) {
            return arena_printf(arena, "%s is %s, expected %s", path,
                found == NULL ? "absent" : json_text(arena, found), json_text(arena, value));
        }
    }
    return NULL;
}

bool expect_is_refusal(const json_t *expect)
{
    const char *code = json_string_value(json_object_get(expect, "code"));
    return code != NULL && strncmp(code, "ERR_", 4) == 0;
}

/* ---- Names ---- */

static const char *name_keep(Arena *arena, json_t *saved, const char *name, const json_t *value)
{
    if (value == NULL) {
        return arena_printf(arena, "the reply has nothing to save as %s", name);
    }
    (void)json_object_set(saved, name, (json_t *)(uintptr_t)value);
    return NULL;
}

const char *names_keep(Arena *arena, json_t *saved, const json_t *save, const json_t *reply)
{
    if (json_is_string(save)) {
        const json_t *id = json_object_get(reply, "id");
        return name_keep(arena, saved, json_string_value(save),
            id != NULL && !json_is_null(id) ? id : json_object_get(reply, "approval"));
    }
    const char *name;
    json_t *path;
    json_object_foreach((json_t *)(uintptr_t)save, name, path)
    {
        const char *why = name_keep(arena, saved, name, path_find(reply, json_string_value(path)));
        if (why != NULL) {
            return why;
        }
    }
    return NULL;
}

/* The value to stand in place of `text`, borrowed; NULL: the text stays. */
static Err name_value(Ctx *cx, const json_t *saved, const char *text, json_t **ret_value)
{
    *ret_value = NULL;
    static const char name_characters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
    size_t length = strspn(text + 1, name_characters);
    if (length == 0 || text[1 + length] != '\0') {
        return ERR_OK;
    }
    *ret_value = json_object_get(saved, text + 1);
    if (*ret_value == NULL && (text[1] < '0' || text[1] > '9')) {
        return err_set(cx, ERR_FIELD_INVALID, NULL,
            "Nothing was saved as %s by an earlier line ($%s stands for the text itself).",
            text + 1, text);
    }
    return ERR_OK;
}

static Err replacement(Ctx *cx, const json_t *saved, json_t *value, json_t **ret_new)
{
    *ret_new = NULL;
    const char *text = json_string_value(value);
    if (text == NULL) {
        return names_put_in(cx, saved, value);
    }
    if (text[0] != '$') {
        return ERR_OK;
    }
    if (text[1] == '$') {
        *ret_new = json_string(text + 1);
        return ERR_OK;
    }
    json_t *found = NULL;
    TRY(name_value(cx, saved, text, &found));
    *ret_new = found != NULL ? json_deep_copy(found) : NULL;
    return ERR_OK;
}

Err names_put_in(Ctx *cx, const json_t *saved, json_t *root)
{
    json_t *fresh = NULL;
    for (size_t i = 0; i < json_array_size(root); i++) {
        TRY(replacement(cx, saved, json_array_get(root, i), &fresh));
        if (fresh != NULL) {
            (void)json_array_set_new(root, i, fresh);
        }
    }
    const char *name;
    void *next;
    json_t *value;
    json_object_foreach_safe(root, next, name, value)
    {
        TRY(replacement(cx, saved, value, &fresh));
        if (fresh != NULL) {
            (void)json_object_set_new(root, name, fresh);
        }
    }
    return ERR_OK;
}
