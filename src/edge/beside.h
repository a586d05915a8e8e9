/* The commands that a server runs for the command line. */
#ifndef GUANXI_EDGE_BESIDE_H
#define GUANXI_EDGE_BESIDE_H

#include "edge/http.h"

/* Last one zeroed. */
extern const LocalCommand beside_commands[];

#endif
