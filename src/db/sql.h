/* Expands the tokens of statements and migrations for one engine. */
#ifndef GUANXI_DB_SQL_H
#define GUANXI_DB_SQL_H

#include "db/driver.h"

/* A statement as the engine gets it. The parameters after the caller's are the sight's: user,
 * partner. */
typedef struct Expanded {
    Sql sql;
    bool has_sight;
} Expanded;

/* Writes {lock}, {by_id}, {day_after column} and its like, and {visible:alias} out. An unknown
 * token, a parameter that `in` does not declare and one that the text does not use end the process:
 * they are bugs of the statement. sees_all: it is for one call of who sees everything, and asks no
 * sight, so that a table which is joined for it alone need not be read. */
Expanded sql_expand(Arena *arena, const Sql *sql, Engine engine, bool sees_all);

/* The part of a migration for this engine, its tokens written out.
 *
 * A line `-- sqlite` or `-- postgres` begins a part for that engine alone, `-- both` ends it.
 * Tokens:
 *   id {key}                     the primary key, a 64-bit integer
 *   partner_id {ref partner}     an id of that table, with the foreign key
 *   id {akey} … {account_key}    the key of rows that belong to an account; the second one stands
 *                                behind the columns
 *   (a, b{account})              the same within the columns of another key
 *   order_id {aref sales_order}  an id of such a table, within the same account
 *   x {id}, x {i64}              64-bit integer
 *   x {text}                     text, compared byte by byte
 *   x {bytes}
 *   is_x {bool}                  TRUE and FALSE are understood by both engines
 *   x_on {date}
 * The column's name stands right before {bool} and {date}, because one engine checks it by name.
 * Anything else in braces is left as it is. A table whose text ends in `);` is STRICT in SQLite. */
const char *sql_expand_migration(Arena *arena, const char *text, Engine engine);

#endif
