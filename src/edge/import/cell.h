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

#endif
