/* A few records over the program's own tables. */
#include "support/few.h"

#include <string.h>

static const char *const roles[] = {
    "", "distributor", "supplier", "service_provider", "consumer", NULL};
static const char *const statuses[] = {"", "pending", "posted", "reversed", "rejected", NULL};

typedef struct Territory {
    Id id;
    const char *code;
    const char *name;
    Ref owner;
    int64_t version;
} Territory;

SCHEMA(Territory,
    F_ID(Territory, id, "territory"),
    F_TEXT(Territory, code, .flags = FIELD_REQUIRED | FIELD_UNIQUE | FIELD_SORT),
    F_TEXT(Territory, name, .flags = FIELD_REQUIRED | FIELD_SORT),
    F_REF(Territory, owner, "user", .flags = FIELD_FILTER | FIELD_SORT),
    F_INT(Territory, version, .flags = FIELD_OUTPUT));

static const Record territory_record = {.name = "territory",
    .path = "/territories",
    .letter = 'T',
    .schema = &Territory_schema,
    .verbs = VERB_READS | VERB_CREATE | VERB_CHANGE | VERB_REMOVE,
    .reads = PERM_READ,
    .writes = PERM_TERRITORY_WRITE,
    .summary = "a sales territory"};

typedef struct Partner {
    Id id;
    const char *code;
    const char *name;
    uint32_t roles;
    Ref territory;
    Ref owner;
    const char *tier;
    Date created_on;
    const char *label; /* filled */
    int64_t version;
} Partner;

SCHEMA(Partner,
    F_ID(Partner, id, "partner"),
    F_TEXT(Partner, code, .flags = FIELD_REQUIRED | FIELD_UNIQUE | FIELD_FIXED | FIELD_SORT),
    F_TEXT(Partner, name, .flags = FIELD_REQUIRED | FIELD_SORT),
    F_FLAGS(Partner, roles, roles, .flags = FIELD_REQUIRED | FIELD_FILTER),
    F_REF(Partner, territory, "territory", .flags = FIELD_FILTER),
    F_REF(Partner, owner, "user", .flags = FIELD_FILTER),
    F_TEXT(Partner, tier, .flags = FIELD_FILTER | FIELD_SORT),
    F_DATE(Partner, created_on, .flags = FIELD_OUTPUT | FIELD_SORT),
    F_TEXT(Partner, label, .flags = FIELD_OUTPUT | FIELD_NO_COLUMN),
    F_INT(Partner, version, .flags = FIELD_OUTPUT));

static Err partner_check(Ctx *cx, const void *before, void *after_any)
{
    Partner *after = after_any;
    if (before == NULL) {
        after->created_on = cx->today;
    }
    if (strcmp(after->name, "forbidden") == 0) {
        return err_set(cx, ERR_STATE, NULL, "No partner is called that.");
    }
    return ERR_OK;
}

static Err partner_fill(Ctx *cx, void *items, size_t count)
{
    Partner *partners = items;
    for (size_t i = 0; i < count; i++) {
        partners[i].label = arena_printf(cx->arena, "%s %s", partners[i].code, partners[i].name);
    }
    return ERR_OK;
}

static const Record partner_record = {.name = "partner",
    .path = "/partners",
    .letter = 'P',
    .schema = &Partner_schema,
    .verbs = VERB_READS | VERB_CREATE | VERB_CHANGE | VERB_REMOVE,
    .reads = PERM_READ_OWN,
    .writes = PERM_PARTNER_WRITE,
    .date_field = "created_on",
    .partner_join = "JOIN partner p ON p.id = r.id",
    .fill = partner_fill,
    .check = partner_check,
    .summary = "a partner",
    FAILS(ERR_STATE)};

typedef struct Product {
    Id id;
    const char *code;
    const char *name;
    Decimal unit_price;
    Decimal unit_cost;
    Decimal tax_rate;
    int64_t version;
} Product;

SCHEMA(Product,
    F_ID(Product, id, "product"),
    F_TEXT(Product, code, .flags = FIELD_REQUIRED | FIELD_UNIQUE),
    F_TEXT(Product, name, REQUIRED),
    F_DECIMAL(Product, unit_price, .flags = FIELD_REQUIRED | FIELD_SORT),
    F_DECIMAL(Product, unit_cost),
    F_DECIMAL(Product, tax_rate, REQUIRED),
    F_INT(Product, version, .flags = FIELD_OUTPUT));

static const Record product_record = {.name = "product",
    .path = "/products",
    .letter = 'G',
    .schema = &Product_schema,
    .verbs = VERB_READS | VERB_CREATE | VERB_CHANGE,
    .reads = PERM_READ_OWN,
    .writes = PERM_PRODUCT_WRITE,
    .summary = "a product"};

typedef struct Invoice {
    Id id;
    Ref account;
    Ref partner;
    Currency currency;
    const char *number;
    Money amount;
    Money open;
    Date invoiced_on;
    int status;
} Invoice;

SCHEMA(Invoice,
    F_ID(Invoice, id, "invoice"),
    F_REF(Invoice, account, "account", .flags = FIELD_FILTER),
    F_REF(Invoice,
        partner,
        "partner",
        .column = "a.partner_id",
        .flags = FIELD_FILTER | FIELD_OUTPUT),
    F_CURRENCY(Invoice, currency, .column = "a.currency", .flags = FIELD_OUTPUT | FIELD_FILTER),
    F_TEXT(Invoice, number, .flags = FIELD_SORT),
    F_MONEY(Invoice, amount, .flags = FIELD_SORT),
    F_MONEY(Invoice, open),
    F_DATE(Invoice, invoiced_on, .flags = FIELD_SORT),
    F_ENUM(Invoice, status, statuses, .flags = FIELD_FILTER));

static const Record invoice_record = {.name = "invoice",
    .path = "/invoices",
    .letter = 'I',
    .schema = &Invoice_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ_OWN,
    .date_field = "invoiced_on",
    .partner_join = "JOIN account a ON a.id = r.account_id JOIN partner p ON p.id = a.partner_id",
    .summary = "an invoice"};

#define KIND(kind, initial, ...)                                                                   \
    static const RefKind kind##_kind = {.name = #kind, .letter = (initial), __VA_ARGS__}

KIND(territory, 'T', .code = "code", .shows = "code");
KIND(user, 'U', .table = "app_user", .code = "name", .shows = "name");
KIND(partner, 'P', .code = "code", .partner = "id", .shows = "code");
KIND(product, 'G', .code = "code", .shows = "code");
KIND(account, 'A', .code = "code", .account = "id", .partner = "partner_id", .shows = "code");
KIND(invoice, 'I', .code = "number", .account = "account_id");

static const Record *const records[] = {
    &territory_record, &partner_record, &product_record, &invoice_record, NULL};
static const RefKind *const refs[] = {
    &territory_kind, &user_kind, &partner_kind, &product_kind, &account_kind, &invoice_kind, NULL};
static const Feature few = {.name = "few", .records = records, .refs = refs};
const Feature *const few_features[] = {&few, NULL};

/* ---- calling ---- */

/* The replies of the test that runs, freed after it. */
static json_t *answers;

int few_setup(void **state)
{
    answers = json_array();
    static Place place;
    op_start(few_features);
    place_make(&place);
    *state = &place;
    if (place_found(&place, NULL) != ERR_OK) {
        return 1;
    }
    place.cx.actor = &actor_system;
    place.cx.now_ms = INT64_C(1795000000000);
    ASSERT(date_parse("2026-11-23", &place.cx.today));
    FEW_SQL(&place,
        "INSERT INTO org (id, uuid, timezone, is_solo, prices_include_tax, chain_seq, version) "
        "VALUES (1, 'u', 'UTC', 0, 1, 0, 1)");
    FEW_SQL(&place, "INSERT INTO app_user (id, name, role, is_active, created_on, version) "
                    "VALUES (51, 'wang', 'sales', 1, '2026-01-01', 1), (52, 'li', 'sales', 1, "
                    "'2026-01-01', 1)");
    return 0;
}

int few_teardown(void **state)
{
    place_drop(*state);
    json_decref(answers);
    return 0;
}

Reply few_call_with(Place *place, const char *name, const char *text, int64_t if_match)
{
    Ctx *cx = &place->cx;
    json_t *members = json_loads(text, 0, NULL);
    Reply reply;
    Call call = {.op = op_by_name(name), .members = members, .if_match = if_match};
    assert_non_null(members);
    assert_non_null(call.op);
    cx->now_ms += 1000;
    run_call(cx, &call, &reply);
    err_clear(cx);
    json_decref(members);
    return reply;
}

Reply few_call(Place *place, const char *name, const char *text)
{
    return few_call_with(place, name, text, 0);
}

json_t *few_answer(Place *place, int status, const char *name, const char *text)
{
    Reply reply = few_call(place, name, text);
    if (reply.status != status) {
        fail_msg("%s %s: %d %s", name, text, reply.status, reply.body);
    }
    json_t *json = json_loads(reply.body, 0, NULL);
    assert_int_equal(json_array_append_new(answers, json), 0);
    return json;
}

void few_refused(
    Place *place, const char *code, const char *field, const char *name, const char *text)
{
    Reply reply = few_call(place, name, text);
    json_t *problem = json_loads(reply.body, 0, NULL);
    const char *found = json_string_value(json_object_get(problem, "code"));
    const char *at = json_string_value(json_object_get(problem, "field"));
    if (found == NULL || strcmp(found, code) != 0 ||
        (field != NULL && (at == NULL || strcmp(at, field) != 0))) {
        fail_msg(
            "%s %s: not %s %s but %s", name, text, code, field == NULL ? "" : field, reply.body);
    }
    json_decref(problem);
}

const char *few_text(json_t *value, const char *name)
{
    const char *text = json_string_value(json_object_get(value, name));
    return text == NULL ? "null" : text;
}

const char *few_items(Place *place, json_t *page, const char *member)
{
    Buf out = buf_in(place->arena);
    json_t *items = json_object_get(page, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        buf_printf(&out, "%s%s", i == 0 ? "" : " ", few_text(json_array_get(items, i), member));
    }
    return buf_text(&out);
}

void few_lists(
    Place *place, const char *name, const char *text, const char *member, const char *expected)
{
    json_t *page = few_answer(place, 200, name, text);
    const char *found = few_items(place, page, member);
    if (strcmp(found, expected) != 0) {
        fail_msg("%s %s: not \"%s\" but \"%s\"", name, text, expected, found);
    }
}

void few_territory_add(Place *place, const char *code, const char *name, const char *owner)
{
    (void)few_answer(place, 201, "territory_create",
        arena_printf(
            place->arena, "{\"code\":\"%s\",\"name\":\"%s\",\"owner\":%s}", code, name, owner));
}
