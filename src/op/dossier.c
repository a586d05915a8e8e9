/* Writing to the dossier. */
#include "op/dossier.h"

static const Sql sql_add = {
    "INSERT INTO dossier (account_id, id, kind) VALUES ($1, $2, $3)", "kkt", NULL};

Err dossier_add(Ctx *cx, const char *kind, const Arg *args, size_t columns, size_t rows)
{
    enum { LISTED = 3 };
    Arg one[LISTED];
    Arg *listed = rows == 1 ? one : arena_array(cx->arena, rows, LISTED * sizeof *listed);
    for (size_t i = 0; i < rows; i++) {
        Arg *at = listed + i * LISTED;
        at[0] = args[i * columns + 1];
        at[1] = args[i * columns];
        at[2] = arg_text(kind);
    }
    return db_put_rows(cx, &sql_add, listed, LISTED, rows);
}
