/* The demonstration is two things at once: the play, which makes three years of trade with 200
 * distributors out of a seed, and the story of demo/story.ndjson, which happens in the third of
 * them. The story is run as a journal, expectations included; before each of its days the play is
 * brought up to that day. */
#include "edge/demo/demo.h"

#include "edge/cli.h"
#include "edge/demo/cast.h"
#include "edge/journal.h"
#include "op/run.h"

#include <inttypes.h>
#include <string.h>

/* 2023-01-02 to 2025-12-31. */
static const DateParts first_day = {2023, 1, 2};
static const DateParts last_day = {2025, 12, 31};

/* ---- The site that the journal runs at ---- */

typedef struct StorySite {
    Site site;
    Site *under;
    Play *play;
    const char *next; /* of the story's text */
    Date on;          /* the story's day */
    Date next_on;
    Buf line;
} StorySite;

static StorySite *story_of(const Site *site)
{
    return (StorySite *)(uintptr_t)site;
}

/* The date that the line at `text` gives; the one before it when it gives none. A line names its
 * date as `"on": "` in its first members, before what it asks. */
static Date line_date(Arena *arena, const char *text, Date before)
{
    static const char mark[] = "\"on\": \"";
    const char *end = strchrnul(text, '\n');
    const char *found = memmem(text, (size_t)(end - text), mark, sizeof mark - 1);
    const char *input = memmem(text, (size_t)(end - text), "\"in\": ", 6);
    if (found == NULL || input == NULL || found > input) {
        return before;
    }
    const char *day = arena_copy(arena, found + sizeof mark - 1, DATE_TEXT_SIZE - 1);
    Date on;
    return date_parse(day, &on) ? on : before;
}

/* Plays until the day has been played. */
static Err play_until(Ctx *cx, StorySite *story, Date until)
{
    story->play->until = until;
    while (story->play->today <= until) {
        TRY(site_write(cx, story->under, play_days, story->play));
    }
    return ERR_OK;
}

static Err story_line(Ctx *cx, Site *site, const char **ret_line, size_t *ret_length)
{
    StorySite *story = story_of(site);
    if (*story->next == '\0') {
        *ret_line = NULL;
        *ret_length = 0;
        return ERR_OK;
    }
    story->on = story->next_on;
    TRY(play_until(cx, story, story->on - 1));
    const char *end = strchrnul(story->next, '\n');
    story->line.length = 0;
    buf_add(&story->line, story->next, (size_t)(end - story->next));
    story->next = *end == '\0' ? end : end + 1;
    story->next_on = line_date(story->play->arena, story->next, story->on);
    *ret_line = buf_text(&story->line);
    *ret_length = story->line.length;
    return ERR_OK;
}

/* A day of the story is a slice of its own: the play has its turn between two of them. */
static bool story_has_line(Site *site)
{
    const StorySite *story = story_of(site);
    return *story->next == '\0' || story->next_on == story->on;
}

/* The journal's closing line is not ours to say. */
static void story_say(Site *site, SiteStream stream, const char *text, size_t length)
{
    if (stream == SITE_ERR) {
        site_say_text(story_of(site)->under, stream, text, length);
    }
}

static const char *story_option(const Site *site, const char *name)
{
    (void)site;
    (void)name;
    return NULL;
}

static Err story_work(Ctx *cx, Site *site, bool is_write, SiteWork work, void *user)
{
    Site *under = story_of(site)->under;
    return is_write ? site_write(cx, under, work, user) : site_read(cx, under, work, user);
}

static Err story_run(Ctx *cx, Site *under, Play *play, int *ret_exit)
{
    const SiteKind kind = {story_line, story_has_line, story_say, story_option, story_work,
        under->kind->slice_max, false, under->kind->is_shared, under->kind->is_alone};
    StorySite story = {
        .site = {&kind},
        .under = under,
        .play = play,
        .next = demo_story,
        .line = buf_in(play->arena),
    };
    story.next_on = line_date(play->arena, story.next, play->first);
    TRY(journal_site.run(cx, &story.site, ret_exit));
    if (*ret_exit != 0) {
        return err_set(cx, ERR_STATE, NULL, "The story went another way than it expects.");
    }
    return play_until(cx, &story, play->last);
}

/* ---- What must not be there yet ---- */

typedef struct Listing {
    const char *operation;
    bool is_empty;
} Listing;

static Err listing_read(Ctx *cx, void *user)
{
    Listing *listing = user;
    CLEANUP(json_value_free) json_t *in = json_pack("{s:i}", "limit", 1);
    Reply reply = {0};
    run_call_again(cx, &(Call){.op = op_by_name(listing->operation), .members = in}, &reply);
    if (cx->err.code != ERR_OK) {
        return cx->err.code;
    }
    CLEANUP(json_value_free) json_t *document = json_loads(reply.body, 0, NULL);
    listing->is_empty = json_array_size(json_object_get(document, "items")) == 0;
    return ERR_OK;
}

typedef struct House {
    bool is_solo;
    bool is_home_cny;
} House;

static Err house_read(Ctx *cx, void *user)
{
    House *house = user;
    CLEANUP(json_value_free) json_t *in = json_object();
    Reply reply = {0};
    run_call_again(cx, &(Call){.op = op_by_name("org_get"), .members = in}, &reply);
    if (cx->err.code != ERR_OK) {
        return cx->err.code;
    }
    CLEANUP(json_value_free) json_t *document = json_loads(reply.body, 0, NULL);
    const char *currency = play_text(document, "currency");
    house->is_solo = json_is_true(json_object_get(document, "is_solo"));
    house->is_home_cny = currency[0] == '\0' || strcmp(currency, "CNY") == 0;
    return ERR_OK;
}

static Err empty_check(Ctx *cx, Site *site)
{
    static const char *const lists[] = {
        "user_list", "territory_list", "product_list", "partner_list", "account_list"};
    for (size_t i = 0; i < COUNT(lists); i++) {
        Listing listing = {.operation = lists[i]};
        TRY(site_read(cx, site, listing_read, &listing));
        if (!listing.is_empty) {
            return err_set(cx, ERR_STATE, NULL,
                "The demonstration fills an empty database, and this one is in use; make another "
                "with `guanxi --db FILE init --currency CNY`.");
        }
    }
    House house = {0};
    TRY(site_read(cx, site, house_read, &house));
    if (house.is_solo || !house.is_home_cny) {
        return err_set(cx, ERR_STATE, NULL,
            "The demonstration is of a firm of many that reckons in CNY; make a database with "
            "`guanxi --db FILE init --currency CNY`.");
    }
    return ERR_OK;
}

/* ---- The command ---- */

static void played_say(Ctx *cx, Site *site, const Play *play, int64_t took_us)
{
    enum { MS = 1000, SECOND = 1000 * MS };
    char last[DATE_TEXT_SIZE];
    date_format(play->last, last);
    if (site_option(site, "json") != NULL) {
        site_say(cx, site, SITE_OUT,
            "{\"last_day\":\"%s\",\"distributors\":%zu,\"orders\":%zu,\"ms\":%" PRId64
            ",\"password\":\"%s\"}",
            last, play->outlet_count, play->deal_count, took_us / MS, CAST_PASSWORD);
        return;
    }
    site_say(cx, site, SITE_OUT,
        "%zu distributors and %zu orders up to %s in %" PRId64 ".%" PRId64 " s", play->outlet_count,
        play->deal_count, last, took_us / SECOND, took_us % SECOND / (SECOND / 10));
    site_say(cx, site, SITE_OUT,
        "Everybody signs in with the password: %s\n"
        "  chen   credit controller of the story (Zhejiang)   song   credit controller\n"
        "  gao    sales director of the story                 ma     sales manager, north\n"
        "  zhao   sales manager, owner of its relations       wang   sales, Shandong alone\n"
        "  xu     order desk of the story                     fan    order desk, north\n"
        "  sun    finance of the story                        deng   finance\n"
        "  he     collections of the story                    cao    collections\n"
        "  lin    administrator of the story                  peng   administrator",
        CAST_PASSWORD);
}

static Err demo_at_site(Ctx *cx, Site *site, int *ret_exit)
{
    enum { ARENA_BYTES = 64 * 1024 * 1024, BATCH_CALLS = 512 };
    TRY(empty_check(cx, site));
    Date first = DATE_NONE;
    Date last = DATE_NONE;
    bool is_day = date_from_parts(first_day, &first) && date_from_parts(last_day, &last);
    ASSERT(is_day);
    int64_t started_us = os_monotonic_us();
    CLEANUP(arena_free_at) Arena *arena = arena_new(ARENA_BYTES);
    Play *play = play_new(arena, first, last);
    play->batch_calls =
        site->kind->slice_max < BATCH_CALLS ? (int64_t)site->kind->slice_max : BATCH_CALLS;
    cast_plan(play);
    care_plan(play);
    TRY(story_run(cx, site, play, ret_exit));
    played_say(cx, site, play, os_monotonic_us() - started_us);
    return ERR_OK;
}

const SiteCommand demo_site = {"demo", demo_at_site};

Err cli_demo(Cli *cli, int *ret_exit)
{
    return cli_errand(cli, &(Errand){.command = &demo_site, .is_write = true}, ret_exit);
}
