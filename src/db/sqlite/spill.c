/* A file layer over SQLite's own for the one file that it writes in pieces too large for itself:
 * what a savepoint may have to put back, when that no longer fits in memory. It moves there in one
 * piece, and SQLite's layer takes the size of a write modulo 128 KiB: a multiple of that writes
 * nothing, which counts as a full disk. Here such a write is parted. */
#include "db/sqlite/spill.h"

#include "db/sqlite/sqlite.h"

#include <string.h>

enum { PIECE_MAX = 64 * 1024 };

/* Made once and never freed: SQLite keeps it among its layers, where it is found by its name. */
typedef struct SpillLayer {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    sqlite3_io_methods methods;        /* those of the real layer, with our write */
    const sqlite3_io_methods *of_real; /* NULL before the first such file */
} SpillLayer;

static const char layer_name[] = "guanxi";

/* NULL before it is registered. */
static SpillLayer *spill_layer(void)
{
    return (SpillLayer *)sqlite3_vfs_find(layer_name);
}

static sqlite3_mutex *spill_mutex(void)
{
    return sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP2);
}

static int spill_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
    const sqlite3_io_methods *real = spill_layer()->of_real;
    int code = SQLITE_OK;
    for (int done = 0; done < size && code == SQLITE_OK; done += PIECE_MAX) {
        int piece = size - done < PIECE_MAX ? size - done : PIECE_MAX;
        code = real->xWrite(file, (const char *)data + done, piece, at + done);
    }
    return code;
}

/* All files of this kind have the methods of the first. */
static void methods_put(SpillLayer *layer, sqlite3_file *file)
{
    sqlite3_mutex *mutex = spill_mutex();
    sqlite3_mutex_enter(mutex);
    if (layer->of_real == NULL) {
        layer->methods = *file->pMethods;
        layer->methods.xWrite = spill_write;
        layer->of_real = file->pMethods;
    }
    if (file->pMethods == layer->of_real) {
        file->pMethods = &layer->methods;
    }
    sqlite3_mutex_leave(mutex);
}

static int spill_open(
    sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *ret_flags)
{
    SpillLayer *layer = (SpillLayer *)vfs;
    int code = layer->real->xOpen(layer->real, name, file, flags, ret_flags);
    if (code == SQLITE_OK && (flags & SQLITE_OPEN_SUBJOURNAL) != 0) {
        methods_put(layer, file);
    }
    return code;
}

static void layer_make(void)
{
    SpillLayer *layer = sqlite3_malloc64(sizeof(*layer));
    ASSERT(layer != NULL);
    memset(layer, 0, sizeof(*layer));
    layer->real = sqlite3_vfs_find(NULL);
    ASSERT(layer->real != NULL);
    layer->vfs = *layer->real;
    layer->vfs.zName = layer_name;
    layer->vfs.pNext = NULL;
    layer->vfs.xOpen = spill_open;
    (void)sqlite3_vfs_register(&layer->vfs, 1);
}

void spill_layer_register(void)
{
    if (sqlite3_initialize() != SQLITE_OK) {
        return;
    }
    sqlite3_mutex *mutex = spill_mutex();
    sqlite3_mutex_enter(mutex);
    if (spill_layer() == NULL) {
        layer_make();
    }
    sqlite3_mutex_leave(mutex);
}
