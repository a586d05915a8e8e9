/* PostgreSQL: statements, their parameters and rows. */
#include "db/postgres/postgres.h"

#include "base/log.h"

#include <string.h>

/* Of the wire's types. */
enum {
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_NAME = 19,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_DATE = 1082,
    FORMAT_BINARY = 1,
    DATE_2000 = 730120, /* the day that dates are counted from on the wire */
};

typedef struct PgStatement {
    Statement statement;
    const Sql *sql;
    const char *name; /* NULL: not kept by the server */
    int count;        /* of parameters */
    Oid *types;
    const char **values;
    int *lengths;
    int *formats;
    unsigned char (*numbers)[8]; /* those that are no text */
    bool is_misfit;              /* the server has it, and describes other columns */
} PgStatement;

static PgStatement *of(Statement *statement)
{
    return (PgStatement *)statement;
}

/* ---- Statements ---- */

static NORETURN void statement_bug(const Sql *sql, const char *what)
{
    log_line(LOG_ERROR, "%s: %s", what, sql->text);
    assert_fail(what, __FILE__, __LINE__);
}

static Oid type_of(char letter)
{
    switch (letter) {
    case 't':
        return TYPE_TEXT;
    case 'd':
        return TYPE_DATE;
    case 'b':
        return TYPE_BOOL;
    case 'x':
        return TYPE_BYTEA;
    default:
        return TYPE_INT8;
    }
}

static bool type_fits(char declared, Oid type)
{
    bool is_integer = declared == 'i' || declared == 'k';
    return type == type_of(declared) || (is_integer && (type == TYPE_INT4 || type == TYPE_INT2)) ||
           (declared == 't' && type == TYPE_NAME);
}

static PgStatement *statement_make(PgLink *link, Arena *arena, const Sql *sql)
{
    PgStatement *made = arena_alloc(arena, sizeof *made);
    size_t count = strlen(sql->in);
    *made = (PgStatement){.statement = {.link = &link->link, .columns = strlen(sql->out)},
        .sql = sql,
        .count = (int)count,
        .types = arena_array(arena, count, sizeof *made->types),
        .values = arena_array(arena, count, sizeof *made->values),
        .lengths = arena_array(arena, count, sizeof *made->lengths),
        .formats = arena_array(arena, count, sizeof *made->formats),
        .numbers = arena_array(arena, count, sizeof *made->numbers)};
    for (size_t i = 0; i < count; i++) {
        made->types[i] = type_of(sql->in[i]);
        made->formats[i] = FORMAT_BINARY;
    }
    return made;
}

/* What the server describes or sends must be what the statement declares. A column's type may have
 * been changed since the schema was looked at. */
static Fault description_check(const PgStatement *made, const PGresult *described)
{
    if ((size_t)PQnfields(described) != made->statement.columns) {
        log_line(LOG_ERROR, "%d columns where %zu are declared; in: %s", PQnfields(described),
            made->statement.columns, made->sql->text);
        return FAULT_DAMAGED;
    }
    for (int column = 0; column < PQnfields(described); column++) {
        if (!type_fits(made->sql->out[column], PQftype(described, column))) {
            log_line(LOG_ERROR, "column %d is declared '%c' but is of type %u; in: %s", column + 1,
                made->sql->out[column], PQftype(described, column), made->sql->text);
            return FAULT_DAMAGED;
        }
    }
    return FAULT_NONE;
}

static Fault described_read(PgLink *link, PgStatement *made)
{
    Fault fault = FAULT_NONE;
    for (PGresult *result; (result = pg_result_next(link)) != NULL;) {
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_COMMAND_OK) {
            fault = description_check(made, result);
            made->is_misfit = fault != FAULT_NONE;
        } else if (status != PGRES_PIPELINE_ABORTED) {
            fault = pg_result_fault(link, result, made->sql->text);
        }
        PQclear(result);
        if (PQstatus(link->connection) == CONNECTION_BAD) {
            return pg_gone(link, made->sql->text);
        }
    }
    return fault;
}

/* In one turn with what was sent before. */
static Fault prepare_and_describe(PgLink *link, PgStatement *made)
{
    PGconn *connection = link->connection;
    bool is_sent =
        PQsendPrepare(connection, made->name, made->sql->text, made->count, made->types) == 1 &&
        PQsendDescribePrepared(connection, made->name) == 1 && PQpipelineSync(connection) == 1;
    if (!is_sent) {
        return pg_gone(link, made->sql->text);
    }
    Fault fault = pg_sent_read(link);
    if (!link->is_gone) {
        fault = pg_both(fault, pg_command_read(link, made->sql->text));
    }
    if (!link->is_gone) {
        fault = pg_both(fault, described_read(link, made));
    }
    return pg_both(fault, link->is_gone ? FAULT_GONE : pg_sync_read(link));
}

Fault pg_prepare(Link *link, Arena *arena, const Sql *sql, Statement **ret_statement)
{
    PgLink *preparing = pg_link(link);
    ASSERT(!preparing->is_asking);
    if (preparing->is_pooled) {
        return pg_prepare_once(link, arena, sql, ret_statement);
    }
    Fault fault = pg_pipeline_enter(preparing);
    if (fault != FAULT_NONE) {
        return fault;
    }
    PgStatement *made = statement_make(preparing, arena, sql);
    made->name = arena_printf(arena, "g%u", ++preparing->statements);
    fault = prepare_and_describe(preparing, made);
    if (made->is_misfit) {
        pg_finish(&made->statement);
    }
    *ret_statement = &made->statement;
    return fault;
}

Fault pg_prepare_once(Link *link, Arena *arena, const Sql *sql, Statement **ret_statement)
{
    *ret_statement = &statement_make(pg_link(link), arena, sql)->statement;
    return FAULT_NONE;
}

/* ---- Parameters ---- */

static void big_endian(uint64_t value, unsigned char *bytes, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        bytes[i] = (unsigned char)(value & 0xff);
        value >>= 8;
    }
}

static uint64_t big_endian_read(const char *bytes, int count)
{
    uint64_t value = 0;
    for (int i = 0; i < count; i++) {
        value = value << 8 | (unsigned char)bytes[i];
    }
    return value;
}

static void number_bind(PgStatement *s, size_t at, int64_t value, int size)
{
    big_endian((uint64_t)value, s->numbers[at], size);
    s->values[at] = (const char *)s->numbers[at];
    s->lengths[at] = size;
}

Fault pg_bind(Statement *statement, size_t number, const Arg *arg)
{
    PgStatement *s = of(statement);
    size_t at = number - 1;
    switch (arg->type) {
    case '0':
        s->values[at] = NULL;
        s->lengths[at] = 0;
        break;
    case 't':
    case 'x':
        s->values[at] = arg->n == 0 ? "" : arg->p;
        s->lengths[at] = (int)arg->n;
        break;
    case 'd':
        number_bind(s, at, arg->i - DATE_2000, 4);
        break;
    case 'b':
        number_bind(s, at, arg->i, 1);
        break;
    default:
        number_bind(s, at, arg->i, 8);
        break;
    }
    return FAULT_NONE;
}

static Fault statement_send(PgLink *link, const PgStatement *s)
{
    Fault fault = pg_pipeline_enter(link);
    if (fault != FAULT_NONE) {
        return fault;
    }
    int is_sent = s->name != NULL ? PQsendQueryPrepared(link->connection, s->name, s->count,
                                        s->values, s->lengths, s->formats, FORMAT_BINARY)
                                  : PQsendQueryParams(link->connection, s->sql->text, s->count,
                                        s->types, s->values, s->lengths, s->formats, FORMAT_BINARY);
    return is_sent == 1 ? FAULT_NONE : pg_gone(link, s->sql->text);
}

/* ---- Rows ---- */

static int64_t number_read(const char *value, int size)
{
    uint64_t bits = big_endian_read(value, size);
    return size == 8   ? (int64_t)bits
           : size == 4 ? (int64_t)(int32_t)(uint32_t)bits
                       : (int64_t)(int16_t)(uint16_t)bits;
}

/* at: the row, counted from 0. */
static Fault cell_read(
    const PgStatement *s, const PGresult *row, int at, int column, Cell *ret_cell)
{
    char declared = s->sql->out[column];
    *ret_cell = (Cell){.is_null = PQgetisnull(row, at, column) != 0};
    if (ret_cell->is_null) {
        return FAULT_NONE;
    }
    const char *value = PQgetvalue(row, at, column);
    int size = PQgetlength(row, at, column);
    if (declared == 't' || declared == 'x') {
        ret_cell->p = value;
        ret_cell->n = (size_t)size;
        return FAULT_NONE;
    }
    if (declared == 'b') {
        ret_cell->i = value[0] != 0;
        return FAULT_NONE;
    }
    ret_cell->i = number_read(value, size);
    if (declared == 'd') {
        ret_cell->i += DATE_2000;
        if (ret_cell->i < 1 || ret_cell->i > DATE_STORED_MAX) {
            log_line(LOG_ERROR, "column %d holds no date of the calendar; in: %s", column + 1,
                s->sql->text);
            return FAULT_DAMAGED;
        }
    }
    if (declared == 'k' && ret_cell->i < 0) {
        log_line(LOG_ERROR, "column %d holds no id; in: %s", column + 1, s->sql->text);
        return FAULT_DAMAGED;
    }
    return FAULT_NONE;
}

static Fault row_read(const PgStatement *s, const PGresult *row, int at, Cell *cells)
{
    Fault fault = description_check(s, row);
    for (size_t column = 0; column < s->statement.columns && fault == FAULT_NONE; column++) {
        fault = cell_read(s, row, at, (int)column, &cells[column]);
    }
    return fault;
}

static void row_drop(PgLink *link)
{
    PQclear(link->row);
    link->row = NULL;
}

/* Reads to the end of what is being asked. */
static Fault ask_end(PgLink *link, const PgStatement *s, Fault fault)
{
    row_drop(link);
    link->is_asking = false;
    if (!link->is_gone) {
        fault = pg_both(fault, pg_command_read(link, s->sql->text));
    }
    return pg_both(fault, link->is_gone ? FAULT_GONE : pg_sync_read(link));
}

/* Outside of a transaction, what goes up to the point of synchronisation is one. */
static Fault ask_send(PgLink *link, const PgStatement *s)
{
    Fault fault = pg_pipeline_enter(link);
    if (fault == FAULT_NONE && link->is_pooled && !link->in_transaction) {
        fault = pg_word_send(link, link->settings);
    }
    return fault == FAULT_NONE ? statement_send(link, s) : fault;
}

static Fault ask_begin(PgLink *link, const PgStatement *s)
{
    Fault fault = ask_send(link, s);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (PQpipelineSync(link->connection) != 1) {
        return pg_gone(link, s->sql->text);
    }
    link->is_asking = true;
    fault = pg_sent_read(link);
    if (fault != FAULT_NONE) {
        return ask_end(link, s, fault);
    }
    (void)PQsetSingleRowMode(link->connection);
    return FAULT_NONE;
}

/* A write outside of a transaction would be stored on its own, whatever becomes of the rest. */
static void write_check(const PgLink *link, const PgStatement *s)
{
    if (link->mode == DB_WRITE && !link->in_transaction &&
        strncmp(s->sql->text, "SELECT", 6) != 0 && strncmp(s->sql->text, "WITH", 4) != 0) {
        statement_bug(s->sql, "a transaction around a write");
    }
}

Fault pg_step(Statement *statement, Cell *cells, bool *ret_has_row)
{
    const PgStatement *s = of(statement);
    PgLink *link = pg_link(statement->link);
    *ret_has_row = false;
    if (!link->is_asking) {
        write_check(link, s);
        Fault begun = ask_begin(link, s);
        if (begun != FAULT_NONE) {
            return begun;
        }
    }
    row_drop(link);
    link->row = pg_result_next(link);
    if (link->row == NULL) {
        return PQstatus(link->connection) == CONNECTION_BAD ? pg_gone(link, s->sql->text)
                                                            : FAULT_BUG;
    }
    Fault fault = pg_result_fault(link, link->row, s->sql->text);
    if (fault != FAULT_NONE || PQresultStatus(link->row) != PGRES_SINGLE_TUPLE) {
        return ask_end(link, s, fault);
    }
    *ret_has_row = true;
    return row_read(s, link->row, 0, cells);
}

Fault pg_expect(Statement *statement, int *ret_ticket)
{
    PgLink *link = pg_link(statement->link);
    ASSERT(!link->is_asking);
    *ret_ticket = -1;
    /* Outside of a transaction each question would be one of its own. */
    if (link->ahead_count == AHEAD_MAX || !link->in_transaction) {
        return FAULT_NONE;
    }
    Fault fault = statement_send(link, of(statement));
    if (fault == FAULT_NONE) {
        *ret_ticket = link->ahead_count;
        link->ahead[link->ahead_count++] = (PgAhead){.number = link->read + (uint64_t)link->sent};
        link->sent++;
    }
    return fault;
}

Fault pg_expected_step(Statement *statement, int ticket, Cell *cells, bool *ret_has_row)
{
    PgLink *link = pg_link(statement->link);
    ASSERT(ticket < link->ahead_count);
    PgAhead *ahead = &link->ahead[ticket];
    *ret_has_row = false;
    if (ahead->number >= link->read) {
        Fault fault = pg_settle(statement->link);
        if (fault != FAULT_NONE) {
            return fault;
        }
    }
    if (ahead->result == NULL) {
        return link->is_gone ? FAULT_GONE
                             : FAULT_BUG; /* something failed before it, and was told */
    }
    if (ahead->row == PQntuples(ahead->result)) {
        ahead->row = 0; /* it may be asked again */
        return FAULT_NONE;
    }
    *ret_has_row = true;
    return row_read(of(statement), ahead->result, ahead->row++, cells);
}

Fault pg_send(Statement *statement)
{
    PgLink *link = pg_link(statement->link);
    ASSERT(!link->is_asking);
    Fault fault = statement_send(link, of(statement));
    if (fault == FAULT_NONE) {
        link->sent++;
    }
    return fault;
}

void pg_reset(Statement *statement)
{
    PgLink *link = pg_link(statement->link);
    if (link->is_asking) {
        (void)ask_end(link, of(statement), FAULT_NONE);
    }
    row_drop(link);
}

void pg_finish(Statement *statement)
{
    const PgStatement *s = of(statement);
    PgLink *link = pg_link(statement->link);
    if (s->name == NULL || link->is_gone || pg_pipeline_enter(link) != FAULT_NONE) {
        return;
    }
    char text[32];
    (void)snprintf(text, sizeof text, "DEALLOCATE %s", s->name);
    (void)pg_word_send(link, text);
}
