/* Help for the command line, from the operation table. */
#include "op/describe.h"

#include "base/names.h"
#include "op/record_plan.h"

#include <string.h>

static const char *type_text(Arena *arena, const Field *field, FieldType type)
{
    switch (type) {
    case FIELD_TEXT:
        return "text";
    case FIELD_INT:
    case FIELD_OPT_INT:
        return "integer";
    case FIELD_BOOL:
        return "true or false";
    case FIELD_DATE:
        return "YYYY-MM-DD";
    case FIELD_INSTANT:
        return "instant";
    case FIELD_DECIMAL:
    case FIELD_MONEY:
        return "decimal";
    case FIELD_LIMIT:
        return "decimal, \"unlimited\" or null";
    case FIELD_CURRENCY:
        return "currency";
    case FIELD_PERCENT:
        return "percent";
    case FIELD_ENUM:
    case FIELD_FLAGS:
        return arena_printf(arena, "%s%s", names_joined(arena, field->names, "|"),
            type == FIELD_FLAGS ? " (list)" : "");
    case FIELD_ID:
    case FIELD_REF:
        return arena_printf(arena, "%s", field->to);
    case FIELD_OBJECT:
        return "object";
    case FIELD_LIST:
        return "list";
    case FIELD_JSON:
        return "JSON";
    }
    ASSERT(false);
    return "";
}

static void put_fields(Buf *out, const Schema *schema, const char *before);

/* "  lines[].quantity  decimal, required  How many." */
static void put_field(Buf *out, const Field *field, const char *before)
{
    Arena *arena = out->arena;
    bool is_list = field->type == FIELD_LIST;
    const char *name = arena_printf(arena, "%s%s%s", before, field->name, is_list ? "[]" : "");
    const char *type = is_list && field->item == NULL ? type_text(arena, field, field->item_type)
                                                      : type_text(arena, field, field->type);
    const char *needed = (field->flags & FIELD_REQUIRED) != 0 ? ", required" : "";
    buf_printf(out, "  %-24s %s%s", name, type, needed);
    if (field->doc != NULL) {
        buf_printf(out, ". %s", field->doc);
    }
    buf_char(out, '\n');
    if (field->item != NULL) {
        put_fields(out, field->item, arena_printf(arena, "%s.", name));
    }
}

static void put_fields(Buf *out, const Schema *schema, const char *before)
{
    static const unsigned parts[] = {FIELD_REQUIRED, 0};
    for (size_t part = 0; part < COUNT(parts); part++) {
        for (size_t i = 0; i < schema->count; i++) {
            const Field *field = &schema->fields[i];
            bool is_given = (field->flags & FIELD_OUTPUT) == 0;
            if (is_given && (field->flags & FIELD_REQUIRED) == parts[part]) {
                put_field(out, field, before);
            }
        }
    }
}

void describe_op(const Op *op, Buf *out)
{
    buf_str(out, op->name);
    if (op->path != NULL) {
        buf_printf(out, "   %s /api/v1%s", method_names[op->method], op->path);
    }
    buf_printf(out, "\n%s\n", op->summary);
    if (op->in != &Nothing_schema && op->in->count > 0) {
        buf_str(out, "\nTakes:\n");
        put_fields(out, op->in, "");
    }
    buf_str(out, "\nAnswers: ");
    for (size_t i = 0; i < op->out->count; i++) {
        buf_printf(out, "%s%s", i == 0 ? "" : ", ", op->out->fields[i].name);
    }
    buf_str(out, "\n");
    for (size_t i = 0; i < OP_FAILS_MAX && op->fails[i] != ERR_OK; i++) {
        buf_str(out, i == 0 ? "\nRefuses with:\n" : "");
        buf_printf(out, "  %-24s %s\n", err_name(op->fails[i]), err_sentence(op->fails[i]));
    }
}

void describe_list(Buf *out)
{
    for (size_t i = 0; i < op_count(); i++) {
        const Op *op = op_at(i);
        const char *method = op->path == NULL ? "" : method_names[op->method];
        buf_printf(out, "%-24s %-6s %-38s %s\n", op->name, method, op->path == NULL ? "" : op->path,
            op->summary);
    }
}
