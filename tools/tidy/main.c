/* Runs the rules over the tree below the working folder, then over the fixtures of tests/tidy. A
 * fixture is a small tree in one file: "breaks RULE" (or "breaks nothing") on its first line, then
 * files, each after a line "==== PATH". It must be found to break that rule and no other. */
#include "tidy.h"

#include "base/os.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

enum { ARENA_BYTES = 1024 * 1024 * 1024, FILE_BYTES_MAX = 16 * 1024 * 1024, DEPTH_MAX = 12 };

static const Rule *const families[] = {shape_rules, house_rules, sql_rules, declared_rules};

/* ---- findings */

static size_t line_number(const Source *source, const char *at)
{
    bool is_raw = at >= source->raw && at <= source->raw + source->length;
    const char *text = is_raw ? source->raw : source->code;
    size_t line = 1;
    for (const char *c = text; c < at; c++) {
        line += *c == '\n' ? 1 : 0;
    }
    return line;
}

void tidy_report(Tidy *tidy, const Source *source, const char *at, const char *format, ...)
{
    tidy->findings++;
    if (tidy->is_quiet) {
        return;
    }
    va_list args;
    va_start(args, format);
    printf("%s:%zu: %s: %s\n", source->path, at == NULL ? 1 : line_number(source, at),
        tidy->rule->name, arena_vprintf(tidy->arena, format, args));
    va_end(args);
}

void tidy_smell(Tidy *tidy, const Source *source, const char *format, ...)
{
    tidy->smells++;
    if (tidy->is_quiet) {
        return;
    }
    va_list args;
    va_start(args, format);
    printf("%s: smells: %s\n", source->path, arena_vprintf(tidy->arena, format, args));
    va_end(args);
}

/* How many findings the rule has over all sources. */
static size_t rule_ask(Tidy *tidy, const Rule *rule)
{
    size_t before = tidy->findings;
    tidy->rule = rule;
    for (size_t i = 0; i < tidy->count; i++) {
        const Source *source = &tidy->sources[i];
        if (rule->folder == NULL || path_below(source->path, rule->folder)) {
            rule->check(tidy, source);
        }
    }
    return tidy->findings - before;
}

/* ---- the tree */

static void source_add(Tidy *tidy, const char *path, const char *raw, size_t length)
{
    ASSERT(tidy->count < SOURCES_MAX);
    Source *source = &tidy->sources[tidy->count++];
    *source = (Source){
        .path = path,
        .raw = raw,
        .length = length,
        .is_c = path_ends(path, ".c") || path_ends(path, ".h"),
    };
    source_blank(tidy->arena, source);
}

static bool is_wanted(const char *path)
{
    static const char *const ends[] = {
        ".c", ".h", ".def", ".sql", ".ts", ".tsx", ".mjs", ".js", ".css", ".md", ".ndjson"};
    for (size_t i = 0; i < COUNT(ends); i++) {
        if (path_ends(path, ends[i])) {
            return true;
        }
    }
    return path_below(path, "src"); /* nothing there but what belongs there */
}

static bool is_skipped(const char *name, const char *path)
{
    return name[0] == '.' || strcmp(name, "node_modules") == 0 || strcmp(path, "web/dist") == 0 ||
           strcmp(path, "tests/tidy") == 0;
}

static void file_add(Tidy *tidy, const char *path)
{
    char *raw;
    size_t length;
    OsResult result = os_file_read(tidy->arena, path, FILE_BYTES_MAX, &raw, &length);
    if (result != OS_OK) {
        fprintf(stderr, "%s: %s\n", path, os_error_text());
        return;
    }
    source_add(tidy, path, raw, length);
}

static void folder_close(DIR **folder)
{
    if (*folder != NULL) {
        (void)closedir(*folder);
    }
}

static void folder_add(Tidy *tidy, const char *path, int depth)
{
    CLEANUP(folder_close) DIR *folder = opendir(path);
    ASSERT(depth < DEPTH_MAX);
    if (folder == NULL) {
        return;
    }
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        const char *below = arena_printf(tidy->arena, "%s/%s", path, entry->d_name);
        struct stat about;
        if (is_skipped(entry->d_name, below) || stat(below, &about) != 0) {
            continue;
        }
        if (S_ISDIR(about.st_mode)) {
            folder_add(tidy, below, depth + 1);
        } else if (is_wanted(below)) {
            file_add(tidy, below);
        }
    }
}

static Tidy tidy_new(Arena *arena)
{
    return (Tidy){.arena = arena, .sources = arena_array(arena, SOURCES_MAX, sizeof(Source))};
}

static size_t tree_check(Arena *arena, const Rule *const *asked, size_t count, size_t *ret_files)
{
    static const char *const folders[] = {"src", "tests", "tools", "bench", "demo", "docs", "web"};
    Tidy tidy = tidy_new(arena);
    for (size_t i = 0; i < COUNT(folders); i++) {
        folder_add(&tidy, folders[i], 0);
    }
    for (size_t f = 0; f < count; f++) {
        for (const Rule *rule = asked[f]; rule->name != NULL; rule++) {
            (void)rule_ask(&tidy, rule);
        }
    }
    *ret_files = tidy.count;
    return tidy.findings;
}

/* ---- fixtures */

/* Cuts the fixture into its files and returns the rule that it breaks. */
static const char *fixture_read(Tidy *tidy, const char *raw)
{
    ASSERT(line_starts(raw, "breaks "));
    const char *name = raw + strlen("breaks ");
    const char *rule = arena_copy(tidy->arena, name, (size_t)(line_end(name) - name));
    const char *line = line_next(raw);
    while (line != NULL) {
        ASSERT(line_starts(line, "==== "));
        const char *path = line + strlen("==== ");
        path = arena_copy(tidy->arena, path, (size_t)(line_end(path) - path));
        const char *from = line_next(line);
        ASSERT(from != NULL);
        line = from;
        while (line != NULL && !line_starts(line, "==== ")) {
            line = line_next(line);
        }
        size_t length = line == NULL ? strlen(from) : (size_t)(line - from);
        source_add(tidy, path, arena_copy(tidy->arena, from, length), length);
    }
    return rule;
}

static bool fixture_check(Arena *arena, const char *path, const char *raw, const char **ret_rule)
{
    Tidy tidy = tidy_new(arena);
    tidy.is_quiet = true;
    const char *broken = fixture_read(&tidy, raw);
    bool is_right = true;
    bool is_known = strcmp(broken, "nothing") == 0;
    for (size_t f = 0; f < COUNT(families); f++) {
        for (const Rule *rule = families[f]; rule->name != NULL; rule++) {
            bool is_meant = strcmp(rule->name, broken) == 0;
            is_known = is_known || is_meant;
            size_t findings = rule_ask(&tidy, rule);
            if ((findings > 0) != is_meant) {
                printf("%s: rule %s finds %zu, the fixture breaks %s\n", path, rule->name, findings,
                    broken);
                is_right = false;
            }
        }
    }
    if (!is_known) {
        printf("%s: there is no rule %s\n", path, broken);
    }
    *ret_rule = broken;
    return is_right && is_known;
}

typedef struct Counts {
    size_t passed;
    size_t failed;
} Counts;

static bool name_is_in(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static Counts fixtures_check(Arena *arena)
{
    Counts counts = {0};
    const char *seen[256];
    size_t seen_count = 0;
    CLEANUP(folder_close) DIR *folder = opendir("tests/tidy");
    ASSERT(folder != NULL);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (!path_ends(entry->d_name, ".fixture")) {
            continue;
        }
        ASSERT(seen_count < COUNT(seen));
        const char *path = arena_printf(arena, "tests/tidy/%s", entry->d_name);
        char *raw;
        size_t length;
        OsResult result = os_file_read(arena, path, FILE_BYTES_MAX, &raw, &length);
        ASSERT(result == OS_OK);
        bool is_right = fixture_check(arena, path, raw, &seen[seen_count++]);
        counts.passed += is_right ? 1 : 0;
        counts.failed += is_right ? 0 : 1;
    }
    for (size_t f = 0; f < COUNT(families); f++) {
        for (const Rule *rule = families[f]; rule->name != NULL; rule++) {
            if (!name_is_in(seen, seen_count, rule->name)) {
                printf(
                    "tests/tidy: no fixture breaks %s; a rule must be seen to fail\n", rule->name);
                counts.failed++;
            }
        }
    }
    return counts;
}

/* Without a word: all rules but one, and the fixtures of all. "declared": that one alone, as it
 * fails while a thing is half built, which a landing on the way may be and the whole may not. */
int main(int argc, char **argv)
{
    CLEANUP(arena_free_at) Arena *arena = arena_new(ARENA_BYTES);
    bool is_declared = argc == 2 && strcmp(argv[1], "declared") == 0;
    if (argc > 1 && !is_declared) {
        fprintf(stderr, "usage: tidy [declared]\n");
        return 2;
    }
    static const Rule *const last[] = {declared_rules};
    size_t files = 0;
    size_t findings = is_declared ? tree_check(arena, last, 1, &files)
                                  : tree_check(arena, families, COUNT(families) - 1, &files);
    Counts counts = is_declared ? (Counts){0} : fixtures_check(arena);
    counts.passed += files > 0 && findings == 0 ? 1 : 0;
    counts.failed += findings + (files == 0 ? 1 : 0);
    printf("%zu files read\n%zu passed, %zu failed\n", files, counts.passed, counts.failed);
    return counts.failed == 0 ? 0 : 1;
}
