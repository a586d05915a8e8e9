/* The write queue: one writer thread takes what waits, runs each write in a savepoint, commits
 * the batch once, then answers all of it. A reply means durable. Reads run on a small pool of
 * read-only connections. Where a server has the database there are several writers, each write has
 * a transaction of its own, and a database that goes away is waited for. */
#ifndef GUANXI_OP_QUEUE_H
#define GUANXI_OP_QUEUE_H

#include "op/run.h"

typedef struct Queue Queue;

/* One request on its way. The door makes it in the request's arena, hands it over, and does not
 * touch it until `done` was called, on another thread; after that the queue does not touch it. */
typedef struct Job {
    Ctx *cx; /* db is set by the thread that runs it; actor and today too where they are absent */
    Call call;
    const char *token;   /* bearer token */
    const char *session; /* secret of the session cookie */
    const char *as;      /* user name, from a trusted door */
    Reply reply;
    void (*done)(struct Job *job);
    /* For calls with `prepare`: the door's last word once it is known who calls, before anything is
     * prepared. What it refuses is the reply. On the thread that prepares; NULL: none. */
    Err (*admit)(struct Job *job);
    void *user;
    /* Work that is no operation (a slice of a journal, a step of a backup); NULL for calls. Runs
     * on the writer, between batches; begins and commits its own transactions. What it refuses is
     * left in cx->err; no reply is made. */
    Err (*work)(struct Job *job);
    /* The queue's own. */
    struct Job *next;
    ArenaMark mark;
} Job;

typedef struct QueueOptions {
    const char *url;
    int readers;          /* threads; 0: 2 */
    int writers;          /* connections, where a server has the database; 0: 16 */
    const char *answered; /* a file for what was answered last, see op/fence.h; NULL: none */
    Date today;           /* fixed business date; DATE_NONE: the organisation's local date */
} QueueOptions;

/* Opens the connections and starts the threads. A server that cannot be reached yet is no refusal:
 * figures tell. */
Err queue_start(Ctx *cx, const QueueOptions *options, Queue **ret_queue) MUST_CHECK;
/* ERR_BUSY at once when it is full (sooner for what is slow to prepare) or stopping; then `done` is
 * not called. */
Err queue_put(Queue *queue, Job *job) MUST_CHECK;
/* The first step of stopping: what waits for a server that does not answer ends some seconds after
 * this. */
void queue_stop_begin(Queue *queue);
/* For connections beside the queue's, which end with it. */
DbGrace *queue_grace(Queue *queue);
/* Takes nothing new, finishes what waits, ends the threads and closes. queue_put may still be
 * called and answers ERR_BUSY. */
void queue_stop(Queue *queue);
void queue_free(Queue *queue); /* after queue_stop; takes NULL */

/* The business date of a call that names none; from any thread. */
Date queue_today(Queue *queue, Instant now_ms);

/* Figures for /metrics and /readyz. */
typedef struct QueueFigures {
    int64_t writes;
    int64_t batches;
    int64_t refused;
    int64_t reads;
    int64_t waiting;   /* writes */
    int64_t retried;   /* writes done again alone after the engine ended their batch */
    bool is_full;      /* writes fail for want of room; over with the first that does not */
    bool is_read_only; /* an error at commit or checkpoint: needs a restart */
    /* In one word why the database cannot be written to now; over when it can. NULL: it can. */
    const char *standing;
    /* How far the clock of the database's server is ahead of this machine's; 0 while they are
     * within five minutes. */
    int64_t clock_ahead_ms;
} QueueFigures;
QueueFigures queue_figures(Queue *queue);

#endif
