/* Describes a C struct field by field. From one description come: decoding and validation of JSON,
 * CSV and query strings, encoding of replies, reading of rows, column lists, OpenAPI and command
 * line help.
 *
 * Zero means absent for every type but FIELD_INT and FIELD_BOOL, so a zeroed struct is an empty
 * one. */
#ifndef GUANXI_BASE_SCHEMA_H
#define GUANXI_BASE_SCHEMA_H

#include "base/ctx.h"
#include "base/money.h"

#include <stddef.h>
#include <stdint.h>

typedef enum FieldType {
    FIELD_TEXT,    /* const char *, valid UTF-8 without control characters but newline and tab */
    FIELD_INT,     /* int64_t */
    FIELD_OPT_INT, /* OptInt */
    FIELD_BOOL,    /* bool */
    FIELD_DATE,    /* Date */
    FIELD_INSTANT, /* Instant, RFC 3339 outside */
    /* Decimal: money of an input before its currency is known, quantity, price, rate */
    FIELD_DECIMAL,
    /* Money: outputs, rows whose schema has a FIELD_CURRENCY, and fields with a .currency */
    FIELD_MONEY,
    FIELD_LIMIT, /* LimitValue: decimal string, "unlimited" or null (not set) */
    /* Currency, three letters outside; gives the currency to the FIELD_MONEY of its row */
    FIELD_CURRENCY,
    FIELD_PERCENT, /* Percent: number with one decimal outside */
    FIELD_ENUM,    /* int, index into .names; index 0 is absent, its name is "" */
    FIELD_FLAGS,   /* uint32_t, bit n = .names[n + 1]; a list of strings outside */
    FIELD_ID,      /* Id, shown as letter and 13 characters; .to names the kind */
    FIELD_REF,     /* Ref: code, number or id of .to in; code or id out */
    FIELD_OBJECT,  /* pointer to struct of .item, NULL when absent */
    FIELD_LIST,    /* List of structs of .item, or of scalars of .item_type when .item is NULL */
    FIELD_JSON,    /* const char *: a whole JSON value as text */
} FieldType;

typedef struct OptInt {
    int64_t value;
    bool is_set;
} OptInt;

/* A reference. In an input `text` is what the caller wrote; before the body runs, op/run resolves
 * the rest and makes `text` what replies show (code, name, or NULL for documents). In an output
 * only `text` counts (when NULL, `id` is shown). */
typedef struct Ref {
    const char *text;
    Id id;
    Id account_id; /* the account whose ledger the thing belongs to; 0 when none */
    Id partner_id; /* the partner whose visibility it has; 0 when none */
} Ref;

/* items NULL: the list was absent. Elements lie one after another with the size of their schema. */
typedef struct List {
    void *items;
    size_t count;
} List;

typedef enum FieldFlag {
    FIELD_REQUIRED = 1u << 0,
    FIELD_FILTER = 1u << 1,    /* lists take it as a query parameter (equality) */
    FIELD_SORT = 1u << 2,      /* lists sort by it */
    FIELD_FIXED = 1u << 3,     /* record: given at create, not changed later */
    FIELD_OUTPUT = 1u << 4,    /* record: shown, never given */
    FIELD_SECRET = 1u << 5,    /* never in audit, log or reply */
    FIELD_UNIQUE = 1u << 6,    /* record: ERR_CODE_TAKEN (member `code`), ERR_NAME_TAKEN (`name`) */
    FIELD_NO_COLUMN = 1u << 7, /* not a column of the row */
    FIELD_MAY_BE_EMPTY = 1u << 8, /* a required list: present is enough */
    /* FIELD_MONEY, FIELD_INT: what is stored leaves a zero out, and what it lacks is zero */
    FIELD_ZERO = 1u << 9,
    /* FIELD_JSON: the fields that the organisation added to the record that .to names */
    FIELD_CUSTOM = 1u << 10,
    FIELD_TRUTH = 1u << 11, /* FIELD_ENUM of "", "false", "true": true and false outside */
} FieldFlag;

typedef struct Field {
    const char *name; /* JSON key = CSV header = CLI flag (with dashes) = column, unless .column */
    FieldType type;
    FieldType item_type;
    unsigned flags;
    size_t offset;
    const char *column; /* when its name differs, e.g. account_id for a FIELD_REF account */
    /* What lists sort and filter by where .column is not it: fill() changes what that gives, or for
     * all rows at once there is a quicker way. */
    const char *sorted;
    const char *to; /* FIELD_REF, FIELD_ID: the kind, e.g. "account" */
    const struct Schema *item;
    Currency currency; /* FIELD_MONEY: its own, not that of the row; 0: that of the row */
    int usual; /* FIELD_ENUM: what is stored leaves this out, and what it lacks is this; 0: none */
    const char *const *names; /* FIELD_ENUM, FIELD_FLAGS: NULL-terminated, [0] is "" */
    int64_t min;              /* FIELD_INT, FIELD_DECIMAL (whole units); both 0: unbounded */
    int64_t max;
    int scale_max;  /* FIELD_DECIMAL: decimals taken at most, 0 stands for 6; scale of its column */
    int scale_min;  /* FIELD_DECIMAL: decimals shown at least; further zeros are cut */
    size_t max_len; /* FIELD_TEXT bytes (0: 255), FIELD_LIST elements (0: 500) */
    /* FIELD_OBJECT of a reply that is a stored row: audit keeps its id alone (its first member,
     * when not 0), and for a repeat the object is made again from the row. */
    Err (*again)(Ctx *cx, Id id, const void **ret_object);
    /* FIELD_LIST of a reply: the items that are shown, made of those in the struct. */
    List (*view)(Arena *arena, List items);
    const char *doc; /* one line for people */
} Field;

typedef struct Schema {
    const char *name;
    size_t size;
    const Field *fields;
    size_t count;
} Schema;

/* The _Generic makes a member of the wrong C type a compile error. */
#define FIELD_OFFSET(T, m, C)                                                                      \
    (offsetof(T, m) + 0 * sizeof(char[_Generic(((T *)0)->m, C : 1, default : -1)]))
/* A field of C type C: kind, struct and member, then initialisers of its own. */
#define FIELD_OF(C, kind, T, m, ...)                                                               \
    {                                                                                              \
        .name = #m, .type = (kind), .offset = FIELD_OFFSET(T, m, C), __VA_ARGS__                   \
    }
/* The comma before the empty last argument keeps a field without extras within ISO C. */
#define F_TEXT(...) FIELD_OF(const char *, FIELD_TEXT, __VA_ARGS__, )
#define F_INT(...) FIELD_OF(int64_t, FIELD_INT, __VA_ARGS__, )
#define F_OPT_INT(...) FIELD_OF(OptInt, FIELD_OPT_INT, __VA_ARGS__, )
#define F_BOOL(...) FIELD_OF(bool, FIELD_BOOL, __VA_ARGS__, )
#define F_DATE(...) FIELD_OF(Date, FIELD_DATE, __VA_ARGS__, )
#define F_INSTANT(...) FIELD_OF(Instant, FIELD_INSTANT, __VA_ARGS__, )
#define F_DECIMAL(...) FIELD_OF(Decimal, FIELD_DECIMAL, __VA_ARGS__, )
#define F_MONEY(...) FIELD_OF(Money, FIELD_MONEY, __VA_ARGS__, )
#define F_LIMIT(...) FIELD_OF(LimitValue, FIELD_LIMIT, __VA_ARGS__, )
#define F_CURRENCY(...) FIELD_OF(Currency, FIELD_CURRENCY, __VA_ARGS__, )
#define F_PERCENT(...) FIELD_OF(Percent, FIELD_PERCENT, __VA_ARGS__, )
#define F_JSON(...) FIELD_OF(const char *, FIELD_JSON, __VA_ARGS__, )
/* The member `fields` of records that take custom fields, see op/custom.h. */
#define F_CUSTOM(T, record)                                                                        \
    F_JSON(T, fields, .to = (record), .flags = FIELD_CUSTOM | FIELD_NO_COLUMN,                     \
        .doc =                                                                                     \
            "What the organisation added: a value by the code of each field; custom_field_list "   \
            "tells which there are.")
/* These name one thing more: the names, the kind, or the struct of what is within. */
#define F_ENUM(...) F_ENUM_(__VA_ARGS__, )
#define F_ENUM_(T, m, n, ...) FIELD_OF(int, FIELD_ENUM, T, m, .names = (n), __VA_ARGS__)
#define F_FLAGS(...) F_FLAGS_(__VA_ARGS__, )
#define F_FLAGS_(T, m, n, ...) FIELD_OF(uint32_t, FIELD_FLAGS, T, m, .names = (n), __VA_ARGS__)
#define F_ID(...) F_ID_(__VA_ARGS__, )
#define F_ID_(T, m, kind, ...) FIELD_OF(Id, FIELD_ID, T, m, .to = (kind), __VA_ARGS__)
#define F_REF(...) F_REF_(__VA_ARGS__, )
#define F_REF_(T, m, kind, ...) FIELD_OF(Ref, FIELD_REF, T, m, .to = (kind), __VA_ARGS__)
#define F_OBJECT(...) F_OBJECT_(__VA_ARGS__, )
#define F_OBJECT_(T, m, S, ...) FIELD_OF(S *, FIELD_OBJECT, T, m, .item = &S##_schema, __VA_ARGS__)
#define F_LIST(...) F_LIST_(__VA_ARGS__, )
#define F_LIST_(T, m, S, ...) FIELD_OF(List, FIELD_LIST, T, m, .item = &S##_schema, __VA_ARGS__)
#define F_LIST_OF(...) F_LIST_OF_(__VA_ARGS__, )
#define F_LIST_OF_(T, m, t, ...) FIELD_OF(List, FIELD_LIST, T, m, .item_type = (t), __VA_ARGS__)
#define REQUIRED .flags = FIELD_REQUIRED

/* NULL: it has no member of this name. */
const Field *schema_member(const Schema *schema, const char *name, size_t length);

/* Declares Name_schema over struct Name. */
#define SCHEMA(T, ...)                                                                             \
    static const Field T##_fields[] = {__VA_ARGS__};                                               \
    static const Schema T##_schema UNUSED = {                                                      \
        .name = #T, .size = sizeof(T), .fields = T##_fields, .count = COUNT(T##_fields)}

#endif
