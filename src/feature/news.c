/* What was done since somebody last asked: what live screens go by. The audit rows say it, so
 * nothing is kept for it, and what other servers on this database wrote is news as well. */
#include "feature/features.h"

#include "op/op.h"
#include "op/run.h"

#include <string.h>

typedef struct NewsIn {
    const char *after;
} NewsIn;

SCHEMA(NewsIn,
    F_TEXT(NewsIn,
        after,
        .doc = "`last` of the answer before: the answer comes when there is news, within half a "
               "minute. At once when absent."));

typedef struct NewsOut {
    const char *last;
    List changed;
    List accounts;
} NewsOut;

SCHEMA(NewsOut,
    F_TEXT(NewsOut, last, .doc = "What to ask with next time."),
    F_LIST_OF(NewsOut,
        changed,
        FIELD_TEXT,
        .doc = "Of which places something was done, as addresses begin: `orders`, `payments`."),
    F_LIST_OF(
        NewsOut, accounts, FIELD_TEXT, .doc = "The accounts that it was done to, in sight alone."));

enum { NEWS_PAGE = 1000, NEWS_PAGES = 10 };

static const Sql sql_news_last = {
    "SELECT COALESCE(MAX(id), 0) FROM audit",
    .in = "",
    .out = "i",
};

/* A page is cut before anything is left out of it, so that it ends where looking ended. */
static const Sql sql_news_page = {
    "SELECT q.id, q.operation, a.code, CASE WHEN {visible:p} THEN 1 ELSE 0 END"
    " FROM (SELECT id, operation, account_id FROM audit WHERE id > $1 ORDER BY id LIMIT $2) q"
    " LEFT JOIN account a ON a.id = q.account_id"
    " LEFT JOIN partner p ON p.id = a.partner_id"
    " ORDER BY q.id",
    .in = "ki",
    .out = "ktti",
};

typedef struct Texts {
    const char *items[NEWS_PAGE];
    size_t count;
} Texts;

static void text_add(Texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->items[i], text) == 0) {
            return;
        }
    }
    ASSERT(texts->count < NEWS_PAGE);
    texts->items[texts->count++] = text;
}

static List text_list(Ctx *cx, const Texts *texts)
{
    const char **items = arena_array(cx->arena, texts->count, sizeof *items);
    memcpy(items, texts->items, texts->count * sizeof *items);
    return (List){items, texts->count};
}

/* How the addresses of its place begin, of a slice those of its operation: its row may stand on
 * another page than that of the whole. NULL: an operation of another version. */
static const char *place_of(Ctx *cx, const char *operation)
{
    const Op *op = op_by_name(arena_copy(cx->arena, operation, strcspn(operation, ".")));
    if (op == NULL || op->path == NULL) {
        return NULL;
    }
    const char *first = op->path + 1;
    return arena_copy(cx->arena, first, strcspn(first, "/"));
}

typedef struct News {
    Texts *changed;
    Texts *accounts;
    Id last;
    bool is_full;
} News;

static Err page_read(Ctx *cx, News *news)
{
    Rows rows;
    int64_t count = 0;
    TRY(db_ask(cx, &sql_news_page, ARGS(arg_id(news->last), arg_i64(NEWS_PAGE)), &rows));
    for (; db_next(&rows); count++) {
        news->last = db_id(&rows, 0);
        if (db_i64(&rows, 3) == 0) {
            continue;
        }
        const char *place = place_of(cx, db_text(&rows, 1));
        if (place != NULL) {
            text_add(news->changed, place);
        }
        if (!db_is_null(&rows, 2)) {
            text_add(news->accounts, db_text(&rows, 2));
        }
    }
    news->is_full = count == NEWS_PAGE;
    return ERR_OK;
}

static bool nothing_told(const News *news)
{
    return news->changed->count == 0 && news->accounts->count == 0;
}

static Err news_last(Ctx *cx, Id *ret_last)
{
    Rows rows;
    TRY(db_ask(cx, &sql_news_last, NULL, 0, &rows));
    *ret_last = db_next(&rows) ? db_i64(&rows, 0) : 0;
    return ERR_OK;
}

OP(news_get,
    NewsIn,
    NewsOut,
    GET("/news"),
    .effect = EFFECT_READ,
    .needs = PERM_READ,
    .waits = true,
    .summary = "What was done since one last asked; with Accept: text/event-stream, as events.")
{
    News news = {.changed = arena_alloc(cx->arena, sizeof(Texts)),
        .accounts = arena_alloc(cx->arena, sizeof(Texts)),
        .last = run_carried(cx)};
    char letter = 0;
    if (news.last == 0 && in->after != NULL && !id_parse(in->after, &letter, &news.last)) {
        return err_set(cx, ERR_FIELD_INVALID, "after", "Give `last` of the answer before.");
    }
    if (news.last == 0) {
        TRY(news_last(cx, &news.last));
    } else {
        int pages = 0;
        do { /* another only while nothing is told: there is room for what one page tells */
            TRY(page_read(cx, &news));
        } while (news.is_full && nothing_told(&news) && ++pages < NEWS_PAGES);
    }
    bool is_asked = in->after != NULL || run_carried(cx) != 0;
    run_told(cx, news.last, is_asked && !news.is_full && nothing_told(&news));
    out->last = id_text(cx->arena, 'Q', news.last);
    out->changed = text_list(cx, news.changed);
    out->accounts = text_list(cx, news.accounts);
    return ERR_OK;
}

const Feature news_feature = {
    .name = "news",
    .ops = (const Op *const[]){&op_news_get, NULL},
};
