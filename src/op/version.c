/* Every record that can be read has a version: what is changed as a whole counts its changes in a
 * column, what changes by what is done about it (documents, promises, limits, requests) counts its
 * history. Which of them an operation is about, its path tells. */
#include "op/version.h"

#include "base/json.h"
#include "op/record_plan.h"

#include <string.h>

static const Sql sql_history_then = {
    "SELECT COUNT(*) FROM audit_subject WHERE subject_id = $1 AND audit_id <= $2", "kk", "i"};

/* Of a kind of reference; NULL: it is no record, or one that nobody reads singly. */
static const RecordPlan *plan_of_kind(const char *kind)
{
    const RecordPlan *plan = kind == NULL ? NULL : record_plan_named(kind);
    return plan != NULL && (plan->record->verbs & VERB_GET) != 0 ? plan : NULL;
}

/* The last reference in the path of an action; NULL: it acts on nothing that was there. */
static const Field *subject_of(const Op *op, const RecordPlan **ret_plan)
{
    const Field *field = op->effect == EFFECT_ACT ? op_subject(op) : NULL;
    *ret_plan = field == NULL ? NULL : plan_of_kind(field->to);
    return *ret_plan == NULL ? NULL : field;
}

/* What a create answers the id of; NULL: no record. */
static const Field *made_of(const Op *op)
{
    const Field *id =
        op->effect == EFFECT_CREATE ? schema_member(op->out, "id", strlen("id")) : NULL;
    return id != NULL && id->type == FIELD_ID && plan_of_kind(id->to) != NULL ? id : NULL;
}

static Id ref_id(const Run *run, const Field *field)
{
    return ((const Ref *)(const void *)((const char *)run->in + field->offset))->id;
}

/* 0: it is there no more. */
static Err version_read(Ctx *cx, const RecordPlan *plan, Id id, int64_t *ret_version)
{
    if (plan->version == NULL) {
        return history_count(cx, id, ret_version);
    }
    Rows rows;
    TRY(db_ask(cx, &plan->version_of, ARGS(arg_id(id)), &rows));
    *ret_version = db_next(&rows) ? db_i64(&rows, 0) : 0;
    return ERR_OK;
}

bool version_is_compared(const Op *op)
{
    const RecordPlan *plan = NULL;
    return subject_of(op, &plan) != NULL;
}

/* A document that is also given has one that may be absent. */
static const Field *version_member(const Schema *schema)
{
    const Field *field = schema_member(schema, "version", strlen("version"));
    bool is_number = field != NULL && (field->type == FIELD_INT || field->type == FIELD_OPT_INT);
    return is_number ? field : NULL;
}

int64_t version_shown(const Schema *schema, const void *out)
{
    const Field *field = version_member(schema);
    if (field == NULL) {
        return 0;
    }
    const void *at = (const char *)out + field->offset;
    return field->type == FIELD_INT ? *(const int64_t *)at : ((const OptInt *)at)->value;
}

bool version_is_told(const Op *op)
{
    return version_is_compared(op) || made_of(op) != NULL || version_member(op->out) != NULL;
}

Err version_compare(Ctx *cx, const Run *run)
{
    const RecordPlan *plan = NULL;
    const Field *subject = run->call->if_match == 0 ? NULL : subject_of(run->call->op, &plan);
    if (subject == NULL || ref_id(run, subject) == 0) {
        return ERR_OK;
    }
    int64_t version = 0;
    TRY(version_read(cx, plan, ref_id(run, subject), &version));
    return run_version_check(cx, version);
}

Err version_tell(Ctx *cx, const Run *run, Reply *reply)
{
    const Op *op = run->call->op;
    const RecordPlan *plan = NULL;
    const Field *made = made_of(op);
    if (reply->version != 0) {
        return ERR_OK;
    }
    if (made != NULL) {
        const void *id = (const char *)run->out + made->offset;
        reply->version = *(const Id *)id == 0 ? 0 : 1;
        return ERR_OK;
    }
    const Field *subject = subject_of(op, &plan);
    return subject == NULL ? ERR_OK : version_read(cx, plan, ref_id(run, subject), &reply->version);
}

Err version_told(Ctx *cx, Id audit_id, const char *body, int64_t *ret_version)
{
    CLEANUP(json_value_free) json_t *reply = NULL;
    TRY(json_read(cx, body, strlen(body), &reply));
    *ret_version = json_integer_value(json_object_get(reply, "version"));
    const char *text = json_string_value(json_object_get(reply, "id"));
    char letter = '\0';
    Id id = 0;
    if (*ret_version != 0 || text == NULL || !id_parse(text, &letter, &id)) {
        return ERR_OK;
    }
    const RefKind *kind = ref_kind_of_letter(letter);
    const RecordPlan *plan = kind == NULL ? NULL : plan_of_kind(kind->name);
    if (plan == NULL || plan->version != NULL) {
        return ERR_OK;
    }
    return db_number(cx, &sql_history_then, ARGS(arg_id(id), arg_id(audit_id)), ret_version);
}
