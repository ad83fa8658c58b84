/*
 * Bad and odd records: JSONTestSuite (Seriot, "Parsing JSON is a Minefield", 2016) as record text
 * and inside a field that nobody reads, surrogates, depth, sizes, fields by JSON Pointer.
 */
#include "tests/support/support.h"

#include "base/buffer.h"
#include "base/civil.h"
#include "queries/logs/dom.h"
#include "queries/logs/record.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define GOOD "\"id\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]"

static struct record_reader *reader;
static struct conversation out;
static char *held;

static int set_up(void **state)
{
    (void)state;
    reader = record_reader_new((size_t)64 << 20, NULL);
    return reader ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    record_reader_free(reader);
    free(held);
    held = NULL;
    return 0;
}

/* Reads LEN bytes with exactly the padding after them. */
static enum rejection read_with(struct record_reader *with, const char *json, size_t len)
{
    struct error err = ERROR_INIT;
    enum rejection why = REJECT_NONE;
    free(held);
    held = malloc(len + RECORD_PADDING);
    memcpy(held, json, len);
    memset(held + len, '}', RECORD_PADDING); /* must not be taken for JSON */
    assert_ok(record_read(with, format_find("native"), held, len, &out, &why, &err), err);
    return why;
}

static enum rejection read_text(const char *json)
{
    return read_with(reader, json, strlen(json));
}

static void minefield(void **state)
{
    (void)state;
    if (!test_shared())
        skip();
    char dir_path[600];
    snprintf(dir_path, sizeof dir_path, "%s/hostile/json/test_parsing", test_shared());
    DIR *dir = opendir(dir_path);
    assert_non_null(dir);
    size_t good = 0, bad = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char *name = entry->d_name;
        if (name[0] == '.')
            continue;
        size_t len = 0;
        char *data = test_read(test_path(dir_path, name), &len);
        enum rejection why = read_with(reader, data, len);
        if (name[0] == 'y') {
            good++;
            if (why != REJECT_NO_MESSAGES)
                fail_msg("%s: rejected as %s", name, record_rejections[why].name);
        } else if (name[0] == 'n') {
            bad++;
            if (why == REJECT_NONE || why == REJECT_NO_MESSAGES)
                fail_msg("%s: taken for JSON", name);
        }
        /* As the value of a field that nobody reads. */
        struct buffer record;
        struct error err = ERROR_INIT;
        buffer_init(&record, SIZE_MAX);
        assert_ok(buffer_addf(&record, &err, "{\"unread\":"), err);
        assert_ok(buffer_add(&record, data, len, &err), err);
        assert_ok(buffer_addf(&record, &err, "," GOOD "}"), err);
        why = read_with(reader, record.data, record.len);
        if (name[0] == 'y' && why != REJECT_NONE)
            fail_msg("%s embedded: rejected as %s", name, record_rejections[why].name);
        if (name[0] == 'n' && why == REJECT_NONE)
            fail_msg("%s embedded: accepted", name);
        buffer_release(&record);
        free(data);
    }
    closedir(dir);
    assert_true(good >= 95);
    assert_true(bad >= 187);
}

static void broken_fields_that_nobody_reads(void **state)
{
    (void)state;
    static const char *const values[] = {"01", "tru",         "\"\\x\"", "[1,]", "{\"a\" 1}",
                                         "+1", "'a'",         "\"\t\"",  "nul",  "1.",
                                         "[",  "\"\\u12G4\"", "-",       "\"a"};
    char json[200];
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        snprintf(json, sizeof json, "{\"x\":%s," GOOD "}", values[i]);
        assert_int_equal(read_text(json), REJECT_INVALID_JSON);
    }
    assert_int_equal(read_text("{\"x\":1e999," GOOD "}"), REJECT_INVALID_JSON);
    assert_int_equal(read_text("{\"x\":\"\xFF\"," GOOD "}"), REJECT_INVALID_UTF8);
    assert_int_equal(read_text("{\"x\":\"\xED\xA0\x80\"," GOOD "}"), REJECT_INVALID_UTF8);
    assert_int_equal(read_text("{\"x\":\"\xC3\"," GOOD "}"), REJECT_INVALID_UTF8);
    assert_int_equal(read_text("{\"x\":0," GOOD "} {}"), REJECT_INVALID_JSON);
    assert_int_equal(read_text("{\"x\":0," GOOD "}"), REJECT_NONE);
    assert_int_equal(read_text(""), REJECT_INVALID_JSON);
}

static void not_conversations(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "null",
        "[]",
        "{}",
        "7",
        "\"messages\"",
        "{\"messages\":null}",
        "{\"messages\":{}}",
        "{\"messages\":[]}",
        "{\"messages\":[null]}",
        "{\"messages\":[\"hi\"]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"\"}]}",
        "[{\"messages\":[]}]",
        "{\"conversation\":[{\"role\":\"user\",\"content\":\"x\"}]}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(read_text(texts[i]), REJECT_NO_MESSAGES);
}

static void lone_surrogates(void **state)
{
    (void)state;
#define SAY(text) "{\"messages\":[{\"role\":\"user\",\"content\":\"" text "\"}]}"
    static const struct {
        const char *json, *expected;
        uint32_t repaired;
    } cases[] = {
        {SAY("a\\uD800b"),
         "a\xEF\xBF\xBD"
         "b",
         1},
        {SAY("\\udc00"), "\xEF\xBF\xBD", 1},
        {SAY("\\uD83D\\uDE00\\uD83D"), "\xF0\x9F\x98\x80\xEF\xBF\xBD", 1},
        {SAY("\\uD800\\uD83D\\uDE00"), "\xEF\xBF\xBD\xF0\x9F\x98\x80", 1},
        {SAY("\\uDE00\\uD83D"), "\xEF\xBF\xBD\xEF\xBF\xBD", 2},
        {SAY("\\\\uD800\\uD801"), "\\uD800\xEF\xBF\xBD", 1},
        {SAY("\\uD800\\n"), "\xEF\xBF\xBD\n", 1},
        {SAY("\\\\uD800"), "\\uD800", 0},
        {SAY("\\uD83D\\uDE00"), "\xF0\x9F\x98\x80", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(read_text(cases[i].json), REJECT_NONE);
        assert_int_equal(out.turns[0].text.len, strlen(cases[i].expected));
        assert_memory_equal(out.turns[0].text.data, cases[i].expected, out.turns[0].text.len);
        assert_int_equal(out.oddities[ODDITY_REPAIRED_SURROGATE], cases[i].repaired);
    }
    /* In a name, and beside an escape that stays wrong. */
    assert_int_equal(read_text("{\"\\uDC00\":1," GOOD "}"), REJECT_NONE);
    assert_int_equal(out.oddities[ODDITY_REPAIRED_SURROGATE], 1);
    assert_int_equal(read_text(SAY("\\uD800\\x")), REJECT_INVALID_JSON);
}

static char *nested(size_t depth, const char *before, const char *after)
{
    size_t a = strlen(before), b = strlen(after);
    char *json = malloc(a + 2 * depth + b + 1);
    memcpy(json, before, a);
    memset(json + a, '[', depth);
    memset(json + a + depth, ']', depth);
    memcpy(json + a + 2 * depth, after, b + 1);
    return json;
}

static void depth(void **state)
{
    (void)state;
    static const struct {
        size_t depth;
        enum rejection why;
    } cases[] = {{10, REJECT_NONE},
                 {RECORD_DEPTH_MAX - 1, REJECT_NONE},
                 {RECORD_DEPTH_MAX, REJECT_TOO_DEEP},
                 {10000, REJECT_TOO_DEEP}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *json = nested(cases[i].depth, "{\"x\":", "," GOOD "}");
        assert_int_equal(read_text(json), cases[i].why);
        free(json);
    }
    /* As arguments of a tool, which are written out. */
    char *json = nested(RECORD_DEPTH_MAX - 4,
                        "{\"messages\":[{\"role\":\"assistant\",\"function_call\":"
                        "{\"name\":\"f\",\"arguments\":",
                        "}}]}");
    assert_int_equal(read_text(json), REJECT_NONE);
    assert_int_equal(out.turns[0].text.len, 2 + 2 * (RECORD_DEPTH_MAX - 4));
    free(json);
    json = nested(900, "{\"messages\":[{\"role\":\"user\",\"content\":", "}]}");
    assert_int_equal(read_text(json), REJECT_NONE);
    assert_int_equal(out.oddities[ODDITY_NONTEXT_PART], 1);
    free(json);
}

static void sizes(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    /* 100,000 turns. */
    struct buffer record;
    buffer_init(&record, SIZE_MAX);
    assert_ok(buffer_addf(&record, &err, "{\"id\":\"many\",\"messages\":["), err);
    for (int i = 0; i < 100000; i++)
        assert_ok(buffer_addf(&record, &err, "%s{\"role\":\"%s\",\"content\":\"t%d\"}",
                              i ? "," : "", i % 2 ? "assistant" : "user", i),
                  err);
    assert_ok(buffer_addf(&record, &err, "]}"), err);
    assert_int_equal(read_with(reader, record.data, record.len), REJECT_NONE);
    assert_int_equal(out.turn_count, 100000);
    assert_int_equal(out.turns[99999].role, ROLE_ASSISTANT);
    assert_memory_equal(out.turns[99999].text.data, "t99999", 6);
    buffer_reset(&record);
    /* The same as a chain of ChatGPT nodes. */
    assert_ok(buffer_addf(&record, &err, "{\"current_node\":\"n99999\",\"mapping\":{"), err);
    for (int i = 99999; i >= 0; i--)
        assert_ok(buffer_addf(&record, &err,
                              "\"n%d\":{\"parent\":\"n%d\",\"message\":{\"author\":{\"role\":"
                              "\"user\"},\"content\":{\"parts\":[\"t%d\"]}}}%s",
                              i, i - 1, i, i ? "," : "}}"),
                  err);
    enum rejection why = REJECT_NONE;
    assert_ok(buffer_reserve(&record, record.len + RECORD_PADDING, &err), err);
    assert_ok(record_read(reader, format_find("chatgpt-export"), record.data, record.len, &out,
                          &why, &err),
              err);
    assert_int_equal(why, REJECT_NONE);
    assert_int_equal(out.turn_count, 100000);
    assert_memory_equal(out.turns[99999].text.data, "t99999", 6);
    buffer_release(&record);
    /* Ids. */
    char json[1000], long_id[300];
    memset(long_id, 'i', sizeof long_id);
    for (int len = 256; len <= 257; len++) {
        snprintf(json, sizeof json,
                 "{\"id\":\"%.*s\",\"messages\":[{\"role\":\"user\","
                 "\"content\":\"x\"}]}",
                 len, long_id);
        assert_int_equal(read_text(json), len > 256 ? REJECT_ID_TOO_LONG : REJECT_NONE);
        snprintf(json, sizeof json,
                 "{\"user\":\"%.*s\",\"messages\":[{\"role\":\"user\","
                 "\"content\":\"x\"}]}",
                 len, long_id);
        assert_int_equal(read_text(json), len > 256 ? REJECT_ID_TOO_LONG : REJECT_NONE);
    }
    /* A limit of its own. */
    struct record_reader *small = record_reader_new(60, NULL);
    assert_non_null(small);
    assert_int_equal(read_with(small, "{" GOOD "}", strlen("{" GOOD "}")), REJECT_NONE);
    memset(json, ' ', 61);
    assert_int_equal(read_with(small, json, 61), REJECT_TOO_LONG);
    record_reader_free(small);
}

static void duplicate_keys(void **state)
{
    (void)state;
    assert_int_equal(read_text("{\"id\":\"one\",\"id\":\"two\",\"messages\":[{\"role\":\"user\","
                               "\"content\":\"first\",\"content\":\"second\"}],\"messages\":[]}"),
                     REJECT_NONE);
    assert_memory_equal(out.id.data, "one", 3);
    assert_int_equal(out.turn_count, 1);
    assert_memory_equal(out.turns[0].text.data, "first", 5);
}

static void field_maps(void **state)
{
    (void)state;
    struct field_map items[] = {{"user", "/meta/a~1b/0"},
                                {"id", "/m~0n"},
                                {"time", "/meta/t"},
                                {"model", "/nothing"},
                                {"tier", "/meta/tier"}};
    char *names[] = {"tier"};
    struct field_maps maps = {items, 5, names, 1};
    struct record_reader *mapped = record_reader_new(1 << 20, &maps);
    assert_non_null(mapped);
    static const char json[] =
        "{\"id\":\"no\",\"user\":\"no\",\"model\":\"no\",\"country\":\"Peru\",\"m~n\":12345678901,"
        "\"meta\":{\"a/b\":[\"me\"],\"t\":\"2024-01-01\",\"tier\":0.5},"
        "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    assert_int_equal(read_with(mapped, json, strlen(json)), REJECT_NONE);
    assert_int_equal(out.id.len, 11);
    assert_memory_equal(out.id.data, "12345678901", 11);
    assert_int_equal(out.user.len, 2);
    assert_memory_equal(out.user.data, "me", 2);
    assert_int_equal(out.time, 1704067200);
    assert_null(out.fields[FIELD_MODEL].data);
    assert_memory_equal(out.fields[FIELD_COUNTRY].data, "Peru", 4);
    assert_int_equal(out.fields[FIELD_COUNT].len, 3);
    assert_memory_equal(out.fields[FIELD_COUNT].data, "0.5", 3);
    record_reader_free(mapped);
}

static void pointers(void **state)
{
    (void)state;
    /* RFC 6901, section 5. */
    static const char text[] = "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,"
                               "\"g|h\":4,\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,\"m~n\":8}";
    static const struct {
        const char *pointer;
        int64_t value;
    } cases[] = {{"/", 0},     {"/a~1b", 1}, {"/c%d", 2}, {"/e^f", 3}, {"/g|h", 4},
                 {"/i\\j", 5}, {"/k\"l", 6}, {"/ ", 7},   {"/m~0n", 8}};
    char padded[sizeof text + 64] = {0};
    memcpy(padded, text, sizeof text);
    struct dom_parser *parser = dom_parser_new(1000, 10);
    struct dom_node root;
    assert_int_equal(dom_parse(parser, padded, sizeof text - 1, &root), DOM_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t value = -1;
        assert_true(dom_int(dom_pointer(root, cases[i].pointer), &value));
        assert_int_equal(value, cases[i].value);
    }
    struct span span;
    assert_int_equal(dom_type(dom_pointer(root, "")), DOM_OBJECT);
    assert_int_equal(dom_type(dom_pointer(root, "/foo")), DOM_ARRAY);
    assert_true(dom_string(dom_pointer(root, "/foo/1"), &span));
    assert_memory_equal(span.data, "baz", 3);
    static const char *const nowhere[] = {"/foo/2", "/foo/01", "/foo/-", "/foo/0/x",
                                          "/bar",   "foo",     "/foo/1/"};
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
        assert_int_equal(dom_type(dom_pointer(root, nowhere[i])), DOM_ABSENT);
    dom_parser_free(parser);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minefield),
        cmocka_unit_test(broken_fields_that_nobody_reads),
        cmocka_unit_test(not_conversations),
        cmocka_unit_test(lone_surrogates),
        cmocka_unit_test(depth),
        cmocka_unit_test(sizes),
        cmocka_unit_test(duplicate_keys),
        cmocka_unit_test(field_maps),
        cmocka_unit_test(pointers),
    };
    return cmocka_run_group_tests_name("logs_record", tests, set_up, tear_down);
}
