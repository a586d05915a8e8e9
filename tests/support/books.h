/* A naive second set of books: the documents are read as they stand after each operation, and what
 * each account's position must be is worked out from them by the rules of the trade alone. It knows
 * no entries and nothing of how the program books. */
#ifndef GUANXI_TESTS_BOOKS_H
#define GUANXI_TESTS_BOOKS_H

#include "support/world.h"

enum { BOOKS_MAX = 64 };

typedef struct BookAccount {
    Id id;
    int decimals;
    int64_t ordered, shipped, receivable, cheque, advance, settled, written_off;
} BookAccount;

typedef struct BookOrder {
    Id id;
    Id account;
    char status[16];
    int64_t total;
    Id release;
    bool is_final;                    /* a final invoice stands */
    int64_t went_out;                 /* shipments that stand */
    int64_t billed;                   /* invoices that stand */
    int64_t ordered_was, shipped_was; /* one operation ago */
    bool is_taken_back;               /* an invoice or shipment of it was reversed since */
    int64_t given_back;               /* what that had taken of it */
    int64_t came_back;                /* returned before it was billed */
    int64_t dropped;                  /* shipped, and by a final invoice never to be billed */
    int64_t committed;                /* put into `ordered` when it was last approved */
    int64_t dealt_at;                 /* how much of it had been shipped or billed by then */
} BookOrder;

typedef struct BookShipment {
    Id id;
    Id order;
    Id release;
    Date on;
    int64_t amount;
    bool stands;
    int64_t came_back;
} BookShipment;

typedef struct BookReturn {
    Id id;
    Id shipment;
    int64_t amount;
    bool stands;
    int64_t moved;
} BookReturn;

typedef struct BookInvoice {
    Id id;
    Id account;
    Id order;
    int64_t amount;
    int64_t of_order; /* what of it bills lines of the order; the rest is beyond it */
    int64_t taken;    /* of what was shipped and ordered, the rest came from outside */
    bool is_final;
    bool stands;
    Date due_on;
    Date invoiced_on;
    int64_t open;
    int64_t dropped;
} BookInvoice;

typedef enum SourceKind {
    SOURCE_NONE,
    SOURCE_PAYMENT,
    SOURCE_CREDIT_NOTE,
    SOURCE_WRITE_OFF
} SourceKind;

/* A payment, credit note or write-off. */
typedef struct BookSource {
    Id id;
    SourceKind kind;
    Id account;
    Id order; /* earmark */
    int64_t amount;
    bool stands;
    int64_t left; /* neither allocated nor refunded */
} BookSource;

typedef struct Books {
    World *world;
    BookAccount accounts[BOOKS_MAX];
    BookOrder orders[BOOKS_MAX];
    BookShipment shipments[BOOKS_MAX];
    BookReturn returns[BOOKS_MAX];
    BookInvoice invoices[BOOKS_MAX];
    BookSource sources[BOOKS_MAX];
    size_t account_count, order_count, shipment_count, return_count, invoice_count, source_count;
} Books;

void books_open(Books *books, World *world);
/* Reads what the last operation has changed and works the positions out again. */
void books_follow(Books *books);
/* What differs from the positions that are kept: NULL when nothing does. */
const char *books_difference(Books *books);

BookAccount *books_account(Books *books, Id id);
BookOrder *books_order(Books *books, Id id);
int64_t books_exposure(const BookAccount *account);

#endif
