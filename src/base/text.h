/* Text from outside, shown to people: a terminal obeys control characters. */
#ifndef GUANXI_BASE_TEXT_H
#define GUANXI_BASE_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* Length of the well-formed UTF-8 character at text, 0 when there is none. */
size_t utf8_length(const char *text, size_t length);
/* Writes text to `out` with a '?' for each control character (tabs and ends of lines stay), each
 * sign that turns the direction of writing, and each byte that is no UTF-8. */
void text_show(FILE *out, const char *text, size_t length);

#endif
