/* One field of a row: as an argument of a statement, as text for people, compared and copied. */
#include "op/record_plan.h"

#include <inttypes.h>
#include <string.h>

static const void *member(const Field *field, const void *row)
{
    return (const char *)row + field->offset;
}

#define MEMBER(T, field, row) (*(T const *)member((field), (row)))

static int decimal_scale(const Field *field)
{
    return field->scale_max == 0 ? 6 : field->scale_max;
}

static size_t value_size(const Field *field)
{
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_JSON:
        return sizeof(const char *);
    case FIELD_INT:
        return sizeof(int64_t);
    case FIELD_OPT_INT:
        return sizeof(OptInt);
    case FIELD_BOOL:
        return sizeof(bool);
    case FIELD_DATE:
        return sizeof(Date);
    case FIELD_INSTANT:
        return sizeof(Instant);
    case FIELD_DECIMAL:
        return sizeof(Decimal);
    case FIELD_MONEY:
        return sizeof(Money);
    case FIELD_LIMIT:
        return sizeof(LimitValue);
    case FIELD_CURRENCY:
        return sizeof(Currency);
    case FIELD_PERCENT:
        return sizeof(Percent);
    case FIELD_ENUM:
        return sizeof(int);
    case FIELD_FLAGS:
        return sizeof(uint32_t);
    case FIELD_ID:
        return sizeof(Id);
    case FIELD_REF:
        return sizeof(Ref);
    case FIELD_OBJECT:
        return sizeof(void *);
    case FIELD_LIST:
        return sizeof(List);
    }
    ASSERT(false);
    return 0;
}

void value_copy(const Field *field, const void *from, void *to)
{
    memcpy((char *)to + field->offset, member(field, from), value_size(field));
}

bool value_is_absent(const Field *field, const void *row)
{
    static const char zero[sizeof(LimitValue) + sizeof(Ref)];
    if (field->type == FIELD_INT || field->type == FIELD_BOOL) {
        return false;
    }
    if (field->type == FIELD_LIST) {
        return MEMBER(List, field, row).items == NULL;
    }
    if (field->type == FIELD_REF) {
        return MEMBER(Ref, field, row).id == 0;
    }
    return memcmp(member(field, row), zero, value_size(field)) == 0;
}

static Arg decimal_arg(const Field *field, Decimal decimal)
{
    int64_t units = 0;
    if (!decimal.is_set) {
        return arg_null();
    }
    bool fits = decimal_at_scale(decimal, decimal_scale(field), &units);
    ASSERT(fits); /* decode took no more decimals than the field has */
    return arg_i64(units);
}

static Arg currency_arg(Arena *arena, Currency currency)
{
    char text[CURRENCY_TEXT_SIZE];
    if (currency == 0) {
        return arg_null();
    }
    currency_format(currency, text);
    return arg_text(arena_str(arena, text));
}

static Arg enum_arg(const Field *field, int index)
{
    return index == 0 ? arg_null() : arg_text(field->names[index]);
}

Arg value_arg(Arena *arena, const Field *field, const void *row)
{
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_JSON:
        return arg_text(MEMBER(const char *, field, row));
    case FIELD_INT:
        return arg_i64(MEMBER(int64_t, field, row));
    case FIELD_OPT_INT: {
        OptInt number = MEMBER(OptInt, field, row);
        return number.is_set ? arg_i64(number.value) : arg_null();
    }
    case FIELD_BOOL:
        return arg_bool(MEMBER(bool, field, row));
    case FIELD_DATE:
        return arg_date(MEMBER(Date, field, row));
    case FIELD_INSTANT:
        return arg_instant(MEMBER(Instant, field, row));
    case FIELD_DECIMAL:
        return decimal_arg(field, MEMBER(Decimal, field, row));
    case FIELD_MONEY: {
        Money money = MEMBER(Money, field, row);
        return money.currency == 0 ? arg_null() : arg_i64(money.minor);
    }
    case FIELD_CURRENCY:
        return currency_arg(arena, MEMBER(Currency, field, row));
    case FIELD_PERCENT: {
        Percent percent = MEMBER(Percent, field, row);
        return percent.is_set ? arg_i64(percent.per_mille) : arg_null();
    }
    case FIELD_ENUM:
        return enum_arg(field, MEMBER(int, field, row));
    case FIELD_FLAGS:
        return arg_i64(MEMBER(uint32_t, field, row));
    case FIELD_ID:
        return arg_id(MEMBER(Id, field, row));
    case FIELD_REF:
        return arg_id(MEMBER(Ref, field, row).id);
    case FIELD_LIMIT: /* record_plan_sql refuses to write one */
    case FIELD_OBJECT:
    case FIELD_LIST:
        break;
    }
    ASSERT(false);
    return arg_null();
}

static const char *id_shown(Arena *arena, const char *kind, Id id)
{
    return id == 0 ? NULL : id_text(arena, ref_kind(kind)->letter, id);
}

static const char *decimal_text(Arena *arena, Decimal decimal)
{
    char text[DECIMAL_TEXT_SIZE];
    if (!decimal.is_set) {
        return NULL;
    }
    decimal_format(decimal, true, text);
    return arena_str(arena, text);
}

static const char *money_text(Arena *arena, Money money)
{
    char text[DECIMAL_TEXT_SIZE];
    if (money.currency == 0) {
        return NULL;
    }
    money_format(money, text);
    return arena_str(arena, text);
}

static const char *limit_text(Arena *arena, const LimitValue *limit)
{
    if (limit->kind == LIMIT_UNLIMITED) {
        return "unlimited";
    }
    return limit->kind == LIMIT_AMOUNT ? money_text(arena, limit->money) : NULL;
}

static const char *flags_text(Arena *arena, const Field *field, uint32_t flags)
{
    Buf text = buf_in(arena);
    for (size_t i = 1; field->names[i] != NULL; i++) {
        if ((flags >> (i - 1) & 1u) != 0) {
            buf_printf(&text, "%s%s", text.length == 0 ? "" : ",", field->names[i]);
        }
    }
    return buf_text(&text);
}

static const char *date_text(Arena *arena, Date date)
{
    char text[DATE_TEXT_SIZE];
    date_format(date, text);
    return arena_str(arena, text);
}

static const char *instant_text(Arena *arena, Instant at)
{
    char text[INSTANT_TEXT_SIZE];
    instant_format(at, text);
    return arena_str(arena, text);
}

static const char *percent_text(Arena *arena, Percent percent)
{
    return decimal_text(arena, decimal_of(percent.per_mille, 1));
}

static const char *ref_text(Arena *arena, const Field *field, const Ref *ref)
{
    return ref->text != NULL ? ref->text : id_shown(arena, field->to, ref->id);
}

const char *value_text(Arena *arena, const Field *field, const void *row)
{
    if (value_is_absent(field, row)) {
        return NULL;
    }
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_JSON:
        return MEMBER(const char *, field, row);
    case FIELD_INT:
        return arena_printf(arena, "%" PRId64, MEMBER(int64_t, field, row));
    case FIELD_OPT_INT:
        return arena_printf(arena, "%" PRId64, MEMBER(OptInt, field, row).value);
    case FIELD_BOOL:
        return MEMBER(bool, field, row) ? "true" : "false";
    case FIELD_DATE:
        return date_text(arena, MEMBER(Date, field, row));
    case FIELD_INSTANT:
        return instant_text(arena, MEMBER(Instant, field, row));
    case FIELD_DECIMAL:
        return decimal_text(arena, MEMBER(Decimal, field, row));
    case FIELD_MONEY:
        return money_text(arena, MEMBER(Money, field, row));
    case FIELD_LIMIT:
        return limit_text(arena, &MEMBER(LimitValue, field, row));
    case FIELD_CURRENCY:
        return currency_arg(arena, MEMBER(Currency, field, row)).p;
    case FIELD_PERCENT:
        return percent_text(arena, MEMBER(Percent, field, row));
    case FIELD_ENUM:
        return field->names[MEMBER(int, field, row)];
    case FIELD_FLAGS:
        return flags_text(arena, field, MEMBER(uint32_t, field, row));
    case FIELD_ID:
        return id_shown(arena, field->to, MEMBER(Id, field, row));
    case FIELD_REF:
        return ref_text(arena, field, &MEMBER(Ref, field, row));
    case FIELD_OBJECT:
    case FIELD_LIST:
        break;
    }
    return NULL;
}

bool value_is_same(Arena *arena, const Field *field, const void *a, const void *b)
{
    if (field->type == FIELD_REF) {
        return MEMBER(Ref, field, a).id == MEMBER(Ref, field, b).id;
    }
    const char *left = value_text(arena, field, a);
    const char *right = value_text(arena, field, b);
    if (left == NULL || right == NULL) {
        return left == right;
    }
    return strcmp(left, right) == 0;
}
