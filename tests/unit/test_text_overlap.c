/*
 * Overlap with works: the engine against the definition on random and planted text, the order of
 * suffixes against plain sorting, vector passes against portable ones, and the number of steps on
 * text that is hard.
 */
#include "tests/support/overlap_reference.h"
#include "tests/support/support.h"
#include "tests/support/text_random.h"

#include "queries/text/suffix_index.h"
#include "queries/text/suffix_sort.h"
#include "queries/text/supplied_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- suffixes ---- */

static const uint32_t *sorted_text;
static size_t sorted_count;

static int by_suffix(const void *a, const void *b)
{
    size_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    for (; x < sorted_count && y < sorted_count; x++, y++)
        if (sorted_text[x] != sorted_text[y])
            return sorted_text[x] < sorted_text[y] ? -1 : 1;
    return (x < sorted_count) - (y < sorted_count);
}

enum { TEXT_MOST = 600 };

static void random_numbers(uint64_t *random, uint32_t *text, size_t count, uint32_t alphabet)
{
    uint32_t period = 1 + random_below(random, 9), kind = random_below(random, 3);
    for (size_t i = 0; i < count; i++)
        text[i] = kind == 0 || i < period    ? random_below(random, alphabet)
                  : kind == 1                ? text[i - period]
                  : random_below(random, 30) ? text[i - period]
                                             : random_below(random, alphabet);
}

static void test_suffix_sort(void **state)
{
    (void)state;
    uint64_t random = 1;
    uint32_t text[TEXT_MOST], order[TEXT_MOST], wanted[TEXT_MOST];
    struct error err = ERROR_INIT;
    for (int round = 0; round < (test_short() ? 500 : 4000); round++) {
        size_t count = random_below(&random, round % 10 ? 60 : TEXT_MOST + 1);
        uint32_t alphabet = 1 + random_below(&random, round % 3 ? 4 : 200);
        random_numbers(&random, text, count, alphabet);
        assert_ok(suffix_sort(text, count, alphabet, order, &err), err);
        for (size_t i = 0; i < count; i++)
            wanted[i] = (uint32_t)i;
        sorted_text = text;
        sorted_count = count;
        qsort(wanted, count, sizeof *wanted, by_suffix);
        if (count)
            assert_memory_equal(order, wanted, count * sizeof *wanted);
    }
}

/* What suffixes A and B share, up to a 0. */
static uint32_t share(const uint32_t *text, size_t a, size_t b)
{
    uint32_t n = 0;
    while (text[a + n] && text[a + n] == text[b + n])
        n++;
    return n;
}

static void check_around(const struct suffix_index *index, uint64_t *random)
{
    const uint32_t *text = index->text;
    uint32_t at = random_below(random, (uint32_t)index->count),
             depth = 1 + random_below(random, 12);
    struct suffix_range range = suffix_index_around(index, at, depth), child;
    for (size_t i = 0; i < index->count; i++) {
        bool in = i == at || share(text, index->order[i], index->order[at]) >= depth;
        assert_int_equal(in, i >= range.from && i < range.to);
    }
    if (share(text, index->order[at], index->order[at]) < depth)
        return;
    uint32_t number = 1 + random_below(random, 4), first = 0, count = 0;
    uint64_t steps = 0;
    for (uint32_t i = range.from; i < range.to; i++)
        if (text[index->order[i] + depth] == number && count++ == 0)
            first = i;
    bool found = suffix_index_child(index, range, depth, number, &child, &steps);
    assert_int_equal(found, count > 0);
    if (found) {
        assert_int_equal(child.from, first);
        assert_int_equal(child.to - child.from, count);
    }
}

static void test_suffix_index(void **state)
{
    (void)state;
    uint64_t random = 2;
    static uint32_t text[20000];
    struct error err = ERROR_INIT;
    for (int round = 0; round < (test_short() ? 40 : 300); round++) {
        size_t count = 1 + random_below(&random, round % 20 ? 300 : 19999);
        random_numbers(&random, text, count - 1, 1 + random_below(&random, 5));
        text[count - 1] = 0;
        struct suffix_index index;
        assert_ok(suffix_index_init(&index, text, count, 6, &err), err);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(index.rank[index.order[i]], i);
            if (i)
                assert_int_equal(index.shared.levels[0][i],
                                 share(text, index.order[i - 1], index.order[i]));
        }
        for (int i = 0; i < 60; i++)
            check_around(&index, &random);
        suffix_index_release(&index);
    }
}

/* ---- marks ---- */

static void test_marks_alike(void **state)
{
    (void)state;
    static uint64_t hashes[GRAM_STRETCH + WORKS_WINDOW_MOST];
    static uint64_t windows[GRAM_STRETCH];
    uint64_t random = 3;
    struct error err = ERROR_INIT;
    for (int round = 0; round < 200; round++) {
        uint32_t window = 1 + random_below(&random, round % 4 ? 40 : WORKS_WINDOW_MOST);
        size_t count = 1 + random_below(&random, round % 3 ? 70 : GRAM_STRETCH);
        uint32_t kinds = round % 2 ? 3 : 100000;
        for (size_t i = 0; i < count + window - 1; i++)
            hashes[i] = (random_below(&random, kinds) + 1) * 0x9E3779B97F4A7C15u;
        struct word_grams fast, plain;
        assert_ok(word_grams_init(&fast, window, false, &err), err);
        assert_ok(word_grams_init(&plain, window, true, &err), err);
        size_t changes = word_grams_find(&fast, hashes, count);
        assert_int_equal(changes, word_grams_find(&plain, hashes, count));
        assert_memory_equal(fast.marks, plain.marks, count * sizeof *fast.marks);
        assert_memory_equal(fast.changes, plain.changes, changes * sizeof *fast.changes);
        /* A window's mark and hash are its own, wherever it stands. */
        word_window_hashes(hashes, count, window, windows);
        size_t at = random_below(&random, (uint32_t)count);
        assert_int_equal(windows[at], word_window_hash(hashes + at, window));
        uint32_t mark = fast.marks[at];
        assert_int_equal(word_grams_find(&fast, hashes + at, 1), 1);
        assert_int_equal(fast.marks[0], mark);
        word_grams_release(&fast);
        word_grams_release(&plain);
    }
}

/* ---- the definition ---- */

static void test_random(void **state)
{
    (void)state;
    static struct reference_case test;
    const char *rounds = getenv("OVERLAP_ROUNDS");
    long count = rounds ? strtol(rounds, NULL, 10) : test_short() ? 300 : 2000;
    for (long seed = 1; seed <= count; seed++) {
        overlap_reference_random(&test, (uint64_t)seed);
        const char *problem = overlap_reference_check(&test, (uint64_t)seed);
        if (problem)
            fail_msg("seed %ld: %s", seed, problem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_suffix_sort),
        cmocka_unit_test(test_suffix_index),
        cmocka_unit_test(test_marks_alike),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
