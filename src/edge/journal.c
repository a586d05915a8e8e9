/* `guanxi journal`. A slice of lines is one transaction with a
 * savepoint for each line, so that a bulk feed commits a few hundred lines at once and a server's
 * other callers get their turn in between. What is printed about a line is
 * printed after its slice is committed. */
#include "edge/journal.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/os.h"
#include "edge/cli.h"
#include "edge/expect.h"
#include "edge/journal_line.h"

#include <inttypes.h>
#include <string.h>

enum { ACTORS_MAX = 64 };

/* ---- State ---- */

typedef struct Counts {
    int64_t done;
    int64_t skipped;
    int64_t refused;
    int64_t differing;
} Counts;

/* What a write that is done again begins with. */
typedef struct JournalStart {
    bool is_taken;
    size_t at;
    int64_t carried; /* of the line there */
    Date on;
    Counts counts;
} JournalStart;

typedef struct Journal {
    Site *site;
    const char *as;
    bool goes_on;
    Date on;    /* of the last line that ran; DATE_NONE before the first */
    Date today; /* of lines before any that has a date */
    json_t *saved;
    Counts counts;
    bool is_stopped;
    JournalReader *reader;
    Slice *slice;       /* under way */
    size_t at;          /* the next of its lines to run */
    bool is_more;       /* of that one only a part was done: the rest is another write's */
    JournalStart start; /* of the write under way */
    Buf said;           /* about the lines of the slice */
    /* Users looked up already; forgotten when a line may have changed one. */
    Arena *kept;
    const Actor *actors[ACTORS_MAX];
    size_t actor_count;
} Journal;

static int64_t counts_sum(const Counts *counts)
{
    return counts->done + counts->skipped + counts->refused + counts->differing;
}

/* ---- Running ---- */

static void say_about(Journal *journal, const JournalLine *line, const char *what)
{
    buf_printf(&journal->said, "line %" PRId64 "%s%s: %s\n", line->number, line->op ? " " : "",
        line->op ? line->op->name : "", what);
}

static void line_refused(Journal *journal, const JournalLine *line, const char *why)
{
    journal->counts.refused++;
    journal->is_stopped = !journal->goes_on || line->is_system_fault;
    say_about(journal, line, why);
}

static void line_differs(Journal *journal, const JournalLine *line, const char *how)
{
    journal->counts.differing++;
    journal->is_stopped = !journal->goes_on;
    say_about(journal, line, how);
}

static Err actor_find(Ctx *cx, Journal *journal, const char *name)
{
    cx->actor = &actor_system;
    if (name == NULL) {
        return ERR_OK;
    }
    for (size_t i = 0; i < journal->actor_count; i++) {
        if (strcmp(journal->actors[i]->name, name) == 0) {
            cx->actor = journal->actors[i];
            return ERR_OK;
        }
    }
    const Actor *found = NULL;
    TRY(actor_by_name(cx, name, &found));
    if (journal->actor_count == ACTORS_MAX) {
        journal->actor_count = 0;
        arena_reset(journal->kept);
    }
    Actor *copy = arena_alloc(journal->kept, sizeof *copy);
    *copy = *found;
    copy->name = arena_str(journal->kept, name);
    journal->actors[journal->actor_count++] = copy;
    cx->actor = copy;
    return ERR_OK;
}

static void actors_forget(Journal *journal, const Op *op)
{
    if (op->needs == PERM_USER_WRITE || op->needs == PERM_TERRITORY_WRITE) {
        journal->actor_count = 0;
        arena_reset(journal->kept);
    }
}

/* Into copies: another attempt saves other ids under the same names. */
static Err names_take(Ctx *cx, const Journal *journal, JournalLine *line)
{
    json_value_free(&line->named);
    line->named = json_deep_copy(line->root);
    line->in = json_object_get(line->named, "in");
    line->expect = json_object_get(line->named, "expect");
    line->call.members = line->in;
    TRY(names_put_in(cx, journal->saved, line->in));
    return names_put_in(cx, journal->saved, line->expect);
}

/* Everything that must be right before the operation is called. */
static Err line_prepare(Ctx *cx, Journal *journal, JournalLine *line)
{
    Date on = line->on != DATE_NONE      ? line->on
              : journal->on != DATE_NONE ? journal->on
                                         : journal->today;
    if (on < journal->on) {
        char last[DATE_TEXT_SIZE];
        date_format(journal->on, last);
        return err_set(cx, ERR_FIELD_INVALID, "on",
            "It goes back behind %s, the date of an earlier line.", last);
    }
    if (line->has_names) {
        TRY(names_take(cx, journal, line));
    }
    TRY(actor_find(cx, journal, line->as != NULL ? line->as : journal->as));
    journal->on = on;
    cx->today = on;
    return ERR_OK;
}

/* A document of a reply or a problem is read only when the line asks for something in it. */
static void line_judge(Ctx *cx, Journal *journal, const JournalLine *line, Reply *reply)
{
    bool is_refused = cx->err.code != ERR_OK;
    if (line->expect == NULL && (line->save == NULL || is_refused)) {
        if (is_refused) {
            line_refused(journal, line, journal_refusal_text(cx->arena, &cx->err));
            return;
        }
        journal->counts.done += reply->is_repeat ? 0 : 1;
        journal->counts.skipped += reply->is_repeat ? 1 : 0;
        return;
    }
    reply_finish(cx->arena, reply);
    CLEANUP(json_value_free) json_t *document = json_loads(reply->body, JSON_DECODE_ANY, NULL);
    const char *difference =
        line->expect == NULL ? NULL : expect_compare(cx->arena, line->expect, document);
    if (is_refused && difference != NULL && !expect_is_refusal(line->expect)) {
        line_refused(journal, line, journal_refusal_text(cx->arena, &cx->err));
        return;
    }
    if (difference == NULL && !is_refused && line->save != NULL) {
        difference = names_keep(cx->arena, journal->saved, line->save, document);
    }
    if (difference != NULL) {
        line_differs(journal, line,
            is_refused
                ? arena_printf(cx->arena, "%s (it was refused: %s)", difference, cx->err.detail)
                : difference);
        return;
    }
    journal->counts.done += reply->is_repeat ? 0 : 1;
    journal->counts.skipped += reply->is_repeat ? 1 : 0;
}

/* An expected refusal counts as done: where its line has a key, it is not done by a second run. */
static Err refusal_keep(
    Ctx *cx, const Journal *journal, const JournalLine *line, const Call *call, const Reply *reply)
{
    bool is_done = line->key != NULL && reply->status >= 400 && line->expect != NULL &&
                   expect_is_refusal(line->expect);
    err_clear(cx);
    CLEANUP(json_value_free)
    json_t *document = is_done ? json_loads(reply->body, JSON_DECODE_ANY, NULL) : NULL;
    if (document == NULL || expect_compare(cx->arena, line->expect, document) != NULL) {
        return ERR_OK;
    }
    return run_refusal_keep(cx, call, line->as != NULL ? line->as : journal->as, reply);
}

/* Whether the line was refused in a run before, as it expected. */
static Err refusal_find(
    Ctx *cx, Journal *journal, const JournalLine *line, const Call *call, bool *ret_found)
{
    *ret_found = false;
    if (line->key == NULL || line->expect == NULL || !expect_is_refusal(line->expect)) {
        return ERR_OK;
    }
    Reply reply = {0};
    TRY(run_refusal_find(cx, call, line->as != NULL ? line->as : journal->as, &reply));
    *ret_found = reply.is_repeat;
    if (*ret_found) {
        CLEANUP(json_value_free)
        json_t *document = json_loads(reply.body, JSON_DECODE_ANY, NULL);
        const char *difference = expect_compare(cx->arena, line->expect, document);
        if (difference != NULL) {
            line_differs(journal, line, difference);
        } else {
            journal->counts.skipped++;
        }
    }
    return ERR_OK;
}

static Err line_call(Ctx *cx, Journal *journal, JournalLine *line, Call *call)
{
    Reply reply = {0};
    if (!run_in_batch(cx, call, &reply)) {
        return cx->err.code != ERR_OK
                   ? cx->err.code
                   : err_set(cx, ERR_STORE, NULL, "The database ended the transaction.");
    }
    if (err_http_status(cx->err.code) >= 500) {
        return cx->err.code;
    }
    journal->is_more = reply.is_more;
    call->carried = reply.carried;
    if (reply.is_more) {
        return ERR_OK;
    }
    line_judge(cx, journal, line, &reply);
    TRY(refusal_keep(cx, journal, line, call, &reply));
    actors_forget(journal, line->op);
    return ERR_OK;
}

static Err line_run(Ctx *cx, Journal *journal, JournalLine *line)
{
    if (line->fault != NULL) {
        line_refused(journal, line, line->fault);
        return ERR_OK;
    }
    Call *call = &line->call;
    bool is_prepared = line_prepare(cx, journal, line) == ERR_OK;
    Error refusal = cx->err;
    err_clear(cx);
    bool is_found = false;
    TRY(refusal_find(cx, journal, line, call, &is_found));
    if (is_found) {
        return ERR_OK;
    }
    if (is_prepared) {
        return line_call(cx, journal, line, call);
    }
    Reply problem = {0};
    cx->err = refusal;
    run_problem(cx, &problem);
    line_judge(cx, journal, line, &problem);
    cx->actor = &actor_system;
    return refusal_keep(cx, journal, line, call, &problem);
}

/* The first time it notes where it begins; another time it goes back there. */
static void slice_start(Journal *journal)
{
    JournalStart *start = &journal->start;
    JournalLine *line = &journal->slice->lines[start->is_taken ? start->at : journal->at];
    journal->is_more = false;
    if (!start->is_taken) {
        *start =
            (JournalStart){true, journal->at, line->call.carried, journal->on, journal->counts};
        return;
    }
    journal->at = start->at;
    line->call.carried = start->carried;
    journal->on = start->on;
    journal->counts = start->counts;
    journal->is_stopped = false;
    journal->said = buf_in(journal->slice->arena);
    journal->actor_count = 0; /* users may have been made */
    arena_reset(journal->kept);
}

static Err slice_run(Ctx *cx, void *user)
{
    Journal *journal = user;
    slice_start(journal);
    const Slice *slice = journal->slice;
    while (journal->at < slice->count && !journal->is_stopped && !journal->is_more) {
        ArenaMark mark = arena_mark(cx->arena);
        Err code = line_run(cx, journal, &journal->slice->lines[journal->at]);
        if (code != ERR_OK) {
            /* The refusal lives behind the mark. */
            return code;
        }
        arena_rewind(cx->arena, mark);
        journal->at += journal->is_more ? 0 : 1;
    }
    return ERR_OK;
}

/* `first`: the line that the write began with. */
static void slice_say(
    Ctx *cx, Journal *journal, size_t first, const Counts *before, Err code, bool is_unsure)
{
    if (code != ERR_OK) {
        journal->counts = *before;
        site_say(cx, journal->site, SITE_ERR,
            "lines %" PRId64 " to %" PRId64
            ": %s; the lines before them are. Lines with a key can be "
            "run again.",
            journal->slice->lines[first].number,
            journal->slice->lines[journal->slice->count - 1].number,
            is_unsure ? "all of them are kept or none, which of the two is not known" : "not kept");
    } else if (journal->said.length > 0) {
        site_say_text(journal->site, SITE_ERR, journal->said.data, journal->said.length - 1);
    }
}

static Err slices_run(Ctx *cx, Journal *journal)
{
    while (!journal->is_stopped) {
        journal->slice = journal_reader_next(cx, journal->reader);
        journal->at = 0;
        if (journal->slice->count == 0) {
            return ERR_OK;
        }
        Err code = ERR_OK;
        do {
            Counts before = journal->counts;
            size_t first = journal->at;
            journal->said = buf_in(journal->slice->arena);
            journal->start.is_taken = false;
            bool is_unsure = false;
            code = site_batch(cx, journal->site, slice_run, journal, &is_unsure);
            slice_say(cx, journal, first, &before, code, is_unsure);
        } while (code == ERR_OK && journal->is_more);
        TRY(code);
    }
    return ERR_OK;
}

/* ---- The command ---- */

static void counts_say(Ctx *cx, const Journal *journal, int64_t took_us)
{
    const Counts *counts = &journal->counts;
    int64_t lines = counts_sum(counts);
    int64_t per_second = took_us > 0 ? lines * 1000000 / took_us : 0;
    bool is_json = site_option(journal->site, "json") != NULL;
    site_say(cx, journal->site, SITE_OUT,
        is_json ? "{\"lines\":%" PRId64 ",\"done\":%" PRId64 ",\"skipped\":%" PRId64
                  ",\"refused\":%" PRId64 ",\"differing\":%" PRId64 ",\"per_second\":%" PRId64 "}"
                : "lines %" PRId64 " done %" PRId64 " skipped %" PRId64 " refused %" PRId64
                  " differing %" PRId64 " per_second %" PRId64,
        lines, counts->done, counts->skipped, counts->refused, counts->differing, per_second);
}

static Err journal_at_site(Ctx *cx, Site *site, int *ret_exit)
{
    Journal *journal = arena_alloc(cx->arena, sizeof *journal);
    *journal = (Journal){
        .site = site,
        .as = site_option(site, "as"),
        .goes_on = site_option(site, "continue") != NULL,
        .today = cx->today,
        .saved = json_object(),
        .reader = journal_reader_start(cx->arena, site, site->kind->slice_max),
        .kept = arena_new(LIMIT_ARENA_BYTES),
    };
    int64_t started_us = os_monotonic_us();
    Err code = slices_run(cx, journal);
    counts_say(cx, journal, os_monotonic_us() - started_us);
    *ret_exit = journal->counts.refused + journal->counts.differing > 0 ? 1 : 0;
    journal_reader_stop(journal->reader);
    json_decref(journal->saved);
    arena_free(journal->kept);
    return code;
}

const SiteCommand journal_site = {"journal", journal_at_site};

Err cli_journal(Cli *cli, int *ret_exit)
{
    return cli_errand(cli,
        &(Errand){.command = &journal_site, .input = cli->args[0], .is_write = true}, ret_exit);
}
