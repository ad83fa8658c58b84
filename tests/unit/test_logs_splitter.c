/* The splitter: what it cuts, and that where windows end never matters. */
#include "tests/support/support.h"

#include "queries/logs/log_sniff.h"
#include "queries/logs/splitter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All records of DATA, fed STEP bytes at a time, as "offset:text|" or "offset!reason|". */
static char *cut_all(enum framing framing, const char *data, size_t len, size_t step,
                     size_t max_record, bool cut)
{
    char *out = NULL;
    size_t out_len = 0;
    FILE *stream = open_memstream(&out, &out_len);
    char *window = malloc(len + 1);
    size_t have = 0, fed = 0, most_held = 0;
    struct splitter splitter;
    struct split_record record;
    splitter_init(&splitter, framing, max_record, 0);
    for (;;) {
        size_t more = len - fed < step ? len - fed : step;
        memcpy(window + have, data + fed, more);
        have += more;
        fed += more;
        most_held = have > most_held ? have : most_held;
        while (splitter_next(&splitter, window, have, fed == len, cut, &record)) {
            if (record.why == REJECT_NONE) {
                assert_memory_equal(data + record.offset, window + record.at, record.len);
                fprintf(stream, "%u:%.*s|", (unsigned)record.offset, (int)record.len,
                        window + record.at);
            } else {
                assert_int_equal(record.len, 0);
                fprintf(stream, "%u!%s|", (unsigned)record.offset,
                        record_rejections[record.why].name);
            }
        }
        if (fed == len)
            break;
        size_t keep = splitter_keep(&splitter);
        memmove(window, window + keep, have - keep);
        have -= keep;
        splitter_moved(&splitter, keep);
    }
    assert_true(max_record > 1000 || most_held <= max_record + step + 1);
    free(window);
    fclose(stream);
    return out;
}

static void assert_cut(enum framing framing, const char *data, const char *expected)
{
    for (size_t step = 1; step <= strlen(data) + 1; step++) {
        char *found = cut_all(framing, data, strlen(data), step, 12, false);
        assert_string_equal(found, expected);
        free(found);
    }
}

static void lines(void **state)
{
    (void)state;
    assert_cut(FRAMING_LINES, "", "");
    assert_cut(FRAMING_LINES, "\n \r\n\t\n", "");
    assert_cut(FRAMING_LINES, "{}\n[1]\n", "0:{}|3:[1]|");
    assert_cut(FRAMING_LINES, "{}\r\n\n  [1] \r\n7", "0:{}|7:[1]|13:7|");
    assert_cut(FRAMING_LINES, "\xEF\xBB\xBF{}\n", "3:{}|");
    assert_cut(FRAMING_LINES, "\xEF\xBB", "0:\xEF\xBB|");
    assert_cut(FRAMING_LINES, "123456789012\n1234567890123\nx", "0:123456789012|13!too_long|27:x|");
    assert_cut(FRAMING_LINES, "1234567890123456789012345678901234567890", "0!too_long|");
    assert_cut(FRAMING_LINES, "{\"a\n{\"b", "0:{\"a|4:{\"b|");
}

static void arrays(void **state)
{
    (void)state;
    assert_cut(FRAMING_ARRAY, "", "");
    assert_cut(FRAMING_ARRAY, "[]", "");
    assert_cut(FRAMING_ARRAY, "\xEF\xBB\xBF [ ]\n", "");
    assert_cut(FRAMING_ARRAY, "[{},{\"a\":[1]}]", "1:{}|4:{\"a\":[1]}|");
    assert_cut(FRAMING_ARRAY, "[\n{} ,\n [1,2]\n]\n", "2:{}|8:[1,2]|");
    assert_cut(FRAMING_ARRAY, "[\"a,]\\\"[\",1]", "1:\"a,]\\\"[\"|10:1|");
    assert_cut(FRAMING_ARRAY, "[\"\\\\\",2]", "1:\"\\\\\"|6:2|");
    assert_cut(FRAMING_ARRAY, "[{}]\n[7]", "1:{}|6:7|");
    /* Broken ones. */
    assert_cut(FRAMING_ARRAY, "[", "1!truncated|");
    assert_cut(FRAMING_ARRAY, "[{}", "1!truncated|");
    assert_cut(FRAMING_ARRAY, "[{},", "1:{}|4!truncated|");
    assert_cut(FRAMING_ARRAY, "[{},{\"a", "1:{}|4!truncated|");
    assert_cut(FRAMING_ARRAY, "[{},]", "1:{}|4!invalid_json|");
    assert_cut(FRAMING_ARRAY, "[,1,,2]", "1!invalid_json|2:1|4!invalid_json|5:2|");
    assert_cut(FRAMING_ARRAY, "[1 2]", "1:1 2|");
    assert_cut(FRAMING_ARRAY, "[{}}]", "1:{}}|");
    assert_cut(FRAMING_ARRAY, "[{}]x,[1]", "1:{}|4!invalid_json|");
    assert_cut(FRAMING_ARRAY, "[\"a\\", "1!truncated|");
    /* Too long: skipped, and the next one is found. */
    assert_cut(FRAMING_ARRAY, "[\"123456789012\",3]", "1!too_long|16:3|");
    assert_cut(FRAMING_ARRAY, "[\"1234567890\",3]", "1:\"1234567890\"|14:3|");
    assert_cut(FRAMING_ARRAY, "[\"\\\"23456789,]\\\"012\",3]", "1!too_long|21:3|");
    assert_cut(FRAMING_ARRAY, "[[1,[2,[3,[4,[5]]]]],3]", "1!too_long|21:3|");
}

static void values(void **state)
{
    (void)state;
    assert_cut(FRAMING_VALUES, "", "");
    assert_cut(FRAMING_VALUES, "{\n \"a\":1\n}\n{ }", "0:{\n \"a\":1\n}|11:{ }|");
    assert_cut(FRAMING_VALUES, "{}{}[]", "0:{}|2:{}|4:[]|");
    assert_cut(FRAMING_VALUES, "1 true\"a b\"{}", "0:1|2:true\"a b\"|11:{}|");
    assert_cut(FRAMING_VALUES, "}} {}", "0:}|1:}|3:{}|");
    assert_cut(FRAMING_VALUES, "{\"}\\\"\":1} 2", "0:{\"}\\\"\":1}|10:2|");
    assert_cut(FRAMING_VALUES, "{\"a\":", "0!truncated|");
    assert_cut(FRAMING_VALUES, "{\"a\":\"12345678\"}{}", "0!too_long|16:{}|");
    assert_cut(FRAMING_VALUES, "12345678901234 {}", "0!too_long|15:{}|");
    assert_cut(FRAMING_VALUES, "12345678901234{}", "0!too_long|14:{}|");
}

static void broken_streams(void **state)
{
    (void)state;
    static const struct {
        enum framing framing;
        const char *data, *expected;
    } cases[] = {{FRAMING_LINES, "{}\n{\"a", "0:{}|3!truncated|"},
                 {FRAMING_LINES, "{}\n", "0:{}|3!truncated|"},
                 {FRAMING_LINES, "", "0!truncated|"},
                 {FRAMING_LINES, "1234567890123456", "0!truncated|"},
                 {FRAMING_ARRAY, "[{}]", "1:{}|4!truncated|"},
                 {FRAMING_ARRAY, "[{},{", "1:{}|4!truncated|"},
                 {FRAMING_VALUES, "{} ", "0:{}|3!truncated|"},
                 {FRAMING_VALUES, "{} {", "0:{}|3!truncated|"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t step = 1; step < 20; step++) {
            char *found =
                cut_all(cases[i].framing, cases[i].data, strlen(cases[i].data), step, 12, true);
            assert_string_equal(found, cases[i].expected);
            free(found);
        }
}

static void depth(void **state)
{
    (void)state;
    size_t len = 5000;
    char *data = malloc(2 * len + 10);
    for (size_t nest = RECORD_DEPTH_MAX; nest <= RECORD_DEPTH_MAX + 1; nest++) {
        data[0] = '[';
        memset(data + 1, '[', nest);
        memset(data + 1 + nest, ']', nest);
        memcpy(data + 1 + 2 * nest, ",7]", 4);
        char *found = cut_all(FRAMING_ARRAY, data, strlen(data), 100, 1 << 20, false);
        if (nest > RECORD_DEPTH_MAX)
            assert_string_equal(found, "1!too_deep|2052:7|");
        else
            assert_int_equal(strncmp(found, "1:[[[[", 6), 0);
        free(found);
    }
    memset(data, '[', len);
    char *found = cut_all(FRAMING_ARRAY, data, len, 100, 1 << 20, false);
    assert_string_equal(found, "1!too_deep|");
    free(found);
    free(data);
}

/* Any text cut through any windows gives the same records. */
static void windows_never_matter(void **state)
{
    (void)state;
    static const char letters[] = "[]{}\"\",,\\\n a1:{}bcdefgh";
    unsigned seed = 7;
    for (int round = 0; round < (test_short() ? 1000 : 10000); round++) {
        char data[400];
        size_t len = 0;
        seed = seed * 1103515245 + 12345;
        size_t want = (seed >> 16) % sizeof data;
        if (round % 2)
            data[len++] = '[';
        while (len < want) {
            seed = seed * 1103515245 + 12345;
            data[len++] = letters[(seed >> 16) % (sizeof letters - 1)];
        }
        size_t most = round % 5 ? 12 : 300;
        for (int framing = FRAMING_LINES; framing <= FRAMING_VALUES; framing++) {
            bool cut = round % 3 == 0;
            char *whole = cut_all((enum framing)framing, data, len, 500, most, cut);
            for (size_t step = 1; step < 10; step += 1 + step / 2) {
                char *found = cut_all((enum framing)framing, data, len, step, most, cut);
                assert_string_equal(found, whole);
                free(found);
            }
            free(whole);
        }
    }
}

static void framing_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum framing framing;
    } cases[] = {
        {"", FRAMING_LINES},
        {" \n\n", FRAMING_LINES},
        {"{\"a\":1}", FRAMING_LINES},
        {"{\"a\":1}\n{\"a\":2}\n", FRAMING_LINES},
        {"\n{\"a\":\"}\"} \r\n", FRAMING_LINES},
        {"\xEF\xBB\xBF{}\n", FRAMING_LINES},
        {"{\"a\":\n{\"a\":2}\n", FRAMING_LINES},
        {"oops\n\n  {\"a\":2}\n", FRAMING_LINES},
        {"{\"a\": \"cut", FRAMING_LINES},
        {"{\"a\": \"cut\n", FRAMING_LINES},
        {"{\n\"a\": 1\n}\n", FRAMING_VALUES},
        {"{\n\n  \"a\": {}\n}\n", FRAMING_VALUES},
        {"{\"a\": [\n1]}", FRAMING_VALUES},
        {"[]", FRAMING_ARRAY},
        {" \n[\n{}\n]", FRAMING_ARRAY},
        {"\xEF\xBB\xBF [", FRAMING_ARRAY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(sniff_framing(cases[i].text, strlen(cases[i].text), true),
                         cases[i].framing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),           cmocka_unit_test(arrays),
        cmocka_unit_test(values),          cmocka_unit_test(broken_streams),
        cmocka_unit_test(depth),           cmocka_unit_test(windows_never_matter),
        cmocka_unit_test(framing_is_told),
    };
    return cmocka_run_group_tests_name("logs_splitter", tests, NULL, NULL);
}
