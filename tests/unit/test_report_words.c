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
    assert_int_equal(number_rounding_of(&low), NUMBER_DOWN);
    assert_int_equal(number_rounding_of(&high), NUMBER_UP);
    assert_int_equal(number_rounding_of(&mid), NUMBER_NEAREST);
    assert_int_equal(number_rounding_of(&most), NUMBER_UP);
    assert_int_equal(number_rounding_of(&least), NUMBER_DOWN);
    assert_int_equal(number_rounding_of(&p), NUMBER_UP);
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
        {0.123456, RESULT_SHARE, "12.3 %", "12.3 %", "12.4 %"},
        {5.333333, RESULT_NUMBER, "5.33", "5.33", "5.34"},
        {16, RESULT_NUMBER, "16", "16", "16"},
        {1234567.891, RESULT_NUMBER, "1,234,567.89", "1,234,567.89", "1,234,567.9"},
        {0.00123456, RESULT_NUMBER, "0.00123", "0.00123", "0.00124"},
        {0.05000001, RESULT_NUMBER, "0.05", "0.05", "0.0501"},
        {-2.5, RESULT_NUMBER, "-2.5", "-2.5", "-2.5"},
        {1e-12, RESULT_NUMBER, "1e-12", "1e-12", "1e-12"},
        {1e300, RESULT_NUMBER, "1e+300", "1e+300", "1e+300"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct result_value value = {.kind = VALUE_REAL, .real = cases[i].number};
        char text[NUMBER_TEXT_SIZE];
        number_sentence_text(&value, cases[i].type, NUMBER_DOWN, text);
        assert_string_equal(text, cases[i].down);
        number_sentence_text(&value, cases[i].type, NUMBER_NEAREST, text);
        assert_string_equal(text, cases[i].nearest);
        number_sentence_text(&value, cases[i].type, NUMBER_UP, text);
        assert_string_equal(text, cases[i].up);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_numbers_round_outward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
