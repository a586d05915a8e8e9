#include "edge/import/window.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOW_FIRST = 128 };

/* ---- Keeping ---- */

static Waiting *waiting_new(Window *window, Arena *arena)
{
    if (window->count == window->size) {
        size_t size = window->size == 0 ? WINDOW_FIRST : 2 * window->size;
        Waiting **rows = arena_array(arena, size, sizeof *rows);
        if (window->count > 0) {
            memcpy(rows, window->rows, window->count * sizeof *rows);
        }
        window->rows = rows;
        window->size = size;
    }
    Waiting *row = arena_alloc(arena, sizeof *row);
    window->rows[window->count++] = row;
    return row;
}

static const char *cells_join(Arena *arena, const CsvRow *cells)
{
    size_t size = 0;
    for (size_t i = 0; i < cells->count; i++) {
        size += strlen(cells->cells[i]) + 1;
    }
    char *joined = arena_alloc(arena, size);
    char *at = joined;
    for (size_t i = 0; i < cells->count; i++) {
        size_t length = strlen(cells->cells[i]) + 1;
        memcpy(at, cells->cells[i], length);
        at += length;
    }
    return joined;
}

/* Into room for as many. */
static void cells_part(const Waiting *row, const char **ret_cells)
{
    const char *at = row->cells;
    for (size_t i = 0; i < row->cell_count; i++) {
        ret_cells[i] = at;
        at += strlen(at) + 1;
    }
}

bool window_add(
    Window *window, Arena *arena, const Mapping *mapping, const Grouping *grouping, TableRow *row)
{
    Waiting *waiting = waiting_new(window, arena);
    *waiting = (Waiting){.number = row->number,
        .cells = cells_join(arena, &row->cells),
        .fault = row->fault,
        .cell_count = (uint32_t)row->cells.count};
    cells_part(waiting, row->cells.cells); /* what is taken from a cell lives as long as it waits */
    return grouping_take(arena, mapping, grouping, row, &waiting->account);
}

/* ---- Order ---- */

/* With what mostly decides beside each other: the rows lie far apart. */
typedef struct Place {
    uint64_t start; /* of the account's text, its first byte the highest; 0: nobody's */
    int64_t number;
    Waiting *row;
} Place;

static uint64_t text_start(const char *text)
{
    uint64_t start = 0;
    size_t i = 0;
    for (; text != NULL && i < sizeof start && text[i] != '\0'; i++) {
        start = start << 8 | (unsigned char)text[i];
    }
    return i == 0 ? 0 : start << 8 * (sizeof start - i);
}

static int by_account(const void *left, const void *right)
{
    const Place *a = left;
    const Place *b = right;
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    bool is_whole = (a->start & 0xff) == 0; /* it ends within its start */
    int difference = is_whole ? 0 : strcmp(a->row->account, b->row->account);
    return difference != 0 ? difference : (a->number > b->number) - (a->number < b->number);
}

Waiting **window_sorted(Arena *arena, const Window *window)
{
    Place *places = arena_array(arena, window->count, sizeof *places);
    for (size_t i = 0; i < window->count; i++) {
        Waiting *row = window->rows[i];
        places[i] = (Place){text_start(row->account), row->number, row};
    }
    qsort(places, window->count, sizeof *places, by_account);
    Waiting **sorted = arena_array(arena, window->count, sizeof *sorted);
    for (size_t i = 0; i < window->count; i++) {
        sorted[i] = places[i].row;
    }
    return sorted;
}

bool waiting_is_beside(const Waiting *one, const Waiting *other)
{
    return one->account != NULL && other->account != NULL &&
           strcmp(one->account, other->account) == 0;
}

/* ---- Booking ---- */

Item *waiting_item(Arena *arena, const Waiting *row)
{
    Item *item = arena_alloc(arena, sizeof *item);
    TableRow whole = {.number = row->number,
        .fault = row->fault,
        .cells = {arena_array(arena, row->cell_count, sizeof *whole.cells.cells), row->cell_count}};
    cells_part(row, whole.cells.cells);
    item_of(arena, &whole, item);
    item->account = row->account;
    return item;
}

void waiting_end(Arena *arena, Waiting *row, const Item *item)
{
    row->outcome = item->outcome;
    if (item->outcome == OUTCOME_REFUSED) {
        Item *refused = waiting_item(arena, row);
        refused->field = item->field;
        refused->reason = item->reason;
        row->refused = refused;
    }
}
