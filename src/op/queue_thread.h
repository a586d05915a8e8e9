/* What the threads of the queue share: queue.c and queue_writer.c. */
#ifndef GUANXI_OP_QUEUE_THREAD_H
#define GUANXI_OP_QUEUE_THREAD_H

#include "base/crypto.h"
#include "op/crew.h"
#include "op/fence.h"
#include "op/guess.h"
#include "op/queue.h"
#include "op/used.h"

#include <pthread.h>

enum { READERS_MAX = 16, ZONE_MAX = 64, CALLERS_MAX = 64 };

typedef struct Lane {
    Job *first;
    Job *last;
    int64_t count;
    pthread_cond_t wakes;
} Lane;

/* Who called with a token or a session. A guess of who calls with it again, no more. */
typedef struct Caller {
    Hash secret; /* its hash */
    Id user_id;
    bool sees_all;
} Caller;

/* A thread and its connection. cx is for what concerns no single request: begin, commit,
 * opening. */
typedef struct Worker {
    struct Queue *queue;
    Lane *lane;
    Ctx cx;
    const char *name;
    const char *standing; /* NULL: its connection is of use; see queue_pool.c. By the mutex. */
    bool is_answered;     /* a connection that was refused was to be had */
    bool is_behind;       /* its database lacks what was answered; see op/fence.h */
    int64_t tried_at_us;  /* when it last asked for one */
    int64_t doubt;        /* the queue's, when it got its connection */
    Caller callers[CALLERS_MAX]; /* each at the place that its hash begins with */
    pthread_t thread;
    bool is_running;
} Worker;

struct Queue {
    Arena *arena;
    pthread_mutex_t mutex; /* guards lanes, flags and figures */
    Lane writes;
    Lane slow;
    Lane reads;
    Used used;          /* sessions whose use the writer writes down */
    bool is_stopping;   /* nothing new is taken */
    bool is_slow_ended; /* nothing more comes to the writer from the slow lane */
    QueueFigures figures;
    const char *url;
    DbCommon *common; /* of the readers */
    bool is_shared;   /* a server has the database: there are several writers */
    Guesses *guesses; /* NULL: it is not shared */
    Fence fence;
    DbGrace grace;        /* of its connections */
    Crew crew;            /* of its writers. By the mutex. */
    pthread_cond_t held;  /* what a writer waits for that the crew has no room for */
    bool is_beside;       /* its server is on this machine. By the mutex. */
    int64_t probed_at_us; /* when a writer last looked for what was answered. By the mutex. */
    int64_t doubt; /* how often a writer found that what was answered is missing. By the mutex. */
    const char *standing_told; /* the last that the log told; NULL: all is well. By the mutex. */
    int64_t clock_asked_us;    /* of its server, by the first writer; 0: not yet */
    Worker writer;
    Worker more_writers[WRITERS_MAX];
    int more_count;
    Worker slow_worker;
    Worker readers[READERS_MAX];
    int reader_count;
    Date today; /* fixed, or DATE_NONE */
    char zone[ZONE_MAX];
    Instant zone_asked_at; /* of the database */
    Instant zone_read_at;  /* the offset below holds for the minute after this */
    int64_t zone_offset_ms;
};

/* The caller holds the mutex. */
Job *lane_take(Lane *lane);
void lane_add(Lane *lane, Job *job);

/* So long from now, for a pthread_cond_timedwait of the queue. */
struct timespec time_in(int64_t ms);

/* The worker's own context for a piece of its own work: nothing of the one before is left in it. */
Ctx *worker_begin(Worker *worker);
/* Between transactions: writes and changes nothing, by which a server that said that it cannot
 * write learns that it can. Refuses as db_begin, db_put and db_commit do. */
Err write_try(Ctx *cx);
/* Between transactions: asks again for the organisation's time zone when it is time to. */
void zone_refresh(Worker *worker, Instant now_ms);
/* Gives the job the connection and its business date. */
void job_connect(Worker *worker, Job *job);
/* The same, and its actor. False: the reply says why it
 * may not run. */
bool job_start(Worker *worker, Job *job);
/* As it was when the writer got it, for another attempt. */
void job_rewind(Job *job);
/* Answers the row of jobs, each of which is its door's again. */
void jobs_answer(Job *first);

/* A connection that reads saw that the file is damaged: what is written to it would be lost. */
void damage_note(Worker *worker);

/* The writer's thread; argument: its Worker. */
void *writer_main(void *argument);
/* The same where there are several. */
void *pool_main(void *argument);

/* Opens the worker's connection; what is refused is in its own context. */
Err worker_open(Worker *worker) MUST_CHECK;
/* Whether it has a connection that is of use; tries to get one, but not in quick succession. */
bool worker_connect(Worker *worker);
/* What its connection is of use for from now on, by what was refused (ERR_OK: all). The log tells
 * what is new to all workers, once, and when none lacks anything again; why is in the worker's
 * context. */
void standing_set(Worker *worker, Err code);
/* Answers a job that cannot be done without one. */
void job_unreachable(Worker *worker, Job *job);
/* Waits for work in the lane; meanwhile looks for the database when it is not there. The caller
 * holds the mutex. */
void worker_wait(Worker *worker);

#endif
