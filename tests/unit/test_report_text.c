/* Terminal tables: widths, alignment, and that nothing steers the terminal. */
#include "tests/support/support.h"

#include "queries/plan_report.h"
#include "report/table_text.h"
#include "report/text_width.h"
#include "report/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_widths(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t width;
    } cases[] = {
        {"", 0},
        {"abc", 3},
        {"\xC3\xA9", 1},
        {"e\xCC\x81", 1},
        {"\xE6\xBC\xA2\xE5\xAD\x97", 4},
        {"\xF0\x9F\x98\x80", 2},
        {"\xED\x95\x9C", 2},
        {"\xFF", 1},
        {"a\xE2\x80\x8D", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(text_width(cases[i].text, strlen(cases[i].text)), cases[i].width);
}

static void test_lines(void **state)
{
    (void)state;
    const char *text = "one two  three-four\nfive";
    static const char *const wanted[] = {"one two", "three-fo", "ur", "five"};
    size_t left = strlen(text);
    for (size_t i = 0; i < 4; i++) {
        size_t next, len = text_width_line(text, left, 8, &next);
        assert_int_equal(len, strlen(wanted[i]));
        assert_memory_equal(text, wanted[i], len);
        text += next;
        left -= next;
    }
    assert_int_equal(left, 0);
    /* It always moves on, whatever the bytes and the width. */
    static const char wild[] = "\xE6\xBC\xA2 \xFF\n\n  \xCC\x81 x";
    for (size_t width = 1; width < 4; width++)
        for (size_t at = 0; at < sizeof wild - 1;) {
            size_t next;
            size_t len = text_width_line(wild + at, sizeof wild - 1 - at, width, &next);
            assert_true(next > 0 && len <= next);
            at += next;
        }
}

static char *printed(const struct result_table *table, size_t width)
{
    struct error err = ERROR_INIT;
    const char *path = test_path(test_dir(), "out");
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_ok(table_text_print(table, width, out, &err), err);
    assert_int_equal(fclose(out), 0);
    return test_read(path, NULL);
}

static const struct result_column columns[] = {
    {"term", "Term", RESULT_STRING, ""},
    {"conversations", "Conversations", RESULT_COUNT, "conversations"},
    {"share", "Share", RESULT_SHARE, ""},
    {"note", "Note", RESULT_STRING, ""},
};

static struct result_table *make(struct result *tree, const char *term, const char *note)
{
    struct error err = ERROR_INIT;
    struct result_table *table;
    result_init(tree);
    assert_ok(result_table_add(tree, "t", "terms", "Terms", "", columns, 4, &table, &err), err);
    assert_ok(result_put_text(tree, table, term, &err), err);
    assert_ok(result_put_count(tree, table, 1234567, &err), err);
    assert_ok(result_put_real(tree, table, 0.0512, &err), err);
    assert_ok(result_put_text(tree, table, note, &err), err);
    assert_ok(result_put_text(tree, table, "\xE6\xBC\xA2\xE5\xAD\x97", &err), err);
    assert_ok(result_put_withheld(tree, table, &err), err);
    assert_ok(result_put_null(tree, table, &err), err);
    assert_ok(result_put_null(tree, table, &err), err);
    assert_ok(result_note(tree, table, "A note.", &err), err);
    return table;
}

static void test_table(void **state)
{
    (void)state;
    struct result tree;
    struct result_table *table = make(&tree, "nyt*", "a note that is long");
    char *text = printed(table, 0);
    assert_string_equal(text, "Terms\n\n"
                              "term  conversations   share  note\n"
                              "----  -------------  ------  -------------------\n"
                              "nyt*      1,234,567  5.12 %  a note that is long\n"
                              "\xE6\xBC\xA2\xE5\xAD\x97       withheld       -  -\n"
                              "\nA note.\n");
    free(text);
    text = printed(table, 46);
    assert_non_null(strstr(text, "5.12 %  a note that is l\xE2\x80\xA6\n"));
    free(text);
    /* Narrower than that: in blocks, each with what names the rows. */
    text = printed(table, 30);
    assert_string_equal(text, "Terms\n\n"
                              "term  conversations   share\n"
                              "----  -------------  ------\n"
                              "nyt*      1,234,567  5.12 %\n"
                              "\xE6\xBC\xA2\xE5\xAD\x97       withheld       -\n"
                              "\n"
                              "term  note\n"
                              "----  -------------------\n"
                              "nyt*  a note that is long\n"
                              "\xE6\xBC\xA2\xE5\xAD\x97  -\n"
                              "\nA note.\n");
    free(text);
    /* A width that holds no column beside the first one still shows all. */
    text = printed(table, 1);
    assert_non_null(strstr(text, "1,234,567\n"));
    assert_non_null(strstr(text, "a note that is long\n"));
    free(text);
    result_release(&tree);
}

static void test_nothing_steers_the_terminal(void **state)
{
    (void)state;
    struct result tree;
    struct result_table *table = make(&tree,
                                      "\x1B[31m\xE2\x80\xAE"
                                      "evil\xC2\x9B\r\n\x07",
                                      "\xE2\x81\xA6x\x7F\xE2\x80\x8F");
    struct error err = ERROR_INIT;
    assert_ok(result_note(&tree, table, "\x1B]0;title\x07", &err), err);
    assert_ok(result_pair_add(&tree, &tree.summary, "\x1B[2J", "\x1B[2J", &err), err);
    const char *path = test_path(test_dir(), "out");
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_ok(table_text_print(table, 80, out, &err), err);
    assert_ok(table_text_list(&tree, 80, out, &err), err);
    fclose(out);
    char *text = test_read(path, NULL);
    for (const char *at = text; *at; at++)
        assert_true((unsigned char)*at >= 0x20 ? *at != 0x7F : *at == '\n');
    assert_null(strstr(text, "\xE2\x80\xAE"));
    assert_null(strstr(text, "\xE2\x81\xA6"));
    assert_null(strstr(text, "\xC2\x9B"));
    assert_null(strstr(text, "\xE2\x80\x8F"));
    free(text);
    result_release(&tree);
}

static void test_list(void **state)
{
    (void)state;
    struct result tree;
    struct error err = ERROR_INIT;
    make(&tree, "a", "b");
    assert_ok(result_pair_add(&tree, &tree.summary, "t", "One line in words.", &err), err);
    const char *path = test_path(test_dir(), "out");
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_ok(table_text_list(&tree, 80, out, &err), err);
    fclose(out);
    char *text = test_read(path, NULL);
    assert_string_equal(text, "table        rows  title\n"
                              "t               2  Terms\n"
                              "\nt\n  One line in words.\n");
    free(text);
    result_release(&tree);
}

static void test_unwritable(void **state)
{
    (void)state;
    struct result tree;
    struct error err = ERROR_INIT;
    struct result_table *table = make(&tree, "a", "b");
    FILE *out = fopen("/dev/full", "w");
    assert_non_null(out);
    setvbuf(out, NULL, _IONBF, 0);
    assert_int_equal(table_text_print(table, 80, out, &err), STATUS_INPUT);
    fclose(out);
    result_release(&tree);
}

static void test_writer_table(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct writer_type *type = writer_types; type->name; type++, count++) {
        assert_non_null(type->summary);
        assert_non_null(type->write);
    }
    assert_int_equal(count, 5);
    for (const struct plan_report_file *file = plan_report_files; file->key; file++, count--) {
        const struct writer_type *type = writer_types;
        while (type->name && strcmp(type->name, file->key) != 0)
            type++;
        assert_non_null(type->name);
    }
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths),       cmocka_unit_test(test_lines),
        cmocka_unit_test(test_table),        cmocka_unit_test(test_nothing_steers_the_terminal),
        cmocka_unit_test(test_list),         cmocka_unit_test(test_unwritable),
        cmocka_unit_test(test_writer_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
