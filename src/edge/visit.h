/* What the files of the door share: the door itself, and a request while it is there. */
#ifndef GUANXI_EDGE_VISIT_H
#define GUANXI_EDGE_VISIT_H

#include "edge/await.h"
#include "edge/caller.h"
#include "edge/door.h"
#include "edge/local.h"
#include "edge/metrics.h"
#include "edge/pace.h"
#include "edge/route.h"
#include "edge/static.h"
#include "edge/throttle.h"

struct Door {
    DoorOptions options;
    const Route *routes;
    Static *files;
    Throttle *throttle;
    Pace *pace; /* NULL: any number of requests */
    LocalHall *hall;
    Await *await;
    Metrics metrics;
    Buf openapi;
    Buf imports; /* what can be imported, with its fields */
    uint32_t id_prefix;
    _Atomic uint32_t id_next;
    _Atomic bool is_closed;
};

/* One request while it is at the door. */
typedef struct Visit {
    Ctx cx;
    Job job;
    Door *door;
    HttpRequest *request;
    const char *path;
    const char *query;
    RouteMatch match;
    Caller caller;
    json_t *members;
    const char *name_key; /* of the throttle; NULL: not counted */
    const char *address_key;
    int64_t wait_s; /* what the throttle wants waited; 0: nothing */
    Local *local;
    bool is_events; /* answered as server-sent events */
    ArenaMark mark; /* what lies above belongs to one asking */
} Visit;

/* ---- reply.c ---- */

void reply_text(HttpRequest *request, int status, const char *type, const char *text);
/* What goes with every reply. */
void reply_headers(Visit *visit);
/* cx->err becomes the reply. */
void reply_refusal(Visit *visit);
/* What the job was answered becomes the reply. */
void reply_operation(Visit *visit);
/* ERR_METHOD, with what the address takes instead: bit m of methods for METHOD m. */
Err reply_method(Visit *visit, unsigned methods) MUST_CHECK;

/* ---- operation.c ---- */

/* What the headers tell of a call; `path` is below the base path. */
Err operation_begin(Visit *visit, const char *path, HttpNext *ret_next) MUST_CHECK;
/* Who asks; refused when that one asks too often. */
Err operation_caller(Visit *visit, bool is_unsafe) MUST_CHECK;
/* The body is there: hands the call to the queue. */
Err operation_send(Visit *visit) MUST_CHECK;
/* It waits and had nothing to tell: asks once more, or answers all the same. */
void operation_again(Job *job);
void operation_let_go(Job *job);
/* It was answered. */
void operation_answer(Visit *visit);

#endif
