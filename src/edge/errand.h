/* Takes a command to the database: opens it here when nobody holds it, else hands the command to
 * the server that does. Writers hold FILE.lock; a server writes its address and a token into it. */
#ifndef GUANXI_EDGE_ERRAND_H
#define GUANXI_EDGE_ERRAND_H

#include "base/date.h"
#include "base/os.h"
#include "edge/site.h"

#include <stdio.h>

typedef struct SiteOption {
    const char *name;
    const char *value;
} SiteOption;

typedef struct Errand {
    const SiteCommand *command;
    const char *url; /* of the database */
    Date today;      /* DATE_NONE: the organisation's local date */
    const SiteOption *options;
    size_t option_count;
    const char *line;  /* what site_line reads first; NULL: nothing */
    const char *input; /* path of what it reads then, "-" standard input; NULL: nothing */
    bool is_write;
    const char *refused_path; /* where SITE_REFUSED goes; NULL: the command refuses no rows */
} Errand;

/* ERR_BUSY when another command holds the database for ten seconds. */
Err errand_run(Ctx *cx, const Errand *errand, int *ret_exit) MUST_CHECK;

/* Where what is said goes in this process. */
typedef struct Sink {
    const char *refused_path;
    FILE *refused; /* made by its first line */
    bool is_broken;
} Sink;
void sink_say(Sink *sink, SiteStream stream, const char *text, size_t length);

/* ERR_DB_MISSING when there is no file, telling what to do. */
Err errand_database(Ctx *cx, const char *url) MUST_CHECK;
/* The lock for a process that has the database to itself for longer than one errand, or beside any
 * site (init, migrate, restore, serve). ERR_BUSY, ERR_READ_ONLY,
 * ERR_DB_MISSING (there is no such folder), ERR_DB_DAMAGED (the file has several names). */
Err errand_lock(Ctx *cx, const char *url, OsLock *ret_lock) MUST_CHECK;
/* Gives it back; without a database that it could be for, the lock file goes too. */
void errand_unlock(Ctx *cx, const char *url, OsLock *lock);

#endif
