/* The account ledger: entries between buckets and the position, their sum. The only writer of the
 * tables entry and position, and of the derived figures `ordered` and `shipped` of an order. */
#ifndef GUANXI_FEATURE_LEDGER_H
#define GUANXI_FEATURE_LEDGER_H

#include "base/ctx.h"
#include "feature/release.h"
#include "rules/move.h"

/* One movement of a document. */
typedef struct Booking {
    Id account_id;
    MoveEvent event;
    bool is_reversal;          /* the same movement backwards */
    Money amount;              /* zero books nothing; never negative */
    Date posted_on;            /* the document's date */
    const char *document_kind; /* table name of the document: "shipment" */
    Id document_id;
    Id order_id;      /* whose value moves; 0: none */
    bool is_in_order; /* the order was just written with these figures */
} Booking;

/* Opens the position row of a new account. */
Err ledger_open(Ctx *cx, Id account_id) MUST_CHECK;
/* Takes the position of an account away in whose chain nothing was done; *ret_is_closed false: it
 * is not such a one. */
Err ledger_close(Ctx *cx, Id account_id, bool *ret_is_closed) MUST_CHECK;
/* Writes the entry, moves the position, and the order's figures when order_id is given. */
Err ledger_book(Ctx *cx, const Booking *booking) MUST_CHECK;
/* What is reported of the account's receivables has changed without an entry. */
Err ledger_moved(Ctx *cx, Id account_id) MUST_CHECK;
/* The same for many of one account and no orders: the position moves once. */
Err ledger_book_all(Ctx *cx, const Booking *bookings, size_t count) MUST_CHECK;
/* Of an account's bucket `ordered`, what stood on releases that have run out by the day `today`. */
/* Releases in force are few: without CROSS JOIN SQLite may go through all orders of the account. */
#define LEDGER_LAPSED(account, today)                                                              \
    "(SELECT CAST(COALESCE(SUM(o.ordered), 0) AS BIGINT) FROM credit_release c"                    \
    " CROSS JOIN sales_order o" RELEASE_PROMISE_JOIN                                               \
    " WHERE c.account_id = " account " AND c.status = 'active'"                                    \
    " AND o.account_id = c.account_id AND o.id = c.order_id AND o.release_id = c.id"               \
    " AND " RELEASE_OVER_ON " <= " today ")"
/* As it stands on the business date: without what has lapsed, whether that was booked or not. */
Err ledger_position(Ctx *cx, Id account_id, Currency currency, Position *ret_position) MUST_CHECK;

#endif
