/* How many of the writers take work at once. */
#include "op/crew.h"

#include "base/attr.h"

/* Measured with orders on two processors: 4 to 8 writers make the most, 16 a quarter less, and with
 * 4 the processors idle for 5 % of the time. */
enum { LEAST_PER_PROCESSOR = 2, LEAST = 4, BUSY_PER_MILLE = 60, IDLE_PER_MILLE = 120 };

void crew_start(Crew *crew, int most, int processors)
{
    ASSERT(most >= 1 && most <= WRITERS_MAX);
    int least = LEAST_PER_PROCESSOR * processors;
    least = least < LEAST ? LEAST : least;
    *crew = (Crew){.most = most, .least = least < most ? least : most, .wanted = most};
}

bool crew_has_room(const Crew *crew, int64_t now_us)
{
    int at_work = 0;
    for (int i = 0; i < crew->most; i++) {
        at_work += crew->began_us[i] != 0 && now_us - crew->began_us[i] < CREW_LATE_US;
    }
    return at_work < crew->wanted;
}

void crew_take(Crew *crew, int writer, int64_t now_us)
{
    ASSERT(writer >= 0 && writer < crew->most);
    ASSERT(crew->began_us[writer] == 0);
    crew->began_us[writer] = now_us;
}

void crew_end(Crew *crew, int writer)
{
    crew->began_us[writer] = 0;
}

bool crew_is_look_due(const Crew *crew, int64_t now_us)
{
    return crew->least < crew->most && now_us - crew->looked_at_us >= CREW_LOOK_US;
}

void crew_look(Crew *crew, int64_t now_us, const OsLoad *load)
{
    OsLoad before = crew->load;
    crew->looked_at_us = now_us;
    crew->load = load == NULL ? (OsLoad){0} : *load;
    if (load == NULL) {
        crew->wanted = crew->most;
        return;
    }
    int64_t all = load->all - before.all;
    if (before.all == 0 || all <= 0) {
        return;
    }
    int64_t idle_per_mille = (load->idle - before.idle) * 1000 / all;
    if (idle_per_mille < BUSY_PER_MILLE) {
        crew->wanted -= (crew->wanted - crew->least + 1) / 2;
    } else if (idle_per_mille > IDLE_PER_MILLE) {
        int more = crew->wanted + (crew->wanted + 1) / 2;
        crew->wanted = more < crew->most ? more : crew->most;
    }
}
