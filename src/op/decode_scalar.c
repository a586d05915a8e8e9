/* One taker a scalar field type: it fills the member or refuses it with a sentence that says
 * what is taken. */
#include "op/decode_state.h"

#include "base/id.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/names.h"
#include "op/op.h"

#include <inttypes.h>
#include <string.h>

enum { TEXT_MAX = LIMIT_NAME_BYTES };

static void refuse_invalid(Decoder *d, const char *advice)
{
    decoder_refuse(d, ERR_FIELD_INVALID, "%s", advice);
}

/* ---- text */

static bool is_control(const unsigned char *c)
{
    bool is_c1 = c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0;
    return (c[0] < 0x20 && c[0] != '\n' && c[0] != '\t') || c[0] == 0x7f || is_c1;
}

static bool has_control(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t i = 0; i < length; i++) {
        if (is_control(bytes + i)) {
            return true;
        }
    }
    return false;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\n")] == '\0';
}

/* The text of a string value within bounds; NULL when it was refused. */
static const char *text_of(Decoder *d, const Field *field, const json_t *value)
{
    if (!json_is_string(value)) {
        refuse_invalid(d, "Send text in quotes.");
        return NULL;
    }
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    size_t most = field->max_len == 0 ? TEXT_MAX : field->max_len;
    if (length > most) {
        decoder_refuse(
            d, ERR_FIELD_INVALID, "At most %zu bytes of UTF-8; these are %zu.", most, length);
        return NULL;
    }
    if (has_control(text, length) || !utf8_is_valid(text, length)) {
        refuse_invalid(d, "No control characters but newline and tab.");
        return NULL;
    }
    return text;
}

static void take_text(Decoder *d, const Field *field, const json_t *value, void *at)
{
    const char *text = text_of(d, field, value);
    if (text == NULL) {
        return;
    }
    if ((field->flags & FIELD_REQUIRED) != 0 && is_blank(text)) {
        decoder_refuse(d, ERR_FIELD_REQUIRED, "Needed; it may not be blank.");
        return;
    }
    *(const char **)at = arena_copy(d->cx->arena, text, json_string_length(value));
}

/* ---- numbers */

/* min and max both 0: unbounded; a minimum above a maximum of 0: no maximum. */
static bool has_min(const Field *field)
{
    return field->min != 0 || field->max != 0;
}

static bool has_max(const Field *field)
{
    return has_min(field) && field->max >= field->min;
}

static bool is_in_range(const Field *field, int64_t number)
{
    return (!has_min(field) || number >= field->min) && (!has_max(field) || number <= field->max);
}

static void refuse_range(Decoder *d, const Field *field)
{
    if (has_max(field)) {
        decoder_refuse(
            d, ERR_FIELD_INVALID, "From %" PRId64 " to %" PRId64 ".", field->min, field->max);
    } else {
        decoder_refuse(d, ERR_FIELD_INVALID, "At least %" PRId64 ".", field->min);
    }
}

static bool integer_of(Decoder *d, const Field *field, const json_t *value, int64_t *ret_number)
{
    int64_t number = 0;
    if (json_is_integer(value)) {
        number = json_integer_value(value);
    } else if (!d->is_query || !json_is_string(value) ||
               !integer_parse(json_string_value(value), &number)) {
        refuse_invalid(d, "Send a whole number.");
        return false;
    }
    if (!is_in_range(field, number)) {
        refuse_range(d, field);
        return false;
    }
    *ret_number = number;
    return true;
}

static void take_int(Decoder *d, const Field *field, const json_t *value, void *at)
{
    int64_t number = 0;
    if (integer_of(d, field, value, &number)) {
        *(int64_t *)at = number;
    }
}

static void take_opt_int(Decoder *d, const Field *field, const json_t *value, void *at)
{
    int64_t number = 0;
    if (integer_of(d, field, value, &number)) {
        *(OptInt *)at = (OptInt){.value = number, .is_set = true};
    }
}

static void take_bool(Decoder *d, const Field *field, const json_t *value, void *at)
{
    (void)field;
    const char *text = d->is_query && json_is_string(value) ? json_string_value(value) : "";
    bool is_true = json_is_true(value) || strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
    bool is_false = json_is_false(value) || strcmp(text, "false") == 0 || strcmp(text, "0") == 0;
    if (!is_true && !is_false) {
        refuse_invalid(d, "Send true or false.");
        return;
    }
    *(bool *)at = is_true;
}

/* Text of a decimal string or JSON integer; NULL when it was refused. */
static const char *decimal_text(Decoder *d, const json_t *value)
{
    if (json_is_real(value)) {
        decoder_refuse(d, ERR_FIELD_INVALID,
            "Send it as a string, \"%s\": numbers with a fraction lose digits on the way.",
            json_number_text(d->cx->arena, value));
        return NULL;
    }
    if (json_is_integer(value)) {
        return json_number_text(d->cx->arena, value);
    }
    if (!json_is_string(value)) {
        refuse_invalid(d, "Send a decimal number as a string, such as \"1250.00\".");
        return NULL;
    }
    return json_string_value(value);
}

static bool is_decimal_in_range(const Field *field, Decimal decimal)
{
    int64_t power = 1;
    for (int i = 0; i < decimal.scale; i++) {
        power *= 10;
    }
    int64_t whole = decimal.units / power;
    int64_t rest = decimal.units % power;
    bool is_under = whole < field->min || (whole == field->min && rest < 0);
    bool is_over = whole > field->max || (whole == field->max && rest > 0);
    return !(has_min(field) && is_under) && !(has_max(field) && is_over);
}

static bool decimal_of_value(
    Decoder *d, const Field *field, const json_t *value, Decimal *ret_decimal)
{
    const char *text = decimal_text(d, value);
    if (text == NULL) {
        return false;
    }
    Decimal decimal;
    if (!decimal_parse(text, &decimal)) {
        refuse_invalid(d, "Send a plain decimal number such as \"1250.00\", without blanks, "
                          "thousands separators or exponent.");
        return false;
    }
    int scale_max = field->scale_max == 0 ? FIELD_SCALE_MAX : field->scale_max;
    int64_t units = 0;
    if (decimal.scale > scale_max && !decimal_at_scale(decimal, scale_max, &units)) {
        decoder_refuse(d, ERR_FIELD_INVALID, "At most %d decimals.", scale_max);
        return false;
    }
    if (!is_decimal_in_range(field, decimal)) {
        refuse_range(d, field);
        return false;
    }
    *ret_decimal = decimal;
    return true;
}

static void take_decimal(Decoder *d, const Field *field, const json_t *value, void *at)
{
    Decimal decimal;
    if (decimal_of_value(d, field, value, &decimal)) {
        *(Decimal *)at = decimal;
    }
}

static bool money_of_decimal(Decoder *d, Currency currency, Decimal decimal, Money *ret_money)
{
    if (money_from_decimal(currency, decimal, ret_money)) {
        return true;
    }
    decoder_refuse(d, ERR_FIELD_INVALID,
        "At most %d decimals in this currency, and at most 15 digits.",
        currency_decimals(currency));
    return false;
}

static void take_money(Decoder *d, const Field *field, const json_t *value, void *at)
{
    Decimal decimal;
    if (!decimal_of_value(d, field, value, &decimal)) {
        return;
    }
    Currency currency = field->currency != 0 ? field->currency : d->currency;
    if (currency == 0) {
        refuse_invalid(d, "Say its currency as well.");
        return;
    }
    Money money;
    if (money_of_decimal(d, currency, decimal, &money)) {
        *(Money *)at = money;
    }
}

static void take_limit(Decoder *d, const Field *field, const json_t *value, void *at)
{
    LimitValue *limit = at;
    if (json_is_string(value) && strcmp(json_string_value(value), "unlimited") == 0) {
        limit->kind = LIMIT_UNLIMITED;
        return;
    }
    Decimal decimal;
    if (!decimal_of_value(d, field, value, &decimal)) {
        return;
    }
    if (decimal.units < 0) {
        refuse_invalid(d, "Send an amount of at least 0, \"unlimited\", or null for not set.");
        return;
    }
    Money money = {0};
    if (d->currency != 0 && !money_of_decimal(d, d->currency, decimal, &money)) {
        return;
    }
    *limit = (LimitValue){.kind = LIMIT_AMOUNT, .amount = decimal, .money = money};
}

static void take_percent(Decoder *d, const Field *field, const json_t *value, void *at)
{
    bool is_number = json_is_number(value) || json_is_string(value);
    const char *text = json_is_string(value) ? json_string_value(value)
                       : is_number           ? json_number_text(d->cx->arena, value)
                                             : "";
    Decimal decimal;
    int64_t per_mille = 0;
    if (!decimal_parse(text, &decimal) || !decimal_at_scale(decimal, 1, &per_mille)) {
        refuse_invalid(d, "Send a percentage with at most one decimal, such as 12.5.");
        return;
    }
    if (!is_decimal_in_range(field, decimal)) {
        refuse_range(d, field);
        return;
    }
    *(Percent *)at = (Percent){.per_mille = per_mille, .is_set = true};
}

/* ---- dates, names, references */

static const char *plain_text(const json_t *value)
{
    return json_is_string(value) ? json_string_value(value) : "";
}

static void take_date(Decoder *d, const Field *field, const json_t *value, void *at)
{
    (void)field;
    Date date = DATE_NONE;
    if (!date_parse(plain_text(value), &date)) {
        refuse_invalid(d, "Send an existing day as \"YYYY-MM-DD\", from 1900 to 2199.");
        return;
    }
    *(Date *)at = date;
}

static void take_instant(Decoder *d, const Field *field, const json_t *value, void *at)
{
    (void)field;
    Instant instant = 0;
    if (!instant_parse(plain_text(value), &instant)) {
        refuse_invalid(d, "Send an instant such as \"2026-11-23T18:14:14Z\".");
        return;
    }
    *(Instant *)at = instant;
}

static void take_currency(Decoder *d, const Field *field, const json_t *value, void *at)
{
    (void)field;
    Currency currency = 0;
    if (!currency_parse(plain_text(value), &currency)) {
        refuse_invalid(d, "Send a currency of ISO 4217 such as \"CNY\".");
        return;
    }
    *(Currency *)at = currency;
}

static int name_of(Decoder *d, const Field *field, const char *text)
{
    int index = name_index(field->names, text);
    if (index == 0) {
        decoder_refuse(d, ERR_FIELD_INVALID, "Send one of %s.",
            names_joined(d->cx->arena, field->names, ", "));
    }
    return index;
}

/* The one enumeration that has two values of JSON for its names. */
static void take_truth(Decoder *d, const json_t *value, void *at)
{
    if (!json_is_boolean(value)) {
        refuse_invalid(d, "Send true or false.");
        return;
    }
    *(int *)at = json_is_true(value) ? 2 : 1;
}

static void take_enum(Decoder *d, const Field *field, const json_t *value, void *at)
{
    if ((field->flags & FIELD_TRUTH) != 0) {
        take_truth(d, value, at);
        return;
    }
    int index = name_of(d, field, plain_text(value));
    if (index != 0) {
        *(int *)at = index;
    }
}

static void take_id(Decoder *d, const Field *field, const json_t *value, void *at)
{
    char letter = 0;
    Id id = 0;
    bool is_id = id_parse(plain_text(value), &letter, &id);
    if (!is_id || (field->to != NULL && letter != ref_kind(field->to)->letter)) {
        decoder_refuse(
            d, ERR_FIELD_INVALID, "Send the id of one %s.", field->to ? field->to : "record");
        return;
    }
    *(Id *)at = id;
}

static void refs_add(Decoder *d, RefUse use)
{
    RefUses *refs = &d->refs;
    if (refs->count == refs->size) {
        size_t size = refs->size == 0 ? 8 : refs->size * 2;
        RefUse *items = arena_array(d->cx->arena, size, sizeof *items);
        if (refs->count > 0) {
            memcpy(items, refs->items, refs->count * sizeof *items);
        }
        refs->items = items;
        refs->size = size;
    }
    refs->items[refs->count++] = use;
}

static void take_ref(Decoder *d, const Field *field, const json_t *value, void *at)
{
    if (json_is_number(value)) {
        refuse_invalid(d, "Send the code, number or id as a string.");
        return;
    }
    const char *text = text_of(d, field, value);
    if (text == NULL) {
        return;
    }
    if (is_blank(text)) {
        bool is_required = (field->flags & FIELD_REQUIRED) != 0;
        decoder_refuse(d, is_required ? ERR_FIELD_REQUIRED : ERR_FIELD_INVALID,
            "Send the code, number or id of one %s.", field->to);
        return;
    }
    Ref *ref = at;
    ref->text = arena_copy(d->cx->arena, text, json_string_length(value));
    refs_add(d, (RefUse){.ref = ref, .kind = field->to, .place = decoder_place(d)});
}

static void take_json(Decoder *d, const Field *field, const json_t *value, void *at)
{
    const char *text = json_text(d->cx->arena, value);
    size_t most = field->max_len == 0 ? LIMIT_BODY_BYTES : field->max_len;
    if (strlen(text) > most) {
        decoder_refuse(d, ERR_FIELD_INVALID, "At most %zu bytes of JSON.", most);
        return;
    }
    *(const char **)at = text;
}
static void take_flags(Decoder *d, const Field *field, const json_t *value, void *at)
{
    CLEANUP(json_value_free) json_t *made = decoder_query_list(d, value);
    const json_t *list = made != NULL ? made : value;
    if (!json_is_array(list)) {
        decoder_refuse(d, ERR_FIELD_INVALID, "Send a list of %s.",
            names_joined(d->cx->arena, field->names, ", "));
        return;
    }
    const FieldPlace *up = d->place;
    uint32_t flags = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        FieldPlace here = {.up = up, .index = i};
        d->place = &here;
        int index = name_of(d, field, plain_text(json_array_get(list, i)));
        flags |= index == 0 ? 0 : 1u << (index - 1);
    }
    d->place = up;
    if ((field->flags & FIELD_REQUIRED) != 0 && json_array_size(list) == 0) {
        decoder_refuse(d, ERR_FIELD_REQUIRED, "Needed; send at least one of %s.",
            names_joined(d->cx->arena, field->names, ", "));
    }
    *(uint32_t *)at = flags;
}

const Taker scalar_takers[] = {
    [FIELD_TEXT] = take_text,
    [FIELD_INT] = take_int,
    [FIELD_OPT_INT] = take_opt_int,
    [FIELD_BOOL] = take_bool,
    [FIELD_DATE] = take_date,
    [FIELD_INSTANT] = take_instant,
    [FIELD_DECIMAL] = take_decimal,
    [FIELD_MONEY] = take_money,
    [FIELD_LIMIT] = take_limit,
    [FIELD_CURRENCY] = take_currency,
    [FIELD_PERCENT] = take_percent,
    [FIELD_ENUM] = take_enum,
    [FIELD_FLAGS] = take_flags,
    [FIELD_ID] = take_id,
    [FIELD_REF] = take_ref,
    [FIELD_JSON] = take_json,
    [FIELD_OBJECT] = NULL,
    [FIELD_LIST] = NULL,
};
