/*
 * Patterns of a regex query, from a list or a file of one a line, named as terms are but R and
 * their number. They are compiled here, within bounds, to see whether they can be: one that cannot
 * stays in the list with its problem, unless the reader is strict, as a search term does.
 */
#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"
#include "queries/query_patterns.h"
#include "queries/text/term_list.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* So many patterns that cannot be compiled, or so many processor seconds of the processes that try
 * to, end the reading. */
enum { PROBLEMS_MAX = 100, PROBLEM_SECONDS_MAX = 60 };

struct patterns_reader {
    struct plan_reader *plan;
    struct plan_query *query;
    size_t query_index;
    const char *file; /* as the plan names it; NULL: the patterns are listed in the plan */
    char **places;    /* of each pattern, for errors; in the plan's arena */
    size_t capacity;
};

/* One more pattern of TEXT, which may begin with a name; PLACE is in the plan's arena. */
static enum status add_pattern(struct patterns_reader *patterns, char *place, const char *text,
                               size_t len)
{
    struct plan_reader *reader = patterns->plan;
    struct arena *arena = &reader->plan->arena;
    struct plan_query *query = patterns->query;
    size_t named = term_name_length(text, len), skip = named ? named + 1 : 0;
    while (named && skip < len && text[skip] == ' ')
        skip++;
    struct plan_term *term = &query->terms[query->term_count];
    term->name = named ? arena_strndup(arena, text, named)
                       : arena_printf(arena, "R%zu", query->term_count + 1);
    term->source = arena_strndup(arena, text + skip, len - skip);
    if (!place || !term->name || !term->source)
        return error_nomem(reader->err);
    if (skip == len)
        return error_set(reader->err, STATUS_PLAN, place, "no pattern stands after \"%s:\"",
                         term->name);
    for (size_t i = 0; i < query->term_count; i++)
        if (strcmp(query->terms[i].name, term->name) == 0) {
            error_set(reader->err, STATUS_PLAN, place, "a second pattern is named \"%s\"",
                      term->name);
            return error_hint(reader->err, "a pattern without a name is called R and its number");
        }
    patterns->places[query->term_count++] = place;
    return STATUS_OK;
}

static enum status make_room(struct patterns_reader *patterns, size_t count, const char *place)
{
    struct arena *arena = &patterns->plan->plan->arena;
    if (count > REGEX_COUNT_MAX)
        return error_set(patterns->plan->err, STATUS_PLAN, place, "more than %d patterns",
                         REGEX_COUNT_MAX);
    patterns->query->terms = arena_zalloc(arena, count, sizeof *patterns->query->terms);
    patterns->places = arena_zalloc(arena, count, sizeof *patterns->places);
    if (!patterns->query->terms || !patterns->places)
        return error_nomem(patterns->plan->err);
    return STATUS_OK;
}

static enum status read_list(struct patterns_reader *patterns, const struct json_node *list)
{
    char where[512];
    size_t length = json_node_length(list);
    json_node_place(list, where, sizeof where);
    TRY(make_room(patterns, length, where));
    for (size_t i = 0; i < length; i++) {
        struct json_node item = json_node_element(list, i);
        const char *text = json_node_text(&item);
        json_node_place(&item, where, sizeof where);
        TRY(add_pattern(patterns, arena_strndup(&patterns->plan->plan->arena, where, strlen(where)),
                        text, strlen(text)));
    }
    return STATUS_OK;
}

/* ---- patterns in a file ---- */

static bool is_utf8(const char *text, size_t len)
{
    const char *at = text, *end = text + len;
    while (at < end)
        if (utf8_next(&at, end) == UTF8_INVALID)
            return false;
    return true;
}

/* The next line at *AT that holds a pattern, without its line break. False at the end. */
static bool next_line(const char *text, size_t len, size_t *at, size_t *number, const char **line,
                      size_t *line_len)
{
    while (*at < len) {
        const char *begin = text + *at, *newline = memchr(begin, '\n', len - *at);
        size_t length = newline ? (size_t)(newline - begin) : len - *at;
        *at += length + (newline != NULL);
        ++*number;
        if (length && begin[length - 1] == '\r')
            length--;
        bool comment = begin[0] == '#' && (length == 1 || begin[1] == ' ');
        size_t blank = 0;
        while (blank < length && (begin[blank] == ' ' || begin[blank] == '\t'))
            blank++;
        if (blank == length || comment)
            continue;
        *line = begin;
        *line_len = length;
        return true;
    }
    return false;
}

static enum status add_lines(struct patterns_reader *patterns, const char *path, const char *text,
                             size_t len)
{
    size_t first = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0, count = 0;
    size_t at = first, number = 0, line_len;
    const char *line;
    while (next_line(text, len, &at, &number, &line, &line_len))
        count++;
    if (count == 0)
        return error_set(patterns->plan->err, STATUS_PLAN, path, "there are no patterns in it");
    TRY(make_room(patterns, count, path));
    at = first;
    number = 0;
    while (next_line(text, len, &at, &number, &line, &line_len)) {
        char *place = arena_printf(&patterns->plan->plan->arena, "%s:%zu", path, number);
        TRY(add_pattern(patterns, place, line, line_len));
    }
    return STATUS_OK;
}

static enum status read_file(struct patterns_reader *patterns, const struct json_node *file)
{
    struct error *err = patterns->plan->err;
    char *path, *text = NULL;
    size_t len = 0;
    patterns->file = json_node_text(file);
    TRY(plan_path(patterns->plan, json_node_text(file), &path));
    enum status status = file_read(path, PLAN_VALUES_FILE_MAX, &text, &len, err);
    if (status != STATUS_OK)
        status = plan_file_fault(file, status, err);
    else if (memchr(text, '\0', len) || !is_utf8(text, len))
        status = error_set(err, STATUS_PLAN, path, "this is no text file, or it is not UTF-8");
    else
        status = add_lines(patterns, path, text, len);
    free(text);
    return status;
}

/* ---- can they be compiled? ---- */

/* A warning of pattern NUMBER, with the line where it stands in a file. */
static enum status warn_of(struct patterns_reader *patterns, size_t number, const char *text)
{
    const struct plan_term *term = &patterns->query->terms[number];
    if (!patterns->file)
        return plan_warn(patterns->plan, "queries[%zu]: pattern %s%s", patterns->query_index,
                         term->name, text);
    const char *line = strrchr(patterns->places[number], ':');
    return plan_warn(patterns->plan, "%.256s%s: pattern %s%s", patterns->file, line ? line : "",
                     term->name, text);
}

/* Makes the failure in WHY the pattern's problem, or that of the plan if the reader is strict. */
static enum status tell_problem(struct patterns_reader *patterns, const struct regex_fault *fault,
                                const struct error *why)
{
    struct plan_reader *reader = patterns->plan;
    struct plan_term *term = &patterns->query->terms[fault->number];
    if (reader->strict) {
        error_set(reader->err, STATUS_PLAN, patterns->places[fault->number], "pattern %s: %s",
                  term->name, why->text);
        if (why->hint[0])
            error_hint(reader->err, "%s", why->hint);
        return STATUS_PLAN;
    }
    term->problem = why->hint[0]
                        ? arena_printf(&reader->plan->arena, "%s (hint: %s)", why->text, why->hint)
                        : arena_strndup(&reader->plan->arena, why->text, strlen(why->text));
    if (!term->problem)
        return error_nomem(reader->err);
    const char *text = arena_printf(&reader->plan->arena, " cannot be used: %s", term->problem);
    return text ? warn_of(patterns, fault->number, text) : error_nomem(reader->err);
}

/* Says of patterns whose matches have no known beginning how they are counted. */
static enum status tell_counting(struct patterns_reader *patterns, const struct regex_set *set,
                                 const uint32_t *slots)
{
    static const char text[] = ": too large for the beginnings of its matches: occurrences are "
                               "rows of adjoining ends of matches";
    struct arena *arena = &patterns->plan->plan->arena;
    for (size_t i = 0; i < regex_set_count(set); i++) {
        struct plan_term *term = &patterns->query->terms[slots[i]];
        term->parsed = term->source;
        if (regex_set_finds_starts(set, i))
            continue;
        term->warnings = arena_zalloc(arena, 1, sizeof *term->warnings);
        char *copy = arena_strndup(arena, text + 2, strlen(text + 2));
        if (!term->warnings || !copy)
            return error_nomem(patterns->plan->err);
        term->warnings[term->warning_count++] = copy;
        TRY(warn_of(patterns, slots[i], text));
    }
    return STATUS_OK;
}

static long seconds_of_children(void)
{
    struct rusage used = {.ru_minflt = 0};
    (void)getrusage(RUSAGE_CHILDREN, &used);
    return (long)used.ru_utime.tv_sec + (long)used.ru_stime.tv_sec;
}

static enum status try_patterns(struct patterns_reader *patterns)
{
    struct plan_reader *reader = patterns->plan;
    uint32_t *slots = mem_zalloc(patterns->query->term_count, sizeof *slots);
    struct regex_set *set = NULL;
    enum status status = STATUS_OK;
    long started = seconds_of_children();
    if (!slots)
        return error_nomem(reader->err);
    for (size_t problems = 0;; problems++) {
        struct error why = ERROR_INIT;
        struct regex_fault fault;
        status = query_patterns_compile(patterns->query, &set, slots, &fault, &why);
        if (status != STATUS_PLAN || fault.number == SIZE_MAX || problems >= PROBLEMS_MAX ||
            seconds_of_children() - started > PROBLEM_SECONDS_MAX) {
            if (status != STATUS_OK) {
                *reader->err = why;
                char where[64];
                snprintf(where, sizeof where, "queries[%zu]", patterns->query_index);
                error_within(reader->err, where);
                error_within(reader->err, reader->plan->path);
            }
            break;
        }
        TRY_CLEANUP(tell_problem(patterns, &fault, &why));
    }
    if (status == STATUS_OK)
        status = tell_counting(patterns, set, slots);
cleanup:
    regex_set_free(set);
    free(slots);
    return status;
}

enum status plan_read_patterns(struct plan_reader *reader, const struct json_node *node,
                               struct plan_query *query)
{
    static const struct json_table *const table = &query_keys[QUERY_REGEX];
    struct json_node list, file;
    bool listed = json_get(node, "patterns", &list), filed = json_get(node, "patterns_file", &file);
    if (listed == filed)
        return json_fault(node, reader->err,
                          "either \"patterns\" or \"patterns_file\" must be given%s",
                          listed ? ", not both" : "");
    query->ignore_case = json_get_choice(node, table, "case") == 1;
    query->unicode_classes = json_get_choice(node, table, "classes") == 1;
    struct patterns_reader patterns = {.plan = reader, .query = query, .query_index = node->index};
    TRY(listed ? read_list(&patterns, &list) : read_file(&patterns, &file));
    return try_patterns(&patterns);
}
