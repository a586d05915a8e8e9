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

static bool is_of(const Listed *listed, Id account_id, Id block_id)
{
    return listed->account_id == account_id && listed->block_id == block_id;
}

/* Whether it is said already. */
static bool is_told(const Listed *listed, DossierKind kind)
{
    return (kind != DOSSIER_ORDER || listed->has_order) &&
           (kind != DOSSIER_DECISION || listed->has_decision);
}

static Err row_add(Ctx *cx, DossierKind kind, Id account_id, Id block_id)
{
    Listed *listed = &cx->run->listed;
    if (!is_of(listed, account_id, block_id)) {
        TRY(dossier_write(cx));
        *listed = (Listed){.account_id = account_id, .block_id = block_id, .is_waiting = true};
    }
    listed->is_waiting = listed->is_waiting || !is_told(listed, kind);
    listed->has_order = listed->has_order || kind == DOSSIER_ORDER;
    listed->has_decision = listed->has_decision || kind == DOSSIER_DECISION;
    return ERR_OK;
}

Err dossier_add(Ctx *cx, DossierKind kind, const Arg *args, size_t columns, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        const Arg *row = args + i * columns;
        TRY(row_add(cx, kind, row[1].i, id_block(row[0].i)));
    }
    /* The same run may ask for its entries. */
    return kind == DOSSIER_ENTRY ? dossier_write(cx) : ERR_OK;
}

Err dossier_write(Ctx *cx)
{
    Listed *listed = &cx->run->listed;
    if (!listed->is_waiting) {
        return ERR_OK;
    }
    listed->is_waiting = false;
    return db_put(cx, &sql_add,
        ARGS(arg_id(listed->account_id), arg_id(listed->block_id), arg_bool(listed->has_order),
            arg_bool(listed->has_decision)));
}
