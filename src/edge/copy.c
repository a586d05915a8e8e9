/* `guanxi copy`: a whole database into a new one, of the same engine or the other. */
#include "edge/cli.h"

#include "base/json.h"
#include "op/store.h"

#include <inttypes.h>
#include <stdio.h>

static void copy_say(const Cli *cli, const CopyTotals *totals)
{
    char heads[2 * HASH_SIZE + 1];
    crypto_hex(totals->heads.bytes, HASH_SIZE, heads);
    printf(cli->is_json ? "{\"tables\":%" PRId64 ",\"rows\":%" PRId64 ",\"entries\":%" PRId64
                          ",\"receivable\":%" PRId64 ",\"open\":%" PRId64 ",\"audit_rows\":%" PRId64
                          ",\"audit_heads\":\"%s\"}\n"
                        : "copied %" PRId64 " tables, %" PRId64
                          " rows; the same on both sides: every "
                          "row, entries %" PRId64 ", receivable %" PRId64 ", open %" PRId64
                          " (minor units), %" PRId64 " audit rows, ends of the chains %s\n",
        totals->tables, totals->rows, totals->entries, totals->receivable, totals->open,
        totals->audit_rows, heads);
}

Err cli_copy(Cli *cli, int *ret_exit)
{
    (void)ret_exit;
    Ctx *cx = cli->cx;
    const char *from = cli->args[0];
    const char *to = cli->args[1];
    OsLock lock;
    CopyTotals totals = {0};
    bool is_spread = false;
    TRY(cli_distribute(cli, &is_spread));
    TRY(errand_database(cx, from));
    TRY(errand_lock(cx, to, &lock));
    Err code = store_copy(cx, from, to, is_spread, &totals);
    errand_unlock(cx, to, &lock);
    TRY(code);
    copy_say(cli, &totals);
    return ERR_OK;
}
