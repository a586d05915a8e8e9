/* Faults. */
#include "rules/fault.h"

bool fault_invalid(Fault *fault, const char *field, const char *sentence)
{
    *fault = (Fault){.field = field, .sentence = sentence};
    return false;
}

bool fault_missing(Fault *fault, const char *field, const char *sentence)
{
    *fault = (Fault){.field = field, .sentence = sentence, .is_missing = true};
    return false;
}
