/* Facts against the audit: every row as the last operation that wrote it left it, no row that no
 * operation wrote, none gone that nobody removed.
 *
 * The newest note of each row is kept in a set of places that fits in a fixed memory. Where there
 * are more rows than places, the rows are split by a hash and each part is a pass of its own over
 * notes and rows: reading again is cheaper than sorting, and needs no room on disk. */
#include "op/fact_note.h"

#include "base/buf.h"
#include "base/id.h"

#include <inttypes.h>
#include <string.h>

static const Sql sql_notes = {
    "SELECT id, facts FROM audit WHERE facts IS NOT NULL ORDER BY id", "", "kx"};
static const Sql sql_notes_size = {
    "SELECT CAST(COALESCE(SUM(LENGTH(facts)), 0) AS BIGINT) FROM audit", "", "i"};

/* 24 MiB of places, half of them taken. */
enum { PLACES_MAX = 1 << 20 };

typedef enum KnownState { KNOWN_FREE, KNOWN_NOTED, KNOWN_FOUND } KnownState;

/* A row as the audit tells of it. */
typedef struct Known {
    int64_t key;
    uint32_t table;
    FactPrint is;   /* after the last operation that wrote it; none: it was removed */
    uint16_t state; /* KnownState */
} Known;
_Static_assert(sizeof(Known) == 24, "a place is three words");

typedef struct Pass {
    Known *places;
    size_t place_count; /* power of two */
    size_t parts;
    size_t part;
    const Fact *fact; /* whose rows are read */
    Arena *lines;
    DbSay say;
    void *user;
} Pass;

PRINTF_LIKE(2, 3)
static void find(Pass *pass, const char *format, ...)
{
    ArenaMark mark = arena_mark(pass->lines);
    va_list args;
    va_start(args, format);
    pass->say(pass->user, arena_vprintf(pass->lines, format, args));
    va_end(args);
    arena_rewind(pass->lines, mark);
}

/* ---- places */

static uint64_t place_hash(int64_t key, uint32_t table)
{
    uint64_t hash = ((uint64_t)key ^ (uint64_t)table << 24) * UINT64_C(0x9E3779B97F4A7C15);
    hash ^= hash >> 29;
    hash *= UINT64_C(0xBF58476D1CE4E5B9);
    return hash ^ hash >> 32;
}

/* The high bits choose the part, the low ones the place. */
static bool is_of_part(const Pass *pass, uint64_t hash)
{
    return pass->parts == 1 || (hash >> 40) % pass->parts == pass->part;
}

/* The place of the row, or the free one where it goes. */
static Known *place_of(const Pass *pass, uint64_t hash, int64_t key, uint32_t table)
{
    size_t at = (size_t)hash & (pass->place_count - 1);
    while (pass->places[at].state != KNOWN_FREE &&
           (pass->places[at].key != key || pass->places[at].table != table)) {
        at = (at + 1) & (pass->place_count - 1);
    }
    return &pass->places[at];
}

/* ---- names */

static const char *number_text(Arena *arena, char letter, int64_t value)
{
    char day[DATE_TEXT_SIZE];
    if (letter != 'd') {
        return arena_printf(arena, "%" PRId64, value);
    }
    date_format((Date)value, day);
    return arena_str(arena, day);
}

static const char *name_text(Arena *arena, const char *table, Id id)
{
    const RefKind *kind = ref_kind_of(table);
    return kind == NULL || id <= 0 ? arena_printf(arena, "%" PRId64, id)
                                   : id_text(arena, kind->letter, id);
}

/* "sales_order O01…", "user_territory 12 34" */
static const char *row_name(Arena *arena, const Fact *fact, const Rows *row)
{
    const char *letters = fact->scan.out;
    Buf name = buf_in(arena);
    buf_str(&name, fact->table);
    for (size_t i = 0; i < fact->keys; i++) {
        if (letters[i] == 't') {
            buf_printf(&name, " %s", db_text(row, i));
        } else if (letters[i] == 'k' && fact->keys == 1) {
            buf_printf(&name, " %s", name_text(arena, fact->table, db_id(row, i)));
        } else if (letters[i] != 'x') {
            buf_printf(&name, " %s", number_text(arena, letters[i], db_i64(row, i)));
        }
    }
    return buf_text(&name);
}

/* ---- notes */

static const Fact *fact_of(uint32_t table)
{
    for (size_t i = 0; i < fact_count(); i++) {
        if (fact_table(fact_at(i)) == table) {
            return fact_at(i);
        }
    }
    return NULL;
}

/* The row of a note; where only a hash names it, its table alone. */
static const char *noted_name(Arena *arena, int64_t key, uint32_t table)
{
    const Fact *fact = fact_of(table);
    if (fact == NULL) {
        return "a table that this program does not know";
    }
    bool is_id = fact->keys == 1 && fact->scan.out[0] == 'k';
    return is_id ? arena_printf(arena, "%s %s", fact->table, name_text(arena, fact->table, key))
                 : fact->table;
}

/* What an operation found has to be what the one before left. */
static void note_keep(Pass *pass, const FactNote *note, Id audit_id)
{
    uint64_t hash = place_hash(note->key, note->table);
    if (!is_of_part(pass, hash)) {
        return;
    }
    Known *known = place_of(pass, hash, note->key, note->table);
    if (!fact_print_is_same(&known->is, &note->was)) {
        ArenaMark mark = arena_mark(pass->lines);
        char operation[ID_TEXT_SIZE];
        id_format('Q', audit_id, operation);
        find(pass, "%s: it had been altered when operation %s wrote it.",
            noted_name(pass->lines, note->key, note->table), operation);
        arena_rewind(pass->lines, mark);
    }
    *known = (Known){.key = note->key, .table = note->table, .is = note->is, .state = KNOWN_NOTED};
}

static Err notes_read(Ctx *cx, const Rows *row, void *user)
{
    (void)cx;
    const Cell *cell = db_cell(row, 1);
    for (size_t at = 0; at + sizeof(FactNote) <= cell->n; at += sizeof(FactNote)) {
        FactNote note;
        memcpy(&note, cell->p + at, sizeof note);
        note_keep(user, &note, db_id(row, 0));
    }
    return ERR_OK;
}

/* ---- rows */

static void row_judge(Pass *pass, const Rows *row, Known *known)
{
    FactPrint print = fact_print(pass->fact, db_cell(row, 0), row->columns);
    bool is_sound = known->state == KNOWN_NOTED && fact_print_is_same(&known->is, &print);
    if (!is_sound) {
        static const FactPrint none;
        ArenaMark mark = arena_mark(pass->lines);
        bool is_new = known->state == KNOWN_FREE || fact_print_is_same(&known->is, &none);
        find(pass, "%s: %s.", row_name(pass->lines, pass->fact, row),
            is_new                        ? "no operation wrote it"
            : known->state == KNOWN_FOUND ? "it stands there twice"
                                          : "it is not as the last operation left it");
        arena_rewind(pass->lines, mark);
    }
    if (known->state == KNOWN_NOTED) {
        known->state = KNOWN_FOUND;
    }
}

static Err row_check(Ctx *cx, const Rows *row, void *user)
{
    (void)cx;
    Pass *pass = user;
    int64_t key = fact_key(pass->fact, db_cell(row, 0));
    uint32_t table = fact_table(pass->fact);
    uint64_t hash = place_hash(key, table);
    if (is_of_part(pass, hash)) {
        row_judge(pass, row, place_of(pass, hash, key, table));
    }
    return ERR_OK;
}

/* What was written, and stands nowhere now. */
static void missing_tell(Pass *pass)
{
    static const FactPrint none;
    for (size_t i = 0; i < pass->place_count; i++) {
        const Known *known = &pass->places[i];
        if (known->state == KNOWN_NOTED && !fact_print_is_same(&known->is, &none)) {
            ArenaMark mark = arena_mark(pass->lines);
            find(pass, "%s: an operation wrote it, and it is gone.",
                noted_name(pass->lines, known->key, known->table));
            arena_rewind(pass->lines, mark);
        }
    }
}

static Err pass_run(Ctx *cx, Pass *pass)
{
    memset(pass->places, 0, pass->place_count * sizeof *pass->places);
    TRY(db_scan(cx, &sql_notes, NO_ARGS, notes_read, pass));
    for (size_t i = 0; i < fact_count(); i++) {
        pass->fact = fact_at(i);
        TRY(db_scan(cx, &pass->fact->scan, NO_ARGS, row_check, pass));
    }
    missing_tell(pass);
    return ERR_OK;
}

Err facts_verify_in(Ctx *cx, size_t places_max, DbSay say, void *user)
{
    Rows rows;
    TRY(db_ask(cx, &sql_notes_size, NO_ARGS, &rows));
    size_t notes = db_next(&rows) ? (size_t)db_i64(&rows, 0) / sizeof(FactNote) : 0;
    size_t place_count = 16;
    while (place_count < places_max && place_count / 2 < notes) {
        place_count *= 2;
    }
    CLEANUP(arena_free_at) Arena *arena = arena_new(SIZE_MAX / 2);
    Pass pass = {.place_count = place_count,
        .places = arena_array(arena, place_count, sizeof *pass.places),
        .parts = notes / (place_count / 2) + 1,
        .lines = cx->arena,
        .say = say,
        .user = user};
    for (; pass.part < pass.parts; pass.part++) {
        TRY(pass_run(cx, &pass));
    }
    return ERR_OK;
}

Err facts_verify(Ctx *cx, DbSay say, void *user)
{
    return facts_verify_in(cx, PLACES_MAX, say, user);
}
