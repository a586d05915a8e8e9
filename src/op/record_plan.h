/* What op_start composes for a record, and the parts of op/ that use it. Private to op/. */
#ifndef GUANXI_OP_RECORD_PLAN_H
#define GUANXI_OP_RECORD_PLAN_H

#include "base/buf.h"
#include "op/custom.h"
#include "op/op.h"
#include "op/record_total.h"

enum { RECORD_OPS_MAX = 6, RECORD_ARGS_MAX = 4, QUERY_ARGS_MAX = 160 };

/* A field of the schema as SQL sees it; fields that are no columns have none. */
typedef struct Column {
    const Field *field;
    const char *value; /* SQL: r."code", or the expression (.sorted before .column); of a FIELD_REF
                          * its id */
    const char *shown; /* SQL: what a FIELD_REF is called; else NULL */
    const char *sort_by; /* SQL: what it sorts and compares by */
    const char *name;    /* of the column; NULL: an expression, never written */
    char type;           /* of what it sorts and compares by: letter as in db.h */
    size_t sort_cell;    /* which cell of a row holds that */
    /* A custom field: its definition, the same among the rows v of custom_value, and the condition
     * that picks those of the field. NULL: another one. */
    Id custom_id;
    const struct Column *within;
    const char *having;
} Column;

/* A field that is unique: answers the id that has it. */
typedef struct UniqueField {
    const Field *field;
    Sql taken;
    Err code;
} UniqueField;

typedef struct ListOut {
    List items;
    const char *next;
} ListOut;

typedef struct RecordPlan {
    const Record *record;
    const RefKind *kind; /* NULL: it is never named by a path */
    const char *table;   /* quoted */
    Column *columns;
    size_t column_count;
    UniqueField *uniques;
    size_t unique_count;
    const Field *version;   /* NULL: it has none */
    bool is_counted;        /* instead, `get` counts its history */
    const Field *custom;    /* the member of custom fields; NULL: it takes none */
    const Column *date;     /* what from and until look at; NULL: it has none */
    const Column *currency; /* of its amounts; NULL: it has none */
    /* SQL that brings money of the row's currency to three decimals; NULL:
     * no money to filter by. */
    const char *money_scale;
    const char *args_in; /* letters of what the record's expressions are given; comes first */
    size_t arg_count;
    Sql load; /* by id, whoever asks; the id comes last */
    Sql get;  /* the same, in sight of the actor */
    const char *fact_columns;
    Fact fact;      /* when generated operations write it: its columns in the order of the schema */
    Sql version_of; /* by id; where `version` is a column */
    Sql insert;
    Sql update; /* insert and update answer the fact's columns */
    Sql remove;
    Sql uses;
    bool has_users;   /* some record refers to this kind */
    Sql list;         /* the beginning of every list: what the actor may see */
    const char *from; /* of it, from its FROM on */
    /* The same two by way of the dossier k of the account, for lists of one account. */
    DossierKind dossier;
    const char *dossier_list;
    const char *dossier_from;
    const Column *account;
    Sql *kept; /* lists that are asked often, kept prepared */
    size_t kept_count;
    /* offset of what lies behind the row: ListParams, the Ref of the path, the version of a get */
    size_t tail;
    size_t op_count;
    Op ops[RECORD_OPS_MAX];
} RecordPlan;

/* record_sql.c: columns and statements. record_schema.c: inputs,
 * outputs and the operations themselves. */
void record_plan_sql(Arena *arena, const Record *record, DossierKind dossier, RecordPlan *plan);
void record_plan_uses(Arena *arena, RecordPlan *plan, RecordPlan *const *plans, size_t count);
void record_plan_ops(Arena *arena, RecordPlan *plan);
const Column *record_column(const RecordPlan *plan, const char *field); /* NULL: there is none */

/* record_ref.c: a kind of reference with its statements. */
const RefKind *ref_kind_compose(Arena *arena, const RefKind *declared);

/* registry.c */
const RecordPlan *record_plan_named(const char *name); /* NULL when no record is called so */
const RecordPlan *record_plan(const Record *record);   /* asserts that it is known */
const Feature *op_feature(size_t index);               /* whose operation op_at(index) is */
/* At start: says which name does not fit and why, then ends the program. */
void op_must(bool fits, const char *name, const char *why);

/* ---- A statement composed for one call: values are always bound ---- */

typedef struct Query {
    Ctx *cx; /* NULL while composing at start */
    Buf text;
    Buf types;
    Arg args[QUERY_ARGS_MAX];
    size_t count;
} Query;

/* The arguments that the record's expressions take; ret_args has room for plan->arg_count. */
Err record_args(Ctx *cx, const RecordPlan *plan, Arg *ret_args) MUST_CHECK;
/* Adds "$n" to the text. */
void query_bind(Query *query, char type, Arg arg);
/* The same without a word; the n. */
size_t query_arg(Query *query, char type, Arg arg);

/* ---- record.c, history.c: bodies ---- */

Err record_create_run(Ctx *cx, const void *in, void *out) MUST_CHECK;
Err record_get_run(Ctx *cx, const void *in, void *out) MUST_CHECK;
Err record_change_run(Ctx *cx, const void *in, void *out) MUST_CHECK;
Err record_remove_run(Ctx *cx, const void *in, void *out) MUST_CHECK;
Err history_run(Ctx *cx, const void *in, void *out) MUST_CHECK;
/* Whether the actor may see it: a record may hide more than its reference does (ERR_NOT_FOUND). */
Err record_see(Ctx *cx, const RecordPlan *plan, Id id) MUST_CHECK;
/* How many changes its history tells, the making of it included. */
Err history_count(Ctx *cx, Id subject, int64_t *ret_count) MUST_CHECK;
/* Parts and what else is not in the row itself. */
Err record_fill(Ctx *cx, const Record *record, void *items, size_t count) MUST_CHECK;
/* What a history takes, for a record whose path names it by `path`. */
Schema history_in(Arena *arena, const Field *path);

/* ---- record_list.c ---- */

/* Whether lists take the field as a parameter of its own: equal to a value. */
bool record_takes_equal(const Field *field);

Err record_list_run(Ctx *cx, const void *in, void *out) MUST_CHECK;
/* Composes plan->kept. */
void record_list_keep(Arena *arena, RecordPlan *plan);
/* Adds the conditions that parameters make; is_asked: not the usual rows alone. */
Err record_list_where(
    Query *query, const RecordPlan *plan, const ListParams *params, bool is_asked) MUST_CHECK;

/* ---- record_total.c ---- */

/* Whether totals are told by the values of the column, and whether they sum it. */
bool record_groups(const RecordPlan *plan, const Column *column);
bool record_sums(const RecordPlan *plan, const Column *column);

/* ---- filter.c: the grammar of `filter` ---- */

/* Adds the condition that `text` says, in brackets. ERR_FIELD_INVALID filter, with the place. */
Err filter_add(Query *query, const RecordPlan *plan, const char *text) MUST_CHECK;
/* Whether a filter may speak of this field. */
bool filter_takes(const RecordPlan *plan, const Field *field);
/* Whether the filter of another record may speak of it, behind a reference to this one. */
bool filter_reaches(const RecordPlan *plan, const Column *column);
/* For plan->money_scale; `currency` is SQL. */
const char *filter_money_scale(Arena *arena, const char *currency);

/* ---- cursor.c: where a page ended ---- */

typedef struct Cursor {
    const char *sort; /* as the caller wrote it */
    Id id;
    bool is_null; /* of the value it is sorted by */
    int64_t i;
    const char *text;
} Cursor;

const char *cursor_write(Arena *arena, const Cursor *cursor);
MUST_CHECK bool cursor_read(Arena *arena, const char *text, Cursor *ret_cursor);

/* ---- custom.c, custom_value.c: the fields that the organisation added ---- */

#define CUSTOM_MEMBER "fields"
#define CUSTOM_PREFIX CUSTOM_MEMBER "."

/* Whether a name in a sort or a filter, such as fields.region, is that of a custom field. */
bool custom_is_named(const RecordPlan *plan, const char *name);
/* That field as a column; NULL when it is not defined or retired. */
Err custom_column(
    Query *query, const RecordPlan *plan, const char *name, const Column **ret_column) MUST_CHECK;
/* Which column of custom_value holds values of the type, and its letter. */
const char *custom_column_name(FieldType type, char *ret_letter);
/* Makes the JSON that rows of a record show. */
Err custom_fill(Ctx *cx, const Schema *schema, void *items, size_t count) MUST_CHECK;
/* The value that a page sorted by the column ends with. */
Err custom_cursor(Ctx *cx, Id record_id, const Column *column, Cursor *cursor) MUST_CHECK;

/* ---- value.c: one field of a row ---- */

Arg value_arg(Arena *arena, const Field *field, const void *row);
/* NULL: absent. A FIELD_REF gives what it shows, else its id. */
const char *value_text(Arena *arena, const Field *field, const void *row);
bool value_is_same(Arena *arena, const Field *field, const void *a, const void *b);
bool value_is_absent(const Field *field, const void *row);
void value_copy(const Field *field, const void *from, void *to);

#endif
