#include "edge/import/table.h"

#include "base/json.h"

#include <iconv.h>
#include <string.h>

/* How far a quotation mark may reach before it counts as never closed. */
enum { RECORD_LINES = 100, RECORD_BYTES = 64 * 1024, KEPT_BYTES = 4 * 1024 * 1024 };

typedef struct Line {
    const char *text;
    size_t length;
} Line;

struct Table {
    Site *site;
    char delimiter;
    iconv_t from;   /* ICONV_NONE: the file is UTF-8 */
    int64_t number; /* of the line before lines[first] */
    /* Lines that were read to find the end of a record and do not belong to it. */
    Line lines[RECORD_LINES];
    size_t first;
    size_t count;
    Arena *kept; /* of those lines */
    Arena *spare;
    bool is_end;
};

#define ICONV_NONE ((iconv_t)-1)

Table *table_new(Arena *arena, Site *site, char delimiter, Encoding encoding)
{
    Table *table = arena_alloc(arena, sizeof *table);
    table->site = site;
    table->delimiter = delimiter;
    table->from = ICONV_NONE;
    if (encoding == ENCODING_GB18030) {
        table->from = iconv_open("UTF-8", "GB18030");
        ASSERT(table->from != ICONV_NONE);
    }
    table->kept = arena_new((size_t)4 * KEPT_BYTES);
    table->spare = arena_new((size_t)4 * KEPT_BYTES);
    return table;
}

static void decoder_close(Table *table)
{
    if (table->from != ICONV_NONE) {
        (void)iconv_close(table->from);
    }
    table->from = ICONV_NONE;
}

void table_free(Table *table)
{
    decoder_close(table);
    arena_free(table->kept);
    arena_free(table->spare);
}

/* ---- Lines ---- */

/* In UTF-8. A byte that has no meaning becomes one that UTF-8 does not know, so that the row is
 * refused for the cell it stands in. */
static Line line_decode(Table *table, Arena *arena, const char *text, size_t length)
{
    if (table->from == ICONV_NONE) {
        return (Line){arena_copy(arena, text, length), length};
    }
    size_t room = 4 * length + 1;
    char *decoded = arena_alloc(arena, room);
    char *in = arena_copy(arena, text, length);
    char *out = decoded;
    while (length > 0) {
        if (iconv(table->from, &in, &length, &out, &room) == (size_t)-1) {
            in++;
            length--;
            *out++ = '\xff';
            room--;
        }
    }
    return (Line){decoded, (size_t)(out - decoded)};
}

/* What the file is, as its first bytes tell, whatever the mapping says: a byte order mark means
 * UTF-8 (a file of refused rows goes in again with the mapping of its file), and is taken off. */
static Err first_line_check(Ctx *cx, Table *table, Line *line)
{
    static const char mark[] = "\xef\xbb\xbf";
    if (line->length >= 2 &&
        (memcmp(line->text, "\xff\xfe", 2) == 0 || memcmp(line->text, "\xfe\xff", 2) == 0)) {
        return err_set(cx, ERR_USAGE, NULL, "The file is UTF-16; save it as CSV in UTF-8.");
    }
    if (line->length >= 4 && memcmp(line->text, "PK\x03\x04", 4) == 0) {
        return err_set(cx, ERR_USAGE, NULL, "The file is a spreadsheet; save it as CSV in UTF-8.");
    }
    if (line->length >= 3 && memcmp(line->text, mark, 3) == 0) {
        *line = (Line){line->text + 3, line->length - 3};
        decoder_close(table);
    }
    return ERR_OK;
}

/* Keeps the memory of the lines held bounded, however many a broken file makes wait. */
static void lines_compact(Table *table)
{
    if (table->first > 0) {
        memmove(table->lines, table->lines + table->first, table->count * sizeof *table->lines);
        table->first = 0;
    }
    if (arena_used(table->kept) < KEPT_BYTES) {
        return;
    }
    for (size_t i = 0; i < table->count; i++) {
        Line *line = &table->lines[i];
        line->text = arena_copy(table->spare, line->text, line->length);
    }
    Arena *full = table->kept;
    table->kept = table->spare;
    table->spare = full;
    arena_reset(full);
}

/* Makes lines[first + index] there; false at the end of the file. */
static Err line_have(Ctx *cx, Table *table, size_t index, bool *ret_there)
{
    *ret_there = index < table->count;
    if (*ret_there || table->is_end) {
        return ERR_OK;
    }
    lines_compact(table);
    Line line = {0};
    TRY(site_line(cx, table->site, &line.text, &line.length));
    table->is_end = line.text == NULL;
    if (table->is_end) {
        return ERR_OK;
    }
    if (table->number == 0 && table->count == 0) {
        TRY(first_line_check(cx, table, &line));
    }
    table->lines[table->count++] = line_decode(table, table->kept, line.text, line.length);
    *ret_there = true;
    return ERR_OK;
}

static void lines_drop(Table *table, size_t count)
{
    table->first += count;
    table->count -= count;
    table->number += (int64_t)count;
}

/* ---- Rows ---- */

static const char *fault_text(CsvResult result)
{
    switch (result) {
    case CSV_OPEN:
        return "a quotation mark is opened and never closed";
    case CSV_STRAY:
        return "a quotation mark stands inside a cell; quote the cell and double the mark";
    case CSV_AFTER_QUOTE:
        return "text follows a closing quotation mark";
    case CSV_NUL:
        return "it holds a NUL byte";
    case CSV_LONG:
        return "it is longer than 64 KiB";
    case CSV_OK:
        break;
    }
    return NULL;
}

/* A cell for the file of refused rows: what is no text is shown as '?'. */
static CsvRow raw_cells(Arena *arena, const Line *line)
{
    char *text = arena_copy(arena, line->text, line->length);
    for (size_t i = 0; i < line->length; i++) {
        if ((unsigned char)text[i] < ' ' && text[i] != '\t') {
            text[i] = '?';
        }
    }
    const char **cells = arena_array(arena, 1, sizeof *cells);
    cells[0] = text;
    return (CsvRow){cells, 1};
}

/* Joins lines until the quotation marks are closed. When they never are,
 * the first line alone is refused. */
static Err record_read(Ctx *cx, Table *table, Arena *arena, TableRow *row)
{
    Buf text = buf_in(arena);
    CsvResult result = CSV_OPEN;
    for (size_t used = 0; used < RECORD_LINES; used++) {
        bool is_there = false;
        TRY(line_have(cx, table, used, &is_there));
        if (!is_there) {
            break;
        }
        const Line *line = &table->lines[table->first + used];
        if (text.length + line->length >= RECORD_BYTES) {
            result = used == 0 ? CSV_LONG : CSV_OPEN;
            break;
        }
        buf_add(&text, used > 0 ? "\n" : "", used > 0 ? 1 : 0);
        buf_add(&text, line->text, line->length);
        result = csv_split(arena, table->delimiter, buf_text(&text), text.length, &row->cells);
        /* One that closes lines later with text behind it was meant to close nowhere. */
        if (used > 0 && result == CSV_AFTER_QUOTE) {
            result = CSV_OPEN;
            break;
        }
        if (result != CSV_OPEN) {
            row->fault = fault_text(result);
            if (row->fault != NULL) {
                break;
            }
            lines_drop(table, used + 1);
            return ERR_OK;
        }
    }
    row->fault = fault_text(result);
    row->cells = raw_cells(arena, &table->lines[table->first]);
    lines_drop(table, 1);
    return ERR_OK;
}

static bool is_blank(const Line *line)
{
    for (size_t i = 0; i < line->length; i++) {
        if (line->text[i] != ' ' && line->text[i] != '\t') {
            return false;
        }
    }
    return true;
}

Err table_next(Ctx *cx, Table *table, Arena *arena, TableRow *ret_row, bool *ret_found)
{
    *ret_row = (TableRow){0};
    for (;;) {
        TRY(line_have(cx, table, 0, ret_found));
        if (!*ret_found) {
            return ERR_OK;
        }
        if (!is_blank(&table->lines[table->first])) {
            break;
        }
        lines_drop(table, 1);
    }
    ret_row->number = table->number + 1;
    return record_read(cx, table, arena, ret_row);
}
