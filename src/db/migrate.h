/* The migrations embedded in the program, from src/db/migrations/NNNN_name.sql by tools/embed. */
#ifndef GUANXI_DB_MIGRATE_H
#define GUANXI_DB_MIGRATE_H

typedef struct Migration {
    int number;
    const char *name; /* "0001_base" */
    const char *text;
} Migration;

/* Ascending by number; one zeroed entry after the last. */
extern const Migration migrations[];
extern const int migrations_count;

#endif
