/* The files of a plan: globs, order, doubles, errors, parts; and what a peek shows. */
#include "tests/support/support.h"

#include "queries/logs/log_set.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORD                                                                                     \
    "{\"id\":\"a\",\"secret name\":1,\"messages\":[{\"role\":\"user\",\"content\":\"hush\"}]}\n"

static struct log_set set;
static struct error err;

static enum status open_set(const char *dir, char **paths, size_t count, const char *format,
                            uint64_t part_bytes)
{
    struct log_options options = {.base_dir = dir,
                                  .paths = paths,
                                  .path_count = count,
                                  .format = format,
                                  .max_record = 1 << 20,
                                  .part_bytes = part_bytes};
    err = (struct error)ERROR_INIT;
    return log_set_open(&set, &options, &err);
}

static void files_in_order_once(void **state)
{
    (void)state;
    const char *dir = test_dir();
    char inner[300];
    snprintf(inner, sizeof inner, "%s/we[ird", dir);
    assert_int_equal(mkdir(inner, 0700), 0);
    static const char *const names[] = {"b.jsonl", "a.jsonl", "Z.jsonl", "c[1].jsonl", "d.txt"};
    for (size_t i = 0; i < 5; i++)
        test_write_text(test_path(inner, names[i]), RECORD);
    assert_int_equal(link(test_path(inner, "a.jsonl"), test_path(inner, "x.jsonl")), 0);
    assert_int_equal(symlink("b.jsonl", test_path(inner, "y.jsonl")), 0);
    char *paths[] = {"*.jsonl", "a.jsonl", "./a.jsonl", "c[1].jsonl", "[ad].*"};
    assert_ok(open_set(inner, paths, 5, "auto", 0), err);
    assert_int_equal(set.file_count, 5);
    assert_string_equal(set.files[0].name, "./a.jsonl");
    assert_string_equal(set.files[1].name, "Z.jsonl");
    assert_string_equal(set.files[2].name, "b.jsonl");
    assert_string_equal(set.files[3].name, "c[1].jsonl");
    assert_string_equal(set.files[4].name, "d.txt");
    assert_int_equal(set.bytes, 5 * strlen(RECORD));
    assert_int_equal(set.part_count, 5);
    assert_int_equal(set.files[4].size, strlen(RECORD));
    assert_true(set.files[4].mtime_ns > INT64_C(1600000000000000000));
    log_set_release(&set);
    /* An absolute pattern keeps its names absolute. */
    char glob[400];
    snprintf(glob, sizeof glob, "%s/we\\[ird/?.jsonl", dir);
    char *absolute[] = {glob};
    assert_ok(open_set("/nowhere", absolute, 1, "native", 0), err);
    assert_int_equal(set.file_count, 3);
    assert_int_equal(set.files[0].name[0], '/');
    log_set_release(&set);
}

static void parts_cover_the_files(void **state)
{
    (void)state;
    const char *dir = test_dir();
    test_write_text(test_path(dir, "1"), RECORD RECORD RECORD);
    test_write_text(test_path(dir, "2"), "[]");
    test_write_text(test_path(dir, "3"), "");
    char *paths[] = {"*"};
    assert_ok(open_set(dir, paths, 1, "auto", 100), err);
    uint64_t size = 3 * strlen(RECORD);
    assert_int_equal(set.part_count, (size + 99) / 100 + 2);
    uint64_t at = 0;
    for (size_t i = 0; i < set.part_count - 2; i++) {
        assert_int_equal(set.parts[i].file, 0);
        assert_int_equal(set.parts[i].start, at);
        at = set.parts[i].end;
    }
    assert_int_equal(at, size);
    assert_int_equal(set.parts[set.part_count - 2].file, 1);
    assert_int_equal(set.parts[set.part_count - 1].end, 0);
    log_set_release(&set);
}

static void assert_error(const char *dir, const char *path, const char *format,
                         enum status expected, const char *says)
{
    char *paths[] = {(char *)(uintptr_t)path};
    assert_int_equal(open_set(dir, paths, 1, format, 0), expected);
    if (!strstr(err.text, says))
        fail_msg("\"%s\" does not say \"%s\"", err.text, says);
    assert_int_equal(set.file_count, 0);
}

static void errors_name_the_file(void **state)
{
    (void)state;
    const char *dir = test_dir();
    assert_int_equal(mkdir(test_path(dir, "folder"), 0700), 0);
    assert_int_equal(mkfifo(test_path(dir, "pipe"), 0600), 0);
    test_write_text(test_path(dir, "file"), RECORD);
    assert_error(dir, "missing.jsonl", "auto", STATUS_INPUT, "missing.jsonl\": no such file");
    assert_error(dir, "*.jsonl", "auto", STATUS_INPUT, "no file matches \"*.jsonl\"");
    assert_error(dir, "folder", "auto", STATUS_INPUT, "is a folder");
    assert_error(dir, "fold*", "auto", STATUS_INPUT, "is a folder");
    assert_error(dir, "pipe", "auto", STATUS_INPUT, "not a regular file");
    assert_error(dir, "file", "nativ", STATUS_PLAN, "unknown format \"nativ\"");
    if (geteuid() != 0) {
        assert_int_equal(chmod(test_path(dir, "file"), 0), 0);
        assert_error(dir, "file", "auto", STATUS_INPUT, "permission denied");
    }
}

static void format_comes_from_the_first_readable_record(void **state)
{
    (void)state;
    const char *dir = test_dir();
    test_write_text(test_path(dir, "late"), "{\"broken\":\n{}\n7\n"
                                            "{\"conversation_id\":\"a\",\"conversation\":[{"
                                            "\"role\":\"user\",\"content\":\"x\"}]}\n" RECORD);
    test_write_text(test_path(dir, "none"), "{\"a\":1}\n");
    char *late[] = {"late"}, *none[] = {"none"};
    assert_ok(open_set(dir, late, 1, "auto", 0), err);
    assert_string_equal(format_name(set.files[0].format), "lmsys");
    log_set_release(&set);
    assert_ok(open_set(dir, none, 1, "auto", 0), err);
    assert_string_equal(format_name(set.files[0].format), "native");
    log_set_release(&set);
    assert_ok(open_set(dir, none, 1, "sharegpt", 0), err);
    assert_string_equal(format_name(set.files[0].format), "sharegpt");
    log_set_release(&set);
}

static char *peek(const char *dir, const char *name)
{
    char *paths[] = {(char *)(uintptr_t)name};
    struct log_options options = {.max_record = 1 << 20};
    assert_ok(open_set(dir, paths, 1, "auto", 0), err);
    char *out = NULL;
    size_t len = 0;
    FILE *stream = open_memstream(&out, &len);
    assert_ok(log_file_peek(&set.files[0], &options, stream, &err), err);
    fclose(stream);
    log_set_release(&set);
    return out;
}

static void peek_shows_keys_and_no_contents(void **state)
{
    (void)state;
    const char *dir = test_dir();
    test_write_text(test_path(dir, "p"), "7\n" RECORD);
    test_write_text(test_path(dir, "q"), "{}\n");
    char *shown = peek(dir, "p");
    assert_string_equal(shown, "p: plain, one record a line, format native\n"
                               "  members: id (string), secret name (number), messages (array)\n"
                               "  id        <- /id\n"
                               "  user      not carried\n"
                               "  time      not carried\n"
                               "  model     not carried\n"
                               "  country   not carried\n"
                               "  language  not carried\n"
                               "  account   not carried\n"
                               "  turns: 1 (1 user, 0 assistant, 0 system, 0 tool)\n");
    free(shown);
    shown = peek(dir, "q");
    assert_non_null(strstr(shown, "no record fits a format"));
    free(shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_in_order_once),
        cmocka_unit_test(parts_cover_the_files),
        cmocka_unit_test(errors_name_the_file),
        cmocka_unit_test(format_comes_from_the_first_readable_record),
        cmocka_unit_test(peek_shows_keys_and_no_contents),
    };
    return cmocka_run_group_tests_name("logs_set", tests, NULL, NULL);
}
