/* A server over the tiny feature in a process of its own, and a client of few words for it. */
#ifndef GUANXI_TESTS_SERVED_H
#define GUANXI_TESTS_SERVED_H

#include "support/tiny.h"

#include <sys/types.h>

typedef struct Served {
    Place place; /* its cx.db is closed while the server runs */
    pid_t pid;
    int port;
    int64_t ready_us; /* from the start to the line that it listens */
} Served;

/* Makes the database. */
void served_make(Served *served);
/* Starts the server on it and waits until it listens. */
void served_start(Served *served);
/* Ends it by the signal and waits for its end; what waitpid tells. */
int served_end(Served *served, int signal);
/* Opens the database again; after served_end. */
void served_open(Served *served);
void served_close(Served *served);
void served_drop(Served *served);

enum { SERVED_ANSWER_MAX = 4096 };

/* A connection that has one request under way at most. */
typedef struct ServedClient {
    int fd;
    size_t length;
    char answer[SERVED_ANSWER_MAX]; /* what came of the answer */
} ServedClient;

void served_connect(const Served *served, ServedClient *client);
/* Asks for a note with this text. False when the connection is gone. */
bool served_ask(ServedClient *client, const char *text);
/* Reads what there is, without waiting when is_nowait. False when the connection is gone. */
bool served_read(ServedClient *client, bool is_nowait);
/* True when the answer is complete; served_ask begins the next one. */
bool served_is_answered(const ServedClient *client);
/* The status of a complete answer. */
int served_status(const ServedClient *client);

#endif
