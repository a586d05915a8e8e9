/* The files of the web interface. */
#ifndef GUANXI_EDGE_STATIC_H
#define GUANXI_EDGE_STATIC_H

#include "edge/asset.h"
#include "edge/httpd.h"

typedef struct Static Static;

Static *static_start(Arena *arena);
/* Completes the reply for GET of `path` (decoded). A page that is not there is the start page,
 * because the browser finds its way by the address. False: there is no such file, and no page
 * was asked for. */
bool static_answer(const Static *files, HttpRequest *request, const char *path);

#endif
