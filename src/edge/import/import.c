#include "edge/import/import.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/os.h"
#include "edge/import/book.h"
#include "edge/import/cell.h"
#include "edge/import/table.h"
#include "edge/import/window.h"
#include "op/store.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { SLICE_ITEMS = 128, SLICE_BYTES = 1024 * 1024, SAID_MAX = 5 };

/* Rows that are put together by account are read far ahead, so that each account has many. */
enum { WINDOW_ROWS = 512 * 1024, WINDOW_BYTES = 96 * 1024 * 1024 };

/* What of them is one transaction goes by the time that the last ones took before their commit, for
 * that of a slow disk would be the same: short as long as somebody else uses the writer, which
 * shows in having had to wait for it. Costs are in rows. */
enum {
    GROUP_COST = 6,
    COST_LEAST = 100,
    COST_ALONE = 64 * 1024,
    COST_MAKING = 1024,  /* a row that makes its account and is refused sends all others back */
    OPERATION_US = 80,   /* so long the writer is to be held for each of slice_max */
    HOLD_MOST_US = 8000, /* who comes first waits for it */
    SHARED_PART = 8,     /* an eighth of it when it is shared */
    WAIT_US = 1000,
    CALM_PARTS = 20, /* so many without a wait: it is ours */
};

typedef struct Pace {
    int64_t asked_us; /* 0: it is no longer waited for */
    int64_t waited_us;
    int64_t worked_us;
    int64_t calm; /* parts since the last wait */
    int64_t most; /* cost of the next part */
} Pace;

typedef struct Import {
    Site *site;
    Mapping mapping;
    Table *table;
    Tally *tally;
    Books books;
    Db *copy; /* of a dry run */
    const char *copy_path;
    const char *folder; /* that it was made for; NULL: it lies beside the database */
    Arena *slice;
    Arena *part; /* of it, that is being booked */
    Grouping grouping;
    Pace pace;
    Item **items; /* read and not yet booked, as they stand in the file */
    size_t count;
    size_t size;
    Window window;    /* the same where rows may be put together by account */
    bool is_together; /* all of them can be */
    int64_t read;
    int64_t done;
    int64_t skipped;
    int64_t refused;
    bool has_header; /* of the file of refused rows */
    bool is_unsure;  /* the last transaction was refused, and may be stored all the same */
} Import;

/* ---- Refused rows ---- */

/* What is not UTF-8 would spoil the file for who corrects it. */
static const char *shown_cell(Arena *arena, const char *cell)
{
    if (utf8_is_valid(cell, strlen(cell))) {
        return cell;
    }
    char *shown = arena_str(arena, cell);
    for (char *at = shown; *at != '\0'; at++) {
        if ((unsigned char)*at >= 0x80) {
            *at = '?';
        }
    }
    return shown;
}

static void refused_line(
    Import *import, const char *number, const CsvRow *cells, const char *field, const char *reason)
{
    char delimiter = import->mapping.delimiter;
    Buf line = buf_in(import->slice);
    buf_str(&line, number);
    for (size_t i = 0; i < import->mapping.header.count || i < cells->count; i++) {
        buf_char(&line, delimiter);
        csv_put(
            &line, delimiter, i < cells->count ? shown_cell(import->slice, cells->cells[i]) : "");
    }
    buf_char(&line, delimiter);
    csv_put(&line, delimiter, field);
    buf_char(&line, delimiter);
    csv_put(&line, delimiter, reason);
    site_say_text(import->site, SITE_REFUSED, line.data, line.length);
}

static void refused_say(Ctx *cx, Import *import, const Item *item)
{
    if (!import->has_header) {
        /* The mark says that it is UTF-8, whatever the file was that the rows came from. */
        refused_line(import,
            "\xef\xbb\xbf"
            "row",
            &import->mapping.header, "field", "reason");
        import->has_header = true;
    }
    for (const ItemRow *row = item->rows; row != NULL; row = row->next) {
        const char *number = arena_printf(import->slice, "%" PRId64, row->row.number);
        refused_line(import, number, &row->row.cells, item->field, item->reason);
        if (++import->refused <= SAID_MAX) {
            site_say(cx, import->site, SITE_ERR, "row %s%s%s: %s", number,
                item->field[0] ? " " : "", item->field, item->reason);
        }
    }
}

/* ---- Slices ---- */

typedef struct Transaction {
    Err (*steps)(Ctx *cx, void *user);
    void *user;
    Pace *pace;
} Transaction;

/* Here the writer is ours; before, it was waited for. */
static Err transaction_steps(Ctx *cx, void *user)
{
    const Transaction *transaction = user;
    Pace *pace = transaction->pace;
    int64_t began_us = os_monotonic_us();
    pace->waited_us += pace->asked_us == 0 ? 0 : began_us - pace->asked_us;
    pace->asked_us = 0;
    Err err = transaction->steps(cx, transaction->user);
    pace->worked_us += os_monotonic_us() - began_us;
    return err;
}

/* At the site, or in the copy that a dry run has. */
static Err import_work(
    Ctx *cx, void *user, Err (*steps)(Ctx *cx, void *steps_user), void *steps_user)
{
    Import *import = user;
    Transaction transaction = {steps, steps_user, &import->pace};
    import->pace.asked_us = os_monotonic_us();
    Err err = ERR_OK;
    if (import->copy == NULL) {
        err = site_batch(cx, import->site, transaction_steps, &transaction, &import->is_unsure);
    } else {
        Db *db = cx->db;
        cx->db = import->copy;
        err = store_batch_again(cx, transaction_steps, &transaction);
        cx->db = db;
    }
    return err;
}

static void outcome_count(Import *import, Outcome outcome, int64_t rows)
{
    ASSERT(outcome != OUTCOME_NONE);
    import->done += outcome == OUTCOME_DONE ? rows : 0;
    import->skipped += outcome == OUTCOME_SKIPPED ? rows : 0;
}

static void slice_count(Ctx *cx, Import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        const Item *item = import->items[i];
        outcome_count(import, item->outcome, item->row_count);
        if (item->outcome == OUTCOME_REFUSED) {
            refused_say(cx, import, item);
        }
    }
    for (size_t i = 0; i < import->window.count; i++) {
        const Waiting *row = import->window.rows[i];
        outcome_count(import, row->outcome, 1);
        if (row->outcome == OUTCOME_REFUSED) {
            refused_say(cx, import, row->refused);
        }
    }
}

static void slice_free(Import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        item_close(import->items[i]);
    }
    import->count = 0;
    import->size = 0;
    import->items = NULL;
    import->window = (Window){0};
    import->is_together = import->grouping.many != NULL;
    arena_reset(import->slice);
}

/* Of rows that are booked one by one. */
static size_t transaction_items(const Import *import)
{
    size_t most = import->site->kind->slice_max;
    return most < SLICE_ITEMS ? most : SLICE_ITEMS;
}

/* How many of the rows from here on are one transaction, and what it costs. */
static size_t part_count(
    const Import *import, Waiting *const *rows, size_t count, int64_t *ret_cost)
{
    size_t part = 0;
    int64_t most = import->pace.most;
    if (import->mapping.creates[TARGET_ACCOUNT] && most > COST_MAKING) {
        most = COST_MAKING;
    }
    *ret_cost = 0;
    if (!import->is_together) {
        size_t single = transaction_items(import);
        return count < single ? count : single;
    }
    for (; part < count && *ret_cost < most; part++) {
        bool is_other = part == 0 || !waiting_is_beside(rows[part - 1], rows[part]);
        *ret_cost += is_other ? 1 + GROUP_COST : 1;
    }
    return part;
}

static void pace_set(Import *import, int64_t cost)
{
    Pace *pace = &import->pace;
    if (import->site->kind->is_alone) {
        return;
    }
    int64_t hold_us = (int64_t)import->site->kind->slice_max * OPERATION_US;
    hold_us = hold_us < HOLD_MOST_US ? hold_us : HOLD_MOST_US;
    pace->calm = pace->waited_us > WAIT_US ? 0 : pace->calm + 1;
    hold_us = pace->calm < CALM_PARTS ? hold_us / SHARED_PART : hold_us;
    int64_t most = cost * hold_us / (pace->worked_us > 0 ? pace->worked_us : 1);
    most = most > 2 * pace->most ? 2 * pace->most : most;
    pace->most = most < COST_LEAST ? COST_LEAST : most;
    pace->waited_us = 0;
    pace->worked_us = 0;
}

static Err part_book(Ctx *cx, Import *import, Item *const *items, size_t count)
{
    ArenaMark mark = arena_mark(cx->arena);
    import->books.items = items;
    import->books.count = count;
    import->books.group_count = 0;
    if (import->is_together) {
        books_prepare(&import->books, import->part);
    }
    Err err = books_run(cx, &import->books);
    for (size_t i = 0; i < count; i++) {
        item_close(items[i]);
    }
    arena_rewind(cx->arena, mark);
    return err;
}

/* Rows that wait become items when their turn comes. */
static Err waiting_book(Ctx *cx, Import *import, Waiting *const *rows, size_t count)
{
    arena_reset(import->part);
    Item **items = arena_array(import->part, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        items[i] = waiting_item(import->part, rows[i]);
    }
    TRY(part_book(cx, import, items, count));
    for (size_t i = 0; i < count; i++) {
        waiting_end(import->slice, rows[i], items[i]);
    }
    return ERR_OK;
}

static Err window_book(Ctx *cx, Import *import)
{
    const Window *window = &import->window;
    Waiting *const *rows =
        import->is_together ? window_sorted(import->slice, window) : window->rows;
    for (size_t at = 0; at < window->count;) {
        int64_t cost = 0;
        size_t count = part_count(import, rows + at, window->count - at, &cost);
        TRY(waiting_book(cx, import, rows + at, count));
        pace_set(import, cost);
        at += count;
    }
    return ERR_OK;
}

static Err slice_book(Ctx *cx, Import *import)
{
    Err err = import->window.count > 0 ? window_book(cx, import)
                                       : part_book(cx, import, import->items, import->count);
    if (err != ERR_OK) {
        const char *kept = import->is_unsure               ? "what was kept is not known"
                           : import->grouping.many != NULL ? "not all was kept"
                                                           : "nothing was kept";
        site_say(cx, import->site, SITE_ERR, "From row %" PRId64 " on %s; run the import again.",
            import->count > 0 ? import->items[0]->rows->row.number : import->window.rows[0]->number,
            kept);
        return err;
    }
    slice_count(cx, import);
    slice_free(import);
    return ERR_OK;
}

static bool slice_is_full(const Import *import)
{
    if (import->grouping.many != NULL) {
        return import->window.count == WINDOW_ROWS || arena_used(import->slice) > WINDOW_BYTES;
    }
    return import->count == transaction_items(import) || arena_used(import->slice) > SLICE_BYTES;
}

static Item *item_new(Import *import)
{
    if (import->count == import->size) {
        size_t size = import->size == 0 ? SLICE_ITEMS : 2 * import->size;
        Item **items = arena_array(import->slice, size, sizeof *items);
        if (import->count > 0) {
            memcpy(items, import->items, import->count * sizeof *items);
        }
        import->items = items;
        import->size = size;
    }
    Item *item = arena_alloc(import->slice, sizeof *item);
    import->items[import->count++] = item;
    return item;
}

/* Rows of one order follow each other; those that are put together have no lines. */
static Err row_add(Ctx *cx, Import *import, TableRow *row)
{
    import->read++;
    Item *last = import->count > 0 ? import->items[import->count - 1] : NULL;
    if (last != NULL && last->row_count < LIMIT_ORDER_LINES &&
        item_join(import->slice, &import->mapping, row, last)) {
        return ERR_OK;
    }
    if (slice_is_full(import)) {
        TRY(slice_book(cx, import));
    }
    if (import->grouping.many == NULL) {
        Item *item = item_new(import);
        item_start(import->slice, row, item);
        item_open(import->slice, &import->mapping, item);
    } else if (!window_add(
                   &import->window, import->slice, &import->mapping, &import->grouping, row)) {
        import->is_together = false;
    }
    return ERR_OK;
}

static Err rows_run(Ctx *cx, Import *import, Arena *scan)
{
    for (;;) {
        arena_reset(scan);
        TableRow row;
        bool is_found = false;
        TRY(table_next(cx, import->table, scan, &row, &is_found));
        if (!is_found) {
            return import->count + import->window.count > 0 ? slice_book(cx, import) : ERR_OK;
        }
        TRY(row_add(cx, import, &row));
    }
}

/* ---- The file's head ---- */

static Err mapping_take(Ctx *cx, Import *import, const char *what)
{
    const Op *op = NULL;
    TRY(mapping_op(cx, what, &op));
    const char *text = NULL;
    size_t length = 0;
    TRY(site_line(cx, import->site, &text, &length));
    if (text == NULL) {
        return err_set(cx, ERR_MALFORMED, NULL, "The mapping is missing.");
    }
    CLEANUP(json_value_free) json_t *document = NULL;
    TRY(json_read(cx, text, length, &document));
    return mapping_read(cx, document, op, &import->mapping);
}

static Err customs_work(Ctx *cx, void *user)
{
    Import *import = user;
    return mapping_customs(cx, &import->mapping);
}

static Err header_take(Ctx *cx, Import *import, Arena *scan)
{
    TableRow row;
    bool is_found = false;
    TRY(table_next(cx, import->table, scan, &row, &is_found));
    if (!is_found) {
        return err_set(cx, ERR_USAGE, NULL, "The file is empty; its first line names the columns.");
    }
    if (row.fault != NULL) {
        return err_set(
            cx, ERR_USAGE, NULL, "The header of the file cannot be read: %s.", row.fault);
    }
    TRY(site_read(cx, import->site, customs_work, import));
    return mapping_bind(cx, &import->mapping, &row.cells);
}

static Err undone_ask(Ctx *cx, Import *import)
{
    CLEANUP(json_value_free) json_t *none = json_object();
    Reply reply = {0};
    run_call_again(cx, &(Call){.op = op_by_name("import_undone"), .members = none}, &reply);
    TRY(cx->err.code);
    CLEANUP(json_value_free) json_t *told = json_loads(reply.body, 0, NULL);
    import->books.has_undone = json_is_true(json_object_get(told, "is_undone"));
    return ERR_OK;
}

/* New accounts have the organisation's currency unless the file says another. And who is not known
 * is told before the first row. */
static Err currency_work(Ctx *cx, void *user)
{
    Import *import = user;
    if (import->books.as != NULL) {
        TRY(actor_by_name(cx, import->books.as, &cx->actor));
        cx->actor = &actor_system;
    }
    json_t *none = json_object();
    Reply reply = {0};
    run_call_again(cx, &(Call){.op = op_by_name("org_get"), .members = none}, &reply);
    json_decref(none);
    TRY(cx->err.code);
    json_t *org = json_loads(reply.body, 0, NULL);
    import->books.currency =
        arena_str(cx->arena, json_string_value(json_object_get(org, "currency")));
    json_decref(org);
    return undone_ask(cx, import);
}

/* ---- Dry runs ---- */

static Err copy_work(Ctx *cx, void *user)
{
    return store_scratch(cx, *(const char **)user);
}

const char *import_copy(Arena *arena, const char *url, const char *tail)
{
    return db_is_file(url) ? arena_printf(arena, "%s.dry-run-%s", url, tail) : "";
}

/* It books into a copy, so it finds the same as a real run and changes nothing. */
static Err copy_open(Ctx *cx, Import *import, const char *path)
{
    if (path[0] == '\0') {
        import->folder = os_folder_make(cx->arena);
        if (import->folder == NULL) {
            return err_set(cx, ERR_STORE, NULL,
                "A dry run needs room for a copy of the database, in the folder TMPDIR or "
                "/var/tmp: %s.",
                os_error_text());
        }
        path = arena_printf(cx->arena, "%s/copy.db", import->folder);
    }
    import->copy_path = path;
    TRY(site_read(cx, import->site, copy_work, &path));
    return db_open(cx, path, &(DbOptions){.mode = DB_WRITE}, &import->copy);
}

static void copy_remove(Ctx *cx, Import *import)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    db_close(import->copy);
    for (size_t i = 0; i < COUNT(endings); i++) {
        (void)unlink(arena_printf(cx->arena, "%s%s", import->copy_path, endings[i]));
    }
    if (import->folder != NULL) {
        (void)rmdir(import->folder);
    }
}

/* ---- The command ---- */

static Err end_steps(Ctx *cx, void *user)
{
    const Import *import = user;
    CLEANUP(json_value_free)
    json_t *members =
        json_pack("{s:s,s:I,s:I,s:I}", "import_run", id_text(cx->arena, 'Q', import->books.run),
            "stored", import->done, "skipped", import->skipped, "refused", import->refused);
    return books_call(cx, &import->books, "import_end", members);
}

/* What became of its rows, beside what they did. */
static Err run_end(Ctx *cx, Import *import)
{
    return import->books.run == 0 ? ERR_OK : import_work(cx, import, end_steps, import);
}

static void counts_say(Ctx *cx, const Import *import)
{
    bool is_json = site_option(import->site, "json") != NULL;
    const char *run = import->books.run == 0 || import->copy != NULL
                          ? NULL
                          : id_text(cx->arena, 'Q', import->books.run);
    if (import->refused > SAID_MAX) {
        site_say(cx, import->site, SITE_ERR,
            "and %" PRId64 " more rows, in the file of refused rows", import->refused - SAID_MAX);
    }
    if (run != NULL && !is_json) {
        site_say(cx, import->site, SITE_OUT, "import run %s; `guanxi import --undo %s` undoes it",
            run, run);
    }
    const char *more = run == NULL ? "" : arena_printf(cx->arena, ",\"import_run\":\"%s\"", run);
    site_say(cx, import->site, SITE_OUT,
        is_json ? "{\"read\":%" PRId64 ",\"done\":%" PRId64 ",\"skipped\":%" PRId64
                  ",\"refused\":%" PRId64 "%s}"
                : "read %" PRId64 " done %" PRId64 " skipped %" PRId64 " refused %" PRId64 "%s",
        import->read, import->done, import->skipped, import->refused, is_json ? more : "");
}

static Err import_run(Ctx *cx, Import *import, Arena *scan)
{
    const char *copy = site_option(import->site, "copy");
    TRY(mapping_take(cx, import, site_option(import->site, "what")));
    import->table =
        table_new(cx->arena, import->site, import->mapping.delimiter, import->mapping.encoding);
    TRY(header_take(cx, import, scan));
    grouping_find(&import->mapping, &import->grouping);
    import->is_together = import->grouping.many != NULL;
    import->pace.most = import->site->kind->is_alone ? COST_ALONE : COST_LEAST;
    TRY(site_read(cx, import->site, currency_work, import));
    if (copy != NULL) {
        TRY(copy_open(cx, import, copy));
    }
    TRY(rows_run(cx, import, scan));
    TRY(run_end(cx, import));
    counts_say(cx, import);
    return ERR_OK;
}

/* A name is no reason to refuse a file. */
static const char *name_shown(Arena *arena, const char *name)
{
    const char *shown = NULL;
    static const Field any = {.type = FIELD_TEXT};
    return name != NULL && text_take(&any, cell_trimmed(arena, name), &shown) ? shown : NULL;
}

static Err import_at_site(Ctx *cx, Site *site, int *ret_exit)
{
    Import *import = arena_alloc(cx->arena, sizeof *import);
    import->site = site;
    import->slice = arena_new(SIZE_MAX / 2);
    import->part = arena_new(SIZE_MAX / 2);
    import->tally = tally_new();
    import->books = (Books){.mapping = &import->mapping,
        .grouping = &import->grouping,
        .tally = import->tally,
        .arena = import->slice,
        .as = site_option(site, "as"),
        .file = name_shown(cx->arena, site_option(site, "file")),
        .work = import_work,
        .user = import};
    books_start(&import->books);
    Arena *scan = arena_new(LIMIT_ARENA_BYTES);
    Err err = import_run(cx, import, scan);
    *ret_exit = import->refused > 0 ? 1 : 0;
    slice_free(import);
    if (import->copy_path != NULL) {
        copy_remove(cx, import);
    }
    if (import->table != NULL) {
        table_free(import->table);
    }
    mapping_free(&import->mapping);
    books_end(&import->books);
    tally_free(import->tally);
    arena_free(import->slice);
    arena_free(import->part);
    arena_free(scan);
    return err;
}

const SiteCommand import_site = {"import", import_at_site};
