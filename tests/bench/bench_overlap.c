/*
 * Speed and memory of overlap with works, without reading and cutting into words: making the index
 * of 50,000 works of 800 words, then text that shares nothing, text of which 1 % is quoted, text
 * that is all quoted. Words follow Zipf's law over half a million; ten in a hundred works are
 * reprints, and all works carry one paragraph.
 *
 * usage: bench_overlap [WORKS [WORDS [WINDOW]]]
 */
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "queries/text/overlap_finder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { VOCABULARY = 500000, PARAGRAPH = 60, TURN = 300, BLOCK = 60000, TEXT = 12000000 };

static uint64_t state = 88172645463325252u;

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * 0x2545F4914F6CDD1Du;
}

static uint64_t word(void)
{
    /* The inverse of Zipf's distribution function, nearly. */
    double unit = (double)(next() >> 11) / 9007199254740992.0;
    uint64_t rank = (uint64_t)exp(unit * log(VOCABULARY));
    rank *= 0x9E3779B97F4A7C15u;
    rank ^= rank >> 29;
    return rank * 0xBF58476D1CE4E5B9u;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double megabytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static void fail(const struct error *err)
{
    fprintf(stderr, "bench_overlap: %s\n", err->text);
    exit(1);
}

/*
 * TEXT words in turns, from BLOCK: the hashes lie in the second cache, as they do after a message
 * was cut into words. With FRESH every pass has other words, so that the filter is not in a cache
 * on behalf of the block.
 */
static void walk(const struct works_index *index, const char *what, uint64_t *block, bool fresh)
{
    struct error err = ERROR_INIT;
    struct overlap_finder *finder = overlap_finder_new(index);
    struct overlap_found found;
    uint64_t runs = 0, turns = 0;
    double best = 1e9;
    for (int round = 0; finder && round < 5; round++) {
        double start = now();
        runs = turns = 0;
        for (size_t pass = 0; pass < TEXT / BLOCK; pass++) {
            uint64_t other = fresh ? next() : 0;
            for (size_t i = 0; i < BLOCK; i++)
                block[i] ^= other;
            for (size_t at = 0; at + TURN <= BLOCK; at += TURN, turns++) {
                overlap_finder_begin(finder);
                if (overlap_finder_turn(finder, SIDE_OUTPUT, 0, block + at, TURN, &err) !=
                        STATUS_OK ||
                    overlap_finder_end(finder, &found, &err) != STATUS_OK)
                    fail(&err);
                runs += found.exchange_count;
            }
        }
        double took = now() - start;
        best = took < best ? took : best;
    }
    printf("%-28s %6.2f ns a word, %llu of %llu turns have a run\n", what,
           best * 1e9 / (double)(turns * TURN), (unsigned long long)runs,
           (unsigned long long)turns);
    overlap_finder_free(finder);
}

int main(int argc, char **argv)
{
    size_t works = argc > 1 ? strtoul(argv[1], NULL, 10) : 50000;
    size_t words = argc > 2 ? strtoul(argv[2], NULL, 10) : 800;
    uint32_t window = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 12;
    struct error err = ERROR_INIT;
    uint64_t paragraph[PARAGRAPH];
    uint64_t *work = mem_zalloc(words + PARAGRAPH, sizeof *work), *text = NULL;
    struct works_index *index = works_index_new(window);
    if (!work || !index)
        fail(&err);
    for (size_t i = 0; i < PARAGRAPH; i++)
        paragraph[i] = word();
    double adding = 0;
    for (size_t w = 0; w < works; w++) {
        if (w % 10 != 9)
            for (size_t i = 0; i < words; i++)
                work[i] = word();
        if (words > PARAGRAPH)
            memcpy(work + words - PARAGRAPH, paragraph, sizeof paragraph);
        double start = now();
        if (works_index_add(index, work, words, &err) != STATUS_OK)
            fail(&err);
        adding += now() - start;
    }
    double start = now();
    if (works_index_finish(index, parallel_processors(), &err) != STATUS_OK)
        fail(&err);
    printf(
        "%zu works of %zu words, runs of %u: numbered in %.2f s, index in %.2f s, peak %.0f MB\n",
        works, words, window, adding, now() - start, megabytes());
    printf("  distinct words %zu, repeated words %zu, filter %.0f MB\n", index->words.numbers,
           index->repeats.count,
           (double)((size_t)1 << (64 - index->windows.filter.shift)) / (1 << 17));

    text = mem_zalloc(BLOCK, sizeof *text);
    if (!text)
        fail(&err);
    for (size_t i = 0; i < BLOCK; i++)
        text[i] = word();
    walk(index, "shares nothing", text, true);
    const struct work_words *of = &index->words;
    for (int permille = 10; permille <= 1000; permille += 990) {
        for (size_t i = 0; i + 100 <= BLOCK; i += 100)
            if (next() % 1000 < (uint64_t)permille) {
                size_t from = of->starts[next() % works];
                for (size_t j = 0; j < 100; j++)
                    text[i + j] = of->hashes[of->words[from + 10 + j]];
            }
        walk(index, permille < 1000 ? "1 % quoted" : "all quoted", text, false);
    }
    works_index_free(index);
    free(work);
    free(text);
    return 0;
}
