/* Segments: round trips, replacement at once, and that no damage goes unseen. */
#include "tests/support/support.h"

#include "base/file.h"
#include "base/memory.h"
#include "queries/catalogue/catalogue.h"
#include "queries/catalogue/segment.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint32_t numbers[] = {1, 2, 0xFFFFFFFF};
static const int64_t times[] = {INT64_MIN, -1, 1700000000};
static const uint64_t offsets[] = {0, 3, 3, 8};
static const char bytes[] = "one"
                            "three";

static void write_segment(const char *path, uint32_t first)
{
    struct error err = ERROR_INIT;
    struct segment_out *out;
    uint32_t values[] = {first, numbers[1], numbers[2]};
    json_t *meta = json_pack("{s:i, s:s}", "size", 12, "name", "logs/a.jsonl");
    assert_ok(segment_out_open(&out, path, &err), err);
    assert_ok(segment_out_column(out, "turns", NPY_U32, values, 3, &err), err);
    assert_ok(segment_out_column(out, "time", NPY_I64, times, 3, &err), err);
    assert_ok(segment_out_column(out, "nothing", NPY_U64, NULL, 0, &err), err);
    assert_ok(segment_out_strings(out, "id", offsets, 3, bytes, &err), err);
    assert_ok(segment_out_file(out, "free.bin", "\x00\x01", 2, &err), err);
    assert_ok(segment_out_file(out, "empty.bin", NULL, 0, &err), err);
    assert_ok(segment_out_commit(out, meta, &err), err);
    json_decref(meta);
}

/* Reads all that write_segment wrote. */
static enum status read_segment(const char *path, uint32_t *first, struct error *err)
{
    enum status status = STATUS_OK;
    struct segment *segment = NULL;
    struct segment_strings ids;
    const void *values;
    size_t count;
    TRY_CLEANUP(segment_open(&segment, path, err));
    TRY_CLEANUP(segment_column(segment, "turns", NPY_U32, 3, &values, NULL, err));
    assert_memory_equal((const uint32_t *)values + 1, numbers + 1, 8);
    *first = *(const uint32_t *)values;
    TRY_CLEANUP(segment_column(segment, "time", NPY_I64, SIZE_MAX, &values, &count, err));
    assert_int_equal(count, 3);
    assert_memory_equal(values, times, sizeof times);
    TRY_CLEANUP(segment_column(segment, "nothing", NPY_U64, 0, &values, NULL, err));
    TRY_CLEANUP(segment_strings(segment, "id", &ids, err));
    assert_int_equal(ids.count, 3);
    assert_memory_equal(ids.offsets, offsets, sizeof offsets);
    assert_memory_equal(ids.bytes, bytes, 8);
    TRY_CLEANUP(segment_file(segment, "free.bin", &values, &count, err));
    assert_int_equal(count, 2);
    TRY_CLEANUP(segment_file(segment, "empty.bin", &values, &count, err));
    assert_int_equal(count, 0);
    assert_int_equal(json_integer_value(json_object_get(segment_meta(segment), "size")), 12);
cleanup:
    segment_close(segment);
    return status;
}

static void test_round_trip(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct stat info;
    uint32_t first;
    const char *path = test_path(test_dir(), "segment");
    write_segment(path, 7);
    assert_ok(read_segment(path, &first, &err), err);
    assert_int_equal(first, 7);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_int_equal(stat(test_path(path, "time.npy"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);

    struct segment *segment;
    const void *values;
    assert_ok(segment_open(&segment, path, &err), err);
    assert_int_equal(segment_column(segment, "turns", NPY_U32, 4, &values, NULL, &err),
                     STATUS_INPUT);
    assert_int_equal(segment_column(segment, "turns", NPY_U64, SIZE_MAX, &values, NULL, &err),
                     STATUS_INPUT);
    assert_int_equal(segment_column(segment, "absent", NPY_U64, SIZE_MAX, &values, NULL, &err),
                     STATUS_INPUT);
    assert_true(segment_has(segment, "id.bytes.npy"));
    assert_false(segment_has(segment, "id.npy"));
    size_t files = 0;
    for (const char *file = segment_first_file(segment); file;
         file = segment_next_file(segment, file))
        files++;
    assert_int_equal(files, 7);
    segment_close(segment);
}

/* The content digest is over the files alone, and the same wherever they are written. */
static void test_content(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct segment *segments[3];
    const char *dir = test_dir();
    const char *names[] = {"a", "b", "c"};
    for (size_t i = 0; i < 3; i++) {
        write_segment(test_path(dir, names[i]), i < 2 ? 1 : 2);
        assert_ok(segment_open(&segments[i], test_path(dir, names[i]), &err), err);
    }
    assert_string_equal(segment_content(segments[0]), segment_content(segments[1]));
    assert_string_not_equal(segment_content(segments[0]), segment_content(segments[2]));
    for (size_t i = 0; i < 3; i++)
        segment_close(segments[i]);
}

static size_t count_entries(const char *path)
{
    size_t count = 0;
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

/* An interrupted writer leaves the old segment; a finished one replaces it and leaves no rest. */
static void test_replacement(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    uint32_t first;
    const char *dir = test_dir(), *path = test_path(dir, "segment");
    write_segment(path, 1);
    struct segment_out *out;
    assert_ok(segment_out_open(&out, path, &err), err);
    assert_ok(segment_out_column(out, "turns", NPY_U32, numbers, 3, &err), err);
    assert_int_equal(count_entries(dir), 2);
    assert_ok(read_segment(path, &first, &err), err);
    assert_int_equal(first, 1);
    segment_out_abandon(out);
    assert_int_equal(count_entries(dir), 1);

    /* A reader keeps what it has mapped. */
    struct segment *old;
    const void *values;
    assert_ok(segment_open(&old, path, &err), err);
    assert_ok(segment_column(old, "turns", NPY_U32, 3, &values, NULL, &err), err);
    write_segment(path, 2);
    assert_int_equal(*(const uint32_t *)values, 1);
    segment_close(old);
    assert_ok(read_segment(path, &first, &err), err);
    assert_int_equal(first, 2);
    assert_int_equal(count_entries(dir), 1);
}

/* What a crash leaves aside goes when the next writer takes the lock. */
static void test_lock(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    const char *dir = test_path(test_dir(), "catalogue");
    char *part = catalogue_part_dir(dir, "logs/a.jsonl", 0);
    char *other = catalogue_part_dir(dir, "logs/a.jsonl", 10);
    assert_string_not_equal(part, other);
    char *segment = catalogue_segment_dir(part, "base", "0123456789abcdef0123");
    assert_non_null(strstr(segment, "/base-0123456789abcdef"));
    int lock, again;
    assert_ok(catalogue_lock(dir, &lock, &err), err);
    assert_ok(dir_make(part, 0700, &err), err);
    assert_int_equal(catalogue_lock(dir, &again, &err), STATUS_INPUT);
    write_segment(segment, 3);
    struct segment_out *out;
    assert_ok(segment_out_open(&out, segment, &err), err);
    assert_ok(segment_out_file(out, "x", "x", 1, &err), err);
    assert_int_equal(count_entries(part), 2);
    catalogue_unlock(lock);
    assert_ok(catalogue_lock(dir, &lock, &err), err);
    assert_int_equal(count_entries(part), 1);
    catalogue_unlock(lock);
    segment_out_abandon(out);
    free(part);
    free(other);
    free(segment);
}

/* ---- damage ---- */

/* test_write without its waiting for the disk. */
static void put_bytes(const char *path, const void *data, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* Every byte of a file, with several bits turned: reading all says STATUS_INPUT. */
static void flip_all(const char *segment, const char *file)
{
    struct error err = ERROR_INIT;
    uint32_t first;
    size_t len;
    const char *path = test_path(segment, file);
    char *data = test_read(path, &len);
    char *damaged = malloc(len + 1);
    assert_non_null(damaged);
    for (size_t at = 0; at < len; at++) {
        memcpy(damaged, data, len);
        damaged[at] ^= (char)(1 << at % 7);
        put_bytes(path, damaged, len);
        if (read_segment(segment, &first, &err) != STATUS_INPUT)
            fail_msg("%s: damage at byte %zu of %zu was not seen", file, at, len);
    }
    /* One byte less, one more, none. */
    put_bytes(path, data, len ? len - 1 : 1);
    assert_int_equal(read_segment(segment, &first, &err), STATUS_INPUT);
    memcpy(damaged, data, len);
    damaged[len] = 'x';
    put_bytes(path, damaged, len + 1);
    assert_int_equal(read_segment(segment, &first, &err), STATUS_INPUT);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(read_segment(segment, &first, &err), STATUS_INPUT);
    put_bytes(path, data, len);
    assert_ok(read_segment(segment, &first, &err), err);
    free(damaged);
    free(data);
}

static void test_damage(void **state)
{
    (void)state;
    static const char *const files[] = {"turns.npy",    "time.npy", "nothing.npy", "id.offsets.npy",
                                        "id.bytes.npy", "free.bin", "empty.bin",   "segment.json"};
    const char *path = test_path(test_dir(), "segment");
    write_segment(path, 1);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        flip_all(path, files[i]);
}

/* A file that was found damaged once is not handed out by a second try. */
static void test_damage_stays(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct segment *segment;
    const void *values;
    const char *path = test_path(test_dir(), "segment");
    write_segment(path, 1);
    test_write(test_path(path, "free.bin"), "ab", 2);
    assert_ok(segment_open(&segment, path, &err), err);
    size_t len;
    for (int i = 0; i < 2; i++)
        assert_int_equal(segment_file(segment, "free.bin", &values, &len, &err), STATUS_INPUT);
    segment_close(segment);
}

/* A catalogue from elsewhere cannot make a merge write outside its folder. */
static void test_names(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct segment *segment;
    static const char *const texts[] = {
        "",
        "[]",
        "{}",
        "null",
        "{\"content\": 1}",
        "{\"proffer_segment\":1,\"content\":\"\",\"files\":\"x\",\"meta\":{},\"meta_sha256\":\"\"}",
        "{\"proffer_segment\":1,\"content\":\"\",\"files\":{},\"meta\":3,\"meta_sha256\":\"\"}"};
    const char *path = test_path(test_dir(), "segment");
    write_segment(path, 1);
    char *good = test_read(test_path(path, "segment.json"), NULL);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        test_write_text(test_path(path, "segment.json"), texts[i]);
        assert_int_equal(segment_open(&segment, path, &err), STATUS_INPUT);
        assert_null(segment);
    }
    char *evil = mem_strdup(good);
    assert_non_null(evil);
    memcpy(strstr(evil, "free.bin"), "../../me", 8);
    test_write_text(test_path(path, "segment.json"), evil);
    assert_int_equal(segment_open(&segment, path, &err), STATUS_INPUT);
    free(evil);
    free(good);
}

/* ---- NumPy ---- */

/* NEP 1: magic, version, a header length that aligns the values, a literal dict with those keys. */
static void test_npy_header(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 99, 1000000, SIZE_MAX};
    static const char *const descr[] = {"|u1", "<u4", "<u8", "<i8"};
    for (int type = NPY_U8; type <= NPY_I64; type++)
        for (size_t i = 0; i < 5; i++) {
            char header[NPY_HEADER_MAX], expected[NPY_HEADER_MAX];
            size_t len = npy_header((enum npy_type)type, counts[i], header);
            assert_true(len % 64 == 0 && len <= NPY_HEADER_MAX);
            assert_memory_equal(header, "\x93NUMPY\x01\x00", 8);
            assert_int_equal((unsigned char)header[8] + 256 * (unsigned char)header[9], len - 10);
            int used = snprintf(expected, sizeof expected,
                                "{'descr': '%s', 'fortran_order': False, 'shape': (%zu,), }",
                                descr[type], counts[i]);
            assert_memory_equal(header + 10, expected, (size_t)used);
            for (size_t at = 10 + (size_t)used; at < len - 1; at++)
                assert_int_equal(header[at], ' ');
            assert_int_equal(header[len - 1], '\n');
        }
}

/* Another reader of the format, in Python without NumPy, finds the values. */
static void test_npy_python(void **state)
{
    (void)state;
    static const char script[] =
        "import ast, struct, sys\n"
        "def load(name):\n"
        "    raw = open(sys.argv[1] + '/' + name + '.npy', 'rb').read()\n"
        "    assert raw[:8] == b'\\x93NUMPY\\x01\\x00'\n"
        "    size, = struct.unpack('<H', raw[8:10])\n"
        "    assert (10 + size) % 64 == 0\n"
        "    head = ast.literal_eval(raw[10:10 + size].decode('latin1'))\n"
        "    assert set(head) == {'descr', 'fortran_order', 'shape'}\n"
        "    code = {'<u4': 'I', '<u8': 'Q', '<i8': 'q', '|u1': 'B'}[head['descr']]\n"
        "    count, = head['shape']\n"
        "    return struct.unpack('<%d%s' % (count, code), raw[10 + size:])\n"
        "assert load('turns') == (1, 2, 2**32 - 1)\n"
        "assert load('time') == (-2**63, -1, 1700000000)\n"
        "assert load('nothing') == ()\n"
        "assert load('id.offsets') == (0, 3, 3, 8)\n"
        "assert bytes(load('id.bytes')) == b'onethree'\n";
    const char *dir = test_dir(), *path = test_path(dir, "segment");
    write_segment(path, 1);
    test_write_text(test_path(dir, "load.py"), script);
    char *command = mem_printf("python3 %s/load.py %s", dir, path);
    assert_non_null(command);
    if (system("command -v python3 >/dev/null") != 0) {
        free(command);
        skip();
    }
    int code = system(command);
    free(command);
    assert_int_equal(code, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),  cmocka_unit_test(test_content),
        cmocka_unit_test(test_replacement), cmocka_unit_test(test_lock),
        cmocka_unit_test(test_damage),      cmocka_unit_test(test_damage_stays),
        cmocka_unit_test(test_names),       cmocka_unit_test(test_npy_header),
        cmocka_unit_test(test_npy_python),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
