/* What was done to one record: its audit rows, oldest first. */
#include "op/record_plan.h"

#include "base/json.h"
#include "base/limits.h"
#include "op/audit.h"
#include "op/run.h"

#include <string.h>

static const Field change_fields[] = {
    F_TEXT(AuditChange, field, .doc = "The member that changed."),
    F_TEXT(AuditChange, before, .doc = "null: it was absent."),
    F_TEXT(AuditChange, after, .doc = "null: it is absent."),
};
const Schema AuditChange_schema = {.name = "AuditChange",
    .size = sizeof(AuditChange),
    .fields = change_fields,
    .count = COUNT(change_fields)};

typedef struct HistoryItem {
    Instant at;
    Date on;
    const char *by;
    const char *what;
    List changes;
} HistoryItem;

SCHEMA(HistoryItem,
    F_INSTANT(HistoryItem, at, .doc = "When it was done."),
    F_DATE(HistoryItem, on, .doc = "The business date."),
    F_TEXT(HistoryItem, by, .doc = "The user's name."),
    F_TEXT(HistoryItem, what, .doc = "The operation."),
    F_LIST(HistoryItem, changes, AuditChange, .doc = "What it changed in the record."));

static const Field history_fields[] = {
    F_LIST(HistoryPage, items, HistoryItem),
    F_TEXT(HistoryPage, next, .doc = "Cursor of the next page; null after the last."),
};
const Schema HistoryPage_schema = {.name = "History",
    .size = sizeof(HistoryPage),
    .fields = history_fields,
    .count = COUNT(history_fields)};

typedef struct HistoryIn {
    Ref of; /* named after the record */
    OptInt limit;
    const char *cursor;
} HistoryIn;

static const Sql history_length = {
    "SELECT COUNT(*) FROM audit_subject WHERE subject_id = $1", "k", "i"};

static const Sql history_page = {
    "SELECT a.id, a.done_at, a.business_on, a.actor_name, a.operation, a.changes"
    " FROM audit_subject s JOIN audit a ON a.account_id = s.account_id AND a.id = s.audit_id"
    " WHERE s.subject_id = $1 AND s.audit_id > $2"
    " ORDER BY s.audit_id LIMIT $3",
    "kki", "kidttt"};

/* A record may be called `limit`; then its path takes the name and pages have 50 rows. */
Schema history_in(Arena *arena, const Field *path)
{
    static const Field page[] = {
        F_OPT_INT(HistoryIn, limit, .min = 1, .max = LIMIT_PAGE_ROWS,
            .doc = "Rows of a page; 50 when absent."),
        F_TEXT(HistoryIn, cursor, .max_len = LIMIT_TEXT_BYTES, .doc = "`next` of the page before."),
    };
    Field *fields = arena_array(arena, 1 + COUNT(page), sizeof(*fields));
    size_t count = 0;
    fields[count] = *path;
    fields[count++].offset = offsetof(HistoryIn, of);
    for (size_t i = 0; i < COUNT(page); i++) {
        if (strcmp(page[i].name, path->name) != 0) {
            fields[count++] = page[i];
        }
    }
    return (Schema){.size = sizeof(HistoryIn), .fields = fields, .count = count};
}

static bool is_about(const json_t *change, Id subject)
{
    const json_t *id = json_object_get(change, "id");
    char letter = '\0';
    Id parsed = 0;
    if (json_is_integer(id)) {
        return json_integer_value(id) == subject;
    }
    return json_is_string(id) && id_parse(json_string_value(id), &letter, &parsed) &&
           parsed == subject;
}

static const char *member_text(Arena *arena, const json_t *change, const char *name)
{
    return arena_str(arena, json_string_value(json_object_get(change, name)));
}

Err audit_changes(Ctx *cx, const char *text, Id subject, List *ret_changes)
{
    CLEANUP(json_value_free) json_t *all = NULL;
    if (text == NULL) {
        return ERR_OK;
    }
    TRY(json_read(cx, text, strlen(text), &all));
    AuditChange *changes = arena_array(cx->arena, json_array_size(all), sizeof(*changes));
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *change = json_array_get(all, i);
        if (subject == 0 || is_about(change, subject)) {
            changes[count++] = (AuditChange){
                .field = member_text(cx->arena, change, "field"),
                .before = member_text(cx->arena, change, "before"),
                .after = member_text(cx->arena, change, "after"),
            };
        }
    }
    *ret_changes = (List){.items = changes, .count = count};
    return ERR_OK;
}

static Err item_read(Ctx *cx, const Rows *rows, Id subject, HistoryItem *ret_item)
{
    *ret_item = (HistoryItem){
        .at = db_i64(rows, 1),
        .on = db_date(rows, 2),
        .by = db_text(rows, 3),
        .what = db_text(rows, 4),
    };
    return audit_changes(cx, db_text(rows, 5), subject, &ret_item->changes);
}

static Err after_of(Ctx *cx, const char *text, Id *ret_after)
{
    Cursor cursor = {0};
    if (text == NULL) {
        return ERR_OK;
    }
    if (!cursor_read(cx->arena, text, &cursor) || strcmp(cursor.sort, "history") != 0) {
        return err_set(cx, ERR_FIELD_INVALID, "cursor",
            "Send `next` of the page before as it is; or none, for the first page.");
    }
    *ret_after = cursor.id;
    return ERR_OK;
}

Err history_count(Ctx *cx, Id subject, int64_t *ret_count)
{
    return db_number(cx, &history_length, ARGS(arg_id(subject)), ret_count);
}

Err history_read(Ctx *cx, Id subject, OptInt limit, const char *cursor, HistoryPage *ret_page)
{
    size_t most = limit.is_set ? (size_t)limit.value : LIMIT_PAGE_DEFAULT;
    Id after = 0;
    Rows rows;
    TRY(after_of(cx, cursor, &after));
    TRY(db_ask(cx, &history_page, ARGS(arg_id(subject), arg_i64(after), arg_i64((int64_t)most + 1)),
        &rows));
    size_t count = rows.count < most ? rows.count : most;
    HistoryItem *items = arena_array(cx->arena, count, sizeof(*items));
    Cursor last = {.sort = "history", .is_null = true};
    for (size_t i = 0; i < count && db_next(&rows); i++) {
        TRY(item_read(cx, &rows, subject, &items[i]));
        last.id = db_id(&rows, 0);
    }
    *ret_page = (HistoryPage){.items = {.items = items, .count = count}};
    if (rows.count > most) {
        ret_page->next = cursor_write(cx->arena, &last);
    }
    return ERR_OK;
}

Err history_run(Ctx *cx, const void *in_any, void *out_any)
{
    const HistoryIn *in = in_any;
    TRY(record_see(cx, record_plan(run_op(cx)->record), in->of.id));
    return history_read(cx, in->of.id, in->limit, in->cursor, out_any);
}
