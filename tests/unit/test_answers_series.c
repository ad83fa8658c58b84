/* A report and the one before it: what is compared, what is said of it, and what is not. */
#include "tests/support/support.h"
#include "tests/unit/example_release.h"

#include "report/answers/series.h"
#include "report/report_read.h"
#include "report/writer.h"

#include <math.h>
#include <stdlib.h>

#define W FAKE_WITHHELD

static struct result then_tree, now_tree;

/* ---- two reports ---- */

/* The example a quarter on: months from 2023-03, other figures, a term renamed, one rewritten. */
static const char *const later_volume_keys[] = {"2024-01", "2024-02", "2024-03", "total"};
static const uint64_t later_volume_values[] = {1700, 4252, 460,   850456, 8504,    W,    W,
                                               W,    W,    W,     1900,   4600,    480,  920000,
                                               9200, 5500, 13000, 700,    2600000, 26000};
static const char *const later_terms_keys[] = {"T1",   "T5",       "T3",      "T4",
                                               "PAY1", "any term", "no term", "all conversations"};
static const uint64_t later_terms_values[] = {
    1000, 1200,  1500, 300, 2500, 700, 1000, 500, 300, /* T1 */
    600,  700,   800,  250, 1400, 150, 250,  350, 150, /* T5, which was T2 */
    0,    0,     0,    0,   0,    0,   0,    0,   0,   /* T3: does not parse */
    7,    9,     11,   12,  13,   1,   1,    1,   1,   /* T4, rewritten */
    40,   50,    60,   30,  70,   4,   5,    6,   7,   /* PAY1, withheld before */
    1520, 1800,  2500, 520, 4550, 0,   0,    0,   0,   /* any */
    3980, 11200, 0,    600, 0,    0,   0,    0,   0,   /* none */
    5500, 13000, 0,    700, 0,    0,   0,    0,   0};
static const char *const later_topics_keys[] = {
    "Writing", "Edit or Critique Provided Text", "Writing", "Poetry", "total", "total"};
static const uint64_t later_topics_values[] = {2000, 500, 300, 90, 5500, 700};
static const uint64_t later_completeness[] = {5600, 0,    9, 0, 0, 0, 5591, 0,  W, 0, 20, 0, 60,
                                              0,    5500, 0, 3, 0, 6, 0,    70, 5, 0, 1,  0, 3};
static const uint64_t later_all[] = {5500, 13000, 700, 2600000, 26000};

static struct figure_table later_tables[6];
static struct plan_term later_terms[5];
static struct plan_query later_queries[16];
static struct figure_sample later_samples[2];

static void set_later(void)
{
    memcpy(later_tables, example_tables, sizeof later_tables);
    later_tables[0].values = later_completeness;
    later_tables[1].row_count = 4;
    later_tables[1].key_values = later_volume_keys;
    later_tables[1].values = later_volume_values;
    later_tables[2].key_values = later_terms_keys;
    later_tables[2].values = later_terms_values;
    later_tables[4].row_count = 3;
    later_tables[4].key_values = later_topics_keys;
    later_tables[4].values = later_topics_values;
    later_tables[5].values = later_all;
    memcpy(later_terms, example_terms, sizeof later_terms);
    later_terms[1].name = (char *)"T5";
    later_terms[3].source = later_terms[3].parsed = (char *)"another";
    memcpy(later_queries, example_queries, sizeof example_queries);
    later_queries[1].terms = later_terms;
    memcpy(later_samples, example_samples, sizeof later_samples);
    later_samples[0].whole.relevant.value = 300;
}

static const struct plan_assumption stated[] = {
    {(char *)"requests", (char *)"Requests", (char *)"requests", (char *)"register", (char *)"Q1",
     10, 10},
    {(char *)"pace", (char *)"Pace", (char *)"an hour", (char *)"study", (char *)"2024", 20, 60},
    {(char *)"rate", (char *)"Rate", (char *)"dollars", (char *)"study", (char *)"2024", 40, 40},
};
static const struct plan_assumption stated_later[] = {
    {(char *)"requests", (char *)"Requests", (char *)"requests", (char *)"register", (char *)"Q2",
     4, 4},
    {(char *)"pace", (char *)"Pace", (char *)"an hour", (char *)"study", (char *)"2024", 30, 70},
    {(char *)"rate", (char *)"Rate", (char *)"euros", (char *)"study", (char *)"2024", 40, 40},
};

static void make(struct result *tree, bool later, const struct result *previous)
{
    struct error err = ERROR_INIT;
    struct plan plan = example_plan;
    struct release release = example_release;
    struct answers_run run = example_run;
    run.previous = previous;
    run.previous_digest = "d1d1";
    plan.assumptions = (struct plan_assumption *)(later ? stated_later : stated);
    plan.assumption_count = 3;
    if (later) {
        set_later();
        plan.queries = later_queries;
        release.tables = later_tables;
        release.samples = later_samples;
        release.population[0] = 5500;
    }
    result_init(tree);
    assert_ok(answers_make(&plan, &release, &run, tree, &err), err);
}

static int make_trees(void **state)
{
    (void)state;
    make(&then_tree, false, NULL);
    make(&now_tree, true, &then_tree);
    return 0;
}

static int make_noisy_trees(void **state)
{
    fake_noisy = true;
    return make_trees(state);
}

static int drop_trees(void **state)
{
    (void)state;
    fake_noisy = false;
    result_release(&then_tree);
    result_release(&now_tree);
    return 0;
}

/* ---- looking ---- */

static const struct result_table *table_of(const char *id)
{
    const struct result_table *table = result_table_find(&now_tree, id);
    if (!table)
        fail_msg("no table %s", id);
    return table;
}

static const struct result_value *cell(const struct result_table *table, size_t row,
                                       const char *column)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (strcmp(table->columns[c].id, column) == 0)
            return result_value_at(table, row, c);
    fail_msg("no column %s in %s", column, table->id);
    return NULL;
}

/* The row of FIGURE (may be NULL) whose column KEY is NAME; fails if there is not just one. */
static size_t row_of(const char *id, const char *figure, const char *key, const char *name)
{
    const struct result_table *table = table_of(id);
    size_t found = SIZE_MAX;
    for (size_t row = 0; row < table->row_count; row++) {
        const struct result_value *value = cell(table, row, key);
        if (value->kind != VALUE_TEXT || strcmp(value->text, name) != 0 ||
            (figure && strcmp(cell(table, row, "figure")->text, figure) != 0))
            continue;
        assert_int_equal(found, SIZE_MAX);
        found = row;
    }
    if (found == SIZE_MAX)
        fail_msg("no row %s of %s in %s", name, figure ? figure : "", id);
    return found;
}

static void assert_text(const char *id, size_t row, const char *column, const char *wanted)
{
    const struct result_value *value = cell(table_of(id), row, column);
    if (!wanted) {
        assert_int_equal(value->kind, VALUE_NULL);
        return;
    }
    assert_int_equal(value->kind, VALUE_TEXT);
    assert_string_equal(value->text, wanted);
}

static void assert_number(const char *id, size_t row, const char *column, double wanted)
{
    const struct result_value *value = cell(table_of(id), row, column);
    double got = value->kind == VALUE_COUNT ? (double)value->count : value->real;
    assert_true(value->kind == VALUE_COUNT || value->kind == VALUE_REAL);
    if (!(fabs(got - wanted) <= 1e-12 * fmax(1, fabs(wanted))))
        fail_msg("%s, row %zu, %s: %.17g, not %.17g", id, row, column, got, wanted);
}

static void assert_kind(const char *id, size_t row, const char *column, enum result_value_kind kind)
{
    assert_int_equal(cell(table_of(id), row, column)->kind, kind);
}

static void assert_noted(const char *id, const char *words)
{
    const struct result_table *table = table_of(id);
    for (size_t i = 0; i < table->note_count; i++)
        if (strstr(table->notes[i], words))
            return;
    fail_msg("no note of %s says \"%s\"", id, words);
}

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

/* ---- what cannot be compared ---- */

static const char *why_of(const char *table)
{
    return cell(table_of("series"), row_of("series", NULL, "table", table), "why")->text;
}

static void set_pair(struct result_pairs *pairs, const char *name, const char *value)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->items[i].name, name) == 0)
            pairs->items[i].value = value;
}

static void test_unlike(void **state)
{
    (void)state;
    static const struct {
        bool release;
        const char *name, *why;
    } cases[] = {
        {true, "rules", "the release rules are other ones"},
        {false, "term_language_version", "the term language is of another version"},
        {false, "population_filters_sha256", "the population has other filters"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make(&then_tree, false, NULL);
        set_pair(&then_tree.run, "program_version", "0.0.9");
        set_pair(cases[i].release ? &then_tree.release : &then_tree.run, cases[i].name, "other");
        make(&now_tree, true, &then_tree);
        assert_string_equal(why_of("volume"), cases[i].why);
        assert_string_equal(why_of("rel"), cases[i].why);
        assert_noted("series", "0.0.9 then and 0.1.0 now");
        assert_null(result_table_find(&now_tree, "volume.change"));
        assert_null(result_table_find(&now_tree, "completeness.change"));
        assert_non_null(result_table_find(&now_tree, "assumptions.change"));
        drop_trees(state);
    }
}

static void test_unlike_tables(void **state)
{
    (void)state;
    make(&then_tree, false, NULL);
    struct result_table *topics = (struct result_table *)result_table_find(&then_tree, "topics");
    struct result_table *volume = (struct result_table *)result_table_find(&then_tree, "volume");
    struct result_table *all = (struct result_table *)result_table_find(&then_tree, "all");
    struct result_table *rel = (struct result_table *)result_table_find(&then_tree, "rel");
    topics->question = "5a5a";
    volume->unit = "exchanges";
    all->kind = "topics";
    rel->id = "rel-of-old";
    make(&now_tree, true, &then_tree);
    assert_string_equal(why_of("topics"), "the question is another one");
    assert_string_equal(why_of("volume"), "the unit is another one");
    assert_string_equal(why_of("all"),
                        "the previous report has a table of another kind under this id");
    assert_text("series", row_of("series", NULL, "table", "rel"), "comparison", "new");
    assert_text("series", row_of("series", NULL, "table", "rel-of-old"), "comparison", "dropped");
    drop_trees(state);
}

static void test_doubled_rows(void **state)
{
    (void)state;
    make(&then_tree, false, NULL);
    struct result_table *topics = (struct result_table *)result_table_find(&then_tree, "topics");
    topics->values[topics->column_count + 1] = topics->values[1];
    make(&now_tree, true, &then_tree);
    assert_string_equal(why_of("topics"), "two of its rows have the same name");
    drop_trees(state);
}

/* A title that would turn the terminal's text around, of 5,000 characters. */
static void test_hostile_title(void **state)
{
    (void)state;
    char title[5001];
    memset(title, 'x', sizeof title - 1);
    title[sizeof title - 1] = '\0';
    memcpy(title, "a\033[2J\n\xE2\x80\xAE", 9);
    make(&then_tree, false, NULL);
    then_tree.title = title;
    make(&now_tree, true, &then_tree);
    const char *said = now_tree.summary.items[now_tree.summary.count - 1].value;
    assert_non_null(strstr(said, "\"a?[2J??xxx"));
    assert_non_null(strstr(said, "xxx...\"."));
    assert_true(strlen(said) < 500);
    drop_trees(state);
}

/* Levels too low to say anything together: bounds are shown, no change. */
static void test_low_levels(void **state)
{
    (void)state;
    make(&then_tree, false, NULL);
    struct result_table *rel = (struct result_table *)result_table_find(&then_tree, "rel");
    rel->values[rel->column_count - 1].real = 0.05;
    make(&now_tree, true, &then_tree);
    assert_kind("rel.change", 0, "change", VALUE_NULL);
    assert_kind("rel.change", 0, "change_low", VALUE_NULL);
    assert_kind("rel.change", 0, "level", VALUE_NULL);
    assert_number("rel.change", 0, "previous_low", 4127);
    drop_trees(state);
}

/* ---- the check ---- */

static enum status check_text(const char *tables, const char *matter, struct error *err)
{
    char text[2000];
    struct result result;
    *err = (struct error)ERROR_INIT;
    snprintf(text, sizeof text,
             "{\"proffer\":1,\"matter\":\"m\",\"completeness\":null,\"tables\":[%s]}", tables);
    result_init(&result);
    enum status status = report_parse(&result, "old.json", text, strlen(text), err);
    if (status == STATUS_OK)
        status = series_check(&result, matter, err);
    result_release(&result);
    return status;
}

#define TABLE(columns, rows)                                                                       \
    "{\"id\":\"t\",\"kind\":\"count\",\"columns\":[" columns "],\"rows\":[" rows "]}"
#define COLUMN(id, type) "{\"id\":\"" id "\",\"type\":\"" type "\",\"title\":\"\",\"unit\":\"\"}"

static void test_check(void **state)
{
    (void)state;
    static const struct {
        const char *tables, *matter;
        enum status status;
        const char *text;
    } cases[] = {
        {TABLE(COLUMN("n", "count"), "{\"n\":9007199254740991}"), "m", STATUS_OK, ""},
        {TABLE(COLUMN("n", "count"), "{\"n\":9007199254740992}"), "m", STATUS_INPUT,
         "a count of 2^53 or more"},
        {TABLE(COLUMN("n", "count"), "{\"n\":-1}"), "m", STATUS_INPUT, "does not fit its column"},
        {TABLE(COLUMN("s", "share"), "{\"s\":1}"), "m", STATUS_OK, ""},
        {TABLE(COLUMN("s", "share"), "{\"s\":1.0000001}"), "m", STATUS_INPUT, "not from 0 to 1"},
        {TABLE(COLUMN("s", "share"), "{\"s\":-1e-9}"), "m", STATUS_INPUT, "not from 0 to 1"},
        {TABLE(COLUMN("x", "number"), "{\"x\":-1e301}"), "m", STATUS_INPUT, "a number over 1e300"},
        {TABLE(COLUMN("low", "number") "," COLUMN("high", "number"), "{\"low\":2,\"high\":1}"), "m",
         STATUS_INPUT, "a low end above the high one"},
        {TABLE(COLUMN("a_low", "count") "," COLUMN("a_high", "count"),
               "{\"a_low\":2,\"a_high\":null}"),
         "m", STATUS_OK, ""},
        {TABLE(COLUMN("n", "count"), "") "," TABLE(COLUMN("n", "count"), ""), "m", STATUS_INPUT,
         "two tables have the id \"t\""},
        {"", "other", STATUS_PLAN, "of the matter \"m\", not of \"other\""},
        {"", NULL, STATUS_PLAN, "of the matter \"m\", not of \"\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err;
        enum status status = check_text(cases[i].tables, cases[i].matter, &err);
        if (status != cases[i].status || !strstr(err.text, cases[i].text))
            fail_msg("case %zu: status %d: %s: %s", i, (int)status, err.where, err.text);
    }
}

/* A report written and read back is compared as the tree itself. */
static void test_read_back(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct result read, other;
    struct sha256 digest;
    const char *path = test_path(test_dir(), "then.json"), *a = test_path(test_dir(), "a.json"),
               *b = test_path(test_dir(), "b.json");
    make(&then_tree, false, NULL);
    make(&now_tree, true, &then_tree);
    assert_ok(json_report_write(&then_tree, path, &err), err);
    result_init(&read);
    assert_ok(report_read_digest(&read, path, 1 << 20, &digest, &err), err);
    assert_ok(series_check(&read, example_plan.matter, &err), err);
    make(&other, true, &read);
    assert_ok(json_report_write(&now_tree, a, &err), err);
    assert_ok(json_report_write(&other, b, &err), err);
    char *left = test_read(a, NULL), *right = test_read(b, NULL);
    assert_string_equal(left, right);
    free(left);
    free(right);
    result_release(&read);
    result_release(&other);
    result_init(&read);
    assert_int_equal(report_read_digest(&read, path, 100, &digest, &err), STATUS_INPUT);
    result_release(&read);
    drop_trees(state);
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
        cmocka_unit_test(test_unlike),
        cmocka_unit_test(test_unlike_tables),
        cmocka_unit_test(test_doubled_rows),
        cmocka_unit_test(test_low_levels),
        cmocka_unit_test(test_hostile_title),
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
