/* Every generated read of the program's own records, on an empty database: each statement that they
 * compose is one that the engine takes, in every order and by every filter. */
#include "support/unit.h"

#include "support/database.h"

#include "base/json.h"
#include "feature/features.h"
#include "op/record_plan.h"
#include "op/store.h"

#include <string.h>

static int setup(void **state)
{
    static Place place;
    op_start(features);
    place_make(&place);
    *state = &place;
    place.cx.actor = &actor_system;
    ASSERT(date_parse("2026-11-23", &place.cx.today));
    place_ok(&place.cx, store_found(&place.cx, place.path));
    CLEANUP(json_value_free) json_t *members = json_object();
    Reply reply;
    run_call(&place.cx, &(Call){.op = op_by_name("org_init"), .members = members}, &reply);
    place_ok(&place.cx, store_publish(&place.cx));
    place_ok(&place.cx, store_open(&place.cx, place.path, &(DbOptions){.mode = DB_WRITE}));
    return reply.status != 200;
}

static int status_of(Place *place, const Op *op, const char *text)
{
    json_t *members = json_loads(text, 0, NULL);
    Reply reply;
    Call call = {.op = op, .members = members};
    assert_non_null(members);
    run_call(&place->cx, &call, &reply);
    err_clear(&place->cx);
    json_decref(members);
    if (reply.status >= 500) {
        fail_msg("%s %s: %s", op->name, text, reply.body);
    }
    return reply.status;
}

static void must_list(Place *place, const Op *op, const char *text)
{
    if (status_of(place, op, text) != 200) {
        fail_msg("%s does not take %s", op->name, text);
    }
}

/* A cursor with a value of the column's type, as the list itself would write it. */
static const char *cursor_for(Place *place, const Column *column, const char *sort, bool is_null)
{
    Cursor cursor = {.sort = sort, .id = 7, .is_null = is_null, .i = 739000};
    if (column->type == 't' && !is_null) {
        cursor.text = "x";
    }
    return cursor_write(place->arena, &cursor);
}

static void sorts(Place *place, const Op *op, const Column *column)
{
    static const char *const ways[] = {"", "-"};
    for (size_t i = 0; i < COUNT(ways); i++) {
        const char *sort = arena_printf(place->arena, "%s%s", ways[i], column->field->name);
        must_list(place, op, arena_printf(place->arena, "{\"sort\":\"%s\"}", sort));
        for (int is_null = 0; is_null < 2; is_null++) {
            const char *cursor = cursor_for(place, column, sort, is_null == 1);
            must_list(place, op,
                arena_printf(place->arena, "{\"sort\":\"%s\",\"cursor\":\"%s\"}", sort, cursor));
        }
    }
}

/* What a member is compared with in a filter; NULL: nothing fits on an empty database. */
static const char *value_for(const Field *field)
{
    switch (field->type) {
    case FIELD_TEXT:
        return "x";
    case FIELD_INT:
    case FIELD_OPT_INT:
    case FIELD_DECIMAL:
    case FIELD_MONEY:
    case FIELD_PERCENT:
        return "1";
    case FIELD_BOOL:
        return "true";
    case FIELD_DATE:
    case FIELD_INSTANT:
        return "2026-01-01";
    case FIELD_CURRENCY:
        return "CNY";
    case FIELD_ENUM:
    case FIELD_FLAGS:
        return field->names[1];
    case FIELD_LIMIT:
    case FIELD_ID:
    case FIELD_REF:
    case FIELD_OBJECT:
    case FIELD_LIST:
    case FIELD_JSON:
        break;
    }
    return NULL;
}

static void compares(Place *place, const Op *op, const Field *field)
{
    const char *value = value_for(field);
    if (field->type == FIELD_FLAGS) { /* a set is only asked for its members */
        must_list(place, op,
            arena_printf(place->arena, "{\"filter\":\"%s has %s\"}", field->name, value));
        return;
    }
    must_list(place, op, arena_printf(place->arena, "{\"filter\":\"%s eq null\"}", field->name));
    if (value != NULL) {
        must_list(
            place, op, arena_printf(place->arena, "{\"filter\":\"%s ne %s\"}", field->name, value));
    }
    if (record_takes_equal(field) && field->type == FIELD_ENUM) {
        must_list(place, op, arena_printf(place->arena, "{\"%s\":\"%s\"}", field->name, value));
    }
}

/* Behind a reference, the fields of what it names. */
static void reaches(Place *place, const Op *op, const Field *link)
{
    const RecordPlan *plan = record_plan_named(link->to);
    for (size_t i = 0; plan != NULL && i < plan->column_count; i++) {
        const Field *field = plan->columns[i].field;
        const char *value = value_for(field);
        if (!filter_reaches(plan, &plan->columns[i]) || value == NULL) {
            continue;
        }
        const char *relation = field->type == FIELD_FLAGS ? "has" : "ne";
        must_list(place, op,
            arena_printf(place->arena, "{\"filter\":\"%s.%s %s %s\"}", link->name, field->name,
                relation, value));
    }
}

static void totals(Place *place, const RecordPlan *plan, const char *group)
{
    ListTotals out = {0};
    Err err = record_totals(&place->cx, plan->record, &(ListParams){0}, group, &out);
    CHECK_ROW(plan->record->name, err == ERR_OK && out.groups.count <= 1);
}

static void list_tries(Place *place, const Op *op)
{
    const RecordPlan *plan = record_plan(op->record);
    must_list(place, op, "{}");
    totals(place, plan, NULL);
    if (plan->date != NULL) {
        must_list(place, op, "{\"from\":\"2026-01-01\",\"until\":\"2026-12-31\"}");
    }
    for (size_t i = 0; i < plan->column_count; i++) {
        const Column *column = &plan->columns[i];
        if ((column->field->flags & FIELD_SORT) != 0) {
            sorts(place, op, column);
        }
        if (filter_takes(plan, column->field)) {
            compares(place, op, column->field);
        }
        if (column->field->type == FIELD_REF && filter_takes(plan, column->field)) {
            reaches(place, op, column->field);
        }
        if (record_groups(plan, column)) {
            totals(place, plan, column->field->name);
        }
    }
}

static bool has_path(const Op *op)
{
    return strchr(op->path, '{') != NULL;
}

static void lists_compose(void **state)
{
    Place *place = *state;
    for (size_t i = 0; i < op_count(); i++) {
        const Op *op = op_at(i);
        if (op->record != NULL && op->record_verb == VERB_LIST && !has_path(op)) {
            list_tries(place, op);
        }
    }
}

/* Reading one goes by statements of its own. */
static void gets_compose(void **state)
{
    Place *place = *state;
    for (size_t i = 0; i < op_count(); i++) {
        const Op *op = op_at(i);
        if (op->record == NULL || op->record_verb != VERB_GET) {
            continue;
        }
        const RecordPlan *plan = record_plan(op->record);
        Arg args[RECORD_ARGS_MAX + 1] = {{0}};
        CHECK_ROW(op->record->name, record_args(&place->cx, plan, args) == ERR_OK);
        args[plan->arg_count] = arg_id(7);
        const Sql *statements[] = {&plan->get, &plan->load};
        Rows rows;
        for (size_t k = 0; k < COUNT(statements); k++) {
            Err err = db_ask(&place->cx, statements[k], args, plan->arg_count + 1, &rows);
            CHECK_ROW(op->record->name, err == ERR_OK);
        }
        Err err = db_ask(&place->cx, &plan->uses, ARGS(arg_id(7)), &rows);
        CHECK_ROW(op->record->name, err == ERR_OK);
        const char *id = arena_printf(place->arena, "%c0000000000007", op->record->letter);
        const char *ask = arena_printf(place->arena, "{\"%s\":\"%s\"}", op->record->name, id);
        CHECK_ROW(op->record->name, status_of(place, op, ask) == 404);
    }
}

/* What is stored may be damaged: text that ends in the middle is shown as it is, not read on. */
static void damaged_text_is_shown_as_it_is(void **state)
{
    Place *place = *state;
    static const char *const texts[] = {"", "\"", "{\"a\":\"P0000000000007", "{\"a\":\"b\\",
        "{\"a\":\"P0000000000007\"}", "{\"a\":\"P00000\\\"00000007\"}"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        size_t size = strlen(texts[i]) + 1;
        char *exact = arena_alloc(place->arena, size);
        memcpy(exact, texts[i], size);
        const char *shown = NULL;
        CHECK_ROW(texts[i], db_begin(&place->cx) == ERR_OK);
        CHECK_ROW(texts[i], run_shown(&place->cx, exact, &shown) == ERR_OK);
        CHECK_ROW(texts[i], shown != NULL && strcmp(shown, texts[i]) == 0);
        db_rollback(&place->cx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_compose),
        cmocka_unit_test(gets_compose),
        cmocka_unit_test(damaged_text_is_shown_as_it_is),
    };
    return cmocka_run_group_tests(tests, setup, place_teardown);
}
