/* The commands that a server runs for the command line. */
#ifndef GUANXI_EDGE_LOCAL_H
#define GUANXI_EDGE_LOCAL_H

#include "edge/http.h"

/* Last one zeroed. */
extern const LocalCommand local_commands[];

#endif
