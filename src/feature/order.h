/* What other features need of orders. All writes of sales_order and order_line are here. */
#ifndef GUANXI_FEATURE_ORDER_H
#define GUANXI_FEATURE_ORDER_H

#include "feature/credit.h"
#include "feature/ledger.h"
#include "feature/release.h"
#include "rules/amount.h"
#include "rules/state.h"

typedef struct Order {
    Id id;
    Id account_id;
    const char *number;
    Currency currency;
    int status; /* OrderStatus */
    Date ordered_on;
    Date wanted_on;
    Money total;
    Money ordered; /* in the bucket ordered */
    Money shipped; /* in the bucket shipped */
    Money invoiced;
    bool is_final;
    Id decision_id;
    Id release_id;
    Id placed_by_id;
    Id changed_by_id;
} Order;

/* ---- What is true of an order on the business date, for who only reads ----
 *
 * A release runs out with its day; its order is put right by whoever next acts on the account
 * (order_lapse) or by the close of the day. `o` is the alias of the order, `today` a parameter. */

/* Since when its release stands no longer; NULL: it stands, has ended already, or there is none. */
#define ORDER_LAPSE_ON(o, today)                                                                   \
    "(SELECT " RELEASE_OVER_ON " FROM credit_release c" RELEASE_PROMISE_JOIN                       \
    " WHERE c.account_id = " o ".account_id AND c.id = " o ".release_id AND c.status = 'active'"   \
    " AND " RELEASE_OVER_ON " <= " today ")"
#define ORDER_HAS_LAPSED(o, today)                                                                 \
    "(" o ".release_id IS NOT NULL AND " ORDER_LAPSE_ON(o, today) " IS NOT NULL)"
#define ORDER_HAS_TO_GO(o)                                                                         \
    "EXISTS (SELECT 1 FROM order_line w WHERE w.account_id = " o ".account_id"                     \
    " AND w.order_id = " o ".id AND w.is_dropped = FALSE AND w.shipped <"                          \
    " CASE WHEN " o ".is_final = TRUE THEN w.invoiced ELSE w.quantity END)"
/* It is held again for what has not shipped, unless nothing may ship any more. */
#define ORDER_IS_HELD_AGAIN(o, today)                                                              \
    "(" o ".status IN ('approved', 'shipped', 'invoiced') AND " ORDER_HAS_LAPSED(                  \
        o, today) " AND " ORDER_HAS_TO_GO(o) ")"
#define ORDER_STATUS_NOW(o, today)                                                                 \
    "(CASE WHEN " ORDER_IS_HELD_AGAIN(o, today) " THEN 'held' ELSE " o ".status END)"
#define ORDER_HELD_ON_NOW(o, today)                                                                \
    "(CASE WHEN " ORDER_IS_HELD_AGAIN(o, today) " THEN " ORDER_LAPSE_ON(o, today) " ELSE " o       \
                                                                                  ".held_on END)"
#define ORDER_ORDERED_NOW(o, today)                                                                \
    "(CASE WHEN " o ".ordered > 0 AND " ORDER_HAS_LAPSED(o, today) " THEN 0 ELSE " o ".ordered "   \
                                                                   "END)"

/* What of it neither went out nor was billed, which a hold stops. */
#define ORDER_TO_GO(o)                                                                             \
    "(" o ".total - CASE WHEN " o ".delivered > " o ".invoiced THEN " o ".delivered"               \
    " ELSE " o ".invoiced END)"
#define ORDER_HELD_AMOUNT_NOW(o, today)                                                            \
    "(CASE WHEN " ORDER_STATUS_NOW(o, today) " = 'held' THEN " ORDER_TO_GO(o) " ELSE NULL END)"

typedef struct OrderLine {
    Id id;
    Id order_id;
    int64_t line;
    Id product_id;
    const char *product; /* code */
    const char *product_name;
    Currency currency;
    Decimal quantity;
    Decimal unit_price;
    Decimal tax_rate;
    Decimal shipped;
    Decimal invoiced;
    Decimal returned; /* before it was invoiced; that ends it for the order */
    Money net;
    Money tax;
    Money gross;
    Money shipped_amount;
    Money shipped_tax;
    Money invoiced_amount;
    Money invoiced_tax;
    Money returned_amount;
} OrderLine;

Err order_load(Ctx *cx, Id order_id, Order *ret_order) MUST_CHECK;
/* Notes that the caller changed or reopened the order or asked for its release (`what`), for who
 * may release it; forgotten when it is approved or released. */
Err order_hand_note(Ctx *cx, const Order *order, const char *what) MUST_CHECK;
Err order_has_hand(Ctx *cx, Id order_id, Id user_id, bool *ret_has) MUST_CHECK;
/* Lines that are not dropped, by line number. List of OrderLine. */
Err order_lines_load(Ctx *cx, Id order_id, List *ret_lines) MUST_CHECK;
/* What of the line may still ship, in thousandths: nothing of an ended order, and after a final
 * invoice only what was invoiced ahead. */
int64_t order_line_room(const Order *order, const OrderLine *line);
/* What is neither shipped nor invoiced ahead, gross; zero for an ended order. */
Err order_open_amount(Ctx *cx, const Order *order, Money *ret_open) MUST_CHECK;

/* Holds the unshipped rest of the order again: ordered -> outside, status held, its release ends as
 * `release_status` (RELEASE_NONE leaves it). */
Err order_hold(Ctx *cx, Id order_id, int release_status, const char *reason) MUST_CHECK;
/* An order that comes within a horizon of the limit rule is judged by that rule,
 * and held when it does not fit. */
Err order_horizon_judge(Ctx *cx, Id order_id, int64_t horizon_days, bool *ret_is_held) MUST_CHECK;
/* Ends what has run out on the account: promises past their window are judged, releases past their
 * end expire, and what has not shipped of their orders is held again. Before each gate. */
Err order_lapse(Ctx *cx, Id account_id) MUST_CHECK;
/* The same for one release that stands no longer. */
Err order_release_over(Ctx *cx, Id release_id) MUST_CHECK;
/* Approves up to `amount` of the open rest: outside -> ordered, and sets decision and release. */
Err order_approve(Ctx *cx, Id order_id, Money amount, Id decision_id, Id release_id) MUST_CHECK;
/* Judges a held order at the release gate as if all its open rest were to be approved, and shipped
 * when a rule stopped its goods; a release covers at most amount_max of it (absent: all). */
Err order_judge_release(
    Ctx *cx, const Order *order, Money amount_max, Decision *ret_decision) MUST_CHECK;

/* What an order whose goods were stopped has to pass at the shipment gate. */
typedef enum PassFor {
    PASS_FOR_RECHECK, /* nothing moves: each shipment answers for its own amount */
    PASS_FOR_RELEASE, /* all that is open ships: what a release would be given for */
} PassFor;
/* Judges a held order at the order gate, and where a rule stopped its goods at the shipment gate,
 * and approves it when no rule holds any more; it stands on no release then. The request for one
 * that somebody was about to consent to (0: none) is approved, others are void. */
Err order_pass(Ctx *cx,
    Id order_id,
    PassFor pass_for,
    Id request_id,
    Decision *ret_decision,
    bool *ret_is_approved) MUST_CHECK;
/* The decision that is shown with the order. */
Err order_decision_set(Ctx *cx, const Order *order, Id decision_id) MUST_CHECK;
/* Sets the status that its quantities make (after shipment, invoice,
 * return and their reversals). */
Err order_status_refresh(Ctx *cx, Id order_id) MUST_CHECK;
/* After something of the order was taken back: goods that are out and not invoiced stand in
 * `shipped`, whatever was billed or shipped in between, and what came back to an order that is
 * held or has ended leaves the exposure as its rest did. Books as the document of `as`. */
Err order_settle(Ctx *cx, Id order_id, const Booking *as) MUST_CHECK;
/* Sets the status after that: held for `reason` when the order is open again after all
 * (`is_reopened`), or when more of it is open than is approved. What left the exposure comes back
 * through the gate alone. */
Err order_status_back(Ctx *cx, Id order_id, bool is_reopened, const char *reason) MUST_CHECK;
/* Of the held orders of the account's family that the caller may see, those that would pass now,
 * oldest first, each judged after those named before it; one that cannot be judged for want of a
 * rate is not named. List of Id. */
Err order_unblocked(Ctx *cx, Id account_id, List *ret_orders) MUST_CHECK;

/* Line figures moved by shipments, invoices and returns (negative takes back); the order's
 * delivered and invoiced amounts follow. */
typedef struct LineMove {
    Id order_line_id;
    int64_t shipped_milli;
    Money shipped_amount;
    Money shipped_tax;
    int64_t invoiced_milli;
    Money invoiced_amount;
    Money invoiced_tax;
    int64_t returned_milli;
    Money returned_amount;
} LineMove;
Err order_line_move(Ctx *cx, Id account_id, Id order_id, const LineMove *move) MUST_CHECK;
/* An invoice bills so much for the order, or (negative) no longer does. */
Err order_billed_move(Ctx *cx, Id account_id, Id order_id, Money change) MUST_CHECK;
/* Marks that a final invoice was written, or was reversed. */
Err order_final_set(Ctx *cx, Id order_id, bool is_final) MUST_CHECK;

#endif
