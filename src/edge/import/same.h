/* Whether a document that is there says what a row says. */
#ifndef GUANXI_EDGE_IMPORT_SAME_H
#define GUANXI_EDGE_IMPORT_SAME_H

#include <jansson.h>
#include <stdbool.h>

/* Numbers are the same in any writing: "50.4" and "50.40". */
bool is_same_value(const json_t *given, const json_t *stored);
/* Every plain member that the row gives and the document shows is the same. */
bool is_document_there(const json_t *members, const json_t *stored);
/* Of documents with one number the one that was not taken back, if any; borrowed. NULL: none. */
json_t *document_standing(const json_t *items);

#endif
