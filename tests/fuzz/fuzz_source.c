/*
 * Any bytes as a file: sniffed, decompressed, cut into batches; no crash and no hang, and the
 * digest covers the whole file. The file lies in memory.
 */
#include "queries/logs/log_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* A zstd frame may ask for a window over the limit: the one error that a file's bytes can cause. */
static bool is_fine(enum status status, const struct error *err)
{
    return status == STATUS_OK || strstr(err->text, "zstd window");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = ERROR_INIT;
    char path[64];
    int fd = memfd_create("fuzz", 0);
    check(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    char *paths[] = {path};
    struct log_options options = {.paths = paths,
                                  .path_count = 1,
                                  .format = "auto",
                                  .max_record = 5000,
                                  .part_bytes = 64,
                                  .digest = true};
    struct log_set set;
    struct log_batch batch;
    uint64_t digested = 0;
    bool fine = true;
    log_batch_init(&batch);
    enum status status = log_set_open(&set, &options, &err);
    check(is_fine(status, &err));
    for (size_t part = 0; fine && part < set.part_count; part++) {
        struct log_stream *stream;
        struct sha256 digest;
        uint64_t start = 0, bytes = 0, offset = 0;
        bool end = false, has = false;
        check(log_stream_open(&stream, &set, part, &options, &err) == STATUS_OK);
        while (fine && !end) {
            fine = log_stream_next(stream, &batch, &end, &err) == STATUS_OK;
            check(fine || is_fine(STATUS_INPUT, &err));
            for (size_t i = 0; fine && i < batch.count; i++) {
                check(batch.records[i].offset >= offset);
                offset = batch.records[i].offset;
                check(batch.records[i].len <= options.max_record);
            }
        }
        if (fine)
            check(log_stream_digest(stream, &digest, &start, &bytes, &has, &err) == STATUS_OK);
        digested += bytes;
        log_stream_free(stream);
    }
    check(!fine || status != STATUS_OK || digested == size);
    log_batch_release(&batch);
    log_set_release(&set);
    close(fd);
    return 0;
}
