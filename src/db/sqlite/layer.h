/* The layer that files are opened through: SQLite's own, with two kinds of write made better; see
 * layer.c. */
#ifndef GUANXI_DB_SQLITE_LAYER_H
#define GUANXI_DB_SQLITE_LAYER_H

#include <sqlite3.h>

/* Makes it the one by default. Any number of times. */
void layer_register(void);
/* Another one of that name over `real`, both of which live as long as the process. */
void layer_put_over(const char *name, sqlite3_vfs *real);
/* What the one by default lies over. */
sqlite3_vfs *layer_real(void);

#endif
