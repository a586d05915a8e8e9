/* The kept terms: written with their records, made again from them, and proved. */
#include "feature/features.h"

#include "feature/search.h"
#include "feature/search/term.h"
#include "op/op.h"

#include <string.h>

/* What the terms of a kind are made of: kind, id, partner, code, name, a further code. */
#define OF_PARTNER                                                                                 \
    "SELECT 'partner' AS kind, r.id, r.id AS partner_id, r.code, r.name,"                          \
    " CAST(NULL AS TEXT) AS further FROM partner r"
#define OF_ACCOUNT                                                                                 \
    "SELECT 'account' AS kind, r.id, r.partner_id, r.code, CAST(NULL AS TEXT) AS name,"            \
    " CAST(NULL AS TEXT) AS further FROM account r"
#define OF_CONTACT                                                                                 \
    "SELECT 'contact' AS kind, r.id, r.partner_id, r.phone AS code, r.name,"                       \
    " r.email AS further FROM contact r"
#define OF_PRODUCT                                                                                 \
    "SELECT 'product' AS kind, r.id, CAST(NULL AS BIGINT) AS partner_id, r.code, r.name,"          \
    " CAST(NULL AS TEXT) AS further FROM product r"
/* Those that have something to be found by besides their number. */
#define OF_ORDER(condition)                                                                        \
    "SELECT 'order' AS kind, v.record_id AS id, MIN(a.partner_id) AS partner_id,"                  \
    " CAST(NULL AS TEXT) AS code, CAST(NULL AS TEXT) AS name, CAST(NULL AS TEXT) AS further"       \
    " FROM custom_value v JOIN custom_field f ON f.id = v.field_id AND f.record = 'order'"         \
    " AND f.kind = 'text' JOIN sales_order o ON o.id = v.record_id"                                \
    " JOIN account a ON a.id = o.account_id WHERE v.record_id " condition " GROUP BY v.record_id"
#define SOURCE_LETTERS "tkkttt"
#define ONE " WHERE r.id = $1"
#define NEXT " WHERE r.id > $1"

enum { KIND, RECORD, PARTNER, CODE, NAME, FURTHER };

static const Sql sql_partner = {OF_PARTNER ONE, "k", SOURCE_LETTERS};
static const Sql sql_account = {OF_ACCOUNT ONE, "k", SOURCE_LETTERS};
static const Sql sql_contact = {OF_CONTACT ONE, "k", SOURCE_LETTERS};
static const Sql sql_product = {OF_PRODUCT ONE, "k", SOURCE_LETTERS};

static const Sql sql_order = {OF_ORDER("= $1"), "k", SOURCE_LETTERS};

/* A retired field's are among them: it may come back, and until then what is found by them is not
 * shown. */
static const Sql sql_texts = {
    "SELECT v.text_value FROM custom_value v JOIN custom_field f ON f.id = v.field_id"
    " WHERE v.record_id = $1 AND f.kind = 'text' ORDER BY v.field_id",
    .in = "k", .out = "t"};

static const struct {
    const char *kind;
    const Sql *sql;
} sources[] = {{"partner", &sql_partner}, {"account", &sql_account}, {"contact", &sql_contact},
    {"product", &sql_product}, {"order", &sql_order}};

/* Ids of all kinds are of one sequence. */
static const Sql sql_sources_page = {OF_PARTNER NEXT
    " UNION ALL " OF_ACCOUNT NEXT " UNION ALL " OF_CONTACT NEXT " UNION ALL " OF_PRODUCT NEXT
    " UNION ALL " OF_ORDER("> $1") " ORDER BY id LIMIT 500",
    "k", SOURCE_LETTERS};
enum { PAGE_ROWS = 500 };

static const Sql sql_forget = {"DELETE FROM search_term WHERE record_id = $1", .in = "k"};
static const Sql sql_put = {
    "INSERT INTO search_term (how, term, record_id, kind, partner_id) VALUES ($1, $2, $3, $4, $5)",
    .in = "itktk"};
static const Sql sql_empty = {"DELETE FROM search_term", .in = ""};

static const Sql sql_kept_page = {
    "SELECT record_id, how, term, kind, partner_id FROM search_term"
    " WHERE record_id > $1 AND record_id <= $2 ORDER BY record_id, how, term",
    .in = "kk",
    .out = "kittk",
};

static Err terms_of(Ctx *cx, const Rows *source, Terms *ret_terms)
{
    Rows rows;
    TRY(db_ask(cx, &sql_texts, ARGS(arg_id(db_id(source, RECORD))), &rows));
    const char **texts = arena_array(cx->arena, rows.count + 1, sizeof *texts);
    for (size_t i = 0; db_next(&rows); i++) {
        texts[i] = db_text(&rows, 0);
    }
    terms_make(cx->arena,
        &(TermSource){
            db_text(source, CODE), db_text(source, NAME), db_text(source, FURTHER), texts},
        ret_terms);
    return ERR_OK;
}

static Err terms_put(Ctx *cx, const Rows *source)
{
    Terms terms;
    TRY(terms_of(cx, source, &terms));
    for (size_t i = 0; i < terms.count; i++) {
        TRY(db_put(cx, &sql_put,
            ARGS(arg_i64(terms.items[i].how), arg_text(terms.items[i].text),
                arg_id(db_id(source, RECORD)), arg_text(db_text(source, KIND)),
                arg_id(db_id(source, PARTNER)))));
    }
    return ERR_OK;
}

Err search_refresh(Ctx *cx, const char *kind, Id record_id)
{
    size_t at = 0;
    while (strcmp(sources[at].kind, kind) != 0) {
        at++;
        ASSERT(at < COUNT(sources));
    }
    Rows rows;
    TRY(db_put(cx, &sql_forget, ARGS(arg_id(record_id))));
    TRY(db_ask(cx, sources[at].sql, ARGS(arg_id(record_id)), &rows));
    return db_next(&rows) ? terms_put(cx, &rows) : ERR_OK;
}

/* ---- Again from the records ---- */

static Err terms_rebuild(Ctx *cx)
{
    TRY(db_put(cx, &sql_empty, NO_ARGS));
    Id after = 0;
    for (bool is_more = true; is_more;) {
        ArenaMark mark = arena_mark(cx->arena);
        Rows rows;
        TRY(db_ask(cx, &sql_sources_page, ARGS(arg_i64(after)), &rows));
        while (db_next(&rows)) {
            TRY(terms_put(cx, &rows));
            after = db_id(&rows, RECORD);
        }
        is_more = rows.count == PAGE_ROWS;
        arena_rewind(cx->arena, mark);
    }
    return ERR_OK;
}

/* ---- Proof ---- */

static bool text_is(const char *a, const char *b)
{
    return a != NULL && strcmp(a, b) == 0;
}

/* Moves over what is kept of the record, or before it; fits when that is what has to be. `kept`
 * stands at a row, or behind the last one. */
static Err kept_fits(Ctx *cx, const Rows *source, Rows *kept, bool *is_at, bool *ret_fits)
{
    Terms terms;
    TRY(terms_of(cx, source, &terms));
    Id record = db_id(source, RECORD);
    bool fits = true;
    size_t count = 0;
    while (*is_at && db_id(kept, 0) <= record) {
        bool is_one = db_id(kept, 0) == record && count < terms.count &&
                      db_i64(kept, 1) == (int64_t)terms.items[count].how &&
                      text_is(db_text(kept, 2), terms.items[count].text) &&
                      text_is(db_text(kept, 3), db_text(source, KIND)) &&
                      db_id(kept, 4) == db_id(source, PARTNER);
        fits = fits && is_one;
        count++;
        *is_at = db_next(kept);
    }
    *ret_fits = fits && count == terms.count;
    return ERR_OK;
}

static Err page_check(Ctx *cx, Rows *sources_page, Id after, Id last, DbSay say, void *user)
{
    Rows kept;
    TRY(db_ask(cx, &sql_kept_page, ARGS(arg_i64(after), arg_i64(last)), &kept));
    bool is_at = db_next(&kept);
    while (db_next(sources_page)) {
        bool fits = false;
        TRY(kept_fits(cx, sources_page, &kept, &is_at, &fits));
        if (!fits) {
            const char *kind = db_text(sources_page, KIND);
            say(user, arena_printf(cx->arena, "%s %s: what it is found by does not fit it", kind,
                          id_text(cx->arena, ref_kind(kind)->letter, db_id(sources_page, RECORD))));
        }
    }
    if (is_at) {
        say(user, "there are terms of records that are not there");
    }
    return ERR_OK;
}

static Err terms_check(Ctx *cx, DbSay say, void *user)
{
    Id after = 0;
    for (bool is_more = true; is_more;) {
        ArenaMark mark = arena_mark(cx->arena);
        Rows rows;
        TRY(db_ask(cx, &sql_sources_page, ARGS(arg_i64(after)), &rows));
        is_more = rows.count == PAGE_ROWS;
        Id last = INT64_MAX;
        if (is_more) {
            rows.at = rows.count;
            last = db_id(&rows, RECORD);
            rows.at = 0;
        }
        TRY(page_check(cx, &rows, after, last, say, user));
        after = last;
        arena_rewind(cx->arena, mark);
    }
    return ERR_OK;
}

static const Check check_terms = {
    .name = "search terms are those of their records", .run = terms_check};
static const Derived derived_terms = {.table = "search_term", .rebuild = terms_rebuild};

const Feature search_kept_feature = {
    .name = "search_kept",
    .checks = (const Check *const[]){&check_terms, NULL},
    .derived = (const Derived *const[]){&derived_terms, NULL},
};
