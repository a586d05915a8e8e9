/* A file layer over SQLite's own, for two kinds of file. SQLite's takes the size of a write modulo
 * 128 KiB: a multiple of that writes nothing, which counts as a full disk.
 *
 * The write-ahead log: SQLite writes every page of a commit with two calls, one for its heading and
 * one for itself. What follows each other is gathered here and goes to the system in one piece,
 * before the log is synced at the latest. Nobody else looks at a page before the sync of its
 * commit: this counts on synchronous = FULL, as everything else does. A piece that cannot be
 * written is given up, because with a write or a sync that fails SQLite gives up the transaction.
 *
 * What a savepoint may have to put back, when that no longer fits in memory: it moves to its file
 * in one piece, which is parted here. */
#include "db/sqlite/layer.h"

#include "base/attr.h"

#include <stdbool.h>
#include <string.h>

enum { PIECE_MAX = 64 * 1024, GATHERED_MAX = 124 * 1024 };

/* What the files of one kind have for methods: those of the real layer, with some of ours. */
typedef struct Kind {
    sqlite3_io_methods methods;        /* first, so that a file leads here */
    const sqlite3_io_methods *of_real; /* NULL before the first such file */
    int behind;                        /* where Gathered lies in a file */
} Kind;

/* Made once and never freed: SQLite keeps it among its layers, where it is found by its name. */
typedef struct Layer {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    Kind log;
    Kind spill;
} Layer;

/* Of a log, behind what the real layer keeps of the file. */
typedef struct Gathered {
    char *data; /* NULL before the first write */
    int size;
    sqlite3_int64 at;
} Gathered;

static const char default_name[] = "guanxi";

static sqlite3_mutex *layer_mutex(void)
{
    return sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP2);
}

static const Kind *kind_of(const sqlite3_file *file)
{
    return (const Kind *)(const void *)file->pMethods;
}

static const sqlite3_io_methods *real_of(const sqlite3_file *file)
{
    return kind_of(file)->of_real;
}

/* ---- The log ---- */

static Gathered *gathered_of(sqlite3_file *file)
{
    return (Gathered *)(void *)((char *)file + kind_of(file)->behind);
}

static int log_flush(sqlite3_file *file)
{
    Gathered *gathered = gathered_of(file);
    int size = gathered->size;
    gathered->size = 0;
    return size == 0 ? SQLITE_OK : real_of(file)->xWrite(file, gathered->data, size, gathered->at);
}

static int log_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
    Gathered *gathered = gathered_of(file);
    bool follows = at == gathered->at + gathered->size && size <= GATHERED_MAX - gathered->size;
    int code = follows ? SQLITE_OK : log_flush(file);
    if (code != SQLITE_OK) {
        return code;
    }
    if (gathered->data == NULL) {
        gathered->data = sqlite3_malloc(GATHERED_MAX);
    }
    if (gathered->data == NULL || size > GATHERED_MAX) {
        return real_of(file)->xWrite(file, data, size, at);
    }
    gathered->at = gathered->size == 0 ? at : gathered->at;
    memcpy(gathered->data + gathered->size, data, (size_t)size);
    gathered->size += size;
    return SQLITE_OK;
}

/* A large transaction reads its own pages again. */
static int log_read(sqlite3_file *file, void *data, int size, sqlite3_int64 at)
{
    const Gathered *gathered = gathered_of(file);
    sqlite3_int64 end = gathered->at + gathered->size;
    if (gathered->size == 0 || at >= end || at + size <= gathered->at) {
        return real_of(file)->xRead(file, data, size, at);
    }
    if (at >= gathered->at && at + size <= end) {
        memcpy(data, gathered->data + (at - gathered->at), (size_t)size);
        return SQLITE_OK;
    }
    int code = log_flush(file);
    return code == SQLITE_OK ? real_of(file)->xRead(file, data, size, at) : code;
}

static int log_sync(sqlite3_file *file, int flags)
{
    int code = log_flush(file);
    return code == SQLITE_OK ? real_of(file)->xSync(file, flags) : code;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = log_flush(file);
    return code == SQLITE_OK ? real_of(file)->xTruncate(file, size) : code;
}

static int log_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    int code = log_flush(file);
    return code == SQLITE_OK ? real_of(file)->xFileSize(file, ret_size) : code;
}

/* What is left then is of a transaction that was rolled back. */
static int log_close(sqlite3_file *file)
{
    sqlite3_free(gathered_of(file)->data);
    return real_of(file)->xClose(file);
}

static void log_methods(sqlite3_io_methods *methods)
{
    methods->xClose = log_close;
    methods->xRead = log_read;
    methods->xWrite = log_write;
    methods->xTruncate = log_truncate;
    methods->xSync = log_sync;
    methods->xFileSize = log_size;
}

/* ---- What a savepoint puts back ---- */

static int spill_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
    int code = SQLITE_OK;
    for (int done = 0; done < size && code == SQLITE_OK; done += PIECE_MAX) {
        int piece = size - done < PIECE_MAX ? size - done : PIECE_MAX;
        code = real_of(file)->xWrite(file, (const char *)data + done, piece, at + done);
    }
    return code;
}

static void spill_methods(sqlite3_io_methods *methods)
{
    methods->xWrite = spill_write;
}

/* ---- The layer ---- */

/* All files of a kind have the methods of the first. */
static bool methods_put(Kind *kind, void (*put)(sqlite3_io_methods *methods), sqlite3_file *file)
{
    sqlite3_mutex *mutex = layer_mutex();
    sqlite3_mutex_enter(mutex);
    if (kind->of_real == NULL) {
        kind->methods = *file->pMethods;
        kind->of_real = file->pMethods;
        put(&kind->methods);
    }
    bool is_like = file->pMethods == kind->of_real;
    if (is_like) {
        file->pMethods = &kind->methods;
    }
    sqlite3_mutex_leave(mutex);
    return is_like;
}

static int layer_open(
    sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *ret_flags)
{
    Layer *layer = (Layer *)(void *)vfs;
    int code = layer->real->xOpen(layer->real, name, file, flags, ret_flags);
    if (code != SQLITE_OK) {
        return code;
    }
    if ((flags & SQLITE_OPEN_WAL) != 0 && methods_put(&layer->log, log_methods, file)) {
        *gathered_of(file) = (Gathered){0};
    }
    if ((flags & SQLITE_OPEN_SUBJOURNAL) != 0) {
        (void)methods_put(&layer->spill, spill_methods, file);
    }
    return code;
}

static void layer_make(const char *name, sqlite3_vfs *real, bool is_default)
{
    Layer *layer = sqlite3_malloc64(sizeof(*layer));
    ASSERT(layer != NULL);
    memset(layer, 0, sizeof(*layer));
    layer->real = real;
    layer->log.behind = (real->szOsFile + 15) / 16 * 16;
    layer->vfs = *real;
    layer->vfs.zName = name;
    layer->vfs.pNext = NULL;
    layer->vfs.szOsFile = layer->log.behind + (int)sizeof(Gathered);
    layer->vfs.xOpen = layer_open;
    (void)sqlite3_vfs_register(&layer->vfs, is_default ? 1 : 0);
}

void layer_put_over(const char *name, sqlite3_vfs *real)
{
    layer_make(name, real, false);
}

sqlite3_vfs *layer_real(void)
{
    return ((Layer *)(void *)sqlite3_vfs_find(default_name))->real;
}

void layer_register(void)
{
    if (sqlite3_initialize() != SQLITE_OK) {
        return;
    }
    sqlite3_mutex *mutex = layer_mutex();
    sqlite3_mutex_enter(mutex);
    if (sqlite3_vfs_find(default_name) == NULL) {
        sqlite3_vfs *real = sqlite3_vfs_find(NULL);
        ASSERT(real != NULL);
        layer_make(default_name, real, true);
    }
    sqlite3_mutex_leave(mutex);
}
