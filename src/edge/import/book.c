#include "edge/import/book.h"

#include "base/json.h"
#include "edge/import/same.h"
#include "op/store.h"

#include <string.h>

/* As often as a file may be taken back and brought again. */
enum { TURNS_MAX = 100 };

/* ---- One call ---- */

/* False: it was refused, and cx->err says why. What the system itself fails at is returned. */
static Err call(Ctx *cx, const Books *books, Call one, Reply *ret_reply, bool *ret_done)
{
    one.import_run = books->run;
    bool is_whole = run_in_batch(cx, &one, ret_reply);
    *ret_done = cx->err.code == ERR_OK;
    if (!is_whole && cx->err.code == ERR_OK) {
        return err_set(cx, ERR_STORE, NULL, "The database ended the transaction.");
    }
    return !is_whole || err_http_status(cx->err.code) >= 500 ? cx->err.code : ERR_OK;
}

static Call call_of(const Op *op, const json_t *members, const char *key)
{
    return (Call){.op = op, .members = members, .key = key, .is_import = true};
}

/* The item takes the refusal over. `field` stands for the one of the refusal when given. */
static void refused(Ctx *cx, const Books *books, Item *item, const char *prefix, const char *field)
{
    const Error *error = &cx->err;
    const char *reason =
        arena_printf(cx->arena, "%s%s: %s", prefix, err_name(error->code), error->detail);
    item_refuse(books->arena, item, field != NULL ? field : error->field, reason);
    err_clear(cx);
}

/* ---- What must be there first ---- */

static const char *code_of(const json_t *members)
{
    return json_string_value(json_object_get(members, "code"));
}

static bool is_known(const Books *books, Target target, const char *code)
{
    return code == NULL || !books->mapping->creates[target] ||
           json_object_get(books->known[target], code) != NULL;
}

static void know(Books *books, Target target, const char *code)
{
    (void)json_object_set_new(books->known[target], code, json_true());
}

/* Creates it unless its code is there already. */
static Err make(Ctx *cx, Books *books, Target target, const json_t *members, Item *item)
{
    const char *code = code_of(members);
    if (is_known(books, target, code)) {
        return ERR_OK;
    }
    Reply reply = {0};
    bool is_done = false;
    TRY(call(cx, books, call_of(books->mapping->makers[target], members, NULL), &reply, &is_done));
    if (!is_done && cx->err.code != ERR_CODE_TAKEN) {
        refused(cx, books, item,
            arena_printf(cx->arena, "%s: ", books->mapping->makers[target]->name), NULL);
        return ERR_OK;
    }
    item->has_written = item->has_written || is_done;
    err_clear(cx);
    know(books, target, code);
    return ERR_OK;
}

/* The account first: where it is, its partner is too, whatever its code. */
static Err account_find(Ctx *cx, const Books *books, const char *code, bool *ret_found)
{
    json_t *members = json_pack("{s:s}", "account", code);
    Reply reply = {0};
    Err err = call(cx, books, call_of(op_by_name("account_get"), members, NULL), &reply, ret_found);
    json_decref(members);
    TRY(err);
    err_clear(cx);
    return ERR_OK;
}

static Err account_make(Ctx *cx, Books *books, Item *item)
{
    json_t *account = item->makers[TARGET_ACCOUNT];
    const char *code = code_of(account);
    if (is_known(books, TARGET_ACCOUNT, code)) {
        return ERR_OK;
    }
    bool is_found = false;
    TRY(account_find(cx, books, code, &is_found));
    if (is_found) {
        know(books, TARGET_ACCOUNT, code);
        return ERR_OK;
    }
    TRY(make(cx, books, TARGET_PARTNER, item->makers[TARGET_PARTNER], item));
    if (item->outcome != OUTCOME_NONE) {
        return ERR_OK;
    }
    if (json_object_get(account, "currency") == NULL && books->currency != NULL) {
        (void)json_object_set_new(account, "currency", json_string(books->currency));
    }
    return make(cx, books, TARGET_ACCOUNT, account, item);
}

static Err missing_make(Ctx *cx, Books *books, Item *item)
{
    bool has_account = books->mapping->creates[TARGET_ACCOUNT];
    TRY(has_account ? account_make(cx, books, item)
                    : make(cx, books, TARGET_PARTNER, item->makers[TARGET_PARTNER], item));
    const json_t *products = item->makers[TARGET_PRODUCT];
    for (size_t i = 0; i < json_array_size(products) && item->outcome == OUTCOME_NONE; i++) {
        TRY(make(cx, books, TARGET_PRODUCT, json_array_get(products, i), item));
    }
    return ERR_OK;
}

/* ---- What is there already ---- */

/* "invoice" for invoice_post: the word before the verb. */
static const char *noun_of(Arena *arena, const Op *op)
{
    const char *verb = strrchr(op->name, '_');
    return arena_copy(arena, op->name, (size_t)(verb - op->name));
}

/* ---- One item ---- */

static json_t *payment_members(const Item *item, const json_t *invoice)
{
    const char *number = json_string_value(json_object_get(item->members, "number"));
    json_t *payment = json_pack("{s:O,s:O,s:s,s:[{s:O,s:O}]}", "account",
        json_object_get(item->members, "account"), "amount",
        json_object_get(item->members, "amount"), "received_on", item->settled_on, "allocations",
        "invoice", json_object_get(invoice, "id"), "amount",
        json_object_get(item->members, "amount"));
    if (payment != NULL && number != NULL) {
        (void)json_object_set_new(payment, "reference", json_string(number));
    }
    return payment;
}

/* The settlement of an imported invoice. */
static Err settle(Ctx *cx, const Books *books, Item *item, const json_t *invoice)
{
    json_t *members = payment_members(item, invoice);
    if (members == NULL) {
        item_refuse(books->arena, item, "settled_on", "a settled invoice needs account and amount");
        return ERR_OK;
    }
    Reply payment = {0};
    bool is_done = false;
    const char *key = arena_printf(cx->arena, "%s-settled", item->key);
    Err err =
        call(cx, books, call_of(op_by_name("payment_post"), members, key), &payment, &is_done);
    json_decref(members);
    TRY(err);
    if (!is_done) {
        bool is_date = cx->err.field != NULL && strcmp(cx->err.field, "received_on") == 0;
        refused(cx, books, item, "its payment: ", is_date ? "settled_on" : NULL);
    } else if (!payment.is_repeat) {
        item->has_written = true;
        item->outcome = OUTCOME_DONE;
    }
    return ERR_OK;
}

/* The document of the item's account that has its number; NULL: it cannot be told. */
static Err taker_find(Ctx *cx, const Books *books, const Item *item, json_t **ret_stored)
{
    const Op *list =
        op_by_name(arena_printf(cx->arena, "%s_list", noun_of(cx->arena, books->mapping->op)));
    *ret_stored = NULL;
    if (list == NULL) {
        return ERR_OK;
    }
    json_t *members = json_pack("{s:O?,s:O}", "account", json_object_get(item->members, "account"),
        "number", json_object_get(item->members, "number"));
    Reply reply = {0};
    bool is_done = false;
    Err err = call(cx, books, call_of(list, members, NULL), &reply, &is_done);
    json_decref(members);
    TRY(err);
    err_clear(cx);
    CLEANUP(json_value_free) json_t *page = is_done ? json_loads(reply.body, 0, NULL) : NULL;
    *ret_stored = json_incref(document_standing(json_object_get(page, "items")));
    return ERR_OK;
}

/* Its number is taken: by the same document that came before, or by another one. One that is still
 * open is settled as the row says: rows that were booked together have no keys. */
static Err number_taken(Ctx *cx, const Books *books, Item *item)
{
    CLEANUP(json_value_free) json_t *stored = NULL;
    err_clear(cx);
    item_refuse(books->arena, item, "number", "there is one of this number with other content");
    TRY(taker_find(cx, books, item, &stored));
    if (stored == NULL || !is_document_there(item->members, stored)) {
        return ERR_OK;
    }
    item->outcome = OUTCOME_SKIPPED;
    bool is_open =
        is_same_value(json_object_get(stored, "amount"), json_object_get(stored, "open"));
    return item->settled_on != NULL && is_open ? settle(cx, books, item, stored) : ERR_OK;
}

/* Whether what a repeat answers was taken back, together with the import that made it. */
static Err is_taken_back(Ctx *cx, const Books *books, const Reply *repeat, bool *ret_taken_back)
{
    *ret_taken_back = false;
    if (!books->has_undone) {
        return ERR_OK;
    }
    CLEANUP(json_value_free) json_t *made = json_loads(repeat->body, 0, NULL);
    const json_t *id = json_object_get(made, "id");
    if (!json_is_string(id)) {
        return ERR_OK;
    }
    CLEANUP(json_value_free)
    json_t *members =
        json_pack("{s:s,s:s}", "id", json_string_value(id), "operation", books->mapping->op->name);
    Reply reply = {0};
    bool is_done = false;
    TRY(call(cx, books, call_of(op_by_name("import_undone"), members, NULL), &reply, &is_done));
    TRY(cx->err.code);
    CLEANUP(json_value_free) json_t *told = json_loads(reply.body, 0, NULL);
    *ret_taken_back = json_is_true(json_object_get(told, "is_undone"));
    return ERR_OK;
}

/* A row that came before and was taken back with its import has another key the next time; and one
 * that came with other content is asked about without the key that tells it. */
static Err item_call(Ctx *cx, const Books *books, Item *item, Reply *ret_reply, bool *ret_other)
{
    const char *first = item->key;
    bool is_again = true;
    *ret_other = false;
    for (int turn = 0; is_again && turn < TURNS_MAX; turn++) {
        bool is_done = false;
        err_clear(cx);
        item->key = turn == 0 ? first : arena_printf(books->arena, "%s-%d", first, turn);
        Call one = call_of(books->mapping->op, item->members, item->key);
        TRY(call(cx, books, one, ret_reply, &is_done));
        is_again = cx->err.code == ERR_IDEMPOTENCY_MISMATCH;
        *ret_other = *ret_other || is_again;
        if (is_done && ret_reply->is_repeat) {
            TRY(is_taken_back(cx, books, ret_reply, &is_again));
        }
    }
    return ERR_OK;
}

static Err item_book(Ctx *cx, Books *books, Item *item)
{
    Reply reply = {0};
    bool is_other = false;
    TRY(item_call(cx, books, item, &reply, &is_other));
    if (cx->err.code == ERR_OK) {
        item->outcome = reply.is_repeat ? OUTCOME_SKIPPED : OUTCOME_DONE;
        item->has_written = item->has_written || !reply.is_repeat;
        CLEANUP(json_value_free)
        json_t *invoice = item->settled_on != NULL ? json_loads(reply.body, 0, NULL) : NULL;
        return invoice != NULL ? settle(cx, books, item, invoice) : ERR_OK;
    }
    if (cx->err.code == ERR_NUMBER_TAKEN) {
        return number_taken(cx, books, item);
    }
    if (cx->err.code == ERR_CODE_TAKEN && is_other) {
        err_clear(cx);
        item_refuse(books->arena, item, "code",
            "a row with the same one and other content was imported before");
        return ERR_OK;
    }
    if (cx->err.code == ERR_CODE_TAKEN) {
        err_clear(cx);
        item->outcome = OUTCOME_SKIPPED;
        return ERR_OK;
    }
    refused(cx, books, item, "", NULL);
    return ERR_OK;
}

static Err item_run(Ctx *cx, Books *books, Item *item)
{
    item_open(books->arena, books->mapping, item);
    if (item->outcome != OUTCOME_NONE) {
        return ERR_OK;
    }
    item_seal(books->arena, books->mapping, books->tally, item);
    TRY(missing_make(cx, books, item));
    return item->outcome == OUTCOME_NONE ? item_book(cx, books, item) : ERR_OK;
}

/* ---- Several items ---- */

/* Its first row makes the account that is missing. False: not all of it can be booked. */
static Err group_account_make(Ctx *cx, Books *books, const Group *group, bool *ret_there)
{
    Item *first = books->items[group->first];
    *ret_there = true;
    if (is_known(books, TARGET_ACCOUNT, group->account)) {
        return ERR_OK;
    }
    item_open(books->arena, books->mapping, first);
    TRY(first->outcome == OUTCOME_NONE ? missing_make(cx, books, first) : ERR_OK);
    *ret_there = first->outcome == OUTCOME_NONE;
    return ERR_OK;
}

/* Marks the rows that are there already as they stand, and tells how many are not. */
static Err group_there(
    Ctx *cx, const Books *books, const Group *group, bool *skips, size_t *ret_left)
{
    *ret_left = group->count;
    const char *name = books->grouping->many->there;
    if (name == NULL) {
        return ERR_OK;
    }
    Reply reply = {0};
    bool is_told = false;
    Call ask = group_call(cx, books->grouping, group, op_by_name(name), skips);
    TRY(call(cx, books, ask, &reply, &is_told));
    err_clear(cx);
    CLEANUP(json_value_free) json_t *told = is_told ? json_loads(reply.body, 0, NULL) : NULL;
    const json_t *there = json_object_get(told, "there");
    for (size_t i = 0; i < json_array_size(there); i++) {
        size_t at = (size_t)json_integer_value(json_array_get(there, i));
        ASSERT(at < group->count);
        skips[at] = true;
        --*ret_left;
        books->items[group->first + at]->outcome = OUTCOME_SKIPPED;
    }
    return ERR_OK;
}

static Err group_book(Ctx *cx,
    const Books *books,
    const Group *group,
    const bool *skips,
    bool *ret_done,
    bool *ret_taken)
{
    Reply reply = {0};
    Call all = group_call(cx, books->grouping, group, books->grouping->many, skips);
    TRY(call(cx, books, all, &reply, ret_done));
    *ret_taken = cx->err.code == ERR_NUMBER_TAKEN;
    err_clear(cx);
    return ERR_OK;
}

/* Where one of them is refused it is not said which others would be too: each is asked alone, but
 * for those that are there already. */
static Err group_run(Ctx *cx, Books *books, const Group *group)
{
    bool is_done = false;
    bool is_taken = false;
    bool *skips = arena_array(cx->arena, group->count, sizeof *skips);
    Item *const *items = books->items + group->first;
    TRY(group_account_make(cx, books, group, &is_done));
    if (is_done) {
        TRY(group_book(cx, books, group, skips, &is_done, &is_taken));
    }
    if (is_taken) {
        size_t left = 0;
        TRY(group_there(cx, books, group, skips, &left));
        TRY(left > 0 && left < group->count
                ? group_book(cx, books, group, skips, &is_done, &is_taken)
                : ERR_OK);
    }
    for (size_t i = 0; i < group->count; i++) {
        if (items[i]->outcome != OUTCOME_NONE) {
            continue;
        }
        if (!is_done) {
            TRY(item_run(cx, books, items[i]));
            continue;
        }
        items[i]->outcome = OUTCOME_DONE;
        items[i]->has_written = true;
    }
    return ERR_OK;
}

/* A group of one is the item itself. */
void books_prepare(Books *books, Arena *arena)
{
    books->groups = arena_array(arena, books->count, sizeof *books->groups);
    books->group_count = 0;
    for (size_t at = 0; at < books->count;) {
        Group group = group_make(
            arena, books->mapping, books->grouping, books->items + at, books->count - at);
        group.first = at;
        if (group.count > 1) {
            books->groups[books->group_count++] = group;
        }
        at += group.count > 1 ? group.count : 1;
    }
}

/* ---- Transactions ---- */

static Err actor_set(Ctx *cx, const Books *books)
{
    cx->actor = &actor_system;
    return books->as == NULL ? ERR_OK : actor_by_name(cx, books->as, &cx->actor);
}

/* The import is on record from the first transaction on that stores something of it. */
static Err run_begin(Ctx *cx, Books *books)
{
    if (books->run != 0) {
        return ERR_OK;
    }
    CLEANUP(json_value_free)
    json_t *members =
        json_pack("{s:s,s:s?}", "what", books->mapping->op->path + 1, "file", books->file);
    Call begin = {.op = op_by_name("import_begin"), .members = members};
    Reply reply = {0};
    bool is_done = false;
    TRY(call(cx, books, begin, &reply, &is_done));
    TRY(cx->err.code);
    CLEANUP(json_value_free) json_t *run = json_loads(reply.body, 0, NULL);
    char letter = '\0';
    bool is_told = id_parse(json_string_value(json_object_get(run, "id")), &letter, &books->run);
    ASSERT(is_told);
    books->is_run_new = true;
    return ERR_OK;
}

/* What was made in a transaction that did not hold is not there. */
static void forget(Books *books)
{
    books->run = books->is_run_new ? 0 : books->run;
    books->is_run_new = false;
    for (size_t i = 0; i < TARGET_COUNT; i++) {
        json_object_clear(books->known[i]);
    }
}

static void item_anew(Item *item)
{
    if (!item->is_faulty) {
        item->outcome = OUTCOME_NONE;
        item->has_written = false;
    }
}

static bool is_in_part(const Item *item)
{
    return item->outcome == OUTCOME_REFUSED && item->has_written;
}

/* The item, or the group that begins with it; how many that were. */
static Err step_run(Ctx *cx, Books *books, size_t at, Group **next, size_t *ret_count)
{
    ArenaMark mark = arena_mark(cx->arena);
    bool is_group = *next < books->groups + books->group_count && (*next)->first == at;
    *ret_count = is_group ? (*next)->count : 1;
    TRY(is_group ? group_run(cx, books, (*next)++) : item_run(cx, books, books->items[at]));
    arena_rewind(cx->arena, mark);
    return ERR_OK;
}

static bool has_written(Item *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i]->has_written) {
            return true;
        }
    }
    return false;
}

static Err all_run(Ctx *cx, Books *books)
{
    Group *next = books->groups;
    size_t count = 0;
    for (size_t at = 0; at < books->count; at += count) {
        TRY(step_run(cx, books, at, &next, &count));
        for (size_t i = 0; i < count; i++) {
            if (is_in_part(books->items[at + i])) {
                return err_set(cx, ERR_STATE, NULL, "A row cannot be taken whole.");
            }
            if (books->grouping->many != NULL) {
                item_close(books->items[at + i]); /* so many are not held at once */
            }
        }
    }
    return ERR_OK;
}

/* A refused item that has written leaves with the whole transaction. */
static Err items_run(Ctx *cx, void *user)
{
    Books *books = user;
    Item *const *first = books->alone != NULL ? &books->alone : books->items;
    size_t count = books->alone != NULL ? 1 : books->count;
    if (books->is_begun) { /* the transaction is done again */
        forget(books);
        for (size_t i = 0; i < count; i++) {
            item_anew(first[i]);
        }
    }
    books->is_begun = true;
    TRY(actor_set(cx, books));
    TRY(run_begin(cx, books));
    TRY(books->alone == NULL ? all_run(cx, books) : item_run(cx, books, books->alone));
    if (books->alone != NULL && is_in_part(books->alone)) {
        return err_set(cx, ERR_STATE, NULL, "A row cannot be taken whole.");
    }
    books->is_nothing = books->is_run_new && !has_written(first, count);
    return books->is_nothing ? err_set(cx, ERR_STATE, NULL, "Nothing was stored.") : ERR_OK;
}

static bool is_row_refusal(const Books *books, size_t count)
{
    Item *const *first = books->alone != NULL ? &books->alone : books->items;
    for (size_t i = 0; i < count; i++) {
        if (is_in_part(first[i])) {
            return true;
        }
    }
    return false;
}

static Err transaction_run(Ctx *cx, Books *books, size_t count, bool *ret_held)
{
    books->is_begun = false;
    books->is_nothing = false;
    Err err = books->work(cx, books->user, items_run, books);
    *ret_held = err == ERR_OK || books->is_nothing;
    if (err == ERR_OK) {
        books->is_run_new = false;
        return ERR_OK;
    }
    forget(books);
    if (!books->is_nothing && !is_row_refusal(books, count)) {
        return err;
    }
    err_clear(cx);
    return ERR_OK;
}

static Err each_alone(Ctx *cx, Books *books)
{
    for (size_t i = 0; i < books->count; i++) {
        Item *item = books->items[i];
        if (item->is_faulty) {
            continue;
        }
        item_anew(item);
        books->alone = item;
        bool is_held = false;
        Err err = transaction_run(cx, books, 1, &is_held);
        books->alone = NULL;
        TRY(err);
    }
    return ERR_OK;
}

Err books_run(Ctx *cx, Books *books)
{
    bool is_held = false;
    TRY(transaction_run(cx, books, books->count, &is_held));
    return is_held ? ERR_OK : each_alone(cx, books);
}

Err books_call(Ctx *cx, const Books *books, const char *name, const json_t *members)
{
    Reply reply = {0};
    bool is_done = false;
    TRY(actor_set(cx, books));
    TRY(call(cx, books, call_of(op_by_name(name), members, NULL), &reply, &is_done));
    return cx->err.code;
}

void books_start(Books *books)
{
    for (size_t i = 0; i < TARGET_COUNT; i++) {
        books->known[i] = json_object();
    }
}

void books_end(Books *books)
{
    for (size_t i = 0; i < TARGET_COUNT; i++) {
        json_value_free(&books->known[i]);
    }
}
