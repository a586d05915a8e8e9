/* Figures of an account as they stood at the end of an earlier business date, for days that are
 * closed late. Entries and allocations are booked in the order of their days, so only those behind
 * the last one of that day are read. */
#include "feature/credit/facts.h"

#include "op/dossier.h"
#include "op/run.h"

/* The entries of the account $1, and those behind the one that t names. */
#define ENTRIES                                                                                    \
    "dossier k CROSS JOIN entry e {by_id} WHERE k.account_id = $1 AND " DOSSIER_ENTRIES("e")
#define ENTRIES_LATER ENTRIES " AND " DOSSIER_ABOVE("e", "t.id")

/* The last that was booked by the day $2. */
#define LAST_ENTRY                                                                                 \
    "COALESCE((SELECT e.id FROM " ENTRIES " AND e.booked_on <= $2"                                 \
    " ORDER BY k.from_id DESC, e.id DESC LIMIT 1), 0)"

/* What later entries have put on the exposure: into a bucket less out of it, advances the other way
 * about. */
static const Sql sql_exposure_later = {
    "WITH later (id) AS (SELECT " LAST_ENTRY ")"
    " SELECT CAST(COALESCE(SUM(e.amount * ("
    "  CASE WHEN e.to_bucket IN ('ordered', 'shipped', 'receivable', 'cheque') THEN 1"
    "   WHEN e.to_bucket = 'advance' THEN -1 ELSE 0 END"
    "  - CASE WHEN e.from_bucket IN ('ordered', 'shipped', 'receivable', 'cheque') THEN 1"
    "   WHEN e.from_bucket = 'advance' THEN -1 ELSE 0 END)), 0) AS BIGINT)"
    " FROM later t CROSS JOIN " ENTRIES_LATER,
    .in = "kd",
    .out = "i",
};

Err credit_exposure_later(Ctx *cx, Id account_id, Currency currency, Date on, Money *ret_change)
{
    int64_t change = 0;
    TRY(db_number(cx, &sql_exposure_later, ARGS(arg_id(account_id), arg_date(on)), &change));
    *ret_change = money_of(currency, change);
    return ERR_OK;
}

/* Open then is what is open now (of one that was reversed since: its amount), and what was
 * allocated since. So only invoices count that are open, or that something was booked about. */
static const Sql sql_overdue_then = {
    "WITH later (id) AS (SELECT " LAST_ENTRY "),"
    " settled (invoice_id, amount) AS (SELECT l.invoice_id, CAST(SUM(l.amount) AS BIGINT) FROM "
    "allocation l"
    "   WHERE l.account_id = $1 AND l.booked_on > $2 AND l.id > (SELECT id FROM later)"
    "   GROUP BY l.invoice_id),"
    " papers (id) AS (SELECT i.id FROM invoice i WHERE i.account_id = $1 AND i.open > 0"
    "   UNION SELECT s.invoice_id FROM settled s"
    "   UNION SELECT e.document_id FROM later t CROSS JOIN " ENTRIES_LATER
    "    AND e.document_kind = 'invoice'),"
    " stood (due_on, open) AS (SELECT i.due_on,"
    "   CASE WHEN i.reversed_on > $2 THEN i.amount ELSE i.open END"
    "    + CAST(COALESCE((SELECT s.amount FROM settled s WHERE s.invoice_id = i.id), "
    "0) AS BIGINT)"
    "   FROM papers p JOIN invoice i ON i.account_id = $1 AND i.id = p.id"
    "   WHERE i.booked_on <= $2 AND (i.reversed_on IS NULL OR i.reversed_on > $2))"
    " SELECT MIN(CASE WHEN t.open >= $3 THEN t.due_on END),"
    " CAST(COALESCE(SUM(CASE WHEN t.due_on < $2 THEN t.open ELSE 0 END), 0) AS BIGINT)"
    " FROM stood t WHERE t.open > 0",
    .in = "kdi",
    .out = "di",
};

const Sql *credit_overdue_then(void)
{
    return &sql_overdue_then;
}
