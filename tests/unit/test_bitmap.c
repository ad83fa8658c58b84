/* Bitmaps: set algebra against plain arrays, the portable format, and broken bytes. */
#include "queries/catalogue/bitmap.h"
#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>

enum { RANGE = 200000 };

static struct error err;
static uint64_t stream = 1;

static uint32_t draw(void)
{
    stream = stream * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(stream >> 33);
}

/* A set with arrays, bitsets and runs, and the same as an array of bytes. */
static struct bitmap *random_set(unsigned char *plain)
{
    struct bitmap *set = bitmap_new();
    assert_non_null(set);
    memset(plain, 0, RANGE);
    for (int i = 0; i < 6; i++) {
        uint32_t from = draw() % RANGE, len = draw() % 30000;
        uint32_t to = from + len < RANGE ? from + len : RANGE;
        if (draw() % 2) {
            bitmap_add_range(set, from, to);
            memset(plain + from, 1, to - from);
        } else {
            for (uint32_t v = from; v < to; v += 1 + draw() % (i % 2 ? 3 : 400)) {
                bitmap_add(set, v);
                plain[v] = 1;
            }
        }
    }
    return set;
}

static void assert_same(const struct bitmap *set, const unsigned char *plain)
{
    uint64_t count = 0;
    for (uint32_t v = 0; v < RANGE; v++) {
        count += plain[v];
        if (bitmap_contains(set, v) != plain[v])
            fail_msg("value %u differs", v);
    }
    assert_int_equal(bitmap_count(set), count);
}

static void algebra(void **state)
{
    (void)state;
    static unsigned char a[RANGE], b[RANGE], c[RANGE];
    for (int round = 0; round < (test_short() ? 5 : 20); round++) {
        struct bitmap *x = random_set(a), *y = random_set(b);
        void (*const operations[])(struct bitmap *, const struct bitmap *) = {bitmap_and, bitmap_or,
                                                                              bitmap_andnot};
        uint64_t both = 0;
        for (int k = 0; k < 3; k++) {
            struct bitmap *z = bitmap_copy(x);
            assert_non_null(z);
            operations[k](z, y);
            for (size_t v = 0; v < RANGE; v++) {
                c[v] = k == 0 ? a[v] & b[v] : k == 1 ? a[v] | b[v] : a[v] & !b[v];
                both += k == 0 && c[v];
            }
            assert_same(z, c);
            bitmap_free(z);
        }
        assert_int_equal(bitmap_and_count(x, y), both);
        assert_same(x, a);
        bitmap_and(x, x);
        assert_same(x, a);
        bitmap_andnot(x, x);
        assert_int_equal(bitmap_count(x), 0);
        bitmap_free(x);
        bitmap_free(y);
    }
}

static bool stop_at_three(uint32_t value, void *context)
{
    uint32_t *seen = context;
    assert_true(seen[0] < 3);
    seen[1 + seen[0]++] = value;
    return seen[0] < 3;
}

static void order(void **state)
{
    (void)state;
    struct bitmap *set = bitmap_new();
    uint32_t values[4], seen[4] = {0};
    bitmap_add(set, UINT32_MAX);
    bitmap_add(set, 70000);
    bitmap_add(set, 7);
    bitmap_add_range(set, 9, 9);
    bitmap_add_range(set, 0, 1);
    assert_int_equal(bitmap_count(set), 4);
    bitmap_values(set, values);
    const uint32_t expected[] = {0, 7, 70000, UINT32_MAX};
    assert_memory_equal(values, expected, sizeof expected);
    bitmap_each(set, stop_at_three, seen);
    assert_memory_equal(seen + 1, expected, 3 * sizeof *expected);
    bitmap_add_range(set, UINT32_MAX - 2, (uint64_t)UINT32_MAX + 1);
    assert_int_equal(bitmap_count(set), 6);
    bitmap_free(set);
}

static void write_and_read(void **state)
{
    (void)state;
    static unsigned char plain[RANGE];
    for (int round = 0; round < 20; round++) {
        struct bitmap *set = random_set(plain), *back;
        struct buffer out, again;
        buffer_init(&out, 1 << 24);
        buffer_init(&again, 1 << 24);
        assert_ok(buffer_add(&out, "head", 4, &err), err);
        assert_ok(bitmap_write(set, &out, &err), err);
        assert_ok(bitmap_read(out.data + 4, out.len - 4, &back, &err), err);
        assert_true(bitmap_equal(set, back));
        assert_same(back, plain);
        assert_ok(bitmap_write(back, &again, &err), err);
        assert_int_equal(again.len, out.len - 4);
        assert_memory_equal(again.data, out.data + 4, again.len);
        bitmap_free(back);
        bitmap_free(set);
        buffer_release(&out);
        buffer_release(&again);
    }
    struct bitmap *empty = bitmap_new(), *back;
    struct buffer out;
    buffer_init(&out, 7);
    assert_int_equal(bitmap_write(empty, &out, &err), STATUS_INPUT); /* over the buffer's maximum */
    buffer_release(&out);
    buffer_init(&out, 8);
    assert_ok(bitmap_write(empty, &out, &err), err);
    /* The format's own bytes: cookie 12346, no containers. */
    assert_int_equal(out.len, 8);
    assert_memory_equal(out.data, "\x3a\x30\0\0\0\0\0\0", 8);
    assert_ok(bitmap_read(out.data, out.len, &back, &err), err);
    assert_int_equal(bitmap_count(back), 0);
    bitmap_free(back);
    bitmap_free(empty);
    buffer_release(&out);
}

static void assert_broken(const char *bytes, size_t len)
{
    struct bitmap *set;
    char *exact = malloc(len ? len : 1);
    assert_non_null(exact);
    memcpy(exact, bytes, len);
    assert_int_equal(bitmap_read(exact, len, &set, &err), STATUS_INPUT);
    assert_null(set);
    free(exact);
}

static void broken(void **state)
{
    (void)state;
    struct bitmap *set;
    /* {1, 2}: cookie, one container of key 0 and two values at byte 16. */
    static const char array[] = "\x3a\x30\0\0\1\0\0\0\0\0\1\0\x10\0\0\0\1\0\2\0";
    assert_ok(bitmap_read(array, 20, &set, &err), err);
    assert_int_equal(bitmap_count(set), 2);
    bitmap_free(set);
    for (size_t len = 0; len < 20; len++)
        assert_broken(array, len);
    static const struct {
        size_t at;
        char byte;
    } faults[] = {{0, 'x'}, {4, 2},    {6, 2},   {7, 127}, {10, 0},
                  {10, 2},  {11, 127}, {12, 15}, {16, 2},  {16, 3}};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char copy[20];
        memcpy(copy, array, 20);
        copy[faults[i].at] = faults[i].byte;
        assert_broken(copy, 20);
    }
    assert_broken("\x3a\x30\0\0\0\0\0\0\0", 9); /* something follows */
    /* Runs: {5..7}, then its faults: no run, past the end, a false cardinality, a stray flag. */
    static const char run[] = "\x3b\x30\0\0\1\0\0\2\0\1\0\5\0\2\0";
    assert_ok(bitmap_read(run, 15, &set, &err), err);
    assert_int_equal(bitmap_count(set), 3);
    bitmap_free(set);
    assert_broken("\x3b\x30\0\0\1\0\0\2\0\0\0", 11);
    assert_broken("\x3b\x30\0\0\1\0\0\2\0\1\0\xfe\xff\2\0", 15);
    assert_broken("\x3b\x30\0\0\1\0\0\3\0\1\0\5\0\2\0", 15);
    assert_broken("\x3b\x30\0\0\3\0\0\2\0\1\0\5\0\2\0", 15);
    /* Two runs that touch, and two that are out of order. */
    assert_broken("\x3b\x30\0\0\1\0\0\1\0\2\0\5\0\0\0\6\0\0\0", 19);
    assert_broken("\x3b\x30\0\0\1\0\0\1\0\2\0\7\0\0\0\5\0\0\0", 19);
    /* Two containers of one key. */
    assert_broken("\x3b\x30\1\0\3\0\0\0\0\0\0\0\0\1\0\5\0\0\0\1\0\5\0\0\0", 25);
}

/* Every bit flip of a mixed set is refused or reads as a set that writes whole again. */
static void flips(void **state)
{
    (void)state;
    struct bitmap *set = bitmap_new(), *back;
    bitmap_add_range(set, 10, 5000);
    for (uint32_t v = 65536; v < 2 * 65536; v += 7)
        bitmap_add(set, v);
    for (uint32_t v = 3 * 65536; v < 3 * 65536 + 40; v += 2)
        bitmap_add(set, v);
    struct buffer out, again;
    buffer_init(&out, 1 << 20);
    buffer_init(&again, 1 << 20);
    assert_ok(bitmap_write(set, &out, &err), err);
    size_t accepted = 0;
    for (size_t bit = 0; bit < out.len * 8; bit++) {
        out.data[bit / 8] = (char)(out.data[bit / 8] ^ (1 << bit % 8));
        if (bitmap_read(out.data, out.len, &back, &err) == STATUS_OK) {
            accepted++;
            bitmap_or(back, set);
            buffer_reset(&again);
            assert_ok(bitmap_write(back, &again, &err), err);
            bitmap_free(back);
        }
        out.data[bit / 8] = (char)(out.data[bit / 8] ^ (1 << bit % 8));
    }
    assert_true(accepted < out.len / 2);
    bitmap_free(set);
    buffer_release(&out);
    buffer_release(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(algebra), cmocka_unit_test(order), cmocka_unit_test(write_and_read),
        cmocka_unit_test(broken),  cmocka_unit_test(flips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
