/* One line an event to stderr: time, level, message. No secrets; called at the edge, and where the
 * system itself fails. */
#ifndef GUANXI_BASE_LOG_H
#define GUANXI_BASE_LOG_H

#include "base/attr.h"

typedef enum LogLevel { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_NONE } LogLevel;
void log_level_set(LogLevel least);
void log_line(LogLevel level, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
