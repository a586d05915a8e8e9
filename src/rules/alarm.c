/* When a figure is worth an alert. */
#include "rules/alarm.h"

#include "rules/limit.h"
#include "rules/wide.h"

const char *const alarm_kind_names[] = {"", "exposure_over_limit", "limit_use", "overdue",
    "broken_promise", "owner_exceptions", "owner_overdue_share", "hospitality_no_growth",
    "hospitality_redate", "mutual_clearing", "invoiced_beyond_shipped", "shipped_not_invoiced",
    "self_approved", NULL};
const char *const alarm_severity_names[] = {"", "info", "warning", "critical", NULL};

_Static_assert(COUNT(alarm_kind_names) == ALARM_KIND_COUNT + 1, "a name for each kind");
_Static_assert(COUNT(alarm_severity_names) == ALARM_SEVERITY_COUNT + 1, "a name for each");

/* part > percent of whole */
static bool is_above_percent(Money part, Money whole, int64_t percent)
{
    return wide_product_cmp(part.minor, 100, whole.minor, percent) > 0;
}

/* ---- accounts */

AlarmSeverity alarm_exposure_over_limit(Money exposure, LimitValue limit)
{
    if (limit.kind == LIMIT_UNLIMITED || !money_is_positive(exposure)) {
        return ALARM_OFF;
    }
    if (limit.kind != LIMIT_AMOUNT) {
        return ALARM_WARNING;
    }
    Money amount = limit_money(limit, exposure.currency);
    if (money_cmp(exposure, amount) <= 0) {
        return ALARM_OFF;
    }
    return is_above_percent(exposure, amount, ALARM_EXPOSURE_CRITICAL_PERCENT) ? ALARM_CRITICAL
                                                                               : ALARM_WARNING;
}

AlarmSeverity alarm_limit_use(Money exposure, LimitValue limit, Decimal watch)
{
    if (limit.kind != LIMIT_AMOUNT) {
        return ALARM_OFF;
    }
    Money amount = limit_money(limit, exposure.currency);
    if (!watch.is_set) {
        watch = decimal_of(90, 0);
    }
    bool is_above = wide_product_cmp(exposure.minor, 100 * wide_power10(watch.scale), amount.minor,
                        watch.units) > 0;
    return is_above && money_cmp(exposure, amount) <= 0 ? ALARM_INFO : ALARM_OFF;
}

AlarmSeverity alarm_overdue(int64_t oldest_days, Money overdue, int64_t days_max)
{
    if (oldest_days <= days_max || !money_is_positive(overdue)) {
        return ALARM_OFF;
    }
    bool is_critical = oldest_days > 2 * days_max || oldest_days >= ALARM_OVERDUE_CRITICAL_DAYS;
    return is_critical ? ALARM_CRITICAL : ALARM_WARNING;
}

AlarmSeverity alarm_broken_promise(int64_t broken)
{
    return broken <= 0 ? ALARM_OFF : broken == 1 ? ALARM_WARNING : ALARM_CRITICAL;
}

AlarmSeverity alarm_shipped_not_invoiced(int64_t unbilled_days, int64_t days_max)
{
    return unbilled_days > days_max ? ALARM_WARNING : ALARM_OFF;
}

AlarmSeverity alarm_invoiced_beyond_shipped(Money invoiced, Money shipped)
{
    return money_cmp(invoiced, shipped) > 0 ? ALARM_WARNING : ALARM_OFF;
}

/* ---- owners */

AlarmSeverity alarm_owner_exceptions(const OwnerExceptions *exceptions)
{
    int64_t count = exceptions->count[0];
    Money amount = exceptions->amount[0];
    if (count < ALARM_EXCEPTIONS_MIN) {
        return ALARM_OFF;
    }
    int64_t count_most = 0;
    Money amount_most = money_zero(amount.currency);
    for (size_t i = 1; i < COUNT(exceptions->count); i++) {
        count_most = exceptions->count[i] > count_most ? exceptions->count[i] : count_most;
        amount_most = money_max(amount_most, exceptions->amount[i]);
    }
    if (count <= count_most && money_cmp(amount, amount_most) <= 0) {
        return ALARM_OFF;
    }
    bool has_doubled =
        count >= 2 * count_most || wide_product_cmp(amount.minor, 1, amount_most.minor, 2) >= 0;
    return has_doubled && count_most > 0 ? ALARM_CRITICAL : ALARM_WARNING;
}

AlarmSeverity alarm_owner_overdue_share(const OwnerShare *share)
{
    if (!money_is_positive(share->receivable) ||
        wide_product_cmp(
            share->overdue.minor, 100, share->receivable.minor, ALARM_SHARE_MIN_PERCENT) < 0) {
        return ALARM_OFF;
    }
    if (wide_product_cmp(
            share->overdue.minor, 100, share->receivable.minor, ALARM_SHARE_HIGH_PERCENT) >= 0) {
        return ALARM_CRITICAL;
    }
    if (!money_is_positive(share->receivable_before)) {
        return ALARM_WARNING;
    }
    /* The share before, grown, in ten-thousandths; shares are small, so nothing is lost that
     * counts. */
    int64_t grown;
    bool fits = scale_half_up(share->overdue_before.minor,
        INT64_C(100) * (100 + ALARM_SHARE_GROWTH_PERCENT), share->receivable_before.minor, &grown);
    ASSERT(fits);
    return wide_product_cmp(share->overdue.minor, 10000, share->receivable.minor, grown) >= 0
               ? ALARM_WARNING
               : ALARM_OFF;
}

AlarmSeverity alarm_mutual_clearing(int64_t a_cleared_of_b, int64_t b_cleared_of_a)
{
    return a_cleared_of_b > 0 && b_cleared_of_a > 0 ? ALARM_CRITICAL : ALARM_OFF;
}

AlarmSeverity alarm_self_approved(int64_t self_approved)
{
    return self_approved > 0 ? ALARM_INFO : ALARM_OFF;
}

/* ---- hospitality */

AlarmSeverity alarm_hospitality_no_growth(const HospitalityGrowth *growth)
{
    bool has_grown = money_cmp(growth->sales, growth->sales_before) > 0;
    return growth->feasts >= ALARM_HOSPITALITY_MIN && !has_grown ? ALARM_WARNING : ALARM_OFF;
}

AlarmSeverity alarm_hospitality_redate(
    Date hospitality_on, Date collection_on, bool ended_in_new_date)
{
    Date apart = hospitality_on > collection_on ? hospitality_on - collection_on
                                                : collection_on - hospitality_on;
    return ended_in_new_date && apart <= ALARM_REDATE_DAYS ? ALARM_CRITICAL : ALARM_OFF;
}
