/* The accounts in many states that a sequence can be about. */
#ifndef GUANXI_TESTS_PLOY_SCENES_H
#define GUANXI_TESTS_PLOY_SCENES_H

#include "support/ploy.h"

typedef enum Scene {
    SCENE_PLAIN,    /* nothing happened yet */
    SCENE_BUSY,     /* ordered, shipped, owing */
    SCENE_CLOSED,   /* an order closed, another cancelled, room since used by a third */
    SCENE_HELD,     /* an order held, its release asked for */
    SCENE_RELEASED, /* an order released above the limit, half shipped */
    SCENE_GROUP,    /* a head with a limit, a child with its own, a child without */
    SCENE_ABROAD,   /* a child in another currency */
    SCENE_NOT_SET,  /* nobody has set a limit */
    SCENE_EXPIRING, /* the limit ends soon, goods are on order */
    SCENE_SEASON,   /* a season's limit ends soon */
    SCENE_PREPAY,   /* may take goods for what it has paid */
    SCENE_RETURNED, /* goods came back, the rest may still go */
    SCENE_COUNT
} Scene;

/* Where the bound of the head stands. */
extern const size_t ploy_scenes_group_head;

/* Tells of a new thing of a scene. */
void ploy_note(Ploy *ploy, ThingKind kind, size_t scene, const char *id, const char *about);

#endif
