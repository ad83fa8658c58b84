/* The input files of a plan: see log_set.h. */
#include "queries/logs/log_set.h"

#include "base/glob_paths.h"
#include "base/lines.h"
#include "base/memory.h"
#include "queries/logs/log_sniff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PART_BYTES ((uint64_t)1 << 30)

/* A file as listed, before those named twice are dropped. */
struct listed {
    struct log_file file;
    dev_t device;
    ino_t inode;
};

struct listing {
    struct listed *items;
    size_t count, capacity;
};

static void file_release(struct log_file *file)
{
    free(file->path);
    free(file->name);
    *file = (struct log_file){0};
}

static void listing_release(struct listing *list)
{
    for (size_t i = 0; i < list->count; i++)
        file_release(&list->items[i].file);
    free(list->items);
    *list = (struct listing){0};
}

/* Takes PATH and NAME, which may be NULL for want of memory. */
static enum status listing_add_take(struct listing *list, char *path, char *name, struct error *err)
{
    enum status status = STATUS_OK;
    struct stat info;
    struct listed *grown = NULL;
    if (!path || !name) {
        status = error_nomem(err);
        goto cleanup;
    }
    if (!utf8_text(name, strlen(name))) { /* the catalogue holds names as JSON */
        status = error_set(err, STATUS_INPUT, NULL, "the name of \"%s\" is not UTF-8", path);
        (void)error_hint(err, "rename the file, or name a link to it in the plan");
        goto cleanup;
    }
    if (stat(path, &info) != 0) {
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot open \"%s\"", path);
        goto cleanup;
    }
    if (S_ISDIR(info.st_mode)) {
        (void)error_set(err, STATUS_INPUT, NULL, "\"%s\" is a folder, not a file of logs", path);
        (void)error_hint(err, "name the files in it, as in \"%s/*.jsonl\"", name);
        status = STATUS_INPUT;
        goto cleanup;
    }
    if (!S_ISREG(info.st_mode)) {
        status = error_set(err, STATUS_INPUT, NULL, "\"%s\" is not a regular file", path);
        goto cleanup;
    }
    grown = mem_grow(list->items, &list->capacity, list->count + 1, sizeof *grown);
    if (!grown) {
        status = error_nomem(err);
        goto cleanup;
    }
    list->items = grown;
    grown[list->count++] = (struct listed){
        .file = {.path = path,
                 .name = name,
                 .size = (uint64_t)info.st_size,
                 .mtime_ns = (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec},
        .device = info.st_dev,
        .inode = info.st_ino};
    return STATUS_OK;
cleanup:
    free(path);
    free(name);
    return status;
}

static enum status add_path(void *context, const char *path, const char *name, struct error *err)
{
    return listing_add_take(context, mem_strdup(path), mem_strdup(name), err);
}

static int compare_names(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    return strcmp(x->file.name, y->file.name);
}

static int compare_inodes(const void *a, const void *b)
{
    const struct listed *x = *(const struct listed *const *)a;
    const struct listed *y = *(const struct listed *const *)b;
    if (x->device != y->device)
        return x->device < y->device ? -1 : 1;
    if (x->inode != y->inode)
        return x->inode < y->inode ? -1 : 1;
    return (x > y) - (x < y);
}

/* Sorts by name and keeps the first name of each file. */
static enum status listing_settle(struct listing *list, struct error *err)
{
    if (list->count == 0)
        return STATUS_OK;
    qsort(list->items, list->count, sizeof *list->items, compare_names);
    struct listed **order = mem_zalloc(list->count, sizeof *order);
    if (!order)
        return error_nomem(err);
    for (size_t i = 0; i < list->count; i++)
        order[i] = &list->items[i];
    qsort(order, list->count, sizeof *order, compare_inodes);
    for (size_t i = list->count - 1; i > 0; i--)
        if (order[i]->device == order[i - 1]->device && order[i]->inode == order[i - 1]->inode)
            file_release(&order[i]->file);
    free(order);
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].file.path)
            list->items[kept++] = list->items[i];
    list->count = kept;
    return STATUS_OK;
}

static enum status take_files(struct log_set *set, struct listing *list, struct error *err)
{
    set->files = mem_zalloc(list->count, sizeof *set->files);
    if (!set->files)
        return error_nomem(err);
    for (size_t i = 0; i < list->count; i++) {
        set->files[i] = list->items[i].file;
        set->bytes += set->files[i].size;
    }
    set->file_count = list->count;
    list->count = 0;
    return STATUS_OK;
}

static enum status make_parts(struct log_set *set, const struct log_options *options,
                              struct error *err)
{
    uint64_t step = options->part_bytes ? options->part_bytes : PART_BYTES;
    size_t capacity = 0;
    for (size_t f = 0; f < set->file_count; f++) {
        const struct log_file *file = &set->files[f];
        bool whole = file->compression != COMPRESSION_NONE || file->framing != FRAMING_LINES;
        uint64_t start = 0;
        do {
            uint64_t end = whole || file->size - start <= step ? file->size : start + step;
            struct log_part *grown =
                mem_grow(set->parts, &capacity, set->part_count + 1, sizeof *grown);
            if (!grown)
                return error_nomem(err);
            set->parts = grown;
            grown[set->part_count++] = (struct log_part){f, start, end};
            start = end;
        } while (start < file->size);
    }
    return STATUS_OK;
}

enum status log_set_open(struct log_set *set, const struct log_options *options, struct error *err)
{
    *set = (struct log_set){0};
    enum status status = STATUS_OK;
    struct listing list = {0};
    struct record_reader *reader = NULL;
    if (options->format && strcmp(options->format, "auto") != 0 && !format_find(options->format)) {
        status = error_set(err, STATUS_PLAN, NULL, "unknown format \"%s\"", options->format);
        goto cleanup;
    }
    for (size_t i = 0; i < options->path_count; i++)
        TRY_CLEANUP(glob_paths(options->base_dir, options->paths[i], add_path, &list, err));
    TRY_CLEANUP(listing_settle(&list, err));
    TRY_CLEANUP(take_files(set, &list, err));
    reader = record_reader_new(options->max_record, options->maps);
    if (!reader) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t i = 0; i < set->file_count; i++)
        TRY_CLEANUP(log_sniff(&set->files[i], options, reader, err));
    status = make_parts(set, options, err);
cleanup:
    record_reader_free(reader);
    listing_release(&list);
    if (status != STATUS_OK)
        log_set_release(set);
    return status;
}

void log_set_release(struct log_set *set)
{
    for (size_t i = 0; i < set->file_count; i++)
        file_release(&set->files[i]);
    free(set->files);
    free(set->parts);
    *set = (struct log_set){0};
}
