/* `guanxi import WHAT FILE`: documents and master data from CSV. */
#ifndef GUANXI_EDGE_IMPORT_IMPORT_H
#define GUANXI_EDGE_IMPORT_IMPORT_H

#include "edge/site.h"

/* Its input is the mapping as one line of JSON, then the file. */
extern const SiteCommand import_site;

#endif
