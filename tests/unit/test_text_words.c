/* Words: folding, cutting, counting; equal to folding whole texts at once. */
#include "tests/support/support.h"

#include "queries/text/fold.h"
#include "queries/text/matcher.h"
#include "queries/text/word_edges.h"
#include "tests/support/term_reference.h"
#include "tests/support/text_random.h"

#include <stdlib.h>
#include <string.h>

struct seen {
    char words[1 << 16]; /* "word count\n" each, in order of bytes */
    size_t len;
};

static void note(void *context, uint32_t term, size_t leaf, struct span word, uint64_t count)
{
    struct seen *seen = context;
    assert_int_equal(term + leaf, 0);
    assert_true(seen->len + word.len + 32 < sizeof seen->words);
    memcpy(seen->words + seen->len, word.data, word.len);
    seen->len += word.len;
    seen->len +=
        (size_t)snprintf(seen->words + seen->len, 32, " %llu\n", (unsigned long long)count);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void expect_words(struct seen *expected, const char *text, size_t len,
                         const struct word_rules *rules, size_t *count)
{
    char *words = reference_words(text, len, rules, count);
    char **sorted = calloc(*count + 1, sizeof *sorted);
    char *at = words;
    for (size_t i = 0; i < *count; i++) {
        sorted[i] = at;
        at += strlen(at) + 1;
    }
    qsort(sorted, *count, sizeof *sorted, by_text);
    for (size_t i = 0, same; i < *count; i += same) {
        same = 1;
        while (i + same < *count && strcmp(sorted[i], sorted[i + same]) == 0)
            same++;
        note(expected, 0, 0, (struct span){sorted[i], strlen(sorted[i])}, same);
    }
    free(sorted);
    free(words);
}

/* A set whose only term is *, which every word matches. */
static struct term_set *every_word(const struct word_rules *rules, struct term **term)
{
    struct error err = ERROR_INIT;
    struct term_set *set = term_set_new(rules);
    uint32_t number;
    assert_ok(term_parse("*", 1, rules, term, NULL, &err), err);
    assert_ok(term_set_add(set, *term, WITHIN_TURN, &number, &err), err);
    assert_ok(term_set_compile(set, &err), err);
    return set;
}

static void print_points(const char *text, size_t len)
{
    fprintf(stderr, "text:");
    for (size_t i = 0; i < len;)
        fprintf(stderr, " %04X", (unsigned)fold_next(text, len, &i));
    fprintf(stderr, "\n");
}

/* Matches TEXT twice, the second time from the memo. */
static void check_text(struct matcher *matcher, const struct word_rules *rules, const char *text,
                       size_t len, bool check_seen)
{
    struct error err = ERROR_INIT;
    static struct seen expected, found;
    expected.len = found.len = 0;
    size_t count;
    expect_words(&expected, text, len, rules, &count);
    for (int turn = 0; turn < 2; turn++) {
        const struct text_hit *hits;
        size_t hit_count;
        uint64_t words = 0;
        char *exact = malloc(len ? len : 1); /* so that a read past the end is seen */
        memcpy(exact, text, len);
        assert_ok(matcher_begin(matcher, NULL, &err), err);
        assert_ok(matcher_turn(matcher, SIDE_PROMPT, 0, (struct span){exact, len}, &words, &err),
                  err);
        assert_ok(matcher_end(matcher, &hits, &hit_count, &err), err);
        free(exact);
        if (words != count) {
            print_points(text, len);
            fail_msg("words %llu, expected %zu", (unsigned long long)words, count);
        }
        if (turn == 0 && check_seen)
            assert_ok(matcher_leaf_words(matcher, note, &found, &err), err);
        assert_int_equal(hit_count, count > 0);
        if (count)
            assert_int_equal(hits[0].occurrences, count);
    }
    found.words[found.len] = expected.words[expected.len] = '\0';
    if (!check_seen)
        return;
    if (strcmp(found.words, expected.words) != 0)
        print_points(text, len);
    assert_string_equal(found.words, expected.words);
}

static void check_words(const char *alphabet, const char *text, const char *expected)
{
    struct word_rules rules = {.alphabet = alphabet};
    size_t count;
    char *words = reference_words(text, strlen(text), &rules, &count);
    char joined[512];
    size_t n = 0;
    const char *word = words;
    for (size_t i = 0; i < count; i++, word += strlen(word) + 1)
        n += (size_t)snprintf(joined + n, sizeof joined - n, "%s%s", i ? "|" : "", word);
    joined[n] = '\0';
    assert_string_equal(joined, expected);
    free(words);
    struct term *term;
    struct term_set *set = every_word(&rules, &term);
    struct matcher *matcher = matcher_new(set);
    matcher_list_words(matcher);
    check_text(matcher, &rules, text, strlen(text), true);
    matcher_free(matcher);
    term_set_free(set);
    term_free(term);
}

static void test_what_a_word_is(void **state)
{
    (void)state;
    check_words("", "Hello, World_2!", "hello|world_2");
    check_words("", "nytimes.com", "nytimes|com");
    check_words("", "don't don\xE2\x80\x99t", "don|t|don|t");
    check_words("'", "don't don\xE2\x80\x99t", "don't|don't");
    check_words("-", "e-mail e\xE2\x80\x91mail e\xE2\x80\x94mail", "e-mail|e-mail|e-mail");
    check_words("", "e-mail", "e|mail");
    check_words("",
                "STRASSE Stra\xC3\x9F"
                "e",
                "strasse|strasse");
    check_words("", "\xEF\xBC\xA1\xEF\xBC\xA2 \xEF\xAC\x81ne", "ab|fine");
    check_words("",
                "\xE6\x9D\xB1\xE4\xBA\xAC"
                "abc",
                "\xE6\x9D\xB1|\xE4\xBA\xAC|abc");
    /* Hiragana ka with a combining voiced mark is one word, composed. */
    check_words("", "\xE3\x81\x8B\xE3\x82\x99\xE3\x81\x8D", "\xE3\x81\x8C|\xE3\x81\x8D");
    check_words("", "\xE0\xB8\x81\xE0\xB8\xB4\xE0\xB8\x99",
                "\xE0\xB8\x81\xE0\xB8\xB4|\xE0\xB8\x99");
    check_words("", "\xED\x95\x9C\xEA\xB8\x80", "\xED\x95\x9C\xEA\xB8\x80");
    check_words("",
                "co\xC2\xADoperate a\xE2\x80\x8D"
                "b",
                "cooperate|ab");
    check_words("", "1\xC2\xBD", "11|2");
    check_words("", "\xCC\x81 a\xCC\x81", "\xC3\xA1");
    check_words("",
                "=\xCC\xB8"
                "a",
                "a");
    check_words("", "", "");
    check_words("", "... --- ...", "");
}

static void test_random_texts(void **state)
{
    (void)state;
    static const char *const alphabets[] = {"", "-", "'", "-'"};
    uint64_t seed = 20240229;
    int rounds = test_short() ? 4000 : 40000;
    for (size_t a = 0; a < 4; a++) {
        struct word_rules rules = {.alphabet = alphabets[a]};
        struct term *term;
        struct term_set *set = every_word(&rules, &term);
        struct matcher *matcher = matcher_new(set);
        for (int i = 0; i < rounds / 4; i++) {
            char text[4 * 60 + 1];
            bool fresh = i % 50 == 0, listing = i % 100 == 0;
            if (fresh) {
                matcher_free(matcher);
                matcher = matcher_new(set);
                assert_non_null(matcher);
                if (listing)
                    matcher_list_words(matcher);
            }
            size_t len = random_text(&seed, 1 + random_below(&seed, i % 5 ? 12 : 60), text);
            check_text(matcher, &rules, text, len, listing);
        }
        matcher_free(matcher);
        term_set_free(set);
        term_free(term);
    }
}

/* Every code point between letters, between marks, after a Han character. */
static void test_every_code_point(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct word_rules rules = {.alphabet = "-"};
    struct matcher *matcher = matcher_new_counting(&rules);
    static const char *const shapes[][2] = {{"ab", "cd"},
                                            {"\xE6\x9D\xB1", "x\xCC\x81"},
                                            {"e", "\xCC\x81"},
                                            {". ", "\xE3\x82\x99 z"},
                                            {"\xE1\x84\x80", "\xE1\x85\xA1o"}};
    int step = test_short() ? 97 : 3;
    for (int32_t c = 1; c < 0x110000; c += c < 0x3400 ? 1 : step) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
            char text[64];
            size_t n = strlen(shapes[s][0]);
            memcpy(text, shapes[s][0], n);
            n += fold_put(c, text + n);
            memcpy(text + n, shapes[s][1], strlen(shapes[s][1]));
            n += strlen(shapes[s][1]);
            size_t count;
            free(reference_words(text, n, &rules, &count));
            uint64_t words = 0;
            assert_ok(matcher_begin(matcher, NULL, &err), err);
            assert_ok(matcher_turn(matcher, SIDE_PROMPT, 0, (struct span){text, n}, &words, &err),
                      err);
            if (words != count)
                fail_msg("U+%04X in shape %zu: %llu words, expected %zu", (unsigned)c, s,
                         (unsigned long long)words, count);
        }
    }
    matcher_free(matcher);
}

/* The table equals what is worked out for one code point alone. */
static void test_table_agrees(void **state)
{
    (void)state;
    struct fold_table *table = fold_table_new(FOLD_APOSTROPHE);
    assert_non_null(table);
    for (int32_t c = 0; c < 0x110000; c++)
        if (c < 0xD800 || c > 0xDFFF)
            assert_int_equal(fold_table_kind(table, c), fold_kind(c, FOLD_APOSTROPHE));
    /* In these blocks, every character is a word, joins, or separates. */
    for (int32_t c = 0x4E00; c <= 0x9FFF; c++)
        assert_int_equal(fold_cut(table, c), CUT_SINGLE);
    for (int32_t c = 0xAC00; c <= 0xD7A3; c++)
        assert_int_equal(fold_cut(table, c), CUT_JOIN);
    for (int32_t c = 0xE000; c <= 0xF8FF; c++)
        assert_int_equal(fold_cut(table, c), CUT_SEPARATOR);
    assert_int_equal(fold_cut(table, 0x20000), CUT_SINGLE);
    assert_int_equal(fold_cut(table, 0xE0001), CUT_MARKS);
    assert_int_equal(fold_cut(table, 0x301), CUT_MARKS);
    assert_int_equal(fold_cut(table, 0x1161), CUT_REST);
    assert_int_equal(fold_cut(table, 0x2019), CUT_JOIN);
    assert_int_equal(fold_cut(table, 0x201C), CUT_SEPARATOR);
    fold_table_free(table);
}

static void test_edges_agree(void **state)
{
    (void)state;
    struct word_edges fast, portable;
    word_edges_init(&fast, FOLD_HYPHEN, false);
    word_edges_init(&portable, FOLD_HYPHEN, true);
    uint64_t seed = 7;
    for (int i = 0; i < 3000; i++) {
        char text[700];
        uint32_t a[800], b[800];
        uint64_t high_a[16], high_b[16];
        size_t len = random_below(&seed, 640), from = random_below(&seed, (uint32_t)len + 1);
        for (size_t j = 0; j < len; j++)
            text[j] = i % 3 ? (char)random_below(&seed, 256) : "ab -"[random_below(&seed, 4)];
        char *exact = malloc(len ? len : 1);
        memcpy(exact, text, len);
        bool inside_a = i & 1, inside_b = i & 1;
        size_t n = fast.find(&fast, exact, from, len, &inside_a, a, high_a);
        size_t m = portable.find(&portable, exact, from, len, &inside_b, b, high_b);
        for (size_t j = from; j < len; j++)
            if (exact[j] & 0x80)
                assert_true(high_a[(j - from) / 64] >> (j - from) % 64 & 1);
        free(exact);
        assert_int_equal(n, m);
        assert_int_equal(inside_a, inside_b);
        if (n)
            assert_memory_equal(a, b, n * sizeof *a);
    }
}

/* Texts longer than a block, and words longer than the memo's keys and than a block. */
static void test_long_texts(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct word_rules rules = {.alphabet = ""};
    struct matcher *matcher = matcher_new_counting(&rules);
    assert_non_null(matcher);
    for (size_t word = 1; word < 40000; word = word * 3 + 1) {
        size_t count = 100000 / word + 2, len = count * (word + 1);
        char *text = malloc(len);
        memset(text, 'a', len);
        for (size_t i = 1; i <= count; i++)
            text[i * (word + 1) - 1] = i % 2 ? ' ' : '\n';
        uint64_t words = 0;
        assert_ok(matcher_begin(matcher, NULL, &err), err);
        assert_ok(matcher_turn(matcher, SIDE_OUTPUT, 0, (struct span){text, len}, &words, &err),
                  err);
        assert_int_equal(words, count);
        free(text);
    }
    /* A megabyte of marks on one letter. */
    size_t len = 1 << 20;
    char *text = malloc(len + 1);
    text[0] = 'a';
    for (size_t i = 1; i < len; i += 2)
        memcpy(text + i, i % 4 == 1 ? "\xCC\x81" : "\xCC\xA3", 2);
    uint64_t words = 0;
    assert_ok(matcher_begin(matcher, NULL, &err), err);
    assert_ok(matcher_turn(matcher, SIDE_OUTPUT, 0, (struct span){text, len - 1}, &words, &err),
              err);
    assert_int_equal(words, 1);
    free(text);
    matcher_free(matcher);
}

static void test_broken_utf8_is_no_crash(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct matcher *matcher = matcher_new(NULL);
    uint64_t seed = 99;
    for (int i = 0; i < 3000; i++) {
        size_t len = random_below(&seed, 70);
        char *text = malloc(len ? len : 1);
        for (size_t j = 0; j < len; j++)
            text[j] = (char)(random_below(&seed, 2) ? random_below(&seed, 256)
                                                    : 0xE0 + random_below(&seed, 32));
        uint64_t words = 0;
        assert_ok(matcher_begin(matcher, NULL, &err), err);
        assert_ok(matcher_turn(matcher, SIDE_OUTPUT, 0, (struct span){text, len}, &words, &err),
                  err);
        assert_true(words <= len);
        free(text);
    }
    matcher_free(matcher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_a_word_is),
        cmocka_unit_test(test_random_texts),
        cmocka_unit_test(test_every_code_point),
        cmocka_unit_test(test_table_agrees),
        cmocka_unit_test(test_edges_agree),
        cmocka_unit_test(test_long_texts),
        cmocka_unit_test(test_broken_utf8_is_no_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
