/* What each form of the term language matches, what is counted, and hostile texts. */
#include "tests/support/support.h"

#include "queries/text/matcher.h"

#include <stdlib.h>
#include <string.h>

static char the[] = "the", title[] = "title";
static char *noise[] = {the};
static char *fields[] = {title};
static const struct word_rules rules = {
    .alphabet = "", .noise = noise, .noise_count = 1, .fields = fields, .field_count = 1};

struct line {
    enum text_side side;
    uint32_t exchange;
    const char *text;
};

struct result {
    bool hit;
    struct text_hit of;
    char exchanges[64];
};

static struct result match(const char *source, enum term_within within, const char *field,
                           const struct line *lines, size_t count)
{
    struct error err = ERROR_INIT;
    struct term *term;
    struct term_set *set = term_set_new(&rules);
    uint32_t number;
    if (term_parse(source, strlen(source), &rules, &term, NULL, &err) != STATUS_OK)
        fail_msg("%s: %s", source, err.text);
    assert_ok(term_set_add(set, term, within, &number, &err), err);
    assert_ok(term_set_compile(set, &err), err);
    struct matcher *matcher = matcher_new(set);
    struct span spans[1] = {{field, field ? strlen(field) : 0}};
    const struct text_hit *hits;
    size_t hit_count;
    assert_ok(matcher_begin(matcher, spans, &err), err);
    for (size_t i = 0; i < count; i++) {
        uint64_t words = 0;
        assert_ok(matcher_turn(matcher, lines[i].side, lines[i].exchange,
                               (struct span){lines[i].text, strlen(lines[i].text)}, &words, &err),
                  err);
    }
    assert_ok(matcher_end(matcher, &hits, &hit_count, &err), err);
    struct result result = {.hit = hit_count == 1};
    if (hit_count) {
        result.of = hits[0];
        size_t n = 0;
        for (uint32_t i = 0; i < hits[0].exchange_count; i++)
            n += (size_t)snprintf(result.exchanges + n, sizeof result.exchanges - n, "%s%u",
                                  i ? "," : "", (unsigned)hits[0].exchanges[i]);
    }
    matcher_free(matcher);
    term_set_free(set);
    term_free(term);
    return result;
}

/* Occurrences of a term in one prompt; 0 is no hit at all. */
static void check(const char *source, const char *text, uint32_t occurrences)
{
    struct line line = {SIDE_PROMPT, 0, text};
    struct result result = match(source, WITHIN_CONVERSATION, NULL, &line, 1);
    if (result.hit != (occurrences > 0) || result.of.occurrences != occurrences)
        fail_msg("%s in \"%s\": %u, expected %u", source, text, (unsigned)result.of.occurrences,
                 (unsigned)occurrences);
}

static void test_words_and_phrases(void **state)
{
    (void)state;
    check("apple", "Apple apples, APPLE.", 2);
    check("apple pear", "apple pear, apple\npear; apple plum pear", 2);
    check("\"apple and pear\"", "apple and pear", 1);
    check("nytimes.com", "see www.nytimes.com/x", 1);
    check("nytimes.com", "nytimes dot com", 0);
    check("don't", "don\xE2\x80\x99t do it", 1);
    check("a a a", "a a a a", 2);
    /* A noise word in a phrase is any one word, and keeps its place. */
    check("king of the hill", "king of a hill", 1);
    check("king of the hill", "king of hill", 0);
    check("the hill", "hill", 0);
    check("the", "the a the", 2);
    check("\xE6\x9D\xB1\xE4\xBA\xAC", "\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD", 1);
}

static void test_patterns(void **state)
{
    (void)state;
    check("appl*", "apple applied appl ape", 3);
    check("*ing", "ing being ringed", 2);
    check("a*e*", "axe ae apex eat", 3);
    check("p?ar",
          "pear par pair p\xC3\xA9"
          "ar",
          2);
    check("p?r", "p\xC3\xA9r", 1);
    check("5=", "50 5 5x 500 5\xD9\xA3", 2);
    check("appl* pear", "apples pear", 1);
    check("apply~", "applied applies applying apple", 3);
    check("ba%nana", "banana bxnana bnana baxnana xanana bananas", 3);
    check("ba%%nana", "banana baaan baxxnana baxxxnana", 3);
    check("12~~24", "11 12 018 24 25 1x 15.5", 4);
}

static void test_proximity(void **state)
{
    (void)state;
    check("a w/2 b", "a x b", 1);
    check("a w/2 b", "a x x b", 0);
    check("a w/2 b", "b x a", 1);
    check("a pre/2 b", "b x a", 0);
    check("a pre/2 b", "a x b", 1);
    check("a w/3 a", "a x a", 1);
    check("a w/3 a", "a", 0);
    check("\"a b\" w/1 c", "a b c", 1);
    check("\"a b\" w/1 \"b c\"", "a b c", 0); /* they overlap */
    check("a w/5 b", "a a b", 1);             /* one maximal hit */
    check("a w/2 b", "a x b x a", 2);
    check("a w/2 b w/2 c", "a b x c", 1);
    check("(a w/1 b) w/1 c", "b a x c", 0);
    check("a not w/2 b", "a x x b", 1);
    check("a not w/2 b", "a x b a", 0);
    check("a not w/2 b", "a x x x b x x a", 2);
    check("a not w/3 \"a b\"", "a b x x x x a", 1); /* what overlaps is within */
    check("xfirstword w/2 a", "x a", 1);
    check("xfirstword w/2 a", "x x a", 0);
    check("a pre/1 xlastword", "x a.", 1);
    check("a pre/1 xlastword", "a x", 0);
    struct line turns[] = {{SIDE_PROMPT, 0, "x a"}, {SIDE_OUTPUT, 0, "b x"}};
    assert_false(match("a w/50 b", WITHIN_CONVERSATION, NULL, turns, 2).hit);
    assert_false(match("a b", WITHIN_CONVERSATION, NULL, turns, 2).hit);
    assert_false(match("xlastword xfirstword", WITHIN_CONVERSATION, NULL, turns, 2).hit);
}

static void test_booleans_and_spans(void **state)
{
    (void)state;
    struct line turns[] = {{SIDE_PROMPT, 0, "a x"},
                           {SIDE_OUTPUT, 0, "b"},
                           {SIDE_PROMPT, 4, "a b"},
                           {SIDE_OUTPUT, 4, "c"}};
    struct result r = match("a AND b", WITHIN_TURN, NULL, turns, 4);
    assert_true(r.hit);
    assert_int_equal(r.of.occurrences, 2);
    assert_int_equal(r.of.turns, 1);
    assert_true(r.of.prompt_only);
    assert_string_equal(r.exchanges, "4");
    r = match("a AND b", WITHIN_EXCHANGE, NULL, turns, 4);
    assert_int_equal(r.of.occurrences, 4);
    assert_int_equal(r.of.turns, 3);
    assert_false(r.of.prompt_only || r.of.output_only);
    assert_string_equal(r.exchanges, "0,4");
    r = match("a AND NOT c", WITHIN_EXCHANGE, NULL, turns, 4);
    assert_int_equal(r.of.occurrences, 1);
    assert_string_equal(r.exchanges, "0");
    assert_false(match("a AND NOT c", WITHIN_CONVERSATION, NULL, turns, 4).hit);
    r = match("NOT a", WITHIN_TURN, NULL, turns, 4);
    assert_true(r.hit);
    assert_int_equal(r.of.occurrences, 0);
    assert_false(r.of.prompt_only || r.of.output_only);
    assert_string_equal(r.exchanges, "0,4");
    r = match("c OR z", WITHIN_CONVERSATION, NULL, turns, 4);
    assert_true(r.of.output_only);
    assert_string_equal(r.exchanges, "4");
    /* A word in a phrase that also hits is not counted twice. */
    r = match("a OR \"a b\"", WITHIN_CONVERSATION, NULL, turns, 4);
    assert_int_equal(r.of.occurrences, 2);
    assert_true(match("NOT a", WITHIN_CONVERSATION, NULL, NULL, 0).hit);
    assert_false(match("NOT a", WITHIN_TURN, NULL, NULL, 0).hit);
}

static void test_contains(void **state)
{
    (void)state;
    struct line turns[] = {{SIDE_PROMPT, 0, "a b"},
                           {SIDE_OUTPUT, 0, "a c"},
                           {SIDE_SYSTEM, 1, "d"},
                           {SIDE_TOOL, 1, "e"}};
    assert_int_equal(match("contains(prompt, a)", WITHIN_TURN, NULL, turns, 4).of.turns, 1);
    assert_true(match("contains(output, a w/1 c)", WITHIN_TURN, NULL, turns, 4).of.output_only);
    assert_false(match("contains(output, b)", WITHIN_TURN, NULL, turns, 4).hit);
    assert_true(
        match("contains(system, d) AND contains(tool, e)", WITHIN_EXCHANGE, NULL, turns, 4).hit);
    assert_false(match("contains(prompt, contains(output, a))", WITHIN_TURN, NULL, turns, 4).hit);
    /* A record field is seen by contains() only, and holds for all spans of the conversation. */
    assert_false(match("news", WITHIN_CONVERSATION, "Old news", turns, 4).hit);
    struct result r = match("contains(title, old news)", WITHIN_TURN, "Old news", turns, 4);
    assert_true(r.hit);
    assert_int_equal(r.of.occurrences, 0);
    assert_string_equal(r.exchanges, "0,1");
    r = match("contains(title, news) AND a", WITHIN_TURN, "Old news", turns, 4);
    assert_int_equal(r.of.occurrences, 2);
    assert_string_equal(r.exchanges, "0");
    assert_false(match("contains(title, news) AND a", WITHIN_TURN, NULL, turns, 4).hit);
}

struct words {
    char text[4096];
    size_t len;
};

static void note(void *context, uint32_t term, size_t leaf, struct span word, uint64_t count)
{
    struct words *words = context;
    words->len += (size_t)snprintf(words->text + words->len, sizeof words->text - words->len,
                                   "%u.%zu %.*s %llu\n", (unsigned)term, leaf, (int)word.len,
                                   word.data, (unsigned long long)count);
}

static void test_leaf_words(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    static const char *const sources[] = {"app* w/3 pear", "pear"};
    struct term *terms[2];
    struct term_set *set = term_set_new(&rules);
    for (size_t i = 0; i < 2; i++) {
        uint32_t number;
        assert_ok(term_parse(sources[i], strlen(sources[i]), &rules, &terms[i], NULL, &err), err);
        assert_ok(term_set_add(set, terms[i], WITHIN_TURN, &number, &err), err);
    }
    assert_ok(term_set_compile(set, &err), err);
    struct matcher *matcher = matcher_new(set);
    matcher_list_words(matcher);
    for (int i = 0; i < 3; i++) {
        uint64_t words = 0;
        static const char text[] = "Apple pear apples APPLE nothing";
        assert_ok(matcher_begin(matcher, NULL, &err), err);
        assert_ok(
            matcher_turn(matcher, SIDE_TOOL, 0, (struct span){text, sizeof text - 1}, &words, &err),
            err);
        assert_int_equal(words, 5);
    }
    struct words words = {.len = 0};
    assert_ok(matcher_leaf_words(matcher, note, &words, &err), err);
    assert_string_equal(words.text, "0.0 apple 6\n0.0 apples 3\n0.1 pear 3\n1.0 pear 3\n");
    matcher_free(matcher);
    term_set_free(set);
    term_free(terms[0]);
    term_free(terms[1]);
}

static struct text_hit match_repeated(const char *source, const char *unit, size_t times,
                                      size_t turns)
{
    struct error err = ERROR_INIT;
    size_t unit_len = strlen(unit);
    char *text = malloc(unit_len * times);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * unit_len, unit, unit_len);
    struct term *term;
    struct term_set *set = term_set_new(&rules);
    uint32_t number;
    assert_ok(term_parse(source, strlen(source), &rules, &term, NULL, &err), err);
    assert_ok(term_set_add(set, term, WITHIN_EXCHANGE, &number, &err), err);
    assert_ok(term_set_compile(set, &err), err);
    struct matcher *matcher = matcher_new(set);
    const struct text_hit *hits;
    size_t count;
    assert_ok(matcher_begin(matcher, NULL, &err), err);
    for (size_t t = 0; t < turns; t++) {
        uint64_t words = 0;
        assert_ok(matcher_turn(matcher, SIDE_PROMPT, (uint32_t)t,
                               (struct span){text, unit_len * times}, &words, &err),
                  err);
    }
    assert_ok(matcher_end(matcher, &hits, &count, &err), err);
    struct text_hit hit = {0};
    if (count)
        hit = hits[0];
    hit.exchanges = NULL;
    matcher_free(matcher);
    term_set_free(set);
    term_free(term);
    free(text);
    return hit;
}

/* Long texts of matching words and many turns take no quadratic time. */
static void test_dense_texts(void **state)
{
    (void)state;
    size_t n = test_short() ? 100000 : 1000000;
    assert_int_equal(match_repeated("a", "a ", n, 1).occurrences, n);
    assert_int_equal(match_repeated("a a a", "a ", n, 1).occurrences, n - 2);
    assert_int_equal(match_repeated("a w/1000000 b", "a b ", n / 2, 1).occurrences, 1);
    assert_int_equal(match_repeated("a w/5 b", "a b ", n / 2, 1).occurrences, n - 5);
    assert_int_equal(match_repeated("a w/5 b w/1000 a", "a b ", n / 2, 1).turns, 1);
    assert_int_equal(match_repeated("a w/3 b w/3 a w/3 b", "a b ", n / 10, 1).turns, 1);
    assert_int_equal(match_repeated("a not w/5 b", "a b ", n / 2, 1).occurrences, 0);
    assert_int_equal(match_repeated("a AND b", "a b ", 1, 100000).exchange_count, 100000);
    assert_int_equal(match_repeated("NOT z", "a b ", 1, 100000).exchange_count, 100000);
    assert_int_equal(match_repeated("*", "abcdefghijklmnopqrstuvwxyz", n / 10, 1).occurrences, 1);
}

static void test_many_terms(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    uint32_t count = test_short() ? 5000 : 100000;
    struct term **terms = calloc(count, sizeof *terms);
    struct term_set *set = term_set_new(&rules);
    for (uint32_t i = 0; i < count; i++) {
        char source[64];
        static const char *const shapes[][2] = {
            {"word", ""}, {"\"x", " y\""}, {"w", "*"}, {"*z", ""}, {"a", " w/5 b"}};
        snprintf(source, sizeof source, "%s%u%s", shapes[i % 5][0], (unsigned)i, shapes[i % 5][1]);
        uint32_t number;
        assert_ok(term_parse(source, strlen(source), &rules, &terms[i], NULL, &err), err);
        assert_ok(term_set_add(set, terms[i], WITHIN_TURN, &number, &err), err);
    }
    assert_int_equal(term_set_count(set), count);
    assert_ok(term_set_compile(set, &err), err);
    struct matcher *matcher = matcher_new(set);
    static const char text[] = "word10 x11 y w12345z23 a4 b";
    uint64_t words = 0;
    const struct text_hit *hits;
    size_t hit_count;
    assert_ok(matcher_begin(matcher, NULL, &err), err);
    assert_ok(
        matcher_turn(matcher, SIDE_PROMPT, 0, (struct span){text, sizeof text - 1}, &words, &err),
        err);
    assert_ok(matcher_end(matcher, &hits, &hit_count, &err), err);
    static const uint32_t expected[] = {4, 10, 11, 12, 23};
    uint32_t seen = 0;
    for (size_t i = 0; i < hit_count; i++)
        seen += seen < 5 && hits[i].number == expected[seen];
    assert_int_equal(seen, 5);
    matcher_free(matcher);
    term_set_free(set);
    for (uint32_t i = 0; i < count; i++)
        term_free(terms[i]);
    free((void *)terms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_and_phrases), cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_proximity),         cmocka_unit_test(test_booleans_and_spans),
        cmocka_unit_test(test_contains),          cmocka_unit_test(test_leaf_words),
        cmocka_unit_test(test_dense_texts),       cmocka_unit_test(test_many_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
