/* Lets SQLite keep much of what a savepoint may put back in memory; see spill.c. */
#ifndef GUANXI_DB_SQLITE_SPILL_H
#define GUANXI_DB_SQLITE_SPILL_H

/* Makes it the layer that files are opened through by default. Any number of times. */
void spill_layer_register(void);

#endif
