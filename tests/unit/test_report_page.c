/* The page: escapes, hostile texts, charts with bounds and without figures, cut tables. */
#include "tests/support/full_disk.h"
#include "tests/support/support.h"

#include "report/page_parts.h"
#include "report/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char hostile[] = "<script>alert('1')</script>\"&\x01\xE2\x80\xAE</style>-->]]>";

static const struct result_column columns[] = {
    {"name", "Name", RESULT_STRING, ""},
    {"n", "Conversations", RESULT_COUNT, "conversations"},
    {"n_low", "Conversations, least", RESULT_COUNT, "conversations"},
    {"n_high", "Conversations, most", RESULT_COUNT, "conversations"},
    {"share", hostile, RESULT_SHARE, ""},
};

static struct result_table *add_table(struct result *tree, const char *title, size_t count)
{
    struct error err = ERROR_INIT;
    struct result_table *table;
    assert_ok(result_table_add(tree, title, "count", title, "conversations", columns, count, &table,
                               &err),
              err);
    return table;
}

static void put_row(struct result *tree, struct result_table *table, const char *name,
                    uint64_t count)
{
    struct error err = ERROR_INIT;
    assert_ok(result_put_text(tree, table, name, &err), err);
    assert_ok(result_put_count(tree, table, count, &err), err);
    if (table->column_count == 2)
        return;
    assert_ok(result_put_count(tree, table, count / 2, &err), err);
    assert_ok(result_put_count(tree, table, count * 2, &err), err);
    assert_ok(result_put_real(tree, table, 0.25, &err), err);
}

static void put_withheld(struct result *tree, struct result_table *table, const char *name)
{
    struct error err = ERROR_INIT;
    assert_ok(result_put_text(tree, table, name, &err), err);
    for (size_t c = 1; c < table->column_count; c++)
        assert_ok(result_put_withheld(tree, table, &err), err);
}

static char *written(const struct result *tree, size_t rows_max)
{
    struct error err = ERROR_INIT;
    const char *path = test_path(test_dir(), "report.html");
    assert_ok(page_report_write_limited(tree, path, rows_max, &err), err);
    return test_read(path, NULL);
}

static size_t times(const char *text, const char *part)
{
    size_t count = 0;
    while ((text = strstr(text, part))) {
        count++;
        text += strlen(part);
    }
    return count;
}

static char *put(void (*put_text)(FILE *, const char *), const char *text)
{
    const char *path = test_path(test_dir(), "part");
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    put_text(out, text);
    fclose(out);
    return test_read(path, NULL);
}

static void test_escapes(void **state)
{
    (void)state;
    char *text = put(page_put_text, "a<b>&\"'\t\r\n\x7F\xE2\x81\xA6\xFF\xC3\xA9");
    assert_string_equal(text, "a&lt;b&gt;&amp;&quot;&#39;  \n"
                              "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xC3\xA9");
    free(text);
    text = put(page_put_css_string, "A 1\"</style>\n\\\xC3\xA9");
    assert_string_equal(text, "\"A 1\\22 \\3C \\2F style\\3E  \\5C \\E9 \"");
    free(text);
}

static void test_hostile(void **state)
{
    (void)state;
    struct result tree;
    struct error err = ERROR_INIT;
    result_init(&tree);
    tree.title = tree.matter = tree.confidentiality = tree.date = result_text(&tree, hostile);
    assert_ok(result_pair_add(&tree, &tree.run, "files", hostile, &err), err);
    assert_ok(result_pair_add(&tree, &tree.release, "banner", hostile, &err), err);
    assert_ok(result_pair_add(&tree, &tree.definitions, hostile, hostile, &err), err);
    assert_ok(result_pair_add(&tree, &tree.methods, hostile, hostile, &err), err);
    assert_ok(result_pair_add(&tree, &tree.summary, hostile, hostile, &err), err);
    static const enum result_chart_kind kinds[] = {CHART_COLUMN, CHART_BAR, CHART_LINE};
    for (size_t i = 0; i < 3; i++) {
        struct result_table *table = add_table(&tree, hostile, 5);
        table->population = table->method = tree.title;
        assert_ok(result_note(&tree, table, hostile, &err), err);
        put_row(&tree, table, hostile, 12345);
        put_withheld(&tree, table, hostile);
        put_row(&tree, table, "", 0);
        table->chart = (struct result_chart){kinds[i], 0, 1, 0, 3, hostile, hostile, 0};
    }
    char *text = written(&tree, 100);
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "\x01"));
    assert_null(strstr(text, "\xE2\x80\xAE"));
    assert_int_equal(times(text, "</style>"), 1);
    assert_null(strstr(text, "-->"));
    assert_null(strstr(text, "://"));
    assert_int_equal(times(text, "<svg "), 3);
    assert_int_equal(times(text, "role=\"img\""), 3);
    assert_int_equal(times(text, "class=\"whisker\""), 6);
    assert_int_equal(times(text, ">withheld</td>"), 12);
    assert_int_equal(times(text, "class=\"n\">12,345</td>"), 3);
    assert_int_equal(times(text, "class=\"missing\""), 2);
    free(text);
    result_release(&tree);
}

/* No bounds, no whiskers; no figure at all or bars of no height, no chart; a line breaks where a
 * value is withheld. */
static void test_charts(void **state)
{
    (void)state;
    struct result tree;
    result_init(&tree);
    struct result_table *table = add_table(&tree, "line", 2);
    put_row(&tree, table, "2023-01", 3);
    put_row(&tree, table, "2023-02", 4);
    put_withheld(&tree, table, "2023-03");
    put_row(&tree, table, "2023-04", 5);
    table->chart = (struct result_chart){CHART_LINE, 0, 1, 0, 99, "L", "A line.", 0};
    table = add_table(&tree, "none", 2);
    put_withheld(&tree, table, "2023-01");
    table->chart = (struct result_chart){CHART_COLUMN, 0, 1, 0, 1, "N", "Nothing.", 0};
    table = add_table(&tree, "empty", 2);
    table->chart = (struct result_chart){CHART_COLUMN, 0, 1, 0, 5, "E", "Nothing.", 0};
    table = add_table(&tree, "zero", 2);
    put_row(&tree, table, "a", 0);
    table->chart = (struct result_chart){CHART_BAR, 0, 1, 0, 1, NULL, NULL, 0};
    table = add_table(&tree, "huge", 2);
    for (int i = 0; i < 100; i++)
        put_row(&tree, table, "a category of more letters than there is room for", UINT64_MAX);
    table->chart = (struct result_chart){CHART_BAR, 0, 1, 0, 100, "H", "Huge.", 0};
    char *text = written(&tree, 5000);
    assert_int_equal(times(text, "<svg "), 2);
    assert_int_equal(times(text, "<polyline "), 2);
    assert_null(strstr(text, "whisker\" d"));
    assert_null(strstr(text, "\"nan"));
    assert_null(strstr(text, "\"inf"));
    assert_non_null(strstr(text, "<desc id=\"chart-1-text\">A line.</desc>"));
    assert_non_null(strstr(text, "The first 60 of 100 rows are drawn."));
    free(text);
    result_release(&tree);
}

/* Estimates between their ends: dots on whiskers, a whisker alone where there is no estimate; rare
 * shares over powers of ten. */
static void test_ranges(void **state)
{
    (void)state;
    static const struct result_column ranges[] = {{"what", "What", RESULT_STRING, ""},
                                                  {"share", "Share", RESULT_SHARE, ""},
                                                  {"share_low", "Low", RESULT_SHARE, ""},
                                                  {"share_high", "High", RESULT_SHARE, ""}};
    static const double scales[] = {0.02, 0.00002};
    for (size_t s = 0; s < 2; s++) {
        struct result tree;
        struct result_table *table;
        struct error err = ERROR_INIT;
        result_init(&tree);
        assert_ok(result_table_add(&tree, "t", "relevance", "T", "units", ranges, 4, &table, &err),
                  err);
        for (int i = 0; i < 3; i++) {
            assert_ok(result_put_text(&tree, table, "a", &err), err);
            assert_ok(i == 1 ? result_put_null(&tree, table, &err)
                             : result_put_real(&tree, table, i * scales[s], &err),
                      err);
            assert_ok(result_put_real(&tree, table, i * scales[s] / 2, &err), err);
            assert_ok(result_put_real(&tree, table, (i + 1) * scales[s] * 9, &err), err);
        }
        table->chart = (struct result_chart){CHART_RANGE, 0, 1, 0, 3, "R", "Ranges.", 0};
        char *text = written(&tree, 5000);
        assert_int_equal(times(text, "<circle "), 2);
        assert_int_equal(times(text, "class=\"whisker\""), 3);
        assert_int_equal(times(text, "<rect "), 0);
        assert_int_equal(times(text, "Powers of ten; 0 stands at the foot."), s);
        assert_int_equal(times(text, ">0.001 %</text>"), s);
        assert_int_equal(times(text, ">0.01 %</text>"), s);
        assert_null(strstr(text, "\"nan"));
        assert_null(strstr(text, "\"inf"));
        free(text);
        result_release(&tree);
    }
}

static void test_cut(void **state)
{
    (void)state;
    struct result tree;
    result_init(&tree);
    struct result_table *table = add_table(&tree, "long", 2);
    for (int i = 0; i < 1234; i++)
        put_row(&tree, table, "row", 1);
    char *text = written(&tree, 1000);
    assert_int_equal(times(text, "<th scope=\"row\""), 1000);
    assert_non_null(strstr(text, "The first 1,000 of 1,234 rows are shown."));
    char *again = written(&tree, 1000);
    assert_string_equal(text, again);
    free(again);
    free(text);
    text = written(&tree, 1234);
    assert_null(strstr(text, "rows are shown"));
    free(text);
    result_release(&tree);
}

/* Without room the file that was there stays. */
static void test_full_disk(void **state)
{
    (void)state;
    struct result tree;
    result_init(&tree);
    struct result_table *table = add_table(&tree, "long", 2);
    for (int i = 0; i < 3000; i++)
        put_row(&tree, table, "row", 1);
    const char *path = test_path(test_dir(), "full.html");
    check_full_disk(&tree, page_report_write, path, path, 20000);
    result_release(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes), cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_charts),  cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_cut),     cmocka_unit_test(test_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
