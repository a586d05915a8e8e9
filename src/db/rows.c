/* Reading the cells of rows that were asked for. */
#include "db/db.h"

#include <string.h>

bool db_next(Rows *rows)
{
    if (rows->at >= rows->count) {
        return false;
    }
    rows->at++;
    return true;
}

const Cell *db_cell(const Rows *rows, size_t column)
{
    ASSERT(rows->at >= 1);
    ASSERT(rows->at <= rows->count);
    ASSERT(column < rows->columns);
    return &rows->cells[(rows->at - 1) * rows->columns + column];
}

bool db_is_null(const Rows *rows, size_t column)
{
    return db_cell(rows, column)->is_null;
}

int64_t db_i64(const Rows *rows, size_t column)
{
    return db_cell(rows, column)->i;
}

Id db_id(const Rows *rows, size_t column)
{
    return db_cell(rows, column)->i;
}

bool db_bool(const Rows *rows, size_t column)
{
    return db_cell(rows, column)->i != 0;
}

Date db_date(const Rows *rows, size_t column)
{
    return (Date)db_cell(rows, column)->i;
}

const char *db_text(const Rows *rows, size_t column)
{
    return db_cell(rows, column)->p;
}

bool db_bytes(const Rows *rows, size_t column, void *ret_bytes, size_t size)
{
    const Cell *cell = db_cell(rows, column);
    if (cell->is_null || cell->n != size) {
        return false;
    }
    memcpy(ret_bytes, cell->p, size);
    return true;
}
