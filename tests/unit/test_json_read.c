/* Strict JSON: broken texts with line, column and excerpt; nodes; tables; texts for numbers. */
#include "tests/support/support.h"

#include "base/json_keys.h"
#include "base/json_read.h"
#include "base/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct broken {
    const char *text, *where, *said, *hint;
} broken_texts[] = {
    {"{\"a\":1,}", "p:1:8", "a comma stands before the closing \"}\"", "{\"a\":1,}\n       ^"},
    {"{\"a\":[1,]}", "p:1:9", "a comma stands before the closing \"]\"", "{\"a\":[1,]}\n        ^"},
    {"{\"a\" 1}", "p:1:6", "\":\" is missing before this", "{\"a\" 1}\n     ^"},
    {"{\n \"by\": [\"month\" \"model\"] }", "p:2:17", "a comma or \"]\" is missing before this",
     " \"by\": [\"month\" \"model\"] }\n                ^"},
    {"{\"a\":1 \"b\":2}", "p:1:8", "a comma or \"}\" is missing before this",
     "{\"a\":1 \"b\":2}\n       ^"},
    {"{\"a\":True}", "p:1:6",
     "this is no JSON value (a text in double quotes, a number, true, false, null, [ or {)",
     "{\"a\":True}\n     ^"},
    {"{'a':1}", "p:1:2", "texts and keys stand in straight double quotes (\")", "{'a':1}\n ^"},
    {"{\xE2\x80\x9C"
     "a\":1}",
     "p:1:2", "texts and keys stand in straight double quotes (\")",
     "{\xE2\x80\x9C"
     "a\":1}\n ^"},
    {"{\"a\":1,\"a\":2}", "p:1:8", "the key \"a\" stands here a second time",
     "{\"a\":1,\"a\":2}\n       ^"},
    {"{\"a\":\"x\ny\"}", "p:1:8", "the text in quotes is not closed on its line",
     "{\"a\":\"x\n       ^"},
    {"{\"a\":\"x\ty\"}", "p:1:8",
     "a tab or other control character in a text must be written as \\t or \\u0009",
     "{\"a\":\"x y\"}\n       ^"},
    {"{\"a\":\"\\q\"}", "p:1:8",
     "\"\\\" begins an escape that is none; write \"\\\\\" for a backslash",
     "{\"a\":\"\\q\"}\n       ^"},
    {"{\"a\":\"\\u0000\"}", "p:1:6", "\\u0000 is not allowed", "{\"a\":\"\\u0000\"}\n     ^"},
    {"{\"\\u0000\":1}", "p:1:2", "\\u0000 is not allowed", "{\"\\u0000\":1}\n ^"},
    {"{\"a\":\"\\ud800\"}", "p:1:13", "a \\u escape that stands for no character",
     "{\"a\":\"\\ud800\"}\n            ^"},
    {"{\"a\":1", "p:1:7", "the file ends too early: a closing bracket is missing",
     "{\"a\":1\n      ^"},
    {"{\"a\":\"b", "p:1:8", "the file ends inside a text in quotes", "{\"a\":\"b\n       ^"},
    {"", "p:1:1", "the file is empty", ""},
    {"\xEF\xBB\xBF", "p:1:1", "the file is empty", ""},
    {"{} x", "p:1:4", "this stands after the end of the JSON", "{} x\n   ^"},
    {"{\"a\":\"\xFF\"}", "p:1:7", "not UTF-8 from here on", "{\"a\":\"?\"}\n      ^"},
    {"{\"a\":1e999}", "p:1:6", "the number is too large", "{\"a\":1e999}\n     ^"},
    {"// x\n{}", "p:1:1", "comments are not allowed", "// x\n^"},
    {"{\"\xC3\xA9\": x}", "p:1:7",
     "this is no JSON value (a text in double quotes, a number, true, false, null, [ or {)",
     "{\"\xC3\xA9\": x}\n      ^"},
    {"1", "p:1:1", "this is no JSON object: \"{\" must stand here", "1\n^"},
    {"[]", "p", "must be an object in braces, not a list", ""},
    {"\xFF\xFE{", "p", "the file is UTF-16 text", "save it as UTF-8"},
};

static void test_broken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken_texts / sizeof broken_texts[0]; i++) {
        const struct broken *b = &broken_texts[i];
        struct json_doc doc;
        struct error err = ERROR_INIT;
        if (json_doc_parse(&doc, "p", b->text, strlen(b->text), &err) != STATUS_PLAN)
            fail_msg("accepted: %s", b->text);
        assert_string_equal(err.text, b->said);
        assert_string_equal(err.where, b->where);
        assert_string_equal(err.hint, b->hint);
        json_doc_release(&doc);
    }
}

static void test_nul_and_depth(void **state)
{
    (void)state;
    struct json_doc doc;
    struct error err = ERROR_INIT;
    assert_int_equal(json_doc_parse(&doc, "p", "{\0}", 3, &err), STATUS_PLAN);
    assert_string_equal(err.where, "p:1:2");
    json_doc_release(&doc);
    size_t deep = 100000;
    char *text = malloc(deep);
    assert_non_null(text);
    memset(text, '[', deep);
    assert_int_equal(json_doc_parse(&doc, "p", text, deep, &err), STATUS_PLAN);
    assert_string_equal(err.text, "nested too deep");
    /* The excerpt of a long line is cut on both sides and marked inside. */
    assert_true(strncmp(err.hint, "...[", 4) == 0);
    const char *mark = strchr(err.hint, '^');
    assert_non_null(mark);
    assert_true(mark - strchr(err.hint, '\n') < 100);
    json_doc_release(&doc);
    free(text);
}

/* A byte order mark is skipped, and columns do not count it. */
static void test_byte_order_mark(void **state)
{
    (void)state;
    struct json_doc doc;
    struct error err = ERROR_INIT;
    assert_ok(json_doc_parse(&doc, "p", "\xEF\xBB\xBF{\"a\":1}", 10, &err), err);
    assert_int_equal(strlen(doc.sha256), 64);
    json_doc_release(&doc);
    assert_int_equal(json_doc_parse(&doc, "p", "\xEF\xBB\xBF{\"a\"}", 8, &err), STATUS_PLAN);
    assert_string_equal(err.where, "p:1:5");
    json_doc_release(&doc);
}

static void test_files(void **state)
{
    (void)state;
    const char *dir = test_dir();
    const char *path = test_path(dir, "x.json");
    struct json_doc doc;
    struct error err = ERROR_INIT;
    assert_int_equal(json_doc_read(&doc, path, NULL, 100, &err), STATUS_INPUT);
    json_doc_release(&doc);
    assert_int_equal(json_doc_read(&doc, dir, NULL, 100, &err), STATUS_INPUT);
    json_doc_release(&doc);
    test_write_text(path, "{ \"a\": [ 1, { \"b\": \"c\" } ] }");
    assert_int_equal(json_doc_read(&doc, path, NULL, 10, &err), STATUS_INPUT);
    json_doc_release(&doc);
    assert_ok(json_doc_read(&doc, path, "shown.json", 100, &err), err);
    struct json_node root = json_doc_root(&doc), a, b;
    assert_true(json_node_member(&root, "a", &a));
    assert_int_equal(json_node_length(&a), 2);
    struct json_node one = json_node_element(&a, 1);
    assert_true(json_node_member(&one, "b", &b));
    assert_string_equal(json_node_text(&b), "c");
    assert_int_equal(json_fault(&b, &err, "no"), STATUS_PLAN);
    assert_string_equal(err.where, "shown.json: a[1].b");
    assert_false(json_node_member(&root, "z", &b));
    assert_int_equal(json_node_kind(&b), JSON_KIND_ABSENT);
    json_doc_release(&doc);
}

/* What an error quotes can neither move a terminal's cursor nor fill the screen. */
static void test_show(void **state)
{
    (void)state;
    assert_string_equal(json_show("a\x1B[2J\x7F\xC2\x9B").text, "a?[2J??");
    assert_string_equal(json_show("\xC3\xA9\xC2\xA0").text, "\xC3\xA9\xC2\xA0");
    char text[400];
    for (size_t pad = 0; pad < 4; pad++) {
        memset(text, 'x', pad);
        for (size_t i = pad; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "\xE2\x82\xAC", 4);
        struct json_shown shown = json_show(text);
        size_t len = strlen(shown.text);
        assert_true(len <= JSON_SHOWN + 3 && len >= JSON_SHOWN - 3);
        assert_string_equal(shown.text + len - 3, "...");
        assert_int_equal((len - 3 - pad) % 3, 0);
    }
}

static void test_sizes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long long bytes;
    } good[] = {{"0", 0},
                {"1000", 1000},
                {"64MiB", 67108864},
                {"64 MiB", 67108864},
                {"64mib", 67108864},
                {"1kB", 1000},
                {"1KiB", 1024},
                {"2GiB", 2147483648},
                {"3GB", 3000000000},
                {"1TB", 1000000000000},
                {"1TiB", 1099511627776},
                {"7B", 7}};
    static const char *const bad[] = {"",
                                      "MiB",
                                      "-1",
                                      "1.5MiB",
                                      "64 MiB ",
                                      "64  MiB",
                                      "64Mi",
                                      "0x1",
                                      "64MiX",
                                      "99999999999TiB",
                                      "1000000000000000000000"};
    long long bytes;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(json_size_of_text(good[i].text, &bytes));
        assert_int_equal(bytes, good[i].bytes);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(json_size_of_text(bad[i], &bytes));
}

/* Every decimal of up to 15 significant digits comes back as it was written. */
static void test_shares_exact(void **state)
{
    (void)state;
    char text[64], again[64];
    assert_true(json_share_of_number(0.9999, text, sizeof text));
    assert_string_equal(text, "0.9999");
    assert_true(json_share_of_number(0.5, text, sizeof text));
    assert_string_equal(text, "0.5");
    assert_true(json_share_of_number(1e-5, text, sizeof text));
    assert_string_equal(text, "0.00001");
    assert_true(json_share_of_number(0.999999999999999, text, sizeof text));
    assert_string_equal(text, "0.999999999999999");
    assert_false(json_share_of_number(1e-30, text, sizeof text));
    assert_false(json_share_of_number(0, text, sizeof text));
    assert_false(json_share_of_number(1, text, sizeof text));
    uint64_t random = 12345;
    for (int i = 0; i < 100000; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        unsigned long long digits = (random >> 11) % 1000000000000000u;
        int len = snprintf(text, sizeof text, "0.%015llu", digits);
        while (text[len - 1] == '0')
            text[--len] = '\0';
        if (digits == 0)
            continue;
        assert_true(json_share_of_number(strtod(text, NULL), again, sizeof again));
        assert_string_equal(again, text);
    }
}

static const char *const colours[] = {"red", "green", NULL};
static const struct json_key rows[] = {
    {"name", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"colour", WANT_CHOICE, 0, "green", colours, 0, 0},
    {"size", WANT_SIZE, 0, "1KiB", NULL, 10, 2048},
    {"count", WANT_INTEGER, KEY_NULLABLE, "7", NULL, 1, 9},
    {"share", WANT_SHARE, 0, NULL, NULL, 0, 0},
    {"day", WANT_DATE, 0, NULL, NULL, 0, 0},
    {"words", WANT_FILLEDS, 0, NULL, NULL, 0, 0},
    {"later", WANT_LATER, 0, NULL, NULL, 0, 0},
};
static const struct json_table table = JSON_TABLE("thing", rows);

static void test_tables(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *said, *hint;
    } wrong[] = {
        {"{}", "p", "the key \"name\" is missing", ""},
        {"{\"nam\":\"x\"}", "p", "unknown key \"nam\"", "did you mean \"name\"?"},
        {"{\"quux\":\"x\"}", "p", "unknown key \"quux\"",
         "the keys here are name, colour, size, count, share, day, words"},
        {"{\"name\":7}", "p: name", "must be a text, not a whole number", ""},
        {"{\"name\":\" \"}", "p: name", "must not be empty", ""},
        {"{\"name\":\"a\",\"colour\":\"gren\"}", "p: colour",
         "\"gren\" is none of \"red\", \"green\"", "did you mean \"green\"?"},
        {"{\"name\":\"a\",\"size\":9}", "p: size", "must be at least 10 bytes", ""},
        {"{\"name\":\"a\",\"size\":\"3KiB\"}", "p: size", "must be at most 2048 bytes", ""},
        {"{\"name\":\"a\",\"size\":\"much\"}", "p: size", "\"much\" is no size",
         "write bytes as a number, or a text such as \"64MiB\""},
        {"{\"name\":\"a\",\"size\":1.5}", "p: size",
         "must be a size such as \"64MiB\", not a decimal number", ""},
        {"{\"name\":\"a\",\"count\":true}", "p: count", "must be a whole number, not true or false",
         ""},
        {"{\"name\":\"a\",\"count\":-1}", "p: count", "must be at least 1", ""},
        {"{\"name\":\"a\",\"share\":99.99}", "p: share", "must be more than 0 and less than 1",
         "write 0.99 for 99 %"},
        {"{\"name\":\"a\",\"share\":\"1.0\"}", "p: share",
         "\"1.0\" is no share between 0 and 1, such as \"0.9999\", of at most 18 decimals", ""},
        {"{\"name\":\"a\",\"day\":\"2023-02-29\"}", "p: day", "\"2023-02-29\" is no date",
         "write year, month and day: \"2023-01-31\""},
        {"{\"name\":\"a\",\"words\":[]}", "p: words", "the list must not be empty", ""},
        {"{\"name\":\"a\",\"words\":[\"x\",null]}", "p: words[1]", "must be a text, not null", ""},
        {"{\"name\":\"a\",\"words\":\"x\"}", "p: words", "must be a list of texts, not a text", ""},
        {"{\"name\":\"a\",\"later\":1}", "p: later", "\"later\" is not supported in this version",
         ""},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct json_doc doc;
        struct error err = ERROR_INIT;
        assert_ok(json_doc_parse(&doc, "p", wrong[i].text, strlen(wrong[i].text), &err), err);
        struct json_node root = json_doc_root(&doc);
        if (json_check(&root, &table, &err) != STATUS_PLAN)
            fail_msg("accepted: %s", wrong[i].text);
        assert_string_equal(err.text, wrong[i].said);
        assert_string_equal(err.where, wrong[i].where);
        assert_string_equal(err.hint, wrong[i].hint);
        json_doc_release(&doc);
    }
}

static void test_getters(void **state)
{
    (void)state;
    static const char text[] = "{\"name\":\"a\",\"share\":0.9999,\"day\":\"1970-01-02\","
                               "\"words\":[\"x\",\"y\"],\"count\":null}";
    struct json_doc doc;
    struct error err = ERROR_INIT;
    struct arena arena = ARENA_INIT;
    char *name, *share, **words;
    size_t count;
    assert_ok(json_doc_parse(&doc, "p", text, strlen(text), &err), err);
    struct json_node root = json_doc_root(&doc), child;
    assert_ok(json_check(&root, &table, &err), err);
    assert_ok(json_get_text(&root, &table, "name", &arena, &name, &err), err);
    assert_string_equal(name, "a");
    assert_int_equal(json_get_choice(&root, &table, "colour"), 1);
    assert_int_equal(json_get_integer(&root, &table, "size"), 1024);
    assert_false(json_get(&root, "count", &child));
    assert_ok(json_get_share(&root, "share", &arena, &share, &err), err);
    assert_string_equal(share, "0.9999");
    assert_int_equal(json_get_date(&root, "day", -5), 1);
    assert_int_equal(json_get_date(&root, "none", -5), -5);
    assert_ok(json_get_texts(&root, "words", &arena, &words, &count, &err), err);
    assert_int_equal(count, 2);
    assert_string_equal(words[1], "y");
    arena_release(&arena);
    json_doc_release(&doc);
}

static void test_suggestions(void **state)
{
    (void)state;
    assert_int_equal(suggest_distance("kitten", "sitting"), 3);
    assert_int_equal(suggest_distance("", "abc"), 3);
    assert_int_equal(suggest_distance("month", "mnoth"), 1);
    assert_int_equal(suggest_distance("Month", "month"), 0);
    /* Optimal string alignment, not unrestricted: CA -> ABC is 3. */
    assert_int_equal(suggest_distance("ca", "abc"), 3);
    static const struct {
        const char *word, *best;
    } cases[] = {{"mnth", "month"},
                 {"conf", "confidence"},
                 {"x", NULL},
                 {"zzzzz", NULL},
                 {"modell", "model"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct suggest suggest;
        suggest_init(&suggest, cases[i].word);
        suggest_offer(&suggest, "month");
        suggest_offer(&suggest, "model");
        suggest_offer(&suggest, "confidence");
        if (cases[i].best)
            assert_string_equal(suggest.best, cases[i].best);
        else
            assert_null(suggest.best);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_nul_and_depth),
        cmocka_unit_test(test_byte_order_mark),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_show),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_shares_exact),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_getters),
        cmocka_unit_test(test_suggestions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
