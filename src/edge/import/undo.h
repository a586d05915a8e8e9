/* Taking back what an import made. */
#ifndef GUANXI_EDGE_IMPORT_UNDO_H
#define GUANXI_EDGE_IMPORT_UNDO_H

#include "edge/site.h"

/* Its options: `undo`, the import; `limit` and `cursor`, for a part of it; `reason`; `rows`, to be
 * told of each record. */
extern const SiteCommand import_undo_site;

#endif
