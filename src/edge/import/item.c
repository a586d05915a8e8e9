#include "edge/import/item.h"

#include "base/crypto.h"
#include "base/json.h"
#include "base/names.h"
#include "edge/import/cell.h"
#include "op/run.h"

#include <string.h>

void item_refuse(Arena *arena, Item *item, const char *field, const char *reason)
{
    item->outcome = OUTCOME_REFUSED;
    item->field = field != NULL ? arena_str(arena, field) : "";
    item->reason = arena_str(arena, reason);
}

void item_close(Item *item)
{
    json_value_free(&item->members);
    for (size_t i = 0; i < TARGET_COUNT; i++) {
        json_value_free(&item->makers[i]);
    }
}

/* ---- Counting equal rows ---- */

typedef struct TallySlot {
    uint64_t hash; /* 0: free */
    uint64_t count;
} TallySlot;

struct Tally {
    Arena *arena;
    TallySlot *slots;
    size_t size; /* power of two, at least twice the rows */
    size_t used;
};

enum { TALLY_FIRST = 1024 };

Tally *tally_new(void)
{
    Arena *arena = arena_new(SIZE_MAX / 2);
    Tally *tally = arena_alloc(arena, sizeof *tally);
    *tally = (Tally){.arena = arena,
        .slots = arena_array(arena, TALLY_FIRST, sizeof *tally->slots),
        .size = TALLY_FIRST};
    return tally;
}

void tally_free(Tally *tally)
{
    arena_free(tally->arena);
}

static TallySlot *tally_slot(TallySlot *slots, size_t size, uint64_t hash)
{
    size_t at = (size_t)hash & (size - 1);
    while (slots[at].hash != 0 && slots[at].hash != hash) {
        at = (at + 1) & (size - 1);
    }
    return &slots[at];
}

/* What is outgrown stays in the arena: all of it together is no more than the last one. */
static void tally_grow(Tally *tally)
{
    TallySlot *slots = arena_array(tally->arena, 2 * tally->size, sizeof *slots);
    for (size_t i = 0; i < tally->size; i++) {
        if (tally->slots[i].hash != 0) {
            *tally_slot(slots, 2 * tally->size, tally->slots[i].hash) = tally->slots[i];
        }
    }
    tally->slots = slots;
    tally->size *= 2;
}

/* How often it was counted before. */
static uint64_t tally_count(Tally *tally, uint64_t hash)
{
    if (2 * tally->used >= tally->size) {
        tally_grow(tally);
    }
    hash = hash == 0 ? 1 : hash;
    TallySlot *slot = tally_slot(tally->slots, tally->size, hash);
    tally->used += slot->hash == 0 ? 1 : 0;
    slot->hash = hash;
    return slot->count++;
}

/* ---- Members of one row ---- */

typedef struct RowMembers {
    json_t *of[TARGET_COUNT];
} RowMembers;

static void row_members_free(RowMembers *members)
{
    for (size_t i = 0; i < TARGET_COUNT; i++) {
        json_value_free(&members->of[i]);
    }
}

/* An option by its code or, where nothing has that code, by what people call it. */
static const char *option_code(const Mapping *mapping, const Slot *slot, const char *text)
{
    bool is_choice = slot->is_custom && slot->field->names != NULL;
    if (!is_choice || name_index(slot->field->names, text) > 0) {
        return text;
    }
    const char *code = custom_option_called(&mapping->customs[slot->target], slot->field, text);
    return code == NULL ? text : code;
}

/* The slot's value in this row: its cell, else its default, else NULL. */
static json_t *slot_value(Arena *arena,
    const Mapping *mapping,
    const Slot *slot,
    const TableRow *row,
    const char **reason)
{
    const char *text =
        slot->column == COLUMN_NONE ? "" : cell_trimmed(arena, row->cells.cells[slot->column]);
    if (text[0] != '\0') {
        return cell_value(arena, mapping, slot->field, option_code(mapping, slot, text), reason);
    }
    return slot->missing == NULL ? NULL : json_deep_copy(slot->missing);
}

/* Takes the value. */
static void slot_set(json_t *members, const Slot *slot, json_t *value)
{
    json_t *into = members;
    if (slot->is_custom) {
        into = json_object_get(members, "fields");
    }
    if (into == NULL) {
        into = json_object();
        (void)json_object_set_new(members, "fields", into);
    }
    (void)json_object_set_new(into, slot->field->name, value);
}

/* False when a cell is wrong; the item is refused then. */
static bool row_members_read(
    Arena *arena, const Mapping *mapping, const TableRow *row, RowMembers *members, Item *item)
{
    for (size_t i = 0; i < TARGET_COUNT; i++) {
        members->of[i] = json_object();
    }
    for (size_t i = 0; i < mapping->slot_count; i++) {
        const Slot *slot = &mapping->slots[i];
        const char *reason = NULL;
        json_t *value = slot_value(arena, mapping, slot, row, &reason);
        if (reason != NULL) {
            item_refuse(arena, item, slot->name, reason);
            return false;
        }
        if (value != NULL) {
            slot_set(members->of[slot->target], slot, value);
        }
    }
    return true;
}

static bool row_is_whole(Arena *arena, const Mapping *mapping, const TableRow *row, Item *item)
{
    const char *reason = row->fault;
    if (reason == NULL && row->cells.count != mapping->header.count) {
        reason = arena_printf(
            arena, "it has %zu cells, the header has %zu", row->cells.count, mapping->header.count);
    }
    if (reason != NULL) {
        item_refuse(arena, item, NULL, reason);
    }
    return reason == NULL;
}

/* ---- What is created with it ---- */

static const char *text_of(const json_t *members, const char *name)
{
    return json_string_value(json_object_get(members, name));
}

static void text_default(json_t *members, const char *name, const char *text)
{
    if (json_object_get(members, name) == NULL && text != NULL) {
        (void)json_object_set_new(members, name, json_string(text));
    }
}

/* As the dates of the invoice say; thirty days when they do not. */
static int64_t terms_days(const json_t *invoice)
{
    const char *from = text_of(invoice, "invoiced_on");
    const char *until = text_of(invoice, "due_on");
    Date first = DATE_NONE;
    Date last = DATE_NONE;
    bool is_known = from != NULL && until != NULL && date_parse(from, &first) &&
                    date_parse(until, &last) && last >= first;
    return is_known ? last - first : 30;
}

static void makers_complete(const Mapping *mapping, RowMembers *members)
{
    json_t *partner = members->of[TARGET_PARTNER];
    json_t *account = members->of[TARGET_ACCOUNT];
    const json_t *row = members->of[TARGET_ROW];
    text_default(account, "code", text_of(row, "account"));
    text_default(partner, "code", text_of(account, "partner"));
    text_default(partner, "code", text_of(row, "partner"));
    text_default(partner, "code", text_of(account, "code"));
    text_default(partner, "name", text_of(partner, "code"));
    if (json_object_get(partner, "roles") == NULL) {
        (void)json_object_set_new(partner, "roles", json_pack("[s]", "distributor"));
    }
    text_default(account, "partner", text_of(partner, "code"));
    if (json_object_get(account, "terms_days") == NULL && mapping->creates[TARGET_ACCOUNT]) {
        (void)json_object_set_new(account, "terms_days", json_integer(terms_days(row)));
    }
    json_t *product = members->of[TARGET_PRODUCT];
    const char *code = text_of(members->of[TARGET_LINE], "product");
    text_default(product, "code", code != NULL ? code : text_of(row, "product"));
    text_default(product, "name", text_of(product, "code"));
    text_default(product, "unit_price", text_of(members->of[TARGET_LINE], "unit_price"));
}

static json_t *taken(json_t **value)
{
    json_t *given = *value;
    *value = NULL;
    return given;
}

/* ---- Items ---- */

/* In one piece. */
static CsvRow cells_copy(Arena *arena, const CsvRow *cells)
{
    size_t pointers = cells->count * sizeof *cells->cells;
    size_t size = pointers;
    for (size_t i = 0; i < cells->count; i++) {
        size += strlen(cells->cells[i]) + 1;
    }
    CsvRow copy = {arena_alloc(arena, size), cells->count};
    char *at = (char *)copy.cells + pointers;
    for (size_t i = 0; i < cells->count; i++) {
        size_t length = strlen(cells->cells[i]) + 1;
        memcpy(at, cells->cells[i], length);
        copy.cells[i] = at;
        at += length;
    }
    return copy;
}

static void row_take(Arena *arena, const TableRow *row, Item *item)
{
    ItemRow *kept = arena_alloc(arena, sizeof *kept);
    kept->row = *row;
    *item->rows_end = kept;
    item->rows_end = &kept->next;
    item->row_count++;
}

static void row_keep(Arena *arena, const TableRow *row, Item *item)
{
    TableRow copy = *row;
    copy.cells = cells_copy(arena, &row->cells);
    row_take(arena, &copy, item);
}

void item_start(Arena *arena, const TableRow *row, Item *ret_item)
{
    *ret_item = (Item){.rows_end = &ret_item->rows};
    row_keep(arena, row, ret_item);
}

void item_of(Arena *arena, const TableRow *row, Item *ret_item)
{
    *ret_item = (Item){.rows_end = &ret_item->rows};
    row_take(arena, row, ret_item);
}

const char *row_text(Arena *arena, const Mapping *mapping, const Slot *slot, const TableRow *row)
{
    const CsvRow *cells = &row->cells;
    bool has_cell = slot->column != COLUMN_NONE && cells->count == mapping->header.count;
    const char *text = has_cell ? cell_trimmed(arena, cells->cells[slot->column]) : "";
    return text[0] != '\0' ? text : json_string_value(slot->missing);
}

void item_open(Arena *arena, const Mapping *mapping, Item *item)
{
    if (item->members != NULL || item->is_faulty) {
        return;
    }
    const TableRow *row = &item->rows->row;
    CLEANUP(row_members_free) RowMembers members = {0};
    item->is_faulty = !row_is_whole(arena, mapping, row, item) ||
                      !row_members_read(arena, mapping, row, &members, item);
    if (item->is_faulty) {
        return;
    }
    makers_complete(mapping, &members);
    item->settled_on = arena_str(arena, text_of(members.of[TARGET_SETTLED], "settled_on"));
    item->members = taken(&members.of[TARGET_ROW]);
    item->makers[TARGET_PARTNER] = taken(&members.of[TARGET_PARTNER]);
    item->makers[TARGET_ACCOUNT] = taken(&members.of[TARGET_ACCOUNT]);
    item->makers[TARGET_PRODUCT] = json_array();
    (void)json_array_append(item->makers[TARGET_PRODUCT], members.of[TARGET_PRODUCT]);
    if (json_object_size(members.of[TARGET_LINE]) > 0) {
        (void)json_object_set_new(
            item->members, "lines", json_pack("[O]", members.of[TARGET_LINE]));
    }
}

/* The same document: what is not its lines is equal. */
static bool is_same_document(const json_t *members, const json_t *more)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)members, name, value)
    {
        if (strcmp(name, "lines") != 0 && !json_equal(value, json_object_get(more, name))) {
            return false;
        }
    }
    return json_object_size(members) == json_object_size(more) + 1;
}

bool item_join(Arena *arena, const Mapping *mapping, const TableRow *row, Item *item)
{
    json_t *lines = json_object_get(item->members, "lines");
    bool is_open = item->outcome == OUTCOME_NONE && json_is_array(lines) &&
                   text_of(item->members, "number") != NULL && row->fault == NULL &&
                   row->cells.count == mapping->header.count;
    CLEANUP(row_members_free) RowMembers members = {0};
    Item probe = {0};
    if (!is_open || !row_members_read(arena, mapping, row, &members, &probe) ||
        !is_same_document(item->members, members.of[TARGET_ROW])) {
        return false;
    }
    makers_complete(mapping, &members);
    row_keep(arena, row, item);
    (void)json_array_append(item->makers[TARGET_PRODUCT], members.of[TARGET_PRODUCT]);
    (void)json_array_append(lines, members.of[TARGET_LINE]);
    return true;
}

/* By account and number, by code, else by content and how often it came before. */
static Hash item_hash(Arena *arena, const Mapping *mapping, Tally *tally, const Item *item)
{
    const char *number = text_of(item->members, "number");
    const char *code = number != NULL ? NULL : text_of(item->members, "code");
    const char *account = text_of(item->members, "account");
    const char *what = number != NULL ? number : code;
    const char *kind = number != NULL ? "number" : code != NULL ? "code" : "content";
    uint64_t before = 0;
    if (what == NULL) {
        what = arena_printf(arena, "%s settled %s", json_text(arena, item->members),
            item->settled_on != NULL ? item->settled_on : "");
        Bytes content = {what, strlen(what)};
        Hash hash = crypto_digest(&content, 1);
        uint64_t start = 0;
        memcpy(&start, hash.bytes, sizeof start);
        before = tally_count(tally, start);
    }
    account = number != NULL && account != NULL ? account : "";
    const Bytes parts[] = {{mapping->op->name, strlen(mapping->op->name)}, {kind, strlen(kind)},
        {account, strlen(account)}, {what, strlen(what)}, {&before, sizeof before}};
    return crypto_digest(parts, COUNT(parts));
}

void item_seal(Arena *arena, const Mapping *mapping, Tally *tally, Item *item)
{
    if (item->is_faulty || item->key != NULL) {
        return;
    }
    Hash hash = item_hash(arena, mapping, tally, item);
    char hex[2 * KEY_HASH_SIZE + 1];
    crypto_hex(hash.bytes, KEY_HASH_SIZE, hex);
    item->key = arena_printf(arena, "import-%s", hex);
}
