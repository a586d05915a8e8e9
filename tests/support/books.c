/* The naive second set of books. */
#include "support/books.h"

#include <string.h>

void books_open(Books *books, World *world)
{
    *books = (Books){.world = world};
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Finds the item of this id or takes the next place for it. All items begin with their id. */
static void *item_of(void *items, size_t size, size_t *count, Id id, bool *ret_is_new)
{
    char *at = items;
    for (size_t i = 0; i < *count; i++, at += size) {
        if (*(Id *)(void *)at == id) {
            *ret_is_new = false;
            return at;
        }
    }
    ASSERT(*count < BOOKS_MAX);
    ++*count;
    *ret_is_new = true;
    *(Id *)(void *)at = id;
    return at;
}

BookAccount *books_account(Books *books, Id id)
{
    bool is_new = false;
    return item_of(books->accounts, sizeof books->accounts[0], &books->account_count, id, &is_new);
}

BookOrder *books_order(Books *books, Id id)
{
    bool is_new = false;
    BookOrder *order =
        item_of(books->orders, sizeof books->orders[0], &books->order_count, id, &is_new);
    ASSERT(!is_new);
    return order;
}

int64_t books_exposure(const BookAccount *account)
{
    return account->ordered + account->shipped + account->receivable + account->cheque -
           account->advance;
}

/* ---- an order's figures */

static bool is_status(const BookOrder *order, const char *status)
{
    return strcmp(order->status, status) == 0;
}

static bool is_ended(const BookOrder *order)
{
    return is_status(order, "cancelled") || is_status(order, "closed") || order->is_final;
}

/* What has left the account's orders for good: shipped, or billed ahead of that. Goods that came
 * back before they were billed are not to be billed, those of a final invoice neither. */
static int64_t dealt(const BookOrder *order)
{
    return larger(order->went_out, order->billed + order->came_back + order->dropped);
}

static int64_t open_of(const BookOrder *order)
{
    return is_ended(order) ? 0 : larger(0, order->total - dealt(order));
}

static int64_t ordered_of(const BookOrder *order)
{
    bool is_out = is_ended(order) || is_status(order, "held");
    if (is_out || order->release == 0) {
        return is_out ? 0 : open_of(order);
    }
    return larger(0, order->committed - (dealt(order) - order->dealt_at));
}

static int64_t shipped_of(const BookOrder *order)
{
    return larger(0, order->went_out - order->billed - order->came_back - order->dropped);
}

static void commit(BookOrder *order, int64_t amount)
{
    order->committed = amount;
    order->dealt_at = dealt(order);
}

/* ---- documents of goods */

static const Sql sql_shipments = {
    "SELECT id, order_id, shipped_on, amount, status, release_id FROM shipment ORDER BY id", "",
    "kkditk"};
static const Sql sql_returns = {
    "SELECT id, shipment_id, amount, status FROM goods_return ORDER BY id", "", "kkit"};

static void shipments_read(Books *books)
{
    Rows rows = world_ask(books->world, &sql_shipments, NO_ARGS);
    while (db_next(&rows)) {
        bool is_new = false;
        BookShipment *shipment = item_of(books->shipments, sizeof books->shipments[0],
            &books->shipment_count, db_id(&rows, 0), &is_new);
        shipment->order = db_id(&rows, 1);
        shipment->on = db_date(&rows, 2);
        shipment->amount = db_i64(&rows, 3);
        bool stood = shipment->stands;
        shipment->stands = strcmp(db_text(&rows, 4), "posted") == 0;
        if (stood && !shipment->stands) {
            books_order(books, shipment->order)->is_taken_back = true;
        }
        shipment->release = db_id(&rows, 5);
    }
}

static bool is_earlier(const BookShipment *a, const BookShipment *b)
{
    return a->on != b->on ? a->on < b->on : a->id < b->id;
}

/* What of a shipment nobody has billed: an order's bills count for its oldest shipments first. */
static int64_t unbilled_of(Books *books, const BookShipment *shipment)
{
    const BookOrder *order = books_order(books, shipment->order);
    int64_t billed = order->billed + order->dropped;
    for (size_t i = 0; i < books->shipment_count; i++) {
        const BookShipment *other = &books->shipments[i];
        if (other->order == order->id && other->stands && is_earlier(other, shipment)) {
            billed -= smaller(billed, other->amount - other->came_back);
        }
    }
    int64_t room = shipment->amount - shipment->came_back;
    return room - smaller(billed, room);
}

static void returns_read(Books *books)
{
    Rows rows = world_ask(books->world, &sql_returns, NO_ARGS);
    while (db_next(&rows)) {
        bool is_new = false;
        BookReturn *back = item_of(books->returns, sizeof books->returns[0], &books->return_count,
            db_id(&rows, 0), &is_new);
        back->shipment = db_id(&rows, 1);
        back->amount = db_i64(&rows, 2);
        back->stands = strcmp(db_text(&rows, 3), "posted") == 0;
        bool is_known = false;
        BookShipment *shipment = item_of(books->shipments, sizeof books->shipments[0],
            &books->shipment_count, back->shipment, &is_known);
        if (is_new) {
            back->moved = smaller(back->amount, unbilled_of(books, shipment));
            shipment->came_back += back->moved;
        } else if (!back->stands) {
            shipment->came_back -= back->moved;
            back->moved = 0;
        }
    }
}

static void goods_count(Books *books)
{
    for (size_t i = 0; i < books->order_count; i++) {
        books->orders[i].went_out = 0;
        books->orders[i].came_back = 0;
    }
    for (size_t i = 0; i < books->shipment_count; i++) {
        const BookShipment *shipment = &books->shipments[i];
        BookOrder *order = books_order(books, shipment->order);
        order->went_out += shipment->stands ? shipment->amount : 0;
        order->came_back += shipment->stands ? shipment->came_back : 0;
    }
}

/* ---- invoices and what pays them */

static const Sql sql_invoices = {
    "SELECT i.id, i.account_id, i.order_id, i.amount, i.is_final, i.status, i.due_on, "
    "i.invoiced_on,"
    " (SELECT CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) FROM invoice_line l"
    " WHERE l.invoice_id = i.id) FROM invoice i ORDER BY i.id",
    "", "kkkibtddi"};
static const Sql sql_sources = {
    "SELECT id, 1, account_id, amount, status, order_id FROM payment"
    " UNION ALL SELECT id, 2, account_id, amount, status, NULL FROM credit_note"
    " UNION ALL SELECT id, 3, account_id, amount, status, NULL FROM write_off ORDER BY 1",
    "", "kikitk"};
static const Sql sql_allocations = {
    "SELECT source_id, invoice_id, amount, is_recovery FROM allocation", "", "kkib"};
static const Sql sql_refunded = {"SELECT p.source_id, p.amount FROM refund_part p JOIN refund r"
                                 " ON r.id = p.refund_id WHERE r.status = 'posted'",
    "", "ki"};

static void bills_count(Books *books)
{
    for (size_t i = 0; i < books->order_count; i++) {
        books->orders[i].billed = 0;
        books->orders[i].dropped = 0;
        books->orders[i].is_final = false;
    }
    for (size_t i = 0; i < books->invoice_count; i++) {
        const BookInvoice *invoice = &books->invoices[i];
        if (invoice->order != 0 && invoice->stands) {
            BookOrder *order = books_order(books, invoice->order);
            order->billed += invoice->of_order;
            order->dropped += invoice->dropped;
            order->is_final = order->is_final || invoice->is_final;
        }
    }
}

/* A final invoice drops what is shipped and not billed by then. */
static void invoice_new(Books *books, BookInvoice *invoice)
{
    if (invoice->order == 0) {
        return;
    }
    const BookOrder *order = books_order(books, invoice->order);
    invoice->taken = smaller(invoice->amount, order->shipped_was + order->ordered_was);
    if (invoice->is_final) {
        bills_count(books);
        invoice->dropped = shipped_of(order);
    }
}

static void invoices_read(Books *books)
{
    Rows rows = world_ask(books->world, &sql_invoices, NO_ARGS);
    while (db_next(&rows)) {
        bool is_new = false;
        BookInvoice *invoice = item_of(books->invoices, sizeof books->invoices[0],
            &books->invoice_count, db_id(&rows, 0), &is_new);
        invoice->account = db_id(&rows, 1);
        invoice->order = db_id(&rows, 2);
        invoice->amount = db_i64(&rows, 3);
        invoice->is_final = db_bool(&rows, 4);
        bool stood = invoice->stands;
        invoice->stands = strcmp(db_text(&rows, 5), "reversed") != 0;
        if (stood && !invoice->stands && invoice->order != 0) {
            BookOrder *order = books_order(books, invoice->order);
            order->is_taken_back = true;
            order->given_back = invoice->taken;
        }
        invoice->due_on = db_date(&rows, 6);
        invoice->invoiced_on = db_date(&rows, 7);
        invoice->of_order = db_i64(&rows, 8);
        invoice->open = invoice->stands ? invoice->amount : 0;
        if (is_new) {
            invoice_new(books, invoice);
        }
    }
}

static void sources_read(Books *books)
{
    Rows rows = world_ask(books->world, &sql_sources, NO_ARGS);
    while (db_next(&rows)) {
        bool is_new = false;
        BookSource *source = item_of(books->sources, sizeof books->sources[0], &books->source_count,
            db_id(&rows, 0), &is_new);
        source->kind = (SourceKind)db_i64(&rows, 1);
        source->account = db_id(&rows, 2);
        source->amount = db_i64(&rows, 3);
        source->stands = strcmp(db_text(&rows, 4), "posted") == 0;
        source->order = db_id(&rows, 5);
        source->left = source->stands && source->kind != SOURCE_WRITE_OFF ? source->amount : 0;
    }
}

static void allocations_count(Books *books)
{
    Rows rows = world_ask(books->world, &sql_allocations, NO_ARGS);
    while (db_next(&rows)) {
        bool is_new = false;
        int64_t amount = db_i64(&rows, 2);
        BookSource *source = item_of(books->sources, sizeof books->sources[0], &books->source_count,
            db_id(&rows, 0), &is_new);
        BookInvoice *invoice = item_of(books->invoices, sizeof books->invoices[0],
            &books->invoice_count, db_id(&rows, 1), &is_new);
        BookAccount *account = books_account(books, source->account);
        invoice->open -= amount;
        if (source->kind == SOURCE_WRITE_OFF) {
            account->written_off += amount;
            continue;
        }
        source->left -= amount;
        bool is_settling = source->kind == SOURCE_PAYMENT && !db_bool(&rows, 3);
        account->settled += is_settling ? amount : 0;
    }
    rows = world_ask(books->world, &sql_refunded, NO_ARGS);
    while (db_next(&rows)) {
        bool is_new = false;
        BookSource *source = item_of(books->sources, sizeof books->sources[0], &books->source_count,
            db_id(&rows, 0), &is_new);
        source->left -= db_i64(&rows, 1);
    }
}

/* ---- orders */

static const Sql sql_orders = {
    "SELECT id, account_id, status, total, release_id FROM sales_order ORDER BY id", "", "kktik"};
static const Sql sql_release = {"SELECT amount_max FROM credit_release WHERE id = $1", "k", "i"};

static void orders_meet(Books *books, Rows rows)
{
    while (db_next(&rows)) {
        bool is_new = false;
        BookOrder *order = item_of(
            books->orders, sizeof books->orders[0], &books->order_count, db_id(&rows, 0), &is_new);
        order->account = db_id(&rows, 1);
    }
}

/* What went out under a release has used it up. */
static int64_t covered_by(const Books *books, Id release)
{
    int64_t covered = 0;
    for (size_t i = 0; i < books->shipment_count; i++) {
        const BookShipment *shipment = &books->shipments[i];
        covered += shipment->stands && shipment->release == release ? shipment->amount : 0;
    }
    return covered;
}

/* Approved anew: all of its rest, or what a release covers. */
static int64_t approved_amount(Books *books, const BookOrder *order, Id release)
{
    int64_t open = open_of(order);
    if (release == 0) {
        return open;
    }
    Rows rows = world_ask(books->world, &sql_release, ARGS(arg_id(release)));
    ASSERT(db_next(&rows));
    return smaller(open, larger(0, db_i64(&rows, 0) - covered_by(books, release)));
}

static bool counts_as_approved(const char *status)
{
    return strcmp(status, "approved") == 0 || strcmp(status, "shipped") == 0 ||
           strcmp(status, "invoiced") == 0;
}

static void order_follow(Books *books, BookOrder *order, const Rows *rows)
{
    const char *status = db_text(rows, 2);
    int64_t total = db_i64(rows, 3);
    Id release = db_id(rows, 4);
    bool was_approved = counts_as_approved(order->status);
    bool is_other = total != order->total;
    /* What a reversal brings back: taken from here, or gone out. */
    int64_t back = order->given_back - (shipped_of(order) - order->shipped_was);
    int64_t before = ordered_of(order);
    (void)snprintf(order->status, sizeof order->status, "%s", status);
    order->total = total;
    if (!counts_as_approved(status)) {
        if (was_approved) {
            commit(order, 0);
        }
    } else if (!was_approved) {
        int64_t amount = approved_amount(books, order, release);
        bool is_same = release != 0 && release == order->release;
        commit(order, is_same ? smaller(amount, back) : amount);
    } else if (is_other || release != order->release) {
        bool keeps = release != 0 && release == order->release;
        commit(order, keeps ? smaller(before, open_of(order)) : open_of(order));
    }
    order->release = release;
    if (order->is_taken_back && counts_as_approved(status) && was_approved) {
        commit(order, larger(0, order->ordered_was + back));
    }
    order->is_taken_back = false;
    order->given_back = 0;
    order->ordered_was = ordered_of(order);
    order->shipped_was = shipped_of(order);
}

/* ---- all of it */

static const Sql sql_accounts = {"SELECT id FROM account ORDER BY id", "", "k"};

static void accounts_empty(Books *books)
{
    Rows rows = world_ask(books->world, &sql_accounts, NO_ARGS);
    while (db_next(&rows)) {
        BookAccount *account = books_account(books, db_id(&rows, 0));
        *account = (BookAccount){.id = account->id, .decimals = account->decimals};
    }
}

static void positions_sum(Books *books)
{
    for (size_t i = 0; i < books->order_count; i++) {
        BookAccount *account = books_account(books, books->orders[i].account);
        account->ordered += ordered_of(&books->orders[i]);
        account->shipped += shipped_of(&books->orders[i]);
    }
    for (size_t i = 0; i < books->invoice_count; i++) {
        books_account(books, books->invoices[i].account)->receivable += books->invoices[i].open;
    }
    for (size_t i = 0; i < books->source_count; i++) {
        books_account(books, books->sources[i].account)->advance += books->sources[i].left;
    }
}

void books_follow(Books *books)
{
    accounts_empty(books);
    Rows orders = world_ask(books->world, &sql_orders, NO_ARGS);
    orders_meet(books, orders);
    shipments_read(books);
    bills_count(books);
    returns_read(books);
    goods_count(books);
    invoices_read(books);
    bills_count(books);
    sources_read(books);
    allocations_count(books);
    orders.at = 0;
    while (db_next(&orders)) {
        order_follow(books, books_order(books, db_id(&orders, 0)), &orders);
    }
    positions_sum(books);
}

static const Sql sql_positions = {
    "SELECT account_id, ordered, shipped, receivable, cheque, advance,"
    " settled, written_off FROM position ORDER BY account_id",
    "", "kiiiiiii"};

const char *books_difference(Books *books)
{
    static const char *const names[] = {
        "ordered", "shipped", "receivable", "cheque", "advance", "settled", "written_off"};
    Rows rows = world_ask(books->world, &sql_positions, NO_ARGS);
    while (db_next(&rows)) {
        const BookAccount *account = books_account(books, db_id(&rows, 0));
        const int64_t mine[] = {account->ordered, account->shipped, account->receivable,
            account->cheque, account->advance, account->settled, account->written_off};
        for (size_t i = 0; i < COUNT(mine); i++) {
            if (db_i64(&rows, i + 1) != mine[i]) {
                char id[ID_TEXT_SIZE];
                id_format('A', account->id, id);
                return arena_printf(books->world->place.arena,
                    "%s of %s is %lld, by its documents %lld", names[i], id,
                    (long long)db_i64(&rows, i + 1), (long long)mine[i]);
            }
        }
    }
    return NULL;
}
