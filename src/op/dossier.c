/* Writing to the dossier. */
#include "op/dossier.h"

#include "op/run_state.h"

/* An operation may come back to a block that it has listed: with a row of another kind, or by way
 * of another account. */
static const Sql sql_add = {
    "INSERT INTO dossier (account_id, from_id, has_order, has_decision) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (account_id, from_id) DO UPDATE SET"
    " has_order = dossier.has_order OR excluded.has_order,"
    " has_decision = dossier.has_decision OR excluded.has_decision",
    "kkbb", NULL};

const char *dossier_rows(DossierKind kind)
{
    static const char *const rows[DOSSIER_KIND_COUNT] = {
        [DOSSIER_ENTRY] = DOSSIER_ENTRIES("r"),
        [DOSSIER_AUDIT] = DOSSIER_AUDITS("r"),
        [DOSSIER_ORDER] = DOSSIER_ORDERS("r"),
        [DOSSIER_DECISION] = DOSSIER_DECISIONS("r"),
    };
    ASSERT(kind != DOSSIER_NOT);
    ASSERT(kind < DOSSIER_KIND_COUNT);
    return rows[kind];
}

/* Whether the row that was written last says it already. */
static bool is_told(const Listed *listed, const Listed *wanted)
{
    return listed->account_id == wanted->account_id && listed->block_id == wanted->block_id &&
           (listed->has_order || !wanted->has_order) &&
           (listed->has_decision || !wanted->has_decision);
}

static void listed_note(Listed *listed, const Listed *row)
{
    if (listed->account_id != row->account_id || listed->block_id != row->block_id) {
        *listed = *row;
        return;
    }
    listed->has_order = listed->has_order || row->has_order;
    listed->has_decision = listed->has_decision || row->has_decision;
}

Err dossier_add(Ctx *cx, DossierKind kind, const Arg *args, size_t columns, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        const Arg *row = args + i * columns;
        Listed wanted = {.account_id = row[1].i,
            .block_id = id_block(row[0].i),
            .has_order = kind == DOSSIER_ORDER,
            .has_decision = kind == DOSSIER_DECISION};
        if (!is_told(&cx->run->listed, &wanted)) {
            TRY(db_put(cx, &sql_add,
                ARGS(arg_id(wanted.account_id), arg_id(wanted.block_id), arg_bool(wanted.has_order),
                    arg_bool(wanted.has_decision))));
            listed_note(&cx->run->listed, &wanted);
        }
    }
    return ERR_OK;
}
