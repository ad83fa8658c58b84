/* Answers: what they make of given figures, for counts, terms and topics, and the tree as a whole.
 */
#include "tests/unit/answers_tree.h"

#include "report/writer.h"

#include <stdio.h>
#include <stdlib.h>

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
    assert_says("topics",
                "Topics of 20,000 conversations. Of the figures shown, the highest is \"Specific "
                "Info\", with 6,100 (30.5 %).");
    assert_says("topics", "None of the topics: 3,900 (19.5 %).");
    assert_noted("topics", "Taxonomy: Seven groups. Source: How People Use ChatGPT");
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
        enum rounding rounding;
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
    assert_string_equal(tree.release.items[1].name, "in_short");
    const char *in_short = tree.release.items[1].value;
    assert_non_null(strstr(in_short, "those of 1 to 10 users"));
    assert_non_null(strstr(in_short, "Not decided: "));
    assert_non_null(strstr(in_short, "since no ledger remembers any"));
    assert_true(strlen(in_short) < 700); /* words that take less than a minute */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_has_a_row),
        cmocka_unit_test(test_columns_in_order),
        cmocka_unit_test(test_completeness),
        cmocka_unit_test(test_completeness_must_add_up),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_terms),
        cmocka_unit_test(test_topics),
        cmocka_unit_test(test_population_words),
        cmocka_unit_test(test_share_words_round_outward),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_written_reports_agree),
    };
    return cmocka_run_group_tests(tests, make_tree, drop_tree);
}
