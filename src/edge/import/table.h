/* The rows of a CSV that comes line by line: encodings, records over several lines, and records
 * that cannot be read, of which each is told and none stops the reading. */
#ifndef GUANXI_EDGE_IMPORT_TABLE_H
#define GUANXI_EDGE_IMPORT_TABLE_H

#include "base/csv.h"
#include "edge/import/mapping.h"
#include "edge/site.h"

typedef struct Table Table;

typedef struct TableRow {
    int64_t number; /* of its first line in the file, the header being 1 */
    CsvRow cells;
    const char
        *fault; /* why it cannot be read, with `cells` one cell that holds the line; NULL: it can */
} TableRow;

/* Reads from the lines of site. */
Table *table_new(Arena *arena, Site *site, char delimiter, Encoding encoding);
void table_free(Table *table);
/* The next row that is not blank, in the arena; *ret_found false at the end.
 * What it refuses is about the whole file. */
Err table_next(Ctx *cx, Table *table, Arena *arena, TableRow *ret_row, bool *ret_found) MUST_CHECK;

#endif
