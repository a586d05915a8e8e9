/* `guanxi import --undo RUN`: takes back what an import made, latest first, each record by the
 * operation that takes one of its kind back. What was taken back names the import as well, so that
 * another time goes on with what remained, also after a kill. */
#include "edge/import/undo.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/money.h"
#include "base/os.h"
#include "op/run.h"

#include <inttypes.h>
#include <string.h>

/* A transaction has no more rows than a site's slice, and where others wait for the writer it ends
 * when it had it for so long. */
enum { HOLD_US = 12 * 1000, SLICE_ROWS = 256, SAID_MAX = 20, ROWS_MOST = 100000 };

typedef struct UndoCounts {
    int64_t undone;
    int64_t before; /* were taken back by now */
    int64_t left;
} UndoCounts;

typedef struct Undo {
    Site *site;
    const char *run; /* its id */
    const char *as;
    const char *reason;
    bool is_json;
    bool tells_all; /* a line for each row, not for those alone that were left */
    int64_t most;   /* rows of this call; 0: all of them */
    Arena *kept;
    const char *cursor; /* what comes after it; NULL: nothing was looked at yet */
    bool is_over;
    UndoCounts counts;
    bool is_unsure;
    /* Of the transaction under way: */
    Arena *slice;
    Buf said;
    UndoCounts part;
    const char *next;
    bool is_last;
} Undo;

/* ---- One record ---- */

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

static void row_say(Undo *undo, const json_t *row, const char *outcome, const Error *error)
{
    bool is_left = error != NULL;
    if (!is_left && !undo->tells_all) {
        return;
    }
    if (is_left && !undo->is_json) {
        int64_t nth = undo->counts.left + undo->part.left;
        const char *name = text_of(row, "name");
        if (nth <= SAID_MAX) {
            buf_printf(&undo->said, "%s %s: %s: %s\n", text_of(row, "kind"),
                name != NULL ? name : text_of(row, "id"), err_name(error->code), error->detail);
        }
        return;
    }
    CLEANUP(json_value_free)
    json_t *line = json_pack("{s:O,s:O,s:O,s:O,s:s}", "id", json_object_get(row, "id"), "kind",
        json_object_get(row, "kind"), "name", json_object_get(row, "name"), "account",
        json_object_get(row, "account"), "outcome", outcome);
    if (is_left) {
        (void)json_object_set_new(line, "code", json_string(err_name(error->code)));
        (void)json_object_set_new(line, "detail", json_string(error->detail));
        (void)json_object_set_new(
            line, "field", error->field == NULL ? json_null() : json_string(error->field));
    }
    buf_printf(&undo->said, "%s\n", json_text(undo->slice, line));
}

static void row_left(Ctx *cx, Undo *undo, const json_t *row)
{
    undo->part.left++;
    row_say(undo, row, "left", &cx->err);
    err_clear(cx);
}

/* What names it, what is said besides, and why where a reason is asked for. */
static json_t *inverse_members(const Undo *undo, const Op *made_by, const json_t *row)
{
    const Op *inverse = op_inverse(made_by);
    json_t *members =
        made_by->inverse_with == NULL ? json_object() : json_loads(made_by->inverse_with, 0, NULL);
    (void)json_object_set(members, op_subject(inverse)->name, json_object_get(row, "id"));
    if (schema_member(inverse->in, "reason", strlen("reason")) != NULL) {
        (void)json_object_set_new(members, "reason", json_string(undo->reason));
    }
    return members;
}

/* A record that was changed since it was made is somebody's work; a document says itself whether it
 * can be taken back. */
static int64_t version_wanted(const Op *inverse)
{
    return inverse->method == METHOD_DELETE || inverse->method == METHOD_PATCH ? 1 : 0;
}

static Err row_undo(Ctx *cx, Undo *undo, Id run, const json_t *row)
{
    const Op *made_by = op_by_name(text_of(row, "made_by"));
    const Op *inverse = made_by == NULL ? NULL : op_inverse(made_by);
    if (json_is_true(json_object_get(row, "is_undone"))) {
        undo->part.before++;
        row_say(undo, row, "before", NULL);
        return ERR_OK;
    }
    if (inverse == NULL) {
        Err refusal = err_set(
            cx, ERR_KEPT, NULL, "Nothing takes back what %s made.", text_of(row, "made_by"));
        ASSERT(refusal != ERR_OK);
        row_left(cx, undo, row);
        return ERR_OK;
    }
    CLEANUP(json_value_free) json_t *members = inverse_members(undo, made_by, row);
    Call call = {.op = inverse,
        .members = members,
        .if_match = version_wanted(inverse),
        .import_run = run,
        .is_late = true};
    Reply reply = {0};
    if (!run_in_batch(cx, &call, &reply)) {
        return cx->err.code != ERR_OK
                   ? cx->err.code
                   : err_set(cx, ERR_STORE, NULL, "The database ended the transaction.");
    }
    if (err_http_status(cx->err.code) >= 500) {
        return cx->err.code;
    }
    if (cx->err.code != ERR_OK) {
        row_left(cx, undo, row);
        return ERR_OK;
    }
    undo->part.undone++;
    row_say(undo, row, "undone", NULL);
    return ERR_OK;
}

/* ---- A slice of them ---- */

static Err op_run(Ctx *cx, const char *name, Id run, const json_t *members, json_t **ret_reply)
{
    Call call = {.op = op_by_name(name), .members = members, .import_run = run};
    Reply reply = {0};
    if (!run_in_batch(cx, &call, &reply) && cx->err.code == ERR_OK) {
        return err_set(cx, ERR_STORE, NULL, "The database ended the transaction.");
    }
    TRY(cx->err.code);
    *ret_reply = json_loads(reply.body, 0, NULL);
    return ERR_OK;
}

static int64_t slice_rows(const Undo *undo)
{
    size_t slice_max = undo->site->kind->slice_max;
    int64_t most = slice_max < SLICE_ROWS ? (int64_t)slice_max : SLICE_ROWS;
    int64_t done = undo->counts.undone + undo->counts.before + undo->counts.left;
    return undo->most > 0 && undo->most - done < most ? undo->most - done : most;
}

static Err rows_undo(Ctx *cx, Undo *undo, Id run, const json_t *rows)
{
    int64_t until_us = os_monotonic_us() + HOLD_US;
    size_t count = json_array_size(rows);
    undo->is_last = count == 0;
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(rows, i);
        ArenaMark mark = arena_mark(cx->arena);
        TRY(row_undo(cx, undo, run, row));
        arena_rewind(cx->arena, mark);
        undo->next = arena_str(undo->slice, text_of(row, "at"));
        if (!undo->site->kind->is_alone && os_monotonic_us() > until_us) {
            break;
        }
    }
    return ERR_OK;
}

static Err actor_set(Ctx *cx, const Undo *undo)
{
    cx->actor = &actor_system;
    return undo->as == NULL ? ERR_OK : actor_by_name(cx, undo->as, &cx->actor);
}

/* One transaction; another attempt begins where it began. */
static Err slice_steps(Ctx *cx, void *user)
{
    Undo *undo = user;
    char letter = '\0';
    Id run = 0;
    arena_reset(undo->slice);
    undo->said = buf_in(undo->slice);
    undo->part = (UndoCounts){0};
    undo->next = NULL;
    TRY(actor_set(cx, undo));
    if (!id_parse(undo->run, &letter, &run)) {
        return err_set(cx, ERR_NOT_FOUND, "import_run",
            "%s is no import; `guanxi do import_run_list` lists them.", undo->run);
    }
    CLEANUP(json_value_free)
    json_t *asked = json_pack("{s:s,s:I}", "import_run", undo->run, "limit", slice_rows(undo));
    if (undo->cursor != NULL) {
        (void)json_object_set_new(asked, "cursor", json_string(undo->cursor));
    }
    CLEANUP(json_value_free) json_t *page = NULL;
    TRY(op_run(cx, "import_run_rows", 0, asked, &page));
    TRY(rows_undo(cx, undo, run, json_object_get(page, "items")));
    if (undo->part.undone == 0) {
        return ERR_OK;
    }
    CLEANUP(json_value_free)
    json_t *told = json_pack("{s:s,s:I,s:I}", "import_run", undo->run, "undone", undo->part.undone,
        "left", undo->part.left);
    CLEANUP(json_value_free) json_t *after = NULL;
    return op_run(cx, "import_undo", 0, told, &after);
}

static void slice_tell(Undo *undo)
{
    undo->counts.undone += undo->part.undone;
    undo->counts.before += undo->part.before;
    undo->counts.left += undo->part.left;
    if (undo->said.length > 0) {
        site_say_text(undo->site, undo->is_json ? SITE_OUT : SITE_ERR, undo->said.data,
            undo->said.length - 1);
    }
    if (undo->next != NULL) {
        arena_reset(undo->kept);
        undo->cursor = arena_str(undo->kept, undo->next);
    }
    undo->is_over = undo->is_last || slice_rows(undo) <= 0;
}

/* ---- The command ---- */

static void counts_say(Ctx *cx, const Undo *undo)
{
    const UndoCounts *counts = &undo->counts;
    if (!undo->is_json) {
        if (counts->left > SAID_MAX) {
            site_say(cx, undo->site, SITE_ERR, "and %" PRId64 " more", counts->left - SAID_MAX);
        }
        site_say(cx, undo->site, SITE_OUT, "undone %" PRId64 " before %" PRId64 " left %" PRId64,
            counts->undone, counts->before, counts->left);
        return;
    }
    CLEANUP(json_value_free)
    json_t *line = json_pack("{s:I,s:I,s:I,s:s?}", "undone", counts->undone, "before",
        counts->before, "left", counts->left, "next", undo->is_last ? NULL : undo->cursor);
    site_say(cx, undo->site, SITE_OUT, "%s", json_text(cx->arena, line));
}

static Err undo_run(Ctx *cx, Undo *undo)
{
    while (!undo->is_over) {
        ArenaMark mark = arena_mark(cx->arena);
        TRY(site_batch(cx, undo->site, slice_steps, undo, &undo->is_unsure));
        slice_tell(undo);
        arena_rewind(cx->arena, mark);
    }
    counts_say(cx, undo);
    return ERR_OK;
}

static Err undo_at_site(Ctx *cx, Site *site, int *ret_exit)
{
    const char *most = site_option(site, "limit");
    const char *cursor = site_option(site, "cursor");
    const char *reason = site_option(site, "reason");
    Decimal limit = {0};
    if (most != NULL && (!decimal_parse(most, &limit) || limit.scale != 0 || limit.units < 1 ||
                            limit.units > ROWS_MOST)) {
        return err_set(
            cx, ERR_FIELD_INVALID, "limit", "It takes 1 to %d rows at once.", (int)ROWS_MOST);
    }
    Undo undo = {.site = site,
        .run = site_option(site, "undo"),
        .as = site_option(site, "as"),
        .reason = reason != NULL ? reason : "The import was undone.",
        .is_json = site_option(site, "json") != NULL,
        .tells_all = site_option(site, "rows") != NULL,
        .most = limit.units,
        .cursor = cursor,
        .kept = arena_new(LIMIT_BODY_BYTES),
        .slice = arena_new(LIMIT_ARENA_BYTES)};
    Err err = undo_run(cx, &undo);
    *ret_exit = undo.counts.left > 0 ? 1 : 0;
    arena_free(undo.slice);
    arena_free(undo.kept);
    return err;
}

const SiteCommand import_undo_site = {"import_undo", undo_at_site};
