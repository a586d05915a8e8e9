/* Who asks, as the headers say it. */
#ifndef GUANXI_EDGE_CALLER_H
#define GUANXI_EDGE_CALLER_H

#include "edge/httpd.h"

typedef struct Caller {
    const char *token;   /* bearer token */
    const char *session; /* secret of the cookie */
    bool is_local;       /* has the token of FILE.lock: the command line on this machine */
    const char *as;      /* Guanxi-As, is_local alone */
    Date today;          /* Guanxi-Today, is_local alone */
    bool is_secure;      /* the browser speaks TLS, to us or to a proxy on this machine */
    bool is_direct;      /* from this machine and not through a proxy */
    const char *
        address; /* of the other end; what a proxy on this machine says of it, where there is one */
} Caller;

/* is_unsafe: the request may change something; then a cookie counts only from our own pages.
 * Refusals: ERR_UNAUTHENTICATED, ERR_FORBIDDEN, ERR_FIELD_INVALID. */
Err caller_read(Ctx *cx,
    const HttpRequest *request,
    const char *local_token,
    bool is_unsafe,
    Caller *ret_caller) MUST_CHECK;
/* The value of Set-Cookie; an empty secret ends the session. */
const char *caller_cookie(
    Arena *arena, const Caller *caller, const char *secret, int64_t max_age_s);
/* True when the request has the token of FILE.lock and comes straight from this machine. */
bool caller_is_local(const HttpRequest *request, const char *local_token);

#endif
