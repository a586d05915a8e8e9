/* What a savepoint may have to put back lies in one large piece of memory, which SQLite makes when
 * the first page of it is changed and frees when it is released: for every call. One such piece is
 * kept for the next; the system would have to make all that is written to anew each time. */
#include "db/sqlite/layer.h"

#include <stdatomic.h>
#include <stdbool.h>

static sqlite3_mem_methods usual;
static _Atomic(void *) spare;

static void *piece_make(int size)
{
    if (size >= SAVEPOINT_BYTES) {
        void *kept = atomic_exchange(&spare, NULL);
        if (kept != NULL && usual.xSize(kept) >= size) {
            return kept;
        }
        if (kept != NULL) {
            usual.xFree(kept);
        }
    }
    return usual.xMalloc(size);
}

static void piece_free(void *piece)
{
    if (usual.xSize(piece) >= SAVEPOINT_BYTES) {
        piece = atomic_exchange(&spare, piece);
    }
    if (piece != NULL) {
        usual.xFree(piece);
    }
}

void memory_register(void)
{
    static atomic_bool is_done;
    if (atomic_exchange(&is_done, true)) {
        return;
    }
    (void)sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual);
    sqlite3_mem_methods ours = usual;
    ours.xMalloc = piece_make;
    ours.xFree = piece_free;
    (void)sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
    (void)sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, SAVEPOINT_BYTES);
}
