/* Bulk commands of the command line inside the server: what runs behind edge/http.h's Local. */
#ifndef GUANXI_EDGE_LOCAL_H
#define GUANXI_EDGE_LOCAL_H

#include "edge/http.h"
#include "edge/httpd.h"
#include "op/queue.h"

#include <jansson.h>

/* All bulk commands of one server. */
typedef struct LocalHall LocalHall;

LocalHall *local_hall_start(Arena *arena, Queue *queue, const char *url);
/* Takes no new ones, breaks off the input of those that run and waits for them. */
void local_hall_stop(LocalHall *hall);

/* Starts the command on a thread of its own; ERR_BUSY. */
Err local_start(Ctx *cx,
    LocalHall *hall,
    const LocalCommand *command,
    const json_t *options,
    HttpRequest *request,
    Local **ret_local) MUST_CHECK;
/* From the event thread, as HttpDoor has them. */
size_t local_chunk(Local *local, const char *data, size_t size);
HttpNext local_whole(Local *local); /* the body is complete */
void local_answer(Local *local);    /* completes the reply */
void local_end(Local *local);       /* the request is over; Local goes with its thread */

#endif
