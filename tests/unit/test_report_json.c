/* report.json: its bytes, what hostile texts become, and what a full disk leaves. */
#include "tests/support/support.h"

#include "report/report_read.h"
#include "report/writer.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct result_column columns[] = {
    {"month", "Month", RESULT_MONTH, ""},
    {"conversations", "Conversations", RESULT_COUNT, "conversations"},
    {"share", "Share", RESULT_SHARE, ""},
};

static struct result_table *small_table(struct result *tree, const char *id)
{
    struct error err = ERROR_INIT;
    struct result_table *table;
    assert_ok(
        result_table_add(tree, id, "count", "By month", "conversations", columns, 3, &table, &err),
        err);
    return table;
}

static void put_row(struct result *tree, struct result_table *table, const char *month,
                    uint64_t count, double share)
{
    struct error err = ERROR_INIT;
    assert_ok(result_put_text(tree, table, month, &err), err);
    assert_ok(result_put_count(tree, table, count, &err), err);
    assert_ok(result_put_real(tree, table, share, &err), err);
}

static char *written(const struct result *tree, size_t *len)
{
    struct error err = ERROR_INIT;
    const char *path = test_path(test_dir(), "report.json");
    assert_ok(json_report_write(tree, path, &err), err);
    return test_read(path, len);
}

static void test_exact_bytes(void **state)
{
    (void)state;
    struct result tree;
    struct error err = ERROR_INIT;
    result_init(&tree);
    tree.title = result_text(&tree, "A \"title\"");
    assert_ok(result_pair_add(&tree, &tree.run, "files", "2", &err), err);
    assert_ok(result_pair_add(&tree, &tree.run, "bytes", "10", &err), err);
    assert_ok(result_pair_add(&tree, &tree.summary, "volume", "All.", &err), err);
    struct result_table *table = small_table(&tree, "volume");
    put_row(&tree, table, "2023-01", INT64_MAX, 1.0 / 3);
    put_row(&tree, table, "2023-02", 0, 1e-9);
    assert_ok(result_put_text(&tree, table, "total", &err), err);
    assert_ok(result_put_withheld(&tree, table, &err), err);
    assert_ok(result_put_withheld(&tree, table, &err), err);
    put_row(&tree, table, "empty", 7, NAN);
    char *text = written(&tree, NULL);
    assert_string_equal(
        text,
        "{\"completeness\":null,\n\"confidentiality\":null,\n\"cover\":null,\n\"date\":null,\n"
        "\"definitions\":[],\n"
        "\"matter\":null,\n\"methods\":[],\n\"proffer\":1,\n\"release\":{},\n"
        "\"run\":{\"bytes\":\"10\",\"files\":\"2\"},\n"
        "\"summary\":[\n{\"id\":\"volume\",\"text\":\"All.\"}],\n\"tables\":[\n{\"columns\":[\n"
        "{\"id\":\"month\",\"title\":\"Month\",\"type\":\"month\",\"unit\":\"\"},\n"
        "{\"id\":\"conversations\",\"title\":\"Conversations\",\"type\":\"count\","
        "\"unit\":\"conversations\"},\n"
        "{\"id\":\"share\",\"title\":\"Share\",\"type\":\"share\",\"unit\":\"\"}],\n"
        "\"id\":\"volume\",\"kind\":\"count\",\n\"method\":\"\",\n\"notes\":[],\n"
        "\"population\":\"\",\n\"rows\":[\n"
        "{\"conversations\":9223372036854775807,\"month\":\"2023-01\","
        "\"share\":0.333333333333333},\n"
        "{\"conversations\":0,\"month\":\"2023-02\",\"share\":1e-9},\n"
        "{\"conversations\":null,\"flags\":{\"conversations\":\"withheld\","
        "\"share\":\"withheld\"},\"month\":\"total\",\"share\":null},\n"
        "{\"conversations\":7,\"month\":\"empty\",\"share\":null}],\n"
        "\"title\":\"By month\",\"unit\":\"conversations\"}],\n\"title\":\"A \\\"title\\\"\"}\n");
    free(text);
    result_release(&tree);
}

static void test_count_over_63_bits(void **state)
{
    (void)state;
    struct result tree;
    struct error err = ERROR_INIT;
    result_init(&tree);
    struct result_table *table = small_table(&tree, "volume");
    put_row(&tree, table, "2023-01", (uint64_t)INT64_MAX + 1, 0);
    const char *path = test_path(test_dir(), "report.json");
    assert_int_equal(json_report_write(&tree, path, &err), STATUS_INTERNAL);
    assert_non_null(strstr(err.text, "9223372036854775808"));
    assert_int_equal(access(path, F_OK), -1);
    result_release(&tree);
}

/* Column ids are keys of rows: doubled ones and "flags" give way. */
static void test_column_ids_are_unique(void **state)
{
    (void)state;
    static const struct result_column same[] = {
        {"users", "A field that the log calls users", RESULT_STRING, ""},
        {"flags", "A field that the log calls flags", RESULT_STRING, NULL},
        {"users", "Users", RESULT_COUNT, "users"},
        {"users_2", NULL, RESULT_COUNT, "users"},
    };
    struct result tree;
    struct error err = ERROR_INIT;
    struct result_table *table;
    result_init(&tree);
    assert_ok(result_table_add(&tree, "t", "count", "T", NULL, same, 4, &table, &err), err);
    assert_string_equal(table->columns[0].id, "users");
    assert_string_equal(table->columns[1].id, "flags_2");
    assert_string_equal(table->columns[2].id, "users_2");
    assert_string_equal(table->columns[3].id, "users_2_2");
    result_release(&tree);
}

static void test_bytes_that_are_not_utf8(void **state)
{
    (void)state;
    struct result tree;
    result_init(&tree);
    assert_string_equal(result_text(&tree, "a\xFF"
                                           "b\xC3"),
                        "a\xEF\xBF\xBD"
                        "b\xEF\xBF\xBD");
    assert_string_equal(result_text(&tree, "\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_string_equal(result_text(&tree, "\xF0\x9F\x98\x80"), "\xF0\x9F\x98\x80");
    assert_null(result_text(&tree, NULL));
    result_release(&tree);
}

/* Written, read and written again: the same bytes. */
static void test_round_trip(void **state)
{
    (void)state;
    struct result tree, back;
    struct error err = ERROR_INIT;
    result_init(&tree);
    result_init(&back);
    tree.title = result_text(&tree, "T\x01 \xE2\x80\xAE");
    tree.date = result_text(&tree, "2025-01-31");
    assert_ok(result_pair_add(&tree, &tree.release, "banner", "b", &err), err);
    assert_ok(result_pair_add(&tree, &tree.definitions, "word", "meaning", &err), err);
    struct result_table *table = small_table(&tree, "completeness");
    put_row(&tree, table, "2023-01", 5, 0.1);
    assert_ok(result_note(&tree, table, "note", &err), err);
    table = small_table(&tree, "volume");
    for (unsigned i = 0; i < 1000; i++) {
        put_row(&tree, table, i % 2 ? "2023-01" : "2023-02", i * 977, i / 999.0);
        if (i % 10 == 0) {
            assert_ok(result_put_null(&tree, table, &err), err);
            assert_ok(result_put_withheld(&tree, table, &err), err);
            assert_ok(result_put_null(&tree, table, &err), err);
        }
    }
    const char *first = test_path(test_dir(), "a.json"), *second = test_path(test_dir(), "b.json");
    assert_ok(json_report_write(&tree, first, &err), err);
    assert_ok(report_read(&back, first, &err), err);
    assert_ok(json_report_write(&back, second, &err), err);
    size_t first_len, second_len;
    char *a = test_read(first, &first_len), *b = test_read(second, &second_len);
    assert_int_equal(first_len, second_len);
    assert_memory_equal(a, b, first_len);
    struct stat info;
    assert_int_equal(stat(first, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0644 & info.st_mode);
    free(a);
    free(b);
    result_release(&back);
    result_release(&tree);
}

static void test_what_is_no_report(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "{}",
        "null",
        "{\"proffer\":2,\"tables\":[]}",
        "{\"proffer\":1}",
        "{\"proffer\":1,\"tables\":[1]}",
        "{\"proffer\":1,\"tables\":[{\"id\":\"a\",\"kind\":\"b\",\"columns\":[],\"rows\":[]}]}",
        "{\"proffer\":1,\"tables\":[{\"id\":\"a\",\"kind\":\"b\",\"columns\":[{\"id\":\"x\","
        "\"type\":\"what\"}],\"rows\":[]}]}",
        "{\"proffer\":1,\"tables\":[{\"id\":\"a\",\"kind\":\"b\",\"columns\":[{\"id\":\"x\","
        "\"type\":\"count\"}],\"rows\":[{\"x\":-1}]}]}",
        "{\"proffer\":1,\"tables\":[{\"id\":\"a\",\"kind\":\"b\",\"columns\":[{\"id\":\"x\","
        "\"type\":\"count\"}],\"rows\":[3]}]}",
        "{\"proffer\":1,\"proffer\":1,\"tables\":[]}",
    };
    const char *path = test_path(test_dir(), "r.json");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct result tree;
        struct error err = ERROR_INIT;
        result_init(&tree);
        test_write_text(path, texts[i]);
        assert_int_equal(report_read(&tree, path, &err), STATUS_INPUT);
        assert_non_null(strstr(err.where, "r.json"));
        result_release(&tree);
    }
}

/* No room on the disk, told by a limit on the size of files: the older report stays whole. */
static void test_full_disk(void **state)
{
    (void)state;
    const char *path = test_path(test_dir(), "report.json");
    test_write_text(path, "old");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct result tree;
        struct error err = ERROR_INIT;
        struct result_table *table;
        result_init(&tree);
        if (result_table_add(&tree, "t", "count", "T", NULL, columns, 3, &table, &err))
            _exit(2);
        for (int i = 0; i < 5000; i++)
            if (result_put_text(&tree, table, "2023-01", &err) ||
                result_put_count(&tree, table, 1, &err) || result_put_null(&tree, table, &err))
                _exit(3);
        signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = {20000, 20000};
        setrlimit(RLIMIT_FSIZE, &limit);
        enum status status = json_report_write(&tree, path, &err);
        _exit(status == STATUS_INPUT && strstr(err.text, "too large") ? 0 : 4);
    }
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
    char *text = test_read(path, NULL);
    assert_string_equal(text, "old");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_bytes),
        cmocka_unit_test(test_count_over_63_bits),
        cmocka_unit_test(test_column_ids_are_unique),
        cmocka_unit_test(test_bytes_that_are_not_utf8),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_what_is_no_report),
        cmocka_unit_test(test_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
