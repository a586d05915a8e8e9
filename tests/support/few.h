/* A few records over the program's own tables, so that op/ is tested without features,
 * and calls of them. */
#ifndef GUANXI_TESTS_FEW_H
#define GUANXI_TESTS_FEW_H

#include "support/unit.h"

#include "support/database.h"

#include "base/json.h"
#include "op/run.h"

/* territory and partner: everything; product: all but remove; invoice: reading. */
extern const Feature *const few_features[];

/* A new database with the users wang (51) and li (52); state is its Place, the actor the system. */
int few_setup(void **state);
int few_teardown(void **state);

#define FEW_SQL(place, text)                                                                       \
    do {                                                                                           \
        static const Sql sql_ = {text, "", NULL};                                                  \
        assert_int_equal(db_begin(&(place)->cx), ERR_OK);                                          \
        assert_int_equal(db_put(&(place)->cx, &sql_, NO_ARGS), ERR_OK);                            \
        assert_int_equal(db_commit(&(place)->cx), ERR_OK);                                         \
    } while (0)

/* One call; the arena keeps everything, the refusal is cleared. */
Reply few_call_with(Place *place, const char *name, const char *text, int64_t if_match);
Reply few_call(Place *place, const char *name, const char *text);
/* The reply as JSON when it has this status; else fails. Borrowed. */
json_t *few_answer(Place *place, int status, const char *name, const char *text);
/* Fails when it is not refused with this code, and field unless NULL. */
void few_refused(
    Place *place, const char *code, const char *field, const char *name, const char *text);
/* "null" when it is no text. */
const char *few_text(json_t *value, const char *name);
/* "a b c": one member of each item. */
const char *few_items(Place *place, json_t *page, const char *member);
/* Fails when the items of the list do not have these members, as few_items. */
void few_lists(
    Place *place, const char *name, const char *text, const char *member, const char *expected);
void few_territory_add(Place *place, const char *code, const char *name, const char *owner);

#endif
