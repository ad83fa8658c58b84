/* Words of a draft: texts of others escaped in Markdown, and numbers that are rounded outward. */
#include "tests/support/support.h"

#include "report/markdown_text.h"
#include "report/number_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_escapes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *escaped;
    } cases[] = {
        {"plain words, 7.5 (8 %) at 10:30 & more", "plain words, 7.5 (8 %) at 10:30 & more"},
        {"[a](http://b.c)", "\\[a\\](http:\xE2\x81\xA0//b.c)"},
        {"![x](y) <script>", "\\!\\[x\\](y) &lt;script>"},
        {"`code` *a* _b_ c_d __e", "\\`code\\` \\*a\\* \\_b\\_ c_d \\_\\_e"},
        {"a | b || c", "a \\| b \\|\\| c"},
        {"# head", "\\# head"},
        {"- item", "\\- item"},
        {"+ item", "\\+ item"},
        {"> quote", "\\> quote"},
        {"=====", "\\====="},
        {"12. item", "12\\. item"},
        {"12) item", "12\\) item"},
        {"12.", "12\\."},
        {"0.1.0", "0.1.0"},
        {"&lt; &#60; R&D; a & b &", "&amp;lt; &amp;\\#60; R&amp;D; a & b &"},
        {"  a \t\n\n    b\r\n", "a b"},
        {"\n\n# head", "\\# head"},
        {"a@b.com www.x.org", "a@\xE2\x81\xA0"
                              "b.com www\xE2\x81\xA0.x.org"},
        {"behind the @, and", "behind the @, and"},
        {"a\x01"
         "b\xE2\x80\xAE"
         "c\xFF"
         "d\xE2\x80\xA8",
         "a\xEF\xBF\xBD"
         "b\xEF\xBF\xBD"
         "c\xEF\xBF\xBD"
         "d\xEF\xBF\xBD"},
        {"\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D {{title}}",
         "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \\{\\{title\\}\\}"},
        {"a\\", "a\\\\"},
        {"~~no~~ $x$ ^y^", "\\~\\~no\\~\\~ \\$x\\$ \\^y\\^"},
        {"", ""},
        {" \n ", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = NULL;
        size_t len;
        FILE *out = open_memstream(&text, &len);
        markdown_put(out, cases[i].text);
        fclose(out);
        if (strcmp(text, cases[i].escaped) != 0)
            fail_msg("%s: %s and not %s", cases[i].text, text, cases[i].escaped);
        free(text);
    }
}

static void test_numbers_round_outward(void **state)
{
    (void)state;
    static const struct result_column low = {"x_low", "X", RESULT_SHARE, ""},
                                      high = {"x_high", "X", RESULT_SHARE, ""},
                                      mid = {"x", "X", RESULT_SHARE, ""},
                                      most = {"bound", "Share, at most", RESULT_SHARE, ""},
                                      least = {"b", "Hours, at least", RESULT_SHARE, ""},
                                      p = {"p_value_together", "p", RESULT_NUMBER, ""};
    assert_int_equal(number_rounding_of(&low), ROUND_DOWN);
    assert_int_equal(number_rounding_of(&high), ROUND_UP);
    assert_int_equal(number_rounding_of(&mid), ROUND_NEAREST);
    assert_int_equal(number_rounding_of(&most), ROUND_UP);
    assert_int_equal(number_rounding_of(&least), ROUND_DOWN);
    assert_int_equal(number_rounding_of(&p), ROUND_UP);
    static const struct {
        double number;
        enum result_type type;
        const char *down, *nearest, *up;
    } cases[] = {
        {0, RESULT_SHARE, "0 %", "0 %", "0 %"},
        {1, RESULT_SHARE, "100 %", "100 %", "100 %"},
        {0.5, RESULT_SHARE, "50 %", "50 %", "50 %"},
        {0.0000123456, RESULT_SHARE, "0.00123 %", "0.00123 %", "0.00124 %"},
        {0.99987654, RESULT_SHARE, "99.9876 %", "99.9877 %", "99.9877 %"},
        {0.041963, RESULT_SHARE, "4.19 %", "4.20 %", "4.20 %"},
        {0.042, RESULT_SHARE, "4.2 %", "4.2 %", "4.2 %"},
        {0.123456, RESULT_SHARE, "12.3 %", "12.3 %", "12.4 %"},
        {5.333333, RESULT_NUMBER, "5.33", "5.33", "5.34"},
        {16, RESULT_NUMBER, "16", "16", "16"},
        {1234567.891, RESULT_NUMBER, "1,234,567.89", "1,234,567.89", "1,234,567.90"},
        {0.00123456, RESULT_NUMBER, "0.00123", "0.00123", "0.00124"},
        {0.05000001, RESULT_NUMBER, "0.0500", "0.0500", "0.0501"},
        {-2.5, RESULT_NUMBER, "-2.5", "-2.5", "-2.5"},
        {1e-12, RESULT_NUMBER, "1e-12", "1e-12", "1e-12"},
        {1e300, RESULT_NUMBER, "1e+300", "1e+300", "1e+300"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct result_value value = {.kind = VALUE_REAL, .real = cases[i].number};
        char text[NUMBER_TEXT_SIZE];
        number_sentence_text(&value, cases[i].type, ROUND_DOWN, text);
        assert_string_equal(text, cases[i].down);
        number_sentence_text(&value, cases[i].type, ROUND_NEAREST, text);
        assert_string_equal(text, cases[i].nearest);
        number_sentence_text(&value, cases[i].type, ROUND_UP, text);
        assert_string_equal(text, cases[i].up);
    }
}

/* Numbers of a column are set alike, by its smallest and largest. */
static void test_cells_of_a_column(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        enum result_type type;
        double numbers[3];
        const char *texts[3];
    } cases[] = {
        {"cost_high", RESULT_NUMBER, {1200, 20553.751, 862.5}, {"1,200.00", "20,553.76", "862.50"}},
        {"cost_low", RESULT_NUMBER, {92.6667, 20553.759, 0}, {"92.66", "20,553.75", "0.00"}},
        {"cost", RESULT_NUMBER, {2055375.5, 1, 99.999}, {"2,055,375.50", "1.00", "100.00"}},
        {"whole", RESULT_NUMBER, {800, 12345678, 0}, {"800", "12,345,678", "0"}},
        {"difference", RESULT_NUMBER, {-0.459, 0.3, -0.00001}, {"-0.4590", "0.3000", "-1e-05"}},
        {"p_value", RESULT_NUMBER, {0.0538724, 0.571003, 1}, {"0.0539", "0.5711", "1.0000"}},
        {"p_value", RESULT_NUMBER, {1e-12, 0.5, 1}, {"1e-12", "0.50000000", "1.00000000"}},
        {"x_low", RESULT_SHARE, {0.018062, 0.5, 0}, {"1.80 %", "50.00 %", "0.00 %"}},
        {"x_high", RESULT_SHARE, {0.0401387, 0.5, 1}, {"4.02 %", "50.00 %", "100.00 %"}},
        {"x_high", RESULT_SHARE, {9.09e-13, 0.5, 0}, {"0.01 %", "50.00 %", "0.00 %"}},
        {"x_low", RESULT_SHARE, {9.09e-13, 0.00012345, 0}, {"0.0000 %", "0.0123 %", "0.0000 %"}},
        {"share", RESULT_SHARE, {9.09e-13, 0.5, 0}, {"9.09e-11 %", "50.00 %", "0.00 %"}},
        {"share", RESULT_SHARE, {0.0000123456, 0, 1}, {"0.00123 %", "0.00000 %", "100.00000 %"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct result result;
        struct result_table *table;
        struct result_column column = {cases[i].id, "X", cases[i].type, ""};
        struct error err;
        result_init(&result);
        assert_int_equal(result_table_add(&result, "t", "count", "T", "", &column, 1, &table, &err),
                         STATUS_OK);
        for (size_t row = 0; row < 3; row++)
            assert_int_equal(result_put_real(&result, table, cases[i].numbers[row], &err),
                             STATUS_OK);
        struct number_extent extent = number_extent_of(table, 0);
        struct number_look look = number_look_of(&table->columns[0], &extent);
        for (size_t row = 0; row < 3; row++) {
            char text[NUMBER_TEXT_SIZE];
            number_value_text(result_value_at(table, row, 0), &look, text);
            assert_string_equal(text, cases[i].texts[row]);
        }
        result_release(&result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_numbers_round_outward),
        cmocka_unit_test(test_cells_of_a_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
