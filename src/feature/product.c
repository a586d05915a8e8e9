/* Products. Their price is a plain number: it holds in the currency of the account that buys. */
#include "feature/features.h"

#include "feature/search.h"
#include "op/op.h"
#include "op/run.h"
#include "rules/amount.h"

typedef struct Product {
    Id id;
    const char *code;
    const char *name;
    Decimal unit_price;
    Decimal unit_cost;
    Decimal tax_rate;
    const char *fields;
    int64_t version;
} Product;

SCHEMA(Product,
    F_ID(Product, id, "product"),
    F_TEXT(Product, code, .flags = FIELD_REQUIRED | FIELD_UNIQUE | FIELD_SORT, .max_len = 64),
    F_TEXT(Product, name, .flags = FIELD_REQUIRED | FIELD_SORT),
    F_DECIMAL(Product,
        unit_price,
        REQUIRED,
        .scale_max = PRICE_SCALE,
        .scale_min = 2,
        .min = 0,
        .max = 1000000000,
        .doc = "In the currency of the account that buys; with tax unless the organisation says "
               "otherwise."),
    F_DECIMAL(
        Product, unit_cost, .scale_max = PRICE_SCALE, .scale_min = 2, .min = 0, .max = 1000000000),
    F_DECIMAL(
        Product, tax_rate, .scale_max = TAX_RATE_SCALE, .min = 0, .max = 1, .doc = "0.13 is 13 %."),
    F_CUSTOM(Product, "product"),
    F_INT(Product, version, .flags = FIELD_OUTPUT));

static Err product_check(Ctx *cx, const void *before, void *after)
{
    Product *product = after;
    (void)cx;
    (void)before;
    if (!product->tax_rate.is_set) {
        product->tax_rate = decimal_of(0, 0);
    }
    return ERR_OK;
}

static Err product_wrote(Ctx *cx, const void *before, const void *after)
{
    const Product *product = after != NULL ? after : before;
    return search_refresh(cx, "product", product->id);
}

static const Sql sql_product_uses = {
    "SELECT l.product_id FROM order_line l WHERE l.product_id = $1 LIMIT 1",
    .in = "k",
    .out = "k",
};

static const Record record_product = {
    .name = "product",
    .path = "/products",
    .letter = 'G',
    .schema = &Product_schema,
    .verbs = VERB_READS | VERB_CREATE | VERB_CHANGE | VERB_REMOVE,
    .reads = PERM_READ,
    .writes = PERM_PRODUCT_WRITE,
    .check = product_check,
    .wrote = product_wrote,
    .uses = &sql_product_uses,
    .summary = "a product",
};

static const RefKind ref_product = {.name = "product",
    .letter = 'G',
    .code = "code",
    .shows = "code",
    .is_common = true,
    .is_steady = true};

const Feature product_feature = {
    .name = "product",
    .records = (const Record *const[]){&record_product, NULL},
    .refs = (const RefKind *const[]){&ref_product, NULL},
};
