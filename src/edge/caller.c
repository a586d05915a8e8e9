/* Credentials, and what a request tells of where it comes from. */
#include "edge/caller.h"

#include "base/crypto.h"

#include <string.h>
#include <strings.h>

/* With TLS the prefix makes browsers insist on Secure, the whole host and no other path. */
static const char cookie_secure[] = "__Host-guanxi";
static const char cookie_plain[] = "guanxi";

enum { SECRET_MAX = 256 };

static const char *cookie_find(Ctx *cx, const HttpRequest *request, const char *name)
{
    const char *at = http_header(request, "Cookie");
    size_t name_length = strlen(name);
    while (at != NULL && *at != '\0') {
        at += strspn(at, "; ");
        size_t length = strcspn(at, ";");
        if (length > name_length && strncmp(at, name, name_length) == 0 && at[name_length] == '=') {
            size_t value_length = length - name_length - 1;
            return value_length == 0 || value_length > SECRET_MAX
                       ? NULL
                       : arena_copy(cx->arena, at + name_length + 1, value_length);
        }
        at += length;
    }
    return NULL;
}

/* The bearer token; NULL when there is no such header. */
static Err bearer_read(Ctx *cx, const HttpRequest *request, const char **ret_token)
{
    const char *text = http_header(request, "Authorization");
    *ret_token = NULL;
    if (text == NULL) {
        return ERR_OK;
    }
    if (strncasecmp(text, "Bearer ", 7) != 0) {
        return err_set(
            cx, ERR_UNAUTHENTICATED, NULL, "Send the token as `Authorization: Bearer TOKEN`.");
    }
    text += 7 + strspn(text + 7, " ");
    if (*text == '\0' || strlen(text) > SECRET_MAX) {
        return err_set(cx, ERR_UNAUTHENTICATED, NULL, "This is no token of guanxi.");
    }
    *ret_token = arena_str(cx->arena, text);
    return ERR_OK;
}

/* A page of another site may send our cookie along; it cannot hide that it is another's. A
 * request that names no origin at all comes from no browser; it is taken when it carries no
 * cookie. */
static Err origin_check(Ctx *cx, const HttpRequest *request, bool has_cookie)
{
    const char *site = http_header(request, "Sec-Fetch-Site");
    const char *origin = http_header(request, "Origin");
    const char *host = http_header(request, "Host");
    bool is_ours = !has_cookie;
    if (site != NULL) {
        is_ours = strcmp(site, "same-origin") == 0;
    } else if (origin != NULL) {
        const char *origin_host = strstr(origin, "://");
        is_ours = origin_host != NULL && host != NULL && strcasecmp(origin_host + 3, host) == 0;
    }
    if (!is_ours) {
        return err_set(cx, ERR_FORBIDDEN, NULL,
            "A page of another site may not do this. Programs send a token instead of a cookie.");
    }
    return ERR_OK;
}

/* From this machine and not through a proxy on it. */
static bool is_direct(const HttpRequest *request)
{
    return request->is_here && http_header(request, "X-Forwarded-For") == NULL &&
           http_header(request, "Forwarded") == NULL;
}

/* Elsewhere nobody may have the token: where it is used from there it has been stolen. */
bool caller_is_local(const HttpRequest *request, const char *local_token)
{
    if (!is_direct(request)) {
        return false;
    }
    const char *text = http_header(request, "Authorization");
    size_t length = strlen(local_token);
    return text != NULL && strncasecmp(text, "Bearer ", 7) == 0 && strlen(text + 7) == length &&
           crypto_equal(text + 7, local_token, length);
}

static Err local_headers(Ctx *cx, const HttpRequest *request, Caller *caller)
{
    const char *as = http_header(request, "Guanxi-As");
    const char *today = http_header(request, "Guanxi-Today");
    if (!caller->is_local && (as != NULL || today != NULL)) {
        return err_set(cx, ERR_FORBIDDEN, NULL,
            "Only the command line on the server's own machine may name a user or a date.");
    }
    caller->as = as == NULL ? NULL : arena_str(cx->arena, as);
    if (today != NULL && !date_parse(today, &caller->today)) {
        return err_set(cx, ERR_FIELD_INVALID, "Guanxi-Today",
            "Write a date from 1900-01-01 to 2199-12-31 as YYYY-MM-DD.");
    }
    return ERR_OK;
}

/* A proxy adds the address it was called from behind those it was told, in the same header or in
 * one more. */
static const char *address_read(Ctx *cx, const HttpRequest *request)
{
    const char *text = http_header_last(request, "X-Forwarded-For");
    if (!request->is_here || text == NULL) {
        return request->address;
    }
    const char *comma = strrchr(text, ',');
    text = comma == NULL ? text : comma + 1;
    return arena_str(cx->arena, text + strspn(text, " "));
}

Err caller_read(Ctx *cx,
    const HttpRequest *request,
    const char *local_token,
    bool is_unsafe,
    Caller *ret_caller)
{
    Caller caller = {0};
    const char *proto = http_header(request, "X-Forwarded-Proto");
    bool is_told = request->is_here && proto != NULL && strcasecmp(proto, "https") == 0;
    caller.is_secure = request->is_tls || is_told;
    caller.is_direct = is_direct(request);
    caller.is_local = caller_is_local(request, local_token);
    caller.address = address_read(cx, request);
    TRY(local_headers(cx, request, &caller));
    if (!caller.is_local) {
        TRY(bearer_read(cx, request, &caller.token));
    }
    if (!caller.is_local && caller.token == NULL) {
        caller.session = cookie_find(cx, request, caller.is_secure ? cookie_secure : cookie_plain);
        if (is_unsafe) {
            TRY(origin_check(cx, request, caller.session != NULL));
        }
    }
    *ret_caller = caller;
    return ERR_OK;
}

const char *caller_cookie(Arena *arena, const Caller *caller, const char *secret, int64_t max_age_s)
{
    return arena_printf(arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
        caller->is_secure ? cookie_secure : cookie_plain, secret,
        (long long)(*secret == '\0' ? 0 : max_age_s), caller->is_secure ? "; Secure" : "");
}
