/* Calls that have no place here, forced into every file by -include. Each stands for an undeclared
 * name that tells what to use. The headers come first, so that their own declarations pass. */
#ifndef GUANXI_BASE_BANNED_H
#define GUANXI_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#undef strcpy
#undef strncpy
#undef strcat
#undef strncat
#undef strdup
#undef strndup
#define strcpy(...) banned_use_arena_str_or_snprintf
#define strncpy(...) banned_use_arena_copy_or_snprintf
#define strcat(...) banned_use_buf_str
#define strncat(...) banned_use_buf_add
#define strdup(...) banned_use_arena_str
#define strndup(...) banned_use_arena_copy

#undef sprintf
#undef vsprintf
#undef gets
#undef scanf
#undef sscanf
#define sprintf(...) banned_use_snprintf_or_arena_printf
#define vsprintf(...) banned_use_vsnprintf_or_arena_vprintf
#define gets(...) banned_use_fgets
#define scanf(...) banned_use_a_parser_of_base
#define sscanf(...) banned_use_a_parser_of_base

#undef strtok
#undef atoi
#undef atol
#undef atoll
#undef atof
#undef strtol
#undef strtoul
#undef strtod
#define strtok(...) banned_keeps_state_walk_the_text
#define atoi(...) banned_use_integer_parse
#define atol(...) banned_use_integer_parse
#define atoll(...) banned_use_integer_parse
#define atof(...) banned_use_decimal_parse
#define strtol(...) banned_use_integer_parse
#define strtoul(...) banned_use_integer_parse
#define strtod(...) banned_use_decimal_parse

#undef gmtime
#undef localtime
#undef ctime
#undef asctime
#undef mktime
#undef time
#define gmtime(...) banned_use_date_of_instant
#define localtime(...) banned_use_date_of_instant
#define ctime(...) banned_use_instant_format
#define asctime(...) banned_use_instant_format
#define mktime(...) banned_use_date_from_parts
#define time(...) banned_take_the_time_from_cx

#undef rand
#undef srand
#undef random
#undef system
#undef popen
#define rand(...) banned_use_crypto_random
#define srand(...) banned_use_crypto_random
#define random(...) banned_use_crypto_random
#define system(...) banned_no_shell
#define popen(...) banned_no_shell

#ifndef GUANXI_MAY_ALLOCATE
#undef malloc
#undef calloc
#undef realloc
#define malloc(...) banned_use_arena_alloc
#define calloc(...) banned_use_arena_array
#define realloc(...) banned_use_a_buf_or_arena_array
#endif

#endif
