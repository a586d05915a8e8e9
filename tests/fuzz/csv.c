/* Any bytes as one CSV record: what is split is written so that it splits into the same cells. */
#include "base/csv.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = {',', ';', '\t', '|'};
    if (size == 0) {
        return 0;
    }
    char delimiter = delimiters[data[0] % sizeof delimiters];
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 26);
    const char *text = arena_copy(arena, (const char *)data + 1, size - 1);
    CsvRow row = {0};
    if (csv_split(arena, delimiter, text, size - 1, &row) != CSV_OK) {
        return 0;
    }
    Buf out = buf_in(arena);
    for (size_t i = 0; i < row.count; i++) {
        if (i > 0) {
            buf_char(&out, delimiter);
        }
        csv_put(&out, delimiter, row.cells[i]);
    }
    CsvRow again = {0};
    ASSERT(csv_split(arena, delimiter, buf_text(&out), out.length, &again) == CSV_OK);
    ASSERT(again.count == row.count);
    for (size_t i = 0; i < row.count; i++) {
        ASSERT(strcmp(again.cells[i], row.cells[i]) == 0);
    }
    return 0;
}
