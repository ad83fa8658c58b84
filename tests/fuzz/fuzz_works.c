/*
 * Any bytes as a file of works: as a .txt file and as a .jsonl file. Each text that comes is UTF-8
 * and has an id; what is no file of works is an error that names its place. The file lies in
 * memory.
 */
#include "base/utf8.h"
#include "queries/work_texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static bool is_utf8(struct span text)
{
    const char *at = text.data, *end = text.data + text.len;
    while (at < end)
        if (utf8_next(&at, end) == UTF8_INVALID)
            return false;
    return true;
}

static void read_as(char *path, char *name, size_t size, int64_t mtime)
{
    struct plan_work_file file = {
        .path = path, .name = name, .size = size, .mtime_ns = mtime, .sha256 = ""};
    struct plan_query query = {.kind = QUERY_OVERLAP, .work_files = &file, .work_file_count = 1};
    struct work_texts *texts = work_texts_new(&query);
    check(texts != NULL);
    size_t count = 0;
    for (bool end = false; !end;) {
        struct span id, text;
        struct error err = ERROR_INIT;
        enum status status = work_texts_next(texts, &id, &text, &end, &err);
        if (status != STATUS_OK) {
            check(status == STATUS_INPUT && err.text[0]);
            break;
        }
        if (end)
            break;
        check(id.len > 0 && is_utf8(text) && is_utf8(id));
        check(strstr(work_texts_place(texts), name) != NULL);
        check(++count <= size + 1);
    }
    work_texts_free(texts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64], lines[] = "w.jsonl", whole[] = "w.txt";
    struct stat info;
    int fd = memfd_create("fuzz", 0);
    check(fd >= 0 && write(fd, data, size) == (ssize_t)size && fstat(fd, &info) == 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int64_t mtime = (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
    read_as(path, lines, size, mtime);
    read_as(path, whole, size, mtime);
    close(fd);
    return 0;
}
