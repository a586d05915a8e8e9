/* The inside of decoding, shared by decode.c (what holds others) and decode_scalar.c. */
#ifndef GUANXI_OP_DECODE_STATE_H
#define GUANXI_OP_DECODE_STATE_H

#include "op/decode.h"

typedef struct Decoder {
    Ctx *cx;
    bool is_query;
    const FieldPlace *place;
    Currency currency; /* of the FIELD_CURRENCY of the object being read; 0: it has none */
    RefUses refs;
} Decoder;

/* Fills the member at `at`, or refuses. `value` is neither missing nor null. */
typedef void (*Taker)(Decoder *d, const Field *field, const json_t *value, void *at);

extern const Taker scalar_takers[]; /* by FieldType; NULL for what holds others */

/* Records a refusal of the field at d->place. */
void decoder_refuse(Decoder *d, Err code, const char *format, ...) PRINTF_LIKE(3, 4);
/* A copy in the arena, for what outlives the call. */
const FieldPlace *decoder_place(Decoder *d);
/* A list in a query is one text, parted by commas; as an array, to be freed, or NULL. */
json_t *decoder_query_list(const Decoder *d, const json_t *value);

#endif
