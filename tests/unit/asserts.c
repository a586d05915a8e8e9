/* Bugs end the process: each of these must not return. */
#include "support/unit.h"

#include "base/id.h"
#include "base/json.h"
#include "base/money.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Bug {
    const char *name;
    void (*make)(Arena *arena);
} Bug;

static const Currency cny = 'C' << 16 | 'N' << 8 | 'Y';
static const Currency usd = 'U' << 16 | 'S' << 8 | 'D';

static void none(Arena *arena)
{
    (void)arena;
}

static void second_refusal(Arena *arena)
{
    Ctx cx = {.arena = arena};
    Err code = err_set(&cx, ERR_NOT_FOUND, NULL, "First.");
    code = err_set(&cx, ERR_STATE, NULL, "Second.");
    (void)code;
}

static void field_after_another(Arena *arena)
{
    Ctx cx = {.arena = arena};
    Err code = err_set(&cx, ERR_NOT_FOUND, NULL, "First.");
    code = err_set(&cx, ERR_FIELD_INVALID, "name", "Second.");
    (void)code;
}

static void another_after_field(Arena *arena)
{
    Ctx cx = {.arena = arena};
    Err code = err_set(&cx, ERR_FIELD_INVALID, "name", "First.");
    code = err_set(&cx, ERR_STATE, NULL, "Second.");
    (void)code;
}

static void refusal_that_is_none(Arena *arena)
{
    Ctx cx = {.arena = arena};
    Err code = err_set(&cx, ERR_OK, NULL, "Nothing.");
    (void)code;
}

static void two_currencies(Arena *arena)
{
    (void)arena;
    (void)money_add(money_of(cny, 1), money_of(usd, 1));
}

static void two_currencies_compared(Arena *arena)
{
    (void)arena;
    (void)money_cmp(money_of(cny, 1), money_of(usd, 1));
}

static void lowest_turned(Arena *arena)
{
    (void)arena;
    (void)money_neg(money_of(cny, INT64_MIN));
}

static void amount_without_currency(Arena *arena)
{
    (void)arena;
    (void)money_zero(0);
}

static void unknown_currency(Arena *arena)
{
    (void)arena;
    (void)currency_decimals('X' << 16 | 'X' << 8 | 'X');
}

static void division_by_nothing(Arena *arena)
{
    (void)arena;
    int64_t result;
    bool fits = scale_half_up(1, 1, 0, &result);
    (void)fits;
}

static void mark_of_the_future(Arena *arena)
{
    ArenaMark early = arena_mark(arena);
    (void)arena_alloc(arena, 100);
    ArenaMark late = arena_mark(arena);
    arena_rewind(arena, early);
    arena_rewind(arena, late);
}

static void array_beyond_memory(Arena *arena)
{
    (void)arena_array(arena, SIZE_MAX / 4, 8);
}

static void parts_of_no_date(Arena *arena)
{
    (void)arena;
    (void)date_parts(DATE_NONE);
}

static void id_of_no_node(Arena *arena)
{
    (void)arena;
    IdSource source = {.node = ID_NODE_MAX + 1};
    (void)id_next(&source, 0);
}

static void text_of_no_id(Arena *arena)
{
    (void)arena;
    char text[ID_TEXT_SIZE];
    id_format('A', 0, text);
}

static void text_as_number(Arena *arena)
{
    (void)json_number_text(arena, json_true());
}

/* The signal that ended it, 0 when it returned. */
static int signal_of(const Bug *bug)
{
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit no_core = {0, 0};
        (void)setrlimit(RLIMIT_CORE, &no_core);
        (void)signal(SIGABRT, SIG_DFL);
        if (freopen("/dev/null", "w", stderr) == NULL) {
            _exit(9);
        }
        Arena *arena = arena_new(1 << 20);
        bug->make(arena);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void bugs_end_the_process(void **state)
{
    (void)state;
    static const Bug bugs[] = {
        {"a second refusal", second_refusal},
        {"a field's refusal after another", field_after_another},
        {"another refusal after a field's", another_after_field},
        {"a refusal that is none", refusal_that_is_none},
        {"two currencies added", two_currencies},
        {"two currencies compared", two_currencies_compared},
        {"the lowest number turned", lowest_turned},
        {"an amount without currency", amount_without_currency},
        {"an unknown currency", unknown_currency},
        {"a division by nothing", division_by_nothing},
        {"a mark of the future", mark_of_the_future},
        {"an array beyond memory", array_beyond_memory},
        {"parts of no date", parts_of_no_date},
        {"an id of no node", id_of_no_node},
        {"the text of no id", text_of_no_id},
        {"a text as a number", text_as_number},
    };
    static const Bug no_bug = {"none", none};
    assert_int_equal(signal_of(&no_bug), 0);
    for (size_t i = 0; i < COUNT(bugs); i++) {
        CHECK_ROW(bugs[i].name, signal_of(&bugs[i]) == SIGABRT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bugs_end_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
