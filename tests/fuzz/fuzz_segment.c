/*
 * Any bytes as the files of a segment, with digests that fit them: columns, strings, dictionaries
 * and bitmaps may be nonsense, and reading them ends in a status. Half of the inputs replace
 * segment.json itself.
 *
 *     kind u8 | (length u8, bytes) a file, in the order of `files` below; what is missing is empty
 */
#include "base/file.h"
#include "queries/catalogue/catalogue.h"
#include "queries/catalogue/hits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static const struct file_type {
    const char *name;
    enum npy_type type;
} files[] = {
    {"offset", NPY_U64},
    {"time", NPY_I64},
    {"turns", NPY_U32},
    {"exchanges", NPY_U32},
    {"words", NPY_U32},
    {"id.offsets", NPY_U64},
    {"id.bytes", NPY_U8},
    {"user", NPY_U32},
    {"user.dictionary.offsets", NPY_U64},
    {"user.dictionary.bytes", NPY_U8},
    {"starts", NPY_U64},
    {"occurrences", NPY_U32},
    {"conversations.offsets", NPY_U64},
    {"exchanges.offsets", NPY_U64},
    {"prompt_only.offsets", NPY_U64},
    {"output_only.offsets", NPY_U64},
};
enum { FILES = sizeof files / sizeof *files };

struct input {
    const uint8_t *at;
    size_t left;
};

/* The next run of bytes; at most 255. */
static size_t take(struct input *input, const uint8_t **bytes)
{
    size_t len = input->left ? *input->at : 0;
    if (input->left) {
        input->at++;
        input->left--;
    }
    len = len < input->left ? len : input->left;
    *bytes = input->at;
    input->at += len;
    input->left -= len;
    return len;
}

static void write_segment(const char *path, struct input *input)
{
    static const char *const sets[] = {"conversations.roaring", "exchanges.roaring",
                                       "prompt_only.roaring", "output_only.roaring"};
    struct segment_out *out;
    const uint8_t *bytes;
    check(segment_out_open(&out, path, NULL) == STATUS_OK);
    for (size_t i = 0; i < FILES; i++) {
        size_t len = take(input, &bytes), count = len / npy_size(files[i].type);
        check(segment_out_column(out, files[i].name, files[i].type, bytes, count, NULL) ==
              STATUS_OK);
    }
    for (size_t i = 0; i < 4; i++) {
        size_t len = take(input, &bytes);
        check(segment_out_file(out, sets[i], bytes, len, NULL) == STATUS_OK);
    }
    json_t *meta = json_pack("{s:{s:s}}", "input", "name", "logs/a.jsonl");
    check(meta && segment_out_commit(out, meta, NULL) == STATUS_OK);
    json_decref(meta);
}

/* What was accepted keeps its promises. */
static void use_catalogue(const char *path)
{
    struct catalogue catalogue;
    char *paths[] = {(char *)(uintptr_t)path};
    struct error err = ERROR_INIT;
    enum status status = catalogue_open(&catalogue, paths, 1, NULL, 0, &err);
    check(status == STATUS_OK || status == STATUS_INPUT);
    if (status != STATUS_OK)
        return;
    const struct catalogue_part *part = &catalogue.parts[0];
    size_t seen = 0;
    uint64_t exchanges = 0;
    for (uint32_t row = 0; row < part->rows; row++) {
        char scratch[CATALOGUE_ID_MAX];
        struct span id = catalogue_id(part, row, scratch);
        for (size_t i = 0; i < id.len; i++)
            seen += id.data[i] != 0;
        check(part->user.codes[row] == PART_NO_CODE ||
              part->user.codes[row] < part->user.dictionary.count);
        exchanges += part->exchanges[row];
    }
    check(exchanges == part->exchange_total);
    check(seen <= SIZE_MAX / 2);
    catalogue_close(&catalogue);
}

static bool sum_value(uint32_t value, void *context)
{
    *(uint64_t *)context += value;
    return true;
}

static void use_hits(const char *path, size_t terms)
{
    struct segment *segment;
    uint64_t sum = 0;
    if (segment_open(&segment, path, NULL) != STATUS_OK)
        return;
    for (size_t term = 0; term < terms; term++) {
        struct hits hits;
        struct error err = ERROR_INIT;
        enum status status = hits_read(segment, terms, term, &hits, &err);
        check(status == STATUS_OK || status == STATUS_INPUT);
        if (status != STATUS_OK)
            continue;
        bitmap_each(hits.conversations, sum_value, &sum);
        for (uint64_t i = 0; i < bitmap_count(hits.conversations); i++)
            sum += hits.turns[i] + (uint64_t)hits.occurrences[i];
        bitmap_each(hits.exchanges, sum_value, &sum);
        hits_release(&hits);
    }
    segment_close(segment);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char path[64], file[96];
    if (!path[0]) {
        const char *memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
        snprintf(path, sizeof path, "%s/proffer-fuzz-segment-%ld", memory, (long)getpid());
        snprintf(file, sizeof file, "%s/segment.json", path);
    }
    if (!size)
        return 0;
    struct input input = {data + 1, size - 1};
    if (data[0] & 1) {
        check(dir_make(path, 0700, NULL) == STATUS_OK);
        check(file_write(file, data + 1, size - 1, 0600, NULL) == STATUS_OK);
    } else {
        write_segment(path, &input);
    }
    use_catalogue(path);
    use_hits(path, 1 + (data[0] >> 1) % 4);
    check(dir_remove(path, NULL) == STATUS_OK);
    return 0;
}
