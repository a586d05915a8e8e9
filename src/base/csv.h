/* CSV as RFC 4180 has it, one record at a time. libcsv is not used: it neither says what is wrong
 * with a record nor can it go on after a quotation mark that is never closed, and it keeps all that
 * follows one. */
#ifndef GUANXI_BASE_CSV_H
#define GUANXI_BASE_CSV_H

#include "base/buf.h"

typedef struct CsvRow {
    const char **cells;
    size_t count;
} CsvRow;

typedef enum CsvResult {
    CSV_OK,
    CSV_OPEN,        /* a quotation mark is not closed: the record may go on in the next line */
    CSV_STRAY,       /* a quotation mark inside a cell that does not begin with one */
    CSV_AFTER_QUOTE, /* something between a closing quotation mark and the delimiter */
    CSV_NUL,         /* a NUL byte */
    CSV_LONG,        /* more than the caller takes; csv_split itself does not say so */
} CsvResult;

/* Splits one record without its line end. The cells are in the arena, quotation marks removed. */
CsvResult csv_split(Arena *arena, char delimiter, const char *text, size_t length, CsvRow *ret_row);
/* Adds one cell, quoted when it must be. */
void csv_put(Buf *out, char delimiter, const char *cell);

#endif
