/* Walking the chains: every row's hash follows from its fields and the row before, its number
 * from the one before, and the last one is the end that the position, or the organisation,
 * remembers. */
#include "op/audit.h"
#include "op/dossier.h"

#include "base/id.h"
#include "base/json.h"

#include <inttypes.h>
#include <string.h>

#define ROW_COLUMNS                                                                                \
    "a.id, a.account_id, a.seq, a.done_at, a.business_on, a.actor_id, a.actor_name, a.operation, " \
    "a.input, a.reply, a.status, a.changes, a.facts, a.prev, a.hash"
enum { COLUMN_FACTS = 12, COLUMN_PREV, COLUMN_HASH, COLUMN_END_SEQ, COLUMN_END_HEAD };

static const Sql sql_org_rows = {"SELECT " ROW_COLUMNS
                                 ", o.chain_seq, o.chain_head FROM audit a, org o "
                                 "WHERE a.account_id = 0 AND o.id = 1 ORDER BY a.seq",
    "", "kkiidkttttitxxxix"};
static const Sql sql_account_rows = {
    "SELECT " ROW_COLUMNS ", p.chain_seq, p.chain_head FROM dossier k CROSS JOIN audit a {by_id} "
    "LEFT JOIN position p ON p.account_id = a.account_id "
    "WHERE " DOSSIER_AUDITS("a") " ORDER BY k.account_id, a.seq",
    "", "kkiidkttttitxxxix"};
static const Sql sql_lost_accounts = {
    "SELECT p.account_id FROM position p WHERE (p.chain_seq > 0 OR p.chain_head IS NOT NULL) "
    "AND NOT EXISTS (SELECT 1 FROM dossier k CROSS JOIN audit a {by_id} WHERE k.account_id = "
    "p.account_id "
    "AND " DOSSIER_AUDITS("a") ")",
    "", "k"};
static const Sql sql_lost_org = {"SELECT o.id FROM org o WHERE o.chain_seq > 0 "
                                 "AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.account_id = 0)",
    "", "k"};
static const Sql sql_seals = {
    "SELECT id, sealed_on, document, prev, hash FROM seal ORDER BY id", "", "kdtxx"};
static const Sql sql_seal_newest = {
    "SELECT id, document FROM seal ORDER BY id DESC LIMIT 1", "", "kt"};

typedef struct Walk {
    Arena *arena; /* of the findings' lines */
    DbSay say;
    void *user;
    int64_t findings;
    /* The chain being walked. */
    bool is_open;
    Id account_id;
    int64_t seq;
    Hash hash;
    int64_t end_seq;
    Hash end_hash;
    /* The newest seal, and what the rows say it should hold. */
    Id seal_id;
    int64_t seal_org_seq;
    const char *seal_digest;
    int64_t sealed_seq; /* of the chain being walked */
    Hash sealed_hash;
    Hash fold;
    /* Of the seals. */
    Hash seal_hash;
    bool has_seal;
} Walk;

PRINTF_LIKE(2, 3)
static void find(Walk *walk, const char *format, ...)
{
    ArenaMark mark = arena_mark(walk->arena);
    va_list args;
    va_start(args, format);
    walk->say(walk->user, arena_vprintf(walk->arena, format, args));
    va_end(args);
    arena_rewind(walk->arena, mark);
    walk->findings++;
}

typedef struct ChainName {
    char text[40];
} ChainName;

static ChainName chain_name(Id account_id)
{
    ChainName name = {"the organisation"};
    if (account_id != 0) {
        char id[ID_TEXT_SIZE];
        id_format('A', account_id, id);
        snprintf(name.text, sizeof name.text, "account %s", id);
    }
    return name;
}

static bool is_same(const Hash *a, const Hash *b)
{
    return memcmp(a->bytes, b->bytes, HASH_SIZE) == 0;
}

static void chain_finish(Walk *walk)
{
    if (!walk->is_open) {
        return;
    }
    walk->is_open = false;
    if (walk->seq != walk->end_seq || !is_same(&walk->hash, &walk->end_hash)) {
        find(walk,
            "The audit chain of %s ends at row %" PRId64 ", but row %" PRId64
            " was the last that was written.",
            chain_name(walk->account_id).text, walk->seq, walk->end_seq);
    }
    if (walk->sealed_seq > 0) {
        audit_fold(&walk->fold, walk->account_id, walk->sealed_seq, &walk->sealed_hash);
    }
}

static void chain_start(Walk *walk, const Rows *row)
{
    chain_finish(walk);
    walk->is_open = true;
    walk->account_id = db_id(row, 1);
    walk->seq = 0;
    walk->hash = (Hash){{0}};
    walk->end_seq = db_i64(row, COLUMN_END_SEQ);
    walk->end_hash = audit_hash_at(row, COLUMN_END_HEAD);
    walk->sealed_seq = 0;
}

static AuditRow row_of(const Rows *row)
{
    return (AuditRow){.id = db_id(row, 0),
        .account_id = db_id(row, 1),
        .seq = db_i64(row, 2),
        .done_at = db_i64(row, 3),
        .business_on = db_date(row, 4),
        .actor_id = db_id(row, 5),
        .actor_name = db_text(row, 6),
        .operation = db_text(row, 7),
        .input = db_text(row, 8),
        .reply = db_text(row, 9),
        .status = db_i64(row, 10),
        .changes = db_text(row, 11),
        .facts = {db_cell(row, COLUMN_FACTS)->p, db_cell(row, COLUMN_FACTS)->n},
        .prev = audit_hash_at(row, COLUMN_PREV)};
}

static void row_check(Walk *walk, const AuditRow *row, bool has_prev, const Hash *stored)
{
    Hash hash = audit_hash(row);
    ChainName name = chain_name(row->account_id);
    if (row->seq != walk->seq + 1) {
        find(walk, "The audit chain of %s goes from row %" PRId64 " to row %" PRId64 ".", name.text,
            walk->seq, row->seq);
    } else if (!is_same(&row->prev, &walk->hash)) {
        find(walk, "Audit row %" PRId64 " of %s does not follow from the row before.", row->seq,
            name.text);
    }
    if (!is_same(&hash, stored) || (row->seq == 1 && has_prev)) {
        find(walk, "Audit row %" PRId64 " of %s (%s) was altered.", row->seq, name.text,
            row->operation);
    }
}

static Err row_walk(Ctx *cx, const Rows *rows, void *user)
{
    (void)cx;
    Walk *walk = user;
    AuditRow row = row_of(rows);
    Hash stored = audit_hash_at(rows, COLUMN_HASH);
    if (!walk->is_open || row.account_id != walk->account_id) {
        chain_start(walk, rows);
    }
    row_check(walk, &row, !db_is_null(rows, COLUMN_PREV), &stored);
    walk->seq = row.seq;
    walk->hash = stored;
    bool is_sealed = row.account_id == 0 ? row.seq <= walk->seal_org_seq : row.id < walk->seal_id;
    if (is_sealed) {
        walk->sealed_seq = row.seq;
        walk->sealed_hash = stored;
    }
    return ERR_OK;
}

static Err lost_walk(Ctx *cx, const Rows *row, void *user)
{
    (void)cx;
    Id id = db_id(row, 0);
    find(user, "All audit rows of %s are missing.", chain_name(id == 1 ? 0 : id).text);
    return ERR_OK;
}

static Err seal_walk(Ctx *cx, const Rows *row, void *user)
{
    (void)cx;
    Walk *walk = user;
    Seal seal = {.id = db_id(row, 0),
        .sealed_on = db_date(row, 1),
        .document = db_text(row, 2),
        .prev = audit_hash_at(row, 3),
        .has_prev = !db_is_null(row, 3)};
    char day[DATE_TEXT_SIZE];
    date_format(seal.sealed_on, day);
    Hash hash = audit_seal_hash(&seal);
    Hash stored = audit_hash_at(row, 4);
    if (!is_same(&hash, &stored)) {
        find(walk, "The seal of %s was altered.", day);
    }
    if (seal.has_prev != walk->has_seal || !is_same(&seal.prev, &walk->seal_hash)) {
        find(walk, "The seal of %s does not follow from the one before.", day);
    }
    walk->has_seal = true;
    walk->seal_hash = stored;
    return ERR_OK;
}

static Err seal_newest(Ctx *cx, Walk *walk)
{
    Rows rows;
    TRY(db_ask(cx, &sql_seal_newest, NO_ARGS, &rows));
    if (!db_next(&rows)) {
        return ERR_OK;
    }
    CLEANUP(json_value_free) json_t *document = NULL;
    const char *text = db_text(&rows, 1);
    walk->seal_id = db_id(&rows, 0);
    walk->seal_digest = "";
    if (json_read(cx, text, strlen(text), &document) != ERR_OK) {
        err_clear(cx); /* it was altered, which its hash tells */
        return ERR_OK;
    }
    walk->seal_org_seq = json_integer_value(json_object_get(document, "org_seq"));
    const char *digest = json_string_value(json_object_get(document, "digest"));
    walk->seal_digest = arena_str(cx->arena, digest == NULL ? "" : digest);
    return ERR_OK;
}

static void seal_check(Walk *walk)
{
    char digest[2 * HASH_SIZE + 1];
    crypto_hex(walk->fold.bytes, HASH_SIZE, digest);
    if (walk->seal_digest != NULL && strcmp(digest, walk->seal_digest) != 0) {
        find(walk, "The audit rows up to the newest seal are not those that were sealed.");
    }
}

Err audit_verify(Ctx *cx, DbSay say, void *user, int64_t *ret_findings)
{
    Walk walk = {.arena = cx->arena, .say = say, .user = user};
    TRY(seal_newest(cx, &walk));
    TRY(db_scan(cx, &sql_org_rows, NO_ARGS, row_walk, &walk));
    if (!walk.is_open || walk.sealed_seq == 0) {
        audit_fold(&walk.fold, 0, 0, &(Hash){{0}});
    }
    TRY(db_scan(cx, &sql_account_rows, NO_ARGS, row_walk, &walk));
    chain_finish(&walk);
    TRY(db_scan(cx, &sql_lost_org, NO_ARGS, lost_walk, &walk));
    TRY(db_scan(cx, &sql_lost_accounts, NO_ARGS, lost_walk, &walk));
    TRY(db_scan(cx, &sql_seals, NO_ARGS, seal_walk, &walk));
    seal_check(&walk);
    *ret_findings = walk.findings;
    return ERR_OK;
}
