/* Alerts: when a figure is worth waking somebody, and how loudly. Pure predicates; the figures
 * come from the caller and go with the alert. Each grows with what must be noticed early:
 * exceptions, broken promises, lateness, concentration, not only balances. */
#ifndef GUANXI_RULES_ALARM_H
#define GUANXI_RULES_ALARM_H

#include "base/date.h"
#include "rules/policy.h"

typedef enum AlarmKind {
    ALARM_NONE,
    ALARM_EXPOSURE_OVER_LIMIT,
    ALARM_LIMIT_USE,
    ALARM_OVERDUE,
    ALARM_BROKEN_PROMISE,
    ALARM_OWNER_EXCEPTIONS,
    ALARM_OWNER_OVERDUE_SHARE,
    ALARM_HOSPITALITY_NO_GROWTH,
    ALARM_HOSPITALITY_REDATE,
    ALARM_MUTUAL_CLEARING,
    ALARM_INVOICED_BEYOND_SHIPPED,
    ALARM_SHIPPED_NOT_INVOICED,
    ALARM_SELF_APPROVED,
    ALARM_KIND_COUNT
} AlarmKind;

extern const char *const alarm_kind_names[]; /* "", "exposure_over_limit", … NULL */

typedef enum AlarmSeverity {
    ALARM_OFF, /* no alert */
    ALARM_INFO,
    ALARM_WARNING,
    ALARM_CRITICAL,
    ALARM_SEVERITY_COUNT
} AlarmSeverity;

extern const char *const alarm_severity_names[]; /* "", "info", "warning", "critical", NULL */

/* The numbers behind the predicates, in one place. */
enum {
    ALARM_OWNER_QUARTERS = 4,        /* earlier quarters an owner is compared with */
    ALARM_EXCEPTIONS_MIN = 2,        /* releases in a quarter before it is compared */
    ALARM_SHARE_MIN_PERCENT = 10,    /* overdue share below this is quiet */
    ALARM_SHARE_HIGH_PERCENT = 30,   /* from here on loud whatever the trend */
    ALARM_SHARE_GROWTH_PERCENT = 25, /* growth that is told: weeks before the share doubles */
    ALARM_SHARE_DAYS = 28,           /* the share before is that of so many days ago */
    ALARM_HOSPITALITY_DAYS = 180,    /* sales of so many days are compared with those before */
    ALARM_HOSPITALITY_MIN = 2,       /* feasts in that time before it is asked what came of them */
    ALARM_REDATE_DAYS = 3,
    ALARM_CLEARING_DAYS = 90,
    ALARM_OVERDUE_CRITICAL_DAYS = 60,
    ALARM_EXPOSURE_CRITICAL_PERCENT = 120, /* of the limit */
};

/* Exposure above the limit in force; a limit that is not set counts as 0. */
AlarmSeverity alarm_exposure_over_limit(Money exposure, LimitValue limit);
/* Use in percent above `watch` (policy_watch_level(limit_use); unset: 90). Off when over the
 * limit: that is the alert above. */
AlarmSeverity alarm_limit_use(Money exposure, LimitValue limit, Decimal watch);
/* Oldest overdue above `days_max`; critical at twice that or ALARM_OVERDUE_CRITICAL_DAYS. */
AlarmSeverity alarm_overdue(int64_t oldest_days, Money overdue, int64_t days_max);
/* Broken promises of the partner in 365 days: one warns, two are critical. */
AlarmSeverity alarm_broken_promise(int64_t broken);

/* Releases on the accounts of one owner. [0] is the quarter so far, then the earlier ones,
 * newest first. */
typedef struct OwnerExceptions {
    int64_t count[1 + ALARM_OWNER_QUARTERS];
    Money amount[1 + ALARM_OWNER_QUARTERS]; /* home */
} OwnerExceptions;

/* More releases, or more money in them, than in any of the earlier quarters; critical at twice
 * the most. */
AlarmSeverity alarm_owner_exceptions(const OwnerExceptions *exceptions);
/* Share of an owner's receivable that is overdue, now and ALARM_SHARE_DAYS before; home
 * currency. */
typedef struct OwnerShare {
    Money overdue;
    Money receivable;
    Money overdue_before;
    Money receivable_before;
} OwnerShare;
AlarmSeverity alarm_owner_overdue_share(const OwnerShare *share);

/* Hospitality with a partner in the last ALARM_HOSPITALITY_DAYS against its sales then and
 * before. */
typedef struct HospitalityGrowth {
    int64_t feasts;
    Money cost;
    Money sales;
    Money sales_before;
} HospitalityGrowth;
AlarmSeverity alarm_hospitality_no_growth(const HospitalityGrowth *growth);
/* Hospitality within three days, before or after, of a collection visit that ended in a new
 * date. */
AlarmSeverity alarm_hospitality_redate(
    Date hospitality_on, Date collection_on, bool ended_in_new_date);
/* Two owners: requests of B that A cleared and of A that B cleared in ALARM_CLEARING_DAYS. */
AlarmSeverity alarm_mutual_clearing(int64_t a_cleared_of_b, int64_t b_cleared_of_a);
/* Of one order. */
AlarmSeverity alarm_invoiced_beyond_shipped(Money invoiced, Money shipped);
/* Days since the oldest shipment not invoiced above `days_max`. */
AlarmSeverity alarm_shipped_not_invoiced(int64_t unbilled_days, int64_t days_max);
AlarmSeverity alarm_self_approved(int64_t self_approved);

#endif
