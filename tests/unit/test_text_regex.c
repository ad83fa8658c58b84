/* Regular expressions: what is reported, bounds of compiling, errors that name the expression. */
#include "tests/support/support.h"

#include "queries/text/regex_compile.h"
#include "queries/text/regex_set.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define R(text, flags)                                                                             \
    {                                                                                              \
        text, sizeof(text) - 1, flags                                                              \
    }

struct match {
    uint32_t number;
    size_t from, to;
};

struct matches {
    struct match all[256];
    size_t count, stop_after;
};

static bool keep(void *context, uint32_t number, size_t from, size_t to)
{
    struct matches *matches = context;
    assert_true(matches->count < sizeof matches->all / sizeof *matches->all);
    matches->all[matches->count].number = number;
    matches->all[matches->count].from = from;
    matches->all[matches->count++].to = to;
    return matches->count == matches->stop_after;
}

static struct regex_set *compile(const struct regex *regexes, size_t count)
{
    struct error err = ERROR_INIT;
    struct regex_set *set;
    struct regex_fault fault;
    if (regex_set_new(&set, regexes, count, &fault, &err) != STATUS_OK)
        fail_msg("expression %zu: %s", fault.number, err.text);
    assert_int_equal(regex_set_count(set), count);
    return set;
}

static struct matches scan(const struct regex_set *set, const char *text, size_t stop_after)
{
    struct error err = ERROR_INIT;
    struct matches matches = {.stop_after = stop_after};
    struct regex_scratch *scratch = regex_scratch_new(set);
    assert_non_null(scratch);
    assert_ok(regex_set_scan(set, scratch, text, strlen(text), keep, &matches, &err), err);
    regex_scratch_free(scratch);
    return matches;
}

static int by_number(const void *a, const void *b)
{
    const struct match *left = a, *right = b;
    return left->number != right->number ? (left->number > right->number ? 1 : -1)
                                         : (left->to > right->to) - (left->to < right->to);
}

/* Each match as "number:from-to", by number, then in order, apart by spaces. */
static void assert_matches(const struct regex *regexes, size_t count, const char *text,
                           const char *expected)
{
    struct regex_set *set = compile(regexes, count);
    struct matches found = scan(set, text, 0);
    char told[1024] = "";
    if (found.count > 1)
        qsort(found.all, found.count, sizeof *found.all, by_number);
    size_t used = 0;
    for (size_t i = 0; i < found.count; i++)
        used += (size_t)snprintf(told + used, sizeof told - used, "%s%u:%zu-%zu", i ? " " : "",
                                 found.all[i].number, found.all[i].from, found.all[i].to);
    assert_string_equal(told, expected);
    regex_set_free(set);
}

static void reports_ends_and_least_beginnings(void **state)
{
    (void)state;
    const struct regex words[] = {R("a+b", REGEX_STARTS), R("c", 0)};
    assert_matches(words, 1, "aabc", "0:0-3");
    assert_matches(words + 1, 1, "aabc", "0:4-4");
    const struct regex digits[] = {R("\\d{3}", REGEX_STARTS)};
    assert_matches(digits, 1, "x1234", "0:1-4 0:2-5");
    const struct regex once[] = {R("a", REGEX_ONCE)};
    assert_matches(once, 1, "aaa", "0:1-1");
    const struct regex line[] = {R("(?m)^b$", REGEX_STARTS)};
    assert_matches(line, 1, "b\nb\nab", "0:0-1 0:2-3");
    const struct regex edge[] = {R("\\bcat\\b", REGEX_STARTS)};
    assert_matches(edge, 1, "cat cats cat", "0:0-3 0:9-12");
}

static void text_is_characters_and_not_bytes(void **state)
{
    (void)state;
    const struct regex one[] = {R("x.y", REGEX_STARTS)};
    assert_matches(one, 1, "x\xc3\xa9y x\xf0\x9f\x99\x82y", "0:0-4 0:5-11");
    const struct regex caseless[] = {R("\xc3\xa9t\xc3\xa9", REGEX_STARTS | REGEX_CASELESS)};
    assert_matches(caseless, 1, "\xc3\x89T\xc3\x89", "0:0-5");
    const struct regex ascii[] = {R("^\\w$", 0)}, unicode[] = {R("^\\w$", REGEX_UNICODE)};
    assert_matches(ascii, 1, "\xc3\xa9", "");
    assert_matches(unicode, 1, "\xc3\xa9", "0:2-2");
}

static void whole_expressions_match_all_of_a_word(void **state)
{
    (void)state;
    const struct regex regexes[] = {R("a|bc", REGEX_WHOLE), R("b.*", REGEX_WHOLE),
                                    R("x*", REGEX_WHOLE)};
    assert_matches(regexes, 3, "a", "0:1-1");
    assert_matches(regexes, 3, "bc", "0:2-2 1:2-2");
    assert_matches(regexes, 3, "abc", "");
    assert_matches(regexes, 3, "xx", "2:2-2");
    assert_matches(regexes, 3, "a\n", "");
}

static void the_caller_can_stop(void **state)
{
    (void)state;
    const struct regex regexes[] = {R(".", 0)};
    struct regex_set *set = compile(regexes, 1);
    assert_int_equal(scan(set, "abcdef", 2).count, 2);
    assert_int_equal(scan(set, "abcdef", 0).count, 6);
    regex_set_free(set);
}

static void no_expression_finds_nothing(void **state)
{
    (void)state;
    struct regex_set *set = compile(NULL, 0);
    assert_int_equal(scan(set, "abc", 0).count, 0);
    regex_set_free(set);
}

static void beginnings_are_left_out_where_they_are_too_much(void **state)
{
    (void)state;
    const struct regex regexes[] = {R("a.{0,100}b", REGEX_STARTS), R("c+", REGEX_STARTS)};
    struct regex_set *set = compile(regexes, 2);
    assert_false(regex_set_finds_starts(set, 0));
    assert_true(regex_set_finds_starts(set, 1));
    regex_set_free(set);
    assert_matches(regexes, 2, "a-b ccc", "0:3-3 1:4-5 1:4-6 1:4-7");
}

static void faults_name_the_expression(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        unsigned flags;
        size_t offset; /* SIZE_MAX: none */
        const char *text;
    } bad[] = {
        {"ab(c", 0, 2, "missing close parenthesis for group started at byte 3"},
        {"abc[d", 0, 3, "unterminated character class starting at byte 4"},
        {"(a)\\1", 0, SIZE_MAX, "back-references are not supported"},
        {"(?=a)b", 0, SIZE_MAX, "look-ahead and look-behind are not supported"},
        {"a)(b", REGEX_WHOLE, 1, "unmatched parentheses at byte 2"},
        {"a\\", REGEX_WHOLE, SIZE_MAX, NULL},
        {"\\ba", REGEX_UNICODE, SIZE_MAX,
         "\\b and \\B are not supported together with Unicode classes"},
        {"a*", 0, SIZE_MAX,
         "the expression matches the empty text, and so every place of every text"},
        {"\\b", REGEX_STARTS, SIZE_MAX, NULL},
        {"^", REGEX_STARTS, SIZE_MAX,
         "the expression matches the empty text, and so every place of every text"},
        {"\xff", 0, SIZE_MAX, NULL},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error err = ERROR_INIT;
        struct regex_set *set;
        struct regex_fault fault;
        const struct regex regexes[] = {
            R("fine", 0), {bad[i].pattern, strlen(bad[i].pattern), bad[i].flags}, R("fine too", 0)};
        enum status status = regex_set_new(&set, regexes, 3, &fault, &err);
        if (status != STATUS_PLAN || fault.number != 1)
            fail_msg("%s: status %d, number %zu, %s", bad[i].pattern, status, fault.number,
                     err.text);
        if (bad[i].text)
            assert_string_equal(err.text, bad[i].text);
        if (bad[i].offset != SIZE_MAX)
            assert_int_equal(fault.offset, bad[i].offset);
        assert_null(set);
    }
}

static void explosions_end_in_seconds(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        unsigned flags;
    } bad[] = {{"(a.{500}b|c.{600}d){3}", REGEX_STARTS},
               {".{0,100000}a", 0},
               {"(((a{1,1000}){1,1000}))", 0},
               {"\\p{L}{1,50}x\\p{L}{1,50}y", 0}};
    struct regex regexes[12];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error err = ERROR_INIT;
        struct regex_set *set;
        struct regex_fault fault;
        struct timespec before, after;
        for (size_t k = 0; k < 12; k++)
            regexes[k] = (struct regex)R("harmless", 0);
        regexes[7] = (struct regex){bad[i].pattern, strlen(bad[i].pattern), bad[i].flags};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
        enum status status = regex_set_new(&set, regexes, 12, &fault, &err);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
        if (status != STATUS_PLAN || fault.number != 7)
            fail_msg("%s: status %d, number %zu, %s", bad[i].pattern, status, fault.number,
                     err.text);
        assert_true(after.tv_sec - before.tv_sec <= 1); /* the work is the child's */
        assert_true(strstr(err.text, "too large") || strstr(err.text, "seconds to compile") ||
                    strstr(err.text, "MiB of memory"));
    }
}

static void limits_of_length_and_count(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct regex_set *set;
    struct regex_fault fault;
    char *many = calloc(REGEX_LENGTH_MAX + 2, 1);
    assert_non_null(many);
    memset(many, 'a', REGEX_LENGTH_MAX + 1);
    struct regex regex = {many, REGEX_LENGTH_MAX + 1, 0};
    assert_int_equal(regex_set_new(&set, &regex, 1, &fault, &err), STATUS_PLAN);
    assert_int_equal(fault.number, 0);
    regex.len = 1000;
    assert_ok(regex_set_new(&set, &regex, 1, &fault, &err), err);
    regex_set_free(set);
    many[3] = '\0';
    assert_int_equal(regex_set_new(&set, &regex, 1, &fault, &err), STATUS_PLAN);
    free(many);
    assert_int_equal(regex_set_new(&set, &regex, REGEX_COUNT_MAX + 1, &fault, &err), STATUS_PLAN);
    assert_int_equal(fault.number, SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_ends_and_least_beginnings),
        cmocka_unit_test(text_is_characters_and_not_bytes),
        cmocka_unit_test(whole_expressions_match_all_of_a_word),
        cmocka_unit_test(the_caller_can_stop),
        cmocka_unit_test(no_expression_finds_nothing),
        cmocka_unit_test(beginnings_are_left_out_where_they_are_too_much),
        cmocka_unit_test(faults_name_the_expression),
        cmocka_unit_test(explosions_end_in_seconds),
        cmocka_unit_test(limits_of_length_and_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
