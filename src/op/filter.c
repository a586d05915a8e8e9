/* The grammar of `filter` of lists:
 *
 *     condition = all { "or" all }
 *     all       = one { "and" one }
 *     one       = "(" condition ")" | field relation value
 *     relation  = "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "has"
 *     value     = "text in quotes, \" and \\ as in JSON" | a word or number without blanks | null
 *
 * e.g. status eq held and (total gt 100 or account eq "D01"). Fields are those that a list filters
 * or sorts by, custom ones as fields.region, and those of what a reference among them names:
 * partner.tier, partner.fields.region. Text is compared
 * exactly, byte by byte; `has` finds a part of a text, or a member of a set. `ne` is the exact
 * opposite of `eq`, so it holds for what is absent; what is absent is neither less nor greater.
 * Money is compared in the currency of its row. Values become parameters, never text of the
 * statement. */
#include "op/record_plan.h"

#include "base/names.h"
#include "op/run.h"

#include <inttypes.h>
#include <string.h>

typedef enum Relation {
    REL_EQ,
    REL_NE,
    REL_LT,
    REL_LE,
    REL_GT,
    REL_GE,
    REL_HAS,
    REL_COUNT
} Relation;

static const char *const relation_names[REL_COUNT] = {"eq", "ne", "lt", "le", "gt", "ge", "has"};
static const char *const relation_signs[REL_COUNT] = {"=", "<>", "<", "<=", ">", ">=", ""};

enum { DEPTH_MAX = 16, TERMS_MAX = 40, MONEY_SCALE = 3 };

typedef struct Word {
    const char *text; /* "" at the end */
    size_t at;        /* where it begins */
    bool is_quoted;
} Word;

/* What a comparison is about: a field of the list, or of the record that one of its references
 * names. */
typedef struct Subject {
    const RecordPlan *plan;
    const Column *column;
    const Column *link; /* the reference; NULL: a field of the list itself */
} Subject;

typedef struct Parser {
    Ctx *cx;
    Query *query;
    const RecordPlan *plan;
    const char *text;
    size_t at;
    Word word; /* the next one, not yet taken */
    size_t terms;
} Parser;

/* ---- words ---- */

static Err refuse(Parser *p, const char *why)
{
    return err_set(p->cx, ERR_FIELD_INVALID, "filter", "At character %zu: %s", p->word.at + 1, why);
}

static Err quoted_read(Parser *p)
{
    Buf text = buf_in(p->cx->arena);
    const char *at = p->text + p->at + 1;
    for (; *at != '"'; at++) {
        if (*at == '\\' && (at[1] == '"' || at[1] == '\\')) {
            at++;
        }
        if (*at == '\0') {
            return refuse(p, "the text in quotes does not end.");
        }
        buf_char(&text, *at);
    }
    p->word.text = buf_text(&text);
    p->word.is_quoted = true;
    p->at = (size_t)(at + 1 - p->text);
    return ERR_OK;
}

/* Reads the next word into p->word. */
static Err word_next(Parser *p)
{
    p->at += strspn(p->text + p->at, " \t\n");
    const char *from = p->text + p->at;
    p->word = (Word){.text = "", .at = p->at};
    if (*from == '"') {
        return quoted_read(p);
    }
    size_t length = *from == '(' || *from == ')' ? 1 : strcspn(from, " \t\n()\"");
    p->word.text = arena_copy(p->cx->arena, from, length);
    p->at += length;
    return ERR_OK;
}

static bool word_is(const Parser *p, const char *text)
{
    return !p->word.is_quoted && strcmp(p->word.text, text) == 0;
}

/* ---- values ---- */

static bool scaled_read(const char *text, int scale, int64_t *ret_number)
{
    Decimal decimal;
    return decimal_parse(text, &decimal) && decimal_at_scale(decimal, scale, ret_number);
}

static Err number_bind(Parser *p, bool is_read, int64_t number, const char *why)
{
    if (!is_read) {
        return refuse(p, why);
    }
    query_bind(p->query, 'i', arg_i64(number));
    return ERR_OK;
}

static Err date_bind(Parser *p)
{
    Date date = DATE_NONE;
    if (!date_parse(p->word.text, &date)) {
        return refuse(p, "an existing day as YYYY-MM-DD is needed.");
    }
    query_bind(p->query, 'd', arg_date(date));
    return ERR_OK;
}

static Err instant_bind(Parser *p)
{
    Date date = DATE_NONE;
    Instant at = 0;
    if (date_parse(p->word.text, &date)) {
        at = date_to_instant(date);
    } else if (!instant_parse(p->word.text, &at)) {
        return refuse(p, "a day, or an instant such as 2026-11-23T18:14:14Z, is needed.");
    }
    query_bind(p->query, 'i', arg_i64(at));
    return ERR_OK;
}

static Err bool_bind(Parser *p)
{
    if (!word_is(p, "true") && !word_is(p, "false")) {
        return refuse(p, "true or false is needed.");
    }
    query_bind(p->query, 'b', arg_bool(word_is(p, "true")));
    return ERR_OK;
}

static Err name_refuse(Parser *p, const Field *field)
{
    const char *names = names_joined(p->cx->arena, field->names, ", ");
    return refuse(p, arena_printf(p->cx->arena, "%s is one of %s.", field->name, names));
}

static Err enum_bind(Parser *p, const Field *field)
{
    if (name_index(field->names, p->word.text) == 0) {
        return name_refuse(p, field);
    }
    query_bind(p->query, 't', arg_text(p->word.text));
    return ERR_OK;
}

static Err currency_bind(Parser *p)
{
    Currency currency = 0;
    if (!currency_parse(p->word.text, &currency)) {
        return refuse(p, "a currency such as CNY is needed.");
    }
    query_bind(p->query, 't', arg_text(p->word.text));
    return ERR_OK;
}

static Err id_bind(Parser *p)
{
    char letter = '\0';
    Id id = 0;
    if (!id_parse(p->word.text, &letter, &id)) {
        return refuse(p, "an id is needed.");
    }
    query_bind(p->query, 'k', arg_id(id));
    return ERR_OK;
}

static Err ref_bind(Parser *p, const Field *field)
{
    Ref ref = {.text = p->word.text};
    TRY(run_resolve(p->cx, field->to, "filter", &ref));
    query_bind(p->query, 'k', arg_id(ref.id));
    return ERR_OK;
}

static Err value_bind(Parser *p, const Field *field)
{
    const char *text = p->word.text;
    int64_t number = 0;
    bool is_read = false;
    switch (field->type) {
    case FIELD_INT:
    case FIELD_OPT_INT:
        is_read = integer_parse(text, &number);
        return number_bind(p, is_read, number, "a whole number is needed.");
    case FIELD_DECIMAL:
        is_read = scaled_read(text, field->scale_max == 0 ? 6 : field->scale_max, &number);
        return number_bind(
            p, is_read, number, "a number with no more decimals than its field is needed.");
    case FIELD_MONEY:
        is_read = scaled_read(
            text, field->currency != 0 ? currency_decimals(field->currency) : MONEY_SCALE, &number);
        return number_bind(
            p, is_read, number, "an amount with no more decimals than its currency is needed.");
    case FIELD_PERCENT:
        is_read = scaled_read(text, 1, &number);
        return number_bind(p, is_read, number, "a percentage with at most one decimal is needed.");
    case FIELD_BOOL:
        return bool_bind(p);
    case FIELD_DATE:
        return date_bind(p);
    case FIELD_INSTANT:
        return instant_bind(p);
    case FIELD_CURRENCY:
        return currency_bind(p);
    case FIELD_ENUM:
        return enum_bind(p, field);
    case FIELD_ID:
        return id_bind(p);
    case FIELD_REF:
        return ref_bind(p, field);
    case FIELD_TEXT:
    case FIELD_JSON:
    case FIELD_LIMIT:
    case FIELD_FLAGS:
    case FIELD_OBJECT:
    case FIELD_LIST:
        break;
    }
    query_bind(p->query, 't', arg_text(text));
    return ERR_OK;
}

/* ---- terms ---- */

bool filter_takes(const RecordPlan *plan, const Field *field)
{
    bool is_named = (field->flags & (FIELD_FILTER | FIELD_SORT)) != 0;
    bool is_secret = (field->flags & FIELD_SECRET) != 0;
    bool is_plain = field->type != FIELD_LIMIT && field->type != FIELD_JSON;
    return is_named && !is_secret && is_plain &&
           (field->type != FIELD_MONEY || field->currency != 0 || plan->money_scale != NULL);
}

const char *filter_money_scale(Arena *arena, const char *currency)
{
    Buf none = buf_in(arena);
    Buf three = buf_in(arena);
    Currency at = 0;
    for (size_t i = 0; currency_at(i, &at); i++) {
        int decimals = currency_decimals(at);
        char letters[CURRENCY_TEXT_SIZE];
        currency_format(at, letters);
        if (decimals != 2) {
            Buf *names = decimals == 0 ? &none : &three;
            buf_printf(names, "%s'%s'", names->length == 0 ? "" : ", ", letters);
        }
    }
    return arena_printf(arena,
        "(CASE WHEN %s IN (%s) THEN 1000 WHEN %s IN (%s) THEN 1 ELSE 10 END)", currency,
        buf_text(&none), currency, buf_text(&three));
}

static bool takes_order(FieldType type)
{
    static const FieldType only_equal[] = {
        FIELD_BOOL, FIELD_CURRENCY, FIELD_ENUM, FIELD_ID, FIELD_REF, FIELD_FLAGS};
    for (size_t i = 0; i < COUNT(only_equal); i++) {
        if (only_equal[i] == type) {
            return false;
        }
    }
    return true;
}

static bool relation_fits(FieldType type, Relation relation)
{
    if (relation == REL_HAS) {
        return type == FIELD_TEXT || type == FIELD_FLAGS;
    }
    if (type == FIELD_FLAGS) {
        return false;
    }
    return relation == REL_EQ || relation == REL_NE || takes_order(type);
}

/* replace() is the one search for a part of a text that means the same on both engines. */
static Err has_add(Parser *p, const Column *column)
{
    Buf *text = &p->query->text;
    if (column->field->type == FIELD_FLAGS) {
        int index = name_index(column->field->names, p->word.text);
        if (index == 0) {
            return name_refuse(p, column->field);
        }
        buf_printf(text, "(%s & ", column->value);
        query_bind(p->query, 'i', arg_i64(INT64_C(1) << (index - 1)));
        buf_str(text, ") <> 0");
        return ERR_OK;
    }
    if (p->word.text[0] == '\0') {
        return refuse(p, "what is looked for may not be empty.");
    }
    buf_printf(text, "replace(%s, ", column->value);
    query_bind(p->query, 't', arg_text(p->word.text));
    buf_printf(text, ", '') <> %s", column->value);
    return ERR_OK;
}

static Err null_add(Parser *p, const Column *column, Relation relation)
{
    if (relation != REL_EQ && relation != REL_NE) {
        return refuse(p, "null goes with eq and ne.");
    }
    buf_printf(&p->query->text, "%s IS %sNULL", column->value, relation == REL_NE ? "NOT " : "");
    return ERR_OK;
}

static Err compare_add(Parser *p, const Subject *subject, Relation relation)
{
    Buf *text = &p->query->text;
    const Column *column = subject->column;
    bool is_money = column->field->type == FIELD_MONEY && column->field->currency == 0;
    buf_printf(text, "%s%s%s%s %s ", relation == REL_NE ? "(" : "", column->value,
        is_money ? " * " : "", is_money ? subject->plan->money_scale : "",
        relation_signs[relation]);
    TRY(value_bind(p, column->field));
    if (relation == REL_NE) {
        buf_printf(text, " OR %s IS NULL)", column->value);
    }
    return ERR_OK;
}

/* What stands behind a reference is asked with the statement of its own list, whose arguments are
 * not at hand. */
bool filter_reaches(const RecordPlan *plan, const Column *column)
{
    return filter_takes(plan, column->field) && strchr(plan->from, '$') == NULL &&
           strchr(column->value, '$') == NULL;
}

/* "partner.tier": no column when it names none that the caller may read. */
static Err linked_find(Parser *p, const char *dot, Subject *ret_subject)
{
    const char *name = arena_copy(p->cx->arena, p->word.text, (size_t)(dot - p->word.text));
    const Column *link = record_column(p->plan, name);
    if (link == NULL || link->field->type != FIELD_REF || !filter_takes(p->plan, link->field)) {
        return ERR_OK;
    }
    const RecordPlan *plan = record_plan_named(link->field->to);
    if (plan == NULL || strchr(plan->from, '$') != NULL ||
        !actor_may(p->cx->actor, plan->record->reads)) {
        return ERR_OK;
    }
    *ret_subject = (Subject){plan, NULL, link};
    if (custom_is_named(plan, dot + 1)) {
        return custom_column(p->query, plan, dot + 1, &ret_subject->column);
    }
    const Column *column = record_column(plan, dot + 1);
    ret_subject->column = column != NULL && filter_reaches(plan, column) ? column : NULL;
    return ERR_OK;
}

/* No column when there is none of this name that lists filter by. */
static Err subject_find(Parser *p, Subject *ret_subject)
{
    const char *dot = strchr(p->word.text, '.');
    *ret_subject = (Subject){p->plan, NULL, NULL};
    if (p->word.is_quoted) {
        return ERR_OK;
    }
    if (custom_is_named(p->plan, p->word.text)) {
        return custom_column(p->query, p->plan, p->word.text, &ret_subject->column);
    }
    if (dot != NULL) {
        return linked_find(p, dot, ret_subject);
    }
    const Column *column = record_column(p->plan, p->word.text);
    bool is_taken = column != NULL && filter_takes(p->plan, column->field);
    ret_subject->column = is_taken ? column : NULL;
    return ERR_OK;
}

static Err field_take(Parser *p, Subject *ret_subject)
{
    TRY(subject_find(p, ret_subject));
    return ret_subject->column != NULL
               ? word_next(p)
               : refuse(p, "a field of this list that it filters or sorts by is needed.");
}

static Err relation_take(Parser *p, const Column *column, Relation *ret_relation)
{
    for (Relation relation = REL_EQ; relation < REL_COUNT; relation++) {
        if (!word_is(p, relation_names[relation])) {
            continue;
        }
        if (!relation_fits(column->field->type, relation)) {
            return refuse(p, "this field is not compared in that way.");
        }
        *ret_relation = relation;
        return word_next(p);
    }
    return refuse(p, "eq, ne, lt, le, gt, ge or has is needed.");
}

/* Among the records that have a value: found by an index, and `ne` and null by those that are not
 * among them. */
static Err custom_add(Parser *p, const Subject *subject, Relation relation)
{
    Buf *text = &p->query->text;
    bool is_null = word_is(p, "null");
    bool is_not = relation == (is_null ? REL_EQ : REL_NE);
    const Subject within = {subject->plan, subject->column->within, NULL};
    if (is_null && relation != REL_EQ && relation != REL_NE) {
        return null_add(p, subject->column, relation);
    }
    const char *having = subject->column->having;
    if (is_null) {
        buf_printf(text,
            "%sEXISTS (SELECT 1 FROM custom_value v WHERE %s AND v.record_id = r.\"id\")",
            is_not ? "NOT " : "", having);
        return ERR_OK;
    }
    buf_printf(text, "r.\"id\" %sIN (SELECT v.record_id FROM custom_value v WHERE %s AND ",
        is_not ? "NOT " : "", having);
    TRY(relation == REL_HAS ? has_add(p, within.column)
                            : compare_add(p, &within, is_not ? REL_EQ : relation));
    buf_char(text, ')');
    return ERR_OK;
}

static Err comparison_add(Parser *p, const Subject *subject, Relation relation)
{
    if (subject->column->within != NULL) {
        return custom_add(p, subject, relation);
    }
    if (word_is(p, "null")) {
        return null_add(p, subject->column, relation);
    }
    return relation == REL_HAS ? has_add(p, subject->column) : compare_add(p, subject, relation);
}

/* What refers to nothing has nothing behind it: to `eq null` and `ne` that is absent, too. */
static Err linked_add(Parser *p, const Subject *subject, Relation relation)
{
    Buf *text = &p->query->text;
    bool is_null = word_is(p, "null");
    bool holds_absent = is_null ? relation == REL_EQ : relation == REL_NE;
    if (holds_absent) {
        buf_printf(text, "(%s IS NULL OR ", subject->link->value);
    }
    buf_printf(text, "%s IN (SELECT r.\"id\"%s AND ", subject->link->value, subject->plan->from);
    TRY(comparison_add(p, subject, relation));
    buf_str(text, holds_absent ? "))" : ")");
    return ERR_OK;
}

static Err term_add(Parser *p)
{
    Subject subject = {0};
    Relation relation = REL_EQ;
    if (++p->terms > TERMS_MAX) {
        return refuse(p, "a filter has at most 40 comparisons.");
    }
    TRY(field_take(p, &subject));
    TRY(relation_take(p, subject.column, &relation));
    if (word_is(p, "") || word_is(p, "(") || word_is(p, ")")) {
        return refuse(p, "a value is needed.");
    }
    if (subject.link != NULL) {
        TRY(linked_add(p, &subject, relation));
    } else {
        TRY(comparison_add(p, &subject, relation));
    }
    return word_next(p);
}

/* ---- conditions ---- */

static Err condition_add(Parser *p, size_t depth);

static Err one_add(Parser *p, size_t depth)
{
    if (!word_is(p, "(")) {
        return term_add(p);
    }
    if (depth >= DEPTH_MAX) {
        return refuse(p, "brackets are nested too deep.");
    }
    TRY(word_next(p));
    TRY(condition_add(p, depth + 1));
    if (!word_is(p, ")")) {
        return refuse(p, "a closing bracket, and, or or is needed.");
    }
    return word_next(p);
}

static Err all_add(Parser *p, size_t depth)
{
    TRY(one_add(p, depth));
    while (word_is(p, "and")) {
        buf_str(&p->query->text, " AND ");
        TRY(word_next(p));
        TRY(one_add(p, depth));
    }
    return ERR_OK;
}

static Err condition_add(Parser *p, size_t depth)
{
    buf_char(&p->query->text, '(');
    TRY(all_add(p, depth));
    while (word_is(p, "or")) {
        buf_str(&p->query->text, " OR ");
        TRY(word_next(p));
        TRY(all_add(p, depth));
    }
    buf_char(&p->query->text, ')');
    return ERR_OK;
}

Err filter_add(Query *query, const RecordPlan *plan, const char *text)
{
    Parser parser = {.cx = query->cx, .query = query, .plan = plan, .text = text};
    TRY(word_next(&parser));
    TRY(condition_add(&parser, 0));
    if (parser.word.text[0] != '\0' || parser.word.is_quoted) {
        return refuse(&parser, "and, or, or the end is needed.");
    }
    return ERR_OK;
}
