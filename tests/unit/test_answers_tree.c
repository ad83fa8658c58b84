/* Answers: what they make of given figures, for every query kind. */
#include "tests/support/support.h"
#include "tests/unit/example_release.h"

#include "report/answers/answer.h"
#include "report/answers/answer_assisted.h"
#include "report/writer.h"
#include "stats/multiple_tests.h"
#include "stats/noisy_share.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct result tree;

static int make_tree(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    result_init(&tree);
    assert_ok(answers_make(&example_plan, &example_release, &example_run, &tree, &err), err);
    return 0;
}

static int drop_tree(void **state)
{
    (void)state;
    result_release(&tree);
    return 0;
}

static const struct result_table *table_of(const char *id)
{
    const struct result_table *table = result_table_find(&tree, id);
    if (!table)
        fail_msg("no table %s", id);
    return table;
}

static const struct result_value *cell(const char *id, size_t row, const char *column)
{
    const struct result_table *table = table_of(id);
    for (size_t c = 0; c < table->column_count; c++)
        if (strcmp(table->columns[c].id, column) == 0)
            return result_value_at(table, row, c);
    fail_msg("no column %s in %s", column, id);
    return NULL;
}

static uint64_t count_at(const char *id, size_t row, const char *column)
{
    const struct result_value *value = cell(id, row, column);
    assert_int_equal(value->kind, VALUE_COUNT);
    return value->count;
}

static double real_at(const char *id, size_t row, const char *column)
{
    const struct result_value *value = cell(id, row, column);
    assert_int_equal(value->kind, VALUE_REAL);
    return value->real;
}

static const char *text_at(const char *id, size_t row, const char *column)
{
    const struct result_value *value = cell(id, row, column);
    assert_int_equal(value->kind, VALUE_TEXT);
    return value->text;
}

/* Equal but for a last bit: cmocka compares as float. */
static void assert_near(double got, double wanted)
{
    if (!(fabs(got - wanted) <= 4e-16 * fabs(wanted)))
        fail_msg("%.17g, not %.17g", got, wanted);
}

static void assert_kind(const char *id, size_t row, const char *column, enum result_value_kind kind)
{
    assert_int_equal(cell(id, row, column)->kind, kind);
}

static const char *summary_of(const char *id)
{
    for (size_t i = 0; i < tree.summary.count; i++)
        if (strcmp(tree.summary.items[i].name, id) == 0)
            return tree.summary.items[i].value;
    fail_msg("no summary of %s", id);
    return NULL;
}

static void assert_says(const char *id, const char *words)
{
    if (!strstr(summary_of(id), words))
        fail_msg("summary of %s lacks \"%s\": %s", id, words, summary_of(id));
}

static void assert_noted(const char *id, const char *words)
{
    const struct result_table *table = table_of(id);
    for (size_t i = 0; i < table->note_count; i++)
        if (strstr(table->notes[i], words))
            return;
    fail_msg("no note of %s says \"%s\"", id, words);
}

static void assert_columns(const char *id, const char *const *wanted, size_t count)
{
    const struct result_table *table = table_of(id);
    assert_true(table->column_count >= count);
    for (size_t c = 0; c < count; c++)
        assert_string_equal(table->columns[c].id, wanted[c]);
}

#define ASSERT_COLUMNS(id, ...)                                                                    \
    do {                                                                                           \
        static const char *const wanted_[] = {__VA_ARGS__};                                        \
        assert_columns(id, wanted_, sizeof wanted_ / sizeof *wanted_);                             \
    } while (0)

static void test_every_kind_has_a_row(void **state)
{
    (void)state;
    for (int kind = 0; kind < QUERY_KIND_COUNT; kind++) {
        assert_int_equal(answer_types[kind].kind, kind);
        assert_non_null(answer_types[kind].make);
    }
}

static void test_columns_in_order(void **state)
{
    (void)state;
    assert_string_equal(tree.tables[0]->id, "completeness");
    ASSERT_COLUMNS("completeness", "reason", "records", "share", "items");
    ASSERT_COLUMNS("volume", "month", "conversations", "exchanges", "users", "words", "turns",
                   "share");
    ASSERT_COLUMNS("all", "conversations", "exchanges", "users", "words", "turns", "share");
    ASSERT_COLUMNS("terms", "term", "query", "parsed", "status", "conversations", "exchanges",
                   "turns", "users", "occurrences", "unique_conversations", "added_conversations",
                   "prompt_only", "output_only", "share", "warnings");
    ASSERT_COLUMNS("terms.pairs", "term", "other", "conversations");
    ASSERT_COLUMNS("topics", "group", "topic", "conversations", "users", "share");
    ASSERT_COLUMNS("rel", "definition", "unit", "stratum", "N", "n", "relevant", "unreadable",
                   "prevalence", "prevalence_low", "prevalence_high", "count", "count_low",
                   "count_high", "method", "confidence");
    ASSERT_COLUMNS("claim", "claim", "bound", "confidence", "p_value", "verdict", "labels_needed");
    assert_int_equal(table_of("volume")->columns[0].type, RESULT_MONTH);
}

static void test_completeness(void **state)
{
    (void)state;
    assert_int_equal(count_at("completeness", 0, "records"), 20412);
    assert_near(real_at("completeness", 7, "share"), 20000.0 / 20412);
    assert_kind("completeness", 8, "share", VALUE_NULL);
    assert_noted("completeness", "sum of accepted and of each rejected");
}

static void test_completeness_must_add_up(void **state)
{
    (void)state;
    struct figure_table tables[6];
    memcpy(tables, example_tables, sizeof tables);
    uint64_t values[26];
    memcpy(values, completeness_values, sizeof values);
    values[2]++;
    tables[0].values = values;
    struct release release = example_release;
    release.tables = tables;
    struct result other;
    struct error err = ERROR_INIT;
    result_init(&other);
    assert_int_equal(answers_make(&example_plan, &release, &example_run, &other, &err),
                     STATUS_INTERNAL);
    assert_string_equal(err.text, "the rows do not add up");
    result_release(&other);
}

static void test_counts(void **state)
{
    (void)state;
    assert_string_equal(text_at("volume", 0, "month"), "2023-01");
    assert_int_equal(count_at("volume", 0, "conversations"), 804);
    assert_near(real_at("volume", 0, "share"), 804.0 / 20000);
    assert_kind("volume", 10, "conversations", VALUE_WITHHELD);
    assert_kind("volume", 10, "share", VALUE_WITHHELD);
    assert_string_equal(text_at("volume", 14, "month"), "total");
    assert_int_equal(table_of("volume")->chart.kind, CHART_COLUMN);
    assert_int_equal(table_of("volume")->chart.row_count, 14);
    assert_noted("volume", "10 figures of this table are withheld");
    assert_says("volume",
                "20,000 conversations with 50,012 exchanges and 9,876,543 words, by 1,742 "
                "users");
    assert_says("volume", "2024-01, with 1,822 (9.11 %)");
    assert_int_equal(table_of("all")->row_count, 1);
    assert_int_equal(table_of("all")->chart.kind, CHART_NONE);
}

static void test_terms(void **state)
{
    (void)state;
    assert_string_equal(text_at("terms", 1, "status"), "ok");
    assert_string_equal(text_at("terms", 1, "warnings"), "mix of AND and OR without parentheses");
    assert_string_equal(text_at("terms", 0, "warnings"), "hits in over 5 % of conversations");
    assert_string_equal(text_at("terms", 2, "status"), "error");
    assert_string_equal(text_at("terms", 2, "warnings"), "column 1: \"(\" is never closed");
    assert_kind("terms", 2, "conversations", VALUE_NULL);
    assert_kind("terms", 2, "share", VALUE_NULL);
    assert_string_equal(text_at("terms", 3, "warnings"), "no hits");
    assert_kind("terms", 4, "occurrences", VALUE_WITHHELD);
    assert_kind("terms", 4, "warnings", VALUE_NULL);
    assert_string_equal(text_at("terms", 5, "term"), "any term");
    assert_kind("terms", 5, "query", VALUE_NULL);
    assert_kind("terms", 5, "unique_conversations", VALUE_NULL);
    assert_int_equal(count_at("terms", 5, "conversations"), 1520);
    assert_says("terms", "At least one of the 4 terms hits 1,520 of the 20,000 conversations "
                         "(7.6 %); none hits 18,480.");
    assert_says("terms", "1 of the 5 terms cannot be read");
    assert_kind("terms.pairs", 1, "conversations", VALUE_WITHHELD);
}

static void test_topics(void **state)
{
    (void)state;
    assert_int_equal(count_at("topics", 4, "conversations"), 6100);
    assert_near(real_at("topics", 5, "share"), 0.195);
    assert_int_equal(table_of("topics")->chart.row_count, 6);
    assert_says("topics", "\"Specific Info\", with 6,100 of 20,000 conversations (30.5 %)");
    assert_says("topics", "None of the topics: 3,900 (19.5 %).");
    assert_noted("topics", "Taxonomy: Seven groups. Source: How People Use ChatGPT");
}

/* (3, 3000, 2e7) at 95 %: [4127, 58389], exact. */
static void test_relevance(void **state)
{
    (void)state;
    assert_int_equal(count_at("rel", 0, "N"), 20000000);
    assert_near(real_at("rel", 0, "prevalence"), 0.001);
    assert_int_equal(count_at("rel", 0, "count"), 20000);
    assert_int_equal(count_at("rel", 0, "count_low"), 4127);
    assert_int_equal(count_at("rel", 0, "count_high"), 58389);
    assert_near(real_at("rel", 0, "prevalence_high"), 58389.0 / 2e7);
    assert_says("rel", "With 95 % confidence, between 0.0206 % and 0.292 % of 20,000,000 "
                       "conversations are relevant (between 4,127 and 58,389); 3 of 3,000 drawn "
                       "at random are relevant.");
    assert_noted("rel", "2 reviewers labelled; they disagree on 4 units.");
    assert_noted("rel", "six dice");
}

static void test_relevance_without_labels(void **state)
{
    (void)state;
    assert_string_equal(text_at("later", 0, "definition"), "Names the publisher");
    assert_kind("later", 0, "N", VALUE_NULL);
    assert_kind("later", 0, "count_high", VALUE_NULL);
    assert_noted("later", "proffer draw");
    assert_says("later", "No labelled sample yet");
    assert_kind("later-claim", 0, "verdict", VALUE_NULL);
    assert_string_equal(text_at("later-claim", 0, "claim"), "at least 50 % irrelevant");
}

static void test_relevance_unreadable(void **state)
{
    (void)state;
    assert_kind("rare", 0, "prevalence", VALUE_NULL);
    assert_kind("rare", 0, "count", VALUE_NULL);
    assert_int_equal(count_at("rare", 0, "count_low"), 0);
    assert_noted("rare", "range and no point");
    assert_noted("rare", "2 of the drawn units are unreadable or without a label (1 without)");
    assert_says("rare", "at most");
    assert_says("rare", "0 of 47,369 drawn at random are relevant, 2 more unreadable");
}

/* The claim ">= 99.99 % irrelevant" of 2e7 needs 29,919 labels with no hit, 47,369 with one. */
static void test_claim(void **state)
{
    (void)state;
    assert_string_equal(text_at("claim", 0, "claim"), "at least 99.99 % irrelevant");
    assert_string_equal(text_at("claim", 0, "verdict"), "contradicted");
    assert_int_equal(count_at("claim", 0, "allowed"), 2000);
    assert_int_equal(table_of("claim")->row_count, 2);
    assert_int_equal(count_at("claim", 1, "N"), 20000012);
    assert_int_equal(count_at("claim", 1, "allowed"), 2000);
    assert_says("claim", "is contradicted with 95 % confidence: at least");
    /* No hits but two unreadable: counted as two hits, which 47,369 labels do not carry. */
    assert_string_equal(text_at("rare-claim", 0, "verdict"), "undetermined");
    assert_int_equal(count_at("rare-claim", 0, "labels_needed"), 62857);
    assert_noted("rare-claim", "if none of the 2 unreadable are relevant, the claim is supported; "
                               "the verdict turns to undetermined if 2 of the 2");
    assert_says("rare-claim", "too small to say");
}

/* Rejected records that are more than the claim allows contradict it whatever the sample says. */
static void test_claim_with_many_rejected(void **state)
{
    (void)state;
    struct figure_sample samples[2];
    memcpy(samples, example_samples, sizeof samples);
    samples[1].whole.unreadable.value = 0;
    samples[1].rejected.value = 3000;
    struct release release = example_release;
    release.samples = samples;
    struct result other, kept = tree;
    struct error err = ERROR_INIT;
    result_init(&other);
    assert_ok(answers_make(&example_plan, &release, &example_run, &other, &err), err);
    tree = other;
    assert_string_equal(text_at("rare-claim", 0, "verdict"), "supported");
    assert_string_equal(text_at("rare-claim", 1, "verdict"), "contradicted");
    assert_kind("rare-claim", 1, "labels_needed", VALUE_NULL);
    assert_says("rare-claim", "the 3,000 records alone are more than the 2,000 relevant units");
    tree = kept;
    result_release(&other);
}

/* Other methods, asked for in the plan: (3, 3000, 2e7) by Blaker, and at every look. */
static void test_methods_of_the_plan(void **state)
{
    (void)state;
    struct plan_query queries[32];
    assert_true(example_plan.query_count <= 32);
    memcpy(queries, example_queries, sizeof example_queries);
    size_t rel = 0;
    while (strcmp(queries[rel].id, "rel") != 0)
        rel++;
    for (size_t i = 0; i < example_plan.query_count; i++)
        if (i == rel || (queries[i].kind == QUERY_CLAIM && queries[i].of == rel)) {
            queries[i].method = (char *)"anytime";
            queries[i].prior[0] = queries[i].prior[1] = 1;
        } else if (queries[i].kind == QUERY_RELEVANCE) {
            queries[i].method = (char *)"blaker";
        }
    struct plan plan = example_plan;
    plan.queries = queries;
    struct result other, kept = tree;
    struct error err = ERROR_INIT;
    result_init(&other);
    assert_ok(answers_make(&plan, &example_release, &example_run, &other, &err), err);
    tree = other;
    assert_int_equal(count_at("rel", 0, "count_low"), 316);
    assert_int_equal(count_at("rel", 0, "count_high"), 118755);
    assert_string_equal(text_at("rel", 0, "method"), "Exact at every look (prior-posterior ratio)");
    assert_noted("rel", "The prior, fixed in the plan before labels: Beta(1, 1).");
    assert_non_null(strstr(table_of("claim")->method, "hold at every look"));
    bool blaker = false, anytime = false;
    for (size_t i = 0; i < tree.methods.count; i++) {
        blaker |= strstr(tree.methods.items[i].name, "Blaker") != NULL;
        anytime |= strstr(tree.methods.items[i].name, "every look") != NULL;
    }
    assert_true(blaker && anytime);
    tree = kept;
    result_release(&other);
}

/* Three claims, one of them without a sample: it counts with a p-value of 1. */
static void test_claims_together(void **state)
{
    (void)state;
    for (size_t row = 0; row < 2; row++) {
        double p[3] = {real_at("claim", row, "p_value"), 1, real_at("rare-claim", row, "p_value")};
        double together[3];
        struct error err = ERROR_INIT;
        assert_ok(holm_adjust(p, 3, together, &err), err);
        assert_near(real_at("claim", row, "p_value_together"), together[0]);
        assert_near(real_at("rare-claim", row, "p_value_together"), together[2]);
        assert_true(together[2] > p[2] && p[2] > 0);
    }
    assert_kind("later-claim", 0, "p_value_together", VALUE_NULL);
    assert_noted("claim", "The plan makes 3 claims.");
}

static void test_withheld_sample(void **state)
{
    (void)state;
    struct figure_sample samples[2];
    memcpy(samples, example_samples, sizeof samples);
    samples[0].whole.relevant = (struct figure){.state = FIGURE_WITHHELD};
    struct release release = example_release;
    release.samples = samples;
    struct result other, kept = tree;
    struct error err = ERROR_INIT;
    result_init(&other);
    assert_ok(answers_make(&example_plan, &release, &example_run, &other, &err), err);
    tree = other;
    assert_int_equal(count_at("rel", 0, "n"), 3000);
    assert_kind("rel", 0, "relevant", VALUE_WITHHELD);
    assert_kind("rel", 0, "prevalence_high", VALUE_WITHHELD);
    assert_kind("rel", 0, "count_low", VALUE_WITHHELD);
    assert_kind("claim", 0, "p_value", VALUE_WITHHELD);
    assert_kind("claim", 0, "verdict", VALUE_WITHHELD);
    tree = kept;
    result_release(&other);
}

static void test_population_words(void **state)
{
    (void)state;
    const char *words = table_of("volume")->population;
    assert_string_equal(
        words, "Accepted conversations from 2022-12-01 to 2024-11-30 (UTC, both "
               "included), without those whose account is \"business\" or \"edu\", without "
               "those whose user is one of 2 that the plan lists.");
}

static void test_share_words_round_outward(void **state)
{
    (void)state;
    struct answer answer = {.result = &tree};
    static const struct {
        double share;
        enum answer_rounding rounding;
        const char *words;
    } cases[] = {
        {0, ROUND_NEAREST, "0 %"},
        {1, ROUND_UP, "100 %"},
        {0.123456, ROUND_NEAREST, "12.3 %"},
        {0.123456, ROUND_UP, "12.4 %"},
        {0.00012345, ROUND_DOWN, "0.0123 %"},
        {0.00012345, ROUND_UP, "0.0124 %"},
        {0.95, ROUND_UP, "95 %"},
        {0.99990123, ROUND_DOWN, "99.99012 %"},
        {0.99999999, ROUND_NEAREST, "99.999999 %"},
        {0.1, ROUND_UP, "10 %"},
        {1e-9, ROUND_UP, "0.0000001 %"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(answer_share_words(&answer, cases[i].share, cases[i].rounding),
                            cases[i].words);
}

static void test_texts(void **state)
{
    (void)state;
    bool exact = false, small = false, relevant = false;
    for (size_t i = 0; i < tree.methods.count; i++) {
        exact = exact || strstr(tree.methods.items[i].value, "Loader");
        small = small || strcmp(tree.methods.items[i].name, "Small cells") == 0;
    }
    for (size_t i = 0; i < tree.definitions.count; i++)
        relevant = relevant || strcmp(tree.definitions.items[i].name, "relevant (rel)") == 0;
    assert_true(exact);
    assert_true(small);
    assert_true(relevant);
    assert_string_equal(tree.release.items[0].name, "banner");
    assert_string_equal(tree.date, "2025-01-31");
}

/* The whole tree through both writers and the checker in Python: schema, cells, sheet names. */
static void test_written_reports_agree(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    const char *dir = test_dir();
    const char *json = test_path(dir, "report.json"), *xlsx = test_path(dir, "report.xlsx");
    assert_ok(json_report_write(&tree, json, &err), err);
    assert_ok(xlsx_report_write(&tree, xlsx, &err), err);
    const char *keep = getenv("KEEP_REPORT");
    char command[2048];
    if (keep) {
        snprintf(command, sizeof command, "mkdir -p '%s' && cp '%s' '%s' '%s'", keep, json, xlsx,
                 keep);
        assert_int_equal(system(command), 0);
    }
    snprintf(command, sizeof command,
             "/usr/bin/python3 tests/report_check.py templates/report.schema.json '%s' '%s'", json,
             xlsx);
    assert_int_equal(system(command), 0);
}

/*
 * Shares that take a prediction to help: 200 of 1000, 20 of 100 predicted (15 relevant) and 180 of
 * 900 others (2 relevant). R survey 4.1-1: svytotal of label - prediction, and of the label after
 * postStratify; Student's t on 199 degrees.
 */
static void assisted_as_r_has_it(void **state)
{
    (void)state;
    static const double expected[2][2] = {{0.061684251351, 0.108315748649},
                                          {0.06384106143, 0.10615893857}};
    struct figure_stratum parts[2] = {
        {.found = true,
         .population = {.value = 100},
         .drawn = {.value = 20},
         .relevant = {.value = 15}},
        {.population = {.value = 900}, .drawn = {.value = 180}, .relevant = {.value = 2}}};
    struct figure_sample f = {.strata = parts, .stratum_count = 2, .parts = 2};
    struct ratio_bounds share;
    struct error err = ERROR_INIT;
    for (int e = 0; e < 2; e++) {
        assert_int_equal(answer_assisted_share(&f, (enum assisted_estimator)e, 0.95, &share, &err),
                         STATUS_OK);
        assert_true(share.defined && share.has_point);
        assert_true(fabs(share.point - 0.085) < 1e-12);
        assert_true(fabs(share.low - expected[e][0]) < 1e-10);
        assert_true(fabs(share.high - expected[e][1]) < 1e-10);
    }
    /* Undecided both ways: the ends move apart, and there is no point. */
    parts[1].unreadable.value = f.whole.unreadable.value = 3;
    assert_int_equal(answer_assisted_share(&f, ASSISTED_DIFFERENCE, 0.95, &share, &err), STATUS_OK);
    assert_true(share.defined && !share.has_point && share.low == share.low);
    assert_true(fabs(share.low - expected[0][0]) < 1e-10 && share.high > expected[0][1] + 0.01);
    /* No error of the prediction among the drawn is no proof that there is none. */
    parts[0].relevant.value = 20;
    parts[1].relevant.value = parts[1].unreadable.value = 0;
    assert_int_equal(answer_assisted_share(&f, ASSISTED_DIFFERENCE, 0.95, &share, &err), STATUS_OK);
    assert_false(share.defined);
    /* One label alone in its part of the draw has no standard error. */
    parts[0] = (struct figure_stratum){.population = {.value = 1}, .drawn = {.value = 1}};
    parts[1] = (struct figure_stratum){.population = {.value = 9}};
    assert_int_equal(answer_assisted_share(&f, ASSISTED_DIFFERENCE, 0.95, &share, &err), STATUS_OK);
    assert_false(share.defined);
}

/* With noise each figure has its ends beside it, a share those of a quotient, and a column in which
 * nothing is told is gone. */
static void noisy_figures_have_ends(void **state)
{
    (void)state;
    static const uint64_t values[] = {50,   FAKE_WITHHELD, 40, 600, 3, FAKE_WITHHELD, 3, 9,
                                      1000, FAKE_WITHHELD, 90, 5000};
    static const char *const keys[] = {"2023-01", "2023-02", "total"};
    const struct figure_table tables[] = {{.id = "completeness",
                                           .query = SIZE_MAX,
                                           .keys = {"reason"},
                                           .key_count = 1,
                                           .columns = {"records", "items"},
                                           .column_count = 2,
                                           .row_count = 1,
                                           .key_values = (const char *const[]){"population"},
                                           .values = (const uint64_t[]){1000, 0}},
                                          {.id = "volume",
                                           .query = 0,
                                           .keys = {"month"},
                                           .key_count = 1,
                                           .month = true,
                                           .columns = {"conversations", "turns", "users", "words"},
                                           .column_count = 4,
                                           .row_count = 3,
                                           .key_values = keys,
                                           .values = values}};
    struct release release = {tables, 2, NULL, 0, {1000, FAKE_WITHHELD, 90, 5000}, 0};
    (void)release;
    const struct result_table *table;
    struct result own;
    struct error err = ERROR_INIT;
    static const struct result_column columns[] = {{"month", "Month", RESULT_MONTH, ""},
                                                   {"n", "N", RESULT_COUNT, "conversations"},
                                                   {"turns", "Turns", RESULT_COUNT, "turns"},
                                                   {"share", "Share", RESULT_SHARE, ""},
                                                   {"note", "Note", RESULT_STRING, ""}};
    struct result_table *made;
    fake_noisy = true;
    result_init(&own);
    struct answer answer = {.release = &release, .result = &own, .population = "p"};
    assert_ok(answer_table(&answer, "t", "count", "T", "conversations", "Exact counts of it.",
                           columns, 5, &made, &err),
              err);
    struct figure n = release_population(&release);
    for (size_t row = 0; row < 3; row++) {
        assert_ok(result_put_text(&own, made, keys[row], &err), err);
        struct figure f = figure_at(&tables[1], row, 0);
        assert_ok(answer_put_figure(&answer, made, f, &err), err);
        assert_ok(answer_put_figure(&answer, made, figure_at(&tables[1], row, 1), &err), err);
        assert_ok(answer_put_share(&answer, made, f, n, &err), err);
        assert_ok(result_put_text(&own, made, row ? NULL : "first", &err), err);
    }
    made->chart = (struct result_chart){CHART_COLUMN, 0, 3, 0, 2, "C", "c"};
    /* A table of which nothing is told. */
    assert_ok(
        answer_table(&answer, "empty", "count", "E", "turns", "m", columns + 1, 2, &made, &err),
        err);
    for (int i = 0; i < 2; i++)
        assert_ok(result_put_withheld(&own, made, &err), err);
    assert_ok(result_spread(&own, &err), err);
    fake_noisy = false;
    assert_int_equal(own.table_count, 1);
    table = own.tables[0];
    static const char *const ids[] = {"month", "n",         "n_low",      "n_high",
                                      "share", "share_low", "share_high", "note"};
    assert_int_equal(table->column_count, 8);
    for (size_t c = 0; c < 8; c++)
        assert_string_equal(table->columns[c].id, ids[c]);
    assert_string_equal(table->columns[2].title, "N, low");
    assert_string_equal(table->method, "Counts with noise, over the capped population of it.");
    assert_int_equal(table->chart.value, 4);
    assert_int_equal(result_value_at(table, 0, 1)->count, 50);
    assert_int_equal(result_value_at(table, 0, 2)->count, 45);
    assert_int_equal(result_value_at(table, 0, 3)->count, 55);
    assert_int_equal(result_value_at(table, 1, 2)->count, 0);
    assert_near(result_value_at(table, 0, 4)->real, 0.05);
    assert_near(result_value_at(table, 0, 5)->real, 44. / 1006);
    assert_near(result_value_at(table, 0, 6)->real, 56. / 994);
    assert_near(result_value_at(table, 2, 6)->real, 1); /* no share is above 1 */
    assert_string_equal(result_value_at(table, 0, 7)->text, "first");
    assert_int_equal(result_value_at(table, 1, 7)->kind, VALUE_NULL);
    assert_non_null(strstr(table->notes[0], "Turns"));
    result_release(&own);
}

/* Where two figures have noise of their own laws, their share is bounded by both laws; the same
 * figure twice is not. */
static void test_share_of_two_noises(void **state)
{
    (void)state;
    static const struct result_column columns[] = {{"share", "Share", RESULT_SHARE, ""}};
    static const struct noise_law laws[] = {{NOISE_LAW_GAUSSIAN, 90}, {NOISE_LAW_LAPLACE, 5}};
    struct release release = {0};
    struct result own;
    struct result_table *made;
    struct error err = ERROR_INIT;
    struct noise_tails tails[2];
    double low, high;
    fake_noisy = true;
    result_init(&own);
    struct answer answer = {.release = &release, .result = &own, .population = "p"};
    assert_ok(
        answer_table(&answer, "t", "count", "T", "conversations", "m", columns, 1, &made, &err),
        err);
    struct figure part = {.value = 60, .state = FIGURE_NOISY, .told = 60, .law = &laws[0]};
    struct figure whole = {.value = 400, .state = FIGURE_NOISY, .told = 400, .law = &laws[1]};
    part.wide_low = 40, part.wide_high = 80, whole.wide_low = 380, whole.wide_high = 420;
    for (int i = 0; i < 2; i++) /* the second time from what is kept */
        assert_ok(answer_put_share(&answer, made, part, whole, &err), err);
    assert_ok(answer_put_share(&answer, made, whole, whole, &err), err);
    assert_int_equal(answer.tail_count, 2);
    /* Others push these two out, the whole's first: it is made again in the place of the part's. */
    struct noise_law others[ANSWER_TAILS];
    for (int i = 0; i < ANSWER_TAILS; i++) {
        struct figure other = part;
        others[i] = (struct noise_law){NOISE_LAW_LAPLACE, 10 + i};
        other.law = &others[i];
        assert_ok(answer_put_share(&answer, made, part, other, &err), err);
    }
    assert_ok(answer_put_share(&answer, made, part, whole, &err), err);
    for (int i = 0; i < 2; i++)
        assert_ok(noise_tails_init(&tails[i], laws[i], &own.arena, &err), err);
    struct noisy_share share = {60, 400, &tails[0], &tails[1]};
    assert_ok(noisy_share_interval(&share, release_confidence(&release), &low, &high, &err), err);
    assert_ok(result_spread(&own, &err), err);
    fake_noisy = false;
    const struct result_table *table = own.tables[0];
    static const size_t same[] = {0, 1, 3 + ANSWER_TAILS};
    for (size_t i = 0; i < 3; i++) {
        assert_near(result_value_at(table, same[i], 1)->real, low);
        assert_near(result_value_at(table, same[i], 2)->real, high);
    }
    assert_near(result_value_at(table, 2, 1)->real, 380. / 420);
    assert_near(result_value_at(table, 2, 2)->real, 1);
    result_release(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noisy_figures_have_ends),
        cmocka_unit_test(test_share_of_two_noises),
        cmocka_unit_test(assisted_as_r_has_it),
        cmocka_unit_test(test_every_kind_has_a_row),
        cmocka_unit_test(test_columns_in_order),
        cmocka_unit_test(test_completeness),
        cmocka_unit_test(test_completeness_must_add_up),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_terms),
        cmocka_unit_test(test_topics),
        cmocka_unit_test(test_relevance),
        cmocka_unit_test(test_relevance_without_labels),
        cmocka_unit_test(test_relevance_unreadable),
        cmocka_unit_test(test_methods_of_the_plan),
        cmocka_unit_test(test_claims_together),
        cmocka_unit_test(test_claim),
        cmocka_unit_test(test_claim_with_many_rejected),
        cmocka_unit_test(test_withheld_sample),
        cmocka_unit_test(test_population_words),
        cmocka_unit_test(test_share_words_round_outward),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_written_reports_agree),
    };
    return cmocka_run_group_tests(tests, make_tree, drop_tree);
}
