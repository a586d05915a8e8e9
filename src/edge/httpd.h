/* The HTTP library behind a narrow interface: httpd.c alone knows which one it is.
 *
 * A request is served on an event thread that nothing may keep: what takes time suspends the
 * request, hands it over, and answers from another thread. All its memory is one arena, which
 * the library's completion alone gives back; until then it belongs to whoever the request was
 * handed to. */
#ifndef GUANXI_EDGE_HTTPD_H
#define GUANXI_EDGE_HTTPD_H

#include "base/ctx.h"

typedef struct HttpHeader {
    const char *name;
    const char *value;
} HttpHeader;

enum { HTTP_HEADERS_MAX = 16 };

typedef struct HttpReply {
    int status;
    const char *body; /* in the request's arena, or of longer life */
    size_t size;
    HttpHeader headers[HTTP_HEADERS_MAX];
    size_t header_count;
} HttpReply;

typedef struct HttpRequest {
    Arena *arena;
    const char *method;
    const char *target;  /* as it came: path and query, percent-encoded */
    const char *address; /* of the other end */
    bool is_here;        /* the other end is on this machine */
    bool is_tls;
    int64_t began_us;
    size_t body_max; /* set by `headers` for HTTP_BODY */
    char *body;      /* complete in `request`, with a NUL after it */
    size_t body_size;
    HttpReply reply;
    void *visit; /* the door's own */
} HttpRequest;

typedef enum HttpNext {
    HTTP_ANSWER, /* the reply is complete */
    HTTP_BODY,   /* collect the body, then `request` */
    HTTP_STREAM, /* the body goes to `chunk` piece by piece, then `request` */
    HTTP_WAIT,   /* http_suspend was called; http_resume will be, then `answer` */
} HttpNext;

/* What stands behind the library. All are called on event threads. */
typedef struct HttpDoor {
    void *user;
    HttpNext (*headers)(void *user, HttpRequest *request); /* never HTTP_WAIT */
    HttpNext (*request)(void *user, HttpRequest *request); /* HTTP_ANSWER or HTTP_WAIT */
    void (*too_large)(void *user, HttpRequest *request);   /* completes the reply */
    /* Bytes taken; fewer than size only after http_suspend. */
    size_t (*chunk)(void *user, HttpRequest *request, const char *data, size_t size);
    void (*answer)(void *user, HttpRequest *request); /* completes the reply */
    /* The last call for a request that `headers` was called for. */
    void (*end)(void *user, HttpRequest *request);
} HttpDoor;

/* NULL when the request has no such header. Not once it was handed over. */
const char *http_header(const HttpRequest *request, const char *name);
/* The last of the headers of this name. */
const char *http_header_last(const HttpRequest *request, const char *name);
/* What is wrong with how its headers tell the end of the body, as a sentence; NULL: nothing. Told
 * in two ways, a proxy before us may take the other one; in a way we do not know, it has none. */
const char *http_framing_fault(const HttpRequest *request);
void http_reply_header(HttpRequest *request, const char *name, const char *value);
/* In `chunk`: nobody reads the rest of the body. From the first call on its sender has a while to
 * come to its end, so that nobody holds a connection by sending what is not heard. */
void http_unheard(HttpRequest *request);
/* On the event thread, before the request is handed over. */
void http_suspend(HttpRequest *request);
/* On any thread; nobody but the event thread touches the request afterwards. */
void http_resume(HttpRequest *request);

typedef struct HttpdOptions {
    const char *listen;
    const char *tls_cert; /* PEM text; NULL: plain HTTP */
    const char *tls_key;
    int per_address; /* connections an address; 0: no limit on loopback, else 64 */
    HttpDoor door;
} HttpdOptions;

typedef struct Httpd Httpd;

Err httpd_start(Ctx *cx, const HttpdOptions *options, Httpd **ret_httpd) MUST_CHECK;
const char *httpd_url(const Httpd *httpd); /* "http://127.0.0.1:8080" */
/* Once a second or so: ends connections whose request does not become complete. */
void httpd_watch(Httpd *httpd);
/* No new connections. */
void httpd_quiesce(Httpd *httpd);
/* Requests that are being read, run or answered. */
int64_t httpd_active(const Httpd *httpd);
int64_t httpd_connections(const Httpd *httpd);
int64_t httpd_suspended(const Httpd *httpd);
/* Only when no request is suspended. */
void httpd_stop(Httpd *httpd);

#endif
