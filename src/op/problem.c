/* The problem document of RFC 9457. */
#include "op/run.h"

#include "base/json.h"

/* RFC 6901: "lines.0.quantity" as "/lines/0/quantity". Names of fields hold neither ~ nor /, but
 * an unknown member may. */
static const char *pointer_of(Arena *arena, const char *field)
{
    Buf out = buf_in(arena);
    buf_char(&out, '/');
    for (; *field != '\0'; field++) {
        switch (*field) {
        case '.':
            buf_char(&out, '/');
            break;
        case '/':
            buf_str(&out, "~1");
            break;
        case '~':
            buf_str(&out, "~0");
            break;
        default:
            buf_char(&out, *field);
        }
    }
    return buf_text(&out);
}

static void put_member(JsonWriter *w, const char *name, const char *text)
{
    json_key(w, name);
    json_put_string(w, text);
}

static void put_errors(Ctx *cx, JsonWriter *w, const Error *error)
{
    json_key(w, "errors");
    json_open(w, '[');
    for (size_t i = 0; i < error->field_count; i++) {
        const FieldError *field = &error->fields[i];
        json_open(w, '{');
        put_member(w, "code", err_name(field->code));
        if (field->field != NULL) {
            put_member(w, "pointer", pointer_of(cx->arena, field->field));
        }
        put_member(w, "detail", field->detail);
        json_close(w, '}');
    }
    json_close(w, ']');
}

void run_problem(Ctx *cx, Reply *ret_reply)
{
    const Error *error = &cx->err;
    ASSERT(error->code != ERR_OK);
    int status = err_http_status(error->code);
    Buf out = buf_in(cx->arena);
    JsonWriter w = json_writer(&out);
    json_open(&w, '{');
    json_key(&w, "type");
    json_put_string(&w, arena_printf(cx->arena, "urn:guanxi:refusal:%s", err_name(error->code)));
    put_member(&w, "title", err_sentence(error->code));
    json_key(&w, "status");
    json_put_int(&w, status);
    put_member(&w, "code", err_name(error->code));
    put_member(&w, "detail", error->detail);
    if (error->field != NULL) {
        put_member(&w, "field", error->field);
    }
    if (error->field_count > 0) {
        put_errors(cx, &w, error);
    }
    if (cx->request_id != NULL) {
        put_member(&w, "request_id", cx->request_id);
    }
    json_close(&w, '}');
    *ret_reply = (Reply){.status = status, .body = buf_text(&out)};
}
