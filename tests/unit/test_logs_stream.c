/*
 * Files to batches: parts share out lines for any part size; compressed and broken files; memory.
 */
#include "tests/support/support.h"

#include "base/buffer.h"
#include "queries/logs/log_stream.h"

#include <isa-l/igzip_lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

static struct buffer text_made;

static const char *record_text(size_t i, size_t size)
{
    struct error err = ERROR_INIT;
    buffer_reset(&text_made);
    assert_ok(buffer_addf(&text_made, &err,
                          "{\"id\":\"r%zu\",\"messages\":[{\"role\":\"user\",\"content\":\"", i),
              err);
    while (text_made.len < size)
        assert_ok(buffer_addf(&text_made, &err, "word%zu \\n", i), err);
    assert_ok(buffer_addf(&text_made, &err, "\"}]}"), err);
    return text_made.data;
}

/* COUNT records of about SIZE bytes, between BEFORE, SEPARATOR and AFTER. */
static struct buffer make_text(size_t count, size_t size, const char *before, const char *separator,
                               const char *after)
{
    struct error err = ERROR_INIT;
    struct buffer text;
    buffer_init(&text, SIZE_MAX);
    assert_ok(buffer_add(&text, before, strlen(before), &err), err);
    for (size_t i = 0; i < count; i++) {
        const char *record = record_text(i, size ? size : i * 53 % 300);
        if (i)
            assert_ok(buffer_add(&text, separator, strlen(separator), &err), err);
        assert_ok(buffer_add(&text, record, strlen(record), &err), err);
    }
    assert_ok(buffer_add(&text, after, strlen(after), &err), err);
    return text;
}

static struct buffer gzip_of(const char *data, size_t len)
{
    struct error err = ERROR_INIT;
    struct buffer out;
    buffer_init(&out, SIZE_MAX);
    assert_ok(buffer_reserve(&out, len + len / 2 + 1000, &err), err);
    struct isal_zstream stream;
    isal_deflate_stateless_init(&stream);
    stream.gzip_flag = IGZIP_GZIP;
    stream.end_of_stream = 1;
    stream.next_in = (uint8_t *)(uintptr_t)data;
    stream.avail_in = (uint32_t)len;
    stream.next_out = (uint8_t *)out.data;
    stream.avail_out = (uint32_t)out.capacity;
    assert_int_equal(isal_deflate_stateless(&stream), COMP_OK);
    out.len = stream.total_out;
    return out;
}

static struct buffer zstd_of(const char *data, size_t len)
{
    struct error err = ERROR_INIT;
    struct buffer out;
    buffer_init(&out, SIZE_MAX);
    assert_ok(buffer_reserve(&out, ZSTD_compressBound(len), &err), err);
    /* With a checksum. */
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    out.len = ZSTD_compress2(context, out.data, out.capacity, data, len);
    assert_false(ZSTD_isError(out.len));
    ZSTD_freeCCtx(context);
    return out;
}

struct totals {
    size_t count, rejected[REJECT_COUNT], batches, parts;
    uint64_t bytes_read, largest; /* capacity of a batch */
    struct sha256 records;        /* of offsets, texts and reasons in order */
    struct sha256 bytes;          /* of the parts' digests */
    uint64_t digested;
    enum framing framing;
};

static struct totals read_all(const char *path, uint64_t part_bytes, size_t max_record)
{
    struct error err = ERROR_INIT;
    char *paths[] = {(char *)(uintptr_t)path};
    struct log_options options = {.paths = paths,
                                  .path_count = 1,
                                  .format = "auto",
                                  .max_record = max_record,
                                  .part_bytes = part_bytes,
                                  .digest = true};
    struct log_set set;
    struct totals totals = {0};
    struct digest *records = digest_new();
    struct log_batch batch;
    log_batch_init(&batch);
    assert_ok(log_set_open(&set, &options, &err), err);
    totals.parts = set.part_count;
    totals.framing = set.files[0].framing;
    for (size_t part = 0; part < set.part_count; part++) {
        struct log_stream *stream;
        assert_ok(log_stream_open(&stream, &set, part, &options, &err), err);
        for (uint64_t sequence = 0;; sequence++) {
            bool end = false;
            assert_ok(log_stream_next(stream, &batch, &end, &err), err);
            assert_int_equal(batch.sequence, sequence);
            totals.bytes_read += batch.bytes_read;
            totals.largest = batch.capacity > totals.largest ? batch.capacity : totals.largest;
            if (end)
                break;
            assert_true(batch.count > 0);
            totals.batches++;
            for (size_t i = 0; i < batch.count; i++) {
                struct log_record *record = &batch.records[i];
                assert_true(record->at + record->len + RECORD_PADDING <= batch.capacity);
                totals.count++;
                totals.rejected[record->why]++;
                assert_ok(digest_add(records, &record->offset, sizeof record->offset, &err), err);
                assert_ok(digest_add(records, &record->why, sizeof record->why, &err), err);
                assert_ok(digest_add(records, batch.data + record->at, record->len, &err), err);
                /* A worker may do what it likes to a record. */
                memset(batch.data + record->at, '"', record->len);
            }
        }
        uint64_t start = 0, bytes = 0;
        bool has = false;
        assert_ok(log_stream_digest(stream, &totals.bytes, &start, &bytes, &has, &err), err);
        assert_true(has);
        assert_true(bytes == 0 || start == totals.digested);
        totals.digested += bytes;
        log_stream_free(stream);
    }
    assert_int_equal(totals.digested, set.bytes);
    assert_ok(digest_end(records, &totals.records, &err), err);
    digest_free(records);
    log_batch_release(&batch);
    log_set_release(&set);
    return totals;
}

static const char *written(const char *name, const void *data, size_t len)
{
    static const char *dir;
    if (!dir)
        dir = test_dir();
    const char *path = test_path(dir, name);
    test_write(path, data, len);
    return path;
}

static void assert_same_records(const struct totals *a, const struct totals *b)
{
    assert_int_equal(a->count, b->count);
    assert_memory_equal(&a->records, &b->records, sizeof a->records);
}

static void parts_share_out_the_lines(void **state)
{
    (void)state;
    static const char *const separators[] = {"\n", "\r\n", "\n\n \n"};
    for (size_t s = 0; s < 3; s++) {
        struct buffer text =
            make_text(40, 0, s == 1 ? "\xEF\xBB\xBF" : "", separators[s], s == 2 ? "" : "\n");
        const char *path = written("lines", text.data, text.len);
        struct totals whole = read_all(path, 0, 4096);
        assert_int_equal(whole.parts, 1);
        assert_int_equal(whole.count, 40);
        assert_int_equal(whole.bytes_read, text.len);
        for (uint64_t bytes = 1; bytes < text.len + 10; bytes += 1 + bytes / 7) {
            struct totals parts = read_all(path, bytes, 4096);
            assert_int_equal(parts.parts, (text.len + bytes - 1) / bytes);
            assert_same_records(&parts, &whole);
        }
        /* With lines over the limit. */
        whole = read_all(path, 0, 200);
        assert_true(whole.rejected[REJECT_TOO_LONG] > 5);
        for (uint64_t bytes = 10; bytes < text.len; bytes += 97) {
            struct totals parts = read_all(path, bytes, 200);
            assert_same_records(&parts, &whole);
        }
        buffer_release(&text);
    }
}

static void framings_agree(void **state)
{
    (void)state;
    size_t count = test_short() ? 500 : 5000;
    struct buffer lines = make_text(count, 2000, "", "\n", "");
    struct buffer array = make_text(count, 2000, "[\n", ",\n", "\n]\n");
    struct buffer values = make_text(count, 2000, "{\"first\":\n1}\n", "\n\n", "\n");
    struct totals a = read_all(written("a", lines.data, lines.len), 0, 1 << 20);
    struct totals b = read_all(written("b", array.data, array.len), 1000, 1 << 20);
    struct totals c = read_all(written("c", values.data, values.len), 1000, 1 << 20);
    assert_int_equal(a.framing, FRAMING_LINES);
    assert_int_equal(b.framing, FRAMING_ARRAY);
    assert_int_equal(c.framing, FRAMING_VALUES);
    assert_int_equal(a.count, count);
    assert_int_equal(b.count, count);
    assert_int_equal(c.count, count + 1);
    assert_int_equal(b.parts, 1);
    assert_int_equal(c.parts, 1);
    if (!test_short())
        assert_true(a.batches > 3);
    assert_true(a.largest <= 2 * LOG_BATCH_BYTES + RECORD_PADDING + 100000);
    buffer_release(&lines);
    buffer_release(&array);
    buffer_release(&values);
}

static void compressed_files(void **state)
{
    (void)state;
    struct buffer text = make_text(3000, 1000, "", "\n", "\n");
    struct totals plain = read_all(written("plain", text.data, text.len), 0, 1 << 20);
    for (int zstd = 0; zstd < 2; zstd++) {
        struct buffer (*compress)(const char *, size_t) = zstd ? zstd_of : gzip_of;
        struct error err = ERROR_INIT;
        struct buffer whole = compress(text.data, text.len);
        struct totals found = read_all(written("one", whole.data, whole.len), 0, 1 << 20);
        assert_same_records(&found, &plain);
        assert_int_equal(found.bytes_read, whole.len);
        struct sha256 digest;
        assert_ok(sha256_of(whole.data, whole.len, &digest, &err), err);
        assert_memory_equal(&digest, &found.bytes, sizeof digest);
        /* Two members or frames, cut inside a record. */
        struct buffer first = compress(text.data, 123456);
        struct buffer second = compress(text.data + 123456, text.len - 123456);
        size_t first_len = first.len;
        assert_ok(buffer_add(&first, second.data, second.len, &err), err);
        found = read_all(written("two", first.data, first.len), 0, 1 << 20);
        assert_same_records(&found, &plain);
        /* Truncated anywhere: what came before, then one rejection. */
        for (size_t cut = 10; cut < whole.len; cut += whole.len / 23) {
            found = read_all(written("cut", whole.data, cut), 0, 1 << 20);
            assert_int_equal(found.rejected[REJECT_TRUNCATED], 1);
            assert_int_equal(found.rejected[REJECT_NONE] + 1, found.count);
            assert_true(found.count <= plain.count + 1);
            assert_int_equal(found.bytes_read, cut);
        }
        found = read_all(written("cut2", first.data, first_len + 5), 0, 1 << 20);
        assert_int_equal(found.rejected[REJECT_TRUNCATED], 1);
        assert_true(found.rejected[REJECT_NONE] > 100);
        /* Something after the end. */
        struct buffer after = compress(text.data, text.len);
        assert_ok(buffer_add(&after, "garbage, more of it", 19, &err), err);
        found = read_all(written("after", after.data, after.len), 0, 1 << 20);
        assert_int_equal(found.rejected[REJECT_NONE], 3000);
        assert_int_equal(found.rejected[REJECT_TRUNCATED], 1);
        assert_int_equal(found.count, 3001);
        assert_int_equal(found.digested, after.len);
        /* A wrong checksum at the end. */
        whole.data[whole.len - (zstd ? 1 : 5)] ^= 1;
        found = read_all(written("crc", whole.data, whole.len), 0, 1 << 20);
        assert_int_equal(found.rejected[REJECT_TRUNCATED], 1);
        buffer_release(&whole);
        buffer_release(&first);
        buffer_release(&second);
        buffer_release(&after);
        /* Nothing inside. */
        struct buffer empty = compress("", 0);
        found = read_all(written("empty", empty.data, empty.len), 0, 1 << 20);
        assert_int_equal(found.count, 0);
        buffer_release(&empty);
    }
    /* gzip padded with zeros, as on tapes. */
    struct buffer padded = gzip_of(text.data, text.len);
    struct error err = ERROR_INIT;
    static const char zeros[1000];
    assert_ok(buffer_add(&padded, zeros, sizeof zeros, &err), err);
    struct totals found = read_all(written("padded", padded.data, padded.len), 0, 1 << 20);
    assert_same_records(&found, &plain);
    buffer_release(&padded);
    buffer_release(&text);
}

static void empty_and_blank_files(void **state)
{
    (void)state;
    assert_int_equal(read_all(written("e", "", 0), 0, 100).count, 0);
    assert_int_equal(read_all(written("b", "\n\n \r\n", 5), 0, 100).count, 0);
    assert_int_equal(read_all(written("b", "\n\n \r\n", 5), 1, 100).count, 0);
    assert_int_equal(read_all(written("a", "[]\n", 3), 0, 100).count, 0);
    assert_int_equal(read_all(written("m", "\xEF\xBB\xBF", 3), 0, 100).count, 0);
}

/* One message far over the limit, between two good records, in each framing. */
static void huge_record(void **state)
{
    (void)state;
    static const char *const frames[][3] = {
        {"", "\n", "\n"}, {"[", ",", "]"}, {"{\n}\n", "\n", ""}};
    size_t huge = test_short() ? (size_t)20 << 20 : (size_t)200 << 20;
    char *filler = malloc(1 << 20);
    memset(filler, 'x', 1 << 20);
    for (size_t f = 0; f < 3; f++) {
        const char *path = test_path(test_dir(), "huge");
        FILE *out = fopen(path, "wb");
        assert_non_null(out);
        fprintf(out, "%s%s%s{\"messages\":[{\"role\":\"user\",\"content\":\"", frames[f][0],
                record_text(1, 100), frames[f][1]);
        for (size_t done = 0; done < huge; done += 1 << 20)
            fwrite(filler, 1, 1 << 20, out);
        fprintf(out, "\"}]}%s%s%s", frames[f][1], record_text(2, 100), frames[f][2]);
        assert_int_equal(fclose(out), 0);
        struct totals found = read_all(path, 0, (size_t)8 << 20);
        assert_int_equal(found.rejected[REJECT_TOO_LONG], 1);
        assert_int_equal(found.rejected[REJECT_NONE], f == 2 ? 3 : 2);
        assert_true(found.largest < (size_t)40 << 20);
        unlink(path);
    }
    free(filler);
}

/* Records larger than a batch, which are within the limit. */
static void large_records(void **state)
{
    (void)state;
    struct buffer text = make_text(4, (size_t)5 << 20, "", "\n", "\n");
    const char *path = written("large", text.data, text.len);
    struct totals found = read_all(path, 0, (size_t)64 << 20);
    assert_int_equal(found.count, 4);
    assert_int_equal(found.rejected[REJECT_NONE], 4);
    for (uint64_t bytes = (size_t)3 << 20; bytes < text.len; bytes += (size_t)7 << 20) {
        struct totals parts = read_all(path, bytes, (size_t)64 << 20);
        assert_same_records(&parts, &found);
    }
    buffer_release(&text);
}

static void many_small_records(void **state)
{
    (void)state;
    size_t count = 300000;
    char *text = malloc(2 * count);
    for (size_t i = 0; i < count; i++)
        memcpy(text + 2 * i, "7\n", 2);
    struct totals found = read_all(written("small", text, 2 * count), 0, 100);
    assert_int_equal(found.count, count);
    assert_true(found.batches >= count / LOG_BATCH_RECORDS);
    text[0] = '[';
    memset(text + 1, ',', 2 * count - 1);
    found = read_all(written("commas", text, 2 * count), 0, 100);
    assert_int_equal(found.rejected[REJECT_INVALID_JSON], 2 * count - 1);
    assert_int_equal(found.rejected[REJECT_TRUNCATED], 1);
    free(text);
}

static void file_that_shrinks(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct buffer text = make_text(5000, 1000, "", "\n", "\n");
    const char *path = written("shrinks", text.data, text.len);
    char *paths[] = {(char *)(uintptr_t)path};
    struct log_options options = {
        .paths = paths, .path_count = 1, .format = "native", .max_record = 1 << 20};
    struct log_set set;
    struct log_stream *stream;
    struct log_batch batch;
    bool end = false;
    log_batch_init(&batch);
    assert_ok(log_set_open(&set, &options, &err), err);
    assert_ok(log_stream_open(&stream, &set, 0, &options, &err), err);
    assert_ok(log_stream_next(stream, &batch, &end, &err), err);
    assert_int_equal(truncate(path, 3 << 20), 0);
    enum status status = STATUS_OK;
    for (int i = 0; i < 10 && status == STATUS_OK && !end; i++)
        status = log_stream_next(stream, &batch, &end, &err);
    assert_int_equal(status, STATUS_INPUT);
    assert_non_null(strstr(err.text, "became shorter"));
    log_stream_free(stream);
    log_batch_release(&batch);
    log_set_release(&set);
    buffer_release(&text);
}

int main(void)
{
    buffer_init(&text_made, SIZE_MAX);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_share_out_the_lines),
        cmocka_unit_test(framings_agree),
        cmocka_unit_test(compressed_files),
        cmocka_unit_test(empty_and_blank_files),
        cmocka_unit_test(huge_record),
        cmocka_unit_test(large_records),
        cmocka_unit_test(many_small_records),
        cmocka_unit_test(file_that_shrinks),
    };
    int failed = cmocka_run_group_tests_name("logs_stream", tests, NULL, NULL);
    buffer_release(&text_made);
    return failed;
}
