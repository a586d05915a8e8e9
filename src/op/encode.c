/* Struct to JSON by schema: one putter a field type. */
#include "op/encode.h"

#include "base/id.h"
#include "op/decode.h"
#include "op/op.h"

#include <string.h>

typedef enum Style { STYLE_REPLY, STYLE_GIVEN, STYLE_IDS } Style;

typedef struct Encoder {
    JsonWriter *w;
    Style style;
} Encoder;

/* Puts the value at `at`; `given` is the JSON it came from, NULL for replies. */
typedef void (*Putter)(Encoder *e, const Field *field, const json_t *given, const void *at);

/* ---- scalars */

static void put_text(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)field;
    (void)given;
    json_put_string(e->w, *(const char *const *)at);
}

static void put_int(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)field;
    (void)given;
    json_put_int(e->w, *(const int64_t *)at);
}

static void put_opt_int(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)field;
    (void)given;
    const OptInt *number = at;
    if (number->is_set) {
        json_put_int(e->w, number->value);
    } else {
        json_put_null(e->w);
    }
}

static void put_bool(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)field;
    (void)given;
    json_put_bool(e->w, *(const bool *)at);
}

static void put_date(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)field;
    (void)given;
    Date date = *(const Date *)at;
    char text[DATE_TEXT_SIZE];
    if (date == DATE_NONE) {
        json_put_null(e->w);
        return;
    }
    date_format(date, text);
    json_put_string(e->w, text);
}

static void put_instant(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)field;
    (void)given;
    Instant instant = *(const Instant *)at;
    char text[INSTANT_TEXT_SIZE];
    if (instant == 0) {
        json_put_null(e->w);
        return;
    }
    instant_format(instant, text);
    json_put_string(e->w, text);
}

/* Without zeros at its end, but with scale_min decimals at least. */
static Decimal decimal_shown(Decimal decimal, int scale_min)
{
    while (decimal.scale > scale_min && decimal.units % 10 == 0) {
        decimal.units /= 10;
        decimal.scale--;
    }
    int64_t units = 0;
    if (decimal.scale < scale_min && decimal_at_scale(decimal, scale_min, &units)) {
        decimal = decimal_of(units, scale_min);
    }
    return decimal;
}

static void decimal_put(Encoder *e, Decimal decimal, int scale_min)
{
    char text[DECIMAL_TEXT_SIZE];
    if (!decimal.is_set) {
        json_put_null(e->w);
        return;
    }
    decimal_format(
        e->style == STYLE_REPLY ? decimal_shown(decimal, scale_min) : decimal, false, text);
    json_put_string(e->w, text);
}

static void put_decimal(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)given;
    decimal_put(e, *(const Decimal *)at, field->scale_min);
}

static void money_put(Encoder *e, Money money)
{
    char text[DECIMAL_TEXT_SIZE];
    if (money.currency == 0) {
        json_put_null(e->w);
        return;
    }
    money_format(money, text);
    json_put_string(e->w, text);
}

static void put_money(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)field;
    (void)given;
    money_put(e, *(const Money *)at);
}

static void put_limit(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)field;
    (void)given;
    const LimitValue *limit = at;
    switch (limit->kind) {
    case LIMIT_UNLIMITED:
        json_put_string(e->w, "unlimited");
        return;
    case LIMIT_AMOUNT:
        if (limit->money.currency != 0) {
            money_put(e, limit->money);
        } else {
            decimal_put(e, limit->amount, 2);
        }
        return;
    case LIMIT_ABSENT:
    case LIMIT_NOT_SET:
    default:
        json_put_null(e->w);
    }
}

static void put_currency(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)field;
    (void)given;
    Currency currency = *(const Currency *)at;
    char text[CURRENCY_TEXT_SIZE];
    if (currency == 0) {
        json_put_null(e->w);
        return;
    }
    currency_format(currency, text);
    json_put_string(e->w, text);
}

static void put_percent(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)field;
    (void)given;
    const Percent *percent = at;
    char text[DECIMAL_TEXT_SIZE];
    if (!percent->is_set) {
        json_put_null(e->w);
        return;
    }
    decimal_format(decimal_of(percent->per_mille, 1), false, text);
    json_put_raw(e->w, text);
}

static void put_enum(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)given;
    int index = *(const int *)at;
    json_put_string(e->w, index == 0 ? NULL : field->names[index]);
}

static void put_flags(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)given;
    uint32_t flags = *(const uint32_t *)at;
    json_open(e->w, '[');
    for (size_t i = 1; field->names[i] != NULL; i++) {
        if ((flags & 1u << (i - 1)) != 0) {
            json_put_string(e->w, field->names[i]);
        }
    }
    json_close(e->w, ']');
}

static void id_put(Encoder *e, const Field *field, Id id)
{
    char text[ID_TEXT_SIZE];
    if (id == 0) {
        json_put_null(e->w);
        return;
    }
    id_format(ref_kind(field->to)->letter, id, text);
    json_put_string(e->w, text);
}

static void put_id(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)given;
    id_put(e, field, *(const Id *)at);
}

static void put_ref(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)given;
    const Ref *ref = at;
    bool is_by_id = ref->text == NULL || (e->style == STYLE_IDS && ref->id != 0);
    if (is_by_id) {
        id_put(e, field, ref->id);
    } else {
        json_put_string(e->w, ref->text);
    }
}

static void put_json(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    (void)field;
    (void)given;
    const char *text = *(const char *const *)at;
    json_put_raw(e->w, text == NULL ? "null" : text);
}

/* ---- what holds others */

static void put_members(Encoder *e, const Schema *schema, const json_t *given, const void *value);

static void put_object(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    const void *object = *(const void *const *)at;
    if (object == NULL) {
        json_put_null(e->w);
    } else {
        put_members(e, field->item, given, object);
    }
}

static void put_list(Encoder *e, const Field *field, const json_t *given, const void *at);

static const Putter putters[] = {
    [FIELD_TEXT] = put_text,
    [FIELD_INT] = put_int,
    [FIELD_OPT_INT] = put_opt_int,
    [FIELD_BOOL] = put_bool,
    [FIELD_DATE] = put_date,
    [FIELD_INSTANT] = put_instant,
    [FIELD_DECIMAL] = put_decimal,
    [FIELD_MONEY] = put_money,
    [FIELD_LIMIT] = put_limit,
    [FIELD_CURRENCY] = put_currency,
    [FIELD_PERCENT] = put_percent,
    [FIELD_ENUM] = put_enum,
    [FIELD_FLAGS] = put_flags,
    [FIELD_ID] = put_id,
    [FIELD_REF] = put_ref,
    [FIELD_OBJECT] = put_object,
    [FIELD_LIST] = put_list,
    [FIELD_JSON] = put_json,
};

static void put_list(Encoder *e, const Field *field, const json_t *given, const void *at)
{
    const List *list = at;
    size_t size = field_item_size(field);
    Field item = *field;
    item.type = field->item == NULL ? field->item_type : FIELD_OBJECT;
    json_open(e->w, '[');
    for (size_t i = 0; i < list->count; i++) {
        const char *element = (const char *)list->items + i * size;
        const json_t *from = json_array_get(given, i);
        if (field->item != NULL) {
            put_members(e, field->item, from, element);
        } else {
            putters[item.type](e, &item, from, element);
        }
    }
    json_close(e->w, ']');
}

/* ---- objects */

static bool is_shown(const Field *field, const void *at)
{
    bool is_secret = (field->flags & FIELD_SECRET) != 0;
    bool is_no_id = field->type == FIELD_ID && *(const Id *)at == 0 && strcmp(field->name, "id") == 0;
    return !is_secret && !is_no_id;
}

static void put_members(Encoder *e, const Schema *schema, const json_t *given, const void *value)
{
    json_open(e->w, '{');
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        const void *at = (const char *)value + field->offset;
        const json_t *from = json_object_get(given, field->name);
        if ((e->style != STYLE_REPLY && from == NULL) || !is_shown(field, at)) {
            continue;
        }
        json_key(e->w, field->name);
        if (json_is_null(from)) {
            json_put_null(e->w);
        } else {
            putters[field->type](e, field, from, at);
        }
    }
    json_close(e->w, '}');
}

void encode_value(JsonWriter *w, const Schema *schema, const void *value)
{
    Encoder e = {.w = w, .style = STYLE_REPLY};
    put_members(&e, schema, NULL, value);
}

const char *encode_text(Arena *arena, const Schema *schema, const void *value)
{
    Buf out = buf_in(arena);
    JsonWriter w = json_writer(&out);
    encode_value(&w, schema, value);
    return buf_text(&out);
}

void encode_input(
    JsonWriter *w, const Schema *schema, const json_t *given, const void *value, RefStyle style)
{
    Encoder e = {.w = w, .style = style == REFS_AS_IDS ? STYLE_IDS : STYLE_GIVEN};
    put_members(&e, schema, given, value);
}
