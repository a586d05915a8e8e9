/* A table of fixed size, each text at one place: a later one takes the place over. */
#include "op/guess.h"

#include "base/fnv.h"

#include <pthread.h>
#include <string.h>

enum { PLACES = 64 * 1024 };

typedef struct Guess {
    uint64_t text; /* a hash of kind and text; 0: nothing is here */
    Id id;
    Id account_id;
    Id partner_id;
} Guess;

struct Guesses {
    pthread_mutex_t mutex;
    Guess places[PLACES];
};

Guesses *guesses_start(Arena *arena)
{
    Guesses *guesses = arena_alloc(arena, sizeof *guesses);
    pthread_mutex_init(&guesses->mutex, NULL);
    return guesses;
}

void guesses_stop(Guesses *guesses)
{
    pthread_mutex_destroy(&guesses->mutex);
}

/* Two texts of one hash are a wrong guess. The end of the kind counts, so that they stay apart. */
static uint64_t hash_of(const char *kind, const char *text)
{
    return fnv_add(fnv_add(FNV_START, kind, strlen(kind) + 1), text, strlen(text)) | 1;
}

static Guess *place_of(Guesses *guesses, uint64_t hash)
{
    return &guesses->places[(hash >> 32) % PLACES];
}

void guesses_note(Guesses *guesses, const char *kind, const char *text, const Ref *found)
{
    Guess guess = {.text = hash_of(kind, text),
        .id = found->id,
        .account_id = found->account_id,
        .partner_id = found->partner_id};
    pthread_mutex_lock(&guesses->mutex);
    *place_of(guesses, guess.text) = guess;
    pthread_mutex_unlock(&guesses->mutex);
}

bool guesses_find(Guesses *guesses, const RefUses *refs, Ref *ret_refs)
{
    bool is_found = true;
    pthread_mutex_lock(&guesses->mutex);
    for (size_t i = 0; i < refs->count && is_found; i++) {
        const RefUse *use = &refs->items[i];
        uint64_t hash = hash_of(use->kind, use->ref->text);
        const Guess *guess = place_of(guesses, hash);
        is_found = guess->text == hash;
        ret_refs[i] = (Ref){
            .id = guess->id, .account_id = guess->account_id, .partner_id = guess->partner_id};
    }
    pthread_mutex_unlock(&guesses->mutex);
    return is_found;
}
