/* Fills a database that has accounts, products and one shipped order with five years of trade, past
 * all operations but so that doctor finds nothing.
 *
 *     fill FILE INVOICES OF_THE_FIRST LAST_DAY
 *
 * Of each hundred accounts eight have nine tenths of the trade; the first account has as many
 * invoices as are named, each with an order. Of the others' invoices one in ten has an order with
 * two lines, its decisions, a shipment and an idempotency key. Accounts pay every other week what
 * has been due for some time; one invoice in two hundred is never paid. Rows come in the order of
 * time, as they would have come. The indexes are made when a tenth of the time is left: made at the
 * end their pages would be full, as in no database that has grown, and the first order of each
 * account would part one. Only the audit is shorter than it would be: a row for an account and
 * month, and not one for each operation.
 *
 * The tables whose facts change in the program, and what it derives, have to change here: doctor
 * tells. */
#include "fill/fill.h"

#include "feature/features.h"
#include "op/op.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { TERMS = 30, FORTNIGHT = 14, YOUNG = 20, LIVE_DAYS = FILL_DAYS / 10 };

_Noreturn void fill_stop(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)fprintf(stderr, "fill: ");
    (void)vfprintf(stderr, format, args);
    (void)fprintf(stderr, "\n");
    va_end(args);
    exit(1);
}

void *fill_grown(void *items, size_t *room, size_t count, size_t size)
{
    if (count < *room) {
        return items;
    }
    *room = *room == 0 ? 8 : *room * 2;
    items = realloc(items, *room * size);
    if (items == NULL) {
        fill_stop("no memory");
    }
    return items;
}

Id fill_id(Fill *fill)
{
    return ++fill->last;
}

int64_t fill_draw(Fill *fill, size_t below)
{
    fill->random ^= fill->random << 13;
    fill->random ^= fill->random >> 7;
    fill->random ^= fill->random << 17;
    return (int64_t)(fill->random % below);
}

Date fill_today(const Fill *fill)
{
    return fill->first_day + (Date)fill->day;
}

Instant fill_now(const Fill *fill)
{
    return date_to_instant(fill_today(fill)) + 36000000;
}

/* ---- trade */

static Id decision_put(
    Fill *fill, Account *account, const Gate *gate, const char *kind, Id document_id, Id order_id)
{
    Id id = fill_id(fill);
    ROW(fill, account, DECISION, number(id), number(account->id), text(kind), text(kind),
        number(document_id), number(order_id), text("pass"), number(fill->policy_version),
        number(fill_today(fill)), number(fill_now(fill)), text(gate->facts), text(gate->rules));
    return id;
}

/* Two lines; is_whole: shipped and invoiced, else only approved. */
static int64_t lines_put(Fill *fill, Account *account, Id order_id, bool is_whole, Line *lines)
{
    int64_t total = 0;
    for (int i = 0; i < 2; i++) {
        const Product *product = &fill->products[fill_draw(fill, fill->product_count)];
        int64_t quantity = fill_draw(fill, 40) + 1;
        lines[i] = (Line){fill_id(fill), quantity * 1000, quantity * product->price / 10000};
        Cell amount = number(lines[i].amount);
        Cell moved = number(is_whole ? lines[i].amount : 0);
        Cell moved_quantity = number(is_whole ? lines[i].quantity : 0);
        ROW(fill, account, ORDER_LINE, number(lines[i].id), number(account->id), number(order_id),
            number(i + 1), number(product->id), number(lines[i].quantity), number(product->price),
            number(0), amount, number(0), amount, number(0), moved_quantity, moved, number(0),
            moved_quantity, moved, number(0), number(0), number(0));
        total += lines[i].amount;
    }
    return total;
}

static void shipment_put(
    Fill *fill, Account *account, Id order_id, int64_t total, const Line *lines)
{
    char name[32];
    Id id = fill_id(fill);
    Id decision = decision_put(fill, account, &fill->shipment_gate, "shipment", id, order_id);
    Cell day = number(fill_today(fill));
    (void)snprintf(name, sizeof name, "FS-%lld", (long long)id);
    ROW(fill, account, SHIPMENT, number(id), number(account->id), number(order_id), text(name), day,
        day, number(fill_now(fill)), number(total), number(total), text("posted"), number(decision),
        none(), number(0), none(), none(), number(total), number(0));
    for (int i = 0; i < 2; i++) {
        ROW(fill, account, SHIPMENT_LINE, number(fill_id(fill)), number(account->id), number(id),
            number(lines[i].id), number(i + 1), number(lines[i].quantity), number(lines[i].amount),
            number(0), number(0));
    }
    move_put(
        fill, account, &(Move){"shipped", "ordered", "shipped", total, "shipment", id, order_id});
}

/* Its total; the young ones wait for their goods. */
static int64_t order_put(Fill *fill, Account *account, Id *ret_id, Line *lines, bool is_whole)
{
    char name[32];
    Id id = fill_id(fill);
    Id decision = decision_put(fill, account, &fill->order_gate, "order", id, id);
    int64_t total = lines_put(fill, account, id, is_whole, lines);
    int64_t moved = is_whole ? total : 0;
    Cell day = number(fill_today(fill));
    (void)snprintf(name, sizeof name, "FO-%lld", (long long)id);
    ROW(fill, account, SALES_ORDER, number(id), number(account->id), text(name),
        text(is_whole ? "invoiced" : "approved"), day, none(), number(total), number(0),
        number(decision), none(), none(), day, none(), none(), none(), number(total - moved),
        number(0), number(moved), number(moved), number(moved));
    move_put(
        fill, account, &(Move){"order_approved", "outside", "ordered", total, "order", id, id});
    account->keys++;
    account->ordered += total - moved;
    if (is_whole) {
        shipment_put(fill, account, id, total, lines);
    }
    *ret_id = id;
    return total;
}

/* The first of the account's paying days on which it would pay what it has from today; a day that
 * never comes: not at all. One account pays in time and the next does not. */
static int paid_on(const Fill *fill, size_t which)
{
    int from = fill->day + TERMS - 10 + (int)(which % 50);
    int wait = ((int)(which % FORTNIGHT) - from % FORTNIGHT + FORTNIGHT) % FORTNIGHT;
    return fill->made % 200 == 77 ? FILL_DAYS : from + wait;
}

static void invoice_put(Fill *fill, size_t which, bool has_order)
{
    Account *account = &fill->accounts[which];
    Line lines[2];
    Id order_id = 0;
    char name[32];
    bool is_whole = fill->day < FILL_DAYS - YOUNG;
    int64_t amount = 10000 + fill_draw(fill, 9000000);
    if (has_order) {
        int64_t total = order_put(fill, account, &order_id, lines, is_whole);
        order_id = is_whole ? order_id : 0;
        amount = is_whole ? total : amount;
    }
    Id id = fill_id(fill);
    int day = paid_on(fill, which);
    bool is_paid = day < FILL_DAYS;
    (void)snprintf(name, sizeof name, "F-%08lld", (long long)fill->made + 1);
    ROW(fill, account, INVOICE, number(id), number(account->id), text(name), reference(order_id),
        number(amount), order_id == 0 ? none() : number(0), number(fill_today(fill)),
        number(fill_today(fill) + TERMS), number(fill_today(fill)), number(0),
        number(order_id == 0 ? 0 : amount), number(0), number(order_id == 0 ? amount : 0),
        number(0), none(), none(), none(), none(), number(is_paid ? 0 : amount),
        is_paid ? number(fill->first_day + day) : none(), text(is_paid ? "settled" : "open"));
    for (int i = 0; i < 2 && order_id != 0; i++) {
        ROW(fill, account, INVOICE_LINE, number(fill_id(fill)), number(account->id), number(id),
            number(lines[i].id), number(i + 1), number(lines[i].quantity), number(lines[i].amount),
            number(0));
    }
    move_put(fill, account,
        order_id == 0
            ? &(Move){"invoiced_outside", "outside", "receivable", amount, "invoice", id, 0}
            : &(Move){
                  "invoiced_shipped", "shipped", "receivable", amount, "invoice", id, order_id});
    account->receivable += amount;
    if (is_paid) {
        Date due_on = fill_today(fill) + TERMS;
        month_of(account, due_on)->settled[lateness_of(due_on, fill->first_day + day)] += amount;
        account->due =
            fill_grown(account->due, &account->due_room, account->due_count, sizeof(Due));
        account->due[account->due_count++] = (Due){id, order_id, amount, day};
    }
}

static void paid_put(Fill *fill, Account *account, Id payment_id, const Due *due)
{
    Cell day = number(fill_today(fill));
    ROW(fill, account, ALLOCATION, number(fill_id(fill)), number(account->id), text("payment"),
        number(payment_id), number(due->id), number(due->amount), day, day, none(), number(0),
        number(0));
    move_put(fill, account,
        &(Move){"allocated", "receivable", "settled", due->amount, "payment", payment_id,
            due->order_id});
    move_put(fill, account,
        &(Move){"advance_used", "advance", "outside", due->amount, "payment", payment_id,
            due->order_id});
}

/* All that is to be paid by today, in one payment. */
static void payment_put(Fill *fill, Account *account)
{
    char name[32];
    int64_t amount = 0;
    size_t end = account->due_first;
    for (; end < account->due_count && account->due[end].day <= fill->day; end++) {
        amount += account->due[end].amount;
    }
    if (amount == 0) {
        return;
    }
    Id id = fill_id(fill);
    Cell day = number(fill_today(fill));
    (void)snprintf(name, sizeof name, "R%lld", (long long)id);
    ROW(fill, account, PAYMENT, number(id), number(account->id), number(amount), day, day,
        number(fill_now(fill)), text(name), none(), text("posted"), none(), none(), number(0));
    move_put(
        fill, account, &(Move){"payment_received", "outside", "advance", amount, "payment", id, 0});
    for (; account->due_first < end; account->due_first++) {
        paid_put(fill, account, id, &account->due[account->due_first]);
    }
    account->receivable -= amount;
    account->settled += amount;
    memmove(account->due, account->due + end, (account->due_count - end) * sizeof(Due));
    account->due_count -= end;
    account->due_first = 0;
}

/* ---- days */

static void invoice_next(Fill *fill)
{
    int64_t rest = fill->made * fill->invoices_first % fill->invoices;
    bool is_first = rest + fill->invoices_first >= fill->invoices;
    size_t busy = fill->account_count * 8 / 100 + 1;
    size_t which = 0;
    if (!is_first) {
        which = (size_t)fill_draw(fill, fill_draw(fill, 10) == 0 ? fill->account_count : busy);
    }
    invoice_put(fill, which, is_first || fill->made % 10 == 5);
    fill->made++;
}

static void day_fill(Fill *fill)
{
    int64_t until = fill->invoices * (fill->day + 1) / FILL_DAYS;
    while (fill->made < until) {
        invoice_next(fill);
    }
    for (size_t i = (size_t)(fill->day % FORTNIGHT); i < fill->account_count; i += FORTNIGHT) {
        payment_put(fill, &fill->accounts[i]);
    }
    bool is_month_end = date_parts(fill_today(fill) + 1).day == 1 || fill->day == FILL_DAYS - 1;
    for (size_t i = 0; is_month_end && i < fill->account_count; i++) {
        audit_put(fill, &fill->accounts[i]);
        months_put(fill, &fill->accounts[i], fill->day == FILL_DAYS - 1);
    }
}

int main(int count, char **words)
{
    Fill fill = {.random = 0x9e3779b97f4a7c15};
    if (count != 5) {
        (void)fprintf(stderr, "usage: fill FILE INVOICES OF_THE_FIRST LAST_DAY\n");
        return 2;
    }
    crypto_start();
    op_start(features);
    fill.invoices = strtoll(words[2], NULL, 10);
    fill.invoices_first = strtoll(words[3], NULL, 10);
    store_open(&fill, words[1], words[4]);
    rows_start(&fill);
    for (; fill.day < FILL_DAYS; fill.day++) {
        if (fill.day == FILL_DAYS - LIVE_DAYS) {
            store_index(&fill);
        }
        day_fill(&fill);
    }
    rows_end(&fill);
    store_close(&fill);
    return 0;
}
