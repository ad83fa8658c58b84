/* A report and the one before it: what is compared, and what is said of it. */
#include "tests/unit/series_reports.h"

/* ---- exact figures ---- */

static void test_exact_change(void **state)
{
    (void)state;
    const char *id = "topics.change";
    size_t row = row_of(id, "Conversations", "topic", "Edit or Critique Provided Text");
    assert_text(id, row, "standing", "in both");
    assert_number(id, row, "previous", 2800);
    assert_number(id, row, "present", 2000);
    assert_number(id, row, "change", -800);
    assert_text(id, row, "direction", "lower");
    row = row_of(id, "Users", "topic", "Edit or Critique Provided Text");
    assert_number(id, row, "change", -200);
    row = row_of("topics.share_change", NULL, "topic", "Edit or Critique Provided Text");
    assert_number("topics.share_change", row, "change", 100 * (2000.0 / 5500 - 2800.0 / 20000));
    assert_text("topics.share_change", row, "direction", "higher");
    assert_int_equal(table_of(id)->column_count, 8); /* no bounds, no level */
    assert_noted(id, "stand released in the two reports");
}

static void test_added_and_dropped(void **state)
{
    (void)state;
    const char *id = "topics.change";
    size_t row = row_of(id, "Conversations", "topic", "Poetry");
    assert_text(id, row, "standing", "added");
    assert_kind(id, row, "previous", VALUE_NULL);
    assert_number(id, row, "present", 300);
    assert_kind(id, row, "change", VALUE_NULL);
    assert_text(id, row, "direction", NULL);
    row = row_of(id, "Conversations", "topic", "Translation");
    assert_text(id, row, "standing", "dropped");
    assert_number(id, row, "previous", 2100);
    assert_kind(id, row, "present", VALUE_NULL);
    assert_kind(id, row, "change", VALUE_NULL);
}

/* Withheld on one side is enough, whichever: the pair would tell. */
static void test_withheld(void **state)
{
    (void)state;
    size_t row = row_of("terms.change", "Conversations", "term", "PAY1");
    assert_kind("terms.change", row, "previous", VALUE_WITHHELD);
    assert_number("terms.change", row, "present", 40);
    assert_kind("terms.change", row, "change", VALUE_WITHHELD);
    assert_text("terms.change", row, "direction", "withheld");
    row = row_of("completeness.change", "Records", "reason", "duplicates");
    assert_number("completeness.change", row, "previous", 37);
    assert_kind("completeness.change", row, "present", VALUE_WITHHELD);
    assert_kind("completeness.change", row, "change", VALUE_WITHHELD);
    assert_noted("completeness.change", "Changes withheld: 1.");
}

static void test_terms(void **state)
{
    (void)state;
    const char *id = "terms.change";
    size_t row = row_of(id, "Conversations", "term", "T1");
    assert_number(id, row, "change", -301);
    row = row_of(id, "Conversations", "term", "T5");
    assert_text(id, row, "standing", "renamed");
    assert_number(id, row, "previous", 512);
    assert_number(id, row, "change", 88);
    row = row_of(id, "Conversations", "term", "T4");
    assert_text(id, row, "standing", "rewritten");
    assert_number(id, row, "previous", 0);
    assert_number(id, row, "present", 7);
    assert_kind(id, row, "change", VALUE_NULL);
    row = row_of(id, "Conversations", "term", "any term");
    assert_text(id, row, "standing", "of other terms");
    assert_kind(id, row, "change", VALUE_NULL);
    row = row_of(id, "Conversations", "term", "all conversations");
    assert_number(id, row, "change", 5500 - 20000);
    for (size_t i = 0; i < table_of(id)->row_count; i++) {
        assert_null(strstr(cell(table_of(id), i, "figure")->text, "Unique"));
        assert_null(strstr(cell(table_of(id), i, "figure")->text, "Added"));
    }
    assert_int_equal(table_of("terms.revised")->row_count, 2);
    row = row_of("terms.revised", NULL, "term", "T5");
    assert_text("terms.revised", row, "previous_name", "T2");
    row = row_of("terms.revised", NULL, "term", "T4");
    assert_text("terms.revised", row, "previous_query", "=cmd|'/c calc'!A1");
    assert_text("terms.revised", row, "query", "another");
    assert_noted("terms.revised", "Terms unchanged, not listed: 3.");
    assert_null(result_table_find(&now_tree, "terms.pairs.change"));
}

static void test_trend(void **state)
{
    (void)state;
    const char *id = "volume.trend";
    assert_int_equal(table_of(id)->row_count, 15);
    assert_text(id, 0, "month", "2023-01");
    assert_text(id, 14, "month", "2024-03");
    assert_text(id, 14, "source", "this report");
    assert_text(id, 0, "source", "previous report");
    assert_kind(id, 10, "conversations", VALUE_WITHHELD);
    size_t row = row_of(id, NULL, "month", "2024-01");
    assert_number(id, row, "conversations", 1700);
    assert_number(id, row, "also", 1822);
    assert_text(id, row, "agreement", "different");
    row = row_of(id, NULL, "month", "2024-02");
    assert_kind(id, row, "conversations", VALUE_WITHHELD);
    assert_int_equal(table_of(id)->chart.kind, CHART_LINE);
    assert_int_equal(table_of(id)->chart.row_count, 15);
    assert_noted(id, "2 periods are in two reports");
    /* Months of both are compared, those of one are in the trend alone. */
    row = row_of("volume.change", "conversations", "month", "2024-01");
    assert_number("volume.change", row, "change", 1700 - 1822);
    for (size_t i = 0; i < table_of("volume.change")->row_count; i++)
        assert_string_not_equal(cell(table_of("volume.change"), i, "month")->text, "2023-01");
    assert_null(result_table_find(&now_tree, "volume.share_change"));
}

/* 3 of 3,000 and 300 of 3,000 from 20 million, each between bounds of 95 %. */
static void test_estimates(void **state)
{
    (void)state;
    const char *id = "rel.change";
    assert_int_equal(table_of(id)->row_count, 1);
    assert_number(id, 0, "previous_low", 4127);
    assert_number(id, 0, "previous_high", 58389);
    double low = (double)cell(table_of(id), 0, "present_low")->count;
    double high = (double)cell(table_of(id), 0, "present_high")->count;
    assert_true(low > 1700000 && high < 2300000);
    assert_number(id, 0, "change_low", low - 58389);
    assert_number(id, 0, "change_high", high - 4127);
    assert_number(id, 0, "level", 0.9);
    assert_text(id, 0, "direction", "higher");
    assert_noted("rel.share_change", "Undecided: between the bounds");
    assert_number("rel.share_change", 0, "change_low", 100 * (low - 58389) / 2e7);
    /* No labels then and now: nothing to say. The claim is a verdict. */
    assert_null(result_table_find(&now_tree, "later.change"));
    assert_text("series", row_of("series", NULL, "table", "later"), "why",
                "neither report has a figure of it");
    size_t row = row_of("series", NULL, "table", "claim");
    assert_text("series", row, "comparison", "not compared");
}

static void test_stated(void **state)
{
    (void)state;
    const char *id = "assumptions.change";
    size_t row = row_of(id, NULL, "assumption", "requests");
    assert_number(id, row, "previous", 10);
    assert_number(id, row, "change", -6);
    assert_text(id, row, "direction", "lower");
    row = row_of(id, NULL, "assumption", "pace");
    assert_kind(id, row, "change", VALUE_NULL);
    assert_number(id, row, "change_low", 30 - 60);
    assert_number(id, row, "change_high", 70 - 20);
    assert_text(id, row, "direction", "undecided");
    /* Another unit is another figure. */
    row = row_of(id, NULL, "unit", "euros");
    assert_text(id, row, "standing", "added");
    row = row_of(id, NULL, "unit", "dollars");
    assert_text(id, row, "standing", "dropped");
}

static void test_overview(void **state)
{
    (void)state;
    assert_noted("series", "SHA-256 of its report.json d1d1");
    assert_noted("series", "There is no ledger");
    assert_text("series", row_of("series", NULL, "table", "volume"), "comparison", "compared");
    assert_text("series", row_of("series", NULL, "table", "assumptions"), "why",
                "see assumptions.change: 1 lower, 1 undecided");
    assert_text("series", row_of("series", NULL, "table", "terms.pairs"), "why",
                "the search terms are other ones");
    const char *summary = NULL, *digest = NULL;
    for (size_t i = 0; i < now_tree.summary.count; i++)
        if (strcmp(now_tree.summary.items[i].name, "series") == 0)
            summary = now_tree.summary.items[i].value;
    for (size_t i = 0; i < now_tree.run.count; i++)
        if (strcmp(now_tree.run.items[i].name, "previous_report_sha256") == 0)
            digest = now_tree.run.items[i].value;
    assert_non_null(summary);
    assert_non_null(strstr(summary, "20,000 then, 5,500 now, 14,500 fewer."));
    assert_string_equal(digest, "d1d1");
}

/* ---- noise ---- */

static void test_noisy_change(void **state)
{
    (void)state;
    const char *id = "topics.change";
    size_t row = row_of(id, "Conversations", "topic", "Edit or Critique Provided Text");
    assert_number(id, row, "change", -800);
    assert_number(id, row, "change_low", 1995 - 2805);
    assert_number(id, row, "change_high", 2005 - 2795);
    assert_number(id, row, "level", 0.9);
    assert_text(id, row, "direction", "lower");
    row = row_of("topics.share_change", NULL, "topic", "Edit or Critique Provided Text");
    assert_number("topics.share_change", row, "change_low", 100 * (1994.0 / 5506 - 2806.0 / 19994));
    assert_text("series", row_of("series", NULL, "table", "volume"), "comparison", "compared");
    row = row_of("volume.trend", NULL, "month", "2024-01");
    assert_number("volume.trend", row, "conversations_low", 1695);
    assert_number("volume.trend", row, "also_high", 1827);
    assert_noted("volume.trend", "noise of its own");
}

#define exact(test) cmocka_unit_test_setup_teardown(test, make_trees, drop_trees)

int main(void)
{
    const struct CMUnitTest tests[] = {
        exact(test_exact_change),
        exact(test_added_and_dropped),
        exact(test_withheld),
        exact(test_terms),
        exact(test_trend),
        exact(test_estimates),
        exact(test_stated),
        exact(test_overview),
        cmocka_unit_test_setup_teardown(test_noisy_change, make_noisy_trees, drop_trees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
