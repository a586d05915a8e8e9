/* A disk that fails when told to, for tests. It is compiled always and does nothing unless the
 * environment asks for it, so that what is tested is the program that is shipped; who can set the
 * environment of a process can stop it anyway.
 *
 * GUANXI_FAULT=op:n:kind
 *   op    read, write, sync, truncate
 *   n     the n-th of these, counted over all files of the process
 *   kind  full (no room), io (error), short (half of it, then an error), kill (the process ends),
 *         torn (half of it, then the process ends)
 * A + behind it: that one and all after it. Whatever follows a # is a mere name: each text has a
 * count of its own. */
#ifndef GUANXI_DB_SQLITE_FAULT_H
#define GUANXI_DB_SQLITE_FAULT_H

/* The name of the file layer to open databases with; NULL, the usual one, when no fault is asked
 * for. */
const char *fault_layer_name(void);

#endif
