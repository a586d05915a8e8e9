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

/* Each in a read of its own: none may keep the log of a busy server from being cut. */
static Err check_run(Ctx *cx, const Check *check, Findings *findings)
{
    findings->name = check->name;
    TRY(db_begin(cx));
    Err code = check->sql != NULL ? db_scan(cx, check->sql, NO_ARGS, finding_row, findings)
                                  : check->run(cx, finding_add, findings);
    db_rollback(cx);
    return code;
}

/* Rows and notes of one moment. */
static Err facts_run(Ctx *cx, Findings *findings)
{
    findings->name = "facts";
    TRY(db_begin(cx));
    Err code = facts_verify(cx, finding_add, findings);
    db_rollback(cx);
    return code;
}

static Err checks_run(Ctx *cx, Findings *findings, int64_t *ret_checks)
{
    for (const Feature *const *feature = op_features(); *feature != NULL; feature++) {
        const Check *const *check = (*feature)->checks;
        for (; check != NULL && *check != NULL; check++) {
            TRY(check_run(cx, *check, findings));
            ++*ret_checks;
        }
    }
    return ERR_OK;
}

Err doctor_run(Ctx *cx, DbSay say, void *user, DoctorFigures *ret_figures)
{
    Findings findings = {.say = say, .user = user, .name = "file", .arena = cx->arena};
    int64_t checks = 3;
    int64_t count = 0;
    TRY(db_verify(cx, finding_add, &findings, &count));
    findings.name = "audit";
    TRY(audit_verify(cx, finding_add, &findings, &count));
    TRY(facts_run(cx, &findings));
    TRY(checks_run(cx, &findings, &checks));
    *ret_figures = (DoctorFigures){.checks = checks, .findings = findings.count};
    return ERR_OK;
}

/* The ends of the audit chains are facts: made anew from the rows that are left, they would hide
 * those that are gone. */
static Err rebuilds_run(Ctx *cx, void *user)
{
    int64_t *tables = user;
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
    *ret_tables = 0;
    return store_batch(cx, rebuilds_run, ret_tables);
}
