/* The layer that files are opened through: SQLite's own, with two kinds of write made better; see
 * layer.c. */
#ifndef GUANXI_DB_SQLITE_LAYER_H
#define GUANXI_DB_SQLITE_LAYER_H

#include <sqlite3.h>

/* What a savepoint may have to put back is kept in memory up to here: an import of 500 invoices of
 * an account changes some 1,500 pages. What once went to a file goes there to the end of the
 * transaction. */
enum { SAVEPOINT_BYTES = 8 * 1024 * 1024 };

/* Gives savepoints their memory; see memory.c. Before anything else is asked of SQLite; later calls
 * change nothing. */
void memory_register(void);

/* Makes it the one by default. Any number of times. */
void layer_register(void);
/* Another one of that name over `real`, both of which live as long as the process. */
void layer_put_over(const char *name, sqlite3_vfs *real);
/* What the one by default lies over. */
sqlite3_vfs *layer_real(void);

#endif
