/* What does not fit in the table of operations ends the program at start. */
#include "support/unit.h"

#include "op/op.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Thing {
    Id id;
    Ref account;
    const char *name;
} Thing;

SCHEMA(Thing, F_ID(Thing, id, "account"), F_REF(Thing, account, "account"), F_TEXT(Thing, name));

static const Field stranger_fields[] = {F_REF(Thing, account, "stranger")};
static const Schema stranger_schema = {"Stranger", sizeof(Thing), stranger_fields, 1};
static const Field twice_fields[] = {F_TEXT(Thing, name), F_TEXT(Thing, name)};
static const Schema twice_schema = {"Twice", sizeof(Thing), twice_fields, 2};

static Err body(Ctx *cx, const void *in, void *out)
{
    (void)cx;
    (void)in;
    (void)out;
    return ERR_OK;
}

static const RefKind account_kind = {.name = "account", .letter = 'A', .code = "code"};
static const RefKind same_letter = {.name = "other", .letter = 'A'};
static const RefKind named_letter = {.name = "other", .letter = 'A', .shows = "code"};

static const Op good = {.name = "good",
    .in = &Thing_schema,
    .out = &Thing_schema,
    .run = body,
    .summary = "Does.",
    .effect = EFFECT_ACT,
    .lock = "account",
    POST("/things/{account}"),
    FAILS(ERR_STATE, ERR_IN_USE)};

static const Record headless = {.name = "account",
    .path = "/accounts",
    .letter = 'A',
    .schema = &twice_schema,
    .verbs = VERB_LIST,
    .summary = "a record without an id"};
static const Record other_letter = {.name = "account",
    .path = "/accounts",
    .letter = 'B',
    .schema = &Thing_schema,
    .verbs = VERB_LIST,
    .summary = "a record of two letters"};
static const Record listless = {.name = "account",
    .path = "/accounts",
    .letter = 'A',
    .schema = &Thing_schema,
    .verbs = VERB_LIST,
    .parts = (const RecordPart[]){{"name", NULL}, {0}},
    .summary = "a record whose part is no list"};

/* Starts with one more operation, reference or record in a process of its own:
 * true when it lived. */
static bool starts_with(const Op *op, const RefKind *kind, const Record *record)
{
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit no_core = {0, 0};
        (void)setrlimit(RLIMIT_CORE, &no_core);
        (void)close(STDERR_FILENO); /* what it says before it ends */
        const Op *const ops[] = {&good, op, NULL};
        const RefKind *const refs[] = {&account_kind, kind, NULL};
        const Record *const records[] = {record, NULL};
        const Feature feature = {.name = "f", .ops = ops, .refs = refs, .records = records};
        const Feature *const features[] = {&feature, NULL};
        op_start(features);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The good operation under another name and route, for one thing to be made wrong. */
static Op another(void)
{
    Op op = good;
    op.name = "another";
    op.path = "/others/{account}";
    return op;
}

static void what_fits_starts(void **state)
{
    (void)state;
    Op op = another();
    assert_true(starts_with(NULL, NULL, NULL));
    assert_true(starts_with(&op, NULL, NULL));
    op.path = NULL;
    assert_true(starts_with(&op, NULL, NULL));
}

static void names_and_routes_are_unique(void **state)
{
    (void)state;
    Op op = another();
    op.name = "good";
    assert_false(starts_with(&op, NULL, NULL));
    op = another();
    op.path = "/things/{name}"; /* the same shape */
    assert_false(starts_with(&op, NULL, NULL));
    op.method = METHOD_PUT;
    assert_true(starts_with(&op, NULL, NULL));
}

static void paths_fit_the_input(void **state)
{
    (void)state;
    static const char *const paths[] = {"others", "/others/{nobody}", "/others/{account"};
    for (size_t i = 0; i < COUNT(paths); i++) {
        Op op = another();
        op.path = paths[i];
        CHECK_ROW(paths[i], !starts_with(&op, NULL, NULL));
    }
}

static void schemas_are_sound(void **state)
{
    (void)state;
    Op op = another();
    op.out = &stranger_schema;
    assert_false(starts_with(&op, NULL, NULL));
    op = another();
    op.out = &twice_schema;
    assert_false(starts_with(&op, NULL, NULL));
    op = another();
    op.lock = "name";
    assert_false(starts_with(&op, NULL, NULL));
}

static void the_rest_fits(void **state)
{
    (void)state;
    Op op = another();
    op.fails[2] = ERR_STATE;
    assert_false(starts_with(&op, NULL, NULL));
    op = another();
    op.method = METHOD_GET; /* and writes */
    assert_false(starts_with(&op, NULL, NULL));
    op = another();
    op.summary = NULL;
    assert_false(starts_with(&op, NULL, NULL));
    assert_false(starts_with(NULL, &same_letter, NULL));
    assert_false(starts_with(NULL, &account_kind, NULL));
    assert_false(starts_with(NULL, &named_letter, NULL));
    assert_false(starts_with(NULL, NULL, &headless));
    assert_false(starts_with(NULL, NULL, &other_letter));
    assert_false(starts_with(NULL, NULL, &listless));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_starts),
        cmocka_unit_test(names_and_routes_are_unique),
        cmocka_unit_test(paths_fit_the_input),
        cmocka_unit_test(schemas_are_sound),
        cmocka_unit_test(the_rest_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
