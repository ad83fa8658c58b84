/*
 * How fast identifiers and regular expressions are found, one thread, in a text from a file (the
 * text of logs, say) read as turns of 2,000 bytes. Prints seconds a GB of text for identifiers, by
 * the path for this machine and by the one for all, and for 4 and 100 regular expressions with and
 * without beginnings; medians of five passes, processor time. usage: bench_found FILE
 */
#include "base/file.h"
#include "queries/text/identifier_finder.h"
#include "queries/text/regex_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TURN = 2000, PASSES = 5, EXPRESSIONS = 100 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The end of the turn that begins at FROM, between two characters. */
static size_t turn_end(const char *text, size_t len, size_t from)
{
    size_t to = len - from < TURN ? len : from + TURN;
    while (to < len && ((unsigned char)text[to] & 0xC0) == 0x80)
        to++;
    return to;
}

static void count_place(void *context, enum identifier_kind kind, struct identifier_place place)
{
    (void)kind;
    (void)place;
    ++*(uint64_t *)context;
}

static bool count_match(void *context, uint32_t number, size_t from, size_t to)
{
    (void)number;
    (void)from;
    (void)to;
    ++*(uint64_t *)context;
    return false;
}

static void report(const char *what, const double *seconds, size_t len, uint64_t found)
{
    double sorted[PASSES];
    memcpy(sorted, seconds, sizeof sorted);
    qsort(sorted, PASSES, sizeof *sorted, by_value);
    printf("%-44s %8.3f s/GB %12llu found\n", what, sorted[PASSES / 2] / (double)len * 1e9,
           (unsigned long long)found);
}

static void time_identifiers(const char *what, const char *text, size_t len, bool portable)
{
    double seconds[PASSES];
    uint64_t found = 0;
    struct identifier_finder finder;
    identifier_finder_init(&finder, true, portable);
    for (int pass = 0; pass < PASSES; pass++) {
        double start = now();
        found = 0;
        for (size_t at = 0, to; at < len; at = to) {
            to = turn_end(text, len, at);
            (void)identifier_finder_text(&finder, (struct span){text + at, to - at}, count_place,
                                         &found);
        }
        seconds[pass] = now() - start;
    }
    report(what, seconds, len, found);
}

/* Five ASCII letters of the text from FROM on, and what may follow them in a word. */
static void draw_expression(const char *text, size_t len, size_t from, char out[static 40])
{
    size_t at = from, letters = 0;
    for (; at < len && letters < 5; at++)
        letters = (text[at] | 32) >= 'a' && (text[at] | 32) <= 'z' ? letters + 1 : 0;
    snprintf(out, 40, "%.5s[a-z]*\\b", letters == 5 ? text + at - 5 : "none");
}

static int time_expressions(const char *text, size_t len, const struct regex *regexes, size_t count,
                            const char *what)
{
    double seconds[PASSES];
    uint64_t found = 0;
    struct error err = ERROR_INIT;
    struct regex_set *set;
    struct regex_fault fault;
    if (regex_set_new(&set, regexes, count, &fault, &err) != STATUS_OK) {
        fprintf(stderr, "expression %zu: %s\n", fault.number, err.text);
        return 1;
    }
    struct regex_scratch *scratch = regex_scratch_new(set);
    for (int pass = 0; scratch && pass < PASSES; pass++) {
        double start = now();
        found = 0;
        for (size_t at = 0, to; at < len; at = to) {
            to = turn_end(text, len, at);
            if (regex_set_scan(set, scratch, text + at, to - at, count_match, &found, &err) !=
                STATUS_OK)
                return 1;
        }
        seconds[pass] = now() - start;
    }
    report(what, seconds, len, found);
    regex_scratch_free(scratch);
    regex_set_free(set);
    return 0;
}

int main(int argc, char **argv)
{
    static const char *const few[] = {"\\b\\d{3}-\\d{2}-\\d{4}\\b", "https?://[^\\s]+",
                                      "\\bcopyright\\b.{1,40}\\d{4}", "[A-Z]{2,}\\d+"};
    static char words[EXPRESSIONS][40];
    struct regex regexes[EXPRESSIONS];
    struct error err = ERROR_INIT;
    char *text = NULL;
    size_t len = 0;
    if (argc != 2 || file_read(argv[1], (size_t)1 << 32, &text, &len, &err) != STATUS_OK) {
        fprintf(stderr, "usage: bench_found FILE\n%s\n", err.text);
        return 2;
    }
    time_identifiers("identifiers, path for this machine", text, len, false);
    time_identifiers("identifiers, path for all machines", text, len, true);
    for (int starts = 1; starts >= 0; starts--) {
        unsigned flags = starts ? REGEX_STARTS : 0;
        for (size_t i = 0; i < sizeof few / sizeof *few; i++)
            regexes[i] = (struct regex){few[i], strlen(few[i]), flags};
        if (time_expressions(text, len, regexes, 4,
                             starts ? "4 expressions with beginnings" : "4 expressions"))
            return 1;
        for (size_t i = 0; i < EXPRESSIONS; i++) {
            draw_expression(text, len, len / EXPRESSIONS * i, words[i]);
            regexes[i] = (struct regex){words[i], strlen(words[i]), flags};
        }
        if (time_expressions(text, len, regexes, EXPRESSIONS,
                             starts ? "100 expressions with beginnings" : "100 expressions"))
            return 1;
    }
    free(text);
    return 0;
}
