/* How many of the writers take work at once. Where the database's server shares the processors of
 * this machine, more of them than keep these busy only make each write dearer: each has a process
 * there, and what that knows of the schema and of its statements is out of the processor's cache by
 * the time it runs again. Elsewhere all writers work. */
#ifndef GUANXI_OP_CREW_H
#define GUANXI_OP_CREW_H

#include "base/os.h"

enum { WRITERS_MAX = 16, CREW_LATE_US = 50 * 1000, CREW_LOOK_US = 250 * 1000 };

typedef struct Crew {
    int most;                      /* writers there are */
    int least;                     /* so many work at once however busy the processors are */
    int wanted;                    /* so many do now */
    int64_t began_us[WRITERS_MAX]; /* when each took what it is at; 0: it is at nothing */
    int64_t looked_at_us;
    OsLoad load; /* then */
} Crew;

/* most: 1 to WRITERS_MAX; processors: of this machine. */
void crew_start(Crew *crew, int most, int processors);
/* Whether one more may take work. Who is late waits for a lock, a disk or a network, and for no
 * processor: somebody takes its place. */
bool crew_has_room(const Crew *crew, int64_t now_us);
void crew_take(Crew *crew, int writer, int64_t now_us);
void crew_end(Crew *crew, int writer);
/* Never where looking would change nothing. */
bool crew_is_look_due(const Crew *crew, int64_t now_us);
/* By what the processors did since the last look: fewer when they were busy, more when they were
 * not. load NULL: it cannot be told, or the server is elsewhere. */
void crew_look(Crew *crew, int64_t now_us, const OsLoad *load);

#endif
