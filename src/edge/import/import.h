/* `guanxi import WHAT FILE`: documents and master data from CSV. */
#ifndef GUANXI_EDGE_IMPORT_IMPORT_H
#define GUANXI_EDGE_IMPORT_IMPORT_H

#include "base/arena.h"
#include "edge/site.h"

/* Its input is the mapping as one line of JSON, then the file. */
extern const SiteCommand import_site;

/* The option "copy" of a dry run: the file that it works in, named by `tail`, beside that of the
 * database; "" where there is none: then in a folder of its own. */
const char *import_copy(Arena *arena, const char *url, const char *tail);

#endif
