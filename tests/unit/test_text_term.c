/* The term language: normal forms, precedence, errors with places and rewrites, warnings, lists. */
#include "tests/support/support.h"

#include "queries/text/term.h"
#include "queries/text/term_list.h"

#include <stdlib.h>
#include <string.h>

static char the[] = "the", of[] = "OF", title[] = "title";
static char *noise[] = {the, of};
static char *fields[] = {title};
static const struct word_rules rules = {
    .alphabet = "", .noise = noise, .noise_count = 2, .fields = fields, .field_count = 1};

static struct term *parse(const char *source)
{
    struct error err = ERROR_INIT;
    struct term *term;
    if (term_parse(source, strlen(source), &rules, &term, NULL, &err) != STATUS_OK)
        fail_msg("%s: %s", source, err.text);
    return term;
}

static void check_form(const char *source, const char *form)
{
    struct term *term = parse(source);
    char *found = term_normal_form(term);
    assert_string_equal(found, form);
    struct term *again = parse(found);
    char *second = term_normal_form(again);
    assert_string_equal(second, form);
    free(found);
    free(second);
    term_free(term);
    term_free(again);
}

static void check_fails(const char *source, size_t at, const char *text, const char *hint)
{
    struct error err = ERROR_INIT;
    struct term *term = NULL;
    struct term_note note = {0};
    enum status status = term_parse(source, strlen(source), &rules, &term, &note, &err);
    if (status != STATUS_PLAN)
        fail_msg("%s: status %d", source, (int)status);
    assert_null(term);
    if (!strstr(err.text, text) || !(strstr(note.text, text) || strncmp(text, "column", 6) == 0))
        fail_msg("%s: %s", source, err.text);
    if (!strstr(err.hint, hint))
        fail_msg("%s: hint: %s", source, err.hint);
    assert_int_equal(note.at, at);
    /* A rewrite in normal forms is itself a term. */
    static const char *const rewritten[] = {"NOT needs", "NOT cannot stand", "AND cannot stand"};
    for (size_t i = 0; i < 3; i++)
        if (strstr(note.text, rewritten[i]) && !strstr(err.hint, "outside"))
            term_free(parse(err.hint + strlen("write ")));
    char *caret = term_caret(source, strlen(source), &note);
    assert_non_null(strchr(caret, '^'));
    free(caret);
}

static void check_warns(const char *source, size_t count, const char *text)
{
    struct term *term = parse(source);
    if (term_warning_count(term) != count)
        fail_msg("%s: %zu warnings", source, term_warning_count(term));
    if (count && !strstr(term_warning(term, 0)->text, text))
        fail_msg("%s: %s", source, term_warning(term, 0)->text);
    term_free(term);
}

static void test_forms(void **state)
{
    (void)state;
    check_form("apple", "apple");
    check_form("Apple  PEAR", "\"apple pear\"");
    check_form("\"apple pear\"", "\"apple pear\"");
    check_form("\"##ap+le\"", "\"##ap+le\"");
    check_form("Apple \"##P.*\" pear", "\"apple\" \"##P.*\" \"pear\"");
    check_form("\"apple pear\" plum", "\"apple pear plum\"");
    check_form("nytimes.com", "\"nytimes com\"");
    check_form("don\xE2\x80\x99t", "\"don t\"");
    check_form("\"and\"", "\"and\"");
    check_form("\"black and white\"", "\"black and white\"");
    check_form("a AND b", "(a AND b)");
    check_form("a and b Or c", "(a AND (b OR c))");
    check_form("NOT a", "(NOT a)");
    check_form("a AND NOT b", "(a AND (NOT b))");
    check_form("a OR NOT b", "(a OR (NOT b))");
    check_form("(a AND b) AND c", "(a AND b AND c)");
    check_form("a w/5 b", "(a w/5 b)");
    check_form("a PRE/05 b", "(a pre/5 b)");
    check_form("a not w/5 b", "(a not w/5 b)");
    check_form("a NOT  W/5 b", "(a not w/5 b)");
    check_form("a w/5 b pre/3 c", "((a w/5 b) pre/3 c)");
    check_form("xfirstword w/3 a", "(xfirstword w/3 a)");
    check_form("\"xfirstword\"", "\"xfirstword\"");
    check_form("xfirstword apple pear xlastword", "xfirstword \"apple pear\" xlastword");
    check_form("app** p?ar 1= appl~ ba%nan%a", "\"app* p?ar 1= appl~ ba%%nana\"");
    check_form("12~~24", "12~~24");
    check_form("$12~~24, x", "\"12~~24 x\"");
    check_form("012~~24 apples", "\"12~~24 apples\"");
    check_form("contains(prompt, apple pear)", "contains(prompt, \"apple pear\")");
    check_form("CONTAINS( title , a)", "contains(title, a)");
}

static void test_precedence(void **state)
{
    (void)state;
    /* phrase, contains, proximity, NOT, OR, AND */
    check_form("a b w/2 c d", "(\"a b\" w/2 \"c d\")");
    check_form("contains(prompt, a) w/2 b", "(contains(prompt, a) w/2 b)");
    check_form("NOT a w/2 b", "(NOT (a w/2 b))");
    check_form("NOT a OR b", "((NOT a) OR b)");
    check_form("a AND b OR c AND d", "(a AND (b OR c) AND d)");
    check_form("a OR b w/2 c", "(a OR (b w/2 c))");
}

static void test_booleans_leave_proximity(void **state)
{
    (void)state;
    check_form("(a AND b) w/5 c", "((a w/5 c) AND (b w/5 c))");
    check_form("c pre/5 (a AND b)", "((c pre/5 a) AND (c pre/5 b))");
    check_form("(a OR b) w/5 (c OR d)", "((a OR b) w/5 (c OR d))");
    check_form("(a OR (b AND c)) w/5 d", "((a w/5 d) OR ((b w/5 d) AND (c w/5 d)))");
    check_form("(a AND b) not w/5 c", "((a not w/5 c) AND (b not w/5 c))");
    check_form("contains(output, a AND NOT b)",
               "(contains(output, a) AND (NOT contains(output, b)))");
    check_form("contains(prompt, a AND b) w/5 c",
               "((contains(prompt, a) w/5 c) AND (contains(prompt, b) w/5 c))");
}

static void test_errors(void **state)
{
    (void)state;
    check_fails("a NOT b", 2, "NOT needs AND or OR", "write a AND (NOT b)");
    check_fails("(NOT a) w/5 b", 8, "NOT cannot stand", "write b not w/5 a");
    check_fails("a w/5 NOT b", 2, "NOT cannot stand", "write a not w/5 b");
    check_fails("(a AND NOT b) w/5 c", 14, "NOT cannot stand", "write (a w/5 c) AND NOT (b w/5 c)");
    check_fails("(a AND b) w/5 (c AND d)", 10, "both sides",
                "write (a w/5 c) AND (a w/5 d) AND (b w/5 c) AND (b w/5 d)");
    check_fails("a not w/5 (b AND c)", 2, "right side of not w/",
                "write (a not w/5 b) OR (a not w/5 c)");
    check_fails("(NOT a) pre/5 b", 8, "NOT cannot stand", "write NOT (a pre/5 b)");
    check_fails("(a OR NOT b) w/5 c", 13, "NOT cannot stand", "write (a w/5 c) OR NOT (b w/5 c)");
    check_fails("(a AND NOT b) w/5 (c AND d)", 14, "NOT cannot stand",
                "write (a w/5 c) AND (a w/5 d) AND NOT ((b w/5 c) AND (b w/5 d))");
    check_fails("(a AND NOT b) w/5 (NOT d)", 14, "NOT cannot stand",
                "write NOT outside of the parentheses");
    check_fails(
        "((a AND b) OR c) w/5 (d AND e)", 17, "both sides",
        "write ((a w/5 d) AND (a w/5 e) AND (b w/5 d) AND (b w/5 e)) OR ((c w/5 d) AND (c w/5 "
        "e))");
    check_fails("a not w/5 (b OR (c AND d))", 2, "right side of not w/",
                "write (a not w/5 b) AND ((a not w/5 c) OR (a not w/5 d))");
    check_fails("\xE6\x9D\xB1 NOT b", 4, "column 3:", "write \xE6\x9D\xB1 AND (NOT b)");
    check_fails("contains (prompt, a)", 9, "connector is missing", "without a space");
    check_fails("contains(titel, a)", 9, "knows prompt", "contains(title, ...)");
    check_fails("", 0, "empty", "");
    check_fails("a AND", 5, "missing at the end", "");
    check_fails("AND a", 0, "missing before this connector", "");
    check_fails("a OR OR b", 5, "missing before this connector", "");
    check_fails("w/5 a", 0, "missing before this connector", "");
    check_fails("()", 1, "missing before this parenthesis", "");
    check_fails("(a", 0, "never closed", "");
    check_fails("a)", 1, "never opened", "");
    check_fails("a (b)", 2, "connector is missing", "AND");
    check_fails("(a) b", 4, "connector is missing", "AND");
    check_fails("\"a", 0, "never closed", "");
    check_fails("a w/ b", 2, "number of words", "");
    check_fails("a w/0 b", 2, "1 to 1000000", "");
    check_fails("a w/o b", 2, "number of words", "");
    check_fails("a near/5 b", 2, "not part of the language", "w/5");
    check_fails("a not pre/5 b", 2, "not part of the language", "");
    check_fails("contains(prompt a)", 0, "a comma", "contains(prompt, apple)");
    check_fails("contains(nowhere, a)", 9, "knows prompt", "");
    check_fails("##a+", 0, "stands in double quotes", "\"##...\"");
    check_fails("\"##\"", 1, "follows ##", "");
    check_fails("pear \"##(a\"", 8, "regular expression: missing close parenthesis", "");
    check_fails("\"##(((a{1,1000}){1,1000}){1,100})\"", 1, "too large to compile", "");
    check_fails("& && --", 0, "no word", "");
    check_fails("~", 0, "~ needs a word", "");
    check_fails("a~b", 2, "end of a word", "");
    check_fails("a*~", 2, "cannot stand with", "");
    check_fails("a%b*", 0, "both % and", "");
    check_fails("%", 0, "needs a word", "");
    check_fails("a%%%%%%b", 0, "more than 5", "");
    check_fails("24~~12", 0, "above its end", "12~~24");
    check_fails("a~~b", 0, "two whole numbers", "12~~24");
    check_fails("12~~", 0, "two whole numbers", "12~~24");
    check_fails("1,000~~2,000", 2, "without points and commas", "1000~~2000");
    check_fails("12.5~~13", 3, "without points and commas", "1000~~2000");
    check_fails("\"of 12~~13.5\"", 4, "without points and commas", "1000~~2000");
    check_fails("1234567890123456789~~2", 0, "18 digits", "");
    check_fails("a \xFF b", 2, "UTF-8", "");
}

static void test_warnings(void **state)
{
    (void)state;
    check_warns("apple", 0, "");
    check_warns("the", 1, "noise words only");
    check_warns("\"the of\"", 1, "noise words only");
    check_warns("the apple", 0, "");
    check_warns("\xE2\x80\x9C"
                "apple pear\xE2\x80\x9D",
                1, "curly quotes");
    check_warns("*apple", 1, "begins with *");
    check_warns("#apple", 1, "phonic");
    check_warns("a AND b OR c", 1, "read as (a AND (b OR c))");
    check_warns("a AND (b OR c)", 0, "");
    check_warns("a & b", 1, "no word");
    check_warns("'black and white'", 1, "single quotes");
    check_warns("\xE2\x80\x98"
                "apple pear\xE2\x80\x99",
                1, "single quotes");
    check_warns("don't", 0, "");
    check_warns("a && b", 1, "are one phrase");
    check_warns("a | b", 1, "are one phrase");
    check_warns("a %b", 0, "");
    check_warns("50% off", 1, "no percent sign");
    check_warns("\"up to 50%\"", 1, "no percent sign");
    check_warns("b50%", 0, "");
    check_warns("\"##new york\"", 1, "no blank");
    check_warns("\"##new\" york", 0, "");
}

/* What word processors and Asian keyboards write. */
static void test_typeset(void **state)
{
    (void)state;
    check_form("apple\xC2\xA0"
               "AND\xC2\xA0(pear)",
               "(apple AND pear)");
    check_form("apple\xE3\x80\x80"
               "or\xE2\x80\x83pear",
               "(apple OR pear)");
    check_form("apple\xE2\x80\xAFw/5\xC2\xA0pear", "(apple w/5 pear)");
    check_form("contains(\xC2\xA0prompt\xC2\xA0 ,\xC2\xA0pear)", "contains(prompt, pear)");
    check_form("\xC2\xA0pear\xC2\xA0", "pear");
    check_fails("\xC2\xA0\xE3\x80\x80", 5, "the term is empty", "");
    check_warns("apple\xE2\x80\x8B"
                "AND pear",
                1, "invisible");
    check_warns("appl\xEF\xBC\x8A", 1, "full-width");
    check_warns("a AND \xEF\xBC\x88"
                "b",
                1, "full-width");
    check_warns("\xC2\xAB"
                "apple pear\xC2\xBB",
                1, "these quotes");
    check_warns("\xE3\x80\x8C"
                "apple\xE3\x80\x8D",
                1, "these quotes");
    check_warns("\xEF\xBD\x81\xC3\xA9", 0, "");
    check_warns("\xE4\xB8\xAD?\xE5\x9B\xBD", 1, "no further");
    check_warns("\xE4\xB8\xAD\xE5\x9B\xBD*", 1, "no further");
    check_warns("?\xE4\xB8\xAD", 1, "no further");
    check_warns("\xE4\xB8\xAD a* \xE5\x9B\xBD", 0, "");
    check_warns("\xED\x95\x9C*", 0, "");
}

/* Spellings of other search languages that are words of a phrase here. */
static void test_foreign(void **state)
{
    (void)state;
    check_warns("apple NEAR pear", 1, "no connector");
    check_warns("apple near pear", 0, "");
    check_warns("apple ANDNOT pear", 1, "no connector");
    check_warns("apple pr/5 pear", 1, "no connector");
    check_warns("apple Near5 pear", 1, "no connector");
    check_warns("24/7 km/h w5 model3", 0, "");
    check_warns("apple -pear", 1, "no operators");
    check_warns("+apple", 1, "no operators");
    check_warns("well-known -5", 0, "");
    check_warns("quick&", 1, "no operator");
    check_warns("AT&T", 0, "");
    check_warns("author:smith", 1, "a colon");
    check_warns("Paywall: subscrib*", 1, "a colon");
    check_warns("\"author: smith\"", 0, "");
    check_warns("http://x.org std::vector 12:30", 0, "");
}

static void test_leaves_and_carets(void **state)
{
    (void)state;
    struct term *term = parse("(apple AND pe* ) w/3 \"the pit\"");
    static const char *const leaves[] = {"apple", "the", "pit", "pe*", "the", "pit"};
    assert_int_equal(term_leaf_count(term), 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(term_leaf_text(term, i), leaves[i]);
    term_free(term);
    struct term_note note = {.at = 7, .len = 3};
    char *caret = term_caret("na\xC3\xAFve NOT b", 12, &note);
    assert_string_equal(caret, "na\xC3\xAFve NOT b\n      ^^^");
    free(caret);
    /* A Han character takes two places, a mark none, what would turn the line is a space. */
    note = (struct term_note){.at = 10, .len = 1};
    caret = term_caret("\xE6\x9D\xB1"
                       "a\xCC\x81\xE2\x80\xAE x y",
                       13, &note);
    assert_string_equal(caret, "\xE6\x9D\xB1"
                               "a\xCC\x81  x y\n     ^");
    free(caret);
}

static char *repeat(const char *text, size_t times, const char *end)
{
    size_t len = strlen(text);
    char *out = malloc(len * times + strlen(end) + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(out + i * len, text, len);
    memcpy(out + len * times, end, strlen(end) + 1);
    return out;
}

static void check_bounded(char *source, bool works)
{
    struct error err = ERROR_INIT;
    struct term *term;
    enum status status = term_parse(source, strlen(source), &rules, &term, NULL, &err);
    assert_int_equal(status, works ? STATUS_OK : STATUS_PLAN);
    term_free(term);
    free(source);
}

static void test_hostile_terms(void **state)
{
    (void)state;
    check_bounded(repeat("(", 10000, "a"), false);
    check_bounded(repeat("NOT ", 10000, "a"), false);
    check_bounded(repeat("a w/1 ", 10000, "a"), false);
    check_bounded(repeat("contains(prompt,", 10000, "a"), false);
    check_bounded(repeat("((a AND b) w/2 ", 200, "a"), false);
    check_bounded(repeat("a OR ", 20000, "a"), true);
    check_bounded(repeat("a ", 20000, "a"), true);
    check_bounded(repeat("NOT ", 400, "a"), true);
    check_bounded(repeat("a", 1 << 20, "a"), false);
    check_bounded(repeat("a", 1 << 19, "a"), true);
    check_bounded(repeat("?", 100000, "a"), true);
}

static void test_blns(void **state)
{
    (void)state;
    if (!test_shared())
        skip();
    size_t len;
    char path[512];
    snprintf(path, sizeof path, "%s/hostile/strings/blns.txt", test_shared());
    char *text = test_read(path, &len);
    size_t parsed = 0;
    for (char *at = text; at < text + len;) {
        char *end = memchr(at, '\n', len - (size_t)(at - text));
        if (!end)
            end = text + len;
        struct error err = ERROR_INIT;
        struct term *term;
        enum status status = term_parse(at, (size_t)(end - at), &rules, &term, NULL, &err);
        assert_true(status == STATUS_OK || status == STATUS_PLAN);
        if (status == STATUS_OK) {
            char *form = term_normal_form(term);
            struct term *again = parse(form);
            char *second = term_normal_form(again);
            assert_string_equal(form, second);
            free(form);
            free(second);
            term_free(again);
            parsed++;
        }
        term_free(term);
        at = end + 1;
    }
    assert_true(parsed > 50);
    free(text);
}

static void test_bad_noise(void **state)
{
    (void)state;
    char word[] = "two words";
    char *list[] = {word};
    struct word_rules bad = {.alphabet = "", .noise = list, .noise_count = 1};
    struct error err = ERROR_INIT;
    struct term *term;
    assert_int_equal(term_parse("a", 1, &bad, &term, NULL, &err), STATUS_PLAN);
    assert_non_null(strstr(err.text, "two words"));
}

static void test_lists(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF# a comment\r\n"
                               "apple AND pear\r\n"
                               "\r\n"
                               "ACME-7: w/5: x\n"
                               "#phonic\n"
                               "NYT: no name without digit\n"
                               "  B2:last";
    struct term_list list;
    struct error err = ERROR_INIT;
    term_list_init(&list);
    assert_ok(term_list_read(&list, "terms.txt", text, sizeof text - 1, &err), err);
    assert_int_equal(list.count, 5);
    static const struct {
        const char *name, *source;
        size_t line;
    } expected[] = {{"T1", "apple AND pear", 2},
                    {"ACME-7", "w/5: x", 4},
                    {"T3", "#phonic", 5},
                    {"T4", "NYT: no name without digit", 6},
                    {"B2", "last", 7}};
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(list.items[i].name, expected[i].name);
        assert_string_equal(list.items[i].source, expected[i].source);
        assert_int_equal(list.items[i].len, strlen(expected[i].source));
        assert_int_equal(list.items[i].line, expected[i].line);
    }
    term_list_release(&list);
}

static void check_list_fails(const char *text, const char *where, const char *message)
{
    struct term_list list;
    struct error err = ERROR_INIT;
    term_list_init(&list);
    assert_int_equal(term_list_read(&list, "terms.txt", text, strlen(text), &err), STATUS_PLAN);
    assert_string_equal(err.where, where);
    assert_non_null(strstr(err.text, message));
    term_list_release(&list);
}

static void test_bad_lists(void **state)
{
    (void)state;
    check_list_fails("A1: x\ny\nA1: z\n", "terms.txt:3", "A1 is taken by line 1");
    check_list_fails("x\nT1: z\n", "terms.txt:2", "T1 is taken by line 1");
    check_list_fails("x\n\xC3(\n", "terms.txt:2", "UTF-8");
    check_list_fails("x\nA1:  \n", "terms.txt:2", "A1 is empty");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_precedence),
        cmocka_unit_test(test_booleans_leave_proximity),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_warnings),
        cmocka_unit_test(test_foreign),
        cmocka_unit_test(test_typeset),
        cmocka_unit_test(test_leaves_and_carets),
        cmocka_unit_test(test_hostile_terms),
        cmocka_unit_test(test_blns),
        cmocka_unit_test(test_bad_noise),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_bad_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
