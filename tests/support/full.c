/* Books in which every table has rows. */
#include "support/full.h"

#include "base/buf.h"

#include <string.h>

typedef struct Step {
    int days; /* that go by before */
    const char *as;
    const char *operation;
    const char *members; /* JSON with ' for "; $x stands for what was saved under x */
    const char *saves;   /* "x=member y=member" */
} Step;

static const Step steps[] = {
    /* who and what */
    {0, "ann", "territory_create", "{'code':'N','name':'North'}", ""},
    {0, "ann", "territory_create", "{'code':'S','name':'South','owner':'sam'}", ""},
    {0, "ann", "territory_create", "{'code':'W','name':'West'}", ""},
    {0, "ann", "product_create",
        "{'code':'P','name':'Nut','unit_price':'10','unit_cost':'6','tax_rate':'0.13'}", ""},
    {0, "ann", "custom_field_create",
        "{'record':'partner','code':'channel','label_en':'Channel','label_zh':'c',"
        "'kind':'choice','options':[{'code':'a','label_en':'A','label_zh':'a'},"
        "{'code':'b'}]}",
        "q=id"},
    {0, "ann", "custom_field_change", "{'custom_field':'$q','required':true}", ""},
    {0, "ann", "custom_field_change", "{'custom_field':'$q','required':false}", ""},
    {0, "ann", "custom_field_create",
        "{'record':'partner','code':'shops','label_en':'Shops','kind':'integer'}", ""},
    {0, "ann", "custom_field_create",
        "{'record':'partner','code':'since','label_en':'Since','kind':'date'}", ""},
    {0, "ann", "custom_field_create",
        "{'record':'partner','code':'worth','label_en':'Worth','kind':'money','currency':'CNY'}",
        ""},
    {0, "ann", "product_create", "{'code':'Q','name':'Bolt','unit_price':'100'}", "q=id"},
    {0, "ann", "product_change", "{'product':'$q','name':'Big bolt'}", ""},
    {0, "ann", "partner_create",
        "{'code':'D1','name':'One','roles':['distributor'],'territory':'N','owner':'olga',"
        "'tier':'A','fields':{'channel':'a','shops':3,'since':'2020-01-01','worth':'5.50'}}",
        "d1=id"},
    {0, "ann", "partner_create",
        "{'code':'D2','name':'Two','roles':['distributor','supplier'],'territory':'S',"
        "'owner':'sam','fields':{'shops':2}}",
        "d2=id"},
    {0, "ann", "partner_change", "{'partner':'D1','owner':'sam'}", "y=approval"},
    {0, "carla", "approval_approve", "{'approval':'$y','reason':'r'}", ""},
    {0, "ann", "contact_create",
        "{'partner':'D1','name':'Mr Li','title':'Head','phone':'1','email':'e','note':'n'}",
        "c=id"},
    {0, "ann", "contact_create", "{'partner':'D1','name':'Ms Wu'}", "c2=id"},
    {0, "ann", "contact_create", "{'partner':'D1','name':'Mr Xu'}", ""},
    {0, "ann", "relation_create",
        "{'partner':'D1','other':'D2','kind':'supplies','from':'2025-01-01','until':'2025-12-31',"
        "'note':'n'}",
        ""},
    {0, "ann", "user_create",
        "{'name':'tess','role':'sales','password':'a long enough password','territories':['N','S'],"
        "'reports_to':'mike'}",
        ""},
    {0, "ann", "user_create", "{'name':'pat','role':'partner','partner':'D1'}", ""},
    {0, "ann", "user_change", "{'user':'tess','role':'viewer','territories':['N','S']}", ""},
    {0, "ann", "token_create", "{'user':'tess'}", "t=id"},
    {0, "ann", "token_create", "{'user':'sam'}", ""},
    {0, "sam", "view_create", "{'list':'order','name':'Held','query':'filter=status+eq+held'}", ""},
    {0, "ann", "token_revoke", "{'token':'$t'}", ""},
    {0, NULL, "session_create", "{'name':'tess','password':'a long enough password'}", ""},
    {0, "ann", "user_sign_out", "{'user':'tess'}", ""},
    {0, NULL, "session_create", "{'name':'tess','password':'a long enough password'}", ""},
    {0, "fred", "import_mapping_set", "{'what':'invoices','header':'number','document':'{}'}", ""},
    {0, "fred", "import_begin", "{'what':'invoices','file':'i.csv'}", "m=id"},
    {0, "fred", "import_end", "{'import_run':'$m','stored':2,'skipped':1,'refused':1}", ""},
    {0, "fred", "import_undo", "{'import_run':'$m','undone':1,'left':1}", ""},
    {0, "fred", "import_begin", "{'what':'invoices'}", ""},
    {0, "fred", "rate_set", "{'currency':'USD','rate':'7.1','on':'2025-01-01'}", ""},
    {0, "fred", "rate_set", "{'currency':'EUR','rate':'8','on':'2025-01-01'}", ""},
    {0, "ann", "account_create",
        "{'code':'A1','partner':'D1','currency':'CNY','terms_days':30,'limit':'10000'}", ""},
    {0, "ann", "account_create",
        "{'code':'A2','partner':'D2','currency':'CNY','terms_days':10,'limit':'2000'}", ""},
    {0, "ann", "account_create",
        "{'code':'A3','partner':'D2','currency':'USD','terms_days':0,'limit':'500','parent':'A2'}",
        ""},
    {0, "carla", "limit_set",
        "{'account':'A1','amount':'18000','kind':'seasonal','from':'2025-06-05','until':'2025-08-"
        "01',"
        "'steps':[{'from':'2025-07-01','amount':'4000'},{'from':'2025-07-15','amount':'2000'}],"
        "'reason':'season'}",
        "y=approval"},
    {0, "cora", "approval_approve", "{'approval':'$y','reason':'r'}", ""},
    {0, "carla", "limit_set", "{'account':'A2','amount':'90000','reason':'more'}", ""},
    {0, "carla", "policy_set",
        "{'version':1,'rules':[{'kind':'limit','gate':'both','outcome':'hold'}],"
        "'promise_tolerance_days':3,'promise_tolerance_amount':'0.00','promise_max_days':40,"
        "'partly_share':0.8,'conflict_days':90,'small_amount':'100.00','overdue_min':'1.00',"
        "'pay_down_ratio':1.2,'approval':[{'all_of':['credit'],'up_to':null}]}",
        "y=approval"},
    {0, "ann", "approval_approve", "{'approval':'$y','reason':'r'}", ""},
    {0, "cora", "approval_approve", "{'approval':'$y','reason':'r'}", ""},
    {0, "sam", "activity_log" /* money spent on, people there */,
        "{'partner':'D1','kind':'hospitality','on':'2025-06-02','direction':'given','cost':'250.50'"
        ","
        "'minutes':120,'outcome':'fine','note':'n','contacts':['$c','$c2'],"
        "'staff':['olga','mike']}",
        ""},
    {0, "sam", "activity_log",
        "{'partner':'D2','kind':'market','on':'2025-06-02','next_on':'2025-06-09',"
        "'next_step':'the shelf'}",
        "w=id"},
    {0, "olga", "activity_log",
        "{'partner':'D2','kind':'planning','on':'2025-06-02','follows':'$w'}", ""},
    {0, "olga", "activity_log", "{'partner':'D2','kind':'review','on':'2025-06-02'}", "h=id"},
    {0, "olga", "activity_reverse", "{'activity':'$h','reason':'r'}", ""},
    /* goods */
    {1, "olga", "order_place",
        "{'account':'A1','number':'O1','wanted_on':'2025-07-01','lines':["
        "{'product':'P','quantity':100},{'product':'Q','quantity':'2.5','unit_price':'99.99'}]}",
        ""},
    {0, "olga", "shipment_post", "{'order':'O1','lines':[{'line':1,'quantity':60}]}", "s=id"},
    {0, "olga", "shipment_post", "{'order':'O1','lines':[{'line':2,'quantity':1}]}", "s2=id"},
    {0, "olga", "shipment_reverse", "{'shipment':'$s2','reason':'r'}", ""},
    {0, "olga", "return_post",
        "{'shipment':'$s','lines':[{'line':1,'quantity':5}],'reason':'broken'}", ""},
    {0, "olga", "return_post", "{'shipment':'$s','lines':[{'line':1,'quantity':1}],'reason':'r'}",
        "b=id"},
    {0, "olga", "return_reverse", "{'return':'$b','reason':'r'}", ""},
    {0, "fred", "invoice_post",
        "{'account':'A1','amount':'400','invoiced_on':'2025-06-03','order':'O1','lines':["
        "{'line':1,'quantity':30}]}",
        "i=id"},
    {0, "fred", "invoice_post",
        "{'account':'A1','amount':'300','invoiced_on':'2025-06-01','number':'I2'}", ""},
    {0, "fred", "invoice_post",
        "{'account':'A1','amount':'50','invoiced_on':'2025-06-01','number':'I3'}", "i3=id"},
    {0, "fred", "invoice_reverse", "{'invoice':'$i3','reason':'r'}", ""},
    {0, "fred", "invoice_post",
        "{'account':'A2','amount':'1500','invoiced_on':'2025-05-01','number':'I4'}", ""},
    {0, "olga", "order_place",
        "{'account':'A1','number':'O2','lines':[{'product':'Q','quantity':1},"
        "{'product':'P','quantity':1}]}",
        ""},
    {0, "olga", "order_change", "{'order':'O2','lines':[{'line':1,'product':'Q','quantity':2}]}",
        ""},
    {0, "olga", "order_cancel", "{'order':'O2','reason':'no more'}", ""},
    /* money */
    {1, "fred", "payment_post",
        "{'account':'A1','amount':'500','received_on':'2025-06-03','reference':'bank "
        "1','order':'O1',"
        "'allocations':[{'invoice':'I2','amount':'100'},{'invoice':'$i','amount':'20'}]}",
        "m=id"},
    {0, "fred", "payment_post", "{'account':'A1','amount':'70','received_on':'2025-06-03'}",
        "m2=id"},
    {0, "fred", "payment_reverse", "{'payment':'$m2','reason':'bounced'}", ""},
    {0, "fred", "credit_note_post", "{'account':'A1','amount':'30','reason':'late','invoice':'I2'}",
        ""},
    {0, "fred", "credit_note_post", "{'account':'A1','amount':'10','reason':'r','invoice':'I2'}",
        "n=id"},
    {0, "fred", "credit_note_reverse", "{'credit_note':'$n','reason':'r'}", ""},
    {0, "fred", "credit_note_post", "{'account':'A1','amount':'110','reason':'r'}", ""},
    {0, "fred", "write_off_post", "{'account':'A1','amount':'20','reason':'r','invoice':'I2'}", ""},
    {0, "fred", "write_off_post", "{'account':'A1','amount':'120','reason':'r'}", "y=approval"},
    {0, "carla", "approval_reject", "{'approval':'$y','reason':'r'}", ""},
    {0, "fred", "payment_post", "{'account':'A1','amount':'600','received_on':'2025-06-04'}", ""},
    {0, "fred", "refund_post", "{'account':'A1','amount':'30','reason':'r'}", "y=approval"},
    {0, "carla", "approval_approve", "{'approval':'$y','reason':'r'}", ""},
    {0, "fred", "refund_post", "{'account':'A1','amount':'10','reason':'r'}", ""},
    /* exceptions */
    {0, "lena", "promise_make",
        "{'account':'A2','amount':'500','due_on':'2025-06-10','invoices':['I4']}", "v=id"},
    {0, "lena", "promise_make",
        "{'account':'A2','amount':'700','due_on':'2025-06-12','invoices':['I4'],'replaces':'$v'}",
        "v2=id"},
    {0, "olga", "order_place",
        "{'account':'A2','number':'O3','lines':[{'product':'Q','quantity':9}]}", ""},
    {0, "olga", "order_release_request",
        "{'order':'O3','reason':'r','reason_code':'season','promise':{'due_on':'2025-06-20',"
        "'amount':'400'}}",
        "y=approval"},
    {0, "carla", "approval_approve", "{'approval':'$y','reason':'r'}", ""},
    {0, "olga", "shipment_post", "{'order':'O3','lines':[{'line':1,'quantity':3}]}", ""},
    {0, "olga", "order_place",
        "{'account':'A2','number':'O4','lines':[{'product':'Q','quantity':5}]}", ""},
    {0, "carla", "order_release", "{'order':'O4','reason':'r','expires_on':'2025-06-08'}", ""},
    {0, "olga", "order_place",
        "{'account':'A2','number':'O5','lines':[{'product':'Q','quantity':5}]}", ""},
    {0, "olga", "order_release_request", "{'order':'O5','reason':'r','reason_code':'other'}", ""},
    {0, "fred", "payment_post", "{'account':'A2','amount':'100','received_on':'2025-06-04'}", ""},
    {0, "carla", "account_state_set", "{'account':'A2','state':'watch','reason':'late'}", ""},
    {0, "ann", "account_change", "{'account':'A1','terms_days':20}", ""},
    /* days */
    {0, "fred", "day_close", "{'on':'2025-06-04'}", ""},
    {0, "fred", "period_close", "{'until':'2025-04-30','reason':'done'}", ""},
    {0, "fred", "period_close", "{'until':'2025-05-31'}", ""},
    {0, "fred", "period_reopen", "{'reason':'forgot','until':'2025-04-30'}", ""},
    {13, "fred", "day_close", "{'on':'2025-06-17'}", ""},
    {0, "lena", "alert_act", "{'alert':'$alert','reason':'called'}", ""},
    {0, "carla", "alert_close", "{'alert':'$alert','reason':'known'}", ""},
    {1, "fred", "day_close", "{'on':'2025-06-18'}", ""},
    {0, "fred", "payment_post", "{'account':'A2','amount':'50','received_on':'2025-06-18'}", ""},
};

/* ---- what is saved ---- */

enum { SAVED_MAX = 64 };

typedef struct Saved {
    const char *name; /* within a constant */
    size_t length;
    char text[80];
} Saved;

typedef struct Memory {
    Saved saved[SAVED_MAX];
    size_t count;
} Memory;

static char *saved_text(Memory *memory, const char *name, size_t length)
{
    for (size_t i = 0; i < memory->count; i++) {
        if (memory->saved[i].length == length && memcmp(memory->saved[i].name, name, length) == 0) {
            return memory->saved[i].text;
        }
    }
    ASSERT(memory->count < SAVED_MAX);
    Saved *fresh = &memory->saved[memory->count++];
    fresh->name = name;
    fresh->length = length;
    return fresh->text;
}

static void answer_save(Memory *memory, const char *saves, const json_t *answer)
{
    for (const char *at = saves; *at != '\0';) {
        size_t name = strcspn(at, "=");
        size_t member = strcspn(at + name + 1, " ");
        char key[40];
        (void)snprintf(key, sizeof key, "%.*s", (int)member, at + name + 1);
        (void)snprintf(saved_text(memory, at, name), sizeof(((Saved *)0)->text), "%s",
            world_text(answer, key));
        at += name + 1 + member;
        at += *at == ' ';
    }
}

static json_t *members_of(Memory *memory, Arena *arena, const char *text)
{
    Buf out = buf_in(arena);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '$') {
            buf_char(&out, *at == '\'' ? '"' : *at);
            continue;
        }
        size_t length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz0123456789");
        buf_str(&out, saved_text(memory, at + 1, length));
        at += length;
    }
    json_t *members = json_loads(buf_text(&out), 0, NULL);
    ASSERT(members != NULL);
    return members;
}

/* ---- the books ---- */

static void users_make(World *world)
{
    static const char *const users[][2] = {{"ann", "admin"}, {"mike", "manager"}, {"olga", "sales"},
        {"sam", "sales"}, {"lena", "collections"}, {"carla", "credit"}, {"cora", "credit"},
        {"fred", "finance"}};
    for (size_t i = 0; i < COUNT(users); i++) {
        world_user(world, users[i][0], users[i][1]);
    }
}

/* Any open alert: which there are is the alarms' affair. */
static void alert_save(World *world, Memory *memory)
{
    static const Sql sql = {
        "SELECT MIN(id) FROM alert WHERE status = 'open' AND account_id IS NOT NULL", "", "k"};
    Rows rows = world_ask(world, &sql, NO_ARGS);
    if (db_next(&rows) && db_id(&rows, 0) != 0) {
        id_format('Z', db_id(&rows, 0), saved_text(memory, "alert", strlen("alert")));
    }
}

void full_open(World *world)
{
    static Memory memory;
    memory = (Memory){0};
    world_open(world, "CNY", "2025-06-02");
    users_make(world);
    world_begin_kept(world, 1);
    for (size_t i = 0; i < COUNT(steps); i++) {
        const Step *step = &steps[i];
        world_days(world, step->days);
        alert_save(world, &memory);
        json_t *members = members_of(&memory, world->place.arena, step->members);
        char key[24];
        (void)snprintf(key, sizeof key, "step-%zu", i);
        const json_t *answer = world_do_key(world, step->as, step->operation, members, key);
        if (world->code[0] != '\0') {
            printf("# step %zu: %s %s: %s %s\n", i, step->operation, step->members, world->code,
                world_text(answer, "detail"));
            (void)fflush(stdout);
            ASSERT(false);
        }
        answer_save(&memory, step->saves, answer);
    }
    world_end_kept(world);
}
