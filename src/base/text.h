/* Text from outside, shown to people: a terminal obeys control characters. */
#ifndef GUANXI_BASE_TEXT_H
#define GUANXI_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Length of the well-formed UTF-8 character at text, 0 when there is none. */
size_t utf8_length(const char *text, size_t length);
/* False for what a terminal obeys: control characters but tab and end of line, and signs that turn
 * the direction of writing. `size` is what utf8_length() says of the character. */
bool text_is_shown(const char *text, size_t size);
/* Writes text to `out`, with a '?' for each character that is not shown and each byte that is no
 * UTF-8. */
void text_show(FILE *out, const char *text, size_t length);

#endif
