/* Writing to the dossier. */
#include "op/dossier.h"

#include "op/run_state.h"

/* An operation may come back to a block that it has listed, by way of another account. */
static const Sql sql_add = {"INSERT INTO dossier (account_id, from_id) VALUES ($1, $2)"
                            " ON CONFLICT (account_id, from_id) DO NOTHING",
    "kk", NULL};

Err dossier_add(Ctx *cx, const Arg *args, size_t columns, size_t rows)
{
    Listed *listed = &cx->run->listed;
    for (size_t i = 0; i < rows; i++) {
        const Arg *row = args + i * columns;
        Listed wanted = {.account_id = row[1].i, .block_id = id_block(row[0].i)};
        if (wanted.account_id != listed->account_id || wanted.block_id != listed->block_id) {
            TRY(db_put(cx, &sql_add, ARGS(arg_id(wanted.account_id), arg_id(wanted.block_id))));
            *listed = wanted;
        }
    }
    return ERR_OK;
}
