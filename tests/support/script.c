/* Journals of what a world did. */
#include "support/script.h"

#include "base/attr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct Script {
    json_t *lines; /* texts */
    json_t *names; /* by id */
    size_t mark;
    json_t *names_marked;
};

Script *script_make(void)
{
    Script *script = calloc(1, sizeof *script);
    ASSERT(script != NULL);
    *script =
        (Script){.lines = json_array(), .names = json_object(), .names_marked = json_object()};
    return script;
}

void script_drop(Script *script)
{
    if (script != NULL) {
        json_decref(script->lines);
        json_decref(script->names);
        json_decref(script->names_marked);
        free(script);
    }
}

/* ---- ids ---- */

/* The same value, with a name in place of each id that an earlier answer gave. */
static json_t *renamed(const Script *script, const json_t *value)
{
    if (json_is_string(value)) {
        const char *name =
            json_string_value(json_object_get(script->names, json_string_value(value)));
        return name == NULL ? json_copy((json_t *)(uintptr_t)value) : json_sprintf("$%s", name);
    }
    if (json_is_array(value)) {
        json_t *list = json_array();
        for (size_t i = 0; i < json_array_size(value); i++) {
            (void)json_array_append_new(list, renamed(script, json_array_get(value, i)));
        }
        return list;
    }
    if (!json_is_object(value)) {
        return json_deep_copy(value);
    }
    json_t *object = json_object();
    const char *key = NULL;
    json_t *member = NULL;
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        (void)json_object_set_new(object, key, renamed(script, member));
    }
    return object;
}

static const json_t *member_at(const json_t *answer, const char *path)
{
    if (strcmp(path, "items.0.id") == 0) {
        return json_object_get(json_array_get(json_object_get(answer, "items"), 0), "id");
    }
    if (strcmp(path, "decision.outcome") == 0) {
        return json_object_get(json_object_get(answer, "decision"), "outcome");
    }
    return json_object_get(answer, path);
}

static void ids_save(Script *script, json_t *line, const json_t *answer)
{
    static const char *const paths[] = {"id", "approval", "promise", "release", "items.0.id"};
    json_t *save = json_object();
    for (size_t i = 0; i < COUNT(paths); i++) {
        const char *id = json_string_value(member_at(answer, paths[i]));
        if (id != NULL && json_object_get(script->names, id) == NULL) {
            json_t *name = json_sprintf("x%zu", json_object_size(script->names));
            (void)json_object_set_new(save, json_string_value(name), json_string(paths[i]));
            (void)json_object_set_new(script->names, id, name);
        }
    }
    (void)json_object_set_new(line, "save", save);
}

/* ---- lines ---- */

static json_t *expected(const json_t *answer, bool is_refused)
{
    static const char *const done[] = {"status", "decision.outcome", "exposure", "ordered",
        "shipped", "receivable", "advance", "limit", "available"};
    static const char *const refused[] = {"code", "field"};
    json_t *expect = json_object();
    const char *const *paths = is_refused ? refused : done;
    for (size_t i = 0; i < (is_refused ? COUNT(refused) : COUNT(done)); i++) {
        const json_t *value = member_at(answer, paths[i]);
        if (json_is_string(value) || json_is_null(value)) {
            (void)json_object_set_new(expect, paths[i], json_copy((json_t *)(uintptr_t)value));
        }
    }
    return expect;
}

void script_add(Script *script,
    const char *as,
    Date on,
    const char *operation,
    const json_t *members,
    const json_t *answer,
    bool is_refused)
{
    char day[DATE_TEXT_SIZE];
    date_format(on, day);
    json_t *line = json_pack("{s:s,s:s,s:o,s:o}", "do", operation, "on", day, "in",
        renamed(script, members), "expect", expected(answer, is_refused));
    ASSERT(line != NULL);
    if (as != NULL) {
        (void)json_object_set_new(line, "as", json_string(as));
    }
    if (!is_refused) {
        ids_save(script, line, answer);
    }
    char *text = json_dumps(line, JSON_COMPACT);
    (void)json_array_append_new(script->lines, json_string(text));
    free(text);
    json_decref(line);
}

void script_mark(Script *script)
{
    script->mark = json_array_size(script->lines);
    json_decref(script->names_marked);
    script->names_marked = json_copy(script->names);
}

void script_rewind(Script *script)
{
    while (json_array_size(script->lines) > script->mark) {
        (void)json_array_remove(script->lines, json_array_size(script->lines) - 1);
    }
    json_decref(script->names);
    script->names = json_copy(script->names_marked);
}

bool script_write(const Script *script, const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(script->lines); i++) {
        (void)fprintf(file, "%s\n", json_string_value(json_array_get(script->lines, i)));
    }
    bool is_whole = ferror(file) == 0;
    return fclose(file) == 0 && is_whole;
}
