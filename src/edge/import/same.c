#include "edge/import/same.h"

#include "base/money.h"

#include <string.h>

bool is_same_value(const json_t *given, const json_t *stored)
{
    const char *a = json_string_value(given);
    const char *b = json_string_value(stored);
    Decimal x;
    Decimal y;
    if (a != NULL && b != NULL && decimal_parse(a, &x) && decimal_parse(b, &y)) {
        int64_t left = 0;
        int64_t right = 0;
        return decimal_at_scale(x, 6, &left) && decimal_at_scale(y, 6, &right) && left == right;
    }
    return json_equal(given, stored);
}

bool is_document_there(const json_t *members, const json_t *stored)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)members, name, value)
    {
        const json_t *shown = json_object_get(stored, name);
        if (strcmp(name, "account") == 0) {
            continue; /* there it was found, whatever the row calls it */
        }
        bool is_plain = json_is_string(value) || json_is_integer(value);
        if (is_plain && shown != NULL && !json_is_null(shown) && !is_same_value(value, shown)) {
            return false;
        }
    }
    return true;
}

json_t *document_standing(const json_t *items)
{
    size_t count = json_array_size(items);
    for (size_t i = 0; i < count; i++) {
        json_t *one = json_array_get(items, i);
        const char *status = json_string_value(json_object_get(one, "status"));
        if (status == NULL || strcmp(status, "reversed") != 0) {
            return one;
        }
    }
    return count == 0 ? NULL : json_array_get(items, count - 1);
}
