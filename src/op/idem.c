/* Idempotency keys: an open-addressed set of places in a list of entries, kept with the
 * connection. */
#include "op/idem.h"

#include "op/fact_note.h"

#include <string.h>

static const Sql sql_all = {
    "SELECT audit_id, key_hash, request_hash FROM idempotency ORDER BY audit_id", "", "kxx"};
static const Sql sql_has_lookup = {"SELECT EXISTS (SELECT 1 FROM idempotency_lookup)", "", "b"};
static const Sql sql_lookup = {
    "SELECT audit_id, key_hash, request_hash FROM idempotency_lookup WHERE key_hash = $1", "x",
    "kxx"};
static const Sql sql_add = {
    "INSERT INTO idempotency (audit_id, key_hash, request_hash) VALUES ($1, $2, $3)", "kxx", NULL};
static const Sql sql_last_of_slice = {
    "SELECT audit_id FROM idempotency ORDER BY audit_id LIMIT 1 OFFSET $1", "i", "k"};
static const Sql sql_last = {
    "SELECT audit_id FROM idempotency ORDER BY audit_id DESC LIMIT 1", "", "k"};
static const Sql sql_add_lookup = {
    "INSERT INTO idempotency_lookup (key_hash, request_hash, audit_id) VALUES ($1, $2, $3)", "xxk",
    NULL};
static const Sql sql_merge = {"INSERT INTO idempotency_lookup (key_hash, request_hash, audit_id) "
                              "SELECT key_hash, request_hash, audit_id FROM idempotency "
                              "WHERE audit_id <= $1 ORDER BY key_hash",
    "k", NULL};
static const Sql sql_merged = {"DELETE FROM idempotency WHERE audit_id <= $1", "k", NULL};

enum { SLOTS_MIN = 1024 };

/* Everything but the struct itself lies in `arena`, which is made anew when the set grows. */
typedef struct IdemSet {
    Arena *own;
    Arena *arena;
    IdemEntry *entries;
    uint32_t *slots; /* place in entries + 1; 0: free */
    size_t count;
    size_t slot_count; /* power of two, twice the entries at least */
    size_t pending;    /* entries of the open batch, at the end of the list */
    bool is_loaded;
    bool has_lookup;
    bool is_merging; /* the open batch moves entries to the lookup table */
} IdemSet;

static IdemHash hash_cut(Hash hash)
{
    IdemHash cut;
    memcpy(cut.bytes, hash.bytes, sizeof cut.bytes);
    return cut;
}

IdemHash idem_key_hash(Id user_id, const char *operation, const char *key)
{
    const Bytes parts[] = {
        {&user_id, sizeof user_id}, {operation, strlen(operation)}, {key, strlen(key)}};
    return hash_cut(crypto_digest(parts, COUNT(parts)));
}

IdemHash idem_request_hash(const char *canonical)
{
    const Bytes part = {canonical, strlen(canonical)};
    return hash_cut(crypto_digest(&part, 1));
}

/* ---- the set */

static void set_release(void *value)
{
    IdemSet *set = value;
    Arena *own = set->own;
    arena_free(set->arena);
    arena_free(own);
}

static IdemSet *set_of(Db *db)
{
    IdemSet *set = db_slot(db, DB_SLOT_KEYS);
    if (set == NULL) {
        Arena *own = arena_new(SIZE_MAX / 2);
        set = arena_alloc(own, sizeof *set);
        set->own = own;
        db_slot_set(db, DB_SLOT_KEYS, set, set_release);
    }
    return set;
}

static size_t slot_first(const IdemSet *set, const IdemHash *key)
{
    uint64_t bits;
    memcpy(&bits, key->bytes, sizeof bits);
    return (size_t)bits & (set->slot_count - 1);
}

/* The slot of the key, or the free one where it goes. */
static uint32_t *slot_of(const IdemSet *set, const IdemHash *key)
{
    size_t at = slot_first(set, key);
    while (set->slots[at] != 0 &&
           memcmp(set->entries[set->slots[at] - 1].key.bytes, key->bytes, KEY_HASH_SIZE) != 0) {
        at = (at + 1) & (set->slot_count - 1);
    }
    return &set->slots[at];
}

static void set_resize(IdemSet *set, size_t slot_count)
{
    ASSERT(slot_count / 2 < UINT32_MAX);
    Arena *before = set->arena;
    const IdemEntry *entries = set->entries;
    set->arena = arena_new(SIZE_MAX / 2);
    set->slot_count = slot_count;
    set->slots = arena_array(set->arena, slot_count, sizeof *set->slots);
    set->entries = arena_array(set->arena, slot_count / 2, sizeof *set->entries);
    for (size_t i = 0; i < set->count; i++) {
        set->entries[i] = entries[i];
        *slot_of(set, &entries[i].key) = (uint32_t)(i + 1);
    }
    arena_free(before);
}

static void set_add(IdemSet *set, const IdemEntry *entry)
{
    if (set->slot_count == 0) {
        set_resize(set, SLOTS_MIN);
    } else if (set->count == set->slot_count / 2) {
        set_resize(set, set->slot_count * 2);
    }
    uint32_t *slot = slot_of(set, &entry->key);
    if (*slot == 0) {
        set->entries[set->count++] = *entry;
        *slot = (uint32_t)set->count;
    }
}

/* Takes the last entry out. Whatever stands behind its slot in the same run is put in anew. */
static void set_pop(IdemSet *set)
{
    ASSERT(set->count > 0);
    uint32_t *slot = slot_of(set, &set->entries[set->count - 1].key);
    size_t at = (size_t)(slot - set->slots);
    *slot = 0;
    set->count--;
    for (at = (at + 1) & (set->slot_count - 1); set->slots[at] != 0;
         at = (at + 1) & (set->slot_count - 1)) {
        uint32_t moved = set->slots[at];
        set->slots[at] = 0;
        *slot_of(set, &set->entries[moved - 1].key) = moved;
    }
}

static void set_clear(IdemSet *set)
{
    arena_free(set->arena);
    *set = (IdemSet){.own = set->own};
}

/* ---- reading */

static Err entry_read(Ctx *cx, const Rows *rows, IdemEntry *ret_entry)
{
    ret_entry->audit_id = db_id(rows, 0);
    if (!db_bytes(rows, 1, ret_entry->key.bytes, KEY_HASH_SIZE) ||
        !db_bytes(rows, 2, ret_entry->request.bytes, KEY_HASH_SIZE)) {
        return err_set(cx, ERR_DB_DAMAGED, NULL, "An idempotency key has the wrong size.");
    }
    return ERR_OK;
}

static Err entry_load(Ctx *cx, const Rows *row, void *user)
{
    IdemEntry entry;
    TRY(entry_read(cx, row, &entry));
    set_add(user, &entry);
    return ERR_OK;
}

static Err set_load(Ctx *cx, IdemSet *set)
{
    if (set->is_loaded) {
        return ERR_OK;
    }
    set_clear(set);
    Rows rows;
    TRY(db_ask(cx, &sql_has_lookup, NO_ARGS, &rows));
    set->has_lookup = db_next(&rows) && db_bool(&rows, 0);
    TRY(db_scan(cx, &sql_all, NO_ARGS, entry_load, set));
    set->is_loaded = true;
    return ERR_OK;
}

Err idem_ready(Ctx *cx)
{
    return db_is_shared(cx->db) ? ERR_OK : set_load(cx, set_of(cx->db));
}

static Err lookup_find(Ctx *cx, const IdemHash *key, IdemEntry *ret_entry, bool *ret_found)
{
    Rows rows;
    TRY(db_ask(cx, &sql_lookup, ARGS(arg_bytes(key->bytes, KEY_HASH_SIZE)), &rows));
    *ret_found = db_next(&rows);
    return *ret_found ? entry_read(cx, &rows, ret_entry) : ERR_OK;
}

Err idem_expect(Ctx *cx, const IdemHash *key)
{
    return db_is_shared(cx->db)
               ? db_expect(cx, &sql_lookup, ARGS(arg_bytes(key->bytes, KEY_HASH_SIZE)))
               : ERR_OK;
}

Err idem_find(Ctx *cx, const IdemHash *key, IdemEntry *ret_entry, bool *ret_found)
{
    if (db_is_shared(cx->db)) {
        return lookup_find(cx, key, ret_entry, ret_found);
    }
    IdemSet *set = set_of(cx->db);
    TRY(set_load(cx, set));
    *ret_found = false;
    if (set->count > 0) {
        uint32_t place = *slot_of(set, key);
        *ret_found = place != 0;
        if (place != 0) {
            *ret_entry = set->entries[place - 1];
            return ERR_OK;
        }
    }
    return set->has_lookup || set->is_merging ? lookup_find(cx, key, ret_entry, ret_found) : ERR_OK;
}

/* ---- writing */

void idem_note(Ctx *cx, const IdemEntry *entry)
{
    const Cell cells[] = {{.p = (const char *)entry->key.bytes, .n = KEY_HASH_SIZE},
        {.p = (const char *)entry->request.bytes, .n = KEY_HASH_SIZE}, {.i = entry->audit_id}};
    fact_add(cx, &cx->run->facts, &fact_idem, cells, COUNT(cells));
}

Err idem_add(Ctx *cx, const IdemEntry *entry)
{
    if (db_is_shared(cx->db)) {
        return db_put(cx, &sql_add_lookup,
            ARGS(arg_bytes(entry->key.bytes, KEY_HASH_SIZE),
                arg_bytes(entry->request.bytes, KEY_HASH_SIZE), arg_id(entry->audit_id)));
    }
    IdemSet *set = set_of(cx->db);
    ASSERT(set->is_loaded);
    TRY(db_put(cx, &sql_add,
        ARGS(arg_id(entry->audit_id), arg_bytes(entry->key.bytes, KEY_HASH_SIZE),
            arg_bytes(entry->request.bytes, KEY_HASH_SIZE))));
    set_add(set, entry);
    set->pending++;
    return ERR_OK;
}

void idem_take_back(Db *db)
{
    if (db_is_shared(db)) {
        return; /* the rollback took it back */
    }
    IdemSet *set = set_of(db);
    ASSERT(set->pending > 0);
    set_pop(set);
    set->pending--;
}

void idem_batch_done(Db *db, bool is_committed)
{
    IdemSet *set = db_slot(db, DB_SLOT_KEYS);
    if (set == NULL) {
        return;
    }
    while (!is_committed && set->pending > 0) {
        set_pop(set);
        set->pending--;
    }
    set->pending = 0;
    if (is_committed && set->is_merging) {
        set_clear(set);
    }
    set->is_merging = false;
}

Err idem_merge(Ctx *cx, int64_t rows_max, bool *ret_is_done)
{
    ASSERT(rows_max > 0);
    bool has_set = !db_is_shared(cx->db);
    TRY(has_set ? set_load(cx, set_of(cx->db)) : ERR_OK);
    Rows rows;
    TRY(db_ask(cx, &sql_last_of_slice, ARGS(arg_i64(rows_max - 1)), &rows));
    *ret_is_done = rows.count == 0;
    if (*ret_is_done) {
        TRY(db_ask(cx, &sql_last, NO_ARGS, &rows));
    }
    if (!db_next(&rows)) {
        return ERR_OK;
    }
    Id last = db_id(&rows, 0);
    TRY(db_put(cx, &sql_merge, ARGS(arg_id(last))));
    TRY(db_put(cx, &sql_merged, ARGS(arg_id(last))));
    if (has_set) {
        set_of(cx->db)->is_merging = true;
    }
    return ERR_OK;
}
