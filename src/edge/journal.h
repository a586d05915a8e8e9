/* `guanxi journal`: operations one JSON object a line, for bulk feeds, migration and replay. */
#ifndef GUANXI_EDGE_JOURNAL_H
#define GUANXI_EDGE_JOURNAL_H

#include "edge/site.h"

extern const SiteCommand journal_site;

#endif
