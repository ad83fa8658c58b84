/* CSV files: their bytes, their names, what hostile texts become, and what a full disk leaves. */
#include "tests/support/full_disk.h"
#include "tests/support/made_result.h"
#include "tests/support/support.h"

#include "report/csv_report.h"
#include "report/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct result_column columns[] = {
    {"name", "Name", RESULT_STRING, ""},
    {"conversations", "Conversations", RESULT_COUNT, "conversations"},
    {"=share", "Share", RESULT_SHARE, ""},
};

static struct result_table *add_table(struct result *tree, const char *id)
{
    return made_table(tree, id, "T", columns, 3);
}

static void put_row(struct result *tree, struct result_table *table, const char *name,
                    uint64_t count, double share)
{
    made_row(tree, table, "tcr", name, count, share);
}

static void test_exact_bytes(void **state)
{
    (void)state;
    struct result tree;
    struct error err = ERROR_INIT;
    result_init(&tree);
    struct result_table *table = add_table(&tree, "volume");
    put_row(&tree, table, "plain", 1234567, 1.0 / 3);
    put_row(&tree, table, "a \"b\", c\nd", UINT64_MAX, -0.5);
    assert_ok(result_put_text(&tree, table, "", &err), err);
    assert_ok(result_put_withheld(&tree, table, &err), err);
    assert_ok(result_put_null(&tree, table, &err), err);
    static const char *const formulas[] = {"=1+1", "+1", "-1", "@x", "\tx", "\rx", " =1"};
    for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++)
        put_row(&tree, table, formulas[i], 0, 0);
    put_row(&tree, table, "a\x01\xE2\x80\xAE\xEF\xBB\xBF\xC3\xA9", 0, 1e-9);
    const char *folder = test_path(test_dir(), "made/csv");
    assert_ok(csv_report_write(&tree, folder, &err), err);
    char *text = test_read(test_path(folder, "volume.csv"), NULL);
    assert_string_equal(text, "name,conversations,'=share\r\n"
                              "plain,1234567,0.333333333333333\r\n"
                              "\"a \"\"b\"\", c\nd\",18446744073709551615,-0.5\r\n"
                              "\"\",withheld,\r\n"
                              "'=1+1,0,0\r\n'+1,0,0\r\n'-1,0,0\r\n'@x,0,0\r\n'\tx,0,0\r\n"
                              "\"'\rx\",0,0\r\n =1,0,0\r\n"
                              "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBB\xBF\xC3\xA9,0,1e-09\r\n");
    free(text);
    result_release(&tree);
}

static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *wanted, *name;
    } cases[] = {
        {"volume", "volume.csv"},
        {"Volume", "Volume-2.csv"},
        {"VOLUME", "VOLUME-3.csv"},
        {"volume-2", "volume-2-2.csv"},
        {"rel.search", "rel.search.csv"},
        {"../../etc/passwd", "_._.._etc_passwd.csv"},
        {"a\\b:c*d", "a_b_c_d.csv"},
        {"", "table.csv"},
        {"-rf", "_rf.csv"},
        {"con", "table-con.csv"},
        {"Lpt1.x", "table-Lpt1.x.csv"},
        {"console", "console.csv"},
        {"\xE6\xBC\xA2\xE5\xAD\x97", "__.csv"},
        {"\n\x7F", "__-2.csv"},
    };
    struct csv_names names = {NULL, 0, 0};
    struct error err = ERROR_INIT;
    const char *name;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_ok(csv_names_add(&names, cases[i].wanted, &name, &err), err);
        assert_string_equal(name, cases[i].name);
    }
    char wide[400];
    memset(wide, 'w', sizeof wide - 1);
    wide[sizeof wide - 1] = '\0';
    assert_ok(csv_names_add(&names, wide, &name, &err), err);
    assert_int_equal(strlen(name), 104);
    csv_names_release(&names);
}

/* A single null is no empty line, which readers skip. */
static void test_lone_null(void **state)
{
    (void)state;
    struct result tree;
    struct error err = ERROR_INIT;
    struct result_table *table;
    result_init(&tree);
    assert_ok(result_table_add(&tree, "t", "count", "T", "", columns, 1, &table, &err), err);
    assert_ok(result_put_null(&tree, table, &err), err);
    const char *folder = test_dir();
    assert_ok(csv_report_write(&tree, folder, &err), err);
    char *text = test_read(test_path(folder, "t.csv"), NULL);
    assert_string_equal(text, "name\r\n\"\"\r\n");
    free(text);
    result_release(&tree);
}

/* Without room the file that was there stays. */
static void test_full_disk(void **state)
{
    (void)state;
    struct result tree;
    result_init(&tree);
    struct result_table *table = add_table(&tree, "long");
    for (int i = 0; i < 5000; i++)
        put_row(&tree, table, "a row of some length", 1, 0.5);
    const char *folder = test_dir(), *path = test_path(folder, "long.csv");
    check_full_disk(&tree, csv_report_write, folder, path, 20000);
    result_release(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_bytes),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_lone_null),
        cmocka_unit_test(test_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
