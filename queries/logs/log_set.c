/* The input files of a plan: see log_set.h. */
#include "queries/logs/log_set.h"

#include "base/file_list.h"
#include "base/glob_paths.h"
#include "base/memory.h"
#include "queries/logs/log_sniff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PART_BYTES ((uint64_t)1 << 30)

static void file_release(struct log_file *file)
{
    free(file->path);
    free(file->name);
    *file = (struct log_file){0};
}

static enum status add_path(void *context, const char *path, const char *name, struct error *err)
{
    struct stat info;
    TRY(file_list_stat(path, &info, err));
    if (!S_ISDIR(info.st_mode))
        return file_list_add(context, path, name, &info, err);
    (void)error_set(err, STATUS_INPUT, NULL, "\"%s\" is a folder, not a file of logs", path);
    return error_hint(err, "name the files in it, as in \"%s/*.jsonl\"", name);
}

/* The set has LIST's paths and names then. */
static enum status take_files(struct log_set *set, struct file_list *list, struct error *err)
{
    set->files = mem_zalloc(list->count, sizeof *set->files);
    if (!set->files)
        return error_nomem(err);
    for (size_t i = 0; i < list->count; i++) {
        const struct listed_file *from = &list->items[i];
        set->files[i] = (struct log_file){
            .path = from->path, .name = from->name, .size = from->size, .mtime_ns = from->mtime_ns};
        set->bytes += from->size;
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
    struct file_list list = {.items = NULL};
    struct record_reader *reader = NULL;
    if (options->format && strcmp(options->format, "auto") != 0 && !format_find(options->format)) {
        status = error_set(err, STATUS_PLAN, NULL, "unknown format \"%s\"", options->format);
        goto cleanup;
    }
    for (size_t i = 0; i < options->path_count; i++)
        TRY_CLEANUP(glob_paths(options->base_dir, options->paths[i], add_path, &list, err));
    TRY_CLEANUP(file_list_settle(&list, err));
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
    file_list_release(&list);
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
