/*
 * The works of an overlap query: see plan_parts.h. Files are listed and hashed here, since their
 * contents are part of what is asked; they are read as works only when a scan needs them.
 */
#include "base/digest.h"
#include "base/file.h"
#include "base/file_list.h"
#include "base/glob_paths.h"
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BINS_MOST = PLAN_BINS_MAX - 1, EMPTY_TOLD = 5 };

struct listing {
    struct plan_reader *reader;
    size_t query;
    struct file_list files;
};

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);
    return len > end_len && strcmp(text + len - end_len, end) == 0;
}

static bool is_work_name(const char *name)
{
    return ends_with(name, ".txt") || ends_with(name, ".jsonl");
}

static enum status add_in_folder(struct listing *list, const char *dir, const char *dir_name,
                                 const char *entry, struct error *err)
{
    enum status status = STATUS_OK;
    struct stat info;
    char *path = path_join(dir, entry), *name = path_join(dir_name, entry);
    if (!path || !name)
        status = error_nomem(err);
    else
        status = file_list_stat(path, &info, err);
    if (status == STATUS_OK)
        status = file_list_add(&list->files, path, name, &info, err);
    free(path);
    free(name);
    return status;
}

/* The works in a folder; other files in it, and folders, are none, which is told. */
static enum status add_folder(struct listing *list, const char *path, const char *name,
                              struct error *err)
{
    enum status status = STATUS_OK;
    size_t before = list->files.count, others = 0;
    DIR *dir = opendir(path);
    if (!dir)
        return error_errno(err, STATUS_INPUT, errno, NULL, "cannot read folder \"%s\"", path);
    errno = 0;
    for (struct dirent *entry; status == STATUS_OK && (entry = readdir(dir)) != NULL; errno = 0)
        if (entry->d_name[0] == '.')
            continue;
        else if (is_work_name(entry->d_name))
            status = add_in_folder(list, path, name, entry->d_name, err);
        else
            others++;
    if (status == STATUS_OK && errno)
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot read folder \"%s\"", path);
    closedir(dir);
    if (status == STATUS_OK && list->files.count == before) {
        (void)error_set(err, STATUS_INPUT, NULL, "no works are in the folder \"%s\"", path);
        (void)error_hint(err, "works are files that end in .txt or .jsonl");
        status = STATUS_INPUT;
    }
    if (status == STATUS_OK && others)
        status =
            plan_warn(list->reader,
                      "queries[%zu].works: %zu other file%s or folder%s in \"%s\" %s not read: "
                      "works are files that end in .txt or .jsonl",
                      list->query, others, others == 1 ? "" : "s", others == 1 ? "" : "s", name,
                      others == 1 ? "is" : "are");
    return status;
}

static enum status add_path(void *context, const char *path, const char *name, struct error *err)
{
    struct listing *list = context;
    struct stat info;
    TRY(file_list_stat(path, &info, err));
    if (S_ISDIR(info.st_mode))
        return add_folder(list, path, name, err);
    if (is_work_name(name))
        return file_list_add(&list->files, path, name, &info, err);
    (void)error_set(err, STATUS_INPUT, NULL, "\"%s\" is no file of works", path);
    (void)error_hint(err, "a work is a .txt file, or a line {\"id\": ..., \"text\": ...} of a "
                          ".jsonl file");
    return STATUS_INPUT;
}

/* The same file among the works of an earlier query, or NULL: no file is hashed twice. */
static const struct plan_work_file *hashed_before(const struct plan_reader *reader,
                                                  const struct plan_work_file *file)
{
    const struct plan *plan = reader->plan;
    for (size_t q = 0; q < plan->query_count; q++) {
        const struct plan_query *query = &plan->queries[q];
        size_t low = 0, high = query->work_file_count;
        while (low < high) {
            size_t mid = low + (high - low) / 2;
            int order = strcmp(query->work_files[mid].name, file->name);
            if (order == 0)
                return &query->work_files[mid];
            if (order < 0)
                low = mid + 1;
            else
                high = mid;
        }
    }
    return NULL;
}

static enum status hash_file(const struct plan_reader *reader, struct plan_work_file *file,
                             struct error *err)
{
    const struct plan_work_file *before = hashed_before(reader, file);
    struct sha256 value;
    if (before && before->size == file->size && before->mtime_ns == file->mtime_ns) {
        memcpy(file->sha256, before->sha256, sizeof file->sha256);
        return STATUS_OK;
    }
    TRY(sha256_of_file(file->path, 0, UINT64_MAX, &value, err));
    sha256_hex(&value, file->sha256);
    return STATUS_OK;
}

static enum status take_files(struct listing *list, size_t number, struct plan_query *query,
                              struct error *err)
{
    struct arena *arena = &list->reader->plan->arena;
    query->work_files = arena_zalloc(arena, list->files.count, sizeof *query->work_files);
    if (!query->work_files)
        return error_nomem(err);
    size_t empty = 0;
    for (size_t i = 0; i < list->files.count; i++) {
        struct plan_work_file *file = &query->work_files[i];
        const struct listed_file *from = &list->files.items[i];
        *file =
            (struct plan_work_file){.path = arena_strndup(arena, from->path, strlen(from->path)),
                                    .name = arena_strndup(arena, from->name, strlen(from->name)),
                                    .size = from->size,
                                    .mtime_ns = from->mtime_ns};
        if (!file->path || !file->name)
            return error_nomem(err);
        TRY(hash_file(list->reader, file, err));
        if (file->size == 0 && ++empty <= EMPTY_TOLD)
            TRY(plan_warn(list->reader, "queries[%zu].works: \"%s\" is empty", number, file->name));
        query->work_file_count++;
    }
    if (empty > EMPTY_TOLD)
        return plan_warn(list->reader, "queries[%zu].works: %zu more files are empty", number,
                         empty - EMPTY_TOLD);
    return STATUS_OK;
}

static enum status read_files(struct plan_reader *reader, const struct json_node *node,
                              struct plan_query *query)
{
    const char *dir = strcmp(reader->plan->dir, ".") == 0 ? NULL : reader->plan->dir;
    struct listing list = {.reader = reader, .query = node->index};
    enum status status = STATUS_OK;
    struct json_node works;
    (void)json_get(node, "works", &works);
    for (size_t i = 0; status == STATUS_OK && i < json_node_length(&works); i++) {
        struct json_node item = json_node_element(&works, i);
        status = glob_paths(dir, json_node_text(&item), add_path, &list, reader->err);
        if (status != STATUS_OK)
            status = plan_file_fault(&item, status, reader->err);
    }
    if (status == STATUS_OK)
        status = file_list_settle(&list.files, reader->err);
    if (status == STATUS_OK) {
        status = take_files(&list, node->index, query, reader->err);
        if (status != STATUS_OK)
            status = plan_file_fault(&works, status, reader->err);
    }
    file_list_release(&list.files);
    return status;
}

/* The bins that runs are told in, from min_words on. */
static enum status read_bins(struct plan_reader *reader, const struct json_node *node,
                             struct plan_query *query)
{
    static const struct json_key bin_key = {.want = WANT_INTEGER, .min = 1, .max = 1000000000};
    static const uint32_t usual[] = {25, 50, 100, 200};
    struct json_node list;
    bool own = json_get(node, "bins", &list);
    size_t count = own ? json_node_length(&list) : sizeof usual / sizeof *usual;
    if (count > BINS_MOST)
        return json_fault(&list, reader->err, "more than %d bins", BINS_MOST);
    query->bins = arena_zalloc(&reader->plan->arena, count + 1, sizeof *query->bins);
    if (!query->bins)
        return error_nomem(reader->err);
    query->bins[query->bin_count++] = query->min_words;
    for (size_t i = 0; i < count; i++) {
        long long words = own ? 0 : usual[i];
        struct json_node item = {.value = NULL};
        if (own) {
            item = json_node_element(&list, i);
            TRY(json_check_value(&item, &bin_key, reader->err));
            words = json_node_integer(&item);
        } else if (words <= query->min_words) {
            continue;
        }
        if (words <= query->bins[query->bin_count - 1]) {
            json_fault(&item, reader->err, "must be more than %u",
                       (unsigned)query->bins[query->bin_count - 1]);
            return error_hint(reader->err, "a bin is the number of words that it begins with; the "
                                           "first begins with min_words by itself");
        }
        query->bins[query->bin_count++] = (uint32_t)words;
    }
    return STATUS_OK;
}

enum status plan_read_works(struct plan_reader *reader, const struct json_node *node,
                            struct plan_query *query)
{
    query->min_words = (uint32_t)json_get_integer(node, &query_keys[QUERY_OVERLAP], "min_words");
    TRY(read_bins(reader, node, query));
    return read_files(reader, node, query);
}
