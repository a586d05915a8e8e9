/* The rows that were asked for: their cells, and how they are collected. */
#include "db/port.h"

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

/* ---- collected ---- */

static Cell cell_copy(Arena *arena, Cell cell)
{
    if (cell.p != NULL) {
        cell.p = arena_copy(arena, cell.p, cell.n);
    }
    return cell;
}

/* Doubles the room; most answers are one row, so it begins with one. */
static Cell *cells_grow(
    Arena *arena, Cell *cells, size_t used, size_t columns, size_t *ret_capacity)
{
    size_t capacity = *ret_capacity == 0 ? 1 : *ret_capacity * 2;
    Cell *grown = arena_array(arena, capacity, columns * sizeof(Cell));
    if (used > 0) {
        memcpy(grown, cells, used * columns * sizeof(Cell));
    }
    *ret_capacity = capacity;
    return grown;
}

/* ticket: of what was asked ahead; -1: it is asked now. */
static Fault row_next(Statement *statement, int ticket, Cell *cells, bool *ret_has_row)
{
    const Driver *driver = statement->link->driver;
    return ticket < 0 ? driver->step(statement, cells, ret_has_row)
                      : driver->expected_step(statement, ticket, cells, ret_has_row);
}

Rows rows_copied(Arena *arena, const Rows *rows)
{
    size_t count = rows->count * rows->columns;
    Cell *cells = arena_array(arena, count, sizeof *cells);
    for (size_t i = 0; i < count; i++) {
        cells[i] = cell_copy(arena, rows->cells[i]);
    }
    return (Rows){.cells = cells, .columns = rows->columns, .count = rows->count};
}

Err rows_collect(Ctx *cx, Statement *statement, int ticket, Rows *ret_rows)
{
    size_t columns = statement->columns;
    size_t capacity = 0;
    size_t count = 0;
    Cell *kept = NULL;
    for (;;) {
        Cell row[COLUMNS_MAX];
        bool has_row = false;
        Fault fault = row_next(statement, ticket, row, &has_row);
        if (fault != FAULT_NONE) {
            return statement_fault(cx, fault);
        }
        if (!has_row) {
            break;
        }
        if (count == capacity) {
            kept = cells_grow(cx->arena, kept, count, columns, &capacity);
        }
        for (size_t column = 0; column < columns; column++) {
            kept[count * columns + column] = cell_copy(cx->arena, row[column]);
        }
        count++;
        if (arena_is_over(cx->arena)) {
            return err_set(cx, ERR_TOO_LARGE, NULL,
                "This would bring more rows than one request may hold. Ask for fewer.");
        }
    }
    *ret_rows = (Rows){.cells = kept, .columns = columns, .count = count};
    return ERR_OK;
}
