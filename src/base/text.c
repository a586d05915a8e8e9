/* UTF-8, and what of it is fit for a terminal. */
#include "base/text.h"

#include "base/attr.h"

#include <string.h>

size_t utf8_length(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    unsigned char first = bytes[0];
    if (first < 0x80) {
        return 1;
    }
    size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || size > length) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool is_overlong = (first == 0xe0 && bytes[1] < 0xa0) || (first == 0xf0 && bytes[1] < 0x90);
    bool is_surrogate = first == 0xed && bytes[1] >= 0xa0;
    bool is_beyond = first == 0xf4 && bytes[1] >= 0x90;
    return is_overlong || is_surrogate || is_beyond ? 0 : size;
}

bool text_is_shown(const char *text, size_t size)
{
    unsigned char first = (unsigned char)text[0];
    if (size == 1) {
        return (first >= 0x20 && first != 0x7f) || first == '\n' || first == '\t';
    }
    /* U+0080 to U+009F; U+200E, U+200F, U+202A to U+202E; U+2066 to U+2069 */
    static const unsigned char turning[][3] = {{0xe2, 0x80, 0x8e}, {0xe2, 0x80, 0x8f},
        {0xe2, 0x80, 0xaa}, {0xe2, 0x80, 0xab}, {0xe2, 0x80, 0xac}, {0xe2, 0x80, 0xad},
        {0xe2, 0x80, 0xae}, {0xe2, 0x81, 0xa6}, {0xe2, 0x81, 0xa7}, {0xe2, 0x81, 0xa8},
        {0xe2, 0x81, 0xa9}};
    bool is_control = first == 0xc2 && (unsigned char)text[1] < 0xa0;
    for (size_t i = 0; i < COUNT(turning) && !is_control; i++) {
        is_control = size == sizeof turning[i] && memcmp(text, turning[i], size) == 0;
    }
    return !is_control;
}

void text_show(FILE *out, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        size_t size = utf8_length(text + at, length - at);
        if (size > 0 && text_is_shown(text + at, size)) {
            (void)fwrite(text + at, 1, size, out);
        } else {
            (void)fputc('?', out);
        }
        at += size > 0 ? size : 1;
    }
}
