/* CSV as RFC 4180 has it. */
#include "base/csv.h"

#include <string.h>

typedef struct CsvReader {
    Arena *arena;
    char delimiter;
    const char *at;
    const char *end;
} CsvReader;

static CsvResult plain_cell(CsvReader *reader, const char **ret_cell)
{
    const char *from = reader->at;
    while (reader->at < reader->end && *reader->at != reader->delimiter) {
        if (*reader->at == '"') {
            return CSV_STRAY;
        }
        reader->at++;
    }
    *ret_cell = arena_copy(reader->arena, from, (size_t)(reader->at - from));
    return CSV_OK;
}

static CsvResult quoted_cell(CsvReader *reader, const char **ret_cell)
{
    char *cell = arena_alloc(reader->arena, (size_t)(reader->end - reader->at));
    size_t length = 0;
    for (reader->at++; reader->at < reader->end; reader->at++) {
        if (*reader->at != '"') {
            cell[length++] = *reader->at;
            continue;
        }
        reader->at++;
        if (reader->at == reader->end || *reader->at == reader->delimiter) {
            *ret_cell = cell;
            return CSV_OK;
        }
        if (*reader->at != '"') {
            return CSV_AFTER_QUOTE;
        }
        cell[length++] = '"';
    }
    return CSV_OPEN;
}

static size_t count_of(const char *text, size_t length, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        count += text[i] == c ? 1 : 0;
    }
    return count;
}

CsvResult csv_split(Arena *arena, char delimiter, const char *text, size_t length, CsvRow *ret_row)
{
    if (memchr(text, '\0', length) != NULL) {
        return CSV_NUL;
    }
    CsvReader reader = {arena, delimiter, text, text + length};
    CsvRow row = {
        .cells = arena_array(arena, count_of(text, length, delimiter) + 1, sizeof *row.cells)};
    for (;;) {
        bool is_quoted = reader.at < reader.end && *reader.at == '"';
        CsvResult result = is_quoted ? quoted_cell(&reader, &row.cells[row.count])
                                     : plain_cell(&reader, &row.cells[row.count]);
        if (result != CSV_OK) {
            return result;
        }
        row.count++;
        if (reader.at == reader.end) {
            *ret_row = row;
            return CSV_OK;
        }
        reader.at++;
    }
}

void csv_put(Buf *out, char delimiter, const char *cell)
{
    const char marks[] = {delimiter, '"', '\n', '\r', '\0'};
    if (cell[strcspn(cell, marks)] == '\0') {
        buf_str(out, cell);
        return;
    }
    buf_char(out, '"');
    for (; *cell != '\0'; cell++) {
        if (*cell == '"') {
            buf_char(out, '"');
        }
        buf_char(out, *cell);
    }
    buf_char(out, '"');
}
