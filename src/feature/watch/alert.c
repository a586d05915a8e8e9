/* Alerts in the database: raising, keeping up, ending; reading, acting on and closing them. What is
 * a sign is found by the other files of this folder. */
#include "feature/watch/alert.h"

#include "feature/features.h"
#include "feature/shown.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

/* ---- The figures ---- */

void because_start(Because *because, Arena *arena)
{
    because->text = buf_in(arena);
    because->writer = json_writer(&because->text);
    json_open(&because->writer, '[');
}

static void because_figure(Because *because, const char *figure)
{
    json_open(&because->writer, '{');
    json_key(&because->writer, "figure");
    json_put_string(&because->writer, figure);
    json_key(&because->writer, "value");
}

void because_text(Because *because, const char *figure, const char *value)
{
    because_figure(because, figure);
    json_put_string(&because->writer, value);
    json_close(&because->writer, '}');
}

void because_money(Because *because, const char *figure, Money value)
{
    char text[DECIMAL_TEXT_SIZE];
    money_format(value, text);
    because_text(because, figure, text);
}

void because_int(Because *because, const char *figure, int64_t value)
{
    because_figure(because, figure);
    json_put_int(&because->writer, value);
    json_close(&because->writer, '}');
}

void because_date(Because *because, const char *figure, Date value)
{
    char text[DATE_TEXT_SIZE];
    date_format(value, text);
    because_text(because, figure, text);
}

const char *because_end(Because *because)
{
    json_close(&because->writer, ']');
    return buf_text(&because->text);
}

/* ---- Raising and ending ---- */

static const Sql sql_alert_find = {
    "SELECT id FROM alert WHERE kind = $1 AND status = 'open' AND COALESCE(account_id, 0) = $2"
    " AND COALESCE(owner_id, 0) = $3 AND COALESCE(other_id, 0) = $4 AND COALESCE(subject_id, 0) = "
    "$5",
    .in = "tiiii",
    .out = "k",
};

/* Somebody has closed it on this day, or later than a day that is closed late. */
static const Sql sql_alert_known_of = {
    "SELECT id FROM alert WHERE kind = $1 AND status = 'closed' AND closed_on >= $6"
    " AND COALESCE(account_id, 0) = $2 AND COALESCE(owner_id, 0) = $3"
    " AND COALESCE(other_id, 0) = $4 AND COALESCE(subject_id, 0) = $5 LIMIT 1",
    .in = "tiiiid",
    .out = "k",
};

#define ALERT_FACTS                                                                                \
    "id, kind, account_id, owner_id, other_id, subject_id, severity, since_on, "                   \
    "first_action_on, last_seen_on, status, because, closed_by_id, closed_on"
#define ALERT_LETTERS "ktkkkktdddttkd"
static const Fact fact_alert = FACT("alert", 1, ALERT_FACTS, ALERT_LETTERS);

static const Sql sql_alert_insert = {
    "INSERT INTO alert (id, kind, account_id, owner_id, other_id, subject_id, severity, since_on, "
    "last_seen_on, status,"
    " because) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 'open', $9) RETURNING " ALERT_FACTS,
    .in = "ktkkkktdt",
    .out = ALERT_LETTERS,
};

/* A day that is closed late may show the sign before the day on which it was raised. */
static const Sql sql_alert_keep = {
    "UPDATE alert SET severity = $2, last_seen_on = $3, because = $4,"
    " since_on = CASE WHEN since_on > $3 THEN $3 ELSE since_on END WHERE id = $1 "
    "RETURNING " ALERT_FACTS,
    .in = "ktdt",
    .out = ALERT_LETTERS,
};

static const Sql sql_alerts_gone = {
    "SELECT id FROM alert WHERE status = 'open' AND last_seen_on < $1 ORDER BY id",
    .in = "d",
    .out = "k",
};

static const Sql sql_alerts_open = {
    "SELECT " ALERT_FACTS " FROM alert WHERE status = 'open' ORDER BY id",
    .in = "",
    .out = ALERT_LETTERS,
};

static const Sql sql_alerts_end = {
    "UPDATE alert SET status = 'ended', closed_on = $1 WHERE status = 'open' AND last_seen_on < $1 "
    "RETURNING " ALERT_FACTS,
    .in = "d",
    .out = ALERT_LETTERS,
};

/* What counts as a first action on an account: its state was made graver, a limit was put in
 * force, or somebody spoke with the partner to collect, review or plan, since the first sign; what
 * came on its day and before it does not. */
static const Sql sql_first_action = {
    "SELECT MIN(x.done_on) FROM (SELECT a.state_since_on AS done_on, a.state_since_id AS id"
    "    FROM account a WHERE a.id = $1 AND a.state <> 'normal'"
    "  UNION ALL SELECT l.set_on, l.id FROM credit_limit l"
    "    WHERE l.account_id = $1 AND l.status = 'in_force'"
    "  UNION ALL SELECT v.held_on, v.id FROM account a JOIN activity v ON v.partner_id = "
    "a.partner_id"
    "    WHERE a.id = $1 AND v.held_on >= $3 AND v.status = 'posted'"
    "    AND v.kind IN ('collection', 'review', 'planning')) x"
    "  WHERE x.done_on <= $4 AND (x.done_on > $3 OR (x.done_on = $3 AND x.id > $2))",
    .in = "kkdd",
    .out = "d",
};

static const Sql sql_alerts_waiting = {
    "SELECT id, account_id, since_on FROM alert WHERE status = 'open' AND first_action_on IS NULL"
    " AND account_id IS NOT NULL ORDER BY id",
    .in = "",
    .out = "kkd",
};

static const Sql sql_alert_act = {
    "UPDATE alert SET first_action_on = $2 WHERE id = $1 AND first_action_on IS NULL "
    "RETURNING " ALERT_FACTS,
    .in = "kd",
    .out = ALERT_LETTERS,
};

Err alert_sign(Ctx *cx, const Sign *sign)
{
    if (sign->severity == ALARM_OFF) {
        return ERR_OK;
    }
    const char *kind = alarm_kind_names[sign->kind];
    const char *severity = alarm_severity_names[sign->severity];
    Rows rows;
    TRY(db_ask(cx, &sql_alert_find,
        ARGS(arg_text(kind), arg_i64(sign->account_id), arg_i64(sign->owner_id),
            arg_i64(sign->other_id), arg_i64(sign->subject_id)),
        &rows));
    if (db_next(&rows)) {
        return fact_change(cx, &fact_alert, db_id(&rows, 0), &sql_alert_keep,
            ARGS(arg_id(db_id(&rows, 0)), arg_text(severity), arg_date(cx->today),
                arg_text(sign->because)));
    }
    TRY(db_ask(cx, &sql_alert_known_of,
        ARGS(arg_text(kind), arg_i64(sign->account_id), arg_i64(sign->owner_id),
            arg_i64(sign->other_id), arg_i64(sign->subject_id), arg_date(cx->today)),
        &rows));
    if (rows.count > 0) {
        return ERR_OK;
    }
    Id id = db_new_id(cx);
    run_touch(cx, id);
    return fact_put(cx, &fact_alert, &sql_alert_insert,
        ARGS(arg_id(id), arg_text(kind), arg_id(sign->account_id), arg_id(sign->owner_id),
            arg_id(sign->other_id), arg_id(sign->subject_id), arg_text(severity),
            arg_date(cx->today), arg_text(sign->because)));
}

static const Sql sql_alert_known = {
    "SELECT " ALERT_FACTS " FROM alert WHERE status = 'open' AND kind = $1"
    " AND COALESCE(account_id, 0) = $2 ORDER BY id",
    .in = "ti",
    .out = ALERT_LETTERS,
};

static const Sql sql_alert_unknown = {
    "UPDATE alert SET last_seen_on = $3 WHERE status = 'open' AND kind = $1"
    " AND COALESCE(account_id, 0) = $2 RETURNING " ALERT_FACTS,
    .in = "tid",
    .out = ALERT_LETTERS,
};

Err alert_keep(Ctx *cx, AlarmKind kind, Id account_id)
{
    TRY(fact_see(cx, &fact_alert, &sql_alert_known,
        ARGS(arg_text(alarm_kind_names[kind]), arg_i64(account_id))));
    return fact_change_seen(cx, &fact_alert, &sql_alert_unknown,
        ARGS(arg_text(alarm_kind_names[kind]), arg_i64(account_id), arg_date(cx->today)));
}

/* One account's at a time: what it says of itself lies where the account does. */
static Err alerts_acted(Ctx *cx)
{
    Rows waiting;
    TRY(db_ask(cx, &sql_alerts_waiting, NO_ARGS, &waiting));
    while (db_next(&waiting)) {
        Rows first;
        Id id = db_id(&waiting, 0);
        TRY(db_ask(cx, &sql_first_action,
            ARGS(arg_id(db_id(&waiting, 1)), arg_id(id), arg_date(db_date(&waiting, 2)),
                arg_date(cx->today)),
            &first));
        if (db_next(&first) && !db_is_null(&first, 0)) {
            TRY(fact_change(cx, &fact_alert, id, &sql_alert_act,
                ARGS(arg_id(id), arg_date(db_date(&first, 0)))));
        }
    }
    return ERR_OK;
}

Err alert_sweep(Ctx *cx, int64_t *ret_ended)
{
    Rows rows;
    TRY(db_ask(cx, &sql_alerts_gone, ARGS(arg_date(cx->today)), &rows));
    *ret_ended = (int64_t)rows.count;
    while (db_next(&rows)) {
        run_changed(cx, db_id(&rows, 0), "status", "open", "ended");
    }
    TRY(fact_see(cx, &fact_alert, &sql_alerts_open, NO_ARGS));
    TRY(fact_change_seen(cx, &fact_alert, &sql_alerts_end, ARGS(arg_date(cx->today))));
    return alerts_acted(cx);
}

/* ---- Reading ---- */

static const char *const alert_status_names[] = {"", "open", "ended", "closed", NULL};

typedef struct Alert {
    Id id;
    int kind;
    Ref account;
    Ref partner;
    const char *partner_name;
    Ref owner;
    const char *other;
    int severity;
    Date since;
    Date first_action_on;
    Date last_seen_on;
    int status;
    const char *closed_by;
    Date closed_on;
    const char *because;
} Alert;

SCHEMA(Alert,
    F_ID(Alert, id, "alert"),
    F_ENUM(Alert, kind, alarm_kind_names, .flags = FIELD_FILTER),
    F_REF(Alert, account, "account", .flags = FIELD_FILTER),
    F_REF(
        Alert, partner, "partner", .column = "a.partner_id", .flags = FIELD_FILTER | FIELD_OUTPUT),
    F_PARTNER_NAME(Alert),
    F_REF(Alert, owner, "user", .flags = FIELD_FILTER, .doc = "Whose relations it is about."),
    F_TEXT(Alert,
        other,
        .column = "(SELECT v.name FROM app_user v WHERE v.id = r.other_id)",
        .flags = FIELD_OUTPUT,
        .doc = "mutual_clearing: the other person."),
    F_ENUM(Alert, severity, alarm_severity_names, .flags = FIELD_FILTER),
    F_DATE(Alert, since, .column = "since_on", .flags = FIELD_SORT, .doc = "Of the first sign."),
    F_DATE(Alert, first_action_on, .doc = "Day on which something was first done about it."),
    F_DATE(Alert, last_seen_on, .flags = FIELD_SORT),
    F_ENUM(Alert,
        status,
        alert_status_names,
        .flags = FIELD_FILTER,
        .doc = "A list shows open ones unless it is asked for others."),
    F_USER_NAME(Alert, closed_by),
    F_DATE(Alert, closed_on, .doc = "Or the day on which its sign was gone."),
    F_JSON(Alert, because, .doc = "The figures behind it."));

static Id owner_alerts_for(const Actor *actor)
{
    bool sees_all =
        actor->role == ROLE_CREDIT || actor->role == ROLE_ADMIN || actor->role == ROLE_SYSTEM;
    return sees_all ? 0 : actor->user_id;
}

/* $1 is 0 for who sees what is about all others; $2 is the caller. */
static Err alert_args(Ctx *cx, Arg *ret_args)
{
    ret_args[0] = arg_i64(owner_alerts_for(cx->actor));
    ret_args[1] = arg_i64(cx->actor->role == ROLE_SYSTEM ? -1 : cx->actor->user_id);
    return ERR_OK;
}

/* What is about an owner goes to the superior and to credit, never to who it is about. */
static const Record record_alert = {
    .name = "alert",
    .path = "/alerts",
    .letter = 'Z',
    .schema = &Alert_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ,
    .date_field = "since",
    .partner_join = "LEFT JOIN account a ON a.id = r.account_id"
                    " LEFT JOIN partner p ON p.id = a.partner_id"
                    " LEFT JOIN app_user u ON u.id = r.owner_id"
                    " JOIN org g ON ($1 = 0 OR r.owner_id IS NULL OR u.reports_to_id = $1)"
                    " AND COALESCE(r.owner_id, 0) <> $2 AND COALESCE(r.other_id, 0) <> $2",
    .usual_field = "status",
    .usual = "r.status = 'open'",
    .args_in = "ii",
    .args = alert_args,
    .summary = "an alert",
};

/* ---- alert_act, alert_close ---- */

typedef struct AlertIn {
    Ref alert;
    const char *reason;
} AlertIn;

SCHEMA(AlertIn,
    F_REF(AlertIn, alert, "alert", REQUIRED),
    F_TEXT(AlertIn, reason, REQUIRED, .max_len = 4096, .doc = "What was done."));

typedef struct AlertReply {
    Id id;
    const char *status;
    Date first_action_on;
} AlertReply;

SCHEMA(AlertReply,
    F_ID(AlertReply, id, "alert"),
    F_TEXT(AlertReply, status),
    F_DATE(AlertReply, first_action_on));

static const Sql sql_alert_get = {
    "SELECT r.status, r.first_action_on, r.owner_id, r.other_id, u.reports_to_id FROM alert r"
    " LEFT JOIN app_user u ON u.id = r.owner_id WHERE r.id = $1",
    .in = "k",
    .out = "tdkkk",
};

static const Sql sql_alert_close = {
    "UPDATE alert SET status = 'closed', closed_by_id = $2, closed_on = $3 WHERE id = $1 "
    "RETURNING " ALERT_FACTS,
    .in = "kkd",
    .out = ALERT_LETTERS,
};

/* Nobody closes what is about him or her. */
static Err alert_open(Ctx *cx, Id alert_id, Date *ret_first_action_on)
{
    Rows rows;
    TRY(db_one(cx, &sql_alert_get, ARGS(arg_id(alert_id)), "an alert", &rows));
    Id sees = owner_alerts_for(cx->actor);
    Id user = cx->actor->user_id;
    if (user != 0 && (db_id(&rows, 2) == user || db_id(&rows, 3) == user)) {
        return err_set(
            cx, ERR_FORBIDDEN, NULL, "Nobody closes an alert about his or her own relations.");
    }
    if (!db_is_null(&rows, 2) && sees != 0 && db_id(&rows, 4) != sees) {
        return err_set(
            cx, ERR_FORBIDDEN, NULL, "An alert about an owner is for the superior and for credit.");
    }
    if (strcmp(db_text(&rows, 0), "open") != 0) {
        return err_set(cx, ERR_STATE, "alert", "The alert is %s.", db_text(&rows, 0));
    }
    *ret_first_action_on = db_is_null(&rows, 1) ? cx->today : db_date(&rows, 1);
    return ERR_OK;
}

OP(alert_act,
    AlertIn,
    AlertReply,
    POST("/alerts/{alert}/act"),
    .effect = EFFECT_ACT,
    .needs = PERM_ALERT_WRITE,
    .summary = "Note that something was done about an alert.",
    FAILS(ERR_FORBIDDEN, ERR_STATE))
{
    TRY(alert_open(cx, in->alert.id, &out->first_action_on));
    out->id = in->alert.id;
    out->status = "open";
    run_changed(cx, in->alert.id, "action", NULL, in->reason);
    return fact_change(cx, &fact_alert, in->alert.id, &sql_alert_act,
        ARGS(arg_id(in->alert.id), arg_date(cx->today)));
}

OP(alert_close,
    AlertIn,
    AlertReply,
    POST("/alerts/{alert}/close"),
    .effect = EFFECT_ACT,
    .needs = PERM_ALERT_WRITE,
    .summary = "Close an alert; it comes back when its sign is there at a later day close.",
    FAILS(ERR_FORBIDDEN, ERR_STATE))
{
    TRY(alert_open(cx, in->alert.id, &out->first_action_on));
    out->id = in->alert.id;
    out->status = "closed";
    run_changed(cx, in->alert.id, "action", NULL, in->reason);
    run_changed(cx, in->alert.id, "status", "open", "closed");
    TRY(fact_change(cx, &fact_alert, in->alert.id, &sql_alert_act,
        ARGS(arg_id(in->alert.id), arg_date(cx->today))));
    return fact_change(cx, &fact_alert, in->alert.id, &sql_alert_close,
        ARGS(arg_id(in->alert.id), arg_id(cx->actor->user_id), arg_date(cx->today)));
}

static const Sql sql_alert_by_id = {
    "SELECT r.id, r.account_id, a.partner_id, r.kind FROM alert r LEFT JOIN account a ON a.id = "
    "r.account_id"
    " WHERE r.id = $1",
    .in = "k",
    .out = "kkkt",
};
static const RefKind ref_alert = {.name = "alert", .letter = 'Z', .by_id = &sql_alert_by_id};

const Feature alert_feature = {
    .name = "alert",
    .ops = (const Op *const[]){&op_alert_act, &op_alert_close, NULL},
    .records = (const Record *const[]){&record_alert, NULL},
    .refs = (const RefKind *const[]){&ref_alert, NULL},
    .facts = (const Fact *const[]){&fact_alert, NULL},
};
