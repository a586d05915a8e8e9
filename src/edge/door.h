/* From HTTP requests to operations and back. Knows addresses, headers and status codes; knows no
 * feature and no HTTP library. */
#ifndef GUANXI_EDGE_DOOR_H
#define GUANXI_EDGE_DOOR_H

#include "edge/http.h"
#include "edge/httpd.h"
#include "op/queue.h"

typedef struct Door Door;

typedef struct DoorOptions {
    Queue *queue;
    const char *url; /* of the database */
    const char *local_token;
    const LocalCommand *local;
    int requests_per_second; /* of one caller from elsewhere; 0: any number */
    /* For its figures, once it is there: requests come in before its starter knows it. */
    const Httpd *_Atomic const *httpd;
} DoorOptions;

Door *door_start(Arena *arena, const DoorOptions *options);
HttpDoor door_hooks(Door *door);
/* Once a second or so: asks what waits for news again. */
void door_tick(Door *door);
/* Refuses what comes from now on, and ends bulk commands. */
void door_close(Door *door);
void door_stop(Door *door);

#endif
