/* The workbook: names and texts that it can hold, hostile trees, equal bytes, a full disk. */
#include "tests/support/made_result.h"
#include "tests/support/support.h"

#include "report/writer.h"
#include "report/xlsx_book.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct result_column columns[] = {
    {"name", "Name", RESULT_STRING, ""},
    {"count", "Conversations", RESULT_COUNT, "conversations"},
    {"share", "=1+1", RESULT_SHARE, ""},
    {"p", "p-value", RESULT_NUMBER, ""},
};

static struct result_table *add_table(struct result *tree, const char *id, const char *title)
{
    return made_table(tree, id, title, columns, 4);
}

static void put_row(struct result *tree, struct result_table *table, const char *name,
                    uint64_t count, double share)
{
    made_row(tree, table, "tcrr", name, count, share, share / 7);
}

static void check_with_python(const struct result *tree, const char *xlsx)
{
    struct error err = ERROR_INIT;
    const char *json = test_path(test_dir(), "report.json");
    assert_ok(json_report_write(tree, json, &err), err);
    char command[2048];
    snprintf(command, sizeof command,
             "/usr/bin/python3 tests/report_check.py templates/report.schema.json '%s' '%s'", json,
             xlsx);
    assert_int_equal(system(command), 0);
}

static void test_sheet_names(void **state)
{
    (void)state;
    static const struct {
        const char *wanted, *name;
    } cases[] = {
        {"volume", "volume"},
        {"Volume", "Volume (2)"},
        {"a[b]c:d*e?f/g\\h", "a-b-c-d-e-f-g-h"},
        {"", "Table"},
        {"  \n ", "Table (2)"},
        {"'quoted'", "\xE2\x80\x99quoted\xE2\x80\x99"},
        {"T1", "Table T1"},
        {"XFD1048576", "Table XFD1048576"},
        {"R1C1", "Table R1C1"},
        {"rc", "Table rc"},
        {"2024", "Table 2024"},
        {"rel", "rel"},
        {"Completeness", "Completeness"},
        {"history", "Table history"},
        {"1234567890123456789012345678901234567890", "Table 1234567890123456789012345"},
        {"abcdefghijklmnopqrstuvwxyzabcdefghij", "abcdefghijklmnopqrstuvwxyzabcde"},
        {"abcdefghijklmnopqrstuvwxyzabcdeXXXXX", "abcdefghijklmnopqrstuvwxyza (2)"},
        {"\xC3\x84", "\xC3\x84"},
        {"\xC3\xA4", "\xC3\xA4 (2)"},
        {"\x01\xFF", "\xEF\xBF\xBD"},
    };
    struct xlsx_names names = {NULL, 0, 0};
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *name;
        assert_ok(xlsx_names_add(&names, cases[i].wanted, &name, &err), err);
        if (i + 1 < sizeof cases / sizeof *cases)
            assert_string_equal(name, cases[i].name);
    }
    xlsx_names_release(&names);
}

static void assert_cell(const char *text, size_t max, const char *wanted)
{
    char *got = xlsx_cell_text(text, max);
    assert_non_null(got);
    assert_string_equal(got, wanted);
    free(got);
}

static void test_cell_texts(void **state)
{
    (void)state;
    assert_cell("a\x01"
                "b\x7F"
                "c\td\r\ne\rf",
                100,
                "a\xEF\xBF\xBD"
                "b\xEF\xBF\xBD"
                "c\td\ne\nf");
    assert_cell("\xEF\xBF\xBE\xC2\x85", 100, "\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_cell("_x0041_ _x41_ _xZZZZ_", 100, "_x005F_x0041_ _x41_ _xZZZZ_");
    assert_cell("0123456789abcdef", 16, "0123456789abcdef");
    assert_cell("0123456789abcdefg", 16, "0123456... [cut]");
    /* An emoji is two units. */
    assert_cell("\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80"
                "\xF0\x9F\x98\x80\xF0\x9F\x98\x80",
                11, "\xF0\x9F\x98\x80... [cut]");
    char *header = xlsx_header_text("A & B\nC", 100);
    assert_string_equal(header, "A && B C");
    free(header);
}

/* Titles of 5,000 characters, formulas, controls, right-to-left texts, equal ids, 300 tables. */
static void test_hostile_tree(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct result tree;
    result_init(&tree);
    char title[5001], cell[40000];
    memset(title, 'x', sizeof title - 1);
    title[sizeof title - 1] = '\0';
    memset(cell, '=', sizeof cell - 1);
    cell[sizeof cell - 1] = '\0';
    tree.title = title;
    tree.matter = "=cmd|'/c calc'!A1 & \"co\" \x01\n100%";
    tree.confidentiality = title;
    tree.date = "not a date";
    assert_ok(result_pair_add(&tree, &tree.release, "banner", "=1+1", &err), err);
    assert_ok(result_pair_add(&tree, &tree.summary, "=HYPERLINK(\"x\")", title, &err), err);
    assert_ok(result_pair_add(&tree, &tree.methods, "", "", &err), err);
    struct result_table *table = add_table(&tree, "completeness", title);
    put_row(&tree, table, "read", 1, 1);
    static const char *const names[] = {"=cmd|'/c calc'!A1",
                                        "+1",
                                        "-1",
                                        "@SUM(A1)",
                                        "\t=1",
                                        "_x0041_",
                                        "\xE2\x80\xAE evil",
                                        "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",
                                        "a\x02 b",
                                        " spaced ",
                                        "http://example.org/",
                                        "1e5",
                                        "line\nbreak",
                                        "<b>&amp;</b>"};
    static const char *const wild[] = {"a/b", "A/B", "[x]", "T1", "'", "?", "total"};
    for (size_t t = 0; t < 7; t++) {
        table = add_table(&tree, wild[t], names[t]);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            put_row(&tree, table, names[i], i * 1234567, (double)i / 1e6);
        assert_ok(result_note(&tree, table, title, &err), err);
        table->chart = (struct result_chart){CHART_BAR, 0, 1, 0, 5, "=1+1", "=1+1", 0};
    }
    table = add_table(&tree, "long", "Long");
    put_row(&tree, table, cell, (UINT64_C(1) << 53) + 1, 1e-12);
    for (int i = 0; i < 300; i++) {
        table = add_table(&tree, "same", "Same");
        put_row(&tree, table, "x", (uint64_t)i, 0.5);
        table->chart =
            (struct result_chart){i % 2 ? CHART_LINE : CHART_COLUMN, 0, 2, 0, 1, "", "", 0};
    }
    const char *xlsx = test_path(test_dir(), "report.xlsx");
    assert_ok(xlsx_report_write(&tree, xlsx, &err), err);
    check_with_python(&tree, xlsx);
    result_release(&tree);
}

/* A table of estimates, the first of 0, between their ends. */
static void add_ranges(struct result *tree, const char *id, double rare)
{
    static const struct result_column ranges[] = {{"what", "What", RESULT_STRING, ""},
                                                  {"share", "Share", RESULT_SHARE, ""},
                                                  {"share_low", "Share, low", RESULT_SHARE, ""},
                                                  {"share_high", "Share, high", RESULT_SHARE, ""}};
    struct error err = ERROR_INIT;
    struct result_table *table;
    assert_ok(
        result_table_add(tree, id, "relevance", "Ranges", "conversations", ranges, 4, &table, &err),
        err);
    for (int i = 0; i < 4; i++) {
        assert_ok(result_put_text(tree, table, i == 0 ? "none" : "some <&>", &err), err);
        assert_ok(result_put_real(tree, table, i * rare, &err), err);
        assert_ok(result_put_real(tree, table, i * rare / 3, &err), err);
        assert_ok(result_put_real(tree, table, (i + 0.5) * rare * 9, &err), err);
    }
    table->chart = (struct result_chart){CHART_RANGE, 0, 1, 0, 4, "Ranges", "Points on lines.", 0};
}

/* Values with bounds: high-low lines of a stock chart, over powers of ten where they are rare. */
static void test_ranges(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct result tree;
    result_init(&tree);
    add_ranges(&tree, "common", 0.03);
    add_ranges(&tree, "rare", 0.0001);
    const char *xlsx = test_path(test_dir(), "report.xlsx");
    assert_ok(xlsx_report_write(&tree, xlsx, &err), err);
    check_with_python(&tree, xlsx);
    char command[2048];
    snprintf(command, sizeof command, "python3 tests/chart_check.py '%s'", xlsx);
    assert_int_equal(system(command), 0);
    result_release(&tree);
}

static void fill_big(struct result *tree, size_t rows)
{
    struct result_table *table = add_table(tree, "big", "Big");
    char name[40];
    for (size_t i = 0; i < rows; i++) {
        snprintf(name, sizeof name, "row %zu", i * 7919 % 100003);
        put_row(tree, table, name, i, (double)i / (double)rows);
    }
    table->chart = (struct result_chart){CHART_LINE, 0, 1, 0, 40, "Lines", "A line", 0};
}

/* Split over sheets, in constant memory and not: the same cells. */
static void test_split_over_sheets(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct result tree;
    result_init(&tree);
    fill_big(&tree, 1001);
    static const struct xlsx_limits limits[] = {{100, 100000}, {100, 0}, {1001, 0}, {1000, 0}};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        const char *xlsx = test_path(test_dir(), "report.xlsx");
        assert_ok(xlsx_report_write_limited(&tree, xlsx, &limits[i], &err), err);
        check_with_python(&tree, xlsx);
    }
    result_release(&tree);
}

/* Written twice with the clock moved on: the same bytes. */
static void test_same_bytes(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct result tree;
    result_init(&tree);
    tree.date = "2025-01-31";
    fill_big(&tree, 50);
    for (int constant = 0; constant < 2; constant++) {
        const struct xlsx_limits limits = {1000, constant ? 0 : 1000};
        const char *first = test_path(test_dir(), "a.xlsx"),
                   *second = test_path(test_dir(), "b.xlsx");
        assert_ok(xlsx_report_write_limited(&tree, first, &limits, &err), err);
        nanosleep(&(struct timespec){2, 100000000}, NULL);
        assert_ok(xlsx_report_write_limited(&tree, second, &limits, &err), err);
        size_t a_len, b_len;
        char *a = test_read(first, &a_len), *b = test_read(second, &b_len);
        assert_int_equal(a_len, b_len);
        assert_memory_equal(a, b, a_len);
        free(a);
        free(b);
    }
    result_release(&tree);
}

/* Files of at most LIMIT bytes; 0 if the workbook was refused with an input error. */
static int write_with_limit(const struct result *tree, const char *path, rlim_t limit)
{
    struct error err = ERROR_INIT;
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit sizes = {limit, limit};
    setrlimit(RLIMIT_FSIZE, &sizes);
    enum status status = xlsx_report_write(tree, path, &err);
    return status == STATUS_INPUT ? 0 : status == STATUS_OK ? 10 : 11;
}

/*
 * A full disk, told by a limit on the size of files. Sheets compress well, so that some limits stop
 * only a temporary file of the library, which does not notice: the older report must stay.
 */
static void test_full_disk(void **state)
{
    (void)state;
    struct result tree;
    result_init(&tree);
    fill_big(&tree, 3000);
    static const rlim_t limits[] = {10, 1000, 8192, 20000, 60000, 100000, 150000, 200000};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        const char *dir = test_dir(), *path = test_path(dir, "report.xlsx");
        test_write_text(path, "old");
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(write_with_limit(&tree, path, limits[i]));
        int how;
        assert_int_equal(waitpid(child, &how, 0), child);
        assert_true(WIFEXITED(how));
        if (WEXITSTATUS(how) != 0)
            fail_msg("limit %lu: exit %d", (unsigned long)limits[i], WEXITSTATUS(how));
        char *text = test_read(path, NULL);
        assert_string_equal(text, "old");
        free(text);
        char command[300];
        snprintf(command, sizeof command, "test \"$(ls -A '%s')\" = report.xlsx", dir);
        assert_int_equal(system(command), 0);
    }
    result_release(&tree);
}

static void test_folder_that_is_not_there(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct result tree;
    result_init(&tree);
    assert_int_equal(xlsx_report_write(&tree, "/nowhere/report.xlsx", &err), STATUS_INPUT);
    assert_non_null(strstr(err.text, "no such file or directory"));
    const char *path = test_path(test_dir(), "empty.xlsx");
    assert_ok(xlsx_report_write(&tree, path, &err), err);
    check_with_python(&tree, path);
    result_release(&tree);
}

/* The check after writing finds any byte that is cut off. */
static void test_check_finds_cuts(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct result tree;
    result_init(&tree);
    fill_big(&tree, 20);
    const char *path = test_path(test_dir(), "a.xlsx"), *other = test_path(test_dir(), "b.xlsx");
    assert_ok(xlsx_report_write(&tree, path, &err), err);
    assert_ok(xlsx_check(path, path, &err), err);
    size_t len;
    char *bytes = test_read(path, &len);
    for (size_t cut = 0; cut < len; cut += cut < 100 || cut + 100 > len ? 1 : 97) {
        test_write(other, bytes, cut);
        assert_int_equal(xlsx_check(other, other, &err), STATUS_INPUT);
    }
    free(bytes);
    result_release(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sheet_names),       cmocka_unit_test(test_cell_texts),
        cmocka_unit_test(test_hostile_tree),      cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_split_over_sheets), cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_full_disk),         cmocka_unit_test(test_folder_that_is_not_there),
        cmocka_unit_test(test_check_finds_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
