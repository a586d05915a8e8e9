/* The table of movements, and what positions add up to. */
#include "rules/move.h"

const char *const bucket_names[] = {"", "outside", "ordered", "shipped", "receivable", "cheque",
    "advance", "settled", "written_off", NULL};

_Static_assert(COUNT(bucket_names) == BUCKET_COUNT + 1, "a name for each bucket");

typedef struct MoveWay {
    Bucket from;
    Bucket to;
} MoveWay;

static const MoveWay ways[MOVE_EVENT_COUNT] = {
    [MOVE_ORDER_APPROVED] = {BUCKET_OUTSIDE, BUCKET_ORDERED},
    [MOVE_ORDER_ENDED] = {BUCKET_ORDERED, BUCKET_OUTSIDE},
    [MOVE_SHIPPED] = {BUCKET_ORDERED, BUCKET_SHIPPED},
    [MOVE_SHIPPED_AHEAD] = {BUCKET_OUTSIDE, BUCKET_SHIPPED},
    [MOVE_SHIPPED_UNINVOICED] = {BUCKET_SHIPPED, BUCKET_OUTSIDE},
    [MOVE_INVOICED_SHIPPED] = {BUCKET_SHIPPED, BUCKET_RECEIVABLE},
    [MOVE_INVOICED_ORDERED] = {BUCKET_ORDERED, BUCKET_RECEIVABLE},
    [MOVE_INVOICED_OUTSIDE] = {BUCKET_OUTSIDE, BUCKET_RECEIVABLE},
    [MOVE_PAYMENT_RECEIVED] = {BUCKET_OUTSIDE, BUCKET_ADVANCE},
    [MOVE_ALLOCATED] = {BUCKET_RECEIVABLE, BUCKET_SETTLED},
    [MOVE_ADVANCE_USED] = {BUCKET_ADVANCE, BUCKET_OUTSIDE},
    [MOVE_CHEQUE_TAKEN] = {BUCKET_RECEIVABLE, BUCKET_CHEQUE},
    [MOVE_CHEQUE_CLEARED] = {BUCKET_CHEQUE, BUCKET_SETTLED},
    [MOVE_CHEQUE_BOUNCED] = {BUCKET_CHEQUE, BUCKET_RECEIVABLE},
    [MOVE_RETURNED] = {BUCKET_SHIPPED, BUCKET_OUTSIDE},
    [MOVE_CREDITED] = {BUCKET_RECEIVABLE, BUCKET_OUTSIDE},
    [MOVE_CREDITED_BEYOND] = {BUCKET_OUTSIDE, BUCKET_ADVANCE},
    [MOVE_WRITTEN_OFF] = {BUCKET_RECEIVABLE, BUCKET_WRITTEN_OFF},
    [MOVE_RECOVERED] = {BUCKET_WRITTEN_OFF, BUCKET_ADVANCE},
    [MOVE_REFUNDED] = {BUCKET_ADVANCE, BUCKET_OUTSIDE},
};

/* NULL for outside, which is not kept. */
static Money *bucket_of(Position *position, Bucket bucket)
{
    Money *const sums[BUCKET_COUNT] = {
        [BUCKET_ORDERED] = &position->ordered,
        [BUCKET_SHIPPED] = &position->shipped,
        [BUCKET_RECEIVABLE] = &position->receivable,
        [BUCKET_CHEQUE] = &position->cheque,
        [BUCKET_ADVANCE] = &position->advance,
        [BUCKET_SETTLED] = &position->settled,
        [BUCKET_WRITTEN_OFF] = &position->written_off,
    };
    ASSERT(bucket > BUCKET_NONE);
    ASSERT(bucket < BUCKET_COUNT);
    return sums[bucket];
}

/* A position decoded from a document may lack members; they count as zero. */
static Money sum_of(const Position *position, Money money)
{
    return money.currency == 0 ? money_zero(position->currency) : money;
}

Position position_empty(Currency currency)
{
    Money zero = money_zero(currency);
    return (Position){.currency = currency,
        .ordered = zero,
        .shipped = zero,
        .receivable = zero,
        .cheque = zero,
        .advance = zero,
        .settled = zero,
        .written_off = zero};
}

Move move_of(MoveEvent event, Money amount)
{
    ASSERT(event < MOVE_EVENT_COUNT);
    ASSERT(money_is_positive(amount));
    return (Move){.from = ways[event].from, .to = ways[event].to, .amount = amount};
}

Move move_reversed(Move move)
{
    return (Move){.from = move.to, .to = move.from, .amount = move.amount};
}

void position_apply(Position *position, Move move)
{
    ASSERT(move.from != move.to);
    Money *from = bucket_of(position, move.from);
    Money *to = bucket_of(position, move.to);
    if (from != NULL) {
        *from = money_sub(sum_of(position, *from), move.amount);
    }
    if (to != NULL) {
        *to = money_add(sum_of(position, *to), move.amount);
    }
}

bool position_equals(const Position *a, const Position *b)
{
    return a->currency == b->currency && a->ordered.minor == b->ordered.minor &&
           a->shipped.minor == b->shipped.minor && a->receivable.minor == b->receivable.minor &&
           a->cheque.minor == b->cheque.minor && a->advance.minor == b->advance.minor &&
           a->settled.minor == b->settled.minor && a->written_off.minor == b->written_off.minor;
}

Money position_out_of_house(const Position *position)
{
    Money owed = sum_of(position, position->shipped);
    owed = money_add(owed, sum_of(position, position->receivable));
    owed = money_add(owed, sum_of(position, position->cheque));
    return money_sub(owed, sum_of(position, position->advance));
}

Money position_exposure(const Position *position)
{
    return money_add(position_out_of_house(position), sum_of(position, position->ordered));
}

Bucket position_negative(const Position *position)
{
    Position copy = *position;
    for (Bucket bucket = BUCKET_ORDERED; bucket < BUCKET_COUNT; bucket++) {
        if (bucket != BUCKET_ADVANCE && bucket_of(&copy, bucket)->minor < 0) {
            return bucket;
        }
    }
    return BUCKET_NONE;
}

int move_invoice_split(Money amount, Money order_shipped, Money order_ordered, Move ret_moves[3])
{
    const struct {
        MoveEvent event;
        Money room;
    } steps[] = {{MOVE_INVOICED_SHIPPED, order_shipped}, {MOVE_INVOICED_ORDERED, order_ordered},
        {MOVE_INVOICED_OUTSIDE, amount}};
    Money left = amount;
    int count = 0;
    for (size_t i = 0; i < COUNT(steps); i++) {
        Money part = money_min(left, steps[i].room);
        if (money_is_positive(part)) {
            ret_moves[count++] = move_of(steps[i].event, part);
            left = money_sub(left, part);
        }
    }
    return count;
}

Money exposure_group(Currency home, const Money *members, size_t count)
{
    Money sum = money_zero(home);
    for (size_t i = 0; i < count; i++) {
        sum = money_add(sum, money_max(members[i], money_zero(home)));
    }
    return sum;
}
