/* Patterns of file names: see glob_paths.h. */
#include "base/glob_paths.h"

#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <glob.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* "DIR/" with the characters that glob takes for its own escaped, or "". */
static char *glob_prefix(const char *dir)
{
    char *plain = path_join(dir, ""), *out = plain ? malloc(2 * strlen(plain) + 1) : NULL;
    if (out) {
        char *to = out;
        for (const char *from = plain; *from; from++) {
            if (strchr("*?[]\\{}~", *from))
                *to++ = '\\';
            *to++ = *from;
        }
        *to = '\0';
    }
    free(plain);
    return out;
}

static enum status visit_glob(const char *base_dir, const char *pattern,
                              enum status (*visit)(void *context, const char *path,
                                                   const char *name, struct error *err),
                              void *context, struct error *err)
{
    enum status status = STATUS_OK;
    glob_t found = {0};
    const char *dir = pattern[0] == '/' ? NULL : base_dir;
    char *plain = path_join(dir, ""), *prefix = glob_prefix(dir);
    char *full = prefix ? mem_printf("%s%s", prefix, pattern) : NULL;
    if (!plain || !full) {
        status = error_nomem(err);
        goto cleanup;
    }
    int result = glob(full, GLOB_NOSORT | GLOB_ERR, NULL, &found);
    if (result == GLOB_NOSPACE) {
        status = error_nomem(err);
    } else if (result == GLOB_ABORTED) {
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot read the folders of \"%s\"",
                             pattern);
        error_hint(err, "paths start from the plan's folder");
    } else if (result != 0) {
        status = error_set(err, STATUS_INPUT, NULL, "no file matches \"%s\"", pattern);
        error_hint(err, "paths start from the plan's folder");
    }
    for (size_t i = 0; status == STATUS_OK && i < found.gl_pathc; i++)
        status = visit(context, found.gl_pathv[i], found.gl_pathv[i] + strlen(plain), err);
cleanup:
    globfree(&found);
    free(plain);
    free(prefix);
    free(full);
    return status;
}

enum status glob_paths(const char *base_dir, const char *pattern,
                       enum status (*visit)(void *context, const char *path, const char *name,
                                            struct error *err),
                       void *context, struct error *err)
{
    char *path = path_join(base_dir, pattern);
    if (!path)
        return error_nomem(err);
    /* A name that is there as it stands is taken so, whatever characters it has. */
    bool plain = !strpbrk(pattern, "*?[") || file_exists(path);
    enum status status = plain ? visit(context, path, pattern, err)
                               : visit_glob(base_dir, pattern, visit, context, err);
    free(path);
    return status;
}
