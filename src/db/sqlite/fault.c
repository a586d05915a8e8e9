/* A file layer that passes everything to SQLite's own and fails where it is told to. */
#include "db/sqlite/fault.h"

#include "base/attr.h"
#include "db/sqlite/layer.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef enum FaultOp { OP_READ, OP_WRITE, OP_SYNC, OP_TRUNCATE } FaultOp;
typedef enum FaultKind {
    KIND_NONE,
    KIND_FULL,
    KIND_IO,
    KIND_SHORT,
    KIND_KILL,
    KIND_TORN
} FaultKind;

typedef struct FaultLayer {
    sqlite3_vfs vfs; /* a copy of SQLite's own with another xOpen */
    sqlite3_vfs *real;
    FaultOp op;
    FaultKind kind;
    int64_t at;
    int64_t last; /* the fault goes on until here */
    _Atomic int64_t count;
    char name[]; /* the rule */
} FaultLayer;

typedef struct FaultFile {
    sqlite3_file file;
    FaultLayer *layer;
    sqlite3_file *real; /* lies right behind this struct */
} FaultFile;

enum { EXIT_KILLED = 137 };

static FaultFile *of(sqlite3_file *file)
{
    return (FaultFile *)(void *)file;
}

/* What happens to this call. */
static FaultKind fault_now(FaultLayer *layer, FaultOp op)
{
    if (op != layer->op) {
        return KIND_NONE;
    }
    int64_t count = atomic_fetch_add(&layer->count, 1) + 1;
    if (count < layer->at || count > layer->last) {
        return KIND_NONE;
    }
    if (layer->kind == KIND_KILL) {
        _exit(EXIT_KILLED);
    }
    return layer->kind;
}

/* ---- Files ---- */

static int file_close(sqlite3_file *file)
{
    return of(file)->real->pMethods->xClose(of(file)->real);
}

static int file_read(sqlite3_file *file, void *data, int size, sqlite3_int64 offset)
{
    if (fault_now(of(file)->layer, OP_READ) != KIND_NONE) {
        return SQLITE_IOERR_READ;
    }
    return of(file)->real->pMethods->xRead(of(file)->real, data, size, offset);
}

static int file_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
    sqlite3_file *real = of(file)->real;
    FaultKind kind = fault_now(of(file)->layer, OP_WRITE);
    if (kind == KIND_SHORT || kind == KIND_TORN) {
        (void)real->pMethods->xWrite(real, data, size / 2, offset);
    }
    if (kind == KIND_TORN) {
        _exit(EXIT_KILLED);
    }
    if (kind != KIND_NONE) {
        return kind == KIND_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    return real->pMethods->xWrite(real, data, size, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    if (fault_now(of(file)->layer, OP_TRUNCATE) != KIND_NONE) {
        return SQLITE_IOERR_TRUNCATE;
    }
    return of(file)->real->pMethods->xTruncate(of(file)->real, size);
}

static int file_sync(sqlite3_file *file, int flags)
{
    if (fault_now(of(file)->layer, OP_SYNC) != KIND_NONE) {
        return SQLITE_IOERR_FSYNC;
    }
    return of(file)->real->pMethods->xSync(of(file)->real, flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return of(file)->real->pMethods->xFileSize(of(file)->real, ret_size);
}

static int file_lock(sqlite3_file *file, int level)
{
    return of(file)->real->pMethods->xLock(of(file)->real, level);
}

static int file_unlock(sqlite3_file *file, int level)
{
    return of(file)->real->pMethods->xUnlock(of(file)->real, level);
}

static int file_check_lock(sqlite3_file *file, int *ret_is_locked)
{
    return of(file)->real->pMethods->xCheckReservedLock(of(file)->real, ret_is_locked);
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
    return of(file)->real->pMethods->xFileControl(of(file)->real, op, arg);
}

static int file_sector_size(sqlite3_file *file)
{
    return of(file)->real->pMethods->xSectorSize(of(file)->real);
}

static int file_characteristics(sqlite3_file *file)
{
    return of(file)->real->pMethods->xDeviceCharacteristics(of(file)->real);
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret_at)
{
    return of(file)->real->pMethods->xShmMap(of(file)->real, page, size, extend, ret_at);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return of(file)->real->pMethods->xShmLock(of(file)->real, offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    of(file)->real->pMethods->xShmBarrier(of(file)->real);
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
    return of(file)->real->pMethods->xShmUnmap(of(file)->real, remove);
}

/* Version 2: the log's shared memory, no mapped reading, which would pass the faults by. */
static const sqlite3_io_methods file_methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int layer_open(
    sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *ret_flags)
{
    FaultLayer *layer = (FaultLayer *)(void *)vfs;
    FaultFile *opened = of(file);
    opened->layer = layer;
    opened->real = (sqlite3_file *)(void *)(opened + 1);
    opened->file.pMethods = NULL;
    int code = layer->real->xOpen(layer->real, path, opened->real, flags, ret_flags);
    if (opened->real->pMethods != NULL) {
        opened->file.pMethods = &file_methods;
    }
    return code;
}

/* ---- The rule ---- */

static const char *const op_names[] = {"read:", "write:", "sync:", "truncate:", NULL};
static const char *const kind_names[] = {"", "full", "io", "short", "kill", "torn", NULL};

/* The index of the name that the text begins with, the text moved behind it; -1: none. Index 0 is
 * tried last, because it may be empty. */
static int name_take(const char *const *names, const char **text)
{
    int count = 0;
    while (names[count] != NULL) {
        count++;
    }
    for (int i = count - 1; i >= 0; i--) {
        size_t length = strlen(names[i]);
        if (strncmp(*text, names[i], length) == 0) {
            *text += length;
            return i;
        }
    }
    return -1;
}

static void rule_read(FaultLayer *layer, const char *rule)
{
    int op = name_take(op_names, &rule);
    char *end = NULL;
    layer->at = op < 0 ? 0 : strtoll(rule, &end, 10);
    bool is_rule = op >= 0 && layer->at > 0 && *end == ':';
    rule = is_rule ? end + 1 : "";
    int kind = name_take(kind_names, &rule);
    if (!is_rule || kind <= KIND_NONE) {
        assert_fail("GUANXI_FAULT reads op:n:kind", __FILE__, __LINE__);
    }
    layer->op = (FaultOp)op;
    layer->kind = (FaultKind)kind;
    int64_t more = *rule != '+' ? 0 : rule[1] == '\0' ? INT64_MAX / 2 : strtoll(rule + 1, NULL, 10);
    layer->last = layer->at + more;
}

/* Under the layer that gathers writes, so that it is failed, too. */
static void layer_make(const char *rule)
{
    sqlite3_vfs *real = layer_real();
    size_t length = strlen(rule) + 1;
    FaultLayer *layer = sqlite3_malloc64(sizeof(FaultLayer) + length);
    ASSERT(layer != NULL);
    memset(layer, 0, sizeof(*layer));
    memcpy(layer->name, rule, length);
    rule_read(layer, rule);
    layer->real = real;
    layer->vfs = *real;
    layer->vfs.zName = layer->name;
    layer->vfs.szOsFile = (int)sizeof(FaultFile) + real->szOsFile;
    layer->vfs.pNext = NULL;
    layer->vfs.xOpen = layer_open;
    layer_put_over(layer->name, &layer->vfs);
}

const char *fault_layer_name(void)
{
    const char *rule = getenv("GUANXI_FAULT");
    if (rule == NULL || rule[0] == '\0' || sqlite3_initialize() != SQLITE_OK) {
        return NULL;
    }
    sqlite3_mutex *mutex = sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP1);
    sqlite3_mutex_enter(mutex);
    sqlite3_vfs *vfs = sqlite3_vfs_find(rule);
    if (vfs == NULL) {
        layer_make(rule);
        vfs = sqlite3_vfs_find(rule);
    }
    sqlite3_mutex_leave(mutex);
    return vfs->zName;
}
