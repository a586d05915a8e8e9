/* Who takes part in the demonstration. */
#include "edge/demo/demo.h"

#include "base/json.h"

static const char *const cities[] = {"Hangzhou", "Suzhou", "Ningbo", "Wuhan", "Changsha", "Chengdu",
    "Chongqing", "Xi'an", "Zhengzhou", "Jinan", "Qingdao", "Dalian", "Shenyang", "Harbin",
    "Tianjin", "Nanjing", "Hefei", "Fuzhou", "Xiamen", "Guangzhou", "Foshan", "Nanning", "Kunming",
    "Guiyang"};
static const char *const words[] = {"Yongxin", "Hengtai", "Ruifeng", "Jinhai", "Tongda", "Wanhe",
    "Shunfa", "Baolong", "Xinyuan", "Dexing", "Guangming", "Huarui", "Kangli", "Mingsheng"};
static const char *const trades[] = {"Trading", "Hardware", "Building Supplies", "Commerce"};
static const char *const territories[DEMO_TERRITORIES] = {
    "East", "Central", "Southwest", "North", "Northeast", "South"};
static const char *const sellers[DEMO_SELLERS] = {"chen.jie", "lin.tao", "wu.min", "zhao.lei",
    "huang.bo", "zhou.na", "xu.gang", "sun.li", "ma.chao", "zhu.yan", "hu.bin", "guo.ping"};
static const char *const goods[DEMO_PRODUCTS / 4] = {
    "Mixer tap", "Shower set", "Ball valve", "Water meter", "Floor drain", "Pipe fitting"};
static const char *const finishes[4] = {"chrome", "brass", "steel", "matt black"};

static Err staff_found(Ctx *cx, Demo *demo)
{
    static const struct {
        const char *name;
        const char *role;
        const char *reports_to;
    } staff[] = {
        {"gao.director", "admin", NULL},
        {"liu.sales", "manager", "gao.director"},
        {"han.credit", "credit", "gao.director"},
        {"deng.credit", "credit", "han.credit"},
        {"tang.collect", "collections", "han.credit"},
        {"song.finance", "finance", "gao.director"},
        {"feng.board", "viewer", NULL},
    };
    for (size_t i = 0; i < COUNT(staff); i++) {
        TRY(demo_must(cx, demo, "user_create", NULL,
            json_pack("{s:s,s:s,s:s*}", "name", staff[i].name, "role", staff[i].role, "reports_to",
                staff[i].reports_to)));
    }
    for (int i = 0; i < DEMO_TERRITORIES; i++) {
        TRY(demo_must(cx, demo, "territory_create", NULL,
            json_pack("{s:s,s:s}", "code", territories[i], "name", territories[i])));
    }
    for (int i = 0; i < DEMO_SELLERS; i++) {
        TRY(demo_must(cx, demo, "user_create", NULL,
            json_pack("{s:s,s:s,s:s,s:[s]}", "name", sellers[i], "role", "sales", "reports_to",
                "liu.sales", "territories", territories[i % DEMO_TERRITORIES])));
    }
    return ERR_OK;
}

static Err products_found(Ctx *cx, Demo *demo)
{
    for (int i = 0; i < DEMO_PRODUCTS; i++) {
        const char *name = arena_printf(demo->arena, "%s, %s", goods[i / 4], finishes[i % 4]);
        int price = 18 + 7 * i;
        TRY(demo_must(cx, demo, "product_create", NULL,
            json_pack("{s:s,s:s,s:s,s:s,s:s}", "code", arena_printf(demo->arena, "G%03d", i + 1),
                "name", name, "unit_price", arena_printf(demo->arena, "%d.50", price), "unit_cost",
                arena_printf(demo->arena, "%d.20", price * 7 / 10), "tax_rate", "0.13")));
    }
    return demo_must(cx, demo, "rate_set", NULL,
        json_pack("{s:s,s:s,s:s}", "currency", "USD", "rate", "7.10", "on", demo_date(demo, 0)));
}

static const char *partner_name(Demo *demo, int i)
{
    size_t at = (size_t)i;
    return arena_printf(demo->arena, "%s %s %s", cities[at % COUNT(cities)],
        words[at / COUNT(cities) % COUNT(words)], trades[at % COUNT(trades)]);
}

static void account_plan(Demo *demo, int i)
{
    DemoAccount *account = &demo->accounts[i];
    int size = demo_dice(demo, 10);
    account->code = arena_printf(demo->arena, "D%03d", i + 1);
    account->owner = sellers[i % DEMO_SELLERS];
    account->monthly = size < 5   ? 15000 + demo_dice(demo, 20) * 1000
                       : size < 9 ? 50000 + demo_dice(demo, 50) * 1000
                                  : 200000 + demo_dice(demo, 200) * 1000;
    account->temper = demo_chance(demo, 65)   ? TEMPER_PROMPT
                      : demo_chance(demo, 75) ? TEMPER_SLOW
                                              : TEMPER_BAD;
    account->is_foreign = i % 40 == 39;
    account->terms_days = 30 + 15 * demo_dice(demo, 3);
    account->monthly /= account->is_foreign ? 7 : 1;
}

/* The limit covers the terms and half a month more; the peak season does not fit into it. */
static int64_t limit_of(const DemoAccount *account)
{
    int64_t limit = account->monthly * (account->terms_days + 30) / 30 * 13 / 10;
    return (limit + 999) / 1000 * 1000;
}

static Err accounts_found(Ctx *cx, Demo *demo)
{
    for (int i = 0; i < DEMO_ACCOUNTS; i++) {
        account_plan(demo, i);
        const DemoAccount *account = &demo->accounts[i];
        TRY(demo_must(cx, demo, "partner_create", NULL,
            json_pack("{s:s,s:s,s:[s],s:s,s:s}", "code", account->code, "name",
                partner_name(demo, i), "roles", "distributor", "territory",
                territories[i % DEMO_TERRITORIES], "owner", account->owner)));
        TRY(demo_must(cx, demo, "account_create", NULL,
            json_pack("{s:s,s:s,s:s,s:i,s:s}", "code", account->code, "partner", account->code,
                "currency", account->is_foreign ? "USD" : "CNY", "terms_days", account->terms_days,
                "limit", arena_printf(demo->arena, "%lld", (long long)limit_of(account)))));
    }
    return ERR_OK;
}

Err demo_found(Ctx *cx, Demo *demo)
{
    TRY(staff_found(cx, demo));
    TRY(products_found(cx, demo));
    return accounts_found(cx, demo);
}
