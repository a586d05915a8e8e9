/* PostgreSQL: what its errors mean, and talking to the server.
 *
 * Statements without rows are sent and their results read later, in libpq's pipeline mode: the
 * server works on them meanwhile. A statement with rows, a COMMIT and a ROLLBACK end with a point
 * of synchronisation; behind a failure the server skips everything up to it. */
#include "db/postgres/postgres.h"

#include "base/log.h"
#include "base/os.h"

#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

enum { MOMENT_MS = 500 };

/* ---- Errors ---- */

typedef struct StateFault {
    const char *state; /* or its first characters */
    Fault fault;
} StateFault;

/* A unique key or a reference that is broken was looked at before, so somebody else came between:
 * again, it is seen. */
static const StateFault state_faults[] = {
    {"40001", FAULT_BUSY},                                               /* serialisation */
    {"40P01", FAULT_BUSY},                                               /* deadlock */
    {"55P03", FAULT_BUSY},                                               /* lock timeout */
    {"23505", FAULT_BUSY}, {"23503", FAULT_BUSY}, {"53300", FAULT_GONE}, /* too many connections */
    {"53", FAULT_FULL},                                                  /* room, memory */
    {"54", FAULT_FULL}, {"58", FAULT_IO}, {"XX001", FAULT_DAMAGED}, {"XX002", FAULT_DAMAGED},
    {"22003", FAULT_DAMAGED}, {"22008", FAULT_DAMAGED}, /* sums beyond a number, dates beyond all */
    {"57014", FAULT_TIMEOUT}, {"25006", FAULT_READ_ONLY}, {"08", FAULT_GONE}, {"25P04", FAULT_GONE},
    {"42501", FAULT_DENIED}, {"25P03", FAULT_GONE}, /* idle in a transaction for too long */
    {"57P", FAULT_GONE},                            /* shutdown, crash, not up yet */
};

static Fault fault_of(const char *state)
{
    for (size_t i = 0; i < COUNT(state_faults); i++) {
        const StateFault *known = &state_faults[i];
        if (strncmp(state, known->state, strlen(known->state)) == 0) {
            return known->fault;
        }
    }
    return FAULT_BUG;
}

/* The server's messages end with a line end, and may have several lines. */
static void message_log(const char *state, const char *message, const char *doing)
{
    char line[400];
    (void)snprintf(line, sizeof line, "%s", message);
    size_t length = strlen(line);
    while (length > 0 && line[length - 1] == '\n') {
        line[--length] = '\0';
    }
    for (char *at = line; (at = strchr(at, '\n')) != NULL;) {
        *at = ' ';
    }
    log_line(LOG_ERROR, "postgres %s: %s; in: %.400s", state, line, doing);
}

Fault pg_gone(PgLink *link, const char *doing)
{
    if (!link->is_gone) {
        message_log("-", PQerrorMessage(link->connection), doing);
    }
    link->is_gone = true;
    return FAULT_GONE;
}

Fault pg_result_fault(PgLink *link, const PGresult *result, const char *doing)
{
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE) {
        return FAULT_NONE;
    }
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    /* An error without a state is libpq's own. When it could not write, the connection passes for
     * a good one until something is read. */
    bool is_cut = status == PGRES_FATAL_ERROR && state == NULL;
    if (PQstatus(link->connection) == CONNECTION_BAD || is_cut) {
        return pg_gone(link, doing);
    }
    if (state == NULL) {
        message_log("-", PQresultErrorMessage(result), doing);
        return FAULT_BUG;
    }
    Fault fault = fault_of(state);
    link->is_gone = link->is_gone || fault == FAULT_GONE;
    if (fault == FAULT_READ_ONLY && link->mode == DB_READ) {
        fault = FAULT_BUG; /* a write where only reads belong */
    }
    if (fault == FAULT_TIMEOUT && link->mode == DB_WRITE) {
        /* there is no limit to run into: an operator of the server cancelled it */
        message_log(state, PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY), doing);
        return FAULT_BUSY;
    }
    bool is_ordinary = fault == FAULT_TIMEOUT || strncmp(state, "40", 2) == 0;
    if (!is_ordinary) {
        message_log(state, PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY), doing);
    }
    return fault;
}

/* ---- Waiting ---- */

/* Waits a moment; whether it is worth another one. */
static bool is_patient(const PgLink *link, int64_t since_us)
{
    struct pollfd socket = {.fd = PQsocket(link->connection), .events = POLLIN};
    bool is_answer = poll(&socket, 1, MOMENT_MS) != 0;
    int64_t now_us = os_monotonic_us();
    if (is_answer && link->mode == DB_WRITE) {
        atomic_store(&link->grace->heard_us, now_us);
    }
    int64_t ends_us = atomic_load(&link->grace->ends_us);
    bool is_late = link->answer_us != 0 && now_us - since_us >= link->answer_us;
    return is_answer || (!is_late && (ends_us == 0 || now_us < ends_us));
}

/* Cut off, the connection is found ended by libpq, and told as such. */
PGresult *pg_result_next(PgLink *link)
{
    PGconn *connection = link->connection;
    bool is_limited = link->grace != NULL && PQflush(connection) == 0;
    int64_t since_us = is_limited && PQisBusy(connection) ? os_monotonic_us() : 0;
    while (is_limited && PQisBusy(connection)) {
        /* what TLS has taken from the socket already does not show there */
        if (PQsslInUse(connection) && (PQconsumeInput(connection) != 1 || !PQisBusy(connection))) {
            break;
        }
        if (!is_patient(link, since_us)) {
            log_line(LOG_ERROR, "postgres: no answer for %lld s%s; the connection is given up",
                (long long)((os_monotonic_us() - since_us) / 1000000),
                atomic_load(&link->grace->ends_us) != 0 ? ", and guanxi stops" : "");
            (void)shutdown(PQsocket(connection), SHUT_RDWR);
            break;
        }
        if (PQconsumeInput(connection) != 1) {
            break;
        }
    }
    return PQgetResult(connection);
}

/* What was sent outside of the pipeline, to its end. */
static PGresult *result_last(PgLink *link, int is_sent)
{
    PGresult *last = NULL;
    bool is_more = is_sent == 1;
    while (is_more) {
        PGresult *next = pg_result_next(link);
        if (next != NULL) {
            PQclear(last);
            last = next;
        }
        is_more = next != NULL && PQstatus(link->connection) != CONNECTION_BAD;
    }
    return last;
}

/* ---- The pipeline ---- */

Fault pg_pipeline_enter(PgLink *link)
{
    if (!link->is_pipelined && !link->is_gone) {
        link->is_pipelined = PQenterPipelineMode(link->connection) == 1;
        ASSERT(link->is_pipelined);
    }
    return link->is_gone ? FAULT_GONE : FAULT_NONE;
}

/* Reads what one command answered; its rows are kept in ret_rows, NULL: they are not wanted. */
static Fault command_read(PgLink *link, const char *doing, PGresult **ret_rows)
{
    Fault fault = FAULT_NONE;
    for (PGresult *result; (result = pg_result_next(link)) != NULL;) {
        bool is_skipped = PQresultStatus(result) == PGRES_PIPELINE_ABORTED;
        Fault found = is_skipped ? FAULT_NONE : pg_result_fault(link, result, doing);
        fault = fault == FAULT_NONE ? found : fault;
        link->has_committed = strcmp(PQcmdStatus(result), "COMMIT") == 0;
        if (ret_rows != NULL && PQresultStatus(result) == PGRES_TUPLES_OK) {
            *ret_rows = result;
        } else {
            PQclear(result);
        }
        if (PQstatus(link->connection) == CONNECTION_BAD) {
            return pg_gone(link, doing);
        }
    }
    return fault;
}

Fault pg_command_read(PgLink *link, const char *doing)
{
    return command_read(link, doing, NULL);
}

/* ---- Questions asked ahead ---- */

/* The command that is read next, when it is one. */
static PgAhead *ahead_next(PgLink *link)
{
    for (int i = 0; i < link->ahead_count; i++) {
        if (link->ahead[i].number == link->read) {
            return &link->ahead[i];
        }
    }
    return NULL;
}

static void ahead_clear(PgAhead *ahead)
{
    PQclear(ahead->result);
    ahead->result = NULL;
}

/* Those that are still under way are dropped when they come. */
void pg_expected_drop(Link *link)
{
    PgLink *dropping = pg_link(link);
    int left = 0;
    for (int i = 0; i < dropping->ahead_count; i++) {
        PgAhead *ahead = &dropping->ahead[i];
        bool is_under_way = !dropping->is_gone && ahead->number >= dropping->read;
        ahead_clear(ahead);
        ahead->is_dropped = true;
        if (is_under_way) {
            dropping->ahead[left++] = *ahead;
        }
    }
    dropping->ahead_count = left;
}

/* ---- Reading what was sent ---- */

static Fault sent_read_one(PgLink *link)
{
    PgAhead *ahead = ahead_next(link);
    link->read++;
    if (ahead == NULL) {
        return command_read(link, "a statement that was sent before", NULL);
    }
    Fault fault = command_read(link, "a question that was asked ahead", &ahead->result);
    if (ahead->is_dropped) {
        ahead_clear(ahead);
    }
    return fault;
}

Fault pg_sent_read(PgLink *link)
{
    Fault fault = FAULT_NONE;
    for (; link->sent > 0 && !link->is_gone; link->sent--) {
        Fault found = sent_read_one(link);
        fault = fault == FAULT_NONE ? found : fault;
    }
    link->sent = 0;
    return link->is_gone ? FAULT_GONE : fault;
}

/* In its place may come that the server shuts down. */
Fault pg_sync_read(PgLink *link)
{
    PGresult *result = pg_result_next(link);
    bool is_sync = result != NULL && PQresultStatus(result) == PGRES_PIPELINE_SYNC;
    PQclear(result);
    return is_sync ? FAULT_NONE : pg_gone(link, "synchronising");
}

Fault pg_both(Fault first, Fault second)
{
    return second == FAULT_GONE || first == FAULT_NONE ? second : first;
}

static Fault sync(PgLink *link)
{
    if (link->is_gone || PQpipelineSync(link->connection) != 1) {
        return pg_gone(link, "synchronising");
    }
    Fault fault = pg_sent_read(link);
    return pg_both(fault, link->is_gone ? FAULT_GONE : pg_sync_read(link));
}

Fault pg_settle(Link *link)
{
    PgLink *settled = pg_link(link);
    ASSERT(!settled->is_asking);
    if (settled->is_gone) {
        return FAULT_GONE;
    }
    return settled->sent == 0 ? FAULT_NONE : sync(settled);
}

/* For what goes outside of the pipeline: everything before it is done. */
static Fault pipeline_leave(PgLink *link)
{
    Fault fault = pg_settle(&link->link);
    if (link->is_pipelined && !link->is_gone) {
        int is_left = PQexitPipelineMode(link->connection);
        ASSERT(is_left == 1);
        link->is_pipelined = false;
    }
    return fault;
}

static Fault word_sent(PgLink *link, const char *word, int is_sent)
{
    if (is_sent != 1) {
        return pg_gone(link, word);
    }
    link->sent++;
    return FAULT_NONE;
}

Fault pg_word_send(PgLink *link, const char *word)
{
    return word_sent(
        link, word, PQsendQueryParams(link->connection, word, 0, NULL, NULL, NULL, NULL, 0));
}

/* ---- The words around a transaction ---- */

static const char *const known_words[] = {
    "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "COMMIT", "ROLLBACK"};

/* The server need not parse them each time. All at once and before a transaction, for in one that
 * failed it prepares nothing. */
static Fault words_prepare(PgLink *link)
{
    Fault fault = FAULT_NONE;
    for (size_t i = 0; i < COUNT(known_words) && fault == FAULT_NONE; i++) {
        const char *word = known_words[i];
        fault = word_sent(link, word, PQsendPrepare(link->connection, word, word, 0, NULL));
    }
    link->knows_words = fault == FAULT_NONE;
    return fault;
}

/* One of the words, prepared under itself. */
static Fault known_word_send(PgLink *link, const char *word)
{
    if (!link->knows_words) {
        return pg_word_send(link, word);
    }
    return word_sent(
        link, word, PQsendQueryPrepared(link->connection, word, 0, NULL, NULL, NULL, 0));
}

bool pg_is_in_transaction(Link *link)
{
    return pg_link(link)->in_transaction && !pg_link(link)->is_gone;
}

/* ---- Scripts ---- */

static bool is_word(const char *script, const char *word)
{
    size_t length = strlen(word);
    return strncmp(script, word, length) == 0 && (script[length] == '\0' || script[length] == ' ');
}

/* A word that begins a transaction, and what each one begins with. */
static Fault begin_send(PgLink *link, const char *word)
{
    Fault fault = link->knows_words || link->is_pooled ? FAULT_NONE : words_prepare(link);
    if (fault == FAULT_NONE) {
        fault = known_word_send(link, word);
    }
    return fault == FAULT_NONE && link->is_pooled ? pg_word_send(link, link->settings) : fault;
}

/* Not waited for: the first statement in the transaction tells whether there is one. */
static Fault begin(PgLink *link, const char *script)
{
    Fault fault = pg_settle(&link->link);
    if (fault == FAULT_NONE) {
        fault = pg_pipeline_enter(link);
    }
    if (fault == FAULT_NONE) {
        fault = begin_send(link, script);
    }
    link->in_transaction = fault == FAULT_NONE;
    return fault;
}

static Fault rollback(PgLink *link);

/* Goes with what was sent before it in one turn. */
static Fault commit(PgLink *link)
{
    if (link->mode == DB_WRITE && pg_fault_commit()) {
        Fault undone = rollback(link);
        return undone == FAULT_NONE ? FAULT_BUSY : undone;
    }
    Fault fault = pg_pipeline_enter(link);
    if (fault == FAULT_NONE) {
        fault = known_word_send(link, "COMMIT");
    }
    if (fault == FAULT_NONE) {
        fault = sync(link);
    }
    if (fault == FAULT_NONE && !link->has_committed) {
        /* what a server answers to the COMMIT of a transaction in which something failed */
        log_line(LOG_ERROR, "postgres: a transaction was committed that had failed");
        fault = FAULT_BUG;
    }
    link->in_transaction = fault != FAULT_NONE;
    return fault;
}

/* What was sent before it may fail, for it is undone. */
static Fault rollback(PgLink *link)
{
    link->in_transaction = false;
    Fault fault = pg_settle(&link->link);
    if (fault == FAULT_GONE) {
        return FAULT_NONE; /* the server undoes what it does not hear the end of */
    }
    fault = pg_pipeline_enter(link);
    if (fault == FAULT_NONE) {
        fault = known_word_send(link, "ROLLBACK");
    }
    if (fault == FAULT_NONE) {
        fault = sync(link);
    }
    return fault == FAULT_GONE ? FAULT_NONE : fault;
}

Fault pg_execute(Link *link, const char *script)
{
    PgLink *executing = pg_link(link);
    ASSERT(!executing->is_asking);
    if (is_word(script, "BEGIN")) {
        return begin(executing, script);
    }
    if (is_word(script, "COMMIT")) {
        return commit(executing);
    }
    if (is_word(script, "ROLLBACK")) {
        return rollback(executing);
    }
    Fault fault = pipeline_leave(executing);
    if (fault != FAULT_NONE || script[0] == '\0') {
        return fault;
    }
    PGresult *result = result_last(executing, PQsendQuery(executing->connection, script));
    fault = PQresultStatus(result) == PGRES_EMPTY_QUERY
                ? FAULT_NONE
                : pg_result_fault(executing, result, script);
    PQclear(result);
    return fault;
}

static Fault words_run(PgLink *link, const char *const *words)
{
    Fault fault = FAULT_NONE;
    for (; *words != NULL && fault == FAULT_NONE; words++) {
        PGresult *result = result_last(link, PQsendQuery(link->connection, *words));
        fault = pg_result_fault(link, result, *words);
        PQclear(result);
    }
    return fault;
}

Fault pg_query(
    PgLink *link, const char *text, const char *const *values, int count, PGresult **ret_result)
{
    *ret_result = NULL;
    Fault fault = pipeline_leave(link);
    if (fault != FAULT_NONE) {
        return fault;
    }
    bool is_wrapped = link->is_pooled && !link->in_transaction;
    if (is_wrapped) {
        fault = words_run(link, (const char *const[]){"BEGIN", link->settings, NULL});
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    *ret_result = result_last(
        link, PQsendQueryParams(link->connection, text, count, NULL, values, NULL, NULL, 0));
    fault = pg_result_fault(link, *ret_result, text);
    if (is_wrapped && !link->is_gone) {
        fault = pg_both(fault, words_run(link, (const char *const[]){"COMMIT", NULL}));
    }
    return fault;
}
