/* Allowed moves as one table for each kind of document. */
#include "rules/state.h"

#include "rules/promise.h"

const char *const order_status_names[] = {
    "", "held", "approved", "shipped", "invoiced", "cancelled", "closed", NULL};
const char *const invoice_status_names[] = {"", "open", "settled", "reversed", NULL};
const char *const approval_status_names[] = {
    "", "pending", "approved", "rejected", "void", "lapsed", NULL};
const char *const release_status_names[] = {
    "", "active", "expired", "withdrawn", "void", "broken", NULL};
const char *const payment_status_names[] = {"", "pending", "posted", "bounced", "reversed", NULL};

_Static_assert(COUNT(order_status_names) == ORDER_STATUS_COUNT + 1, "a name for each status");
_Static_assert(COUNT(invoice_status_names) == INVOICE_STATUS_COUNT + 1, "a name for each status");
_Static_assert(COUNT(approval_status_names) == APPROVAL_STATUS_COUNT + 1, "a name for each status");
_Static_assert(COUNT(release_status_names) == RELEASE_STATUS_COUNT + 1, "a name for each status");
_Static_assert(COUNT(payment_status_names) == PAYMENT_STATUS_COUNT + 1, "a name for each status");

enum { STATES_MAX = 8 };

#define TO(state) (1u << (state))

/* [machine][from]: the states it may go to. */
static const unsigned moves[MACHINE_COUNT][STATES_MAX] = {
    [MACHINE_ORDER] =
        {
            [ORDER_NONE] = TO(ORDER_HELD) | TO(ORDER_APPROVED),
            /* An invoice is never blocked, so goods of a held order may be invoiced. */
            [ORDER_HELD] = TO(ORDER_APPROVED) | TO(ORDER_SHIPPED) | TO(ORDER_INVOICED) |
                           TO(ORDER_CANCELLED) | TO(ORDER_CLOSED),
            [ORDER_APPROVED] = TO(ORDER_HELD) | TO(ORDER_SHIPPED) | TO(ORDER_INVOICED) |
                               TO(ORDER_CANCELLED) | TO(ORDER_CLOSED),
            /* Back when a shipment is reversed or lines are added. */
            [ORDER_SHIPPED] =
                TO(ORDER_HELD) | TO(ORDER_APPROVED) | TO(ORDER_INVOICED) | TO(ORDER_CLOSED),
            [ORDER_INVOICED] = TO(ORDER_HELD) | TO(ORDER_APPROVED) | TO(ORDER_SHIPPED),
            /* Reopened through the order gate. */
            [ORDER_CANCELLED] = TO(ORDER_HELD) | TO(ORDER_APPROVED),
            [ORDER_CLOSED] = TO(ORDER_HELD) | TO(ORDER_APPROVED),
        },
    [MACHINE_INVOICE] =
        {
            /* Settled at once when an advance pays it. */
            [INVOICE_NONE] = TO(INVOICE_OPEN) | TO(INVOICE_SETTLED),
            [INVOICE_OPEN] = TO(INVOICE_SETTLED) | TO(INVOICE_REVERSED),
            [INVOICE_SETTLED] = TO(INVOICE_OPEN),
        },
    [MACHINE_PROMISE] =
        {
            [PROMISE_NONE] = TO(PROMISE_OPEN),
            [PROMISE_OPEN] = TO(PROMISE_KEPT) | TO(PROMISE_PARTLY_KEPT) | TO(PROMISE_BROKEN) |
                             TO(PROMISE_WITHDRAWN) | TO(PROMISE_REPLACED),
            /* Judged again when a payment of the window is posted late or reversed. */
            [PROMISE_KEPT] = TO(PROMISE_OPEN) | TO(PROMISE_PARTLY_KEPT) | TO(PROMISE_BROKEN),
            [PROMISE_PARTLY_KEPT] = TO(PROMISE_KEPT) | TO(PROMISE_BROKEN),
            [PROMISE_BROKEN] = TO(PROMISE_KEPT) | TO(PROMISE_PARTLY_KEPT),
        },
    [MACHINE_APPROVAL] =
        {
            /* Approved at once where one consent of the asker's own suffices (a firm of one). */
            [APPROVAL_NONE] = TO(APPROVAL_PENDING) | TO(APPROVAL_APPROVED),
            [APPROVAL_PENDING] = TO(APPROVAL_APPROVED) | TO(APPROVAL_REJECTED) | TO(APPROVAL_VOID) |
                                 TO(APPROVAL_LAPSED),
        },
    [MACHINE_RELEASE] =
        {
            [RELEASE_NONE] = TO(RELEASE_ACTIVE),
            [RELEASE_ACTIVE] =
                TO(RELEASE_EXPIRED) | TO(RELEASE_WITHDRAWN) | TO(RELEASE_VOID) | TO(RELEASE_BROKEN),
        },
    [MACHINE_PAYMENT] =
        {
            [PAYMENT_NONE] = TO(PAYMENT_PENDING) | TO(PAYMENT_POSTED),
            [PAYMENT_PENDING] = TO(PAYMENT_POSTED) | TO(PAYMENT_BOUNCED) | TO(PAYMENT_REVERSED),
            [PAYMENT_POSTED] = TO(PAYMENT_BOUNCED) | TO(PAYMENT_REVERSED),
        },
};

bool state_may(StateMachine machine, int from, int to)
{
    ASSERT(machine < MACHINE_COUNT);
    ASSERT(from >= 0);
    ASSERT(from < STATES_MAX);
    ASSERT(to > 0);
    ASSERT(to < STATES_MAX);
    return (moves[machine][from] & TO((unsigned)to)) != 0;
}

OrderStatus order_status_of(const OrderFigures *figures)
{
    if (figures->is_ended) {
        return money_is_positive(figures->shipped) ? ORDER_CLOSED : ORDER_CANCELLED;
    }
    if (figures->has_open) {
        return figures->is_held ? ORDER_HELD : ORDER_APPROVED;
    }
    bool is_billed =
        figures->is_final || (money_is_positive(figures->invoiced) &&
                                 money_cmp(figures->invoiced, figures->total) >= 0);
    return is_billed ? ORDER_INVOICED : ORDER_SHIPPED;
}
