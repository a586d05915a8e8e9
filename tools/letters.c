/* Writes what src/base/spell.h looks up, from the tables of ICU: how a letter is written plainly
 * (small, without accents, half as wide, a traditional character as its simplified one), and how a
 * Chinese character is read. Run by the build; the program itself needs no ICU, and finds the same
 * whatever version a machine has. */
#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HAN_FIRST = 0x3400,
    HAN_END = 0xa000,
    TEXT_MAX = 64,
    SYLLABLES_MAX = 600,
    POOL_MAX = 1 << 16
};

/* Second readings that names of firms and places have, where ICU knows but one. */
static const struct {
    const char *character;
    const char *reading;
} seconds[] = {{"长", "chang"}, {"重", "zhong"}, {"重", "chong"}, {"行", "hang"}, {"乐", "yue"},
    {"厦", "xia"}, {"地", "di"}, {"都", "du"}, {"都", "dou"}, {"会", "kuai"}, {"藏", "zang"},
    {"藏", "cang"}, {"朝", "chao"}, {"调", "diao"}, {"传", "chuan"}, {"和", "huo"}, {"车", "ju"},
    {"六", "lu"}, {"大", "dai"}, {"还", "huan"}, {"系", "ji"}, {"柏", "bai"}, {"埔", "pu"},
    {"蚌", "beng"}, {"番", "pan"}, {"台", "tai"}, {"莞", "guan"}};

static char syllables[SYLLABLES_MAX][8];
static size_t syllable_count = 1; /* 0: none */
static char pool[POOL_MAX];
static size_t pool_size = 1; /* 0: nothing */

static void must(int holds, const char *why)
{
    if (!holds) {
        (void)fprintf(stderr, "letters: %s\n", why);
        exit(1);
    }
}

static UTransliterator *transliterator(const char *id)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar wide[200];
    u_uastrcpy(wide, id);
    UTransliterator *made = utrans_openU(wide, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
    must(U_SUCCESS(code), "ICU has not the transliterator");
    return made;
}

/* What one character becomes, as UTF-8; "" when it is too long to be of use. */
static void changed(const UTransliterator *by, uint32_t character, char text[TEXT_MAX])
{
    UErrorCode code = U_ZERO_ERROR;
    UChar wide[TEXT_MAX] = {(UChar)character};
    int32_t length = 1;
    int32_t limit = 1;
    int32_t size = 0;
    text[0] = '\0';
    utrans_transUChars(by, wide, &length, TEXT_MAX, 0, &limit, &code);
    u_strToUTF8(text, TEXT_MAX - 1, &size, wide, length, &code);
    if (U_FAILURE(code)) {
        text[0] = '\0';
    }
}

static size_t syllable_of(const char *text)
{
    for (size_t i = 1; i < syllable_count; i++) {
        if (strcmp(syllables[i], text) == 0) {
            return i;
        }
    }
    must(syllable_count < SYLLABLES_MAX, "more syllables than expected");
    (void)snprintf(syllables[syllable_count], sizeof syllables[0], "%s", text);
    return syllable_count++;
}

static size_t pool_of(const char *text)
{
    for (size_t at = 0; at < pool_size; at += strlen(pool + at) + 1) {
        if (strcmp(pool + at, text) == 0) {
            return at;
        }
    }
    size_t at = pool_size;
    must(pool_size + strlen(text) + 1 < POOL_MAX, "more plain letters than expected");
    memcpy(pool + at, text, strlen(text) + 1);
    pool_size += strlen(text) + 1;
    return at;
}

/* ---- readings */

/* A syllable of small letters; the dotted u becomes `u` where `u` is given. 0: it is none. */
static size_t reading(
    const UTransliterator *by, const UTransliterator *plain, uint32_t character, char u)
{
    char text[TEXT_MAX];
    char bare[8];
    size_t length = 0;
    changed(by, character, text);
    UChar wide[TEXT_MAX];
    int32_t count = 0;
    UErrorCode code = U_ZERO_ERROR;
    u_strFromUTF8(wide, TEXT_MAX, &count, text, -1, &code);
    must(U_SUCCESS(code), "a reading is no text");
    for (int32_t i = 0; i < count; i++) {
        char letter[TEXT_MAX];
        changed(plain, wide[i], letter);
        int is_dotted = wide[i] == 0xfc || (wide[i] >= 0x1d5 && wide[i] <= 0x1dc);
        char one = is_dotted ? u : letter[0];
        if ((!is_dotted && strlen(letter) != 1) || one < 'a' || one > 'z' ||
            length + 1 >= sizeof bare) {
            return 0;
        }
        bare[length++] = one;
    }
    bare[length] = '\0';
    return length == 0 ? 0 : syllable_of(bare);
}

static void second_add(size_t first, size_t second, uint32_t character, size_t *count)
{
    if (second != 0 && second != first) {
        printf("    {0x%x, %zu},\n", character, second);
        ++*count;
    }
}

static uint32_t character_of(const char *text)
{
    const unsigned char *b = (const unsigned char *)text;
    return (uint32_t)(b[0] & 0x0f) << 12 | (uint32_t)(b[1] & 0x3f) << 6 | (uint32_t)(b[2] & 0x3f);
}

static void readings_write(const UTransliterator *plain)
{
    UTransliterator *common = transliterator("Han-Latin");
    UTransliterator *names = transliterator("Han-Latin/Names");
    static size_t first[HAN_END - HAN_FIRST];
    printf("const uint16_t spell_reading[] = {\n");
    for (uint32_t c = HAN_FIRST; c < HAN_END; c++) {
        first[c - HAN_FIRST] = reading(common, plain, c, 'v');
        printf("%zu,%s", first[c - HAN_FIRST], c % 16 == 15 ? "\n" : "");
    }
    printf("};\n\nconst SpellSecond spell_second[] = {\n");
    size_t count = 0;
    for (uint32_t c = HAN_FIRST; c < HAN_END; c++) {
        size_t of = first[c - HAN_FIRST];
        second_add(of, reading(names, plain, c, 'v'), c, &count);
        second_add(of, reading(common, plain, c, 'u'), c, &count);
        for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
            if (character_of(seconds[i].character) == c) {
                second_add(of, syllable_of(seconds[i].reading), c, &count);
            }
        }
    }
    printf("};\nconst size_t spell_second_count = %zu;\n\nconst char spell_syllables[][8] = {\n",
        count);
    for (size_t i = 0; i < syllable_count; i++) {
        printf("\"%s\",%s", syllables[i], i % 12 == 11 ? "\n" : "");
    }
    printf("};\n\n");
    utrans_close(common);
    utrans_close(names);
}

/* ---- plain letters */

/* What is no letter and no digit parts words, as a blank does; accents that stand alone are
 * nothing. */
static const char *plain_of(const UTransliterator *plain, uint32_t character, char text[TEXT_MAX])
{
    if (character >= 0x300 && character < 0x370) {
        return "";
    }
    if (!u_isalnum((UChar32)character) && (U_GET_GC_MASK((UChar32)character) & U_GC_M_MASK) == 0) {
        return " ";
    }
    changed(plain, character, text);
    return text;
}

static void letters_write(const UTransliterator *plain)
{
    size_t count = 0;
    printf("const SpellLetter spell_letter[] = {\n");
    for (uint32_t c = 0x80; c < 0x10000; c++) {
        char text[TEXT_MAX];
        char self[8] = {0};
        int32_t size = 0;
        UErrorCode code = U_ZERO_ERROR;
        const UChar wide = (UChar)c;
        if (U_IS_SURROGATE(c) || u_charType((UChar32)c) == U_UNASSIGNED ||
            u_charType((UChar32)c) == U_PRIVATE_USE_CHAR) {
            continue;
        }
        u_strToUTF8(self, sizeof self, &size, &wide, 1, &code);
        const char *becomes = plain_of(plain, c, text);
        if (strcmp(becomes, self) != 0) {
            printf("{0x%x,%zu},%s", c, pool_of(becomes), count % 12 == 11 ? "\n" : "");
            count++;
        }
    }
    printf("};\nconst size_t spell_letter_count = %zu;\n\nconst unsigned char spell_plain[] = {\n",
        count);
    for (size_t i = 0; i < pool_size; i++) {
        printf("%u,%s", (unsigned char)pool[i], i % 24 == 23 ? "\n" : "");
    }
    printf("};\n");
}

int main(void)
{
    UTransliterator *plain = transliterator("NFKC; Hant-Hans; Latin-ASCII; Lower");
    printf("#include \"base/spell_tables.h\"\n\n");
    readings_write(plain);
    letters_write(plain);
    utrans_close(plain);
    return 0;
}
