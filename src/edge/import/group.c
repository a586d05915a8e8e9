#include "edge/import/group.h"

#include "edge/import/cell.h"

#include <string.h>

/* ---- What can be put together ---- */

static const Slot *slot_of(const Mapping *mapping, const char *name)
{
    for (size_t i = 0; i < mapping->slot_count; i++) {
        const Slot *slot = &mapping->slots[i];
        if (slot->target == TARGET_ROW && !slot->is_custom &&
            strcmp(slot->field->name, name) == 0) {
            return slot;
        }
    }
    return NULL;
}

static const Field *field_of(const Schema *schema, const char *name)
{
    return schema_member(schema, name, strlen(name));
}

/* Every column has to be one that the rows take: what else a row says is checked with it, and what
 * is made with it by its own columns. */
static bool slots_fit(const Mapping *mapping, Grouping *grouping)
{
    for (size_t i = 0; i < mapping->slot_count; i++) {
        const Slot *slot = &mapping->slots[i];
        grouping->fields[i] = field_of(grouping->rows->item, slot->field->name);
        bool is_lock = slot == grouping->account;
        if (slot->target != TARGET_ROW || (grouping->fields[i] == NULL && !is_lock)) {
            return false;
        }
    }
    return true;
}

/* Accounts may be made with a group, by its first row. */
static bool makers_fit(const Mapping *mapping)
{
    return !mapping->creates[TARGET_PRODUCT] &&
           (mapping->creates[TARGET_ACCOUNT] || !mapping->creates[TARGET_PARTNER]);
}

/* What the rows need and the operation of one does not. */
static const Field *named_field(const Schema *rows, const Schema *one)
{
    for (size_t i = 0; i < rows->count; i++) {
        const Field *field = field_of(one, rows->fields[i].name);
        bool is_needed = (rows->fields[i].flags & FIELD_REQUIRED) != 0;
        if (is_needed && field != NULL && (field->flags & FIELD_REQUIRED) == 0) {
            return field;
        }
    }
    return NULL;
}

void grouping_find(const Mapping *mapping, Grouping *ret_grouping)
{
    *ret_grouping = (Grouping){0};
    const Op *many = mapping->op->many == NULL ? NULL : op_by_name(mapping->op->many);
    if (many == NULL || custom_member(mapping->op->in) != NULL) {
        return; /* fields that the organisation added are asked of each row */
    }
    ret_grouping->lock = field_of(many->in, many->lock);
    ret_grouping->rows = field_of(many->in, "rows");
    const Field *named = named_field(ret_grouping->rows->item, mapping->op->in);
    ret_grouping->account = slot_of(mapping, many->lock);
    ret_grouping->named = named == NULL ? NULL : slot_of(mapping, named->name);
    bool is_fit = ret_grouping->account != NULL && (named == NULL || ret_grouping->named != NULL) &&
                  slots_fit(mapping, ret_grouping) && makers_fit(mapping);
    ret_grouping->many = is_fit ? many : NULL;
}

bool grouping_take(Arena *arena,
    const Mapping *mapping,
    const Grouping *grouping,
    const TableRow *row,
    const char **ret_account)
{
    *ret_account = row_text(arena, mapping, grouping->account, row);
    return grouping->named == NULL || row_text(arena, mapping, grouping->named, row) != NULL;
}

static bool item_is_beside(const Item *one, const Item *other)
{
    return one->account != NULL && other->account != NULL &&
           strcmp(one->account, other->account) == 0;
}

/* ---- Groups ---- */

/* False: the row is read as others are, which tells what is wrong with it. */
static bool row_take(
    Arena *arena, const Mapping *mapping, const Grouping *grouping, const Item *item, void *ret_row)
{
    const TableRow *row = &item->rows->row;
    if (row->fault != NULL || row->cells.count != mapping->header.count) {
        return false;
    }
    for (size_t i = 0; i < mapping->slot_count; i++) {
        const Slot *slot = &mapping->slots[i];
        const Field *field = grouping->fields[i];
        if (field == NULL) {
            continue;
        }
        const char *text =
            slot->column == COLUMN_NONE ? "" : cell_trimmed(arena, row->cells.cells[slot->column]);
        void *at = (char *)ret_row + field->offset;
        bool is_taken = text[0] != '\0'         ? cell_take(arena, mapping, field, text, at)
                        : slot->missing != NULL ? default_take(field, slot->missing, at)
                                                : (field->flags & FIELD_REQUIRED) == 0;
        if (!is_taken) {
            return false;
        }
    }
    return true;
}

Group group_make(Arena *arena,
    const Mapping *mapping,
    const Grouping *grouping,
    Item *const *items,
    size_t count)
{
    Group group = {.account = items[0]->account};
    const Schema *schema = grouping->rows->item;
    size_t most = count < grouping->rows->max_len ? count : grouping->rows->max_len;
    const char *named = NULL;
    if (group.account == NULL || !text_take(grouping->lock, group.account, &named)) {
        return group;
    }
    size_t same = 0;
    while (same < most && item_is_beside(items[0], items[same])) {
        same++;
    }
    char *rows = arena_array(arena, same, schema->size);
    while (group.count < same && row_take(arena, mapping, grouping, items[group.count],
                                     rows + group.count * schema->size)) {
        group.count++;
    }
    group.rows = rows;
    return group;
}

Call group_call(
    Ctx *cx, const Grouping *grouping, const Group *group, const Op *op, const bool *without)
{
    size_t size = grouping->rows->item->size;
    List list = {arena_array(cx->arena, group->count, size), 0};
    for (size_t i = 0; i < group->count; i++) {
        if (!without[i]) {
            memcpy((char *)list.items + list.count++ * size, group->rows + i * size, size);
        }
    }
    char *in = arena_alloc(cx->arena, op->in->size);
    *(List *)(void *)(in + grouping->rows->offset) = list;
    *(Ref *)(void *)(in + grouping->lock->offset) = (Ref){.text = group->account};
    Call call = {.op = op, .is_import = true};
    run_input_ahead(cx, &call, in);
    return call;
}
