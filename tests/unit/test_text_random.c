/* The matcher equals the slow evaluator on random terms and conversations. */
#include "tests/support/support.h"

#include "base/memory.h"
#include "queries/text/matcher.h"
#include "tests/support/term_random.h"
#include "tests/support/text_random.h"

#include <stdlib.h>
#include <string.h>

static void fail_with(const char *message)
{
    fail_msg("%s", message);
}

enum { BATCH = 40, CONVERSATIONS = 12 };

/* Parses its normal form again: the same normal form comes out. */
static void check_form(const struct term *term, const struct word_rules *rules)
{
    struct error err = ERROR_INIT;
    struct term *again;
    char *form = term_normal_form(term);
    assert_non_null(form);
    if (term_parse(form, strlen(form), rules, &again, NULL, &err) != STATUS_OK)
        fail_msg("%s: %s", form, err.text);
    char *second = term_normal_form(again);
    assert_string_equal(form, second);
    free(form);
    free(second);
    term_free(again);
}

struct counts {
    size_t parsed, tried, hits;
};

/* Which words a set looks for must not matter. */
static void weigh_at_random(uint64_t *seed, struct term_set *set)
{
    struct error err = ERROR_INIT;
    size_t patterns = term_set_pattern_count(set);
    uint64_t *counts = mem_zalloc(patterns, sizeof *counts);
    assert_non_null(counts);
    for (size_t i = 0; i < patterns; i++)
        counts[i] = random_below(seed, 4);
    assert_ok(term_set_weigh(set, counts, &err), err);
    free(counts);
}

/* BATCH terms that WRITE makes, asked together of a dozen conversations. */
static void check_batch(uint64_t *seed, const struct word_rules *rules, size_t batch,
                        void (*write)(uint64_t *, char *, size_t), struct counts *counts)
{
    struct error err = ERROR_INIT;
    struct term *terms[BATCH];
    enum term_within within[BATCH];
    struct term_set *set = term_set_new(rules);
    size_t count = 0;
    while (count < batch) {
        char source[4096];
        write(seed, source, sizeof source);
        counts->tried++;
        enum status status = term_parse(source, strlen(source), rules, &terms[count], NULL, &err);
        if (status != STATUS_OK) {
            assert_int_equal(status, STATUS_PLAN);
            continue;
        }
        counts->parsed++;
        check_form(terms[count], rules);
        within[count] = (enum term_within)random_below(seed, 3);
        uint32_t number;
        assert_ok(term_set_add(set, terms[count], within[count], &number, &err), err);
        assert_int_equal(number, count);
        count++;
    }
    assert_ok(term_set_compile(set, &err), err);
    if (random_below(seed, 2))
        weigh_at_random(seed, set);
    struct matcher *matcher = matcher_new(set);
    assert_non_null(matcher);
    for (int c = 0; c < CONVERSATIONS; c++) {
        static struct random_conversation conversation;
        random_conversation(seed, &conversation);
        const struct text_hit *hits;
        size_t hit_count;
        assert_ok(matcher_begin(matcher, conversation.fields, &err), err);
        for (size_t t = 0; t < conversation.as.turn_count; t++) {
            uint64_t words = 0;
            assert_ok(matcher_turn(matcher, conversation.turns[t].side,
                                   conversation.turns[t].exchange, conversation.turns[t].text,
                                   &words, &err),
                      err);
        }
        assert_ok(matcher_end(matcher, &hits, &hit_count, &err), err);
        compare_hits((const struct term *const *)terms, within, count, rules, &conversation, hits,
                     hit_count, fail_with);
        counts->hits += hit_count;
    }
    matcher_free(matcher);
    term_set_free(set);
    for (size_t i = 0; i < count; i++)
        term_free(terms[i]);
}

static long rounds_of(long usual, uint64_t *seed)
{
    const char *text = getenv("TEXT_ROUNDS");
    if (!text)
        return test_short() ? usual / 8 : usual;
    *seed = strtoull(text, NULL, 10);
    return (long)*seed;
}

static void test_random_pairs(void **state)
{
    (void)state;
    uint64_t seed = 31;
    long rounds = rounds_of(64, &seed);
    struct counts counts = {0};
    for (long round = 0; round < rounds; round++)
        check_batch(&seed, &random_rules[round % 2], BATCH, random_term, &counts);
    /* The test is worth something: most terms parse, and many hit. */
    assert_true(counts.parsed * 2 > counts.tried);
    assert_true(counts.hits > (size_t)rounds * BATCH);
    print_message("%zu terms parsed of %zu, %zu pairs, %zu hits\n", counts.parsed, counts.tried,
                  counts.parsed * CONVERSATIONS, counts.hits);
}

/* Few phrases at a time: with many terms each word is asked for by itself, too. */
static void test_random_phrases(void **state)
{
    (void)state;
    uint64_t seed = 32;
    long rounds = rounds_of(4000, &seed);
    struct counts counts = {0};
    for (long round = 0; round < rounds; round++)
        check_batch(&seed, &random_rules[round % 2], 1 + random_below(&seed, 6), random_phrases,
                    &counts);
    assert_true(counts.parsed * 10 > counts.tried * 9);
    assert_true(counts.hits > (size_t)rounds);
    print_message("%zu phrases, %zu pairs, %zu hits\n", counts.parsed,
                  counts.parsed * CONVERSATIONS, counts.hits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_pairs),
                                       cmocka_unit_test(test_random_phrases)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
