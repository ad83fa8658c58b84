/*
 * Files and folders: whole files in, whole files out.
 *
 * What is written appears under its name only when it is complete: it is written aside
 * ("NAME.tmp-PID-N"), synced, renamed, and the folder is synced. A crash leaves the old file or the
 * new one, never half of one. Internal files get mode 0600, folders 0700.
 */
#ifndef PROFFER_FILE_H
#define PROFFER_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* All of a file, NUL-terminated, at most MAX bytes; the caller frees it. */
PROFFER_MUST_USE enum status file_read(const char *path, size_t max, char **data, size_t *len,
                                       struct error *err);

bool file_exists(const char *path);

/* A file being written aside. Open struct only so that it can live on the stack. */
struct file_out {
    FILE *stream; /* write here, fully buffered; errors are found at commit */
    char *path, *aside;
};

/* MODE is 0600 for internal files, 0644 for reports. */
PROFFER_MUST_USE enum status file_out_open(struct file_out *out, const char *path, unsigned mode,
                                           struct error *err);
/* Flushes, syncs, renames into place, syncs the folder. On failure the aside file is removed. */
PROFFER_MUST_USE enum status file_out_commit(struct file_out *out, struct error *err);
/* Removes what was written aside. Harmless after a commit and on a zeroed struct. */
void file_out_abandon(struct file_out *out);

/* A name beside PATH for a library that insists on opening by name; the caller frees it. */
char *file_aside_name(const char *path) __attribute__((warn_unused_result));
/* Syncs the file ASIDE, sets MODE, renames it to PATH and syncs the folder; else removes ASIDE. */
PROFFER_MUST_USE enum status file_adopt(const char *aside, const char *path, unsigned mode,
                                        struct error *err);

/* DATA as a whole file. */
PROFFER_MUST_USE enum status file_write(const char *path, const void *data, size_t len,
                                        unsigned mode, struct error *err);

/* Makes a folder (and its parents) with MODE; an existing one is fine. */
PROFFER_MUST_USE enum status dir_make(const char *path, unsigned mode, struct error *err);
/* Removes a folder and all in it; one that is not there is fine. Follows no symbolic link. */
PROFFER_MUST_USE enum status dir_remove(const char *path, struct error *err);
PROFFER_MUST_USE enum status dir_sync(const char *path, struct error *err);
/* Renames the folder FROM to TO (which must not exist) and syncs the folder that holds TO. */
PROFFER_MUST_USE enum status dir_rename(const char *from, const char *to, struct error *err);

/* "DIR/NAME", or NAME alone when it is absolute or DIR is empty or NULL. The caller frees it. */
char *path_join(const char *dir, const char *name) __attribute__((warn_unused_result));
/* The folder part of PATH, "." if there is none. The caller frees it. */
char *path_dir(const char *path) __attribute__((warn_unused_result));
/* The part after the last slash; points into PATH. */
const char *path_base(const char *path);

#endif
