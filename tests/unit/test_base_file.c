/* SHA-256 with published values; whole files, folders and paths; worker threads. */
#include "tests/support/support.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/parallel.h"

#include <dirent.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- SHA-256: FIPS 180-4 examples and the NIST CAVP short messages ---- */

static const struct {
    const char *text;
    const char *hex;
} published[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
     "lmnopqrsmnopqrstnopqrstu",
     "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {"\xd3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"},
};

static void test_published_digests(void **state)
{
    (void)state;
    const char *path = test_path(test_dir(), "f");
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        struct error err = ERROR_INIT;
        struct sha256 value;
        char hex[65];
        size_t len = strlen(published[i].text);
        assert_ok(sha256_of(published[i].text, len, &value, &err), err);
        sha256_hex(&value, hex);
        char head[13] = {0};
        memcpy(head, hex, 12); /* its first six bytes */
        assert_int_equal(sha256_head(&value, 6), strtoull(head, NULL, 16));
        assert_string_equal(hex, published[i].hex);
        test_write(path, published[i].text, len);
        assert_ok(sha256_of_file(path, 0, UINT64_MAX, &value, &err), err);
        sha256_hex(&value, hex);
        assert_string_equal(hex, published[i].hex);
    }
}

/* A million times "a" (FIPS 180-4), in pieces of every size up to 1,000. */
static void test_stream(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    char text[1000], hex[65];
    memset(text, 'a', sizeof text);
    struct digest *digest = digest_new();
    assert_non_null(digest);
    size_t left = 1000000;
    for (size_t piece = 0; left > 0; piece = (piece + 1) % (sizeof text + 1)) {
        size_t now = piece < left ? piece : left;
        assert_ok(digest_add(digest, text, now, &err), err);
        left -= now;
    }
    struct sha256 value, other;
    assert_ok(digest_end(digest, &value, &err), err);
    sha256_hex(&value, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    digest_free(digest);
    digest_free(NULL);
    digest = digest_new();
    assert_non_null(digest);
    assert_ok(digest_add_text(digest, "ab", &err), err);
    assert_ok(digest_add_text(digest, "c", &err), err);
    assert_ok(digest_end(digest, &value, &err), err);
    digest_free(digest);
    assert_ok(sha256_of("ab\0c", 5, &other, &err), err);
    assert_memory_equal(&value, &other, sizeof value);
    assert_int_equal(sha256_of_file("/nonexistent", 0, UINT64_MAX, &value, &err), STATUS_INPUT);
}

/* ---- files ---- */

static size_t entries(const char *dir)
{
    size_t count = 0;
    DIR *listing = opendir(dir);
    assert_non_null(listing);
    while (readdir(listing))
        count++;
    closedir(listing);
    return count - 2;
}

static void test_whole_files(void **state)
{
    (void)state;
    const char *dir = test_dir();
    const char *path = test_path(dir, "x");
    struct error err = ERROR_INIT;
    char *data;
    size_t len;
    struct stat info;
    assert_false(file_exists(path));
    assert_ok(file_write(path, "a\0b", 3, 0600, &err), err);
    assert_true(file_exists(path));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_ok(file_read(path, 3, &data, &len, &err), err);
    assert_int_equal(len, 3);
    assert_memory_equal(data, "a\0b", 4);
    free(data);
    assert_int_equal(file_read(path, 2, &data, &len, &err), STATUS_INPUT);
    assert_null(data);
    assert_int_equal(file_read(dir, 100, &data, &len, &err), STATUS_INPUT);
    assert_int_equal(entries(dir), 1);
    /* A big one, in several reads. */
    size_t big = 300001;
    char *text = malloc(big);
    assert_non_null(text);
    for (size_t i = 0; i < big; i++)
        text[i] = (char)(i * 31 % 251);
    assert_ok(file_write(path, text, big, 0644, &err), err);
    assert_ok(file_read(path, big, &data, &len, &err), err);
    assert_int_equal(len, big);
    assert_memory_equal(data, text, big);
    free(data);
    free(text);
}

/* Until commit the old file stands; abandoning leaves nothing. */
static void test_written_aside(void **state)
{
    (void)state;
    const char *dir = test_dir();
    const char *path = test_path(dir, "x");
    struct error err = ERROR_INIT;
    struct file_out out;
    test_write_text(path, "old");
    assert_ok(file_out_open(&out, path, 0600, &err), err);
    fputs("new", out.stream);
    fflush(out.stream);
    char *data = test_read(path, NULL);
    assert_string_equal(data, "old");
    free(data);
    file_out_abandon(&out);
    file_out_abandon(&out);
    assert_int_equal(entries(dir), 1);
    assert_ok(file_out_open(&out, path, 0600, &err), err);
    fputs("new", out.stream);
    assert_ok(file_out_commit(&out, &err), err);
    file_out_abandon(&out);
    data = test_read(path, NULL);
    assert_string_equal(data, "new");
    free(data);
    assert_int_equal(entries(dir), 1);
    assert_int_equal(file_out_open(&out, test_path(dir, "no/x"), 0600, &err), STATUS_INPUT);
    /* A full disk is found at the latest at commit, and the old file stays. */
    if (access("/dev/full", W_OK) == 0) {
        assert_ok(file_out_open(&out, path, 0600, &err), err);
        FILE *full = fopen("/dev/full", "w");
        assert_non_null(full);
        fclose(out.stream);
        out.stream = full;
        fputs("lost", out.stream);
        assert_int_equal(file_out_commit(&out, &err), STATUS_INPUT);
        assert_int_equal(entries(dir), 1);
        data = test_read(path, NULL);
        assert_string_equal(data, "new");
        free(data);
    }
}

static void test_adopt(void **state)
{
    (void)state;
    const char *dir = test_dir();
    const char *path = test_path(dir, "x");
    struct error err = ERROR_INIT;
    struct stat info;
    char *one = file_aside_name(path), *two = file_aside_name(path);
    assert_string_not_equal(one, two);
    test_write_text(one, "text");
    assert_ok(file_adopt(one, path, 0640, &err), err);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    assert_false(file_exists(one));
    assert_int_equal(file_adopt(two, path, 0640, &err), STATUS_INPUT);
    assert_int_equal(entries(dir), 1);
    free(one);
    free(two);
}

static void test_folders(void **state)
{
    (void)state;
    const char *dir = test_dir();
    struct error err = ERROR_INIT;
    struct stat info;
    const char *deep = test_path(dir, "a/b/c"), *outside = test_path(dir, "outside");
    assert_ok(dir_make(deep, 0700, &err), err);
    assert_ok(dir_make(deep, 0700, &err), err);
    assert_int_equal(stat(deep, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    test_write_text(test_path(dir, "a/b/f"), "x");
    test_write_text(outside, "kept");
    assert_int_equal(symlink(outside, test_path(dir, "a/b/link")), 0);
    assert_int_equal(symlink(dir, test_path(dir, "a/b/folder")), 0);
    assert_int_equal(dir_make(test_path(dir, "a/b/f/g"), 0700, &err), STATUS_INPUT);
    assert_ok(dir_sync(deep, &err), err);
    assert_ok(dir_rename(test_path(dir, "a"), test_path(dir, "z"), &err), err);
    assert_int_equal(dir_rename(test_path(dir, "a"), test_path(dir, "y"), &err), STATUS_INPUT);
    assert_ok(dir_remove(test_path(dir, "z"), &err), err);
    assert_ok(dir_remove(test_path(dir, "z"), &err), err);
    assert_true(file_exists(outside));
    assert_int_equal(entries(dir), 1);
}

static void test_paths(void **state)
{
    (void)state;
    static const struct {
        const char *dir, *name, *joined;
    } joins[] = {{"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"a", "/b", "/b"},
                 {"", "b", "b"},    {NULL, "b", "b"},   {"/", "b", "/b"}};
    static const struct {
        const char *path, *dir, *base;
    } parts[] = {{"a/b", "a", "b"},
                 {"b", ".", "b"},
                 {"/b", "/", "b"},
                 {"a/b/c", "a/b", "c"},
                 {"a/", "a", ""}};
    for (size_t i = 0; i < sizeof joins / sizeof joins[0]; i++) {
        char *joined = path_join(joins[i].dir, joins[i].name);
        assert_string_equal(joined, joins[i].joined);
        free(joined);
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char *folder = path_dir(parts[i].path);
        assert_string_equal(folder, parts[i].dir);
        assert_string_equal(path_base(parts[i].path), parts[i].base);
        free(folder);
    }
}

/* ---- threads ---- */

struct shared {
    atomic_uint next;
    atomic_uint done[1000];
    unsigned fail_from; /* workers from this number on fail */
};

static enum status share_out(void *context, unsigned worker, struct error *err)
{
    struct shared *shared = context;
    for (unsigned job; (job = atomic_fetch_add(&shared->next, 1)) < 1000;)
        atomic_fetch_add(&shared->done[job], 1);
    if (worker >= shared->fail_from)
        return error_set(err, STATUS_INPUT, NULL, "worker %u", worker);
    return STATUS_OK;
}

static void test_parallel(void **state)
{
    (void)state;
    assert_true(parallel_processors() >= 1);
    for (unsigned count = 0; count <= 8; count++) {
        struct error err = ERROR_INIT;
        static struct shared shared;
        memset(&shared, 0, sizeof shared);
        shared.fail_from = 100;
        assert_ok(parallel_run(count, share_out, &shared, &err), err);
        for (size_t i = 0; i < 1000; i++)
            assert_int_equal(shared.done[i], 1);
        shared.next = 0;
        shared.fail_from = count / 2;
        char text[32];
        snprintf(text, sizeof text, "worker %u", count / 2);
        assert_int_equal(parallel_run(count, share_out, &shared, &err), STATUS_INPUT);
        assert_string_equal(err.text, text);
        assert_int_equal(parallel_run(count, share_out, &shared, NULL), STATUS_INPUT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_digests),
        cmocka_unit_test(test_stream),
        cmocka_unit_test(test_whole_files),
        cmocka_unit_test(test_written_aside),
        cmocka_unit_test(test_adopt),
        cmocka_unit_test(test_folders),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_parallel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
