/*
 * The example generator: the same bytes from any number of threads, a truth that adds up, and a
 * truth that a second, independent count of the files finds too (tests/make_logs_check.py).
 */
#include "tests/support/support.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* BUILD/examples/make_logs, beside this program's BUILD/tests/unit. */
static const char *generator(void)
{
    static char path[600];
    char self[512];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(len > 0);
    self[len] = '\0';
    for (int up = 0; up < 3; up++)
        *strrchr(self, '/') = '\0';
    snprintf(path, sizeof path, "%s/examples/make_logs", self);
    return path;
}

static int run(const char *command)
{
    int status = system(command);
    assert_true(status != -1 && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void make(const char *options, const char *dir)
{
    char command[2048];
    snprintf(command, sizeof command, "'%s' %s '%s'", generator(), options, dir);
    assert_int_equal(run(command), 0);
}

static void same_file(const char *a, const char *b, const char *name)
{
    size_t a_len, b_len;
    char *a_text = test_read(test_path(a, name), &a_len);
    char *b_text = test_read(test_path(b, name), &b_len);
    assert_int_equal(a_len, b_len);
    assert_memory_equal(a_text, b_text, a_len);
    assert_true(a_len > 0);
    free(a_text);
    free(b_text);
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    static const char *const names[] = {"logs-00.jsonl", "logs-01.jsonl", "logs-02.jsonl",
                                        "labels.csv",    "truth.json",    "works/work-01.txt"};
    const char *one = test_dir(), *many = test_dir();
    make("--conversations 3500 --files 3 --seed 5 --threads 1", one);
    make("--conversations 3500 --files 3 --seed 5 --threads 7", many);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        same_file(one, many, names[i]);
}

static void seeds_matter(void **state)
{
    (void)state;
    const char *one = test_dir(), *other = test_dir();
    make("--conversations 200 --seed 1", one);
    make("--conversations 200 --seed 2", other);
    char *a = test_read(test_path(one, "logs-00.jsonl"), NULL);
    char *b = test_read(test_path(other, "logs-00.jsonl"), NULL);
    assert_string_not_equal(a, b);
    free(a);
    free(b);
}

static json_int_t number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static json_int_t sum(const json_t *rows, const char *key)
{
    json_int_t total = 0;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) total += number(row, key);
    return total;
}

/* Each partition of a section adds up to its total. */
static void section_adds_up(const json_t *section)
{
    static const char *const partitions[] = {"by_month_model", "by_account", "by_country",
                                             "by_language",    "by_surface", "topics_first"};
    static const char *const counts[] = {"conversations", "exchanges", "words"};
    const json_t *total = json_object_get(section, "total");
    assert_true(number(total, "conversations") > 0);
    for (size_t p = 0; p < sizeof partitions / sizeof *partitions; p++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
            assert_int_equal(sum(json_object_get(section, partitions[p]), counts[c]),
                             number(total, counts[c]));
    const json_t *any = json_object_get(section, "any_term");
    const json_t *terms = json_object_get(section, "terms");
    assert_int_equal(sum(terms, "added_conversations"), number(any, "conversations"));
    assert_int_equal(number(any, "conversations") + number(section, "no_term"),
                     number(total, "conversations"));
    size_t i;
    json_t *term;
    json_array_foreach(terms, i, term)
    {
        assert_true(number(term, "conversations") > 0);
        assert_true(number(term, "conversations") <= number(term, "exchanges"));
        assert_true(number(term, "exchanges") <= number(term, "turns"));
        assert_true(number(term, "turns") <= number(term, "occurrences"));
        assert_true(number(term, "users") <= number(term, "conversations"));
        assert_true(number(term, "prompt_only") + number(term, "output_only") <=
                    number(term, "conversations"));
    }
}

static void truth_adds_up(void **state)
{
    (void)state;
    const char *dir = test_dir();
    make("--conversations 6000 --seed 11 --relevant-in 100", dir);
    char *text = test_read(test_path(dir, "truth.json"), NULL);
    json_t *truth = json_loads(text, 0, NULL);
    assert_non_null(truth);
    const json_t *records = json_object_get(truth, "records");
    const json_t *rejected = json_object_get(records, "rejected");
    const json_t *all = json_object_get(truth, "all");
    const json_t *population = json_object_get(truth, "population");
    json_int_t thrown = 0;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)rejected, key, value) thrown += json_integer_value(value);
    assert_true(thrown > 0 && number(records, "duplicates") > 0);
    assert_int_equal(number(records, "read"), 6000);
    assert_int_equal(number(records, "accepted") + number(records, "duplicates") + thrown, 6000);
    assert_int_equal(sum(json_object_get(truth, "files"), "records"), 6000);
    assert_int_equal(number(json_object_get(all, "total"), "conversations"),
                     number(records, "accepted"));
    assert_int_equal(number(json_object_get(population, "total"), "conversations") +
                         sum(json_object_get(population, "excluded"), "conversations"),
                     number(records, "accepted"));
    assert_true(number(json_object_get(all, "relevant"), "conversations") > 0);
    section_adds_up(all);
    section_adds_up(population);
    json_decref(truth);
    free(text);
}

static void sound_logs_have_nothing_broken(void **state)
{
    (void)state;
    const char *dir = test_dir();
    make("--conversations 1500 --broken off", dir);
    char *text = test_read(test_path(dir, "truth.json"), NULL);
    json_t *truth = json_loads(text, 0, NULL);
    const json_t *records = json_object_get(truth, "records");
    assert_int_equal(number(records, "accepted"), 1500);
    assert_int_equal(number(records, "blank_lines"), 0);
    json_decref(truth);
    free(text);
}

static void counted_again(void **state)
{
    (void)state;
    static const char *const formats[] = {"native",   "openai",         "lmsys",        "wildchat",
                                          "sharegpt", "chatgpt-export", "claude-export"};
    if (run("command -v python3 >/dev/null 2>&1") != 0 ||
        access("tests/make_logs_check.py", R_OK) != 0)
        skip();
    size_t count = test_short() ? 1 : sizeof formats / sizeof *formats;
    for (size_t i = 0; i < count; i++) {
        const char *dir = test_dir();
        char options[200], command[700];
        snprintf(options, sizeof options,
                 "--conversations %d --relevant-in 40 --format %s --seed 3",
                 i == 0 && !test_short() ? 800 : 150, formats[i]);
        make(options, dir);
        snprintf(command, sizeof command, "python3 tests/make_logs_check.py '%s'", dir);
        assert_int_equal(run(command), 0);
    }
}

static void bad_options_end_in_2(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "--format none x", "--bytes 5X x", "--files 0 x", "--seed -1 x", "--broken maybe x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char command[700];
        snprintf(command, sizeof command, "'%s' %s >/dev/null 2>&1", generator(), bad[i]);
        assert_int_equal(run(command), 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_matter), cmocka_unit_test(seeds_matter),
        cmocka_unit_test(truth_adds_up),         cmocka_unit_test(sound_logs_have_nothing_broken),
        cmocka_unit_test(counted_again),         cmocka_unit_test(bad_options_end_in_2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
