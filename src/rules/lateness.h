/* How late an invoice was settled. Overdue begins the day after due_on, so the day itself is on
 * time. */
#ifndef GUANXI_RULES_LATENESS_H
#define GUANXI_RULES_LATENESS_H

#include "base/date.h"

typedef enum Lateness { LATENESS_ON_TIME, LATENESS_LATE, LATENESS_VERY_LATE } Lateness;

/* Later than this is very late. The statements of feature/month.c say it too. */
enum { LATENESS_SLOW_DAYS = 30, LATENESS_COUNT = LATENESS_VERY_LATE + 1 };

Lateness lateness_of(Date due_on, Date settled_on);

#endif
