/* Alerts: signs found at day close become alerts,
 * which live until the sign is gone or someone closes them. */
#ifndef GUANXI_FEATURE_WATCH_ALERT_H
#define GUANXI_FEATURE_WATCH_ALERT_H

#include "base/buf.h"
#include "base/json.h"
#include "rules/alarm.h"

/* One sign: kind and severity, whom it is about, and the figures behind it. The same kind about the
 * same account, owner, other person and subject is the same alert. */
typedef struct Sign {
    AlarmKind kind;
    AlarmSeverity severity; /* ALARM_OFF: no sign */
    Id account_id;
    Id owner_id;
    Id other_id;
    Id subject_id;
    const char *because; /* JSON list, made with because_*() */
} Sign;

/* Raises the alert, or keeps it up with the figures of today. */
Err alert_sign(Ctx *cx, const Sign *sign) MUST_CHECK;
/* Neither raises nor ends the alert of this kind about an account: on this day the sign cannot be
 * told. */
Err alert_keep(Ctx *cx, AlarmKind kind, Id account_id) MUST_CHECK;
/* Ends the open alerts that no sign kept up today, notes what was done first about the others. */
Err alert_sweep(Ctx *cx, int64_t *ret_ended) MUST_CHECK;

/* The figures of a sign: a JSON list of {"figure", "value"}. */
typedef struct Because {
    Buf text;
    JsonWriter writer;
} Because;
void because_start(Because *because, Arena *arena);
void because_text(Because *because, const char *figure, const char *value);
void because_money(Because *because, const char *figure, Money value);
void because_int(Because *because, const char *figure, int64_t value);
void because_date(Because *because, const char *figure, Date value);
const char *because_end(Because *because);

#endif
