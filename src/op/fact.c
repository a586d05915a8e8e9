/* Writing facts and taking their fingerprints. */
#include "op/fact.h"

#include "op/fact_note.h"

#include "base/fnv.h"

#include <string.h>

const Fact fact_subject = FACT("audit_subject", 2, "subject_id, audit_id, account_id", "kki");
const Fact fact_idem = FACT("idempotency", 1, "key_hash, request_hash, audit_id", "xxk");
/* Day close moves the keys there as they are. */
const Fact fact_idem_lookup = {
    .table = "idempotency_lookup",
    .noted_as = "idempotency",
    .keys = 1,
    .scan = {"SELECT key_hash, request_hash, audit_id FROM idempotency_lookup", "", "xxk"},
};

enum { CELLS_MAX = 64, REPEAT_LOOKBACK = 32 };

/* ---- one row */

static const char *noted_table(const Fact *fact)
{
    return fact->noted_as != NULL ? fact->noted_as : fact->table;
}

uint32_t fact_table(const Fact *fact)
{
    const char *name = noted_table(fact);
    uint64_t hash = fnv_add(FNV_START, name, strlen(name));
    return (uint32_t)(hash >> 32 ^ hash) | 1u;
}

static bool is_number(char letter)
{
    return letter != 't' && letter != 'x';
}

static bool key_is_number(const Fact *fact)
{
    return fact->keys == 1 && is_number(fact->scan.out[0]);
}

int64_t fact_key(const Fact *fact, const Cell *cells)
{
    const char *letters = fact->scan.out;
    uint64_t hash = FNV_START;
    if (key_is_number(fact)) {
        return cells[0].i;
    }
    for (size_t i = 0; i < fact->keys; i++) {
        hash = is_number(letters[i]) ? fnv_add(hash, &cells[i].i, sizeof cells[i].i)
                                     : fnv_add(hash, cells[i].p, cells[i].n);
    }
    return (int64_t)hash;
}

/* Absent values only leave their bit out. */
FactPrint fact_print(const Fact *fact, const Cell *cells, size_t columns)
{
    const char *letters = fact->scan.out;
    const char *table = noted_table(fact);
    int64_t numbers[CELLS_MAX];
    Bytes parts[CELLS_MAX + 3];
    size_t number_count = 0;
    size_t part_count = 3;
    uint64_t present = 0;
    ASSERT(columns <= CELLS_MAX);
    for (size_t i = 0; i < columns; i++) {
        if (cells[i].is_null) {
            continue;
        }
        present |= UINT64_C(1) << i;
        if (is_number(letters[i])) {
            numbers[number_count++] = cells[i].i;
        } else {
            parts[part_count++] = (Bytes){cells[i].p, cells[i].n};
        }
    }
    parts[0] = (Bytes){table, strlen(table)};
    parts[1] = (Bytes){&present, sizeof present};
    parts[2] = (Bytes){numbers, number_count * sizeof numbers[0]};
    Hash hash = crypto_digest(parts, part_count);
    FactPrint print;
    memcpy(print.bytes, hash.bytes, sizeof print.bytes);
    return print;
}

bool fact_print_is_same(const FactPrint *a, const FactPrint *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* ---- notes */

/* The last note of the row, when it was written not long ago. */
static FactNote *note_find(const Facts *facts, int64_t key, uint32_t table)
{
    size_t from = facts->count < REPEAT_LOOKBACK ? 0 : facts->count - REPEAT_LOOKBACK;
    for (size_t i = facts->count; i > from; i--) {
        FactNote *note = &facts->notes[i - 1];
        if (note->key == key && note->table == table) {
            return note;
        }
    }
    return NULL;
}

static void arena_release(void *arena)
{
    arena_free(arena);
}

/* Bodies give memory of the request back as they go on; notes stay until the end. */
Arena *facts_arena(Db *db)
{
    Arena *arena = db_slot(db, DB_SLOT_FACTS);
    if (arena == NULL) {
        arena = arena_new(SIZE_MAX / 2);
        db_slot_set(db, DB_SLOT_FACTS, arena, arena_release);
    }
    return arena;
}

static FactNote *note_new(Ctx *cx, Facts *facts, const Fact *fact)
{
    facts->has_hashes = facts->has_hashes || !key_is_number(fact);
    if (facts->count == facts->size) {
        size_t size = facts->size == 0 ? 16 : facts->size * 2;
        FactNote *notes = arena_array(facts_arena(cx->db), size, sizeof *notes);
        if (facts->count > 0) {
            memcpy(notes, facts->notes, facts->count * sizeof *notes);
        }
        facts->notes = notes;
        facts->size = size;
    }
    return &facts->notes[facts->count++];
}

void fact_add(Ctx *cx, Facts *facts, const Fact *fact, const Cell *cells, size_t columns)
{
    *note_new(cx, facts, fact) = (FactNote){
        .key = fact_key(fact, cells),
        .table = fact_table(fact),
        .is = fact_print(fact, cells, columns),
    };
}

/* What an operation has seen and not changed is no news. */
void facts_prune(Facts *facts)
{
    size_t kept = 0;
    for (size_t i = 0; i < facts->count; i++) {
        if (!fact_print_is_same(&facts->notes[i].was, &facts->notes[i].is)) {
            facts->notes[kept++] = facts->notes[i];
        }
    }
    facts->count = kept;
}

static bool note_is_new(const FactNote *note, Id since)
{
    static const FactPrint none;
    return fact_print_is_same(&note->was, &none) && note->key > since;
}

bool facts_are_new(const Facts *facts, Id since)
{
    bool are_new = !facts->has_hashes;
    for (size_t i = 0; i < facts->count && are_new; i++) {
        const FactNote *note = &facts->notes[i];
        are_new = note_is_new(note, since) || fact_print_is_same(&note->was, &note->is);
    }
    return are_new;
}

/* ---- what is known */

const void *fact_known(const Ctx *cx, const Fact *fact)
{
    const FactRead *known = cx->run == NULL ? NULL : cx->run->known;
    while (known != NULL && known->fact != fact) {
        known = known->next;
    }
    return known == NULL ? NULL : known->value;
}

void fact_know(Ctx *cx, const Fact *fact, const void *value, size_t size)
{
    if (cx->run == NULL) {
        return;
    }
    Arena *arena = facts_arena(cx->db);
    FactRead *known = arena_alloc(arena, sizeof *known);
    void *kept = arena_alloc(arena, size);
    memcpy(kept, value, size);
    *known = (FactRead){.fact = fact, .value = kept, .next = cx->run->known};
    cx->run->known = known;
}

static void fact_forget(Run *run, const Fact *fact)
{
    for (FactRead **at = &run->known; *at != NULL;) {
        if ((*at)->fact == fact) {
            *at = (*at)->next;
        } else {
            at = &(*at)->next;
        }
    }
}

/* ---- writing */

typedef struct Writing {
    const Fact *fact;
    size_t next; /* where the note of the next row is looked for first */
} Writing;

static Err row_added(Ctx *cx, const Rows *row, void *user)
{
    const Writing *writing = user;
    fact_add(cx, &cx->run->facts, writing->fact, db_cell(row, 0), row->columns);
    return ERR_OK;
}

/* A row as it is before it changes. A note that stands there already says what it is. */
static Err row_seen(Ctx *cx, const Rows *row, void *user)
{
    const Fact *fact = ((const Writing *)user)->fact;
    Facts *facts = &cx->run->facts;
    int64_t key = fact_key(fact, db_cell(row, 0));
    if (note_find(facts, key, fact_table(fact)) == NULL) {
        FactPrint was = fact_print(fact, db_cell(row, 0), row->columns);
        *note_new(cx, facts, fact) =
            (FactNote){.key = key, .table = fact_table(fact), .was = was, .is = was};
    }
    return ERR_OK;
}

static bool is_note_of(const Facts *facts, size_t at, int64_t key, uint32_t table)
{
    return at < facts->count && facts->notes[at].key == key && facts->notes[at].table == table;
}

/* The last note of the row: one that was written twice with much between has two, and the second
 * goes on from the first. Rows mostly come in the order in which they were seen. */
static FactNote *note_of(const Facts *facts, Writing *writing, int64_t key)
{
    uint32_t table = fact_table(writing->fact);
    size_t at = writing->next;
    if (!is_note_of(facts, at, key, table)) {
        for (at = facts->count; at > 0 && !is_note_of(facts, at - 1, key, table);) {
            at--;
        }
        if (at == 0) {
            return NULL;
        }
        at--;
    }
    writing->next = at + 1;
    return &facts->notes[at];
}

static Err row_changed(Ctx *cx, const Rows *row, void *user)
{
    Writing *writing = user;
    FactNote *note = note_of(&cx->run->facts, writing, fact_key(writing->fact, db_cell(row, 0)));
    ASSERT(note != NULL); /* every row that the statement changes was seen before */
    note->is = fact_print(writing->fact, db_cell(row, 0), row->columns);
    return ERR_OK;
}

static Err row_removed(Ctx *cx, const Rows *row, void *user)
{
    const Fact *fact = ((const Writing *)user)->fact;
    *note_new(cx, &cx->run->facts, fact) = (FactNote){
        .key = fact_key(fact, db_cell(row, 0)),
        .table = fact_table(fact),
        .was = fact_print(fact, db_cell(row, 0), row->columns),
    };
    return ERR_OK;
}

/* Slices are audited before the operation that they are part of, so it may not write after them. */
static Writing writing_start(const Ctx *cx, const Fact *fact, const Sql *sql)
{
    ASSERT(cx->run != NULL);
    ASSERT(!cx->run->has_slices);
    ASSERT(strcmp(sql->out, fact->scan.out) == 0);
    fact_forget(cx->run, fact);
    return (Writing){.fact = fact, .next = cx->run->facts.count > 0 ? cx->run->facts.count - 1 : 0};
}

/* The arguments are the row. */
static void args_note(Ctx *cx, const Fact *fact, const Arg *args, size_t count)
{
    Cell cells[CELLS_MAX];
    for (size_t i = 0; i < count; i++) {
        cells[i] =
            (Cell){.is_null = args[i].type == '0', .i = args[i].i, .p = args[i].p, .n = args[i].n};
    }
    fact_add(cx, &cx->run->facts, fact, cells, count);
}

static void args_start(const Ctx *cx, const Fact *fact, const Sql *sql, size_t count)
{
    ASSERT(cx->run != NULL);
    ASSERT(strcmp(sql->in, fact->scan.out) == 0);
    ASSERT(count >= fact->keys);
    fact_forget(cx->run, fact);
}

static Err dossier_put(Ctx *cx, const Fact *fact, const Arg *args, size_t columns, size_t rows)
{
    return fact->dossier == DOSSIER_NOT ? ERR_OK
                                        : dossier_add(cx, fact->dossier, args, columns, rows);
}

Err fact_put_rows(
    Ctx *cx, const Fact *fact, const Sql *sql, const Arg *args, size_t columns, size_t rows)
{
    args_start(cx, fact, sql, columns);
    for (size_t i = 0; i < rows; i++) {
        args_note(cx, fact, args + i * columns, columns);
    }
    TRY(dossier_put(cx, fact, args, columns, rows));
    return db_put_rows(cx, sql, args, columns, rows);
}

Err fact_put(Ctx *cx, const Fact *fact, const Sql *sql, const Arg *args, size_t count)
{
    if (sql->out == NULL) {
        args_start(cx, fact, sql, count);
        args_note(cx, fact, args, count);
        TRY(dossier_put(cx, fact, args, count, 1));
        return db_put(cx, sql, args, count);
    }
    ASSERT(fact->dossier == DOSSIER_NOT);
    Writing writing = writing_start(cx, fact, sql);
    return db_scan(cx, sql, args, count, row_added, &writing);
}

Err fact_change(Ctx *cx, const Fact *fact, Id id, const Sql *sql, const Arg *args, size_t count)
{
    if (note_find(&cx->run->facts, id, fact_table(fact)) == NULL) {
        TRY(fact_see(cx, fact, &fact->by_id, ARGS(arg_id(id))));
    }
    return fact_change_seen(cx, fact, sql, args, count);
}

Err fact_see(Ctx *cx, const Fact *fact, const Sql *sql, const Arg *args, size_t count)
{
    Writing writing = writing_start(cx, fact, sql);
    return db_scan(cx, sql, args, count, row_seen, &writing);
}

Err fact_change_seen(Ctx *cx, const Fact *fact, const Sql *sql, const Arg *args, size_t count)
{
    Writing writing = writing_start(cx, fact, sql);
    return db_scan(cx, sql, args, count, row_changed, &writing);
}

Err fact_remove(Ctx *cx, const Fact *fact, const Sql *sql, const Arg *args, size_t count)
{
    Writing writing = writing_start(cx, fact, sql);
    return db_scan(cx, sql, args, count, row_removed, &writing);
}
