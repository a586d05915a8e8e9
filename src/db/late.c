/* Puts that wait for another one of the same row: two changes of one row in one transaction cost
 * twice what one does that makes both. */
#include "db/port.h"

#include <string.h>

/* It reads nothing, so it does not matter what came before it. */
static bool only_adds(const char *text)
{
    return strncmp(text, "INSERT", 6) == 0 && strstr(text, "SELECT") == NULL;
}

Err late_run(Ctx *cx)
{
    Late *late = &cx->db->late;
    const Sql *sql = late->sql;
    late->sql = NULL;
    return sql == NULL ? ERR_OK : statement_run(cx, sql, late->args, late->count);
}

Err late_before(Ctx *cx, const Sql *sql)
{
    bool may_wait = cx->db->late.sql == NULL || only_adds(sql->text);
    return may_wait ? ERR_OK : late_run(cx);
}

Err db_put_late(Ctx *cx, const Sql *sql, const Sql *both, const Arg *args, size_t count)
{
    Late *late = &cx->db->late;
    ASSERT(cx->db->in_transaction);
    ASSERT(0 < count && count <= LATE_ARGS_MAX);
    TRY(late_run(cx));
    *late = (Late){.sql = sql, .both = both, .count = count};
    for (size_t i = 0; i < count; i++) {
        ASSERT(args[i].p == NULL);
        late->args[i] = args[i];
    }
    ahead_forget(cx->db);
    return ERR_OK;
}

Err db_put_with(Ctx *cx, const Sql *sql, const Arg *args, size_t count)
{
    Late *late = &cx->db->late;
    Arg all[2 * LATE_ARGS_MAX];
    ASSERT(0 < count && count <= LATE_ARGS_MAX);
    if (late->sql == NULL || late->args[0].i != args[0].i) {
        return db_put(cx, sql, args, count);
    }
    size_t all_count = late->count + count - 1;
    memcpy(all, late->args, late->count * sizeof *all);
    memcpy(all + late->count, args + 1, (count - 1) * sizeof *all);
    late->sql = NULL;
    return db_put(cx, late->both, all, all_count);
}
