/* Any bytes: json_read refuses them with a sentence, or its canonical text reads back as itself. */
#include "base/json.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *canonical(Ctx *cx, const char *text, size_t length)
{
    CLEANUP(json_value_free) json_t *value = NULL;
    if (json_read(cx, text, length, &value) != ERR_OK) {
        ASSERT(value == NULL);
        ASSERT(cx->err.code == ERR_MALFORMED);
        ASSERT(utf8_is_valid(cx->err.detail, strlen(cx->err.detail)));
        return NULL;
    }
    ASSERT(cx->err.code == ERR_OK);
    return json_text(cx->arena, value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 26);
    Ctx cx = {.arena = arena};
    const char *once = canonical(&cx, (const char *)data, size);
    if (once != NULL) {
        ASSERT(utf8_is_valid(once, strlen(once)));
        const char *twice = canonical(&cx, once, strlen(once));
        ASSERT(twice != NULL);
        ASSERT(strcmp(once, twice) == 0);
    }
    return 0;
}
