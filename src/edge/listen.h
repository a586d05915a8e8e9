/* Addresses and the listening socket. */
#ifndef GUANXI_EDGE_LISTEN_H
#define GUANXI_EDGE_LISTEN_H

#include "base/ctx.h"

#include <sys/socket.h>

enum { ADDRESS_TEXT_SIZE = 46 }; /* the longest IPv6 address and a NUL */

typedef struct Listening {
    int fd;           /* does not block */
    const char *host; /* as it was given, without brackets; in the arena */
    int port;         /* the one that was picked when 0 was given */
    bool is_loopback;
} Listening;

/* text: HOST:PORT or [V6]:PORT. ERR_USAGE, ERR_STORE (in use, or not ours). */
Err listen_open(Ctx *cx, const char *text, Listening *ret_listening) MUST_CHECK;

/* The other end of the connection is on this machine: over loopback, or at the address that the
 * connection came to, which nobody else can have. */
bool address_is_here(int fd, const struct sockaddr *other);
void address_format(const struct sockaddr *address, char text[ADDRESS_TEXT_SIZE]);

#endif
