/* A database in a folder of its own, for C tests. */
#include "support/database.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "support/unit.h"

#include <dirent.h>
#include <unistd.h>

enum { PLACE_ARENA_BYTES = 16 * 1024 * 1024 };

/* In memory where there is such a folder: the tests sync thousands of times. */
static const char *folder_base(void)
{
    const char *base = getenv("TMPDIR");
    if (base != NULL && strlen(base) <= 30) {
        return base;
    }
    return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

void place_make(Place *place)
{
    crypto_start();
    *place = (Place){.arena = arena_new(PLACE_ARENA_BYTES)};
    (void)snprintf(place->folder, sizeof(place->folder), "%s/guanxi-test-XXXXXX", folder_base());
    ASSERT(mkdtemp(place->folder) != NULL);
    const char *server = getenv("GUANXI_TEST_PG");
    if (server == NULL) {
        (void)snprintf(place->path, sizeof(place->path), "%s/data.db", place->folder);
    } else {
        unsigned char random[8];
        char text[2 * sizeof random + 1];
        crypto_random(random, sizeof random);
        crypto_hex(random, sizeof random, text);
        int length = snprintf(place->path, sizeof(place->path), "%s&schema=test_%s", server, text);
        ASSERT(length > 0 && (size_t)length < sizeof place->path);
    }
    place->cx = (Ctx){.arena = place->arena, .now_ms = INT64_C(1795000000000)};
}

const char *place_path(Place *place, const char *name)
{
    return arena_printf(place->arena, "%s/%s", place->folder, name);
}

static int name_order(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

const char *place_names(Place *place)
{
    struct dirent **entries = NULL;
    int count = scandir(place->folder, &entries, NULL, name_order);
    Buf names = buf_in(place->arena);
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            buf_printf(&names, "%s%s", names.length == 0 ? "" : " ", entries[i]->d_name);
        }
        free(entries[i]);
    }
    free(entries);
    return buf_text(&names);
}

static void folder_remove(const char *folder)
{
    DIR *dir = opendir(folder);
    ASSERT(dir != NULL);
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char path[512];
        (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        (void)unlink(path);
        (void)rmdir(path);
    }
    (void)closedir(dir);
    (void)rmdir(folder);
}

void place_drop(Place *place)
{
    db_close(place->cx.db);
    place->cx.db = NULL;
    if (!db_is_file(place->path)) {
        driver_postgres.discard(&place->cx, place->path);
    }
    folder_remove(place->folder);
    arena_free(place->arena);
}

int place_teardown(void **state)
{
    place_drop(*state);
    return 0;
}

void place_ok(Ctx *cx, Err err)
{
    if (err != ERR_OK) {
        fail_msg("%s: %s", err_name(err), cx->err.detail);
    }
}

Err place_found(Place *place, const History *history)
{
    Ctx *cx = &place->cx;
    History own = history_own();
    const History *meant = history == NULL ? &own : history;
    Db *made = NULL;
    TRY(db_make_with(cx, place->path, meant, &made));
    TRY(db_publish(cx, made));
    return place_open(place, meant, (DbOptions){.mode = DB_WRITE});
}

Err place_open(Place *place, const History *history, DbOptions options)
{
    return db_open_with(&place->cx, place->path, &options, history, &place->cx.db);
}
