/* Inputs that their caller makes itself, without JSON between. */
#include "op/encode.h"
#include "op/run.h"
#include "op/run_state.h"

static size_t ref_count(const Schema *schema)
{
    size_t count = 0;
    for (size_t i = 0; i < schema->count; i++) {
        count += schema->fields[i].type == FIELD_REF ? 1 : 0;
    }
    return count;
}

void run_input_ahead(Ctx *cx, Call *call, void *in)
{
    const Schema *schema = call->op->in;
    Decoded *ahead = arena_alloc(cx->arena, sizeof *ahead);
    *ahead = (Decoded){.in = in, .given = encode_stored(cx->arena, schema, in)};
    ahead->refs.items = arena_array(cx->arena, ref_count(schema), sizeof *ahead->refs.items);
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        Ref *ref = (Ref *)(void *)((char *)in + field->offset);
        if (field->type != FIELD_REF || ref->text == NULL) {
            continue;
        }
        FieldPlace *place = arena_alloc(cx->arena, sizeof *place);
        place->name = field->name;
        ahead->refs.items[ahead->refs.count++] =
            (RefUse){.ref = ref, .kind = field->to, .place = place};
    }
    call->ahead = ahead;
}
