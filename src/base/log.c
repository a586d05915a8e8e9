/* The log: one line an event, written with one call, so that lines of several threads do not mix.
 * */
#include "base/log.h"

#include "base/os.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>

enum { LINE_MAX_BYTES = 2048 };

static atomic_int level_least = LOG_INFO;

void log_level_set(LogLevel least)
{
    atomic_store(&level_least, (int)least);
}

/* What came from outside must not look like a line of its own. */
static void line_clean(char *text)
{
    size_t length = strlen(text);
    for (size_t at = 0; at < length;) {
        size_t size = utf8_length(text + at, length - at);
        bool is_shown = size > 0 && text_is_shown(text + at, size);
        size = size > 0 ? size : 1;
        if (!is_shown || text[at] == '\n' || text[at] == '\t') {
            memset(text + at, ' ', size);
        }
        at += size;
    }
}

void log_line(LogLevel level, const char *format, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if ((int)level < atomic_load(&level_least)) {
        return;
    }
    char message[LINE_MAX_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    line_clean(message);
    char now[INSTANT_TEXT_SIZE];
    instant_format(os_now_ms(), now);
    (void)fprintf(stderr, "%s %-5s %s\n", now, names[level], message);
}
