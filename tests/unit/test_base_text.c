/* Errors, buffers, arenas, interning, lines: properties with fixed seeds. */
#include "tests/support/support.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/intern.h"
#include "base/lines.h"
#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* ---- errors ---- */

static void test_error_fields(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    assert_int_equal(error_set(&err, STATUS_PLAN, "queries[0]", "no \"%s\"", "x"), STATUS_PLAN);
    assert_string_equal(err.where, "queries[0]");
    assert_string_equal(err.text, "no \"x\"");
    assert_string_equal(err.hint, "");
    assert_int_equal(error_hint(&err, "try %d", 7), STATUS_PLAN);
    assert_string_equal(err.hint, "try 7");
    assert_int_equal(error_within(&err, "plan.json"), STATUS_PLAN);
    assert_string_equal(err.where, "plan.json: queries[0]");
    /* A new error forgets the old one's place and hint. */
    assert_int_equal(error_set(&err, STATUS_INPUT, NULL, "gone"), STATUS_INPUT);
    assert_string_equal(err.where, "");
    assert_string_equal(err.hint, "");
    assert_int_equal(error_within(&err, "a.gz"), STATUS_INPUT);
    assert_string_equal(err.where, "a.gz");
    assert_int_equal(error_errno(&err, STATUS_INPUT, ENOENT, NULL, "cannot open \"%s\"", "a"),
                     STATUS_INPUT);
    assert_string_equal(err.text, "cannot open \"a\": no such file or directory");
    assert_int_equal(error_nomem(&err), STATUS_INTERNAL);
    assert_int_equal(error_set(NULL, STATUS_PLAN, NULL, "x"), STATUS_PLAN);
    assert_int_equal(error_errno(NULL, STATUS_PLAN, EIO, NULL, "x"), STATUS_PLAN);
}

/* A cut text ends in "..." after a whole UTF-8 character, whatever the alignment. */
static void test_error_cut(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    for (int pad = 0; pad < 4; pad++) {
        char text[3000];
        memset(text, 'a', (size_t)pad);
        size_t at = (size_t)pad;
        while (at + 5 < sizeof text) {
            memcpy(text + at, "\xF0\x9F\x98\x80", 5);
            at += 4;
        }
        error_set(&err, STATUS_INPUT, text, "%s", text);
        error_hint(&err, "%s", text);
        const char *cut[] = {err.text, err.where, err.hint};
        const size_t sizes[] = {sizeof err.text, sizeof err.where, sizeof err.hint};
        for (size_t i = 0; i < 3; i++) {
            size_t len = strlen(cut[i]);
            assert_true(len < sizes[i] && len > sizes[i] - 9);
            assert_string_equal(cut[i] + len - 3, "...");
            assert_true(utf8_text(cut[i], len));
        }
        error_errno(&err, STATUS_INPUT, ENOENT, NULL, "%s", text);
        assert_true(utf8_text(err.text, strlen(err.text)));
        error_set(&err, STATUS_INPUT, text, "x");
        error_within(&err, "outer");
        assert_true(strncmp(err.where, "outer: ", 7) == 0);
        assert_true(utf8_text(err.where, strlen(err.where)));
    }
    char exact[sizeof err.text];
    memset(exact, 'b', sizeof exact - 1);
    exact[sizeof exact - 1] = '\0';
    error_set(&err, STATUS_INPUT, NULL, "%s", exact);
    assert_string_equal(err.text, exact);
}

/* ---- memory ---- */

static void test_memory(void **state)
{
    (void)state;
    /* Sizes that overflow are refused, not wrapped. */
    volatile size_t huge = SIZE_MAX / 2 + 2;
    assert_null(mem_zalloc(huge, 2));
    assert_null(mem_resize(NULL, huge, 2));
    assert_null(mem_strndup("x", SIZE_MAX));
    void *none = mem_zalloc(0, 8);
    assert_non_null(none);
    free(none);
    size_t capacity = 0;
    int *items = NULL;
    for (size_t i = 0; i < 1000; i++) {
        items = mem_grow(items, &capacity, i + 1, sizeof *items);
        assert_true(items && capacity > i);
        items[i] = (int)i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    size_t before = capacity;
    assert_null(mem_grow(items, &capacity, SIZE_MAX / 2, sizeof *items));
    assert_int_equal(capacity, before);
    free(items);
    char *text = mem_printf("%d-%s", 7, "x");
    assert_string_equal(text, "7-x");
    free(text);
}

/* ---- buffers ---- */

static void test_buffer(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct buffer buf;
    buffer_init(&buf, 10);
    assert_ok(buffer_add(&buf, "abc", 3, &err), err);
    assert_ok(buffer_addf(&buf, &err, "%04d", 12), err);
    assert_string_equal(buf.data, "abc0012");
    assert_ok(buffer_add(&buf, "xyz", 3, &err), err);
    assert_int_equal(buf.len, 10);
    assert_int_equal(buffer_add(&buf, "!", 1, &err), STATUS_INPUT);
    assert_int_equal(buffer_addf(&buf, &err, "%d", 1), STATUS_INPUT);
    assert_int_equal(buffer_reserve(&buf, 11, &err), STATUS_INPUT);
    assert_int_equal(buffer_add(&buf, "", SIZE_MAX, &err), STATUS_INPUT);
    assert_string_equal(buf.data, "abc0012xyz");
    buffer_reset(&buf);
    assert_int_equal(buf.len, 0);
    assert_ok(buffer_add(&buf, "\0a", 2, &err), err);
    size_t len;
    char *taken = buffer_take(&buf, &len);
    assert_int_equal(len, 2);
    assert_memory_equal(taken, "\0a", 3);
    free(taken);
    assert_int_equal(buf.len, 0);
    assert_int_equal(buf.max, 10);
    taken = buffer_take(&buf, &len);
    assert_int_equal(len, 0);
    assert_string_equal(taken, "");
    free(taken);
    buffer_release(&buf);
    buffer_release(&buf);
}

/* ---- arenas ---- */

static void test_arena(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    enum { COUNT = 2000 };
    static unsigned char *blocks[COUNT];
    static size_t sizes[COUNT];
    uint64_t random = 1;
    for (int round = 0; round < 4; round++) {
        for (size_t i = 0; i < COUNT; i++) {
            sizes[i] = next_random(&random) % (i % 100 == 0 ? 200000 : 300);
            blocks[i] = arena_alloc(&arena, sizes[i]);
            assert_non_null(blocks[i]);
            assert_int_equal((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
            memset(blocks[i], (int)(i % 251), sizes[i]);
        }
        for (size_t i = 0; i < COUNT; i++)
            for (size_t k = 0; k < sizes[i]; k++)
                if (blocks[i][k] != i % 251)
                    fail_msg("two allocations overlap");
        arena_reset(&arena, (size_t)round * 100000);
        assert_int_equal(arena.total, 0);
    }
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_null(arena_zalloc(&arena, SIZE_MAX / 2, 3));
    assert_null(arena_strndup(&arena, "x", SIZE_MAX));
    unsigned char *zeros = arena_zalloc(&arena, 100, 7);
    for (size_t i = 0; i < 700; i++)
        assert_int_equal(zeros[i], 0);
    assert_string_equal(arena_strndup(&arena, "hello", 4), "hell");
    assert_string_equal(arena_printf(&arena, "%s %d", "x", 5), "x 5");
    arena_release(&arena);
    arena_release(&arena);
    arena_reset(&arena, 0);
    assert_non_null(arena_alloc(&arena, 0));
    arena_release(&arena);
}

/* ---- interning ---- */

static void test_intern(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct intern in;
    uint32_t number;
    intern_init(&in);
    assert_int_equal(intern_find(&in, "x", 1), INTERN_NONE);
    uint64_t random = 7;
    uint32_t seen[5000];
    memset(seen, 0xFF, sizeof seen);
    for (int i = 0; i < 50000; i++) {
        char text[16];
        uint32_t key = (uint32_t)(next_random(&random) % 5000);
        int len = snprintf(text, sizeof text, "k%u", key);
        uint32_t count = (uint32_t)in.count;
        assert_ok(intern_add(&in, text, (size_t)len, &number, &err), err);
        if (seen[key] == INTERN_NONE) {
            assert_int_equal(number, count); /* dense, in order of first sight */
            seen[key] = number;
        }
        assert_int_equal(number, seen[key]);
        assert_int_equal(intern_find(&in, text, (size_t)len), number);
        assert_string_equal(in.items[number].text, text);
    }
    assert_int_equal(intern_find(&in, "k", 1), INTERN_NONE);
    uint32_t *order = mem_zalloc(in.count, sizeof *order);
    assert_non_null(order);
    intern_sorted(&in, order);
    for (size_t i = 1; i < in.count; i++)
        assert_true(strcmp(in.items[order[i - 1]].text, in.items[order[i]].text) < 0);
    free(order);
    intern_release(&in);
}

static void test_intern_bytes(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct intern in;
    static const struct {
        const char *text;
        size_t len;
    } texts[] = {{"a\xFF", 2}, {"a", 1}, {"a\0", 2}, {"", 0}, {"a\0b", 3}, {"\0", 1}};
    static const uint32_t sorted[] = {3, 5, 1, 2, 4, 0};
    uint32_t order[6], number;
    intern_init(&in);
    for (uint32_t i = 0; i < 6; i++) {
        assert_ok(intern_add(&in, texts[i].text, texts[i].len, &number, &err), err);
        assert_int_equal(number, i);
    }
    intern_sorted(&in, order);
    assert_memory_equal(order, sorted, sizeof order);
    intern_release(&in);
}

/* ---- lines ---- */

static void test_lines(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF one\r\n\n \t\r\ntwo words \n\rthree";
    static const struct {
        const char *line;
        size_t number;
    } expected[] = {{"one", 1}, {"two words", 4}, {"three", 5}};
    struct lines lines;
    struct span line;
    lines_init(&lines, text, sizeof text - 1);
    for (size_t i = 0; i < 3; i++) {
        assert_true(lines_next(&lines, &line));
        assert_int_equal(line.len, strlen(expected[i].line));
        assert_memory_equal(line.data, expected[i].line, line.len);
        assert_int_equal(lines.number, expected[i].number);
    }
    assert_false(lines_next(&lines, &line));
    assert_false(lines_next(&lines, &line));
    lines_init(&lines, "", 0);
    assert_false(lines_next(&lines, &line));
}

/* Every code point, every surrogate, and the shortest and longest wrong encodings. */
static void test_utf8(void **state)
{
    (void)state;
    for (uint32_t c = 1; c < 0x110000; c++) {
        char text[4];
        size_t len = 0;
        if (c < 0x80) {
            text[len++] = (char)c;
        } else if (c < 0x800) {
            text[len++] = (char)(0xC0 | c >> 6);
        } else if (c < 0x10000) {
            text[len++] = (char)(0xE0 | c >> 12);
            text[len++] = (char)(0x80 | (c >> 6 & 63));
        } else {
            text[len++] = (char)(0xF0 | c >> 18);
            text[len++] = (char)(0x80 | (c >> 12 & 63));
            text[len++] = (char)(0x80 | (c >> 6 & 63));
        }
        if (c >= 0x80)
            text[len++] = (char)(0x80 | (c & 63));
        bool surrogate = c >= 0xD800 && c < 0xE000;
        if (utf8_text(text, len) == surrogate)
            fail_msg("U+%04X", c);
        if (len > 1 && utf8_text(text, len - 1))
            fail_msg("U+%04X cut", c);
    }
    static const char *const bad[] = {"\x80",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xE0\x9F\xBF",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "a\xFF",
                                      "\xE2\x82("};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(utf8_text(bad[i], strlen(bad[i])));
    assert_false(utf8_text("a\0b", 3));
    assert_true(utf8_text("", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_fields), cmocka_unit_test(test_error_cut),
        cmocka_unit_test(test_memory),       cmocka_unit_test(test_buffer),
        cmocka_unit_test(test_arena),        cmocka_unit_test(test_intern),
        cmocka_unit_test(test_intern_bytes), cmocka_unit_test(test_lines),
        cmocka_unit_test(test_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
