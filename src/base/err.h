/* Refusals. A refusal is the world saying no: it is returned, with field and advice. A bug is
 * asserted. Only err_set() makes a code other than ERR_OK, so code and message cannot part. */
#ifndef GUANXI_BASE_ERR_H
#define GUANXI_BASE_ERR_H

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum Err {
    ERR_OK = 0,
#define REFUSAL(name, http, retry, sentence) ERR_##name,
#include "refusals.def"
#undef REFUSAL
    ERR_COUNT
} Err;

struct Ctx;

/* One field that was refused. `field` is the input's name, dotted: "lines.0.quantity". */
typedef struct FieldError {
    Err code;
    const char *field;
    const char *detail;
} FieldError;

enum { ERROR_FIELDS_MAX = 16 };

/* Why a request ended. The first error of a request is kept; field errors collect beside it. */
typedef struct Error {
    Err code;
    const char *field;  /* NULL: not about one field */
    const char *detail; /* a sentence for people; tells what to do where that can be said */
    const char *file;
    int line;
    FieldError fields[ERROR_FIELDS_MAX];
    size_t field_count;
} Error;

const char *err_name(Err code); /* "ERR_NOT_FOUND" */
int err_http_status(Err code);  /* 200 for ERR_OK */
bool err_is_retryable(Err code);
const char *err_sentence(Err code); /* the public sentence */
/* ERR_COUNT when no refusal has this name. */
Err err_by_name(const char *name);
/* 0 done, 1 refused, 2 wrong usage, 3 the system failed. */
int err_exit_code(Err code);

/* Records the refusal in cx and returns its code. `field` may be NULL; both are copied into the
 * arena. Asserts that no other refusal is pending, except that field errors after a field error are
 * collected. */
#ifndef __clang_analyzer__
#define err_set(cx, code, field, ...)                                                              \
    err_set_at((cx), (code), (field), __FILE__, __LINE__, __VA_ARGS__)
#else /* which cannot see that what is refused is not done */
#define err_set(cx, code, field, ...)                                                              \
    ((void)err_set_at((cx), (code), (field), __FILE__, __LINE__, __VA_ARGS__), ERR_INTERNAL)
#endif
Err err_set_at(struct Ctx *cx,
    Err code,
    const char *field,
    const char *file,
    int line,
    const char *format,
    ...) PRINTF_LIKE(6, 7) MUST_CHECK;
void err_clear(struct Ctx *cx);

/* Returns early with the refusal of a call; the only macro that hides control flow. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        Err try_err_ = (call);                                                                     \
        if (try_err_ != ERR_OK) {                                                                  \
            return try_err_;                                                                       \
        }                                                                                          \
    } while (0)

#endif
