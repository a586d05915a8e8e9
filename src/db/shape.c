/* Whether the schema that a database has is the one that its migrations make: whoever changed it
 * from outside shall hear of it at the door, not as a failure inside of an operation.
 *
 * What the migrations make is found by running them in memory. That takes some milliseconds, so the
 * database carries a mark, a number made of the schema that it had when it was last found right;
 * while the schema still has that number nothing is run. */
#include "db/port.h"

#include "base/buf.h"
#include "base/crypto.h"

#include <string.h>

enum { PARTS_MAX = 1024, MARK_BITS = 0x7fffffff };

/* One table, index, view or trigger. */
typedef struct Part {
    const char *kind;
    const char *name;
    const char *text;
} Part;

typedef struct Shape {
    Arena *arena;
    Part parts[PARTS_MAX + 1]; /* by kind and name; behind the last an empty one */
    size_t count;
    bool is_over;
} Shape;

static void part_add(void *user, const char *kind, const char *name, const char *text)
{
    Shape *shape = user;
    shape->is_over = shape->count == PARTS_MAX;
    if (!shape->is_over) {
        Arena *arena = shape->arena;
        shape->parts[shape->count++] =
            (Part){arena_str(arena, kind), arena_str(arena, name), arena_str(arena, text)};
    }
}

static Err shape_read(Ctx *cx, Shape *shape)
{
    Link *link = cx->db->link;
    shape->arena = cx->arena;
    Fault fault = link->driver->schema_parts(link, part_add, shape);
    if (fault == FAULT_NONE && shape->is_over) {
        fault = FAULT_DAMAGED;
    }
    return fault == FAULT_NONE ? ERR_OK : db_fault(cx, fault);
}

/* With the length of the history: one that was cut off tells of an older schema than there is.
 * Never 0, which a database without a mark has. */
static int64_t shape_mark_of(Arena *arena, const Shape *shape, const History *history)
{
    Buf all = buf_in(arena);
    buf_printf(&all, "%d\n", history->count);
    for (size_t i = 0; i < shape->count; i++) {
        const Part *part = &shape->parts[i];
        buf_printf(&all, "%s\n%s\n%s\n", part->kind, part->name, part->text);
    }
    Hash hash = crypto_digest(&(Bytes){buf_text(&all), all.length}, 1);
    uint32_t mark;
    memcpy(&mark, hash.bytes, sizeof mark);
    return (mark & MARK_BITS) | 1;
}

/* ---- What the migrations make ---- */

static Err shape_run(Ctx *cx, const History *history, Shape *shape)
{
    Db *before = cx->db;
    TRY(db_scratch(cx, before, &cx->db));
    Err err = migrate_run(cx, history, true);
    if (err == ERR_OK) {
        err = shape_read(cx, shape);
    }
    db_close(cx->db);
    cx->db = before;
    return err;
}

static int part_compare(const Part *a, const Part *b)
{
    int kinds = strcmp(a->kind, b->kind);
    return kinds != 0 ? kinds : strcmp(a->name, b->name);
}

static Err part_refuse(Ctx *cx, const char *called, const Part *part, const char *how)
{
    return err_set(cx, ERR_DB_DAMAGED, NULL,
        "%s was changed from outside of guanxi: %s %s %s. Keep the file, and restore the last "
        "backup.",
        called, how, part->kind, part->name);
}

/* The first difference. */
static Err shape_compare(Ctx *cx, const char *called, const Shape *wanted, const Shape *found)
{
    size_t w = 0;
    size_t f = 0;
    while (w < wanted->count || f < found->count) {
        const Part *want = &wanted->parts[w];
        const Part *find = &found->parts[f];
        int order = w == wanted->count ? 1 : f == found->count ? -1 : part_compare(want, find);
        if (order < 0) {
            return part_refuse(cx, called, want, "it lacks");
        }
        if (order > 0) {
            return part_refuse(cx, called, find, "it has one more");
        }
        if (strcmp(want->text, find->text) != 0) {
            return part_refuse(cx, called, want, "not as guanxi makes it is");
        }
        w++;
        f++;
    }
    return ERR_OK;
}

Err shape_check(Ctx *cx, const History *history, const char *called)
{
    Link *link = cx->db->link;
    ArenaMark mark = arena_mark(cx->arena);
    Shape *found = arena_alloc(cx->arena, sizeof *found);
    int64_t marked = 0;
    TRY(shape_read(cx, found));
    Fault fault = link->driver->mark_read(link, &marked);
    if (fault != FAULT_NONE) {
        return db_fault(cx, fault);
    }
    if (marked != shape_mark_of(cx->arena, found, history)) {
        Shape *wanted = arena_alloc(cx->arena, sizeof *wanted);
        TRY(shape_run(cx, history, wanted));
        TRY(shape_compare(cx, called, wanted, found));
    }
    arena_rewind(cx->arena, mark);
    return ERR_OK;
}

Err shape_mark(Ctx *cx, const History *history)
{
    Link *link = cx->db->link;
    ArenaMark mark = arena_mark(cx->arena);
    Shape *found = arena_alloc(cx->arena, sizeof *found);
    TRY(shape_read(cx, found));
    Fault fault = link->driver->mark_write(link, shape_mark_of(cx->arena, found, history));
    arena_rewind(cx->arena, mark);
    return fault == FAULT_NONE ? ERR_OK : db_fault(cx, fault);
}
