/*
 * The pass over long messages: many blocks, all scripts, phrases whose words stand at the borders
 * of blocks, of runs and of texts. The vector paths, the portable ones and the slow evaluator
 * agree, on hits and on hashes of words.
 */
#include "tests/support/support.h"

#include "queries/text/matcher.h"
#include "tests/support/term_random.h"
#include "tests/support/text_random.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES = 40000, TURNS = 3 };

static const char *const words[] = {
    "the",
    "The",
    "of",
    "to",
    "a",
    "cat",
    "cats",
    "category",
    "write",
    "letter",
    "LETTER",
    "letters",
    "how",
    "however",
    "cover",
    "don't",
    "don’t",
    "naïve",
    "ｔｈｅ",
    "東京",
    "的",
    "中文的",
    "für",
    "Straße",
    "x",
    "15",
    "1500",
    "the—cat",
    "“the",
    "cat”",
    "кот",
    "ไทย",
    "aaaaaaaaaaaaaaaa",
    "aaaaaaaaaaaaaaaaa",
    "一個很長的中文句子沒有空格the也沒有停頓的貓cat的",
    "cover's",
    "cover’s",
    "l’cat",
    "the的cat",
    "l\u0301etter",
};
static const char *const gaps[] = {" ", " ", " ", " ", " ", "\n", ", ", "-", " — ", ". ", "      "};

static const char *const sources[] = {
    "\"the cat\"",
    "\"write a letter\"",
    "\"how to\"",
    "\"cover letter\" OR \"the category\"",
    "\"of the cat\" w/5 letter",
    "\"to the\" OR kot",
    "cat",
    "cat*",
    "\"the cat\" AND \"cats of\"",
    "contains(prompt, \"how to write\")",
    "contains(output, the w/2 cats)",
    "\"a cat a\"",
    "\"don't write\"",
    "\"cover's to\"",
    "\"to l’cat\" OR \"how l cat to\"",
    "\"的 cat\"",
    "\"the 的\"",
    "\"the the\"",
    "\"xfirstword the\"",
    "\"cat xlastword\"",
    "aaaaaaaaaaaaaaaa",
    "\"aaaaaaaaaaaaaaaa the\"",
    "\"aaaaaaaaaaaaaaaaa the\"",
    "lette?",
    "1~~20 pre/3 of",
    "\"cats~ of\"",
    "NOT \"letters how\"",
    "\"a a a a a a a a a the\" OR \"of naïve\"",
};
enum { SOURCES = sizeof sources / sizeof *sources };

static size_t long_text(uint64_t *seed, size_t bytes, char *out)
{
    size_t n = 0;
    while (n + 200 < bytes) {
        const char *word = words[random_below(seed, sizeof words / sizeof *words)];
        const char *gap = gaps[random_below(seed, sizeof gaps / sizeof *gaps)];
        if (random_below(seed, 9) == 0) {
            n += random_text(seed, 1 + random_below(seed, 12), out + n);
            word = "";
        }
        memcpy(out + n, word, strlen(word));
        n += strlen(word);
        memcpy(out + n, gap, strlen(gap));
        n += strlen(gap);
    }
    return n;
}

static size_t match(struct matcher *matcher, const struct reference_conversation *conversation,
                    const struct text_hit **hits)
{
    struct error err = ERROR_INIT;
    size_t count;
    uint64_t counted = 0;
    assert_ok(matcher_begin(matcher, NULL, &err), err);
    for (size_t t = 0; t < conversation->turn_count; t++) {
        const struct reference_turn *turn = &conversation->turns[t];
        assert_ok(matcher_turn(matcher, turn->side, turn->exchange, turn->text, &counted, &err),
                  err);
    }
    assert_ok(matcher_end(matcher, hits, &count, &err), err);
    return count;
}

static void assert_same_hits(const struct text_hit *a, const struct text_hit *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(a[i].number, b[i].number);
        assert_int_equal(a[i].turns, b[i].turns);
        assert_int_equal(a[i].occurrences, b[i].occurrences);
        assert_int_equal(a[i].prompt_only, b[i].prompt_only);
        assert_int_equal(a[i].output_only, b[i].output_only);
        assert_int_equal(a[i].exchange_count, b[i].exchange_count);
        if (a[i].exchange_count)
            assert_memory_equal(a[i].exchanges, b[i].exchanges,
                                a[i].exchange_count * sizeof *a[i].exchanges);
    }
}

/* The terms SOURCES that DROP does not leave out, compiled. */
static struct term_set *compile(struct term **terms, unsigned drop)
{
    struct error err = ERROR_INIT;
    struct term_set *set = term_set_new(NULL);
    assert_non_null(set);
    for (size_t i = 0; i < SOURCES; i++) {
        uint32_t number;
        terms[i] = NULL;
        if (drop && i % drop == 0)
            continue;
        assert_ok(term_parse(sources[i], strlen(sources[i]), NULL, &terms[i], NULL, &err), err);
        assert_ok(term_set_add(set, terms[i], WITHIN_TURN, &number, &err), err);
    }
    assert_ok(term_set_compile(set, &err), err);
    return set;
}

static void check_against_reference(struct term *const *terms,
                                    const struct reference_conversation *conversation,
                                    const struct text_hit *hits, size_t count)
{
    size_t at = 0;
    uint32_t number = 0;
    for (size_t i = 0; i < SOURCES; i++) {
        if (!terms[i])
            continue;
        struct text_hit expected = {.number = 0};
        bool hit = reference_evaluate(terms[i], WITHIN_TURN, NULL, conversation, &expected);
        bool found = at < count && hits[at].number == number;
        if (hit != found || (hit && (hits[at].occurrences != expected.occurrences ||
                                     hits[at].turns != expected.turns)))
            fail_msg("%s: found %d, %u occurrences; expected %d, %u", sources[i], found,
                     found ? hits[at].occurrences : 0, hit, expected.occurrences);
        at += found;
        number++;
        free((void *)(uintptr_t)expected.exchanges);
    }
    assert_int_equal(at, count);
}

static void test_paths_agree(void **state)
{
    (void)state;
    uint64_t seed = 11;
    static char texts[TURNS][TEXT_BYTES + 1000];
    size_t found = 0;
    const unsigned rounds = test_short() ? 4 : 16;
    for (unsigned round = 0; round < rounds; round++) {
        struct term *terms[SOURCES];
        struct term_set *set = compile(terms, round % 4 ? 2 + round % 4 : 0);
        struct matcher *vector = matcher_new(set), *portable = matcher_new_portable(set);
        assert_non_null(vector);
        assert_non_null(portable);
        for (int c = 0; c < 6; c++) {
            struct reference_turn turns[TURNS];
            for (size_t t = 0; t < TURNS; t++) {
                size_t most = c % 2 ? 300 + random_below(&seed, 200)
                                    : 1000 + random_below(&seed, TEXT_BYTES / 8);
                size_t len = long_text(&seed, most, texts[t]);
                turns[t] = (struct reference_turn){
                    t == 1 ? SIDE_OUTPUT : SIDE_PROMPT, (uint32_t)t, {texts[t], len}};
            }
            struct reference_conversation conversation = {NULL, 0, turns, TURNS};
            const struct text_hit *a, *b;
            size_t count = match(vector, &conversation, &a);
            assert_int_equal(match(portable, &conversation, &b), count);
            assert_same_hits(a, b, count);
            check_against_reference(terms, &conversation, a, count);
            found += count;
        }
        matcher_free(vector);
        matcher_free(portable);
        term_set_free(set);
        for (size_t i = 0; i < SOURCES; i++)
            term_free(terms[i]);
    }
    assert_true(found > (size_t)rounds * 40);
}

/* Texts longer than many blocks: only the two paths are compared. */
static void test_long_texts_agree(void **state)
{
    (void)state;
    uint64_t seed = 12;
    static char text[TEXT_BYTES + 1000];
    struct term *terms[SOURCES];
    struct term_set *set = compile(terms, 0);
    struct matcher *vector = matcher_new(set), *portable = matcher_new_portable(set);
    assert_non_null(vector);
    assert_non_null(portable);
    for (int c = 0; c < 20; c++) {
        size_t len = long_text(&seed, TEXT_BYTES, text);
        struct reference_turn turn = {SIDE_PROMPT, 0, {text, len}};
        struct reference_conversation conversation = {NULL, 0, &turn, 1};
        const struct text_hit *a, *b;
        size_t count = match(vector, &conversation, &a);
        assert_true(count > 5);
        assert_int_equal(match(portable, &conversation, &b), count);
        assert_same_hits(a, b, count);
    }
    matcher_free(vector);
    matcher_free(portable);
    term_set_free(set);
    for (size_t i = 0; i < SOURCES; i++)
        term_free(terms[i]);
}

/* The hashes of words are those of the folded words of the whole text. */
static void check_hashes(struct matcher *matcher, const struct word_key *key, const char *text,
                         size_t len)
{
    struct error err = ERROR_INIT;
    uint64_t counted = 0;
    size_t count, expected;
    assert_ok(matcher_begin(matcher, NULL, &err), err);
    assert_ok(matcher_turn(matcher, SIDE_PROMPT, 0, (struct span){text, len}, &counted, &err), err);
    const uint64_t *hashes = matcher_hashes(matcher, &count);
    char *folded = reference_words(text, len, NULL, &expected);
    assert_int_equal(count, expected);
    assert_int_equal(counted, expected);
    const char *word = folded;
    for (size_t i = 0; i < count; i++) {
        if (hashes[i] != word_hash(key, word, strlen(word)))
            fail_msg("word %zu, %s, has another hash", i, word);
        word += strlen(word) + 1;
    }
    free(folded);
}

static void test_hashes(void **state)
{
    (void)state;
    uint64_t seed = 13;
    struct error err = ERROR_INIT;
    struct word_key key;
    static char text[TEXT_BYTES + 1000];
    assert_ok(word_key_draw(&key, &err), err);
    struct term *terms[SOURCES];
    struct term_set *set = compile(terms, 0);
    struct matcher *matcher = matcher_new(set);
    assert_non_null(matcher);
    assert_ok(matcher_keep_hashes(matcher, &key, &err), err);
    for (int c = 0; c < 12; c++)
        check_hashes(matcher, &key, text, long_text(&seed, c % 3 ? 500 : TEXT_BYTES, text));
    matcher_free(matcher);
    term_set_free(set);
    for (size_t i = 0; i < SOURCES; i++)
        term_free(terms[i]);
}

/*
 * Thousands of distinct words, so that all slots of the table of known words are fought for: by
 * words without a hit, by words with one, and by those that the table does not take, which are as
 * long as a run or matched by several leaves.
 */
static void test_hashes_of_many_words(void **state)
{
    (void)state;
    static const char *const leaves[] = {"a*", "*e"};
    static const char *const before[] = {"\u00e9", "a000000000", "a"};
    static const char *const after[] = {" ", " ", "e "};
    enum { WORDS = 7500, LEAVES = 2, SHAPES = 3, WORD_BYTES = 20 };
    struct error err = ERROR_INIT;
    struct word_key key;
    struct term *terms[LEAVES];
    struct term_set *set = term_set_new(NULL);
    assert_non_null(set);
    for (size_t i = 0; i < LEAVES; i++) {
        uint32_t number;
        assert_ok(term_parse(leaves[i], strlen(leaves[i]), NULL, &terms[i], NULL, &err), err);
        assert_ok(term_set_add(set, terms[i], WITHIN_TURN, &number, &err), err);
    }
    assert_ok(term_set_compile(set, &err), err);
    assert_ok(word_key_draw(&key, &err), err);
    static char text[WORDS * WORD_BYTES + 64];
    for (int portable = 0; portable < 2; portable++) {
        uint64_t seed = 14;
        struct matcher *matcher = portable ? matcher_new_portable(set) : matcher_new(set);
        assert_non_null(matcher);
        assert_ok(matcher_keep_hashes(matcher, &key, &err), err);
        for (int step = 0; step < 12; step++) {
            size_t len = 0;
            for (unsigned w = 0; w < WORDS; w++) {
                uint32_t shape = random_below(&seed, SHAPES);
                len += (size_t)snprintf(text + len, sizeof text - len, "%s%06u%s", before[shape],
                                        random_below(&seed, WORDS / SHAPES), after[shape]);
            }
            check_hashes(matcher, &key, text, len);
        }
        matcher_free(matcher);
    }
    term_set_free(set);
    for (size_t i = 0; i < LEAVES; i++)
        term_free(terms[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths_agree), cmocka_unit_test(test_long_texts_agree),
        cmocka_unit_test(test_hashes), cmocka_unit_test(test_hashes_of_many_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
