/* Struct to JSON by schema: one putter a field type. */
#include "op/encode.h"

#include "base/id.h"
#include "op/decode.h"
#include "op/op.h"

#include <string.h>

typedef enum Style { STYLE_REPLY, STYLE_KEPT, STYLE_STORED, STYLE_GIVEN, STYLE_IDS } Style;

typedef struct Encoder {
    JsonWriter *w;
    Style style;
} Encoder;

typedef struct Value {
    const Field *field;
    const void *at;
    const json_t *given; /* the JSON it came from; NULL for replies */
} Value;

typedef void (*Putter)(Encoder *e, const Value *value);

/* ---- scalars */

static void put_text(Encoder *e, const Value *value)
{
    json_put_string(e->w, *(const char *const *)value->at);
}

static void put_int(Encoder *e, const Value *value)
{
    json_put_int(e->w, *(const int64_t *)value->at);
}

static void put_opt_int(Encoder *e, const Value *value)
{
    const OptInt *number = value->at;
    if (number->is_set) {
        json_put_int(e->w, number->value);
    } else {
        json_put_null(e->w);
    }
}

static void put_bool(Encoder *e, const Value *value)
{
    json_put_bool(e->w, *(const bool *)value->at);
}

static void put_date(Encoder *e, const Value *value)
{
    Date date = *(const Date *)value->at;
    char text[DATE_TEXT_SIZE];
    if (date == DATE_NONE) {
        json_put_null(e->w);
        return;
    }
    date_format(date, text);
    json_put_string(e->w, text);
}

static void put_instant(Encoder *e, const Value *value)
{
    Instant instant = *(const Instant *)value->at;
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
        e->style <= STYLE_KEPT ? decimal_shown(decimal, scale_min) : decimal, false, text);
    json_put_string(e->w, text);
}

static void put_decimal(Encoder *e, const Value *value)
{
    decimal_put(e, *(const Decimal *)value->at, value->field->scale_min);
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

static void put_money(Encoder *e, const Value *value)
{
    money_put(e, *(const Money *)value->at);
}

static void put_limit(Encoder *e, const Value *value)
{
    const LimitValue *limit = value->at;
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

static void put_currency(Encoder *e, const Value *value)
{
    Currency currency = *(const Currency *)value->at;
    char text[CURRENCY_TEXT_SIZE];
    if (currency == 0) {
        json_put_null(e->w);
        return;
    }
    currency_format(currency, text);
    json_put_string(e->w, text);
}

static void put_percent(Encoder *e, const Value *value)
{
    const Percent *percent = value->at;
    char text[DECIMAL_TEXT_SIZE];
    if (!percent->is_set) {
        json_put_null(e->w);
        return;
    }
    decimal_format(decimal_of(percent->per_mille, 1), false, text);
    json_put_raw(e->w, text);
}

static void put_enum(Encoder *e, const Value *value)
{
    int index = *(const int *)value->at;
    if (index != 0 && (value->field->flags & FIELD_TRUTH) != 0) {
        json_put_bool(e->w, index == 2);
        return;
    }
    json_put_string(e->w, index == 0 ? NULL : value->field->names[index]);
}

static void put_flags(Encoder *e, const Value *value)
{
    uint32_t flags = *(const uint32_t *)value->at;
    json_open(e->w, '[');
    for (size_t i = 1; value->field->names[i] != NULL; i++) {
        if ((flags & 1u << (i - 1)) != 0) {
            json_put_string(e->w, value->field->names[i]);
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

static void put_id(Encoder *e, const Value *value)
{
    id_put(e, value->field, *(const Id *)value->at);
}

static void put_ref(Encoder *e, const Value *value)
{
    const Ref *ref = value->at;
    bool is_by_id = ref->text == NULL || (e->style == STYLE_IDS && ref->id != 0);
    if (is_by_id) {
        id_put(e, value->field, ref->id);
    } else {
        json_put_string(e->w, ref->text);
    }
}

static void put_json(Encoder *e, const Value *value)
{
    const char *text = *(const char *const *)value->at;
    json_put_raw(e->w, text == NULL ? "null" : text);
}

/* ---- what holds others */

static void put_members(Encoder *e, const Schema *schema, const json_t *given, const void *at);

/* The id of an object that is made again; 0: it is written out. */
static Id id_again(const Encoder *e, const Value *value, const void *object)
{
    if (e->style != STYLE_KEPT || value->field->again == NULL) {
        return 0;
    }
    const Field *id = &value->field->item->fields[0];
    ASSERT(id->type == FIELD_ID);
    return *(const Id *)(const void *)((const char *)object + id->offset);
}

static void put_object(Encoder *e, const Value *value)
{
    const void *object = *(const void *const *)value->at;
    if (object == NULL) {
        json_put_null(e->w);
    } else if (id_again(e, value, object) != 0) {
        const Field *id = &value->field->item->fields[0];
        id_put(e, id, id_again(e, value, object));
    } else {
        put_members(e, value->field->item, value->given, object);
    }
}

static void put_list(Encoder *e, const Value *value);

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

static void put_list(Encoder *e, const Value *value)
{
    List list = *(const List *)value->at;
    const Schema *schema = value->field->item;
    size_t size = field_item_size(value->field);
    Field scalar = *value->field;
    scalar.type = scalar.item_type;
    if (value->field->view != NULL) {
        list = value->field->view(e->w->out->arena, list);
    }
    json_open(e->w, '[');
    for (size_t i = 0; i < list.count; i++) {
        Value item = {.field = &scalar,
            .at = (const char *)list.items + i * size,
            .given = json_array_get(value->given, i)};
        if (schema != NULL) {
            put_members(e, schema, item.given, item.at);
        } else {
            putters[scalar.type](e, &item);
        }
    }
    json_close(e->w, ']');
}

/* ---- objects */

static bool is_shown(const Value *value)
{
    const Field *field = value->field;
    bool is_secret = (field->flags & FIELD_SECRET) != 0;
    bool is_no_id =
        field->type == FIELD_ID && *(const Id *)value->at == 0 && strcmp(field->name, "id") == 0;
    return !is_secret && !is_no_id;
}

/* What need not be stored, because it is what stands for what is absent. */
static bool is_understood(const Value *value)
{
    const Field *field = value->field;
    if (field->type == FIELD_ENUM) {
        return *(const int *)value->at == field->usual;
    }
    if ((field->flags & FIELD_ZERO) == 0) {
        return false;
    }
    return field->type == FIELD_INT ? *(const int64_t *)value->at == 0
                                    : ((const Money *)value->at)->minor == 0;
}

/* Zero means absent, for every type that can be absent. */
static bool is_absent(const Value *value)
{
    const void *at = value->at;
    switch (value->field->type) {
    case FIELD_TEXT:
    case FIELD_JSON:
    case FIELD_OBJECT:
        return *(const void *const *)at == NULL;
    case FIELD_OPT_INT:
        return !((const OptInt *)at)->is_set;
    case FIELD_DATE:
        return *(const Date *)at == DATE_NONE;
    case FIELD_INSTANT:
    case FIELD_ID:
        return *(const int64_t *)at == 0;
    case FIELD_DECIMAL:
        return !((const Decimal *)at)->is_set;
    case FIELD_MONEY:
        return ((const Money *)at)->currency == 0;
    case FIELD_LIMIT:
        return ((const LimitValue *)at)->kind == LIMIT_ABSENT;
    case FIELD_CURRENCY:
    case FIELD_FLAGS:
        return *(const uint32_t *)at == 0;
    case FIELD_PERCENT:
        return !((const Percent *)at)->is_set;
    case FIELD_ENUM:
        return *(const int *)at == 0;
    case FIELD_REF:
        return ((const Ref *)at)->id == 0 && ((const Ref *)at)->text == NULL;
    case FIELD_LIST:
        return ((const List *)at)->items == NULL;
    case FIELD_INT:
    case FIELD_BOOL:
        break;
    }
    return false;
}

/* What stands in an input was in `given`; what is stored has what there is; a reply has all. */
static bool is_left_out(const Encoder *e, const Value *member)
{
    switch (e->style) {
    case STYLE_REPLY:
    case STYLE_KEPT:
        break;
    case STYLE_STORED:
        return is_absent(member) || is_understood(member);
    case STYLE_GIVEN:
    case STYLE_IDS:
        return member->given == NULL;
    }
    return false;
}

static void put_members(Encoder *e, const Schema *schema, const json_t *given, const void *at)
{
    json_open(e->w, '{');
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        Value member = {.field = field,
            .at = (const char *)at + field->offset,
            .given = given == NULL ? NULL : json_object_get(given, field->name)};
        if (is_left_out(e, &member) || !is_shown(&member)) {
            continue;
        }
        json_name(e->w, field->name);
        if (member.given != NULL && json_is_null(member.given)) {
            json_put_null(e->w);
        } else {
            putters[field->type](e, &member);
        }
    }
    json_close(e->w, '}');
}

static const char *encode_as(Arena *arena, const Schema *schema, const void *value, Style style)
{
    Buf out = buf_in(arena);
    JsonWriter w = json_writer(&out);
    Encoder e = {.w = &w, .style = style};
    put_members(&e, schema, NULL, value);
    return buf_text(&out);
}

const char *encode_text(Arena *arena, const Schema *schema, const void *value)
{
    return encode_as(arena, schema, value, STYLE_REPLY);
}

const char *encode_kept(Arena *arena, const Schema *schema, const void *value)
{
    return encode_as(arena, schema, value, STYLE_KEPT);
}

const char *encode_stored(Arena *arena, const Schema *schema, const void *value)
{
    return encode_as(arena, schema, value, STYLE_STORED);
}

bool encode_is_cut(const Schema *schema)
{
    for (size_t i = 0; i < schema->count; i++) {
        if (schema->fields[i].again != NULL) {
            return true;
        }
    }
    return false;
}

void encode_input(
    JsonWriter *w, const Schema *schema, const json_t *given, const void *value, RefStyle style)
{
    Encoder e = {.w = w, .style = style == REFS_AS_IDS ? STYLE_IDS : STYLE_GIVEN};
    put_members(&e, schema, given, value);
}
