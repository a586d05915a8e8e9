/* `guanxi demo`: fills an empty database with the demonstration data. */
#ifndef GUANXI_EDGE_DEMO_DEMO_H
#define GUANXI_EDGE_DEMO_DEMO_H

#include "edge/site.h"

extern const SiteCommand demo_site;

/* demo/story.ndjson, from tools/embed. */
extern const char demo_story[];

#endif
