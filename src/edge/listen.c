/* Addresses, and the socket that the server listens on. */
#include "edge/listen.h"

#include "base/money.h"
#include "base/os.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

_Static_assert(ADDRESS_TEXT_SIZE == INET6_ADDRSTRLEN, "room for any address");

/* ---- addresses ---- */

static const char address_unknown[] = "unknown";

/* The IPv4 address within an IPv6 one, or the address itself; false for a real IPv6 address. */
static bool address_v4(const struct sockaddr *address, uint32_t *ret_v4)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        *ret_v4 = ntohl(in.sin_addr.s_addr);
        return true;
    }
    struct sockaddr_in6 in;
    memcpy(&in, address, sizeof in);
    memcpy(ret_v4, &in.sin6_addr.s6_addr[12], sizeof *ret_v4);
    *ret_v4 = ntohl(*ret_v4);
    return IN6_IS_ADDR_V4MAPPED(&in.sin6_addr);
}

static bool address_is_loopback(const struct sockaddr *address)
{
    uint32_t v4 = 0;
    if (address->sa_family != AF_INET && address->sa_family != AF_INET6) {
        return false;
    }
    if (address_v4(address, &v4)) {
        return v4 >> 24 == IN_LOOPBACKNET;
    }
    struct sockaddr_in6 in;
    memcpy(&in, address, sizeof in);
    return IN6_IS_ADDR_LOOPBACK(&in.sin6_addr);
}

bool address_is_here(int fd, const struct sockaddr *other)
{
    struct sockaddr_storage here = {0};
    socklen_t size = sizeof here;
    char ours[ADDRESS_TEXT_SIZE];
    char theirs[ADDRESS_TEXT_SIZE];
    if (address_is_loopback(other)) {
        return true;
    }
    if (getsockname(fd, (struct sockaddr *)&here, &size) != 0) {
        return false;
    }
    address_format((const struct sockaddr *)&here, ours);
    address_format(other, theirs);
    return strcmp(ours, theirs) == 0 && strcmp(ours, address_unknown) != 0;
}

void address_format(const struct sockaddr *address, char text[ADDRESS_TEXT_SIZE])
{
    socklen_t size =
        address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    if (getnameinfo(address, size, text, ADDRESS_TEXT_SIZE, NULL, 0, NI_NUMERICHOST) != 0) {
        (void)snprintf(text, ADDRESS_TEXT_SIZE, "%s", address_unknown);
    }
}

/* ---- the socket ---- */

static Err listen_parse(Ctx *cx, const char *text, const char **ret_host, const char **ret_port)
{
    const char *colon = text == NULL ? NULL : strrchr(text, ':');
    int64_t port = -1;
    bool is_read = colon != NULL && colon != text && integer_parse(colon + 1, &port);
    if (!is_read || port < 0 || port > UINT16_MAX) {
        return err_set(cx, ERR_USAGE, "listen", "Say where as HOST:PORT, e.g. 127.0.0.1:8080.");
    }
    bool is_bracketed = text[0] == '[' && colon[-1] == ']';
    size_t length = (size_t)(colon - text);
    *ret_host = is_bracketed ? arena_copy(cx->arena, text + 1, length - 2)
                             : arena_copy(cx->arena, text, length);
    *ret_port = colon + 1;
    return ERR_OK;
}

static int socket_open(const struct addrinfo *at)
{
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    int on = 1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, at->ai_addr, at->ai_addrlen) != 0 || listen(fd, SOMAXCONN) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int port_of(int fd)
{
    struct sockaddr_storage at = {0};
    socklen_t size = sizeof at;
    char text[8] = "0";
    int64_t port = 0;
    if (getsockname(fd, (struct sockaddr *)&at, &size) == 0) {
        (void)getnameinfo((struct sockaddr *)&at, size, NULL, 0, text, sizeof text, NI_NUMERICSERV);
    }
    return integer_parse(text, &port) ? (int)port : 0;
}

Err listen_open(Ctx *cx, const char *text, Listening *ret_listening)
{
    const char *host = NULL;
    const char *port = NULL;
    TRY(listen_parse(cx, text, &host, &port));
    struct addrinfo wanted = {.ai_family = AF_UNSPEC,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *at;
    int failed = getaddrinfo(host, port, &wanted, &at);
    if (failed != 0) {
        return err_set(cx, ERR_USAGE, "listen", "%s: %s.", text, gai_strerror(failed));
    }
    int fd = socket_open(at);
    bool is_loopback = address_is_loopback(at->ai_addr);
    freeaddrinfo(at);
    if (fd < 0) {
        return err_set(cx, ERR_STORE, "listen", "Cannot listen on %s: %s.", text, os_error_text());
    }
    *ret_listening =
        (Listening){.fd = fd, .host = host, .port = port_of(fd), .is_loopback = is_loopback};
    return ERR_OK;
}
