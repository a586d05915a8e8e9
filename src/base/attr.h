/* Compiler attributes and the few macros used everywhere. */
#ifndef GUANXI_BASE_ATTR_H
#define GUANXI_BASE_ATTR_H

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define NORETURN __attribute__((noreturn))
#define UNUSED __attribute__((unused))
/* Runs fn(&variable) when the variable leaves scope. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

NORETURN void assert_fail(const char *what, const char *file, int line);

/* A bug, never the world: stays on in release, one condition each, no side effects. */
#define ASSERT(condition) ((condition) ? (void)0 : assert_fail(#condition, __FILE__, __LINE__))

/* A place that is never reached. */
#define UNREACHABLE(what) assert_fail((what), __FILE__, __LINE__)

#endif
