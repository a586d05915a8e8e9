/* Writes down what a world was asked and what it answered, as a journal that a program can run on
 * a database of its own: ids become saved names, answers become what the journal expects. */
#ifndef GUANXI_TESTS_SCRIPT_H
#define GUANXI_TESTS_SCRIPT_H

#include "base/date.h"

#include <jansson.h>
#include <stdbool.h>

typedef struct Script Script;

Script *script_make(void);
void script_drop(Script *script);
/* A call as this user (NULL: the system) on this day, and its answer. */
void script_add(Script *script,
    const char *as,
    Date on,
    const char *operation,
    const json_t *members,
    const json_t *answer,
    bool is_refused);
/* From here on is a part that script_rewind forgets. */
void script_mark(Script *script);
void script_rewind(Script *script);
/* True when all could be written. */
bool script_write(const Script *script, const char *path);

#endif
