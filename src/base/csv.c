/* CSV as RFC 4180 has it. */
#include "base/csv.h"

#include <string.h>

typedef struct CsvReader {
    char delimiter;
    const char *at;
    const char *end;
    char *out; /* where the next character of a cell goes */
} CsvReader;

static CsvResult plain_cell(CsvReader *reader)
{
    while (reader->at < reader->end && *reader->at != reader->delimiter) {
        if (*reader->at == '"') {
            return CSV_STRAY;
        }
        *reader->out++ = *reader->at++;
    }
    return CSV_OK;
}

static CsvResult quoted_cell(CsvReader *reader)
{
    for (reader->at++; reader->at < reader->end; reader->at++) {
        if (*reader->at != '"') {
            *reader->out++ = *reader->at;
            continue;
        }
        reader->at++;
        if (reader->at == reader->end || *reader->at == reader->delimiter) {
            return CSV_OK;
        }
        if (*reader->at != '"') {
            return CSV_AFTER_QUOTE;
        }
        *reader->out++ = '"';
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
    /* All cells stand in one piece: each ends in a NUL where its delimiter stood, or the end. */
    CsvReader reader = {delimiter, text, text + length, arena_alloc(arena, length + 1)};
    CsvRow row = {
        .cells = arena_array(arena, count_of(text, length, delimiter) + 1, sizeof *row.cells)};
    for (;;) {
        bool is_quoted = reader.at < reader.end && *reader.at == '"';
        row.cells[row.count] = reader.out;
        CsvResult result = is_quoted ? quoted_cell(&reader) : plain_cell(&reader);
        if (result != CSV_OK) {
            return result;
        }
        *reader.out++ = '\0';
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
