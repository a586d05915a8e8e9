/* Text of a cell or an option as the JSON value that a field takes. */
#include "edge/member.h"

#include <string.h>

static bool is_same_name(const char *field, const char *name, size_t length)
{
    if (strlen(field) != length) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (field[i] != (name[i] == '-' ? '_' : name[i])) {
            return false;
        }
    }
    return true;
}

const Field *member_field(const Schema *schema, const char *name, size_t length)
{
    for (size_t i = 0; i < schema->count; i++) {
        if (is_same_name(schema->fields[i].name, name, length)) {
            return &schema->fields[i];
        }
    }
    return NULL;
}

static json_t *int_value(const char *text)
{
    char *end = NULL;
    long long number = strtoll(text, &end, 10);
    bool is_whole = text[0] != '\0' && strlen(text) <= 18 && *end == '\0' && text[0] > ' ';
    return is_whole ? json_integer(number) : json_string(text);
}

static json_t *bool_value(const char *text)
{
    static const char *const yes[] = {"true", "yes", "1", ""};
    static const char *const no[] = {"false", "no", "0"};
    for (size_t i = 0; i < COUNT(yes); i++) {
        if (strcmp(text, yes[i]) == 0) {
            return json_true();
        }
    }
    for (size_t i = 0; i < COUNT(no); i++) {
        if (strcmp(text, no[i]) == 0) {
            return json_false();
        }
    }
    return json_string(text);
}

static json_t *scalar_value(FieldType type, const char *text)
{
    if (type == FIELD_INT || type == FIELD_OPT_INT) {
        return int_value(text);
    }
    return type == FIELD_BOOL ? bool_value(text) : json_string(text);
}

/* "a; b": blanks around the parts do not count. NULL when the text is not UTF-8. */
static json_t *list_value(const char *text)
{
    json_t *list = json_array();
    while (*text != '\0') {
        text += strspn(text, " ");
        size_t whole = strcspn(text, ";");
        size_t length = whole;
        while (length > 0 && text[length - 1] == ' ') {
            length--;
        }
        if (json_array_append_new(list, json_stringn(text, length)) != 0) {
            json_decref(list);
            return NULL;
        }
        text += whole + (text[whole] == ';' ? 1 : 0);
    }
    return list;
}

json_t *member_value(const Field *field, const char *text)
{
    bool is_structure = field->type == FIELD_OBJECT || field->type == FIELD_JSON ||
                        (field->type == FIELD_LIST && field->item != NULL);
    if (is_structure ||
        ((field->type == FIELD_LIST || field->type == FIELD_FLAGS) && text[0] == '[')) {
        return json_loads(text, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
    }
    if (field->type == FIELD_LIST || field->type == FIELD_FLAGS) {
        return list_value(text);
    }
    if (field->type == FIELD_LIMIT && strcmp(text, "null") == 0) {
        return json_null();
    }
    return scalar_value(field->type, text);
}
