/* The files of the web interface embedded in the program, from web/dist by tools/embed. */
#ifndef GUANXI_EDGE_ASSET_H
#define GUANXI_EDGE_ASSET_H

#include <stddef.h>

typedef struct Asset {
    const char *path; /* "/index.html" */
    const char *type; /* media type */
    const unsigned char *data;
    size_t size;
} Asset;

/* Ascending by path; none when the web interface was not built. One zeroed entry after the last. */
extern const Asset assets[];
extern const size_t assets_count;

#endif
