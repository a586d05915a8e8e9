/* Who may know whom: includes between the rooms, system headers with one owner, names that do not
 * belong. */
#include "tidy.h"

#include <string.h>
#include <strings.h>

/* ---- rooms */

typedef struct Room {
    const char *name;
    const char *sees; /* each between blanks */
} Room;

static const Room rooms[] = {
    {"base", " base "},
    {"rules", " base rules "},
    {"db", " base db "},
    {"op", " base db op "},
    {"feature", " base rules db op feature "},
    {"edge", " base op edge "},
};

static const Room *room_of(const char *path)
{
    for (size_t i = 0; i < COUNT(rooms); i++) {
        if (path_below(path, "src") && path_below(path + 4, rooms[i].name)) {
            return &rooms[i];
        }
    }
    return NULL;
}

typedef struct Include {
    const char *at; /* its line */
    char quote;     /* '"' or '<' */
    char name[128];
} Include;

/* The next #include from *from on. Names stand in raw, for code has them blanked. */
static bool include_next(const char **from, Include *ret_include)
{
    for (const char *line = *from; line != NULL; line = line_next(line)) {
        if (!line_starts(line, "#include ")) {
            continue;
        }
        size_t length = strcspn(line + 10, "\">\n");
        ASSERT(length < sizeof(ret_include->name));
        ret_include->at = line;
        ret_include->quote = line[9];
        memcpy(ret_include->name, line + 10, length);
        ret_include->name[length] = '\0';
        *from = line_next(line);
        return true;
    }
    return false;
}

static void check_include(Tidy *tidy, const Source *source)
{
    const Room *room = room_of(source->path);
    const char *from = source->is_c ? source->raw : NULL;
    Include include;
    while (include_next(&from, &include)) {
        if (include.quote != '"' || strcmp(include.name, "refusals.def") == 0) {
            continue;
        }
        size_t folder = strcspn(include.name, "/");
        if (include.name[folder] == '\0' || include.name[0] == '.') {
            tidy_report(tidy, source, include.at,
                "include \"%s\" with its folder, as \"base/arena.h\"", include.name);
            continue;
        }
        char seen[sizeof(include.name) + 2];
        seen[0] = ' ';
        memcpy(seen + 1, include.name, folder);
        seen[folder + 1] = ' ';
        seen[folder + 2] = '\0';
        if (room != NULL && strstr(room->sees, seen) == NULL) {
            tidy_report(tidy, source, include.at,
                "%s/ may see%sand nothing else; move what is needed down, or hand it in as data",
                room->name, room->sees);
        }
    }
}

static void check_own_header(Tidy *tidy, const Source *source)
{
    const Source *header = path_ends(source->path, ".c") ? header_of(tidy, source) : NULL;
    if (header == NULL) {
        return;
    }
    const char *from = source->raw;
    Include include;
    if (!include_next(&from, &include) || strcmp(include.name, header->path + 4) != 0) {
        tidy_report(tidy, source, NULL, "include \"%s\" first, so that it is known to stand alone",
            header->path + 4);
    }
}

static void check_owner(Tidy *tidy, const Source *source)
{
    static const struct {
        const char *header;
        const char *owner; /* file or folder */
    } owners[] = {
        {"sqlite3.h", "src/db/"},
        {"libpq-fe.h", "src/db/"},
        {"microhttpd.h", "src/edge/"},
        {"errno.h", "src/base/os.c"},
        {"sodium.h", "src/base/crypto.c"},
    };
    const char *from = source->is_c ? source->raw : NULL;
    Include include;
    while (include_next(&from, &include)) {
        for (size_t i = 0; i < COUNT(owners); i++) {
            if (strcmp(include.name, owners[i].header) == 0 &&
                !line_starts(source->path, owners[i].owner)) {
                tidy_report(tidy, source, include.at,
                    "<%s> belongs to %s alone; ask that for what is needed", owners[i].header,
                    owners[i].owner);
            }
        }
    }
}

/* ---- names */

/* The next identifier that has `part` in it, in any case. */
static const char *part_find(const char *code, const char *part)
{
    size_t length = strlen(part);
    for (const char *at = code; *at != '\0'; at++) {
        if (strncasecmp(at, part, length) == 0) {
            return at;
        }
    }
    return NULL;
}

static void check_http(Tidy *tidy, const Source *source)
{
    static const char *const parts[] = {"http", "MHD_"};
    for (size_t i = 0; i < COUNT(parts); i++) {
        for (const char *at = source->code; (at = part_find(at, parts[i])) != NULL; at++) {
            tidy_report(
                tidy, source, at, "a feature knows no HTTP; refuse with err_set, the door answers");
        }
    }
}

static void check_engine(Tidy *tidy, const Source *source)
{
    static const char *const parts[] = {"sqlite", "postgres", "is_pg"};
    if (path_below(source->path, "src/db") || !source->is_c) {
        return;
    }
    for (size_t i = 0; i < COUNT(parts); i++) {
        for (const char *at = source->code; (at = part_find(at, parts[i])) != NULL; at++) {
            const char *line = at;
            while (line > source->code && line[-1] != '\n') {
                line--;
            }
            if (!line_starts(line, "#include")) { /* which rule "owner" judges */
                tidy_report(tidy, source, at,
                    "only db/ knows which engine runs; make it a token or a call of db.h");
            }
        }
    }
}

static bool is_refusal(const char *word)
{
    return line_starts(word, "ERR_") && !line_starts(word, "ERR_OK") &&
           !line_starts(word, "ERR_COUNT");
}

/* A refusal as a value of its own: not an argument of a call, not compared with. */
static void check_return(Tidy *tidy, const Source *source, const char *statement)
{
    int depth = 0;
    for (const char *at = statement; *at != ';' && *at != '\0'; at++) {
        depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
        if (depth > 0 || is_word_char(at[-1]) || !is_refusal(at)) {
            continue;
        }
        const char *before = at;
        while (before[-1] == ' ' || before[-1] == '\n') {
            before--;
        }
        if (before[-1] != '=') {
            tidy_report(tidy, source, at,
                "a bare refusal; return err_set(cx, ERR_X, field, \"what to do\"), so that it has "
                "a sentence");
        }
    }
}

static void check_refusal(Tidy *tidy, const Source *source)
{
    if (!source->is_c || strcmp(source->path, "src/base/err.c") == 0) {
        return;
    }
    for (const char *at = source->code; (at = word_find(at, "return")) != NULL; at++) {
        check_return(tidy, source, at);
    }
}

static void check_real(Tidy *tidy, const Source *source)
{
    static const char *const words[] = {"double", "float"};
    /* json.c turns them into exact text as they come in. */
    if (!source->is_c || line_starts(source->path, "src/rules/score") ||
        strcmp(source->path, "src/base/json.c") == 0) {
        return;
    }
    for (size_t i = 0; i < COUNT(words); i++) {
        for (const char *at = source->code; (at = word_find(at, words[i])) != NULL; at++) {
            tidy_report(tidy, source, at,
                "%s is for rules/score alone; count in Money, Decimal or Percent", words[i]);
        }
    }
}

static void check_errno(Tidy *tidy, const Source *source)
{
    if (!source->is_c || strcmp(source->path, "src/base/os.c") == 0) {
        return;
    }
    for (const char *at = source->code; (at = word_find(at, "errno")) != NULL; at++) {
        const char *after = at + strlen("errno");
        if (*after != '.') {
            tidy_report(tidy, source, at,
                "errno is read in base/os.c alone; use OsResult and os_error_text()");
        }
    }
}

/* `static` and no const before the name ends: a variable that changes. */
static void check_global(Tidy *tidy, const Source *source)
{
    /* The table of operations is built once, before there is a second thread; SQLite asks for
     * memory without saying for whom. */
    bool is_of_process =
        path_ends(source->path, "op/registry.c") || path_ends(source->path, "db/sqlite/memory.c");
    if (!path_ends(source->path, ".c") || is_of_process) {
        return;
    }
    for (const char *line = source->code; line != NULL; line = line_next(line)) {
        const char *at = line;
        while (*at == ' ') {
            at++;
        }
        if (!line_starts(at, "static ")) {
            continue;
        }
        size_t length = strcspn(at, "(=;{\n");
        if (at[length] != '=' && at[length] != ';' && at[length] != '{') {
            continue;
        }
        const char *constant = word_find(at, "const");
        const char *atomic = strstr(at, "tomic");
        bool is_fine = (constant != NULL && constant < at + length) ||
                       (atomic != NULL && atomic < at + length);
        if (!is_fine) {
            tidy_report(tidy, source, at,
                "a variable that changes and belongs to nobody; put it into the struct "
                "of who owns it");
        }
    }
}

const Rule house_rules[] = {
    {"include", check_include, "src"},
    {"own-header", check_own_header, "src"},
    {"owner", check_owner, "src"},
    {"http", check_http, "src/feature"},
    {"engine", check_engine, "src"},
    {"refusal", check_refusal, "src"},
    {"real", check_real, "src"},
    {"errno", check_errno, "src"},
    {"global", check_global, "src"},
    {0},
};
