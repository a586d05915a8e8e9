/* The fields that the organisation adds to partners, accounts, contacts, products, orders and
 * activities. A field keeps its code, its kind, its currency and its record for good, because
 * values are stored by them; it may be called
 * otherwise, stand elsewhere, be needed or not, and be retired: then its values are kept and no
 * longer shown, and it may come back. */
#include "feature/features.h"

#include "base/buf.h"
#include "base/limits.h"
#include "op/custom.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

typedef struct CustomOption {
    const char *code;
    const char *label_en;
    const char *label_zh;
    bool retired;
} CustomOption;

SCHEMA(CustomOption,
    F_TEXT(CustomOption, code, REQUIRED, .max_len = LIMIT_CODE_BYTES, .doc = "Stays as it is."),
    F_TEXT(CustomOption, label_en),
    F_TEXT(CustomOption, label_zh),
    F_BOOL(CustomOption, retired, .doc = "No longer chosen; values that have it keep it."));

typedef struct CustomField {
    Id id;
    int record;
    const char *code;
    const char *label_en;
    const char *label_zh;
    int kind;
    Currency currency;
    bool required;
    bool retired;
    OptInt place;
    List options;
    int64_t version;
} CustomField;

enum { PLACE_MAX = 1000000 };

SCHEMA(CustomField,
    F_ID(CustomField, id, "custom_field"),
    F_ENUM(CustomField,
        record,
        custom_record_names,
        .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER | FIELD_SORT,
        .doc = "What has the field."),
    F_TEXT(CustomField,
        code,
        .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER | FIELD_SORT,
        .max_len = CUSTOM_CODE_BYTES,
        .doc = "What programs call it: small letters, digits and _, a letter first."),
    F_TEXT(CustomField, label_en, .flags = FIELD_SORT, .doc = "One of the labels is needed."),
    F_TEXT(CustomField, label_zh, .flags = FIELD_SORT),
    F_ENUM(
        CustomField, kind, custom_kind_names, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER),
    F_CURRENCY(CustomField,
        currency,
        .flags = FIELD_FIXED,
        .doc = "Of money, which needs it: all its amounts are in it."),
    F_BOOL(CustomField,
        required,
        .column = "is_required",
        .flags = FIELD_FILTER,
        .doc = "New records have to have it, and it cannot be cleared."),
    F_BOOL(CustomField,
        retired,
        .column = "is_retired",
        .flags = FIELD_FILTER,
        .doc = "Its values are kept and no longer shown."),
    F_OPT_INT(CustomField,
        place,
        .flags = FIELD_SORT,
        .min = 1,
        .max = PLACE_MAX,
        .doc = "Where it stands among the fields of its record; those from there on move behind."),
    F_LIST(CustomField,
        options,
        CustomOption,
        .max_len = CUSTOM_OPTIONS_MAX,
        .doc = "Of a choice; what a change leaves out is retired."),
    F_INT(CustomField, version, .flags = FIELD_OUTPUT));

/* The columns of the record, in its order. */
#define FIELD_FACTS                                                                                \
    "id, record, code, label_en, label_zh, kind, currency, is_required, is_retired, place, "       \
    "version"
#define FIELD_LETTERS "kttttttbbii"

#define OPTION_FACTS "field_id, code, label_en, label_zh, is_retired, place"
#define OPTION_LETTERS "ktttbi"
static const Fact fact_option = FACT("custom_option", 2, OPTION_FACTS, OPTION_LETTERS);

static const Record record_custom_field;

/* ---- What a field must keep to ---- */

static bool is_set(const char *label)
{
    return label != NULL && label[strspn(label, " \t\n")] != '\0';
}

static Err code_check(Ctx *cx, const char *code)
{
    static const char *const small = "abcdefghijklmnopqrstuvwxyz";
    static const char *const rest = "abcdefghijklmnopqrstuvwxyz0123456789_";
    if (strchr(small, code[0]) != NULL && code[strspn(code, rest)] == '\0') {
        return ERR_OK;
    }
    return err_set(cx, ERR_FIELD_INVALID, "code",
        "A field's code is of small letters, digits and _, a letter first, such as region_code.");
}

static const Sql sql_taken = {
    "SELECT id FROM custom_field WHERE record = $1 AND code = $2",
    .in = "tt",
    .out = "k",
};

static Err code_is_free(Ctx *cx, const CustomField *field)
{
    const char *record = custom_record_names[field->record];
    Rows rows;
    TRY(db_ask(cx, &sql_taken, ARGS(arg_text(record), arg_text(field->code)), &rows));
    return rows.count == 0
               ? ERR_OK
               : err_set(cx, ERR_CODE_TAKEN, "code",
                     "A %s has a field %s already; retired ones count.", record, field->code);
}

static const Sql sql_last = {
    "SELECT COUNT(*), COALESCE(MAX(place), 0) FROM custom_field WHERE record = $1",
    .in = "t",
    .out = "ii",
};

/* A new field stands behind the others unless it says where. */
static Err place_take(Ctx *cx, CustomField *field)
{
    const char *record = custom_record_names[field->record];
    Rows rows;
    TRY(db_one(cx, &sql_last, ARGS(arg_text(record)), "the fields", &rows));
    if (db_i64(&rows, 0) >= CUSTOM_FIELDS_MAX) {
        return err_set(cx, ERR_FIELD_INVALID, "record", "A %s has at most %d fields of its own.",
            record, CUSTOM_FIELDS_MAX);
    }
    if (!field->place.is_set) {
        int64_t next = db_i64(&rows, 1) + 1;
        field->place = (OptInt){.value = next < PLACE_MAX ? next : PLACE_MAX, .is_set = true};
    }
    return ERR_OK;
}

static Err option_check(Ctx *cx, List options, size_t at)
{
    const CustomOption *option = LIST_AT(options, CustomOption, at);
    const char *place = arena_printf(cx->arena, "options.%zu.code", at);
    TRY(record_code_check(cx, place, option->code));
    if (strcmp(option->code, "null") == 0) {
        return err_set(cx, ERR_FIELD_INVALID, place, "null stands for no value; take another.");
    }
    for (size_t i = 0; i < at; i++) {
        if (strcmp(LIST_AT(options, CustomOption, i)->code, option->code) == 0) {
            return err_set(
                cx, ERR_FIELD_INVALID, place, "Two options have the code \"%s\".", option->code);
        }
    }
    return ERR_OK;
}

static Err options_check(Ctx *cx, const CustomField *field)
{
    if (field->kind != CUSTOM_CHOICE) {
        return field->options.count == 0
                   ? ERR_OK
                   : err_set(cx, ERR_FIELD_INVALID, "options", "Only a choice has options.");
    }
    if (field->options.count > CUSTOM_OPTIONS_MAX) {
        return err_set(cx, ERR_FIELD_INVALID, "options",
            "A choice has at most %d options, those that are retired included.",
            CUSTOM_OPTIONS_MAX);
    }
    for (size_t i = 0; i < field->options.count; i++) {
        TRY(option_check(cx, field->options, i));
    }
    for (size_t i = 0; i < field->options.count; i++) {
        if (!LIST_AT(field->options, CustomOption, i)->retired) {
            return ERR_OK;
        }
    }
    return err_set(cx, ERR_FIELD_REQUIRED, "options", "A choice needs at least one option in use.");
}

static const CustomOption *option_find(List options, const char *code)
{
    for (size_t i = 0; i < options.count; i++) {
        const CustomOption *option = LIST_AT(options, CustomOption, i);
        if (strcmp(option->code, code) == 0) {
            return option;
        }
    }
    return NULL;
}

/* Values may have what is left out, now or in a moment, so it is retired and not gone. */
static void options_keep(Ctx *cx, List before, List *options)
{
    CustomOption *all = arena_array(cx->arena, before.count + options->count, sizeof *all);
    size_t count = options->count;
    if (count > 0) {
        memcpy(all, options->items, count * sizeof *all);
    }
    for (size_t i = 0; i < before.count; i++) {
        const CustomOption *option = LIST_AT(before, CustomOption, i);
        if (option_find(*options, option->code) == NULL) {
            all[count] = *option;
            all[count++].retired = true;
        }
    }
    *options = (List){all, count};
}

static Err currency_check(Ctx *cx, const CustomField *field)
{
    if (field->kind == CUSTOM_MONEY) {
        return field->currency != 0 ? ERR_OK
                                    : err_set(cx, ERR_FIELD_REQUIRED, "currency",
                                          "Say in which currency the amounts are.");
    }
    return field->currency == 0
               ? ERR_OK
               : err_set(cx, ERR_FIELD_INVALID, "currency", "Only money has a currency.");
}

static Err field_check(Ctx *cx, const void *before, void *after)
{
    CustomField *field = after;
    if (before == NULL) {
        TRY(code_check(cx, field->code));
        TRY(currency_check(cx, field));
    }
    if (!is_set(field->label_en) && !is_set(field->label_zh)) {
        return err_set(cx, ERR_FIELD_REQUIRED, "label_en",
            "Say what people call it, in English (label_en), Chinese (label_zh) or both.");
    }
    if (before != NULL) {
        options_keep(cx, ((const CustomField *)before)->options, &field->options);
    }
    TRY(options_check(cx, field));
    if (before != NULL) {
        field->place = field->place.is_set ? field->place : ((const CustomField *)before)->place;
        return ERR_OK;
    }
    TRY(place_take(cx, field));
    return code_is_free(cx, field);
}

/* ---- Options ---- */

static const Sql sql_options = {
    "SELECT o.code, o.label_en, o.label_zh, o.is_retired FROM custom_option o"
    " WHERE o.field_id = $1 ORDER BY o.place, o.code",
    .in = "k",
    .out = "tttb",
};

/* Its arguments are the row. */
static const Sql sql_option_put = {
    "INSERT INTO custom_option (" OPTION_FACTS ") VALUES ($1, $2, $3, $4, $5, $6)",
    .in = OPTION_LETTERS,
};

static const Sql sql_option_see = {
    "SELECT " OPTION_FACTS " FROM custom_option WHERE field_id = $1 AND code = $2",
    .in = "kt",
    .out = OPTION_LETTERS,
};

static const Sql sql_option_change = {
    "UPDATE custom_option SET label_en = $3, label_zh = $4, is_retired = $5, place = $6"
    " WHERE field_id = $1 AND code = $2 RETURNING " OPTION_FACTS,
    .in = OPTION_LETTERS,
    .out = OPTION_LETTERS,
};

static Err option_write(Ctx *cx, Id field_id, List before, const CustomOption *option, size_t at)
{
    const Arg row[] = {arg_id(field_id), arg_text(option->code), arg_text(option->label_en),
        arg_text(option->label_zh), arg_bool(option->retired), arg_i64((int64_t)at + 1)};
    if (option_find(before, option->code) == NULL) {
        return fact_put(cx, &fact_option, &sql_option_put, row, COUNT(row));
    }
    TRY(fact_see(cx, &fact_option, &sql_option_see, row, 2));
    return fact_change_seen(cx, &fact_option, &sql_option_change, row, COUNT(row));
}

static const char *options_text(Ctx *cx, List options)
{
    Buf text = buf_in(cx->arena);
    for (size_t i = 0; i < options.count; i++) {
        const CustomOption *option = LIST_AT(options, CustomOption, i);
        buf_printf(&text, "%s%s%s", i == 0 ? "" : ", ", option->code, option->retired ? "*" : "");
    }
    return options.count == 0 ? NULL : buf_text(&text);
}

static Err options_write(Ctx *cx, Id field_id, List before, List after)
{
    for (size_t i = 0; i < after.count; i++) {
        TRY(option_write(cx, field_id, before, LIST_AT(after, CustomOption, i), i));
    }
    return ERR_OK;
}

static Err options_change(Ctx *cx, const CustomField *before, const CustomField *after)
{
    TRY(options_write(cx, after->id, before->options, after->options));
    const char *was = options_text(cx, before->options);
    const char *is = options_text(cx, after->options);
    if (was != NULL && is != NULL && strcmp(was, is) != 0) {
        run_changed(cx, after->id, "options", was, is);
    }
    return ERR_OK;
}

/* ---- Places ---- */

static const Sql sql_place_taken = {
    "SELECT id FROM custom_field WHERE record = $1 AND place = $2 AND id <> $3",
    .in = "tik",
    .out = "k",
};

static const Sql sql_behind_see = {
    "SELECT " FIELD_FACTS " FROM custom_field WHERE record = $1 AND place >= $2 AND id <> $3"
    " ORDER BY id",
    .in = "tik",
    .out = FIELD_LETTERS,
};

static const Sql sql_behind_move = {
    "UPDATE custom_field SET place = place + 1 WHERE record = $1 AND place >= $2 AND id <> $3"
    " RETURNING " FIELD_FACTS,
    .in = "tik",
    .out = FIELD_LETTERS,
};

/* Whoever stands at the place, and those behind, make room; they are what they were. */
static Err room_make(Ctx *cx, const CustomField *field)
{
    const Fact *fact = record_fact(&record_custom_field);
    const Arg args[] = {arg_text(custom_record_names[field->record]), arg_i64(field->place.value),
        arg_id(field->id)};
    Rows rows;
    TRY(db_ask(cx, &sql_place_taken, args, COUNT(args), &rows));
    if (rows.count == 0) {
        return ERR_OK;
    }
    TRY(fact_see(cx, fact, &sql_behind_see, args, COUNT(args)));
    return fact_change_seen(cx, fact, &sql_behind_move, args, COUNT(args));
}

static Err field_wrote(Ctx *cx, const void *before, const void *after)
{
    const CustomField *was = before;
    const CustomField *is = after;
    if (was == NULL) {
        TRY(options_write(cx, is->id, (List){0}, is->options));
        return room_make(cx, is);
    }
    if (run_has(cx, "options")) {
        TRY(options_change(cx, was, is));
    }
    return was->place.value == is->place.value ? ERR_OK : room_make(cx, is);
}

/* ---- The record ---- */

static const Record record_custom_field = {
    .name = "custom_field",
    .path = "/custom-fields",
    .letter = 'Q',
    .schema = &CustomField_schema,
    .verbs = VERB_READS | VERB_CREATE | VERB_CHANGE,
    .reads = PERM_READ_OWN,
    .writes = PERM_ORG_WRITE,
    .parts = (const RecordPart[]){{"options", &sql_options}, {NULL, NULL}},
    .check = field_check,
    .wrote = field_wrote,
    .retire = "{\"retired\":true}",
    .fails = {ERR_FIELD_REQUIRED, ERR_FIELD_INVALID},
    .create_fails = {ERR_CODE_TAKEN},
    .summary = "a field that the organisation added to a record",
};

static const RefKind ref_custom_field = {.name = "custom_field", .letter = 'Q', .is_common = true};

/* ---- Doctor ---- */

static const Sql sql_check_records = {
    "SELECT 'custom field ' || f.record || '.' || f.code || ': a value belongs to no record'"
    " FROM custom_value v JOIN custom_field f ON f.id = v.field_id"
    " WHERE (f.record = 'partner'"
    "   AND NOT EXISTS (SELECT 1 FROM partner p WHERE p.id = v.record_id))"
    " OR (f.record = 'account'"
    "   AND NOT EXISTS (SELECT 1 FROM account a WHERE a.id = v.record_id))"
    " OR (f.record = 'contact'"
    "   AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.id = v.record_id))"
    " OR (f.record = 'product'"
    "   AND NOT EXISTS (SELECT 1 FROM product g WHERE g.id = v.record_id))"
    " OR (f.record = 'activity'"
    "   AND NOT EXISTS (SELECT 1 FROM activity n WHERE n.id = v.record_id))"
    " UNION ALL SELECT 'a custom value belongs to no order' FROM (SELECT v.record_id"
    " FROM custom_value v JOIN custom_field f ON f.id = v.field_id WHERE f.record = 'order'"
    " EXCEPT SELECT o.id FROM sales_order o) x"
    " UNION ALL SELECT 'a custom value belongs to no field' FROM custom_value v"
    " WHERE NOT EXISTS (SELECT 1 FROM custom_field f WHERE f.id = v.field_id)",
    .in = "",
    .out = "t",
};
static const Check check_records = {
    .name = "custom values belong to records", .sql = &sql_check_records};

/* Of each kind one column is there and the two others are not. */
static const Sql sql_check_kinds = {
    "SELECT 'custom field ' || f.record || '.' || f.code || ': a value is not of its kind'"
    " FROM custom_value v JOIN custom_field f ON f.id = v.field_id"
    " WHERE (f.kind IN ('text', 'yes_no', 'choice') AND (v.text_value IS NULL"
    "   OR v.number_value IS NOT NULL OR v.value_on IS NOT NULL))"
    " OR (f.kind IN ('decimal', 'integer', 'money') AND (v.number_value IS NULL"
    "   OR v.text_value IS NOT NULL OR v.value_on IS NOT NULL))"
    " OR (f.kind = 'date' AND (v.value_on IS NULL"
    "   OR v.text_value IS NOT NULL OR v.number_value IS NOT NULL))"
    " OR f.kind NOT IN ('text', 'decimal', 'integer', 'date', 'yes_no', 'choice', 'money')"
    " OR (f.kind = 'money') <> (f.currency IS NOT NULL)"
    " OR (f.kind = 'yes_no' AND v.text_value NOT IN ('true', 'false'))"
    " OR (f.kind = 'choice' AND NOT EXISTS (SELECT 1 FROM custom_option o"
    "   WHERE o.field_id = v.field_id AND o.code = v.text_value))",
    .in = "",
    .out = "t",
};
static const Check check_kinds = {
    .name = "custom values are of their kind", .sql = &sql_check_kinds};

const Feature custom_feature = {
    .name = "custom",
    .records = (const Record *const[]){&record_custom_field, NULL},
    .refs = (const RefKind *const[]){&ref_custom_field, NULL},
    .checks = (const Check *const[]){&check_records, &check_kinds, NULL},
    .facts = (const Fact *const[]){&fact_option, &fact_custom_value, NULL},
};
