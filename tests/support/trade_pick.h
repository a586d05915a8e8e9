/* What the steps of random trade call and choose with. */
#ifndef GUANXI_TESTS_TRADE_PICK_H
#define GUANXI_TESTS_TRADE_PICK_H

#include "support/trade.h"

/* Calls, counts, and looks whether the answer is one that may come. */
const json_t *trade_act(Trade *trade, const char *as, const char *operation, json_t *members);
/* The same for what takes one reference and a reason. */
void trade_reasoned(
    Trade *trade, const char *as, const char *operation, const char *name, json_t *id);
/* Keeps the first. */
void trade_fault(Trade *trade, const char *what);

bool trade_chance(Trade *trade, uint32_t percent);
uint32_t trade_below(Trade *trade, size_t bound);
json_t *trade_id(char letter, Id id);
json_t *trade_amount(const BookAccount *account, int64_t minor);
/* A day between `back` days before the business date and `ahead` days after it. */
json_t *trade_day(Trade *trade, int back, int ahead);
void trade_set(json_t *members, const char *name, json_t *value);

BookAccount *pick_account(Trade *trade);
int64_t pick_amount(Trade *trade);
/* Of a whole: all of it, a part, now and then more. */
int64_t pick_part(Trade *trade, int64_t whole);
const char *pick_seller(Trade *trade);
const char *pick_clerk(Trade *trade);
const char *pick_approver(Trade *trade);
/* A random row of a statement that answers ids; 0 when there is none. */
Id pick_row(Trade *trade, const Sql *sql);

/* One that fits when there is one, now and then any; NULL when there is none at all. */
typedef bool (*Fits)(const Books *books, const void *item);
BookOrder *pick_order(Trade *trade, Fits fits);
BookShipment *pick_shipment(Trade *trade);
BookInvoice *pick_invoice(Trade *trade, Fits fits);
BookSource *pick_source(Trade *trade, Fits fits);

bool fit_is_open_order(const Books *books, const void *item);
bool fit_is_approved(const Books *books, const void *item);
bool fit_is_released(const Books *books, const void *item);
bool fit_is_held(const Books *books, const void *item);
bool fit_is_ended(const Books *books, const void *item);
bool fit_shipment_stands(const Books *books, const void *item);
bool fit_return_stands(const Books *books, const void *item);
bool fit_invoice_stands(const Books *books, const void *item);
bool fit_invoice_is_open(const Books *books, const void *item);
bool fit_is_payment(const Books *books, const void *item);
bool fit_is_note(const Books *books, const void *item);
bool fit_is_write_off(const Books *books, const void *item);
bool fit_is_advance(const Books *books, const void *item);

#endif
