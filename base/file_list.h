/*
 * Regular files that globs and folders name: in the order of their names, each file once, whatever
 * links and doubled globs lead to it.
 */
#ifndef PROFFER_FILE_LIST_H
#define PROFFER_FILE_LIST_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct listed_file {
    char *path;       /* as opened */
    char *name;       /* as the plan gave it */
    uint64_t size;    /* bytes */
    int64_t mtime_ns; /* nanoseconds since 1970 */
    dev_t device;
    ino_t inode;
};

struct file_list {
    struct listed_file *items; /* [count] */
    size_t count, capacity;
};

/* PATH's stat into *INFO; STATUS_INPUT that names it. */
PROFFER_MUST_USE enum status file_list_stat(const char *path, struct stat *info, struct error *err);

/* Adds copies. STATUS_INPUT, naming it, for what is no regular file by INFO, and for a NAME that is
 * not UTF-8, which neither a plan nor a catalogue, being JSON, could hold. */
PROFFER_MUST_USE enum status file_list_add(struct file_list *list, const char *path,
                                           const char *name, const struct stat *info,
                                           struct error *err);

/* Sorts by name, bytewise, and keeps of each file the first name. */
PROFFER_MUST_USE enum status file_list_settle(struct file_list *list, struct error *err);

void file_list_release(struct file_list *list);

#endif
