/* CSV files that an earlier report left: see csv_report.h. */
#include "report/csv_report.h"

#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool ends_in_csv(const char *name)
{
    static const char ending[] = ".csv";
    size_t len = strlen(name);
    return len >= strlen(ending) && strcasecmp(name + len - strlen(ending), ending) == 0;
}

static int by_bytes(const void *key, const void *name)
{
    return strcmp(key, *(char *const *)name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum status look(DIR *dir, const struct csv_names *names, size_t *count, char **first,
                        struct error *err)
{
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        const char *name = entry->d_name;
        if (!ends_in_csv(name) ||
            bsearch(name, names->items, names->count, sizeof *names->items, by_bytes))
            continue;
        ++*count;
        if (*first && strcmp(*first, name) < 0)
            continue;
        free(*first);
        *first = mem_strdup(name);
        if (!*first)
            return error_nomem(err);
    }
    return STATUS_OK;
}

enum status csv_strays(const struct result *result, const char *path, size_t *count, char **first,
                       struct error *err)
{
    struct csv_names names = {NULL, 0, 0};
    enum status status = STATUS_OK;
    DIR *dir = NULL;
    *count = 0;
    *first = NULL;
    TRY_CLEANUP(csv_names_fill(&names, result, err));
    qsort(names.items, names.count, sizeof *names.items, by_name);
    dir = opendir(path);
    if (dir)
        status = look(dir, &names, count, first, err);
    else
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot read the folder \"%s\"", path);
cleanup:
    if (dir)
        closedir(dir);
    csv_names_release(&names);
    if (status != STATUS_OK) {
        free(*first);
        *first = NULL;
    }
    return status;
}
