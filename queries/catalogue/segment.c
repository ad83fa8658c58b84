/* Reading a segment: see segment.h. */
#include "queries/catalogue/segment.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/json_io.h"
#include "base/memory.h"
#include "queries/catalogue/segment_form.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct mapped {
    char *name;
    void *bytes;
    size_t len;
    struct mapped *next;
};

struct segment {
    char *path;
    json_t *root, *files, *meta;
    const char *content;
    struct mapped *mapped;
};

static enum status damaged(struct error *err, const char *path, const char *what)
{
    enum status status =
        error_set(err, STATUS_INPUT, NULL, "catalogue segment \"%s\" is damaged: %s", path, what);
    error_hint(err, "remove that folder and scan again");
    return status;
}

/* What is wrong with the parsed segment.json of TEXT, or NULL. */
static enum status check_json(struct segment *segment, const char *text, size_t len,
                              const char **fault, struct error *err)
{
    const json_t *version = json_object_get(segment->root, "proffer_segment");
    const char *meta_sha256 = json_string_value(json_object_get(segment->root, "meta_sha256"));
    char hex[65];
    *fault = "segment.json cannot be read";
    segment->content = json_string_value(json_object_get(segment->root, "content"));
    segment->files = json_object_get(segment->root, "files");
    segment->meta = json_object_get(segment->root, "meta");
    if (!json_is_integer(version) || !segment->content || !meta_sha256 ||
        !json_is_object(segment->files) || !json_is_object(segment->meta))
        return STATUS_OK;
    *fault = "another version of this program wrote it";
    if (json_integer_value(version) != SEGMENT_VERSION)
        return STATUS_OK;
    *fault = "segment.json does not match its digests";
    TRY(segment_json_digest(segment->files, hex, err));
    if (strcmp(hex, segment->content) != 0)
        return STATUS_OK;
    TRY(segment_json_digest(segment->meta, hex, err));
    if (strcmp(hex, meta_sha256) != 0)
        return STATUS_OK;
    char *again = json_text_make(segment->root, SEGMENT_JSON_FORM);
    if (!again)
        return error_nomem(err);
    bool same = strlen(again) == len && memcmp(again, text, len) == 0;
    free(again);
    *fault = same ? NULL : "segment.json was changed by hand";
    for (const char *file = segment_first_file(segment); !*fault && file;
         file = segment_next_file(segment, file))
        if (!segment_name_good(file))
            *fault = "a file's name leads out of it";
    return STATUS_OK;
}

enum status segment_open(struct segment **segment, const char *path, struct error *err)
{
    *segment = NULL;
    enum status status = STATUS_OK;
    char *text = NULL, *file = path_join(path, "segment.json");
    const char *fault;
    size_t len = 0;
    struct segment *made = mem_zalloc(1, sizeof *made);
    if (!made || !file || !(made->path = mem_strdup(path))) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(file_read(file, SEGMENT_JSON_MAX, &text, &len, err));
    TRY_CLEANUP(json_text_read(text, len, &made->root, NULL, err));
    TRY_CLEANUP(check_json(made, text, len, &fault, err));
    if (fault) {
        status = damaged(err, path, fault);
        goto cleanup;
    }
    *segment = made;
    made = NULL;
cleanup:
    segment_close(made);
    free(text);
    free(file);
    return status;
}

static void mapped_free(struct mapped *mapped)
{
    if (mapped->bytes)
        munmap(mapped->bytes, mapped->len);
    free(mapped->name);
    free(mapped);
}

void segment_close(struct segment *segment)
{
    if (!segment)
        return;
    while (segment->mapped) {
        struct mapped *next = segment->mapped->next;
        mapped_free(segment->mapped);
        segment->mapped = next;
    }
    json_decref(segment->root);
    free(segment->path);
    free(segment);
}

const json_t *segment_meta(const struct segment *segment)
{
    return segment->meta;
}

const char *segment_content(const struct segment *segment)
{
    return segment->content;
}

bool segment_has(const struct segment *segment, const char *file)
{
    return json_object_get(segment->files, file) != NULL;
}

const char *segment_first_file(const struct segment *segment)
{
    return json_object_iter_key(json_object_iter(segment->files));
}

const char *segment_next_file(const struct segment *segment, const char *file)
{
    return json_object_iter_key(
        json_object_iter_next(segment->files, json_object_iter_at(segment->files, file)));
}

static enum status damaged_file(struct error *err, const struct segment *segment, const char *file,
                                const char *what)
{
    char text[SEGMENT_NAME_MAX + 64];
    snprintf(text, sizeof text, "%s: %s", file, what);
    return damaged(err, segment->path, text);
}

/* Maps FILE whole; its size must be LEN. *BYTES is NULL for an empty file. */
static enum status map_file(const struct segment *segment, const char *file, size_t len,
                            void **bytes, struct error *err)
{
    *bytes = NULL;
    char *path = path_join(segment->path, file);
    if (!path)
        return error_nomem(err);
    enum status status = STATUS_OK;
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot open \"%s\"", path);
        goto cleanup;
    }
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || (uint64_t)info.st_size != len) {
        status = damaged_file(err, segment, file, "its size has changed");
        goto cleanup;
    }
    if (len) {
        void *map = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
        if (map == MAP_FAILED)
            status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot map \"%s\"", path);
        else
            *bytes = map;
    }
cleanup:
    if (fd >= 0)
        close(fd);
    free(path);
    return status;
}

static enum status check_bytes(const struct segment *segment, const char *file, const void *bytes,
                               size_t len, const char *expected, struct error *err)
{
    struct sha256 value;
    char hex[65];
    TRY(sha256_of(len ? bytes : "", len, &value, err));
    sha256_hex(&value, hex);
    if (strcmp(hex, expected) != 0)
        return damaged_file(err, segment, file, "its SHA-256 does not match");
    return STATUS_OK;
}

/* Maps and checks a file that was not used before; only a good one is kept. */
static enum status add_mapped(struct segment *segment, const char *file, size_t len,
                              const char *sha256, struct mapped **out, struct error *err)
{
    struct mapped *made = mem_zalloc(1, sizeof *made);
    if (!made)
        return error_nomem(err);
    made->len = len;
    made->name = mem_strdup(file);
    enum status status =
        made->name ? map_file(segment, file, len, &made->bytes, err) : error_nomem(err);
    if (status == STATUS_OK)
        status = check_bytes(segment, file, made->bytes, len, sha256, err);
    if (status == STATUS_OK) {
        made->next = segment->mapped;
        segment->mapped = made;
        *out = made;
    } else {
        mapped_free(made);
    }
    return status;
}

enum status segment_file(struct segment *segment, const char *file, const void **bytes, size_t *len,
                         struct error *err)
{
    *bytes = "";
    *len = 0;
    struct mapped *at = segment->mapped;
    while (at && strcmp(at->name, file) != 0)
        at = at->next;
    if (!at) {
        const json_t *entry = json_object_get(segment->files, file);
        const char *sha256 = json_string_value(json_object_get(entry, "sha256"));
        json_int_t size = sha256 ? json_integer_value(json_object_get(entry, "bytes")) : -1;
        if (!entry)
            return damaged_file(err, segment, file, "it is not there");
        if (size < 0)
            return damaged_file(err, segment, file, "its size and digest are not given");
        TRY(add_mapped(segment, file, (size_t)size, sha256, &at, err));
    }
    if (at->len)
        *bytes = at->bytes;
    *len = at->len;
    return STATUS_OK;
}

enum status segment_column(struct segment *segment, const char *name, enum npy_type type,
                           size_t count, const void **values, size_t *got, struct error *err)
{
    char *file = mem_printf("%s.npy", name);
    if (!file)
        return error_nomem(err);
    const void *bytes;
    size_t len, found = 0;
    enum status status = segment_file(segment, file, &bytes, &len, err);
    if (status == STATUS_OK)
        status = npy_read(bytes, len, type, file, values, &found, err);
    if (status == STATUS_OK && count != SIZE_MAX && found != count)
        status = damaged_file(err, segment, file, "it has another number of values");
    if (got)
        *got = found;
    free(file);
    return status;
}

enum status segment_strings(struct segment *segment, const char *name, struct segment_strings *out,
                            struct error *err)
{
    char *offsets_name = mem_printf("%s.offsets", name);
    char *bytes_name = mem_printf("%s.bytes", name);
    enum status status = STATUS_OK;
    const void *offsets = NULL, *bytes = NULL;
    size_t offset_count = 0, byte_count = 0;
    if (!offsets_name || !bytes_name) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(
        segment_column(segment, offsets_name, NPY_U64, SIZE_MAX, &offsets, &offset_count, err));
    TRY_CLEANUP(segment_column(segment, bytes_name, NPY_U8, SIZE_MAX, &bytes, &byte_count, err));
    *out = (struct segment_strings){offsets, bytes, offset_count ? offset_count - 1 : 0};
    bool ordered =
        offset_count > 0 && out->offsets[0] == 0 && out->offsets[out->count] == byte_count;
    for (size_t i = 0; ordered && i < out->count; i++)
        ordered = out->offsets[i] <= out->offsets[i + 1];
    if (!ordered)
        status = damaged_file(err, segment, offsets_name, "its offsets are out of order");
cleanup:
    free(offsets_name);
    free(bytes_name);
    return status;
}
