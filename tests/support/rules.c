/* Policies, facts and verdicts as words. */
#include "support/unit.h"

#include "support/rules.h"

#include "base/buf.h"
#include "rules/limit.h"

#include <stdlib.h>
#include <string.h>

/* ---- words */

/* The next piece of *text up to one of the separators, trimmed; NULL at the end. */
static char *piece_next(Arena *arena, const char **text, const char *separators)
{
    *text += strspn(*text, separators);
    size_t length = strcspn(*text, separators);
    if (length == 0) {
        return NULL;
    }
    char *piece = arena_copy(arena, *text, length);
    *text += length;
    return piece;
}

int index_of_name(const char *const *names, const char *name)
{
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    fail_msg("no such name: %s", name);
    return 0;
}

Currency currency_from_text(const char *text)
{
    Currency currency = 0;
    if (!currency_parse(text, &currency)) {
        fail_msg("no such currency: %s", text);
    }
    return currency;
}

Money money_from_text(const char *text, Currency currency)
{
    Decimal decimal;
    Money money = {0};
    if (!decimal_parse(text, &decimal) || !money_from_decimal(currency, decimal, &money)) {
        fail_msg("no amount: %s", text);
    }
    return money;
}

Date day(const char *text)
{
    Date date = DATE_NONE;
    if (!date_parse(text, &date)) {
        fail_msg("no date: %s", text);
    }
    return date;
}

LimitValue limit_from_text(const char *text, Currency currency)
{
    if (strcmp(text, "none") == 0) {
        return limit_not_set();
    }
    return strcmp(text, "unlimited") == 0 ? limit_unlimited()
                                          : limit_of(money_from_text(text, currency));
}

const char *limit_text(Arena *arena, LimitValue limit)
{
    char text[DECIMAL_TEXT_SIZE];
    if (limit.kind != LIMIT_AMOUNT) {
        return limit.kind == LIMIT_UNLIMITED ? "unlimited" : "none";
    }
    money_format(limit.money, text);
    return arena_str(arena, text);
}

/* ---- policies */

static void rule_option(Arena *arena, PolicyRule *rule, char *word)
{
    char *value = strchr(word, '=');
    if (value == NULL) {
        RuleUnit unit = rule_unit((RuleKind)rule->kind);
        bool is_text = unit == UNIT_STATE || unit == UNIT_AMOUNT;
        rule->threshold = is_text ? arena_printf(arena, "\"%s\"", word) : word;
        return;
    }
    *value++ = '\0';
    if (strcmp(word, "horizon") == 0) {
        rule->horizon_days = (OptInt){.value = strtoll(value, NULL, 10), .is_set = true};
        return;
    }
    rule->scope = arena_alloc(arena, sizeof(PolicyScope));
    if (strcmp(word, "account") == 0) {
        rule->scope->account = value;
    } else {
        rule->scope->tier = value;
    }
}

static PolicyRule rule_from_text(Arena *arena, const char *text)
{
    PolicyRule rule = {0};
    rule.kind = index_of_name(rule_kind_names, piece_next(arena, &text, " "));
    rule.gate = index_of_name(gate_names, piece_next(arena, &text, " "));
    rule.outcome = index_of_name(outcome_names, piece_next(arena, &text, " "));
    for (char *word = piece_next(arena, &text, " "); word != NULL;
         word = piece_next(arena, &text, " ")) {
        rule_option(arena, &rule, word);
    }
    return rule;
}

Policy *policy_from_text(Arena *arena, const char *text)
{
    Policy *policy = arena_alloc(arena, sizeof(Policy));
    policy_default(arena, policy);
    PolicyRule *rules = arena_array(arena, strlen(text), sizeof(PolicyRule));
    size_t count = 0;
    for (char *one = piece_next(arena, &text, ";"); one != NULL;
         one = piece_next(arena, &text, ";")) {
        rules[count++] = rule_from_text(arena, one);
    }
    policy->rules = (List){.items = rules, .count = count};
    Fault fault;
    if (!policy_check(arena, policy, &fault)) {
        fail_msg("policy: %s %s", fault.field, fault.sentence);
    }
    return policy;
}

/* ---- facts */

typedef struct FactsText {
    CreditFacts *facts;
    CreditAncestor ancestors[4];
    CreditHorizon horizons[4];
    CreditHorizon parent_horizons[4];
    bool has_home;
} FactsText;

typedef struct FactName {
    const char *name;
    size_t offset;
} FactName;

/* Money members of the facts, in the account's currency. */
static const FactName own_money[] = {
    {"raised", offsetof(CreditFacts, raised)},
    {"order", offsetof(CreditFacts, order_amount)},
    {"moving", offsetof(CreditFacts, moving)},
    {"overdue", offsetof(CreditFacts, overdue)},
    {"received", offsetof(CreditFacts, received_since_state)},
    {"shipped_since", offsetof(CreditFacts, shipped_since_state)},
    {"amount_max", offsetof(CreditFacts, amount_max)},
};

/* Components, after; with "was." before it, before. */
static const FactName components[] = {
    {"ordered", offsetof(Position, ordered)},
    {"shipped", offsetof(Position, shipped)},
    {"receivable", offsetof(Position, receivable)},
    {"cheque", offsetof(Position, cheque)},
    {"advance", offsetof(Position, advance)},
    {"settled", offsetof(Position, settled)},
    {"written_off", offsetof(Position, written_off)},
};

/* Money of the track record, in the home currency. */
static const FactName track_money[] = {
    {"lack", offsetof(CreditTrack, promise_broken_open)},
    {"released", offsetof(CreditTrack, released_excess)},
};

static const FactName own_numbers[] = {
    {"overdue_days", offsetof(CreditFacts, overdue_days)},
    {"unbilled_days", offsetof(CreditFacts, unbilled_days)},
};

static const FactName track_numbers[] = {
    {"broken", offsetof(CreditTrack, broken_promises)},
    {"level", offsetof(CreditTrack, promise_level)},
    {"releases", offsetof(CreditTrack, releases_365d)},
};

static void *member_of(void *base, const FactName *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i].name, name) == 0) {
            return (char *)base + names[i].offset;
        }
    }
    return NULL;
}

/* "30:90.00" */
static CreditHorizon horizon_from_text(const char *value, Currency currency)
{
    char *amount = NULL;
    CreditHorizon horizon = {.days = strtoll(value, &amount, 10), .currency = currency};
    horizon.exposure_after = money_from_text(amount + 1, currency);
    return horizon;
}

static void parent_set(FactsText *into, const char *name, const char *value)
{
    CreditFacts *facts = into->facts;
    Currency home = facts->track->currency;
    if (strcmp(name, "parent") == 0) {
        into->ancestors[facts->ancestors.count] =
            (CreditAncestor){.account = value, .currency = home};
        facts->ancestors.items = into->ancestors;
        facts->ancestors.count++;
        return;
    }
    CreditAncestor *parent = &into->ancestors[facts->ancestors.count - 1];
    if (strcmp(name, "parent.limit") == 0) {
        parent->limit = limit_from_text(value, home);
    } else if (strcmp(name, "parent.before") == 0) {
        parent->exposure_before = money_from_text(value, home);
    } else if (strcmp(name, "parent.after") == 0) {
        parent->exposure_after = money_from_text(value, home);
    } else if (strcmp(name, "parent.raised") == 0) {
        parent->raised = money_from_text(value, home);
    } else if (strcmp(name, "parent.state") == 0) {
        parent->state = index_of_name(account_state_names, value);
    } else if (strcmp(name, "parent.horizon") == 0) {
        into->parent_horizons[parent->horizons.count] = horizon_from_text(value, home);
        parent->horizons.items = into->parent_horizons;
        parent->horizons.count++;
    } else {
        fail_msg("no such fact: %s", name);
    }
}

static void figure_set(CreditFacts *facts, const char *name, const char *value)
{
    bool was = strncmp(name, "was.", 4) == 0;
    Position *position = was ? facts->before : facts->after;
    Money *component = member_of(position, components, COUNT(components), was ? name + 4 : name);
    Money *own = member_of(facts, own_money, COUNT(own_money), name);
    Money *track = member_of(facts->track, track_money, COUNT(track_money), name);
    int64_t *own_number = member_of(facts, own_numbers, COUNT(own_numbers), name);
    int64_t *track_number = member_of(facts->track, track_numbers, COUNT(track_numbers), name);
    if (component != NULL) {
        *component = money_from_text(value, facts->currency);
    } else if (own != NULL) {
        *own = money_from_text(value, facts->currency);
    } else if (track != NULL) {
        *track = money_from_text(value, facts->track->currency);
    } else if (own_number != NULL) {
        *own_number = strtoll(value, NULL, 10);
    } else if (track_number != NULL) {
        *track_number = strtoll(value, NULL, 10);
    } else {
        fail_msg("no such fact: %s", name);
    }
}

static void currency_set(FactsText *into, Currency currency)
{
    CreditFacts *facts = into->facts;
    facts->currency = currency;
    *facts->before = position_empty(currency);
    *facts->after = position_empty(currency);
    if (!into->has_home) {
        facts->track->currency = currency;
    }
}

static void fact_set(FactsText *into, const char *name, const char *value)
{
    CreditFacts *facts = into->facts;
    if (strcmp(name, "cur") == 0) {
        currency_set(into, currency_from_text(value));
    } else if (strcmp(name, "home") == 0) {
        facts->track->currency = currency_from_text(value);
        into->has_home = true;
    } else if (strcmp(name, "rate") == 0) {
        assert_true(decimal_parse(value, &facts->rate));
    } else if (strcmp(name, "limit") == 0) {
        facts->limit = limit_from_text(value, facts->currency);
    } else if (strcmp(name, "state") == 0) {
        facts->state = index_of_name(account_state_names, value);
    } else if (strcmp(name, "tier") == 0) {
        facts->tier = value;
    } else if (strcmp(name, "horizon") == 0) {
        into->horizons[facts->horizons.count] = horizon_from_text(value, facts->currency);
        facts->horizons.items = into->horizons;
        facts->horizons.count++;
    } else if (strncmp(name, "parent", 6) == 0) {
        parent_set(into, name, value);
    } else {
        figure_set(facts, name, value);
    }
}

CreditFacts *facts_from_text(Arena *arena, const char *text)
{
    FactsText *into = arena_alloc(arena, sizeof(FactsText));
    into->facts = arena_alloc(arena, sizeof(CreditFacts));
    into->facts->account = "A";
    into->facts->on = day("2025-06-30");
    into->facts->before = arena_alloc(arena, sizeof(Position));
    into->facts->after = arena_alloc(arena, sizeof(Position));
    into->facts->track = arena_alloc(arena, sizeof(CreditTrack));
    currency_set(into, currency_from_text("CNY"));
    for (char *word = piece_next(arena, &text, " "); word != NULL;
         word = piece_next(arena, &text, " ")) {
        char *value = strchr(word, '=');
        assert_non_null(value);
        *value++ = '\0';
        fact_set(into, word, value);
    }
    return into->facts;
}

/* ---- verdicts */

static void unquoted(Buf *text, const char *json)
{
    for (; *json != '\0'; json++) {
        if (*json != '"') {
            buf_char(text, *json);
        }
    }
}

const char *verdict_text(Arena *arena, const CreditVerdict *verdict, bool with_accounts)
{
    List views = credit_rules_view(arena, verdict->rules);
    const CreditRuleView *view = views.items;
    Buf text = buf_in(arena);
    for (size_t i = 0; i < views.count; i++) {
        if (i > 0) {
            buf_str(&text, "; ");
        }
        if (with_accounts && view[i].account != NULL) {
            buf_printf(&text, "%s: ", view[i].account);
        }
        buf_printf(&text, "%s ", view[i].outcome);
        unquoted(&text, view[i].value);
        buf_char(&text, ' ');
        unquoted(&text, view[i].threshold);
    }
    return buf_text(&text);
}
