/* The idle end of sessions moves when they are used. Most calls of a session only read, on
 * connections that cannot write, so their use is gathered here for the writer. */
#include "op/used.h"

#include "db/db.h"
#include "op/run.h"

bool used_add(Used *used, Id session_id)
{
    for (size_t i = 0; i < used->count; i++) {
        if (used->sessions[i] == session_id) {
            return false;
        }
    }
    if (used->count == USED_MAX) {
        return false;
    }
    used->sessions[used->count++] = session_id;
    return true;
}

Used used_take(Used *used)
{
    Used taken = *used;
    used->count = 0;
    return taken;
}

Err used_write(Ctx *cx, const Used *used)
{
    TRY(db_begin(cx));
    for (size_t i = 0; i < used->count; i++) {
        Err refusal = session_touch(cx, used->sessions[i]);
        if (refusal != ERR_OK) {
            db_rollback(cx);
            return refusal;
        }
    }
    return db_commit(cx);
}
