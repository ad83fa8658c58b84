/* A full disk, told by a limit on the size of files. */
#ifndef PROFFER_FULL_DISK_H
#define PROFFER_FULL_DISK_H

#include "report/writer.h"

#include <stddef.h>

/*
 * WRITE of TREE to PATH ends with an input error where no file can be longer than LIMIT bytes, and
 * FILE, an older report (PATH itself, or inside it), stays as it was.
 */
void check_full_disk(const struct result *tree,
                     enum status (*write)(const struct result *result, const char *path,
                                          struct error *err),
                     const char *path, const char *file, size_t limit);

#endif
