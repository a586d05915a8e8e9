/* Fills in who and what is there, and opens distributors as the years go. */
#include "edge/demo/cast.h"

#include <string.h>

/* ---- The tables ---- */

static const char *const shandong[] = {
    "Jinan", "Qingdao", "Yantai", "Weifang", "Linyi", "Zibo", NULL};
static const char *const henan[] = {"Zhengzhou", "Luoyang", "Kaifeng", "Nanyang", "Xinxiang", NULL};
static const char *const jiangsu[] = {
    "Nanjing", "Suzhou", "Wuxi", "Xuzhou", "Nantong", "Yangzhou", NULL};
static const char *const hubei[] = {"Wuhan", "Yichang", "Xiangyang", "Jingzhou", "Huangshi", NULL};
static const char *const guangdong[] = {
    "Guangzhou", "Shenzhen", "Foshan", "Dongguan", "Shantou", "Zhuhai", NULL};
static const char *const sichuan[] = {"Chengdu", "Mianyang", "Leshan", "Yibin", "Nanchong", NULL};
static const char *const fujian[] = {"Fuzhou", "Xiamen", "Quanzhou", "Zhangzhou", "Putian", NULL};
static const char *const abroad[] = {
    "Singapore", "Penang", "Bangkok", "Ho Chi Minh City", "Jakarta", "Manila", NULL};

static const Region regions[] = {
    {"SD", "Shandong", "wang", "fan", shandong},
    {"HA", "Henan", "li", "fan", henan},
    {"JS", "Jiangsu", "zhang", "fan", jiangsu},
    {"HB", "Hubei", "liu", "fan", hubei},
    {"GD", "Guangdong", "yang", "qiu", guangdong},
    {"SC", "Sichuan", "huang", "qiu", sichuan},
    {"FJ", "Fujian", "zhou", "qiu", fujian},
    {"EX", "Export", "wu", "qiu", abroad},
};
enum { REGION_COUNT = COUNT(regions), REGION_EXPORT = REGION_COUNT - 1, REGION_SOUTH = 4 };

static const char *const trades[] = {"Trading", "Foods", "Wholesale", "Supply", "Beverages",
    "Commerce", "Supermarkets", "Distribution"};
static const char *const words[] = {"Xinghe", "Fuxing", "Dadi", "Jinlong", "Huafeng", "Ruixiang",
    "Hengda", "Minglang", "Taihe", "Shunda", "Kaiyuan", "Yongtai", "Baiyun", "Chunlei", "Donghai",
    "Fengshou", "Guangming", "Haotian", "Jiahe", "Kangda", "Lianfa", "Meijia", "Nanfang", "Pingan",
    "Qiming", "Rongsheng", "Sanhe", "Tongda", "Weiye", "Xiangrui", "Yifeng", "Zhongxing"};

const Good goods[] = {
    {"GT-500", "Green tea 500 ml, case of 24", 4800, 2950, 720},
    {"OT-500", "Oolong tea 500 ml, case of 24", 5100, 3080, 765},
    {"JT-500", "Jasmine tea 500 ml, case of 24", 4950, 2990, 740},
    {"LT-1000", "Lemon tea 1 l, case of 12", 4620, 2870, 690},
    {"PW-550", "Spring water 550 ml, case of 24", 2280, 1540, 345},
    {"PW-5L", "Spring water 5 l, case of 4", 2760, 1820, 420},
    {"SP-330", "Plum soda 330 ml, case of 24", 5640, 3350, 850},
    {"OJ-450", "Orange juice 450 ml, case of 15", 6150, 3890, 920},
    {"PJ-450", "Pear juice 450 ml, case of 15", 6000, 3760, 900},
    {"CM-245", "Coconut milk 245 ml, case of 24", 8640, 5420, 1290},
    {"HB-310", "Herbal tea 310 ml, case of 24", 7200, 4260, 1080},
    {"GB-12", "Tea gift box, 12 bottles", 9880, 5900, 1480},
};
const size_t goods_count = COUNT(goods);

typedef struct Person {
    const char *name;
    const char *role;
    const char *reports_to;
} Person;

/* Superiors first. The owners of relations follow from the regions. */
static const Person people[] = {
    {CAST_ADMIN, "admin", NULL},
    {"ma", "manager", CAST_ADMIN},
    {"hu", "manager", CAST_ADMIN},
    {"fan", "sales", "ma"},
    {"qiu", "sales", "hu"},
    {CAST_CREDIT, "credit", CAST_ADMIN},
    {CAST_CREDIT_TOO, "credit", CAST_CREDIT},
    {CAST_COLLECTIONS, "collections", CAST_CREDIT},
    {CAST_FINANCE, "finance", CAST_ADMIN},
    {CAST_VIEWER, "viewer", NULL},
};

const char *cast_manager(const Region *region)
{
    return region < &regions[REGION_SOUTH] ? "ma" : "hu";
}

/* ---- The first day ---- */

static Err people_enter(Play *play)
{
    for (size_t i = 0; i < COUNT(people); i++) {
        json_t *in = json_pack("{s:s,s:s,s:s}", "name", people[i].name, "role", people[i].role,
            "password", CAST_PASSWORD);
        if (people[i].reports_to != NULL) {
            (void)json_object_set_new(in, "reports_to", json_string(people[i].reports_to));
        }
        TRY(play_do(play, "user_create", NULL, in, NULL));
    }
    for (size_t i = 0; i < REGION_COUNT; i++) {
        const Region *region = &regions[i];
        TRY(play_do(play, "territory_create", CAST_ADMIN,
            json_pack("{s:s,s:s}", "code", region->territory, "name", region->name), NULL));
        TRY(play_do(play, "user_create", NULL,
            json_pack("{s:s,s:s,s:s,s:s,s:[s]}", "name", region->owner, "role", "sales", "password",
                CAST_PASSWORD, "reports_to", cast_manager(region), "territories",
                region->territory),
            NULL));
        TRY(play_do(play, "territory_change", CAST_ADMIN,
            json_pack("{s:s,s:s}", "territory", region->territory, "owner", region->owner), NULL));
    }
    return ERR_OK;
}

static Err goods_enter(Play *play)
{
    for (size_t i = 0; i < COUNT(goods); i++) {
        TRY(play_do(play, "product_create", CAST_FINANCE,
            json_pack("{s:s,s:s,s:s,s:s,s:s}", "code", goods[i].code, "name", goods[i].name,
                "unit_price", play_money(play, goods[i].price), "unit_cost",
                play_money(play, goods[i].cost), "tax_rate", "0.13"),
            NULL));
    }
    return ERR_OK;
}

/* Partners that are no distributors: whom we buy from and who works for us. */
static Err others_enter(Play *play)
{
    static const struct {
        const char *code;
        const char *name;
        const char *role;
    } others[] = {
        {"S-01", "Huangshan Tea Gardens", "supplier"},
        {"S-02", "Hainan Coconut Cooperative", "supplier"},
        {"S-03", "Yangtze PET Bottles", "supplier"},
        {"S-04", "Laiyang Pear Growers", "supplier"},
        {"V-01", "Shunfeng Cold Chain Logistics", "service_provider"},
        {"V-02", "Great Wall Credit Insurance", "service_provider"},
        {"V-03", "Blue Whale Advertising", "service_provider"},
        {"C-01", "Tasting panel, Jinan", "consumer"},
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        TRY(play_do(play, "partner_create", "ma",
            json_pack("{s:s,s:s,s:[s]}", "code", others[i].code, "name", others[i].name, "roles",
                others[i].role),
            NULL));
    }
    return ERR_OK;
}

static Err company_enter(Play *play, Outlet *outlet, Deal *deal)
{
    (void)outlet;
    (void)deal;
    TRY(people_enter(play));
    TRY(goods_enter(play));
    TRY(play_do(play, "rate_set", CAST_FINANCE,
        json_pack(
            "{s:s,s:s,s:s}", "currency", "USD", "rate", "6.95", "on", play_date(play, play->today)),
        NULL));
    return others_enter(play);
}

/* ---- Distributors ---- */

/* The name follows from the place in the list, so that codes and names stay together. */
static const char *outlet_name(Play *play, const Outlet *outlet)
{
    size_t index = (size_t)(outlet - play->outlets);
    size_t cities = 0;
    while (outlet->region->cities[cities] != NULL) {
        cities++;
    }
    ASSERT(cities > 0);
    return arena_printf(play->cx->arena, "%s %s %s", outlet->region->cities[index % cities],
        words[(index * 7 + index / COUNT(words)) % COUNT(words)],
        trades[(index * 3 + index / COUNT(trades)) % COUNT(trades)]);
}

static Err partner_enter(Play *play, const Outlet *outlet)
{
    const Region *region = outlet->region;
    const char *manager = cast_manager(region);
    const char *name = outlet_name(play, outlet);
    json_t *in = json_pack("{s:s,s:s,s:[s],s:s,s:s}", "code", outlet->code, "name", name, "roles",
        "distributor", "territory", region->territory, "tier",
        outlet->order_size > 4000000   ? "A"
        : outlet->order_size > 1500000 ? "B"
                                       : "C");
    if (outlet->has_owner) {
        (void)json_object_set_new(in, "owner", json_string(region->owner));
    }
    TRY(play_do(play, "partner_create", CAST_ADMIN, in, NULL));
    size_t index = (size_t)(outlet - play->outlets);
    return play_do(play, "contact_create", manager,
        json_pack("{s:s,s:s,s:s}", "partner", outlet->code, "name",
            arena_printf(play->cx->arena, "%s %s", words[(index * 5) % COUNT(words)],
                index % 3 == 0   ? "Zhao"
                : index % 3 == 1 ? "Lin"
                                 : "Xu"),
            "title", index % 2 == 0 ? "Owner" : "Purchasing"),
        NULL);
}

static Err account_enter(Play *play, const Outlet *outlet)
{
    char currency[CURRENCY_TEXT_SIZE];
    currency_format(outlet->currency, currency);
    json_t *in = json_pack("{s:s,s:s,s:s,s:i}", "code", outlet->code, "partner", outlet->code,
        "currency", currency, "terms_days", outlet->terms_days);
    if (outlet->limit > 0) {
        (void)json_object_set_new(in, "limit", json_string(play_money(play, outlet->limit)));
    }
    if (outlet->parent != NULL) {
        (void)json_object_set_new(in, "parent", json_string(outlet->parent->code));
    }
    return play_do(play, "account_create", CAST_CREDIT, in, NULL);
}

static Err cast_enter(Play *play, Outlet *outlet, Deal *deal)
{
    (void)deal;
    TRY(partner_enter(play, outlet));
    TRY(account_enter(play, outlet));
    play_plan(play, random_in(&play->random, 1, 20), trade_order, outlet, NULL);
    play_plan(play, random_in(&play->random, 5, 60), care_visit, outlet, NULL);
    return ERR_OK;
}

static Habit habit_draw(Random *random)
{
    int64_t of_hundred = random_in(random, 0, 99);
    return of_hundred < 38   ? HABIT_PROMPT
           : of_hundred < 80 ? HABIT_USUAL
           : of_hundred < 93 ? HABIT_SLOW
           : of_hundred < 96 ? HABIT_BAD
                             : HABIT_FAILING;
}

static int64_t size_draw(Random *random)
{
    int64_t of_hundred = random_in(random, 0, 99);
    return of_hundred < 55   ? random_in(random, 600000, 2000000)
           : of_hundred < 88 ? random_in(random, 2000000, 6000000)
                             : random_in(random, 6000000, 15000000);
}

/* What the orders under way come to, with some room, to the round number a controller would set. */
static int64_t limit_for(const Outlet *outlet, Random *random)
{
    enum { ROUND = 1000000, UNDERWAY_DAYS = 14 };
    int64_t orders = (outlet->terms_days + UNDERWAY_DAYS) / outlet->interval + 1;
    int64_t limit = outlet->order_size * orders * random_in(random, 115, 190) / 100;
    return (limit / ROUND + 1) * ROUND;
}

static Outlet *outlet_draw(Play *play, const Region *region, size_t in_region)
{
    enum { OPENED_AT_FIRST_PERCENT = 72, LATER_DAYS = 800, ENDS_PERCENT = 9 };
    Random *random = &play->random;
    ASSERT(play->outlet_count < OUTLETS_MAX);
    Outlet *outlet = &play->outlets[play->outlet_count++];
    bool is_abroad = region == &regions[REGION_EXPORT];
    *outlet = (Outlet){
        .code = arena_printf(play->arena, "%s-%03zu", region->territory, in_region + 1),
        .region = region,
        .has_owner = !random_chance(random, 4),
        .habit = habit_draw(random),
        .order_size = size_draw(random) / (is_abroad ? 4 : 1),
        .interval = random_in(random, 12, 38),
        .terms_days = is_abroad                   ? 60
                      : random_chance(random, 75) ? 30
                                                  : 45,
        .opens_on = play->first + (Date)random_in(random, 1, 15),
        .state = "normal",
    };
    bool is_known = currency_parse(is_abroad ? "USD" : "CNY", &outlet->currency);
    ASSERT(is_known);
    if (!random_chance(random, OPENED_AT_FIRST_PERCENT)) {
        outlet->opens_on = play->first + (Date)random_in(random, 30, LATER_DAYS);
    } else if (random_chance(random, ENDS_PERCENT)) {
        outlet->ends_on = play->first + (Date)random_in(random, 300, LATER_DAYS);
    }
    outlet->limit = limit_for(outlet, random);
    return outlet;
}

/* The first of a region heads a group of three: one has its own limit, one uses the group's. */
static void group_form(Play *play, size_t head)
{
    Outlet *parent = &play->outlets[head];
    Outlet *with_limit = &play->outlets[head + 1];
    Outlet *without = &play->outlets[head + 2];
    parent->opens_on = play->first + 1;
    parent->limit += with_limit->limit + without->limit;
    with_limit->parent = parent;
    with_limit->opens_on = play->first + 2;
    without->parent = parent;
    without->opens_on = play->first + 2;
    without->limit = 0;
}

void cast_plan(Play *play)
{
    enum { HOME_OUTLETS = 28, ABROAD_OUTLETS = 16, GROUPS = 6 };
    play_plan_on(play, play->first, company_enter, NULL, NULL);
    for (size_t i = 0; i < REGION_COUNT; i++) {
        size_t head = play->outlet_count;
        size_t count = i == REGION_EXPORT ? ABROAD_OUTLETS : HOME_OUTLETS;
        for (size_t k = 0; k < count; k++) {
            (void)outlet_draw(play, &regions[i], k);
        }
        if (i < GROUPS) {
            group_form(play, head);
        }
        for (size_t k = head; k < play->outlet_count; k++) {
            Outlet *outlet = &play->outlets[k];
            play_plan(play, outlet->opens_on - play->first, cast_enter, outlet, NULL);
        }
    }
}
