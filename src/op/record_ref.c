/* The statements by which a reference of a kind is found, composed once at start from its
 * table and columns. */
#include "op/record_plan.h"

#include <string.h>

/* "SELECT id, account, partner, shown FROM …", without its condition. */
static const char *select_of(Arena *arena, const RefKind *kind)
{
    static const char *const none = "CAST(NULL AS BIGINT)";
    bool is_joined = kind->account != NULL && kind->partner == NULL;
    const char *called = kind->called != NULL ? kind->called : kind->code;
    const char *own = kind->partner == NULL ? none : arena_printf(arena, "r.\"%s\"", kind->partner);
    return arena_printf(arena, "SELECT r.\"id\", %s, %s, %s FROM \"%s\" r%s",
        kind->account == NULL ? none : arena_printf(arena, "r.\"%s\"", kind->account),
        is_joined ? "a.\"partner_id\"" : own,
        called == NULL ? "CAST(NULL AS TEXT)" : arena_printf(arena, "r.\"%s\"", called),
        kind->table != NULL ? kind->table : kind->name,
        is_joined ? arena_printf(arena, " JOIN account a ON a.id = r.\"%s\"", kind->account) : "");
}

static const Sql *sql_keep(Arena *arena, const char *text, const char *in)
{
    Sql *sql = arena_alloc(arena, sizeof *sql);
    *sql = (Sql){text, in, "kkkt"};
    return sql;
}

/* Behind a condition on the code $1. */
static const char *standing_of(Arena *arena, const RefKind *kind)
{
    if (kind->over == NULL) {
        return "";
    }
    return arena_printf(arena,
        " AND (r.\"status\" <> '%s' OR NOT EXISTS (SELECT 1 FROM \"%s\" x WHERE x.\"%s\" = $1"
        " AND x.\"%s\" = r.\"%s\" AND x.\"status\" <> '%s'))",
        kind->over, kind->table != NULL ? kind->table : kind->name, kind->code, kind->account,
        kind->account, kind->over);
}

const RefKind *ref_kind_compose(Arena *arena, const RefKind *declared)
{
    RefKind *kind = arena_alloc(arena, sizeof *kind);
    *kind = *declared;
    const char *select = select_of(arena, kind);
    const char *steady = kind->is_steady ? " {steady}" : "";
    if (kind->by_id == NULL) {
        const char *text = arena_printf(arena, "%s WHERE r.\"id\" = $1%s", select, steady);
        kind->by_id = sql_keep(arena, text, "k");
    }
    bool is_of_account = kind->account != NULL && strcmp(kind->account, "id") != 0;
    if (kind->code != NULL && is_of_account) {
        const char *text = arena_printf(arena, "%s WHERE r.\"%s\" = $1 AND r.\"%s\" = $2%s", select,
            kind->code, kind->account, standing_of(arena, kind));
        kind->by_code_of = sql_keep(arena, text, "tk");
    }
    if (kind->code != NULL) {
        const char *text = arena_printf(arena, "%s WHERE r.\"%s\" = $1%s%s", select, kind->code,
            standing_of(arena, kind), steady);
        kind->by_code = sql_keep(arena, text, "t");
    }
    return kind;
}
