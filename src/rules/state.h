/* The states documents go through: which moves are allowed, and what state an order's quantities
 * make. */
#ifndef GUANXI_RULES_STATE_H
#define GUANXI_RULES_STATE_H

#include "base/money.h"

/* Heaviest last among the live ones is told by order_status_of(), not by this order. */
typedef enum OrderStatus {
    ORDER_NONE,
    ORDER_HELD,
    ORDER_APPROVED,
    ORDER_SHIPPED,
    ORDER_INVOICED,
    ORDER_CANCELLED,
    ORDER_CLOSED,
    ORDER_STATUS_COUNT
} OrderStatus;

typedef enum InvoiceStatus {
    INVOICE_NONE,
    INVOICE_OPEN,
    INVOICE_SETTLED, /* nothing open any more: paid, credited or written off */
    INVOICE_REVERSED,
    INVOICE_STATUS_COUNT
} InvoiceStatus;

typedef enum ApprovalStatus {
    APPROVAL_NONE,
    APPROVAL_PENDING,
    APPROVAL_APPROVED,
    APPROVAL_REJECTED,
    APPROVAL_VOID,   /* what it was bound to has changed */
    APPROVAL_LAPSED, /* nobody answered in time */
    APPROVAL_STATUS_COUNT
} ApprovalStatus;

typedef enum ReleaseStatus {
    RELEASE_NONE,
    RELEASE_ACTIVE,
    RELEASE_EXPIRED,
    RELEASE_WITHDRAWN,
    RELEASE_VOID,   /* the order changed */
    RELEASE_BROKEN, /* its promise broke */
    RELEASE_STATUS_COUNT
} ReleaseStatus;

typedef enum PaymentStatus {
    PAYMENT_NONE,
    PAYMENT_PENDING, /* a cheque or bill, not cleared */
    PAYMENT_POSTED,
    PAYMENT_BOUNCED,
    PAYMENT_REVERSED,
    PAYMENT_STATUS_COUNT
} PaymentStatus;

/* FIELD_ENUM tables. */
extern const char *const order_status_names[];
extern const char *const invoice_status_names[];
extern const char *const approval_status_names[];
extern const char *const release_status_names[];
extern const char *const payment_status_names[];

typedef enum StateMachine {
    MACHINE_ORDER,
    MACHINE_INVOICE,
    MACHINE_PROMISE, /* rules/promise.h */
    MACHINE_APPROVAL,
    MACHINE_RELEASE,
    MACHINE_PAYMENT,
    MACHINE_COUNT
} StateMachine;

/* May a document of this kind go from one state to another? Staying is no move. From 0 (none):
 * into being. */
bool state_may(StateMachine machine, int from, int to);

/* Amounts of an order, gross. */
typedef struct OrderFigures {
    bool is_ended; /* cancelled, refused or closed by someone */
    bool is_final; /* an invoice with `final` completed it */
    bool is_held;  /* some of the open quantity is neither approved nor released */
    Money total;
    Money shipped; /* returned before the invoice taken off */
    Money invoiced;
    bool has_open; /* quantity not shipped, not invoiced ahead, not ended */
} OrderFigures;

/* cancelled / closed (ended; closed when something has shipped), held, approved (open amount),
 * shipped (nothing open), invoiced (nothing open, and invoiced to the total or finally). */
OrderStatus order_status_of(const OrderFigures *figures);

#endif
