/*
 * Fuzzes the reading of plans. An input is the plan's text; after a NUL may follow a taxonomy,
 * after another one a terms file. They lie in a folder in memory-backed /dev/shm where there is
 * one. The plan ends in a status, and what was read can be released.
 */
#include "base/file.h"
#include "queries/plan.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char dir[64];

static void remove_dir(void)
{
    (void)!dir_remove(dir, NULL);
}

static void write_file(const char *name, const uint8_t *data, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!dir[0]) {
        snprintf(dir, sizeof dir, "%s/fuzz-plan-XXXXXX",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        if (!mkdtemp(dir))
            abort();
        atexit(remove_dir);
    }
    static const char *const names[] = {"plan.json", "usage.json", "terms.txt"};
    for (size_t i = 0; i < 3; i++) {
        const uint8_t *end = size && i < 2 ? memchr(data, 0, size) : NULL;
        size_t len = end ? (size_t)(end - data) : size;
        write_file(names[i], data, len);
        size_t used = end ? len + 1 : size;
        data += used;
        size -= used;
    }
    char path[128];
    snprintf(path, sizeof path, "%s/plan.json", dir);
    for (int strict = 0; strict < 2; strict++) {
        struct plan plan;
        struct error err = ERROR_INIT;
        enum status status = plan_read(&plan, path, strict, &err);
        if (status != STATUS_OK && (status != STATUS_PLAN || !err.text[0]))
            abort();
        plan_release(&plan);
    }
    return 0;
}
