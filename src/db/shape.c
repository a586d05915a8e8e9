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
static int64_t mark_of(const Buf *all)
{
    Hash hash = crypto_digest(&(Bytes){all->data, all->length}, 1);
    uint32_t mark;
    memcpy(&mark, hash.bytes, sizeof mark);
    return (mark & MARK_BITS) | 1;
}

static Err shape_mark_of(Ctx *cx, const History *history, int64_t *ret_mark)
{
    Link *link = cx->db->link;
    Buf all = buf_in(cx->arena);
    buf_printf(&all, "%d\n", history->count);
    if (link->driver->schema_print != NULL) {
        int64_t print = 0;
        Fault fault = link->driver->schema_print(link, &print);
        buf_printf(&all, "%lld\n", (long long)print);
        *ret_mark = mark_of(&all);
        return fault == FAULT_NONE ? ERR_OK : db_fault(cx, fault);
    }
    Shape *shape = arena_alloc(cx->arena, sizeof *shape);
    TRY(shape_read(cx, shape));
    for (size_t i = 0; i < shape->count; i++) {
        const Part *part = &shape->parts[i];
        buf_printf(&all, "%s\n%s\n%s\n", part->kind, part->name, part->text);
    }
    *ret_mark = mark_of(&all);
    return ERR_OK;
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

/* A copy that the engine's own tools made may carry another's mark. Whoever may not set it looks
 * again each time. */
static void mark_mend(Ctx *cx, int64_t mark)
{
    const Db *db = cx->db;
    if (db->mode == DB_WRITE && db->link->driver->schema_print != NULL) {
        (void)db->link->driver->mark_write(db->link, mark);
    }
}

static Err shape_look(Ctx *cx, const History *history, const char *called)
{
    Shape *found = arena_alloc(cx->arena, sizeof *found);
    Shape *wanted = arena_alloc(cx->arena, sizeof *wanted);
    TRY(shape_read(cx, found));
    TRY(shape_run(cx, history, wanted));
    return shape_compare(cx, called, wanted, found);
}

Err shape_check(Ctx *cx, const History *history, const char *called)
{
    Link *link = cx->db->link;
    ArenaMark mark = arena_mark(cx->arena);
    int64_t marked = 0;
    int64_t present = 0;
    TRY(shape_mark_of(cx, history, &present));
    Fault fault = link->driver->mark_read(link, &marked);
    if (fault != FAULT_NONE) {
        return db_fault(cx, fault);
    }
    if (marked != present) {
        TRY(shape_look(cx, history, called));
        mark_mend(cx, present);
    }
    arena_rewind(cx->arena, mark);
    return ERR_OK;
}

Err shape_mark(Ctx *cx, const History *history)
{
    Link *link = cx->db->link;
    ArenaMark mark = arena_mark(cx->arena);
    int64_t present = 0;
    TRY(shape_mark_of(cx, history, &present));
    Fault fault = link->driver->mark_write(link, present);
    arena_rewind(cx->arena, mark);
    return fault == FAULT_NONE ? ERR_OK : db_fault(cx, fault);
}
