/* One line for the organisation's uuid and one for each of the last writes, all of one length, so
 * that a write overwrites one line and leaves the others alone. It is not synced: what the machine
 * itself forgets when it fails are the last lines, and then older ones are looked for. */
#include "op/fence.h"

#include "base/log.h"
#include "db/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 56, LINES = 1 + FENCE_IDS + FENCE_SAMPLES, FILE_MAX = LINE_SIZE * LINES };
enum { SAMPLE_US = 1000 * 1000 };

static const char organisation[] = "organisation ";

static const Sql sql_uuid = {"SELECT uuid FROM org WHERE id = 1", "", "t"};
static const Sql sql_is_there = {
    "SELECT EXISTS (SELECT 1 FROM audit WHERE account_id = $1 AND id = $2)", "ik", "b"};

/* ---- the file ---- */

static void line_write(const Fence *fence, size_t line, const char *text)
{
    char padded[LINE_SIZE + 1];
    if (fence->file.fd < 0) {
        return;
    }
    (void)snprintf(padded, sizeof padded, "%-*s\n", LINE_SIZE - 1, text);
    if (os_lock_put(&fence->file, padded, LINE_SIZE, (int64_t)line * LINE_SIZE) != OS_OK) {
        log_line(LOG_ERROR, "%s cannot be written: %s", fence->path, os_error_text());
    }
}

static void id_keep(FenceId *ring, size_t size, size_t *next, FenceId id)
{
    ring[*next] = id;
    *next = (*next + 1) % size;
}

static void id_read(Fence *fence, size_t number, const char *line)
{
    char *end = NULL;
    int64_t op_id = strtoll(line, &end, 10);
    int64_t account = *end == ' ' ? strtoll(end, NULL, 10) : -1;
    if (op_id <= 0 || account < 0) {
        return;
    }
    if (number <= FENCE_IDS) {
        id_keep(fence->ids, FENCE_IDS, &fence->next, (FenceId){op_id, account});
    } else {
        id_keep(fence->samples, FENCE_SAMPLES, &fence->next_sample, (FenceId){op_id, account});
    }
}

/* Numbers of writes are higher the later they were made, so the ring goes on behind the highest. */
static size_t ring_turn(const FenceId *ring, size_t size)
{
    size_t newest = 0;
    for (size_t i = 1; i < size; i++) {
        newest = ring[i].op_id > ring[newest].op_id ? i : newest;
    }
    return ring[newest].op_id == 0 ? 0 : (newest + 1) % size;
}

/* The first line is empty when there was no room for it, and then there was for others. */
static bool is_left_by_server(const char *text, size_t size)
{
    size_t title = sizeof organisation - 1;
    return size % LINE_SIZE == 0 &&
           (text[0] == '\0' || (strncmp(text, organisation, title) == 0 &&
                                   strcspn(text + title, " \n") < FENCE_UUID_MAX));
}

/* Where there is none it is taken from the database, as at the first start. */
static void uuid_read(Fence *fence, const char *text)
{
    const char *uuid = text + sizeof organisation - 1;
    if (text[0] != '\0') {
        memcpy(fence->uuid, uuid, strcspn(uuid, " \n"));
    }
}

static Err file_read(Ctx *cx, Fence *fence)
{
    char *text = NULL;
    size_t size = 0;
    if (os_file_read(cx->arena, fence->path, FILE_MAX, &text, &size) != OS_OK) {
        return err_set(cx, ERR_USAGE, "local-file", "%s: %s.", fence->path, os_error_text());
    }
    if (size == 0) {
        return ERR_OK;
    }
    if (!is_left_by_server(text, size)) {
        return err_set(cx, ERR_DB_DAMAGED, "local-file",
            "%s is not what a server left there. Name another --local-file.", fence->path);
    }
    uuid_read(fence, text);
    for (size_t line = 1; line * LINE_SIZE < size; line++) {
        id_read(fence, line, text + line * LINE_SIZE);
    }
    fence->next = ring_turn(fence->ids, FENCE_IDS);
    fence->next_sample = ring_turn(fence->samples, FENCE_SAMPLES);
    return ERR_OK;
}

Err fence_start(Ctx *cx, const char *path, Fence *fence)
{
    *fence = (Fence){.file = {.fd = -1}, .path = path};
    pthread_mutex_init(&fence->mutex, NULL);
    if (path == NULL) {
        return ERR_OK;
    }
    if (os_lock_take(path, &fence->file) != OS_OK) {
        fence->file.fd = -1;
        return err_set(cx, ERR_USAGE, "local-file", "%s: %s.", path, os_error_text());
    }
    return file_read(cx, fence);
}

void fence_end(Fence *fence)
{
    if (fence->file.fd >= 0) {
        os_lock_free(&fence->file);
    }
    pthread_mutex_destroy(&fence->mutex);
}

/* ---- what was answered ---- */

void fence_note(Fence *fence, Id op_id, Id account)
{
    char line[LINE_SIZE];
    (void)snprintf(line, sizeof line, "%lld %lld", (long long)op_id, (long long)account);
    pthread_mutex_lock(&fence->mutex);
    line_write(fence, 1 + fence->next, line);
    id_keep(fence->ids, FENCE_IDS, &fence->next, (FenceId){op_id, account});
    int64_t now_us = os_monotonic_us();
    if (now_us - fence->sampled_at_us >= SAMPLE_US) {
        fence->sampled_at_us = now_us;
        line_write(fence, 1 + FENCE_IDS + fence->next_sample, line);
        id_keep(fence->samples, FENCE_SAMPLES, &fence->next_sample, (FenceId){op_id, account});
    }
    pthread_mutex_unlock(&fence->mutex);
}

Err fence_check_uuid(Ctx *cx, Fence *fence)
{
    Rows rows;
    TRY(db_ask(cx, &sql_uuid, NO_ARGS, &rows));
    if (!db_next(&rows)) {
        return err_set(cx, ERR_DB_DAMAGED, NULL,
            "The database has no organisation: its row is missing. Restore the last backup.");
    }
    const char *uuid = db_text(&rows, 0);
    pthread_mutex_lock(&fence->mutex);
    if (fence->uuid[0] == '\0') {
        (void)snprintf(fence->uuid, sizeof fence->uuid, "%s", uuid);
        line_write(fence, 0, arena_printf(cx->arena, "%s%s", organisation, uuid));
    }
    bool is_same = strcmp(fence->uuid, uuid) == 0;
    pthread_mutex_unlock(&fence->mutex);
    if (is_same) {
        return ERR_OK;
    }
    return err_set(cx, ERR_STATE, NULL,
        "The database is that of another organisation now (%s, before %s). If that is meant, "
        "%s%s%s guanxi.",
        uuid, fence->uuid, fence->path == NULL ? "" : "remove ",
        fence->path == NULL ? "" : fence->path, fence->path == NULL ? "restart" : " and restart");
}

static Err lost(Ctx *cx, const Fence *fence)
{
    return err_set(cx, ERR_READ_ONLY, NULL,
        "Writes that were answered are not in the database any more: an older state of it came "
        "back. Nothing is written to it. Bring the right one back; or, to give up what was lost, "
        "%s%s%s guanxi.",
        fence->path == NULL ? "" : "remove ", fence->path == NULL ? "" : fence->path,
        fence->path == NULL ? "restart" : " and restart");
}

/* So many of the last ones, the newest first, and the samples. */
static Err ids_check(Ctx *cx, Fence *fence, size_t count)
{
    FenceId ids[FENCE_IDS + FENCE_SAMPLES];
    pthread_mutex_lock(&fence->mutex);
    for (size_t i = 0; i < count; i++) {
        ids[i] = fence->ids[(fence->next + FENCE_IDS - 1 - i) % FENCE_IDS];
    }
    memcpy(ids + count, fence->samples, sizeof fence->samples);
    pthread_mutex_unlock(&fence->mutex);
    for (size_t i = 0; i < count + FENCE_SAMPLES; i++) {
        if (ids[i].op_id == 0) {
            continue;
        }
        Rows rows;
        TRY(db_ask(cx, &sql_is_there, ARGS(arg_i64(ids[i].account), arg_id(ids[i].op_id)), &rows));
        if (!db_next(&rows) || !db_bool(&rows, 0)) {
            return lost(cx, fence);
        }
    }
    return ERR_OK;
}

Err fence_check(Ctx *cx, Fence *fence)
{
    TRY(fence_check_uuid(cx, fence));
    return ids_check(cx, fence, FENCE_IDS);
}

Err fence_check_few(Ctx *cx, Fence *fence)
{
    TRY(fence_check_uuid(cx, fence));
    return ids_check(cx, fence, 1);
}
