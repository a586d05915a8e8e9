/* JSON to struct by schema: objects, lists and what they hold. */
#include "op/decode.h"

#include "base/buf.h"
#include "base/json.h"
#include "op/decode_state.h"

#include <string.h>

enum { LIST_MAX = 500 };

/* ---- places and refusals */

static void place_add(Buf *out, const FieldPlace *place)
{
    if (place->up != NULL) {
        place_add(out, place->up);
        buf_char(out, '.');
    }
    if (place->name != NULL) {
        buf_str(out, place->name);
    } else {
        char text[DECIMAL_TEXT_SIZE];
        decimal_format(decimal_of((int64_t)place->index, 0), false, text);
        buf_str(out, text);
    }
}

const char *place_text(Arena *arena, const FieldPlace *place)
{
    Buf out = buf_in(arena);
    place_add(&out, place);
    return buf_text(&out);
}

const FieldPlace *decoder_place(Decoder *d)
{
    FieldPlace *kept = arena_alloc(d->cx->arena, sizeof *kept);
    *kept = *d->place;
    return kept;
}

void decoder_refuse(Decoder *d, Err code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *detail = arena_vprintf(d->cx->arena, format, args);
    va_end(args);
    const char *field = place_text(d->cx->arena, d->place);
    Err kept = err_set(d->cx, code, field, "%s", detail);
    (void)kept; /* the first one; decode_members answers it when all is read */
}

json_t *decoder_query_list(const Decoder *d, const json_t *value)
{
    if (!d->is_query || !json_is_string(value)) {
        return NULL;
    }
    json_t *list = json_array();
    const char *text = json_string_value(value);
    while (*text != '\0') {
        text += strspn(text, " ,");
        size_t length = strcspn(text, ",");
        const char *next = text + length;
        while (length > 0 && text[length - 1] == ' ') {
            length--;
        }
        if (length > 0) {
            json_array_append_new(list, json_stringn(text, length));
        }
        text = next;
    }
    return list;
}

/* ---- what holds others */

static void decode_object(Decoder *d, const Schema *schema, const json_t *members, void *ret_value);

static void take_object(Decoder *d, const Field *field, const json_t *value, void *at)
{
    if (!json_is_object(value)) {
        decoder_refuse(d, ERR_FIELD_INVALID, "Send an object with its members.");
        return;
    }
    const FieldPlace *here = d->place;
    void *object = arena_alloc(d->cx->arena, field->item->size);
    d->place = decoder_place(d);
    decode_object(d, field->item, value, object);
    d->place = here;
    *(void **)at = object;
}

static void take_scalar(Decoder *d, const Field *field, const json_t *value, void *at);

static void take_item(Decoder *d, const Field *field, const json_t *value, void *at)
{
    if (field->item == NULL) {
        take_scalar(d, field, value, at);
    } else if (json_is_object(value)) {
        decode_object(d, field->item, value, at);
    } else {
        decoder_refuse(d, ERR_FIELD_INVALID, "Send an object with its members.");
    }
}

static void take_list(Decoder *d, const Field *field, const json_t *value, void *at)
{
    CLEANUP(json_value_free) json_t *made = decoder_query_list(d, value);
    const json_t *array = made != NULL ? made : value;
    size_t most = field->max_len == 0 ? LIST_MAX : field->max_len;
    size_t count = json_array_size(array);
    if (!json_is_array(array)) {
        decoder_refuse(d, ERR_FIELD_INVALID, "Send a list.");
        return;
    }
    if (count > most) {
        decoder_refuse(d, ERR_FIELD_INVALID, "At most %zu elements; these are %zu.", most, count);
        return;
    }
    if (count == 0 && (field->flags & (FIELD_REQUIRED | FIELD_MAY_BE_EMPTY)) == FIELD_REQUIRED) {
        decoder_refuse(d, ERR_FIELD_REQUIRED, "Needed; send at least one element.");
        return;
    }
    const FieldPlace *here = d->place;
    const FieldPlace *up = decoder_place(d);
    size_t size = field_item_size(field);
    char *items = arena_array(d->cx->arena, count, size);
    for (size_t i = 0; i < count; i++) {
        FieldPlace place = {.up = up, .index = i};
        d->place = &place;
        d->place = decoder_place(d);
        take_item(d, field, json_array_get(array, i), items + i * size);
    }
    d->place = here;
    *(List *)at = (List){.items = items, .count = count};
}

static Taker taker_of(FieldType type)
{
    return type == FIELD_OBJECT ? take_object
           : type == FIELD_LIST ? take_list
                                : scalar_takers[type];
}

static const size_t sizes[] = {
    [FIELD_TEXT] = sizeof(const char *),
    [FIELD_INT] = sizeof(int64_t),
    [FIELD_OPT_INT] = sizeof(OptInt),
    [FIELD_BOOL] = sizeof(bool),
    [FIELD_DATE] = sizeof(Date),
    [FIELD_INSTANT] = sizeof(Instant),
    [FIELD_DECIMAL] = sizeof(Decimal),
    [FIELD_MONEY] = sizeof(Money),
    [FIELD_LIMIT] = sizeof(LimitValue),
    [FIELD_CURRENCY] = sizeof(Currency),
    [FIELD_PERCENT] = sizeof(Percent),
    [FIELD_ENUM] = sizeof(int),
    [FIELD_FLAGS] = sizeof(uint32_t),
    [FIELD_ID] = sizeof(Id),
    [FIELD_REF] = sizeof(Ref),
    [FIELD_OBJECT] = sizeof(void *),
    [FIELD_LIST] = sizeof(List),
    [FIELD_JSON] = sizeof(const char *),
};

size_t field_item_size(const Field *field)
{
    ASSERT(field->type == FIELD_LIST);
    return field->item != NULL ? field->item->size : sizes[field->item_type];
}

/* An element of a list of scalars: like a required field of its type. */
static void take_scalar(Decoder *d, const Field *field, const json_t *value, void *at)
{
    if (json_is_null(value)) {
        decoder_refuse(d, ERR_FIELD_REQUIRED, "Needed; leave the element out or say what it is.");
        return;
    }
    Field item = *field;
    item.type = field->item_type;
    item.flags |= FIELD_REQUIRED;
    item.max_len = 0;
    taker_of(item.type)(d, &item, value, at);
}

/* ---- objects */

static bool is_absent(const Decoder *d, const json_t *value)
{
    return value == NULL || json_is_null(value) ||
           (d->is_query && json_is_string(value) && json_string_length(value) == 0);
}

static void take_absent(Decoder *d, const Field *field, const json_t *value, void *at)
{
    if (field->type == FIELD_LIMIT && value != NULL) {
        ((LimitValue *)at)->kind = LIMIT_NOT_SET;
    } else if (field->type == FIELD_BOOL && value != NULL && !d->is_query) {
        /* Nothing stands for "neither": a change would take it for false. */
        decoder_refuse(d, ERR_FIELD_INVALID, "Send true or false, or leave it out.");
    } else if (field->type == FIELD_ENUM && field->usual != 0) {
        *(int *)at = field->usual;
    } else if (field->type == FIELD_MONEY && (field->flags & FIELD_ZERO) != 0) {
        *(Money *)at = d->currency == 0 ? (Money){0} : money_zero(d->currency);
    } else if ((field->flags & FIELD_REQUIRED) != 0) {
        decoder_refuse(d, ERR_FIELD_REQUIRED, "Needed%s%s", field->doc == NULL ? "." : ": ",
            field->doc == NULL ? "" : field->doc);
    }
}

/* What a record shows but never takes is no member of its input. */
static bool is_taken(const Field *field)
{
    return (field->flags & FIELD_OUTPUT) == 0;
}

static bool has_member(const Schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->count; i++) {
        if (is_taken(&schema->fields[i]) && strcmp(schema->fields[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void refuse_unknown(Decoder *d, const Schema *schema, const json_t *members)
{
    const FieldPlace *up = d->place;
    /* The iterator takes no const object though it changes none. */
    void *at = json_object_iter((json_t *)(uintptr_t)members);
    while (at != NULL) {
        const char *name = json_object_iter_key(at);
        if (!has_member(schema, name)) {
            FieldPlace here = {.up = up, .name = name};
            d->place = &here;
            decoder_refuse(d, ERR_FIELD_UNKNOWN, "There is no such member here; leave it out.");
        }
        at = json_object_iter_next((json_t *)(uintptr_t)members, at);
    }
    d->place = up;
}

/* Amounts beside a currency need it before its own turn comes. */
static Currency currency_of(const Schema *schema, const json_t *members)
{
    Currency currency = 0;
    for (size_t i = 0; i < schema->count; i++) {
        if (schema->fields[i].type == FIELD_CURRENCY) {
            const json_t *value = json_object_get(members, schema->fields[i].name);
            return json_is_string(value) && currency_parse(json_string_value(value), &currency)
                       ? currency
                       : 0;
        }
    }
    return 0;
}

static void decode_object(Decoder *d, const Schema *schema, const json_t *members, void *ret_value)
{
    const FieldPlace *up = d->place;
    Currency outer = d->currency;
    d->currency = currency_of(schema, members);
    size_t known = 0;
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        if (!is_taken(field)) {
            continue;
        }
        const json_t *value = json_object_get(members, field->name);
        void *at = (char *)ret_value + field->offset;
        FieldPlace here = {.up = up, .name = field->name};
        d->place = &here;
        known += value == NULL ? 0 : 1;
        if (is_absent(d, value)) {
            take_absent(d, field, value, at);
        } else {
            taker_of(field->type)(d, field, value, at);
        }
    }
    d->place = up;
    d->currency = outer;
    if (known < json_object_size(members)) {
        refuse_unknown(d, schema, members);
    }
}

Err decode_members(Ctx *cx,
    const Schema *schema,
    const json_t *members,
    bool is_query,
    void *ret_value,
    RefUses *ret_refs)
{
    ASSERT(cx->err.code == ERR_OK);
    Decoder d = {.cx = cx, .is_query = is_query};
    if (!json_is_object(members)) {
        return err_set(cx, ERR_MALFORMED, NULL, "Send one JSON object.");
    }
    decode_object(&d, schema, members, ret_value);
    *ret_refs = d.refs;
    return cx->err.code;
}

Err decode_within(
    Ctx *cx, const Schema *schema, const json_t *members, const char *name, void *ret_value)
{
    ASSERT(cx->err.code == ERR_OK);
    FieldPlace place = {.name = name};
    Decoder d = {.cx = cx, .place = &place};
    if (json_is_object(members)) {
        decode_object(&d, schema, members, ret_value);
    } else {
        decoder_refuse(&d, ERR_FIELD_INVALID, "Send an object with its members.");
    }
    return cx->err.code;
}
