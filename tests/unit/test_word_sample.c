/* Which word of a phrase is looked for follows the logs, what terms match does not. */
#include "tests/support/support.h"

#include "queries/plan.h"
#include "queries/question_set.h"
#include "queries/scan.h"
#include "queries/text/term_set.h"
#include "queries/word_sample.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* By their looks, the words that are looked for would be "magnificent", five times a record, and
 * "elephants", which is nowhere. */
static const char plan_text[] =
    "{\"proffer\":1,\"matter\":\"m\",\"logs\":{\"paths\":[\"logs/*\"]},\"queries\":[{\"id\":\"t\","
    "\"kind\":\"terms\",\"terms\":[\"\\\"magnificent ox\\\"\",\"\\\"an elephants\\\"\"]}]}";

struct job {
    struct plan plan;
    struct scan_state state;
    struct question_set set;
    struct work_shelf shelf;
};

static void write_log(const char *path)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    for (int i = 0; i < 20; i++)
        fprintf(f,
                "{\"messages\":[{\"role\":\"user\",\"content\":\"magnificent an magnificent an "
                "magnificent%s\"}]}\n",
                i == 7 ? " ox" : "");
    assert_int_equal(fclose(f), 0);
}

static void write_logs(const char *dir)
{
    assert_int_equal(mkdir(test_path(dir, "logs"), 0777), 0);
    write_log(test_path(dir, "logs/a.jsonl"));
    test_write_text(test_path(dir, "logs/b.jsonl"), "{\"messages\": nothing\n");
    write_log(test_path(dir, "logs/c.jsonl"));
}

static void job_open(struct job *job, const char *dir)
{
    static const struct scan_options options = {.threads = 1};
    static const bool wanted[1] = {true};
    struct error err = ERROR_INIT;
    test_write_text(test_path(dir, "plan.json"), plan_text);
    assert_ok(plan_read(&job->plan, test_path(dir, "plan.json"), true, &err), err);
    assert_ok(scan_state_init(&job->state, &job->plan, &options, &err), err);
    assert_ok(work_shelf_init(&job->shelf, &job->plan, 1, &err), err);
    assert_ok(question_set_init(&job->set, &job->plan, &job->state.setup.words, wanted, &job->shelf,
                                &err),
              err);
}

static void job_close(struct job *job)
{
    question_set_release(&job->set);
    work_shelf_release(&job->shelf);
    scan_state_release(&job->state);
    plan_release(&job->plan);
}

/* The number of the pattern WORD. */
static uint32_t pattern_of(const struct term_set *set, const char *word)
{
    for (size_t i = 0; i < set->patterns.literals.count; i++)
        if (strcmp(set->patterns.literals.items[i].text, word) == 0)
            return set->patterns.literal_patterns[i];
    fail_msg("no pattern %s", word);
    return 0;
}

/* Is WORD what some phrase is looked for by? */
static bool is_anchor(const struct term_set *set, const char *word)
{
    return set->companions.reach[pattern_of(set, word)].phrases != NO_PHRASE;
}

static void test_rare_words_are_looked_for(void **state)
{
    (void)state;
    static const size_t parts[] = {0, 1, 2};
    struct error err = ERROR_INIT;
    struct job job;
    const char *dir = test_dir();
    write_logs(dir);
    job_open(&job, dir);
    struct term_set *set = job.set.terms;
    assert_true(is_anchor(set, "magnificent"));
    assert_false(is_anchor(set, "ox"));
    assert_ok(word_sample_weigh(&job.set, &job.state, parts, 3, &err), err);
    /* Of two readable parts; the third says nothing. */
    assert_int_equal(set->weights[pattern_of(set, "magnificent")], 2 * 20 * 3);
    assert_int_equal(set->weights[pattern_of(set, "an")], 2 * 20 * 2);
    assert_int_equal(set->weights[pattern_of(set, "ox")], 2);
    assert_int_equal(set->weights[pattern_of(set, "elephants")], 0);
    assert_false(is_anchor(set, "magnificent"));
    assert_true(is_anchor(set, "ox"));
    assert_true(is_anchor(set, "elephants"));
    job_close(&job);
}

/* A part that is gone, and none at all. */
static void test_nothing_to_read(void **state)
{
    (void)state;
    static const size_t parts[] = {0, 1, 2};
    struct error err = ERROR_INIT;
    struct job job;
    const char *dir = test_dir();
    write_logs(dir);
    job_open(&job, dir);
    assert_int_equal(remove(test_path(dir, "logs/a.jsonl")), 0);
    assert_ok(word_sample_weigh(&job.set, &job.state, parts, 1, &err), err);
    assert_int_equal(job.set.terms->weights[pattern_of(job.set.terms, "an")], 0);
    assert_true(is_anchor(job.set.terms, "magnificent"));
    assert_ok(word_sample_weigh(&job.set, &job.state, parts, 0, &err), err);
    job_close(&job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rare_words_are_looked_for),
        cmocka_unit_test(test_nothing_to_read),
    };
    return cmocka_run_group_tests_name("word_sample", tests, NULL, NULL);
}
