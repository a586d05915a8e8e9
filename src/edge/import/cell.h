/* A cell's text as a field's value: dates and amounts as the file writes them. */
#ifndef GUANXI_EDGE_IMPORT_CELL_H
#define GUANXI_EDGE_IMPORT_CELL_H

#include "edge/import/mapping.h"

/* A new value, or NULL with the reason why the text is none. */
json_t *cell_value(Arena *arena,
    const Mapping *mapping,
    const Field *field,
    const char *text,
    const char **ret_reason);

/* Without blanks around it. */
const char *cell_trimmed(Arena *arena, const char *text);
/* The same value straight into a struct's member. False for all that needs a closer look. */
bool cell_take(
    Arena *arena, const Mapping *mapping, const Field *field, const char *text, void *ret_value);
/* A default of the mapping, which is written as JSON has it. */
bool default_take(const Field *field, const json_t *value, void *ret_value);
bool text_take(const Field *field, const char *text, const char **ret_text);

#endif
