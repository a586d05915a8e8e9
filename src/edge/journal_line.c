/* While one slice is run, a thread reads and parses what has come of the next. It never waits for
 * input: a journal may come from somebody who writes the next line when the one before is done, and
 * must end at once when a line is refused. Waiting is for who asks for the slice. */
#include "edge/journal_line.h"

#include "base/json.h"

#include <pthread.h>
#include <string.h>

enum { SLICE_BYTES = 2 * LIMIT_JOURNAL_LINE_BYTES };

struct JournalReader {
    Site *site;
    size_t most;
    int64_t read; /* lines, blank ones too */
    bool is_end;
    Slice slices[2];
    Slice *given; /* to who runs them */
    bool is_running;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards what follows, which says whose all the rest is */
    pthread_cond_t changes;
    bool is_asked; /* the other slice is the thread's */
    bool is_ending;
};

/* ---- Lines ---- */

static Err text_take(Ctx *cx, const char *name, const json_t *value, const char **ret_text)
{
    *ret_text = json_string_value(value);
    if (*ret_text == NULL || (*ret_text)[0] == '\0') {
        return err_set(cx, ERR_FIELD_INVALID, name, "It takes text.");
    }
    return ERR_OK;
}

static Err save_check(Ctx *cx, const json_t *save)
{
    bool is_good = json_is_string(save) || json_is_object(save);
    if (json_is_object(save)) {
        const char *name;
        json_t *path;
        json_object_foreach((json_t *)(uintptr_t)save, name, path)
        {
            is_good = is_good && json_is_string(path);
        }
    }
    return is_good ? ERR_OK
                   : err_set(cx, ERR_FIELD_INVALID, "save",
                         "It takes a name, or names with paths of the reply.");
}

static Err member_take(Ctx *cx, JournalLine *line, const char *name, json_t *value)
{
    const char *text = NULL;
    if (strcmp(name, "do") == 0) {
        TRY(text_take(cx, name, value, &text));
        line->op = op_by_name(text);
        return line->op != NULL
                   ? ERR_OK
                   : err_set(cx, ERR_UNKNOWN_OPERATION, "do", "There is no operation %s.", text);
    }
    if (strcmp(name, "as") == 0) {
        return text_take(cx, name, value, &line->as);
    }
    if (strcmp(name, "key") == 0) {
        return text_take(cx, name, value, &line->key);
    }
    if (strcmp(name, "on") == 0) {
        TRY(text_take(cx, name, value, &text));
        return date_parse(text, &line->on) ? ERR_OK
                                           : err_set(cx, ERR_FIELD_INVALID, "on",
                                                 "%s is no existing day as YYYY-MM-DD.", text);
    }
    if (strcmp(name, "in") == 0 || strcmp(name, "expect") == 0) {
        bool is_in = name[0] == 'i';
        line->in = is_in ? value : line->in;
        line->expect = is_in ? line->expect : value;
        return json_is_object(value)
                   ? ERR_OK
                   : err_set(cx, ERR_FIELD_INVALID, name, "It takes a JSON object.");
    }
    if (strcmp(name, "save") == 0) {
        line->save = value;
        return save_check(cx, value);
    }
    if (strcmp(name, "note") == 0) {
        return text_take(cx, name, value, &text);
    }
    return err_set(cx, ERR_FIELD_UNKNOWN, name,
        "A line has the members do, as, on, key, in, expect, save and note.");
}

static Err members_take(Ctx *cx, JournalLine *line)
{
    if (!json_is_object(line->root)) {
        return err_set(cx, ERR_MALFORMED, NULL, "A line is a JSON object.");
    }
    const char *name;
    json_t *value;
    json_object_foreach(line->root, name, value)
    {
        TRY(member_take(cx, line, name, value));
    }
    line->is_note =
        json_object_size(line->root) == 1 && json_object_get(line->root, "note") != NULL;
    if (line->is_note) {
        return ERR_OK;
    }
    if (line->op == NULL) {
        return err_set(cx, ERR_FIELD_REQUIRED, "do", "A line names the operation it runs.");
    }
    if (line->in == NULL) {
        line->in = json_object();
        (void)json_object_set_new(line->root, "in", line->in);
    }
    return ERR_OK;
}

const char *journal_refusal_text(Arena *arena, const Error *error)
{
    return arena_printf(arena, "%s%s%s: %s", err_name(error->code), error->field ? " " : "",
        error->field ? error->field : "", error->detail);
}

static void call_make(Ctx *cx, JournalLine *line)
{
    line->call = (Call){
        .op = line->op, .members = line->in, .key = line->key, .by_parts = true, .is_late = true};
    if (!line->is_note && !line->has_names) {
        run_decode_ahead(cx, &line->call);
    }
}

static void line_parse(Ctx *cx, const char *text, size_t length, JournalLine *line)
{
    Err code = json_read(cx, text, length, &line->root);
    if (code == ERR_OK) {
        code = members_take(cx, line);
    }
    line->has_names = memmem(text, length, "\"$", 2) != NULL;
    if (code == ERR_OK) {
        call_make(cx, line);
        return;
    }
    line->fault = journal_refusal_text(cx->arena, &cx->err);
    if (code == ERR_MALFORMED && length > 0 && text[length - 1] != '}') {
        line->fault = arena_printf(
            cx->arena, "%s (it does not end in }: was the file cut here?)", line->fault);
    }
    err_clear(cx);
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r")] == '\0';
}

/* ---- Slices ---- */

/* One line more into the slice, unless it is blank or a note. Returns its length. */
static size_t line_read(Ctx *cx, JournalReader *reader, Slice *slice)
{
    const char *text = NULL;
    size_t length = 0;
    Err code = site_line(cx, reader->site, &text, &length);
    reader->is_end = code != ERR_OK || text == NULL;
    reader->read += code != ERR_OK || text != NULL ? 1 : 0;
    if (code == ERR_OK && (text == NULL || is_blank(text))) {
        return length;
    }
    Ctx own = {.arena = slice->arena};
    JournalLine *line = &slice->lines[slice->count++];
    *line = (JournalLine){.number = reader->read};
    if (code != ERR_OK) {
        line->fault = journal_refusal_text(slice->arena, &cx->err);
        line->is_system_fault = true;
        err_clear(cx);
        return 0;
    }
    line_parse(&own, text, length, line);
    if (line->is_note) {
        json_decref(line->root);
        slice->count--;
    }
    return length;
}

static void slice_empty(Slice *slice)
{
    for (size_t i = 0; i < slice->count; i++) {
        json_value_free(&slice->lines[i].named);
        json_value_free(&slice->lines[i].root);
    }
    slice->count = 0;
    arena_reset(slice->arena);
}

static void slice_fill(Ctx *cx, JournalReader *reader, Slice *slice, bool may_wait)
{
    size_t bytes = 0;
    while (slice->count < reader->most && bytes < SLICE_BYTES && !reader->is_end) {
        if ((slice->count > 0 || !may_wait) && !site_has_line(reader->site)) {
            return;
        }
        bytes += line_read(cx, reader, slice);
    }
}

/* ---- The thread ---- */

static Slice *other_slice(JournalReader *reader)
{
    return reader->given == &reader->slices[0] ? &reader->slices[1] : &reader->slices[0];
}

static void *reader_main(void *argument)
{
    JournalReader *reader = argument;
    pthread_mutex_lock(&reader->mutex);
    while (!reader->is_ending) {
        if (!reader->is_asked) {
            pthread_cond_wait(&reader->changes, &reader->mutex);
            continue;
        }
        pthread_mutex_unlock(&reader->mutex);
        Slice *slice = other_slice(reader);
        Ctx cx = {.arena = slice->arena};
        slice_empty(slice);
        slice_fill(&cx, reader, slice, false);
        pthread_mutex_lock(&reader->mutex);
        reader->is_asked = false;
        pthread_cond_signal(&reader->changes);
    }
    pthread_mutex_unlock(&reader->mutex);
    return NULL;
}

/* Without a thread the next slice is read when it is asked for. */
static void reader_ask(JournalReader *reader)
{
    if (!reader->is_running && reader->site->kind->is_ahead) {
        reader->is_running = pthread_create(&reader->thread, NULL, reader_main, reader) == 0;
    }
    if (!reader->is_running) {
        slice_empty(other_slice(reader));
        return;
    }
    pthread_mutex_lock(&reader->mutex);
    reader->is_asked = true;
    pthread_cond_signal(&reader->changes);
    pthread_mutex_unlock(&reader->mutex);
}

static void reader_wait(JournalReader *reader)
{
    pthread_mutex_lock(&reader->mutex);
    while (reader->is_asked) {
        pthread_cond_wait(&reader->changes, &reader->mutex);
    }
    pthread_mutex_unlock(&reader->mutex);
}

Slice *journal_reader_next(Ctx *cx, JournalReader *reader)
{
    reader_wait(reader);
    Slice *next = other_slice(reader);
    slice_fill(cx, reader, next, next->count == 0);
    reader->given = next;
    if (!reader->is_end) {
        reader_ask(reader);
    } else {
        slice_empty(other_slice(reader));
    }
    return next;
}

JournalReader *journal_reader_start(Arena *arena, Site *site, size_t most)
{
    JournalReader *reader = arena_alloc(arena, sizeof *reader);
    reader->site = site;
    reader->most = most < SLICE_LINES ? most : SLICE_LINES;
    reader->given = &reader->slices[0];
    reader->slices[0].arena = arena_new(LIMIT_ARENA_BYTES);
    reader->slices[1].arena = arena_new(LIMIT_ARENA_BYTES);
    pthread_mutex_init(&reader->mutex, NULL);
    pthread_cond_init(&reader->changes, NULL);
    return reader;
}

void journal_reader_stop(JournalReader *reader)
{
    pthread_mutex_lock(&reader->mutex);
    reader->is_ending = true;
    pthread_cond_signal(&reader->changes);
    pthread_mutex_unlock(&reader->mutex);
    if (reader->is_running) {
        pthread_join(reader->thread, NULL);
    }
    for (size_t i = 0; i < COUNT(reader->slices); i++) {
        slice_empty(&reader->slices[i]);
        arena_free(reader->slices[i].arena);
    }
    pthread_cond_destroy(&reader->changes);
    pthread_mutex_destroy(&reader->mutex);
}
