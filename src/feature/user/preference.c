/* How a person wants things written: kept with the user, so that it is the same at every screen. */
#include "feature/user.h"

#include "feature/features.h"
#include "op/op.h"
#include "op/run.h"

const char *const language_names[] = {"", "en", "zh", NULL};
const char *const number_format_names[] = {"", "comma", "point", "blank", "plain", NULL};
const char *const day_format_names[] = {"", "words", "iso", NULL};

typedef struct Preference {
    int language;
    int numbers;
    int days;
} Preference;

SCHEMA(Preference,
    F_ENUM(Preference, language, language_names, .doc = "null: the browser's."),
    F_ENUM(Preference,
        numbers,
        number_format_names,
        .doc = "1,234.50 (comma), 1.234,50 (point), 1 234.50 (blank), 1234.50 (plain); null: "
               "comma."),
    F_ENUM(Preference,
        days,
        day_format_names,
        .doc = "9 Jun 2025 (words), 2025-06-09 (iso); null: "
               "words."));

static const Sql sql_preference_put = {
    "UPDATE app_user SET language = $2, numbers = $3, days = $4 WHERE id = $1"
    " RETURNING " USER_FACTS,
    .in = "kttt",
    .out = USER_LETTERS,
};

static const char *name_of(const char *const *names, int index)
{
    return index == 0 ? NULL : names[index];
}

OP(preference_set,
    Preference,
    Preference,
    PUT("/sessions/current/preferences"),
    .effect = EFFECT_ACT,
    .needs = PERM_PUBLIC,
    .summary = "Set one's own language and how numbers and days are written; what is absent goes "
               "by what is usual.",
    FAILS(ERR_STATE))
{
    Id id = cx->actor->user_id;
    if (id == 0) {
        return err_set(cx, ERR_STATE, NULL, "The program itself has no preferences.");
    }
    *out = *in;
    return fact_change(cx, &fact_user, id, &sql_preference_put,
        ARGS(arg_id(id), arg_text(name_of(language_names, in->language)),
            arg_text(name_of(number_format_names, in->numbers)),
            arg_text(name_of(day_format_names, in->days))));
}

const Feature preference_feature = {
    .name = "preference",
    .ops = (const Op *const[]){&op_preference_set, NULL},
};
