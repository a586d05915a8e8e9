#include "support/spread.h"

#include "support/spread_words.h"

#include "base/buf.h"

#include <string.h>
#include <strings.h>

enum { SCOPES_MAX = 64, ITEMS_MAX = 96, EQUALS_MAX = 128, MENTIONS_MAX = 512, NODES_MAX = 512 };

/* What such a server lacks, or has for itself on each node. */
static const char *foreign_word(const Words *words)
{
    static const char *const foreign[] = {"sequence", "serial", "bigserial", "nextval", "trigger",
        "listen", "notify", "pg_advisory_lock", "pg_advisory_xact_lock", "temp", "temporary",
        "function", "inherits", NULL};
    for (size_t i = 0; i < words->count; i++) {
        if (word_is_any(words, i, foreign)) {
            return words->at[i];
        }
    }
    return NULL;
}

/* ---- the schema ---- */

bool spread_is_of_accounts(const Spread *spread, const char *table)
{
    for (size_t i = 0; i < spread->count; i++) {
        if (strcasecmp(spread->names[i], table) == 0) {
            return spread->are_of_accounts[i];
        }
    }
    return false;
}

/* Whether its primary key has account_id. `at`: the parenthesis of CREATE TABLE. */
static bool key_is_of_accounts(const Words *words, size_t at, size_t end)
{
    for (size_t i = at; i < end; i++) {
        if (!word_is(words, i, "primary")) {
            continue;
        }
        if (word_is(words, i + 2, "(")) {
            return words_have(words, i + 2, words_behind(words, i + 2), "account_id");
        }
        return word_is(words, i - 2, "account_id");
    }
    return false;
}

/* A column's own UNIQUE, or one over columns without the account. */
static bool has_bare_unique(const Words *words, size_t at, size_t end)
{
    for (size_t i = at; i < end; i++) {
        bool is_list = word_is(words, i, "unique") && word_is(words, i + 1, "(");
        if (word_is(words, i, "unique") &&
            (!is_list || !words_have(words, i + 1, words_behind(words, i + 1), "account_id"))) {
            return true;
        }
    }
    return false;
}

static const char *references_fault(
    Arena *arena, const Spread *spread, const Words *words, size_t at, const char *table)
{
    bool is_ours = spread_is_of_accounts(spread, table);
    for (size_t i = at; i < words_behind(words, at); i++) {
        const char *other = word(words, i + 1);
        if (!word_is(words, i, "references") || !spread_is_of_accounts(spread, other)) {
            continue;
        }
        bool is_within = words_have(words, i + 2, words_behind(words, i + 2), "account_id");
        if (!is_ours || !is_within) {
            return arena_printf(
                arena, "%s refers to %s by more than its own account", table, other);
        }
    }
    return NULL;
}

static const char *table_fault(
    Arena *arena, const Spread *spread, const Words *words, size_t at, const char *table)
{
    size_t end = words_behind(words, at);
    bool is_ours = spread_is_of_accounts(spread, table);
    for (size_t i = at; i < end; i++) {
        bool is_column = word_is(words, i, "account_id") &&
                         (word_is(words, i - 1, "(") || word_is(words, i - 1, ","));
        size_t next = i + 1;
        while (next < end && !word_is(words, next, ",")) {
            next = word_is(words, next, "(") ? words_behind(words, next) : next + 1;
        }
        if (is_column && !is_ours && word_is(words, i + 1, "BIGINT") &&
            words_have(words, i, next, "not")) {
            return arena_printf(arena, "%s has an account in every row and not in its key", table);
        }
    }
    if (is_ours && has_bare_unique(words, at, end)) {
        return arena_printf(arena, "%s has a unique key without account_id", table);
    }
    return references_fault(arena, spread, words, at, table);
}

const char *spread_schema(Arena *arena, Spread *spread, const char *script)
{
    Words *words = arena_alloc(arena, sizeof *words);
    words_read(arena, script, words);
    const char *foreign = foreign_word(words);
    if (foreign != NULL) {
        return arena_printf(arena, "a spread server has no %s", foreign);
    }
    for (size_t i = 0; i < words->count; i++) {
        if (word_is(words, i, "create") && word_is(words, i + 1, "table")) {
            ASSERT(spread->count < SPREAD_TABLES_MAX);
            spread->names[spread->count] = word(words, i + 2);
            spread->are_of_accounts[spread->count++] =
                key_is_of_accounts(words, i + 3, words_behind(words, i + 3));
        }
    }
    const char *fault = NULL;
    for (size_t i = 0; i < words->count && fault == NULL; i++) {
        if (word_is(words, i, "create") && word_is(words, i + 1, "table")) {
            fault = table_fault(arena, spread, words, i + 3, word(words, i + 2));
        } else if (word_is(words, i, "unique") && word_is(words, i + 1, "index")) {
            bool is_ours = spread_is_of_accounts(spread, word(words, i + 4));
            fault = is_ours && !words_have(words, i + 5, words_behind(words, i + 5), "account_id")
                        ? arena_printf(
                              arena, "the unique index %s has no account_id", word(words, i + 2))
                        : NULL;
        }
    }
    return fault;
}

/* ---- statements ---- */

/* One SELECT, or the statement itself. */
typedef struct Scope {
    size_t parent; /* itself: the outermost */
    size_t depth;  /* of parentheses */
    bool names_outside;
    bool is_cut; /* by LIMIT, so its rows come together before what stands around it goes on */
} Scope;

/* A table or a SELECT of a scope, by its alias. */
typedef struct Item {
    size_t scope;
    const char *alias;
    bool is_of_accounts;
    size_t inner; /* the scope of a SELECT; 0: a table */
} Item;

/* "alias." somewhere in a scope, whose FROM may come later. */
typedef struct Mention {
    size_t scope;
    const char *alias;
} Mention;

/* a.b = c.d, as written. */
typedef struct Equal {
    size_t scope;
    const char *sides[2][2]; /* alias or "", column or $n */
} Equal;

typedef struct Reading {
    Arena *arena;
    const Spread *spread;
    Words words;
    Scope scopes[SCOPES_MAX];
    size_t scope_count;
    Item items[ITEMS_MAX];
    size_t item_count;
    Mention mentions[MENTIONS_MAX];
    size_t mention_count;
    Equal equals[EQUALS_MAX];
    size_t equal_count;
    const char *nodes[NODES_MAX];
    size_t roots[NODES_MAX];
    size_t node_count;
} Reading;

static size_t node_of(Reading *r, const char *name)
{
    for (size_t i = 0; i < r->node_count; i++) {
        if (strcmp(r->nodes[i], name) == 0) {
            return i;
        }
    }
    ASSERT(r->node_count < NODES_MAX);
    r->nodes[r->node_count] = name;
    r->roots[r->node_count] = r->node_count;
    return r->node_count++;
}

static size_t root_of(const Reading *r, size_t node)
{
    while (r->roots[node] != node) {
        node = r->roots[node];
    }
    return node;
}

static void nodes_join(Reading *r, const char *a, const char *b)
{
    size_t first = root_of(r, node_of(r, a));
    size_t second = root_of(r, node_of(r, b));
    r->roots[second] = first;
}

static const char *column_node(const Reading *r, size_t item, const char *column)
{
    return arena_printf(r->arena, "%zu.%s", item, column);
}

/* The item that the alias means in the scope, from the inside out. */
static bool item_find(const Reading *r, size_t scope, const char *alias, size_t *ret_item)
{
    for (;;) {
        size_t found = 0;
        size_t count = 0;
        for (size_t i = 0; i < r->item_count; i++) {
            bool is_here = r->items[i].scope == scope;
            if (is_here && (alias[0] == '\0' || strcasecmp(r->items[i].alias, alias) == 0)) {
                found = i;
                count++;
            }
        }
        if (count == 1) {
            *ret_item = found;
            return true;
        }
        if (alias[0] == '\0' || r->scopes[scope].parent == scope) {
            return false;
        }
        scope = r->scopes[scope].parent;
    }
}

static const char *side_node(Reading *r, size_t scope, const char *const side[2])
{
    size_t item = 0;
    if (side[1][0] == '$') {
        return side[1];
    }
    return item_find(r, scope, side[0], &item) ? column_node(r, item, side[1]) : NULL;
}

static const char *const ends_of_from[] = {"where", "group", "order", "limit", "union", "set",
    "having", "returning", "values", "on", "for", "select", ")", NULL};
static const char *const no_alias[] = {"where", "group", "order", "limit", "union", "set", "having",
    "returning", "values", "on", "for", "left", "join", "cross", "inner", "using", "from",
    "default", NULL};

static void item_add(Reading *r, size_t scope, const char *table, const char *alias, size_t inner)
{
    ASSERT(r->item_count < ITEMS_MAX);
    r->items[r->item_count++] = (Item){
        .scope = scope,
        .alias = alias,
        .is_of_accounts = inner == 0 && spread_is_of_accounts(r->spread, table),
        .inner = inner,
    };
}

static size_t alias_at(const Reading *r, size_t i, const char **ret_alias)
{
    i += word_is(&r->words, i, "as") ? 1 : 0;
    if (word_is_name(&r->words, i) && !word_is_any(&r->words, i, no_alias)) {
        *ret_alias = word(&r->words, i);
        return i + 1;
    }
    return i;
}

static size_t read_select(Reading *r, size_t i, size_t scope);

/* One table or SELECT of a FROM; gives the place behind it. */
static size_t read_item(Reading *r, size_t i, size_t scope)
{
    const char *alias = "";
    if (word_is(&r->words, i, "(")) {
        size_t inner = r->scope_count;
        ASSERT(inner < SCOPES_MAX);
        r->scopes[r->scope_count++] = (Scope){.parent = inner};
        size_t end = words_behind(&r->words, i);
        (void)read_select(r, i + 1, inner);
        end = alias_at(r, end, &alias);
        item_add(r, scope, "", alias, inner);
        return end;
    }
    const char *table = word(&r->words, i);
    alias = table;
    size_t end = alias_at(r, i + 1, &alias);
    item_add(r, scope, table, alias, 0);
    return end;
}

static void read_equal(Reading *r, size_t i, size_t scope)
{
    const Words *w = &r->words;
    bool is_far = word_is(w, i - 2, ".");
    bool is_near = word_is(w, i + 2, ".");
    Equal equal = {.scope = scope,
        .sides = {{is_far ? word(w, i - 3) : "", word(w, i - 1)},
            {is_near ? word(w, i + 1) : "", word(w, is_near ? i + 3 : i + 1)}}};
    ASSERT(r->equal_count < EQUALS_MAX);
    r->equals[r->equal_count++] = equal;
}

/* A subquery: a scope of its own within this one. */
static size_t read_within(Reading *r, size_t i, size_t scope)
{
    size_t inner = r->scope_count;
    ASSERT(inner < SCOPES_MAX);
    r->scopes[r->scope_count++] = (Scope){.parent = scope};
    size_t end = words_behind(&r->words, i);
    (void)read_select(r, i + 1, inner);
    return end;
}

/* From i to the parenthesis that closes it, or the end; a UNION begins a scope beside. */
static size_t read_select(Reading *r, size_t i, size_t scope)
{
    const Words *w = &r->words;
    bool in_from = false;
    while (i < w->count && !word_is(w, i, ")")) {
        if (word_is(w, i, "(")) {
            bool is_select = word_is(w, i + 1, "select") || word_is(w, i + 1, "with");
            size_t end = words_behind(w, i);
            if (is_select && in_from) {
                i = read_item(r, i, scope);
            } else if (is_select) {
                i = read_within(r, i, scope);
            } else {
                (void)read_select(r, i + 1, scope);
                i = end;
            }
            continue;
        }
        if (word_is(w, i, "union")) {
            ASSERT(r->scope_count < SCOPES_MAX);
            size_t beside = r->scope_count++;
            size_t parent = r->scopes[scope].parent;
            r->scopes[beside] = (Scope){.parent = parent == scope ? beside : parent};
            scope = beside;
        }
        bool is_from = (word_is(w, i, "from") && !word_is(w, i - 1, "distinct")) ||
                       word_is(w, i, "join") || word_is(w, i, "update") || word_is(w, i, "into") ||
                       (in_from && word_is(w, i, ","));
        if (word_is(w, i, "update") && (word_is(w, i - 1, "for") || word_is(w, i - 1, "do"))) {
            is_from = false;
        }
        in_from = is_from || (in_from && !word_is_any(w, i, ends_of_from));
        if (is_from) {
            i = read_item(r, i + 1, scope);
            continue;
        }
        r->scopes[scope].is_cut = r->scopes[scope].is_cut || word_is(w, i, "limit");
        if (word_is(w, i, "=") && !word_is(w, i - 1, "<") && !word_is(w, i - 1, ">")) {
            read_equal(r, i, scope);
        }
        if (word_is(w, i + 1, ".")) {
            ASSERT(r->mention_count < MENTIONS_MAX);
            r->mentions[r->mention_count++] = (Mention){.scope = scope, .alias = word(w, i)};
        }
        i++;
    }
    return i;
}

/* ---- */

static bool scope_has_accounts(const Reading *r, size_t scope);

static bool item_has_accounts(const Reading *r, size_t i)
{
    const Item *item = &r->items[i];
    return item->inner == 0 ? item->is_of_accounts
                            : !r->scopes[item->inner].is_cut && scope_has_accounts(r, item->inner);
}

static bool scope_has_accounts(const Reading *r, size_t scope)
{
    for (size_t i = 0; i < r->item_count; i++) {
        if (r->items[i].scope == scope && item_has_accounts(r, i)) {
            return true;
        }
    }
    return false;
}

/* Which scopes name a row of one outside. */
static void mentions_find(Reading *r)
{
    for (size_t i = 0; i < r->mention_count; i++) {
        size_t item = 0;
        size_t scope = r->mentions[i].scope;
        if (item_find(r, scope, r->mentions[i].alias, &item) && r->items[item].scope != scope) {
            r->scopes[scope].names_outside = true;
        }
    }
}

static void equals_join(Reading *r)
{
    for (size_t i = 0; i < r->equal_count; i++) {
        const Equal *equal = &r->equals[i];
        const char *a = side_node(r, equal->scope, equal->sides[0]);
        const char *b = side_node(r, equal->scope, equal->sides[1]);
        if (a != NULL && b != NULL) {
            nodes_join(r, a, b);
        }
    }
    /* What a SELECT within FROM answers as account_id is that of its first table; the others are
     * bound to it or not. */
    for (size_t i = 0; i < r->item_count; i++) {
        bool is_found = r->items[i].inner == 0;
        for (size_t k = 0; !is_found && k < r->item_count; k++) {
            is_found = r->items[k].scope == r->items[i].inner && item_has_accounts(r, k);
            if (is_found) {
                nodes_join(r, column_node(r, i, "account_id"), column_node(r, k, "account_id"));
            }
        }
    }
}

/* Whether the scope can see the other: it is that one, or within it and names its rows. */
static bool scope_sees(const Reading *r, size_t scope, size_t other)
{
    while (scope != other) {
        size_t parent = r->scopes[scope].parent;
        if (parent == scope || !r->scopes[scope].names_outside) {
            return false;
        }
        scope = parent;
    }
    return true;
}

/* first: the item to begin with. */
static const char *bound_fault(Reading *r, size_t first)
{
    for (size_t i = first; i < r->item_count; i++) {
        for (size_t k = first; k < r->item_count; k++) {
            if (i == k || !item_has_accounts(r, i) || !item_has_accounts(r, k) ||
                !scope_sees(r, r->items[i].scope, r->items[k].scope)) {
                continue;
            }
            size_t a = root_of(r, node_of(r, column_node(r, i, "account_id")));
            size_t b = root_of(r, node_of(r, column_node(r, k, "account_id")));
            if (a != b) {
                return arena_printf(r->arena, "%s and %s are not bound by account_id",
                    r->items[i].alias, r->items[k].alias);
            }
        }
    }
    return NULL;
}

static bool scope_has_tables(const Reading *r, size_t scope)
{
    for (size_t i = 0; i < r->item_count; i++) {
        if (r->items[i].scope == scope && r->items[i].is_of_accounts) {
            return true;
        }
    }
    return false;
}

/* A subquery of tables of accounts that names a row outside goes along with the accounts' rows
 * there: with rows that are on every node, or come from a cut, it has nowhere to go. */
static const char *carried_fault(const Reading *r)
{
    for (size_t scope = 0; scope < r->scope_count; scope++) {
        size_t outside = r->scopes[scope].parent;
        if (outside == scope || !r->scopes[scope].names_outside || !scope_has_tables(r, scope)) {
            continue;
        }
        while (!scope_has_accounts(r, outside) && r->scopes[outside].parent != outside) {
            outside = r->scopes[outside].parent;
        }
        if (!scope_has_accounts(r, outside)) {
            return "rows of accounts are looked at for each row that is on every node";
        }
    }
    return NULL;
}

/* Recursion is done whole, before what goes to the nodes: MATERIALIZED (WITH RECURSIVE ...). */
static const char *recursion_fault(const Reading *r)
{
    bool has_accounts = false;
    for (size_t i = 0; i < r->item_count; i++) {
        has_accounts = has_accounts || r->items[i].is_of_accounts;
    }
    for (size_t i = 0; has_accounts && i < r->words.count; i++) {
        bool is_whole = i > 2 && word_is(&r->words, i - 3, "materialized");
        if (word_is(&r->words, i, "recursive") && !is_whole) {
            return "a recursion stands beside tables of accounts";
        }
    }
    return NULL;
}

/* `WHERE account_id = $n` or the like, of the table that is written. */
static bool names_account(Reading *r)
{
    size_t account = root_of(r, node_of(r, column_node(r, 0, "account_id")));
    for (size_t i = 0; i < r->node_count; i++) {
        if (r->nodes[i][0] == '$' && root_of(r, i) == account) {
            return true;
        }
    }
    return false;
}

const char *spread_statement(
    Arena *arena, const Spread *spread, const char *text, bool *ret_is_everywhere)
{
    Reading *r = arena_alloc(arena, sizeof *r);
    *r = (Reading){.arena = arena, .spread = spread, .scope_count = 1};
    words_read(arena, text, &r->words);
    *ret_is_everywhere = false;
    const char *foreign = foreign_word(&r->words);
    if (foreign != NULL) {
        return arena_printf(arena, "a spread server has no %s", foreign);
    }
    for (size_t i = 0; i < r->words.count;) {
        i = read_select(r, i, 0) + 1;
    }
    mentions_find(r);
    equals_join(r);
    bool is_written = !word_is(&r->words, 0, "select") && !word_is(&r->words, 0, "with") &&
                      r->item_count > 0 && r->items[0].is_of_accounts;
    if (is_written && word_is(&r->words, 0, "insert")) {
        return words_have(&r->words, 3, words_behind(&r->words, 3), "account_id")
                   ? bound_fault(r, 1)
                   : "it inserts a row without its account";
    }
    *ret_is_everywhere = is_written && !names_account(r);
    const char *fault = bound_fault(r, 0);
    fault = fault == NULL ? carried_fault(r) : fault;
    return fault == NULL ? recursion_fault(r) : fault;
}
