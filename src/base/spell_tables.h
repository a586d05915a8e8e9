/* What tools/letters.c writes at build time from the tables of ICU; read by spell.c alone. */
#ifndef GUANXI_BASE_SPELL_TABLES_H
#define GUANXI_BASE_SPELL_TABLES_H

#include <stddef.h>
#include <stdint.h>

enum { SPELL_HAN_FIRST = 0x3400, SPELL_HAN_END = 0xa000 };

/* A further reading of a character. */
typedef struct SpellSecond {
    uint16_t character;
    uint16_t syllable;
} SpellSecond;

/* A character that is written otherwise: where its plain form stands in spell_plain. */
typedef struct SpellLetter {
    uint16_t character;
    uint16_t plain;
} SpellLetter;

extern const char spell_syllables[][8];
extern const uint16_t spell_reading[]; /* from SPELL_HAN_FIRST on: a syllable, 0: none */
extern const SpellSecond spell_second[];
extern const size_t spell_second_count;
extern const SpellLetter spell_letter[];
extern const size_t spell_letter_count;
extern const unsigned char spell_plain[];

#endif
