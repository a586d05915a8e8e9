/* Reading what has to be there: what is missing, or says what nothing can mean, is damage. */
#include "db/db.h"

#include "base/names.h"

#include <stdarg.h>
#include <string.h>

#undef db_damaged /* what is looked at by the analyzer is called through a macro */
Err db_damaged(Ctx *cx, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *what = arena_vprintf(cx->arena, format, args);
    va_end(args);
    return err_set(cx, ERR_DB_DAMAGED, NULL,
        "The database is not sound: %s. Run `guanxi doctor`, and restore a backup where it finds "
        "faults.",
        what);
}

Err db_one(Ctx *cx, const Sql *sql, const Arg *args, size_t count, const char *what, Rows *ret_row)
{
    TRY(db_ask(cx, sql, args, count, ret_row));
    if (ret_row->count > 1) {
        return db_damaged(cx, "%s is there more than once", what);
    }
    return db_next(ret_row) ? ERR_OK : db_damaged(cx, "%s is missing", what);
}

Err db_number(Ctx *cx, const Sql *sql, const Arg *args, size_t count, int64_t *ret_number)
{
    Rows rows;
    TRY(db_ask(cx, sql, args, count, &rows));
    ASSERT(rows.count == 1); /* else the statement is no count or sum */
    ASSERT(rows.columns == 1);
    ASSERT(db_next(&rows));
    *ret_number = db_i64(&rows, 0);
    return ERR_OK;
}

Err db_currency(Ctx *cx, const Rows *rows, size_t column, Currency *ret_currency)
{
    const char *text = db_text(rows, column);
    Currency currency = 0;
    if (text != NULL && !currency_parse(text, &currency)) {
        return db_damaged(cx, "\"%s\" stands where a currency is meant", text);
    }
    *ret_currency = currency;
    return ERR_OK;
}

Err db_name(Ctx *cx, const Rows *rows, size_t column, const char *const *names, int *ret_index)
{
    const char *text = db_text(rows, column);
    int index = name_index(names, text);
    if (text != NULL && index == 0) {
        return db_damaged(cx, "\"%s\" stands where one of %s is meant", text,
            names_joined(cx->arena, names, ", "));
    }
    *ret_index = index;
    return ERR_OK;
}
