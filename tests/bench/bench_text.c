/*
 * How fast terms are matched, one thread, on generated text (words drawn from 40,000 by Zipf's law)
 * or, with -f FILE, on a text; conversations of 6,000 bytes in 10 turns; terms drawn from the text
 * (60 % words, 20 % phrases, 10 % wildcards, 10 % proximity). Prints GB/s of text for 0 (words
 * counted), 10, 100 and 1000 terms, medians of five passes, processor time.
 */
#include "base/file.h"
#include "queries/text/matcher.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { VOCABULARY = 40000, TEXT = 48 << 20, CONVERSATION = 6000, TURNS = 10, PASSES = 5 };

static uint64_t seed = 12345;

static uint32_t below(uint32_t count)
{
    uint64_t x = seed += 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)(((x ^ x >> 31) >> 32) * count >> 32);
}

static char vocabulary[VOCABULARY][16];
static uint32_t cumulated[VOCABULARY];

static void make_vocabulary(void)
{
    static const char *const syllables[] = {"ba", "co", "den", "ri", "sta", "lo",   "mi", "ter",
                                            "ne", "pu", "ing", "ed", "al",  "tion", "s",  "er"};
    double sum = 0;
    for (int i = 0; i < VOCABULARY; i++)
        sum += 1.0 / (i + 2);
    double so_far = 0;
    for (int i = 0; i < VOCABULARY; i++) {
        size_t n = 0;
        uint32_t parts = 1u + (i > 30) + below(i > 300 ? 4 : 2);
        for (uint32_t p = 0; p < parts; p++)
            n += (size_t)snprintf(vocabulary[i] + n, sizeof vocabulary[i] - n, "%s",
                                  syllables[below(16)]);
        so_far += 1.0 / (i + 2);
        cumulated[i] = (uint32_t)(so_far / sum * 4294967295.0);
    }
}

static const char *draw_word(void)
{
    uint32_t x = below(UINT32_MAX);
    size_t low = 0, high = VOCABULARY - 1;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (cumulated[mid] < x)
            low = mid + 1;
        else
            high = mid;
    }
    return vocabulary[low];
}

static char *make_text(size_t *len)
{
    char *text = malloc(TEXT + 64);
    if (!text)
        exit(1);
    size_t n = 0;
    while (n < TEXT) {
        size_t begin = n;
        n += (size_t)snprintf(text + n, 32, "%s%s", draw_word(),
                              below(12) == 0    ? ". "
                              : below(15) == 0  ? ", "
                              : below(300) == 0 ? "\xE2\x80\x99s "
                                                : " ");
        if (below(12) == 0)
            text[begin] = (char)(text[begin] & ~0x20);
    }
    *len = n;
    return text;
}

/* The first whole word after AT of SHORTEST to SIZE - 1 ASCII letters, in lower case, into OUT. */
static const char *text_word(const char *text, size_t len, size_t at, size_t shortest, char *out,
                             size_t size)
{
    for (size_t n = 0;; at = at < len ? at : 0) {
        while (at < len && isalpha((unsigned char)text[at]))
            at++;
        while (at < len && !isalpha((unsigned char)text[at]))
            at++;
        for (n = 0; at + n < len && isalpha((unsigned char)text[at + n]); n++)
            if (n + 1 < size)
                out[n] = (char)tolower((unsigned char)text[at + n]);
        if (n >= shortest && n < size) {
            out[n] = '\0';
            return out;
        }
        n = 0;
    }
}

static void make_term(int i, const char *text, size_t len, char *out, size_t size)
{
    char a[40] = "", b[40] = "";
    size_t at = below((uint32_t)len);
    switch (i % 10) {
    case 6:
    case 7:
        snprintf(out, size, "\"%s %s\"", text_word(text, len, at, 2, a, sizeof a),
                 text_word(text, len, at + strlen(a), 2, b, sizeof b));
        break;
    case 8:
        snprintf(out, size, "%.5s*", text_word(text, len, at, 6, a, sizeof a));
        break;
    case 9:
        snprintf(out, size, "%s w/%u %s", text_word(text, len, at, 6, a, sizeof a),
                 1 + (unsigned)below(10), text_word(text, len, at + 20, 5, b, sizeof b));
        break;
    default:
        snprintf(out, size, "%s", text_word(text, len, at, 6, a, sizeof a));
    }
}

static void check(enum status status, const struct error *err)
{
    if (status == STATUS_OK)
        return;
    fprintf(stderr, "%s\n", err->text);
    exit(1);
}

static double pass(struct matcher *matcher, const char *text, size_t len, uint64_t *hits_seen,
                   uint64_t *words)
{
    struct error err = ERROR_INIT;
    struct timespec begin, end;
    *hits_seen = *words = 0;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    for (size_t at = 0; at < len; at += CONVERSATION) {
        size_t size = len - at < CONVERSATION ? len - at : CONVERSATION;
        check(matcher_begin(matcher, NULL, &err), &err);
        for (size_t t = 0; t < TURNS; t++) {
            size_t from = size * t / TURNS, to = size * (t + 1) / TURNS;
            check(matcher_turn(matcher, t % 2 ? SIDE_OUTPUT : SIDE_PROMPT, (uint32_t)(t / 2),
                               (struct span){text + at + from, to - from}, words, &err),
                  &err);
        }
        const struct text_hit *hits;
        size_t count;
        check(matcher_end(matcher, &hits, &count, &err), &err);
        *hits_seen += count;
    }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    return (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) * 1e-9;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void run(const char *text, size_t len, int count)
{
    struct error err = ERROR_INIT;
    struct word_rules rules = {.alphabet = ""};
    struct term_set *set = term_set_new(&rules);
    struct term **terms = calloc((size_t)count + 1, sizeof *terms);
    if (!set || !terms)
        exit(1);
    for (int i = 0; i < count; i++) {
        char source[128];
        uint32_t number;
        make_term(i, text, len, source, sizeof source);
        check(term_parse(source, strlen(source), &rules, &terms[i], NULL, &err), &err);
        check(term_set_add(set, terms[i], WITHIN_CONVERSATION, &number, &err), &err);
    }
    check(term_set_compile(set, &err), &err);
    struct matcher *matcher = count ? matcher_new(set) : matcher_new_counting(&rules);
    if (!matcher)
        exit(1);
    double times[PASSES];
    uint64_t hits = 0, words = 0;
    for (int i = 0; i < PASSES; i++)
        times[i] = pass(matcher, text, len, &hits, &words);
    qsort(times, PASSES, sizeof *times, by_value);
    double median = times[PASSES / 2];
    printf("text %4d terms  %6.3f GB/s  %5.2f ns a word  %.1f hits a conversation\n", count,
           (double)len / median * 1e-9, median * 1e9 / (double)words,
           (double)hits / ((double)len / CONVERSATION));
    matcher_free(matcher);
    term_set_free(set);
    for (int i = 0; i < count; i++)
        term_free(terms[i]);
    free((void *)terms);
}

int main(int argc, char **argv)
{
    size_t len;
    char *text = NULL;
    if (argc > 2 && strcmp(argv[1], "-f") == 0) {
        struct error err = ERROR_INIT;
        check(file_read(argv[2], (size_t)1 << 31, &text, &len, &err), &err);
        argc -= 2;
        argv += 2;
    } else {
        make_vocabulary();
        text = make_text(&len);
    }
    static const int counts[] = {0, 10, 100, 1000};
    for (int i = 1; i < argc; i++)
        run(text, len, (int)strtol(argv[i], NULL, 10));
    for (size_t i = 0; argc == 1 && i < sizeof counts / sizeof *counts; i++)
        run(text, len, counts[i]);
    free(text);
    return 0;
}
