/* Why a value is refused, for the feature to turn into a refusal. */
#ifndef GUANXI_RULES_FAULT_H
#define GUANXI_RULES_FAULT_H

#include <stdbool.h>

/* Which field (dotted, "rules.3.threshold") and a sentence that says what to do. `is_missing`:
 * it is ERR_FIELD_REQUIRED, else ERR_FIELD_INVALID. Both texts are static or in the arena given. */
typedef struct Fault {
    const char *field;
    const char *sentence;
    bool is_missing;
} Fault;

/* Both answer false, so that a check can end with them. */
bool fault_invalid(Fault *fault, const char *field, const char *sentence);
bool fault_missing(Fault *fault, const char *field, const char *sentence);

#endif
