/*
 * Runs a fuzz target over files and folders of files, for `make test`: the corpus must never crash.
 * Prints one line of TAP.
 */
#include "base/file.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t run_path(const char *path)
{
    DIR *dir = opendir(path);
    if (dir) {
        size_t runs = 0;
        for (struct dirent *entry; (entry = readdir(dir));) {
            if (entry->d_name[0] == '.')
                continue;
            char *inner = path_join(path, entry->d_name);
            runs += inner ? run_path(inner) : 0;
            free(inner);
        }
        closedir(dir);
        return runs;
    }
    char *data = NULL;
    size_t len = 0;
    struct error err = ERROR_INIT;
    if (file_read(path, (size_t)1 << 28, &data, &len, &err) != STATUS_OK) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    /* A copy of just the right size, so that a read past the end is seen. */
    uint8_t *exact = malloc(len ? len : 1);
    if (!exact)
        exit(1);
    memcpy(exact, data, len);
    free(data);
    LLVMFuzzerTestOneInput(exact, len);
    free(exact);
    return 1;
}

int main(int argc, char **argv)
{
    size_t runs = 0;
    for (int i = 1; i < argc; i++)
        runs += run_path(argv[i]);
    printf("1..1\n%s 1 - %zu inputs\n", runs ? "ok" : "not ok", runs);
    return runs ? 0 : 1;
}
