/* The list of refusals, and the one place that records a refusal. */
#include "base/err.h"

#include "base/ctx.h"

#include <string.h>

typedef struct Refusal {
    const char *name;
    int http_status;
    bool is_retryable;
    const char *sentence;
} Refusal;

static const Refusal refusals[ERR_COUNT] = {
    [ERR_OK] = {"OK", 200, false, "Done."},
#define REFUSAL(name, http, retry, sentence) [ERR_##name] = {"ERR_" #name, http, retry, sentence},
#include "refusals.def"
#undef REFUSAL
};

static const Refusal *refusal_of(Err code)
{
    ASSERT(code >= ERR_OK);
    ASSERT(code < ERR_COUNT);
    return &refusals[code];
}

const char *err_name(Err code)
{
    return refusal_of(code)->name;
}

int err_http_status(Err code)
{
    return refusal_of(code)->http_status;
}

bool err_is_retryable(Err code)
{
    return refusal_of(code)->is_retryable;
}

const char *err_sentence(Err code)
{
    return refusal_of(code)->sentence;
}

Err err_by_name(const char *name)
{
    for (Err code = ERR_OK + 1; code < ERR_COUNT; code++) {
        if (strcmp(refusals[code].name, name) == 0) {
            return code;
        }
    }
    return ERR_COUNT;
}

int err_exit_code(Err code)
{
    if (code == ERR_OK) {
        return 0;
    }
    if (code == ERR_USAGE || code == ERR_MALFORMED || code == ERR_UNKNOWN_OPERATION) {
        return 2;
    }
    return err_http_status(code) >= 500 ? 3 : 1;
}

static bool is_about_field(Err code)
{
    return code == ERR_FIELD_REQUIRED || code == ERR_FIELD_INVALID || code == ERR_FIELD_UNKNOWN;
}

static void field_add(Error *error, FieldError field)
{
    if (error->field_count < ERROR_FIELDS_MAX) {
        error->fields[error->field_count++] = field;
    }
}

Err err_set_at(
    Ctx *cx, Err code, const char *field, const char *file, int line, const char *format, ...)
{
    Error *error = &cx->err;
    ASSERT(code > ERR_OK);
    ASSERT(code < ERR_COUNT);
    ASSERT(error->code == ERR_OK || (is_about_field(error->code) && is_about_field(code)));

    va_list args;
    va_start(args, format);
    const char *detail = arena_vprintf(cx->arena, format, args);
    va_end(args);
    field = arena_str(cx->arena, field);
    if (is_about_field(code)) {
        field_add(error, (FieldError){.code = code, .field = field, .detail = detail});
    }
    if (error->code == ERR_OK) {
        error->code = code;
        error->field = field;
        error->detail = detail;
        error->file = file;
        error->line = line;
    }
    return error->code;
}

void err_clear(Ctx *cx)
{
    cx->err = (Error){0};
}
