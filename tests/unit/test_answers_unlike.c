/* A report and one before it that cannot be compared, whole or in part; the check of what is read.
 */
#include "tests/unit/series_reports.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unlike),        cmocka_unit_test(test_unlike_tables),
        cmocka_unit_test(test_doubled_rows),  cmocka_unit_test(test_low_levels),
        cmocka_unit_test(test_hostile_title), cmocka_unit_test(test_check),
        cmocka_unit_test(test_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
