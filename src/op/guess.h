/* What references stood for lately, kept in memory by their texts, so that a call's questions can
 * go to the database before its references are resolved. Only a guess: they are resolved all the
 * same, and what was asked for another record's id answers nothing that is asked then. */
#ifndef GUANXI_OP_GUESS_H
#define GUANXI_OP_GUESS_H

#include "op/decode.h"

/* Shared by threads. */
typedef struct Guesses Guesses;

Guesses *guesses_start(Arena *arena);
void guesses_stop(Guesses *guesses);
/* `text` was found to mean `found`. */
void guesses_note(Guesses *guesses, const char *kind, const char *text, const Ref *found);
/* Each of these references, as it was found the last time, in ret_refs; false: one was not. */
bool guesses_find(Guesses *guesses, const RefUses *refs, Ref *ret_refs);

#endif
