/* The checks and the rebuilds of all features, one after another. */
#include "op/store.h"

#include "op/audit.h"
#include "op/fact_note.h"

typedef struct Findings {
    DbSay say;
    void *user;
    const char *name; /* of the check under way */
    Arena *arena;
    int64_t count;
    int64_t checks;
    bool is_within; /* a transaction */
} Findings;

static void finding_add(void *user, const char *line)
{
    Findings *findings = user;
    findings->count++;
    ArenaMark mark = arena_mark(findings->arena);
    findings->say(findings->user, arena_printf(findings->arena, "%s: %s", findings->name, line));
    arena_rewind(findings->arena, mark);
}

static Err finding_row(Ctx *cx, const Rows *row, void *user)
{
    (void)cx;
    finding_add(user, db_text(row, 0));
    return ERR_OK;
}

static Err audit_check(Ctx *cx, DbSay say, void *user)
{
    int64_t count = 0; /* they are counted as they come */
    return audit_verify(cx, say, user, &count);
}

static const Check check_audit = {.name = "audit", .run = audit_check};
static const Check check_facts = {.name = "facts", .run = facts_verify};

static Err check_run(Ctx *cx, const Check *check, Findings *findings)
{
    findings->name = check->name;
    findings->checks += findings->is_within ? 0 : 1;
    if (findings->is_within) {
        return check->sql != NULL ? db_scan(cx, check->sql, NO_ARGS, finding_row, findings)
                                  : check->run(cx, finding_add, findings);
    }
    /* Each in a read of its own: none may keep the log of a busy server from being cut. */
    findings->is_within = true;
    TRY(db_begin(cx));
    Err code = check_run(cx, check, findings);
    db_rollback(cx);
    findings->is_within = false;
    return code;
}

static const Sql sql_no_org = {
    "SELECT 'there is none: its row is missing. Restore the last backup.'"
    " WHERE NOT EXISTS (SELECT 1 FROM org WHERE id = 1)",
    "", "t"};
static const Check check_org = {.name = "the organisation", .sql = &sql_no_org};

static Err checks_run(Ctx *cx, Findings *findings)
{
    TRY(check_run(cx, &check_org, findings));
    TRY(check_run(cx, &check_audit, findings));
    TRY(check_run(cx, &check_facts, findings));
    for (const Feature *const *feature = op_features(); *feature != NULL; feature++) {
        const Check *const *check = (*feature)->checks;
        for (; check != NULL && *check != NULL; check++) {
            TRY(check_run(cx, *check, findings));
        }
    }
    return ERR_OK;
}

Err doctor_run(Ctx *cx, DbSay say, void *user, DoctorFigures *ret_figures)
{
    Findings findings = {.say = say, .user = user, .name = "file", .arena = cx->arena, .checks = 1};
    int64_t count = 0;
    TRY(db_verify(cx, finding_add, &findings, &count));
    TRY(checks_run(cx, &findings));
    *ret_figures = (DoctorFigures){.checks = findings.checks, .findings = findings.count};
    return ERR_OK;
}

Err doctor_within(Ctx *cx, DbSay say, void *user)
{
    Findings findings = {.say = say, .user = user, .arena = cx->arena, .is_within = true};
    return checks_run(cx, &findings);
}

/* The ends of the audit chains are facts: made anew from the rows that are left, they would hide
 * those that are gone. */
static Err rebuilds_run(Ctx *cx, void *user)
{
    int64_t *tables = user;
    *tables = 0;
    for (const Feature *const *feature = op_features(); *feature != NULL; feature++) {
        const Derived *const *derived = (*feature)->derived;
        for (; derived != NULL && *derived != NULL; derived++) {
            TRY((*derived)->rebuild(cx));
            ++*tables;
        }
    }
    return ERR_OK;
}

Err rebuild_run(Ctx *cx, int64_t *ret_tables)
{
    return store_batch_again(cx, rebuilds_run, ret_tables);
}
