/* What the connections of one server keep together. */
#include "db/port.h"

#include <pthread.h>

struct DbCommon {
    pthread_mutex_t mutex; /* held from take to give */
    void *value;
    void (*release)(void *value);
};

DbCommon *db_common_new(Arena *arena)
{
    DbCommon *common = arena_alloc(arena, sizeof *common);
    pthread_mutex_init(&common->mutex, NULL);
    return common;
}

void db_common_end(DbCommon *common)
{
    if (common->value != NULL) {
        common->release(common->value);
    }
    pthread_mutex_destroy(&common->mutex);
}

void *db_common_take(const Db *db, void *(*make)(void), void (*release)(void *value))
{
    DbCommon *common = db->common;
    if (common == NULL) {
        return NULL;
    }
    pthread_mutex_lock(&common->mutex);
    if (common->value == NULL) {
        common->value = make();
        common->release = release;
    }
    return common->value;
}

void db_common_give(const Db *db)
{
    pthread_mutex_unlock(&db->common->mutex);
}
