/* Files that globs name: see file_list.h. */
#include "base/file_list.h"

#include "base/lines.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void listed_release(struct listed_file *file)
{
    free(file->path);
    free(file->name);
    *file = (struct listed_file){.path = NULL};
}

void file_list_release(struct file_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        listed_release(&list->items[i]);
    free(list->items);
    *list = (struct file_list){.items = NULL};
}

enum status file_list_stat(const char *path, struct stat *info, struct error *err)
{
    if (stat(path, info) != 0)
        return error_errno(err, STATUS_INPUT, errno, NULL, "cannot open \"%s\"", path);
    return STATUS_OK;
}

enum status file_list_add(struct file_list *list, const char *path, const char *name,
                          const struct stat *info, struct error *err)
{
    if (!utf8_text(name, strlen(name))) {
        (void)error_set(err, STATUS_INPUT, NULL, "the name of \"%s\" is not UTF-8", path);
        return error_hint(err, "rename the file, or name a link to it in the plan");
    }
    if (!S_ISREG(info->st_mode))
        return error_set(err, STATUS_INPUT, NULL, "\"%s\" is not a regular file", path);
    struct listed_file *grown =
        mem_grow(list->items, &list->capacity, list->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    list->items = grown;
    struct listed_file *file = &grown[list->count];
    *file = (struct listed_file){.path = mem_strdup(path),
                                 .name = mem_strdup(name),
                                 .size = (uint64_t)info->st_size,
                                 .mtime_ns = (int64_t)info->st_mtim.tv_sec * 1000000000 +
                                             info->st_mtim.tv_nsec,
                                 .device = info->st_dev,
                                 .inode = info->st_ino};
    if (file->path && file->name) {
        list->count++;
        return STATUS_OK;
    }
    listed_release(file);
    return error_nomem(err);
}

static int by_name(const void *a, const void *b)
{
    const struct listed_file *x = a, *y = b;
    return strcmp(x->name, y->name);
}

/* Of one file the names in their order. */
static int by_inode(const void *a, const void *b)
{
    const struct listed_file *x = *(const struct listed_file *const *)a;
    const struct listed_file *y = *(const struct listed_file *const *)b;
    if (x->device != y->device)
        return x->device < y->device ? -1 : 1;
    if (x->inode != y->inode)
        return x->inode < y->inode ? -1 : 1;
    return (x > y) - (x < y);
}

enum status file_list_settle(struct file_list *list, struct error *err)
{
    if (list->count == 0)
        return STATUS_OK;
    struct listed_file **order = mem_zalloc(list->count, sizeof *order);
    if (!order)
        return error_nomem(err);
    qsort(list->items, list->count, sizeof *list->items, by_name);
    for (size_t i = 0; i < list->count; i++)
        order[i] = &list->items[i];
    qsort(order, list->count, sizeof *order, by_inode);
    for (size_t i = list->count - 1; i > 0; i--)
        if (order[i]->device == order[i - 1]->device && order[i]->inode == order[i - 1]->inode)
            listed_release(order[i]);
    free(order);
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].path)
            list->items[kept++] = list->items[i];
    list->count = kept;
    return STATUS_OK;
}
