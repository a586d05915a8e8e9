#include "base/schema.h"

#include <string.h>

const Field *schema_member(const Schema *schema, const char *name, size_t length)
{
    for (size_t i = 0; i < schema->count; i++) {
        const char *member = schema->fields[i].name;
        if (strlen(member) == length && memcmp(member, name, length) == 0) {
            return &schema->fields[i];
        }
    }
    return NULL;
}
