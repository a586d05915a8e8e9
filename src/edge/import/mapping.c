#include "edge/import/mapping.h"

#include "base/json.h"
#include "edge/member.h"

#include <string.h>

/* ---- Which operation ---- */

/* A create at an address of its own, but for what belongs to signing in: there is no file of it. */
static bool is_imported(const Op *op)
{
    bool is_creator = op->method == METHOD_POST && op->effect == EFFECT_CREATE && op->path != NULL;
    return is_creator && strchr(op->path + 1, '/') == NULL && !op->is_anonymous &&
           !op->is_secret_reply;
}

Err mapping_op(Ctx *cx, const char *what, const Op **ret_op)
{
    Buf known = buf_in(cx->arena);
    for (size_t i = 0; i < op_count(); i++) {
        const Op *op = op_at(i);
        if (is_imported(op) && strcmp(op->path + 1, what) == 0) {
            *ret_op = op;
            return ERR_OK;
        }
        if (is_imported(op)) {
            buf_printf(&known, "%s%s", known.length > 0 ? ", " : "", op->path + 1);
        }
    }
    return err_set(cx, ERR_USAGE, NULL, "There is no import of %s; there is one of %s.", what,
        buf_text(&known));
}

/* What one cell can hold. */
static bool is_cell(const Field *field)
{
    return field->type != FIELD_OBJECT && field->type != FIELD_JSON &&
           !(field->type == FIELD_LIST && field->item != NULL) &&
           (field->flags & FIELD_SECRET) == 0;
}

/* What a line needs is needed where there have to be lines. */
static void fields_describe(JsonWriter *w, const Schema *schema, const Field *lines)
{
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        bool is_lines = field->type == FIELD_LIST && field->item != NULL;
        if (is_lines && lines == NULL && strcmp(field->name, "lines") == 0) {
            fields_describe(w, field->item, field);
        }
        if (!is_cell(field)) {
            continue;
        }
        json_open(w, '{');
        json_key(w, "name");
        json_put_string(w, field->name);
        json_key(w, "required");
        unsigned flags = lines == NULL ? field->flags : field->flags & lines->flags;
        json_put_bool(w, (flags & FIELD_REQUIRED) != 0);
        json_key(w, "doc");
        json_put_string(w, field->doc);
        json_close(w, '}');
    }
}

void mapping_describe(Buf *out)
{
    JsonWriter w = json_writer(out);
    json_open(&w, '{');
    json_key(&w, "items");
    json_open(&w, '[');
    for (size_t i = 0; i < op_count(); i++) {
        const Op *op = op_at(i);
        if (!is_imported(op)) {
            continue;
        }
        json_open(&w, '{');
        json_key(&w, "what");
        json_put_string(&w, op->path + 1);
        json_key(&w, "needs");
        json_put_string(&w, perm_name(op->needs));
        json_key(&w, "fields");
        json_open(&w, '[');
        fields_describe(&w, op->in, NULL);
        json_close(&w, ']');
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
}

/* ---- The mapping file ---- */

static Err text_member(Ctx *cx, const json_t *document, const char *name, const char **text)
{
    const json_t *value = json_object_get(document, name);
    if (value != NULL && !json_is_string(value)) {
        return err_set(cx, ERR_USAGE, name, "It takes text in the mapping.");
    }
    *text = value != NULL ? json_string_value(value) : *text;
    return ERR_OK;
}

/* Each of year, month and day once. */
static Err date_format_check(Ctx *cx, const char *format)
{
    static const char *const parts[] = {"YYYY", "M", "D"};
    for (size_t i = 0; i < COUNT(parts); i++) {
        const char *found = strstr(format, parts[i]);
        const char *behind =
            found == NULL ? "" : found + strspn(found, (char[]){parts[i][0], '\0'});
        if (found == NULL || strchr(behind, parts[i][0]) != NULL ||
            behind - found > (i == 0 ? 4 : 2)) {
            return err_set(cx, ERR_USAGE, "date_format",
                "\"%s\" must have YYYY, MM and DD once each, such as DD.MM.YYYY.", format);
        }
    }
    return ERR_OK;
}

static Err encoding_read(Ctx *cx, const char *text, Encoding *ret_encoding)
{
    if (strcasecmp(text, "gb18030") == 0) {
        *ret_encoding = ENCODING_GB18030;
        return ERR_OK;
    }
    *ret_encoding = ENCODING_UTF8;
    if (strcasecmp(text, "utf-8") == 0 || strcasecmp(text, "utf-8-bom") == 0) {
        return ERR_OK;
    }
    return err_set(cx, ERR_USAGE, "encoding", "It is utf-8, utf-8-bom or gb18030, not %s.", text);
}

static Err format_read(Ctx *cx, Mapping *mapping)
{
    const char *decimal = ".";
    const char *delimiter = ",";
    const char *encoding = "utf-8";
    mapping->date_format = "YYYY-MM-DD";
    TRY(text_member(cx, mapping->document, "date_format", &mapping->date_format));
    TRY(text_member(cx, mapping->document, "decimal", &decimal));
    TRY(text_member(cx, mapping->document, "delimiter", &delimiter));
    TRY(text_member(cx, mapping->document, "encoding", &encoding));
    TRY(date_format_check(cx, mapping->date_format));
    if (strcmp(decimal, ".") != 0 && strcmp(decimal, ",") != 0) {
        return err_set(cx, ERR_USAGE, "decimal", "The decimal sign is \".\" or \",\".");
    }
    bool is_tab = strcmp(delimiter, "tab") == 0 || strcmp(delimiter, "\\t") == 0;
    if (!is_tab && (strlen(delimiter) != 1 || strchr(",;|\t:", delimiter[0]) == NULL)) {
        return err_set(cx, ERR_USAGE, "delimiter", "It is one of , ; | : or a tab.");
    }
    mapping->decimal = decimal[0];
    mapping->delimiter = delimiter[0];
    if (is_tab) {
        mapping->delimiter = '\t';
    }
    return encoding_read(cx, encoding, &mapping->encoding);
}

static const struct Maker {
    const char *name;
    Target target;
    const char *op;
} makers[] = {
    {"partner", TARGET_PARTNER, "partner_create"},
    {"account", TARGET_ACCOUNT, "account_create"},
    {"product", TARGET_PRODUCT, "product_create"},
};

static Err create_add(Ctx *cx, Mapping *mapping, const char *name)
{
    for (size_t i = 0; i < COUNT(makers); i++) {
        if (name != NULL && strcmp(makers[i].name, name) == 0) {
            mapping->creates[makers[i].target] = mapping->makers[makers[i].target] != NULL;
            return ERR_OK;
        }
    }
    return err_set(
        cx, ERR_USAGE, "create", "It is a list of \"partner\", \"account\" and \"product\".");
}

static Err create_read(Ctx *cx, Mapping *mapping)
{
    const json_t *create = json_object_get(mapping->document, "create");
    if (create != NULL && !json_is_array(create)) {
        return create_add(cx, mapping, NULL);
    }
    for (size_t i = 0; i < json_array_size(create); i++) {
        TRY(create_add(cx, mapping, json_string_value(json_array_get(create, i))));
    }
    return ERR_OK;
}

static Err members_check(Ctx *cx, json_t *document)
{
    static const char *const known[] = {
        "columns", "date_format", "decimal", "encoding", "delimiter", "defaults", "create"};
    const char *name;
    json_t *value;
    json_object_foreach(document, name, value)
    {
        bool is_known = false;
        for (size_t i = 0; i < COUNT(known); i++) {
            is_known = is_known || strcmp(known[i], name) == 0;
        }
        if (!is_known) {
            return err_set(cx, ERR_USAGE, name,
                "A mapping has columns, date_format, decimal, encoding, delimiter, defaults and "
                "create.");
        }
        bool is_table = strcmp(name, "columns") == 0 || strcmp(name, "defaults") == 0;
        if (is_table && !json_is_object(value)) {
            return err_set(cx, ERR_USAGE, name, "It takes an object in the mapping.");
        }
    }
    return ERR_OK;
}

Err mapping_read(Ctx *cx, json_t *document, const Op *op, Mapping *ret_mapping)
{
    *ret_mapping = (Mapping){.document = json_incref(document), .op = op};
    if (!json_is_object(document)) {
        return err_set(cx, ERR_USAGE, NULL, "The mapping must be a JSON object.");
    }
    TRY(members_check(cx, document));
    for (size_t i = 0; i < COUNT(makers); i++) {
        ret_mapping->makers[makers[i].target] = op_by_name(makers[i].op);
    }
    TRY(format_read(cx, ret_mapping));
    return create_read(cx, ret_mapping);
}

void mapping_free(Mapping *mapping)
{
    json_value_free(&mapping->document);
}

static Err customs_read(Ctx *cx, Mapping *mapping)
{
    for (size_t i = 0; i < TARGET_COUNT; i++) {
        const Op *op = i == TARGET_ROW ? mapping->op : mapping->makers[i];
        const Field *member = op == NULL ? NULL : custom_member(op->in);
        if (member != NULL) {
            TRY(custom_set(cx, member->to, &mapping->customs[i]));
        }
    }
    return ERR_OK;
}

Err mapping_customs(Ctx *cx, Mapping *mapping)
{
    TRY(db_begin(cx));
    Err err = customs_read(cx, mapping);
    db_rollback(cx);
    return err;
}

/* ---- Fields ---- */

/* Any text may stand there: it becomes a payment's date. */
static const Field settled_field = {.name = "settled_on", .type = FIELD_DATE};

static const Field *line_field(const Op *op, const char *name, size_t length)
{
    const Field *lines = member_field(op->in, "lines", strlen("lines"));
    return lines == NULL || lines->item == NULL ? NULL : member_field(lines->item, name, length);
}

static const char custom_prefix[] = "fields.";

static bool is_custom(const char *name)
{
    return strncmp(name, custom_prefix, strlen(custom_prefix)) == 0;
}

/* Of what an operation takes, the fields that the organisation added included. */
static const Field *target_field(
    const Mapping *mapping, Target target, const Op *op, const char *name)
{
    if (!is_custom(name)) {
        return member_field(op->in, name, strlen(name));
    }
    Schema given = mapping->customs[target].schema;
    given.fields = mapping->customs[target].given;
    return member_field(&given, name + strlen(custom_prefix), strlen(name) - strlen(custom_prefix));
}

/* "account.terms_days": of what is created; without such a word the row comes first. */
static bool field_find(const Mapping *mapping, const char *name, Slot *slot)
{
    const char *dot = is_custom(name) ? NULL : strchr(name, '.');
    const char *last = dot == NULL ? name : dot + 1;
    if (dot == NULL) {
        slot->target = TARGET_ROW;
        slot->field = target_field(mapping, TARGET_ROW, mapping->op, name);
    }
    if (slot->field == NULL && dot == NULL) {
        slot->target = TARGET_LINE;
        slot->field = line_field(mapping->op, name, strlen(name));
    }
    if (slot->field == NULL && strcmp(name, "settled_on") == 0 &&
        strcmp(mapping->op->name, "invoice_post") == 0) {
        slot->target = TARGET_SETTLED;
        slot->field = &settled_field;
    }
    for (size_t i = 0; slot->field == NULL && i < COUNT(makers); i++) {
        bool is_named =
            dot == NULL || (strlen(makers[i].name) == (size_t)(dot - name) &&
                               strncmp(makers[i].name, name, (size_t)(dot - name)) == 0);
        const Op *maker = is_named ? mapping->makers[makers[i].target] : NULL;
        slot->target = makers[i].target;
        slot->field = maker == NULL ? NULL : target_field(mapping, slot->target, maker, last);
    }
    slot->is_custom = is_custom(last);
    return slot->field != NULL;
}

static void fields_list(Buf *out, const Schema *schema, const char *before)
{
    for (size_t i = 0; i < schema->count; i++) {
        if ((schema->fields[i].flags & FIELD_CUSTOM) == 0) {
            buf_printf(out, "%s%s%s", out->length > 0 ? ", " : "", before, schema->fields[i].name);
        }
    }
}

/* A column that nothing is made of would be lost unseen; a default may wait for its day. */
static Err slot_check(Ctx *cx, const Mapping *mapping, const Slot *slot, bool is_column)
{
    const char *maker = NULL;
    for (size_t i = 0; i < COUNT(makers); i++) {
        maker = makers[i].target == slot->target ? makers[i].name : maker;
    }
    if (!is_column || maker == NULL || mapping->creates[slot->target]) {
        return ERR_OK;
    }
    return err_set(cx, ERR_USAGE, slot->name,
        "It belongs to a new %s; say \"create\": [\"%s\"] in the mapping, or leave the column out.",
        maker, maker);
}

static Err slot_add(Ctx *cx, Mapping *mapping, const char *name, bool is_column, Slot **ret_slot)
{
    for (size_t i = 0; i < mapping->slot_count; i++) {
        if (strcmp(mapping->slots[i].name, name) == 0) {
            *ret_slot = &mapping->slots[i];
            return ERR_OK;
        }
    }
    Slot slot = {.name = arena_str(cx->arena, name), .column = COLUMN_NONE};
    if (!field_find(mapping, name, &slot)) {
        Buf known = buf_in(cx->arena);
        fields_list(&known, mapping->op->in, "");
        fields_list(&known, &mapping->customs[TARGET_ROW].schema, custom_prefix);
        return err_set(cx, ERR_USAGE, name, "%s takes no such field; it takes %s.",
            mapping->op->name, buf_text(&known));
    }
    TRY(slot_check(cx, mapping, &slot, is_column));
    if (mapping->slot_count == SLOTS_MAX) {
        return err_set(cx, ERR_USAGE, name, "More than %d fields.", (int)SLOTS_MAX);
    }
    mapping->slots[mapping->slot_count] = slot;
    *ret_slot = &mapping->slots[mapping->slot_count++];
    return ERR_OK;
}

/* ---- The header ---- */

static Err column_find(Ctx *cx, const CsvRow *header, const char *column, size_t *ret_index)
{
    Buf known = buf_in(cx->arena);
    for (size_t i = 0; i < header->count; i++) {
        if (strcmp(header->cells[i], column) == 0) {
            *ret_index = i;
            return ERR_OK;
        }
        buf_printf(&known, "%s%s", i > 0 ? ", " : "", header->cells[i]);
    }
    return err_set(cx, ERR_USAGE, NULL, "The file has no column \"%s\"; it has: %s.", column,
        buf_text(&known));
}

/* A file of refused rows goes in again as it is: what import added to it is no field. */
static bool is_of_refused_file(const CsvRow *header, size_t column)
{
    bool is_refused_file = header->count > 3 && strcmp(header->cells[0], "row") == 0 &&
                           strcmp(header->cells[header->count - 2], "field") == 0 &&
                           strcmp(header->cells[header->count - 1], "reason") == 0;
    return is_refused_file && (column == 0 || column + 2 >= header->count);
}

static Err columns_by_name(Ctx *cx, Mapping *mapping, const CsvRow *header)
{
    for (size_t i = 0; i < header->count; i++) {
        if (is_of_refused_file(header, i)) {
            continue;
        }
        Slot *slot = NULL;
        TRY(slot_add(cx, mapping, header->cells[i], true, &slot));
        slot->column = i;
    }
    return ERR_OK;
}

static Err columns_by_mapping(Ctx *cx, Mapping *mapping, const CsvRow *header, json_t *columns)
{
    const char *name;
    json_t *column;
    json_object_foreach(columns, name, column)
    {
        if (!json_is_string(column)) {
            return err_set(cx, ERR_USAGE, name, "It takes the name of a column.");
        }
        Slot *slot = NULL;
        TRY(slot_add(cx, mapping, name, true, &slot));
        TRY(column_find(cx, header, json_string_value(column), &slot->column));
    }
    return ERR_OK;
}

static Err header_check(Ctx *cx, const CsvRow *header)
{
    for (size_t i = 0; i < header->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(header->cells[i], header->cells[j]) == 0) {
                return err_set(cx, ERR_USAGE, NULL,
                    "The columns %zu and %zu have the same name \"%s\"; rename one.", j + 1, i + 1,
                    header->cells[i]);
            }
        }
    }
    return ERR_OK;
}

static CsvRow header_copy(Arena *arena, const CsvRow *header)
{
    CsvRow copy = {arena_array(arena, header->count, sizeof *copy.cells), header->count};
    for (size_t i = 0; i < header->count; i++) {
        copy.cells[i] = arena_str(arena, header->cells[i]);
    }
    return copy;
}

/* One long cell: the columns are parted by something else than the mapping says. */
static Err delimiter_check(Ctx *cx, const Mapping *mapping, const CsvRow *header)
{
    const char *other = header->count == 1 ? strpbrk(header->cells[0], ";,\t|") : NULL;
    const char *name;
    json_t *column;
    json_object_foreach(json_object_get(mapping->document, "columns"), name, column)
    {
        const char *text = json_string_value(column);
        other = text != NULL && other != NULL && strcmp(text, header->cells[0]) == 0 ? NULL : other;
    }
    if (other == NULL) {
        return ERR_OK;
    }
    const char *shown = *other == '\t' ? "tab" : arena_printf(cx->arena, "%c", *other);
    return err_set(cx, ERR_USAGE, NULL,
        "The header is one long column, \"%s\". If \"%s\" parts its columns, say so in the "
        "mapping: "
        "\"delimiter\": \"%s\".",
        header->cells[0], shown, shown);
}

/* Written as JSON has it, or as text as a cell would have it: `30`, `a; b`, `yes`. */
static json_t *default_read(const Field *field, json_t *value)
{
    static const Field truth = {.type = FIELD_BOOL};
    const Field *as = (field->flags & FIELD_TRUTH) != 0 ? &truth : field;
    json_t *read = json_is_string(value) ? member_value(as, json_string_value(value)) : NULL;
    return read != NULL ? read : json_incref(value);
}

Err mapping_bind(Ctx *cx, Mapping *mapping, const CsvRow *header)
{
    if (header->count > HEADER_MAX) {
        return err_set(cx, ERR_USAGE, NULL, "The file has more than %d columns.", (int)HEADER_MAX);
    }
    mapping->header = header_copy(cx->arena, header);
    TRY(header_check(cx, &mapping->header));
    TRY(delimiter_check(cx, mapping, &mapping->header));
    json_t *columns = json_object_get(mapping->document, "columns");
    TRY(columns != NULL ? columns_by_mapping(cx, mapping, &mapping->header, columns)
                        : columns_by_name(cx, mapping, &mapping->header));
    json_t *defaults = json_object_get(mapping->document, "defaults");
    for (void *at = json_object_iter(defaults); at != NULL;
         at = json_object_iter_next(defaults, at)) {
        Slot *slot = NULL;
        TRY(slot_add(cx, mapping, json_object_iter_key(at), false, &slot));
        json_object_iter_set_new(
            defaults, at, default_read(slot->field, json_object_iter_value(at)));
        slot->missing = json_object_iter_value(at);
    }
    return ERR_OK;
}
