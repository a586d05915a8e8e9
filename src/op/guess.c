/* A table of fixed size, each text at one place: a later one takes the place over. */
#include "op/guess.h"

#include <pthread.h>

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

/* FNV-1a. Two texts of one hash are a wrong guess. */
static uint64_t text_add(uint64_t hash, const char *text)
{
    do {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    } while (*text++ != '\0');
    return hash;
}

static uint64_t hash_of(const char *kind, const char *text)
{
    return text_add(text_add(UINT64_C(14695981039346656037), kind), text) | 1;
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
