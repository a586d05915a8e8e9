/* Calling and choosing. */
#include "support/trade_pick.h"

#include <string.h>

/* ---- calling ---- */

static TradeCount *count_of(Trade *trade, const char *operation)
{
    for (size_t i = 0; i < trade->count_count; i++) {
        if (strcmp(trade->counts[i].name, operation) == 0) {
            return &trade->counts[i];
        }
    }
    ASSERT(trade->count_count < TRADE_OPS_MAX);
    TradeCount *count = &trade->counts[trade->count_count++];
    *count = (TradeCount){.name = operation};
    return count;
}

void trade_fault(Trade *trade, const char *what)
{
    if (trade->fault == NULL) {
        trade->fault = what;
    }
}

/* The same key again answers the same and does nothing. */
static void repeat(Trade *trade, const char *as, json_t *members, const char *key)
{
    World *world = &trade->world;
    int status = world->status;
    const json_t *again = world_do_key(world, as, trade->operation, members, key);
    if (status < 400 && (!world->is_repeat || world->status != status)) {
        trade_fault(trade, "a repeated key was done again");
    }
    if (status >= 400 && world->status != status) {
        trade_fault(trade, "what was refused was done the second time");
    }
    if (status < 400 && !json_equal(trade->answer, again)) {
        trade_fault(trade, "a repeated key answered something else");
    }
    world->status = status;
}

const json_t *trade_act(Trade *trade, const char *as, const char *operation, json_t *members)
{
    World *world = &trade->world;
    char key[32];
    Effect effect = op_by_name(operation)->effect;
    bool is_write = effect == EFFECT_CREATE || effect == EFFECT_ACT;
    json_t *same = trade->is_keyed && is_write ? json_deep_copy(members) : NULL;
    (void)snprintf(key, sizeof key, "key %d", ++trade->numbered);
    trade->operation = operation;
    trade->answer = world_do_key(world, as, operation, members, same == NULL ? NULL : key);
    TradeCount *count = count_of(trade, operation);
    count->done += world->status < 400;
    count->refused += world->status >= 400;
    if (world->status >= 500) {
        trade_fault(trade, "the program failed");
    }
    if (world->status == 400 || strcmp(world->code, "ERR_FIELD_UNKNOWN") == 0) {
        trade_fault(trade, "the test asked for what there is not");
    }
    if (same != NULL) {
        repeat(trade, as, same, key);
    }
    return trade->answer;
}

/* ---- choosing ---- */

bool trade_chance(Trade *trade, uint32_t percent)
{
    return world_chance(&trade->world, percent);
}

uint32_t trade_below(Trade *trade, size_t bound)
{
    return world_below(&trade->world, (uint32_t)bound);
}

json_t *trade_id(char letter, Id id)
{
    char text[ID_TEXT_SIZE];
    id_format(letter, id, text);
    return json_string(text);
}

BookAccount *pick_account(Trade *trade)
{
    return books_account(&trade->books, trade->accounts[trade_below(trade, trade->account_count)]);
}

json_t *trade_amount(const BookAccount *account, int64_t minor)
{
    char text[DECIMAL_TEXT_SIZE];
    return json_string(world_amount(minor > 0 ? minor : 1, account->decimals, text));
}

json_t *trade_day(Trade *trade, int back, int ahead)
{
    char text[DATE_TEXT_SIZE];
    int days = (int)trade_below(trade, (size_t)(back + ahead + 1)) - back;
    return json_string(world_date(&trade->world, trade->world.place.cx.today + days, text));
}

void trade_set(json_t *members, const char *name, json_t *value)
{
    int failed = json_object_set_new(members, name, value);
    ASSERT(failed == 0);
}

/* Around what a limit is, in minor units. */
int64_t pick_amount(Trade *trade)
{
    static const int64_t amounts[] = {1, 7, 99, 1000, 3333, 10000, 25000, 50000, 77777, 100000};
    int64_t amount = amounts[trade_below(trade, COUNT(amounts))];
    return trade_chance(trade, 50) ? amount : 1 + trade_below(trade, 60000);
}

/* Of a whole: all of it, a part, now and then more. */
int64_t pick_part(Trade *trade, int64_t whole)
{
    if (whole <= 0) {
        return pick_amount(trade);
    }
    uint32_t how = trade_below(trade, 10);
    return how < 4   ? whole
           : how < 9 ? 1 + trade_below(trade, (size_t)whole)
                     : whole + 1 + trade_below(trade, 500);
}

const char *pick_seller(Trade *trade)
{
    static const char *const sellers[] = {"sam", "sam", "sue", "mia", "boss"};
    return trade_chance(trade, 2) ? "vera" : sellers[trade_below(trade, COUNT(sellers))];
}

const char *pick_clerk(Trade *trade)
{
    return trade_chance(trade, 2) ? "sam" : "fin";
}

const char *pick_approver(Trade *trade)
{
    static const char *const approvers[] = {"cleo", "cleo", "carl", "mia", "boss", "sam"};
    return approvers[trade_below(trade, COUNT(approvers))];
}

/* One whose figures fit, when there is one; else any; NULL when there is none at all. */
static void *one_of(Trade *trade, void *items, size_t size, size_t count, Fits fits)
{
    size_t at[BOOKS_MAX];
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (fits(&trade->books, (char *)items + i * size)) {
            at[found++] = i;
        }
    }
    if (count == 0) {
        return NULL;
    }
    bool is_any = found == 0 || trade_chance(trade, 6);
    size_t i = is_any ? trade_below(trade, count) : at[trade_below(trade, found)];
    return (char *)items + i * size;
}

bool fit_is_open_order(const Books *books, const void *item)
{
    const BookOrder *order = item;
    (void)books;
    return strcmp(order->status, "approved") == 0 || strcmp(order->status, "shipped") == 0;
}

bool fit_is_approved(const Books *books, const void *item)
{
    (void)books;
    return strcmp(((const BookOrder *)item)->status, "approved") == 0;
}

bool fit_is_released(const Books *books, const void *item)
{
    const BookOrder *order = item;
    return fit_is_approved(books, item) && order->release != 0;
}

bool fit_is_held(const Books *books, const void *item)
{
    (void)books;
    return strcmp(((const BookOrder *)item)->status, "held") == 0;
}

bool fit_is_ended(const Books *books, const void *item)
{
    const BookOrder *order = item;
    (void)books;
    return strcmp(order->status, "cancelled") == 0 || strcmp(order->status, "closed") == 0;
}

BookOrder *pick_order(Trade *trade, Fits fits)
{
    Books *books = &trade->books;
    return one_of(trade, books->orders, sizeof books->orders[0], books->order_count, fits);
}

bool fit_shipment_stands(const Books *books, const void *item)
{
    (void)books;
    return ((const BookShipment *)item)->stands;
}

BookShipment *pick_shipment(Trade *trade)
{
    Books *books = &trade->books;
    return one_of(trade, books->shipments, sizeof books->shipments[0], books->shipment_count,
        fit_shipment_stands);
}

bool fit_return_stands(const Books *books, const void *item)
{
    (void)books;
    return ((const BookReturn *)item)->stands;
}

bool fit_invoice_stands(const Books *books, const void *item)
{
    (void)books;
    return ((const BookInvoice *)item)->stands;
}

bool fit_invoice_is_open(const Books *books, const void *item)
{
    (void)books;
    return ((const BookInvoice *)item)->open > 0;
}

BookInvoice *pick_invoice(Trade *trade, Fits fits)
{
    Books *books = &trade->books;
    return one_of(trade, books->invoices, sizeof books->invoices[0], books->invoice_count, fits);
}

bool fit_is_payment(const Books *books, const void *item)
{
    const BookSource *source = item;
    (void)books;
    return source->kind == SOURCE_PAYMENT && source->stands;
}

bool fit_is_note(const Books *books, const void *item)
{
    const BookSource *source = item;
    (void)books;
    return source->kind == SOURCE_CREDIT_NOTE && source->stands;
}

bool fit_is_write_off(const Books *books, const void *item)
{
    const BookSource *source = item;
    (void)books;
    return source->kind == SOURCE_WRITE_OFF && source->stands;
}

bool fit_is_advance(const Books *books, const void *item)
{
    return fit_is_payment(books, item) && ((const BookSource *)item)->left > 0;
}

BookSource *pick_source(Trade *trade, Fits fits)
{
    Books *books = &trade->books;
    return one_of(trade, books->sources, sizeof books->sources[0], books->source_count, fits);
}

/* A random row of a statement that answers ids; 0 when there is none. */
Id pick_row(Trade *trade, const Sql *sql)
{
    Rows rows = world_ask(&trade->world, sql, NO_ARGS);
    size_t at = rows.count == 0 ? 0 : 1 + trade_below(trade, rows.count);
    for (size_t i = 0; i < at; i++) {
        (void)db_next(&rows);
    }
    return at == 0 ? 0 : db_id(&rows, 0);
}

void trade_reasoned(
    Trade *trade, const char *as, const char *operation, const char *name, json_t *id)
{
    (void)trade_act(
        trade, as, operation, json_pack("{s:o,s:s}", name, id, "reason", "it has a reason"));
}
