/* The lines of a journal, read and parsed in slices, one ahead of who runs them. */
#ifndef GUANXI_EDGE_JOURNAL_LINE_H
#define GUANXI_EDGE_JOURNAL_LINE_H

#include "base/date.h"
#include "base/limits.h"
#include "edge/site.h"
#include "op/run.h"

#include <jansson.h>

enum { SLICE_LINES = LIMIT_BATCH_WRITES };

typedef struct JournalLine {
    int64_t number;
    const Op *op;
    const char *as;
    Date on; /* DATE_NONE: the one before it */
    const char *key;
    json_t *root;
    json_t *in; /* the rest are borrowed from root */
    json_t *expect;
    json_t *named; /* root with what the names in it stand for, of this attempt */
    const json_t *save;
    bool is_note;   /* says something to the reader, and runs nothing */
    bool has_names; /* a "$name" may stand in it */
    Call call;
    const char *fault; /* why it cannot run; NULL: it can */
    bool is_system_fault;
} JournalLine;

typedef struct Slice {
    JournalLine lines[SLICE_LINES];
    size_t count;
    Arena *arena; /* what is said about the lines */
} Slice;

typedef struct JournalReader JournalReader;

/* `most`: lines of a slice. */
JournalReader *journal_reader_start(Arena *arena, Site *site, size_t most);
/* The next lines, none at the end. A slice ends early when the next line has not come yet. The
 * slice before is the reader's again. `cx` is for the site, where lines are not read ahead. */
Slice *journal_reader_next(Ctx *cx, JournalReader *reader);
void journal_reader_stop(JournalReader *reader);

/* "ERR_CODE field: sentence" */
const char *journal_refusal_text(Arena *arena, const Error *error);

#endif
