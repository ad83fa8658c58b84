/* Concordance DAT files: records as CSV, what is no such file, and the way back. */
#include "tests/support/support.h"

#include "queries/dat.h"

#include <stdlib.h>
#include <string.h>

#define T "\xC3\xBE"
#define S "\x14"

static void expect(const char *dat, size_t len, const char *csv)
{
    struct error err = ERROR_INIT;
    struct buffer out;
    buffer_init(&out, 1 << 20);
    assert_true(dat_is(dat, len));
    assert_ok(dat_to_csv(dat, len, "x.dat", &out, &err), err);
    assert_int_equal(out.len, strlen(csv));
    assert_memory_equal(out.data, csv, out.len);
    buffer_release(&out);
}

static void records(void **state)
{
    (void)state;
    static const char wide[] = "\xEF\xBB\xBF" T "ID" T S T "LABEL" T "\r\n" T "a\"b" T S T "yes" T
                               "\n" T T S T "two\xC2\xAElines" T;
    expect(wide, sizeof wide - 1, "\"ID\",\"LABEL\"\r\n\"a\"\"b\",\"yes\"\n\"\",\"two lines\"");
    static const char narrow[] = "\xFEID\xFE\x14\xFE\xE9\xFE\n\xFEx\xFE\xFEy\xFE\x14\xFEz\xAEz\xFE";
    expect(narrow, sizeof narrow - 1, "\"ID\",\"\xC3\xA9\"\n\"x" T "y\",\"z z\"");
    static const char doubled[] = T "a" T T "b" T "\n";
    expect(doubled, sizeof doubled - 1, "\"a" T "b\"\n");
}

static void other_files(void **state)
{
    (void)state;
    assert_false(dat_is("id,label\n", 9));
    assert_false(dat_is("", 0));
    assert_false(dat_is("\xFE\xFFi", 3)); /* UTF-16 */
    assert_false(dat_is("\xFE", 1));
}

static void refused(const char *dat, const char *where, const char *said)
{
    struct error err = ERROR_INIT;
    struct buffer out;
    buffer_init(&out, 1 << 20);
    assert_int_equal(dat_to_csv(dat, strlen(dat), "x.dat", &out, &err), STATUS_INPUT);
    assert_string_equal(err.where, where);
    assert_string_equal(err.text, said);
    buffer_release(&out);
}

static void mistakes(void **state)
{
    (void)state;
    refused(T "ID" T "\n" T "a", "x.dat:2", "a field whose closing thorn (U+00FE) is missing");
    refused(T "ID" T "\nplain\n", "x.dat:2", "a field does not begin with a thorn (U+00FE)");
    refused(T "ID" T "x\n", "x.dat:1", "text after a field's closing thorn (U+00FE)");
    refused(T "ID" T S "\n", "x.dat:1", "a field separator at the end of the record");
    refused(T "I\nD" T "\n" T "a\n", "x.dat:4", "a field whose closing thorn (U+00FE) is missing");
}

/* What is written is read back, but for line ends, which become blanks. */
static void there_and_back(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct buffer dat;
    struct csv *csv;
    bool end;
    static const char odd[] = "a \"q\", " T " and \r\n more";
    buffer_init(&dat, 1 << 20);
    assert_ok(dat_add_field(&dat, odd, strlen(odd), false, &err), err);
    assert_ok(dat_add_field(&dat, "", 0, true, &err), err);
    assert_ok(dat_or_csv_open_text(&csv, dat.data, dat.len, "x.dat", &err), err);
    assert_ok(csv_next(csv, &end, &err), err);
    assert_false(end);
    assert_int_equal(csv_fields(csv), 2);
    static const char back[] = "a \"q\", " T " and   more";
    assert_int_equal(csv_field(csv, 0).len, strlen(back));
    assert_memory_equal(csv_field(csv, 0).data, back, strlen(back));
    assert_int_equal(csv_field(csv, 1).len, 0);
    csv_free(csv);
    buffer_release(&dat);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records),
        cmocka_unit_test(other_files),
        cmocka_unit_test(mistakes),
        cmocka_unit_test(there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
