/* SQLite: moving the write-ahead log into the file.
 *
 * A passive checkpoint waits for nobody; once all is moved and no reader is inside the log, the
 * next commit begins it anew. Moving a long log takes a good tenth of a second, so a thread with a
 * connection of its own does that beside the writer, a piece at a time. The writer goes on
 * meanwhile, and moves what it has added itself once that is little. While a reader keeps the log
 * from beginning anew, the next attempt comes only some frames later, because each syncs the
 * file. */
#include "db/sqlite/sqlite.h"

#include "base/log.h"
#include "base/os.h"
#include "db/sqlite/fault.h"

enum {
    FRAMES_IDLE = 1000,
    FRAMES_FEW_IDLE = 2000, /* nobody waits */
    FRAMES_STEP = 5000,
    FRAMES_FEW = 500,               /* the writer moves so many without anybody noticing */
    FRAMES_SHARE = 64,              /* … and this part of a log that grew long meanwhile */
    FRAMES_MOST = 4 * FRAMES_LONG,  /* if more keep coming than are moved, the writer waits */
    FRAMES_CUT = 2 * FRAMES_LONG,   /* a log that was ever so long is cut when there is time */
    FRAMES_HURRY = 2 * FRAMES_LONG, /* from here on it is moved without pauses */
    PIECE_PAGES = 256,
    PAUSE_NS = 4 * 1000 * 1000,
    LOOK_US = 1000 * 1000,
};

int sqlite_log_grew(void *link, sqlite3 *db, const char *name, int frames)
{
    (void)db;
    (void)name;
    SqliteLink *grown = link;
    if (frames < grown->log_frames) {
        grown->log_frames_moved = 0;
        grown->log_frames_next = FRAMES_LONG;
        grown->log_is_new = true;
    }
    grown->log_frames = frames;
    grown->log_frames_most = frames > grown->log_frames_most ? frames : grown->log_frames_most;
    return SQLITE_OK;
}

/* ---- The mover's thread ---- */

static void pause_make(Mover *mover)
{
    pthread_mutex_lock(&mover->mutex);
    bool is_due = !mover->is_hurried && !mover->is_ending;
    pthread_mutex_unlock(&mover->mutex);
    if (is_due) {
        (void)nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
    }
}

/* A commit of the writer waits for whatever the disk was given before it. So the disk is given
 * little at a time, and then there is room for commits. And SQLite syncs the file once all frames
 * are in it, which is when the writer moves the last few: it would wait for all that was not. */
static int piece_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
    const MoverFile *methods = (const MoverFile *)(const void *)file->pMethods;
    Mover *mover = methods->mover;
    int code = methods->real->xWrite(file, data, size, at);
    if (code != SQLITE_OK || ++mover->pages % PIECE_PAGES != 0) {
        return code;
    }
    code = methods->real->xSync(file, SQLITE_SYNC_NORMAL);
    pause_make(mover);
    return code;
}

static int log_move(Mover *mover, int *ret_moved)
{
    int code =
        sqlite3_wal_checkpoint_v2(mover->db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, ret_moved);
    return code == SQLITE_OK ? mover->file->pMethods->xSync(mover->file, SQLITE_SYNC_NORMAL) : code;
}

static void *mover_main(void *argument)
{
    Mover *mover = argument;
    pthread_mutex_lock(&mover->mutex);
    while (!mover->is_ending) {
        if (!mover->is_moving) {
            pthread_cond_wait(&mover->wakes, &mover->mutex);
            continue;
        }
        pthread_mutex_unlock(&mover->mutex);
        int moved = 0;
        int code = log_move(mover, &moved);
        pthread_mutex_lock(&mover->mutex);
        mover->code = code;
        mover->frames_moved = moved > 0 ? moved : 0;
        mover->is_moving = false;
    }
    pthread_mutex_unlock(&mover->mutex);
    return NULL;
}

/* The log is opened with the first thing that is read. */
static const char mover_script[] = "PRAGMA synchronous = FULL; PRAGMA mmap_size = 0;"
                                   "SELECT count(*) FROM sqlite_schema";

static int mover_open(const SqliteLink *link, Mover *mover)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE;
    int code = sqlite3_open_v2(link->path, &mover->db, flags, fault_layer_name());
    if (code == SQLITE_OK) {
        (void)sqlite3_busy_timeout(mover->db, BUSY_WAIT_MS);
        (void)sqlite3_wal_autocheckpoint(mover->db, 0);
        code = sqlite3_exec(mover->db, mover_script, NULL, NULL, NULL);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_file_control(mover->db, "main", SQLITE_FCNTL_FILE_POINTER, &mover->file);
    }
    if (code == SQLITE_OK) {
        mover->methods = (MoverFile){*mover->file->pMethods, mover->file->pMethods, mover};
        mover->methods.methods.xWrite = piece_write;
        mover->file->pMethods = &mover->methods.methods;
    }
    return code;
}

static void mover_close(Mover *mover)
{
    (void)sqlite3_close(mover->db);
    pthread_cond_destroy(&mover->wakes);
    pthread_mutex_destroy(&mover->mutex);
    *mover = (Mover){0};
}

/* False: there is none to be had, so the writer has to do it. */
static bool mover_start(SqliteLink *link)
{
    Mover *mover = &link->mover;
    if (mover->db != NULL) {
        return true;
    }
    pthread_mutex_init(&mover->mutex, NULL);
    pthread_cond_init(&mover->wakes, NULL);
    if (mover_open(link, mover) != SQLITE_OK ||
        pthread_create(&mover->thread, NULL, mover_main, mover) != 0) {
        mover_close(mover);
        return false;
    }
    (void)pthread_setname_np(mover->thread, "mover");
    return true;
}

void sqlite_mover_stop(SqliteLink *link)
{
    Mover *mover = &link->mover;
    if (mover->db == NULL) {
        return;
    }
    pthread_mutex_lock(&mover->mutex);
    mover->is_ending = true;
    pthread_cond_broadcast(&mover->wakes);
    pthread_mutex_unlock(&mover->mutex);
    pthread_join(mover->thread, NULL);
    mover_close(mover);
}

/* ---- The writer's side ---- */

static void mover_ask(SqliteLink *link)
{
    Mover *mover = &link->mover;
    link->is_moving = true;
    link->log_is_new = false;
    link->log_frames_next = link->log_frames + FRAMES_STEP;
    pthread_mutex_lock(&mover->mutex);
    mover->is_moving = true;
    pthread_cond_broadcast(&mover->wakes);
    pthread_mutex_unlock(&mover->mutex);
}

/* What the mover has done, once it has. */
static Fault mover_look(SqliteLink *link)
{
    Mover *mover = &link->mover;
    pthread_mutex_lock(&mover->mutex);
    link->is_moving = mover->is_moving;
    mover->is_hurried = link->log_frames > FRAMES_HURRY;
    int moved = mover->frames_moved;
    int code = mover->code;
    pthread_mutex_unlock(&mover->mutex);
    if (link->is_moving) {
        return FAULT_NONE;
    }
    if (!link->log_is_new && moved > link->log_frames_moved) {
        link->log_frames_moved = moved;
        link->log_frames_next = link->log_frames; /* the rest at once */
    }
    return sqlite_fault(mover->db, code, "checkpoint");
}

static int move(SqliteLink *link)
{
    int moved = 0;
    int code = sqlite3_wal_checkpoint_v2(link->db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, &moved);
    link->log_frames_moved = moved > 0 ? moved : 0;
    link->log_frames_next = link->log_frames + FRAMES_STEP;
    return code;
}

/* Without waiting for readers: when one is inside, the log is cut another time. */
static int cut(SqliteLink *link)
{
    (void)sqlite3_busy_handler(link->db, NULL, NULL);
    int code = sqlite3_wal_checkpoint_v2(link->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    (void)sqlite3_busy_timeout(link->db, BUSY_WAIT_MS);
    if (code == SQLITE_OK) {
        link->log_frames = 0;
        link->log_frames_moved = 0;
        link->log_frames_most = 0;
        link->log_frames_next = FRAMES_LONG;
    }
    return code;
}

/* Frames that the writer moves itself rather than ask for another round, in which it would add
 * more. */
static int few(const SqliteLink *log, bool is_idle)
{
    int least = is_idle ? FRAMES_FEW_IDLE : FRAMES_FEW;
    int share = log->log_frames / FRAMES_SHARE;
    return log->log_frames >= FRAMES_MOST ? log->log_frames : share > least ? share : least;
}

static Fault log_tidy(SqliteLink *log, bool is_idle)
{
    int rest = log->log_frames - log->log_frames_moved;
    bool is_cut = is_idle && log->log_frames_most >= FRAMES_CUT;
    bool is_due = log->log_frames >= log->log_frames_next ||
                  (is_idle && log->log_frames >= FRAMES_IDLE && rest > 0);
    if (!is_cut && !is_due) {
        return FAULT_NONE;
    }
    if (rest > few(log, is_idle) && mover_start(log)) {
        mover_ask(log);
        return FAULT_NONE;
    }
    return sqlite_fault(log->db, is_cut ? cut(log) : move(log), "checkpoint");
}

/* Whether the file is no longer at its name: what is written to it would be gone with the process.
 * Looked at once a second. */
static bool is_elsewhere(SqliteLink *log)
{
    int64_t now_us = os_monotonic_us();
    int has_moved = 0;
    if (now_us - log->looked_at_us < LOOK_US) {
        return false;
    }
    log->looked_at_us = now_us;
    int code = sqlite3_file_control(log->db, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
    if (code == SQLITE_OK && has_moved != 0) {
        log_line(LOG_ERROR, "%s was moved, deleted or replaced while it is in use", log->path);
    }
    return code == SQLITE_OK && has_moved != 0;
}

Fault sqlite_checkpoint(Link *link, bool is_idle)
{
    SqliteLink *log = sqlite_link(link);
    if (is_elsewhere(log)) {
        return FAULT_IO;
    }
    Fault fault = log->is_moving ? mover_look(log) : FAULT_NONE;
    if (fault == FAULT_NONE && !log->is_moving) {
        fault = log_tidy(log, is_idle);
    }
    /* Busy or without room it stays as it was, and is tried again. */
    return fault == FAULT_BUSY || fault == FAULT_FULL ? FAULT_NONE : fault;
}

bool sqlite_is_moving(const Link *link)
{
    return ((const SqliteLink *)link)->is_moving;
}
