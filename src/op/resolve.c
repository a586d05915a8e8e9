/* References: a text is tried as code or number, first within the account that is named beside it,
 * then as id. */
#include "op/guess.h"
#include "op/run_state.h"

#include "base/fnv.h"
#include "base/id.h"
#include "base/json.h"

#include <string.h>

/* May a user whose sight is limited see the partner? */
static const Sql sql_sees = {
    "SELECT p.id FROM partner p WHERE p.id = $1 AND {visible:p}", "k", "k"};

/* Columns of both statements of a kind. */
enum { REF_ID, REF_ACCOUNT, REF_PARTNER, REF_SHOWN };

/* Not knowing of our users and territories is part of a partner's sight; nobody at all is who has
 * not signed in. */
static Err sees_partner(
    Ctx *cx, const RefKind *kind, const Actor *sight, Id partner_id, bool *ret_sees)
{
    bool is_outsider = sight == NULL || sight->partner_id != 0;
    if (is_outsider) {
        bool is_own = sight != NULL && partner_id == sight->partner_id;
        *ret_sees = is_own || (partner_id == 0 && kind->is_common);
        return ERR_OK;
    }
    *ret_sees = true;
    if (partner_id == 0 || !sight->has_territories) {
        return ERR_OK;
    }
    Rows rows;
    TRY(db_ask(cx, &sql_sees, ARGS(arg_id(partner_id)), &rows));
    *ret_sees = rows.count > 0;
    return ERR_OK;
}

static void ref_read(const Rows *rows, Ref *ret_ref)
{
    *ret_ref = (Ref){.text = db_text(rows, REF_SHOWN),
        .id = db_id(rows, REF_ID),
        .account_id = db_id(rows, REF_ACCOUNT),
        .partner_id = db_id(rows, REF_PARTNER)};
}

/* How many of the rows the caller may see, two at most; the last of them in ret_ref. */
static Err refs_seen(
    Ctx *cx, const RefKind *kind, Rows *rows, const Actor *sight, Ref *ret_ref, size_t *ret_count)
{
    while (*ret_count < 2 && db_next(rows)) {
        bool sees = false;
        TRY(sees_partner(cx, kind, sight, db_id(rows, REF_PARTNER), &sees));
        if (sees) {
            ref_read(rows, ret_ref);
            ++*ret_count;
        }
    }
    return ERR_OK;
}

/* Who looks, and the account that is named beside the reference: a number is unique there. */
typedef struct Look {
    const Actor *sight;
    Id account_id; /* 0: none is named */
} Look;

static Err by_code(Ctx *cx,
    const RefKind *kind,
    const char *text,
    const Look *look,
    Ref *ret_ref,
    size_t *ret_count)
{
    Rows rows;
    if (kind->by_code_of != NULL && look->account_id != 0) {
        TRY(db_ask(cx, kind->by_code_of, ARGS(arg_text(text), arg_id(look->account_id)), &rows));
        TRY(refs_seen(cx, kind, &rows, look->sight, ret_ref, ret_count));
    }
    if (kind->by_code == NULL || *ret_count > 0) {
        return ERR_OK;
    }
    TRY(db_ask(cx, kind->by_code, ARGS(arg_text(text)), &rows));
    return refs_seen(cx, kind, &rows, look->sight, ret_ref, ret_count);
}

static Err by_id(Ctx *cx,
    const RefKind *kind,
    const char *text,
    const Actor *sight,
    Ref *ret_ref,
    size_t *ret_count)
{
    char letter = 0;
    Id id = 0;
    if (!id_parse(text, &letter, &id) || letter != kind->letter) {
        return ERR_OK;
    }
    Rows rows;
    TRY(db_ask(cx, kind->by_id, ARGS(arg_id(id)), &rows));
    return refs_seen(cx, kind, &rows, sight, ret_ref, ret_count);
}

static Err ref_find(Ctx *cx, const RefKind *kind, const Look *look, Ref *ref, size_t *ret_count)
{
    Ref found = {0};
    *ret_count = 0;
    TRY(by_code(cx, kind, ref->text, look, &found, ret_count));
    if (*ret_count == 0) {
        TRY(by_id(cx, kind, ref->text, look->sight, &found, ret_count));
    }
    if (*ret_count == 1) {
        *ref = found;
    }
    return ERR_OK;
}

/* `count` are in sight, not one. */
static Err ref_refuse(
    Ctx *cx, const RefKind *kind, const char *field, const char *text, size_t count)
{
    if (count == 0) {
        return err_set(cx, ERR_NOT_FOUND, field, "There is no %s \"%s\", or you may not see it.",
            kind->name, text);
    }
    return err_set(cx, ERR_AMBIGUOUS, field,
        "More than one %s has the number \"%s\"; send its id instead.", kind->name, text);
}

Err run_resolve(Ctx *cx, const char *kind_name, const char *field, Ref *ref)
{
    ASSERT(ref->text != NULL);
    const RefKind *kind = ref_kind(kind_name);
    size_t count = 0;
    TRY(ref_find(cx, kind, &(Look){.sight = cx->actor}, ref, &count));
    return count == 1 ? ERR_OK : ref_refuse(cx, kind, field, ref->text, count);
}

void sight_take(Ctx *cx, const Actor *actor)
{
    bool is_limited = actor != NULL && actor->has_territories;
    db_sight_set(cx->db, is_limited ? actor->user_id : 0, actor == NULL ? 0 : actor->partner_id);
}

Err run_sees(Ctx *cx, const char *kind, const Ref *ref, const Actor *who, bool *ret_sees)
{
    sight_take(cx, who);
    Err err = sees_partner(cx, ref_kind(kind), who, ref->partner_id, ret_sees);
    sight_take(cx, cx->actor);
    return err;
}

/* ---- showing */

/* The length of the JSON text that begins at the quote, quotes included; damaged text may end in
 * the middle of it. */
static size_t quoted_length(const char *at)
{
    size_t length = 1;
    while (at[length] != '"' && at[length] != '\0') {
        length += at[length] == '\\' && at[length + 1] != '\0' ? 2 : 1;
    }
    return at[length] == '"' ? length + 1 : length;
}

/* What the quoted text names, when it is an id of what has a code or a name; else NULL. */
static Err shown_of(Ctx *cx, const char *quoted, size_t length, const char **ret_shown)
{
    *ret_shown = NULL;
    char letter = 0;
    Id id = 0;
    if (length != ID_TEXT_SIZE + 1 ||
        !id_parse(arena_copy(cx->arena, quoted + 1, length - 2), &letter, &id)) {
        return ERR_OK;
    }
    const RefKind *kind = ref_kind_of_letter(letter);
    if (kind == NULL || kind->shows == NULL) {
        return ERR_OK;
    }
    Rows rows;
    TRY(db_ask(cx, kind->by_id, ARGS(arg_id(id)), &rows));
    *ret_shown = db_next(&rows) ? db_text(&rows, REF_SHOWN) : NULL;
    return ERR_OK;
}

Err run_shown(Ctx *cx, const char *json, const char **ret_json)
{
    Buf out = buf_in(cx->arena);
    JsonWriter w = json_writer(&out);
    for (const char *at = json; *at != '\0';) {
        size_t length = *at == '"' ? quoted_length(at) : 1;
        const char *shown = NULL;
        TRY(shown_of(cx, at, length, &shown));
        if (shown != NULL) {
            w.needs_comma = false;
            json_put_string(&w, shown);
        } else {
            buf_add(&out, at, length);
        }
        at += length;
    }
    *ret_json = buf_text(&out);
    return ERR_OK;
}

/* ---- all of an input, each distinct text once */

typedef struct Seen {
    const char *text; /* as given: the reference itself shows something else by now */
    const RefUse *use;
} Seen;

static size_t text_hash(const char *kind, const char *text)
{
    uint64_t hash = fnv_add(fnv_add(FNV_START, kind, 1), text, strlen(text));
    return (size_t)(hash ^ hash >> 29);
}

/* The place of a reference of this kind and text, or the free one where it goes. */
static Seen *seen_at(Seen *seen, size_t size, const RefUse *use, const char *text)
{
    size_t at = text_hash(use->kind, text) & (size - 1);
    while (seen[at].use != NULL &&
           (strcmp(seen[at].use->kind, use->kind) != 0 || strcmp(seen[at].text, text) != 0)) {
        at = (at + 1) & (size - 1);
    }
    return &seen[at];
}

static Err use_resolve(Ctx *cx, const RefUse *use, const Look *look)
{
    const RefKind *kind = ref_kind(use->kind);
    const char *text = use->ref->text;
    size_t count = 0;
    TRY(ref_find(cx, kind, look, use->ref, &count));
    if (count != 1) {
        return ref_refuse(cx, kind, place_text(cx->arena, use->place), text, count);
    }
    if (cx->run != NULL && cx->run->call->guesses != NULL) {
        guesses_note(cx->run->call->guesses, use->kind, text, use->ref);
    }
    return ERR_OK;
}

static bool is_named(const RefUse *use, const char *name)
{
    return name != NULL && use->place->up == NULL && strcmp(use->place->name, name) == 0;
}

/* What says whose account the call is about: its `account`, else what it locks. */
static const RefUse *account_use(const RefUses *refs, const char *lock)
{
    const RefUse *found = NULL;
    for (size_t i = 0; i < refs->count; i++) {
        if (is_named(&refs->items[i], "account")) {
            return &refs->items[i];
        }
        found = is_named(&refs->items[i], lock) ? &refs->items[i] : found;
    }
    return found;
}

Err refs_resolve(Ctx *cx, const RefUses *refs, const char *lock, const Actor *sight)
{
    Look look = {.sight = sight};
    const RefUse *of = account_use(refs, lock);
    size_t size = 4;
    while (size < refs->count * 2) {
        size *= 2;
    }
    Seen *seen = arena_array(cx->arena, size, sizeof *seen);
    if (of != NULL) {
        const char *text = of->ref->text;
        Seen *first = seen_at(seen, size, of, text);
        TRY(use_resolve(cx, of, &look));
        *first = (Seen){.text = text, .use = of};
        look.account_id = of->ref->account_id;
    }
    for (size_t i = 0; i < refs->count; i++) {
        const RefUse *use = &refs->items[i];
        if (use == of) {
            continue;
        }
        const char *text = use->ref->text;
        Seen *first = seen_at(seen, size, use, text);
        if (first->use != NULL) {
            *use->ref = *first->use->ref;
            continue;
        }
        TRY(use_resolve(cx, use, &look));
        *first = (Seen){.text = text, .use = use};
    }
    return ERR_OK;
}
