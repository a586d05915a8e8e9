/* Hands a command to the server that holds the database. */
#ifndef GUANXI_EDGE_CLIENT_H
#define GUANXI_EDGE_CLIENT_H

#include "edge/errand.h"
#include "edge/lines.h"

typedef struct Server {
    const char *address; /* "http://127.0.0.1:8080" */
    const char *token;
} Server;

/* What *ret_exit is when nobody listens there; then nothing of the input was read. */
enum { CLIENT_NOBODY = -1 };

/* Sends the command, streams its input, and says what the server answers. */
Err client_run(
    Ctx *cx, const Server *server, const Errand *errand, Lines *lines, Sink *sink, int *ret_exit)
    MUST_CHECK;

#endif
